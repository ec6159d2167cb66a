// Defines what is asked of the flips that the change log tells: reading them as events, and going back by
// them.
//
// Thread safety: as the reader.
#ifndef RELATA_SEGMENT_EVENTS_H_
#define RELATA_SEGMENT_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/store/change.h"
#include "src/segment/member_set.h"
#include "src/segment/section.h"
#include "src/store/reader.h"

namespace relata::segment {

// The flips of one commit.
struct ToldCommit {
  uint64_t sequence = 0;
  std::string principal;
  std::string cause;
  std::vector<Flip> flips;
};

// The commits after this position with flips of the segment, or of any if it is 0; whole ones, as many as
// hold at least `limit` flips. Statuses as ReadSegmentEvents in relata/engine/segment_events.h. O(commits
// since).
StatusOr<std::vector<ToldCommit>> ReadTold(const store::Reader& reader, LogPosition after, size_t limit,
                                           uint32_t segment);

// The position before the oldest commit of the log.
StatusOr<LogPosition> FirstTold(const store::Reader& reader);

// Takes back what was told of a segment with moments later than `moment`, latest first. `*members` are those
// that all commits have told. OutOfRange where the log does not reach back so far. O(commits since).
Status TakeBack(const store::Reader& reader, uint32_t segment, Timestamp moment, MemberSet* members);

// How many flips of a segment have these moments: changes[i] grows by one for each record that entered at or
// after bounds[i] and before bounds[i + 1], or after the last one, and shrinks for each that left.
// REQUIRES: bounds ascending, changes as many. OutOfRange as TakeBack of bounds[0].
Status CountFlips(const store::Reader& reader, uint32_t segment, const std::vector<Timestamp>& bounds,
                  std::vector<int64_t>* changes);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_EVENTS_H_
