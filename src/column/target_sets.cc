// Keeps the sets of spans.
#include "src/column/target_sets.h"

#include <algorithm>
#include <utility>

namespace relata::column {

TargetSets::TargetSets(const TargetSets& other) {
  const absl::MutexLock lock(&other.mutex_);
  sets_ = other.sets_;
}

TargetSets::Set TargetSets::Find(size_t span) const {
  const absl::MutexLock lock(&mutex_);
  return span < sets_.size() ? sets_[span] : nullptr;
}

void TargetSets::Keep(size_t span, Set set) {
  const absl::MutexLock lock(&mutex_);
  sets_.resize(std::max(sets_.size(), span + 1));
  sets_[span] = std::move(set);
}

void TargetSets::Forget(size_t span) {
  const absl::MutexLock lock(&mutex_);
  if (span < sets_.size()) sets_[span] = nullptr;
}

size_t TargetSets::bytes() const {
  const absl::MutexLock lock(&mutex_);
  size_t bytes = 0;
  for (const Set& set : sets_) bytes += set == nullptr ? 0 : set->size() * sizeof(uint64_t);
  return bytes;
}

}  // namespace relata::column
