// Defines DueIn, which finds what time alone may change between two moments, and NextDue, when it may next
// change anything.
//
//   RELATA_ASSIGN_OR_RETURN(const DueRecords due, DueIn(reader, zone, analysis, folded, now, 100'000));
//   for (const Due& one : due.records) …            // its answer may differ from the one an instant before
//
// The rows are taken as they are: nothing may have been written between `after` and now that the condition
// depends on, or the caller has folded what was due before it. Moments are exact: at any other, the truth of
// the condition for a record is what it was an instant before. A record given need not change.
//
// Candidates come from an ordered index that begins with the compared field; without one, from a walk over
// the type's rows. How a threshold moves meanwhile is told in course.h.
//
// Thread safety: functions of their arguments; one thread, as the reader. Cost: an index seek per sweep, and
// O(log n) per candidate.
#ifndef RELATA_SEGMENT_MOMENTS_H_
#define RELATA_SEGMENT_MOMENTS_H_

#include <cstddef>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/schema/ids.h"
#include "src/segment/analysis.h"
#include "src/store/reader.h"
#include "src/store/schema_runtime.h"

namespace relata::segment {

struct Due {
  Timestamp at;
  RecordId id = 0;  // of the program's type
  friend auto operator<=>(const Due&, const Due&) = default;
};

struct DueRecords {
  std::vector<Due> records;       // sorted, each once
  std::vector<Timestamp> of_all;  // sorted: at these every record of the type is due
  bool too_many = false;          // more than the limit: the rest is empty
};

// Due after `after`, up to and with `until`. `limit` counts pairs, and moments of all. REQUIRES: not
// kComputed.
StatusOr<DueRecords> DueIn(const store::Reader& reader, const TimeZone& zone, const Analysis& analysis,
                           Timestamp after, Timestamp until, size_t limit);

// No moment after `after` and before this one is due for anything. Timestamp::Max() where none is in sight:
// with the rows as they are, nothing will ever change. It may be too early (the next local midnight, most
// often), never too late. REQUIRES: not kComputed.
StatusOr<Timestamp> NextDue(const store::Reader& reader, const TimeZone& zone, const Analysis& analysis,
                            Timestamp after);

// The moments in (after, until] at which the sweeps may change the answer for one record, sorted. Beside them
// a kDaily condition is due at each change of the local date. Cost: the related records that it looks at.
StatusOr<DueRecords> DueOf(const store::Reader& reader, const TimeZone& zone, const Analysis& analysis,
                           RecordId root, Timestamp after, Timestamp until, size_t limit);

// An index whose entries lie in the order of the slot, that is ready; nullptr if there is none.
const store::IndexRuntime* OrderedIndexOn(const store::TypeRuntime& type, FieldId slot);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_MOMENTS_H_
