// Defines EventTwin, which follows the events of segments from the first on and says what is wrong with them.
//
// A segment's events, replayed, must give its members. Of each record they alternate, in the order of their
// moments. One that tells of time must have happened at its very moment: the naive interpreter finds another
// answer a microsecond earlier. One that tells of a write has that commit's moment.
//
// Thread safety: none.
#ifndef RELATA_TESTS_SEGMENT_TWIN_EVENTS_H_
#define RELATA_TESTS_SEGMENT_TWIN_EVENTS_H_

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "relata/engine/segment_events.h"
#include "relata/engine/segments.h"
#include "tests/segment/twin_segments.h"
#include "tests/segment/twin_step.h"

namespace relata::twin {

class EventTwin {
 public:
  using Kinds = std::map<std::string, SegmentKind>;

  // Takes in what came of a step. Returns what is wrong with it, or nothing.
  std::string Add(const std::vector<SegmentEvent>& news, const Step& step, const World& before,
                  const World& after, const Kinds& kinds);

  // The members that the events give, up to now or at a moment since the last step but one.
  std::set<RecordId> Members(const std::string& segment) const;
  std::set<RecordId> MembersAt(const std::string& segment, Timestamp moment) const;
  // All that came of a segment that is there.
  const std::vector<SegmentEvent>& EventsOf(const std::string& segment) { return events_[segment]; }
  const std::vector<SegmentEvent>* Find(const std::string& segment) const;
  size_t count() const { return count_; }

 private:
  std::string Wrong(const SegmentEvent& event, const Step& step, const World& before, const World& after,
                    SegmentKind kind);

  std::map<std::string, std::vector<SegmentEvent>> events_;  // by segment
  size_t count_ = 0;
};

std::string ToString(const SegmentEvent& event);

}  // namespace relata::twin

#endif  // RELATA_TESTS_SEGMENT_TWIN_EVENTS_H_
