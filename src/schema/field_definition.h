// Defines how a field comes to be: from a member of a struct or from a FieldSpec, checked and completed
// alike.
//
// Thread safety: functions of their arguments.
#ifndef RELATA_SCHEMA_FIELD_DEFINITION_H_
#define RELATA_SCHEMA_FIELD_DEFINITION_H_

#include "relata/base/status.h"
#include "relata/schema/declaration.h"
#include "relata/schema/entity.h"
#include "relata/schema/field.h"
#include "relata/schema/spec.h"
#include "src/schema/change.h"

namespace relata::schema {

// The field, still without a slot, with its frozen default, and with limits and default in the form FromCell
// gives. InvalidArgument for a definition that makes no sense, and what would; NotFound for an unknown
// target.
StatusOr<Field> FieldOf(const Change& change, const EntityType& type, const FieldSpec& spec);
StatusOr<Field> FieldOf(const Change& change, const EntityType& type, const MemberDeclaration& member);

// A label that may stand beside the others: InvalidArgument or AlreadyExists if not.
Status CheckLabel(const EntityType& type, const Field& field, const Label& label);

}  // namespace relata::schema

#endif  // RELATA_SCHEMA_FIELD_DEFINITION_H_
