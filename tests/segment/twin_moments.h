// Defines what a store must say of other moments than its now: who was in a segment earlier, how many at the
// end of each day, and, record by record, why and until when.
//
//   std::string what = EarlierDiffers(now, world, events, segment, all_told, &random);
//
// Thread safety: functions of their arguments.
#ifndef RELATA_TESTS_SEGMENT_TWIN_MOMENTS_H_
#define RELATA_TESTS_SEGMENT_TWIN_MOMENTS_H_

#include <string>

#include "relata/engine/reader.h"
#include "relata/engine/segments.h"
#include "tests/segment/twin_events.h"
#include "tests/segment/twin_step.h"

namespace relata::twin {

// MembersAt and SizeHistory against the events as they came and, since the last commit, the naive
// interpreter. They may refuse only what time did and nobody told: nothing if `all_told`. Returns what is
// wrong, or nothing.
std::string EarlierDiffers(const Reader& now, const SegmentWorld& world, const EventTwin& events,
                           const Segment& segment, bool all_told, Random* random);

// Why, of a record: its result is the naive interpreter's, which finds the same up to `until`, or to the
// horizon, and another result at that very moment. Adds to *ends where there is such a moment.
std::string WhyDiffers(const Reader& now, const World& world, const std::string& segment, RecordId id,
                       Random* random, size_t* ends);

}  // namespace relata::twin

#endif  // RELATA_TESTS_SEGMENT_TWIN_MOMENTS_H_
