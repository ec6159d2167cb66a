// Replays events, and doubts each.
#include "tests/segment/twin_events.h"

#include "relata/base/strings.h"

namespace relata::twin {
namespace {

bool IsMember(const World& world, const std::string& segment, RecordId id, Timestamp now) {
  return world.schema.segments.count(segment) > 0 && NaiveMember(world, segment, id, now);
}

}  // namespace

std::string ToString(const SegmentEvent& event) {
  return StrCat(event.segment, " record ", event.record, event.entered ? " entered " : " left ",
                event.at.ToString(), " by ", SegmentCauseName(event.cause), " in commit ",
                event.position.sequence);
}

std::string EventTwin::Wrong(const SegmentEvent& event, const Step& step, const World& before,
                             const World& after, SegmentKind kind) {
  const bool entered = event.entered;
  std::vector<SegmentEvent>& former = events_[event.segment];
  if (event.at > after.now) return "in the future";
  const SegmentEvent* last = nullptr;
  for (auto i = former.rbegin(); i != former.rend() && last == nullptr; ++i) {
    if (i->record == event.record) last = &*i;
  }
  if (last == nullptr ? !entered : last->entered == event.entered) return "does not alternate";
  if (last != nullptr && event.at < last->at) return "before the last of its record";
  if (!former.empty() && event.position < former.back().position) return "out of order";
  switch (event.cause) {
    case SegmentCause::kTime: {
      if (IsMember(before, event.segment, event.record, event.at) != entered) return "not at that moment";
      if (kind == SegmentKind::kComputed) break;
      const Timestamp earlier{event.at.micros - 1};
      if (IsMember(before, event.segment, event.record, earlier) == entered) return "earlier already";
      break;
    }
    case SegmentCause::kWrite:
      if (step.kind != StepKind::kWrite && step.kind != StepKind::kBusy && step.kind != StepKind::kUndo)
        return "of a write that was not";
      if (event.at != after.now) return "not at the commit's moment";
      if (step.kind != StepKind::kBusy && IsMember(after, event.segment, event.record, event.at) != entered)
        return "not so after the write";
      break;
    case SegmentCause::kImport:
    case SegmentCause::kDefinition:
      break;
  }
  return {};
}

std::string EventTwin::Add(const std::vector<SegmentEvent>& news, const Step& step, const World& before,
                           const World& after, const Kinds& kinds) {
  if (step.kind == StepKind::kRename && after.schema.segments.count(step.to) > 0) {
    auto node = events_.extract(step.segment);
    if (!node.empty()) {
      node.key() = step.to;
      events_.insert(std::move(node));
    }
  }
  std::erase_if(events_, [&](const auto& of) { return after.schema.segments.count(of.first) == 0; });
  for (const SegmentEvent& event : news) {
    const auto kind = kinds.find(event.segment);
    if (kind == kinds.end()) return StrCat("an event of no segment: ", ToString(event));
    const std::string wrong = Wrong(event, step, before, after, kind->second);
    if (!wrong.empty()) return StrCat(ToString(event), ": ", wrong);
    events_[event.segment].push_back(event);
    ++count_;
  }
  return {};
}

const std::vector<SegmentEvent>* EventTwin::Find(const std::string& segment) const {
  const auto found = events_.find(segment);
  return found == events_.end() ? nullptr : &found->second;
}

std::set<RecordId> EventTwin::Members(const std::string& segment) const {
  return MembersAt(segment, Timestamp::Max());
}

std::set<RecordId> EventTwin::MembersAt(const std::string& segment, Timestamp moment) const {
  std::set<RecordId> members;
  const auto found = events_.find(segment);
  if (found == events_.end()) return members;
  for (const SegmentEvent& event : found->second) {
    if (event.at > moment) continue;
    if (event.entered) {
      members.insert(event.record);
    } else {
      members.erase(event.record);
    }
  }
  return members;
}

}  // namespace relata::twin
