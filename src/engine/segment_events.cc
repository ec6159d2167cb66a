// Passes what a host asks of segment events on to the room that reads them, and puts names to ids.
#include "relata/engine/segment_events.h"

#include <utility>

#include "src/segment/events.h"
#include "src/store/reader.h"

namespace relata {

StatusOr<std::vector<SegmentEvent>> ReadSegmentEvents(const Reader& reader, LogPosition after, size_t limit,
                                                      std::string_view segment) {
  const store::Reader& inner = reader.store_reader();
  const schema::Catalogue& catalogue = inner.schema().catalogue();
  uint32_t id = 0;
  if (!segment.empty()) {
    RELATA_ASSIGN_OR_RETURN(const SegmentDefinition* definition, catalogue.GetSegment(segment));
    id = definition->id;
  }
  std::vector<SegmentEvent> events;
  do {
    RELATA_ASSIGN_OR_RETURN(std::vector<segment::ToldCommit> told,
                            segment::ReadTold(inner, after, limit - events.size(), id));
    if (told.empty()) break;
    for (const segment::ToldCommit& commit : told) {
      after.sequence = commit.sequence;
      for (const segment::Flip& flip : commit.flips) {
        const SegmentDefinition* definition = catalogue.FindSegment(flip.segment);
        if (definition == nullptr) continue;  // dropped since
        events.push_back({.position = after,
                          .segment = definition->name,
                          .record = flip.record,
                          .at = flip.at,
                          .entered = flip.entered,
                          .cause = flip.cause,
                          .principal = commit.principal,
                          .cause_text = commit.cause});
      }
    }
  } while (events.size() < limit);
  return events;
}

StatusOr<LogPosition> FirstSegmentEvents(const Reader& reader) {
  return segment::FirstTold(reader.store_reader());
}

}  // namespace relata
