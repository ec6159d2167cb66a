// Defines the calendar of expressions: dates and timestamps with intervals, periods, fiscal years, ages and
// anniversaries. Every evaluator asks here.
//
//   AddInterval(Date of 2026-03-31, {.months = 1}, -1)               // 2026-02-28: months are clipped
//   PeriodStart(today, {.offset = -1, .unit = Unit::kQuarter})      // the first day of the last quarter
//
// Nothing is returned where the result lies outside the years 1 to 9999: null in an expression. Weeks begin
// on Monday. A fiscal year is the calendar year: stores have no setting that says otherwise.
//
// Thread safety: functions of their arguments. Cost: O(1).
#ifndef RELATA_EXPR_CALENDAR_H_
#define RELATA_EXPR_CALENDAR_H_

#include <cstdint>
#include <optional>

#include "relata/base/time.h"
#include "relata/expr/tree.h"

namespace relata::expr {

inline constexpr int64_t kMicrosPerDay = 86'400'000'000;

// Whole days, down.
constexpr int64_t FloorDays(int64_t micros) {
  return micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0);
}

// `sign` times the interval later: first the months, clipped to the month's end, then the rest. REQUIRES of
// the first form: the rest is whole days. A timestamp's months are moved on the local calendar, keeping the
// time of day (see TimeZone::At for one that is skipped or repeated); the rest is exact time.
std::optional<Date> AddInterval(Date date, const Interval& interval, int sign);
std::optional<Timestamp> AddInterval(Timestamp at, const Interval& interval, int sign, const TimeZone& zone);

std::optional<Date> AddDays(Date date, int64_t days);
std::optional<Timestamp> AddMicros(Timestamp at, int64_t micros);

// The first day of the period, and the first after it, as seen from `today`.
std::optional<Date> PeriodStart(Date today, const Period& period);
std::optional<Date> PeriodEnd(Date today, const Period& period);

// Of the fiscal year that the date lies in.
Date FiscalYearStart(Date date);

// Whole years from `date` to `today`, by the anniversaries of `date`: that of 29 February is the 28th in a
// common year. Towards zero: negative where `date` lies a year and more ahead, and its anniversary in the
// year of `today` is not past. So on 29 February 2024, 28 February 2026 is one year ahead, as for
// PostgreSQL's age.
int64_t Age(Date date, Date today);

// Whether `date`, moved by some number of years from 1, lies in [from, to); moved as Age moves it.
bool HasAnniversary(Date date, Date from, Date to);

}  // namespace relata::expr

#endif  // RELATA_EXPR_CALENDAR_H_
