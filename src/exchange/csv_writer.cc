// This file decides which fields need quotes, and writes them.
#include "src/exchange/csv_writer.h"

#include "relata/base/check.h"

namespace relata::exchange {

CsvWriter::CsvWriter(const CsvDialect& dialect, std::string_view line_end)
    : separator_(dialect.separator), quote_(dialect.quote), line_end_(line_end) {
  RELATA_CHECK(Check(dialect).ok() && dialect.quote != 0);
}

void CsvWriter::Append(absl::Span<const std::string_view> row, std::string* text) {
  RELATA_DCHECK(!row.empty());
  for (size_t i = 0; i < row.size(); ++i) {
    const std::string_view field = row[i];
    if (i > 0) text->push_back(separator_);
    // An empty line would not be read as a row, a byte order mark or `sep=` at the very front not as text.
    const bool alone = row.size() == 1 && field.empty();
    const bool in_front =
        first_row_ && i == 0 && (field.substr(0, 4) == "sep=" || (!field.empty() && field[0] & 0x80));
    if (!alone && !in_front && !NeedsQuotes(field)) {
      text->append(field);
      continue;
    }
    text->push_back(quote_);
    for (size_t from = 0;;) {
      const size_t at = field.find(quote_, from);
      text->append(field.substr(from, at - from));
      if (at == field.npos) break;
      text->append(2, quote_);
      from = at + 1;
    }
    text->push_back(quote_);
  }
  text->append(line_end_);
  first_row_ = false;
}

// Besides what the standard asks, spaces at the ends: some readers take them away where there are no quotes.
bool CsvWriter::NeedsQuotes(std::string_view field) const {
  if (field.empty()) return false;
  const auto space = [](char c) { return c == ' ' || c == '\t'; };
  if (space(field.front()) || space(field.back())) return true;
  for (char c : field) {
    if (c == separator_ || c == quote_ || c == '\r' || c == '\n') return true;
  }
  return false;
}

}  // namespace relata::exchange
