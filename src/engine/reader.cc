// Answers typed and dynamic questions from the rows and indexes of the store room.
#include "relata/engine/reader.h"

#include "relata/base/strings.h"
#include "relata/engine/find.h"
#include "src/schema/conversion.h"
#include "src/store/history.h"
#include "src/store/reader.h"
#include "src/store/store.h"

namespace relata {

namespace {

// The index that tells a slot's values apart: unique on that slot alone, or any that begins with it.
const store::IndexRuntime* IndexOn(const store::TypeRuntime& type, FieldId slot, bool unique) {
  for (const store::IndexRuntime& index : type.indexes) {
    const IndexPart& first = index.index->parts.front();
    if (first.field != slot || first.folding == Folding::kWords || !index.ready()) continue;
    if (!unique || (index.index->unique && index.index->parts.size() == 1)) return &index;
  }
  return nullptr;
}

Status NoIndex(const store::TypeRuntime& type, FieldId slot, std::string_view kind) {
  return absl::FailedPreconditionError(StrCat(type.type->name, ".", type.type->fields[slot].name, ": has no ",
                                              kind, "; add one with Database::AddIndex"));
}

}  // namespace

Reader::Reader(const store::Snapshot* snapshot, column::ColumnCache* columns)
    : reader_(snapshot), snapshot_(snapshot), columns_(columns) {}

query::Source Reader::source() const {
  return {.reader = reader_, .snapshot = snapshot_, .columns = columns_};
}
RecordQuery Reader::Find(std::string_view entity) const { return RecordQuery(source(), entity); }

Timestamp Reader::now() const { return reader_->now(); }
LogPosition Reader::position() const { return reader_->position(); }

StatusOr<const StructBinding*> Reader::BindNew(const EntityDeclaration& declaration) const {
  RELATA_ASSIGN_OR_RETURN(bound_, reader_->schema().Bind(declaration));
  return bound_;
}

StatusOr<RowView> Reader::GetRow(EntityTypeId type, RecordId id) const {
  return reader_->Get(*reader_->schema().Find(type), id);
}

StatusOr<bool> Reader::RowExists(EntityTypeId type, RecordId id) const {
  return reader_->Exists(*reader_->schema().Find(type), id);
}

StatusOr<uint64_t> Reader::CountRows(EntityTypeId type) const {
  return reader_->CountRows(*reader_->schema().Find(type));
}

StatusOr<RecordId> Reader::FindUnique(const StructBinding& binding, FieldId slot, const Cell& value) const {
  const store::TypeRuntime& type = *reader_->schema().Find(binding.type());
  const store::IndexRuntime* index = IndexOn(type, slot, true);
  if (index == nullptr) return NoIndex(type, slot, "unique index of its own");
  return reader_->FindUnique(type, *index, std::span(&value, 1));
}

StatusOr<std::vector<RecordId>> Reader::FindEqual(const StructBinding& binding, FieldId slot,
                                                  const Cell& value) const {
  const store::TypeRuntime& type = *reader_->schema().Find(binding.type());
  const store::IndexRuntime* index = IndexOn(type, slot, false);
  if (index == nullptr) return NoIndex(type, slot, "index that begins with it");
  std::vector<RecordId> ids;
  RELATA_RETURN_IF_ERROR(reader_->FindEqual(type, *index, std::span(&value, 1), SIZE_MAX, &ids));
  return ids;
}

Status Reader::ForEachRow(EntityTypeId type,
                          absl::FunctionRef<Status(RecordId, const RowView&)> visit) const {
  store::RowCursor at(*reader_, *reader_->schema().Find(type));
  for (; at.Valid(); at.Next()) {
    const Status status = visit(at.id(), at.row());
    if (absl::IsCancelled(status)) return absl::OkStatus();
    RELATA_RETURN_IF_ERROR(status);
  }
  return at.status();
}

StatusOr<Record> Reader::Get(std::string_view entity, RecordId id) const {
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader_->schema().Get(entity));
  return reader_->GetRecord(*type, id);
}

StatusOr<uint64_t> Reader::Count(std::string_view entity) const {
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader_->schema().Get(entity));
  return reader_->CountRows(*type);
}

Status Reader::ForEach(std::string_view entity, absl::FunctionRef<Status(const Record&)> visit) const {
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader_->schema().Get(entity));
  return ForEachRow(type->type->id, [&](RecordId id, const RowView& row) -> Status {
    RELATA_ASSIGN_OR_RETURN(const Record record, reader_->ToRecord(*type, id, row));
    return visit(record);
  });
}

StatusOr<std::vector<Reader::FormerValue>> Reader::History(std::string_view entity, RecordId id,
                                                           std::string_view field_name) const {
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader_->schema().Get(entity));
  const Field* field = type->type->FindField(field_name);
  if (field == nullptr || !field->options.history) {
    return absl::InvalidArgumentError(
        StrCat(entity, ".", field_name, ": ", field == nullptr ? "is unknown" : "keeps no history",
               "; declare the field with the option history to follow its values"));
  }
  std::vector<store::HistoryEntry> entries;
  RELATA_RETURN_IF_ERROR(
      store::ReadHistory(reader_->kv(), reader_->history_tree(), type->type->id, id, *field, &entries));
  std::vector<FormerValue> values;
  for (const store::HistoryEntry& entry : entries) {
    RELATA_ASSIGN_OR_RETURN(Value value, schema::FromCell(*type->type, *field, entry.cell, field->currency));
    values.push_back({entry.from, std::move(value)});
  }
  return values;
}

}  // namespace relata
