// Computes thresholds: the same calendar that expressions use, a step at a time.
#include "src/segment/threshold.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "src/expr/calendar.h"

namespace relata::segment {
namespace {

using ShiftKind = Shift::Kind;

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();

int64_t Plus(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return b < 0 ? kLeast : kGreatest;
  return sum;
}
int64_t Times(int64_t a, int64_t b) {
  int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return (a < 0) == (b < 0) ? kGreatest : kLeast;
  return product;
}

std::optional<Date> ToDate(int64_t value) {
  if (value < Date::Min().days || value > Date::Max().days) return std::nullopt;
  return Date{static_cast<int32_t>(value)};
}
std::optional<int64_t> Days(const std::optional<Date>& date) {
  return date ? std::optional<int64_t>(date->days) : std::nullopt;
}
std::optional<int64_t> Micros(const std::optional<Timestamp>& at) {
  return at ? std::optional(at->micros) : std::nullopt;
}

std::optional<int64_t> ApplyOne(const Shift& shift, int64_t value, const TimeZone& zone) {
  if (shift.kind == ShiftKind::kPlain) return Plus(value, shift.plain);
  if (shift.kind == ShiftKind::kTimestampInterval) {
    return Micros(expr::AddInterval(Timestamp{value}, shift.interval, shift.sign, zone));
  }
  if (shift.kind == ShiftKind::kLocalDate) return zone.LocalDate(Timestamp{value}).days;
  const std::optional<Date> date = ToDate(value);
  if (!date) return std::nullopt;
  switch (shift.kind) {
    case ShiftKind::kDateInterval:
      return Days(expr::AddInterval(*date, shift.interval, shift.sign));
    case ShiftKind::kDateToTimestamp: {
      const std::optional<Date> moved =
          expr::AddInterval(*date, {.months = shift.interval.months}, shift.sign);
      if (!moved) return std::nullopt;
      return Micros(
          expr::AddInterval(zone.StartOfDay(*moved), {.micros = shift.interval.micros}, shift.sign, zone));
    }
    case ShiftKind::kStartOfDay:
      return zone.StartOfDay(*date).micros;
    case ShiftKind::kYearStart:
      return expr::FiscalYearStart(*date).days;
    case ShiftKind::kPeriodStart:
      return Days(expr::PeriodStart(*date, shift.period));
    default:
      return Days(expr::PeriodEnd(*date, shift.period));
  }
}

// Room on both sides for what clipped months and clocks that change leave uncertain.
constexpr int64_t kDaysOfRoom = 6;
constexpr int64_t kMicrosOfRoom = kDaysOfRoom * expr::kMicrosPerDay;

// By their mean length, which is less than kDaysOfRoom off.
int64_t DaysOfMonths(int64_t months) {
  constexpr int64_t kFar = 200'000;
  const int64_t bounded = std::clamp(months, -kFar, kFar);
  return bounded * 146'097 / 4'800;
}

// The values that the shift takes into the range, and some more.
ValueRange BeforeOne(const Shift& shift, ValueRange range) {
  const bool months = shift.interval.months != 0;
  const int64_t back = -int64_t{shift.sign};
  const int64_t days = Times(DaysOfMonths(shift.interval.months), back);
  const int64_t micros = Times(shift.interval.micros, back);
  switch (shift.kind) {
    case ShiftKind::kPlain: {
      const int64_t by = shift.plain == kLeast ? kGreatest : -shift.plain;
      return {Plus(range.low, by), Plus(range.high, by)};
    }
    case ShiftKind::kTimestampInterval: {
      const int64_t by = Plus(Times(days, expr::kMicrosPerDay), micros);
      const int64_t room = months ? kMicrosOfRoom : 0;
      return {Plus(range.low, Plus(by, -room)), Plus(range.high, Plus(by, room))};
    }
    case ShiftKind::kDateInterval: {
      const int64_t by = Plus(days, micros / expr::kMicrosPerDay);
      const int64_t room = months ? kDaysOfRoom : 0;
      return {Plus(range.low, Plus(by, -room)), Plus(range.high, Plus(by, room))};
    }
    case ShiftKind::kDateToTimestamp: {
      const int64_t low = expr::FloorDays(Plus(range.low, micros));
      const int64_t high = expr::FloorDays(Plus(range.high, micros));
      return {Plus(low, Plus(days, -kDaysOfRoom)), Plus(high, Plus(days, kDaysOfRoom))};
    }
    case ShiftKind::kStartOfDay:
      return {expr::FloorDays(range.low) - 2, expr::FloorDays(range.high) + 2};
    case ShiftKind::kLocalDate:
      return {Times(Plus(range.low, -2), expr::kMicrosPerDay),
              Times(Plus(range.high, 3), expr::kMicrosPerDay)};
    case ShiftKind::kYearStart:
      return {range.low, Plus(range.high, 366)};
    case ShiftKind::kPeriodStart:
    case ShiftKind::kPeriodEnd: {
      // Within a year and a bit of the period that is `offset` units away.
      const int64_t unit = shift.period.unit == expr::Unit::kWeek      ? 7
                           : shift.period.unit == expr::Unit::kMonth   ? 31
                           : shift.period.unit == expr::Unit::kQuarter ? 92
                                                                       : 366;
      const int64_t room = Times(unit, Plus(2, std::abs(int64_t{shift.period.offset})));
      return {Plus(range.low, -room), Plus(range.high, room)};
    }
  }
  return range;
}

}  // namespace

std::optional<int64_t> Apply(const std::vector<Shift>& shifts, int64_t value, const TimeZone& zone) {
  std::optional<int64_t> result = value;
  for (const Shift& shift : shifts) {
    result = ApplyOne(shift, *result, zone);
    if (!result) break;
  }
  return result;
}

ValueRange Before(const std::vector<Shift>& shifts, ValueRange after) {
  for (size_t i = shifts.size(); i-- > 0;) after = BeforeOne(shifts[i], after);
  return after;
}

std::optional<int64_t> Threshold::At(Timestamp now, const TimeZone& zone) const {
  return Apply(shifts, clock == Clock::kNow ? now.micros : zone.LocalDate(now).days, zone);
}

}  // namespace relata::segment
