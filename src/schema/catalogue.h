// Defines Catalogue: the entity types, fields and indexes of one store, the settings fixed at its making, and
// the versions of what its keys and civil times depend on.
//
// A Catalogue is a value: a writer copies it, changes the copy and commits it; snapshots share the old one.
// Every change checks the whole request first, so a refused change leaves the catalogue as it was. Thread
// safety: const calls from any thread. Cost: a look-up by id or name is O(1); a change is O(size of the
// catalogue).
#ifndef RELATA_SCHEMA_CATALOGUE_H_
#define RELATA_SCHEMA_CATALOGUE_H_

#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/mem_fun.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/schema/declaration.h"
#include "relata/schema/entity.h"
#include "relata/schema/spec.h"

namespace relata::schema {

// Fixed when a store is made.
struct StoreSettings {
  Currency base_currency;     // EUR
  std::string time_zone;      // "Europe/Amsterdam"
  std::string locale = "nl";  // of collated indexes that name none
};

// What stored keys and civil dates depend on; compared at open.
struct Versions {
  uint32_t feature_level = 1;  // the lowest that a writer must understand
  std::string icu;
  std::string time_zone_data;
};

// What a change asks of the store beyond the catalogue itself.
struct Changes {
  struct NewIndex {
    EntityTypeId type;
    IndexId index;
  };
  bool any = false;
  std::vector<EntityTypeId> new_types;
  std::vector<NewIndex> new_indexes;       // to build; state kBuilding
  std::vector<std::string> dropped_trees;  // to empty now and unname at the next exclusive open
};

class Catalogue {
 public:
  Catalogue() = default;

  // Boost.Serialization in an envelope of magic, format version, size and checksum, which are verified first.
  // DataLoss for damage, FailedPrecondition for a newer format or feature level.
  static StatusOr<Catalogue> Decode(std::string_view bytes);
  std::string Encode() const;

  const EntityType* Find(std::string_view name) const;           // live types only
  const EntityType* Find(EntityTypeId id) const;                 // dropped ones too
  StatusOr<const EntityType*> Get(std::string_view name) const;  // NotFound names the nearest
  std::vector<const EntityType*> types() const;                  // live, by id
  std::vector<const EntityType*> all_types() const;              // dropped ones too, by id
  // Every live reference field that may point at a record of this type.
  struct Referrer {
    const EntityType* type;
    const Field* field;
  };
  std::vector<Referrer> ReferrersOf(EntityTypeId target) const;

  // Makes the catalogue hold at least what the structs declare, all together since they may refer to one
  // another. Additive differences are applied; any other is FailedPrecondition and says what differs and how
  // to migrate.
  StatusOr<Changes> Apply(const std::vector<const EntityDeclaration*>& declarations);
  StatusOr<Changes> AddEntity(const EntitySpec& spec);
  StatusOr<Changes> AddField(std::string_view entity, const FieldSpec& spec);
  StatusOr<Changes> AddIndex(std::string_view entity, const IndexSpec& spec);
  StatusOr<Changes> AddLabel(std::string_view entity, std::string_view field, std::string_view label);
  StatusOr<Changes> RenameEntity(std::string_view entity, std::string_view to);
  StatusOr<Changes> RenameField(std::string_view entity, std::string_view field, std::string_view to);
  // Refused while an index or moment uses the field, or another type refers to the entity.
  StatusOr<Changes> DropField(std::string_view entity, std::string_view field);
  StatusOr<Changes> DropIndex(std::string_view entity, std::string_view index);
  StatusOr<Changes> DropEntity(std::string_view entity);
  Status SetIndexState(EntityTypeId type, IndexId index, IndexState state, std::string text_versions);
  void ForgetDroppedTree(std::string_view tree);

  uint64_t version() const { return version_; }  // grows with every change
  const StoreSettings& settings() const { return settings_; }
  void set_settings(StoreSettings settings) { settings_ = std::move(settings); }
  const Versions& versions() const { return versions_; }
  void set_versions(Versions versions) { versions_ = std::move(versions); }
  // Trees of dropped indexes and types that still have a name in the file.
  const std::vector<std::string>& dropped_trees() const { return dropped_trees_; }

 private:
  struct ById {};
  struct ByName {};
  using Types = boost::multi_index_container<
      EntityType, boost::multi_index::indexed_by<
                      boost::multi_index::ordered_unique<
                          boost::multi_index::tag<ById>,
                          boost::multi_index::member<EntityType, EntityTypeId, &EntityType::id>>,
                      boost::multi_index::hashed_non_unique<
                          boost::multi_index::tag<ByName>,
                          boost::multi_index::member<EntityType, std::string, &EntityType::name>>>>;

  Types types_;
  uint64_t version_ = 0;
  uint32_t next_tree_ = 1;  // tree names are "t1", "t2", …: never used again
  IndexId next_index_ = 1;
  StoreSettings settings_;
  Versions versions_;
  std::vector<std::string> dropped_trees_;
};

}  // namespace relata::schema

#endif  // RELATA_SCHEMA_CATALOGUE_H_
