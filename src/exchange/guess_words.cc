// This file holds the words. A column means the entry whose word it contains; the longest word wins.
#include "src/exchange/guess_words.h"

#include <algorithm>

#include "src/base/text.h"

namespace relata::exchange {
namespace {

struct EntityWord {
  std::string_view word;
  std::string_view entity;
};

constexpr EntityWord kEntityWords[] = {{"customer", "relation"},
                                       {"klant", "relation"},
                                       {"debtor", "relation"},
                                       {"debiteur", "relation"},
                                       {"creditor", "relation"},
                                       {"crediteur", "relation"},
                                       {"supplier", "relation"},
                                       {"leverancier", "relation"},
                                       {"prospect", "relation"},
                                       {"relatie", "relation"},
                                       {"company", "relation"},
                                       {"bedrijf", "relation"},
                                       {"account", "relation"},
                                       {"contact", "person"},
                                       {"person", "person"},
                                       {"employee", "user"},
                                       {"medewerker", "user"},
                                       {"user", "user"},
                                       {"team", "team"},
                                       {"product", "product"},
                                       {"artikel", "product"},
                                       {"article", "product"},
                                       {"order", "order"},
                                       {"bestelling", "order"},
                                       {"order_line", "order_line"},
                                       {"orderregel", "order_line"},
                                       {"order_detail", "order_line"},
                                       {"orderdetail", "order_line"},
                                       {"invoice", "invoice"},
                                       {"factu", "invoice"},
                                       {"payment", "payment"},
                                       {"betaling", "payment"},
                                       {"quote", "quote"},
                                       {"offerte", "quote"},
                                       {"ticket", "ticket"},
                                       {"contract", "contract"},
                                       {"campaign", "campaign"},
                                       {"campagne", "campaign"},
                                       {"lead", "lead"},
                                       {"opportunit", "opportunity"},
                                       {"moment", "interaction"},
                                       {"interaction", "interaction"},
                                       {"task", "task"},
                                       {"taak", "task"},
                                       {"project", "project"},
                                       {"document", "document"}};

struct FieldWord {
  std::string_view entity;
  std::string_view word;
  std::string_view field;
  FieldKind kind = FieldKind::kText;
  std::string_view target = {};
};

constexpr FieldKind kNumber = FieldKind::kNumber;
constexpr FieldKind kDate = FieldKind::kDate;
constexpr FieldKind kReference = FieldKind::kReference;

constexpr FieldWord kFieldWords[] = {{"relation", "name", "name"},
                                     {"relation", "naam", "name"},
                                     {"relation", "bedrijf", "name"},
                                     {"relation", "company", "name"},
                                     {"relation", "handelsnaam", "trade_names"},
                                     {"relation", "rechtsvorm", "legal_form"},
                                     {"relation", "kvk", "kvk_number"},
                                     {"relation", "vestigingsnummer", "establishment_number"},
                                     {"relation", "btw", "vat_number"},
                                     {"relation", "vat", "vat_number"},
                                     {"relation", "iban", "iban"},
                                     {"relation", "address", "visiting.street"},
                                     {"relation", "adres", "visiting.street"},
                                     {"relation", "street", "visiting.street"},
                                     {"relation", "straat", "visiting.street"},
                                     {"relation", "huisn", "visiting.house_number"},
                                     {"relation", "postcode", "visiting.postcode"},
                                     {"relation", "postal", "visiting.postcode"},
                                     {"relation", "zip", "visiting.postcode"},
                                     {"relation", "city", "visiting.city"},
                                     {"relation", "plaats", "visiting.city"},
                                     {"relation", "region", "visiting.region"},
                                     {"relation", "provincie", "visiting.region"},
                                     {"relation", "country", "visiting.country"},
                                     {"relation", "land", "visiting.country"},
                                     {"relation", "post_straat", "postal.street"},
                                     {"relation", "post_huisn", "postal.house_number"},
                                     {"relation", "post_postcode", "postal.postcode"},
                                     {"relation", "post_plaats", "postal.city"},
                                     {"relation", "factuur_straat", "billing.street"},
                                     {"relation", "factuur_huisn", "billing.house_number"},
                                     {"relation", "factuur_postcode", "billing.postcode"},
                                     {"relation", "factuur_plaats", "billing.city"},
                                     {"relation", "website", "website"},
                                     {"relation", "homepage", "website"},
                                     {"relation", "sbi", "industry_code"},
                                     {"relation", "sbi_omschrijving", "industry"},
                                     {"relation", "herkomst", "acquisition.source"},
                                     {"relation", "sinds", "acquisition.acquired_on", kDate},
                                     {"relation", "kredietstatus", "credit_status"},
                                     {"relation", "kredietlimiet", "credit_limit", kNumber},
                                     {"relation", "credit_limit", "credit_limit", kNumber},
                                     {"relation", "betaaltermijn", "payment_term_days", kNumber},
                                     {"person", "salutation", "salutation"},
                                     {"person", "aanhef", "salutation"},
                                     {"person", "initials", "initials"},
                                     {"person", "voorletters", "initials"},
                                     {"person", "first_name", "first_name"},
                                     {"person", "voornaam", "first_name"},
                                     {"person", "roepnaam", "first_name"},
                                     {"person", "particle", "particle"},
                                     {"person", "tussenvoegsel", "particle"},
                                     {"person", "last_name", "last_name"},
                                     {"person", "achternaam", "last_name"},
                                     {"person", "birth", "birth_date", kDate},
                                     {"person", "geboorte", "birth_date", kDate},
                                     {"person", "mobile", "mobile"},
                                     {"person", "mobiel", "mobile"},
                                     {"person", "customer", "relations", kReference, "relation"},
                                     {"person", "debtor", "relations", kReference, "relation"},
                                     {"person", "klantn", "relations", kReference, "relation"},
                                     {"user", "name", "name"},
                                     {"user", "naam", "name"},
                                     {"user", "hire", "started_on", kDate},
                                     {"user", "reports_to", "manager", kReference, "user"},
                                     {"team", "name", "name"},
                                     {"team", "naam", "name"},
                                     {"product", "name", "name"},
                                     {"product", "naam", "name"},
                                     {"product", "omschrijving", "name"},
                                     {"product", "description", "description"},
                                     {"product", "stockcode", "code"},
                                     {"product", "artikeln", "code"},
                                     {"product", "product_code", "code"},
                                     {"product", "category", "category"},
                                     {"product", "groep", "category"},
                                     {"product", "price", "unit_price", kNumber},
                                     {"product", "prijs", "unit_price", kNumber},
                                     {"product", "verkoopprijs", "unit_price", kNumber},
                                     {"product", "inkoopprijs", "unit_cost", kNumber},
                                     {"product", "eenheid", "unit"},
                                     {"product", "discontinued", "discontinued"},
                                     {"order", "order_number", "number"},
                                     {"order", "ordern", "number"},
                                     {"order", "order_id", "number"},
                                     {"order", "invoiceno", "number"},
                                     {"order", "order_date", "ordered_on", kDate},
                                     {"order", "orderdatum", "ordered_on", kDate},
                                     {"order", "invoicedate", "ordered_on", kDate},
                                     {"order", "datum", "ordered_on", kDate},
                                     {"order", "required_date", "requested_on", kDate},
                                     {"order", "shipped_date", "delivered_on", kDate},
                                     {"order", "customer", "relation", kReference, "relation"},
                                     {"order", "debtor", "relation", kReference, "relation"},
                                     {"order", "debiteur", "relation", kReference, "relation"},
                                     {"order", "klantn", "relation", kReference, "relation"},
                                     {"order", "net_amount", "total", kNumber},
                                     {"order", "total", "total", kNumber},
                                     {"order", "bedrag", "total", kNumber},
                                     {"order", "freight", "freight", kNumber},
                                     {"order", "vat_amount", "vat", kNumber},
                                     {"order_line", "order_id", "order", kReference, "order"},
                                     {"order_line", "order_number", "order", kReference, "order"},
                                     {"order_line", "ordern", "order", kReference, "order"},
                                     {"order_line", "line_number", "line", kNumber},
                                     {"order_line", "regeln", "line", kNumber},
                                     {"order_line", "product", "product", kReference, "product"},
                                     {"order_line", "artikel", "product", kReference, "product"},
                                     {"order_line", "quantity", "quantity", kNumber},
                                     {"order_line", "aantal", "quantity", kNumber},
                                     {"order_line", "unit_price", "unit_price", kNumber},
                                     {"order_line", "prijs", "unit_price", kNumber},
                                     {"order_line", "discount", "discount", kNumber},
                                     {"order_line", "korting", "discount", kNumber},
                                     {"order_line", "net_amount", "amount", kNumber},
                                     {"order_line", "bedrag", "amount", kNumber},
                                     {"order_line", "description", "description"},
                                     {"order_line", "omschrijving", "description"},
                                     {"invoice", "factuurn", "number"},
                                     {"invoice", "invoice_n", "number"},
                                     {"invoice", "factuurdatum", "invoiced_on", kDate},
                                     {"invoice", "invoice_date", "invoiced_on", kDate},
                                     {"invoice", "vervaldatum", "due_on", kDate},
                                     {"invoice", "due", "due_on", kDate},
                                     {"invoice", "betaald_op", "paid_on", kDate},
                                     {"invoice", "bedrag_excl", "total", kNumber},
                                     {"invoice", "net_amount", "total", kNumber},
                                     {"invoice", "bedrag_btw", "vat", kNumber},
                                     {"invoice", "ordern", "order", kReference, "order"},
                                     {"invoice", "order_n", "order", kReference, "order"},
                                     {"invoice", "debiteur", "relation", kReference, "relation"},
                                     {"invoice", "debtor", "relation", kReference, "relation"},
                                     {"invoice", "customer", "relation", kReference, "relation"},
                                     {"payment", "payment_n", "number"},
                                     {"payment", "paid_on", "paid_on", kDate},
                                     {"payment", "datum", "paid_on", kDate},
                                     {"payment", "amount", "amount", kNumber},
                                     {"payment", "bedrag", "amount", kNumber},
                                     {"payment", "invoice", "invoice", kReference, "invoice"},
                                     {"payment", "factuurn", "invoice", kReference, "invoice"},
                                     // Of any entity.
                                     {"", "email", "email"},
                                     {"", "e-mail", "email"},
                                     {"", "phone", "phone"},
                                     {"", "telefoon", "phone"},
                                     {"", "taal", "language"},
                                     {"", "language", "language"},
                                     {"", "functie", "job_title"},
                                     {"", "title", "job_title"},
                                     {"", "status", "status"},
                                     {"", "currency", "currency"},
                                     {"", "valuta", "currency"},
                                     {"", "notes", "notes"},
                                     {"", "opmerking", "notes"}};

// Which of the words for any entity an entity has a field for.
bool HasCommon(std::string_view entity, std::string_view field) {
  const bool people = entity == "relation" || entity == "person" || entity == "user" || entity == "lead";
  if (field == "email" || field == "phone") return people;
  if (field == "language") return entity == "relation" || entity == "person";
  if (field == "job_title") return entity == "person" || entity == "user";
  const bool sold = entity == "order" || entity == "invoice" || entity == "quote" || entity == "contract";
  if (field == "status") return sold || entity == "ticket" || entity == "lead" || entity == "project";
  if (field == "currency")
    return sold || entity == "payment" || entity == "order_line" || entity == "product";
  return field == "notes" && (sold || entity == "relation" || entity == "person" || entity == "task");
}

bool Contains(std::string_view text, std::string_view word) { return text.find(word) != text.npos; }

}  // namespace

std::string GuessEntity(std::string_view file, const std::vector<std::string_view>& columns) {
  const auto best = [](std::string_view text) -> const EntityWord* {
    const EntityWord* longest = nullptr;
    for (const EntityWord& word : kEntityWords) {
      if (Contains(text, word.word) && (longest == nullptr || word.word.size() > longest->word.size())) {
        longest = &word;
      }
    }
    return longest;
  };
  if (const EntityWord* word = best(Fold(file))) return std::string(word->entity);
  if (!columns.empty()) {
    if (const EntityWord* word = best(Fold(columns.front()))) return std::string(word->entity);
  }
  return "relation";
}

FieldGuess GuessField(std::string_view entity, std::string_view column) {
  const std::string folded = Fold(column);
  const FieldWord* longest = nullptr;
  for (const FieldWord& word : kFieldWords) {
    const bool fits = word.entity.empty() ? HasCommon(entity, word.field) : word.entity == entity;
    if (!fits || !Contains(folded, word.word)) continue;
    if (longest == nullptr || word.word.size() > longest->word.size()) longest = &word;
  }
  if (longest == nullptr) return {};
  return {
      .field = std::string(longest->field), .kind = longest->kind, .target = std::string(longest->target)};
}

bool LooksLikeKey(std::string_view column) {
  const std::string folded = Fold(column);
  for (std::string_view end : {"id", "nr", "no", "code", "number", "nummer", "key", "sleutel"}) {
    if (folded.ends_with(end)) return true;
  }
  return false;
}

}  // namespace relata::exchange
