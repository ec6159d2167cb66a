// Tests of index trees against a set and a map, down to how their blocks split and join.
#include "src/store/index_tree.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "src/store/id_suffix.h"
#include "src/store/ordered_bytes.h"
#include "tests/store/index_fixture.h"

namespace relata::store {
namespace {

// Ranges of the three keys that the random tests use.
rc::Gen<KeyRange> GenRange() {
  const auto end = rc::gen::element<std::string>("", KeyOf("a"), KeyOf("ab"), KeyOf("b"), "a", KeyAfter("a"),
                                                 "0", "z", KeyAfter(KeyOf("ab")));
  return rc::gen::map(rc::gen::pair(end, end), [](const std::pair<std::string, std::string>& ends) {
    return KeyRange{.low = ends.first, .high = ends.second};
  });
}

void CheckRange(const kv::Transaction& txn, const IndexTree& tree, const Model& model,
                const KeyRange& range) {
  RC_ASSERT(Scan(txn, tree, range) == model.Scan(range));
  RC_ASSERT(Scan(txn, tree, range, Direction::kBackward) == model.Scan(range, Direction::kBackward));
  std::vector<RecordId> ids = {42};
  RC_ASSERT(tree.AppendIds(txn, range, &ids).ok());
  ids.erase(ids.begin());
  RC_ASSERT(ids == model.Ids(range));
  ids.clear();
  RC_ASSERT(
      tree.VisitIds(txn, range,
                    [&](std::span<const RecordId> some) { ids.insert(ids.end(), some.begin(), some.end()); })
          .ok());
  RC_ASSERT(ids == model.Ids(range));
  RC_ASSERT(tree.Count(txn, range).value() == ids.size());
  if (Blocks(txn, tree) <= 512) RC_ASSERT(tree.EstimateCount(txn, range).value() == ids.size());
}

void CheckSeek(const kv::Transaction& txn, const IndexTree& tree, const Model& model, const KeyRange& range,
               Direction direction, const Entry& from) {
  std::vector<Entry> expected = model.Scan(range, direction);
  std::erase_if(expected,
                [&](const Entry& e) { return direction == Direction::kForward ? e <= from : e >= from; });
  std::vector<Entry> found;
  IndexCursor at(txn, tree, range, direction);
  for (at.SeekAfter(from.first, from.second); at.Valid(); at.Next()) found.emplace_back(at.values(), at.id());
  RC_ASSERT(at.status().ok());
  RC_ASSERT(found == expected);
}

// Random changes, many of them runs of ids so that blocks fill, split, shrink and join, against a std::set.
TEST_F(IndexTreeTest, DoesWhatASetDoes) {
  EXPECT_TRUE(rc::check([&] {
    kv::WriteTransaction txn = Write();
    Model model;
    const int changes = *rc::gen::inRange(1, 12);
    for (int change = 0; change < changes; ++change) {
      const std::string key = KeyOf(*rc::gen::element<std::string>("a", "ab", "b"));
      const bool erase = *rc::gen::inRange(0, 3) == 0;
      const RecordId start =
          *rc::gen::oneOf(rc::gen::inRange<RecordId>(1, 3000), rc::gen::just(kMaxRecordId - 3000));
      const auto count = *rc::gen::element<size_t>(1, 1, 2, 40, 300, 900);
      const auto step = *rc::gen::element<RecordId>(1, 1, 2, 3, 130, 20'000);
      const int order = *rc::gen::inRange(0, 3);
      std::vector<RecordId> ids;
      for (size_t i = 0; i < count && start + i * step <= kMaxRecordId; ++i) ids.push_back(start + i * step);
      if (order == 1) std::reverse(ids.begin(), ids.end());
      if (order == 2) std::shuffle(ids.begin(), ids.end(), std::minstd_rand(static_cast<unsigned>(start)));
      for (RecordId id : ids) {
        if (erase) {
          const Status status = cities_.Erase(&txn, key, id);
          RC_ASSERT((model.Erase(key, id) ? status.ok() : absl::IsNotFound(status)));
        } else {
          const Status status = cities_.Insert(&txn, key, id);
          RC_ASSERT((model.Insert(key, id) ? status.ok() : absl::IsAlreadyExists(status)));
        }
      }
      CheckRange(txn, cities_, model, {});
    }
    const KeyRange range = *GenRange();
    CheckRange(txn, cities_, model, range);
    for (int i = 0; i < 5; ++i) {
      Entry from{KeyOf(*rc::gen::element<std::string>("", "a", "aa", "ab", "b", "c")),
                 *rc::gen::oneOf(rc::gen::inRange<RecordId>(0, 3000), rc::gen::just(kMaxRecordId))};
      if (*rc::gen::arbitrary<bool>() && !model.entries().empty()) {
        from = *std::next(
            model.entries().begin(),
            *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(model.entries().size())));
      }
      CheckSeek(txn, cities_, model, range, Direction::kForward, from);
      CheckSeek(txn, cities_, model, range, Direction::kBackward, from);
    }
    // No block is over its limits, and none is empty.
    uint64_t entries = 0;
    for (kv::Cursor at(txn, cities_.tree()); entries == 0 && (at.SeekFirst(), at.Valid());) {
      for (; at.Valid(); at.Next()) {
        RC_ASSERT(at.value().size() <= kMaxBlockBytes);
        RC_ASSERT(BlockCount(at.value()) <= kMaxBlockIds);
        entries += BlockCount(at.value());
      }
    }
    RC_ASSERT(entries == model.entries().size());
  }));
}

TEST_F(IndexTreeTest, UniqueIndexesDoWhatAMapDoes) {
  EXPECT_TRUE(rc::check([&] {
    kv::WriteTransaction txn = Write();
    Model model;
    std::map<std::string, RecordId> holders;
    const int changes = *rc::gen::inRange(1, 60);
    for (int change = 0; change < changes; ++change) {
      const std::string key = KeyOf(std::string(1, *rc::gen::inRange('a', 'f')));
      const RecordId id = *rc::gen::element<RecordId>(1, 2, 300, kMaxRecordId);
      if (*rc::gen::arbitrary<bool>()) {
        const Status status = serials_.Insert(&txn, key, id);
        RC_ASSERT((holders.contains(key) ? absl::IsAlreadyExists(status) : status.ok()));
        if (status.ok()) {
          holders[key] = id;
          model.Insert(key, id);
        }
      } else {
        const Status status = serials_.Erase(&txn, key, id);
        RC_ASSERT((model.Erase(key, id) ? status.ok() : absl::IsNotFound(status)));
        if (status.ok()) holders.erase(key);
      }
    }
    for (char c = 'a'; c <= 'f'; ++c) {
      const std::string key = KeyOf(std::string(1, c));
      const auto found = serials_.FindUnique(txn, key).value();
      RC_ASSERT(found.has_value() == holders.contains(key));
      if (found) RC_ASSERT(*found == holders[key]);
    }
    CheckRange(txn, serials_, model, *GenRange());
    const Entry from{KeyOf(std::string(1, *rc::gen::inRange('a', 'h'))),
                     *rc::gen::element<RecordId>(0, 1, 2, 5000)};
    CheckSeek(txn, serials_, model, *GenRange(), Direction::kForward, from);
    CheckSeek(txn, serials_, model, *GenRange(), Direction::kBackward, from);
  }));
}

// Ids usually grow: then every block is full, whatever else is in the tree.
TEST_F(IndexTreeTest, GrowingIdsFillBlocks) {
  kv::WriteTransaction txn = Write();
  for (RecordId id = 1; id <= 2560; ++id) {
    ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("Utrecht"), 2 * id)));
    ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("Zwolle"), 2 * id + 1)));
  }
  EXPECT_EQ(Blocks(txn, cities_), 20u);
}

