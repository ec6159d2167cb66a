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
  explicit Told(size_t groups) : to_(groups) {
    for (std::atomic<int64_t>& to : to_) to.store(INT64_MIN, std::memory_order_relaxed);
  }
  bool Reaches(uint32_t group, Timestamp at) const {
    return to_[group].load(std::memory_order_relaxed) >= at.micros;
  }
  void Reach(uint32_t group, Timestamp at) { to_[group].store(at.micros, std::memory_order_relaxed); }

 private:
  std::vector<std::atomic<int64_t>> to_;
};

class Fold {
 public:
  Fold(Workspace* workspace, const TimeZone& zone, std::shared_ptr<Told> told)
      : workspace_(workspace), zone_(zone), told_(std::move(told)) {}

  // All of it, up to and with `to`.
  Status Whole(uint32_t group, Timestamp to);
  // As much as about `limit` due records allow; `*done` tells whether that was all.
  Status Some(uint32_t group, Timestamp to, size_t limit, bool* done);
  // Whether anything may have changed since it was told, up to `to`. May be wrong in saying so.
  StatusOr<bool> IsDue(uint32_t group, Timestamp to);

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
  StatusOr<bool> Gather(uint32_t group, Timestamp to, size_t limit, std::vector<Task>* tasks);
  Status Tell(std::vector<Task>* tasks);

  Workspace* workspace_;
  const TimeZone& zone_;
  std::shared_ptr<Told> told_;
  Timestamp date_of_ = Timestamp::Min();  // what LastDateChange was asked last, and its answer
  Timestamp date_began_ = Timestamp::Min();
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_FOLD_H_
