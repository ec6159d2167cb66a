// Defines Live, which knows the members of every segment as the commits tell them, and SegmentState, what it
// knows of one.
//
//   Live live(store.get());
//   RELATA_ASSIGN_OR_RETURN(const SegmentState state, live.At(snapshot, segment));
//   if (state.pending == 0 && …) use(state.bits);
//
// The file holds a checkpoint (tree "relata.segments") and, in the log entries after it, who entered and
// left. Live reads both once and then follows the log: commits of this process and of others alike. What a
// snapshot sees is the state at its commit: for an older one, the latest commits are taken back, or its own
// checkpoint and log are read. A transaction sees the commits before it, also those it shares its commit
// with.
//
// A checkpoint is written in pieces, inside commits: while it is being written, some of its parts are newer
// than the commit it is named after. That does no harm: to enter or to leave is to be in or out afterwards,
// so what the log tells again comes to the same.
//
// Two things make what the file has doubtful. Members that are damaged there are as those of a new segment,
// until a commit says so to everyone (Section::resets). Members that were computed with another ICU or other
// time-zone data are all pending, until a commit names the versions of this process. Either way readers
// compute what they are asked, and commits and Advance make it whole again.
//
// Thread safety: safe from any thread. Lifetime: within the store's.
// Cost: At O(1) for the latest commit, some 50 ns; for a new commit, O(its flips) once; for an older snapshot
// O(flips since), or O(members) where they are no longer in memory. Memory: two bytes a member or less, and
// 32 bytes for each of the latest flips.
#ifndef RELATA_SEGMENT_LIVE_H_
#define RELATA_SEGMENT_LIVE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <span>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/status.h"
#include "src/segment/member_set.h"
#include "src/segment/section.h"
#include "src/store/reader.h"
#include "src/store/store.h"

namespace relata::segment {

struct CheckpointRound;

// What commits have told of a segment. That nothing was told yet is the state of a new one.
struct SegmentState {
  MemberSet bits;                       // the members at `folded`
  Timestamp folded = Timestamp::Min();  // see Section::Folded
  RecordId pending = 1;                 // see Section::Pending; 0: nothing is
  Cause pending_cause = Cause::kDefinition;
};

class Live {
 public:
  struct Limits {
    uint64_t tail_commits = 1'024;   // behind a checkpoint, before the next is begun
    uint64_t tail_bytes = 1 << 20;   // of sections
    uint64_t tail_of_chunk = 512;    // bytes of tail at least for each chunk that a round would write
    size_t piece_bytes = 256 << 10;  // of a checkpoint, in one commit
    size_t undo_flips = 1 << 18;     // in memory, to take back for older snapshots
    size_t undo_commits = 1 << 14;
  };

  explicit Live(store::Store* store) : Live(store, kDefaultLimits) {}
  Live(store::Store* store, const Limits& limits) : store_(store), limits_(limits) {}
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // DataLoss where a log entry is damaged. A segment of which nothing was told, one that was dropped, and one
  // whose members are damaged in the checkpoint are as a new one.
  StatusOr<SegmentState> At(const store::Reader& reader, uint32_t segment) ABSL_LOCKS_EXCLUDED(mutex_);

  // What is kept of one record in one segment.
  struct Kept {
    uint32_t segment = 0;
    bool member = false;
    RecordId pending = 1;  // as in SegmentState
  };
  // Fills in what is kept of a record in some segments: as At for each, without a copy.
  Status Look(const store::Reader& reader, RecordId id, std::span<Kept> kept) ABSL_LOCKS_EXCLUDED(mutex_);

  // The segments with something pending, as far as commits have told of them; ascending. Of a new segment
  // nothing was told: it is not among them.
  StatusOr<std::vector<uint32_t>> Pending(const store::Reader& reader) ABSL_LOCKS_EXCLUDED(mutex_);

  struct Doubts {
    std::vector<uint32_t> damaged;  // segments that the transaction has to reset
    bool outdated = false;          // members were computed with other versions than those of this process
    bool unnamed = false;           // nothing says with which
  };
  StatusOr<Doubts> DoubtsOf(const store::Transaction& tx) ABSL_LOCKS_EXCLUDED(mutex_);
  // Erases what the checkpoint has of a segment; REQUIRES: the commit resets it.
  Status Erase(store::Transaction* tx, uint32_t segment);
  // Writes the versions of this process; REQUIRES: last in the commit, which makes everything else pending.
  Status NameVersions(store::Transaction* tx);

