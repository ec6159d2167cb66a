// Defines the calendar of the naive interpreter: dates counted by their own rules, apart from base's. Only
// what a time zone's clocks show is taken from base::TimeZone, which has tests of its own.
#ifndef RELATA_TESTS_QUERY_CALENDAR_H_
#define RELATA_TESTS_QUERY_CALENDAR_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "relata/base/time.h"
#include "relata/expr/tree.h"

namespace relata::twin {

struct Civil {
  int64_t year = 1970, month = 1, day = 1;
};

bool IsLeap(int64_t year);
int64_t LengthOfMonth(int64_t year, int64_t month);
// Days since 1970-01-01, by counting years and months one after another.
int64_t DaysOf(const Civil& civil);
Civil CivilOf(Date date);
// nullopt outside the years 1 to 9999, as all that follows.
std::optional<Date> MakeDate(int64_t days);

std::optional<Date> PlusDays(Date date, int64_t days);
std::optional<Date> PlusMonths(Date date, int64_t months);
int64_t IsoWeekOf(Date date);
int64_t WeekdayOf(Date date);  // Monday is 0

// The half-open span [first, second) of `last month` and the like, as seen from `today`.
std::optional<std::pair<Date, Date>> SpanOf(const expr::Period& period, Date today);
Date FiscalYearStartOf(Date date);

// Whole years from `from` to `to`: how often the day was celebrated, counted backwards where `to` is earlier.
int64_t YearsBetween(Date from, Date to);
// The day `date` is celebrated in `year`: 28 February for 29 February in a year without it.
Date CelebratedIn(Date date, int64_t year);

}  // namespace relata::twin

#endif  // RELATA_TESTS_QUERY_CALENDAR_H_
