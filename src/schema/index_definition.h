// Defines how an index comes to be: from its parts as text or as members of a struct, checked and named
// alike.
//
//   index = part {"," part} | "words(" field ")"
//   part  = ["-"] ( field | "folded(" field ")" | "collated(" field ["," locale] ")" ) [" nulls last"]
//
// Thread safety: functions of their arguments.
#ifndef RELATA_SCHEMA_INDEX_DEFINITION_H_
#define RELATA_SCHEMA_INDEX_DEFINITION_H_

#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/schema/declaration.h"
#include "relata/schema/entity.h"
#include "relata/schema/spec.h"

namespace relata::schema {

// The index, still without id and tree. `locale` is the store's, for collated parts that name none.
// InvalidArgument for what is no index; NotFound for a field that does not exist.
StatusOr<Index> IndexOf(const EntityType& type, const IndexSpec& spec, std::string_view locale);
StatusOr<Index> IndexOf(const EntityType& type, const EntityDeclaration& declaration,
                        const IndexDeclaration& index, std::string_view locale);

// The parts as the grammar above spells them, joined by commas: "visiting.city,-credit_limit".
std::string NameOfParts(const EntityType& type, const std::vector<IndexPart>& parts, std::string_view locale);

// The index that serves already where this one is asked for; nullptr if there is none. It has exactly the
// same parts, and is unique if it must be.
const Index* FindServing(const EntityType& type, const Index& wanted);

}  // namespace relata::schema

#endif  // RELATA_SCHEMA_INDEX_DEFINITION_H_
