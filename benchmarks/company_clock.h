// Defines CompanyClock, the time at which relata holds and asks the company: noon of the sample company's
// today, and not the machine's, so that windows up to today have the same members on whatever day a benchmark
// runs.
#ifndef RELATA_BENCHMARKS_COMPANY_CLOCK_H_
#define RELATA_BENCHMARKS_COMPANY_CLOCK_H_

#include <memory>

#include "examples/sample_company/generator.h"
#include "relata/base/clock.h"

namespace benchmarks {

// One that stands still until it is moved.
inline std::shared_ptr<relata::ManualClock> CompanyClock() {
  constexpr int64_t kMicrosPerDay = 86'400'000'000;
  return std::make_shared<relata::ManualClock>(
      relata::Timestamp{sample_company::ReferenceDate().days * kMicrosPerDay + kMicrosPerDay / 2});
}

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_COMPANY_CLOCK_H_
