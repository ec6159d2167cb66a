// Groups on columns, and when that is worth while.
#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "src/column/grouping.h"
#include "src/column/scan.h"
#include "src/query/aggregation.h"
#include "src/query/grouping.h"

namespace relata::query {

namespace {

// In microseconds, as the planner counts.
constexpr double kColumnValue = 0.004;   // a record, for each key, term and condition
constexpr double kRow = 0.7;             // a record found through an index
constexpr uint64_t kFewToGroup = 1'000;  // of a type for which columns are not worth making

std::vector<const expr::Program*> KeysOf(const PreparedGroups& groups) {
  std::vector<const expr::Program*> keys;
  for (const Column& key : groups.keys) keys.push_back(&key.program);
  return keys;
}

expr::Op OpOf(Aggregate aggregate) {
  switch (aggregate) {
    case Aggregate::kCount:
      return expr::Op::kCount;
    case Aggregate::kCountDistinct:
      return expr::Op::kCountDistinct;
    case Aggregate::kSum:
      return expr::Op::kSum;
    case Aggregate::kAvg:
      return expr::Op::kAvg;
    case Aggregate::kMin:
      return expr::Op::kMin;
    case Aggregate::kMax:
      return expr::Op::kMax;
  }
  return expr::Op::kCount;
}

std::vector<column::GroupTerm> TermsOf(const PreparedGroups& groups) {
  std::vector<column::GroupTerm> terms;
  for (size_t i = 0; i < groups.values.size(); ++i) {
    const AggregateTerm& term = groups.spec->aggregates[i];
    terms.push_back({.op = OpOf(term.aggregate), .of = term.of ? &groups.values[i].program : nullptr});
  }
  return terms;
}

// Each value that some group has, once.
GroupColumn KeyColumn(const column::Grouping& grouping, size_t key) {
  GroupColumn column;
  column.of.reserve(grouping.size());
  absl::flat_hash_map<uint32_t, uint32_t> places;
  for (size_t group = 0; group < grouping.size(); ++group) {
    const uint32_t code = grouping.KeyCode(group, key);
    const auto [place, fresh] = places.try_emplace(code, static_cast<uint32_t>(column.values.size()));
    if (fresh) column.values.emplace_back(grouping.KeyValue(key, code));
    column.of.push_back(place->second);
  }
  return column;
}

GroupColumn TermColumn(const column::Grouping& grouping, size_t index, const AggregateTerm& term,
                       const expr::Type& type) {
  GroupColumn column;
  column.values.reserve(grouping.size());
  const bool extreme = term.aggregate == Aggregate::kMin || term.aggregate == Aggregate::kMax;
  for (size_t group = 0; group < grouping.size(); ++group) {
    const column::GroupTotal total = grouping.TotalOf(group, index);
    if (extreme) {
      column.values.emplace_back(total.count == 0 ? Cell::Absent() : Cell::OfBits(total.extreme));
    } else {
      column.values.push_back(
          Aggregation::Total(term.aggregate, type, total.count, total.sum, total.double_sum));
    }
  }
  return column;
}

}  // namespace

StatusOr<bool> ColumnsServe(const PreparedGroups& groups, const Execution& execution) {
  const Prepared& query = execution.query();
  const WayToGo& way = execution.way();
  if (!query.strategies.column_scan || query.snapshot == nullptr || query.columns == nullptr) return false;
  if (way.from == WayToGo::From::kNothing) return false;
  RELATA_ASSIGN_OR_RETURN(const uint64_t records, query.reader->CountRows(*query.type));
  if (records < kFewToGroup) return false;
  const auto passes = static_cast<double>(1 + groups.keys.size() + groups.values.size());
  const double all = static_cast<double>(records) * kColumnValue * passes;
  if (way.from == WayToGo::From::kAccess && way.access.rows * kRow < all) return false;
  if (query.where && !column::Scan::Supports(*query.where)) return false;
  return column::Grouping::Supports(KeysOf(groups), TermsOf(groups));
}

StatusOr<GroupTable> GroupOnColumns(const PreparedGroups& groups, Execution* execution, PlanNode* node) {
  const auto begin = std::chrono::steady_clock::now();
  const Prepared& query = execution->query();
  Budget& budget = *execution->budget();
  RELATA_RETURN_IF_ERROR(budget.Look());
  RELATA_ASSIGN_OR_RETURN(
      column::Grouping grouping,
      column::Grouping::Open(*query.type, query.where ? &*query.where : nullptr, KeysOf(groups),
                             TermsOf(groups), *query.snapshot, query.limits.memory_bytes, query.columns));
  uint64_t held = 0;
  RELATA_RETURN_IF_ERROR(grouping.Run([&](uint64_t bytes) -> Status {
    RELATA_RETURN_IF_ERROR(budget.Look());
    RELATA_RETURN_IF_ERROR(budget.Hold(bytes - std::min(bytes, held), "groups"));
    held = std::max(held, bytes);
    return absl::OkStatus();
  }));
  RELATA_RETURN_IF_ERROR(budget.Hold(grouping.size() * groups.types.size() * sizeof(OwnedDatum), "groups"));
  budget.work().rows_read += grouping.rows_asked();

  GroupTable table;
  table.size = grouping.size();
  for (size_t key = 0; key < groups.keys.size(); ++key) table.columns.push_back(KeyColumn(grouping, key));
  for (size_t i = 0; i < groups.values.size(); ++i) {
    const AggregateTerm& term = groups.spec->aggregates[i];
    const expr::Type type = term.of ? groups.values[i].program.type() : expr::Type();
    table.columns.push_back(TermColumn(grouping, i, term, type));
  }
  *node = {.step = Step::kColumnScan,
           .detail = query.where ? query.where_text : query.type->type->name,
           .estimated_rows = static_cast<double>(grouping.records()),
           .actual_rows = grouping.records()};
  node->actual_micros = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin)
          .count());
  return table;
}

}  // namespace relata::query
