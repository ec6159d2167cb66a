// Defines Catalogue: the entity types, fields and indexes of one store, the settings fixed at its making, and
// the versions of what its keys and civil times depend on.
//
// A Catalogue is a value: a writer copies it, changes the copy and commits it; snapshots share the old one.
// Every change checks the whole request first, so a refused change leaves the catalogue as it was.
//
// What every entity type has without being asked: the slots created_at and updated_at; a non-unique ordered
// index on each reference, named as the field; and beside each amount in the record's currency a slot with
// the amount in the store's base currency ("total_base" for "total").
//
// Thread safety: const calls from any thread.
// Lifetime: what Find and Get point at lives until this catalogue is changed, assigned to or destroyed.
// Cost: a look-up by name is O(1), by id O(log n); a change is O(size of the catalogue).
#ifndef RELATA_SCHEMA_CATALOGUE_H_
#define RELATA_SCHEMA_CATALOGUE_H_

#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/schema/declaration.h"
#include "relata/schema/derived_field.h"
#include "relata/schema/entity.h"
#include "relata/schema/segment_definition.h"
#include "relata/schema/spec.h"

namespace relata::schema {

// Fixed when a store is made.
struct StoreSettings {
  Currency base_currency = Currency::Eur();
  std::string time_zone = "Europe/Amsterdam";
  std::string locale = "nl";  // of collated indexes that name none
  friend bool operator==(const StoreSettings&, const StoreSettings&) = default;
};

// What stored keys and civil dates depend on; compared at open.
struct Versions {
  uint32_t feature_level = 1;  // the lowest that a writer must understand
  std::string icu;
  std::string time_zone_data;
  friend bool operator==(const Versions&, const Versions&) = default;
};

// Of a catalogue with segments: a writer that knows none would not keep their members.
inline constexpr uint32_t kSegmentsFeatureLevel = 2;

// A catalogue never takes more, so that a damaged length cannot ask for any amount of memory.
inline constexpr size_t kMaxCatalogueBytes = size_t{64} << 20;

// What a change asks of the store beyond the catalogue itself.
struct Changes {
  struct NewIndex {
    EntityTypeId type;
    IndexId index;
  };
  struct ToVerify {
    EntityTypeId type;
    FieldId field;
  };
  bool any = false;
  std::vector<EntityTypeId> new_types;
  std::vector<NewIndex> new_indexes;       // to build; state kBuilding
  std::vector<std::string> dropped_trees;  // to empty now and unname at the next exclusive open
  // Fields whose stored values ValidateCell may now refuse: a rule became stricter, or a field was added
  // whose default is no valid value. If any row fails, the change must not be committed.
  std::vector<ToVerify> to_verify;
};

class Catalogue {
 public:
  Catalogue() = default;

  // Boost.Serialization in an envelope of magic, format version, size and checksum, which are verified first.
  // DataLoss for damage, FailedPrecondition for a newer format. The feature level is for the store to
  // compare: it keeps out writers, not readers.
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
  // to migrate. What the store has and the structs lack stays.
  StatusOr<Changes> Apply(const std::vector<const EntityDeclaration*>& declarations);

  // By name, at run time. NotFound names the nearest; AlreadyExists where the name or, for an index, its
  // parts are taken; InvalidArgument for a request that makes no sense, with what would.
  StatusOr<Changes> AddEntity(const EntitySpec& spec);
  StatusOr<Changes> AddField(std::string_view entity, const FieldSpec& spec);
  // A unique index may stand beside an ordered one with the same parts, not the other way about.
  StatusOr<Changes> AddIndex(std::string_view entity, const IndexSpec& spec);
  StatusOr<Changes> AddLabel(std::string_view entity, std::string_view field, std::string_view label);
  StatusOr<Changes> RenameEntity(std::string_view entity, std::string_view to);
  // Renames with it the slot in base currency, and the indexes that are named after their parts.
  StatusOr<Changes> RenameField(std::string_view entity, std::string_view field, std::string_view to);
  // Refused while an index or moment uses the field, or another type refers to the entity. The index that a
  // reference has by itself goes with it.
  StatusOr<Changes> DropField(std::string_view entity, std::string_view field);
  StatusOr<Changes> DropIndex(std::string_view entity, std::string_view index);
  StatusOr<Changes> DropEntity(std::string_view entity);

