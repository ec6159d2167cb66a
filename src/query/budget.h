// Defines Budget, which counts what a query touches and stops it where its limits are reached.
//
//   RELATA_RETURN_IF_ERROR(budget.Tick());                    // once per record looked at
//   RELATA_RETURN_IF_ERROR(budget.Hold(key.size(), "sort"));  // before something is kept
//
// Thread safety: one thread; the cancellation it looks at may be set by any.
// Cost: a Tick is a count; the clock is read once in 256.
#ifndef RELATA_QUERY_BUDGET_H_
#define RELATA_QUERY_BUDGET_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include "relata/base/status.h"
#include "relata/base/strings.h"
#include "relata/query/plan.h"
#include "relata/query/spec.h"

namespace relata::query {

class Budget {
 public:
  explicit Budget(Limits limits) : limits_(std::move(limits)) {}

  Status Tick() { return (ticks_++ & 255) == 0 ? Look() : absl::OkStatus(); }

  // Looks at deadline and cancellation now.
  Status Look() const {
    if (limits_.cancellation != nullptr && limits_.cancellation->cancelled()) {
      return absl::CancelledError("the query was cancelled");
    }
    if (limits_.deadline && std::chrono::steady_clock::now() >= *limits_.deadline) {
      return absl::DeadlineExceededError(
          StrCat("the query's deadline passed after ", work_.rows_read, " rows and ", work_.index_entries,
                 " index entries; give it more time, a limit, or an index (explain shows the plan)"));
    }
    return absl::OkStatus();
  }

  // `bytes` more are held, for `what`.
  Status Hold(uint64_t bytes, std::string_view what) {
    held_ += bytes;
    work_.memory_bytes = std::max(work_.memory_bytes, held_);
    if (held_ <= limits_.memory_bytes) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        StrCat("the query needs more than its memory limit of ", limits_.memory_bytes, " bytes for the ",
               what, "; raise Limits::memory_bytes, set a limit, or add an index in the order asked for"));
  }
  void Release(uint64_t bytes) { held_ -= std::min(held_, bytes); }

  Work& work() { return work_; }
  const Work& work() const { return work_; }

 private:
  Limits limits_;
  Work work_;
  uint64_t held_ = 0;
  uint64_t ticks_ = 0;
};

}  // namespace relata::query

#endif  // RELATA_QUERY_BUDGET_H_
