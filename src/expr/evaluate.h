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
// A commit that only brought new records can be asked what was true before it, too: the newcomers are left
// out where related records are walked, and only of answers that they had a part in.
//
//   evaluator.Restart(tx, now, newcomers);
//   evaluator.TurnTo(id, row);                                // not one of them
//   StatusOr<Datum> is = evaluator.Ask(step);
//   if (evaluator.share() == NewcomersShare::kSome) was = evaluator.AskWithout(step);
//
// Thread safety: one thread, as the reader. Lifetime: within the program's; it must not be asked once the
// reader is gone, until it is restarted; in a transaction a write makes what it remembers stale: restart it.
// Cost: tens of nanoseconds per node; O(log n) per reference followed, O(log n + related) per aggregate.
#ifndef RELATA_EXPR_EVALUATE_H_
#define RELATA_EXPR_EVALUATE_H_

#include <cstdint>
#include <memory>
#include <span>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/record/row_view.h"
#include "src/expr/merge.h"
#include "src/expr/program.h"
#include "src/store/reader.h"

namespace relata::expr {

// What newcomers had to do with an answer.
enum class NewcomersShare : uint8_t {
  kNone,     // it is the same without them
  kSome,     // it may be another without them: see AskWithout
  kUnknown,  // it may be another, and cannot be asked without them
};

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

  // Forgets what it remembers. `newcomers`, which must stay until the next Restart: few records that were not
  // there before, and that no older record has come to refer to. REQUIRES: the reader sees the same schema.
  void Restart(const store::Reader& reader, Timestamp at, std::span<const RecordRef> newcomers = {});
  void TurnTo(RecordId id, const RowView& row);
  // The value of a step, seen from the record it was turned to; its bytes live until the next call.
  StatusOr<Datum> Ask(StepIndex step);
  // Of the last Ask. REQUIRES: the record it was turned to is no newcomer.
  NewcomersShare share() const;
  // What Ask would say were the newcomers not there. REQUIRES: share() of that Ask was not kUnknown.
  StatusOr<Datum> AskWithout(StepIndex step);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_EVALUATE_H_
