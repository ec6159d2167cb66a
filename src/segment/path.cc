// Walks paths: one move at a time, over a list of records that stays sorted and without doubles.
#include "src/segment/path.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "relata/base/check.h"
#include "src/base/coding.h"

namespace relata::segment {
namespace {

using Ids = std::vector<RecordId>;

class Walk {
 public:
  Walk(const store::Reader& reader, size_t limit) : reader_(reader), limit_(limit) {}

  // Sets `ids` to where the move leads from them. False once there are too many.
  StatusOr<bool> Take(const Move& move, Ids* ids);
  // Sets `ids` to what the first move leads to.
  StatusOr<bool> TakeFirst(const Move& move, const ChangedRecord& changed, Ids* ids);

 private:
  bool Few(const Ids& ids) const { return ids.size() <= limit_; }
  const Field& FieldOf(EntityTypeId type, FieldId slot) const {
    return reader_.schema().Find(type)->type->fields[slot];
  }
  StatusOr<bool> Up(const Move& move, Ids* ids);
  StatusOr<bool> Down(const Move& move, Ids* ids);
  // Adds what lies above or below, `ids` included.
  StatusOr<bool> Spread(const Move& move, Ids* ids);

  const store::Reader& reader_;
  const size_t limit_;
};

void Sort(Ids* ids) {
  std::sort(ids->begin(), ids->end());
  ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
}

// The records of type `to` that a reference points at.
void AddTargets(const Field& field, const Cell& cell, EntityTypeId to, Ids* ids) {
  if (!cell.present) return;
  if (field.type == ValueType::kReferenceSet) {
    for (size_t at = 0; at + sizeof(RecordId) <= cell.bytes.size(); at += sizeof(RecordId)) {
      ids->push_back(LoadLE64(cell.bytes.data() + at));
    }
  } else if (field.type == ValueType::kAnyReference) {
    if (cell.bits >> 48 == to) ids->push_back(cell.bits & kMaxRecordId);
  } else {
    ids->push_back(cell.bits);
  }
}

StatusOr<bool> Walk::Up(const Move& move, Ids* ids) {
  const store::TypeRuntime& type = *reader_.schema().Find(move.from);
  const Field& field = FieldOf(move.from, move.reference);
  Ids above;
  for (const RecordId id : *ids) {
    RowView row;
    bool found = false;
    RELATA_RETURN_IF_ERROR(reader_.Find(type, id, &row, &found));
    if (found) AddTargets(field, row.Get(move.reference), move.to, &above);
  }
  Sort(&above);
  ids->swap(above);
  return Few(*ids);
}

StatusOr<bool> Walk::Down(const Move& move, Ids* ids) {
  const store::TypeRuntime& referrer = *reader_.schema().Find(move.to);
  const Field& field = FieldOf(move.to, move.reference);
  const store::IndexRuntime* index = referrer.reference_index[move.reference];
  Ids below;
  Ids found;
  for (const RecordId id : *ids) {
    if (index != nullptr && index->ready()) {
      const Cell target =
          Cell::OfBits(field.type == ValueType::kAnyReference ? uint64_t{move.from} << 48 | id : id);
      found.clear();
      RELATA_RETURN_IF_ERROR(
          reader_.FindEqual(referrer, *index, std::span(&target, 1), limit_ + 1 - below.size(), &found));
    } else {
      RELATA_RETURN_IF_ERROR(reader_.FindReferrers(referrer, field, {move.from, id}, &found));
    }
    below.insert(below.end(), found.begin(), found.end());
    if (!Few(below)) Sort(&below);
    if (!Few(below)) return false;
  }
  Sort(&below);
  ids->swap(below);
  return true;
}

StatusOr<bool> Walk::Spread(const Move& move, Ids* ids) {
  const bool upwards = move.kind == Move::Kind::kAncestors;
  Move step = move;
  step.kind = upwards ? Move::Kind::kUp : Move::Kind::kDown;
  absl::flat_hash_set<RecordId> seen(ids->begin(), ids->end());
  Ids front = *ids;
  while (!front.empty()) {
    RELATA_ASSIGN_OR_RETURN(const bool few, upwards ? Up(step, &front) : Down(step, &front));
    if (!few) return false;
    std::erase_if(front, [&](RecordId id) { return !seen.insert(id).second; });
    ids->insert(ids->end(), front.begin(), front.end());
    if (!Few(*ids)) return false;
  }
  Sort(ids);
  return true;
}

StatusOr<bool> Walk::Take(const Move& move, Ids* ids) {
  switch (move.kind) {
    case Move::Kind::kUp:
      return Up(move, ids);
    case Move::Kind::kDown:
      return Down(move, ids);
    case Move::Kind::kDescendants:
      return Spread(move, ids);
    case Move::Kind::kAncestors: {
      RELATA_ASSIGN_OR_RETURN(const bool few, Up(move, ids));
      return few ? Spread(move, ids) : few;
    }
  }
  return true;
}

StatusOr<bool> Walk::TakeFirst(const Move& move, const ChangedRecord& changed, Ids* ids) {
  if (move.kind == Move::Kind::kDown || move.kind == Move::Kind::kDescendants) {
    *ids = {changed.id};
    return Take(move, ids);
  }
  const Field& field = FieldOf(move.from, move.reference);
  AddTargets(field, changed.Before(move.reference), move.to, ids);
  AddTargets(field, changed.After(move.reference), move.to, ids);
  Sort(ids);
  if (!Few(*ids)) return false;
  return move.kind == Move::Kind::kAncestors ? Spread(move, ids) : true;
}

}  // namespace

Cell ChangedRecord::Before(FieldId slot) const {
  for (const store::FormerCell& cell : former) {
    if (cell.slot == slot) return cell.cell;
  }
  if (former_row != nullptr) return former_row->Get(slot);
  return former.empty() ? Cell::Absent() : After(slot);
}

Cell ChangedRecord::After(FieldId slot) const { return row == nullptr ? Cell::Absent() : row->Get(slot); }

Status RootsOf(const store::Reader& reader, const Path& path, const ChangedRecord& changed, size_t limit,
               std::vector<RecordId>* roots, bool* too_many) {
  *too_many = false;
  if (path.empty()) {
    roots->push_back(changed.id);
    return absl::OkStatus();
  }
  Walk walk(reader, limit);
  Ids ids;
  RELATA_ASSIGN_OR_RETURN(bool few, walk.TakeFirst(path.front(), changed, &ids));
  for (size_t i = 1; few && i < path.size() && !ids.empty(); ++i) {
    RELATA_ASSIGN_OR_RETURN(few, walk.Take(path[i], &ids));
  }
  *too_many = !few;
  if (few) roots->insert(roots->end(), ids.begin(), ids.end());
  return absl::OkStatus();
}

Status RootsOf(const store::Reader& reader, const Path& path, EntityTypeId type, RecordId id, size_t limit,
               std::vector<RecordId>* roots, bool* too_many) {
  ChangedRecord record{.type = type, .id = id};
  RowView row;
  const bool upwards =
      !path.empty() && (path.front().kind == Move::Kind::kUp || path.front().kind == Move::Kind::kAncestors);
  if (upwards) {
    bool found = false;
    RELATA_RETURN_IF_ERROR(reader.Find(*reader.schema().Find(type), id, &row, &found));
    if (found) record.row = &row;
  }
  return RootsOf(reader, path, record, limit, roots, too_many);
}

Path Reversed(const Path& path) {
  Path reversed;
  for (size_t i = path.size(); i-- > 0;) {
    const Move& move = path[i];
    RELATA_DCHECK(move.kind == Move::Kind::kUp || move.kind == Move::Kind::kDown);
    const Move::Kind back = move.kind == Move::Kind::kUp ? Move::Kind::kDown : Move::Kind::kUp;
    reversed.push_back({back, move.to, move.from, move.reference});
  }
  return reversed;
}

}  // namespace relata::segment
