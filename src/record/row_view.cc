// Reads a row in place: checks it once when opened, then finds a field by its place (row_place.h).
#include "relata/record/row_view.h"

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"
#include "src/record/row.h"
#include "src/record/row_place.h"

namespace relata {

namespace {

using record::RowLayout;

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
  const RowLayout::Place place = layout_->PlaceOf(slot);
  if (place.bit == RowLayout::kNoPlace) return format_->frozen(slot);
  const Cell cell = record::LoadSlot(record::LocateSlot(*layout_, bytes_, slot), bytes_);
  return !cell.present && slot == kUpdatedAt ? Get(kCreatedAt) : cell;
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
