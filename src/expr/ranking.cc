// Bounded heaps for tops, sorted values for shares.
#include "src/expr/ranking.h"

#include <algorithm>

#include "src/base/coding.h"
#include "src/expr/datum.h"

namespace relata::expr {

void AppendGroupKey(Base base, const Datum& datum, std::string* key) {
  key->push_back(datum.present ? '\1' : '\0');
  if (!datum.present) return;
  if (IsBytes(base)) {
    PutVarint64(key, datum.bytes.size());
    key->append(datum.bytes);
  } else {
    AppendLE64(key, KeyBits(base, datum));
  }
}

Datum Ranking::Entry::value(Base base) const {
  return IsBytes(base) ? Datum::OfBytes(text) : Datum::OfBits(bits);
}

bool Ranking::Before(const Datum& a, RecordId a_id, const Entry& b) const {
  const int order = Compare(base_, a, b.value(base_));
  return order != 0 ? order > 0 : a_id < b.id;
}

void Ranking::Add(std::string_view group, const Datum& value, RecordId id) {
  if (count_ == 0) {
    if (IsBytes(base_)) {
      texts_.emplace_back(value.bytes);
    } else {
      values_.push_back(value.bits);
    }
    return;
  }
  std::vector<Entry>& heap = groups_[std::string(group)];
  if (heap.size() == count_) {
    if (!Before(value, id, heap.front())) return;
  }
  const auto before = [this](const Entry& a, const Entry& b) { return Before(a.value(base_), a.id, b); };
  if (heap.size() == count_) {
    std::pop_heap(heap.begin(), heap.end(), before);
    heap.pop_back();
  }
  heap.push_back({value.bits, std::string(value.bytes), id});
  std::push_heap(heap.begin(), heap.end(), before);
}

void Ranking::Finish() {
  for (const auto& [key, heap] : groups_) {
    for (const Entry& entry : heap) top_.push_back(entry.id);
  }
  groups_.clear();
  std::sort(top_.begin(), top_.end());
  std::sort(texts_.begin(), texts_.end());
  std::sort(values_.begin(), values_.end(), [this](uint64_t a, uint64_t b) {
    return Compare(base_, Datum::OfBits(a), Datum::OfBits(b)) < 0;
  });
}

bool Ranking::HoldsTop(RecordId id) const { return std::binary_search(top_.begin(), top_.end(), id); }

double Ranking::ShareUpTo(const Datum& value) const {
  if (IsBytes(base_)) {
    const auto end = std::upper_bound(texts_.begin(), texts_.end(), value.bytes);
    return static_cast<double>(end - texts_.begin()) / static_cast<double>(texts_.size());
  }
  const auto end = std::upper_bound(
      values_.begin(), values_.end(), value.bits,
      [this](uint64_t a, uint64_t b) { return Compare(base_, Datum::OfBits(a), Datum::OfBits(b)) < 0; });
  return static_cast<double>(end - values_.begin()) / static_cast<double>(values_.size());
}

}  // namespace relata::expr
