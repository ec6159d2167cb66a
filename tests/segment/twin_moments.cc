// Asks about moments behind and ahead.
#include "tests/segment/twin_moments.h"

#include <algorithm>
#include <set>
#include <vector>

#include "relata/base/strings.h"
#include "relata/engine/segment_events.h"
#include "relata/engine/segment_why.h"

namespace relata::twin {
namespace {

// What a reader may answer where time has changed what nobody told.
bool MayRefuse(const Segment& segment, bool all_told, const Status& status) {
  const bool in_time = segment.kind == SegmentKind::kWindowed || segment.kind == SegmentKind::kDaily;
  return in_time && !all_told && absl::IsFailedPrecondition(status);
}

std::string MembersDiffer(const Reader& now, const SegmentWorld& world, const EventTwin& events,
                          const Segment& segment, bool all_told, Timestamp moment) {
  const StatusOr<Members> members = MembersAt(now, segment.name, moment);
  if (!members.ok()) {
    return MayRefuse(segment, all_told, members.status()) ? "" : members.status().ToString();
  }
  const std::set<RecordId> found = ToSet(*members);
  if (found != events.MembersAt(segment.name, moment)) {
    return StrCat("the members at ", moment.ToString(), " are not those that the events give");
  }
  // Since the last commit only time has passed.
  const bool known = segment.ready && segment.kind != SegmentKind::kComputed && moment >= world.committed;
  if (known && found != NaiveMembers(world, segment.name, moment)) {
    return StrCat("the members at ", moment.ToString(), " are not those of that moment");
  }
  return {};
}

std::string SizesDiffer(const Reader& now, const SegmentWorld& world, const EventTwin& events,
                        const Segment& segment, bool all_told, Random* random) {
  const TimeZone zone = TimeZone::Load(world.schema.time_zone).value();
  const Date today = zone.LocalDate(world.now);
  const Date to{today.days - (random->Chance(50) ? 0 : static_cast<int32_t>(random->Below(40)))};
  const Date from{to.days - static_cast<int32_t>(random->Below(30))};
  const StatusOr<std::vector<DaySize>> sizes = SizeHistory(now, segment.name, from, to);
  if (!sizes.ok()) return MayRefuse(segment, all_told, sizes.status()) ? "" : sizes.status().ToString();
  std::vector<DaySize> expected;
  for (Date day = from; day <= to; ++day.days) {
    const Timestamp end = zone.StartOfDay(Date{day.days + 1});
    expected.push_back({day, day == today ? NaiveMembers(world, segment.name, world.now).size()
                                          : events.MembersAt(segment.name, {end.micros - 1}).size()});
  }
  return *sizes == expected ? "" : StrCat("other sizes from ", from, " to ", to);
}

}  // namespace

std::string EarlierDiffers(const Reader& now, const SegmentWorld& world, const EventTwin& events,
                           const Segment& segment, bool all_told, Random* random) {
  std::vector<Timestamp> moments = {
      {random->Between(std::min(world.committed, world.now).micros, world.now.micros)},
      {world.now.micros - random->Between(1, 400 * kDay)}};
  if (const std::vector<SegmentEvent>* of = events.Find(segment.name); of != nullptr && !of->empty()) {
    moments.push_back({random->Of(*of).at.micros - random->Between(0, 1)});
  }
  for (const Timestamp moment : moments) {
    if (moment >= world.now) continue;
    const std::string what = MembersDiffer(now, world, events, segment, all_told, moment);
    if (!what.empty()) return what;
  }
  return SizesDiffer(now, world, events, segment, all_told, random);
}

std::string WhyDiffers(const Reader& now, const World& world, const std::string& segment, RecordId id,
                       Random* random, size_t* ends) {
  const StatusOr<Explanation> why = Why(now, segment, id);
  if (!why.ok()) return why.status().ToString();
  const bool member = NaiveMember(world, segment, id, world.now);
  if (why->member != member) return StrCat("why says that ", id, member ? " is not" : " is", " a member");
  if (!why->horizon) return why->until ? "it looks nowhere, and sees an end" : "";
  const Timestamp end = why->until.value_or(*why->horizon);
  if (why->until) {
    ++*ends;
    if (end <= world.now || end > *why->horizon) return StrCat("an end at ", end.ToString());
    if (NaiveMember(world, segment, id, end) == member) {
      return StrCat("nothing changes for ", id, " at ", end.ToString());
    }
  }
  // Before it nothing changes: neither just before, nor soon, nor at some midnight or other moment.
  const TimeZone zone = TimeZone::Load(world.schema.time_zone).value();
  const Timestamp last{end.micros - 1};
  std::vector<Timestamp> moments = {last};
  for (const int64_t reach : {kDay, 100 * kDay, last.micros - world.now.micros}) {
    const int64_t within = std::min(reach, last.micros - world.now.micros);
    const Timestamp moment{world.now.micros + random->Between(0, within)};
    moments.push_back(moment);
    moments.push_back(std::clamp(zone.StartOfDay(zone.LocalDate(moment)), world.now, last));
  }
  for (const Timestamp moment : moments) {
    if (NaiveMember(world, segment, id, moment) == member) continue;
    return StrCat(id, member ? " leaves" : " enters", " by ", moment.ToString(), " already, not at ",
                  why->until ? end.ToString() : "any moment");
  }
  return {};
}

}  // namespace relata::twin
