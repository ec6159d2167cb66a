// Encodes rows: picks each number's width, sets the presence bits, closes with the checksum.
#include "src/record/row.h"

#include <algorithm>
#include <cstring>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"

namespace relata::record {

namespace {

RowLayout::Width WidthOf(ValueType type) {
  switch (type) {
    case ValueType::kBool:
      return RowLayout::k1;
    case ValueType::kEnum:
    case ValueType::kCurrency:
      return RowLayout::k2;
    case ValueType::kDate:
      return RowLayout::k4;
    case ValueType::kText:
    case ValueType::kTextSet:
    case ValueType::kReferenceSet:
    case ValueType::kObject:
      return RowLayout::kVariable;
    default:
      return RowLayout::k8;
  }
}

bool ExistsIn(const Field& field, uint16_t version) {
  return field.added_in <= version && (field.dropped_in == 0 || version < field.dropped_in);
}

bool IsNarrow(uint64_t bits, bool is_double) {
  if (is_double) return static_cast<uint32_t>(bits) == 0;
  const auto value = static_cast<int64_t>(bits);
  return value == static_cast<int32_t>(value);
}

void SetBit(char* bitmap, size_t bit) {
  bitmap[bit / 8] = static_cast<char>(static_cast<uint8_t>(bitmap[bit / 8]) | 1u << (bit % 8));
}

}  // namespace

RowLayout::RowLayout(const EntityType& type, uint16_t version) : version_(version) {
  places_.resize(type.fields.size());
  for (int width = k8; width <= kVariable; ++width) {
    first_bit_[width] = static_cast<uint16_t>(slots_.size());
    for (const Field& field : type.fields) {
      if (!ExistsIn(field, version) || WidthOf(field.type) != width) continue;
      places_[field.id] = {.bit = static_cast<uint16_t>(slots_.size()),
                           .width = static_cast<Width>(width),
                           .is_double = field.type == ValueType::kDouble};
      slots_.push_back(field.id);
    }
  }
  first_bit_[kVariable + 1] = static_cast<uint16_t>(slots_.size());
}

RowFormat::RowFormat(const EntityType& type) : type_(type) {
  layouts_.reserve(type_.version);
  for (uint16_t version = 1; version <= type_.version; ++version) {
    layouts_.push_back(std::make_unique<RowLayout>(type_, version));
  }
  frozen_.resize(type_.fields.size());
  for (const Field& field : type_.fields) {
    if (!field.dropped && field.frozen_present) {
      frozen_[field.id] = {.present = true, .bits = field.frozen_bits, .bytes = field.frozen_bytes};
    }
    if (!field.dropped && field.type == ValueType::kCurrency && field.name == "currency")
      currency_field_ = &field;
  }
}

const Cell& RowFormat::frozen(FieldId slot) const {
  static const Cell kAbsent;
  return slot < frozen_.size() ? frozen_[slot] : kAbsent;
}

Status EncodeRow(const RowFormat& format, std::span<const Cell> cells, RecordId id, std::string* row) {
  const RowLayout& layout = format.current();
  auto present = [&](FieldId slot) {
    if (slot >= cells.size() || !cells[slot].present) return false;
    return slot != kUpdatedAt || cells[slot].bits != cells[kCreatedAt].bits;
  };

  size_t variable_size = 0;
  size_t variable_count = 0;
  for (size_t bit = layout.first_bit(RowLayout::kVariable); bit < layout.bits(); ++bit) {
    const FieldId slot = layout.slots()[bit];
    if (!present(slot)) continue;
    variable_size += cells[slot].bytes.size();
    ++variable_count;
  }
  const bool long_offsets = variable_size > 0xffff;
  const size_t offset_size = long_offsets ? 4 : 2;
  // Every fixed slot at its widest; cut to size at the end.
  const size_t bound = layout.fixed_start() + 8 * layout.bits() + variable_count * offset_size +
                       variable_size + kRowChecksumSize;
  if (bound > kMaxRowSize) {
    return absl::InvalidArgumentError(StrCat(format.type().name, " ", id, ": the row would take ", bound,
                                             " bytes; a row holds at most ", kMaxRowSize,
                                             ". Keep large content in files and store their address"));
  }

  row->assign(bound, '\0');
  char* const start = row->data();
  start[0] = static_cast<char>(kRowFormat);
  start[1] = static_cast<char>(long_offsets ? 1 : 0);
  StoreLE16(start + 2, layout.version());
  char* const presence = start + kRowHeaderSize;
  char* const wide = presence + layout.presence_bytes();
  char* out = start + layout.fixed_start();

  for (size_t bit = 0; bit < layout.first_bit(RowLayout::kVariable); ++bit) {
    const FieldId slot = layout.slots()[bit];
    if (!present(slot)) continue;
    SetBit(presence, bit);
    const uint64_t bits = cells[slot].bits;
    const RowLayout::Place place = layout.PlaceOf(slot);
    switch (place.width) {
      case RowLayout::k8:
        if (IsNarrow(bits, place.is_double)) {
          StoreLE32(out, static_cast<uint32_t>(place.is_double ? bits >> 32 : bits));
          out += 4;
        } else {
          SetBit(wide, bit);
          StoreLE64(out, bits);
          out += 8;
        }
        break;
      case RowLayout::k4:
        StoreLE32(out, static_cast<uint32_t>(bits));
        out += 4;
        break;
      case RowLayout::k2:
        StoreLE16(out, static_cast<uint16_t>(bits));
        out += 2;
        break;
      default:
        *out++ = static_cast<char>(bits);
        break;
    }
  }

  char* offsets = out;
  char* const variable = out + variable_count * offset_size;
  size_t end = 0;
  for (size_t bit = layout.first_bit(RowLayout::kVariable); bit < layout.bits(); ++bit) {
    const FieldId slot = layout.slots()[bit];
    if (!present(slot)) continue;
    SetBit(presence, bit);
    const std::string_view bytes = cells[slot].bytes;
    if (!bytes.empty()) std::memcpy(variable + end, bytes.data(), bytes.size());
    end += bytes.size();
    if (long_offsets) {
      StoreLE32(offsets, static_cast<uint32_t>(end));
    } else {
      StoreLE16(offsets, static_cast<uint16_t>(end));
    }
    offsets += offset_size;
  }
  const size_t size = static_cast<size_t>(variable - start) + end;
  StoreLE32(start + size, Checksum32(std::string_view(start, size), id));
  row->resize(size + kRowChecksumSize);
  return absl::OkStatus();
}

}  // namespace relata::record
