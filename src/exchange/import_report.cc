// This file adds up and prints what an import did.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "relata/base/strings.h"
#include "relata/exchange/import.h"

namespace relata::exchange {
namespace {

std::string Padded(const std::string& text, size_t width, bool right) {
  const std::string space(text.size() < width ? width - text.size() : 0, ' ');
  return right ? space + text : text + space;
}

std::vector<std::string> Line(const std::string& name, uint64_t rows, const ImportCounts& counts) {
  return {name,
          StrCat(rows),
          StrCat(counts.inserted),
          StrCat(counts.updated),
          StrCat(counts.unchanged),
          StrCat(counts.rejected)};
}

}  // namespace

ImportCounts ImportReport::total() const {
  ImportCounts total;
  for (const ImportedFile& file : files) {
    total.inserted += file.counts.inserted;
    total.updated += file.counts.updated;
    total.unchanged += file.counts.unchanged;
    total.rejected += file.counts.rejected;
  }
  return total;
}

uint64_t ImportReport::rows() const {
  uint64_t rows = 0;
  for (const ImportedFile& file : files) rows += file.rows;
  return rows;
}

std::string ImportReport::ToString() const {
  std::vector<std::vector<std::string>> lines = {
      {"file", "rows", "inserted", "updated", "unchanged", "rejected"}};
  for (const ImportedFile& file : files) {
    lines.push_back(Line(std::filesystem::path(file.path).filename(), file.rows, file.counts));
  }
  if (files.size() != 1) lines.push_back(Line("total", rows(), total()));
  std::vector<size_t> widths(lines[0].size());
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i)
      StrAppend(&text, i == 0 ? "" : "  ", Padded(line[i], widths[i], i > 0));
    text.push_back('\n');
  }
  for (const ImportedFile& file : files) {
    for (const ImportFinding& finding : file.findings) {
      StrAppend(&text, "after ", std::filesystem::path(file.path).filename().string(), ": ", finding.count,
                " of ", finding.of, " records ", Quoted(finding.entity), " ", finding.what, "\n");
    }
  }
  for (const std::string& note : notes) StrAppend(&text, "note: ", note, "\n");
  if (!passed_over.empty())
    StrAppend(&text, "passed over: ", passed_over.size(), " files the mapping does not know\n");
  if (!rejects.empty()) StrAppend(&text, "rejected rows are in ", rejects, "\n");
  if (cancelled) StrAppend(&text, "stopped early; run the same import again to go on\n");
  return text;
}

}  // namespace relata::exchange
