// Set algebra, done by the bitmaps.
#include "relata/engine/segment_sets.h"

#include <memory>
#include <utility>

#include "src/segment/member_set.h"

namespace relata {
namespace {

Members Of(segment::MemberSet set) {
  return Members(std::make_shared<const segment::MemberSet>(std::move(set)));
}

}  // namespace

Members Union(const Members& a, const Members& b) { return Of(a.set()->Or(*b.set())); }
Members Intersection(const Members& a, const Members& b) { return Of(a.set()->And(*b.set())); }
Members Difference(const Members& a, const Members& b) { return Of(a.set()->AndNot(*b.set())); }

Overlap OverlapOf(const Members& a, const Members& b) {
  const uint64_t both = a.set()->CountAnd(*b.set());
  return {.in_both = both, .only_a = a.size() - both, .only_b = b.size() - both};
}

}  // namespace relata
