// Prints programs as SQL: leaves, comparison, logic and references followed.
#include "src/expr/sql.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "relata/base/strings.h"
#include "src/expr/sql_printer.h"

namespace relata::expr {
namespace {

// The codes of records of several types carry the type above the id.
constexpr int kTypeShift = 48;

StatusOr<TimeZone> ZoneOf(const Program& program) {
  return TimeZone::Load(program.schema().catalogue().settings().time_zone);
}

}  // namespace

StatusOr<std::string> PrintSql(const Program& program, Timestamp now, std::string_view alias) {
  RELATA_ASSIGN_OR_RETURN(const TimeZone zone, ZoneOf(program));
  return SqlPrinter(program, now, zone, alias).PrintRoot();
}

SqlPrinter::SqlPrinter(const Program& program, Timestamp now, TimeZone zone, std::string_view alias)
    : program_(program),
      now_(now),
      zone_(std::move(zone)),
      today_(zone_.LocalDate(now)),
      alias_(alias),
      scopes_{{alias_, &program.entity()}} {}

StatusOr<std::string> SqlPrinter::PrintRoot() {
  std::string sql = Operand(program_.root());
  RELATA_RETURN_IF_ERROR(status_);
  return sql;
}

SqlPrinter::Sql SqlPrinter::Fail(const Step& step, std::string_view why) {
  if (status_.ok()) {
    status_ = absl::UnimplementedError(StrCat("'", NameOf(step.op), "' cannot be said in SQL: ", why));
  }
  return {"NULL"};
}

std::string SqlPrinter::Bracketed(Sql sql, Binding loosest) {
  return sql.binding <= loosest ? std::move(sql.text) : StrCat("(", sql.text, ")");
}

SqlPrinter::Sql SqlPrinter::Number(int64_t value) {
  // SQLite reads the least integer as a negated real.
  if (value == std::numeric_limits<int64_t>::min())
    return {StrCat("(", value + 1, " - 1)"), Binding::kAtom, value};
  return {StrCat(value), Binding::kAtom, value};
}

std::string SqlPrinter::Quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c;
    if (c == '\'') quoted += c;
  }
  return quoted + "'";
}

std::string SqlPrinter::Name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + "\"";
}

// A text with a NUL, which no literal of SQL can hold, goes by its bytes.
std::string SqlPrinter::Text(std::string_view text) {
  if (text.find('\0') == text.npos) return Quote(text);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : text) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return StrCat("CAST(x'", hex, "' AS TEXT)");
}

std::string SqlPrinter::Let(std::string_view value, std::string_view body) {
  return StrCat("(SELECT ", body, " FROM (SELECT ", value, " AS v))");
}

std::string SqlPrinter::NewAlias() { return StrCat(alias_, ++aliases_); }

std::string SqlPrinter::TypeName(EntityTypeId type) const {
  const EntityType* found = program_.schema().catalogue().Find(type);
  return found == nullptr ? std::string() : found->name;
}

const Field* SqlPrinter::FindField(EntityTypeId type, FieldId slot) const {
  const EntityType* found = program_.schema().catalogue().Find(type);
  return found == nullptr || slot >= found->fields.size() ? nullptr : &found->fields[slot];
}

