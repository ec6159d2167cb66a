// Changes of the catalogue that are asked for by name, at run time.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "relata/base/strings.h"
#include "src/schema/catalogue.h"
#include "src/schema/change.h"
#include "src/schema/field_definition.h"
#include "src/schema/index_definition.h"
#include "src/schema/names.h"
#include "src/schema/refusal.h"

namespace relata::schema {
namespace {

Status PutIndex(Change* change, EntityTypeId id, const IndexSpec& spec) {
  const EntityType& type = change->type(id);
  RELATA_ASSIGN_OR_RETURN(Index index, IndexOf(type, spec, change->settings().locale));
  if (const Index* same = FindServing(type, index)) {
    return absl::AlreadyExistsError(StrCat("the index ", Quoted(same->name), " of ", type.name,
                                           " has these parts already",
                                           same->unique ? ", and is unique" : ""));
  }
  return change->AddIndex(id, std::move(index));
}

Status PutField(Change* change, EntityTypeId id, const FieldSpec& spec) {
  RELATA_ASSIGN_OR_RETURN(Field field, FieldOf(*change, change->type(id), spec));
  RELATA_RETURN_IF_ERROR(change->AddField(id, std::move(field)));
  return spec.unique ? PutIndex(change, id, {.parts = {spec.name}, .unique = true}) : absl::OkStatus();
}

Status SetMoment(Change* change, EntityTypeId id, std::string_view name) {
  EntityType& type = change->type(id);
  RELATA_ASSIGN_OR_RETURN(const Field* field, GetField(type, name));
  if (field->type != ValueType::kDate && field->type != ValueType::kTimestamp) {
    return absl::InvalidArgumentError(StrCat(PathOf(type, *field), " is ", ValueTypeName(field->type),
                                             "; a moment is a date or timestamp"));
  }
  type.moment = field->id;
  return absl::OkStatus();
}

// A field that a host may rename or drop.
StatusOr<FieldId> OwnField(const EntityType& type, std::string_view name) {
  RELATA_ASSIGN_OR_RETURN(const Field* field, GetField(type, name));
  if (field->generated) {
    return absl::FailedPreconditionError(
        StrCat(PathOf(type, *field), " is written by the engine and stays as it is",
               field->type == ValueType::kMoney ? "; it goes with the amount that it is made of" : ""));
  }
  const bool currency = field->name == kCurrencyName && field->type == ValueType::kCurrency;
  for (const Field& amount : type.fields) {
    if (!currency || amount.dropped || amount.type != ValueType::kMoney || !amount.currency.is_none())
      continue;
    return absl::FailedPreconditionError(
        StrCat(PathOf(type, *field), " is the currency of ", amount.name, "; drop that field first"));
  }
  return field->id;
}

// The index that a reference has by itself.
bool IsOfReference(const EntityType& type, const Index& index) {
  return index.parts.size() == 1 && index.parts[0] == IndexPart{.field = index.parts[0].field} &&
         type.fields[index.parts[0].field].is_reference();
}

Status CheckUnused(const EntityType& type, const Field& field) {
  if (type.moment == field.id) {
    return absl::FailedPreconditionError(StrCat(PathOf(type, field), " is the moment of ", type.name,
                                                "; declare another moment, or drop the entity"));
  }
  for (const Index& index : type.indexes) {
    const bool uses = std::any_of(index.parts.begin(), index.parts.end(),
                                  [&](const IndexPart& part) { return part.field == field.id; });
    if (!uses || (IsOfReference(type, index) && !index.unique)) continue;
    return absl::FailedPreconditionError(StrCat(PathOf(type, field), " is part of the index ",
                                                Quoted(index.name),
                                                "; drop the index first, with DropIndex"));
  }
  return absl::OkStatus();
}

Status RemoveField(Change* change, EntityTypeId id, FieldId slot) {
  RELATA_RETURN_IF_ERROR(CheckUnused(change->type(id), change->type(id).fields[slot]));
  const Index* own = FindServing(change->type(id), {.parts = {{.field = slot}}});
  if (own != nullptr) change->DropIndex(id, own->id);
  return change->DropField(id, slot);
}

}  // namespace

StatusOr<Changes> Catalogue::AddEntity(const EntitySpec& spec) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.AddType(spec.name, spec.description));
  for (const FieldSpec& field : spec.fields) RELATA_RETURN_IF_ERROR(PutField(&change, id, field));
  for (const IndexSpec& index : spec.indexes) RELATA_RETURN_IF_ERROR(PutIndex(&change, id, index));
  if (!spec.moment.empty()) RELATA_RETURN_IF_ERROR(SetMoment(&change, id, spec.moment));
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::AddField(std::string_view entity, const FieldSpec& spec) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.Get(entity));
  RELATA_RETURN_IF_ERROR(PutField(&change, id, spec));
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::AddIndex(std::string_view entity, const IndexSpec& spec) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.Get(entity));
  RELATA_RETURN_IF_ERROR(PutIndex(&change, id, spec));
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::AddLabel(std::string_view entity, std::string_view field_name,
                                      std::string_view name) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.Get(entity));
  EntityType& type = change.type(id);
  RELATA_ASSIGN_OR_RETURN(const Field* found, GetField(type, field_name));
  Field& field = type.fields[found->id];
  if (field.type != ValueType::kEnum && field.type != ValueType::kLabelSet) {
    return absl::InvalidArgumentError(StrCat(PathOf(type, field), " is ", ValueTypeName(field.type),
                                             "; only an enum or label set has labels"));
  }
  uint32_t code = 0;
  for (const Label& label : field.labels) code = std::max(code, uint32_t{label.code} + 1);
  if (code > 0xffff)
    return absl::ResourceExhaustedError(StrCat(PathOf(type, field), " has no codes left for a label"));
  const Label label{static_cast<uint16_t>(code), std::string(name)};
  RELATA_RETURN_IF_ERROR(CheckLabel(type, field, label));
  field.labels.push_back(label);
  change.Touch();
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::RenameEntity(std::string_view entity, std::string_view to) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.Get(entity));
  if (!IsName(to)) {
    return absl::InvalidArgumentError(StrCat("no entity can be named ", Quoted(to), ": ", kNameRule));
  }
  if (change.Find(to) != 0) {
    return absl::AlreadyExistsError(
        StrCat("the entity ", Quoted(to), " exists; choose another name for ", entity));
  }
  change.type(id).name = to;
  change.Touch();
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::RenameField(std::string_view entity, std::string_view field,
                                         std::string_view to) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.Get(entity));
  RELATA_ASSIGN_OR_RETURN(const FieldId slot, OwnField(change.type(id), field));
  RELATA_RETURN_IF_ERROR(change.RenameField(id, slot, to));
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::DropField(std::string_view entity, std::string_view field) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.Get(entity));
  RELATA_ASSIGN_OR_RETURN(const FieldId slot, OwnField(change.type(id), field));
  const std::optional<FieldId> base = change.type(id).fields[slot].base_amount;
  RELATA_RETURN_IF_ERROR(RemoveField(&change, id, slot));
  if (base) RELATA_RETURN_IF_ERROR(RemoveField(&change, id, *base));
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::DropIndex(std::string_view entity, std::string_view name) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.Get(entity));
  const EntityType& type = change.type(id);
  RELATA_ASSIGN_OR_RETURN(const Index* index, GetIndex(type, name));
  if (IsOfReference(type, *index) && !index->unique) {
    return absl::FailedPreconditionError(
        StrCat("the index ", Quoted(name), " of ", type.name,
               " belongs to a reference and goes with it; drop the field instead"));
  }
  change.DropIndex(id, index->id);
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::DropEntity(std::string_view entity) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.Get(entity));
  for (const Referrer& referrer : ReferrersOf(id)) {
    if (referrer.type->id == id) continue;
    return absl::FailedPreconditionError(StrCat("entity ", entity, ": ",
                                                PathOf(*referrer.type, *referrer.field),
                                                " refers to it; drop that field first, with DropField"));
  }
  for (const SegmentDefinition& segment : segments_) {
    if (segment.entity != id) continue;
    return absl::FailedPreconditionError(StrCat("entity ", entity, ": the segment ", Quoted(segment.name),
                                                " holds records of it; drop the segment first"));
  }
  change.DropType(id);
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::DefineDerived(std::string_view entity, const DerivedField& definition) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.Get(entity));
  DerivedField field = definition;
  field.entity = id;
  RELATA_RETURN_IF_ERROR(change.DefineDerived(std::move(field)));
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::DropDerived(std::string_view entity, std::string_view name) {
  Change change(*this);
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId id, change.Get(entity));
  RELATA_RETURN_IF_ERROR(change.DropDerived(id, name));
  return change.Commit(this);
}

}  // namespace relata::schema
