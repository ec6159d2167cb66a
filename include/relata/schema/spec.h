// Defines FieldSpec, IndexSpec and EntitySpec: a field, index or entity type asked for by name at run time.
//
//   db.AddField("relation", {.name = "loyalty", .type = ValueType::kEnum, .labels = {"gold", "silver"}});
//   db.AddIndex("relation", {.parts = {"visiting.city", "-credit_limit"}});
//
// Structs (declare.h) and specs take the same path into the catalogue.
#ifndef RELATA_SCHEMA_SPEC_H_
#define RELATA_SCHEMA_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "relata/schema/field.h"

namespace relata {

struct FieldSpec {
  std::string name;  // lower case, digits and underscores; dots group: "visiting.city"
  ValueType type = ValueType::kText;
  bool nullable = true;
  FieldOptions options = {};
  uint8_t scale = 2;       // decimal
  Currency currency = {};  // money: its one currency; none = that of the record's field `currency`
  std::vector<std::string> labels = {};   // enum, label set
  std::vector<std::string> targets = {};  // references: names of entity types
  std::optional<OnDelete> on_delete = {};
  std::string inverse = {};  // default: the entity's name and an s
  bool unique = false;       // adds a unique index
};

struct IndexSpec {
  std::string name = {};  // default: made of the parts
  // Each part: a field's name, in "folded(…)" or "collated(…)" or "collated(…, sv)", behind "-" for
  // descending, before " nulls last" where nulls follow. Or one part "words(…)": an index for searches.
  std::vector<std::string> parts = {};
  bool unique = false;
};

struct EntitySpec {
  std::string name;
  std::string description = {};
  std::vector<FieldSpec> fields = {};
  std::vector<IndexSpec> indexes = {};
  std::string moment = {};  // name of a date or timestamp field
};

}  // namespace relata

#endif  // RELATA_SCHEMA_SPEC_H_
