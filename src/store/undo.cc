// Takes back what one commit did, where nothing has come to depend on it since.
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/base/strings.h"
#include "src/kv/cursor.h"
#include "src/store/log_entry.h"
#include "src/store/transaction.h"

namespace relata::store {

namespace {

// What a commit did to one record: the slots it changed; or it came or went as a whole.
struct Touch {
  bool whole = false;
  std::vector<FieldId> slots;
};
using TouchedRecords = absl::flat_hash_map<RecordRef, Touch>;

TouchedRecords TouchedBy(const RawCommit& commit) {
  TouchedRecords touches;
  for (const RawChange& change : commit.changes) {
    Touch& touch = touches[RecordRef{change.type, change.id}];
    touch.whole |= change.kind != ChangeKind::kUpdate;
    for (const FormerCell& former : change.former) touch.slots.push_back(former.slot);
  }
  return touches;
}

// What a later change has to do with it: a name for the message, or nothing.
std::string ConflictOf(const TouchedRecords& touches, const RawChange& later, const EntityType& type) {
  const auto at = touches.find(RecordRef{later.type, later.id});
  if (at == touches.end()) return "";
  const std::string record = StrCat(type.name, " ", later.id);
  if (at->second.whole || later.kind != ChangeKind::kUpdate) return record;
  for (const FormerCell& former : later.former) {
    const auto& slots = at->second.slots;
    if (std::find(slots.begin(), slots.end(), former.slot) == slots.end()) continue;
    if (!type.fields[former.slot].generated) return StrCat(record, ".", type.fields[former.slot].name);
  }
  return "";
}

}  // namespace

Status Transaction::Undo(uint64_t sequence) {
  if (!log_.empty()) {
    return absl::FailedPreconditionError("an undo is a commit of its own; begin a transaction for it");
  }
  const TypeLookup type_of = [&](EntityTypeId id) { return schema_->catalogue().Find(id); };
  std::string entry;  // a put moves what was read: keep it
  TouchedRecords touches;
  {
    kv::Cursor at(*txn_, context_.trees.log);
    at.Seek(kv::IdKey(sequence));
    RELATA_RETURN_IF_ERROR(at.status());
    if (!at.Valid() || at.key() != std::string_view(kv::IdKey(sequence))) {
      return absl::OutOfRangeError(StrCat("commit ", sequence, " cannot be undone: the change log has it not",
                                          sequence > state_.sequence ? " yet" : " any more"));
    }
    entry = at.value();
    RELATA_ASSIGN_OR_RETURN(const RawCommit commit, ParseLogEntry(entry, sequence, type_of));
    touches = TouchedBy(commit);
    for (at.Next(); at.Valid(); at.Next()) {
      const uint64_t later = kv::IdKey::Decode(at.key());
      RELATA_ASSIGN_OR_RETURN(const RawCommit after, ParseLogEntry(at.value(), later, type_of));
      for (const RawChange& change : after.changes) {
        const std::string what = ConflictOf(touches, change, *type_of(change.type));
        if (what.empty()) continue;
        return absl::FailedPreconditionError(StrCat("commit ", sequence, " cannot be undone: commit ", later,
                                                    after.cause.empty() ? "" : StrCat(" (", after.cause, ")"),
                                                    " has changed ", what, " since"));
      }
    }
    RELATA_RETURN_IF_ERROR(at.status());
  }
  RELATA_ASSIGN_OR_RETURN(const RawCommit commit, ParseLogEntry(entry, sequence, type_of));
  RELATA_RETURN_IF_ERROR(BeginSavepoint());
  const Status status = TakeBack(commit);
  promised_.clear();
  if (!status.ok()) {
    RollBackToSavepoint();
    return Annotate(status, StrCat("commit ", sequence, " cannot be undone"));
  }
  cause_ = StrCat("undo ", sequence);
  return ReleaseSavepoint();
}

Status Transaction::TakeBack(const RawCommit& commit) {
  // What was deleted together may refer to each other in a ring: all of it will be there again. What came
  // together may too, where the commit had itself taken back such a delete: all of it will be gone.
  Deleting leaving;
  for (const RawChange& change : commit.changes) {
    if (change.kind == ChangeKind::kDelete) promised_.insert(RecordRef{change.type, change.id});
    if (change.kind == ChangeKind::kInsert) leaving.insert(RecordRef{change.type, change.id});
  }
  for (auto change = commit.changes.rbegin(); change != commit.changes.rend(); ++change) {
    const TypeRuntime* type = schema_->Find(change->type);
    if (type == nullptr) {
      return absl::FailedPreconditionError(StrCat("the entity type of ",
                                                  schema_->catalogue().Find(change->type)->name, " ",
                                                  change->id, " was dropped since"));
    }
    switch (change->kind) {
      case ChangeKind::kInsert:
        RELATA_RETURN_IF_ERROR(TakeBackInsert(*type, change->id, &leaving));
        break;
      case ChangeKind::kUpdate: {
        // A record that the same commit deleted afterwards is back by now, as it was when it was deleted.
        std::vector<FormerCell> cells;
        for (const FormerCell& former : change->former) {
          if (!type->type->fields[former.slot].dropped) cells.push_back(former);
        }
        RELATA_RETURN_IF_ERROR(RestoreCells(*type, change->id, cells));
        break;
      }
      case ChangeKind::kDelete: {
        RELATA_ASSIGN_OR_RETURN(const RowView row,
                                RowView::Open(type->format, change->former_row, change->id, true));
        std::vector<Cell> cells;
        for (const Field& field : type->type->fields) {
          cells.push_back(field.dropped ? Cell::Absent() : row.Get(field.id));
        }
        RELATA_RETURN_IF_ERROR(Reinsert(*type, change->id, cells));
        break;
      }
    }
  }
  // One that was deleted may have come by the same commit, and is gone again: nothing may have kept to the
  // promise. And all that still referred to what was to go must have gone with it.
  for (const Deleting* records : {&promised_, &leaving}) {
    for (const RecordRef& record : *records) {
      const TypeRuntime& type = *schema_->Find(record.type);
      RELATA_ASSIGN_OR_RETURN(const bool exists, Exists(type, record.id));
      if (!exists) RELATA_RETURN_IF_ERROR(RefuseReferrers(type, record.id, {}));
    }
  }
  return absl::OkStatus();
}

Status Transaction::TakeBackInsert(const TypeRuntime& type, RecordId id, Deleting* leaving) {
  RELATA_RETURN_IF_ERROR(RefuseReferrers(type, id, *leaving));
  // Referrers that are leaving keep what they say of it, for as long as they are there.
  leaving->erase(RecordRef{type.type->id, id});
  return DeleteOne(type, id, leaving);
}

Status Transaction::RefuseReferrers(const TypeRuntime& type, RecordId id, const Deleting& but) {
  for (const schema::Catalogue::Referrer& referrer : schema_->ReferrersOf(type.type->id)) {
    const EntityTypeId from = referrer.type->id;
    std::vector<RecordId> ids;
    RELATA_RETURN_IF_ERROR(FindReferrers(*schema_->Find(from), *referrer.field, {type.type->id, id}, &ids));
    std::erase_if(ids, [&](RecordId other) { return but.contains(RecordRef{from, other}); });
    if (ids.empty()) continue;
    return absl::FailedPreconditionError(StrCat(referrer.type->name, " ", ids.front(), " refers to ",
                                                type.type->name, " ", id, " by now (", referrer.field->name,
                                                ")"));
  }
  return absl::OkStatus();
}

}  // namespace relata::store
