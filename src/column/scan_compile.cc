// Chooses for each step of a program how columns answer it, and leaves the rest to the row evaluator.
#include "src/column/scan_compile.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/functional/function_ref.h"
#include "src/column/field_tests.h"
#include "src/column/members.h"
#include "src/column/numbers.h"
#include "src/column/related.h"
#include "src/column/through.h"
#include "src/expr/datum.h"
#include "src/expr/op_traits.h"

namespace relata::column {

using expr::Base;
using expr::Op;
using expr::Step;
using expr::StepIndex;

namespace {

// Values are computed into blocks of their own, one below another.
constexpr int kMostNested = 32;

// What a step looks at in the innermost record: nothing, one field, or more than that.
struct Uses {
  enum What : uint8_t { kNothing, kOneField, kMore };
  What what = kNothing;
  FieldId slot = 0;

  void Add(const Uses& other) {
    if (other.what == kNothing) return;
    if (what == kNothing) {
      *this = other;
    } else if (what == kMore || other.what == kMore || slot != other.slot) {
      what = kMore;
    }
  }
};

bool IsComparison(Op op) { return op >= Op::kEqual && op <= Op::kIsDistinct; }
bool IsAggregate(Op op) { return op >= Op::kCount && op <= Op::kExists; }

// What holds where x op y does not.
Op Opposite(Op op) {
  switch (op) {
    case Op::kLess:
      return Op::kGreaterEqual;
    case Op::kLessEqual:
      return Op::kGreater;
    case Op::kGreater:
      return Op::kLessEqual;
    default:
      return Op::kLess;
  }
}

bool IsEquality(Op op) { return op == Op::kEqual || op == Op::kNotEqual; }

// Values that compare as the integers that hold them do.
bool IsOrdered(Base base) {
  return !expr::IsBytes(base) && base != Base::kDouble && base != Base::kLabelSet && base != Base::kPoint;
}

// Fields of few different values, or whose values are no numbers.
bool HasFewValues(const Field& field) {
  switch (field.type) {
    case ValueType::kInt64:
    case ValueType::kDouble:
    case ValueType::kMoney:
    case ValueType::kTimestamp:
    case ValueType::kDuration:
    case ValueType::kDecimal:
      return false;
    default:
      return true;
  }
}

class Taker {
 public:
  Taker(Evaluation* evaluation, Parts* parts) : evaluation_(evaluation), parts_(parts) { FindUses(); }

  void Run() {
    Frame* frame = NewFrame(&evaluation_->program().entity(), /*outermost=*/true);
    parts_->condition = Take(frame, evaluation_->program().root());
  }

 private:
  const Step& step(StepIndex index) const { return evaluation_->step(index); }

  Frame* NewFrame(const store::TypeRuntime* type, bool outermost) {
    parts_->frames.push_back(std::make_unique<Frame>());
    Frame* frame = parts_->frames.back().get();
    frame->evaluation = evaluation_;
    frame->type = type;
    frame->outermost = outermost;
    return frame;
  }

  void FindUses() {
    const std::vector<Step>& steps = evaluation_->program().steps();
    uses_.resize(steps.size());
    for (size_t i = 0; i < steps.size(); ++i) {  // arguments come before what uses them
      switch (steps[i].op) {
        case Op::kField:
          uses_[i] = {.what = steps[i].scope == 0 ? Uses::kOneField : Uses::kMore, .slot = steps[i].slot};
          break;
        case Op::kId:
        case Op::kChildOf:
        case Op::kDescendantOf:
        case Op::kAncestorOf:
        case Op::kTop:
        case Op::kPercentile:
        case Op::kSample:
        case Op::kInSegment:
        case Op::kWas:
        case Op::kChanged:
        case Op::kHeld:
          uses_[i].what = Uses::kMore;
          break;
        default:
          if (IsAggregate(steps[i].op)) uses_[i].what = Uses::kMore;
          for (const StepIndex arg : steps[i].args) uses_[i].Add(uses_[arg]);
          break;
      }
    }
  }

  // A field of the frame's own record, as a column: registered, so that it will be there.
  bool IsColumn(Frame* frame, StepIndex index) {
    const Step& field = step(index);
    return field.op == Op::kField && field.scope == 0 && UseSlot(frame, field.slot);
  }
  bool UseSlot(Frame* frame, FieldId slot) {
    if (!ColumnCache::CanHold(frame->type->type->fields[slot])) return false;
    frame->slots.insert(slot);
    return true;
  }

