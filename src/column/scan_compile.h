// Defines TakeApart and its kin, which make of a program the conditions that a scan runs, the numbers that it
// adds up or the keys that it groups by; and OpenTables, which gives them the columns they look at.
//
// Thread safety: a function of its argument. Lifetime: what it makes points to the evaluation.
#ifndef RELATA_COLUMN_SCAN_COMPILE_H_
#define RELATA_COLUMN_SCAN_COMPILE_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "src/column/condition.h"
#include "src/column/key_codes.h"
#include "src/column/logic.h"
#include "src/column/numbers.h"

namespace relata::column {

struct Parts {
  // The first is the scan's own; the others those of related records. Each still lacks its table.
  std::vector<std::unique_ptr<Frame>> frames;
  // What was asked for; the others are none.
  ConditionPtr condition;
  NumbersPtr numbers;
  KeyCodesPtr key;
};

// REQUIRES: the program's type is kBool. O(steps), as the next two.
Parts TakeApart(Evaluation* evaluation);
// The program's value by blocks; nothing where columns cannot compute it.
std::optional<Parts> TakeApartNumbers(Evaluation* evaluation);
// The same as a grouping key.
std::optional<Parts> TakeApartKey(Evaluation* evaluation);

// The fields that anything among these parts looks at, by type.
std::map<EntityTypeId, std::set<FieldId>> SlotsOf(std::span<const Parts* const> parts);
// Gives every frame its table; those of one type share one. `type` has a table in any case, which is
// returned. Unavailable where rows must answer.
StatusOr<std::shared_ptr<const Table>> OpenTables(std::span<Parts* const> parts,
                                                  const store::TypeRuntime& type, const store::Snapshot& at,
                                                  ColumnCache* cache);

}  // namespace relata::column

#endif  // RELATA_COLUMN_SCAN_COMPILE_H_
