// This file finds out how a file separates its fields, by letting libcsv count them for each candidate.
#include "src/exchange/csv_dialect.h"

#include <algorithm>
#include <string>
#include <vector>

#include "relata/base/strings.h"
#include "src/exchange/quoted_row.h"

namespace relata::exchange {
namespace {

constexpr char kCandidates[] = {'\t', ';', '|', ','};
constexpr size_t kSampleRows = 100;

// Calls `visit` for the rows of the sample, but for a last one that may be cut off.
template <typename Visit>
void ForEachRow(std::string_view sample, bool whole, const CsvDialect& dialect, Visit visit) {
  QuotedRow row(dialect);
  size_t rows = 0;
  while (!sample.empty() && rows < kSampleRows) {
    const size_t end = sample.find_first_of("\r\n");
    const std::string_view line = sample.substr(0, end == sample.npos ? end : end + 1);
    sample.remove_prefix(line.size());
    const auto complete = row.Feed(line);
    if (!complete.ok()) return;
    if (!*complete) continue;
    visit(row);
    row.Clear();
    ++rows;
  }
  if (whole && rows < kSampleRows && row.begun()) {
    row.Finish();
    visit(row);
  }
}

struct Evenness {
  size_t columns = 0;  // of the first row
  size_t rows = 0;
  size_t even = 0;  // rows with as many columns as the first

  // In thousandths, so that one odd row in many does not tip the scales.
  size_t score() const { return rows == 0 ? 0 : even * 1000 / rows; }
};

Evenness Measure(std::string_view sample, bool whole, const CsvDialect& dialect) {
  Evenness found;
  ForEachRow(sample, whole, dialect, [&](const QuotedRow& row) {
    if (found.rows++ == 0) found.columns = row.size();
    if (row.size() == found.columns) ++found.even;
  });
  return found;
}

char SniffSeparator(std::string_view sample, bool whole, CsvDialect dialect) {
  char best = ',';
  Evenness best_found;
  for (char candidate : kCandidates) {
    if (candidate == dialect.quote) continue;
    dialect.separator = candidate;
    const Evenness found = Measure(sample, whole, dialect);
    if (found.columns < 2) continue;
    // A single row is always even: there, the candidate that splits it most is the likely one.
    const bool better = found.rows == 1 && best_found.score() == found.score()
                            ? found.columns > best_found.columns
                            : found.score() > best_found.score();
    if (better) best = candidate, best_found = found;
  }
  return best;
}

// Spaces between separator and quote leave traces when they are kept: a field that starts with a space and a
// quote, or one that did not end at its quote.
bool SniffTrim(std::string_view sample, const CsvDialect& dialect) {
  bool spaces = false;
  const std::string late_end = {dialect.quote, ' ', dialect.separator};
  ForEachRow(sample, true, dialect, [&](const QuotedRow& row) {
    for (size_t i = 0; i < row.size(); ++i) {
      const size_t start = row[i].find_first_not_of(' ');
      spaces |= start != 0 && start != row[i].npos && row[i][start] == dialect.quote;
      spaces |= row[i].find(late_end) != row[i].npos;
    }
  });
  return spaces;
}

}  // namespace

Status Check(const CsvDialect& dialect) {
  const auto possible = [](char c) { return c > 0 && c != '\r' && c != '\n'; };
  if (!possible(dialect.separator)) {
    return absl::InvalidArgumentError("the separator must be one ASCII character other than a line end");
  }
  if (dialect.quote != 0 && !possible(dialect.quote)) {
    return absl::InvalidArgumentError("the quote must be one ASCII character other than a line end, or none");
  }
  if (dialect.quote == dialect.separator) {
    return absl::InvalidArgumentError(
        StrCat("'", std::string_view(&dialect.quote, 1), "' cannot be both separator and quote"));
  }
  return absl::OkStatus();
}

CsvDialect SniffDialect(std::string_view sample, bool whole, char quote, std::optional<char> separator,
                        std::optional<bool> trim) {
  // Without quotes a character that no text holds stands in, and libcsv finds none.
  const char stand_in = quote != 0 ? quote : '\x01';
  // Fields are counted as if spaces around quotes meant nothing, since with them a quoted separator would
  // count.
  CsvDialect dialect = {separator.value_or(','), stand_in, trim.value_or(true)};
  if (!separator) dialect.separator = SniffSeparator(sample, whole, dialect);
  dialect.trim = trim.value_or(false);
  if (!trim && quote != 0) dialect.trim = SniffTrim(sample, dialect);
  dialect.quote = quote;
  return dialect;
}

}  // namespace relata::exchange
