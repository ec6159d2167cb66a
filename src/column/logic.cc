// Three-valued logic on masks.
#include "src/column/logic.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/store/reader.h"

namespace relata::column {

Junction::Junction(bool is_and, std::vector<ConditionPtr> parts) : is_and_(is_and), parts_(std::move(parts)) {
  std::stable_sort(parts_.begin(), parts_.end(),
                   [](const ConditionPtr& a, const ConditionPtr& b) { return a->cost() < b->cost(); });
}

double Junction::cost() const {
  double cost = 0;
  for (const ConditionPtr& part : parts_) cost += part->cost();
  return cost;
}

bool Junction::narrows() const {
  const auto narrows = [](const ConditionPtr& part) { return part->narrows(); };
  return is_and_ ? std::any_of(parts_.begin(), parts_.end(), narrows)
                 : std::all_of(parts_.begin(), parts_.end(), narrows);
}

Status Junction::Filter(size_t chunk, bool wanted, Mask* mask) {
  if (is_and_ == wanted) {  // all parts must be what is wanted
    for (const ConditionPtr& part : parts_) {
      RELATA_RETURN_IF_ERROR(part->Filter(chunk, wanted, mask));
      if (!mask->any()) break;
    }
    return absl::OkStatus();
  }
  Mask open = *mask;  // one part is enough
  Mask found;
  for (const ConditionPtr& part : parts_) {
    Mask here = open;
    RELATA_RETURN_IF_ERROR(part->Filter(chunk, wanted, &here));
    found |= here;
    open -= here;
    if (!open.any()) break;
  }
  *mask = found;
  return absl::OkStatus();
}

void Junction::Describe(int indent, std::string* out) const {
  AppendLine(indent, is_and_ ? "all of" : "any of", out);
  for (const ConditionPtr& part : parts_) part->Describe(indent + 1, out);
}

Status Unary::Filter(size_t chunk, bool wanted, Mask* mask) {
  if (kind_ == Kind::kNot) return x_->Filter(chunk, !wanted, mask);
  Mask found = *mask;
  if (kind_ == Kind::kIsNull) {
    Mask is_false = *mask;
    RELATA_RETURN_IF_ERROR(x_->Filter(chunk, true, &found));
    RELATA_RETURN_IF_ERROR(x_->Filter(chunk, false, &is_false));
    found |= is_false;
    wanted = !wanted;  // found are those that are not null
  } else {
    RELATA_RETURN_IF_ERROR(x_->Filter(chunk, kind_ == Kind::kIsTrue, &found));
  }
  wanted ? * mask &= found : * mask -= found;
  return absl::OkStatus();
}

void Unary::Describe(int indent, std::string* out) const {
  static constexpr std::string_view kNames[] = {"not", "is null", "is true", "is false"};
  AppendLine(indent, kNames[static_cast<size_t>(kind_)], out);
  x_->Describe(indent + 1, out);
}

Status Fixed::Filter(size_t, bool wanted, Mask* mask) {
  if (!value_) {
    RELATA_ASSIGN_OR_RETURN(value_, evaluation_->Constant(step_));
  }
  if (!value_->present || (value_->bits != 0) != wanted) *mask = Mask();
  return absl::OkStatus();
}

void Fixed::Describe(int indent, std::string* out) const {
  AppendLine(indent, "the same for every record", out);
}

Status AskRows::Filter(size_t chunk, bool wanted, Mask* mask) {
  const store::Snapshot& at = frame_->evaluation->at();
  const RecordId first = FirstOf(chunk);
  const Mask asked = *mask;
  const size_t count = asked.count();
  frame_->evaluation->rows_asked += count;
  // Many of them: walking over their neighbours too is faster than finding each.
  if (count > kChunkRecords / 8) {
    store::RowCursor row(at, *frame_->type, first);
    for (; row.Valid() && row.id() < first + kChunkRecords; row.Next()) {
      if (!asked.Has(row.id() - first)) continue;
      RELATA_RETURN_IF_ERROR(Ask(row.id(), row.row(), wanted, mask));
    }
    return row.status();
  }
  for (size_t i = 0; i < kMaskWords; ++i) {
    for (uint64_t word = asked.words[i]; word != 0; word &= word - 1) {
      const RecordId id = first + i * 64 + static_cast<size_t>(std::countr_zero(word));
      RELATA_ASSIGN_OR_RETURN(const RowView row, at.Get(*frame_->type, id));
      RELATA_RETURN_IF_ERROR(Ask(id, row, wanted, mask));
    }
  }
  return absl::OkStatus();
}

Status AskRows::Ask(RecordId id, const RowView& row, bool wanted, Mask* mask) {
  RELATA_ASSIGN_OR_RETURN(const expr::Datum value, frame_->evaluation->rows().Evaluate(step_, id, row));
  if (!value.present || (value.bits != 0) != wanted) mask->Clear(PlaceOf(id));
  return absl::OkStatus();
}

void AskRows::Describe(int indent, std::string* out) const {
  AppendLine(indent, StrCat("rows: ", expr::NameOf(frame_->evaluation->step(step_).op)), out);
}

}  // namespace relata::column
