// Defines CheckSegments, which looks at the members that a store keeps of its segments.
//
// Each segment's part of the checkpoint is read, and its members are compared with those that a query for its
// condition finds. Segments that are pending, or computed when read, keep nothing to compare.
//
// Thread safety: safe from any thread. Cost: a query over the type per segment.
#ifndef RELATA_SEGMENT_CHECK_H_
#define RELATA_SEGMENT_CHECK_H_

#include "relata/base/status.h"
#include "relata/store/check.h"
#include "src/segment/upkeep.h"

namespace relata::column {
class ColumnCache;
}

namespace relata::segment {

// Adds what it finds to the report. REQUIRES: the store's pages are whole.
Status CheckSegments(Upkeep* upkeep, column::ColumnCache* columns, const CheckOptions& options,
                     CheckReport* report);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_CHECK_H_
