// Defines how a Table comes to be: MakeTable builds columns from the rows of a snapshot, and brings those
// that there are up to it by the change log.
//
// Thread safety: functions of their arguments. Cost: see columns.h.
#ifndef RELATA_COLUMN_COLUMN_BUILD_H_
#define RELATA_COLUMN_COLUMN_BUILD_H_

#include <cstdint>
#include <memory>
#include <span>

#include "relata/base/status.h"
#include "src/column/columns.h"
#include "src/store/schema_runtime.h"
#include "src/store/store.h"

namespace relata::column {

// What it took.
struct Work {
  uint64_t rows_walked = 0;
  uint64_t rows_reread = 0;
  uint64_t chunks_made = 0;
};

// Whether the columns mean to this version of the type what they meant when they were built.
bool SameMeaning(const Table& table, const EntityType& type);

// What `old` holds, and these slots, as `at` sees them. `old` is not newer than `at`; nullptr: there is none.
// Unavailable if the slots alone would not fit `budget`.
StatusOr<std::shared_ptr<const Table>> MakeTable(const store::Snapshot& at, const store::TypeRuntime& type,
                                                 const std::shared_ptr<const Table>& old,
                                                 std::span<const FieldId> slots, uint64_t budget, Work* work);

}  // namespace relata::column

#endif  // RELATA_COLUMN_COLUMN_BUILD_H_
