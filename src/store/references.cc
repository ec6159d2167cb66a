// This file keeps references whole: nothing may point to a record that is not there, and a hierarchy has no
// rings.
#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/store/transaction.h"

namespace relata::store {

namespace {

constexpr int kMaxHierarchyDepth = 10'000;

// A single reference to the own type by this name makes a hierarchy.
bool IsHierarchy(const EntityType& type, const Field& field) {
  return field.type == ValueType::kReference && field.name == "parent" && field.targets.front() == type.id;
}

}  // namespace

Status Transaction::CheckReferences(const Write& write) {
  const EntityType& type = *write.type->type;
  for (const Field& field : type.fields) {
    if (field.dropped || !field.is_reference() || !Differs(write, field.id)) continue;
    const Cell& cell = write.cells.cells[field.id];
    if (!cell.present) continue;
    std::vector<RecordId> ids;
    EntityTypeId target = field.targets.front();
    if (field.type == ValueType::kReferenceSet) {
      if (!DecodeReferenceSet(cell.bytes, &ids)) {
        return absl::InvalidArgumentError(
            StrCat(type.name, ".", field.name, ": is not a well-formed set of references"));
      }
    } else if (field.type == ValueType::kAnyReference) {
      target = static_cast<EntityTypeId>(cell.bits >> 48);
      ids.push_back(cell.bits & kMaxRecordId);
    } else {
      ids.push_back(cell.bits);
    }
    const TypeRuntime* target_type = schema_->Find(target);
    if (target_type == nullptr) {
      return absl::InvalidArgumentError(
          StrCat(type.name, ".", field.name, ": refers to an entity type that was dropped"));
    }
    for (const RecordId id : ids) {
      RELATA_ASSIGN_OR_RETURN(const bool exists, Exists(*target_type, id));
      if (!exists && !promised_.contains(RecordRef{target, id})) {
        return absl::NotFoundError(StrCat(type.name, ".", field.name, ": there is no ",
                                          target_type->type->name, " ", id, "; insert it first"));
      }
    }
    // Nothing is below a new record, but there may be below one that an undo brings back.
    if (IsHierarchy(type, field) && (!write.insert || !promised_.empty())) {
      RELATA_RETURN_IF_ERROR(CheckHierarchy(write, field));
    }
  }
  return absl::OkStatus();
}

Status Transaction::CheckHierarchy(const Write& write, const Field& parent) {
  RecordId at = write.cells.cells[parent.id].bits;
  for (int depth = 0; at != 0; ++depth) {
    if (at == write.id) {
      return absl::InvalidArgumentError(StrCat(
          write.type->type->name, " ", write.id, ".", parent.name, ": ", write.cells.cells[parent.id].bits,
          " lies below this record itself; a hierarchy cannot be a ring"));
    }
    if (depth == kMaxHierarchyDepth) {
      return absl::InvalidArgumentError(StrCat(write.type->type->name, " ", write.id, ".", parent.name,
                                               ": the hierarchy would be deeper than ", kMaxHierarchyDepth));
    }
    // One that an undo is still to bring back: what is above it is looked at when it comes.
    if (promised_.contains(RecordRef{write.type->type->id, at})) {
      RELATA_ASSIGN_OR_RETURN(const bool exists, Exists(*write.type, at));
      if (!exists) break;
    }
    RELATA_ASSIGN_OR_RETURN(const RowView row, Get(*write.type, at));
    const Cell above = row.Get(parent.id);
    at = above.present ? above.bits : 0;
  }
  return absl::OkStatus();
}

Status Transaction::Delete(const TypeRuntime& type, RecordId id) {
  // What follows may release some referrers before it meets one that restricts: a savepoint makes it all or
  // nothing.
  RELATA_RETURN_IF_ERROR(BeginSavepoint());
  Deleting deleting;
  const Status status = DeleteOne(type, id, &deleting);
  if (status.ok()) return ReleaseSavepoint();
  RollBackToSavepoint();
  return status;
}

Status Transaction::DeleteOne(const TypeRuntime& type, RecordId id, Deleting* deleting) {
  const RecordRef self{type.type->id, id};
  if (!deleting->insert(self).second) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(TellHook(type, ChangeKind::kDelete, id, {}));
  RELATA_RETURN_IF_ERROR(ReleaseReferrers(type, id, deleting));

  RELATA_ASSIGN_OR_RETURN(const RowView stored, Get(type, id));
  const std::string row_bytes(stored.bytes());
  RELATA_ASSIGN_OR_RETURN(const RowView row, RowView::Open(type.format, row_bytes, id, false));
  for (const IndexRuntime& index : type.indexes) {
    if (!index.ready()) continue;
    index.coder.Keys([&](FieldId slot) { return row.Get(slot); }, id, &old_keys_);
    for (const std::string& key : old_keys_) RELATA_RETURN_IF_ERROR(index.tree.Erase(kv_write(), key, id));
  }
  RELATA_RETURN_IF_ERROR(kv_write()->Delete(type.rows, kv::IdKey(id)));
  log_.Delete(type.type->id, id, row_bytes);
  return absl::OkStatus();
}

Status Transaction::ReleaseReferrers(const TypeRuntime& type, RecordId id, Deleting* deleting) {
  const RecordRef self{type.type->id, id};
  for (const schema::Catalogue::Referrer& referrer : schema_->ReferrersOf(type.type->id)) {
    const TypeRuntime& from = *schema_->Find(referrer.type->id);
    std::vector<RecordId> ids;
    RELATA_RETURN_IF_ERROR(FindReferrers(from, *referrer.field, self, &ids));
    for (const RecordId from_id : ids) {
      const RecordRef from_ref{from.type->id, from_id};
      if (deleting->contains(from_ref)) continue;
      switch (referrer.field->on_delete) {
        case OnDelete::kRestrict:
          return absl::FailedPreconditionError(
              StrCat(type.type->name, " ", id, " cannot be deleted: ", from.type->name, " ", from_id,
                     " refers to it (", referrer.field->name,
                     ids.size() > 1 ? StrCat(", and ", ids.size() - 1, " more") : "",
                     "); delete or change those first"));
        case OnDelete::kCascade:
          RELATA_RETURN_IF_ERROR(DeleteOne(from, from_id, deleting));
          break;
        case OnDelete::kClear:
          RELATA_RETURN_IF_ERROR(ClearReference(from, *referrer.field, from_id, self));
          break;
      }
    }
  }
  return absl::OkStatus();
}

Status Transaction::ClearReference(const TypeRuntime& type, const Field& field, RecordId id,
                                   RecordRef target) {
  Write write{.type = &type, .id = id, .insert = false};
  RELATA_RETURN_IF_ERROR(LoadOld(&write));
  Cell& cell = write.cells.cells[field.id];
  if (field.type == ValueType::kReferenceSet) {
    std::vector<RecordId> ids;
    if (!DecodeReferenceSet(cell.bytes, &ids)) {
      return absl::DataLossError(
          StrCat(type.type->name, " ", id, ".", field.name, ": the stored set is damaged"));
    }
    std::erase(ids, target.id);
    std::string* bytes = write.cells.NewBytes();
    EncodeReferenceSet(ids, bytes);
    cell = ids.empty() && !field.nullable ? Cell::Absent() : Cell::OfBytes(*bytes);
  } else {
    cell = Cell::Absent();
  }
  return Apply(&write);
}

}  // namespace relata::store
