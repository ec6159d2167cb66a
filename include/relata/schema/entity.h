// Defines EntityType and Index: what the catalogue knows of one type of record and of the indexes over it.
#ifndef RELATA_SCHEMA_ENTITY_H_
#define RELATA_SCHEMA_ENTITY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/export.h"
#include "relata/schema/field.h"
#include "relata/schema/ids.h"

namespace relata {

// How a text is turned into the key that an index orders by.
enum class Folding : uint8_t {
  kExact = 0,     // by code point
  kFolded = 1,    // case and accents removed
  kCollated = 2,  // by the rules of a locale
  kWords = 3,     // word by word, for searches; see Index
};

struct IndexPart {
  FieldId field = 0;
  bool descending = false;
  bool nulls_last = false;
  Folding folding = Folding::kExact;
  std::string locale;  // kCollated: "nl", "sv", …
  friend bool operator==(const IndexPart&, const IndexPart&) = default;
};

enum class IndexState : uint8_t {
  kBuilding = 0,  // kept up by writers, not yet used by readers
  kReady = 1,
  kDropped = 2,
};

// An index on a set has an entry per element. A unique index never holds two records with equal values; nulls
// never collide. An index of words has entries for each word of a text and orders nothing: it answers
// searches; it has one part and is never unique. The tree is the name of the ordered tree in the file, never
// used again after a drop.
struct Index {
  IndexId id = 0;
  std::string name;
  std::string tree;
  std::vector<IndexPart> parts;
  bool unique = false;
  IndexState state = IndexState::kReady;
  std::string text_versions;  // ICU version of folded and collated keys, empty where no part needs it
};

struct EntityType {
  EntityTypeId id = 0;
  std::string name;  // "relation"
  std::string tree;
  std::string description;
  uint16_t version = 1;       // of the row schema: grows with every field added or dropped
  std::vector<Field> fields;  // fields[i].id == i
  std::vector<Index> indexes;
  std::optional<FieldId> moment;  // the date or timestamp that says when it happened
  bool dropped = false;

  // The live field or index of this name; nullptr if none.
  const Field* FindField(std::string_view name) const;
  const Index* FindIndex(std::string_view name) const;
};

// Every entity type begins with these two slots.
inline constexpr FieldId kCreatedAt = 0;
inline constexpr FieldId kUpdatedAt = 1;

}  // namespace relata

#endif  // RELATA_SCHEMA_ENTITY_H_
