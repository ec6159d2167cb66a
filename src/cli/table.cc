// Lays out tables and writes numbers.
#include "src/cli/table.h"

#include <algorithm>
#include <cstdio>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/base/display_width.h"
#include "src/cli/terminal.h"

namespace relata::cli {

namespace {

// Commas between groups of three in the whole part of a number.
std::string Group(std::string_view number) {
  const size_t sign = number.starts_with('-') ? 1 : 0;
  const size_t point = std::min(number.find('.'), number.size());
  std::string grouped(number.substr(0, sign));
  for (size_t i = sign; i < point; ++i) {
    if (i > sign && (point - i) % 3 == 0) grouped += ',';
    grouped += number[i];
  }
  return grouped.append(number.substr(point));
}

}  // namespace

void Table::Add(std::vector<std::string> cells) {
  RELATA_CHECK(cells.size() == columns_.size());
  for (size_t i = 0; i < cells.size(); ++i) cells[i] = Cut(cells[i], columns_[i].widest);
  rows_.push_back(std::move(cells));
}

std::string Table::ToString() const {
  std::vector<size_t> widths;
  bool titled = false;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t width = DisplayWidth(columns_[i].title);
    titled |= width > 0;
    for (const std::vector<std::string>& row : rows_) width = std::max(width, DisplayWidth(row[i]));
    widths.push_back(width);
  }
  std::string text;
  auto add_line = [&](auto cell, Style style) {
    std::string line;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::string& content = cell(i);
      const std::string blanks(widths[i] - DisplayWidth(content), ' ');
      if (i > 0) line += "  ";
      line += columns_[i].align == Align::kRight ? blanks + content : content + blanks;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    StrAppend(&text, indent_, Styled(style, line), "\n");
  };
  if (titled) add_line([&](size_t i) -> const std::string& { return columns_[i].title; }, Style::kBold);
  for (const std::vector<std::string>& row : rows_) {
    add_line([&](size_t i) -> const std::string& { return row[i]; }, Style::kPlain);
  }
  return text;
}

std::string Cut(std::string_view text, size_t widest) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  if (DisplayWidth(line) <= widest) return line;
  while (!line.empty() && DisplayWidth(line) + 1 > widest) {
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xc0) == 0x80) line.pop_back();
    if (!line.empty()) line.pop_back();
  }
  return line + "…";
}

std::string Grouped(uint64_t number) { return Group(std::to_string(number)); }

std::string GroupedAmount(const Money& money) { return Group(money.Amount().ToString()); }

std::string GroupedMoney(const Money& money) {
  const std::string code = money.currency.code();
  return code.empty() ? GroupedAmount(money) : StrCat(code, " ", GroupedAmount(money));
}

std::string Percentage(double share) {
  char text[32];
  (void)std::snprintf(text, sizeof(text), "%.2f %%", share * 100);
  return text;
}

std::string Bytes(uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double amount = static_cast<double>(bytes);
  size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < std::size(kUnits); ++unit) amount /= 1024;
  char text[32];
  (void)std::snprintf(text, sizeof(text), unit == 0 ? "%.0f %s" : "%.1f %s", amount, kUnits[unit]);
  return text;
}

}  // namespace relata::cli
