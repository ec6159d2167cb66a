// Lays what a transaction does to segments over what they were.
#include "src/segment/workspace.h"

#include <algorithm>
#include <utility>

#include "relata/base/strings.h"

namespace relata::segment {

namespace {

// Room for as many is made with the first: most commits have not more.
constexpr size_t kFirstFlips = 64;

}  // namespace

Workspace::Workspace(std::shared_ptr<const Compiled> compiled, Live* live, store::Transaction* tx)
    : compiled_(std::move(compiled)), live_(live), tx_(tx) {}

Status Workspace::Track::ForEachIn(RecordId from, RecordId to,
                                   absl::FunctionRef<void(RecordId)> visit) const {
  std::vector<std::pair<RecordId, bool>> changed;
  for (const auto& [id, member] : flipped) {
    if (from <= id && id < to) changed.emplace_back(id, member);
  }
  std::sort(changed.begin(), changed.end());
  auto next = changed.begin();
  state.bits.ForEach(from, to, [&](RecordId id) {
    for (; next != changed.end() && next->first < id; ++next) {
      if (next->second) visit(next->first);
    }
    if (next != changed.end() && next->first == id) {
      if (next->second) visit(id);
      ++next;
      return;
    }
    visit(id);
  });
  for (; next != changed.end(); ++next) {
    if (next->second) visit(next->first);
  }
  return absl::OkStatus();
}

StatusOr<Workspace::Track*> Workspace::At(Place place) {
  if (Track* const known = Find(place); known != nullptr) return known;
  const uint32_t id = compiled_->standing(place).id;
  RELATA_ASSIGN_OR_RETURN(SegmentState state, live_->At(*tx_, id));
  auto track = std::make_unique<Track>(Track{.state = std::move(state)});
  if (IsTold(place)) {
    told_[place] = false;
    for (const segment::Flip& flip : section_.flips) {
      if (flip.segment == id) track->flipped[flip.record] = flip.entered;
    }
  }
  return tracks_.emplace(place, std::move(track)).first->second.get();
}

Status Workspace::Look(RecordId id, std::span<Seen> seen) {
  asked_.clear();
  asked_.reserve(seen.size());
  for (Seen& one : seen) {
    const Track* track = Find(one.place);
    if (track == nullptr && IsTold(one.place)) {
      RELATA_ASSIGN_OR_RETURN(track, At(one.place));
    }
    if (track != nullptr) {
      one.was = track->Contains(id);
      one.keeps = track->Keeps(id);
    } else {
      asked_.push_back({.segment = compiled_->standing(one.place).id});
    }
  }
  RELATA_RETURN_IF_ERROR(live_->Look(*tx_, id, asked_));
  auto kept = asked_.begin();
  for (Seen& one : seen) {
    if (kept == asked_.end()) break;
    if (compiled_->standing(one.place).id != kept->segment) continue;
    one.was = kept->member;
    one.keeps = kept->pending == 0 || id < kept->pending;
    ++kept;
  }
  return absl::OkStatus();
}

TermValues& Workspace::values() {
  if (values_ == nullptr) values_ = std::make_unique<TermValues>(compiled_->terms());
  return *values_;
}

void Workspace::Flip(Place place, RecordId id, bool entered, Timestamp at, Cause cause) {
  if (Track* const track = Find(place); track != nullptr) {
    track->flipped[id] = entered;
  } else {
    if (told_.empty()) told_.resize(compiled_->segments().size());
    told_[place] = true;
  }
  if (section_.flips.empty()) section_.flips.reserve(kFirstFlips);
  section_.flips.push_back(
      {.segment = compiled_->standing(place).id, .record = id, .at = at, .entered = entered, .cause = cause});
}

Status Workspace::SetFolded(Place place, Timestamp at) {
  RELATA_ASSIGN_OR_RETURN(Track* const track, At(place));
  track->state.folded = at;
  folds_[compiled_->at(place).id] = at;
  return absl::OkStatus();
}

Status Workspace::SetPending(Place place, RecordId from, Cause cause) {
  RELATA_ASSIGN_OR_RETURN(Track* const track, At(place));
  const bool grows = from != 0 && (track->state.pending == 0 || from < track->state.pending);
  track->state.pending = from;
  pendings_[compiled_->at(place).id] = {from, cause};
  if (!grows) return absl::OkStatus();
  for (const CompiledSegment::User& user : compiled_->at(place).users) {
    if (compiled_->at(user.place).kind == Kind::kComputed) continue;
    RELATA_ASSIGN_OR_RETURN(const Track* const other, At(user.place));
    if (other->state.pending != 1) RELATA_RETURN_IF_ERROR(SetPending(user.place, 1, cause));
  }
  return absl::OkStatus();
}

Status Workspace::Reset(Place place) {
  tracks_[place] = std::make_unique<Track>();
  tracks_[place]->state.pending = 0;  // what uses it is to follow
  section_.resets.push_back(compiled_->at(place).id);
  return SetPending(place, 1, Cause::kDefinition);
}

StatusOr<const CompiledSegment*> Workspace::FirstPending(size_t* left) {
  RELATA_ASSIGN_OR_RETURN(std::vector<uint32_t> ids, live_->Pending(*tx_));
  for (const auto& [id, pending] : pendings_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  size_t count = 0;
  const CompiledSegment* first = nullptr;
  for (const uint32_t id : ids) {
    const auto at = pendings_.find(id);
    if (at != pendings_.end() && at->second.first == 0) continue;
    const CompiledSegment* segment = compiled_->Find(id);
    if (segment == nullptr || segment->kind == Kind::kComputed) continue;
    ++count;
    if (first == nullptr || segment < first) first = segment;
  }
  if (left != nullptr) *left = count;
  return first;
}

std::string Workspace::Encode() const {
  if (empty()) return "";
  Section section = section_;
  for (const auto& [id, at] : folds_) section.folds.push_back({.segment = id, .at = at});
  for (const auto& [id, pending] : pendings_) {
    section.pendings.push_back({.segment = id, .from = pending.first, .cause = pending.second});
  }
  return section.Encode();
}

StatusOr<bool> Workspace::Contains(uint32_t id, RecordId record) {
  const CompiledSegment* segment = compiled_->Find(id);
  if (segment == nullptr) return absl::NotFoundError(StrCat("there is no segment ", id));
  RELATA_ASSIGN_OR_RETURN(const Track* const track, At(compiled_->PlaceOf(*segment)));
  return track->Contains(record);
}

StatusOr<std::shared_ptr<const store::MemberIds>> Workspace::All(uint32_t id) {
  const CompiledSegment* segment = compiled_->Find(id);
  if (segment == nullptr) return absl::NotFoundError(StrCat("there is no segment ", id));
  RELATA_ASSIGN_OR_RETURN(const Track* const track, At(compiled_->PlaceOf(*segment)));
  MemberSet members = track->state.bits;
  for (const auto& [record, member] : track->flipped) {
    if (members.Contains(record) != member) members.Toggle(record);
  }
  return members.Ids();
}

}  // namespace relata::segment
