// Tests of blocks of ids: gaps of any length, and bytes that are no block, on every instruction set that this
// machine and compiler have.
#include "src/store/id_block.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <random>
#include <string>
#include <vector>

namespace relata::store {
namespace {

class IdBlock : public testing::TestWithParam<int64_t> {
 protected:
  IdBlock() { hwy::SetSupportedTargetsForTest(GetParam()); }
  ~IdBlock() override { hwy::SetSupportedTargetsForTest(0); }
};
INSTANTIATE_TEST_SUITE_P(Targets, IdBlock, testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& tested) { return hwy::TargetName(tested.param); });

// The ids of a block, read in pieces; false if one of them is none.
bool ReadInPieces(RecordId first, std::string_view gaps, std::vector<RecordId>* ids) {
  const std::vector<char> exact(gaps.begin(), gaps.end());  // so that a sanitizer sees what reads beyond
  BlockReader block(first, std::string_view(exact.data(), exact.size()));
  RecordId piece[BlockReader::kRoom];
  size_t count = 0;
  do {
    if (!block.Read(piece, &count)) return false;
    EXPECT_LE(count, BlockReader::kRoom);
    ids->insert(ids->end(), piece, piece + count);
  } while (count > 0);
  return true;
}

// Blocks of gaps of one byte and of several, in any order, and their like with a gap in a longer form.
TEST_P(IdBlock, DecodesGapsOfAnyLength) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 2'000; ++round) {
    const RecordId first = 1 + random() % 1'000;
    std::vector<RecordId> expected = {first};
    GapBuffer gaps;
    const size_t count = random() % 200;
    const uint64_t reach = uint64_t{1} << (1 + random() % 22);
    for (size_t i = 0; i < count; ++i) {
      expected.push_back(expected.back() + 1 + random() % (random() % 4 == 0 ? reach : 100));
      gaps.AppendGap(expected[i], expected[i + 1]);
    }
    std::vector<RecordId> ids;
    ASSERT_TRUE(DecodeBlock(first, gaps, &ids));
    ASSERT_EQ(ids, expected);
    ASSERT_EQ(BlockCount(gaps), expected.size());
    ids.clear();
    ASSERT_TRUE(ReadInPieces(first, gaps, &ids));
    ASSERT_EQ(ids, expected);
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
    ids.clear();
    EXPECT_EQ(ReadInPieces(first, longer, &ids), at >= count) << round;
  }
}

TEST_P(IdBlock, RefusesWhatEndsInAGapOrGoesTooFar) {
  for (const size_t before : {0, 1, 7, 8, 9, 64, 65, 200}) {
    std::string gaps(before, '\x05');
    std::vector<RecordId> ids;
    EXPECT_TRUE(DecodeBlock(1, gaps, &ids));
    EXPECT_EQ(ids.size(), before + 1);
    gaps.push_back('\x85');
    EXPECT_FALSE(DecodeBlock(1, gaps, &ids)) << before;
    EXPECT_FALSE(ReadInPieces(1, gaps, &ids)) << before;
  }
  const std::string far(100, '\x7f');
  std::vector<RecordId> ids;
  EXPECT_TRUE(DecodeBlock(kMaxRecordId - 12'800, far, &ids));
  EXPECT_EQ(ids.back(), kMaxRecordId);
  EXPECT_FALSE(DecodeBlock(kMaxRecordId - 12'799, far, &ids));
  EXPECT_FALSE(ReadInPieces(kMaxRecordId - 12'799, far, &ids));
}

}  // namespace
}  // namespace relata::store
