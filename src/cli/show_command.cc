// The command show: a relation card.
#include <algorithm>
#include <array>

#include "relata/base/strings.h"
#include "relata/crm/relation_number.h"
#include "relata/engine/answers.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/lifecycle_name.h"
#include "src/cli/open.h"
#include "src/cli/relation_lookup.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"
#include "src/store/reader.h"

namespace relata::cli {

namespace {

using answers::CardCollection;
using answers::CardField;
using answers::CardItem;
using answers::RelationCard;

constexpr size_t kLineWidth = 110;
constexpr size_t kItemFields = 5;
// Told elsewhere on the card, or of no use in a line.
constexpr std::array<std::string_view, 8> kNotInLine = {"created_at", "updated_at", "number", "source",
                                                        "currency",   "notes",      "name",   "subject"};

Json FieldsJson(const std::vector<CardField>& fields, const schema::Catalogue& catalogue) {
  Json json = Json::object();
  for (const CardField& field : fields) {
    Json value = ToJson(field.value, catalogue);
    const bool refers = field.value.As<Reference>() != nullptr || field.value.As<RecordRef>() != nullptr;
    if (refers) value = {{"record", std::move(value)}, {"shown", field.shown}};
    json[field.name] = std::move(value);
  }
  return json;
}

Json CollectionsJson(const std::vector<CardCollection>& collections, const schema::Catalogue& catalogue) {
  Json json = Json::array();
  for (const CardCollection& collection : collections) {
    Json items = Json::array();
    for (const CardItem& item : collection.items) {
      Json one = {{"id", item.id},
                  {"title", item.title},
                  {"moment", ToJson(item.moment, catalogue)},
                  {"fields", FieldsJson(item.fields, catalogue)}};
      if (!item.nested.empty()) one["nested"] = CollectionsJson(item.nested, catalogue);
      items.push_back(std::move(one));
    }
    json.push_back({{"name", collection.name},
                    {"entity", collection.entity},
                    {"total", collection.total},
                    {"items", std::move(items)}});
  }
  return json;
}

std::string ShownText(const CardField& field) {
  const auto* money = field.value.As<Money>();
  return money == nullptr ? field.shown : GroupedMoney(*money);
}

// The day of a moment; its time is one line away with --json.
std::string Day(const Value& moment) { return moment.is_null() ? "" : moment.ToString().substr(0, 10); }

// What the catalogue calls sensitive is left to the card of the record itself.
std::string ItemLine(const CardItem& item, const EntityType& type) {
  std::string line;
  size_t told = 0;
  for (const CardField& field : item.fields) {
    const std::string shown = ShownText(field);
    const Field* declared = type.FindField(field.name);
    const bool passed_over = shown.empty() || item.title.find(shown) != std::string::npos ||
                             field.value == item.moment ||
                             (declared != nullptr && declared->options.sensitive) ||
                             std::find(kNotInLine.begin(), kNotInLine.end(), field.name) != kNotInLine.end();
    if (passed_over || ++told > kItemFields) continue;
    StrAppend(&line, line.empty() ? "" : ", ", field.name, " ", Cut(shown, 40));
  }
  for (const CardCollection& nested : item.nested) {
    StrAppend(&line, line.empty() ? "" : ", ", Grouped(nested.total), " ", nested.name);
  }
  return line;
}

void PrintCard(const RelationCard& card, const schema::Catalogue& catalogue) {
  Print(StrCat(Styled(Style::kBold, card.name), "  ", crm::FormatRelationNumber(card.number), "\n"));
  Print(StrCat(LifecycleName(card.lifecycle), "; revenue of the last twelve months ",
               GroupedMoney(card.revenue), "; open amount ", GroupedMoney(card.open_amount), "\n"));
  if (!card.external_keys.empty()) {
    std::string keys;
    for (const answers::CardKey& key : card.external_keys) {
      StrAppend(&keys, keys.empty() ? "known as " : ", ", key.code, " in ", key.source);
    }
    Print(StrCat(Cut(keys, kLineWidth), "\n"));
  }
  Table fields({{""}, {"", Align::kLeft, 80}}, "  ");
  for (const CardField& field : card.fields) {
    if (field.name == "number" || field.name == "created_at" || field.name == "updated_at") continue;
    fields.Add({field.name, ShownText(field)});
  }
  if (!fields.empty()) Print(StrCat("\n", fields.ToString()));
  for (const CardCollection& collection : card.collections) {
    const bool all = collection.items.size() == collection.total;
    Print(StrCat("\n", Styled(Style::kBold, collection.name), " (", Grouped(collection.total),
                 all ? "" : StrCat(", the newest ", collection.items.size()), ")\n"));
    Table items({{""}, {"", Align::kLeft, 40}, {"", Align::kLeft, kLineWidth}}, "  ");
    const EntityType& type = *catalogue.Find(collection.entity);
    for (const CardItem& item : collection.items) {
      items.Add({Day(item.moment), item.title, ItemLine(item, type)});
    }
    Print(items.ToString());
  }
}

}  // namespace

StatusOr<int> RunShow(const ShowArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  RELATA_ASSIGN_OR_RETURN(const Id<crm::Relation> id, LookUpRelation(now, arguments.relation));
  RELATA_ASSIGN_OR_RETURN(const RelationCard card, RelationCardOf(now, id, {.limit = arguments.limit}));
  const schema::Catalogue& catalogue = now.store_reader().schema().catalogue();
  if (!arguments.json) {
    PrintCard(card, catalogue);
    return kDone;
  }
  Json keys = Json::array();
  for (const answers::CardKey& key : card.external_keys) {
    keys.push_back({{"source", key.source}, {"code", key.code}});
  }
  PrintJson({{"id", card.id},
             {"number", crm::FormatRelationNumber(card.number)},
             {"name", card.name},
             {"lifecycle", LifecycleName(card.lifecycle)},
             {"revenue", ToJson(card.revenue)},
             {"open_amount", ToJson(card.open_amount)},
             {"fields", FieldsJson(card.fields, catalogue)},
             {"external_keys", std::move(keys)},
             {"collections", CollectionsJson(card.collections, catalogue)}});
  return kDone;
}

}  // namespace relata::cli
