// Defines Fold, which tells in a transaction what time has done to segments, and makes pending ones whole.
//
// A group of segments is moved from the moment up to which it was told to a later one: every moment in
// between at which something is due, in order, with the segments of the group evaluated as of that moment. A
// span with too much in it is taken in pieces. The rows must not have changed, since, in anything the group
// depends on.
//
// Thread safety: as the workspace. Lifetime: within it.
#ifndef RELATA_SEGMENT_FOLD_H_
#define RELATA_SEGMENT_FOLD_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "src/segment/compiled.h"
#include "src/segment/moments.h"
#include "src/segment/workspace.h"

namespace relata::segment {

// Up to when commits have surely told what time did to each group, as far as anybody has looked: it only
// grows, so a transaction that finds a group here need not ask for its segments. Thread safety: safe.
class Told {
 public:
  // `concerned`: how many sets of groups there are that writes concern.
  Told(size_t groups, size_t concerned) : to_(groups), dated_to_(concerned) {
    for (std::atomic<int64_t>& to : to_) to.store(INT64_MIN, std::memory_order_relaxed);
    for (std::atomic<int64_t>& to : dated_to_) to.store(INT64_MIN, std::memory_order_relaxed);
  }
  bool Reaches(uint32_t group, Timestamp at) const {
    return to_[group].load(std::memory_order_relaxed) >= at.micros;
  }
  void Reach(uint32_t group, Timestamp at) { to_[group].store(at.micros, std::memory_order_relaxed); }

  // The same of all dated groups that a write concerns.
  bool DatedReach(const Compiled::Concerned& concerned, Timestamp at) {
    std::atomic<int64_t>& known = dated_to_[concerned.number];
    if (known.load(std::memory_order_relaxed) >= at.micros) return true;
    for (const uint32_t group : concerned.dated) {
      if (!Reaches(group, at)) return false;
    }
    known.store(at.micros, std::memory_order_relaxed);
    return true;
  }

 private:
  std::vector<std::atomic<int64_t>> to_;
  std::vector<std::atomic<int64_t>> dated_to_;
};

class Fold {
 public:
  Fold(Workspace* workspace, const TimeZone& zone, std::shared_ptr<Told> told)
      : workspace_(workspace), zone_(zone), told_(std::move(told)) {}

  // All of it, up to and with `to`.
  Status Whole(uint32_t group, Timestamp to);
  // Of every group that a write concerns: all of them moment by moment, so that what they ask of one record
  // is found once. O(1) where none is due and only dates count.
  Status Whole(const Compiled::Concerned& concerned, Timestamp to);
  // As much as about `limit` due records allow; `*done` tells whether that was all.
  Status Some(uint32_t group, Timestamp to, size_t limit, bool* done);

  // Evaluates some `rows` records of the first segment that is pending; false if none is. REQUIRES: what the
  // transaction did itself has been followed.
  StatusOr<bool> Piece(uint64_t rows);

 private:
  struct Task {
    Timestamp at;
    Place place;
    RecordId id;  // 0: every record
    friend auto operator<=>(const Task&, const Task&) = default;
  };
  // The moment up to which the group was told; Max() where all of it is pending.
  StatusOr<Timestamp> FoldedTo(uint32_t group);
  // The last instant up to `to` at which the local date became another, or one more than a day before.
  Timestamp LastDateChange(Timestamp to);
  // Whether nothing is left to be told of a group; else sets up to when it was told.
  StatusOr<bool> IsTold(uint32_t group, Timestamp to, Timestamp* folded);
  Status Together(const std::vector<uint32_t>& groups, Timestamp to);
  StatusOr<bool> Gather(uint32_t group, Timestamp to, size_t limit, std::vector<Task>* tasks);
  Status SetTold(uint32_t group, Timestamp to);
  Status Tell(std::vector<Task>* tasks);

  Workspace* workspace_;
  const TimeZone& zone_;
  std::shared_ptr<Told> told_;
  Timestamp date_of_ = Timestamp::Min();  // what LastDateChange was asked last, and its answer
  Timestamp date_began_ = Timestamp::Min();
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_FOLD_H_
