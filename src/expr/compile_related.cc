// Aggregates over related records.
#include <utility>

#include "relata/base/strings.h"
#include "src/expr/compiler.h"
#include "src/expr/words.h"

namespace relata::expr {
namespace {

Op OpOf(Function function) {
  switch (function) {
    case Function::kCount:
      return Op::kCount;
    case Function::kSum:
      return Op::kSum;
    case Function::kAvg:
      return Op::kAvg;
    case Function::kMin:
      return Op::kMin;
    case Function::kMax:
      return Op::kMax;
    case Function::kFirst:
      return Op::kFirst;
    case Function::kLast:
      return Op::kLast;
    case Function::kDistinct:
      return Op::kCountDistinct;
    default:
      return Op::kExists;
  }
}

bool IsSet(Base base) {
  return base == Base::kTextSet || base == Base::kLabelSet || base == Base::kRecordSet;
}

}  // namespace

StatusOr<StepIndex> Compiler::Aggregate(const Node& node, const Window* window) {
  const std::string_view word = WordOf(node.function()).name;
  const Node& related = *node.parts[0];
  const Op op = OpOf(node.function());
  const uint32_t around = at_;
  if (related.position != kNoPosition) at_ = related.position;
  RELATA_ASSIGN_OR_RETURN(const Collection collection, CollectionOf(related.path()));
  EnterScope(*collection.type);
  StepIndex value = kNone;
  StepIndex condition = kNone;
  if (collection.value < related.path().names.size()) {
    RELATA_ASSIGN_OR_RETURN(value, Walk(*collection.type, Owner{}, related.path().names, collection.value));
  }
  if (!related.parts.empty()) {
    RELATA_ASSIGN_OR_RETURN(condition, Condition(related.parts[0]));
  }
  if (window != nullptr) {
    RELATA_ASSIGN_OR_RETURN(const StepIndex moment, MomentOf(*collection.type, "trend(…)"));
    RELATA_ASSIGN_OR_RETURN(const StepIndex inside, InWindow(moment, *window));
    condition = condition == kNone ? inside : And(condition, inside);
  }
  const bool counts = op == Op::kCount || op == Op::kExists;
  if (counts && value != kNone) {
    // count(orders.total) counts the orders that have one.
    const StepIndex has = Not(Make(Op::kIsNull, kCondition, {value}));
    condition = condition == kNone ? has : And(condition, has);
    value = kNone;
  }
  LeaveScope();
  at_ = around;
  if (!counts && value == kNone) {
    return Refuse(StrCat(word, "(…) takes a field of the related records, as in ", word, "(",
                         related.path().names.back(), ".total)"));
  }
  RELATA_ASSIGN_OR_RETURN(const Type type, AggregateType(op, word, value));
  const StepIndex result = Related(op, type, collection, value, condition);
  return node.function() == Function::kNone ? Not(result) : result;
}

// all(c where q, p): there is none with q of which p is not true.
StatusOr<StepIndex> Compiler::All(const Node& node) {
  const Node& related = *node.parts[0];
  const uint32_t around = at_;
  if (related.position != kNoPosition) at_ = related.position;
  RELATA_ASSIGN_OR_RETURN(const Collection collection, CollectionOf(related.path()));
  if (collection.value < related.path().names.size()) {
    return Refuse("all(…) takes a collection and a condition, not a field");
  }
  EnterScope(*collection.type);
  StepIndex condition = kNone;
  if (!related.parts.empty()) {
    RELATA_ASSIGN_OR_RETURN(condition, Condition(related.parts[0]));
  }
  RELATA_ASSIGN_OR_RETURN(const StepIndex holds, Condition(node.parts[1]));
  const StepIndex fails = Not(Make(Op::kIsTrue, kCondition, {holds}));
  LeaveScope();
  at_ = around;
  return Not(Related(Op::kExists, kCondition, collection, kNone,
                     condition == kNone ? fails : And(condition, fails)));
}

StepIndex Compiler::Related(Op op, const Type& type, const Collection& collection, StepIndex value,
                            StepIndex condition) {
  RelatedRecords related;
  related.type = collection.type->id;
  related.reference = collection.reference->id;
  related.parent = collection.parent;
  related.value = value;
  related.condition = condition;
  related.has_moment = collection.type->moment.has_value();
  related.moment = collection.type->moment.value_or(0);
  Step step;
  step.op = op;
  step.type = type;
  step.related = std::make_shared<const RelatedRecords>(related);
  return Add(std::move(step));
}

StatusOr<Type> Compiler::AggregateType(Op op, std::string_view name, StepIndex value) const {
  if (op == Op::kCount || op == Op::kCountDistinct) {
    if (value != kNone && (IsSet(TypeOf(value).base) || Has(value, Base::kObject))) {
      return Refuse(StrCat(name, "(…) takes a single value; found ", Describe(value)));
    }
    return ExactType(0);
  }
  if (op == Op::kExists) return kCondition;
  const Type type = TypeOf(value);
  bool sensible = true;
  switch (op) {
    case Op::kSum:
      sensible = type.base == Base::kExact || type.base == Base::kDouble || type.base == Base::kMoney ||
                 type.base == Base::kInterval;
      break;
    case Op::kAvg:
      if (type.base == Base::kExact) return Type{Base::kDouble};
      sensible = type.base == Base::kDouble || type.base == Base::kMoney;
      break;
    case Op::kMin:
    case Op::kMax:
      sensible = !IsSet(type.base) && type.base != Base::kObject && type.base != Base::kPoint &&
                 type.base != Base::kRecord && type.base != Base::kBool && type.base != Base::kCurrency;
      break;
    default:
      break;
  }
  if (!sensible) return Refuse(StrCat(name, "(…) of ", Describe(type), " makes no sense"));
  return type;
}

}  // namespace relata::expr
