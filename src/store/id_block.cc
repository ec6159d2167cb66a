// Blocks of ids: gaps as varints.
#include "src/store/id_block.h"

#include "src/base/coding.h"

namespace relata::store {
namespace {

constexpr uint64_t kTopBits = 0x8080808080808080u;
constexpr size_t kMaxGapBytes = 7;  // of 48 bits

}  // namespace

size_t BlockCount(std::string_view gaps) {
  size_t count = 1;
  while (gaps.size() >= 8) {
    const uint64_t last_bytes = (~LoadLE64(gaps.data()) & kTopBits) >> 7;
    count += last_bytes * 0x0101010101010101u >> 56;  // their sum: a byte is 0 or 1
    gaps.remove_prefix(8);
  }
  for (char byte : gaps) count += static_cast<unsigned char>(byte) < 0x80;
  return count;
}

bool NextInBlock(std::string_view* gaps, RecordId* id) {
  uint64_t gap = 0;
  int shift = 0;
  for (size_t i = 0; i < gaps->size() && i < kMaxGapBytes; ++i, shift += 7) {
    const auto byte = static_cast<unsigned char>((*gaps)[i]);
    gap |= uint64_t{byte & 0x7fu} << shift;
    if (byte >= 0x80) continue;
    if ((byte == 0 && i > 0) || gap >= kMaxRecordId - *id) return false;  // a gap has one form
    *id += gap + 1;
    gaps->remove_prefix(i + 1);
    return true;
  }
  return false;
}

bool DecodeBlock(RecordId first, std::string_view gaps, std::vector<RecordId>* ids) {
  const size_t start = ids->size();
  ids->resize(start + BlockCount(gaps));
  RecordId* out = ids->data() + start;
  RecordId id = *out++ = first;
  bool one_form = true;
  while (!gaps.empty()) {
    if (gaps.size() >= 8) {
      uint64_t word = LoadLE64(gaps.data());
      if ((word & kTopBits) == 0) {
        for (size_t i = 0; i < 8; ++i) *out++ = id += static_cast<unsigned char>(gaps[i]) + RecordId{1};
        gaps.remove_prefix(8);
        continue;
      }
      // Gaps of one and two bytes, without a branch on which, as long as the word surely has the next whole.
      size_t used = 0;
      while (used <= 6) {
        const uint64_t two = word >> 7 & 1;
        const uint64_t high = word >> 8 & (0 - two) & 0xff;
        if (high >= 0x80) break;
        one_form &= two == 0 || high != 0;
        *out++ = id += (word & 0x7f) + (high << 7) + 1;
        used += 1 + two;
        word >>= 8 + 8 * two;
      }
      gaps.remove_prefix(used);
      if (used != 0) continue;
    }
    if (!NextInBlock(&gaps, &id)) {
      ids->resize(static_cast<size_t>(out - ids->data()));
      return false;
    }
    *out++ = id;
  }
  return one_form && id <= kMaxRecordId;
}

BlockSpot FindInBlock(RecordId first, std::string_view gaps, RecordId id) {
  BlockSpot spot;
  spot.before = first;
  if (id == first) {
    spot.at = first;
    return spot;
  }
  const size_t size = gaps.size();
  RecordId next = first;
  while (!gaps.empty()) {
    spot.begin = size - gaps.size();
    spot.before = next;
    spot.whole = NextInBlock(&gaps, &next);
    if (!spot.whole) return spot;
    if (next >= id) {
      spot.at = next;
      spot.end = size - gaps.size();
      return spot;
    }
  }
  spot.before = next;
  spot.begin = spot.end = size;
  return spot;
}

RecordId LastOfBlock(RecordId first, std::string_view gaps) {
  RecordId id = first;
  while (!gaps.empty()) {
    if (!NextInBlock(&gaps, &id)) return 0;
  }
  return id;
}

void GapBuffer::AppendGap(RecordId before, RecordId id) {
  uint64_t gap = id - before - 1;
  while (gap >= 0x80) {
    bytes_[size_++] = static_cast<char>(gap | 0x80);
    gap >>= 7;
  }
  bytes_[size_++] = static_cast<char>(gap);
}

}  // namespace relata::store