SqlPrinter::Sql SqlPrinter::Print(StepIndex index) {
  const Step& step = program_.step(index);
  switch (step.op) {
    case Op::kConstant:
      return Constant(step);
    case Op::kNow:
      return Number(now_.micros);
    case Op::kToday:
      return Number(today_.days);
    case Op::kField:
      return FieldOf(At(step).alias, At(step).type->type->fields[step.slot]);
    case Op::kId:
      return {At(step).alias + ".\"id\""};
    case Op::kFieldOf:
      return FieldThroughReference(step);
    case Op::kAnyRecord:
      return {StrCat(Quote(TypeName(Arg(step, 0).type.target) + ":"), " || ", Operand(step.args[0])),
              Binding::kArithmetic};
    case Op::kEqual:
      return Compare(step, "=");
    case Op::kNotEqual:
      return Compare(step, "<>");
    case Op::kLess:
      return CompareOrdered(step, "<");
    case Op::kLessEqual:
      return CompareOrdered(step, "<=");
    case Op::kGreater:
      return CompareOrdered(step, ">");
    case Op::kGreaterEqual:
      return CompareOrdered(step, ">=");
    case Op::kIsDistinct:
      return Compare(step, "IS NOT");
    case Op::kIn: {
      std::string list;
      for (size_t i = 1; i < step.args.size(); ++i) {
        StrAppend(&list, i == 1 ? "" : ", ", Bare(step.args[i]));
      }
      return {StrCat(Within(step.args[0], Binding::kArithmetic), " IN (", list, ")"), Binding::kComparison};
    }
    case Op::kAnd:
      return Join(step, " AND ");
    case Op::kOr:
      return Join(step, " OR ");
    case Op::kNot:
      return {StrCat("NOT ", Operand(step.args[0])), Binding::kComparison};
    case Op::kIsNull:
      return {StrCat(Operand(step.args[0]), " IS NULL"), Binding::kComparison};
    case Op::kIsTrue:
      return {StrCat(Operand(step.args[0]), " IS TRUE"), Binding::kComparison};
    case Op::kIsFalse:
      return {StrCat(Operand(step.args[0]), " IS FALSE"), Binding::kComparison};
    case Op::kCase:
      return Case(step);
    case Op::kCoalesce:
      return List("coalesce", step);
    case Op::kRescale:
    case Op::kToDouble:
    case Op::kNegate:
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kRatio:
    case Op::kOrder:
      return Arithmetic(step);
    case Op::kStartOfDay:
    case Op::kLocalDate:
    case Op::kAddInterval:
    case Op::kAddDays:
    case Op::kAddMicros:
    case Op::kDaysBetween:
    case Op::kMicrosBetween:
    case Op::kYear:
    case Op::kQuarter:
    case Op::kMonth:
    case Op::kWeek:
    case Op::kDay:
    case Op::kAge:
    case Op::kPeriodStart:
    case Op::kPeriodEnd:
    case Op::kFiscalYearStart:
    case Op::kAnniversary:
      return Dates(step);
    case Op::kLike:
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kContains:
    case Op::kDistance:
    case Op::kPoint:
      return Texts(step);
    case Op::kILike:
    case Op::kFold:
      return Fail(step, "SQLite knows no folding of Unicode");
    case Op::kMatches:
      return Fail(step, "SQLite has no regular expressions of its own");
    case Op::kSearch:
      return Fail(step, "what a word is, is known here alone");
    case Op::kSimilar:
      return Fail(step, "SQLite does not compare texts by likeness");
    case Op::kElementOf:
    case Op::kHas:
    case Op::kIsEmpty:
      return Sets(step);
    case Op::kCount:
    case Op::kSum:
    case Op::kAvg:
    case Op::kMin:
    case Op::kMax:
    case Op::kCountDistinct:
    case Op::kExists:
      return Related(step);
    case Op::kFirst:
    case Op::kLast:
      return FirstOrLast(step);
    case Op::kChildOf:
    case Op::kDescendantOf:
    case Op::kAncestorOf:
      return Hierarchy(step);
    case Op::kTop:
    case Op::kPercentile:
      return Ranked(step);
    case Op::kSample:
      return Fail(step, "it draws by a hash that SQLite does not have");
    case Op::kInSegment:
    case Op::kWas:
    case Op::kChanged:
    case Op::kHeld:
      return Fail(step, "its answer lies outside the tables");
    default:
      return Fail(step, "it is not known there");
  }
}

SqlPrinter::Sql SqlPrinter::Constant(const Step& step) {
  const Datum& value = step.constant;
  if (!value.present) return {"NULL"};
  switch (step.type.base) {
    case Base::kDouble: {
      const double number = value.AsDouble();
      if (!std::isfinite(number)) return {std::isnan(number) ? "NULL" : number < 0 ? "-9e999" : "9e999"};
      // Scientific, so that SQLite sees a real and not an integer.
      char digits[64];
      const auto end = std::to_chars(digits, digits + sizeof(digits), number, std::chars_format::scientific);
      return {std::string(digits, end.ptr)};
    }
    case Base::kText:
      return {Text(value.bytes)};
    case Base::kEnum: {
      const Label* label = step.type.field->FindLabel(static_cast<uint16_t>(value.bits));
      return {label == nullptr ? "NULL" : Quote(label->name)};
    }
    case Base::kCurrency: {
      const StatusOr<Currency> currency = Currency::FromPacked(static_cast<uint16_t>(value.bits));
      return {currency.ok() ? Quote(currency->code()) : "NULL"};
    }
    case Base::kRecord:
      return ConstantRecord(step);
    case Base::kTextSet:
    case Base::kLabelSet:
    case Base::kRecordSet:
    case Base::kObject:
      return Fail(step, "a constant of this type has no form there");
    default:
      return Number(value.AsInt());
  }
}

