// Reads a row in place: checks it once when opened, then finds a field by counting presence bits.
#include "relata/record/row_view.h"

#include <algorithm>
#include <cstring>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"
#include "src/record/row.h"
#include "src/record/row_cells.h"

namespace relata {

namespace {

using record::RowLayout;
using record::TestBit;

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

Status Damaged(const record::RowFormat& format, RecordId id, std::string_view what) {
  return absl::DataLossError(StrCat(format.type().name, " ", id, ": ", what,
                                    "; run `relata check`, and restore the record from a backup"));
}

}  // namespace

StatusOr<RowView> RowView::Open(const record::RowFormat& format, std::string_view bytes, RecordId id,
                                bool verify) {
  if (bytes.size() < record::kRowHeaderSize + record::kRowChecksumSize) {
    return Damaged(format, id, "the row is cut short");
  }
  if (static_cast<uint8_t>(bytes[0]) != record::kRowFormat) {
    return Damaged(format, id, StrCat("unknown row format ", int{static_cast<uint8_t>(bytes[0])}));
  }
  const RowLayout* layout = format.layout(LoadLE16(bytes.data() + 2));
  if (layout == nullptr) {
    return Damaged(format, id, StrCat("schema version ", LoadLE16(bytes.data() + 2), " is unknown"));
  }
  if (bytes.size() < layout->fixed_start() + record::kRowChecksumSize) {
    return Damaged(format, id, "the row is cut short");
  }
  if (verify) {
    const size_t size = bytes.size() - record::kRowChecksumSize;
    if (LoadLE32(bytes.data() + size) != Checksum32(bytes.substr(0, size), id)) {
      return Damaged(format, id, "the checksum does not match");
    }
  }
  RowView view;
  view.format_ = &format;
  view.layout_ = layout;
  view.bytes_ = bytes;
  return view;
}

Cell RowView::Get(FieldId slot) const {
  const RowLayout& layout = *layout_;
  const RowLayout::Place place = layout.PlaceOf(slot);
  if (place.bit == RowLayout::kNoPlace) return format_->frozen(slot);
  const char* const start = bytes_.data();
  const char* const limit = start + bytes_.size() - record::kRowChecksumSize;
  const char* const presence = start + record::kRowHeaderSize;
  if (!TestBit(presence, place.bit)) return slot == kUpdatedAt ? Get(kCreatedAt) : Cell::Absent();

  const char* const wide = presence + layout.presence_bytes();
  const char* at = start + layout.fixed_start();
  auto count = [&](size_t from, size_t to) { return CountBits(presence, from, to, limit); };
  if (place.width == RowLayout::k8) {
    at += 4 * (count(0, place.bit) + CountBits(wide, 0, place.bit, limit));
    const bool is_wide = TestBit(wide, place.bit);
    if (at + (is_wide ? 8 : 4) > limit) return Cell::Absent();  // damage, with verification switched off
    if (is_wide) return Cell::OfBits(LoadLE64(at));
    const uint32_t narrow = LoadLE32(at);
    return place.is_double ? Cell::OfBits(uint64_t{narrow} << 32) : Cell::OfInt(static_cast<int32_t>(narrow));
  }
  const size_t end8 = layout.first_bit(RowLayout::k4);
  at += 4 * (count(0, end8) + CountBits(wide, 0, end8, limit));
  if (place.width == RowLayout::k4) {
    at += 4 * count(end8, place.bit);
    if (at + 4 > limit) return Cell::Absent();
    return Cell::OfInt(static_cast<int32_t>(LoadLE32(at)));
  }
  const size_t end4 = layout.first_bit(RowLayout::k2);
  at += 4 * count(end8, end4);
  if (place.width == RowLayout::k2) {
    at += 2 * count(end4, place.bit);
    if (at + 2 > limit) return Cell::Absent();
    return Cell::OfBits(LoadLE16(at));
  }
  const size_t end2 = layout.first_bit(RowLayout::k1);
  at += 2 * count(end4, end2);
  if (place.width == RowLayout::k1) {
    at += count(end2, place.bit);
    if (at + 1 > limit) return Cell::Absent();
    return Cell::OfBits(static_cast<uint8_t>(*at));
  }
  const size_t end1 = layout.first_bit(RowLayout::kVariable);
  at += count(end2, end1);
  const size_t before = count(end1, place.bit);
  const size_t all = before + count(place.bit, layout.bits());
  const bool long_offsets = (bytes_[1] & 1) != 0;
  const size_t offset_size = long_offsets ? 4 : 2;
  const char* const variable = at + all * offset_size;
  if (variable > limit) return Cell::Absent();
  auto offset = [&](size_t i) -> size_t {
    return long_offsets ? LoadLE32(at + i * 4) : LoadLE16(at + i * 2);
  };
  const size_t from = before == 0 ? 0 : offset(before - 1);
  const size_t to = offset(before);
  if (from > to || to > static_cast<size_t>(limit - variable)) return Cell::Absent();
  return Cell::OfBytes(std::string_view(variable + from, to - from));
}

Currency RowView::CurrencyOf(FieldId money_slot) const {
  const EntityType& type = format_->type();
  if (money_slot < type.fields.size() && type.fields[money_slot].currency != Currency()) {
    return type.fields[money_slot].currency;
  }
  const Field* field = format_->currency_field();
  if (field == nullptr) return Currency();
  const Cell cell = Get(field->id);
  return cell.present ? Currency::FromPacked(static_cast<uint16_t>(cell.bits)).value_or(Currency())
                      : Currency();
}

}  // namespace relata
