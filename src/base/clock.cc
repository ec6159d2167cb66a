// The system's clock and the one a test or host sets.
#include "relata/base/clock.h"

#include <algorithm>
#include <chrono>

namespace relata {
namespace {

class MachineClock : public Clock {
 public:
  Timestamp Now() const override {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    const int64_t micros = std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
    return std::clamp(Timestamp{micros}, Timestamp::Min(), Timestamp::Max());
  }
};

}  // namespace

Clock::~Clock() = default;

std::shared_ptr<Clock> SystemClock() {
  // Never destroyed: other static objects may ask the time on their way out.
  static const auto* clock = new std::shared_ptr<Clock>(std::make_shared<MachineClock>());
  return *clock;
}

void ManualClock::Advance(Duration by) {
  int64_t before = micros_.load();
  int64_t after = 0;
  do {
    if (__builtin_add_overflow(before, by.micros, &after)) {
      after = by.micros < 0 ? Timestamp::Min().micros : Timestamp::Max().micros;
    }
    after = std::clamp(after, Timestamp::Min().micros, Timestamp::Max().micros);
  } while (!micros_.compare_exchange_weak(before, after));
}

}  // namespace relata
