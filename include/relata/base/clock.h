// Defines Clock, where the engine gets the time from, with the system's clock and one that a test sets.
//
//   auto clock = std::make_shared<ManualClock>(Timestamp::Parse("2026-01-31T12:00:00Z").value());
//   clock->Advance(Duration::Days(1));
//
// Thread safety: all of it may be used from any thread.
#ifndef RELATA_BASE_CLOCK_H_
#define RELATA_BASE_CLOCK_H_

#include <atomic>
#include <memory>

#include "relata/base/time.h"
#include "relata/export.h"

namespace relata {

class RELATA_EXPORT Clock {
 public:
  virtual ~Clock();

  // A valid timestamp. May stand still or step back; who needs an order keeps one.
  virtual Timestamp Now() const = 0;
};

// The machine's clock; one for the process.
RELATA_EXPORT std::shared_ptr<Clock> SystemClock();

// A clock that moves only when told.
class RELATA_EXPORT ManualClock : public Clock {
 public:
  explicit ManualClock(Timestamp now = Timestamp{}) : micros_(now.micros) {}

  Timestamp Now() const override { return Timestamp{micros_.load()}; }

  // May step back.
  void Set(Timestamp now) { micros_.store(now.micros); }

  // A negative duration steps back. Stops at Timestamp::Min() and Max().
  void Advance(Duration by);

 private:
  std::atomic<int64_t> micros_;
};

}  // namespace relata

#endif  // RELATA_BASE_CLOCK_H_
