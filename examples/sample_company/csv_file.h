// Defines CsvFile, which writes one file in the dialect of the system it pretends to come from, and keeps
// count of what an importer must make of it.
//
//   CsvFile file(folder, "erp_orders.csv", {}, {"order_number", "order_date"}, &truth);
//   file.PlantReject(120, {"VO25-990001", "2025-02-30"}, "order_date", "impossible date");
//   file.Row({"VO25-000001", "2025-02-28"});
//
// Text comes in as UTF-8. Thread safety: one thread at a time.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_CSV_FILE_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_CSV_FILE_H_

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "examples/sample_company/truth.h"

namespace sample_company {

struct Dialect {
  char separator = ',';
  bool windows_1252 = false;  // else UTF-8
  bool byte_order_mark = false;
  bool crlf = false;
  bool quote_all = false;
};

class CsvFile {
 public:
  using Cells = std::vector<std::string>;

  // Creates the file and writes its header. *truth gets this file's counts when it is destroyed.
  CsvFile(const std::filesystem::path& folder, std::string name, Dialect dialect, const Cells& header,
          Truth* truth);
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;
  // Writes planted rows whose place was not reached.
  ~CsvFile();

  // Writes one row. Cells beyond those given are empty.
  void Row(Cells cells);
  // Writes the last row again: a repeated key.
  void Repeat();
  // Has this row, which no importer may accept, follow once `after` rows stand in the file.
  void PlantReject(int64_t after, Cells cells, std::string column, std::string reason);

 private:
  struct Planted {
    int64_t after;
    Cells cells;
    std::string column;
    std::string reason;
  };

  void Write(const Cells& cells);

  std::ofstream out_;
  Dialect dialect_;
  size_t width_;
  FileTruth counts_;
  Truth* truth_;
  Cells last_;
  std::vector<Planted> planted_;  // in order of place
  size_t next_planted_ = 0;
};

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_CSV_FILE_H_
