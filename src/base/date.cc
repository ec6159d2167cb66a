// Date. The calendar follows Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms": years begin in
// March, so that the leap day comes last, and eras of 400 years repeat exactly.
#include <algorithm>
#include <limits>

#include "relata/base/strings.h"
#include "relata/base/time.h"
#include "src/base/time_text.h"

namespace relata {
namespace {

constexpr int64_t kDaysPerEra = 146'097;

constexpr bool IsLeap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int64_t DaysFromCivil(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = FloorDiv(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - 719'468;
}
static_assert(DaysFromCivil(1, 1, 1) == Date::Min().days);
static_assert(DaysFromCivil(9999, 12, 31) == Date::Max().days);

StatusOr<Date> Fit(Date from, bool overflow, int64_t days) {
  if (overflow || days < Date::Min().days || days > Date::Max().days) {
    return absl::OutOfRangeError(StrCat("date ", from, ": the result lies outside the years 1 to 9999"));
  }
  return Date{static_cast<int32_t>(days)};
}

}  // namespace

int32_t DaysInMonth(int32_t year, int32_t month) {
  RELATA_CHECK(1 <= month && month <= 12);
  if (month == 2) return IsLeap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

StatusOr<Date> Date::FromCivil(int32_t year, int32_t month, int32_t day) {
  if (year < 1 || year > 9999) {
    return absl::InvalidArgumentError(StrCat("date: year ", year, ": expected 1 to 9999"));
  }
  if (month < 1 || month > 12) {
    return absl::InvalidArgumentError(StrCat("date: month ", month, ": expected 1 to 12"));
  }
  const int32_t last = DaysInMonth(year, month);
  if (day < 1 || day > last) {
    return absl::InvalidArgumentError(
        StrCat("date: day ", day, ": month ", month, " of ", year, " has days 1 to ", last));
  }
  return Date{static_cast<int32_t>(DaysFromCivil(year, month, day))};
}

StatusOr<Date> Date::Parse(std::string_view text) {
  CivilDate civil;
  std::string_view rest = text;
  if (!TakeDate(&rest, &civil) || !rest.empty()) {
    return absl::InvalidArgumentError(StrCat("date ", Quoted(text), ": expected YYYY-MM-DD"));
  }
  StatusOr<Date> date = FromCivil(civil.year, civil.month, civil.day);
  if (!date.ok()) return Annotate(date.status(), StrCat("date ", Quoted(text)));
  return date;
}

std::string Date::ToString() const {
  std::string text;
  AppendDate(*this, &text);
  return text;
}

CivilDate Date::Civil() const {
  const int64_t shifted = int64_t{days} + 719'468;
  const int64_t era = FloorDiv(shifted, kDaysPerEra);
  const int64_t day_of_era = shifted - era * kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t march_month = (5 * day_of_year + 2) / 153;
  const int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const int64_t day = day_of_year - (153 * march_month + 2) / 5 + 1;
  return CivilDate{static_cast<int32_t>(year), static_cast<int32_t>(month), static_cast<int32_t>(day)};
}

int32_t Date::weekday() const {
  const int64_t since_monday = int64_t{days} + 3;  // 1970-01-01 was a Thursday
  return static_cast<int32_t>(since_monday - FloorDiv(since_monday, 7) * 7) + 1;
}

int32_t Date::day_of_year() const {
  return static_cast<int32_t>(days - DaysFromCivil(Civil().year, 1, 1)) + 1;
}

relata::IsoWeek Date::IsoWeek() const {
  const int64_t thursday = int64_t{days} + 4 - weekday();
  constexpr int64_t kLast = std::numeric_limits<int32_t>::max();
  const Date in_year{static_cast<int32_t>(std::clamp(thursday, -kLast - 1, kLast))};
  return relata::IsoWeek{in_year.year(), (in_year.day_of_year() - 1) / 7 + 1};
}

StatusOr<Date> Date::AddDays(int64_t count) const {
  int64_t result = 0;
  const bool overflow = __builtin_add_overflow(int64_t{days}, count, &result);
  return Fit(*this, overflow, result);
}

StatusOr<Date> Date::AddMonths(int64_t count) const {
  const CivilDate civil = Civil();
  int64_t months = 0;
  const bool overflow = __builtin_add_overflow(civil.year * int64_t{12} + civil.month - 1, count, &months);
  const int64_t year = FloorDiv(months, 12);
  if (overflow || year < 1 || year > 9999) return Fit(*this, true, 0);
  const auto month = static_cast<int32_t>(months - year * 12) + 1;
  const int32_t day = std::min(civil.day, DaysInMonth(static_cast<int32_t>(year), month));
  return Date{static_cast<int32_t>(DaysFromCivil(year, month, day))};
}

}  // namespace relata
