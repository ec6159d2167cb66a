// Defines VisitChanges: which records changed between a position in the change log and what a reader sees,
// for those who hold copies of records in memory.
//
// Thread safety: as the reader. Cost: O(log n + entries).
#ifndef RELATA_QUERY_CHANGED_RECORDS_H_
#define RELATA_QUERY_CHANGED_RECORDS_H_

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/store/change.h"
#include "src/store/log_entry.h"
#include "src/store/reader.h"

namespace relata::query {

// Calls `visit` with each change of the commits after `after`, oldest first, up to the last one the reader
// sees. False where the log cannot tell: it is of another epoch, was cut, or has so many commits to read that
// looking at the rows is no slower; `visit` may have been called by then. REQUIRES: in one epoch, `after` is
// not past the reader's position.
StatusOr<bool> VisitChanges(const store::Reader& reader, LogPosition after,
                            absl::FunctionRef<void(const store::RawChange&)> visit);

}  // namespace relata::query

#endif  // RELATA_QUERY_CHANGED_RECORDS_H_