TEST_F(IndexTreeTest, ShrinkingIdsFillBlocks) {
  kv::WriteTransaction txn = Write();
  for (RecordId id = 2560; id >= 1; --id) ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("Utrecht"), id)));
  EXPECT_EQ(Blocks(txn, cities_), 10u);
}

TEST_F(IndexTreeTest, AFullBlockSplitsInHalves) {
  kv::WriteTransaction txn = Write();
  for (RecordId id = 1; id <= 256; ++id) ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("Utrecht"), 2 * id)));
  EXPECT_EQ(Blocks(txn, cities_), 1u);
  ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("Utrecht"), 101)));
  EXPECT_EQ(Blocks(txn, cities_), 2u);
  kv::Cursor at(txn, cities_.tree());
  at.SeekFirst();
  ASSERT_TRUE(at.Valid());
  EXPECT_NEAR(static_cast<double>(BlockCount(at.value())), 128.5, 1);
}

TEST_F(IndexTreeTest, BlocksOfWideGapsEndByBytes) {
  kv::WriteTransaction txn = Write();
  const RecordId step = kMaxRecordId / 200;
  for (RecordId i = 1; i <= 200; ++i) ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("Utrecht"), i * step)));
  EXPECT_EQ(Blocks(txn, cities_), 2u);  // gaps of 6 bytes, 116 in a block
  EXPECT_EQ(cities_.Count(txn, {}).value(), 200u);
}

