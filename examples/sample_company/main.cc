// The command sample_company: writes the sample company's files.
//
//   sample_company --out DIR [--relations N] [--seed S] [--no-dirt]
//
// Exit code 0 when everything was written, 1 when a file could not be, 2 for a wrong command line.
#include <charconv>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "examples/sample_company/export.h"

namespace {

constexpr std::string_view kUsage =
    "usage: sample_company --out DIR [--relations N] [--seed S] [--no-dirt]\n"
    "  --out DIR        folder for the CSV files and truth.json, made if need be\n"
    "  --relations N    100 to 10000000, rounded up to a whole hundred (default 400)\n"
    "  --seed S         another company for another number (default 20260630)\n"
    "  --no-dirt        without planted mistakes and duplicates\n";

bool ParseNumber(std::string_view text, uint64_t* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

int main(int argc, char** argv) {
  sample_company::ExportOptions options;
  std::string folder;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const bool has_value = i + 1 < argc;
    uint64_t number = 0;
    if (name == "--help") {
      std::cout << kUsage;
      return 0;
    }
    if (name == "--no-dirt") {
      options.dirt = false;
    } else if (name == "--out" && has_value) {
      folder = argv[++i];
    } else if (name == "--relations" && has_value && ParseNumber(argv[i + 1], &number) && number >= 100 &&
               number <= 10'000'000) {
      options.company.relations = static_cast<int64_t>(number);
      ++i;
    } else if (name == "--seed" && has_value && ParseNumber(argv[i + 1], &number)) {
      options.company.seed = number;
      ++i;
    } else {
      std::cerr << "sample_company: do not understand '" << name << "'\n" << kUsage;
      return 2;
    }
  }
  if (folder.empty()) {
    std::cerr << "sample_company: --out is missing\n" << kUsage;
    return 2;
  }
  sample_company::Truth truth;
  if (!sample_company::ExportCompany(options, folder, &truth)) {
    std::cerr << "sample_company: could not write everything to '" << folder << "'\n";
    for (const auto& file : truth.files) {
      if (!file.written) std::cerr << "  not written: " << file.name << "\n";
    }
    return 1;
  }
  int64_t rows = 0;
  for (const auto& file : truth.files) rows += file.rows;
  std::cout << "wrote " << truth.files.size() << " files with " << rows << " rows to " << folder << "\n";
  return 0;
}
