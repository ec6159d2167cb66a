// What the typed face compiles to.
#include "relata/query/find.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "relata/query/order_text.h"
#include "src/query/execution.h"
#include "src/store/reader.h"

namespace relata {

namespace query {

Builder::Builder(Source source, std::string_view entity) : source_(source) {
  spec_.entity = std::string(entity);
}

void Builder::Where(const expr::Expr& condition) {
  if (!condition) return Fail(absl::InvalidArgumentError("where: the condition is empty"));
  if (!spec_.where) {
    spec_.where = condition;
    return;
  }
  // Positions now point into several texts, so messages show the printed tree.
  spec_.where = expr::Expr(expr::Kind::kAnd, {}, {spec_.where, condition});
  spec_.where_text.clear();
}

void Builder::Where(std::string_view condition, const Parameters& parameters) {
  const expr::Expr tree = Parse(condition);
  if (!tree) return;
  if (!spec_.where) spec_.where_text = std::string(condition);
  Where(tree);
  Bind(parameters);
}

void Builder::Bind(const Parameters& parameters) {
  for (const auto& [name, value] : parameters) {
    const auto [at, inserted] = spec_.parameters.try_emplace(name, value);
    if (inserted || at->second == value) continue;
    Fail(absl::InvalidArgumentError(StrCat("the parameter :", name, " was given two values, ",
                                           at->second.ToString(), " and ", value.ToString())));
  }
}

void Builder::Rebind(const Parameters& parameters) {
  for (const auto& [name, value] : parameters) spec_.parameters.insert_or_assign(name, value);
}

expr::Expr Builder::Parse(std::string_view text) {
  const std::string& name = source_.reader->schema().catalogue().settings().time_zone;
  const StatusOr<TimeZone> zone = TimeZone::Load(name);
  if (!zone.ok()) {
    Fail(zone.status());
    return {};
  }
  StatusOr<expr::Expr> tree = expr::Parse(text, *zone);
  if (tree.ok()) return *std::move(tree);
  Fail(tree.status());
  return {};
}

void Builder::OrderBy(expr::Expr by, bool first) {
  if (first) spec_.order.clear();
  spec_.order.push_back({.by = std::move(by)});
}

void Builder::OrderBy(std::string_view terms, bool first) {
  StatusOr<std::vector<OrderTerm>> order = ParseOrder(terms);
  if (!order.ok()) return Fail(order.status());
  if (first) spec_.order.clear();
  for (OrderTerm& term : *order) spec_.order.push_back(std::move(term));
}

OrderTerm& Builder::LastTerm() {
  if (spec_.order.empty()) {
    Fail(absl::InvalidArgumentError("there is no order yet to say more about; begin with OrderBy"));
    spec_.order.emplace_back();
  }
  return spec_.order.back();
}

StatusOr<Record> ToRecord(const Source& source, std::string_view entity, RecordId id, const RowView& row) {
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, source.reader->schema().Get(entity));
  return source.reader->ToRecord(*type, id, row);
}

StatusOr<const StructBinding*> BindingOf(const Source& source, const EntityDeclaration& declaration) {
  return source.reader->schema().Bind(declaration);
}

void FailLoudly(const Status& status) {
  std::fputs(StrCat("relata: a query in a for loop failed: ", status.ToString(), "\n").c_str(), stderr);
  std::abort();
}

}  // namespace query

StatusOr<query::Results> RecordQuery::Run() const {
  RELATA_RETURN_IF_ERROR(builder_.status());
  return query::Find(builder_.source(), builder_.spec());
}

StatusOr<std::vector<RecordId>> RecordQuery::Ids() const {
  RELATA_RETURN_IF_ERROR(builder_.status());
  RELATA_ASSIGN_OR_RETURN(
      const std::unique_ptr<query::Execution> execution,
      query::Execution::Make(builder_.source(), builder_.spec(), query::Purpose::kRecords));
  std::vector<RecordId> ids;
  RELATA_RETURN_IF_ERROR(execution->AppendIds(&ids));
  return ids;
}

StatusOr<std::vector<Record>> RecordQuery::Load() const {
  RELATA_ASSIGN_OR_RETURN(query::Results results, Run());
  std::vector<Record> records;
  while (results.Next()) {
    RELATA_ASSIGN_OR_RETURN(const RowView row, results.row());
    RELATA_ASSIGN_OR_RETURN(Record record,
                            query::ToRecord(builder_.source(), spec().entity, results.id(), row));
    records.push_back(std::move(record));
  }
  RELATA_RETURN_IF_ERROR(results.status());
  return records;
}

}  // namespace relata
