// Defines CsvRow, one row of a delimited text file.
//
// Thread safety: one thread at a time. Lifetime: every view it returns dies at the reader's next Next, and
// with it.
#ifndef RELATA_EXCHANGE_CSV_ROW_H_
#define RELATA_EXCHANGE_CSV_ROW_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relata::exchange {

class CsvRow {
 public:
  // How many fields the row has, which may be fewer or more than the file has columns.
  size_t size() const { return fields_.size(); }
  // The field, or an empty view where the row ends before it.
  std::string_view operator[](size_t i) const { return i < fields_.size() ? fields_[i] : std::string_view(); }
  // True where the row ends before this field, and where the field is empty without quotes. `""` is an empty
  // text.
  bool null(size_t i) const { return i >= fields_.size() || fields_[i].data() == nullptr; }

  // Counts rows of data from 1; the header is not one, nor are empty lines.
  uint64_t number() const { return number_; }
  // Counts lines of the file from 1; the one where the row starts. Line ends within quotes count.
  uint64_t line() const { return line_; }
  // The row as it stands in the file, in UTF-8, without its line end.
  std::string_view raw() const { return raw_; }

  // How many fields the row has beyond the file's columns, up to the last that is not empty.
  size_t surplus() const { return surplus_; }
  // What is wrong with the row as a whole, as a sentence for its reader; empty when nothing is. The fields
  // are what could be made of it: they had better not be stored.
  std::string_view problem() const { return problem_; }

 private:
  friend class CsvReader;

  std::vector<std::string_view> fields_;
  uint64_t number_ = 0;
  uint64_t line_ = 0;
  std::string_view raw_;
  size_t surplus_ = 0;
  std::string problem_;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_CSV_ROW_H_
