// Defines TakeApart, which makes of a program the conditions that a scan runs.
//
// Thread safety: a function of its argument. Lifetime: what it makes points to the evaluation.
#ifndef RELATA_COLUMN_SCAN_COMPILE_H_
#define RELATA_COLUMN_SCAN_COMPILE_H_

#include <memory>
#include <vector>

#include "src/column/condition.h"
#include "src/column/logic.h"

namespace relata::column {

struct Parts {
  // The first is the scan's own; the others those of related records. Each still lacks its table.
  std::vector<std::unique_ptr<Frame>> frames;
  ConditionPtr condition;
};

// REQUIRES: the program's type is kBool. O(steps).
Parts TakeApart(Evaluation* evaluation);

}  // namespace relata::column

#endif  // RELATA_COLUMN_SCAN_COMPILE_H_
