// The evaluator's frame: what it prepares, fields, comparison and logic. Numbers, dates, texts and sets are
// in evaluate_value.cc, related records in evaluate_related.cc, ranks in evaluate_rank.cc, former values and
// segments in evaluate_history.cc.
#include "src/expr/evaluate.h"

#include <algorithm>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/expr/datum.h"
#include "src/expr/op_traits.h"
#include "src/expr/row_state.h"

namespace relata::expr {

RowEvaluator::RowEvaluator(const Program& program, const store::Reader& reader)
    : RowEvaluator(program, reader, reader.now()) {}
RowEvaluator::RowEvaluator(const Program& program, const store::Reader& reader, Timestamp at)
    : state_(std::make_unique<State>(program.schema(), program.entity(), program.steps(), reader, at)) {}
RowEvaluator::RowEvaluator(const Merged& merged, const store::Reader& reader, Timestamp at)
    : state_(std::make_unique<State>(*merged.schema, *merged.entity, merged.steps, reader, at)) {}
RowEvaluator::RowEvaluator(RowEvaluator&&) noexcept = default;
RowEvaluator::~RowEvaluator() = default;

StatusOr<Datum> RowEvaluator::Evaluate(RecordId id, const RowView& row) {
  return Evaluate(state_->root(), id, row);
}

StatusOr<Datum> RowEvaluator::Evaluate(StepIndex step, RecordId id, const RowView& row) {
  state_->TurnTo(id, row);
  return state_->Ask(step);
}

StatusOr<bool> RowEvaluator::Matches(RecordId id, const RowView& row) {
  RELATA_ASSIGN_OR_RETURN(const Datum result, Evaluate(id, row));
  return result.present && result.bits != 0;
}

void RowEvaluator::Restart(const store::Reader& reader, Timestamp at, std::span<const RecordRef> newcomers) {
  state_->Restart(reader, at, newcomers);
}
void RowEvaluator::TurnTo(RecordId id, const RowView& row) { state_->TurnTo(id, row); }
StatusOr<Datum> RowEvaluator::Ask(StepIndex step) { return state_->Ask(step); }
NewcomersShare RowEvaluator::share() const { return state_->share(); }
StatusOr<Datum> RowEvaluator::AskWithout(StepIndex step) { return state_->AskWithout(step); }

RowEvaluator::State::State(const store::SchemaRuntime& schema, const store::TypeRuntime& entity,
                           const std::vector<Step>& steps, const store::Reader& reader, Timestamp at)
    : schema_(schema), entity_(entity), steps_(steps), reader_(&reader), now_(at) {
  Prepare();
}

void RowEvaluator::State::Prepare() {
  known_.resize(steps_.size());
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    Known& known = known_[i];
    known.holds = HoldsOf(step);
    if (step.op == Op::kField || step.op == Op::kFieldOf || IsHistory(step.op)) {
      known.entity = schema_.Find(step.entity);
      const relata::Field& field = known.entity->type->fields[step.slot];
      known.zero_if_absent = !field.nullable && (!field.is_reference() || field.is_set());
    }
    if (step.op == Op::kSearch) known.search = ParseSearch(step.constant.bytes);
    if (step.related == nullptr || step.related->condition == kNone) continue;
    std::unique_ptr<Filter>& filter = known_[step.related->condition].filter;
    if (filter == nullptr) filter = FilterOf(*step.related);
  }
}

RowEvaluator::State::Holds RowEvaluator::State::HoldsOf(const Step& step) const {
  if (step.related != nullptr || IsHistory(step.op)) return Holds::kAtRecord;
  if (LooksAtRecords(step.op)) return Holds::kNever;
  Holds holds = step.op == Op::kNow   ? Holds::kAtRestart
                : ReadsToday(step.op) ? Holds::kAtDate
                                      : Holds::kAlways;
  // Arguments come before what uses them, so theirs is known.
  for (const StepIndex arg : step.args) holds = std::min(holds, known_[arg].holds);
  return holds >= Holds::kAtRestart ? holds : Holds::kNever;
}

void RowEvaluator::State::Keep(StepIndex index, uint64_t since, Remembered* remembered) {
  const Step& step = steps_[index];
  remembered->value = Compute(step, &known_[index]);
  if (status_.ok()) Store(step, remembered->value, since, remembered);
}

