// Defines ReadCells, which reads all slots of a row in one pass, and how its bitmaps are read.
//
// RowView::Get finds one slot by counting the bits before it; whoever wants most of them reads them here,
// where each is found from the one before. Thread safety: functions of their arguments. Cost: O(slots).
#ifndef RELATA_RECORD_ROW_CELLS_H_
#define RELATA_RECORD_ROW_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "relata/record/row_view.h"
#include "relata/schema/cell.h"

namespace relata::record {

// A bit of a row's bitmap of slots, the lowest of the first byte first.
inline bool TestBit(const char* bitmap, size_t bit) {
  return (static_cast<uint8_t>(bitmap[bit / 8]) >> (bit % 8) & 1) != 0;
}

// Sets cells[slot] to what row.Get(slot) gives, for every slot that `cells` has room for. Bytes stay in the
// row. REQUIRES: row.valid().
void ReadCells(const RowView& row, std::span<Cell> cells);

}  // namespace relata::record

#endif  // RELATA_RECORD_ROW_CELLS_H_
