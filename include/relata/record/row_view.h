// Defines RowView: one stored row, read in place by field slot.
//
// A row is found, its checksum compared, and a field decoded when it is asked for; nothing is copied. A slot
// that the row is too old to hold reads as the default frozen when the field was added; a dropped one as
// absent. Thread safety: as the snapshot it comes from. Lifetime: until the snapshot ends or, in a
// transaction, the next write. Cost: Get is a few bit counts and one load.
#ifndef RELATA_RECORD_ROW_VIEW_H_
#define RELATA_RECORD_ROW_VIEW_H_

#include <string_view>

#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/export.h"
#include "relata/schema/cell.h"
#include "relata/schema/ids.h"

namespace relata {

namespace record {
class RowFormat;
class RowLayout;
}  // namespace record

class RELATA_EXPORT RowView {
 public:
  RowView() = default;

  // The row's bytes as stored. DataLoss if they cannot be a row of this format or, when `verify`, the
  // checksum is wrong.
  static StatusOr<RowView> Open(const record::RowFormat& format, std::string_view bytes, RecordId id,
                                bool verify);

  Cell Get(FieldId slot) const;
  // The currency of a money field: declared, or that of the record. None where the record gives none.
  Currency CurrencyOf(FieldId money_slot) const;
  std::string_view bytes() const { return bytes_; }
  const record::RowFormat& format() const { return *format_; }
  bool valid() const { return layout_ != nullptr; }

 private:
  const record::RowFormat* format_ = nullptr;
  const record::RowLayout* layout_ = nullptr;
  std::string_view bytes_;
};

}  // namespace relata

#endif  // RELATA_RECORD_ROW_VIEW_H_
