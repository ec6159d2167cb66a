// Defines OnSegmentEvents: a call in this process for each record that enters or leaves a segment.
//
//   StatusOr<SegmentListener> calls = OnSegmentEvents(
//       &db, [](const SegmentEvent& event) { … }, "quiet top customers");
//
// Calls come after the commit that tells of the event, on the thread that committed, in the order of the log;
// where several threads commit at once, one of them tells for all. A call may read and write the store: what
// it writes is told after it returns. It must not throw. What the process does not live to tell is not told
// again: who may miss nothing reads ReadSegmentEvents with a consumer.
//
// Thread safety: safe from any thread; calls come one at a time.
#ifndef RELATA_ENGINE_SEGMENT_LISTENER_H_
#define RELATA_ENGINE_SEGMENT_LISTENER_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include "relata/base/status.h"
#include "relata/engine/database.h"
#include "relata/engine/segment_events.h"
#include "relata/export.h"

namespace relata {

namespace segment {
class Listeners;
}

// Listens as long as it lives. Lifetime: within its Database's.
class RELATA_EXPORT SegmentListener {
 public:
  SegmentListener(SegmentListener&& other) noexcept;
  SegmentListener& operator=(SegmentListener&& other) noexcept;
  // No call is made any more when this returns, unless it is itself within one.
  ~SegmentListener();

 private:
  RELATA_EXPORT friend StatusOr<SegmentListener> OnSegmentEvents(
      Database* database, std::function<void(const SegmentEvent&)> callback, std::string_view segment);
  SegmentListener(segment::Listeners* listeners, uint64_t id) : listeners_(listeners), id_(id) {}
  segment::Listeners* listeners_;  // nullptr once moved from
  uint64_t id_;
};

// From the present commit on; of one segment, or of all. NotFound names the nearest segment.
RELATA_EXPORT StatusOr<SegmentListener> OnSegmentEvents(Database* database,
                                                        std::function<void(const SegmentEvent&)> callback,
                                                        std::string_view segment = "");

// Tells what other processes have committed since; commits of this one do so by themselves.
// FailedPrecondition after a restore, OutOfRange where the log was cut: telling then goes on from the present
// commit.
RELATA_EXPORT Status TellSegmentEvents(Database* database);

}  // namespace relata

#endif  // RELATA_ENGINE_SEGMENT_LISTENER_H_
