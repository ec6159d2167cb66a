// Finds the changes of a zone's offset by looking at each day, then inside the days over which it differs.
#include "src/expr/zone_changes.h"

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "src/expr/calendar.h"

namespace relata::expr {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int32_t kFirstDay = -25'567;  // 1900-01-01
constexpr int32_t kLastDay = 47'482;    // 2100-01-01

int64_t OffsetAt(const TimeZone& zone, int64_t micros) {
  return zone.UtcOffset(Timestamp{micros}) * kMicrosPerSecond;
}

// The first instant of (from, to] with the offset that holds at `to`. Offsets change at whole seconds.
int64_t ChangeWithin(const TimeZone& zone, int64_t from, int64_t to) {
  const int64_t after = OffsetAt(zone, to);
  while (to - from > kMicrosPerSecond) {
    const int64_t middle = from + (to - from) / (2 * kMicrosPerSecond) * kMicrosPerSecond;
    (OffsetAt(zone, middle) == after ? to : from) = middle;
  }
  return to;
}

std::unique_ptr<ZoneChanges> Find(const TimeZone& zone) {
  auto found = std::make_unique<ZoneChanges>();
  int64_t before = OffsetAt(zone, kFirstDay * kMicrosPerDay);
  found->first_offset = before;
  for (int32_t day = kFirstDay + 1; day <= kLastDay; ++day) {
    const int64_t midnight = day * kMicrosPerDay;
    const int64_t after = OffsetAt(zone, midnight);
    if (after == before) continue;
    found->changes.push_back({ChangeWithin(zone, midnight - kMicrosPerDay, midnight), before, after});
    before = after;
  }
  return found;
}

struct Known {
  absl::Mutex mutex;
  absl::flat_hash_map<std::string, std::unique_ptr<ZoneChanges>> zones ABSL_GUARDED_BY(mutex);
};

}  // namespace

const ZoneChanges& ChangesOf(const TimeZone& zone) {
  static auto* known = new Known;
  const absl::MutexLock lock(&known->mutex);
  std::unique_ptr<ZoneChanges>& changes = known->zones[zone.name()];
  if (changes == nullptr) changes = Find(zone);
  return *changes;
}

}  // namespace relata::expr
