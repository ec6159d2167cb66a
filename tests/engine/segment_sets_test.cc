// Tests the algebra of members against sets of the standard library.
#include "relata/engine/segment_sets.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <vector>

#include "src/segment/member_set.h"

namespace relata {
namespace {

using Ids = std::set<RecordId>;

Members Of(const Ids& ids) {
  return Members(std::make_shared<const segment::MemberSet>(
      segment::MemberSet::FromSorted(std::vector<RecordId>(ids.begin(), ids.end()))));
}

template <typename Algorithm>
std::vector<RecordId> Merged(const Ids& a, const Ids& b, Algorithm algorithm) {
  std::vector<RecordId> ids;
  algorithm(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(ids));
  return ids;
}

#define RELATA_MERGED(algorithm, a, b) Merged(a, b, [](auto... arguments) { std::algorithm(arguments...); })

// Near to each other and in several chunks, so that something is common and something is not.
Ids AnyIds() {
  using Some = std::vector<RecordId>;
  const Some near = *rc::gen::container<Some>(rc::gen::inRange<RecordId>(1, 300));
  const Some chunks = *rc::gen::container<Some>(rc::gen::inRange<RecordId>(1, 9));
  Ids ids(near.begin(), near.end());
  for (const RecordId chunk : chunks) ids.insert(chunk * 65'536);
  return ids;
}

RC_GTEST_PROP(SegmentSetsTest, AreSets, ()) {
  const Ids a = AnyIds();
  const Ids b = AnyIds();
  const std::vector<RecordId> both = RELATA_MERGED(set_intersection, a, b);
  RC_ASSERT(Union(Of(a), Of(b)).ToVector() == RELATA_MERGED(set_union, a, b));
  RC_ASSERT(Intersection(Of(a), Of(b)).ToVector() == both);
  RC_ASSERT(Difference(Of(a), Of(b)).ToVector() == RELATA_MERGED(set_difference, a, b));
  const Overlap overlap = OverlapOf(Of(a), Of(b));
  RC_ASSERT(overlap.in_both == both.size());
  RC_ASSERT(overlap.only_a == a.size() - both.size());
  RC_ASSERT(overlap.only_b == b.size() - both.size());
}

TEST(SegmentSetsTest, SimilarityIsTheShareOfAllThatIsInBoth) {
  EXPECT_EQ(OverlapOf(Of({1, 2, 3}), Of({2, 3, 4})).similarity(), 0.5);
  EXPECT_EQ(OverlapOf(Of({1}), Of({2})).similarity(), 0);
  EXPECT_EQ(OverlapOf(Members(), Members()).similarity(), 0);
}

}  // namespace
}  // namespace relata
