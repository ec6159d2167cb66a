// Constants: what a literal is, and what must be one.
#include <utility>

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/expr/compiler.h"

namespace relata::expr {

StepIndex Compiler::Constant(const Type& type, Datum datum) {
  Step step;
  step.op = Op::kConstant;
  step.type = type;
  step.constant = datum;
  return Add(std::move(step));
}

StepIndex Compiler::TextConstant(std::string_view text) {
  program_.texts_.push_back(std::make_shared<const std::string>(text));
  return Constant(Type{Base::kText}, Datum::OfBytes(*program_.texts_.back()));
}

StepIndex Compiler::WholeNumber(int64_t value) { return Constant(ExactType(0), Datum::OfInt(value)); }

StepIndex Compiler::IntervalConstant(const Interval& interval) {
  Step step;
  step.op = Op::kConstant;
  step.type = Type{Base::kInterval};
  step.constant = Datum::OfInt(interval.micros);
  step.interval = interval;
  return Add(std::move(step));
}

StatusOr<StepIndex> Compiler::LiteralOf(const Literal& literal) {
  if (const auto* value = std::get_if<bool>(&literal)) {
    return Constant(Type{Base::kBool}, Datum::OfInt(*value ? 1 : 0));
  }
  if (const auto* value = std::get_if<int64_t>(&literal)) return WholeNumber(*value);
  if (const auto* value = std::get_if<Decimal>(&literal)) {
    Decimal plain = value->Normalized();
    // 2.0 is no integer: 7 / 2.0 is 3.5.
    if (plain.scale == 0 && value->scale > 0) plain = {plain.units * 10, 1};
    return Constant(ExactType(plain.scale), Datum::OfInt(plain.units));
  }
  if (const auto* value = std::get_if<double>(&literal)) {
    return Constant(Type{Base::kDouble}, Datum::OfDouble(*value));
  }
  if (const auto* value = std::get_if<std::string>(&literal)) return TextConstant(*value);
  if (const auto* value = std::get_if<Date>(&literal)) {
    if (!value->IsValid()) return Refuse("the date lies outside the years 1 to 9999");
    return Constant(Type{Base::kDate}, Datum::OfInt(value->days));
  }
  if (const auto* value = std::get_if<Timestamp>(&literal)) {
    if (!value->IsValid()) return Refuse("the timestamp lies outside the years 1 to 9999");
    return Constant(Type{Base::kTimestamp}, Datum::OfInt(value->micros));
  }
  if (const auto* value = std::get_if<Interval>(&literal)) return IntervalConstant(*value);
  if (const auto* value = std::get_if<Money>(&literal)) {
    if (value->currency.is_none()) return Refuse("an amount without a currency is written as a number");
    const Type type{.base = Base::kMoney,
                    .scale = static_cast<uint8_t>(value->currency.exponent()),
                    .currency = value->currency};
    return Constant(type, Datum::OfInt(value->minor));
  }
  if (const auto* value = std::get_if<Point>(&literal)) {
    return Constant(Type{Base::kPoint}, Datum::OfInt(MemberTraits<Point>::ToBits(*value)));
  }
  if (const auto* value = std::get_if<Length>(&literal)) {
    return Constant(Type{Base::kLength}, Datum::OfInt(value->millimetres));
  }
  return Constant(Type{Base::kNull}, Datum::Absent());
}

StatusOr<std::string_view> Compiler::ConstantText(const Expr& tree, std::string_view what) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(tree));
  if (IsConstant(x) && Has(x, Base::kText)) return step(x).constant.bytes;
  return Refuse(StrCat("expected ", what, " in single quotes; found ", Describe(x)));
}

StatusOr<Interval> Compiler::ConstantInterval(const Expr& tree, std::string_view what) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(tree));
  if (!IsConstant(x) || !Has(x, Base::kInterval)) {
    return Refuse(StrCat("expected ", what, ", as in 14 days; found ", Describe(x)));
  }
  const Interval interval = step(x).interval;
  if (interval.months < 0 || interval.micros < 0 || interval == Interval{}) {
    return Refuse(StrCat("expected ", what, " that is longer than nothing"));
  }
  return interval;
}

}  // namespace relata::expr
