// Finds a slot by counting the presence bits before its own.
#include "src/record/row_place.h"

#include <algorithm>

#include "src/record/row_cells.h"

namespace relata::record {

namespace {

// How many bits are set, in a dozen plain instructions: std::popcount calls a function where the compiler may
// not count on the processor's own.
size_t CountBits(uint64_t word) {
  word -= word >> 1 & 0x5555555555555555u;
  word = (word & 0x3333333333333333u) + (word >> 2 & 0x3333333333333333u);
  word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  return word * 0x0101010101010101u >> 56;
}

// The bits set in [from, to) of a bitmap that is followed by at least kRowChecksumSize bytes of the same row,
// and preceded by its header: so eight bytes may be read at once where they end before `limit`.
size_t CountBits(const char* bitmap, size_t from, size_t to, const char* limit) {
  size_t count = 0;
  while (from < to) {
    const char* at = bitmap + from / 8;
    uint64_t word = 0;
    const size_t readable = static_cast<size_t>(limit - at);
    if (readable >= 8) {
      word = LoadLE64(at);
    } else {
      for (size_t i = 0; i < readable; ++i) word |= uint64_t{static_cast<uint8_t>(at[i])} << (8 * i);
    }
    const size_t shift = from % 8;
    const size_t usable = std::min<size_t>(64 - shift, to - from);
    word >>= shift;
    if (usable < 64) word &= (uint64_t{1} << usable) - 1;
    count += CountBits(word);
    from += usable;
  }
  return count;
}

}  // namespace

RowPlace LocateSlot(const RowLayout& layout, std::string_view row, FieldId slot) {
  using Kind = RowPlace::Kind;
  const RowLayout::Place place = layout.PlaceOf(slot);
  const char* const start = row.data();
  const char* const limit = start + row.size() - kRowChecksumSize;
  const char* const presence = start + kRowHeaderSize;
  if (!TestBit(presence, place.bit)) return {};

  const char* const wide = presence + layout.presence_bytes();
  const auto count = [&](size_t from, size_t to) { return CountBits(presence, from, to, limit); };
  const auto at = [&](Kind kind, size_t bytes) {
    return RowPlace{.kind = kind, .at = static_cast<uint32_t>(layout.fixed_start() + bytes)};
  };
  if (place.width == RowLayout::k8) {
    const size_t before = 4 * (count(0, place.bit) + CountBits(wide, 0, place.bit, limit));
    if (TestBit(wide, place.bit)) return at(Kind::kInt8, before);
    return at(place.is_double ? Kind::kDouble4 : Kind::kInt4, before);
  }
  const size_t end8 = layout.first_bit(RowLayout::k4);
  size_t before = 4 * (count(0, end8) + CountBits(wide, 0, end8, limit));
  if (place.width == RowLayout::k4) return at(Kind::kInt4, before + 4 * count(end8, place.bit));
  const size_t end4 = layout.first_bit(RowLayout::k2);
  before += 4 * count(end8, end4);
  if (place.width == RowLayout::k2) return at(Kind::kBits2, before + 2 * count(end4, place.bit));
  const size_t end2 = layout.first_bit(RowLayout::k1);
  before += 2 * count(end4, end2);
  if (place.width == RowLayout::k1) return at(Kind::kBits1, before + count(end2, place.bit));
  const size_t end1 = layout.first_bit(RowLayout::kVariable);
  before += count(end2, end1);
  const size_t variables_before = count(end1, place.bit);
  const size_t variables = variables_before + count(place.bit, layout.bits());
  const bool long_offsets = (row[1] & 1) != 0;
  const size_t offset_size = long_offsets ? 4 : 2;
  RowPlace found =
      at(long_offsets ? Kind::kVariable4 : Kind::kVariable2, before + variables_before * offset_size);
  found.first = variables_before == 0;
  found.variable = static_cast<uint32_t>(layout.fixed_start() + before + variables * offset_size);
  return found;
}

}  // namespace relata::record
