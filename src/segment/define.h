// Defines Settle and Advance, which bring all segments of a store up to date in commits of their own.
//
// Thread safety: safe from any thread. Cost: of Settle, a query over the type per pending segment; of
// Advance, of the records that time has changed, and a query per segment that is computed when read.
#ifndef RELATA_SEGMENT_DEFINE_H_
#define RELATA_SEGMENT_DEFINE_H_

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "src/segment/upkeep.h"
#include "src/store/store.h"

namespace relata::column {
class ColumnCache;
}

namespace relata::segment {

// Makes every pending segment whole; `progress` is told how many are. Other writers get their turn between
// two segments.
Status Settle(Upkeep* upkeep, column::ColumnCache* columns, const store::Store::Progress& progress = nullptr);

// Moves `now` on, at least to this moment, and tells what time has changed by then: in every segment that is
// kept, each change at its own moment, and in those that are computed when read, what is different since the
// last time, at this one.
Status Advance(Upkeep* upkeep, column::ColumnCache* columns, Timestamp now);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_DEFINE_H_
