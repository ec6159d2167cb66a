// This file wraps libcsv's parser: its callbacks, its memory, its ways to say that something is wrong.
#include "src/exchange/quoted_row.h"

namespace relata::exchange {
namespace {

// libcsv grows its field buffer by this many bytes at a time; its own 128 would copy a long field over and
// over.
constexpr size_t kGrowth = 16 << 10;

int NoSpace(unsigned char) { return 0; }

void Start(csv_parser* parser, const CsvDialect& dialect, unsigned char options) {
  csv_init(parser, options);  // fails only for a null parser
  csv_set_delim(parser, static_cast<unsigned char>(dialect.separator));
  csv_set_quote(parser, static_cast<unsigned char>(dialect.quote));
  csv_set_blk_size(parser, kGrowth);
  if (!dialect.trim) csv_set_space_func(parser, NoSpace);
}

}  // namespace

QuotedRow::QuotedRow(const CsvDialect& dialect) { Start(&parser_, dialect, CSV_EMPTY_IS_NULL); }

QuotedRow::~QuotedRow() { csv_free(&parser_); }

void QuotedRow::Clear() {
  text_.clear();
  fields_.clear();
  complete_ = false;
}

StatusOr<bool> QuotedRow::Feed(std::string_view line) {
  if (csv_parse(&parser_, line.data(), line.size(), OnField, OnRow, this) != line.size()) {
    return absl::ResourceExhaustedError("no memory for a field of this length");
  }
  return complete_;
}

bool QuotedRow::Finish() {
  // Strictness is only for csv_fini, which then refuses an open quote; a lenient second call hands it over
  // anyway.
  csv_set_opts(&parser_, CSV_EMPTY_IS_NULL | CSV_STRICT | CSV_STRICT_FINI);
  const bool closed = csv_fini(&parser_, OnField, OnRow, this) == 0;
  csv_set_opts(&parser_, CSV_EMPTY_IS_NULL);
  if (!closed) csv_fini(&parser_, OnField, OnRow, this);
  return closed;
}

std::string_view QuotedRow::operator[](size_t i) const {
  const Field& field = fields_[i];
  return field.null ? std::string_view() : std::string_view(text_.data() + field.begin, field.length);
}

void QuotedRow::OnField(void* text, size_t length, void* self) {
  auto& row = *static_cast<QuotedRow*>(self);
  row.fields_.push_back({row.text_.size(), length, text == nullptr});
  if (length > 0) row.text_.append(static_cast<const char*>(text), length);
}

void QuotedRow::OnRow(int, void* self) { static_cast<QuotedRow*>(self)->complete_ = true; }

bool WellQuoted(std::string_view raw_row, const CsvDialect& dialect) {
  csv_parser parser;
  Start(&parser, dialect, CSV_STRICT | CSV_STRICT_FINI);
  const bool well =
      csv_parse(&parser, raw_row.data(), raw_row.size(), nullptr, nullptr, nullptr) == raw_row.size() &&
      csv_fini(&parser, nullptr, nullptr, nullptr) == 0;
  csv_free(&parser);
  return well;
}

}  // namespace relata::exchange
