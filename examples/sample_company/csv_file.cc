// This file implements CSV writing: RFC 4180 quoting, four dialect switches, Windows-1252.
#include "examples/sample_company/csv_file.h"

#include <utility>

namespace sample_company {
namespace {

// Our text holds only what Windows-1252 can say; anything else would show as '?'.
std::string ToWindows1252(std::string_view utf8) {
  std::string bytes;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if (lead < 0x80) {
      bytes += utf8[i];
    } else if (lead < 0xe0 && i + 1 < utf8.size()) {
      const int point = ((lead & 0x1f) << 6) | (utf8[++i] & 0x3f);
      bytes += point >= 0xa0 && point <= 0xff ? static_cast<char>(point) : '?';
    } else {
      const std::string_view three = utf8.substr(i, 3);
      bytes += three == "€" ? '\x80' : three == "’" ? '\x92' : three == "–" ? '\x96' : '?';
      i += 2;
    }
  }
  return bytes;
}

}  // namespace

CsvFile::CsvFile(const std::filesystem::path& folder, std::string name, Dialect dialect, const Cells& header,
                 Truth* truth)
    : out_(folder / name, std::ios::binary), dialect_(dialect), width_(header.size()), truth_(truth) {
  counts_.name = std::move(name);
  if (dialect_.byte_order_mark) out_ << "\xef\xbb\xbf";
  Write(header);
}

CsvFile::~CsvFile() {
  while (next_planted_ < planted_.size()) {
    planted_[next_planted_].after = counts_.rows;
    Row({});
  }
  out_.close();
  counts_.written = !out_.fail();
  truth_->files.push_back(std::move(counts_));
}

void CsvFile::Row(Cells cells) {
  while (next_planted_ < planted_.size() && planted_[next_planted_].after <= counts_.rows) {
    Planted& planted = planted_[next_planted_++];
    Write(planted.cells);
    counts_.rejects.push_back({++counts_.rows, std::move(planted.column), std::move(planted.reason)});
  }
  if (cells.empty()) return;
  Write(cells);
  ++counts_.rows;
  last_ = std::move(cells);
}

void CsvFile::Repeat() {
  Write(last_);
  ++counts_.rows;
  ++counts_.repeated_keys;
}

void CsvFile::PlantReject(int64_t after, Cells cells, std::string column, std::string reason) {
  planted_.push_back({after, std::move(cells), std::move(column), std::move(reason)});
}

void CsvFile::Write(const Cells& cells) {
  for (size_t i = 0; i < width_; ++i) {
    if (i > 0) out_ << dialect_.separator;
    if (i >= cells.size()) continue;
    const std::string cell = dialect_.windows_1252 ? ToWindows1252(cells[i]) : cells[i];
    const bool quote = dialect_.quote_all || cell.find_first_of("\"\r\n") != std::string::npos ||
                       cell.find(dialect_.separator) != std::string::npos;
    if (!quote) {
      out_ << cell;
      continue;
    }
    out_ << '"';
    for (const char c : cell) {
      if (c == '"') out_ << '"';
      out_ << c;
    }
    out_ << '"';
  }
  out_ << (dialect_.crlf ? "\r\n" : "\n");
}

}  // namespace sample_company
