// Defines Truth: what the exporter knows about the files it wrote, for tests to hold an importer against.
//
// Thread safety: one thread at a time.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_TRUTH_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_TRUTH_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sample_company {

struct FileTruth {
  struct Reject {
    int64_t row;  // counting data rows from 1
    std::string column;
    std::string reason;
  };
  std::string name;
  int64_t rows = 0;           // all data rows, the rejected and the repeated ones too
  int64_t repeated_keys = 0;  // rows that repeat an earlier row of the file exactly
  std::vector<Reject> rejects;
  bool written = false;
};

// A record that stands in the files twice under different codes.
struct DuplicatePair {
  std::string kind;  // relation or person
  std::string file;
  std::string code;
  std::string original_file;
  std::string original_code;
};

struct Truth {
  struct Revenue {
    std::map<int, int64_t> by_year;  // cents
    int64_t last_12_months = 0;
    int64_t orders = 0;
  };
  uint64_t seed = 0;
  int64_t relations = 0;
  bool dirt = true;
  std::vector<FileTruth> files;  // in order of writing
  // Net amount of orders that were not cancelled, by debtor number as the order names it. Debtors without any
  // are left out.
  std::map<std::string, Revenue> revenue;
  std::vector<DuplicatePair> duplicates;

  std::string ToJson() const;
};

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_TRUTH_H_
