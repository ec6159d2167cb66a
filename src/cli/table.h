// Defines Table, rows for people in aligned columns, and how numbers and amounts are written in it.
//
//   Table table({{"class"}, {"customers", Align::kRight}});
//   table.Add({"top", Grouped(44)});
//   Print(table.ToString());
//
// Widths are those on a terminal: an accent takes none, an ideograph two. Cost: holds all its rows.
#ifndef RELATA_CLI_TABLE_H_
#define RELATA_CLI_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/money.h"

namespace relata::cli {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
  size_t widest = 48;  // a longer text is cut and ends in …
};

class Table {
 public:
  explicit Table(std::vector<Column> columns, std::string_view indent = "")
      : columns_(std::move(columns)), indent_(indent) {}

  // REQUIRES: as many cells as columns. Line breaks and tabs are shown as blanks.
  void Add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // A line of titles, unless all are empty, and a line per row.
  std::string ToString() const;

 private:
  std::vector<Column> columns_;
  std::string indent_;
  std::vector<std::vector<std::string>> rows_;
};

// The text on one line, at most `widest` columns wide.
std::string Cut(std::string_view text, size_t widest);

// "1,234,567".
std::string Grouped(uint64_t number);
// "1,234.50", without the currency, and "EUR 1,234.50".
std::string GroupedAmount(const Money& money);
std::string GroupedMoney(const Money& money);
// "29.88 %", of a share between 0 and 1.
std::string Percentage(double share);
// "12.3 MiB".
std::string Bytes(uint64_t bytes);

}  // namespace relata::cli

#endif  // RELATA_CLI_TABLE_H_
