// Defines the row format: how the fields of one record lie in bytes, and EncodeRow, which writes them.
//
// A row is
//   u8   format      1
//   u8   flags       bit 0: the offsets of the variable part take 4 bytes instead of 2
//   u16  version     of the entity type's schema when the row was written
//   presence         one bit per slot: set where the slot takes bytes. Clear: null, or the zero of a
//   non-nullable field wide             one bit per 8-byte slot: set where it takes 8 bytes, clear where 4
//   (see below) fixed part       the present 8-byte slots, then those of 4, 2 and 1 byte offsets          for
//   each present variable slot the end of its bytes, counted from the start of the variable part variable
//   part u32  checksum    of all before it, mixed with the record's id
// All integers are little-endian, at any alignment. Slots lie by width, then by number: the place of a slot
// follows from counting bits before it. An 8-byte slot is narrow where its value survives it: integers as
// sign-extended 32 bits, doubles as the upper half of their bits. updated_at is absent while it equals
// created_at.
//
// Rows of earlier schema versions stay as they are: a RowFormat holds one RowLayout per version.
// Limits: 400 slots per type, 1 GiB per row.
#ifndef RELATA_RECORD_ROW_H_
#define RELATA_RECORD_ROW_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/schema/cell.h"
#include "relata/schema/entity.h"

namespace relata::record {

inline constexpr uint8_t kRowFormat = 1;
inline constexpr size_t kRowHeaderSize = 4;
inline constexpr size_t kRowChecksumSize = 4;
inline constexpr uint64_t kMaxRowSize = uint64_t{1} << 30;

// Where the slots of one schema version lie.
class RowLayout {
 public:
  enum Width : uint8_t { k8 = 0, k4 = 1, k2 = 2, k1 = 3, kVariable = 4 };
  static constexpr uint16_t kNoPlace = 0xffff;

  struct Place {
    uint16_t bit = kNoPlace;  // in the presence bitmap; kNoPlace: this version has no such slot
    Width width = k8;
    bool is_double = false;
  };

  RowLayout(const EntityType& type, uint16_t version);

  uint16_t version() const { return version_; }
  Place PlaceOf(FieldId slot) const { return slot < places_.size() ? places_[slot] : Place{}; }
  // The first bit of a width, and one past the last of all at kVariable + 1.
  uint16_t first_bit(int width) const { return first_bit_[width]; }
  uint16_t bits() const { return first_bit_[kVariable + 1]; }
  uint16_t presence_bytes() const { return (bits() + 7) / 8; }
  uint16_t wide_bytes() const { return (first_bit_[k4] + 7) / 8; }
  size_t fixed_start() const { return kRowHeaderSize + presence_bytes() + wide_bytes(); }
  // Slots in the order of their bits.
  std::span<const FieldId> slots() const { return slots_; }

 private:
  uint16_t version_;
  std::array<uint16_t, 6> first_bit_{};
  std::vector<Place> places_;
  std::vector<FieldId> slots_;
};

// All layouts of one entity type as one catalogue knows it. Immutable; views point to it. The type must
// outlive it.
class RowFormat {
 public:
  explicit RowFormat(const EntityType& type);
  explicit RowFormat(EntityType&&) = delete;

  const EntityType& type() const { return type_; }
  // nullptr if this catalogue knows no such version.
  const RowLayout* layout(uint16_t version) const {
    return version == 0 || version > layouts_.size() ? nullptr : layouts_[version - 1].get();
  }
  const RowLayout& current() const { return *layouts_.back(); }
  // What a row written before the slot existed reads there.
  const Cell& frozen(FieldId slot) const;
  // The slot of the record's own currency, if it has one.
  const Field* currency_field() const { return currency_field_; }

 private:
  const EntityType& type_;
  std::vector<std::unique_ptr<RowLayout>> layouts_;
  std::vector<Cell> frozen_;
  const Field* currency_field_ = nullptr;
};

// Replaces *row with the bytes of a record whose slot i holds cells[i], in the current layout. Dropped slots
// are left out. InvalidArgument past kMaxRowSize. O(bytes).
Status EncodeRow(const RowFormat& format, std::span<const Cell> cells, RecordId id, std::string* row);

}  // namespace relata::record

#endif  // RELATA_RECORD_ROW_H_
