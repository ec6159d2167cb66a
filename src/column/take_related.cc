// Chooses how aggregates over related records are computed.
#include <utility>

#include "src/column/field_tests.h"
#include "src/column/taker.h"
#include "src/expr/op_traits.h"

namespace relata::column {

using expr::Base;
using expr::Op;
using expr::Step;
using expr::StepIndex;

namespace {

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

}  // namespace

ConditionPtr Taker::TryExists(Frame* frame, StepIndex index) {
  NumbersPtr parent;
  std::unique_ptr<Aggregate> aggregate = TryAggregate(frame, index, &parent);
  if (aggregate == nullptr) return nullptr;
  return std::make_unique<ExistsTest>(std::move(aggregate), std::move(parent));
}

ConditionPtr Taker::TryExtreme(const Step& of) {
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

std::unique_ptr<Aggregate> Taker::TryExistence(StepIndex index,
                                               absl::FunctionRef<ConditionPtr(Frame*)> test) {
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

Frame* Taker::TryRecords(const expr::RelatedRecords& related) {
  Frame* records = NewFrame(evaluation_->program().schema().Find(related.type), /*outermost=*/false);
  return UseSlot(records, related.reference) ? records : nullptr;
}

std::unique_ptr<Aggregate> Taker::TryAggregate(Frame* frame, StepIndex index, NumbersPtr* parent) {
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

}  // namespace relata::column
