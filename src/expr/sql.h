// Defines PrintSql, which says a program in the SQL of SQLite, to check our answers against it and to run the
// same question elsewhere.
//
//   PrintSql(program)   // "(r.\"visiting.city\" = 'Utrecht' AND r.\"credit_limit\" > 1000000)", r the
//   record's row
//
// The tables it speaks of: one per entity type, of its name, with "id" and a column per field of the field's
// name. Integers hold: booleans 0/1, decimals as units at the field's scale, amounts in minor units, dates in
// days and timestamps and durations in microseconds since 1970, references as ids. Texts hold enum labels and
// currency codes. An any-reference is two columns, "x" and "x.type". A point is two integers, "x.lat" and
// "x.lon", in 1e-7 degrees. A set is a table "type.field"(id, element). Null is NULL, and a zero that a row
// leaves out is there. Built-in functions of SQLite only; what they cannot say (fold, matches, similar,
// search: ICU and RE2) is Unimplemented and names the operator.
#ifndef RELATA_EXPR_SQL_H_
#define RELATA_EXPR_SQL_H_

#include <string>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "src/expr/program.h"

namespace relata::expr {

// The value of the program for the row `r` of its entity's table, with `now` put in for now(). `alias` names
// the row. Calendar questions about timestamps use the schema's time zone, whose offsets are written out as
// literals.
StatusOr<std::string> PrintSql(const Program& program, Timestamp now, std::string_view alias = "r");

}  // namespace relata::expr

#endif  // RELATA_EXPR_SQL_H_
