// Defines QuotedRow, one row of delimited text taken apart by libcsv, which owns the rules for quotes.
//
//   QuotedRow row(dialect);
//   row.Feed("a,\"two\n");      // false: a field is still open
//   row.Feed("lines\"\n");      // true: row.size() == 2, row[1] == "two\nlines"
//
// Thread safety: one thread at a time. Lifetime: the fields until the next Clear. Cost: two calls and a
// branch per byte (a few ns per byte); memory for the row and its longest field.
#ifndef RELATA_EXCHANGE_QUOTED_ROW_H_
#define RELATA_EXCHANGE_QUOTED_ROW_H_

#include <csv.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "src/exchange/csv_dialect.h"

namespace relata::exchange {

class QuotedRow {
 public:
  // REQUIRES: dialect.quote is not 0.
  explicit QuotedRow(const CsvDialect& dialect);
  ~QuotedRow();
  QuotedRow(const QuotedRow&) = delete;
  QuotedRow& operator=(const QuotedRow&) = delete;

  // Makes ready for the next row.
  void Clear();
  // Takes one line with its line end; true when that completed a row. REQUIRES: the row is not complete yet.
  StatusOr<bool> Feed(std::string_view line);
  // Takes the end of the text. False when a quoted field was still open; it then holds all the rest.
  bool Finish();
  // True when anything but line ends was fed, and, if the dialect trims, anything but spaces.
  bool begun() const { return complete_ || !fields_.empty() || parser_.pstate != 0; }

  size_t size() const { return fields_.size(); }
  // An empty field without quotes has data() == nullptr, an empty one in quotes has not.
  std::string_view operator[](size_t i) const;

 private:
  struct Field {
    size_t begin;
    size_t length;
    bool null;
  };
  static void OnField(void* text, size_t length, void* self);
  static void OnRow(int line_end, void* self);

  csv_parser parser_;
  std::string text_;  // the fields one after the other
  std::vector<Field> fields_;
  bool complete_ = false;
};

// True when every quote in the row stands where RFC 4180 wants it: around a field, or doubled inside one.
bool WellQuoted(std::string_view raw_row, const CsvDialect& dialect);

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_QUOTED_ROW_H_
