// Look-ups in the catalogue, and the states that the store keeps in it.
#include "src/schema/catalogue.h"

#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/nearest.h"

namespace relata::schema {

const EntityType* Catalogue::Find(std::string_view name) const {
  const auto& by_name = types_.get<ByName>();
  const auto [first, last] = by_name.equal_range(std::string(name));
  const auto live = std::find_if(first, last, [](const EntityType& type) { return !type.dropped; });
  return live == last ? nullptr : &*live;
}

const EntityType* Catalogue::Find(EntityTypeId id) const {
  const auto& by_id = types_.get<ById>();
  const auto at = by_id.find(id);
  return at == by_id.end() ? nullptr : &*at;
}

StatusOr<const EntityType*> Catalogue::Get(std::string_view name) const {
  if (const EntityType* type = Find(name)) return type;
  std::vector<std::string_view> names;
  for (const EntityType* type : types()) names.push_back(type->name);
  return absl::NotFoundError(StrCat("unknown entity ", Quoted(name), DidYouMean(name, names)));
}

const DerivedField* Catalogue::FindDerived(EntityTypeId entity, std::string_view name) const {
  for (const DerivedField& derived : derived_) {
    if (derived.entity == entity && derived.name == name) return &derived;
  }
  return nullptr;
}

void Catalogue::RewriteDerived(EntityTypeId entity, std::string_view name, std::string expression) {
  for (DerivedField& derived : derived_) {
    if (derived.entity == entity && derived.name == name) derived.expression = std::move(expression);
  }
}

std::vector<const EntityType*> Catalogue::types() const {
  std::vector<const EntityType*> live = all_types();
  std::erase_if(live, [](const EntityType* type) { return type->dropped; });
  return live;
}

std::vector<const EntityType*> Catalogue::all_types() const {
  std::vector<const EntityType*> all;
  for (const EntityType& type : types_.get<ById>()) all.push_back(&type);
  return all;
}

std::vector<Catalogue::Referrer> Catalogue::ReferrersOf(EntityTypeId target) const {
  std::vector<Referrer> referrers;
  for (const EntityType* type : types()) {
    for (const Field& field : type->fields) {
      const bool refers =
          std::find(field.targets.begin(), field.targets.end(), target) != field.targets.end();
      if (refers && !field.dropped) referrers.push_back({type, &field});
    }
  }
  return referrers;
}

Status Catalogue::SetIndexState(EntityTypeId type, IndexId index, IndexState state,
                                std::string text_versions) {
  auto& by_id = types_.get<ById>();
  const auto at = by_id.find(type);
  bool found = false;
  const auto set = [&](EntityType& changed) {
    for (Index& candidate : changed.indexes) {
      if (candidate.id != index) continue;
      candidate.state = state;
      candidate.text_versions = text_versions;
      found = true;
    }
  };
  if (at != by_id.end()) by_id.modify(at, set);
  if (!found) return absl::NotFoundError(StrCat("no index ", index, " of the entity with the number ", type));
  schema_version_ = ++version_;
  return absl::OkStatus();
}

void Catalogue::set_settings(StoreSettings settings) {
  settings_ = std::move(settings);
  schema_version_ = ++version_;
}

void Catalogue::SetBaseCurrency(Currency currency) {
  settings_.base_currency = currency;
  for (auto at = types_.begin(); at != types_.end(); ++at) {
    types_.modify(at, [&](EntityType& type) {
      for (const Field& field : type.fields) {
        if (field.base_amount) type.fields[*field.base_amount].currency = currency;
      }
    });
  }
  schema_version_ = ++version_;
}

void Catalogue::set_versions(Versions versions) {
  versions_ = std::move(versions);
  schema_version_ = ++version_;
}

void Catalogue::ForgetDroppedTree(std::string_view tree) {
  version_ += std::erase(dropped_trees_, tree) == 0 ? 0 : 1;
}

StatusOr<const Field*> GetField(const EntityType& type, std::string_view name) {
  if (const Field* field = type.FindField(name)) return field;
  std::vector<std::string_view> names;
  for (const Field& field : type.fields) {
    if (!field.dropped) names.push_back(field.name);
  }
  return absl::NotFoundError(
      StrCat("unknown field ", Quoted(name), " of ", type.name, DidYouMean(name, names)));
}

StatusOr<const Index*> GetIndex(const EntityType& type, std::string_view name) {
  if (const Index* index = type.FindIndex(name)) return index;
  std::vector<std::string_view> names;
  for (const Index& index : type.indexes) names.push_back(index.name);
  return absl::NotFoundError(
      StrCat("unknown index ", Quoted(name), " of ", type.name, DidYouMean(name, names)));
}

}  // namespace relata::schema
