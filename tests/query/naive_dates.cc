// Dates: functions, periods, windows.
#include "tests/query/calendar.h"
#include "tests/query/naive.h"

namespace relata::twin {

using expr::Function;
using expr::Interval;

NaiveValue Naive::DateFunction(Function function, const expr::Node& call) {
  if (function == Function::kToday) return today_;
  if (function == Function::kNow) return now_;
  if (function == Function::kFiscalYearStart && call.parts.empty()) return FiscalYearStartOf(today_);
  const NaiveValue value = Eval(call.parts[0]);
  if (function == Function::kAnniversary) return Anniversary(value, call.parts[1]);
  const std::optional<Date> date = ToDate(value, zone_);
  if (!date) return {};
  const Civil civil = CivilOf(*date);
  switch (function) {
    case Function::kFiscalYearStart:
      return FiscalYearStartOf(*date);
    case Function::kYear:
      return Decimal{civil.year, 0};
    case Function::kQuarter:
      return Decimal{(civil.month + 2) / 3, 0};
    case Function::kMonth:
      return Decimal{civil.month, 0};
    case Function::kWeek:
      return Decimal{IsoWeekOf(*date), 0};
    case Function::kDay:
      return Decimal{civil.day, 0};
    default:
      return Decimal{YearsBetween(*date, today_), 0};
  }
}

// Dates of the period's days; timestamps from its first midnight to that after its last day.
NaiveValue Naive::InPeriod(const NaiveValue& value, const expr::Period& period) const {
  if (value.is_null()) return {};
  const auto span = SpanOf(period, today_);
  if (!span) return {};
  const std::optional<int> from = Compare(value, span->first, zone_),
                           to = Compare(value, span->second, zone_);
  return *from >= 0 && *to < 0;
}

// The day comes round, a year or more after it was, from today until `interval` later, or in the period.
NaiveValue Naive::Anniversary(const NaiveValue& value, const expr::Expr& within) {
  const std::optional<Date> date = ToDate(value, zone_);
  if (!date) return {};
  std::optional<std::pair<Date, Date>> span;
  if (within->parts[0]->kind == expr::Kind::kPeriod) {
    span = SpanOf(within->parts[0]->period(), today_);
  } else {
    const NaiveValue interval = Eval(within->parts[0]);
    const NaiveValue to = Add(today_, interval, zone_);
    if (const Date* end = to.As<Date>()) span = std::pair(today_, *end);
  }
  if (!span) return {};
  for (int64_t year = CivilOf(*date).year + 1; year <= CivilOf(span->second).year; ++year) {
    const Date day = CelebratedIn(*date, year);
    if (day >= span->first && day < span->second) return true;
  }
  return false;
}

std::optional<Timestamp> Naive::FromToday(const NaiveValue& interval, int sign) const {
  const NaiveValue signed_interval =
      Interval{sign * interval.As<Interval>()->months, sign * interval.As<Interval>()->micros};
  NaiveValue at = Add(today_, signed_interval, zone_);
  if (at.As<Timestamp>()) at = Add(now_, signed_interval, zone_);
  if (const Date* date = at.As<Date>()) return zone_.StartOfDay(*date);
  if (const Timestamp* instant = at.As<Timestamp>()) return *instant;
  return std::nullopt;
}

}  // namespace relata::twin
