// Defines Mask, one bit for each record of a chunk: which records exist, hold a value, or satisfy a
// condition.
//
// A chunk is kChunkRecords neighbouring ids: chunk c holds the records c * kChunkRecords and up, and bit
// `i % 64` of word `i / 64` stands for the i-th of them. Id 0 names no record, so bit 0 of chunk 0 is never
// set. Thread safety: a value.
#ifndef RELATA_COLUMN_MASK_H_
#define RELATA_COLUMN_MASK_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "relata/schema/ids.h"

namespace relata::column {

inline constexpr size_t kChunkRecords = 16'384;
inline constexpr size_t kMaskWords = kChunkRecords / 64;

constexpr size_t ChunkOf(RecordId id) { return id / kChunkRecords; }
constexpr size_t PlaceOf(RecordId id) { return id % kChunkRecords; }
constexpr RecordId FirstOf(size_t chunk) { return chunk * kChunkRecords; }

struct Mask {
  alignas(64) std::array<uint64_t, kMaskWords> words{};

  bool Has(size_t at) const { return (words[at / 64] >> (at % 64) & 1) != 0; }
  void Set(size_t at) { words[at / 64] |= uint64_t{1} << (at % 64); }
  void Clear(size_t at) { words[at / 64] &= ~(uint64_t{1} << (at % 64)); }

  bool any() const {
    uint64_t all = 0;
    for (const uint64_t word : words) all |= word;
    return all != 0;
  }
  size_t count() const {
    size_t count = 0;
    for (const uint64_t word : words) count += static_cast<size_t>(std::popcount(word));
    return count;
  }

  Mask& operator&=(const Mask& other) {
    for (size_t i = 0; i < kMaskWords; ++i) words[i] &= other.words[i];
    return *this;
  }
  Mask& operator|=(const Mask& other) {
    for (size_t i = 0; i < kMaskWords; ++i) words[i] |= other.words[i];
    return *this;
  }
  // Takes away what the other has.
  Mask& operator-=(const Mask& other) {
    for (size_t i = 0; i < kMaskWords; ++i) words[i] &= ~other.words[i];
    return *this;
  }
  friend bool operator==(const Mask&, const Mask&) = default;

  // Calls visit(place) for each bit that is set, ascending.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (size_t i = 0; i < kMaskWords; ++i) {
      for (uint64_t word = words[i]; word != 0; word &= word - 1) {
        visit(i * 64 + static_cast<size_t>(std::countr_zero(word)));
      }
    }
  }
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_MASK_H_
