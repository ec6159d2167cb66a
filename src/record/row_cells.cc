// Walks the presence bits of a row, and the bytes that go with them, from front to end.
#include "src/record/row_cells.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/base/coding.h"
#include "src/record/row.h"

namespace relata::record {
namespace {

// Calls `visit` with each bit of [from, to) that is set, in order.
template <class Visit>
void ForEachSetBit(const char* bitmap, size_t from, size_t to, Visit visit) {
  for (size_t byte = from / 8; byte * 8 < to; ++byte) {
    uint32_t bits = static_cast<uint8_t>(bitmap[byte]);
    if (byte * 8 < from) bits &= 0xffu << (from - byte * 8);
    if (to - byte * 8 < 8) bits &= (1u << (to - byte * 8)) - 1;
    for (; bits != 0; bits &= bits - 1) visit(byte * 8 + static_cast<size_t>(std::countr_zero(bits)));
  }
}

// One row under way. Where damage lets a slot reach past the end, with verification switched off, it is
// absent.
class Walk {
 public:
  Walk(const RowView& row, const RowLayout& layout, std::span<Cell> cells)
      : layout_(layout),
        cells_(cells),
        start_(row.bytes().data()),
        limit_(row.bytes().size() - kRowChecksumSize),
        at_(layout.fixed_start()) {}

  void Run() {
    EightBytes();
    Fixed(RowLayout::k4, 4, [](const char* at) { return Cell::OfInt(static_cast<int32_t>(LoadLE32(at))); });
    Fixed(RowLayout::k2, 2, [](const char* at) { return Cell::OfBits(LoadLE16(at)); });
    Fixed(RowLayout::k1, 1, [](const char* at) { return Cell::OfBits(static_cast<uint8_t>(*at)); });
    const bool long_offsets = (start_[1] & 1) != 0;
    long_offsets ? Variable<4>() : Variable<2>();
  }

 private:
  const char* presence() const { return start_ + kRowHeaderSize; }

  void Put(size_t bit, const Cell& cell) {
    const FieldId slot = layout_.slots()[bit];
    if (slot < cells_.size()) cells_[slot] = cell;
  }

  void EightBytes() {
    const char* const wide = presence() + layout_.presence_bytes();
    ForEachSetBit(presence(), 0, layout_.first_bit(RowLayout::k4), [&](size_t bit) {
      const char* const at = start_ + at_;
      const bool is_wide = TestBit(wide, bit);
      at_ += is_wide ? 8 : 4;
      if (at_ > limit_) return;
      if (is_wide) return Put(bit, Cell::OfBits(LoadLE64(at)));
      const uint32_t narrow = LoadLE32(at);
      const bool is_double = layout_.PlaceOf(layout_.slots()[bit]).is_double;
      Put(bit, is_double ? Cell::OfBits(uint64_t{narrow} << 32) : Cell::OfInt(static_cast<int32_t>(narrow)));
    });
  }

  template <class Read>
  void Fixed(RowLayout::Width width, size_t bytes, Read read) {
    ForEachSetBit(presence(), layout_.first_bit(width), layout_.first_bit(width + 1), [&](size_t bit) {
      const char* const at = start_ + at_;
      at_ += bytes;
      if (at_ <= limit_) Put(bit, read(at));
    });
  }

  template <size_t kOffsetBytes>
  void Variable() {
    const size_t first = layout_.first_bit(RowLayout::kVariable);
    size_t count = 0;
    ForEachSetBit(presence(), first, layout_.bits(), [&](size_t) { ++count; });
    const size_t begin = at_ + count * kOffsetBytes;
    if (begin > limit_) return;
    const size_t room = limit_ - begin;
    size_t from = 0;
    ForEachSetBit(presence(), first, layout_.bits(), [&](size_t bit) {
      const char* const offset = start_ + at_;
      at_ += kOffsetBytes;
      const size_t to = kOffsetBytes == 4 ? LoadLE32(offset) : LoadLE16(offset);
      if (from <= to && to <= room) {
        Put(bit, Cell::OfBytes(std::string_view(start_ + begin + from, to - from)));
      }
      from = to;
    });
  }

  const RowLayout& layout_;
  const std::span<Cell> cells_;
  const char* const start_;
  const size_t limit_;  // where the checksum begins
  size_t at_;           // how far the walk has come
};

}  // namespace

void ReadCells(const RowView& row, std::span<Cell> cells) {
  const RowFormat& format = row.format();
  const RowLayout& layout = *format.layout(LoadLE16(row.bytes().data() + 2));
  for (size_t slot = 0; slot < cells.size(); ++slot) {
    const auto id = static_cast<FieldId>(slot);
    const bool has_place = layout.PlaceOf(id).bit != RowLayout::kNoPlace;
    cells[slot] = has_place ? Cell::Absent() : format.frozen(id);
  }
  Walk(row, layout, cells).Run();
  if (cells.size() <= kUpdatedAt || cells[kUpdatedAt].present) return;
  // Left out where it equals created_at.
  if (layout.PlaceOf(kUpdatedAt).bit != RowLayout::kNoPlace) cells[kUpdatedAt] = cells[kCreatedAt];
}

}  // namespace relata::record
