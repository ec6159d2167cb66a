// IndexTree::EstimateCount: a count of the first blocks, and a guess at the rest.
#include <algorithm>
#include <cstring>
#include <string>

#include "src/base/coding.h"
#include "src/store/id_block.h"
#include "src/store/index_entry.h"
#include "src/store/index_tree.h"
#include "src/store/ordered_bytes.h"

namespace relata::store {
namespace {

// Where a key stands among others, for keys that are spread evenly: by the number it begins with, or by eight
// bytes.
double PositionOf(std::string_view key, bool number) {
  if (number) return static_cast<double>(LeadingOrderedNumber(key));
  char bytes[8] = {};
  std::memcpy(bytes, key.data(), std::min(key.size(), sizeof(bytes)));
  return static_cast<double>(LoadBE64(bytes));
}

// How much of the way from `first` to `last` lies between `low` and `high`, if keys are spread evenly.
// REQUIRES: first <= low <= high <= last.
double ShareOf(std::string_view first, std::string_view last, std::string_view low, std::string_view high) {
  const auto differ = std::mismatch(first.begin(), first.end(), last.begin(), last.end()).first;
  const auto skip = static_cast<size_t>(differ - first.begin());
  // What begins so is a number that is not negative; or a text without any Latin, which this suits as well.
  const bool number = skip == 0 && static_cast<unsigned char>(first[0]) >= 0x80;
  const auto position = [&](std::string_view key) { return PositionOf(key.substr(skip), number); };
  const double whole = position(last) - position(first);
  return whole > 0 ? (position(high) - position(low)) / whole : 1;
}

struct Place {
  std::string key;
  std::string values;
  RecordId id = 0;
};

}  // namespace

StatusOr<uint64_t> IndexTree::EstimateCount(const kv::Transaction& txn, const KeyRange& range) const {
  constexpr uint64_t kCounted = 512;  // blocks
  kv::Cursor at(txn, tree_);
  const auto take = [&](Place* place) -> Status {
    RELATA_RETURN_IF_ERROR(at.status());
    IndexEntry entry;
    if (!at.Valid() || !ReadEntry(unique_, at.key(), at.value(), &entry)) return DamagedEntry(tree_);
    *place = {std::string(at.key()), std::string(entry.values), entry.id};
    return absl::OkStatus();
  };

  uint64_t counted = 0;
  uint64_t blocks = 0;
  IndexEntry entry;
  Place low;
  at.Seek(range.low);
  for (; at.Valid() && BeforeEnd(range, at.key()); at.Next()) {
    if (blocks == 0) RELATA_RETURN_IF_ERROR(take(&low));
    if (blocks == kCounted) break;
    if (!ReadEntry(unique_, at.key(), at.value(), &entry)) return DamagedEntry(tree_);
    counted += BlockCount(entry.gaps);
    ++blocks;
  }
  RELATA_RETURN_IF_ERROR(at.status());
  if (!at.Valid() || !BeforeEnd(range, at.key())) return counted;
  Place past;  // the first that is not counted
  RELATA_RETURN_IF_ERROR(take(&past));

  Place high;
  if (range.high.empty()) {
    at.SeekLast();
  } else {
    at.SeekBefore(range.high);
  }
  RELATA_RETURN_IF_ERROR(take(&high));
  if (low.values == high.values) {  // one value: as dense in ids as what was counted
    const double density = static_cast<double>(counted) / static_cast<double>(past.id - low.id);
    return counted + static_cast<uint64_t>(density * static_cast<double>(high.id - past.id));
  }
  Place first;
  Place last;
  at.SeekFirst();
  RELATA_RETURN_IF_ERROR(take(&first));
  at.SeekLast();
  RELATA_RETURN_IF_ERROR(take(&last));
  RELATA_ASSIGN_OR_RETURN(const kv::TreeStats stats, txn.StatTree(tree_));
  const double total = static_cast<double>(stats.entries) * static_cast<double>(counted) / kCounted;
  const double share = ShareOf(first.key, last.key, low.key, high.key);
  return std::max(counted, static_cast<uint64_t>(std::min(1.0, share) * total));
}

}  // namespace relata::store
