// Calendar arithmetic, over the civil dates of base.
#include "src/expr/calendar.h"

#include <algorithm>
#include <utility>

namespace relata::expr {
namespace {

template <class T>
std::optional<T> Found(const StatusOr<T>& result) {
  if (!result.ok()) return std::nullopt;
  return *result;
}

std::optional<Date> AddMonths(Date date, int64_t months, int sign = 1) {
  // Far from any date, and small enough to be negated and multiplied.
  constexpr int64_t kFar = 200'000;
  if (!date.IsValid() || months < -kFar || months > kFar) return std::nullopt;
  return months == 0 ? date : Found(date.AddMonths(sign * months));
}

int64_t MonthsOf(Unit unit) {
  switch (unit) {
    case Unit::kQuarter:
      return 3;
    case Unit::kYear:
      return 12;
    default:
      return 1;
  }
}

std::optional<Date> StartOf(Date today, const Period& period, int64_t offset) {
  if (!today.IsValid()) return std::nullopt;
  if (period.unit == Unit::kWeek) return AddDays(today, 7 * offset - (today.weekday() - 1));
  const int64_t months = MonthsOf(period.unit);
  const CivilDate civil = today.Civil();
  const Date first{today.days - (civil.day - 1)};
  return AddMonths(first, offset * months - (civil.month - 1) % months);
}

}  // namespace

std::optional<Date> AddDays(Date date, int64_t days) {
  int64_t sum = 0;
  if (__builtin_add_overflow(int64_t{date.days}, days, &sum)) return std::nullopt;
  if (sum < Date::Min().days || sum > Date::Max().days) return std::nullopt;
  return Date{static_cast<int32_t>(sum)};
}

std::optional<Timestamp> AddMicros(Timestamp at, int64_t micros) {
  Timestamp sum;
  if (__builtin_add_overflow(at.micros, micros, &sum.micros) || !sum.IsValid()) return std::nullopt;
  return sum;
}

std::optional<Date> AddInterval(Date date, const Interval& interval, int sign) {
  const std::optional<Date> moved = AddMonths(date, interval.months, sign);
  if (!moved) return std::nullopt;
  return AddDays(*moved, sign * (interval.micros / kMicrosPerDay));
}

std::optional<Timestamp> AddInterval(Timestamp at, const Interval& interval, int sign, const TimeZone& zone) {
  Timestamp moved = at;
  if (interval.months != 0) {
    LocalTime local = zone.Local(at);
    const std::optional<Date> date = AddMonths(local.date, interval.months, sign);
    if (!date) return std::nullopt;
    local.date = *date;
    const std::optional<Timestamp> instant = Found(zone.At(local));
    if (!instant) return std::nullopt;
    moved = *instant;
  }
  int64_t micros = 0;
  if (__builtin_mul_overflow(interval.micros, int64_t{sign}, &micros)) return std::nullopt;
  return AddMicros(moved, micros);
}

std::optional<Date> PeriodStart(Date today, const Period& period) {
  return StartOf(today, period, period.offset);
}

std::optional<Date> PeriodEnd(Date today, const Period& period) {
  return StartOf(today, period, int64_t{period.offset} + 1);
}

Date FiscalYearStart(Date date) { return Date{date.days - (date.day_of_year() - 1)}; }

int64_t Age(Date date, Date today) {
  const CivilDate born = date.Civil();
  const CivilDate now = today.Civil();
  const int32_t day = std::min(born.day, DaysInMonth(now.year, born.month));
  const auto anniversary = std::pair(born.month, day);
  const auto here = std::pair(now.month, now.day);
  const int64_t years = int64_t{now.year} - born.year;
  if (date <= today) return years - (here < anniversary ? 1 : 0);
  return years + (anniversary < here ? 1 : 0);
}

bool HasAnniversary(Date date, Date from, Date to) {
  if (from >= to) return false;
  const int32_t year = date.year();
  const int32_t first = std::max(from.year(), year + 1);
  // A window that reaches into a third year has the whole second one inside.
  const int32_t last = std::min(to.year(), first + 2);
  for (int32_t y = first; y <= last; ++y) {
    const std::optional<Date> anniversary = AddMonths(date, int64_t{12} * (y - year));
    if (anniversary && from <= *anniversary && *anniversary < to) return true;
  }
  return false;
}

}  // namespace relata::expr
