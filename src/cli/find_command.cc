// The command find.
#include <algorithm>
#include <array>

#include "relata/answers/card.h"
#include "relata/base/strings.h"
#include "relata/crm/relation_number.h"
#include "src/cli/commands.h"
#include "src/cli/condition.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"
#include "src/schema/conversion.h"

namespace relata::cli {

namespace {

constexpr size_t kColumns = 6;

// What people look for first. Other types show the first fields that hold something.
constexpr std::array<std::string_view, 5> kOfRelation = {"number", "name", "visiting.city", "phone", "email"};
constexpr std::array<std::string_view, 6> kOfPerson = {"first_name", "particle", "last_name",
                                                       "job_title",  "phone",    "email"};

void AddField(std::vector<std::string>* fields, std::string_view name) {
  if (std::find(fields->begin(), fields->end(), name) == fields->end()) fields->emplace_back(name);
}

std::vector<std::string> ChooseFields(const EntityType& type, const std::vector<Condition>& conditions,
                                      const std::vector<Record>& records) {
  std::vector<std::string> fields;
  if (type.name == "relation") {
    for (const std::string_view name : kOfRelation) AddField(&fields, name);
  } else if (type.name == "person") {
    for (const std::string_view name : kOfPerson) AddField(&fields, name);
  } else {
    for (const Field& field : type.fields) {
      if (field.generated || field.dropped || field.id == kCreatedAt || field.id == kUpdatedAt) continue;
      const bool holds = std::any_of(records.begin(), records.end(), [&](const Record& record) {
        const Value* value = record.Find(field.name);
        return value != nullptr && !value->is_null() && value->ToString() != "";
      });
      if (holds && fields.size() < kColumns) AddField(&fields, field.name);
    }
  }
  for (const Condition& condition : conditions) AddField(&fields, condition.field);
  return fields;
}

Align AlignmentOf(const Field& field) {
  switch (field.type) {
    case ValueType::kInt64:
    case ValueType::kDouble:
    case ValueType::kMoney:
    case ValueType::kDecimal:
      return Align::kRight;
    default:
      return Align::kLeft;
  }
}

// References by the name of what they refer to.
StatusOr<std::string> Shown(const store::Reader& reader, const Field& field, const Value* value) {
  if (value == nullptr || value->is_null()) return std::string();
  RecordRef ref;
  if (const auto* one = value->As<Reference>()) ref = {field.targets.front(), one->id};
  if (const auto* any = value->As<RecordRef>()) ref = *any;
  if (ref.id != 0) return answers::TitleOf(reader, ref);
  if (const auto* set = value->As<ReferenceSet>()) {
    std::string titles;
    for (const RecordId id : *set) {
      RELATA_ASSIGN_OR_RETURN(const std::string title, answers::TitleOf(reader, {field.targets.front(), id}));
      StrAppend(&titles, titles.empty() ? "" : ", ", title);
    }
    return titles;
  }
  if (const auto* texts = value->As<TextSet>(); texts != nullptr && texts->empty()) return std::string();
  if (const auto* money = value->As<Money>()) return GroupedMoney(*money);
  return value->ToString();
}

}  // namespace

StatusOr<int> RunFind(const FindArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  const store::Reader& reader = now.store_reader();
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader.schema().Get(arguments.entity));
  std::vector<Condition> conditions;
  for (const std::string& text : arguments.conditions) {
    RELATA_ASSIGN_OR_RETURN(Condition condition, ParseCondition(text));
    conditions.push_back(std::move(condition));
  }
  RELATA_ASSIGN_OR_RETURN(const RecordFilter filter, RecordFilter::Make(now, *type, conditions));
  for (const std::string& name : arguments.fields) {
    RELATA_RETURN_IF_ERROR(schema::GetField(*type->type, name).status());
  }
  RELATA_ASSIGN_OR_RETURN(const std::vector<RecordId> found, filter.Find());
  const size_t shown = arguments.limit == 0 ? found.size() : std::min<size_t>(arguments.limit, found.size());
  std::vector<Record> records;
  for (size_t i = 0; i < shown; ++i) {
    RELATA_ASSIGN_OR_RETURN(Record record, reader.GetRecord(*type, found[i]));
    records.push_back(std::move(record));
  }

  if (arguments.json) {
    Json list = Json::array();
    for (const Record& record : records) {
      if (arguments.fields.empty()) {
        list.push_back(ToJson(record, reader.schema().catalogue()));
        continue;
      }
      Json one = {{"id", record.id()}};
      for (const std::string& name : arguments.fields) {
        const Value* value = record.Find(name);
        one[name] = value == nullptr ? Json() : ToJson(*value, reader.schema().catalogue());
      }
      list.push_back(std::move(one));
    }
    PrintJson({{"entity", arguments.entity}, {"total", found.size()}, {"records", std::move(list)}});
    return kDone;
  }

  const std::vector<std::string> names =
      arguments.fields.empty() ? ChooseFields(*type->type, conditions, records) : arguments.fields;
  std::vector<Column> columns = {{"id", Align::kRight}};
  for (const std::string& name : names) {
    columns.push_back({name, AlignmentOf(*type->type->FindField(name)), 40});
  }
  Table table(std::move(columns));
  for (const Record& record : records) {
    std::vector<std::string> cells = {StrCat("#", record.id())};
    for (const std::string& name : names) {
      const Field& field = *type->type->FindField(name);
      const Value* value = record.Find(name);
      RELATA_ASSIGN_OR_RETURN(std::string cell, Shown(reader, field, value));
      const auto* number = value == nullptr ? nullptr : value->As<int64_t>();
      if (arguments.entity == "relation" && name == "number" && number != nullptr) {
        cell = crm::FormatRelationNumber(*number);
      }
      cells.push_back(std::move(cell));
    }
    table.Add(std::move(cells));
  }
  if (!table.empty()) Print(table.ToString());
  if (shown < found.size()) {
    Print(
        StrCat(Grouped(found.size()), " found, the first ", Grouped(shown), " shown; --limit 0 shows all\n"));
  } else {
    Print(StrCat(Grouped(found.size()), " found\n"));
  }
  return kDone;
}

}  // namespace relata::cli
