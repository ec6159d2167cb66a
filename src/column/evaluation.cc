// Asks the row evaluator for values that depend on nothing, or on one field alone.
#include "relata/base/strings.h"
#include "src/column/condition.h"
#include "src/expr/datum.h"
#include "src/record/row.h"

namespace relata::column {

StatusOr<expr::Datum> Evaluation::Constant(expr::StepIndex index) {
  RELATA_ASSIGN_OR_RETURN(expr::Datum value, rows_->Evaluate(index, 0, RowView()));
  if (value.present && expr::IsBytes(step(index).type.base)) {
    texts_.push_back(std::make_unique<std::string>(value.bytes));
    value.bytes = *texts_.back();
  }
  return value;
}

StatusOr<expr::Datum> Evaluation::OfOneField(expr::StepIndex index, const store::TypeRuntime& type,
                                             FieldId slot, const Cell& cell) {
  // A row that holds nothing but this field, under an id that no reference has.
  cells_.assign(type.type->fields.size(), Cell::Absent());
  cells_[slot] = cell;
  if (slot == kUpdatedAt) cells_[kCreatedAt] = cell;  // a row leaves it out where both are equal
  RELATA_RETURN_IF_ERROR(record::EncodeRow(type.format, cells_, 0, &row_));
  RELATA_ASSIGN_OR_RETURN(const RowView row, RowView::Open(type.format, row_, 0, /*verify=*/false));
  return rows_->Evaluate(index, 0, row);
}

bool Evaluation::IsWorthAScan(const store::TypeRuntime& target, const store::TypeRuntime& from) const {
  if (at_ == nullptr) return true;
  const StatusOr<uint64_t> targets = at_->CountRows(target);
  const StatusOr<uint64_t> records = at_->CountRows(from);
  return targets.ok() && records.ok() && *targets / 4 <= *records;
}

void AppendLine(int indent, std::string_view text, std::string* out) {
  out->append(static_cast<size_t>(2 * indent), ' ');
  out->append(text);
  out->push_back('\n');
}

}  // namespace relata::column
