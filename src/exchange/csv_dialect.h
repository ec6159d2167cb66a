// Defines CsvDialect, how a delimited text file separates and quotes its fields, and SniffDialect, which
// finds out.
//
// Thread safety: plain values and functions.
#ifndef RELATA_EXCHANGE_CSV_DIALECT_H_
#define RELATA_EXCHANGE_CSV_DIALECT_H_

#include <optional>
#include <string_view>

#include "relata/base/status.h"

namespace relata::exchange {

struct CsvDialect {
  char separator = ',';
  // Encloses a field that holds separators, line ends or quotes, the latter doubled. 0: quotes are plain
  // text.
  char quote = '"';
  // Spaces and tabs around a field are not part of it. RFC 4180 says they are; files with `"a", "b"` need
  // them gone.
  bool trim = false;

  bool operator==(const CsvDialect&) const = default;
};

// InvalidArgument where the characters cannot work: line ends, letters of more than one byte, one for both
// jobs.
Status Check(const CsvDialect& dialect);

// The dialect of the text that `sample` is the beginning of (all of it if `whole`). What the caller knows is
// kept.
//
// The separator is the one among tab ; | , that splits the rows most evenly: most rows have as many fields as
// the first, which has at least two. Between equals the order just given decides, since a comma often stands
// inside numbers and texts of files separated by something else. With no candidate at all, a comma. Quotes
// are respected.
CsvDialect SniffDialect(std::string_view sample, bool whole, char quote, std::optional<char> separator,
                        std::optional<bool> trim);

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_CSV_DIALECT_H_
