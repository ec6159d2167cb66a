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

NaiveValue Naive::Back(const Interval& interval, int64_t times) const {
  const NaiveValue span = Interval{times * interval.months, times * interval.micros};
  const bool days = interval.micros % kMicrosOfDay == 0;
  return Subtract(days ? NaiveValue(today_) : NaiveValue(now_), span, zone_);
}

Naive::Window Naive::WindowBack(const expr::Expr& within) {
  if (within->kind == expr::Kind::kPeriod) {
    const auto span = SpanOf(within->period(), today_);
    return span ? Window{span->first, span->second} : Window{};
  }
  const NaiveValue length = Eval(within);
  const Interval interval = *length.As<Interval>();
  if (interval.micros % kMicrosOfDay != 0) return {Back(interval, 1), now_, true};
  return {Back(interval, 1), Add(today_, Decimal{1, 0}, zone_)};
}

bool Naive::Lies(const NaiveValue& moment, const Window& window) const {
  const std::optional<int> from = Compare(moment, window.from, zone_), to = Compare(moment, window.to, zone_);
  return from && to && *from >= 0 && (window.closed ? *to <= 0 : *to < 0);
}

}  // namespace relata::twin
