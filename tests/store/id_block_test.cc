// Tests of blocks of ids: gaps of any length, and bytes that are no block.
#include "src/store/id_block.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace relata::store {
namespace {

// Blocks of gaps of one byte and of several, in any order, and their like with a gap in a longer form.
TEST(IdBlock, DecodesGapsOfAnyLength) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 2'000; ++round) {
    const RecordId first = 1 + random() % 1'000;
    std::vector<RecordId> expected = {first};
    GapBuffer gaps;
    const size_t count = random() % 60;
    const uint64_t reach = uint64_t{1} << (1 + random() % 22);
    for (size_t i = 0; i < count; ++i) {
      expected.push_back(expected.back() + 1 + random() % (random() % 4 == 0 ? reach : 100));
      gaps.AppendGap(expected[i], expected[i + 1]);
    }
    std::vector<RecordId> ids;
    ASSERT_TRUE(DecodeBlock(first, gaps, &ids));
    ASSERT_EQ(ids, expected);
    ASSERT_EQ(BlockCount(gaps), expected.size());
    // A byte more than the gap needs, somewhere.
    std::string longer;
    const size_t at = random() % (count + 1);
    for (size_t i = 0; i < count; ++i) {
      GapBuffer gap;
      gap.AppendGap(expected[i], expected[i + 1]);
      longer += std::string_view(gap);
      if (i != at) continue;
      longer.back() = static_cast<char>(longer.back() | 0x80);
      longer.push_back('\0');
    }
    ids.clear();
    EXPECT_EQ(DecodeBlock(first, longer, &ids), at >= count) << round;
  }
}

}  // namespace
}  // namespace relata::store
