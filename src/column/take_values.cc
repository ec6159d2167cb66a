// Chooses how the steps of a value or a grouping key are computed: fields, records that references name,
// arithmetic by blocks.
#include <algorithm>
#include <utility>

#include "src/column/referred.h"
#include "src/column/taker.h"
#include "src/expr/op_traits.h"

namespace relata::column {

using expr::Base;
using expr::Op;
using expr::Step;
using expr::StepIndex;

namespace {

// Values are computed into blocks of their own, one below another.
constexpr int kMostNested = 32;

}  // namespace

void Taker::RunNumbers() {
  Frame* frame = NewFrame(&evaluation_->program().entity(), /*outermost=*/true);
  parts_->numbers = TryNumbers(frame, evaluation_->program().root(), 0);
}

void Taker::RunKey() {
  Frame* frame = NewFrame(&evaluation_->program().entity(), /*outermost=*/true);
  parts_->key = TryKey(frame, evaluation_->program().root());
}

NumbersPtr Taker::TryNumbers(Frame* frame, StepIndex index, int depth) {
  const Step& of = step(index);
  if (expr::IsBytes(of.type.base) || depth > kMostNested) return nullptr;
  if (uses_[index].what == Uses::kNothing) return std::make_unique<FixedNumbers>(evaluation_, index);
  if (IsColumn(frame, index)) return std::make_unique<FieldNumbers>(frame, of.slot);
  if (of.op == Op::kId && of.scope == 0) return std::make_unique<IdNumbers>();
  if (of.op == Op::kFieldOf) return TryReferred(frame, index);
  if (expr::IsAggregate(of.op) && of.op != Op::kExists) {
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

std::vector<StepIndex> Taker::PathOf(Frame* frame, StepIndex index) const {
  std::vector<StepIndex> path = {index};
  while (step(path.back()).op == Op::kFieldOf) path.push_back(step(path.back()).args[0]);
  std::reverse(path.begin(), path.end());
  if (step(path[0]).op != Op::kField || step(path[0]).scope != 0 || path.size() == 1) return {};
  const store::TypeRuntime* from = frame->type;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    const store::TypeRuntime* target = evaluation_->program().schema().Find(step(path[i + 1]).entity);
    if (step(path[i]).type.base != Base::kRecord || step(path[i]).type.target != target->type->id) return {};
    if (!evaluation_->IsWorthAScan(*target, *from)) return {};
    from = target;
  }
  return path;
}

Frame* Taker::Follow(Frame* frame, const std::vector<StepIndex>& path, std::vector<Frame*>* frames) {
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    if (!UseSlot(frame, step(path[i]).slot)) return nullptr;
    frames->push_back(frame);
    frame = NewFrame(evaluation_->program().schema().Find(step(path[i + 1]).entity), /*outermost=*/false);
  }
  return UseSlot(frame, step(path.back()).slot) ? frame : nullptr;
}

NumbersPtr Taker::TryReferred(Frame* frame, StepIndex index) {
  const std::vector<StepIndex> path = PathOf(frame, index);
  std::vector<Frame*> frames;
  Frame* target = path.empty() ? nullptr : Follow(frame, path, &frames);
  if (target == nullptr) return nullptr;
  NumbersPtr numbers = std::make_unique<FieldNumbers>(target, step(index).slot);
  for (size_t i = frames.size(); i-- > 0; target = frames[i]) {
    numbers = std::make_unique<ReferredNumbers>(frames[i], step(path[i]).slot, target, std::move(numbers));
  }
  return numbers;
}

KeyCodesPtr Taker::TryKey(Frame* frame, StepIndex index) {
  const Step& of = step(index);
  if (IsColumn(frame, index)) return FieldKeyOf(frame, of.slot, of.type.base);
  if (const std::vector<StepIndex> path = PathOf(frame, index); !path.empty()) {
    std::vector<Frame*> frames;
    Frame* target = Follow(frame, path, &frames);
    if (target != nullptr) {
      KeyCodesPtr key = FieldKeyOf(target, of.slot, of.type.base);
      for (size_t i = frames.size(); i-- > 0; target = frames[i]) {
        key = std::make_unique<ReferredKey>(frames[i], step(path[i]).slot, target, std::move(key));
      }
      return key;
    }
  }
  const Uses& uses = uses_[index];
  if (uses.what == Uses::kOneField && UseSlot(frame, uses.slot)) {
    const Base base = step(FieldStep(uses.slot)).type.base;
    return std::make_unique<OneFieldKey>(frame, uses.slot, index, FieldKeyOf(frame, uses.slot, base));
  }
  NumbersPtr numbers = TryNumbers(frame, index, 0);
  if (numbers == nullptr) return nullptr;
  return std::make_unique<NumbersKey>(frame, of.type.base, std::move(numbers));
}

KeyCodesPtr Taker::FieldKeyOf(const Frame* frame, FieldId slot, Base base) const {
  if (frame->type->type->fields[slot].is_variable()) return std::make_unique<TextKey>(frame, slot);
  return std::make_unique<FieldKey>(frame, slot, base);
}

StepIndex Taker::FieldStep(FieldId slot) const {
  StepIndex index = 0;
  while (step(index).op != Op::kField || step(index).scope != 0 || step(index).slot != slot) ++index;
  return index;
}

}  // namespace relata::column
