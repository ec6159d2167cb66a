// Prints what is asked of texts and places. LIKE is passed by: in SQLite it does not tell 'a' from 'A'.
#include "relata/base/point.h"
#include "relata/base/strings.h"
#include "src/expr/sql_printer.h"

namespace relata::expr {
namespace {

// The pattern of LIKE, in which \ makes the next character plain, as one of GLOB.
std::string ToGlob(std::string_view like) {
  std::string glob;
  for (size_t i = 0; i < like.size(); ++i) {
    const char c = like[i];
    if (c == '%') {
      glob += '*';
    } else if (c == '_') {
      glob += '?';
    } else {
      if (c == '\\' && i + 1 < like.size()) ++i;
      const char plain = like[i];
      if (plain == '*' || plain == '?' || plain == '[') {
        StrAppend(&glob, "[", plain, "]");
      } else {
        glob += plain;
      }
    }
  }
  return glob;
}

}  // namespace

SqlPrinter::Sql SqlPrinter::Like(const Step& step) {
  const Step& pattern = Arg(step, 1);
  if (pattern.op != Op::kConstant) return Fail(step, "its pattern is no constant");
  if (!pattern.constant.present) return {"NULL"};
  return {StrCat(Within(step.args[0], Binding::kArithmetic), " GLOB ", Text(ToGlob(pattern.constant.bytes))),
          Binding::kComparison};
}

SqlPrinter::Sql SqlPrinter::Texts(const Step& step) {
  const auto bare = [&](size_t i) { return Bare(step.args[i]); };
  switch (step.op) {
    case Op::kLike:
      return Like(step);
    case Op::kStartsWith:
      return {StrCat("substr(", bare(0), ", 1, length(", bare(1), ")) = ", Operand(step.args[1])),
              Binding::kComparison};
    case Op::kEndsWith: {
      const std::string from = StrCat("length(", bare(0), ") - length(", bare(1), ") + 1");
      return {StrCat("substr(", bare(0), ", ", from, ") = ", Operand(step.args[1])), Binding::kComparison};
    }
    case Op::kContains:
      return {StrCat("instr(", bare(0), ", ", bare(1), ") > 0"), Binding::kComparison};
    case Op::kDistance:
      return Distance(step);
    case Op::kPoint: {
      // A latitude is looked at before it is rounded, as a longitude is.
      const std::string from =
          StrCat("SELECT ", AsDouble(step.args[0]), " AS lat, ", AsDouble(step.args[1]), " AS lon");
      return {
          StrCat("(SELECT CASE WHEN lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180 THEN "
                 "(CAST(round(lat * 1e7) AS INTEGER) << 32) | "
                 "(CAST(round(lon * 1e7) AS INTEGER) & 4294967295) END FROM (",
                 from, "))")};
    }
    default:
      return Fail(step, "it asks nothing of a text");
  }
}

std::string SqlPrinter::Radians(StepIndex point, bool latitude) {
  const Step& step = program_.step(point);
  if (step.op == Op::kField) {
    const std::string& field = At(step).type->type->fields[step.slot].name;
    return StrCat("radians(", At(step).alias, ".", Name(field + (latitude ? ".lat" : ".lon")), " / 1e7)");
  }
  // The lower half takes its sign by being shifted up and down again.
  const std::string packed = Operand(point);
  if (latitude) return StrCat("radians((", packed, " >> 32) / 1e7)");
  return StrCat("radians(((", packed, " << 32) >> 32) / 1e7)");
}

// The haversine formula. Rounding may lift h a little above 1 for opposite points.
SqlPrinter::Sql SqlPrinter::Distance(const Step& step) {
  const StepIndex a = step.args[0];
  const StepIndex b = step.args[1];
  return {StrCat("(SELECT 2 * ", kEarthRadiusMetres,
                 " * asin(sqrt(min(pow(sin((lat2 - lat1) / 2), 2) + cos(lat1) * cos(lat2) * "
                 "pow(sin((lon2 - lon1) / 2), 2), 1.0))) FROM (SELECT ",
                 Radians(a, true), " AS lat1, ", Radians(a, false), " AS lon1, ", Radians(b, true),
                 " AS lat2, ", Radians(b, false), " AS lon2))")};
}

}  // namespace relata::expr
