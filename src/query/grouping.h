// Defines the parts of a group query: PreparedGroups, its checked expressions; GroupTable, the groups as they
// were collected, from rows or on columns; and what makes rows for a host of them.
//
//   RELATA_ASSIGN_OR_RETURN(const PreparedGroups groups, PrepareGroups(execution.query(), spec));
//   RELATA_ASSIGN_OR_RETURN(GroupTable table, GroupOnRows(groups, &execution));
//   RELATA_ASSIGN_OR_RETURN(auto rows, RowsOf(groups, table, execution.budget()));
//
// Thread safety: one thread. Lifetime: within the execution's and the spec's.
#ifndef RELATA_QUERY_GROUPING_H_
#define RELATA_QUERY_GROUPING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/query/spec.h"
#include "src/query/budget.h"
#include "src/query/execution.h"
#include "src/query/prepare.h"

namespace relata::query {

struct PreparedGroups {
  const GroupSpec* spec = nullptr;
  std::vector<Column> keys;
  std::vector<Column> values;  // of the aggregates; without a program where that counts records
  // Of all columns of the answer, the keys' first.
  std::vector<std::string> names;
  std::vector<expr::Type> types;
};

// One column of the answer. Keys recur: each of their values stands in `values` once.
struct GroupColumn {
  std::vector<uint32_t> of;  // by group: which of the values; empty: each group's own
  std::vector<OwnedDatum> values;

  size_t IndexOf(size_t group) const { return of.empty() ? group : of[group]; }
};

struct GroupTable {
  size_t size = 0;  // groups, in no order
  std::vector<GroupColumn> columns;
};

// InvalidArgument for aggregates that make no sense, and columns that are not there.
StatusOr<PreparedGroups> PrepareGroups(const Prepared& query, const GroupSpec& spec);

// Pulls every record through the execution.
StatusOr<GroupTable> GroupOnRows(const PreparedGroups& groups, Execution* execution);

// Whether columns are the better way, by what each would touch.
StatusOr<bool> ColumnsServe(const PreparedGroups& groups, const Execution& execution);
// Unavailable where rows must answer. `node` tells how it went.
StatusOr<GroupTable> GroupOnColumns(const PreparedGroups& groups, Execution* execution, PlanNode* node);

// The groups that the spec's conditions let through, in its order, up to its limit.
StatusOr<std::vector<std::vector<Value>>> RowsOf(const PreparedGroups& groups, const GroupTable& table,
                                                 Budget* budget);

}  // namespace relata::query

#endif  // RELATA_QUERY_GROUPING_H_