TEST_F(IndexTreeTest, ErasedBlocksJoinAndGo) {
  kv::WriteTransaction txn = Write();
  for (RecordId id = 1; id <= 2560; ++id) ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("Utrecht"), id)));
  for (RecordId id = 1; id <= 2560; ++id) {
    if (id % 64 == 0) continue;
    ASSERT_TRUE(Ok(cities_.Erase(&txn, KeyOf("Utrecht"), id)));
  }
  EXPECT_LE(Blocks(txn, cities_), 3u);
  for (RecordId id = 64; id <= 2560; id += 64) ASSERT_TRUE(Ok(cities_.Erase(&txn, KeyOf("Utrecht"), id)));
  EXPECT_EQ(Blocks(txn, cities_), 0u);
}

TEST_F(IndexTreeTest, IdsUpToTheLast) {
  kv::WriteTransaction txn = Write();
  const std::vector<RecordId> ids = {
      1, 127, 128, 129, 16'511, 16'512, RecordId{1} << 40, kMaxRecordId - 1, kMaxRecordId};
  for (RecordId id : ids) ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("Utrecht"), id)));
  std::vector<RecordId> found;
  ASSERT_TRUE(Ok(cities_.AppendIds(txn, {}, &found)));
  EXPECT_EQ(found, ids);
  EXPECT_TRUE(absl::IsAlreadyExists(cities_.Insert(&txn, KeyOf("Utrecht"), kMaxRecordId)));
  ASSERT_TRUE(Ok(cities_.Erase(&txn, KeyOf("Utrecht"), kMaxRecordId)));
  EXPECT_TRUE(absl::IsNotFound(cities_.Erase(&txn, KeyOf("Utrecht"), kMaxRecordId)));
}

TEST_F(IndexTreeTest, KeysAsLongAsTheyGet) {
  kv::WriteTransaction txn = Write();
  const std::string key(504, 'x');
  for (RecordId id = 1; id <= 1000; ++id) ASSERT_TRUE(Ok(cities_.Insert(&txn, key, kMaxRecordId - 3 * id)));
  EXPECT_EQ(Scan(txn, cities_).size(), 1000u);
  EXPECT_EQ(Scan(txn, cities_)[0].first, key);
  for (RecordId id = 1; id <= 1000; ++id) ASSERT_TRUE(Ok(cities_.Erase(&txn, key, kMaxRecordId - 3 * id)));
  EXPECT_EQ(Blocks(txn, cities_), 0u);
}