SqlPrinter::Sql SqlPrinter::ConstantRecord(const Step& step) {
  if (step.type.target != 0) return Number(step.constant.AsInt());
  const auto type = static_cast<EntityTypeId>(step.constant.bits >> kTypeShift);
  return {Quote(StrCat(TypeName(type), ":", step.constant.bits & kMaxRecordId))};
}

SqlPrinter::Sql SqlPrinter::FieldOf(std::string_view alias, const Field& field) const {
  const std::string column = StrCat(alias, ".", Name(field.name));
  if (field.type == ValueType::kAnyReference) {
    const std::string type = StrCat(alias, ".", Name(field.name + ".type"));
    return {StrCat(type, " || ':' || ", column), Binding::kArithmetic};
  }
  if (field.type == ValueType::kPoint) {
    const std::string lat = StrCat(alias, ".", Name(field.name + ".lat"));
    const std::string lon = StrCat(alias, ".", Name(field.name + ".lon"));
    return {StrCat("(", lat, " << 32) | (", lon, " & 4294967295)"), Binding::kArithmetic};
  }
  return {column};
}

SqlPrinter::Sql SqlPrinter::FieldThroughReference(const Step& step) {
  const Field* field = FindField(step.entity, step.slot);
  const Step& record = Arg(step, 0);
  const std::string type = TypeName(step.entity);
  const std::string target = Within(step.args[0], Binding::kArithmetic);
  const std::string alias = NewAlias();
  std::string same = StrCat(alias, ".\"id\" = ", target);
  if (record.type.target == 0) same = StrCat(Quote(type + ":"), " || ", alias, ".\"id\" = ", target);
  return {StrCat("(SELECT ", FieldOf(alias, *field).text, " FROM ", Name(type), " AS ", alias, " WHERE ",
                 same, ")")};
}

std::string SqlPrinter::CodeOf(std::string_view label, const Field& field) {
  std::string sql = StrCat("CASE ", label);
  for (const Label& each : field.labels) StrAppend(&sql, " WHEN ", Quote(each.name), " THEN ", each.code);
  return sql + " END";
}

std::string SqlPrinter::LabelOf(std::string_view code, const Field& field) {
  std::string sql = StrCat("CASE ", code);
  for (const Label& each : field.labels) StrAppend(&sql, " WHEN ", each.code, " THEN ", Quote(each.name));
  return sql + " END";
}

std::string SqlPrinter::Ordered(StepIndex index) {
  const Step& step = program_.step(index);
  std::string sql = Within(index, Binding::kArithmetic);
  return Holds(step, Base::kEnum) ? CodeOf(sql, *step.type.field) : sql;
}

SqlPrinter::Sql SqlPrinter::Compare(const Step& step, std::string_view op) {
  return {StrCat(Within(step.args[0], Binding::kArithmetic), " ", op, " ",
                 Within(step.args[1], Binding::kArithmetic)),
          Binding::kComparison};
}

SqlPrinter::Sql SqlPrinter::CompareOrdered(const Step& step, std::string_view op) {
  return {StrCat(Ordered(step.args[0]), " ", op, " ", Ordered(step.args[1])), Binding::kComparison};
}

SqlPrinter::Sql SqlPrinter::Join(const Step& step, std::string_view word) {
  std::string sql;
  for (size_t i = 0; i < step.args.size(); ++i) {
    StrAppend(&sql, i == 0 ? "" : word, Within(step.args[i], Binding::kComparison));
  }
  return {sql, Binding::kLogic};
}

SqlPrinter::Sql SqlPrinter::Case(const Step& step) {
  std::string sql = "CASE";
  size_t i = 0;
  for (; i + 1 < step.args.size(); i += 2) {
    StrAppend(&sql, " WHEN ", Bare(step.args[i]), " THEN ", Bare(step.args[i + 1]));
  }
  StrAppend(&sql, " ELSE ", Bare(step.args[i]), " END");
  return {sql};
}

SqlPrinter::Sql SqlPrinter::List(std::string_view function, const Step& step) {
  if (step.args.size() == 1) return Print(step.args[0]);
  std::string sql = StrCat(function, "(");
  for (size_t i = 0; i < step.args.size(); ++i) StrAppend(&sql, i == 0 ? "" : ", ", Bare(step.args[i]));
  return {sql + ")"};
}

}  // namespace relata::expr
