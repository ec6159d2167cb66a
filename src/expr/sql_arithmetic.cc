// Prints arithmetic. SQLite turns an integer that overflows into a real, and a sum of reals into infinity:
// both are null here. A product that fits 64 bits only after it was rounded is null in SQL, and not here.
#include "relata/base/strings.h"
#include "src/base/wide.h"
#include "src/expr/sql_printer.h"

namespace relata::expr {
namespace {

std::string Power(int exponent) { return StrCat(static_cast<int64_t>(PowerOfTen(exponent))); }

}  // namespace

std::string SqlPrinter::WholeOnly(std::string_view sum) {
  return Let(sum, "CASE WHEN typeof(v) = 'integer' THEN v END");
}

std::string SqlPrinter::FiniteOnly(std::string_view sum) {
  return Let(sum, "CASE WHEN abs(v) < 9e999 THEN v END");
}

// Compares twice the rest with the divisor, as numbers below zero, of which there is one more than above.
std::string SqlPrinter::HalfEven(std::string_view from) {
  return StrCat(
      "(SELECT CASE WHEN rest < part - rest OR (rest = part - rest AND q % 2 <> 0) THEN q + away ELSE q END "
      "FROM (SELECT n / d AS q, min(n % d, -(n % d)) AS rest, min(d, -d) AS part, "
      "CASE WHEN (n < 0) = (d < 0) THEN 1 ELSE -1 END AS away FROM (",
      from, ")))");
}

SqlPrinter::Sql SqlPrinter::Rescaled(const Step& step) {
  const int added = step.type.scale - Arg(step, 0).type.scale;
  if (added == 0) return Print(step.args[0]);
  if (added > 0) return {WholeOnly(StrCat(Operand(step.args[0]), " * ", Power(added)))};
  return {HalfEven(StrCat("SELECT ", Bare(step.args[0]), " AS n, ", Power(-added), " AS d"))};
}

std::string SqlPrinter::AsDouble(StepIndex index) {
  const Step& step = program_.step(index);
  if (Holds(step, Base::kDouble)) return Operand(index);
  if (step.type.scale == 0) return StrCat("CAST(", Bare(index), " AS REAL)");
  return StrCat("(", Operand(index), " / ", Power(step.type.scale), ".0)");
}

SqlPrinter::Sql SqlPrinter::Arithmetic(const Step& step) {
  const bool doubles = Holds(step, Base::kDouble);
  const auto checked = [&](const std::string& sql) {
    return Sql{doubles ? FiniteOnly(sql) : WholeOnly(sql)};
  };
  const auto joined = [&](std::string_view op) {
    if (doubles) return checked(StrCat(AsDouble(step.args[0]), op, AsDouble(step.args[1])));
    return checked(StrCat(Operand(step.args[0]), op, Operand(step.args[1])));
  };
  switch (step.op) {
    case Op::kRescale:
      return Rescaled(step);
    case Op::kToDouble:
      return {AsDouble(step.args[0])};
    case Op::kNegate:
      return checked(StrCat("-(", Bare(step.args[0]), ")"));
    case Op::kAdd:
      return joined(" + ");
    case Op::kSubtract:
      return joined(" - ");
    case Op::kMultiply: {
      Sql product = joined(" * ");
      const int lost = doubles ? 0 : Arg(step, 0).type.scale + Arg(step, 1).type.scale - step.type.scale;
      if (lost > 0) return {HalfEven(StrCat("SELECT ", product.text, " AS n, ", Power(lost), " AS d"))};
      return product;
    }
    case Op::kDivide: {
      if (!Holds(step, Base::kMoney)) return joined(" / ");
      const std::string amount = Operand(step.args[0]);
      const std::string dividend = Arg(step, 1).type.scale == 0
                                       ? amount
                                       : WholeOnly(StrCat(amount, " * ", Power(Arg(step, 1).type.scale)));
      return {HalfEven(StrCat("SELECT ", dividend, " AS n, ", Bare(step.args[1]), " AS d"))};
    }
    case Op::kRatio:
      return checked(StrCat("CAST(", Bare(step.args[0]), " AS REAL) / ", Operand(step.args[1])));
    default:
      return Fail(step, "it is no arithmetic");
  }
}

}  // namespace relata::expr
