// This file gathers what several rows say of one record, and keeps what can be undone with a commit.
//
// A record that a commit inserts is written once more at its end, with all that the commit's rows gave. Any
// other waits for the end of the file: its value is known only then, and a file imported again must not
// write what it is about to overwrite.
#include <algorithm>

#include "relata/base/strings.h"
#include "src/exchange/record_import.h"

namespace relata::exchange {

void RecordImport::BeginChunk() {
  ++chunk_;
  seen_before_.clear();
  new_groups_.clear();
  groups_before_.clear();
}

void RecordImport::RollBack() {
  for (auto at = seen_before_.rbegin(); at != seen_before_.rend(); ++at) seen_[at->first] = at->second;
  for (auto at = groups_before_.rbegin(); at != groups_before_.rend(); ++at) groups_[at->first] = at->second;
  for (const std::string& code : new_groups_) group_of_.erase(code);
  groups_.resize(groups_.size() - new_groups_.size());
  space_->cache.clear();
  BeginChunk();
}

void RecordImport::Save(size_t group) {
  if (groups_[group].saved_in == chunk_) return;
  groups_before_.emplace_back(group, groups_[group]);
  groups_[group].saved_in = chunk_;
}

Status RecordImport::Gather(Group* group) {
  ++group->rows;
  for (const BoundField& field : fields_) {
    if (!field.aggregated()) continue;
    const Cell& cell = gathered_[field.aggregate];
    Gathered& value = group->gathered[field.aggregate];
    const bool variable = field.reader.field().is_variable();
    const Aggregate kind = field.reader.spec().aggregate;
    if (kind == Aggregate::kSum || kind == Aggregate::kCount) {
      // Absent is 0.
      int64_t sum = 0;
      if (__builtin_add_overflow(static_cast<int64_t>(value.bits), cell.AsInt(), &sum)) {
        return absl::OutOfRangeError(StrCat("the sum for ", field.reader.field().name, " of ",
                                            ShownCode(code_), " does not fit 64 bits"));
      }
      value.bits = static_cast<uint64_t>(sum);
      value.present |= cell.present;
      continue;
    }
    if (!cell.present) continue;
    bool take = !value.present || kind == Aggregate::kLast;
    if (!take && kind != Aggregate::kFirst) {
      const bool less = variable ? cell.bytes < value.bytes : cell.AsInt() < static_cast<int64_t>(value.bits);
      const bool equal = variable ? cell.bytes == value.bytes : cell.bits == value.bits;
      take = !equal && less == (kind == Aggregate::kMin);
    }
    if (take) value = {.present = true, .bits = cell.bits, .bytes = std::string(cell.bytes)};
  }
  return absl::OkStatus();
}

Status RecordImport::WriteGathered(store::Transaction* tx, const Group& group, bool* changed) {
  *changed = false;
  if (aggregates_ == 0) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const RowView row, tx->Get(*type_, group.id));
  std::vector<store::FormerCell> changes;
  for (const BoundField& field : fields_) {
    if (!field.aggregated()) continue;
    const Gathered& value = group.gathered[field.aggregate];
    const Field& definition = field.reader.field();
    Cell cell = Cell::Absent();
    if (value.present && definition.is_variable()) cell = Cell::OfBytes(value.bytes);
    if (value.present && !definition.is_variable()) cell = Cell::OfBits(value.bits);
    const bool zero = cell.bits == 0 && cell.bytes.empty();
    if (zero && !definition.nullable) cell = Cell::Absent();
    if (row.Get(definition.id) == cell) continue;
    changes.push_back({.slot = definition.id, .cell = cell});
  }
  *changed = !changes.empty();
  if (changes.empty()) return absl::OkStatus();
  return tx->UpdateCells(*type_, group.id, changes);
}

Status RecordImport::FinishChunk(store::Transaction* tx) {
  bool changed = false;
  for (size_t i = groups_.size() - new_groups_.size(); i < groups_.size(); ++i) {
    if (groups_[i].inserted_in != chunk_ || groups_[i].rows < 2) continue;
    RELATA_RETURN_IF_ERROR(WriteGathered(tx, groups_[i], &changed));
  }
  return absl::OkStatus();
}

Status RecordImport::FinishFile(store::Transaction* tx, size_t* from, size_t limit, ImportCounts* counts) {
  for (size_t written = 0; *from < groups_.size() && written < limit; ++*from) {
    const Group& group = groups_[*from];
    bool changed = false;
    RELATA_RETURN_IF_ERROR(WriteGathered(tx, group, &changed));
    if (!changed) continue;
    ++written;
    if (group.outcome != Outcome::kUnchanged) continue;
    --counts->unchanged;
    ++counts->updated;
  }
  return absl::OkStatus();
}

}  // namespace relata::exchange
