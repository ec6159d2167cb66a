// Defines civil dates, instants, lengths of time and time zones: Date, Timestamp, Duration and TimeZone.
//
//   Date due = Date::FromCivil(2026, 1, 31).value().AddMonths(1).value();           // 2026-02-28: months are
//   clipped TimeZone zone = TimeZone::Load("Europe/Amsterdam").value(); Timestamp from =
//   zone.StartOfDay(due);                                          // 2026-02-27T23:00:00Z
//
// Dates follow the proleptic Gregorian calendar. Date and Timestamp cover the years 1 to 9999, and nothing
// here makes a value outside them; the fields are open, so a damaged row may, and printing and splitting stay
// defined for every value of the field. The default value is 1970-01-01, its midnight in UTC, and no time at
// all.
//
// Thread safety: plain values; TimeZone may be copied and read by any number of threads.
// Cost: trivial copies. Arithmetic does not allocate, except for the message of an error.
#ifndef RELATA_BASE_TIME_H_
#define RELATA_BASE_TIME_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "relata/base/check.h"
#include "relata/base/status.h"
#include "relata/export.h"

namespace relata {

class TimeZone;

// A year, month (1..12) and day (1..31) of the calendar.
struct CivilDate {
  int32_t year = 1970;
  int32_t month = 1;
  int32_t day = 1;

  friend auto operator<=>(const CivilDate&, const CivilDate&) = default;
};

// A week of ISO 8601: weeks begin on Monday, and week 1 holds the year's first Thursday. The year is that of
// the week's Thursday, so 2027-01-01 lies in week 53 of 2026.
struct IsoWeek {
  int32_t year = 1970;
  int32_t week = 1;

  friend auto operator<=>(const IsoWeek&, const IsoWeek&) = default;
};

// 28 to 31. REQUIRES: month in 1..12.
RELATA_EXPORT int32_t DaysInMonth(int32_t year, int32_t month);

// A day of the calendar, without a time zone.
struct RELATA_EXPORT Date {
  int32_t days = 0;  // since 1970-01-01

  // 0001-01-01 and 9999-12-31.
  static constexpr Date Min() { return Date{-719162}; }
  static constexpr Date Max() { return Date{2932896}; }

  // InvalidArgument for a day that does not exist, or a year outside 1..9999.
  static StatusOr<Date> FromCivil(int32_t year, int32_t month, int32_t day);

  // Reads exactly YYYY-MM-DD.
  static StatusOr<Date> Parse(std::string_view text);

  // YYYY-MM-DD, as Parse reads it.
  std::string ToString() const;

  constexpr bool IsValid() const { return Min().days <= days && days <= Max().days; }

  CivilDate Civil() const;
  int32_t year() const { return Civil().year; }
  int32_t quarter() const { return (Civil().month + 2) / 3; }
  int32_t month() const { return Civil().month; }
  int32_t day() const { return Civil().day; }
  int32_t weekday() const;      // ISO 8601: Monday 1 to Sunday 7
  int32_t day_of_year() const;  // 1..366
  relata::IsoWeek IsoWeek() const;

  // OutOfRange past Min() or Max().
  StatusOr<Date> AddDays(int64_t count) const;

  // The same day of another month, or that month's last day where it has no such day: a month after 31
  // January is 28 or 29 February. OutOfRange past Min() or Max().
  StatusOr<Date> AddMonths(int64_t count) const;

  friend auto operator<=>(const Date&, const Date&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Date& date) {
    return H::combine(std::move(h), date.days);
  }
};

// Days from `from` to `to`; negative where `to` is earlier.
constexpr int64_t DaysBetween(Date from, Date to) { return int64_t{to.days} - from.days; }

// A length of time, to the microsecond; a day here is 24 hours. Covers some 292,000 years either way.
struct RELATA_EXPORT Duration {
  int64_t micros = 0;

