// This file finds the rows in decoded text. It knows lines; the rules for quotes are QuotedRow's.
//
// text_ holds the current row and what was read beyond it. row_begin_ and cursor_ are places in it: the row
// starts at the one, the line to look at next at the other. Fill drops what lies before the row and moves
// both.
#include "src/exchange/csv_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "relata/base/strings.h"

namespace relata::exchange {
namespace {

constexpr size_t kSample = 64 << 10;
constexpr std::string_view kSeparatorLine = "sep=";

size_t Find(const std::string& text, char c, size_t from, size_t to) {
  const void* found = std::memchr(text.data() + from, c, to - from);
  return found == nullptr ? to : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

// The spaces that a trimming dialect takes off; a separator is never one of them.
bool IsSpace(char c, const CsvDialect& dialect) { return (c == ' ' || c == '\t') && c != dialect.separator; }

std::string_view Trimmed(std::string_view field, const CsvDialect& dialect) {
  while (!field.empty() && IsSpace(field.front(), dialect)) field.remove_prefix(1);
  while (!field.empty() && IsSpace(field.back(), dialect)) field.remove_suffix(1);
  return field;
}

void AddProblem(std::string_view problem, std::string* problems) {
  if (!problems->empty()) problems->append("; ");
  problems->append(problem);
}

Status TooLarge(std::string_view what, size_t limit, std::string_view unit) {
  return absl::InvalidArgumentError(
      StrCat(what, " ", limit, " ", unit,
             "; look for a quote that opens and never closes, or for another kind of file"));
}

}  // namespace

CsvReader::CsvReader(std::unique_ptr<ByteSource> source, const CsvOptions& options)
    : decoder_(std::move(source), options.encoding), options_(options) {}

StatusOr<std::unique_ptr<CsvReader>> CsvReader::Open(std::unique_ptr<ByteSource> source,
                                                     const CsvOptions& options) {
  std::unique_ptr<CsvReader> reader(new CsvReader(std::move(source), options));
  if (Status started = reader->Start(); !started.ok()) return Annotate(started, reader->name());
  return reader;
}

Status CsvReader::Start() {
  RELATA_RETURN_IF_ERROR(Check(CsvDialect{options_.separator.value_or('\x01'), options_.quote, false}));
  while (!at_end_ && text_.size() < kSample) RELATA_RETURN_IF_ERROR(Fill());
  TakeSeparatorLine();
  dialect_ =
      SniffDialect(std::string_view(text_).substr(cursor_, kSample), at_end_ && text_.size() <= kSample,
                   options_.quote, options_.separator, options_.trim);
  RELATA_RETURN_IF_ERROR(Check(dialect_));
  if (dialect_.quote != 0) quoted_.emplace(dialect_);
  if (!options_.header) return absl::OkStatus();
  CsvRow row;
  RELATA_ASSIGN_OR_RETURN(const bool any, NextRow(&row));
  if (!any) return absl::OkStatus();
  if (!row.problem().empty()) return absl::InvalidArgumentError(StrCat("the header: ", row.problem()));
  for (size_t i = 0; i < row.size(); ++i) header_.emplace_back(row[i]);
  return absl::OkStatus();
}

// Excel writes, and obeys, a first line like `sep=;`.
void CsvReader::TakeSeparatorLine() {
  const std::string_view line = std::string_view(text_).substr(0, text_.find_first_of("\r\n"));
  if (line.size() != kSeparatorLine.size() + 1 || line.substr(0, kSeparatorLine.size()) != kSeparatorLine)
    return;
  if (!options_.separator) options_.separator = line.back();
  cursor_ = line.size() + (text_.compare(line.size(), 2, "\r\n") == 0 ? 2 : 1);
  cursor_ = std::min(cursor_, text_.size());
  ++line_number_;
}

std::optional<size_t> CsvReader::Column(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end()) return std::nullopt;
  return static_cast<size_t>(found - header_.begin());
}

StatusOr<bool> CsvReader::Next(CsvRow* row) {
  if (!status_.ok()) return status_;
  StatusOr<bool> more = NextRow(row);
  if (!more.ok()) {
    status_ = Annotate(more.status(), StrCat(name(), ", row ", rows_ + 1, " (line ", row_line_, ")"));
    return status_;
  }
  if (*more) row->number_ = ++rows_;
  return more;
}

StatusOr<bool> CsvReader::NextRow(CsvRow* row) {
  row->fields_.clear();
  row->problem_.clear();
  for (;;) {
    row_begin_ = cursor_;
    row_line_ = line_number_;
    Line line;
    RELATA_ASSIGN_OR_RETURN(const bool more, FindLine(&line));
    if (!more) return false;
    if (quoted_ && (options_.all_by_libcsv || QuoteBefore(line.end))) {
      RELATA_ASSIGN_OR_RETURN(const size_t length, ParseQuoted(line, row));
      if (row->fields_.empty()) continue;
      RELATA_RETURN_IF_ERROR(FinishRow(length, row));
      return true;
    }
    RELATA_RETURN_IF_ERROR(Split(line.end, row));
    cursor_ = line.next;
    ++line_number_;
    if (row->fields_.empty()) continue;
    RELATA_RETURN_IF_ERROR(FinishRow(line.end - row_begin_, row));
    return true;
  }
}

// Finds the line at cursor_; false when the text ends there.
StatusOr<bool> CsvReader::FindLine(Line* line) {
  for (;;) {
    if (!line_feed_known_ || line_feed_ < cursor_) {
      line_feed_ = Find(text_, '\n', cursor_, text_.size());
      line_feed_known_ = true;
    }
    const size_t limit = line_feed_;
    const size_t end = Find(text_, '\r', cursor_, limit);
    // A carriage return as the very last byte may be half of a line end.
    if (end + 1 < text_.size() || (end < text_.size() && (text_[end] == '\n' || at_end_))) {
      const bool both = text_[end] == '\r' && end + 1 < text_.size() && text_[end + 1] == '\n';
      *line = {end, end + (both ? 2 : 1)};
      return true;
    }
    if (at_end_) {
      *line = {text_.size(), text_.size()};
      return cursor_ < text_.size();
    }
    if (text_.size() - row_begin_ > options_.max_row_bytes)
      return TooLarge("it is longer than", options_.max_row_bytes, "bytes");
    RELATA_RETURN_IF_ERROR(Fill());
  }
}

// Reads more text behind what is there: at least as much again, so that a long row is searched a few times,
// not once per chunk.
Status CsvReader::Fill() {
  text_.erase(0, row_begin_);
  text_offset_ += row_begin_;
  cursor_ -= row_begin_;
  const size_t old_size = text_.size();
  line_feed_known_ = false;
  quote_known_ = false;
  row_begin_ = 0;
  while (!at_end_ && text_.size() <= 2 * old_size) {
    RELATA_ASSIGN_OR_RETURN(const bool more, decoder_.Append(&text_));
    at_end_ = !more;
  }
  return absl::OkStatus();
}

bool CsvReader::QuoteBefore(size_t end) {
  if (!quote_known_ || quote_at_ < cursor_) {
    quote_at_ = Find(text_, dialect_.quote, cursor_, text_.size());
    quote_known_ = true;
  }
  return quote_at_ < end;
}

// Takes apart the line at cursor_, which holds no quote. Leaves no fields for an empty line.
Status CsvReader::Split(size_t end, CsvRow* row) {
  const std::string_view line = std::string_view(text_).substr(cursor_, end - cursor_);
  if (dialect_.trim ? Trimmed(line, dialect_).empty() : line.empty()) return absl::OkStatus();
  const char* from = line.data();
  const char* const stop = from + line.size();
  for (;;) {
    const auto* to =
        static_cast<const char*>(std::memchr(from, dialect_.separator, static_cast<size_t>(stop - from)));
    std::string_view field(from, static_cast<size_t>((to != nullptr ? to : stop) - from));
    if (dialect_.trim) field = Trimmed(field, dialect_);
    row->fields_.push_back(field.empty() ? std::string_view() : field);
    if (to == nullptr) return absl::OkStatus();
    if (row->fields_.size() == options_.max_columns)
      return TooLarge("it has more than", options_.max_columns, "columns");
    from = to + 1;
  }
}

// Takes the line at cursor_ and those that belong to it through libcsv; returns the length of the row. Leaves
// no fields where there is none.
StatusOr<size_t> CsvReader::ParseQuoted(Line line, CsvRow* row) {
  quoted_->Clear();
  size_t length = 0, lines = 0;
  bool closed = true;
  for (;;) {
    const std::string_view whole = std::string_view(text_).substr(cursor_, line.next - cursor_);
    RELATA_ASSIGN_OR_RETURN(const bool complete, quoted_->Feed(whole));
    length = line.end - row_begin_;
    cursor_ = line.next;
    ++line_number_;
    ++lines;
    if (complete || !quoted_->begun()) break;
    RELATA_ASSIGN_OR_RETURN(const bool more, FindLine(&line));
    if (more) continue;
    closed = quoted_->Finish();
    break;
  }
  if (quoted_->size() > options_.max_columns)
    return TooLarge("it has more than", options_.max_columns, "columns");
  for (size_t i = 0; i < quoted_->size(); ++i) row->fields_.push_back((*quoted_)[i]);
  if (!closed) {
    AddProblem("a quote is never closed: the rest of the file was read as part of this row", &row->problem_);
  } else if (lines > 1 && !WellQuoted(std::string_view(text_).substr(row_begin_, length), dialect_)) {
    AddProblem("a quote within a field is not doubled, so that it is unsure where the row ends",
               &row->problem_);
  }
  return length;
}

Status CsvReader::FinishRow(size_t length, CsvRow* row) {
  if (length > options_.max_row_bytes) return TooLarge("it is longer than", options_.max_row_bytes, "bytes");
  row->line_ = row_line_;
  row->raw_ = std::string_view(text_).substr(row_begin_, length);
  if (length > options_.max_field_bytes) {
    for (std::string_view field : row->fields_) {
      if (field.size() > options_.max_field_bytes)
        return TooLarge("a field is longer than", options_.max_field_bytes, "bytes");
    }
  }
  if (width_ == 0) width_ = row->size();
  size_t used = row->size();
  while (used > width_ && row->fields_[used - 1].empty()) --used;
  row->surplus_ = used > width_ ? used - width_ : 0;
  if (!decoder_.bad_bytes().empty()) NameBadBytes(row);
  return absl::OkStatus();
}

void CsvReader::NameBadBytes(CsvRow* row) {
  const uint64_t begin = text_offset_ + row_begin_;
  decoder_.ForgetBadBytesBefore(begin);
  if (decoder_.bad_bytes().empty() || decoder_.bad_bytes().front().text_offset >= begin + row->raw_.size())
    return;
  const TextDecoder::BadByte& bad = decoder_.bad_bytes().front();
  AddProblem(StrCat("byte ", bad.source_offset, " of the file (0x", absl::Hex(bad.byte, absl::kZeroPad2),
                    ") is not ", EncodingName(encoding())),
             &row->problem_);
}

}  // namespace relata::exchange
