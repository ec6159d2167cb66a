// The calendar, counted year by year and month by month.
#include "tests/query/calendar.h"

#include <algorithm>
#include <vector>

#include "relata/base/check.h"

namespace relata::twin {
namespace {

constexpr int64_t kLastYear = 9999;

// The first day of each year from 1 to 10000, days since 1970-01-01, counted once.
const std::vector<int64_t>& YearStarts() {
  static const std::vector<int64_t> kStarts = [] {
    std::vector<int64_t> starts;
    int64_t day = 0;
    for (int64_t year = 1; year < 1970; ++year) day -= IsLeap(year) ? 366 : 365;
    for (int64_t year = 1; year <= kLastYear + 1; ++year) {
      starts.push_back(day);
      day += IsLeap(year) ? 366 : 365;
    }
    return starts;
  }();
  return kStarts;
}

int64_t FirstOfYear(int64_t year) { return YearStarts()[static_cast<size_t>(year - 1)]; }

std::optional<Date> FirstOfMonth(int64_t year, int64_t month) {
  while (month < 1) month += 12, --year;
  while (month > 12) month -= 12, ++year;
  if (year < 1 || year > kLastYear) return std::nullopt;
  return MakeDate(DaysOf({year, month, 1}));
}

}  // namespace

bool IsLeap(int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int64_t LengthOfMonth(int64_t year, int64_t month) {
  if (month == 2) return IsLeap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

int64_t DaysOf(const Civil& civil) {
  int64_t days = FirstOfYear(civil.year);
  for (int64_t month = 1; month < civil.month; ++month) days += LengthOfMonth(civil.year, month);
  return days + civil.day - 1;
}

Civil CivilOf(Date date) {
  const auto& starts = YearStarts();
  const auto next = std::upper_bound(starts.begin(), starts.end(), int64_t{date.days});
  RELATA_CHECK(next != starts.begin() && next != starts.end());
  Civil civil{next - starts.begin(), 1, 1};
  int64_t rest = date.days - FirstOfYear(civil.year);
  while (rest >= LengthOfMonth(civil.year, civil.month)) rest -= LengthOfMonth(civil.year, civil.month++);
  civil.day = rest + 1;
  return civil;
}

std::optional<Date> MakeDate(int64_t days) {
  if (days < FirstOfYear(1) || days >= YearStarts().back()) return std::nullopt;
  return Date{static_cast<int32_t>(days)};
}

std::optional<Date> PlusDays(Date date, int64_t days) {
  int64_t sum = 0;
  if (__builtin_add_overflow(int64_t{date.days}, days, &sum)) return std::nullopt;
  return MakeDate(sum);
}

std::optional<Date> PlusMonths(Date date, int64_t months) {
  if (months < -200'000 || months > 200'000) return std::nullopt;
  const Civil civil = CivilOf(date);
  const std::optional<Date> first = FirstOfMonth(civil.year, civil.month + months);
  if (!first) return std::nullopt;
  const Civil there = CivilOf(*first);
  return PlusDays(*first, std::min(civil.day, LengthOfMonth(there.year, there.month)) - 1);
}

int64_t WeekdayOf(Date date) {
  // 1970-01-01 was a Thursday.
  return ((int64_t{date.days} + 3) % 7 + 7) % 7;
}

int64_t IsoWeekOf(Date date) {
  // The week's Thursday says which year it belongs to; weeks count from that year's first Thursday.
  const int64_t thursday = date.days - WeekdayOf(date) + 3;
  if (!MakeDate(thursday)) return thursday < 0 ? 52 : 1;
  const int64_t first = FirstOfYear(CivilOf(*MakeDate(thursday)).year);
  return (thursday - first) / 7 + 1;
}

std::optional<std::pair<Date, Date>> SpanOf(const expr::Period& period, Date today) {
  const Civil civil = CivilOf(today);
  std::optional<Date> from, to;
  switch (period.unit) {
    case expr::Unit::kWeek:
      from = PlusDays(today, 7 * period.offset - WeekdayOf(today));
      if (from) to = PlusDays(*from, 7);
      break;
    case expr::Unit::kMonth:
      from = FirstOfMonth(civil.year, civil.month + period.offset);
      to = FirstOfMonth(civil.year, civil.month + period.offset + 1);
      break;
    case expr::Unit::kQuarter: {
      const int64_t first = (civil.month - 1) / 3 * 3 + 1;
      from = FirstOfMonth(civil.year, first + 3 * period.offset);
      to = FirstOfMonth(civil.year, first + 3 * period.offset + 3);
      break;
    }
    default:
      from = FirstOfMonth(civil.year + period.offset, 1);
      to = FirstOfMonth(civil.year + period.offset + 1, 1);
  }
  if (!from || !to) return std::nullopt;
  return std::pair(*from, *to);
}

// The fiscal year is the calendar year: no setting says otherwise yet.
Date FiscalYearStartOf(Date date) { return *FirstOfMonth(CivilOf(date).year, 1); }

int64_t YearsBetween(Date from, Date to) {
  const int64_t born = CivilOf(from).year;
  int64_t year = CivilOf(to).year;
  if (to >= from) {
    if (CelebratedIn(from, year) > to) --year;
  } else if (CelebratedIn(from, year) < to) {
    ++year;
  }
  return year - born;
}

Date CelebratedIn(Date date, int64_t year) {
  const Civil civil = CivilOf(date);
  return Date{static_cast<int32_t>(
      DaysOf({year, civil.month, std::min(civil.day, LengthOfMonth(year, civil.month))}))};
}

}  // namespace relata::twin
