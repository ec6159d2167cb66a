// Comparison, lists, sets and tests of texts.
//
// A number is compared exactly with a field that has fewer decimals: not by giving the field more decimals,
// which may overflow and which no index has, but with the nearest number that the field can hold: of an
// amount in cents, x < 10.555 asks x <= 10.55. Where neither side is known, a step of its own says which of
// the two is greater.
#include <limits>
#include <optional>
#include <utility>

#include "relata/base/strings.h"
#include "src/expr/compiler.h"
#include "src/expr/op_traits.h"
#include "src/expr/words.h"

namespace relata::expr {
namespace {

Op OpOf(Operator op) {
  switch (op) {
    case Operator::kEqual:
      return Op::kEqual;
    case Operator::kNotEqual:
      return Op::kNotEqual;
    case Operator::kLess:
      return Op::kLess;
    case Operator::kLessEqual:
      return Op::kLessEqual;
    case Operator::kGreater:
      return Op::kGreater;
    case Operator::kGreaterEqual:
      return Op::kGreaterEqual;
    case Operator::kLike:
      return Op::kLike;
    case Operator::kILike:
      return Op::kILike;
    case Operator::kStartsWith:
      return Op::kStartsWith;
    case Operator::kEndsWith:
      return Op::kEndsWith;
    case Operator::kContains:
      return Op::kContains;
    default:
      return Op::kIsDistinct;
  }
}

// Where a number lies among those of a scale: the greatest of them that is not above it.
struct Place {
  int64_t units = 0;
  bool exact = false;
  bool above_all = false;
  bool below_all = false;
};

Place PlaceOf(const Decimal& number, uint8_t scale) {
  __int128 units = number.units;
  Place place;
  for (uint8_t i = scale; i < number.scale; ++i) {
    const __int128 below = units < 0 && units % 10 != 0 ? units / 10 - 1 : units / 10;
    units = below;
  }
  for (uint8_t i = number.scale; i < scale; ++i) units *= 10;
  place.above_all = units > std::numeric_limits<int64_t>::max();
  place.below_all = units < std::numeric_limits<int64_t>::min();
  if (place.above_all || place.below_all) return place;
  place.units = static_cast<int64_t>(units);
  place.exact = Decimal{place.units, scale} == number;
  return place;
}

}  // namespace

StatusOr<StepIndex> Compiler::Binary(const Node& node) {
  const Operator op = node.op();
  RELATA_ASSIGN_OR_RETURN(const StepIndex a, Value(node.parts[0]));
  if (op == Operator::kIn && node.parts[1]->kind == Kind::kPeriod) {
    return InPeriod(a, node.parts[1]->period());
  }
  if (op == Operator::kMatches) return Matches(a, node.parts[1]);
  RELATA_ASSIGN_OR_RETURN(const StepIndex b, Value(node.parts[1]));
  switch (op) {
    case Operator::kAdd:
      return Plus(a, b);
    case Operator::kSubtract:
      return Minus(a, b);
    case Operator::kMultiply:
      return Times(a, b);
    case Operator::kDivide:
      return Over(a, b);
    case Operator::kIn:
      return ElementOf(a, b);
    case Operator::kLike:
    case Operator::kILike:
    case Operator::kStartsWith:
    case Operator::kEndsWith:
    case Operator::kContains:
      return TextTest(OpOf(op), a, b);
    default:
      return Compare(OpOf(op), a, b);
  }
}

StatusOr<StepIndex> Compiler::Compare(Op op, StepIndex a, StepIndex b) {
  if (IsConstant(a) && !IsConstant(b)) {
    std::swap(a, b);
    op = Mirrored(op);
  }
  const bool numbers = Has(a, Base::kExact) || Has(a, Base::kMoney);
  if (numbers && IsKnown(b) && Has(b, Base::kExact)) {
    return CompareWithNumber(op, a, Decimal{step(b).constant.AsInt(), TypeOf(b).scale});
  }
  if (HaveUnlikeScales(a, b)) return CompareScales(op, a, b);
  std::vector<StepIndex> sides = {a, b};
  RELATA_ASSIGN_OR_RETURN(const Type type, Unify(&sides));
  const bool set =
      type.base == Base::kTextSet || type.base == Base::kLabelSet || type.base == Base::kRecordSet;
  if (set) return Refuse("sets are compared with 'has exactly (…)'");
  if (type.base == Base::kObject) return Refuse("an object is not compared with anything");
  const bool ordered = type.base != Base::kPoint && (type.base != Base::kRecord || type.target != 0);
  if (IsOrdering(op) && !ordered) {
    return Refuse(StrCat(Describe(type), " is before or after no other: ask = or <>"));
  }
  return Make(op, kCondition, sides);
}

StatusOr<StepIndex> Compiler::CompareWithNumber(Op op, StepIndex x, const Decimal& number) {
  const Type type = TypeOf(x);
  const Place place = PlaceOf(number, type.scale);
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  const auto with = [&](Op compared, int64_t units) {
    return Make(compared, kCondition, {x, Constant(type, Datum::OfInt(units))});
  };
  if (place.exact) return with(op, place.units);
  if (op == Op::kIsDistinct) return Constant(kCondition, Datum::OfInt(1));
  if (op == Op::kEqual) return Never(x);
  if (op == Op::kNotEqual) return with(Op::kLessEqual, kMax);
  const bool below = op == Op::kLess || op == Op::kLessEqual;
  if (place.above_all) return with(below ? Op::kLessEqual : Op::kGreater, kMax);
  if (place.below_all) return with(below ? Op::kLess : Op::kGreaterEqual, kMin);
  return with(below ? Op::kLessEqual : Op::kGreater, place.units);
}

// Two exact numbers, or one and an amount. Amounts of two currencies are not for comparison, and a bare
// number that the other side can hold takes its type.
bool Compiler::HaveUnlikeScales(StepIndex a, StepIndex b) const {
  const auto exact = [&](StepIndex x) { return Has(x, Base::kExact) || Has(x, Base::kMoney); };
  if (!exact(a) || !exact(b) || (Has(a, Base::kMoney) && Has(b, Base::kMoney))) return false;
  const auto takes_type_of = [&](StepIndex x, StepIndex y) {
    return IsWritten(x) && TypeOf(x).scale <= TypeOf(y).scale;
  };
  return TypeOf(a).scale != TypeOf(b).scale && !takes_type_of(a, b) && !takes_type_of(b, a);
}

StepIndex Compiler::CompareScales(Op op, StepIndex a, StepIndex b) {
  const StepIndex zero = WholeNumber(0);
  const StepIndex order = Make(Op::kOrder, ExactType(0), {a, b});
  if (op != Op::kIsDistinct) return Make(op, kCondition, {order, zero});
  // Two values are unlike; or one is null, and the other is not.
  const StepIndex a_null = Make(Op::kIsNull, kCondition, {a});
  const StepIndex b_null = Make(Op::kIsNull, kCondition, {b});
  const StepIndex unlike = Make(Op::kNotEqual, kCondition, {order, zero});
  return Make(Op::kOr, kCondition,
              {Make(Op::kIsTrue, kCondition, {unlike}), Make(Op::kAnd, kCondition, {a_null, Not(b_null)}),
               Make(Op::kAnd, kCondition, {Not(a_null), b_null})});
}

StatusOr<StepIndex> Compiler::Never(StepIndex x) {
  const StepIndex greatest = Constant(TypeOf(x), Datum::OfInt(std::numeric_limits<int64_t>::max()));
  return Make(Op::kGreater, kCondition, {x, greatest});
}

StatusOr<StepIndex> Compiler::In(const Node& node) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(node.parts[0]));
  std::vector<StepIndex> sides = {x};
  std::vector<StepIndex> apart;  // equalities with what x cannot be held alike with
  const bool numbers = !IsConstant(x) && (Has(x, Base::kExact) || Has(x, Base::kMoney));
  for (size_t i = 1; i < node.parts.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const StepIndex item, Value(node.parts[i]));
    if (numbers && IsKnown(item) && Has(item, Base::kExact)) {
      // A number that x cannot hold is never equal to it.
      const Place place = PlaceOf({step(item).constant.AsInt(), TypeOf(item).scale}, TypeOf(x).scale);
      if (place.exact) sides.push_back(Constant(TypeOf(x), Datum::OfInt(place.units)));
    } else if (HaveUnlikeScales(x, item)) {
      RELATA_ASSIGN_OR_RETURN(apart.emplace_back(), Compare(Op::kEqual, x, item));
    } else {
      sides.push_back(item);
    }
  }
  if (sides.size() == 1 && apart.empty()) return Never(x);
  RELATA_ASSIGN_OR_RETURN(const Type type, Unify(&sides));
  if (type.base == Base::kTextSet || type.base == Base::kLabelSet || type.base == Base::kRecordSet) {
    return Refuse("a set is asked with has any, has all, has none or has exactly (…)");
  }
  if (type.base == Base::kObject) return Refuse("an object is not compared with anything");
  if (sides.size() > 1) apart.push_back(Make(Op::kIn, kCondition, sides));
  return apart.size() == 1 ? apart[0] : Make(Op::kOr, kCondition, apart);
}

