// Defines Section, what one commit tells of the members of segments, and its bytes in the commit's log entry.
//
//   Section section;
//   section.flips.push_back({.segment = 3, .record = 17, .at = now, .entered = true, .cause =
//   Cause::kWrite}); log.Finish(…, section.Encode());
//
// In bytes: u8 format 1, then blocks, each a byte that names its kind:
//   1 flips    varint segment, zigzag moment (less the one before it), u8 cause * 2 + entered, varint count,
//              then per record its id as a zigzag distance from the one before it
//   2 flips    the same head, then a set: varint chunks, per chunk varint number, varint size and a CRoaring
//              bitmap in its portable form. Many records in ascending order are told like this
//   3 folded   varint segment, zigzag moment
//   4 pending  varint segment, varint from, u8 cause
//   5 reset    varint segment
// The log entry has the checksum.
//
// Thread safety: a plain value. Cost: about three bytes a flip; much less where many records flip together.
#ifndef RELATA_SEGMENT_SECTION_H_
#define RELATA_SEGMENT_SECTION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/schema/ids.h"
#include "relata/segment/event.h"

namespace relata::segment {

using Cause = SegmentCause;

// A record entered or left a segment at a moment.
struct Flip {
  uint32_t segment = 0;
  RecordId record = 0;
  Timestamp at;
  bool entered = false;
  Cause cause = Cause::kWrite;
  friend bool operator==(const Flip&, const Flip&) = default;
};

struct Section {
  // The members of the segment are those of this moment, and of every later one before its next due moment.
  struct Folded {
    uint32_t segment = 0;
    Timestamp at;
    friend bool operator==(const Folded&, const Folded&) = default;
  };
  // From the record `from` on it is not known who is a member; from 0: of all it is. `cause` is what the
  // flips will be told with.
  struct Pending {
    uint32_t segment = 0;
    RecordId from = 0;
    Cause cause = Cause::kImport;
    friend bool operator==(const Pending&, const Pending&) = default;
  };

  // Before all else of the commit these are as new ones: no members, all of it pending. Told where the file's
  // members of a segment were found damaged, so that everyone begins from the same.
  std::vector<uint32_t> resets;
  std::vector<Flip> flips;  // in the order in which they happened, as far as they are of one record
  std::vector<Folded> folds;
  std::vector<Pending> pendings;

  bool empty() const { return resets.empty() && flips.empty() && folds.empty() && pendings.empty(); }
  // No bytes for an empty one. O(n).
  std::string Encode() const;
  // DataLoss for bytes that are no section. No bytes make an empty one.
  static StatusOr<Section> Parse(std::string_view bytes);
  friend bool operator==(const Section&, const Section&) = default;
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_SECTION_H_
