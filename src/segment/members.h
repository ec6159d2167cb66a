// Defines Resolver: who is in which segment at one reader, at its `now`.
//
//   Resolver resolver(&upkeep, {.reader = &snapshot, .snapshot = &snapshot, .columns = &columns});
//   snapshot.set_membership(&resolver);
//   RELATA_ASSIGN_OR_RETURN(const MemberSet members, resolver.MembersOf(segment));
//
// Where nothing is pending and nothing due, this is the set that Live keeps. Where time has passed, the
// records that it may have changed are evaluated; where the segment is pending or is computed when read, a
// query answers. What had to be worked out is kept for other readers of the same commit for as long as it
// holds. In a transaction that has written, records are evaluated one by one.
//
// Thread safety: as its reader. Lifetime: within the reader's and the upkeep's. Cost: of a set that is kept,
// O(1); of a record of it, a look-up.
#ifndef RELATA_SEGMENT_MEMBERS_H_
#define RELATA_SEGMENT_MEMBERS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/status.h"
#include "relata/query/results.h"
#include "src/segment/compiled.h"
#include "src/segment/live.h"
#include "src/segment/member_set.h"
#include "src/store/membership.h"

namespace relata::store {
class Transaction;
}

namespace relata::segment {

class Upkeep;

// Sets that were worked out, by segment, for one commit and a span of time. Thread safety: safe.
class ResolvedSets {
 public:
  // The set at that commit and moment, if it is known.
  bool Find(LogPosition position, uint32_t segment, uint32_t version, Timestamp now, MemberSet* members) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Holds from `from` to before `until`.
  void Keep(LogPosition position, uint32_t segment, uint32_t version, Timestamp from, Timestamp until,
            MemberSet members) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Entry {
    LogPosition position;
    uint32_t version = 0;
    Timestamp from;
    Timestamp until;
    MemberSet members;
  };
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<uint32_t, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

class Resolver : public store::Membership {
 public:
  Resolver(Upkeep* upkeep, query::Source source) : upkeep_(upkeep), source_(source) {}
  // For a transaction.
  Resolver(Upkeep* upkeep, store::Transaction* tx);

  StatusOr<bool> Contains(uint32_t segment, RecordId id) override;
  StatusOr<std::shared_ptr<const store::MemberIds>> All(uint32_t segment) override;

  StatusOr<MemberSet> MembersOf(uint32_t segment);
  // What a query over the rows finds, whatever is kept.
  StatusOr<MemberSet> Query(const CompiledSegment& segment);
  // Whether its members are kept, none of them pending.
  StatusOr<bool> IsReady(uint32_t segment);
  StatusOr<std::shared_ptr<const Compiled>> compiled();
  Upkeep& upkeep() const { return *upkeep_; }

 private:
  struct Known {
    const CompiledSegment* segment = nullptr;
    bool loaded = false;
    SegmentState state;
    bool exact = false;  // state.bits are the members here
  };
  // What Live knows, and whether that is all.
  StatusOr<Known*> Look(uint32_t segment);
  bool Writes() const;
  StatusOr<bool> Evaluate(const CompiledSegment& segment, RecordId id);
  // The kept set with what time has changed; false where a query is the better way.
  StatusOr<bool> Overlay(const CompiledSegment& segment, const SegmentState& state, MemberSet* members);
  // When time may next change the answer.
  StatusOr<Timestamp> HoldsUntil(const CompiledSegment& segment);

  Upkeep* upkeep_;
  query::Source source_;
  store::Transaction* tx_ = nullptr;
  std::shared_ptr<const Compiled> compiled_;
  absl::flat_hash_map<uint32_t, std::unique_ptr<Known>> known_;
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_MEMBERS_H_
