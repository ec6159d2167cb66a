// Defines Date and Moment, civil dates in UTC, and Season, which spreads events over days as a year's trade
// does.
//
//   Season season(seed, FromCivil(2023, 6, 30), FromCivil(2026, 6, 30));
//   Moment at = season.At(k, n, jitter);   // event k of n; later k, later moment
//
// Thread safety: immutable after construction, so safe from any thread. Season keeps one number per day.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_CALENDAR_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_CALENDAR_H_

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace sample_company {

// A civil date: days since 1970-01-01. A default date is no date at all.
struct Date {
  int32_t days = std::numeric_limits<int32_t>::min();

  bool known() const { return days != std::numeric_limits<int32_t>::min(); }
  friend auto operator<=>(const Date&, const Date&) = default;
  friend constexpr Date operator+(Date date, int64_t days) {
    return Date{static_cast<int32_t>(date.days + days)};
  }
};

// A moment in UTC: seconds since 1970-01-01T00:00:00Z. A default moment is none at all.
struct Moment {
  int64_t seconds = std::numeric_limits<int64_t>::min();

  bool known() const { return seconds != std::numeric_limits<int64_t>::min(); }
  Date date() const { return Date{static_cast<int32_t>(seconds / 86'400)}; }  // REQUIRES: not before 1970
  friend auto operator<=>(const Moment&, const Moment&) = default;
};

struct Civil {
  int year;
  int month;
  int day;
};

// Days from a civil date by 400-year eras, each of 146,097 days. REQUIRES: a real date.
constexpr Date FromCivil(int year, int month, int day) {
  if (month <= 2) --year;
  const int era = year / 400;
  const int of_era = year - era * 400;
  const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return Date{era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468};
}
Civil ToCivil(Date date);
int Weekday(Date date);        // 0 is Monday
std::string Iso(Date date);    // "2026-06-30", empty for no date
std::string Iso(Moment at);    // "2026-06-30T09:15:00Z", empty for no moment
std::string Dutch(Date date);  // "30-06-2026", empty for no date

// How busy each day is: month by month (spring and the weeks before Christmas are high, summer is low),
// weekdays against weekends, public holidays, six per cent growth a year, and the luck of the day.
class Season {
 public:
  // Over [from, to).
  Season(uint64_t seed, Date from, Date to);

  // The moment of event k of n, non-decreasing in k, within office hours. jitter in [0, 1024) places it
  // within its share of the period. REQUIRES: k < n <= 10^9. O(log days).
  Moment At(uint64_t k, uint64_t n, uint32_t jitter) const;
  // How many of n events fall before this day. O(1).
  uint64_t CountBefore(Date day, uint64_t n) const;

  Date from() const { return from_; }
  Date to() const { return to_; }

 private:
  Date from_;
  Date to_;
  std::vector<uint64_t> cumulative_;  // weight of all days before day i
};

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_CALENDAR_H_
