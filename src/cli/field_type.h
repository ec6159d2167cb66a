// Defines ParseFieldType, which reads the type of a field as the command line spells it.
//
//   text, int64, double, bool, date, timestamp, duration, point, currency, text set
//   decimal, decimal(4)        two, or four digits after the point
//   money, money(GBP)          in the record's currency, or always in this one
//   enum(gold, silver)         and: label set(…)
//   reference(relation)        and: reference set(relation), any reference(relation, person)
//
// Thread safety: plain functions.
#ifndef RELATA_CLI_FIELD_TYPE_H_
#define RELATA_CLI_FIELD_TYPE_H_

#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/schema/entity.h"
#include "relata/schema/spec.h"

namespace relata::cli {

// Sets what the type says in `spec`. InvalidArgument lists the types.
Status ParseFieldType(std::string_view text, FieldSpec* spec);

// The type as ParseFieldType reads it; `types` holds those that it may refer to.
std::string FieldTypeText(const Field& field, const std::vector<EntityType>& types);

// Parts between commas outside parentheses, without the blanks around them.
std::vector<std::string> SplitOutsideParentheses(std::string_view text);

}  // namespace relata::cli

#endif  // RELATA_CLI_FIELD_TYPE_H_
