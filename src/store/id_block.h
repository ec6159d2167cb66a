// Defines the block of ids that an index entry holds: its first id stands in the key, its value has for each
// further one a varint of its distance from the one before, less one. Ids ascend strictly, whatever the
// bytes.
//
// Limits: 256 ids and 700 bytes, so that several blocks share a page and a change rewrites little.
// Malformed bytes are told apart, never trusted.
#ifndef RELATA_STORE_ID_BLOCK_H_
#define RELATA_STORE_ID_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "relata/schema/ids.h"
#include "src/base/coding.h"
#include "src/store/kernels.h"

namespace relata::store {

inline constexpr size_t kMaxBlockIds = 256;
inline constexpr size_t kMaxBlockBytes = 700;

// The number of ids in a block with these gaps.
size_t BlockCount(std::string_view gaps);

// Appends the ids of a block. False, with part of them appended, if the bytes are no block.
[[nodiscard]] bool DecodeBlock(RecordId first, std::string_view gaps, std::vector<RecordId>* ids);

// Reads the ids of a block in pieces, for those who may need only some of them.
//
//   BlockReader block(first, gaps);
//   RecordId ids[BlockReader::kRoom];
//   size_t count = 0;
//   while (block.Read(ids, &count) && count > 0) …
//
// Lifetime: within the bytes'.
class BlockReader {
 public:
  static constexpr size_t kPiece = 64;
  static constexpr size_t kRoom = kPiece + kIdsAtOnce;  // what a piece needs

  BlockReader() = default;  // of no ids
  BlockReader(RecordId first, std::string_view gaps) : id_(first), gaps_(gaps), begun_(false) {}

  // Writes the ids that follow, about kPiece of them; none behind the last. False if the bytes are no block.
  [[nodiscard]] bool Read(RecordId* ids, size_t* count);

 private:
  RecordId id_ = 0;  // the last one read; the first, before it is read
  std::string_view gaps_;
  bool begun_ = true;
};

// Where an id stands in a block, or would stand.
struct BlockSpot {
  bool whole = true;    // false: the bytes are no block
  RecordId before = 0;  // the greatest id below the one sought; the block's first if that is the one sought
  RecordId at = 0;      // the least id from there on; 0 if none
  size_t begin = 0;     // the bytes of the gap between the two
  size_t end = 0;
};

// REQUIRES: id >= first.
BlockSpot FindInBlock(RecordId first, std::string_view gaps, RecordId id);

// The last id of a block; 0 if the bytes are no block.
RecordId LastOfBlock(RecordId first, std::string_view gaps);

// Reads the first gap and drops it from `gaps`. Sets `id`, which holds the id before, to the id behind.
[[nodiscard]] bool NextInBlock(std::string_view* gaps, RecordId* id);

// The gaps of a block in the making, on the stack.
class GapBuffer {
 public:
  // REQUIRES of both: no more in all than a full block and two gaps.
  void Append(std::string_view gaps) {
    std::memcpy(bytes_ + size_, gaps.data(), gaps.size());
    size_ += gaps.size();
  }
  void AppendGap(RecordId before, RecordId id);  // REQUIRES: before < id

  operator std::string_view() const { return std::string_view(bytes_, size_); }
  void Clear() { size_ = 0; }

  // False if it holds more than a block may.
  bool Fits() const { return size_ <= kMaxBlockBytes && BlockCount(*this) <= kMaxBlockIds; }

 private:
  char bytes_[kMaxBlockBytes + 2 * kMaxVarint64Bytes];
  size_t size_ = 0;
};

}  // namespace relata::store

#endif  // RELATA_STORE_ID_BLOCK_H_
