// Defines RowEvaluator::State, the work behind RowEvaluator: one function per kind of step, over a stack of
// the records in scope.
//
// Eval descends the steps as a tree. A failure (a damaged row, a step that is not answered yet) is noted in
// status_ and reads as null from there on; Ask reports it. What costs more than a step is remembered: values
// that no record can change and ranks until the next Restart; rows referred to, related records and what is
// aggregated over them for as long as the evaluator is turned to one record.
//
// Texts that steps make (fold) live in a pool that Ask resets, and loops over related records wind back; a
// value that outlives the record it came from is copied by whoever keeps it.
#ifndef RELATA_EXPR_ROW_STATE_H_
#define RELATA_EXPR_ROW_STATE_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "src/base/words.h"
#include "src/expr/arithmetic.h"
#include "src/expr/evaluate.h"
#include "src/expr/ranking.h"
#include "src/store/history.h"

namespace relata::expr {

class RowEvaluator::State {
 public:
  State(const store::SchemaRuntime& schema, const store::TypeRuntime& entity, const std::vector<Step>& steps,
        const store::Reader& reader, Timestamp at);

  void Restart(const store::Reader& reader, Timestamp at, std::span<const RecordRef> newcomers);
  void TurnTo(RecordId id, const RowView& row);
  StatusOr<Datum> Ask(StepIndex step);
  NewcomersShare share() const { return share_; }
  StatusOr<Datum> AskWithout(StepIndex step);
  StepIndex root() const { return static_cast<StepIndex>(steps_.size() - 1); }

 private:
  struct RelatedList;

  // A record whose fields can be named. Where a list keeps its cells, the list has its row too.
  struct Scope {
    const store::TypeRuntime* type = nullptr;
    RecordId id = 0;
    RowView row = {};
    RelatedList* list = nullptr;
    size_t place = 0;
  };

  // For how long a step has one value.
  enum class Holds : uint8_t {
    kNever,      // it is computed whenever it is asked for
    kAtRecord,   // while the evaluator is turned to one record, where it is seen from that record
    kAtRestart,  // whatever the record
    kAtDate,     // while today() is the same
    kAlways,
  };

  // A value and the turn or restart as of which it is good.
  struct Remembered {
    uint64_t since = 0;
    Datum value;
    std::string text;  // its bytes
  };

  // Of a condition on related records: parts that are all true where it is.
  struct Filter {
    // A field of the related record against a value that is the same for all of them.
    struct Test {
      Op op = Op::kEqual;
      FieldId slot = 0;
      bool zero_if_absent = false;
      StepIndex value = kNone;
    };
    std::vector<Test> tests;  // those on the type's moment first: an index may tell it
    std::vector<StepIndex> rest;
  };

  // What is known of a step beside the program. What is asked most lies together, in one line of a cache.
  struct alignas(64) Known {
    Holds holds = Holds::kNever;
    NewcomersShare share = NewcomersShare::kNone;  // in `is`
    bool zero_if_absent = false;                   // the slot cannot be null
    const store::TypeRuntime* entity = nullptr;    // whose slot it reads
    Remembered is;
    Remembered without;                // newcomers
    uint64_t ranked = 0;               // the restart as of which the ranking is good
    std::vector<SearchWord> search;    // kSearch
    std::unique_ptr<Filter> filter;    // where it is the condition of an aggregate
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

  struct Sum {
    Wide exact = 0;
    double doubles = 0;
    uint64_t count = 0;
    void Add(const Datum& value, bool in_doubles) {
      ++count;
      if (in_doubles) {
        doubles += value.AsDouble();
      } else {
        exact += value.AsInt();
      }
    }
  };

  struct CachedRow {
    const store::TypeRuntime* type = nullptr;
    RecordId id = 0;
    uint64_t turn = 0;
    RowView row;
  };

  // The records whose reference points at one record, by id; their rows as far as they were asked for. Where
  // an index has the moments of them behind the reference, these are read there, and most rows are never
  // looked at.
  struct RelatedList {
    const store::TypeRuntime* type = nullptr;
    FieldId reference = 0;
    RecordRef parent;
    std::vector<RecordId> ids = {};
    std::vector<RowView> rows = {};  // none where there are too many to keep
    // Cells of the rows, as far as they were read: many conditions ask for the same ones.
    struct Column {
      FieldId slot = 0;
      std::vector<Cell> cells = {};
      std::vector<uint8_t> read = {};
    };
    std::vector<Column> columns = {};  // those before columns_used are of this list
    size_t columns_used = 0;
  };

  static Datum Null() { return Datum::Absent(); }
  static Datum Bool(bool value) { return Datum::OfBits(value ? 1 : 0); }
  static bool IsTrue(const Datum& datum) { return datum.present && datum.bits != 0; }

  void Prepare();
  Holds HoldsOf(const Step& step) const;