TEST_F(IndexTreeTest, EstimatesAreOfTheRightSize) {
  kv::WriteTransaction txn = Write();
  std::mt19937_64 random(7);
  for (RecordId id = 1; id <= 40'000; ++id) {
    const std::string key = KeyOf("c" + std::to_string(100'000 + random() % 10'000));
    ASSERT_TRUE(Ok(cities_.Insert(&txn, key, id)));
  }
  const auto check = [&](const KeyRange& range, double factor) {
    const auto exact = static_cast<double>(cities_.Count(txn, range).value());
    const auto estimate = static_cast<double>(cities_.EstimateCount(txn, range).value());
    EXPECT_GE(estimate, exact / factor) << range.low << " " << range.high;
    EXPECT_LE(estimate, exact * factor) << range.low << " " << range.high;
  };
  check({}, 1.1);
  check({.low = "c102000", .high = ""}, 1.5);
  check({.low = "c100000", .high = "c105000"}, 1.5);
  check({.low = "c103000", .high = "c103400"}, 1);  // few enough to count
  check({.low = "d", .high = ""}, 1);
  check({.low = "c2", .high = "c1"}, 1);
}

TEST_F(IndexTreeTest, EstimatesOfNumbersFollowTheirSize) {
  kv::WriteTransaction txn = Write();
  const auto key = [](int64_t number) {
    std::string bytes;
    AppendOrderedInt(number, &bytes);
    return bytes;
  };
  for (RecordId id = 1; id <= 30'000; ++id) {
    ASSERT_TRUE(Ok(cities_.Insert(&txn, key(static_cast<int64_t>(id * 7)), id)));
  }
  const auto estimate = cities_.EstimateCount(txn, {.low = key(70'000), .high = key(140'000)}).value();
  EXPECT_NEAR(static_cast<double>(estimate), 10'000, 100);
}

TEST_F(IndexTreeTest, EstimatesOfOneValueFollowItsIds) {
  kv::WriteTransaction txn = Write();
  for (RecordId id = 1; id <= 400'000; ++id) ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("Utrecht"), 3 * id)));
  const std::string key = KeyOf("Utrecht");
  EXPECT_NEAR(static_cast<double>(cities_.EstimateCount(txn, {.low = key, .high = KeyAfter(key)}).value()),
              400'000, 1'000);
}

TEST_F(IndexTreeTest, DamageIsReportedNotTrusted) {
  kv::WriteTransaction txn = Write();
  ASSERT_TRUE(
      Ok(txn.Put(cities_.tree(), EntryKey(KeyOf("Utrecht"), 5), "\x01\x80")));  // a gap that does not end
  EXPECT_TRUE(absl::IsDataLoss(cities_.Insert(&txn, KeyOf("Utrecht"), 9)));
  EXPECT_TRUE(absl::IsDataLoss(cities_.Erase(&txn, KeyOf("Utrecht"), 9)));
  std::vector<RecordId> ids;
  EXPECT_TRUE(absl::IsDataLoss(cities_.AppendIds(txn, {}, &ids)));
  IndexCursor at(txn, cities_, {});
  EXPECT_FALSE(at.Valid());
  EXPECT_TRUE(absl::IsDataLoss(at.status()));

  ASSERT_TRUE(Ok(txn.Put(serials_.tree(), KeyOf("x"), "")));
  EXPECT_TRUE(absl::IsDataLoss(serials_.FindUnique(txn, KeyOf("x")).status()));
  EXPECT_TRUE(absl::IsDataLoss(serials_.Count(txn, {}).status()));
}

TEST_F(IndexTreeTest, ACursorRefusesAPlaceThatIsNone) {
  kv::WriteTransaction txn = Write();
  ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("Utrecht"), 5)));
  IndexCursor at(txn, cities_, {});
  at.SeekAfter(std::string(600, 'A'), 1);
  EXPECT_FALSE(at.Valid());
  EXPECT_TRUE(absl::IsInvalidArgument(at.status()));
}

}  // namespace
}  // namespace relata::store
