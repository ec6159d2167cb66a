// Remembers the places of slots by the heads of rows.
#include "src/record/slot_reader.h"

#include "src/base/coding.h"
#include "src/base/hash.h"

namespace relata::record {
namespace {

constexpr size_t kShapes = 256;

}  // namespace

SlotReader::SlotReader(const RowFormat& format, std::span<const FieldId> slots)
    : format_(format), slots_(slots.begin(), slots.end()), shapes_(kShapes), cells_(slots.size()) {
  last_ = shapes_.data();
}

const SlotReader::Shape& SlotReader::ShapeOf(std::string_view row, const RowLayout& layout) {
  // From the flags on: they tell how wide the offsets are; the version comes next.
  const std::string_view head = row.substr(1, layout.fixed_start() - 1);
  if (last_->head == head) return *last_;
  Shape& shape = shapes_[Hash64(head) % kShapes];
  last_ = &shape;
  if (shape.head == head) return shape;
  shape.head = head;
  shape.places.clear();
  shape.plain = true;
  for (const FieldId slot : slots_) {
    const bool here = layout.PlaceOf(slot).bit != RowLayout::kNoPlace;
    shape.places.push_back(here ? LocateSlot(layout, row, slot) : RowPlace());
    if (!here || slot == kUpdatedAt) shape.plain = false;
  }
  return shape;
}

std::span<const Cell> SlotReader::Read(const RowView& row) {
  const std::string_view bytes = row.bytes();
  const Shape& shape = ShapeOf(bytes, *format_.layout(LoadLE16(bytes.data() + 2)));
  for (size_t i = 0; i < slots_.size(); ++i) {
    cells_[i] = shape.plain ? LoadSlot(shape.places[i], bytes) : row.Get(slots_[i]);
  }
  return cells_;
}

}  // namespace relata::record