  // evaluate.cc
  Datum Eval(StepIndex index) {
    Known& known = known_[index];
    if (known.holds == Holds::kNever || (known.holds == Holds::kAtRecord && scopes_.size() != home_)) {
      return Compute(steps_[index], &known);
    }
    if (known.holds >= Holds::kAtRestart) {
      const uint64_t since = AsOf(known.holds);
      if (known.is.since != since) Keep(index, since, &known.is);
      return known.is.value;
    }
    if (known.is.since != turn_) KeepWithShare(index);
    if (known.share == NewcomersShare::kNone) return known.is.value;
    Note(known.share);
    if (!without_) return known.is.value;
    if (known.without.since != turn_) {
      Keep(index, turn_, &known.without);
      known.share = share_;
    }
    return known.without.value;
  }
  // What a value that no record can change is remembered with.
  uint64_t AsOf(Holds holds) {
    if (holds == Holds::kAlways) return 1;
    if (holds == Holds::kAtRestart) return restart_;
    if (!today_) Today();
    return date_;
  }
  // Computes the value and notes as of when it is good.
  void Keep(StepIndex index, uint64_t since, Remembered* remembered);
  static void Store(const Step& step, const Datum& value, uint64_t since, Remembered* remembered);
  // With the newcomers, and what they had to do with it.
  void KeepWithShare(StepIndex index);
  // That newcomers have such a share in what is being computed.
  void Note(NewcomersShare share) { share_ = std::max(share_, share); }
  // The same, where this cannot be asked without newcomers.
  void NoteUnknown() {
    if (!newcomers_.empty()) share_ = NewcomersShare::kUnknown;
  }
  bool IsNewcomer(const store::TypeRuntime& type, RecordId id) const;
  Datum Compute(const Step& step, Known* known);
  Datum Field(const Step& step, const Known& known, const Scope& scope);
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

  // related_list.cc: records in scope, and those that are found once.
  Cell CellOf(const Scope& scope, FieldId slot);
  // The row of a record in scope; one that is not valid, with status_ set, where it cannot be read.
  const RowView& RowOf(const Scope& scope);
  // Those of the record that the evaluator is turned to, found once.
  RelatedList* ListOf(const store::TypeRuntime& type, FieldId reference, RecordRef parent);
  // With the moments of all, if an index has them.
  Status FillList(RelatedList* list);
  static size_t ColumnOf(RelatedList* list, FieldId slot);
  const Cell& CellAt(RelatedList* list, size_t column, size_t place);
  // How many there are in it, of those that count where newcomers may not.
  uint64_t CountOf(const RelatedList& list);
  std::unique_ptr<Filter> FilterOf(const RelatedRecords& related) const;
  void AddToFilter(EntityTypeId type, StepIndex condition, Filter* filter) const;
  // Visits those of a list, as VisitRelated does.
  void VisitList(const RelatedRecords& related, RelatedList* list, absl::FunctionRef<bool()> visit);

  // evaluate_related.cc: other records.
  bool FindRow(const store::TypeRuntime& type, RecordId id, RowView* row);
  // Where one may be asked for without newcomers: what a reference points at.
  bool FindReferred(const store::TypeRuntime& type, RecordId id, RowView* row);
  // One that an index names: that there is none is a failure.
  bool FindReferrer(const store::TypeRuntime& type, RecordId id, RowView* row);
  Datum Related(const Step& step);
  Datum Summed(const Step& step);
  Datum ValueOf(const Step& step, const Sum& sum) const;
  Datum Extreme(const Step& step);
  Datum FirstOrLast(const Step& step);
  Datum CountDistinct(const Step& step);
  Datum Copied(Base base, const Kept& kept);
  std::optional<RecordRef> ParentOf(const RelatedRecords& related);
  // Where only the number of records is asked: at most `limit` of them, from the index alone. None where
  // there is no such index.
  std::optional<uint64_t> CountByIndex(const RelatedRecords& related, uint64_t limit);
  // Calls `visit` with each related record in the innermost scope for which the condition is true, until it
  // returns false. at_newcomer_ tells it what it is at.
  void VisitRelated(const RelatedRecords& related, absl::FunctionRef<bool()> visit);
  // One of them in the innermost scope: what `visit` says if the conditions are true, else true.
  bool VisitOne(std::span<const StepIndex> conditions, Scope scope, absl::FunctionRef<bool()> visit);
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

  const store::SchemaRuntime& schema_;
  const store::TypeRuntime& entity_;
  const std::vector<Step>& steps_;
  const store::Reader* reader_;
  Timestamp now_;
  std::vector<Known> known_;
  std::vector<Scope> scopes_;  // the innermost last
  Status status_;
  size_t home_ = 1;       // the number of scopes at the record it is turned to; 0 while ranks are made
  uint64_t turn_ = 0;     // counts records it was turned to
  uint64_t restart_ = 1;  // counts restarts
  std::span<const RecordRef> newcomers_;
  bool without_ = false;  // newcomers are left out
  bool at_newcomer_ = false;
  NewcomersShare share_ = NewcomersShare::kNone;
  // What the aggregate computed last is without newcomers, where that fell out of the same walk.
  std::optional<Datum> aside_;
  std::array<CachedRow, 16> rows_;
  std::deque<std::string> texts_;  // a pool: those before texts_used_ are in use
  size_t texts_used_ = 0;
  std::deque<RelatedList> lists_;  // those before lists_used_ are of this record
  size_t lists_used_ = 0;
  std::vector<std::pair<RecordId, Cell>> found_;  // by FillList
  std::deque<std::vector<RecordId>> ids_;         // related ids, one list per loop inside another
  size_t loops_ = 0;
  std::vector<store::HistoryEntry> history_;  // of the field asked last
  std::optional<TimeZone> zone_;
  std::optional<Date> today_;
  std::optional<Date> last_today_;  // before the restart, too
  uint64_t date_ = 1;               // counts changes of it
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_ROW_STATE_H_
