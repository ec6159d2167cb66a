// IdCollector: ids that many runs overlap in are ordered by a bitmap, a few by sorting.
#include "src/query/id_set.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace relata::query {
namespace {

// A bitmap of all ids up to the greatest is cheaper than sorting if one in so many is there.
constexpr size_t kSparse = 256;

void PutInOrder(uint32_t greatest, std::vector<uint32_t>* ids) {
  if (ids->size() < greatest / kSparse) {
    std::sort(ids->begin(), ids->end());
    return;
  }
  std::vector<uint64_t> bits(size_t{greatest} / 64 + 1);
  for (const uint32_t id : *ids) bits[id / 64] |= uint64_t{1} << (id % 64);
  ids->clear();
  for (size_t i = 0; i < bits.size(); ++i) {
    for (uint64_t left = bits[i]; left != 0; left &= left - 1) {
      ids->push_back(static_cast<uint32_t>(64 * i + static_cast<size_t>(std::countr_zero(left))));
    }
  }
}

}  // namespace

void IdCollector::Add(std::span<const RecordId> ids) {
  for (const RecordId id : ids) {
    if (id > UINT32_MAX) {
      high_.add(uint64_t{id});
      continue;
    }
    const auto low = static_cast<uint32_t>(id);
    ascending_ &= low >= greatest_;
    greatest_ = std::max(greatest_, low);
    low_.push_back(low);
  }
}

IdSet IdCollector::Take() {
  if (!ascending_) PutInOrder(greatest_, &low_);
  id_set_internal::LowSet low;
  low.addMany(low_.size(), low_.data());
  IdSet ids(low);
  ids |= high_;
  *this = IdCollector();
  return ids;
}

}  // namespace relata::query