  // A condition, by the rows if need be; nullptr where these cannot be asked.
  ConditionPtr Take(Frame* frame, StepIndex index) {
    const std::set<FieldId> slots = frame->slots;
    const size_t frames = parts_->frames.size();
    if (ConditionPtr condition = Try(frame, index)) return condition;
    frame->slots = slots;  // what a failed attempt would have used is not needed
    parts_->frames.resize(frames);
    return frame->outermost ? std::make_unique<AskRows>(frame, index) : nullptr;
  }

  ConditionPtr Try(Frame* frame, StepIndex index) {
    const Step& of = step(index);
    const Uses& uses = uses_[index];
    if (uses.what == Uses::kNothing) return std::make_unique<Fixed>(evaluation_, index);
    switch (of.op) {
      case Op::kAnd:
      case Op::kOr:
        return TryJunction(frame, of);
      case Op::kNot:
        return TryUnary(frame, Unary::Kind::kNot, of);
      case Op::kIsTrue:
        return TryUnary(frame, Unary::Kind::kIsTrue, of);
      case Op::kIsFalse:
        return TryUnary(frame, Unary::Kind::kIsFalse, of);
      case Op::kIsNull:
        return TryNull(frame, index);
      case Op::kField:
        return IsColumn(frame, index) ? std::make_unique<RangeTest>(frame, of.slot) : nullptr;
      case Op::kExists:
        return TryExists(frame, index);
      case Op::kInSegment:
        if (!of.args.empty() || of.scope != 0) return nullptr;
        return std::make_unique<MembersTest>(frame, index);
      case Op::kIn:
        if (ConditionPtr list = TryList(frame, index)) return list;
        return TryLookup(frame, index);
      default:
        if (IsComparison(of.op)) return TryComparison(frame, index);
        return TryLookup(frame, index);
    }
  }

  ConditionPtr TryJunction(Frame* frame, const Step& of) {
    std::vector<ConditionPtr> parts;
    std::vector<RangeTest*> ranges;  // among the parts
    for (const StepIndex arg : of.args) {
      ConditionPtr part = Take(frame, arg);
      if (part == nullptr) return nullptr;
      auto* range = dynamic_cast<RangeTest*>(part.get());
      if (of.op == Op::kAnd && range != nullptr) {
        const auto joined = std::find_if(ranges.begin(), ranges.end(),
                                         [&](const RangeTest* other) { return other->CanJoin(*range); });
        if (joined != ranges.end()) {
          (*joined)->Join(std::move(*range));
          continue;
        }
        ranges.push_back(range);
      }
      parts.push_back(std::move(part));
    }
    if (parts.size() == 1) return std::move(parts[0]);
    return std::make_unique<Junction>(of.op == Op::kAnd, std::move(parts));
  }

  ConditionPtr TryUnary(Frame* frame, Unary::Kind kind, const Step& of) {
    ConditionPtr x = Take(frame, of.args[0]);
    return x == nullptr ? nullptr : std::make_unique<Unary>(kind, std::move(x));
  }

  ConditionPtr TryNull(Frame* frame, StepIndex index) {
    const Step& of = step(index);
    const StepIndex arg = of.args[0];
    if (IsColumn(frame, arg)) return std::make_unique<NullTest>(frame, step(arg).slot);
    if (step(arg).type.base == Base::kBool) return TryUnary(frame, Unary::Kind::kIsNull, of);
    if (ConditionPtr lookup = TryLookup(frame, index)) return lookup;
    NumbersPtr x = TryNumbers(frame, arg, 0);
    return x == nullptr ? nullptr : std::make_unique<NullNumbersTest>(std::move(x));
  }

  ConditionPtr TryComparison(Frame* frame, StepIndex index) {
    const Step& of = step(index);
    const Base base = step(of.args[0]).type.base;
    for (const bool mirrored : {false, true}) {
      const StepIndex field = of.args[mirrored ? 1 : 0];
      const StepIndex bound = of.args[mirrored ? 0 : 1];
      if (of.op == Op::kIsDistinct || uses_[bound].what != Uses::kNothing) continue;
      if (!IsOrdered(base) && (!IsEquality(of.op) || expr::IsBytes(base) || base == Base::kDouble)) continue;
      if (!IsColumn(frame, field)) continue;
      return std::make_unique<RangeTest>(frame, step(field).slot, mirrored ? expr::Mirrored(of.op) : of.op,
                                         bound);
    }
    const bool one = uses_[index].what == Uses::kOneField;
    if (one && HasFewValues(frame->type->type->fields[uses_[index].slot])) {
      if (ConditionPtr lookup = TryLookup(frame, index)) return lookup;
    }
    if (ConditionPtr extreme = TryExtreme(of)) return extreme;
    if (IsOrdered(base) || base == Base::kDouble) {
      NumbersPtr x = TryNumbers(frame, of.args[0], 0);
      NumbersPtr y = x == nullptr ? nullptr : TryNumbers(frame, of.args[1], 0);
      if (y != nullptr) {
        return std::make_unique<CompareTest>(of.op, base == Base::kDouble, std::move(x), std::move(y));
      }
    }
    return TryLookup(frame, index);
  }

