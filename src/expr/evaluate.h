// Defines RowEvaluator, which computes a program on one record, read in place.
//
//   RowEvaluator matches(program, reader);
//   StatusOr<bool> found = matches.Matches(id, row);
//
// Of many questions about one record, each is asked after one TurnTo:
//
//   RowEvaluator evaluator(merged, reader, reader.now());     // merge.h
//   evaluator.TurnTo(id, row);
//   StatusOr<Datum> first = evaluator.Ask(step);
//
// This is the evaluator of commits and of records found through an index, and the one that can do everything;
// columns (column/) do much at once what they can. References are followed and related records found through
// the indexes on references. Ranks and percentiles walk all records of the type once per evaluator. Former
// values are read from the history, membership of segments is asked of the reader. While it is turned to one
// record, related records are found once, and each aggregate over them is computed once.
//
// Thread safety: one thread, as the reader. Lifetime: within the program's; it must not be asked once the
// reader is gone, until it is restarted; in a transaction a write makes what it remembers stale: restart it.
// Cost: tens of nanoseconds per node; O(log n) per reference followed, O(log n + related) per aggregate.
#ifndef RELATA_EXPR_EVALUATE_H_
#define RELATA_EXPR_EVALUATE_H_

#include <memory>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/record/row_view.h"
#include "src/expr/merge.h"
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
  // Of many programs. It has no root: use TurnTo and Ask.
  RowEvaluator(const Merged& merged, const store::Reader& reader, Timestamp at);
  RowEvaluator(RowEvaluator&&) noexcept;
  ~RowEvaluator();

  // The program's value. Its bytes live until the next call. DataLoss for damaged rows;
  // FailedPrecondition for membership where the reader knows of no members.
  StatusOr<Datum> Evaluate(RecordId id, const RowView& row);
  // The value of one step of the program in the scope of its root: for parts of a condition.
  StatusOr<Datum> Evaluate(StepIndex step, RecordId id, const RowView& row);
  // Whether the condition is true: not false and not null. REQUIRES: program.type() is kBool.
  StatusOr<bool> Matches(RecordId id, const RowView& row);

  // Forgets what it remembers. REQUIRES: the reader sees the same schema.
  void Restart(const store::Reader& reader, Timestamp at);
  void TurnTo(RecordId id, const RowView& row);
  // The value of a step, seen from the record it was turned to; its bytes live until the next call.
  StatusOr<Datum> Ask(StepIndex step);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_EVALUATE_H_
