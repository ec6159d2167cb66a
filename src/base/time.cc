// Date, Duration and Timestamp. The calendar follows Howard Hinnant's "chrono-Compatible Low-Level Date
// Algorithms": years begin in March, so that the leap day comes last, and eras of 400 years repeat exactly.
#include "relata/base/time.h"

#include <algorithm>
#include <limits>

#include "relata/base/strings.h"
#include "src/base/digits.h"

namespace relata {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;
constexpr int64_t kDaysPerEra = 146'097;

constexpr int64_t FloorDiv(int64_t value, int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

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

void AppendDate(Date date, std::string* out) {
  const CivilDate civil = date.Civil();
  if (civil.year < 0) out->push_back('-');
  AppendDigits(static_cast<uint64_t>(std::abs(civil.year)), 4, out);
  out->push_back('-');
  AppendDigits(static_cast<uint64_t>(civil.month), 2, out);
  out->push_back('-');
  AppendDigits(static_cast<uint64_t>(civil.day), 2, out);
}

// Appends ".25" for 250'000, nothing for 0.
void AppendFraction(int64_t micros, std::string* out) {
  if (micros == 0) return;
  out->push_back('.');
  AppendDigits(static_cast<uint64_t>(micros), 6, out);
  out->erase(out->find_last_not_of('0') + 1);
}

// Takes "YYYY-MM-DD" from the front of `text`. A day that does not exist is taken too: FromCivil says so.
bool TakeDate(std::string_view* text, CivilDate* civil) {
  return TakeDigits(text, 4, &civil->year) && TakeChar(text, '-') && TakeDigits(text, 2, &civil->month) &&
         TakeChar(text, '-') && TakeDigits(text, 2, &civil->day);
}

// Takes '.' and up to nine digits, as microseconds, rounded half to even. Without a '.' it is 0.
bool TakeFraction(std::string_view* text, int64_t* micros) {
  *micros = 0;
  if (!TakeChar(text, '.')) return true;
  int64_t nanos = 0;
  int digits = 0;
  for (int32_t digit = 0; digits < 9 && TakeDigits(text, 1, &digit); ++digits) nanos = nanos * 10 + digit;
  if (digits == 0) return false;
  for (; digits < 9; ++digits) nanos *= 10;
  const int64_t rest = nanos % 1000;
  *micros = nanos / 1000;
  if (rest > 500 || (rest == 500 && *micros % 2 != 0)) ++*micros;
  return true;
}

// A date and time as written, not yet placed on the line of time.
struct WrittenTime {
  CivilDate civil;
  int32_t hour = 0;
  int32_t minute = 0;
  int32_t second = 0;
  int64_t micros = 0;  // up to a whole second, after rounding
  bool has_offset = false;
  int64_t offset_minutes = 0;
};

bool TakeOffset(std::string_view* text, WrittenTime* written) {
  if (text->empty()) return true;
  written->has_offset = true;
  if (TakeChar(text, 'Z')) return true;
  const bool west = text->front() == '-';
  if (!west && text->front() != '+') return false;
  text->remove_prefix(1);
  int32_t hours = 0;
  int32_t minutes = 0;
  if (!TakeDigits(text, 2, &hours)) return false;
  if (!text->empty()) {
    TakeChar(text, ':');
    if (!TakeDigits(text, 2, &minutes)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  written->offset_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
  return true;
}

StatusOr<WrittenTime> ReadTime(std::string_view text) {
  WrittenTime written;
  std::string_view rest = text;
  bool ok = TakeDate(&rest, &written.civil) && (TakeChar(&rest, 'T') || TakeChar(&rest, ' ')) &&
            TakeDigits(&rest, 2, &written.hour) && TakeChar(&rest, ':') &&
            TakeDigits(&rest, 2, &written.minute);
  if (ok && TakeChar(&rest, ':')) {
    ok = TakeDigits(&rest, 2, &written.second) && TakeFraction(&rest, &written.micros);
  }
  ok = ok && TakeOffset(&rest, &written) && rest.empty();
  if (!ok || written.hour > 23 || written.minute > 59 || written.second > 59) {
    return absl::InvalidArgumentError(StrCat(
        "timestamp ", Quoted(text), ": expected YYYY-MM-DDThh:mm:ss with an optional Z or offset (+hh:mm)"));
  }
  return written;
}

// The instant at which a clock that runs `written.offset_minutes` ahead of UTC shows `written`.
StatusOr<Timestamp> Place(const WrittenTime& written, std::string_view text) {
  const StatusOr<Date> date = Date::FromCivil(written.civil.year, written.civil.month, written.civil.day);
  if (!date.ok()) return Annotate(date.status(), StrCat("timestamp ", Quoted(text)));
  const Timestamp at{date->days * kMicrosPerDay + written.hour * kMicrosPerHour +
                     (written.minute - written.offset_minutes) * kMicrosPerMinute +
                     written.second * kMicrosPerSecond + written.micros};
  if (!at.IsValid()) {
    return absl::OutOfRangeError(
        StrCat("timestamp ", Quoted(text), ": lies outside the years 1 to 9999 in UTC"));
  }
  return at;
}

StatusOr<Duration> Fit(bool overflow, int64_t micros) {
  if (overflow) return absl::OutOfRangeError("duration: the result exceeds 292,000 years");
  return Duration{micros};
}

StatusOr<Timestamp> Fit(Timestamp from, bool overflow, int64_t micros) {
  const Timestamp at{micros};
  if (overflow || !at.IsValid()) {
    return absl::OutOfRangeError(StrCat("timestamp ", from, ": the result lies outside the years 1 to 9999"));
  }
  return at;
}

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

StatusOr<Duration> Duration::Parse(std::string_view text) {
  const auto malformed = [&] {
    return absl::InvalidArgumentError(StrCat(
        "duration ", Quoted(text), ": expected ISO 8601 in weeks, or in days to seconds, as P1DT2H30M"));
  };
  std::string_view rest = text;
  const int64_t sign = TakeChar(&rest, '-') ? -1 : 1;
  if (!TakeChar(&rest, 'P')) return malformed();
  bool in_time = false;
  std::string_view units = "WDHMS";  // those that may still follow
  int64_t total = 0;
  int parts = 0;
  while (!rest.empty()) {
    if (!in_time && TakeChar(&rest, 'T')) {
      in_time = true;
      if (rest.empty()) return malformed();
    }
    int64_t count = 0;
    int digits = 0;
    int64_t fraction = 0;
    bool overflow = false;
    for (int32_t digit = 0; TakeDigits(&rest, 1, &digit); ++digits) {
      overflow |= __builtin_mul_overflow(count, int64_t{10}, &count);
      overflow |= __builtin_add_overflow(count, sign * digit, &count);
    }
    const bool has_fraction = !rest.empty() && rest.front() == '.';
    if (digits == 0 || !TakeFraction(&rest, &fraction) || rest.empty()) return malformed();
    const char unit = rest.front();
    const size_t place = units.find(unit);
    if (place == std::string_view::npos || in_time != (unit == 'H' || unit == 'M' || unit == 'S')) {
      return malformed();
    }
    if ((has_fraction && unit != 'S') || (unit == 'W' && rest.size() > 1)) return malformed();
    rest.remove_prefix(1);
    units.remove_prefix(place + 1);
    const int64_t size = unit == 'W'   ? 7 * kMicrosPerDay
                         : unit == 'D' ? kMicrosPerDay
                         : unit == 'H' ? kMicrosPerHour
                         : unit == 'M' ? kMicrosPerMinute
                                       : kMicrosPerSecond;
    overflow |= __builtin_mul_overflow(count, size, &count);
    overflow |= __builtin_add_overflow(count, sign * fraction, &count);
    overflow |= __builtin_add_overflow(total, count, &total);
    if (overflow) return absl::OutOfRangeError(StrCat("duration ", Quoted(text), ": exceeds 292,000 years"));
    ++parts;
  }
  if (parts == 0) return malformed();
  return Duration{total};
}

std::string Duration::ToString() const {
  if (micros == 0) return "PT0S";
  std::string text = micros < 0 ? "-P" : "P";
  // Unsigned, since the least int64 has no positive counterpart.
  const uint64_t size = micros < 0 ? ~static_cast<uint64_t>(micros) + 1 : static_cast<uint64_t>(micros);
  const uint64_t day_count = size / kMicrosPerDay;
  const uint64_t in_day = size % kMicrosPerDay;
  if (day_count != 0) StrAppend(&text, day_count, "D");
  if (in_day == 0) return text;
  text.push_back('T');
  const uint64_t hours = in_day / kMicrosPerHour;
  const uint64_t minutes = in_day % kMicrosPerHour / kMicrosPerMinute;
  const uint64_t in_minute = in_day % kMicrosPerMinute;
  if (hours != 0) StrAppend(&text, hours, "H");
  if (minutes != 0) StrAppend(&text, minutes, "M");
  if (in_minute != 0) {
    StrAppend(&text, in_minute / kMicrosPerSecond);
    AppendFraction(static_cast<int64_t>(in_minute % kMicrosPerSecond), &text);
    text.push_back('S');
  }
  return text;
}

StatusOr<Duration> Duration::Add(Duration other) const {
  int64_t result = 0;
  const bool overflow = __builtin_add_overflow(micros, other.micros, &result);
  return Fit(overflow, result);
}

StatusOr<Duration> Duration::Sub(Duration other) const {
  int64_t result = 0;
  const bool overflow = __builtin_sub_overflow(micros, other.micros, &result);
  return Fit(overflow, result);
}

StatusOr<Duration> Duration::Times(int64_t count) const {
  int64_t result = 0;
  const bool overflow = __builtin_mul_overflow(micros, count, &result);
  return Fit(overflow, result);
}

StatusOr<Timestamp> Timestamp::FromUnixSeconds(int64_t seconds) {
  int64_t result = 0;
  if (__builtin_mul_overflow(seconds, kMicrosPerSecond, &result) || !Timestamp{result}.IsValid()) {
    return absl::OutOfRangeError(
        StrCat("timestamp of Unix second ", seconds, ": lies outside the years 1 to 9999"));
  }
  return Timestamp{result};
}

StatusOr<Timestamp> Timestamp::Parse(std::string_view text) {
  RELATA_ASSIGN_OR_RETURN(const WrittenTime written, ReadTime(text));
  return Place(written, text);
}

StatusOr<Timestamp> Timestamp::Parse(std::string_view text, const TimeZone& zone) {
  RELATA_ASSIGN_OR_RETURN(const WrittenTime written, ReadTime(text));
  RELATA_ASSIGN_OR_RETURN(const Timestamp as_utc, Place(written, text));
  if (written.has_offset) return as_utc;
  // A fraction that rounded up to a whole second has carried into as_utc.
  return zone.At(TimeZone().Local(as_utc));
}

std::string Timestamp::ToString() const {
  std::string text;
  AppendDate(UtcDate(), &text);
  const auto in_day = static_cast<uint64_t>(micros - FloorDiv(micros, kMicrosPerDay) * kMicrosPerDay);
  text.push_back('T');
  AppendDigits(in_day / kMicrosPerHour, 2, &text);
  text.push_back(':');
  AppendDigits(in_day % kMicrosPerHour / kMicrosPerMinute, 2, &text);
  text.push_back(':');
  AppendDigits(in_day % kMicrosPerMinute / kMicrosPerSecond, 2, &text);
  AppendFraction(static_cast<int64_t>(in_day % kMicrosPerSecond), &text);
  text.push_back('Z');
  return text;
}

Date Timestamp::UtcDate() const { return Date{static_cast<int32_t>(FloorDiv(micros, kMicrosPerDay))}; }

StatusOr<Timestamp> Timestamp::Add(Duration duration) const {
  int64_t result = 0;
  const bool overflow = __builtin_add_overflow(micros, duration.micros, &result);
  return Fit(*this, overflow, result);
}

StatusOr<Timestamp> Timestamp::Sub(Duration duration) const {
  int64_t result = 0;
  const bool overflow = __builtin_sub_overflow(micros, duration.micros, &result);
  return Fit(*this, overflow, result);
}

}  // namespace relata
