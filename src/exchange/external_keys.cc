// This file looks keys up in the unique index of external_key, and writes new ones.
#include "src/exchange/external_keys.h"

#include <algorithm>

#include "relata/base/strings.h"

namespace relata::exchange {
namespace {

void Remember(KeySpace* space, std::string_view code, RecordId record) {
  if (space->cache.size() >= ExternalKeys::kMaxCached) space->cache.clear();
  space->cache.insert_or_assign(std::string(code), record);
}

}  // namespace

std::string ShownCode(std::string_view code) {
  std::string shown(code);
  std::replace(shown.begin(), shown.end(), kCodeSeparator, '/');
  return shown;
}

StatusOr<ExternalKeys> ExternalKeys::Bind(const store::SchemaRuntime& schema) {
  ExternalKeys keys;
  RELATA_ASSIGN_OR_RETURN(keys.type_, schema.Get("external_key"));
  const EntityType& type = *keys.type_->type;
  const std::pair<std::string_view, FieldId*> wanted[] = {{"source", &keys.source_},
                                                          {"entity_type", &keys.entity_type_},
                                                          {"code", &keys.code_},
                                                          {"record", &keys.record_}};
  for (const auto& [name, slot] : wanted) {
    const Field* field = type.FindField(name);
    if (field == nullptr) return absl::NotFoundError(StrCat("external_key has no field ", Quoted(name)));
    *slot = field->id;
  }
  for (const store::IndexRuntime& index : keys.type_->indexes) {
    const std::vector<IndexPart>& parts = index.index->parts;
    if (index.index->unique && parts.size() == 3 && parts[0].field == keys.source_ &&
        parts[1].field == keys.entity_type_ && parts[2].field == keys.code_) {
      keys.index_ = &index;
    }
  }
  if (keys.index_ == nullptr) {
    return absl::NotFoundError("external_key has no unique index on source, entity_type and code");
  }
  keys.cells_.resize(type.fields.size());
  return keys;
}

StatusOr<RecordId> ExternalKeys::Find(const store::Reader& reader, KeySpace* space, std::string_view code) {
  if (const auto known = space->cache.find(ToAbsl(code)); known != space->cache.end()) return known->second;
  const Cell values[] = {Cell::OfBits(space->source), Cell::OfBytes(space->entity), Cell::OfBytes(code)};
  const StatusOr<RecordId> key = reader.FindUnique(*type_, *index_, values);
  if (absl::IsNotFound(key.status())) return RecordId{0};
  RELATA_RETURN_IF_ERROR(key.status());
  RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(*type_, *key));
  const RecordId record = row.Get(record_).bits & kMaxRecordId;
  Remember(space, code, record);
  return record;
}

StatusOr<bool> ExternalKeys::Any(const store::Reader& reader, const KeySpace& space) const {
  const Cell values[] = {Cell::OfBits(space.source), Cell::OfBytes(space.entity)};
  std::vector<RecordId> ids;
  RELATA_RETURN_IF_ERROR(reader.FindEqual(*type_, *index_, values, 1, &ids));
  return !ids.empty();
}

Status ExternalKeys::Insert(store::Transaction* tx, KeySpace* space, std::string_view code, RecordId record,
                            bool remember) {
  cells_[source_] = Cell::OfBits(space->source);
  cells_[entity_type_] = Cell::OfBytes(space->entity);
  cells_[code_] = Cell::OfBytes(code);
  cells_[record_] = Cell::OfBits(uint64_t{space->type} << 48 | record);
  RELATA_RETURN_IF_ERROR(tx->InsertCells(*type_, cells_).status());
  if (remember) Remember(space, code, record);
  return absl::OkStatus();
}

}  // namespace relata::exchange
