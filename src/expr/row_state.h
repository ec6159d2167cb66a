// Defines RowEvaluator::State, the work behind RowEvaluator: one function per kind of step, over a stack of
// the records in scope.
//
// Eval descends the steps as a tree. A failure (a damaged row, a step that is not answered yet) is noted in
// status_ and reads as null from there on; Run reports it. What costs more than a step is remembered: values
// that no record can change (fixed), rows referred to within one call, ranks for the evaluator's life.
//
// Texts that steps make (fold) live in a pool that Run resets, and loops over related records wind back; a
// value that outlives the record it came from is copied by whoever keeps it.
#ifndef RELATA_EXPR_ROW_STATE_H_
#define RELATA_EXPR_ROW_STATE_H_

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "src/base/words.h"
#include "src/expr/evaluate.h"
#include "src/expr/ranking.h"
#include "src/store/history.h"

namespace relata::expr {

class RowEvaluator::State {
 public:
  State(const Program& program, const store::Reader& reader, Timestamp at);

  StatusOr<Datum> Run(StepIndex step, RecordId id, const RowView& row);
  const Program& program() const { return program_; }

 private:
  // A record whose fields can be named.
  struct Scope {
    const store::TypeRuntime* type = nullptr;
    RecordId id = 0;
    RowView row;
  };

  // What is known of a step beside the program.
  struct Known {
    const store::TypeRuntime* entity = nullptr;  // whose slot it reads
    bool zero_if_absent = false;                 // the slot cannot be null
    bool fixed = false;                          // one value whatever the record
    bool computed = false;                       // `value` is that value
    Datum value;
    std::string text;                  // its bytes
    std::vector<SearchWord> search;    // kSearch
    std::unique_ptr<Ranking> ranking;  // kTop, kPercentile
  };

  // A value found among related records, with bytes of its own.
  struct Kept {
    bool found = false;
    uint64_t bits = 0;
    std::string text;
    void Set(Base base, const Datum& datum);
    Datum Get(Base base) const;
  };

  struct CachedRow {
    const store::TypeRuntime* type = nullptr;
    RecordId id = 0;
    uint64_t call = 0;
    RowView row;
  };

  static Datum Null() { return Datum::Absent(); }
  static Datum Bool(bool value) { return Datum::OfBits(value ? 1 : 0); }
  static bool IsTrue(const Datum& datum) { return datum.present && datum.bits != 0; }

  void Prepare();
  bool IsFixed(const Step& step) const;

  // evaluate.cc
  Datum Eval(StepIndex index) {
    Known& known = known_[index];
    if (!known.fixed) return Compute(steps_[index], &known);
    if (!known.computed) Fix(index);
    return known.value;
  }
  void Fix(StepIndex index);
  Datum Compute(const Step& step, Known* known);
  Datum Field(const Step& step, const Known& known, const RowView& row) const;
  Datum FieldOf(const Step& step, const Known& known);
  Datum Comparison(const Step& step);
  Datum In(const Step& step);
  Datum And(const Step& step);
  Datum Or(const Step& step);
  Datum Case(const Step& step);
  Datum Fail(Status status);
  Datum Arg(const Step& step, size_t i) { return Eval(step.args[i]); }
  Base BaseOf(StepIndex index) const { return steps_[index].type.base; }
  Scope& ScopeAt(const Step& step) { return scopes_[scopes_.size() - 1 - step.scope]; }

  // evaluate_value.cc: numbers, dates, texts, sets and places.
  Datum Convert(const Step& step);
  Datum Arithmetic(const Step& step);
  Datum Calendar(const Step& step);
  Datum PartOfDate(Op op, Date date) const;
  Datum AddIntervalTo(const Step& step, const Datum& x);
  Datum Text(const Step& step, Known* known);
  Datum TextTest(Op op, std::string_view x, std::string_view y);
  Datum Folded(std::string_view text);
  std::string* NewText();  // lives as long as those before it
  Datum Set(const Step& step);
  Datum Has(const Step& step, Base base, const Datum& set);
  Datum Place(const Step& step);
  const TimeZone& Zone();
  Date Today();

  // evaluate_related.cc: other records.
  bool FindRow(const store::TypeRuntime& type, RecordId id, RowView* row);
  Datum Related(const Step& step);
  Datum Summed(const Step& step);
  Datum Extreme(const Step& step);
  Datum FirstOrLast(const Step& step);
  Datum CountDistinct(const Step& step);
  Datum Copied(Base base, const Kept& kept);
  std::optional<RecordRef> ParentOf(const RelatedRecords& related);
  // Where only the number of records is asked: at most `limit` of them, from the index alone. None where
  // there is no such index.
  std::optional<uint64_t> CountByIndex(const RelatedRecords& related, uint64_t limit);
  // Calls `visit` with each related record in the innermost scope for which the condition is true, until it
  // returns false.
  void VisitRelated(const RelatedRecords& related, absl::FunctionRef<bool()> visit);
  Datum Hierarchy(const Step& step);
  bool LiesBelow(const store::TypeRuntime& type, FieldId parent, RecordId from, RecordId above);

  // evaluate_history.cc: former values, and segments.
  Datum InSegment(const Step& step);
  Datum History(const Step& step, const Known& known);
  // Into history_: up to now, oldest first.
  void ReadHistory(const Scope& scope, const relata::Field& field, bool zero_if_absent);

  // evaluate_rank.cc
  Datum Rank(const Step& step, Known* known);
  void MakeRanking(const Step& step, const Scope& scope, Ranking* ranking);

  const Program& program_;
  const std::vector<Step>& steps_;
  const store::Reader& reader_;
  const Timestamp now_;
  std::vector<Known> known_;
  std::vector<Scope> scopes_;  // the innermost last
  Status status_;
  uint64_t call_ = 0;
  std::array<CachedRow, 16> rows_;
  std::deque<std::string> texts_;  // a pool: those before texts_used_ are in use
  size_t texts_used_ = 0;
  std::deque<std::vector<RecordId>> ids_;  // related ids, one list per loop inside another
  size_t loops_ = 0;
  std::vector<store::HistoryEntry> history_;  // of the field asked last
  std::optional<TimeZone> zone_;
  std::optional<Date> today_;
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_ROW_STATE_H_
