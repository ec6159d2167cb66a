// Applies one change to a copy of the catalogue, and says why where it cannot.
#include "src/schema/change.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/nearest.h"
#include "src/schema/conversion.h"
#include "src/schema/index_definition.h"
#include "src/schema/names.h"
#include "src/schema/refusal.h"

namespace relata::schema {
namespace {

constexpr size_t kMaxSlots = 4000;  // live and dropped ones of one entity type

Field SystemField(FieldId slot, std::string_view name, std::string_view description) {
  Field field;
  field.id = slot;
  field.name = name;
  field.type = ValueType::kTimestamp;
  field.nullable = false;
  field.options.description = description;
  field.generated = true;
  return field;
}

bool IsInRecordsCurrency(const Field& field) {
  return field.type == ValueType::kMoney && field.currency.is_none();
}

Field BaseAmountOf(const Field& amount, Currency base) {
  Field field;
  field.name = StrCat(amount.name, kBaseSuffix);
  field.type = ValueType::kMoney;
  field.nullable = amount.nullable;
  field.options.sensitive = amount.options.sensitive;
  field.options.description = StrCat(amount.name, " in the store's base currency.");
  field.currency = base;
  field.generated = true;
  return field;
}

bool GroupsOther(std::string_view group, std::string_view name) {
  return name.size() > group.size() && name[group.size()] == '.' && name.substr(0, group.size()) == group;
}

}  // namespace

Change::Change(const Catalogue& catalogue)
    : types_(catalogue.types_.get<Catalogue::ById>().begin(), catalogue.types_.get<Catalogue::ById>().end()),
      version_(catalogue.version_),
      next_tree_(catalogue.next_tree_),
      next_index_(catalogue.next_index_),
      settings_(catalogue.settings_),
      versions_(catalogue.versions_),
      dropped_trees_(catalogue.dropped_trees_),
      derived_(catalogue.derived_),
      segments_(catalogue.segments_),
      next_segment_(catalogue.next_segment_),
      schema_version_(catalogue.schema_version_) {
  for (const EntityType& type : types_) versions_before_.push_back(type.version);
}

EntityTypeId Change::Find(std::string_view name) const {
  for (const EntityType& type : types_) {
    if (!type.dropped && type.name == name) return type.id;
  }
  return 0;
}

StatusOr<EntityTypeId> Change::Get(std::string_view name) const {
  if (const EntityTypeId id = Find(name); id != 0) return id;
  std::vector<std::string_view> names;
  for (EntityTypeId id : LiveTypes()) names.push_back(type(id).name);
  return absl::NotFoundError(StrCat("unknown entity ", Quoted(name), DidYouMean(name, names)));
}

std::vector<EntityTypeId> Change::LiveTypes() const {
  std::vector<EntityTypeId> live;
  for (const EntityType& type : types_) {
    if (!type.dropped) live.push_back(type.id);
  }
  return live;
}

bool Change::IsNew(EntityTypeId type) const { return type > versions_before_.size(); }

std::string Change::NewTree() { return StrCat("t", next_tree_++); }

StatusOr<EntityTypeId> Change::AddType(std::string_view name, std::string_view description) {
  if (!IsName(name)) {
    return absl::InvalidArgumentError(StrCat("no entity can be named ", Quoted(name), ": ", kNameRule));
  }
  if (Find(name) != 0) {
    return absl::AlreadyExistsError(
        StrCat("the entity ", Quoted(name), " exists; add to it with AddField and AddIndex"));
  }
  if (types_.size() >= std::numeric_limits<EntityTypeId>::max()) {
    return absl::ResourceExhaustedError(
        StrCat("entity ", Quoted(name), ": the store has no numbers left for entities"));
  }
  EntityType& type = types_.emplace_back();
  type.id = static_cast<EntityTypeId>(types_.size());
  type.name = name;
  type.tree = NewTree();
  type.description = description;
  type.fields = {SystemField(kCreatedAt, kCreatedAtName, "When the record was inserted."),
                 SystemField(kUpdatedAt, kUpdatedAtName, "When the record was last written.")};
  changes_.new_types.push_back(type.id);
  Touch();
  return type.id;
}

Status Change::NextVersion(EntityTypeId id) {
  Touch();
  EntityType& changed = type(id);
  if (IsNew(id) || changed.version != versions_before_[id - 1]) return absl::OkStatus();
  if (changed.version == std::numeric_limits<uint16_t>::max()) {
    return absl::ResourceExhaustedError(StrCat("entity ", changed.name, " has changed ", changed.version,
                                               " times, as often as a row can tell"));
  }
  ++changed.version;
  return absl::OkStatus();
}

Status Change::CheckNameIsFree(const EntityType& type, std::string_view name,
                               std::optional<FieldId> self) const {
  for (const Field& other : type.fields) {
    if (other.dropped || other.id == self) continue;
    if (other.name == name) {
      return absl::AlreadyExistsError(StrCat(type.name, ".", name, " exists, as ", ValueTypeName(other.type),
                                             other.generated ? " that the engine writes" : "",
                                             "; choose another name"));
    }
    if (GroupsOther(other.name, name) || GroupsOther(name, other.name)) {
      return absl::InvalidArgumentError(StrCat(type.name, ".", name,
                                               ": a name cannot be that of a field and of a group, and '",
                                               other.name, "' exists; choose another name"));
    }
  }
  for (const DerivedField& derived : derived_) {
    if (derived.entity != type.id || (derived.name != name && !GroupsOther(derived.name, name))) continue;
    return absl::AlreadyExistsError(
        StrCat(type.name, ".", derived.name, " exists, as a derived field; choose another name"));
  }
  return absl::OkStatus();
}

Status Change::AddField(EntityTypeId id, Field field) {
  RELATA_RETURN_IF_ERROR(CheckNameIsFree(type(id), field.name, std::nullopt));
  RELATA_RETURN_IF_ERROR(NextVersion(id));
  EntityType& changed = type(id);
  const auto live =
      std::count_if(changed.fields.begin(), changed.fields.end(), [](const Field& f) { return !f.dropped; });
  // The two system slots are not the host's to count.
  if (static_cast<size_t>(live) >= kMaxFields + 2 || changed.fields.size() >= kMaxSlots) {
    return absl::ResourceExhaustedError(
        StrCat(PathOf(changed, field), ": ", changed.name, " has ", live - 2, " fields; at most ", kMaxFields,
               " fit, and ", kMaxSlots, " counting dropped ones. Put some into an entity of their own"));
  }
  field.id = static_cast<FieldId>(changed.fields.size());
  field.added_in = changed.version;
  const Cell frozen{field.frozen_present, field.frozen_bits, field.frozen_bytes};
  if (!IsNew(id) && !field.generated && !ValidateCell(changed, field, frozen).ok()) Verify(id, field.id);
  const bool base_beside = IsInRecordsCurrency(field);
  if (base_beside) field.base_amount = static_cast<FieldId>(field.id + 1);
  changed.fields.push_back(std::move(field));
  const Field& added = changed.fields.back();
  if (base_beside) return AddField(id, BaseAmountOf(added, settings_.base_currency));
  if (added.is_reference()) return AddIndex(id, {.name = added.name, .parts = {{.field = added.id}}});
  return absl::OkStatus();
}

Status Change::RenameField(EntityTypeId id, FieldId slot, std::string_view to) {
  EntityType& changed = type(id);
  if (!IsFieldName(to) || to == kIdName) {
    return absl::InvalidArgumentError(StrCat(PathOf(changed, changed.fields[slot]), " cannot be renamed to ",
                                             Quoted(to), ": ", kNameRule,
                                             ", dots between groups, and not 'id'"));
  }
  std::vector<Index*> named_by_parts;
  for (Index& index : changed.indexes) {
    if (index.name == NameOfParts(changed, index.parts, settings_.locale)) named_by_parts.push_back(&index);
  }
  RELATA_RETURN_IF_ERROR(CheckNameIsFree(changed, to, slot));
  changed.fields[slot].name = to;
  if (const std::optional<FieldId> base = changed.fields[slot].base_amount) {
    const std::string base_name = StrCat(to, kBaseSuffix);
    RELATA_RETURN_IF_ERROR(CheckNameIsFree(changed, base_name, *base));
    changed.fields[*base].name = base_name;
  }
  for (Index* index : named_by_parts) index->name = NameOfParts(changed, index->parts, settings_.locale);
  Touch();
  return absl::OkStatus();
}

Status Change::DropField(EntityTypeId id, FieldId slot) {
  RELATA_RETURN_IF_ERROR(NextVersion(id));
  Field& field = type(id).fields[slot];
  field.dropped = true;
  field.dropped_in = type(id).version;
  return absl::OkStatus();
}

Status Change::AddIndex(EntityTypeId id, Index index) {
  EntityType& changed = type(id);
  if (changed.FindIndex(index.name) != nullptr) {
    return absl::AlreadyExistsError(StrCat("the index ", Quoted(index.name), " of ", changed.name,
                                           " exists; drop it first, or choose another name"));
  }
  const bool folds = std::any_of(index.parts.begin(), index.parts.end(),
                                 [](const IndexPart& part) { return part.folding != Folding::kExact; });
  index.id = next_index_++;
  index.tree = NewTree();
  index.state = IndexState::kBuilding;
  index.text_versions = folds ? versions_.icu : "";
  changes_.new_indexes.push_back({id, index.id});
  changed.indexes.push_back(std::move(index));
  Touch();
  return absl::OkStatus();
}

void Change::DropIndex(EntityTypeId id, IndexId index) {
  std::vector<Index>& indexes = type(id).indexes;
  const auto at = std::find_if(indexes.begin(), indexes.end(), [&](const Index& i) { return i.id == index; });
  dropped_trees_.push_back(at->tree);
  changes_.dropped_trees.push_back(at->tree);
  indexes.erase(at);
  std::erase_if(changes_.new_indexes, [&](const Changes::NewIndex& made) { return made.index == index; });
  Touch();
}

void Change::DropType(EntityTypeId id) {
  while (!type(id).indexes.empty()) DropIndex(id, type(id).indexes.back().id);
  dropped_trees_.push_back(type(id).tree);
  changes_.dropped_trees.push_back(type(id).tree);
  type(id).dropped = true;
  std::erase_if(derived_, [&](const DerivedField& derived) { return derived.entity == id; });
  Touch();
}

Status Change::DefineDerived(DerivedField definition) {
  const EntityType& of = type(definition.entity);
  if (!IsName(definition.name) || definition.name == kIdName) {
    return absl::InvalidArgumentError(StrCat("no derived field of ", of.name, " can be named ",
                                             Quoted(definition.name), ": ", kNameRule, ", and not 'id'"));
  }
  for (DerivedField& known : derived_) {
    if (known.entity != definition.entity || known.name != definition.name) continue;
    if (known != definition) Touch();
    known = std::move(definition);
    return absl::OkStatus();
  }
  RELATA_RETURN_IF_ERROR(CheckNameIsFree(of, definition.name, std::nullopt));
  const auto count = std::count_if(derived_.begin(), derived_.end(), [&](const DerivedField& derived) {
    return derived.entity == definition.entity;
  });
  if (static_cast<size_t>(count) >= kMaxFields) {
    return absl::ResourceExhaustedError(
        StrCat(of.name, " has ", count, " derived fields, as many as fit; drop one first"));
  }
  derived_.push_back(std::move(definition));
  Touch();
  return absl::OkStatus();
}

Status Change::DropDerived(EntityTypeId id, std::string_view name) {
  std::vector<std::string_view> names;
  for (auto derived = derived_.begin(); derived != derived_.end(); ++derived) {
    if (derived->entity != id) continue;
    if (derived->name != name) {
      names.push_back(derived->name);
      continue;
    }
    derived_.erase(derived);
    Touch();
    return absl::OkStatus();
  }
  return absl::NotFoundError(
      StrCat("unknown derived field ", Quoted(name), " of ", type(id).name, DidYouMean(name, names)));
}

void Change::Verify(EntityTypeId type, FieldId field) {
  for (const Changes::ToVerify& known : changes_.to_verify) {
    if (known.type == type && known.field == field) return;
  }
  changes_.to_verify.push_back({type, field});
}

Status Change::CheckMoney(const EntityType& type) const {
  const Field* currency = type.FindField(kCurrencyName);
  for (const Field& field : type.fields) {
    if (field.dropped || !IsInRecordsCurrency(field)) continue;
    if (currency == nullptr || currency->type != ValueType::kCurrency) {
      return absl::InvalidArgumentError(
          StrCat(PathOf(type, field),
                 ": an amount without a currency of its own takes that of the record, but ", type.name,
                 " has no field 'currency' of type currency; add that field, or give this one its currency"));
    }
    if (settings_.base_currency.is_none()) {
      return absl::FailedPreconditionError(StrCat(
          PathOf(type, field), ": the store has no base currency to hold the amount in; choose one first"));
    }
  }
  return absl::OkStatus();
}

// A path finds fields of a record and collections of records that refer to it by the same kind of name.
Status Change::CheckCollections() const {
  std::map<std::pair<EntityTypeId, std::string_view>, std::string> taken;
  for (EntityTypeId id : LiveTypes()) {
    for (const Field& field : type(id).fields) {
      if (field.dropped || !field.is_reference()) continue;
      for (EntityTypeId target : field.targets) {
        const std::string remedy = "; give the reference another inverse";
        const auto [other, fresh] = taken.try_emplace({target, field.inverse}, PathOf(type(id), field));
        if (!fresh) {
          return absl::InvalidArgumentError(StrCat(PathOf(type(id), field), ": the collection '",
                                                   field.inverse, "' of ", type(target).name,
                                                   " is already that of ", other->second, remedy));
        }
        for (const Field& own : type(target).fields) {
          const std::string_view head = std::string_view(own.name).substr(0, own.name.find('.'));
          if (own.dropped || head != field.inverse) continue;
          return absl::InvalidArgumentError(StrCat(PathOf(type(id), field), ": the collection '",
                                                   field.inverse, "' of ", type(target).name,
                                                   " has the name of its field ", own.name, remedy));
        }
      }
    }
  }
  for (const DerivedField& derived : derived_) {
    const auto collection = taken.find({derived.entity, derived.name});
    if (collection == taken.end()) continue;
    return absl::AlreadyExistsError(StrCat(type(derived.entity).name, ".", derived.name,
                                           ": a derived field cannot have the name of a collection, that of ",
                                           collection->second, "; choose another name"));
  }
  return absl::OkStatus();
}

StatusOr<Changes> Change::Commit(Catalogue* catalogue) {
  if (!changes_.any) return changes_;
  RELATA_RETURN_IF_ERROR(CheckCollections());
  for (EntityTypeId id : LiveTypes()) RELATA_RETURN_IF_ERROR(CheckMoney(type(id)));
  Catalogue changed;
  changed.version_ = version_ + 1;
  changed.next_tree_ = next_tree_;
  changed.next_index_ = next_index_;
  changed.settings_ = settings_;
  changed.versions_ = versions_;
  changed.dropped_trees_ = dropped_trees_;
  changed.derived_ = std::move(derived_);
  changed.schema_version_ = schema_changed_ ? changed.version_ : schema_version_;
  changed.segments_ = std::move(segments_);
  changed.next_segment_ = next_segment_;
  if (!changed.segments_.empty()) {
    changed.versions_.feature_level = std::max(changed.versions_.feature_level, kSegmentsFeatureLevel);
  }
  for (EntityType& type : types_) changed.types_.insert(std::move(type));
  if (changed.Encode().size() > kMaxCatalogueBytes) {
    return absl::ResourceExhaustedError(StrCat("the catalogue would take more than ", kMaxCatalogueBytes,
                                               " bytes; shorten descriptions and labels"));
  }
  *catalogue = std::move(changed);
  return std::move(changes_);
}

}  // namespace relata::schema
