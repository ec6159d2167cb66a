// How C++ members become cells and back, and that the decoders of sets believe nothing.
#include "relata/schema/member.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <set>
#include <string>
#include <vector>

#include "tests/schema/host.h"

namespace relata {
namespace {

template <class M>
void ExpectRoundTrip(const M& member) {
  std::string scratch;
  const Cell cell = MemberTraits<M>::Load(member, &scratch);
  M back{};
  ASSERT_TRUE(MemberTraits<M>::Store(cell, &back));
  EXPECT_EQ(back, member);
}

TEST(MemberTest, EveryTypeComesBack) {
  ExpectRoundTrip(true);
  ExpectRoundTrip(std::numeric_limits<int64_t>::min());
  ExpectRoundTrip(int8_t{-7});
  ExpectRoundTrip(uint32_t{4'000'000'000});
  ExpectRoundTrip(-0.1);
  ExpectRoundTrip(1.5f);
  ExpectRoundTrip(Date{-5});
  ExpectRoundTrip(Timestamp{-1});
  ExpectRoundTrip(Duration{60});
  ExpectRoundTrip(Fixed<2>{-1250});
  ExpectRoundTrip(Point{-1, 2});
  ExpectRoundTrip(Currency::Eur());
  ExpectRoundTrip(host::Fuel::kHydrogenCell);
  ExpectRoundTrip(Set<host::Licence>{host::Licence::kTrailer, host::Licence::kB});
  ExpectRoundTrip(Id<host::Depot>(9));
  ExpectRoundTrip(AnyRef<host::Truck, host::Depot>(Id<host::Depot>(9)));
  ExpectRoundTrip(std::string("Utrecht"));
  ExpectRoundTrip(Set<std::string>{"b", "", "a"});
  ExpectRoundTrip(Set<Id<host::Depot>>{Id<host::Depot>(3), Id<host::Depot>(1)});
}

TEST(MemberTest, ZeroIsAbsentAndAnOptionalZeroIsPresent) {
  std::string scratch;
  EXPECT_FALSE(MemberTraits<int64_t>::Load(0, &scratch).present);
  EXPECT_FALSE(MemberTraits<std::string>::Load("", &scratch).present);
  EXPECT_TRUE(MemberTraits<std::optional<int64_t>>::Load(0, &scratch).present);
  EXPECT_TRUE(MemberTraits<std::optional<std::string>>::Load("", &scratch).present);
  EXPECT_FALSE(MemberTraits<std::optional<int64_t>>::Load(std::nullopt, &scratch).present);
  ExpectRoundTrip(std::optional<Set<std::string>>(Set<std::string>{}));
  ExpectRoundTrip(std::optional<std::string>());
}

TEST(MemberTest, RefusesWhatDoesNotFit) {
  int8_t small = 0;
  EXPECT_FALSE(MemberTraits<int8_t>::Store(Cell::OfInt(128), &small));
  uint32_t positive = 0;
  EXPECT_FALSE(MemberTraits<uint32_t>::Store(Cell::OfInt(-1), &positive));
  Date date;
  EXPECT_FALSE(MemberTraits<Date>::Store(Cell::OfInt(int64_t{1} << 32), &date));
  Currency currency;
  EXPECT_FALSE(MemberTraits<Currency>::Store(Cell::OfInt(65'536), &currency));
  EXPECT_FALSE(MemberTraits<Currency>::Store(Cell::OfInt(1), &currency));
}

TEST(MemberTest, SetsHaveTheirDocumentedBytes) {
  std::string bytes;
  EncodeTextSet({"a", "bc"}, &bytes);
  EXPECT_EQ(bytes, std::string("\x01"
                               "a"
                               "\x02"
                               "bc"));
  bytes.clear();
  EncodeReferenceSet({1, 0x0203}, &bytes);
  EXPECT_EQ(bytes, std::string("\1\0\0\0\0\0\0\0\3\2\0\0\0\0\0\0", 16));
}

TEST(MemberTest, DecodersRefuseDamage) {
  std::vector<std::string> texts;
  EXPECT_FALSE(
      DecodeTextSet("\x05"
                    "a",
                    &texts));                   // ends too soon
  EXPECT_FALSE(DecodeTextSet("\x80", &texts));  // half a length
  EXPECT_FALSE(
      DecodeTextSet("\x01"
                    "b"
                    "\x01"
                    "a",
                    &texts));  // out of order
  EXPECT_FALSE(
      DecodeTextSet("\x01"
                    "a"
                    "\x01"
                    "a",
                    &texts));  // twice
  EXPECT_FALSE(DecodeTextSet("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", &texts));
  std::vector<RecordId> ids;
  EXPECT_FALSE(DecodeReferenceSet(std::string("\1\0\0\0\0\0\0", 7), &ids));
  EXPECT_FALSE(DecodeReferenceSet(std::string("\0\0\0\0\0\0\0\0", 8), &ids));  // names no record
  EXPECT_FALSE(DecodeReferenceSet(std::string("\0\0\0\0\0\0\1\0", 8), &ids));  // above kMaxRecordId
  EXPECT_FALSE(DecodeReferenceSet(std::string("\2\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0", 16), &ids));
}

RC_GTEST_PROP(MemberProperty, TextSetsComeBack, (const std::set<std::string>& texts)) {
  const std::vector<std::string> sorted(texts.begin(), texts.end());
  std::string bytes;
  EncodeTextSet(sorted, &bytes);
  std::vector<std::string> back;
  RC_ASSERT(DecodeTextSet(bytes, &back));
  RC_ASSERT(back == sorted);
}

// Whatever the decoder takes for a set is one, and has exactly these bytes.
RC_GTEST_PROP(MemberProperty, NoTwoByteStringsAreOneSet, (const std::string& bytes)) {
  std::vector<std::string> texts;
  if (DecodeTextSet(bytes, &texts)) {
    std::string again;
    EncodeTextSet(texts, &again);
    RC_ASSERT(again == bytes);
  }
  std::vector<RecordId> ids;
  if (DecodeReferenceSet(bytes, &ids)) {
    std::string again;
    EncodeReferenceSet(ids, &again);
    RC_ASSERT(again == bytes);
  }
}

}  // namespace
}  // namespace relata
