// Defines how answers look to programs: values as JSON.
//
// Keys are those the commands document, in a fixed order, and stay. Exact things stay exact: an amount is
// {"currency": "EUR", "amount": "12.50"}, a decimal the text "0.125". Dates, moments and durations are texts
// in ISO 8601 (moments in UTC), a position {"lat": …, "lon": …}, a reference the id of its record, one to
// several types {"entity": …, "id": …}, a set a list; what is not known is null.
// Thread safety: plain functions.
#ifndef RELATA_CLI_JSON_H_
#define RELATA_CLI_JSON_H_

#include <nlohmann/json.hpp>

#include "relata/base/money.h"
#include "relata/record/record.h"
#include "relata/schema/value.h"
#include "src/schema/catalogue.h"

namespace relata::cli {

using Json = nlohmann::ordered_json;

Json ToJson(const Money& money);
Json ToJson(const Value& value, const schema::Catalogue& catalogue);
// {"id": …} and the fields by name.
Json ToJson(const Record& record, const schema::Catalogue& catalogue);

// Prints a document of its own.
void PrintJson(const Json& json);

}  // namespace relata::cli

#endif  // RELATA_CLI_JSON_H_