  // Writes a piece of a checkpoint where the log behind the last one has become long, or where one has been
  // begun. To be called in every commit, from BeforeCommit. O(1) where there is nothing to do.
  Status MaybeCheckpoint(store::Transaction* tx) ABSL_LOCKS_EXCLUDED(mutex_);

  // What it has done.
  struct Figures {
    uint64_t loads = 0;        // of everything, from checkpoint and log
    uint64_t sections = 0;     // taken in
    uint64_t rebuilt = 0;      // segments of old snapshots, from their own checkpoint and log
    uint64_t checkpoints = 0;  // finished by this process
  };
  Figures figures() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Tracked {
    SegmentState state;
    uint64_t changed = 0;       // the last commit that changed anything of it
    uint64_t head_changed = 0;  // the last that changed `folded` or `pending`
  };
  // How to take back a commit.
  struct Undo {
    struct Head {
      uint32_t segment;
      Timestamp folded;
      RecordId pending;
      Cause pending_cause;
    };
    uint64_t sequence = 0;
    std::vector<Flip> flips;  // that changed something
    std::vector<Head> heads;
  };
  // The commits that a transaction shares its own with.
  struct Shared {
    struct Entry {
      size_t size;
      uint32_t checksum;
      friend bool operator==(const Entry&, const Entry&) = default;
    };
    uint64_t committed = 0;
    std::vector<Entry> entries;                          // of committed + 1 and on
    absl::flat_hash_map<uint32_t, SegmentState> states;  // of the segments that these tell of
    std::set<uint32_t> resets;
  };
  struct Old {
    uint32_t segment;
    uint64_t sequence;
    SegmentState state;
  };

  // Brings tracked_ to the reader's committed sequence, if it is not there or past it.
  Status CatchUp(const store::Reader& reader) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes tracked_ anew from the reader's checkpoint and log.
  Status Load(const store::Reader& reader) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Status Take(uint64_t sequence, const Section& section, Undo* undo) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Keep(Undo undo) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What is in doubt stays unknown, whatever is told of it.
  void HoldDoubts() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  StatusOr<Tracked*> Track(uint32_t segment) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  const Tracked* Find(uint32_t segment) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Of the first items, of each of which `question` tells a segment and a record: see MemberSet::Prefetch.
  template <class Items, class Question>
  void Prefetch(const Items& items, const Question& question) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // The state at the reader's committed sequence, where tracked_ has it as it is; nullptr otherwise.
  const SegmentState* Serve(const store::Reader& reader, uint32_t segment) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // The state at the reader's committed sequence.
  StatusOr<SegmentState> Committed(const store::Reader& reader, uint32_t segment)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  StatusOr<SegmentState> Former(const store::Reader& reader, const Tracked& tracked, uint32_t segment)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  StatusOr<SegmentState> Rebuild(const store::Reader& reader, uint32_t segment)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Brings shared_ to the commits that this transaction shares its own with.
  Status FollowShared(const store::Reader& reader) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether what was told since the checkpoint of `since` is worth a round of writing what it changed.
  bool TailIsLong(uint64_t since) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Writes what changed since `since`, from the round's place on, until enough is written; `*done` at the
  // end.
  Status WritePiece(store::Transaction* tx, uint64_t since, CheckpointRound* round, bool* done)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  static const Limits kDefaultLimits;

  store::Store* const store_;
  const Limits limits_;
  mutable absl::Mutex mutex_;
  bool loaded_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;  // the commit that tracked_ is true at
  std::vector<std::unique_ptr<Tracked>> tracked_ ABSL_GUARDED_BY(mutex_);  // by segment
  std::set<uint32_t> pending_ ABSL_GUARDED_BY(mutex_);                     // of tracked_
  std::set<uint32_t> damaged_ ABSL_GUARDED_BY(mutex_);                     // of tracked_, and not reset yet
  bool outdated_ ABSL_GUARDED_BY(mutex_) = false;                          // all of tracked_
  std::deque<Undo> undo_ ABSL_GUARDED_BY(mutex_);                          // oldest first
  uint64_t undo_from_ ABSL_GUARDED_BY(mutex_) = 0;  // every commit after this one can be taken back
  size_t undo_flips_ ABSL_GUARDED_BY(mutex_) = 0;
  Shared shared_ ABSL_GUARDED_BY(mutex_);
  std::deque<Old> old_ ABSL_GUARDED_BY(mutex_);         // states of old snapshots, latest last
  uint64_t checkpoint_ ABSL_GUARDED_BY(mutex_) = 0;     // the last one seen
  uint64_t section_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // taken in since
  uint64_t worth_it_ ABSL_GUARDED_BY(mutex_) = 0;       // the next round is not before the tail is so long
  Figures figures_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_LIVE_H_
