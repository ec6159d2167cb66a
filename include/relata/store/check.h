// Defines CheckReport: what a walk over the whole store found.
#ifndef RELATA_STORE_CHECK_H_
#define RELATA_STORE_CHECK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/schema/ids.h"

namespace relata {

enum class FindingKind : uint8_t {
  kRow,        // does not decode, or its checksum is wrong
  kValue,      // a value breaks its field's rule
  kIndex,      // an entry without its row, or a row without its entry
  kReference,  // points to no record
  kCounter,    // an id or number would be given out twice
  kLog,        // a change log entry is damaged or missing
  kHistory,    // a history entry is damaged
  kTree,       // a tree is missing, or nobody's
  kSegment,    // kept members are damaged, or not those that meet the condition
  kPage,       // a page of the file is damaged; nothing else is looked at then
};

// "row", "index", …
std::string_view FindingKindName(FindingKind kind);

struct Finding {
  FindingKind kind = FindingKind::kRow;
  std::string entity;  // empty where no entity type is concerned
  RecordId record = 0;
  std::string what;  // what is wrong, and what to do
};

struct CheckReport {
  uint64_t records = 0;
  uint64_t index_entries = 0;
  uint64_t references = 0;
  uint64_t log_entries = 0;
  uint64_t segments = 0;          // whose members were compared with their condition
  uint64_t total_findings = 0;    // all of them
  std::vector<Finding> findings;  // the first of them
  bool clean() const { return total_findings == 0; }
};

struct CheckOptions {
  size_t max_findings = 1'000;  // kept in the report
  std::function<void(std::string_view what, uint64_t done, uint64_t total)> progress;
};

}  // namespace relata

#endif  // RELATA_STORE_CHECK_H_
