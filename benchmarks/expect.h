// Defines how the benchmarks take what Relata returns: a failure ends the run, with its message.
#ifndef RELATA_BENCHMARKS_EXPECT_H_
#define RELATA_BENCHMARKS_EXPECT_H_

#include <string_view>
#include <utility>

#include "benchmarks/harness.h"
#include "relata/base/status.h"

namespace benchmarks {

inline void Expect(const relata::Status& status) {
  Require(status.ok(), std::string_view(status.message().data(), status.message().size()));
}
template <class T>
T Value(relata::StatusOr<T> result) {
  Expect(result.status());
  return *std::move(result);
}

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_EXPECT_H_
