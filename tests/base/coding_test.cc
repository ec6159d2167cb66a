// Tests of fixed-width and varint coding against known bytes, and on damaged input.
#include "src/base/coding.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

namespace relata {
namespace {

using Bytes = std::string_view;

TEST(CodingTest, OrderOfBytesIsAsStated) {
  std::string out;
  AppendLE16(&out, 0x0102);
  AppendLE32(&out, 0x01020304);
  AppendLE64(&out, 0x0102030405060708);
  EXPECT_EQ(out, Bytes("\x02\x01\x04\x03\x02\x01\x08\x07\x06\x05\x04\x03\x02\x01", 14));
  out.clear();
  AppendBE16(&out, 0x0102);
  AppendBE32(&out, 0x01020304);
  AppendBE64(&out, 0x0102030405060708);
  EXPECT_EQ(out, Bytes("\x01\x02\x01\x02\x03\x04\x01\x02\x03\x04\x05\x06\x07\x08", 14));
}

TEST(CodingTest, LoadsAtAnyAlignment) {
  const std::string bytes("x\x01\x02\x03\x04\x05\x06\x07\x08", 9);
  EXPECT_EQ(LoadLE16(bytes.data() + 1), 0x0201);
  EXPECT_EQ(LoadLE32(bytes.data() + 1), 0x04030201u);
  EXPECT_EQ(LoadLE64(bytes.data() + 1), 0x0807060504030201u);
  EXPECT_EQ(LoadBE16(bytes.data() + 1), 0x0102);
  EXPECT_EQ(LoadBE32(bytes.data() + 1), 0x01020304u);
  EXPECT_EQ(LoadBE64(bytes.data() + 1), 0x0102030405060708u);
}

TEST(CodingTest, BigEndianKeysSortAsNumbers) {
  EXPECT_TRUE(rc::check("bytes order as the numbers do", [](uint64_t a, uint64_t b) {
    char x[8];
    char y[8];
    StoreBE64(x, a);
    StoreBE64(y, b);
    RC_ASSERT((Bytes(x, 8) < Bytes(y, 8)) == (a < b));
    RC_ASSERT(LoadBE64(x) == a);
  }));
}

TEST(VarintTest, HasTheKnownForm) {
  const auto encoded = [](uint64_t value) {
    std::string out;
    PutVarint64(&out, value);
    return out;
  };
  EXPECT_EQ(encoded(0), Bytes("\0", 1));
  EXPECT_EQ(encoded(127), "\x7F");
  EXPECT_EQ(encoded(128), "\x80\x01");
  EXPECT_EQ(encoded(300), "\xAC\x02");  // the example of the Protocol Buffers documentation
  EXPECT_EQ(encoded(std::numeric_limits<uint64_t>::max()), "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
}

TEST(VarintTest, RoundTripsAroundEveryPowerOfTwo) {
  std::string out;
  std::vector<uint64_t> values;
  for (int bit = 0; bit < 64; ++bit) {
    for (const uint64_t value : {(uint64_t{1} << bit) - 1, uint64_t{1} << bit, (uint64_t{1} << bit) + 1}) {
      const size_t before = out.size();
      PutVarint64(&out, value);
      EXPECT_EQ(out.size() - before, VarintLength(value));
      values.push_back(value);
    }
  }
  std::string_view in = out;
  for (const uint64_t value : values) {
    uint64_t read = 0;
    ASSERT_TRUE(GetVarint64(&in, &read));
    EXPECT_EQ(read, value);
  }
  EXPECT_TRUE(in.empty());
  EXPECT_EQ(VarintLength(std::numeric_limits<uint64_t>::max()), kMaxVarint64Bytes);
}

TEST(VarintTest, RefusesDamageAndLeavesTheInput) {
  for (const Bytes bytes :
       {Bytes(""), Bytes("\x80"), Bytes("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
        Bytes("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"),
        Bytes("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), Bytes("\x80\0", 2), Bytes("\xAC\x82\0", 3)}) {
    std::string_view in = bytes;
    uint64_t value = 42;
    EXPECT_FALSE(GetVarint64(&in, &value));
    EXPECT_EQ(in.size(), bytes.size());
    EXPECT_EQ(value, 42u);
  }
}

TEST(VarintTest, ReadsAnyBytesWithoutHarm) {
  EXPECT_TRUE(rc::check("what is read is written the same way", [](const std::string& bytes) {
    std::string_view in = bytes;
    uint64_t value = 0;
    if (!GetVarint64(&in, &value)) return;
    std::string again;
    PutVarint64(&again, value);
    RC_ASSERT(bytes.substr(0, bytes.size() - in.size()) == again);
  }));
}

TEST(ZigZagTest, MapsSmallToSmall) {
  EXPECT_EQ(ZigZag(0), 0u);
  EXPECT_EQ(ZigZag(-1), 1u);
  EXPECT_EQ(ZigZag(1), 2u);
  EXPECT_EQ(ZigZag(-2), 3u);
  EXPECT_EQ(ZigZag(std::numeric_limits<int64_t>::max()), 0xFFFFFFFFFFFFFFFEu);
  EXPECT_EQ(ZigZag(std::numeric_limits<int64_t>::min()), 0xFFFFFFFFFFFFFFFFu);
  EXPECT_TRUE(
      rc::check("it can be undone", [](int64_t value) { RC_ASSERT(UnZigZag(ZigZag(value)) == value); }));
  EXPECT_EQ(UnZigZag(0xFFFFFFFFFFFFFFFFu), std::numeric_limits<int64_t>::min());
}

}  // namespace
}  // namespace relata