  // Derived fields, in the order they were defined. What their texts say is for the expr room to check
  // (expr/definitions.h), after every change.
  const std::vector<DerivedField>& derived() const { return derived_; }
  // nullptr if there is none.
  const DerivedField* FindDerived(EntityTypeId entity, std::string_view name) const;
  // Takes the place of one of the same name. AlreadyExists where a field or collection has it.
  StatusOr<Changes> DefineDerived(std::string_view entity, const DerivedField& definition);
  StatusOr<Changes> DropDerived(std::string_view entity, std::string_view name);
  // Within a change that carries the definitions along. REQUIRES: there is one of this name.
  void RewriteDerived(EntityTypeId entity, std::string_view name, std::string expression);

  // Segments. What their texts say is for the expr room to check, as with derived fields.
  std::vector<const SegmentDefinition*> segments() const;  // by id
  // nullptr if there is none.
  const SegmentDefinition* FindSegment(std::string_view name) const;
  const SegmentDefinition* FindSegment(uint32_t id) const;
  StatusOr<const SegmentDefinition*> GetSegment(std::string_view name) const;  // NotFound names the nearest
  // All or none. Takes the place of one of the same name, which keeps its id; InvalidArgument if that is of
  // another entity type.
  StatusOr<Changes> DefineSegments(std::span<const SegmentSpec> specs);
  StatusOr<Changes> DefineSegment(std::string_view entity, std::string_view name, std::string_view expression,
                                  std::string_view description);
  StatusOr<Changes> DropSegment(std::string_view name);
  StatusOr<Changes> RenameSegment(std::string_view name, std::string_view to);
  // As RewriteDerived; the version stays.
  void RewriteSegment(uint32_t id, std::string expression);

  Status SetIndexState(EntityTypeId type, IndexId index, IndexState state, std::string text_versions);
  void ForgetDroppedTree(std::string_view tree);

  uint64_t version() const { return version_; }  // grows with every change
  // The version when anything but a segment last changed: what programs other than segments' depend on. It is
  // not stored: of a catalogue that was read, the version it was read at.
  uint64_t schema_version() const { return schema_version_; }
  const StoreSettings& settings() const { return settings_; }
  void set_settings(StoreSettings settings);
  // The base currency, and that of every amount kept beside another in it. For a store without records.
  void SetBaseCurrency(Currency currency);
  const Versions& versions() const { return versions_; }
  void set_versions(Versions versions);
  // Trees of dropped indexes and types that still have a name in the file.
  const std::vector<std::string>& dropped_trees() const { return dropped_trees_; }

 private:
  friend class Change;             // change.h
  friend struct CatalogueArchive;  // catalogue_archive.cc

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

  using Segments = boost::multi_index_container<
      SegmentDefinition,
      boost::multi_index::indexed_by<
          boost::multi_index::ordered_unique<
              boost::multi_index::tag<ById>,
              boost::multi_index::member<SegmentDefinition, uint32_t, &SegmentDefinition::id>>,
          boost::multi_index::hashed_unique<
              boost::multi_index::tag<ByName>,
              boost::multi_index::member<SegmentDefinition, std::string, &SegmentDefinition::name>>>>;

  Types types_;
  uint64_t version_ = 0;
  uint64_t schema_version_ = 0;
  uint32_t next_tree_ = 1;  // tree names are "t1", "t2", …: never used again
  IndexId next_index_ = 1;
  StoreSettings settings_;
  Versions versions_;
  std::vector<std::string> dropped_trees_;
  std::vector<DerivedField> derived_;
  Segments segments_;
  uint32_t next_segment_ = 1;
};

// The live field or index of a type. NotFound names the nearest.
StatusOr<const Field*> GetField(const EntityType& type, std::string_view name);
StatusOr<const Index*> GetIndex(const EntityType& type, std::string_view name);

}  // namespace relata::schema

#endif  // RELATA_SCHEMA_CATALOGUE_H_
