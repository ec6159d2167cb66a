// Defines how this room says no: one shape of message for everything that concerns a field.
//
//   relation.visiting.city: 'Utrecht…' is longer than 80 characters; shorten it
//
// What a field declared sensitive holds never stands in a message.
#ifndef RELATA_SCHEMA_REFUSAL_H_
#define RELATA_SCHEMA_REFUSAL_H_

#include <string>
#include <string_view>

#include "relata/base/status.h"
#include "relata/schema/entity.h"
#include "relata/schema/field.h"

namespace relata::schema {

// "relation.visiting.city"
std::string PathOf(const EntityType& type, const Field& field);

// The value as a message may show it: quoted and cut, or where the field is sensitive only that there is one.
std::string Shown(const Field& field, std::string_view value);

// InvalidArgument "<entity>.<field>: <value> <what>". `what` says what is wrong or expected, and what to do.
Status Refuse(const EntityType& type, const Field& field, std::string_view value, std::string_view what);

// DataLoss "<entity>.<field>: <what>; run `check` …": bytes that no writer of this library made.
Status Damaged(const EntityType& type, const Field& field, std::string_view what);

// The field's labels as a message lists them: "'gold', 'silver'", the first few where there are many.
std::string LabelList(const Field& field);

}  // namespace relata::schema

#endif  // RELATA_SCHEMA_REFUSAL_H_
