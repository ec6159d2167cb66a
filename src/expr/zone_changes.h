// Defines ZoneChanges, the instants from 1900 to 2100 at which a time zone changes its offset from UTC: few
// enough to be written out.
//
//   const ZoneChanges& changes = ChangesOf(zone);   // … at 2026-03-29T01:00Z, from 1 hour to 2 …
//
// Thread safety: ChangesOf may be called from any thread. Lifetime: what it returns lives until the process
// ends. Cost: some tens of milliseconds for a zone's first use, a look-up for later ones.
#ifndef RELATA_EXPR_ZONE_CHANGES_H_
#define RELATA_EXPR_ZONE_CHANGES_H_

#include <cstdint>
#include <vector>

#include "relata/base/time.h"

namespace relata::expr {

// All in microseconds; an offset is local time minus UTC.
struct ZoneChange {
  int64_t at = 0;  // since 1970-01-01T00:00Z
  int64_t before = 0;
  int64_t after = 0;
  friend bool operator==(const ZoneChange&, const ZoneChange&) = default;
};

struct ZoneChanges {
  int64_t first_offset = 0;  // before the first change
  std::vector<ZoneChange> changes;
};

const ZoneChanges& ChangesOf(const TimeZone& zone);

}  // namespace relata::expr

#endif  // RELATA_EXPR_ZONE_CHANGES_H_
