// MemberSet beside a std::set that is told the same, and sections there and back.
#include "src/segment/member_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

#include "src/segment/section.h"

namespace relata::segment::test {
namespace {

using TwinSet = std::set<RecordId>;

std::vector<RecordId> All(const MemberSet& set) {
  std::vector<RecordId> ids;
  set.ForEach([&](RecordId id) { ids.push_back(id); });
  return ids;
}

class MemberSetTest : public testing::Test {
 protected:
  // Near and far ids; those around the ends of chunks more often than chance has them.
  RecordId AnyId() {
    switch (random_() % 4) {
      case 0:
        return 1 + random_() % 300;
      case 1:
        return 65'536 * (1 + random_() % 3) + random_() % 5 - 2;
      case 2:
        return 1 + random_() % 400'000;
      default:
        return kMaxRecordId - random_() % 100;
    }
  }

  std::mt19937_64 random_{7};
};

TEST_F(MemberSetTest, AgreesWithASetThroughManyChangesAndCopies) {
  std::vector<std::pair<MemberSet, TwinSet>> sets(3);
  for (int step = 0; step < 30'000; ++step) {
    auto& [set, twin] = sets[random_() % sets.size()];
    const RecordId id = AnyId();
    switch (random_() % 8) {
      case 0:
        sets[random_() % sets.size()] = {set, twin};  // shares from here on
        break;
      case 1: {
        const bool member = twin.count(id) != 0;
        set.Toggle(id);
        member ? twin.erase(id) : twin.insert(id).second;
        break;
      }
      case 2:
      case 3:
        ASSERT_EQ(set.Set(id, false), twin.erase(id) == 1);
        break;
      default:
        ASSERT_EQ(set.Set(id, true), twin.insert(id).second);
    }
    ASSERT_EQ(set.size(), twin.size());
    ASSERT_EQ(set.Contains(id), twin.count(id) == 1);
    if (step % 1'000 != 0) continue;
    for (const auto& [s, t] : sets) ASSERT_EQ(All(s), std::vector<RecordId>(t.begin(), t.end()));
  }
}

TEST_F(MemberSetTest, CombinesAsSetsDo) {
  for (int round = 0; round < 50; ++round) {
    TwinSet a, b;
    const size_t count = random_() % 400;
    for (size_t i = 0; i < count; ++i) a.insert(AnyId()), b.insert(AnyId());
    if (round % 5 == 0) b.insert(a.begin(), a.end());
    const std::vector<RecordId> a_ids(a.begin(), a.end()), b_ids(b.begin(), b.end());
    const MemberSet x = MemberSet::FromSorted(a_ids), y = MemberSet::FromSorted(b_ids);
    std::vector<RecordId> both, either, rest;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(either));
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
    EXPECT_EQ(All(x.And(y)), both);
    EXPECT_EQ(x.CountAnd(y), both.size());
    EXPECT_EQ(All(x.Or(y)), either);
    EXPECT_EQ(x.Or(y).size(), either.size());
    EXPECT_EQ(All(x.AndNot(y)), rest);
    EXPECT_EQ(x == y, a == b);
    EXPECT_TRUE(x == MemberSet::FromSorted(a_ids));
    EXPECT_EQ(All(x.AndNot(x)), std::vector<RecordId>());
    // What shares chunks counts the same.
    MemberSet near = x;
    near.Set(5, !x.Contains(5));
    EXPECT_EQ(near.Or(x).AndNot(near.And(x)).size(), 1u);
  }
}

TEST_F(MemberSetTest, GivesPartsOfItself) {
  const std::vector<RecordId> ids = {1, 63, 64, 65'535, 65'536, 65'600, 200'000};
  const MemberSet set = MemberSet::FromSorted(ids);
  std::vector<RecordId> part;
  set.ForEach(64, 65'536, [&](RecordId id) { part.push_back(id); });
  EXPECT_THAT(part, testing::ElementsAre(64, 65'535));
  EXPECT_THAT(set.Page(63, 3), testing::ElementsAre(64, 65'535, 65'536));
  EXPECT_THAT(set.Page(200'000, 3), testing::IsEmpty());
  EXPECT_THAT(set.Page(0, 100), testing::ElementsAreArray(ids));
  std::vector<uint64_t> words(4, 99);
  set.CopyMask(65'536 - 128, words);
  EXPECT_THAT(words, testing::ElementsAre(0, uint64_t{1} << 63, 1, 1));
  const std::shared_ptr<const store::MemberIds> face = set.Ids();
  EXPECT_EQ(face->size(), ids.size());
  EXPECT_TRUE(face->Contains(65'600));
  EXPECT_FALSE(face->Contains(2));
}

TEST_F(MemberSetTest, KnowsWhichChunksChangedAndBringsThemBack) {
  MemberSet set;
  set.Set(10, true, 3);
  set.Set(70'000, true, 5);
  set.Set(70'000, false, 6);
  set.Set(140'000, true, 4);
  std::vector<uint64_t> changed;
  set.ForEachChunk(0, 3, [&](uint64_t number) {
    changed.push_back(number);
    return true;
  });
  EXPECT_THAT(changed, testing::ElementsAre(1, 2)) << "the one that is empty now, too";
  EXPECT_EQ(set.EncodeChunk(1), "");
  MemberSet back;
  ASSERT_TRUE(back.DecodeChunk(0, set.EncodeChunk(0)));
  ASSERT_TRUE(back.DecodeChunk(2, set.EncodeChunk(2)));
  EXPECT_TRUE(back == set);
  EXPECT_FALSE(back.DecodeChunk(0, "no bitmap"));
  EXPECT_FALSE(back.DecodeChunk(0, set.EncodeChunk(0).substr(0, 9)));
}

class SectionTest : public MemberSetTest {};

// Runs up to the last id of a chunk, few ids in all: CRoaring 0.2.66 crashes where it makes an array of them.
TEST_F(MemberSetTest, BringsBackRunsThatEndAChunk) {
  for (const RecordId count : {1, 2, 100, 4'096, 4'097, 65'535, 65'536}) {
    MemberSet set;
    for (RecordId id = 131'072 - count; id < 131'072; ++id) set.Set(id, true);
    for (RecordId id = 66'000; id < 66'200; ++id) set.Set(id, true);
    MemberSet back;
    ASSERT_TRUE(back.DecodeChunk(1, set.EncodeChunk(1)));
    EXPECT_EQ(back.size(), set.size());
    // What came back is a set like any other.
    for (const RecordId id : {131'071, 66'100}) {
      back.Set(id, false);
      EXPECT_FALSE(back.Contains(id));
      back.Set(id, true);
    }
    size_t members = 0;
    back.ForEach(0, 131'072, [&](RecordId id) {
      ++members;
      EXPECT_TRUE(set.Contains(id)) << id;
    });
    EXPECT_EQ(members, set.size());
  }
}

TEST_F(MemberSetTest, RefusesRunsThatLeaveTheChunkOrOverlap) {
  const auto bytes_of = [](std::vector<std::pair<int, int>> runs, int cardinality) {
    std::string bytes("\x3b\x30\0\0\x01\0\0", 7);
    const auto put = [&](int value) {
      bytes.push_back(static_cast<char>(value & 255));
      bytes.push_back(static_cast<char>(value >> 8));
    };
    put(cardinality - 1);
    put(static_cast<int>(runs.size()));
    for (const auto& [first, more] : runs) put(first), put(more);
    return bytes;
  };
  MemberSet set;
  EXPECT_TRUE(set.DecodeChunk(0, bytes_of({{10, 4}, {60, 39}}, 45)));
  EXPECT_EQ(set.size(), 45u);
  EXPECT_FALSE(set.DecodeChunk(0, bytes_of({{65'000, 1'000}}, 1'001)));
  EXPECT_FALSE(set.DecodeChunk(0, bytes_of({{60'000, 10'000}}, 10'001)));
  EXPECT_FALSE(set.DecodeChunk(0, bytes_of({{10, 100}, {50, 100}}, 202)));
  EXPECT_FALSE(set.DecodeChunk(0, bytes_of({{50, 5}, {10, 5}}, 12)));
  EXPECT_FALSE(set.DecodeChunk(0, bytes_of({{0, 65'535}, {0, 65'535}}, 1)));
  EXPECT_EQ(set.size(), 45u);
}

// Told a wrong number of ids, CRoaring 0.2.66 writes past its memory as soon as it makes an array of a
// bitset.
TEST_F(MemberSetTest, RefusesIdsThatAreNotAsManyAsToldOrOutOfOrder) {
  const auto number_at = [](std::string bytes, size_t at, size_t number) {
    bytes[at] = static_cast<char>(number & 255);
    bytes[at + 1] = static_cast<char>(number >> 8);
    return bytes;
  };
  MemberSet many;
  for (RecordId id = 0; id < 65'536; id += 2) many.Set(id, true);
  const std::string bitset = many.EncodeChunk(0);
  MemberSet few;
  for (const RecordId id : {1, 500, 65'535}) few.Set(id, true);
  const std::string array = few.EncodeChunk(0);

  MemberSet set;
  ASSERT_TRUE(set.DecodeChunk(0, bitset));
  ASSERT_TRUE(set.DecodeChunk(1, array));
  EXPECT_EQ(set.size(), 32'771u);
  EXPECT_FALSE(set.DecodeChunk(0, number_at(bitset, 10, 4'097 - 1)));
  EXPECT_FALSE(set.DecodeChunk(0, number_at(array, 10, 2 - 1)));
  EXPECT_FALSE(set.DecodeChunk(0, number_at(array, 18, 1)));
  EXPECT_FALSE(set.DecodeChunk(0, number_at(array, 16, 60'000)));
  EXPECT_FALSE(set.DecodeChunk(0, number_at(array, 8, 1))) << "ids of another chunk";
  EXPECT_FALSE(set.DecodeChunk(0, std::string("\x3a\x30\0\0\0\0\0\0", 8))) << "no ids";
  // A bitset where runs are announced.
  EXPECT_FALSE(set.DecodeChunk(0, std::string("\x3b\x30\0\0\0\0\0\0\x10", 9) + bitset.substr(16)));
  EXPECT_EQ(set.size(), 32'771u);
}

TEST_F(SectionTest, ComesBackAsItWas) {
  for (int round = 0; round < 100; ++round) {
    Section section;
    for (uint64_t runs = random_() % 6; runs > 0; --runs) {
      Flip flip{.segment = static_cast<uint32_t>(1 + random_() % 1'000),
                .at = Timestamp{static_cast<int64_t>(random_() % 4'000'000'000'000'000)},
                .entered = random_() % 2 == 0,
                .cause = static_cast<Cause>(1 + random_() % 4)};
      // Some long and in order, as a definition tells them; some short, in any order, and again the same.
      const bool many = random_() % 3 == 0;
      flip.record = many ? 0 : AnyId();
      for (uint64_t count = many ? random_() % 3'000 : random_() % 4; count > 0; --count) {
        flip.record = many ? flip.record + 1 + random_() % 90 : AnyId();
        section.flips.push_back(flip);
      }
    }
    for (uint64_t n = random_() % 3; n > 0; --n) {
      section.folds.push_back({.segment = 7, .at = Timestamp{-static_cast<int64_t>(random_() % 1'000'000)}});
      section.pendings.push_back({.segment = 7, .from = random_() % 99, .cause = Cause::kDefinition});
    }
    const std::string bytes = section.Encode();
    const StatusOr<Section> back = Section::Parse(bytes);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_TRUE(*back == section);
    // No part of it ends the process or is taken for the whole.
    for (size_t size = 1; size < bytes.size(); size += 1 + size / 3) {
      const StatusOr<Section> part = Section::Parse(std::string_view(bytes).substr(0, size));
      EXPECT_TRUE(!part.ok() || !(*part == section));
    }
  }
  EXPECT_EQ(Section().Encode(), "");
  EXPECT_TRUE(Section::Parse("")->empty());
}

TEST_F(SectionTest, IsSmallWhereManyRecordsFlipTogether) {
  Section section;
  for (RecordId id = 1; id <= 100'000; ++id)
    section.flips.push_back({.segment = 1, .record = id, .entered = true});
  EXPECT_LT(section.Encode().size(), 200u);
  section.flips.clear();
  for (uint32_t s = 1; s <= 300; ++s)
    section.flips.push_back({.segment = s, .record = 4'711, .entered = true});
  EXPECT_LT(section.Encode().size(), 300u * 9);
}

TEST_F(MemberSetTest, PrefetchingChangesNothing) {
  const MemberSet none;
  const MemberSet some = MemberSet::FromSorted(std::vector<RecordId>{1, 70'000, 1'000'000});
  std::vector<MemberSet::Question> questions;
  for (const RecordId id : {RecordId{0}, RecordId{1}, RecordId{70'000}, RecordId{500'000}, kMaxRecordId}) {
    questions.push_back({&none, id});
    questions.push_back({&some, id});
  }
  MemberSet::Prefetch(questions);
  EXPECT_EQ(some.size(), 3u);
  EXPECT_TRUE(some.Contains(70'000));
  EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace relata::segment::test