StatusOr<StepIndex> Compiler::ElementOf(StepIndex x, StepIndex set) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex element, ElementFor(x, TypeOf(set)));
  return Make(Op::kElementOf, kCondition, {element, set});
}

StatusOr<StepIndex> Compiler::ElementFor(StepIndex element, const Type& set) {
  Type type;
  switch (set.base) {
    case Base::kTextSet:
      type = Type{Base::kText};
      break;
    case Base::kLabelSet:
      type = Type{.base = Base::kEnum, .field = set.field};
      break;
    case Base::kRecordSet:
      type = Type{.base = Base::kRecord, .target = set.target};
      break;
    default:
      return Refuse(StrCat("expected a set; found ", Describe(set)));
  }
  if (IsWritten(element)) {
    RELATA_RETURN_IF_ERROR(CheckFits(element, type));
  } else {
    RELATA_RETURN_IF_ERROR(Join(type, TypeOf(element)).status());
  }
  return Convert(element, type);
}

StatusOr<StepIndex> Compiler::HasElements(const Node& node) {
  std::vector<StepIndex> args;
  RELATA_ASSIGN_OR_RETURN(args.emplace_back(), Value(node.parts[0]));
  for (size_t i = 1; i < node.parts.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const StepIndex element, Value(node.parts[i]));
    RELATA_ASSIGN_OR_RETURN(args.emplace_back(), ElementFor(element, TypeOf(args[0])));
  }
  Step step;
  step.op = Op::kHas;
  step.type = kCondition;
  step.test = node.set_test();
  step.args.assign(args.begin(), args.end());
  return Add(std::move(step));
}

StatusOr<StepIndex> Compiler::TextTest(Op op, StepIndex x, StepIndex y) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex text, ToText(x, NameOf(op)));
  RELATA_ASSIGN_OR_RETURN(const StepIndex pattern, ToText(y, NameOf(op)));
  return Make(op, kCondition, {text, pattern});
}

}  // namespace relata::expr
