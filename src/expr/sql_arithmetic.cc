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

std::string SqlPrinter::Rounded(std::string_view value, int lost) {
  const std::string by = Power(lost);
  const std::string half = StrCat(static_cast<int64_t>(PowerOfTen(lost) / 2));
  return Let(value, StrCat("CASE WHEN typeof(v) = 'integer' THEN v / ", by, " + CASE WHEN abs(v % ", by,
                           ") > ", half, " OR (abs(v % ", by, ") = ", half, " AND v / ", by,
                           " % 2 <> 0) THEN CASE WHEN v < 0 THEN -1 ELSE 1 END ELSE 0 END END"));
}

// Compares twice the rest with the divisor, as numbers below zero, of which there is one more than above.
std::string SqlPrinter::HalfEven(std::string_view from) {
  constexpr std::string_view kRest = "min(n % d, -(n % d))";
  constexpr std::string_view kLack = "min(d, -d) - min(n % d, -(n % d))";
  return StrCat(
      "(SELECT CASE WHEN typeof(n / d) = 'integer' THEN n / d + CASE WHEN ", kRest, " < ", kLack, " OR (",
      kRest, " = ", kLack,
      " AND n / d % 2 <> 0) THEN CASE WHEN (n < 0) = (d < 0) THEN 1 ELSE -1 END ELSE 0 END END FROM (", from,
      "))");
}

// The coarser side beside the whole part of the finer one, and then nothing beside its rest, which has its
// sign: neither overflows.
SqlPrinter::Sql SqlPrinter::Order(const Step& step) {
  const int digits = Arg(step, 1).type.scale - Arg(step, 0).type.scale;
  const std::string by = Power(digits < 0 ? -digits : digits);
  const std::string x = digits < 0 ? StrCat("(x / ", by, ", x % ", by, ")") : "(x, 0)";
  const std::string y = digits < 0 ? "(y, 0)" : StrCat("(y / ", by, ", y % ", by, ")");
  return {StrCat("(SELECT (", x, " > ", y, ") - (", x, " < ", y, ") FROM (SELECT ", Bare(step.args[0]),
                 " AS x, ", Bare(step.args[1]), " AS y))")};
}

std::string SqlPrinter::AsDouble(StepIndex index) {
  const Step& step = program_.step(index);
  if (Holds(step, Base::kDouble)) return Operand(index);
  if (step.type.scale == 0) return StrCat("CAST(", Bare(index), " AS REAL)");
  return StrCat("(", Operand(index), " / ", Power(step.type.scale), ".0)");
}

// How many decimals are rounded away, of what is computed with all of them first.
int SqlPrinter::LostDecimals(const Step& step) const {
  if (Holds(step, Base::kDouble)) return 0;
  if (step.op == Op::kRescale) return Arg(step, 0).type.scale - step.type.scale;
  if (step.op == Op::kMultiply) return Arg(step, 0).type.scale + Arg(step, 1).type.scale - step.type.scale;
  return 0;
}

// An integer that overflowed stays a real, and a real that did stays infinite or becomes null, whatever is
// added to it or multiplied with it: so only the end of a formula is looked at. Not so below a fraction line.
std::string SqlPrinter::Unchecked(StepIndex index) {
  const Step& step = program_.step(index);
  const bool doubles = Holds(step, Base::kDouble);
  switch (step.op) {
    case Op::kNegate:
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kRescale:
      if (LostDecimals(step) > 0) return Operand(index);
      return StrCat("(", Formula(step), ")");
    case Op::kDivide:
      if (Holds(step, Base::kMoney)) return Operand(index);
      return StrCat("(", Formula(step), ")");
    default:
      return doubles ? AsDouble(index) : Operand(index);
  }
}

std::string SqlPrinter::Formula(const Step& step) {
  const bool doubles = Holds(step, Base::kDouble);
  const auto side = [&](size_t i) {
    return doubles && !Holds(Arg(step, i), Base::kDouble) ? AsDouble(step.args[i]) : Unchecked(step.args[i]);
  };
  switch (step.op) {
    case Op::kNegate:
      return StrCat("-(", side(0), ")");
    case Op::kAdd:
      return StrCat(side(0), " + ", side(1));
    case Op::kSubtract:
      return StrCat(side(0), " - ", side(1));
    case Op::kMultiply:
      return StrCat(side(0), " * ", side(1));
    case Op::kDivide:
      return StrCat(side(0), " / ", doubles ? AsDouble(step.args[1]) : Operand(step.args[1]));
    default: {
      const int added = -LostDecimals(step);
      return added > 0 ? StrCat(side(0), " * ", Power(added)) : side(0);
    }
  }
}

SqlPrinter::Sql SqlPrinter::Arithmetic(const Step& step) {
  switch (step.op) {
    case Op::kOrder:
      return Order(step);
    case Op::kToDouble:
      return {AsDouble(step.args[0])};
    case Op::kRatio:
      return {FiniteOnly(StrCat("CAST(", Bare(step.args[0]), " AS REAL) / ", Operand(step.args[1])))};
    case Op::kDivide:
      if (Holds(step, Base::kMoney)) {
        const int scale = Arg(step, 1).type.scale;
        std::string amount = Unchecked(step.args[0]);
        if (scale > 0) StrAppend(&amount, " * ", Power(scale));
        return {HalfEven(StrCat("SELECT ", amount, " AS n, ", Bare(step.args[1]), " AS d"))};
      }
      break;
    case Op::kRescale:
      if (LostDecimals(step) == 0) return Print(step.args[0]);
      break;
    default:
      break;
  }
  const std::string formula = Formula(step);
  if (const int lost = LostDecimals(step); lost > 0) return {Rounded(formula, lost)};
  return {Holds(step, Base::kDouble) ? FiniteOnly(formula) : WholeOnly(formula)};
}

}  // namespace relata::expr
