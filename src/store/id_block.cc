// Blocks of ids: gaps as varints.
#include "src/store/id_block.h"

#include "src/base/coding.h"
#include "src/store/kernels.h"

namespace relata::store {
namespace {

constexpr uint64_t kTopBits = 0x8080808080808080u;
constexpr size_t kMaxGapBytes = 7;  // of 48 bits

// Writes the ids behind `*id` until the gaps or the room up to `stop` end, which may be passed by
// kIdsAtOnce - 1. Drops what was read; `*id` becomes the last one. False if the bytes are no gaps.
bool ReadGaps(std::string_view* gaps, RecordId* id, const RecordId* stop, RecordId** out) {
  const char* const end = gaps->data() + gaps->size();
  BlockReading reading = {gaps->data(), *id, *out};
  bool whole = true;
  while (whole) {
    whole = ReadShortGaps(end, stop, &reading);
    *gaps = std::string_view(reading.at, static_cast<size_t>(end - reading.at));
    if (gaps->empty() || reading.out >= stop) break;
    whole &= NextInBlock(gaps, &reading.last);  // a long one, or one of the last few
    if (whole) *reading.out++ = reading.last;
    reading.at = gaps->data();
  }
  *id = reading.last;
  *out = reading.out;
  return whole && *id <= kMaxRecordId;
}

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
  const size_t count = BlockCount(gaps);
  ids->resize(start + count + kIdsAtOnce);
  RecordId* out = ids->data() + start;
  RecordId id = *out++ = first;
  const bool whole = ReadGaps(&gaps, &id, ids->data() + start + count, &out) && gaps.empty();
  ids->resize(static_cast<size_t>(out - ids->data()));
  return whole;
}

bool BlockReader::Read(RecordId* ids, size_t* count) {
  RecordId* out = ids;
  if (!begun_) {
    begun_ = true;
    *out++ = id_;
  }
  const bool whole = ReadGaps(&gaps_, &id_, ids + kPiece, &out);
  *count = static_cast<size_t>(out - ids);
  return whole;
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
