// Defines VisitSections, which walks what the commits of the change log tell of segments.
//
// Thread safety: as the reader.
#ifndef RELATA_SEGMENT_LOG_WALK_H_
#define RELATA_SEGMENT_LOG_WALK_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "src/segment/section.h"
#include "src/store/log_entry.h"
#include "src/store/reader.h"

namespace relata::segment {

// Visits the commits after `after` up to and with `upto` that tell something, in order; `head` has all of the
// entry but its changes, and dies with the call. OutOfRange if the log has been cut past `after`, before
// anything is visited. DataLoss for damage. REQUIRES: upto <= reader.position().sequence
using SectionVisitor =
    absl::FunctionRef<Status(uint64_t sequence, const store::RawCommit& head, Section section)>;
Status VisitSections(const store::Reader& reader, kv::Tree log, uint64_t after, uint64_t upto,
                     SectionVisitor visit);

// The same from the latest back, until the visitor says that it is enough. `*reached` is false where the log
// ends before that.
using BackwardVisitor =
    absl::FunctionRef<StatusOr<bool>(uint64_t sequence, const store::RawCommit& head, Section section)>;
Status VisitSectionsBack(const store::Reader& reader, kv::Tree log, BackwardVisitor go_on, bool* reached);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_LOG_WALK_H_