void RowEvaluator::State::Store(const Step& step, const Datum& value, uint64_t since,
                                Remembered* remembered) {
  remembered->since = since;
  remembered->value = value;
  if (step.op == Op::kConstant || !IsBytes(step.type.base) || !value.present) return;
  remembered->text.assign(value.bytes);
  remembered->value.bytes = remembered->text;
}

void RowEvaluator::State::KeepWithShare(StepIndex index) {
  Known& known = known_[index];
  const bool without = std::exchange(without_, false);
  const NewcomersShare around = std::exchange(share_, NewcomersShare::kNone);
  aside_.reset();
  Keep(index, turn_, &known.is);
  known.share = std::exchange(share_, around);
  without_ = without;
  if (steps_[index].related == nullptr || known.share != NewcomersShare::kSome || !status_.ok()) return;
  if (aside_) Store(steps_[index], *aside_, turn_, &known.without);
}

bool RowEvaluator::State::IsNewcomer(const store::TypeRuntime& type, RecordId id) const {
  return std::any_of(newcomers_.begin(), newcomers_.end(), [&](const RecordRef& newcomer) {
    return newcomer.id == id && newcomer.type == type.type->id;
  });
}

void RowEvaluator::State::Restart(const store::Reader& reader, Timestamp at,
                                  std::span<const RecordRef> newcomers) {
  reader_ = &reader;
  now_ = at;
  newcomers_ = newcomers;
  today_.reset();
  scopes_.clear();
  ++restart_;
}

void RowEvaluator::State::TurnTo(RecordId id, const RowView& row) {
  scopes_.clear();
  scopes_.push_back({&entity_, id, row});
  ++turn_;
  lists_used_ = 0;
}

StatusOr<Datum> RowEvaluator::State::Ask(StepIndex step) {
  if (!status_.ok()) status_ = absl::OkStatus();
  texts_used_ = 0;
  loops_ = 0;
  share_ = NewcomersShare::kNone;
  const Datum result = Eval(step);
  if (!status_.ok()) return status_;
  return result;
}

StatusOr<Datum> RowEvaluator::State::AskWithout(StepIndex step) {
  without_ = true;
  StatusOr<Datum> result = Ask(step);
  without_ = false;
  return result;
}

Datum RowEvaluator::State::Fail(Status status) {
  if (status_.ok()) status_ = std::move(status);
  return Null();
}

Datum RowEvaluator::State::Compute(const Step& step, Known* known) {
  switch (step.op) {
    case Op::kConstant:
      return step.constant;
    case Op::kField:
      return Field(step, *known, ScopeAt(step));
    case Op::kId:
      return Datum::OfBits(ScopeAt(step).id);
    case Op::kFieldOf:
      return FieldOf(step, *known);

    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
    case Op::kIsDistinct:
      return Comparison(step);
    case Op::kIn:
      return In(step);

    case Op::kAnd:
      return And(step);
    case Op::kOr:
      return Or(step);
    case Op::kNot: {
      const Datum x = Arg(step, 0);
      return x.present ? Bool(x.bits == 0) : Null();
    }
    case Op::kIsNull:
      return Bool(!Arg(step, 0).present);
    case Op::kIsTrue:
      return Bool(IsTrue(Arg(step, 0)));
    case Op::kIsFalse: {
      const Datum x = Arg(step, 0);
      return Bool(x.present && x.bits == 0);
    }
    case Op::kCase:
      return Case(step);
    case Op::kCoalesce:
      for (StepIndex arg : step.args) {
        if (const Datum x = Eval(arg); x.present) return x;
      }
      return Null();

    case Op::kRescale:
    case Op::kToDouble:
    case Op::kStartOfDay:
    case Op::kLocalDate:
    case Op::kAnyRecord:
      return Convert(step);

    case Op::kNegate:
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kRatio:
    case Op::kOrder:
      return Arithmetic(step);

    case Op::kNow:
    case Op::kToday:
    case Op::kAddInterval:
    case Op::kAddDays:
    case Op::kAddMicros:
    case Op::kDaysBetween:
    case Op::kMicrosBetween:
    case Op::kYear:
    case Op::kQuarter:
    case Op::kMonth:
    case Op::kWeek:
    case Op::kDay:
    case Op::kAge:
    case Op::kPeriodStart:
    case Op::kPeriodEnd:
    case Op::kFiscalYearStart:
    case Op::kAnniversary:
      return Calendar(step);

    case Op::kLike:
    case Op::kILike:
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kContains:
    case Op::kMatches:
    case Op::kFold:
    case Op::kSearch:
    case Op::kSimilar:
      return Text(step, known);

    case Op::kElementOf:
    case Op::kHas:
    case Op::kIsEmpty:
      return Set(step);
    case Op::kDistance:
    case Op::kPoint:
      return Place(step);

    case Op::kCount:
    case Op::kSum:
    case Op::kAvg:
    case Op::kMin:
    case Op::kMax:
    case Op::kFirst:
    case Op::kLast:
    case Op::kCountDistinct:
    case Op::kExists:
      return Related(step);
    case Op::kChildOf:
    case Op::kDescendantOf:
    case Op::kAncestorOf:
      return Hierarchy(step);
    case Op::kTop:
    case Op::kPercentile:
    case Op::kSample:
      return Rank(step, known);
    case Op::kInSegment:
      return InSegment(step);
    case Op::kWas:
    case Op::kChanged:
    case Op::kHeld:
      return History(step, *known);
  }
  return Null();
}

