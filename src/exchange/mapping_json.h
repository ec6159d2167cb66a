// Defines ReadMapping, which reads the keys of a mapping file. ParseMapping (mapping.h) is what others call.
#ifndef RELATA_EXCHANGE_MAPPING_JSON_H_
#define RELATA_EXCHANGE_MAPPING_JSON_H_

#include <string>

#include "src/exchange/json_reader.h"
#include "src/exchange/mapping.h"

namespace relata::exchange {

// What a file says for all its values, and a value may say otherwise.
struct ValueDefaults {
  NumberRule number;
  std::optional<DatePattern> date;
  bool trim = true;
  bool escapes = false;
  std::vector<std::string> empties;
};

// Failures are kept by the reader.
Mapping ReadMapping(const Json& document, JsonReader* reader);
ValueSpec ReadValue(const Json& value, const std::string& place, const ValueDefaults& defaults,
                    JsonReader* reader);
// A value, or a list of them: the parts of a key.
std::vector<ValueSpec> ReadKey(const Json& value, const std::string& place, const ValueDefaults& defaults,
                               JsonReader* reader);

// Sets `format`, or the pattern, from a text; fails at `place`.
void ReadNumberFormat(const std::string& text, const std::string& place, NumberFormat* format,
                      JsonReader* reader);
void ReadDatePattern(const std::string& text, const std::string& place, std::optional<DatePattern>* pattern,
                     JsonReader* reader);

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_MAPPING_JSON_H_
