// Chooses for each step of a condition how columns answer it.
#include "src/column/scan_compile.h"

#include <algorithm>
#include <utility>

#include "src/column/field_tests.h"
#include "src/column/members.h"
#include "src/column/taker.h"
#include "src/column/through.h"
#include "src/expr/op_traits.h"

namespace relata::column {

using expr::Base;
using expr::Op;
using expr::Step;
using expr::StepIndex;

namespace {

bool IsEquality(Op op) { return op == Op::kEqual || op == Op::kNotEqual; }

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

}  // namespace

void Taker::Run() {
  Frame* frame = NewFrame(&evaluation_->program().entity(), /*outermost=*/true);
  parts_->condition = Take(frame, evaluation_->program().root());
}

Frame* Taker::NewFrame(const store::TypeRuntime* type, bool outermost) {
  parts_->frames.push_back(std::make_unique<Frame>());
  Frame* frame = parts_->frames.back().get();
  frame->evaluation = evaluation_;
  frame->type = type;
  frame->outermost = outermost;
  return frame;
}

void Taker::FindUses() {
  const std::vector<Step>& steps = evaluation_->program().steps();
  uses_.resize(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) {  // arguments come before what uses them
    switch (steps[i].op) {
      case Op::kField:
        uses_[i] = {.what = steps[i].scope == 0 ? Uses::kOneField : Uses::kMore, .slot = steps[i].slot};
        break;
      case Op::kFieldOf:  // what is read through a reference hangs on the reference alone
        uses_[i] = uses_[steps[i].args[0]];
        break;
      default:
        if (expr::LooksAtRecords(steps[i].op)) uses_[i].what = Uses::kMore;
        for (const StepIndex arg : steps[i].args) uses_[i].Add(uses_[arg]);
        break;
    }
  }
}

bool Taker::IsColumn(Frame* frame, StepIndex index) {
  const Step& field = step(index);
  return field.op == Op::kField && field.scope == 0 && UseSlot(frame, field.slot);
}

bool Taker::UseSlot(Frame* frame, FieldId slot) {
  if (!ColumnCache::CanHold(frame->type->type->fields[slot])) return false;
  frame->slots.insert(slot);
  return true;
}

ConditionPtr Taker::Take(Frame* frame, StepIndex index) {
  const std::set<FieldId> slots = frame->slots;
  const size_t frames = parts_->frames.size();
  if (ConditionPtr condition = Try(frame, index)) return condition;
  frame->slots = slots;  // what a failed attempt would have used is not needed
  parts_->frames.resize(frames);
  return frame->outermost ? std::make_unique<AskRows>(frame, index) : nullptr;
}

ConditionPtr Taker::Try(Frame* frame, StepIndex index) {
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
      if (expr::IsComparison(of.op)) return TryComparison(frame, index);
      if (ConditionPtr truth = TryTruth(frame, index)) return truth;
      return TryLookup(frame, index);
  }
}

ConditionPtr Taker::TryJunction(Frame* frame, const Step& of) {
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

ConditionPtr Taker::TryUnary(Frame* frame, Unary::Kind kind, const Step& of) {
  ConditionPtr x = Take(frame, of.args[0]);
  return x == nullptr ? nullptr : std::make_unique<Unary>(kind, std::move(x));
}

ConditionPtr Taker::TryNull(Frame* frame, StepIndex index) {
  const Step& of = step(index);
  const StepIndex arg = of.args[0];
  if (IsColumn(frame, arg)) return std::make_unique<NullTest>(frame, step(arg).slot);
  if (step(arg).type.base == Base::kBool) return TryUnary(frame, Unary::Kind::kIsNull, of);
  if (ConditionPtr lookup = TryLookup(frame, index)) return lookup;
  NumbersPtr x = TryNumbers(frame, arg, 0);
  return x == nullptr ? nullptr : std::make_unique<NullNumbersTest>(std::move(x));
}

ConditionPtr Taker::TryComparison(Frame* frame, StepIndex index) {
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

ConditionPtr Taker::TryList(Frame* frame, StepIndex index) {
  const Step& of = step(index);
  if (!IsOrdered(step(of.args[0]).type.base)) return nullptr;
  for (size_t i = 1; i < of.args.size(); ++i) {
    if (uses_[of.args[i]].what != Uses::kNothing) return nullptr;
  }
  if (!IsColumn(frame, of.args[0])) return nullptr;
  return std::make_unique<ListTest>(frame, step(of.args[0]).slot, index);
}

ConditionPtr Taker::TryThrough(Frame* frame, StepIndex index) {
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

ConditionPtr Taker::TryTruth(Frame* frame, StepIndex index) {
  const Op op = step(index).op;
  if (op != Op::kFieldOf && op != Op::kCoalesce) return nullptr;
  const std::set<FieldId> slots = frame->slots;
  const size_t frames = parts_->frames.size();
  NumbersPtr x = TryNumbers(frame, index, 0);
  if (x != nullptr) return std::make_unique<TruthTest>(std::move(x));
  frame->slots = slots;
  parts_->frames.resize(frames);
  return nullptr;
}

ConditionPtr Taker::TryLookup(Frame* frame, StepIndex index) {
  const size_t frames = parts_->frames.size();
  if (ConditionPtr through = TryThrough(frame, index)) return through;
  parts_->frames.resize(frames);
  const Uses& uses = uses_[index];
  if (uses.what != Uses::kOneField || !UseSlot(frame, uses.slot)) return nullptr;
  return std::make_unique<LookupTest>(frame, uses.slot, index);
}

Parts TakeApart(Evaluation* evaluation) {
  Parts parts;
  Taker(evaluation, &parts).Run();
  return parts;
}

std::optional<Parts> TakeApartNumbers(Evaluation* evaluation) {
  Parts parts;
  Taker(evaluation, &parts).RunNumbers();
  if (parts.numbers == nullptr) return std::nullopt;
  return parts;
}

std::optional<Parts> TakeApartKey(Evaluation* evaluation) {
  Parts parts;
  Taker(evaluation, &parts).RunKey();
  if (parts.key == nullptr) return std::nullopt;
  return parts;
}

std::map<EntityTypeId, std::set<FieldId>> SlotsOf(std::span<const Parts* const> parts) {
  std::map<EntityTypeId, std::set<FieldId>> slots;
  for (const Parts* part : parts) {
    for (const auto& frame : part->frames) {
      slots[frame->type->type->id].insert(frame->slots.begin(), frame->slots.end());
    }
  }
  return slots;
}

StatusOr<std::shared_ptr<const Table>> OpenTables(std::span<Parts* const> parts,
                                                  const store::TypeRuntime& type, const store::Snapshot& at,
                                                  ColumnCache* cache) {
  std::map<EntityTypeId, std::set<FieldId>> slots =
      SlotsOf(std::vector<const Parts*>(parts.begin(), parts.end()));
  slots.try_emplace(type.type->id);
  std::shared_ptr<const Table> own;
  for (const auto& [id, set] : slots) {
    const std::vector<FieldId> list(set.begin(), set.end());
    RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const Table> table,
                            cache->Get(at, *at.schema().Find(id), list));
    if (id == type.type->id) own = table;
    for (Parts* part : parts) {
      for (const auto& frame : part->frames) {
        if (frame->type->type->id == id) frame->table = table;
      }
    }
  }
  return own;
}

}  // namespace relata::column
