// Defines CsvReader, which reads delimited text row by row: RFC 4180 and the dialects people have.
//
//   RELATA_ASSIGN_OR_RETURN(auto source, ByteSource::OpenFile("customers.csv"));
//   RELATA_ASSIGN_OR_RETURN(auto reader, CsvReader::Open(std::move(source), {}));
//   const std::optional<size_t> city = reader->Column("city");
//   for (CsvRow row;;) {
//     RELATA_ASSIGN_OR_RETURN(const bool more, reader->Next(&row));
//     if (!more) break;
//     … row[*city] …
//   }
//
// What it takes as it comes: any separator, quotes, line ends of three kinds, line ends within quotes,
// encodings, a first line `sep=;` as Excel knows it, empty lines (skipped), missing columns (null), more
// columns than the header has (CsvRow::surplus), NUL bytes (part of the field), a quote in the middle of an
// unquoted field (plain text). What spoils one row is told by CsvRow::problem. What makes the rest of the
// file untrustworthy is an error of Next, and stays one: reading fails, gzip is damaged, or a row exceeds a
// limit.
//
// A line without any quote is split in place, with memchr; one with a quote goes through libcsv together with
// the lines that belong to it. Both give the same fields: CsvOptions::all_by_libcsv lets a test compare them.
//
// Thread safety: one thread at a time. Lifetime: stands alone.
// Cost: linear; memory for two chunks of 256 KiB and, if that is more, twice the longest row.
#ifndef RELATA_EXCHANGE_CSV_READER_H_
#define RELATA_EXCHANGE_CSV_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "src/exchange/byte_source.h"
#include "src/exchange/csv_dialect.h"
#include "src/exchange/csv_row.h"
#include "src/exchange/encoding.h"
#include "src/exchange/quoted_row.h"

namespace relata::exchange {

struct CsvOptions {
  Encoding encoding = Encoding::kDetect;
  std::optional<char> separator;  // unset: found out from the first rows
  char quote = '"';               // 0: none
  std::optional<bool> trim;       // unset: found out from the first rows
  bool header = true;             // the first row names the columns

  // A row beyond these ends the reading with InvalidArgument. They bound memory, and stop at a quote that
  // never closes.
  size_t max_field_bytes = 1 << 20;
  size_t max_row_bytes = 16 << 20;
  size_t max_columns = 16384;

  bool all_by_libcsv = false;  // for tests: no line is split in place
};

class CsvReader {
 public:
  // Reads the first rows to find out the dialect, and the header. InvalidArgument for options that cannot
  // work and for a header that cannot be read. An empty file is one without columns and rows.
  static StatusOr<std::unique_ptr<CsvReader>> Open(std::unique_ptr<ByteSource> source,
                                                   const CsvOptions& options);

  // Reads the next row; false at the end. An error names the file, the row and its line; every later call
  // returns it.
  StatusOr<bool> Next(CsvRow* row);

  // The names of the columns as they stand in the file; empty if the options say there is no header.
  const std::vector<std::string>& header() const { return header_; }
  // The place of the first column with this name, in the header's own spelling.
  std::optional<size_t> Column(std::string_view name) const;
  // How many columns the file has: those of the header, else of the first row (0 until it was read).
  size_t width() const { return width_; }

  const CsvDialect& dialect() const { return dialect_; }
  // kDetect while only ASCII has been seen.
  Encoding encoding() const { return decoder_.encoding(); }
  ByteSource::Progress progress() const { return decoder_.source().progress(); }
  const std::string& name() const { return decoder_.source().name(); }

 private:
  // One line of text_, from cursor_: its end, and where the next one starts.
  struct Line {
    size_t end = 0;
    size_t next = 0;
  };

  CsvReader(std::unique_ptr<ByteSource> source, const CsvOptions& options);
  Status Start();
  void TakeSeparatorLine();
  StatusOr<bool> NextRow(CsvRow* row);
  StatusOr<bool> FindLine(Line* line);
  Status Fill();
  bool QuoteBefore(size_t end);
  Status Split(size_t end, CsvRow* row);
  StatusOr<size_t> ParseQuoted(Line line, CsvRow* row);
  Status FinishRow(size_t length, CsvRow* row);
  void NameBadBytes(CsvRow* row);

  TextDecoder decoder_;
  CsvOptions options_;
  CsvDialect dialect_;
  std::optional<QuotedRow> quoted_;
  std::vector<std::string> header_;
  size_t width_ = 0;
  Status status_;

  std::string text_;          // decoded text from the current row on
  uint64_t text_offset_ = 0;  // of text_[0] in the whole text
  bool at_end_ = false;       // text_ holds all that is left
  size_t row_begin_ = 0;      // in text_
  size_t cursor_ = 0;         // in text_: start of the line to look at next
  size_t line_feed_ = 0;      // in text_: the first '\n' at or after cursor_, if that is known
  size_t quote_at_ = 0;       // in text_: likewise the first quote
  bool line_feed_known_ = false;
  bool quote_known_ = false;
  uint64_t line_number_ = 1;  // of the line at cursor_
  uint64_t row_line_ = 1;     // of the line at row_begin_
  uint64_t rows_ = 0;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_CSV_READER_H_
