// This file makes the parties: relations, people, users, products and affiliations.
#include <algorithm>

#include "examples/sample_company/codes.h"
#include "examples/sample_company/generator.h"
#include "examples/sample_company/labels.h"
#include "examples/sample_company/words.h"

namespace sample_company {
namespace {

// The place of a name in lower-case ASCII: "Café 't Hof" gives "cafe-t-hof".
std::string Slug(std::string_view text) {
  struct Fold {
    std::string_view from;
    char to;
  };
  static constexpr Fold kFolds[] = {{"é", 'e'}, {"è", 'e'}, {"ë", 'e'}, {"ê", 'e'}, {"ï", 'i'}, {"í", 'i'},
                                    {"ö", 'o'}, {"Ö", 'o'}, {"ü", 'u'}, {"ç", 'c'}, {"ñ", 'n'}, {"á", 'a'}};
  std::string slug;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      slug += c;
    } else if (c >= 'A' && c <= 'Z') {
      slug += static_cast<char>(c - 'A' + 'a');
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      for (const Fold& fold : kFolds) {
        if (text.substr(i, fold.from.size()) == fold.from) slug += fold.to;
      }
      ++i;  // every letter beyond ASCII in our lists takes two bytes
    } else if (!slug.empty() && slug.back() != '-' && c != '\'' && c != '.') {
      slug += '-';
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

std::string_view Part(std::string_view list, uint64_t draw) {
  const auto parts = static_cast<uint64_t>(std::count(list.begin(), list.end(), '|')) + 1;
  for (uint64_t skip = draw % parts; skip > 0; --skip) list.remove_prefix(list.find('|') + 1);
  return list.substr(0, list.find('|'));
}

std::string WithParticle(const Surname& surname) {
  if (surname.particle.empty()) return std::string(surname.name);
  return std::string(surname.particle) + " " + std::string(surname.name);
}

std::string Capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

const Picker& SurnamePicker() {
  static const Picker picker = Picker::ByRank(Surnames().size());
  return picker;
}

const Picker& CityPicker() {
  static const Picker picker = [] {
    std::vector<uint32_t> weights;
    for (const City& city : Cities()) weights.push_back(city.weight);
    return Picker(weights);
  }();
  return picker;
}

const Picker& TradePicker() {
  static const Picker picker = [] {
    std::vector<uint32_t> weights;
    for (const Trade& trade : Trades()) weights.push_back(trade.weight);
    return Picker(weights);
  }();
  return picker;
}

const Trade& TradeOf(std::string_view sbi_code) {
  return *std::find_if(Trades().begin(), Trades().end(),
                       [&](const Trade& trade) { return trade.sbi_code == sbi_code; });
}

const Picker& FirstNamePicker(bool female) {
  static const Picker female_picker = Picker::ByRank(FemaleNames().size());
  static const Picker male_picker = Picker::ByRank(MaleNames().size());
  return female ? female_picker : male_picker;
}

std::string BusinessName(Random& random, const Trade& trade, const City& city) {
  const std::string kind(Part(trade.names, random.Below(64)));
  const Surname& surname = Surnames()[SurnamePicker().Pick(random)];
  const Words emblems = Emblems();
  // An institution goes by an emblem or its town, not by a family.
  const auto shape = trade.legal_form.empty() ? random.Between(0, 99) : random.Between(36, 73);
  const uint64_t emblem = random.Below(emblems.size());
  if (shape < 34) return kind + " " + Capitalised(WithParticle(surname));
  if (shape < 62) return kind + " De " + std::string(emblems[emblem]);
  if (shape < 74) return kind + " " + std::string(city.name);
  if (shape < 86) {
    const Surname& partner = Surnames()[SurnamePicker().Pick(random)];
    return kind + " " + Capitalised(WithParticle(surname)) + " & " + Capitalised(WithParticle(partner));
  }
  if (shape < 94) return Capitalised(WithParticle(surname)) + " " + kind;
  return kind + " De " + std::string(emblems[emblem]) + " " + std::string(city.name);
}

std::string LandlineNumber(Random& random, const City& city) {
  const size_t digits = city.country == "NL" ? 10 - city.area_code.size() : 7;
  std::string number = std::to_string(random.Between(2, 7));
  while (number.size() < digits) number += static_cast<char>('0' + random.Below(10));
  const std::string area(city.area_code.substr(1));
  const std::string prefix = city.country == "NL" ? "+31" : city.country == "BE" ? "+32" : "+49";
  return prefix + area + number;
}

// A number with valid check digits at a bank that does not exist.
std::string Iban(Random& random) {
  static constexpr std::string_view kBanks[] = {"VRBK", "ZEEB", "POLD"};
  const std::string_view bank = kBanks[random.Below(3)];
  const std::string account = Padded(random.Between(100'000'000, 999'999'999), 10);
  std::string digits;
  for (const char c : bank) digits += std::to_string(c - 'A' + 10);
  digits += account + "232100";  // "NL00"
  int remainder = 0;
  for (const char c : digits) remainder = (remainder * 10 + (c - '0')) % 97;
  return "NL" + Padded(98 - remainder, 2) + std::string(bank) + account;
}

// Eight digits, different for every legal entity: 7,919 is prime to 80,000,000.
std::string KvkNumber(int64_t entity) { return std::to_string(10'000'000 + entity * 7919 % 80'000'000); }

std::string VatNumber(int64_t entity, bool sole_trader) {
  return "NL" + Padded((entity * 104'729 + 812'345'679) % 1'000'000'000, 9) + (sole_trader ? "B02" : "B01");
}

}  // namespace

void Generator::FillAddress(Random& random, size_t city_index, Address* address) const {
  const City& city = Cities()[city_index];
  const Words streets = Streets();
  address->street = std::string(streets[random.Below(streets.size())]);
  address->number = std::to_string(random.LogNormal(32, 1000));
  if (random.PerMille(120)) address->number += static_cast<char>('A' + random.Below(4));
  const int64_t code = city.postcode_from + random.Between(0, city.postcode_count - 1);
  address->postcode = Padded(code, city.country == "DE" ? 5 : 4);
  if (city.country == "NL") {
    static constexpr std::string_view kLetters = "ABCDEGHJKLMNPRSTVWXZ";
    address->postcode += ' ';
    address->postcode += kLetters[random.Below(kLetters.size())];
    address->postcode += kLetters[random.Below(kLetters.size())];
  }
  address->city = city.name;
  address->country = city.country;
}

Relation Generator::RelationAt(int64_t i) const {
  const Traits traits = TraitsOf(i);
  Random random(seed_, Stream::kRelation, static_cast<uint64_t>(i));
  Relation relation;
  relation.index = i;
  relation.kind = traits.kind;
  // Two branches of the top account and one of the first large one in every hundred.
  if (traits.rank == 20 || traits.rank == 21) relation.parent = RelationOf(i / 100, 0);
  if (traits.rank == 22) relation.parent = RelationOf(i / 100, 1);

  const size_t city_index = CityPicker().Pick(random);
  const City& city = Cities()[city_index];
  FillAddress(random, city_index, &relation.visiting);
  const Trade* drawn = &Trades()[TradePicker().Pick(random)];
  if (traits.kind == RelationKind::kSupplier || traits.kind == RelationKind::kCompetitor)
    drawn = &TradeOf("4669");
  if (traits.kind == RelationKind::kPartner) drawn = &TradeOf("7022");
  const Trade& trade = *drawn;
  relation.sbi_code = trade.sbi_code;
  relation.sbi_text = trade.sbi_text;
  std::string base = BusinessName(random, trade, city);
  static const Picker legal_forms({42, 40, 15, 1, 2});
  const std::string_view usual_form = LegalForms()[traits.rank < 5 ? 1 : legal_forms.Pick(random)];
  relation.legal_form = trade.legal_form.empty() ? usual_form : trade.legal_form;
  const bool sole_trader = relation.legal_form == "Eenmanszaak";
  int64_t entity = i;
  if (relation.parent >= 0) {
    entity = relation.parent;
    const std::string parent_name = RelationAt(relation.parent).name;
    base = parent_name.substr(0, parent_name.find(" B.V.")) + " " + std::string(city.name);
    relation.legal_form = RelationAt(relation.parent).legal_form;
  }
  relation.name = base;
  if (relation.legal_form == "B.V." || relation.legal_form == "N.V." || relation.legal_form == "V.O.F.") {
    relation.name += " " + std::string(relation.legal_form);
  }
  if (random.PerMille(150)) relation.trade_name = base.substr(base.find(' ') + 1);
  relation.kvk_number = KvkNumber(entity);
  relation.establishment_number = Padded(i + 30'000'001, 12);
  relation.vat_number = VatNumber(entity, sole_trader);
  relation.iban = Iban(random);
  if (random.PerMille(90)) {
    relation.postal = relation.visiting;
    relation.postal.street = "Postbus";
    relation.postal.number = std::to_string(random.Between(11, 9800));
  }
  if (relation.parent >= 0) relation.billing = RelationAt(relation.parent).visiting;
  relation.phone = LandlineNumber(random, city);
  const std::string domain = Slug(base) + ".example";
  relation.website = "https://www." + domain;
  relation.email = (random.PerMille(700) ? "info@" : "administratie@") + domain;
  relation.language = city.country == "DE" ? "de" : WrittenLanguage(i);
  relation.account_manager = traits.account_manager;
  relation.acquisition_source = DrawLabel(kAcquisitionSources, random);
  relation.acquired_on = traits.since;
  relation.also_supplier = traits.rank == 30 || traits.rank == 45;
  relation.credit_status = DrawLabel(kCreditStatuses, random);
  if (traits.days_late > 40) relation.credit_status = LabelAt(kCreditStatuses, 1);
  relation.credit_limit = (traits.size / 1000 + 1) * 250'000;
  relation.payment_term_days = traits.payment_term_days;
  const Words tags = Tags();
  for (uint64_t count = random.Below(3); count > 0; --count) {
    const std::string_view tag = tags[random.Below(tags.size())];
    if (std::find(relation.tags.begin(), relation.tags.end(), tag) == relation.tags.end()) {
      relation.tags.push_back(tag);
    }
  }
  // Within some kilometres of the centre.
  relation.latitude_e7 = static_cast<int32_t>(city.latitude_e5 * 100 + random.Gauss() * 150'000 / 65'536);
  relation.longitude_e7 = static_cast<int32_t>(city.longitude_e5 * 100 + random.Gauss() * 230'000 / 65'536);
  return relation;
}

Person Generator::PersonAt(int64_t p) const {
  Random random(seed_, Stream::kPerson, static_cast<uint64_t>(p));
  Person person;
  person.index = p;
  const int64_t block = p / kPeoplePerHundred;
  const int64_t offset = p % kPeoplePerHundred;
  const int64_t rank = offset < 7     ? 0
                       : offset < 27  ? 1 + (offset - 7) / 5
                       : offset < 103 ? 5 + (offset - 27) / 2
                                      : 43 + (offset - 103);
  person.relation = RelationOf(block, static_cast<int>(rank));
  const Relation relation = RelationAt(person.relation);
  if (random.PerMille(30)) {
    const int64_t other = DrawBuyer(random, ReferenceDate());
    if (other != person.relation) person.second_relation = other;
  }
  person.female = random.PerMille(480);
  person.salutation = relation.language == "en"   ? (person.female ? "Ms" : "Mr")
                      : relation.language == "de" ? (person.female ? "Frau" : "Herr")
                                                  : (person.female ? "mevrouw" : "de heer");
  const Words names = person.female ? FemaleNames() : MaleNames();
  person.first_name = names[FirstNamePicker(person.female).Pick(random)];
  const size_t letter = static_cast<unsigned char>(person.first_name[0]) >= 0x80 ? 2 : 1;
  person.initials = std::string(person.first_name.substr(0, letter)) + ".";
  if (random.PerMille(450)) person.initials += std::string(1, "AHJMCWPEG"[random.Below(9)]) + ".";
  const Surname& surname = Surnames()[SurnamePicker().Pick(random)];
  person.particle = surname.particle;
  person.last_name = surname.name;
  const JobTitle& job = JobTitles()[random.Below(JobTitles().size())];
  const bool first = PersonsOf(person.relation).first == p;
  person.job_title = first && rank >= 20 && random.PerMille(700) ? JobTitles()[0].title : job.title;
  person.dmu_role = person.job_title == job.title ? job.dmu_role : JobTitles()[0].dmu_role;
  if (random.PerMille(350)) person.birth_date = FromCivil(1958, 1, 1) + random.Between(0, 17'000);
  person.phone = relation.phone;
  person.mobile = "+316" + Padded(random.Between(10'000'000, 59'999'999), 8);
  const std::string domain = relation.email.substr(relation.email.find('@'));
  const std::string last = Slug(std::string(person.particle) + std::string(person.last_name));
  person.email =
      (random.PerMille(500) ? Slug(person.first_name) + "." : Slug(person.first_name.substr(0, letter))) +
      last + domain;
  person.language = relation.language;
  if (!first && random.PerMille(90)) {
    const Date left = HistoryStart() + random.Between(0, 1090);
    if (left > relation.acquired_on) person.left_on = left;
  }
  return person;
}

User Generator::UserAt(int64_t u) const {
  Random random(seed_, Stream::kUser, static_cast<uint64_t>(u));
  User user;
  user.index = u;
  const bool female = random.PerMille(450);
  const Words names = female ? FemaleNames() : MaleNames();
  user.first_name = names[random.Below(names.size())];
  const Surname& surname = Surnames()[random.Below(Surnames().size())];
  user.particle = surname.particle;
  user.last_name = surname.name;
  user.email = Slug(user.first_name) + "." + Slug(std::string(user.particle) + std::string(user.last_name)) +
               (u < 100 ? "" : std::to_string(u)) + "@devuurtoren.example";
  // Teams: sales, inside sales, service, marketing, administration. Every third user sells, as TraitsOf
  // relies on.
  static constexpr int kTeams[3] = {1, 3, 4};
  user.team = u % 3 == 0 ? 0 : u % 3 == 1 ? 2 : kTeams[u / 3 % 3];
  static constexpr std::string_view kRoles[5] = {"accountmanager", "binnendienst", "monteur", "marketeer",
                                                 "administratie"};
  user.role = kRoles[user.team];
  if (u > 10 && random.PerMille(150)) user.left_on = HistoryStart() + random.Between(100, 1000);
  return user;
}

Product Generator::ProductAt(int64_t i) const {
  const ProductWords& words = ProductList()[static_cast<size_t>(i)];
  Product product{i,           words.code, words.name,       words.kind, words.category,
                  words.theme, words.unit, words.price_cents};
  product.cost = words.price_cents * (words.kind == "service" ? 55 : words.kind == "module" ? 20 : 64) / 100;
  product.vat_percent = words.vat_percent;
  return product;
}

void Generator::AffiliationsOf(int64_t relation, std::vector<Affiliation>* out) const {
  out->clear();
  const int rank = RankOf(relation);
  Random random(seed_, Stream::kAffiliation, static_cast<uint64_t>(relation));
  const auto add = [&](std::string_view kind, int other_rank) {
    Affiliation affiliation{kind, relation, RelationOf(relation / 100, other_rank)};
    affiliation.since = std::max(SinceOf(relation), SinceOf(affiliation.to_relation));
    if (random.PerMille(100)) affiliation.until = affiliation.since + random.Between(0, 14);
    out->push_back(affiliation);
  };
  if (rank == 23) add("franchise", 2);
  if (rank == 24) add("branch", 3);
  if (rank == 98) add("adviser", static_cast<int>(random.Between(5, 19)));
  if (rank == 96) add("reseller", 99);
  if (rank == 97) add("competitor", 99);
  if (rank == 1) {
    const PersonRange mine = PersonsOf(relation);
    Affiliation colleagues;
    colleagues.kind = "reports_to";
    colleagues.from_person = mine.first + 1;
    colleagues.to_person = mine.first;
    colleagues.since = SinceOf(relation);
    out->push_back(colleagues);
    colleagues.kind = "former_colleague";
    colleagues.from_person = mine.first + 2;
    colleagues.to_person = PersonsOf(RelationOf(relation / 100, 2)).first;
    out->push_back(colleagues);
  }
}

}  // namespace sample_company
