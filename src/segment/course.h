// Defines Course, the way of a threshold between two moments, and the moments at which it comes to and leaves
// given values.
//
//   const Course course(sweep.threshold, zone, after, until);
//   course.ForEachCrossing(sorted_values, [&](size_t i, Timestamp at) { … });
//
// Clocks go back in autumn, months are clipped, so a threshold may go back, and pass a value again. The time
// is cut into pieces within which it never goes back: local days where it follows today(), else where a local
// date or the zone's offset changes under what the threshold is computed from. Exact for times from 1900 to
// 2100, whose changes of offset are known.
//
// Thread safety: immutable. Cost: to make, O(pieces); of a crossing, some 50 computations of the threshold.
#ifndef RELATA_SEGMENT_COURSE_H_
#define RELATA_SEGMENT_COURSE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relata/base/time.h"
#include "src/segment/threshold.h"

namespace relata::segment {

class Course {
 public:
  // After `after`, up to and with `until`. Lifetime: the threshold and the zone outlive it.
  Course(const Threshold& threshold, const TimeZone& zone, Timestamp after, Timestamp until);

  // All that the threshold is from `after` to `until`, and maybe more; nullopt if it is never anything.
  std::optional<ValueRange> range() const { return range_; }

  // Calls `on_crossing` with each value and each moment at which it lies otherwise to the threshold (before
  // it, at it, after it) than an instant earlier.
  void ForEachCrossing(std::span<const int64_t> sorted_values,
                       absl::FunctionRef<void(size_t index, Timestamp at)> on_crossing) const;
  // The moments at which the threshold becomes null, or is no longer.
  const std::vector<Timestamp>& turns() const { return turns_; }

 private:
  // In microseconds, both ends within it; the threshold never goes back.
  struct Piece {
    int64_t first = 0;
    int64_t last = 0;
    std::optional<int64_t> at_first = {};
    std::optional<int64_t> at_last = {};
  };

  std::optional<int64_t> At(int64_t at) const { return threshold_.At(Timestamp{at}, zone_); }
  std::optional<int64_t> Stage(size_t shifts, int64_t at) const;
  void Cut();
  void CutAtLocalDates();
  void CutUnder(size_t shifts);
  void CutWhereNull();
  // The first instant of the piece from which `reached` holds. REQUIRES: it holds at the last.
  static int64_t FirstIn(const Piece& piece, absl::FunctionRef<bool(int64_t at)> reached);

  const Threshold& threshold_;
  const TimeZone& zone_;
  const int64_t after_;
  std::vector<Piece> pieces_;
  std::optional<int64_t> at_start_;
  std::optional<ValueRange> range_;
  std::vector<Timestamp> turns_;
};

// The first instant after `at` at which the local date is another one.
Timestamp NextLocalDate(Timestamp at, const TimeZone& zone);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_COURSE_H_
