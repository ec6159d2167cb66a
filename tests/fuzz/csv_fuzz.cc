// This program lets libFuzzer look for bytes that upset the reading of delimited text.
//
// The first two bytes of an input choose the options, the rest is the file. Besides not crashing, it must
// hold that
// - both ways of splitting give the same rows, and so does a file that arrives in small pieces;
// - every row is UTF-8, whatever the file was;
// - what CsvWriter makes of the rows is read back as the same rows;
// - no reader of values does more than refuse.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "relata/base/check.h"
#include "src/base/text.h"
#include "src/exchange/csv_reader.h"
#include "src/exchange/csv_writer.h"
#include "src/exchange/read_date.h"
#include "src/exchange/read_number.h"
#include "src/exchange/read_value.h"

namespace relata::exchange {
namespace {

// Hands out at most `step` bytes at a time.
class Dripping final : public ByteSource {
 public:
  Dripping(std::unique_ptr<ByteSource> whole, size_t step)
      : ByteSource(whole->name()), whole_(std::move(whole)), step_(step) {}
  StatusOr<size_t> Read(char* out, size_t capacity) override {
    return whole_->Read(out, std::min(capacity, step_));
  }
  Progress progress() const override { return whole_->progress(); }

 private:
  std::unique_ptr<ByteSource> whole_;
  size_t step_;
};

struct ReadRow {
  std::vector<std::string> fields;
  std::vector<bool> null;
  uint64_t line;
  std::string raw;
  std::string problem;

  bool operator==(const ReadRow&) const = default;
};

struct ReadFile {
  std::vector<std::string> header;
  std::vector<ReadRow> rows;
  CsvDialect dialect;
  std::string failure;

  bool operator==(const ReadFile&) const = default;
};

ReadFile Read(const std::string& bytes, const CsvOptions& options, size_t step) {
  ReadFile file;
  auto source = ByteSource::FromString(bytes, "fuzz");
  if (!source.ok()) return file;
  auto reader = CsvReader::Open(std::make_unique<Dripping>(*std::move(source), step), options);
  if (!reader.ok()) return file;
  file.header = (*reader)->header();
  file.dialect = (*reader)->dialect();
  for (CsvRow row;;) {
    const auto more = (*reader)->Next(&row);
    if (!more.ok()) file.failure = std::string(more.status().message());
    if (!more.ok() || !*more) return file;
    RELATA_CHECK(row.number() == file.rows.size() + 1);
    ReadRow& copy = file.rows.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) {
      RELATA_CHECK(IsValidUtf8(row[i]));
      copy.fields.emplace_back(row[i]);
      copy.null.push_back(row.null(i));
    }
    RELATA_CHECK(IsValidUtf8(row.raw()));
    copy.line = row.line();
    copy.raw = std::string(row.raw());
    copy.problem = std::string(row.problem());
  }
}

void ReadAsValues(std::string_view text) {
  static const DatePattern kPatterns[] = {
      DatePattern::Parse("dd-mm-yyyy").value(), DatePattern::Parse("d mmm yy h:MM AM").value(),
      DatePattern::Parse("yyyy-mm-ddTHH:MM:SSZ").value(), DatePattern::Parse("iso").value()};
  for (const DatePattern& pattern : kPatterns) {
    if (const auto date = pattern.ReadDate(text); date.ok()) RELATA_CHECK(date->IsValid());
    if (const auto time = pattern.ReadTimestamp(text, TimeZone()); time.ok()) RELATA_CHECK(time->IsValid());
  }
  for (const char* example : {"1234.56", "1.234,56", "1 234,56"}) {
    NumberRule rule;
    rule.format = NumberFormat::FromExample(example).value();
    // What is read is what is printed: exactness, told by another route.
    if (const auto number = ReadDecimal(text, rule); number.ok()) {
      RELATA_CHECK(Decimal::Parse(number->ToString()).value() == *number);
    }
    rule.rounding = Rounding::kHalfUp;
    rule.float_dirt = true;
    ReadMoney(text, Currency::Eur(), rule).IgnoreError();
    ReadInteger(text, rule.format).IgnoreError();
  }
  ReadBool(text).IgnoreError();
  ReadId(text).IgnoreError();
  NewlinesFromEscapes(text);
}

void WriteAndReadBack(const ReadFile& file) {
  CsvWriter writer(file.dialect);
  std::string text;
  std::vector<std::vector<std::string>> expected;
  for (const ReadRow& row : file.rows) {
    writer.Append(std::vector<std::string_view>(row.fields.begin(), row.fields.end()), &text);
  }
  CsvOptions options;
  options.encoding = Encoding::kUtf8;
  options.separator = file.dialect.separator;
  options.quote = file.dialect.quote;
  options.header = false;
  const ReadFile again = Read(text, options, 1 << 20);
  RELATA_CHECK(again.rows.size() == file.rows.size());
  for (size_t i = 0; i < again.rows.size(); ++i) RELATA_CHECK(again.rows[i].fields == file.rows[i].fields);
}

}  // namespace
}  // namespace relata::exchange

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relata::exchange;  // NOLINT: one function, all of it from there
  if (size < 2) return 0;
  constexpr char kSeparators[] = {',', ';', '\t', '|', ' ', 'x', '\'', '"'};
  constexpr char kQuotes[] = {'"', '"', '\'', 0};
  CsvOptions options;
  if (data[0] & 1) options.separator = kSeparators[(data[0] >> 1) & 7];
  options.quote = kQuotes[(data[0] >> 4) & 3];
  if (data[0] & 64) options.trim = (data[0] & 128) != 0;
  options.encoding = static_cast<Encoding>(data[1] & 7);
  options.header = (data[1] & 8) != 0;
  if (data[1] & 16) {
    options.max_field_bytes = 20;
    options.max_row_bytes = 50;
    options.max_columns = 6;
  }
  const size_t step = size_t{1} + (data[1] >> 5);
  // Detection looks at a chunk, so the size of chunks may change what it finds, and then all that follows.
  if (options.encoding == Encoding::kDetect && step > 1) options.encoding = Encoding::kUtf8;

  const std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  const ReadFile file = Read(bytes, options, 1 << 20);
  RELATA_CHECK(Read(bytes, options, step) == file || options.encoding == Encoding::kDetect);
  CsvOptions reference = options;
  reference.all_by_libcsv = true;
  RELATA_CHECK(Read(bytes, reference, 1 << 20) == file);
  for (const ReadRow& row : file.rows) {
    for (const std::string& field : row.fields) ReadAsValues(field);
  }
  if (file.dialect.quote != 0 && file.failure.empty()) WriteAndReadBack(file);
  return 0;
}