  ConditionPtr TryList(Frame* frame, StepIndex index) {
    const Step& of = step(index);
    if (!IsOrdered(step(of.args[0]).type.base)) return nullptr;
    for (size_t i = 1; i < of.args.size(); ++i) {
      if (uses_[of.args[i]].what != Uses::kNothing) return nullptr;
    }
    if (!IsColumn(frame, of.args[0])) return nullptr;
    return std::make_unique<ListTest>(frame, step(of.args[0]).slot, index);
  }

  // A test of one field of the record that a reference names.
  ConditionPtr TryThrough(Frame* frame, StepIndex index) {
    const Step& of = step(index);
    if (of.args.empty() || step(of.args[0]).op != Op::kFieldOf) return nullptr;
    const Step& field = step(of.args[0]);
    const Step& reference = step(field.args[0]);
    if (reference.type.target == 0 || !IsColumn(frame, field.args[0])) return nullptr;
    for (size_t i = 1; i < of.args.size(); ++i) {
      if (uses_[of.args[i]].what != Uses::kNothing) return nullptr;
    }
    const store::TypeRuntime* type = evaluation_->program().schema().Find(field.entity);
    if (!evaluation_->IsWorthAScan(*type, *frame->type)) return nullptr;
    Frame* target = NewFrame(type, /*outermost=*/false);
    if (!UseSlot(target, field.slot)) return nullptr;
    const Base base = field.type.base;
    ConditionPtr test;
    if (of.op == Op::kIsNull) {
      test = std::make_unique<NullTest>(target, field.slot);
    } else if (of.op == Op::kIn && IsOrdered(base)) {
      test = std::make_unique<ListTest>(target, field.slot, index);
    } else if (of.op >= Op::kEqual && of.op <= Op::kGreaterEqual && IsOrdered(base)) {
      test = std::make_unique<RangeTest>(target, field.slot, of.op, of.args[1]);
    } else if (LookupTest::IsTextTest(evaluation_->program(), index)) {
      test = std::make_unique<LookupTest>(target, field.slot, index);
    } else {
      return nullptr;
    }
    return std::make_unique<ThroughReference>(frame, reference.slot, index, target, std::move(test));
  }

  ConditionPtr TryLookup(Frame* frame, StepIndex index) {
    const size_t frames = parts_->frames.size();
    if (ConditionPtr through = TryThrough(frame, index)) return through;
    parts_->frames.resize(frames);
    const Uses& uses = uses_[index];
    if (uses.what != Uses::kOneField || !UseSlot(frame, uses.slot)) return nullptr;
    return std::make_unique<LookupTest>(frame, uses.slot, index);
  }

  NumbersPtr TryNumbers(Frame* frame, StepIndex index, int depth) {
    const Step& of = step(index);
    if (expr::IsBytes(of.type.base) || depth > kMostNested) return nullptr;
    if (uses_[index].what == Uses::kNothing) return std::make_unique<FixedNumbers>(evaluation_, index);
    if (IsColumn(frame, index)) return std::make_unique<FieldNumbers>(frame, of.slot);
    if (of.op == Op::kId && of.scope == 0) return std::make_unique<IdNumbers>();
    if (IsAggregate(of.op) && of.op != Op::kExists) {
      NumbersPtr parent;
      std::unique_ptr<Aggregate> aggregate = TryAggregate(frame, index, &parent);
      if (aggregate == nullptr) return nullptr;
      return std::make_unique<AggregateNumbers>(std::move(aggregate), std::move(parent));
    }
    if (of.op != Op::kCoalesce && !ComputedNumbers::Supports(of)) return nullptr;
    std::vector<NumbersPtr> args;
    for (const StepIndex arg : of.args) {
      args.push_back(TryNumbers(frame, arg, depth + 1));
      if (args.back() == nullptr) return nullptr;
    }
    if (of.op == Op::kCoalesce) return std::make_unique<CoalescedNumbers>(std::move(args));
    return std::make_unique<ComputedNumbers>(evaluation_, index, std::move(args));
  }

  ConditionPtr TryExists(Frame* frame, StepIndex index) {
    NumbersPtr parent;
    std::unique_ptr<Aggregate> aggregate = TryAggregate(frame, index, &parent);
    if (aggregate == nullptr) return nullptr;
    return std::make_unique<ExistsTest>(std::move(aggregate), std::move(parent));
  }

