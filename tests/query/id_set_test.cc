// Tests that ids collected in any order make the set that they are.
#include "src/query/id_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace relata::query {
namespace {

std::vector<RecordId> IdsOf(const IdSet& set) {
  std::vector<RecordId> ids(set.cardinality());
  set.toUint64Array(ids.data());
  return ids;
}

TEST(IdCollectorTest, MakesTheSetOfWhatWasAdded) {
  std::mt19937_64 random(3);
  for (const uint64_t greatest : {uint64_t{100}, uint64_t{100'000}, uint64_t{1} << 32, uint64_t{1} << 47}) {
    for (const size_t runs : {size_t{0}, size_t{1}, size_t{3}, size_t{40}}) {
      IdCollector collector;
      std::set<RecordId> expected;
      for (size_t run = 0; run < runs; ++run) {
        std::set<RecordId> ids;
        for (int i = 0; i < 200; ++i) ids.insert(1 + random() % greatest);
        expected.insert(ids.begin(), ids.end());
        const std::vector<RecordId> some(ids.begin(), ids.end());
        collector.Add(some);
      }
      EXPECT_EQ(IdsOf(collector.Take()), std::vector<RecordId>(expected.begin(), expected.end()));
      EXPECT_TRUE(collector.Take().isEmpty());
    }
  }
}

}  // namespace
}  // namespace relata::query
