// Defines TargetSets, which remembers of a column of references which records its chunks name, a span of
// chunks at a time: so that exists(interactions where at < x) looks at the interactions of those spans alone
// that x parts, and takes the relations of the others as they were found before.
//
// Thread safety: safe from any thread. Lifetime: within the column's; a column that takes another's place has
// a copy, and forgets the spans whose chunks are new. Cost: one bit for each record up to the last that a
// span names.
#ifndef RELATA_COLUMN_TARGET_SETS_H_
#define RELATA_COLUMN_TARGET_SETS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace relata::column {

class TargetSets {
 public:
  // Chunks in a span. The more, the less there is to remember and the more to look at where a span is parted.
  static constexpr size_t kChunks = 64;
  static constexpr size_t SpanOf(size_t chunk) { return chunk / kChunks; }

  // A bit for each record that a span names, by id.
  using Set = std::shared_ptr<const std::vector<uint64_t>>;

  TargetSets() = default;
  TargetSets(const TargetSets& other);
  TargetSets& operator=(const TargetSets&) = delete;

  // nullptr where it is not known.
  Set Find(size_t span) const;
  void Keep(size_t span, Set set);
  void Forget(size_t span);
  size_t bytes() const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<Set> sets_ ABSL_GUARDED_BY(mutex_);  // by span
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_TARGET_SETS_H_
