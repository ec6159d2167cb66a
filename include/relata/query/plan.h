// Defines Plan, the way a query takes: a tree of steps, each with the rows expected and, once it ran, the
// rows there were.
//
//   std::puts(plan.ToString().c_str());
//   limit 20                                        rows 20 of about 20
//     filter: credit_limit > 10000                  rows 20 of about 20
//       ordered walk of index name: …               rows 61 of about 60
//
// Estimates come from the index trees themselves: exact for small ranges, guessed for large ones.
//
// Thread safety: plain values.
#ifndef RELATA_QUERY_PLAN_H_
#define RELATA_QUERY_PLAN_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relata/export.h"

namespace relata::query {

enum class Step : uint8_t {
  kNothing,      // a condition that no record can meet
  kRowScan,      // all rows by id
  kColumnScan,   // columns in memory
  kUnique,       // one key of a unique index
  kIndexRange,   // a part of an index
  kIndexAnd,     // ids of all inputs
  kIndexOr,      // ids of any input
  kTextIndex,    // words looked up
  kSegment,      // the members of a segment, or all others
  kSemiJoin,     // records that refer to, or are referred to by, those of the input
  kOrderedWalk,  // an index in the order asked for
  kGroupedWalk,  // an index in the order of the first terms, each group of equal ones sorted by the others
  kFilter,       // a condition looked at row by row
  kTopK,         // the best of a limit
  kSort,         // all, sorted
  kLimit,
  kGroup,
};
RELATA_EXPORT std::string_view NameOf(Step step);

struct PlanNode {
  Step step = Step::kRowScan;
  std::string detail;          // the index and its part, the condition, the order
  double estimated_rows = 0;   // that leave this step
  uint64_t actual_rows = 0;    // the same, so far
  uint64_t actual_micros = 0;  // spent in steps that must end before the next can begin; the root: in all
  std::vector<PlanNode> inputs;
};

// What was touched.
struct Work {
  uint64_t rows_read = 0;      // rows looked up or walked over
  uint64_t index_entries = 0;  // ids taken from indexes
  uint64_t memory_bytes = 0;   // held at once at most, by sorting, grouping and sets of ids
};

struct RELATA_EXPORT Plan {
  PlanNode root;
  Work work;
  bool analyzed = false;  // the query ran: actual numbers mean something

  // A step a line, inputs indented below it.
  std::string ToString() const;
  // {"step": …, "detail": …, "estimated_rows": …, "inputs": […]}, and with `analyzed` what was.
  std::string ToJson() const;
  // True if the step occurs anywhere in the plan.
  bool Has(Step step) const;
};

}  // namespace relata::query

#endif  // RELATA_QUERY_PLAN_H_
