// Defines how texts, ids, yes and no, and labels in files are read.
//
//   ReadId("12680.0");                                   // "12680"
//   ReadBool("Ja");                                      // true
//   auto stage = ValueMap::Make({{"Klant", "customer"}, {"Prospect", "prospect"}}).value();
//   stage.Read(" KLANT ");                               // "customer"
//
// A failure is InvalidArgument with a message fit for a rejects file.
//
// Thread safety: functions, and a value that many threads may read.
#ifndef RELATA_EXCHANGE_READ_VALUE_H_
#define RELATA_EXCHANGE_READ_VALUE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/base/status.h"

namespace relata::exchange {

// The text without the white space around it: ASCII's, the no-break spaces that spreadsheets leave, and
// zero-width ones.
std::string_view Trim(std::string_view text);

// The text with each backslash followed by n made a line end, as databases dump them; `\r\n` makes one as
// well.
std::string NewlinesFromEscapes(std::string_view text);

// An id as text, without the decimals that a spreadsheet or a float column gave it: "12680.0" is 12680, "007"
// stays. A number in scientific notation is refused, for its last digits are gone.
StatusOr<std::string_view> ReadId(std::string_view text);

// yes, y, true, t, on, ja, j, waar, x, 1 and no, n, false, f, off, nee, onwaar, 0; case is ignored.
StatusOr<bool> ReadBool(std::string_view text);

// Labels of a file and what they stand for. Labels are the same when they differ in case, accents and space
// around.
class ValueMap {
 public:
  // InvalidArgument where one label is given two values. `otherwise`, if set, is what every unknown label
  // stands for.
  static StatusOr<ValueMap> Make(const std::vector<std::pair<std::string, std::string>>& labels,
                                 std::optional<std::string> otherwise = std::nullopt);

  // InvalidArgument for an unknown label, naming those there are. The view lives as long as the map.
  StatusOr<std::string_view> Read(std::string_view label) const;

 private:
  absl::flat_hash_map<std::string, std::string> values_;
  std::optional<std::string> otherwise_;
  std::string known_;  // the labels as given, for the message
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_READ_VALUE_H_
