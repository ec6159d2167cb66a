// Runs group queries: checks them, and collects the groups where that costs least.
#include <chrono>
#include <utility>

#include "relata/base/strings.h"
#include "relata/query/results.h"
#include "src/query/aggregation.h"
#include "src/query/grouping.h"

namespace relata::query {

namespace {

std::string_view NameOf(Aggregate aggregate) {
  switch (aggregate) {
    case Aggregate::kCount:
      return "count";
    case Aggregate::kCountDistinct:
      return "distinct";
    case Aggregate::kSum:
      return "sum";
    case Aggregate::kAvg:
      return "avg";
    case Aggregate::kMin:
      return "min";
    case Aggregate::kMax:
      return "max";
  }
  return "unknown";
}

Status CheckColumn(const PreparedGroups& groups, size_t column) {
  if (column < groups.names.size()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat("there is no column ", column, "; the groups have ", groups.names.size(), ", keys first"));
}

StatusOr<Groups> Run(Execution* execution, const GroupSpec& spec) {
  RELATA_ASSIGN_OR_RETURN(const PreparedGroups prepared, PrepareGroups(execution->query(), spec));
  RELATA_ASSIGN_OR_RETURN(const bool columns_serve, ColumnsServe(prepared, *execution));
  PlanNode on_columns;
  StatusOr<GroupTable> table = absl::UnavailableError("");
  if (columns_serve) table = GroupOnColumns(prepared, execution, &on_columns);
  const bool by_columns = !absl::IsUnavailable(table.status());
  if (!by_columns) table = GroupOnRows(prepared, execution);
  RELATA_RETURN_IF_ERROR(table.status());

  Groups groups;
  groups.columns = prepared.names;
  RELATA_ASSIGN_OR_RETURN(groups.rows, RowsOf(prepared, *table, execution->budget()));
  groups.plan = execution->plan();
  groups.plan.analyzed = true;
  PlanNode node{.step = Step::kGroup,
                .detail = StrCat(by_columns ? "on columns, by " : "by ", spec.by.empty() ? "nothing" : ""),
                .estimated_rows = static_cast<double>(table->size),
                .actual_rows = table->size};
  for (size_t i = 0; i < spec.by.size(); ++i) StrAppend(&node.detail, i == 0 ? "" : ", ", prepared.names[i]);
  node.inputs.push_back(by_columns ? std::move(on_columns) : std::move(groups.plan.root));
  groups.plan.root = std::move(node);
  return groups;
}

}  // namespace

StatusOr<PreparedGroups> PrepareGroups(const Prepared& query, const GroupSpec& spec) {
  PreparedGroups groups;
  groups.spec = &spec;
  for (const expr::Expr& key : spec.by) {
    RELATA_ASSIGN_OR_RETURN(Column column, PrepareColumn(query, key, spec.parameters));
    groups.names.push_back(column.text);
    groups.types.push_back(column.program.type());
    groups.keys.push_back(std::move(column));
  }
  for (const AggregateTerm& term : spec.aggregates) {
    Column column;
    expr::Type type{.base = expr::Base::kExact};
    if (term.of) {
      RELATA_ASSIGN_OR_RETURN(column, PrepareColumn(query, term.of, spec.parameters));
      type = column.program.type();
    } else if (term.aggregate != Aggregate::kCount) {
      return absl::InvalidArgumentError(
          StrCat("the aggregate ", NameOf(term.aggregate), " needs an expression; only count does not"));
    }
    groups.names.push_back(term.of ? StrCat(NameOf(term.aggregate), "(", column.text, ")")
                                   : std::string(NameOf(term.aggregate)));
    StatusOr<expr::Type> result = Aggregation::TypeOf(term.aggregate, type);
    if (!result.ok()) return Annotate(result.status(), groups.names.back());
    groups.types.push_back(*result);
    groups.values.push_back(std::move(column));
  }
  for (const GroupOrder& order : spec.order) RELATA_RETURN_IF_ERROR(CheckColumn(groups, order.column));
  for (const Having& having : spec.having) RELATA_RETURN_IF_ERROR(CheckColumn(groups, having.column));
  return groups;
}

StatusOr<Groups> Group(const Source& source, const GroupSpec& spec) {
  QuerySpec records{.entity = spec.entity, .where = spec.where, .where_text = spec.where_text};
  records.parameters = spec.parameters;
  records.select = spec.by;  // checked with the condition, so that every parameter has its place
  for (const AggregateTerm& term : spec.aggregates) {
    if (term.of) records.select.push_back(term.of);
  }
  records.limits = spec.limits;
  records.strategies = spec.strategies;
  const auto begin = std::chrono::steady_clock::now();
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Execution> execution,
                          Execution::Make(source, records, Purpose::kAll));
  StatusOr<Groups> groups = Run(execution.get(), spec);
  if (groups.ok()) {
    groups->plan.root.actual_micros = static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin)
            .count());
  }
  return groups;
}

}  // namespace relata::query
