// Three-valued logic on masks.
#include "src/column/logic.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/column/kernels.h"
#include "src/store/reader.h"

namespace relata::column {

Junction::Junction(bool is_and, std::vector<ConditionPtr> parts) : is_and_(is_and) {
  std::stable_sort(parts.begin(), parts.end(),
                   [](const ConditionPtr& a, const ConditionPtr& b) { return a->cost() < b->cost(); });
  for (ConditionPtr& part : parts) parts_.push_back({.condition = std::move(part)});
}

double Junction::cost() const {
  double cost = 0;
  for (const Part& part : parts_) cost += part.condition->cost();
  return cost;
}

bool Junction::narrows() const {
  const auto narrows = [](const Part& part) { return part.condition->narrows(); };
  return is_and_ ? std::any_of(parts_.begin(), parts_.end(), narrows)
                 : std::all_of(parts_.begin(), parts_.end(), narrows);
}

void Junction::Reorder() {
  const auto price = [](const Part& part) {
    // What decides nothing so far may yet; so it is not worth nothing.
    const double share =
        part.seen == 0 ? 1 : static_cast<double>(part.decided) / static_cast<double>(part.seen);
    return part.condition->cost() / std::max(share, 0.01);
  };
  std::stable_sort(parts_.begin(), parts_.end(),
                   [&](const Part& a, const Part& b) { return price(a) < price(b); });
}

Status Junction::Filter(size_t chunk, bool wanted, Mask* mask) {
  if (std::has_single_bit(++chunks_) && chunks_ > 1) Reorder();  // seldom more, as more is known
  if (is_and_ == wanted) {                                       // all parts must be what is wanted
    uint64_t open = CountBits(mask->words);
    for (Part& part : parts_) {
      RELATA_RETURN_IF_ERROR(part.condition->Filter(chunk, wanted, mask));
      const uint64_t left = CountBits(mask->words);
      part.seen += open;
      part.decided += open - left;
      open = left;
      if (open == 0) break;
    }
    return absl::OkStatus();
  }
  Mask open = *mask;  // one part is enough
  Mask found;
  for (Part& part : parts_) {
    Mask here = open;
    RELATA_RETURN_IF_ERROR(part.condition->Filter(chunk, wanted, &here));
    part.seen += CountBits(open.words);
    part.decided += CountBits(here.words);
    found |= here;
    open -= here;
    if (!open.any()) break;
  }
  *mask = found;
  return absl::OkStatus();
}

void Junction::Describe(int indent, std::string* out) const {
  AppendLine(indent, is_and_ ? "all of" : "any of", out);
  for (const Part& part : parts_) part.condition->Describe(indent + 1, out);
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
