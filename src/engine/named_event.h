// Defines NamedEvent, which makes of a flip in the log what a host is told of it.
//
// Thread safety: a function of its arguments.
#ifndef RELATA_ENGINE_NAMED_EVENT_H_
#define RELATA_ENGINE_NAMED_EVENT_H_

#include <optional>

#include "relata/engine/segment_events.h"
#include "src/schema/catalogue.h"
#include "src/segment/events.h"

namespace relata {

// Nothing where the segment was dropped since. `position` is the commit's.
inline std::optional<SegmentEvent> NamedEvent(const schema::Catalogue& catalogue, LogPosition position,
                                              const segment::ToldCommit& commit, const segment::Flip& flip) {
  const SegmentDefinition* definition = catalogue.FindSegment(flip.segment);
  if (definition == nullptr) return std::nullopt;
  return SegmentEvent{.position = position,
                      .segment = definition->name,
                      .record = flip.record,
                      .at = flip.at,
                      .entered = flip.entered,
                      .cause = flip.cause,
                      .principal = commit.principal,
                      .cause_text = commit.cause};
}

}  // namespace relata

#endif  // RELATA_ENGINE_NAMED_EVENT_H_
