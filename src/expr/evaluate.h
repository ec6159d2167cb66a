// Defines RowEvaluator, which computes a program on one record, read in place.
//
//   RowEvaluator matches(program, reader);
//   StatusOr<bool> found = matches.Matches(id, row);
//
// This is the evaluator of commits and of records found through an index, and the one that can do everything;
// columns (column/) do much at once what they can. References are followed and related records found through
// the indexes on references. Ranks and percentiles walk all records of the type once per evaluator. Former
// values are read from the history, membership of segments is asked of the reader.
//
// Thread safety: one thread, as the reader. Lifetime: within the program's and the reader's; in a transaction
// a write makes cached ranks stale: make a new evaluator. Cost: tens of nanoseconds per node; O(log n) per
// reference followed, O(log n + related) per aggregate.
#ifndef RELATA_EXPR_EVALUATE_H_
#define RELATA_EXPR_EVALUATE_H_

#include <memory>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/record/row_view.h"
#include "src/expr/program.h"
#include "src/store/reader.h"

namespace relata::expr {

class RowEvaluator {
 public:
  // At the reader's `now`, in the store's time zone. REQUIRES: the reader sees the program's schema.
  RowEvaluator(const Program& program, const store::Reader& reader);
  // At another moment: what now() and today() mean, and up to when former values count. Membership is that at
  // the reader's `now` all the same.
  RowEvaluator(const Program& program, const store::Reader& reader, Timestamp at);
  RowEvaluator(RowEvaluator&&) noexcept;
  ~RowEvaluator();

  // The program's value. Its bytes live until the next call. DataLoss for damaged rows;
  // FailedPrecondition for membership where the reader knows of no members.
  StatusOr<Datum> Evaluate(RecordId id, const RowView& row);
  // The value of one step of the program in the scope of its root: for parts of a condition.
  StatusOr<Datum> Evaluate(StepIndex step, RecordId id, const RowView& row);
  // Whether the condition is true: not false and not null. REQUIRES: program.type() is kBool.
  StatusOr<bool> Matches(RecordId id, const RowView& row);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_EVALUATE_H_
