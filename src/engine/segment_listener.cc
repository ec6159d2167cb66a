// Turns flips into events with names, for listeners.
#include "relata/engine/segment_listener.h"

#include <optional>
#include <utility>

#include "src/engine/named_event.h"
#include "src/segment/listeners.h"
#include "src/segment/upkeep.h"

namespace relata {

SegmentListener::SegmentListener(SegmentListener&& other) noexcept
    : listeners_(std::exchange(other.listeners_, nullptr)), id_(other.id_) {}

SegmentListener& SegmentListener::operator=(SegmentListener&& other) noexcept {
  std::swap(listeners_, other.listeners_);
  std::swap(id_, other.id_);
  return *this;
}

SegmentListener::~SegmentListener() {
  if (listeners_ != nullptr) listeners_->Remove(id_);
}

StatusOr<SegmentListener> OnSegmentEvents(Database* database,
                                          std::function<void(const SegmentEvent&)> callback,
                                          std::string_view segment) {
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database->Read());
  uint32_t id = 0;
  if (!segment.empty()) {
    RELATA_ASSIGN_OR_RETURN(const SegmentDefinition* definition,
                            now.store_reader().schema().catalogue().GetSegment(segment));
    id = definition->id;
  }
  segment::Listeners& listeners = database->upkeep()->listeners();
  const auto tell = [callback = std::move(callback)](const store::Reader& reader,
                                                     const segment::ToldCommit& commit,
                                                     const segment::Flip& flip) {
    const std::optional<SegmentEvent> event =
        NamedEvent(reader.schema().catalogue(), {reader.position().epoch, commit.sequence}, commit, flip);
    if (event) callback(*event);
  };
  return SegmentListener(&listeners, listeners.Add(id, now.position(), tell));
}

Status TellSegmentEvents(Database* database) { return database->upkeep()->listeners().Tell(); }

}  // namespace relata
