// Defines the algebra of Members: what several segments have together, in common, and apart.
//
//   const Members top = *MembersOf(now, "top");
//   const Members both = Intersection(top, *MembersOf(now, "quiet"));
//   OverlapOf(top, quiet).in_both;
//
// Members are sets of record ids: those of segments over different entity types have nothing to do with one
// another, which the caller has to see to. Thread safety: functions of their arguments. Cost: O(members) of
// words of 64 bits or less.
#ifndef RELATA_ENGINE_SEGMENT_SETS_H_
#define RELATA_ENGINE_SEGMENT_SETS_H_

#include <cstdint>

#include "relata/engine/segments.h"
#include "relata/export.h"

namespace relata {

RELATA_EXPORT Members Union(const Members& a, const Members& b);
RELATA_EXPORT Members Intersection(const Members& a, const Members& b);
// Those of `a` that are not in `b`.
RELATA_EXPORT Members Difference(const Members& a, const Members& b);

struct Overlap {
  uint64_t in_both = 0;
  uint64_t only_a = 0;
  uint64_t only_b = 0;
  // The share of all that are in both (Jaccard 1901); 0 where both are empty.
  double similarity() const {
    const uint64_t all = in_both + only_a + only_b;
    return all == 0 ? 0 : static_cast<double>(in_both) / static_cast<double>(all);
  }
};
// Counts alone; makes no set.
RELATA_EXPORT Overlap OverlapOf(const Members& a, const Members& b);

}  // namespace relata

#endif  // RELATA_ENGINE_SEGMENT_SETS_H_
