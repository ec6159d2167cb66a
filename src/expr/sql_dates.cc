// Prints the calendar. Dates are days since 1970, which SQLite's date functions take as seconds; what depends
// on the clock alone is computed here and printed as a number. The time zone is written out.
#include <algorithm>
#include <limits>

#include "relata/base/strings.h"
#include "src/expr/calendar.h"
#include "src/expr/sql_printer.h"
#include "src/expr/zone_changes.h"

namespace relata::expr {
namespace {

// A part of the date `days`, as text: '%m-%d'.
std::string Formatted(std::string_view format, std::string_view days) {
  return StrCat("strftime('", format, "', ", days, " * 86400, 'unixepoch')");
}
std::string Part(std::string_view format, std::string_view days) {
  return StrCat("CAST(", Formatted(format, days), " AS INTEGER)");
}

// The column v where it is a date or an instant of the years 1 to 9999.
std::string InRange(int64_t least, int64_t greatest) {
  return StrCat("CASE WHEN v BETWEEN ", least, " AND ", greatest, " THEN v END");
}
std::string DateInRange() { return InRange(Date::Min().days, Date::Max().days); }
std::string InstantInRange() { return InRange(Timestamp::Min().micros, Timestamp::Max().micros); }

// The day of local time in microseconds, which is not negative once the years before 1970 are added.
std::string DayOf(std::string_view micros) {
  return StrCat("(", micros, " + ", -Timestamp::Min().micros, ") / ", kMicrosPerDay, " - ",
                -Date::Min().days);
}

// Tables of a few hundred entries are objects of JSON, the last entry first: as many branches of a CASE would
// take SQLite seconds to prepare. An entry holds from its key on.
constexpr int64_t kEver = -std::numeric_limits<int64_t>::max();

template <class T>
std::string From(int64_t key, const T& value) {
  return StrCat("\"", key, "\":", value, key == kEver ? "" : ",");
}

// The entry of the table that holds for the column v. json_each walks an object as it is written.
std::string LastAtOrBefore(std::string_view table) {
  return StrCat("FROM json_each('{", table, "}') WHERE CAST(key AS INTEGER) <= v LIMIT 1");
}

}  // namespace

SqlPrinter::Sql SqlPrinter::Dates(const Step& step) {
  const auto part = [&](std::string_view format) { return Sql{Part(format, Operand(step.args[0]))}; };
  switch (step.op) {
    case Op::kStartOfDay:
      return StartOfDay(Print(step.args[0]));
    case Op::kLocalDate:
      return LocalDate(Print(step.args[0]));
    case Op::kAddInterval:
      return AddInterval(step);
    case Op::kAddDays:
      return AddDays(Print(step.args[0]), Print(step.args[1]));
    case Op::kAddMicros:
      return AddMicros(Print(step.args[0]), Print(step.args[1]));
    case Op::kDaysBetween:
    case Op::kMicrosBetween:
      return {StrCat(Operand(step.args[0]), " - ", Operand(step.args[1])), Binding::kArithmetic};
    case Op::kYear:
      return part("%Y");
    case Op::kQuarter:
      return {StrCat("(", Part("%m", Operand(step.args[0])), " + 2) / 3"), Binding::kArithmetic};
    case Op::kMonth:
      return part("%m");
    case Op::kWeek: {
      // The week of the year that its Thursday lies in. Day -719162 was a Monday.
      const std::string thursday = "(v - (v + 719162) % 7 + 3)";
      return {Let(Bare(step.args[0]), StrCat("(", Part("%j", thursday), " - 1) / 7 + 1"))};
    }
    case Op::kDay:
      return part("%d");
    case Op::kAge:
      return Age(step);
    case Op::kPeriodStart:
      return PeriodBound(step, step.period.offset);
    case Op::kPeriodEnd:
      return PeriodBound(step, step.period.offset + 1);
    case Op::kFiscalYearStart:
      if (step.args.empty()) return Number(Date::FromCivil(today_.year(), 1, 1).value().days);
      return {StrCat("unixepoch(", Operand(step.args[0]), " * 86400, 'unixepoch', 'start of year') / 86400"),
              Binding::kArithmetic};
    case Op::kAnniversary:
      return Anniversary(step);
    default:
      return Fail(step, "it asks nothing of the calendar");
  }
}

std::string SqlPrinter::ToLocal() const {
  const ZoneChanges& zone = ChangesOf(zone_);
  if (zone.changes.empty()) return StrCat("v + ", zone.first_offset);
  std::string table;
  for (auto change = zone.changes.rbegin(); change != zone.changes.rend(); ++change) {
    table += From(change->at, change->after);
  }
  table += From(kEver, zone.first_offset);
  return StrCat("v + (SELECT value ", LastAtOrBefore(table), ")");
}

// Where clocks are set forward, the times they skip are the instant of the change, which the table has as a
// text; where they are set back, the times they repeat are the first of the two.
std::string SqlPrinter::FromLocal() const {
  const ZoneChanges& zone = ChangesOf(zone_);
  if (zone.changes.empty()) return StrCat("v - ", zone.first_offset);
  std::string table;
  for (auto change = zone.changes.rbegin(); change != zone.changes.rend(); ++change) {
    table += From(change->at + std::max(change->before, change->after), change->after);
    if (change->after > change->before) {
      table += From(change->at + change->before, StrCat("\"", change->at, "\""));
    }
  }
  table += From(kEver, zone.first_offset);
  return StrCat("(SELECT CASE type WHEN 'text' THEN CAST(value AS INTEGER) ELSE v - value END ",
                LastAtOrBefore(table), ")");
}

SqlPrinter::Sql SqlPrinter::StartOfDay(const Sql& date) const {
  if (date.literal) return Number(zone_.StartOfDay(Date{static_cast<int32_t>(*date.literal)}).micros);
  return {Let(StrCat(Bracketed(date, Binding::kAtom), " * ", kMicrosPerDay), FromLocal())};
}

SqlPrinter::Sql SqlPrinter::LocalDate(const Sql& at) const {
  if (at.literal) return Number(zone_.LocalDate(Timestamp{*at.literal}).days);
  return {Let(at.text, DayOf(ToLocal()))};
}

SqlPrinter::Sql SqlPrinter::AddDays(const Sql& date, const Sql& days) {
  if (date.literal && days.literal) {
    const StatusOr<Date> sum = Date{static_cast<int32_t>(*date.literal)}.AddDays(*days.literal);
    return sum.ok() ? Number(sum->days) : Sql{"NULL"};
  }
  const std::string sum = StrCat(Bracketed(date, Binding::kAtom), " + ", Bracketed(days, Binding::kAtom));
  return {Let(sum, DateInRange())};
}

// The first day of the month that is meant, and then the day within it, or the month's last.
SqlPrinter::Sql SqlPrinter::AddMonths(const Sql& date, int64_t months) {
  if (months == 0) return date;
  if (date.literal) {
    const StatusOr<Date> sum = Date{static_cast<int32_t>(*date.literal)}.AddMonths(months);
    return sum.ok() ? Number(sum->days) : Sql{"NULL"};
  }
  const std::string first = StrCat("unixepoch(v * 86400, 'unixepoch', 'start of month', '",
                                   months < 0 ? "" : "+", months, " months') / 86400");
  // SQLite has no month after the last one; that has 31 days.
  const std::string clipped =
      StrCat("min(v + day - 1, coalesce(unixepoch(v * 86400, 'unixepoch', '+1 month') / 86400 - 1, ",
             Date::Max().days, "))");
  const std::string moved =
      StrCat("SELECT ", first, " AS v, ", Part("%d", "v"), " AS day FROM (SELECT ", date.text, " AS v)");
  return {StrCat("(SELECT ", DateInRange(), " FROM (SELECT ", clipped, " AS v FROM (", moved, ")))")};
}

SqlPrinter::Sql SqlPrinter::AddMicros(const Sql& at, const Sql& micros) {
  if (at.literal && micros.literal) {
    const StatusOr<Timestamp> sum = Timestamp{*at.literal}.Add(Duration{*micros.literal});
    return sum.ok() ? Number(sum->micros) : Sql{"NULL"};
  }
  const std::string sum = StrCat(Bracketed(at, Binding::kAtom), " + ", Bracketed(micros, Binding::kAtom));
  return {Let(sum, InstantInRange())};
}

SqlPrinter::Sql SqlPrinter::AddInterval(const Step& step) {
  const int64_t months = step.sign * step.interval.months;
  const int64_t micros = step.sign * step.interval.micros;
  const Sql x = Print(step.args[0]);
  if (Holds(step, Base::kDate)) {
    const Sql moved = AddMonths(x, months);
    return micros == 0 ? moved : AddDays(moved, Number(micros / kMicrosPerDay));
  }
  Sql moved = x;
  if (Holds(Arg(step, 0), Base::kDate)) {
    moved = StartOfDay(AddMonths(x, months));
  } else if (months != 0) {
    // The local day is moved, and the time of day is put back.
    const std::string local = StrCat("SELECT ", ToLocal(), " AS t FROM (SELECT ", x.text, " AS v)");
    const Sql day = AddMonths({DayOf("t"), Binding::kArithmetic}, months);
    const std::string there =
        StrCat("SELECT ", day.text, " * ", kMicrosPerDay, " + (t + ", -Timestamp::Min().micros, ") % ",
               kMicrosPerDay, " AS v FROM (", local, ")");
    moved = {StrCat("(SELECT ", FromLocal(), " FROM (", there, "))")};
  }
  return micros == 0 ? moved : AddMicros(moved, Number(micros));
}

// The years between, and one towards zero where this year's anniversary is to come, or, of a date ahead, is
// past. That of 29 February is the 28th in a common year: which is past on the same days.
SqlPrinter::Sql SqlPrinter::Age(const Step& step) {
  const CivilDate now = today_.Civil();
  const bool leap = DaysInMonth(now.year, 2) == 29;
  const std::string day = today_.ToString().substr(5);
  const std::string_view last_born = day == "02-28" && !leap ? "02-29" : std::string_view(day);
  const std::string year = Part("%Y", "v");
  const std::string born = Formatted("%m-%d", "v");
  const std::string past = StrCat(now.year, " - ", year, " - (", born, " > '", last_born, "')");
  const std::string ahead = StrCat(born, " < '", day, "'");
  return {Let(Bare(step.args[0]), StrCat("CASE WHEN v <= ", today_.days, " THEN ", past, " ELSE ", now.year,
                                         " - ", year, " + (", ahead, ") END"))};
}

// Of the three years that a window within two can touch, from the first after the date's own.
SqlPrinter::Sql SqlPrinter::Anniversary(const Step& step) {
  const std::string day = Formatted("%m-%d", "x");
  const std::string year =
      StrCat("format('%04d', max(", Part("%Y", "a"), ", ", Part("%Y", "x"), " + 1) + k)");
  const std::string moved =
      StrCat("CASE ", day, " WHEN '02-29' THEN unixepoch(", year, " || '-03-01') / 86400 - 1 ELSE unixepoch(",
             year, " || '-' || ", day, ") / 86400 END");
  const std::string years = "(SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2)";
  return {StrCat("(SELECT CASE WHEN x + a + b IS NOT NULL THEN EXISTS (SELECT 1 FROM (SELECT ", moved,
                 " AS d FROM ", years, ") WHERE d >= a AND d < b) END FROM (SELECT ", Bare(step.args[0]),
                 " AS x, ", Bare(step.args[1]), " AS a, ", Bare(step.args[2]), " AS b))")};
}

// Periods depend on the clock alone.
SqlPrinter::Sql SqlPrinter::PeriodBound(const Step& step, int offset) const {
  const Unit unit = step.period.unit;
  if (unit == Unit::kWeek)
    return AddDays(Number(today_.days - (today_.weekday() - 1)), Number(int64_t{7} * offset));
  const int months = unit == Unit::kYear ? 12 : unit == Unit::kQuarter ? 3 : 1;
  const CivilDate now = today_.Civil();
  const int first_month = now.month - (now.month - 1) % months;
  const Date first = Date::FromCivil(now.year, first_month, 1).value();
  return AddMonths(Number(first.days), int64_t{months} * offset);
}

}  // namespace relata::expr
