// IndexTree::EstimateCount: samples where a full count would take long.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>

#include "src/base/coding.h"
#include "src/store/id_block.h"
#include "src/store/index_entry.h"
#include "src/store/index_tree.h"

namespace relata::store {
namespace {

constexpr int kCountedBlocks = 32;  // a range of no more is counted
constexpr int kSamples = 16;
constexpr int kSampleBlocks = 4;

// Keys of a range as numbers, as if they were evenly spread: the eight bytes behind what all of them begin
// with.
class KeyScale {
 public:
  KeyScale(std::string_view first, std::string_view last)
      : common_(first.substr(
            0, static_cast<size_t>(std::mismatch(first.begin(), first.end(), last.begin(), last.end()).first -
                                   first.begin()))) {}

  double Of(std::string_view key) const {
    char bytes[8] = {};
    const std::string_view rest = key.substr(std::min(common_.size(), key.size())).substr(0, sizeof(bytes));
    std::memcpy(bytes, rest.data(), rest.size());
    return std::ldexp(static_cast<double>(LoadBE64(bytes)), -64);
  }
  std::string KeyAt(double number) const {
    std::string key(common_);
    AppendBE64(&key, static_cast<uint64_t>(std::ldexp(number, 64)));
    return key;
  }

 private:
  std::string_view common_;
};

}  // namespace

StatusOr<uint64_t> IndexTree::EstimateCount(const kv::Transaction& txn, const KeyRange& range) const {
  kv::Cursor at(txn, tree_);
  IndexEntry entry;
  uint64_t counted = 0;
  int blocks = 0;
  at.Seek(range.low);
  const std::string first(at.Valid() ? at.key() : std::string_view());
  for (; at.Valid() && BeforeEnd(range, at.key()) && blocks < kCountedBlocks; at.Next(), ++blocks) {
    if (!ReadEntry(unique_, at.key(), at.value(), &entry)) return DamagedEntry(tree_);
    counted += BlockCount(entry.gaps);
  }
  RELATA_RETURN_IF_ERROR(at.status());
  if (blocks < kCountedBlocks) return counted;
  RELATA_ASSIGN_OR_RETURN(const kv::TreeStats stats, txn.StatTree(tree_));
  if (range.low.empty() && range.high.empty()) {
    return unique_ ? stats.entries : stats.entries * counted / static_cast<uint64_t>(blocks);
  }

  if (range.high.empty()) {
    at.SeekLast();
  } else {
    at.SeekBefore(range.high);
  }
  RELATA_RETURN_IF_ERROR(at.status());
  const std::string last(at.Valid() ? at.key() : std::string_view());
  if (last <= first) return counted;
  // Each sample looks for the first blocks of its share of the range, and takes the rest of the share to be
  // as dense.
  const KeyScale scale(first, last);
  const double begin = scale.Of(first);
  const double share = (scale.Of(last) - begin) / kSamples;
  double estimate = 0;
  for (int i = 0; i < kSamples; ++i) {
    const double share_end = begin + (i + 1) * share;
    at.Seek(i == 0 ? first : scale.KeyAt(begin + i * share));
    if (!at.Valid()) break;
    const double sample_begin = scale.Of(at.key());
    double sample_end = sample_begin;
    double ids = 0;
    for (int n = 0; n < kSampleBlocks && at.Valid() && sample_end < share_end; ++n) {
      if (!ReadEntry(unique_, at.key(), at.value(), &entry)) return DamagedEntry(tree_);
      ids += static_cast<double>(BlockCount(entry.gaps));
      at.Next();
      sample_end = at.Valid() && at.key() <= last ? scale.Of(at.key()) : share_end;
    }
    RELATA_RETURN_IF_ERROR(at.status());
    const double sampled = sample_end - sample_begin;
    estimate += sample_end >= share_end || sampled <= 0 ? ids : ids * (share_end - sample_begin) / sampled;
  }
  const uint64_t most = stats.entries * (unique_ ? 1 : kMaxBlockIds);
  return std::clamp(static_cast<uint64_t>(estimate), counted, std::max(counted, most));
}

}  // namespace relata::store
