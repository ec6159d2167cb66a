// Follows the change log with the members of all segments.
#include "src/segment/live.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/kv/cursor.h"
#include "src/kv/environment.h"
#include "src/segment/checkpoint.h"
#include "src/segment/log_walk.h"

namespace relata::segment {

namespace {

// Ids are given one after another: one past this is damage.
constexpr uint32_t kMaxSegment = 1 << 24;
constexpr size_t kOldStates = 32;
// Questions to member sets that memory is asked for together.
constexpr size_t kAskedTogether = 64;

// Heads of a section.
template <typename F>
void ApplyHeads(const Section& section, const F& state_of) {
  for (const Section::Folded& folded : section.folds) {
    if (SegmentState* state = state_of(folded.segment); state != nullptr) state->folded = folded.at;
  }
  for (const Section::Pending& pending : section.pendings) {
    SegmentState* state = state_of(pending.segment);
    if (state == nullptr) continue;
    state->pending = pending.from;
    state->pending_cause = pending.cause;
  }
}

bool Resets(const Section& section, uint32_t segment) {
  return std::find(section.resets.begin(), section.resets.end(), segment) != section.resets.end();
}

// What a section tells of one segment.
void ApplyTo(uint32_t segment, const Section& section, SegmentState* state) {
  if (Resets(section, segment)) *state = SegmentState();
  for (const Flip& flip : section.flips) {
    if (flip.segment == segment) state->bits.Set(flip.record, flip.entered);
  }
  ApplyHeads(section, [&](uint32_t id) { return id == segment ? state : nullptr; });
}

}  // namespace

const Live::Limits Live::kDefaultLimits;

template <class Items, class Question>
void Live::Prefetch(const Items& items, const Question& question) const {
  std::array<MemberSet::Question, kAskedTogether> questions;
  size_t count = 0;
  for (const auto& item : items.first(std::min(items.size(), kAskedTogether))) {
    const auto [segment, id] = question(item);
    const Tracked* const tracked = Find(segment);
    if (tracked != nullptr) questions[count++] = {&tracked->state.bits, id};
  }
  MemberSet::Prefetch(std::span(questions).first(count));
}

StatusOr<SegmentState> Live::At(const store::Reader& reader, uint32_t segment) {
  const bool shares = reader.position().sequence > reader.committed_sequence();
  if (!shares) {
    absl::ReaderMutexLock lock(&mutex_);
    if (const SegmentState* const state = Serve(reader, segment); state != nullptr) return *state;
  }
  absl::MutexLock lock(&mutex_);
  if (shares) {
    RELATA_RETURN_IF_ERROR(FollowShared(reader));
    if (const auto at = shared_.states.find(segment); at != shared_.states.end()) return at->second;
  }
  return Committed(reader, segment);
}

Status Live::Look(const store::Reader& reader, RecordId id, std::span<Kept> kept) {
  size_t found = 0;
  if (reader.position().sequence == reader.committed_sequence()) {
    absl::MutexLock lock(&mutex_);
    RELATA_RETURN_IF_ERROR(CatchUp(reader));
    for (; found < kept.size(); ++found) {
      if (found % kAskedTogether == 0) {
        Prefetch(kept.subspan(found), [&](const Kept& one) { return std::make_pair(one.segment, id); });
      }
      const SegmentState* const state = Serve(reader, kept[found].segment);
      if (state == nullptr) break;
      kept[found].member = state->bits.Contains(id);
      kept[found].pending = state->pending;
    }
  }
  for (Kept& one : kept.subspan(found)) {
    RELATA_ASSIGN_OR_RETURN(const SegmentState state, At(reader, one.segment));
    one.member = state.bits.Contains(id);
    one.pending = state.pending;
  }
  return absl::OkStatus();
}

StatusOr<std::vector<uint32_t>> Live::Pending(const store::Reader& reader) {
  absl::MutexLock lock(&mutex_);
  RELATA_RETURN_IF_ERROR(CatchUp(reader));
  std::set<uint32_t> candidates = pending_;
  if (reader.position().sequence > reader.committed_sequence()) {
    RELATA_RETURN_IF_ERROR(FollowShared(reader));
    for (const auto& [segment, state] : shared_.states) candidates.insert(segment);
  }
  if (sequence_ > reader.committed_sequence()) {
    for (uint32_t segment = 0; segment < tracked_.size(); ++segment) {
      if (tracked_[segment] != nullptr) candidates.insert(segment);
    }
  }
  std::vector<uint32_t> pending;
  for (const uint32_t segment : candidates) {
    if (reader.schema().catalogue().FindSegment(segment) == nullptr) continue;
    const auto shared = shared_.states.find(segment);
    const bool shares = reader.position().sequence > reader.committed_sequence();
    if (shares && shared != shared_.states.end()) {
      if (shared->second.pending != 0) pending.push_back(segment);
      continue;
    }
    RELATA_ASSIGN_OR_RETURN(const SegmentState state, Committed(reader, segment));
    if (state.pending != 0) pending.push_back(segment);
  }
  return pending;
}

StatusOr<Live::Doubts> Live::DoubtsOf(const store::Transaction& tx) {
  Doubts doubts;
  RELATA_ASSIGN_OR_RETURN(const std::string versions, ReadVersions(tx.kv(), store_->trees().segments));
  doubts.unnamed = versions.empty();
  doubts.outdated = !versions.empty() && versions != OwnVersions();
  absl::MutexLock lock(&mutex_);
  RELATA_RETURN_IF_ERROR(CatchUp(tx));
  if (damaged_.empty()) return doubts;
  const bool shares = tx.position().sequence > tx.committed_sequence();
  if (shares) RELATA_RETURN_IF_ERROR(FollowShared(tx));
  for (const uint32_t segment : damaged_) {
    if (!shares || !shared_.resets.contains(segment)) doubts.damaged.push_back(segment);
  }
  return doubts;
}

void Live::HoldDoubts() {
  for (const uint32_t segment : damaged_) {
    tracked_[segment]->state = SegmentState();
    pending_.insert(segment);
  }
  if (!outdated_) return;
  for (uint32_t segment = 0; segment < tracked_.size(); ++segment) {
    if (tracked_[segment] == nullptr) continue;
    tracked_[segment]->state.pending = 1;
    pending_.insert(segment);
  }
}

Live::Figures Live::figures() const {
  absl::ReaderMutexLock lock(&mutex_);
  return figures_;
}

const Live::Tracked* Live::Find(uint32_t segment) const {
  return segment < tracked_.size() ? tracked_[segment].get() : nullptr;
}

StatusOr<Live::Tracked*> Live::Track(uint32_t segment) {
  if (segment == 0 || segment > kMaxSegment) {
    return absl::DataLossError(
        StrCat("the store tells of segment ", segment, ", which cannot be; restore a backup"));
  }
  if (tracked_.size() <= segment) tracked_.resize(segment + 1);
  if (tracked_[segment] == nullptr) {
    tracked_[segment] = std::make_unique<Tracked>();
    pending_.insert(segment);
  }
  return tracked_[segment].get();
}

const SegmentState* Live::Serve(const store::Reader& reader, uint32_t segment) const {
  static const auto* const untold = new SegmentState();
  if (!loaded_ || sequence_ < reader.committed_sequence()) return nullptr;
  const Tracked* tracked = Find(segment);
  if (tracked == nullptr) return untold;
  return tracked->changed > reader.committed_sequence() ? nullptr : &tracked->state;
}

StatusOr<SegmentState> Live::Committed(const store::Reader& reader, uint32_t segment) {
  RELATA_RETURN_IF_ERROR(CatchUp(reader));
  if (const SegmentState* const state = Serve(reader, segment); state != nullptr) return *state;
  return Former(reader, *Find(segment), segment);
}

Status Live::CatchUp(const store::Reader& reader) {
  const uint64_t upto = reader.committed_sequence();
  if (!loaded_) return Load(reader);
  if (upto <= sequence_) return absl::OkStatus();
  if (outdated_ && reader.position().sequence == upto) {
    RELATA_ASSIGN_OR_RETURN(const kv::Tree tree, reader.kv().environment()->FindTree(store::kSegmentsTree));
    RELATA_ASSIGN_OR_RETURN(const std::string versions, ReadVersions(reader.kv(), tree));
    outdated_ = versions != OwnVersions();
  }
  Status status =
      VisitSections(reader, store_->trees().log, sequence_, upto,
                    [&](uint64_t sequence, const store::RawCommit& head, const Section& section) -> Status {
                      mutex_.AssertHeld();
                      Undo undo{.sequence = sequence};
                      RELATA_RETURN_IF_ERROR(Take(sequence, section, &undo));
                      HoldDoubts();
                      sequence_ = sequence;
                      section_bytes_ += head.segments.size();
                      Keep(std::move(undo));
                      return absl::OkStatus();
                    });
  // Cut behind a checkpoint that another process has written.
  if (absl::IsOutOfRange(status)) return Load(reader);
  // What was taken in halfway is not to be trusted.
  if (!status.ok()) loaded_ = false;
  if (status.ok()) sequence_ = upto;
  return status;
}

Status Live::Load(const store::Reader& reader) {
  loaded_ = false;
  tracked_.clear();
  pending_.clear();
  damaged_.clear();
  outdated_ = false;
  undo_.clear();
  undo_flips_ = 0;
  section_bytes_ = 0;
  worth_it_ = 0;
  const uint64_t upto = reader.committed_sequence();
  RELATA_ASSIGN_OR_RETURN(const std::optional<uint64_t> checkpoint,
                          store::ReadSegmentsCheckpoint(reader.kv(), store_->trees().meta));
  if (checkpoint) {
    RELATA_ASSIGN_OR_RETURN(const kv::Tree tree, reader.kv().environment()->FindTree(store::kSegmentsTree));
    const auto state_of = [&](uint32_t segment) -> StatusOr<SegmentState*> {
      mutex_.AssertHeld();
      RELATA_ASSIGN_OR_RETURN(Tracked * tracked, Track(segment));
      return &tracked->state;
    };
    RELATA_RETURN_IF_ERROR(ReadStates(reader.kv(), tree, state_of, &damaged_));
    RELATA_ASSIGN_OR_RETURN(const std::string versions, ReadVersions(reader.kv(), tree));
    outdated_ = !versions.empty() && versions != OwnVersions();
    const Status status =
        VisitSections(reader, store_->trees().log, *checkpoint, upto,
                      [&](uint64_t sequence, const store::RawCommit& head, const Section& section) {
                        mutex_.AssertHeld();
                        section_bytes_ += head.segments.size();
                        return Take(sequence, section, nullptr);
                      });
    if (absl::IsOutOfRange(status)) {
      return absl::DataLossError(
          StrCat("members of segments: ", ToStd(status.message()), "; restore a backup"));
    }
    RELATA_RETURN_IF_ERROR(status);
    checkpoint_ = *checkpoint;
  }
  for (uint32_t segment = 0; segment < tracked_.size(); ++segment) {
    if (tracked_[segment] == nullptr) continue;
    // A checkpoint may be newer than its name in parts: what holds here is sure only at this commit.
    tracked_[segment]->changed = upto;
    if (tracked_[segment]->state.pending == 0) pending_.erase(segment);
  }
  HoldDoubts();
  undo_from_ = sequence_ = upto;
  loaded_ = true;
  ++figures_.loads;
  return absl::OkStatus();
}

Status Live::Take(uint64_t sequence, const Section& section, Undo* undo) {
  ++figures_.sections;
  for (const uint32_t segment : section.resets) {
    RELATA_ASSIGN_OR_RETURN(Tracked * tracked, Track(segment));
    tracked->state = SegmentState();
    tracked->changed = tracked->head_changed = sequence;
    pending_.insert(segment);
    damaged_.erase(segment);
    // What was before cannot be made from this.
    undo_.clear();
    undo_flips_ = 0;
    undo_from_ = sequence;
  }
  if (undo != nullptr) undo->flips.reserve(section.flips.size());
  for (size_t i = 0; i < section.flips.size(); ++i) {
    const Flip& flip = section.flips[i];
    if (i % kAskedTogether == 0) {
      Prefetch(std::span(section.flips).subspan(i),
               [](const Flip& one) { return std::make_pair(one.segment, one.record); });
    }
    RELATA_ASSIGN_OR_RETURN(Tracked * tracked, Track(flip.segment));
    tracked->changed = sequence;
    if (tracked->state.bits.Set(flip.record, flip.entered, sequence) && undo != nullptr) {
      undo->flips.push_back(flip);
    }
  }
  Status status;
  std::vector<uint32_t> told;
  const auto head_of = [&](uint32_t segment) -> SegmentState* {
    mutex_.AssertHeld();
    StatusOr<Tracked*> tracked = Track(segment);
    if (!tracked.ok()) {
      status = tracked.status();
      return nullptr;
    }
    (*tracked)->changed = (*tracked)->head_changed = sequence;
    SegmentState& state = (*tracked)->state;
    if (undo != nullptr) {
      undo->heads.push_back({.segment = segment,
                             .folded = state.folded,
                             .pending = state.pending,
                             .pending_cause = state.pending_cause});
    }
    told.push_back(segment);
    return &state;
  };
  ApplyHeads(section, head_of);
  for (const uint32_t segment : told) {
    if (tracked_[segment]->state.pending != 0) {
      pending_.insert(segment);
    } else {
      pending_.erase(segment);
    }
  }
  return status;
}

void Live::Keep(Undo undo) {
  if (undo.flips.empty() && undo.heads.empty()) return;
  undo_flips_ += undo.flips.size() + undo.heads.size();
  undo_.push_back(std::move(undo));
  while (undo_flips_ > limits_.undo_flips || undo_.size() > limits_.undo_commits) {
    undo_flips_ -= undo_.front().flips.size() + undo_.front().heads.size();
    undo_from_ = undo_.front().sequence;
    undo_.pop_front();
  }
}

StatusOr<SegmentState> Live::Former(const store::Reader& reader, const Tracked& tracked, uint32_t segment) {
  const uint64_t sequence = reader.committed_sequence();
  for (const Old& old : old_) {
    if (old.segment == segment && old.sequence == sequence) return old.state;
  }
  SegmentState state;
  if (sequence >= undo_from_) {
    state = tracked.state;
    for (auto undo = undo_.rbegin(); undo != undo_.rend() && undo->sequence > sequence; ++undo) {
      for (auto flip = undo->flips.rbegin(); flip != undo->flips.rend(); ++flip) {
        if (flip->segment == segment) state.bits.Set(flip->record, !flip->entered);
      }
      for (auto head = undo->heads.rbegin(); head != undo->heads.rend(); ++head) {
        if (head->segment != segment) continue;
        state.folded = head->folded;
        state.pending = head->pending;
        state.pending_cause = head->pending_cause;
      }
    }
  } else {
    RELATA_ASSIGN_OR_RETURN(state, Rebuild(reader, segment));
  }
  if (old_.size() == kOldStates) old_.pop_front();
  old_.push_back({.segment = segment, .sequence = sequence, .state = state});
  return state;
}

StatusOr<SegmentState> Live::Rebuild(const store::Reader& reader, uint32_t segment) {
  ++figures_.rebuilt;
  SegmentState state;
  RELATA_ASSIGN_OR_RETURN(const std::optional<uint64_t> checkpoint,
                          store::ReadSegmentsCheckpoint(reader.kv(), store_->trees().meta));
  if (!checkpoint) return state;
  RELATA_ASSIGN_OR_RETURN(const kv::Tree tree, reader.kv().environment()->FindTree(store::kSegmentsTree));
  const Status read = ReadState(reader.kv(), tree, segment, &state);
  if (!read.ok() && !absl::IsDataLoss(read)) return read;
  bool damaged = !read.ok();
  RELATA_RETURN_IF_ERROR(VisitSections(reader, store_->trees().log, *checkpoint, reader.committed_sequence(),
                                       [&](uint64_t, const store::RawCommit&, const Section& section) {
                                         damaged = damaged && !Resets(section, segment);
                                         ApplyTo(segment, section, &state);
                                         return absl::OkStatus();
                                       }));
  if (damaged) return SegmentState();
  RELATA_ASSIGN_OR_RETURN(const std::string versions, ReadVersions(reader.kv(), tree));
  if (!versions.empty() && versions != OwnVersions()) state.pending = 1;
  return state;
}

Status Live::FollowShared(const store::Reader& reader) {
  const uint64_t committed = reader.committed_sequence();
  const size_t count = reader.position().sequence - committed;
  std::vector<Shared::Entry> entries;
  kv::Cursor at(reader.kv(), store_->trees().log);
  for (at.Seek(kv::IdKey(committed + 1)); at.Valid() && entries.size() < count; at.Next()) {
    const std::string_view value = at.value();
    if (value.size() < 4) break;  // parsing it below will say so
    entries.push_back({.size = value.size(), .checksum = LoadLE32(value.data() + value.size() - 4)});
  }
  RELATA_RETURN_IF_ERROR(at.status());
  // The members of a shared commit that failed came to nothing, though they had these sequences too.
  const bool follows = shared_.committed == committed && shared_.entries.size() <= entries.size() &&
                       std::equal(shared_.entries.begin(), shared_.entries.end(), entries.begin());
  if (!follows) shared_ = {.committed = committed};
  const uint64_t known = committed + shared_.entries.size();
  const Status status =
      VisitSections(reader, store_->trees().log, known, committed + count,
                    [&](uint64_t, const store::RawCommit&, const Section& section) -> Status {
                      mutex_.AssertHeld();
                      Status status;
                      const auto state_of = [&](uint32_t segment) -> SegmentState* {
                        mutex_.AssertHeld();
                        auto found = shared_.states.find(segment);
                        if (found != shared_.states.end()) return &found->second;
                        StatusOr<SegmentState> before = Committed(reader, segment);
                        if (!before.ok()) {
                          status = before.status();
                          return nullptr;
                        }
                        return &shared_.states.emplace(segment, *std::move(before)).first->second;
                      };
                      for (const uint32_t segment : section.resets) {
                        SegmentState* state = state_of(segment);
                        if (state == nullptr) return status;
                        *state = SegmentState();
                        shared_.resets.insert(segment);
                      }
                      for (const Flip& flip : section.flips) {
                        SegmentState* state = state_of(flip.segment);
                        if (state == nullptr) return status;
                        state->bits.Set(flip.record, flip.entered);
                      }
                      ApplyHeads(section, state_of);
                      return status;
                    });
  if (!status.ok()) {
    shared_ = {};
    return status;
  }
  shared_.entries = std::move(entries);
  return absl::OkStatus();
}

}  // namespace relata::segment
