// The command find.
#include <algorithm>
#include <array>

#include "relata/answers/card.h"
#include "relata/base/strings.h"
#include "relata/crm/relation_number.h"
#include "relata/query/order_text.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/query_arguments.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"
#include "src/store/reader.h"

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

std::vector<std::string> ChooseFields(const EntityType& type, const expr::Expr& condition,
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
  for (const std::string& name : FieldsIn(condition, type)) AddField(&fields, name);
  return fields;
}

Align AlignmentOfField(const Field& field) {
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
StatusOr<std::string> ShownField(const store::Reader& reader, const Field& field, const Value* value) {
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
  return Shown(*value);
}

// A page of records, each with the values that were selected and are no fields.
struct Page {
  std::vector<Record> records;
  std::vector<std::vector<Value>> computed;
  std::string next;  // the cursor of what follows; empty at the end
};

// Fields are shown as the record has them, money in its own currency; whatever else is selected is computed.
std::vector<std::string> ComputedOf(const std::vector<std::string>& select, const EntityType& type) {
  std::vector<std::string> computed;
  for (const std::string& text : select) {
    if (type.FindField(text) == nullptr) computed.push_back(text);
  }
  return computed;
}

StatusOr<Page> ReadPage(const store::Reader& reader, const store::TypeRuntime& type,
                        const RecordQuery& query) {
  RELATA_ASSIGN_OR_RETURN(query::Results found, query.Run());
  Page page;
  while (found.Next()) {
    RELATA_ASSIGN_OR_RETURN(const RowView row, found.row());
    RELATA_ASSIGN_OR_RETURN(Record record, reader.ToRecord(type, found.id(), row));
    RELATA_ASSIGN_OR_RETURN(std::vector<Value> values, found.Values());
    page.records.push_back(std::move(record));
    page.computed.push_back(std::move(values));
  }
  RELATA_RETURN_IF_ERROR(found.status());
  if (query.spec().limit && page.records.size() == *query.spec().limit) {
    RELATA_ASSIGN_OR_RETURN(page.next, found.NextCursor());
  }
  return page;
}

Json ToJsonPage(const std::vector<std::string>& select, const Page& page, const schema::Catalogue& catalogue,
                const EntityType& type) {
  Json list = Json::array();
  for (size_t i = 0; i < page.records.size(); ++i) {
    if (select.empty()) {
      list.push_back(ToJson(page.records[i], catalogue));
      continue;
    }
    Json one = {{"id", page.records[i].id()}};
    size_t computed = 0;
    for (const std::string& text : select) {
      const bool field = type.FindField(text) != nullptr;
      const Value* value = field ? page.records[i].Find(text) : &page.computed[i][computed++];
      one[text] = value == nullptr ? Json() : ToJson(*value, catalogue);
    }
    list.push_back(std::move(one));
  }
  return list;
}

StatusOr<Table> ToTable(const std::vector<std::string>& names, const Page& page, const store::Reader& reader,
                        const EntityType& type) {
  std::vector<Column> columns = {{"id", Align::kRight}};
  size_t computed = 0;
  for (const std::string& name : names) {
    const Field* field = type.FindField(name);
    Align align = field != nullptr ? AlignmentOfField(*field) : Align::kLeft;
    if (field == nullptr) {
      if (!page.computed.empty()) align = AlignmentOf(page.computed.front()[computed]);
      ++computed;
    }
    columns.push_back({name, align, 40});
  }
  Table table(std::move(columns));
  for (size_t i = 0; i < page.records.size(); ++i) {
    std::vector<std::string> cells = {StrCat("#", page.records[i].id())};
    computed = 0;
    for (const std::string& name : names) {
      const Field* field = type.FindField(name);
      if (field == nullptr) {
        cells.push_back(Shown(page.computed[i][computed++]));
        continue;
      }
      const Value* value = page.records[i].Find(name);
      RELATA_ASSIGN_OR_RETURN(std::string cell, ShownField(reader, *field, value));
      const auto* number = value == nullptr ? nullptr : value->As<int64_t>();
      if (type.name == "relation" && name == "number" && number != nullptr) {
        cell = crm::FormatRelationNumber(*number);
      }
      cells.push_back(std::move(cell));
    }
    table.Add(std::move(cells));
  }
  return table;
}

StatusOr<int> PrintPlan(const RecordQuery& query, bool analyze, bool json) {
  RELATA_ASSIGN_OR_RETURN(const query::Plan plan, query.Explain(analyze));
  Print(json ? StrCat(plan.ToJson(), "\n") : plan.ToString());
  return kDone;
}

StatusOr<int> FindRecords(const FindArguments& arguments, const Snapshot& now) {
  const store::Reader& reader = now.store_reader();
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader.schema().Get(arguments.entity));
  RELATA_ASSIGN_OR_RETURN(RecordQuery query,
                          MakeQuery(now, arguments.entity, arguments.conditions, arguments.parameters));
  std::vector<std::string> select;
  for (const std::string_view piece : query::SplitAtCommas(arguments.select)) select.emplace_back(piece);
  query.OrderBy(arguments.order).After(arguments.after);
  if (arguments.limit != 0) query.Limit(arguments.limit);
  for (const std::string& text : ComputedOf(select, *type->type)) query.Select(text);
  if (arguments.explain || arguments.analyze) return PrintPlan(query, arguments.analyze, arguments.json);
  RELATA_ASSIGN_OR_RETURN(const Page page, ReadPage(reader, *type, query));
  uint64_t total = page.records.size();
  if (!page.next.empty() || !arguments.after.empty()) {
    RELATA_ASSIGN_OR_RETURN(total, query.Count());
  }
  const schema::Catalogue& catalogue = reader.schema().catalogue();
  if (arguments.json) {
    Json answer = {{"entity", arguments.entity},
                   {"total", total},
                   {"records", ToJsonPage(select, page, catalogue, *type->type)}};
    answer["next"] = page.next.empty() ? Json() : Json(page.next);
    PrintJson(answer);
    return kDone;
  }
  const std::vector<std::string> names =
      select.empty() ? ChooseFields(*type->type, query.spec().where, page.records) : select;
  RELATA_ASSIGN_OR_RETURN(const Table table, ToTable(names, page, reader, *type->type));
  if (!table.empty()) Print(table.ToString());
  if (page.records.size() == total) {
    Print(StrCat(Grouped(total), " found\n"));
  } else if (arguments.after.empty()) {
    Print(StrCat(Grouped(total), " found, the first ", Grouped(page.records.size()),
                 " shown; --limit 0 shows all\n"));
  } else {
    Print(StrCat(Grouped(total), " found, ", Grouped(page.records.size()), " shown\n"));
  }
  if (arguments.pages && !page.next.empty()) Print(StrCat("more: --after ", page.next, "\n"));
  return kDone;
}

}  // namespace

StatusOr<int> RunFind(const FindArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  StatusOr<int> code = FindRecords(arguments, now);
  if (!code.ok()) return ExplainOldForm(code.status(), arguments.conditions);
  return code;
}

}  // namespace relata::cli
