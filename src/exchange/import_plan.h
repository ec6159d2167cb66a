// Defines PlanImport, which finds out which file is which, and in which order they are to be read.
//
// A file whose records are referred to, or added to, by those of another comes before it; apart from that,
// files are read in the order in which the mapping names them. Thread safety: a function.
#ifndef RELATA_EXCHANGE_IMPORT_PLAN_H_
#define RELATA_EXCHANGE_IMPORT_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "src/exchange/mapping.h"

namespace relata::exchange {

struct PlannedFile {
  std::string path;
  const FileSpec* spec = nullptr;
  uint64_t bytes = 0;  // 0 where nobody knows
};

struct ImportPlan {
  std::vector<PlannedFile> files;
  std::vector<std::string> absent;
  std::vector<std::string> passed_over;
};

// NotFound for a path that is not there, InvalidArgument for a file that the mapping does not know, and for
// files that refer to each other in a ring.
StatusOr<ImportPlan> PlanImport(const Mapping& mapping, const std::vector<std::string>& paths);

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_IMPORT_PLAN_H_
