// Defines Workspace: the segments as one transaction has moved them so far, and what its commit will tell.
//
// A segment's state is taken from Live when it is first looked at. Flips lie over it: a member that entered
// and left again in one commit has two flips, in order. While segments are evaluated inside a transaction the
// workspace is the reader's membership, so that a segment sees what those it uses have come to.
//
// A commit looks at many segments and changes few: Look asks what is kept of a record without taking up their
// states.
//
// Thread safety: as its transaction. Lifetime: within it.
#ifndef RELATA_SEGMENT_WORKSPACE_H_
#define RELATA_SEGMENT_WORKSPACE_H_

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "src/segment/compiled.h"
#include "src/segment/live.h"
#include "src/segment/section.h"
#include "src/store/membership.h"
#include "src/store/transaction.h"

namespace relata::segment {

class Workspace : public store::Membership {
 public:
  Workspace(std::shared_ptr<const Compiled> compiled, Live* live, store::Transaction* tx);

  const Compiled& compiled() const { return *compiled_; }
  store::Transaction& tx() const { return *tx_; }

  // What a segment has come to.
  struct Track {
    SegmentState state;  // as the transaction found it, but for `folded` and `pending`
    absl::flat_hash_map<RecordId, bool> flipped = {};  // who is a member by now

    bool Contains(RecordId id) const {
      const auto at = flipped.find(id);
      return at == flipped.end() ? state.bits.Contains(id) : at->second;
    }
    // Whether membership of this record is kept: of those still pending it is not.
    bool Keeps(RecordId id) const { return state.pending == 0 || id < state.pending; }
    // Members from `from` to before `to`, ascending.
    Status ForEachIn(RecordId from, RecordId to, absl::FunctionRef<void(RecordId)> visit) const;
  };
  StatusOr<Track*> At(Place place);

  // One record in one segment.
  struct Seen {
    Place place = 0;
    bool is = false;     // by the caller: a member, as the condition says
    bool was = false;    // a member as far as it has come
    bool keeps = false;  // see Track::Keeps
  };
  // Fills in `was` and `keeps`.
  Status Look(RecordId id, std::span<Seen> seen);

  // The conditions, to be asked after a Restart.
  TermValues& values();
  // Takes and gives up what values() gives, so that the next transaction need not make it.
  void SetValues(std::unique_ptr<TermValues> values) { values_ = std::move(values); }
  std::unique_ptr<TermValues> TakeValues() { return std::move(values_); }
  const std::shared_ptr<const Compiled>& shared_compiled() const { return compiled_; }

  // REQUIRES: the record is not yet what it becomes.
  void Flip(Place place, RecordId id, bool entered, Timestamp at, Cause cause);
  // Says up to when what time does to a segment has been told.
  Status SetFolded(Place place, Timestamp at);
  // Members from `from` on are unknown from now on, 0: none; those that use the segment are then unknown as a
  // whole.
  Status SetPending(Place place, RecordId from, Cause cause);
  // As SetPending from the first record on, where what the file has of the members is damaged: they are found
  // from nothing. REQUIRES: before anything else of the segment is asked.
  Status Reset(Place place);
  // Says that all members of a segment are unknown from this commit on, be the segment of this version of the
  // catalogue or of the next.
  void TellUnknown(uint32_t segment, Cause cause) { pendings_[segment] = {RecordId{1}, cause}; }

  // The segment to be made whole next: the first by rank, since what it uses must be whole before it. nullptr
  // if none is pending. `left`, unless nullptr, is set to how many are.
  StatusOr<const CompiledSegment*> FirstPending(size_t* left = nullptr);

  // What the commit has to tell: empty if nothing.
  std::string Encode() const;
  size_t flips() const { return section_.flips.size(); }
  bool empty() const { return section_.empty() && folds_.empty() && pendings_.empty(); }
  const std::vector<uint32_t>& resets() const { return section_.resets; }

  // As far as it has come.
  StatusOr<bool> Contains(uint32_t segment, RecordId id) override;
  StatusOr<std::shared_ptr<const store::MemberIds>> All(uint32_t segment) override;

 private:
  bool IsTold(Place place) const { return place < told_.size() && told_[place]; }
  Track* Find(Place place) const {
    if (tracks_.empty()) return nullptr;
    const auto at = tracks_.find(place);
    return at == tracks_.end() ? nullptr : at->second.get();
  }

  std::shared_ptr<const Compiled> compiled_;
  Live* live_;
  store::Transaction* tx_;
  absl::flat_hash_map<Place, std::unique_ptr<Track>> tracks_;
  std::vector<bool> told_;         // by place: has flips in section_, but no track
  std::vector<Live::Kept> asked_;  // of Look
  std::unique_ptr<TermValues> values_;
  Section section_;
  absl::flat_hash_map<uint32_t, Timestamp> folds_;
  absl::flat_hash_map<uint32_t, std::pair<RecordId, Cause>> pendings_;
};

// While it lives, the reader's membership is this one.
class UseMembership {
 public:
  UseMembership(store::Reader* reader, store::Membership* membership)
      : reader_(reader), former_(reader->membership()) {
    reader_->set_membership(membership);
  }
  UseMembership(const UseMembership&) = delete;
  UseMembership& operator=(const UseMembership&) = delete;
  ~UseMembership() { reader_->set_membership(former_); }

 private:
  store::Reader* reader_;
  store::Membership* former_;
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_WORKSPACE_H_
