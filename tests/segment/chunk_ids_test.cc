// Tests the ids of a chunk against std::set, in either form and where it changes.
#include "src/segment/chunk_ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <set>

namespace relata::segment {
namespace {

using Set = std::set<uint32_t>;

Set IdsOf(const ChunkIds& ids, uint32_t from = 0, uint32_t to = ChunkIds::kEnd) {
  Set found;
  ids.Visit(from, to, [&](uint32_t id) { return found.insert(id).second; });
  return found;
}

// `count` ids, evenly or crowded at one place.
ChunkIds Make(std::mt19937* random, size_t count, bool crowded, Set* same) {
  while (same->size() < count) {
    const uint32_t id = (*random)() % ChunkIds::kEnd;
    same->insert(crowded ? ChunkIds::kEnd - 1 - id * id / ChunkIds::kEnd / 4 : id);
  }
  return ChunkIds(std::vector<uint16_t>(same->begin(), same->end()));
}

TEST(ChunkIdsTest, AddsAndRemovesAcrossBothForms) {
  std::mt19937 random(7);
  for (const bool crowded : {false, true}) {
    ChunkIds ids;
    Set same;
    // Up past where an array becomes a bitmap, down past where that is an array again, and up once more.
    for (const size_t goal : {6'000, 1'000, 5'000, 0}) {
      while (same.size() != goal) {
        const auto any = static_cast<uint16_t>(random());
        const uint16_t id = crowded ? static_cast<uint16_t>(65'535 - any % 9'000) : any;
        const bool adds = same.size() < goal;
        ASSERT_EQ(ids.Contains(id), same.contains(id)) << id;
        EXPECT_NE(same.empty() ? &ids : ids.Near(id), nullptr);
        if (adds && same.insert(id).second) ids.Add(id);
        if (!adds) {
          const auto at = same.lower_bound(id);
          const auto gone = static_cast<uint16_t>(at == same.end() ? *same.begin() : *at);
          ids.Remove(gone);
          same.erase(gone);
        }
        ASSERT_EQ(ids.size(), same.size());
      }
      EXPECT_EQ(IdsOf(ids), same);
      for (uint32_t id = 0; id < ChunkIds::kEnd; ++id) {
        ASSERT_EQ(ids.Contains(static_cast<uint16_t>(id)), same.contains(id)) << id;
      }
    }
    EXPECT_TRUE(ids.empty());
  }
}

TEST(ChunkIdsTest, CombinesAllForms) {
  std::mt19937 random(8);
  for (const size_t left : {0, 1, 3'000, 4'096, 4'097, 40'000}) {
    for (const size_t right : {0, 2, 4'000, 30'000}) {
      for (const bool crowded : {false, true}) {
        Set a, b;
        const ChunkIds x = Make(&random, left, false, &a);
        const ChunkIds y = Make(&random, std::min<size_t>(right, crowded ? 9'000 : right), crowded, &b);
        Set both, either, rest;
        std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
        std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::inserter(either, either.end()));
        std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(rest, rest.end()));
        EXPECT_EQ(IdsOf(x.And(y)), both);
        EXPECT_EQ(x.CountAnd(y), both.size());
        EXPECT_EQ(IdsOf(x.Or(y)), either);
        EXPECT_EQ(IdsOf(x.AndNot(y)), rest);
        EXPECT_EQ(x.Or(y).size(), either.size());
        EXPECT_EQ(x.AndNot(y).size(), rest.size());
      }
    }
  }
}

TEST(ChunkIdsTest, VisitsAPartAndStops) {
  std::mt19937 random(9);
  for (const size_t count : {100, 5'000}) {
    Set same;
    const ChunkIds ids = Make(&random, count, false, &same);
    for (int i = 0; i < 200; ++i) {
      const uint32_t from = random() % ChunkIds::kEnd;
      const uint32_t to = random() % (ChunkIds::kEnd + 1);
      const Set part = from < to ? Set(same.lower_bound(from), same.lower_bound(to)) : Set();
      EXPECT_EQ(IdsOf(ids, from, to), part) << from << " " << to;
    }
    size_t seen = 0;
    ids.Visit(0, ChunkIds::kEnd, [&](uint32_t) { return ++seen < 70; });
    EXPECT_EQ(seen, 70u);
  }
}

TEST(ChunkIdsTest, EncodesWhatItDecodes) {
  std::mt19937 random(10);
  for (const size_t count : {1, 2, 500, 4'096, 4'097, 65'000, 65'536}) {
    Set same;
    const ChunkIds ids = Make(&random, count, false, &same);
    ChunkIds back;
    ASSERT_TRUE(back.Decode(ids.Encode())) << count;
    EXPECT_EQ(IdsOf(back), same);
    EXPECT_EQ(back.size(), same.size());
  }
  // A bitmap of few is written as the array that it would be.
  Set same;
  ChunkIds ids = Make(&random, 4'097, false, &same);
  while (same.size() > 3'000) {
    ids.Remove(static_cast<uint16_t>(*same.begin()));
    same.erase(same.begin());
  }
  ChunkIds back;
  ASSERT_TRUE(back.Decode(ids.Encode()));
  EXPECT_EQ(IdsOf(back), same);
  EXPECT_FALSE(back.Decode(""));
  EXPECT_FALSE(back.Decode(ChunkIds().Encode()));
  EXPECT_EQ(IdsOf(back), same) << "what is refused changes nothing";
}

}  // namespace
}  // namespace relata::segment