  // min(…) or max(…) of a field, beside a bound.
  ConditionPtr TryExtreme(const Step& of) {
    for (const bool mirrored : {false, true}) {
      const StepIndex extreme = of.args[mirrored ? 1 : 0];
      const StepIndex bound = of.args[mirrored ? 0 : 1];
      const Op op = mirrored ? expr::Mirrored(of.op) : of.op;
      const Step& least_or_greatest = step(extreme);
      if (uses_[bound].what != Uses::kNothing || op < Op::kLess || op > Op::kGreaterEqual) continue;
      if (least_or_greatest.op != Op::kMin && least_or_greatest.op != Op::kMax) continue;
      const expr::RelatedRecords& related = *least_or_greatest.related;
      const Step& parent = step(related.parent);
      const Step& value = step(related.value);
      if (parent.op != Op::kId || parent.scope != 0 || value.op != Op::kField || value.scope != 0) continue;
      if (!IsOrdered(value.type.base)) continue;
      // Values to the side that the extreme is taken from decide alone: max > y where any is > y, and max < y
      // where none is >= y.
      const bool up = op == Op::kGreater || op == Op::kGreaterEqual;
      const bool true_beyond = up == (least_or_greatest.op == Op::kMax);
      const Op beyond = true_beyond ? op : Opposite(op);
      std::unique_ptr<Aggregate> any = TryExistence(extreme, [&](Frame* records) -> ConditionPtr {
        return std::make_unique<Unary>(Unary::Kind::kNot, std::make_unique<NullTest>(records, value.slot));
      });
      std::unique_ptr<Aggregate> some = TryExistence(extreme, [&](Frame* records) -> ConditionPtr {
        return std::make_unique<RangeTest>(records, value.slot, beyond, bound);
      });
      if (any == nullptr || some == nullptr) return nullptr;
      return std::make_unique<ExtremeTest>(true_beyond, std::move(any), std::move(some), evaluation_, bound);
    }
    return nullptr;
  }

  // Whether there is any of the records that a step aggregates for which a test of its value holds as well.
  std::unique_ptr<Aggregate> TryExistence(StepIndex index, absl::FunctionRef<ConditionPtr(Frame*)> test) {
    const expr::RelatedRecords& related = *step(index).related;
    Frame* records = TryRecords(related);
    if (records == nullptr || !Aggregate::Supports(evaluation_->program(), step(index))) return nullptr;
    if (!IsColumn(records, related.value)) return nullptr;
    std::vector<ConditionPtr> parts;
    parts.push_back(test(records));
    if (related.condition != expr::kNone) parts.push_back(Take(records, related.condition));
    if (parts.back() == nullptr) return nullptr;
    return std::make_unique<Aggregate>(records, Op::kExists, index,
                                       std::make_unique<Junction>(/*is_and=*/true, std::move(parts)), nullptr,
                                       nullptr);
  }

  // A frame of related records with their references; nullptr where these cannot be columns.
  Frame* TryRecords(const expr::RelatedRecords& related) {
    Frame* records = NewFrame(evaluation_->program().schema().Find(related.type), /*outermost=*/false);
    return UseSlot(records, related.reference) ? records : nullptr;
  }

  // `parent` stays null where that is the record itself.
  std::unique_ptr<Aggregate> TryAggregate(Frame* frame, StepIndex index, NumbersPtr* parent) {
    const Step& of = step(index);
    const expr::RelatedRecords& related = *of.related;
    if (!Aggregate::Supports(evaluation_->program(), of)) return nullptr;
    const Step& whose = step(related.parent);
    if (whose.op != Op::kId || whose.scope != 0) {
      *parent = TryNumbers(frame, related.parent, 0);
      if (*parent == nullptr) return nullptr;
    }
    Frame* records = TryRecords(related);
    if (records == nullptr) return nullptr;
    ConditionPtr condition;
    if (related.condition != expr::kNone) {
      condition = Take(records, related.condition);
      if (condition == nullptr) return nullptr;
    }
    NumbersPtr value;
    if (related.value != expr::kNone) {
      value = TryNumbers(records, related.value, 0);
      if (value == nullptr) return nullptr;
    }
    NumbersPtr moment;
    if (related.has_moment && (of.op == Op::kFirst || of.op == Op::kLast)) {
      if (!UseSlot(records, related.moment)) return nullptr;
      moment = std::make_unique<FieldNumbers>(records, related.moment);
    }
    return std::make_unique<Aggregate>(records, of.op, index, std::move(condition), std::move(value),
                                       std::move(moment));
  }

  Evaluation* evaluation_;
  Parts* parts_;
  std::vector<Uses> uses_;  // by step
};

}  // namespace

Parts TakeApart(Evaluation* evaluation) {
  Parts parts;
  Taker(evaluation, &parts).Run();
  return parts;
}

}  // namespace relata::column
