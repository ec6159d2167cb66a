// Defines MakePlan, which chooses the way a query takes.
//
// The choice is by cost, in microseconds of a machine of today: what a row costs that is looked up by id, a
// row walked over, an id read from an index. Rows are estimated from the indexes' own trees; a condition that
// no index knows is taken to let a third through. Estimates decide the way alone, never the answer.
//
// Thread safety: functions of their arguments.
#ifndef RELATA_QUERY_PLANNER_H_
#define RELATA_QUERY_PLANNER_H_

#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/query/plan.h"
#include "src/expr/evaluate.h"
#include "src/query/access.h"
#include "src/query/prepare.h"

namespace relata::query {

// A walk of an index in the order asked for.
struct Walk {
  // What is walked, one after another; `nulls`: where the first term is null.
  struct Segment {
    store::KeyRange range;
    bool nulls = false;
  };
  const store::IndexRuntime* index = nullptr;
  std::vector<OwnedDatum> prefix;  // values of the index's first parts, the same all along
  std::vector<Segment> segments;
  // Not 0: only so many parts behind the prefix are order terms, and records in which these are equal are
  // sorted by the other terms.
  size_t grouped = 0;
  bool backward = false;
  double rows = 0;
  double group_rows = 0;               // of a group, as the first one tells
  std::vector<expr::StepIndex> exact;  // conjuncts it answers
  std::vector<expr::StepIndex> covered;
  std::string detail;
};

struct WayToGo {
  enum class From : uint8_t { kNothing, kRows, kColumns, kAccess, kWalk };
  enum class Order : uint8_t { kAsFound, kTop, kSort };
  From from = From::kRows;
  Order order = Order::kAsFound;
  Access access;                          // kAccess
  Walk walk;                              // kWalk
  std::vector<expr::StepIndex> residual;  // conjuncts to look at on each record, cheap ones first
  std::vector<Tested> tests;              // what the conjuncts say of fields
  std::vector<SegmentTest> segments;      // and of membership, where that is at hand
  PlanNode root;
};

enum class Purpose : uint8_t {
  kRecords,
  kCount,  // rows are wanted only where a condition asks for them
  kAll,    // every record, by id
};

// `evaluator` is one of query.where; nullptr where there is no condition.
StatusOr<WayToGo> MakePlan(const Prepared& query, Purpose purpose, expr::RowEvaluator* evaluator);

// The indexes in the order asked for, or in that of its first terms; with `rows` estimated where the tests
// narrow them. `view` is the condition as indexes see it, `total` the rows of the type.
StatusOr<std::vector<Walk>> FindWalks(const Prepared& query, const IndexView& view, double total);

// Whether what meets the tests all has the same value in this order term.
bool IsFixed(const OrderColumn& term, const IndexView& view);

}  // namespace relata::query

#endif  // RELATA_QUERY_PLANNER_H_
