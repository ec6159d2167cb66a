// Arithmetic: numbers, amounts, dates and intervals.
//
// Exact numbers stay exact: a sum has the decimals of the finer side, a product those of both. Where that is
// more than a decimal has (18), and for quotients but of whole numbers, the result is a double. Amounts never
// become doubles, but for the ratio of two.
#include <limits>
#include <utility>

#include "relata/base/strings.h"
#include "src/expr/calendar.h"
#include "src/expr/compiler.h"

namespace relata::expr {
namespace {}  // namespace

StatusOr<StepIndex> Compiler::Unlike(std::string_view operation, StepIndex a, StepIndex b) const {
  return Refuse(StrCat("cannot ", operation, " ", Describe(a), " and ", Describe(b)));
}

StatusOr<StepIndex> Compiler::Negate(StepIndex x) {
  const Type type = TypeOf(x);
  const Datum datum = step(x).constant;
  switch (type.base) {
    case Base::kNull:
      return x;
    case Base::kExact:
    case Base::kMoney:
      if (IsKnown(x) && datum.AsInt() != std::numeric_limits<int64_t>::min()) {
        return Constant(type, Datum::OfInt(-datum.AsInt()));
      }
      break;
    case Base::kDouble:
      if (IsKnown(x)) return Constant(type, Datum::OfDouble(-datum.AsDouble()));
      break;
    case Base::kInterval:
      if (IsKnown(x)) {
        Interval negated;
        if (__builtin_sub_overflow(0, step(x).interval.months, &negated.months) ||
            __builtin_sub_overflow(0, step(x).interval.micros, &negated.micros)) {
          return Refuse("the interval is too long");
        }
        return IntervalConstant(negated);
      }
      break;
    default:
      return Refuse(StrCat("only a number, an amount or an interval has a sign; found ", Describe(x)));
  }
  return Make(Op::kNegate, type, {x});
}

StatusOr<StepIndex> Compiler::Plus(StepIndex a, StepIndex b) {
  const auto moment = [&](StepIndex x) { return Has(x, Base::kDate) || Has(x, Base::kTimestamp); };
  if (moment(b) && !moment(a)) std::swap(a, b);
  if (moment(a)) {
    if (Has(b, Base::kInterval)) return AddInterval(a, b, 1);
    if (Has(a, Base::kDate) && Has(b, Base::kExact)) return AddDays(a, b, 1);
    if (Has(b, Base::kNull)) return Constant(TypeOf(a), Datum::Absent());
    return Unlike("add", a, b);
  }
  return Sum(Op::kAdd, a, b);
}

StatusOr<StepIndex> Compiler::Minus(StepIndex a, StepIndex b) {
  const auto moment = [&](StepIndex x) { return Has(x, Base::kDate) || Has(x, Base::kTimestamp); };
  if (!moment(a) && moment(b) && !IsConstant(a)) return Unlike("subtract", a, b);
  if (!moment(a) && !moment(b)) return Sum(Op::kSubtract, a, b);
  if (Has(b, Base::kInterval)) return AddInterval(a, b, -1);
  if (Has(a, Base::kDate) && Has(b, Base::kExact)) return AddDays(a, b, -1);
  if (moment(a) && Has(b, Base::kNull)) return Constant(TypeOf(a), Datum::Absent());
  std::vector<StepIndex> sides = {a, b};
  RELATA_ASSIGN_OR_RETURN(const Type type, Unify(&sides));
  if (type.base == Base::kDate) return Make(Op::kDaysBetween, ExactType(0), sides);
  return Make(Op::kMicrosBetween, Type{Base::kInterval}, sides);
}

StatusOr<StepIndex> Compiler::Sum(Op op, StepIndex a, StepIndex b) {
  const std::string_view operation = op == Op::kAdd ? "add" : "subtract";
  std::vector<StepIndex> sides = {a, b};
  RELATA_ASSIGN_OR_RETURN(const Type type, Unify(&sides));
  switch (type.base) {
    case Base::kExact:
    case Base::kMoney:
    case Base::kDouble:
    case Base::kInterval:
      break;
    case Base::kBool:
      if (Has(a, Base::kNull) && Has(b, Base::kNull)) return a;
      [[fallthrough]];
    default:
      return Unlike(operation, a, b);
  }
  if (IsKnown(sides[0]) && IsKnown(sides[1]) && type.base != Base::kDouble) {
    const int64_t sign = op == Op::kAdd ? 1 : -1;
    int64_t sum = 0;
    int64_t months = 0;
    const bool fits = !__builtin_mul_overflow(step(sides[1]).constant.AsInt(), sign, &sum) &&
                      !__builtin_add_overflow(step(sides[0]).constant.AsInt(), sum, &sum) &&
                      !__builtin_mul_overflow(step(sides[1]).interval.months, sign, &months) &&
                      !__builtin_add_overflow(step(sides[0]).interval.months, months, &months);
    if (fits && type.base == Base::kInterval) return IntervalConstant({months, sum});
    if (fits) return Constant(type, Datum::OfInt(sum));
  }
  return Make(op, type, sides);
}

StatusOr<StepIndex> Compiler::AddDays(StepIndex date, StepIndex days, int sign) {
  if (TypeOf(days).scale != 0) {
    return Refuse(StrCat("a date moves by whole days; found ", Describe(days)));
  }
  if (sign < 0) {
    RELATA_ASSIGN_OR_RETURN(days, Negate(days));
  }
  return Make(Op::kAddDays, Type{Base::kDate}, {date, days});
}

// Whole days and months move a date; anything shorter makes it a timestamp.
StatusOr<StepIndex> Compiler::AddInterval(StepIndex moment, StepIndex interval, int sign) {
  const Type timestamp{Base::kTimestamp};
  if (Has(moment, Base::kNull)) return Constant(timestamp, Datum::Absent());
  if (!Has(moment, Base::kDate) && !Has(moment, Base::kTimestamp)) {
    return Unlike(sign > 0 ? "add" : "subtract", moment, interval);
  }
  if (!IsKnown(interval)) {
    if (sign < 0) {
      RELATA_ASSIGN_OR_RETURN(interval, Negate(interval));
    }
    RELATA_ASSIGN_OR_RETURN(const StepIndex at, Convert(moment, timestamp));
    return Make(Op::kAddMicros, timestamp, {at, interval});
  }
  const Interval length = step(interval).interval;
  const bool whole_days = length.micros % kMicrosPerDay == 0;
  if (Has(moment, Base::kDate) && whole_days && length.months == 0) {
    return AddDays(moment, WholeNumber(length.micros / kMicrosPerDay), sign);
  }
  if (!whole_days) {
    RELATA_ASSIGN_OR_RETURN(moment, Convert(moment, timestamp));
  }
  Step step;
  step.op = Op::kAddInterval;
  step.type = TypeOf(moment);
  step.interval = length;
  step.sign = static_cast<int8_t>(sign);
  step.args = {moment};
  return Add(std::move(step));
}

StatusOr<StepIndex> Compiler::Times(StepIndex a, StepIndex b) {
  if (Has(b, Base::kMoney) || Has(b, Base::kInterval)) std::swap(a, b);
  const Type x = TypeOf(a);
  const Type y = TypeOf(b);
  const bool number = y.base == Base::kExact || y.base == Base::kDouble || y.base == Base::kNull;
  if (x.base == Base::kMoney && y.base == Base::kDouble) {
    return Refuse("money is multiplied by an exact number: a double would round it; write decimals");
  }
  if (x.base == Base::kMoney && number) {
    RELATA_ASSIGN_OR_RETURN(b, Convert(b, y.base == Base::kNull ? ExactType(0) : y));
    return Make(Op::kMultiply, x, {a, b});
  }
  if (x.base == Base::kInterval && IsKnown(a) && IsKnown(b) && y == ExactType(0)) {
    Interval product;
    if (__builtin_mul_overflow(step(a).interval.months, step(b).constant.AsInt(), &product.months) ||
        __builtin_mul_overflow(step(a).interval.micros, step(b).constant.AsInt(), &product.micros)) {
      return Refuse("the interval is too long");
    }
    return IntervalConstant(product);
  }
  if (x.base == Base::kExact && y.base == Base::kExact && x.scale + y.scale <= Decimal::kMaxScale) {
    const Type type = ExactType(static_cast<uint8_t>(x.scale + y.scale));
    int64_t product = 0;
    if (IsKnown(a) && IsKnown(b) &&
        !__builtin_mul_overflow(step(a).constant.AsInt(), step(b).constant.AsInt(), &product)) {
      return Constant(type, Datum::OfInt(product));
    }
    return Make(Op::kMultiply, type, {a, b});
  }
  const bool numbers = number && (x.base == Base::kExact || x.base == Base::kDouble || x.base == Base::kNull);
  if (!numbers) return Unlike("multiply", a, b);
  if (x.base == Base::kNull || y.base == Base::kNull) {
    return Constant(x.base == Base::kNull ? y : x, Datum::Absent());
  }
  RELATA_ASSIGN_OR_RETURN(a, Convert(a, Type{Base::kDouble}));
  RELATA_ASSIGN_OR_RETURN(b, Convert(b, Type{Base::kDouble}));
  return Make(Op::kMultiply, Type{Base::kDouble}, {a, b});
}

StatusOr<StepIndex> Compiler::Over(StepIndex a, StepIndex b) {
  const Type x = TypeOf(a);
  const Type y = TypeOf(b);
  if (x.base == Base::kMoney && y.base == Base::kMoney) {
    if (x.currency != y.currency) return Join(x, y).status();
    return Make(Op::kRatio, Type{Base::kDouble}, {a, b});
  }
  if (x.base == Base::kMoney && y.base == Base::kDouble) {
    return Refuse("money is divided by an exact number: a double would round it; write decimals");
  }
  const auto number = [](const Type& type) {
    return type.base == Base::kExact || type.base == Base::kDouble || type.base == Base::kNull;
  };
  if (x.base == Base::kMoney && number(y)) {
    RELATA_ASSIGN_OR_RETURN(b, Convert(b, y.base == Base::kNull ? ExactType(0) : y));
    return Make(Op::kDivide, x, {a, b});
  }
  if (!number(x) || !number(y)) return Unlike("divide", a, b);
  if (x.base == Base::kNull || y.base == Base::kNull) {
    return Constant(x.base == Base::kNull ? y : x, Datum::Absent());
  }
  if (x == ExactType(0) && y == ExactType(0)) return Make(Op::kDivide, x, {a, b});
  RELATA_ASSIGN_OR_RETURN(a, Convert(a, Type{Base::kDouble}));
  RELATA_ASSIGN_OR_RETURN(b, Convert(b, Type{Base::kDouble}));
  return Make(Op::kDivide, Type{Base::kDouble}, {a, b});
}

}  // namespace relata::expr
