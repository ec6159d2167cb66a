// Tests of hashes and checksums against values from XXH3's own tools.
#include "src/base/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace relata {
namespace {

// Values that xxhsum and the xxHash project's own tests give.
TEST(HashTest, IsXxh3) {
  EXPECT_EQ(Hash64(""), 0x2D06800538D394C2u);
  EXPECT_EQ(Hash64("a"), 0xE6C632B61E964E1Fu);
  EXPECT_EQ(Hash64("abc"), 0x78AF5F94892F3950u);
}

TEST(HashTest, SeedMatters) {
  EXPECT_EQ(Hash64("Jansen", 0), Hash64("Jansen"));
  EXPECT_NE(Hash64("Jansen", 1), Hash64("Jansen"));
  EXPECT_NE(Hash64("Jansen", 1), Hash64("Jansen", 2));
}

// Stored rows carry this value; a change of it is a change of format. Worked out in Python from the XXH3
// value.
TEST(ChecksumTest, IsFixedForEver) {
  EXPECT_EQ(Checksum32("", 0), 1168628313u);
  EXPECT_EQ(Checksum32("Bakkerij Jansen", 1001), 3466496010u);
}

TEST(ChecksumTest, SeesEveryFlippedBit) {
  const std::string row = "Bakkerij Jansen, Utrecht, sinds 1923";
  const uint32_t whole = Checksum32(row, 7);
  for (size_t bit = 0; bit < row.size() * 8; ++bit) {
    std::string damaged = row;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(Checksum32(damaged, 7), whole) << bit;
  }
  EXPECT_NE(Checksum32(row.substr(1), 7), whole);
  EXPECT_NE(Checksum32(row + '\0', 7), whole);
}

TEST(ChecksumTest, SeesAWrongId) {
  std::set<uint32_t> sums;
  for (uint64_t id = 0; id < 1000; ++id) sums.insert(Checksum32("row", id));
  for (int bit = 10; bit < 64; ++bit) sums.insert(Checksum32("row", uint64_t{1} << bit));
  EXPECT_EQ(sums.size(), 1000u + 54u);
}

}  // namespace
}  // namespace relata