  // REQUIRES: the result fits. For a count that comes from data use Times: Duration::Days(1).Times(count).
  static constexpr Duration Micros(int64_t count) { return Duration{count}; }
  static constexpr Duration Millis(int64_t count) { return Whole(count, 1'000); }
  static constexpr Duration Seconds(int64_t count) { return Whole(count, 1'000'000); }
  static constexpr Duration Minutes(int64_t count) { return Whole(count, 60'000'000); }
  static constexpr Duration Hours(int64_t count) { return Whole(count, 3'600'000'000); }
  static constexpr Duration Days(int64_t count) { return Whole(count, 86'400'000'000); }

  // Reads a duration of ISO 8601 in weeks or in days, hours, minutes and seconds: P2W, P1DT2H30M, -PT0.5S.
  // Years and months have no fixed length and are refused.
  static StatusOr<Duration> Parse(std::string_view text);

  // ISO 8601 in days and below: P1DT2H30M5.25S, -PT30S, and PT0S for none.
  std::string ToString() const;

  // OutOfRange where the result does not fit.
  StatusOr<Duration> Add(Duration other) const;
  StatusOr<Duration> Sub(Duration other) const;
  StatusOr<Duration> Times(int64_t count) const;

  friend auto operator<=>(const Duration&, const Duration&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Duration& duration) {
    return H::combine(std::move(h), duration.micros);
  }

 private:
  static constexpr Duration Whole(int64_t count, int64_t unit) {
    int64_t micros = 0;
    RELATA_CHECK(!__builtin_mul_overflow(count, unit, &micros));
    return Duration{micros};
  }
};

// An instant, to the microsecond, the same everywhere on earth. Leap seconds do not count, as in POSIX time.
struct RELATA_EXPORT Timestamp {
  int64_t micros = 0;  // since 1970-01-01T00:00Z

  // 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z.
  static constexpr Timestamp Min() { return Timestamp{Date::Min().days * kMicrosPerDay}; }
  static constexpr Timestamp Max() { return Timestamp{(Date::Max().days + 1) * kMicrosPerDay - 1}; }

  // OutOfRange outside Min() to Max().
  static StatusOr<Timestamp> FromUnixSeconds(int64_t seconds);

  // Reads a date, 'T' or one space, hh:mm[:ss[.fraction]], and optionally an offset: Z, +hh, +hh:mm or +hhmm.
  // Without an offset the time is UTC or, in the second form, local time in `zone` (see TimeZone::At). A
  // fraction has up to nine digits and is rounded to microseconds, half to even.
  static StatusOr<Timestamp> Parse(std::string_view text);
  static StatusOr<Timestamp> Parse(std::string_view text, const TimeZone& zone);

  // UTC: 2026-01-31T12:00:00Z, with as many decimals of a second as it has.
  std::string ToString() const;

  constexpr bool IsValid() const { return Min().micros <= micros && micros <= Max().micros; }

  // The date in UTC. TimeZone::LocalDate gives it elsewhere.
  Date UtcDate() const;

  // OutOfRange past Min() or Max().
  StatusOr<Timestamp> Add(Duration duration) const;
  StatusOr<Timestamp> Sub(Duration duration) const;

  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Timestamp& timestamp) {
    return H::combine(std::move(h), timestamp.micros);
  }

 private:
  static constexpr int64_t kMicrosPerDay = 86'400'000'000;
};

// The time from `from` to `to`. REQUIRES: both are valid; it then always fits.
constexpr Duration TimeBetween(Timestamp from, Timestamp to) {
  int64_t micros = 0;
  RELATA_CHECK(!__builtin_sub_overflow(to.micros, from.micros, &micros));
  return Duration{micros};
}

// What the clock on the wall and the calendar beside it show.
struct LocalTime {
  Date date;
  int32_t hour = 0;    // 0..23
  int32_t minute = 0;  // 0..59
  int32_t second = 0;  // 0..59
  int32_t micro = 0;   // 0..999'999

  friend auto operator<=>(const LocalTime&, const LocalTime&) = default;
};

// A time zone of the IANA database as the system has it, with its history of daylight saving. Results that
// would lie outside the range of Date or Timestamp are clamped to it.
class RELATA_EXPORT TimeZone {
 public:
  // UTC.
  TimeZone() : zone_(absl::UTCTimeZone()) {}

  // A zone by its name, as Europe/Amsterdam. NotFound where the system's database has no such zone. The first
  // use of a name reads a file; later ones are a look-up.
  static StatusOr<TimeZone> Load(std::string_view name);

  // The version of the system's time zone database, as 2026a, or "unknown". What was computed with one
  // version may differ under another.
  static std::string DataVersion();

  std::string name() const { return zone_.name(); }

  Date LocalDate(Timestamp at) const;
  LocalTime Local(Timestamp at) const;

  // Seconds to add to UTC at that instant.
  int32_t UtcOffset(Timestamp at) const;

  // The day's first instant: midnight, or where clocks skip midnight the instant of the change, or the first
  // of two midnights. Never decreases from one date to the next; a date the zone skipped altogether is empty.
  Timestamp StartOfDay(Date date) const;

  // The instant at which clocks show `local`: the first of two where it repeats, the instant of the change
  // where it is skipped. InvalidArgument where a part is out of its range.
  StatusOr<Timestamp> At(const LocalTime& local) const;

  // Local time with its offset: 2026-01-31T13:00:00+01:00.
  std::string Format(Timestamp at) const;

  friend bool operator==(const TimeZone& a, const TimeZone& b) { return a.zone_ == b.zone_; }

 private:
  explicit TimeZone(absl::TimeZone zone) : zone_(zone) {}

  absl::TimeZone zone_;
};

}  // namespace relata

#endif  // RELATA_BASE_TIME_H_
