// Defines SlotReader, which reads the same slots out of many rows of one type: what RowView::Get gives,
// without counting bits again for a row whose head, and so the places of its slots, is that of a row before.
//
//   SlotReader totals(format, {relation, ordered_on, total});
//   for (RowCursor row(snapshot, orders); row.Valid(); row.Next()) use(totals.Read(row.row()));
//
// Thread safety: one thread. Lifetime: within the format's; a text lives as long as the row. Cost: some
// nanoseconds a slot; 16 KiB and more for what is remembered.
#ifndef RELATA_RECORD_SLOT_READER_H_
#define RELATA_RECORD_SLOT_READER_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relata/record/row_view.h"
#include "relata/schema/cell.h"
#include "src/record/row.h"
#include "src/record/row_place.h"

namespace relata::record {

class SlotReader {
 public:
  SlotReader(const RowFormat& format, std::span<const FieldId> slots);

  // The cells of the slots, in their order. They live until the next call. REQUIRES: a row of the format.
  std::span<const Cell> Read(const RowView& row);

 private:
  // Where the slots lie in rows that begin so.
  struct Shape {
    std::string head;
    std::vector<RowPlace> places;
    bool plain = false;  // all slots are read from their places
  };

  const Shape& ShapeOf(std::string_view row, const RowLayout& layout);

  const RowFormat& format_;
  const std::vector<FieldId> slots_;
  std::vector<Shape> shapes_;  // by the hash of the head: who comes later takes the place
  const Shape* last_;
  std::vector<Cell> cells_;
};

}  // namespace relata::record

#endif  // RELATA_RECORD_SLOT_READER_H_
