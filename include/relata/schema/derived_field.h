// Defines DerivedField, a named expression of the catalogue, usable wherever a field of its entity type is.
//
//   db.DefineField("relation", "margin", "sum(orders.total) - sum(orders.cost)", "What is left");
//
// The text speaks of fields by the names they have now: renaming a field rewrites it.
#ifndef RELATA_SCHEMA_DERIVED_FIELD_H_
#define RELATA_SCHEMA_DERIVED_FIELD_H_

#include <string>

#include "relata/schema/ids.h"

namespace relata {

struct DerivedField {
  EntityTypeId entity = 0;
  std::string name;        // without dots
  std::string expression;  // in the expression language
  std::string description;
  friend bool operator==(const DerivedField&, const DerivedField&) = default;
};

}  // namespace relata

#endif  // RELATA_SCHEMA_DERIVED_FIELD_H_
