// Defines SegmentEvent, a record that entered or left a segment, the reading of them, and what segments were
// at earlier moments.
//
//   RELATA_RETURN_IF_ERROR(RegisterConsumer(&db, "mail"));                   // relata/engine/change_log.h
//   …
//   RELATA_ASSIGN_OR_RETURN(const std::vector<SegmentEvent> news, ReadSegmentEvents(now, position, 1'000));
//   for (const SegmentEvent& event : news) Send(event);
//   RELATA_RETURN_IF_ERROR(Acknowledge(&db, "mail", news.back().position));
//
// Events lie in the change log with the commits that told of them. A write tells at once what it changes;
// what time changes is told, with the moment at which it did, by the next write that concerns the segment or
// by Database::Advance. Of one record and segment they alternate, and are in the order of their moments. A
// consumer that acknowledges after its work gets every event at least once: (position, segment, record, at,
// entered) tells whether it had it before.
//
// Of a segment that is computed when read, Advance tells what is another since the last Advance. What a bulk
// load, a very large change or a definition brings about is told net, when it has been worked out.
//
// Thread safety: as the reader.
#ifndef RELATA_ENGINE_SEGMENT_EVENTS_H_
#define RELATA_ENGINE_SEGMENT_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/engine/reader.h"
#include "relata/engine/segments.h"
#include "relata/export.h"
#include "relata/schema/ids.h"
#include "relata/segment/event.h"
#include "relata/store/change.h"

namespace relata {

struct SegmentEvent {
  LogPosition position;  // of the commit that told of it
  std::string segment;   // its name today
  RecordId record = 0;
  Timestamp at;  // when it happened: a write's `now`, or the moment that passed
  bool entered = false;
  SegmentCause cause = SegmentCause::kWrite;
  std::string principal;   // of the commit
  std::string cause_text;  // of the commit: "import", "advance", …
};

// The events after this position, in order; of one segment, or of all that are still there. Whole commits: as
// many as hold at least `limit` events, or all. FailedPrecondition for a position of another epoch: the store
// was restored since. OutOfRange where the log was cut past the position: take the members as they are, and
// go on from reader.position(). NotFound names the nearest segment. O(commits since + events).
RELATA_EXPORT StatusOr<std::vector<SegmentEvent>> ReadSegmentEvents(const Reader& reader, LogPosition after,
                                                                    size_t limit,
                                                                    std::string_view segment = "");

// The position before the oldest commit that the log still has: where reading may begin.
RELATA_EXPORT StatusOr<LogPosition> FirstSegmentEvents(const Reader& reader);

// The members of a segment at an earlier moment, by the events since. What a bulk load, a very large change
// or a definition brought about counts from when it was told, and a segment that is computed when read is as
// Advance told of it. OutOfRange where the log does not reach back so far; InvalidArgument for a moment past
// reader.now(); FailedPrecondition, and a hint to Advance, where what time did up to that moment has not been
// told yet. O(commits since).
RELATA_EXPORT StatusOr<Members> MembersAt(const Reader& reader, std::string_view segment, Timestamp moment);

// How many members a segment had when a day of the store's time zone ended.
struct DaySize {
  Date day;
  uint64_t size = 0;
  friend bool operator==(const DaySize&, const DaySize&) = default;
};
// From one day up to and with another; of today, how many it has now. Statuses and cost as MembersAt.
RELATA_EXPORT StatusOr<std::vector<DaySize>> SizeHistory(const Reader& reader, std::string_view segment,
                                                         Date from, Date to);

}  // namespace relata

#endif  // RELATA_ENGINE_SEGMENT_EVENTS_H_
