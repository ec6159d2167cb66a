// Defines Threshold, a moving date or timestamp that follows from the clock alone, and Shift, one step of the
// calendar on the way to it or to the value that is compared with it.
//
//   today() - interval '3 months'                     {kToday, {kInterval -3 months}}
//   ordered_on < now() - interval '36 hours'          the field {kStartOfDay}, {kNow, {kInterval -36 hours}}
//   days between today() and at more than 60          the field {kLocalDate}, {kToday, {kPlain -60}}
//
// Thread safety: plain values. Cost: some calendar arithmetic, no allocation.
#ifndef RELATA_SEGMENT_THRESHOLD_H_
#define RELATA_SEGMENT_THRESHOLD_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "relata/base/time.h"
#include "relata/expr/tree.h"

namespace relata::segment {

// Values are days for a date and microseconds for a timestamp.
struct Shift {
  enum class Kind : uint8_t {
    kDateInterval,       // date to date
    kTimestampInterval,  // timestamp to timestamp
    kDateToTimestamp,    // date to timestamp: the months on the calendar, the rest from local midnight
    kPlain,              // plus `plain`, of either, held at the ends of 64 bits
    kStartOfDay,         // date to timestamp
    kLocalDate,          // timestamp to date
    kYearStart,          // date to date
    kPeriodStart,        // date to date
    kPeriodEnd,
  };
  Kind kind = Kind::kPlain;
  expr::Interval interval = {};
  int8_t sign = 1;
  int64_t plain = 0;
  expr::Period period = {};
  friend bool operator==(const Shift&, const Shift&) = default;
};

// Nothing where the result lies outside the years 1 to 9999, as in an expression.
std::optional<int64_t> Apply(const std::vector<Shift>& shifts, int64_t value, const TimeZone& zone);

// A range that holds every value which the shifts take into [low, high]; some more may lie in it.
struct ValueRange {
  int64_t low = 0;
  int64_t high = 0;
};
ValueRange Before(const std::vector<Shift>& shifts, ValueRange after);

struct Threshold {
  enum class Clock : uint8_t { kNow, kToday };
  Clock clock = Clock::kToday;
  std::vector<Shift> shifts;

  std::optional<int64_t> At(Timestamp now, const TimeZone& zone) const;
  // Whether it changes with local dates only.
  bool daily() const { return clock == Clock::kToday; }
  friend bool operator==(const Threshold&, const Threshold&) = default;
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_THRESHOLD_H_
