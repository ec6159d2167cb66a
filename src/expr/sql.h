// Defines PrintSql, which says a program in the SQL of SQLite, to check our answers against it and to run the
// same question elsewhere.
//
//   PrintSql(program, now)   // (r."visiting.city" = 'Utrecht' AND r."created_at" >= 1777672800000000)
//
// `r` is the record's row in its table, which whoever asks names so in FROM.
//
// The tables it speaks of: one per entity type, of its name, with "id" and a column per field of the field's
// name. Integers hold: booleans 0/1, decimals as units at the field's scale, amounts in minor units, dates in
// days and timestamps and durations in microseconds since 1970, references as ids. Texts hold enum labels and
// currency codes. An any-reference is two columns, "x" and "x.type", the name of the type. A point is two
// integers, "x.lat" and "x.lon", in 1e-7 degrees. A set is a table "type.field"(id, element), and the column
// of its name holds how many elements it has. Null is NULL, and a zero that a row leaves out is there.
//
// What comes out is held alike, but for any-references, which are texts as 'relation:17', and points, one
// integer as in rows. Lengths are in millimetres.
//
// Built-in functions of SQLite 3.38 and later only; distance needs its mathematical functions. What they
// cannot say (fold, ilike, matches, similar, search: ICU and RE2; sample: our hash; a pattern of like that is
// no constant) is Unimplemented and names the operator. Where SQL is the poorer: an amount times a number is
// null where the product fits 64 bits only after rounding, an average where the sum does not fit, and offsets
// of the time zone are those of the years 1900 to 2100. SQLite's parser nests only so deep: "parser stack
// overflow" is its answer to too much.
#ifndef RELATA_EXPR_SQL_H_
#define RELATA_EXPR_SQL_H_

#include <string>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "src/expr/program.h"

namespace relata::expr {

// The value of the program for the row `r` of its entity's table, with `now` put in for now(). `alias` names
// the row; others are that and a number. Calendar questions about timestamps use the schema's time zone,
// whose offsets are written out as literals. Cost: O(steps); a question that needs the offsets is some 10 kB
// long.
StatusOr<std::string> PrintSql(const Program& program, Timestamp now, std::string_view alias = "r");

}  // namespace relata::expr

#endif  // RELATA_EXPR_SQL_H_
