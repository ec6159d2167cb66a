// Defines Change, one change of a catalogue in the making: a copy that becomes the catalogue if all of it is
// sound.
//
//   Change change(catalogue);
//   RELATA_ASSIGN_OR_RETURN(EntityTypeId type, change.Get("relation"));
//   RELATA_RETURN_IF_ERROR(change.AddField(type, field));
//   return change.Commit(&catalogue);
//
// Whatever comes into a catalogue, from a struct or by name, comes through here, so here the rules of the
// whole are kept: slots and tree names are never used again, a type's schema version grows once per change,
// references are indexed, amounts in the record's currency have their base amount, names are unambiguous.
//
// Thread safety: one thread. Lifetime: may outlive the catalogue it began with.
#ifndef RELATA_SCHEMA_CHANGE_H_
#define RELATA_SCHEMA_CHANGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/schema/entity.h"
#include "src/schema/catalogue.h"

namespace relata::schema {

class Change {
 public:
  explicit Change(const Catalogue& catalogue);

  const StoreSettings& settings() const { return settings_; }
  // REQUIRES: an id that Get, Find or AddType gave. Until the next AddType.
  EntityType& type(EntityTypeId id) { return types_[id - 1]; }
  const EntityType& type(EntityTypeId id) const { return types_[id - 1]; }
  // The live type of this name; 0 if there is none.
  EntityTypeId Find(std::string_view name) const;
  StatusOr<EntityTypeId> Get(std::string_view name) const;
  std::vector<EntityTypeId> LiveTypes() const;
  bool IsNew(EntityTypeId type) const;

  // A type with its two system slots and a tree.
  StatusOr<EntityTypeId> AddType(std::string_view name, std::string_view description);
  // Gives a sound field (field_definition.h) its slot; a reference its index, and an amount in the record's
  // currency its base amount.
  Status AddField(EntityTypeId type, Field field);
  // With it its base amount, and the indexes that are named after their parts.
  Status RenameField(EntityTypeId type, FieldId field, std::string_view to);
  Status DropField(EntityTypeId type, FieldId field);
  // Gives a sound index (index_definition.h) its id and tree.
  Status AddIndex(EntityTypeId type, Index index);
  void DropIndex(EntityTypeId type, IndexId index);
  void DropType(EntityTypeId type);
  Status DefineDerived(DerivedField definition);
  Status DropDerived(EntityTypeId type, std::string_view name);
  Status DefineSegment(const SegmentSpec& spec);
  Status DropSegment(std::string_view name);
  Status RenameSegment(std::string_view name, std::string_view to);

  // For whoever alters a type in place.
  void Touch() { changes_.any = schema_changed_ = true; }
  void Verify(EntityTypeId type, FieldId field);

  // Completes and checks the whole, then makes it the catalogue. Without any change the catalogue stays as it
  // is.
  StatusOr<Changes> Commit(Catalogue* catalogue);

 private:
  Status NextVersion(EntityTypeId type);
  // `self` is the slot that is to have the name, if there is one yet.
  Status CheckNameIsFree(const EntityType& type, std::string_view name, std::optional<FieldId> self) const;
  Status CheckMoney(const EntityType& type) const;
  Status CheckCollections() const;
  std::string NewTree();
  Status CheckSegmentName(std::string_view name) const;

  std::vector<EntityType> types_;          // types_[i].id == i + 1
  std::vector<uint16_t> versions_before_;  // of the types there were
  uint64_t version_;
  uint32_t next_tree_;
  IndexId next_index_;
  StoreSettings settings_;
  Versions versions_;
  std::vector<std::string> dropped_trees_;
  std::vector<DerivedField> derived_;
  Catalogue::Segments segments_;
  uint32_t next_segment_;
  uint64_t schema_version_;
  bool schema_changed_ = false;  // more than segments
  Changes changes_;
};

}  // namespace relata::schema

#endif  // RELATA_SCHEMA_CHANGE_H_
