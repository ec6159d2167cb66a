// Defines SegmentLab: a random world in a store and in the twin, with segments, and steps taken in both.
// After each step every segment must have the members that the naive interpreter finds from scratch, for
// every snapshot that is held, and the events must tell how they came and went.
//
//   SegmentLab lab(seed);
//   while (lab.problem().empty() && lab.steps() < 100) lab.TakeStep();
//
// A second process, of the role below, takes some of the steps. Thread safety: none.
#ifndef RELATA_TESTS_SEGMENT_TWIN_LAB_H_
#define RELATA_TESTS_SEGMENT_TWIN_LAB_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "relata/base/clock.h"
#include "relata/engine/database.h"
#include "tests/kv/child.h"
#include "tests/segment/twin_events.h"
#include "tests/segment/twin_step.h"

namespace relata::twin {

inline std::set<RecordId> ToSet(const Members& members) {
  std::set<RecordId> ids;
  members.ForEach([&](RecordId id) { ids.insert(id); });
  return ids;
}

// What was asked, over all labs of a test.
struct SegmentTally {
  std::map<std::string, int> steps;       // by kind
  std::map<std::string, int> elsewhere;   // of these, by the second process
  std::map<std::string, int> constructs;  // in segments that had both members and others
  std::map<std::string, int> negated;     // the same, somewhere below a `not`
  std::map<std::string, int> kinds;       // of segments
  std::map<std::string, int> causes;      // of events
  size_t refused = 0, compared = 0, held = 0, earlier = 0, explained = 0, ends = 0;
};

class SegmentLab {
 public:
  // With `wanted`, all segments are asked for that.
  SegmentLab(uint64_t seed, SegmentTally* tally, const std::optional<Wanted>& wanted = std::nullopt);
  SegmentLab(const SegmentLab&) = delete;
  ~SegmentLab();

  void TakeStep();
  uint64_t steps() const { return number_; }
  // What differs first, and after which step; empty as long as nothing does.
  const std::string& problem() const { return problem_; }

 private:
  struct Held {
    std::unique_ptr<Snapshot> snapshot;
    World world;
  };

  void Report(const Step& step, const std::string& what);
  std::string Ask(const Step& step, const World& before);
  std::string AskEvents(const Step& step, const World& before, const Snapshot& now);
  std::string AskEarlier(const World& before) const;
  std::string AskMoments(const Step& step, const Snapshot& now, const std::vector<Segment>& segments);
  std::string ReadAllAgain(const Snapshot& now);
  Verdicts TakeElsewhere();
  void Count(const std::string& segment, const std::set<RecordId>& members);

  uint64_t seed_;
  SegmentTally& tally_;
  SegmentWorld world_;
  std::string folder_;
  std::shared_ptr<ManualClock> clock_;
  std::optional<Database> db_;
  std::unique_ptr<kv::Child> child_;
  std::vector<std::string> unheard_;  // what the child was not told yet
  std::vector<Held> held_;
  EventTwin events_;
  std::set<std::string> ready_;  // after the last step: whose events tell of every moment
  LogPosition read_to_;
  uint64_t number_ = 0;
  std::string problem_;
};

// A database over the file of a lab, whose clock the caller has.
StatusOr<Database> OpenLab(const World& world, const std::string& folder, std::shared_ptr<Clock> clock);

// What differs between the segments of a reader and of the world, or nothing.
std::string Differences(const Reader& reader, const World& world);

}  // namespace relata::twin

#endif  // RELATA_TESTS_SEGMENT_TWIN_LAB_H_
