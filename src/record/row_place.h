// Defines RowPlace, where a slot lies in the bytes of a row. It follows from the head of the row, the bytes
// before the fixed part, alone: rows with the same head have their slots at the same places.
//
// Thread safety: functions of their arguments. Cost: LocateSlot counts bits, LoadSlot is a few instructions.
#ifndef RELATA_RECORD_ROW_PLACE_H_
#define RELATA_RECORD_ROW_PLACE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "relata/schema/cell.h"
#include "src/base/coding.h"
#include "src/record/row.h"

namespace relata::record {

struct RowPlace {
  enum class Kind : uint8_t { kAbsent, kInt8, kInt4, kDouble4, kBits2, kBits1, kVariable2, kVariable4 };
  Kind kind = Kind::kAbsent;
  bool first = false;     // kVariable: no present slot before it
  uint32_t at = 0;        // from the row's beginning; kVariable: of the end of its bytes
  uint32_t variable = 0;  // kVariable: where the variable part begins
};

// The place of a slot that this version has. REQUIRES: a row that RowView::Open took, of this layout.
RowPlace LocateSlot(const RowLayout& layout, std::string_view row, FieldId slot);

// What lies there. A place past the row's end, which is damage with verification switched off, is absent.
inline Cell LoadSlot(const RowPlace& place, std::string_view row) {
  const char* const at = row.data() + place.at;
  const size_t end = row.size() - kRowChecksumSize;
  const auto holds = [&](size_t bytes) { return place.at + bytes <= end; };
  switch (place.kind) {
    case RowPlace::Kind::kAbsent:
      break;
    case RowPlace::Kind::kInt8:
      if (holds(8)) return Cell::OfBits(LoadLE64(at));
      break;
    case RowPlace::Kind::kInt4:
      if (holds(4)) return Cell::OfInt(static_cast<int32_t>(LoadLE32(at)));
      break;
    case RowPlace::Kind::kDouble4:
      if (holds(4)) return Cell::OfBits(uint64_t{LoadLE32(at)} << 32);
      break;
    case RowPlace::Kind::kBits2:
      if (holds(2)) return Cell::OfBits(LoadLE16(at));
      break;
    case RowPlace::Kind::kBits1:
      if (holds(1)) return Cell::OfBits(static_cast<uint8_t>(*at));
      break;
    case RowPlace::Kind::kVariable2:
    case RowPlace::Kind::kVariable4: {
      if (place.variable > end) break;  // the ends lie before it
      const bool wide = place.kind == RowPlace::Kind::kVariable4;
      const size_t to = wide ? LoadLE32(at) : LoadLE16(at);
      const size_t from = place.first ? 0 : wide ? LoadLE32(at - 4) : LoadLE16(at - 2);
      if (from > to || to > end - place.variable) break;
      return Cell::OfBytes(row.substr(place.variable + from, to - from));
    }
  }
  return Cell::Absent();
}

}  // namespace relata::record

#endif  // RELATA_RECORD_ROW_PLACE_H_