Datum RowEvaluator::State::Field(const Step& step, const Known& known, const Scope& scope) {
  Datum cell = CellOf(scope, step.slot);
  if (!cell.present && known.zero_if_absent) cell.present = true;
  return cell;
}

Datum RowEvaluator::State::FieldOf(const Step& step, const Known& known) {
  const Datum x = Arg(step, 0);
  if (!x.present) return Null();
  RecordId id = x.bits;
  if (steps_[step.args[0]].type.target == 0) {
    if (id >> 48 != step.entity) return Null();
    id &= kMaxRecordId;
  }
  RowView row;
  if (!FindReferred(*known.entity, id, &row)) return Null();
  return Field(step, known, {known.entity, id, row});
}

Datum RowEvaluator::State::Comparison(const Step& step) {
  const Base base = BaseOf(step.args[0]);
  const Datum a = Arg(step, 0);
  if (step.op == Op::kIsDistinct) {
    const Datum b = Arg(step, 1);
    return Bool(a.present != b.present || (a.present && !Same(base, a, b)));
  }
  if (!a.present) return Null();
  const Datum b = Arg(step, 1);
  if (!b.present) return Null();
  switch (step.op) {
    case Op::kEqual:
      return Bool(Same(base, a, b));
    case Op::kNotEqual:
      return Bool(!Same(base, a, b));
    case Op::kLess:
      return Bool(Compare(base, a, b) < 0);
    case Op::kLessEqual:
      return Bool(Compare(base, a, b) <= 0);
    case Op::kGreater:
      return Bool(Compare(base, a, b) > 0);
    default:
      return Bool(Compare(base, a, b) >= 0);
  }
}

Datum RowEvaluator::State::In(const Step& step) {
  const Datum x = Arg(step, 0);
  if (!x.present) return Null();
  const Base base = BaseOf(step.args[0]);
  bool unknown = false;
  for (size_t i = 1; i < step.args.size(); ++i) {
    const Datum element = Arg(step, i);
    if (!element.present) {
      unknown = true;
    } else if (Same(base, x, element)) {
      return Bool(true);
    }
  }
  return unknown ? Null() : Bool(false);
}

Datum RowEvaluator::State::And(const Step& step) {
  bool unknown = false;
  for (StepIndex arg : step.args) {
    const Datum x = Eval(arg);
    if (!x.present) {
      unknown = true;
    } else if (x.bits == 0) {
      return Bool(false);
    }
  }
  return unknown ? Null() : Bool(true);
}

Datum RowEvaluator::State::Or(const Step& step) {
  bool unknown = false;
  for (StepIndex arg : step.args) {
    const Datum x = Eval(arg);
    if (!x.present) {
      unknown = true;
    } else if (x.bits != 0) {
      return Bool(true);
    }
  }
  return unknown ? Null() : Bool(false);
}

Datum RowEvaluator::State::Case(const Step& step) {
  size_t i = 0;
  for (; i + 1 < step.args.size(); i += 2) {
    if (IsTrue(Arg(step, i))) return Arg(step, i + 1);
  }
  return Arg(step, i);
}

}  // namespace relata::expr
