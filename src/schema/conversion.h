// Defines the way between dynamic values and cells, and the check of a cell against its field's options.
//
//   std::string scratch;
//   RELATA_ASSIGN_OR_RETURN(Cell cell, ToCell(type, field, Value("gold"), {}, &scratch));
//   RELATA_RETURN_IF_ERROR(ValidateCell(type, field, cell));
//
// A message names entity, field, value, what was expected and what to do; of a sensitive field it hides the
// value.
//
// Thread safety: functions of their arguments. Cost: O(size of the value).
#ifndef RELATA_SCHEMA_CONVERSION_H_
#define RELATA_SCHEMA_CONVERSION_H_

#include <string>

#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/schema/cell.h"
#include "relata/schema/entity.h"
#include "relata/schema/field.h"
#include "relata/schema/value.h"

namespace relata::schema {

// The value as the field holds it. A field takes values of its own type and, where nothing is lost or
// guessed:
//
//   double          whole numbers up to 2^53, decimals
//   int64           decimals and doubles that are whole
//   decimal         whole numbers, decimals of any scale, text ("12.50"): no more decimals than the field has
//   money           text ("EUR 12.50"), and in the field's or record's currency whole numbers, decimals and
//                   bare text ("12.50"): no more decimals than the currency has
//   date, timestamp, duration, point, currency      text as their ToString writes it
//   enum            the label; a set of labels: texts
//   reference       a whole number, or a RecordRef of a type the field may refer to
//
// `record_currency` is that of the record, for money without a currency of its own; none where the record has
// none yet, and then only amounts without a currency fit. A null is absent, and InvalidArgument where the
// field cannot be null. Sets are sorted, and lose what they hold twice. Options (required, range, …) are not
// looked at. Lifetime: the cell's bytes point into `value` or `scratch`.
StatusOr<Cell> ToCell(const EntityType& type, const Field& field, const Value& value,
                      Currency record_currency, std::string* scratch);

// The cell as a value: absent is null or, where the field cannot be null, the zero of its type. Money is in
// the field's currency, else in `record_currency`. DataLoss for what ToCell never makes.
StatusOr<Value> FromCell(const EntityType& type, const Field& field, const Cell& cell,
                         Currency record_currency);

// Whether a record may hold this: the field's options, and whatever else any reader relies on (text is UTF-8,
// codes are known, dates lie in the years 1 to 9999, numbers are numbers, sets are in order, references name
// something). That a reference's record exists is for the store to see. InvalidArgument says what is wrong.
Status ValidateCell(const EntityType& type, const Field& field, const Cell& cell);

// Characters (code points) of a text in UTF-8.
size_t CodePoints(std::string_view utf8);

}  // namespace relata::schema

#endif  // RELATA_SCHEMA_CONVERSION_H_
