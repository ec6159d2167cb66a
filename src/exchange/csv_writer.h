// Defines CsvWriter, which formats rows as delimited text that every program reads: RFC 4180 in UTF-8, quotes
// only where they are needed.
//
//   CsvWriter writer({.separator = ';'});
//   std::string text;
//   writer.Append({"id", "name"}, &text);
//   writer.Append({"1", "Jansen; Jan"}, &text);          // 1;"Jansen; Jan"\r\n
//
// What CsvReader reads from it, the dialect found out or given, is what was written.
//
// Thread safety: one thread at a time. Cost: O(length).
#ifndef RELATA_EXCHANGE_CSV_WRITER_H_
#define RELATA_EXCHANGE_CSV_WRITER_H_

#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "src/exchange/csv_dialect.h"

namespace relata::exchange {

class CsvWriter {
 public:
  // `line_end` is CR LF by the standard; "\n" suits Unix tools. REQUIRES: Check(dialect) is ok; it has a
  // quote.
  explicit CsvWriter(const CsvDialect& dialect = {}, std::string_view line_end = "\r\n");

  // Appends one row with its line end. REQUIRES: at least one field.
  void Append(absl::Span<const std::string_view> row, std::string* text);
  void Append(std::initializer_list<std::string_view> row, std::string* text) {
    Append(absl::MakeConstSpan(row.begin(), row.size()), text);
  }

 private:
  bool NeedsQuotes(std::string_view field) const;

  char separator_;
  char quote_;
  std::string line_end_;
  bool first_row_ = true;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_CSV_WRITER_H_
