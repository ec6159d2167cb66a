// Tests of postings: lists of ids of any density, over many blocks, against sets.
#include "src/query/postings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "src/kv/cursor.h"
#include "src/store/id_suffix.h"
#include "src/store/index_entry.h"
#include "src/store/index_tree.h"
#include "tests/kv/fixture.h"

namespace relata::query {
namespace {

using Ids = std::set<RecordId>;

class PostingsTest : public kv::KvTest {
 protected:
  PostingsTest() {
    kv::OpenOptions options = kv::SmallMap();
    options.durability = kv::Durability::kUnsafe;
    environment_ = Open(options);
    tree_ = store::IndexTree(kv::MakeTree(*environment_, "words"), /*unique=*/false);
  }

  // Ids whose gaps are up to `reach`, some of them far longer.
  Ids SomeIds(uint64_t reach) {
    Ids ids;
    const size_t count = random_() % 10 == 0 ? random_() % 3 : random_() % 1'500;
    for (RecordId id = 1 + random_() % 5'000; ids.size() < count; id += 1 + random_() % reach) {
      ids.insert(id);
      if (random_() % 200 == 0) id += 40'000;
    }
    return ids;
  }

  // The values key of one more posting, with these ids.
  std::string Store(kv::WriteTransaction* txn, const Ids& ids) {
    std::string values = StrCat("w", 100 + next_++, "\x01\x02");
    for (const RecordId id : ids) EXPECT_TRUE(kv::Ok(tree_.Insert(txn, values, id)));
    return values;
  }

  // As a listing finds it; nothing is added for one without ids.
  void AddTo(const kv::Transaction& txn, const std::string& values, Share share, Postings* postings) {
    kv::Cursor at(txn, tree_.tree());
    at.Seek(values);
    store::IndexEntry entry;
    if (!at.Valid() || !store::ReadEntry(/*unique=*/false, at.key(), at.value(), &entry)) return;
    if (entry.values != values) return;
    at.Next();
    const bool whole = !at.Valid() || !at.key().starts_with(values);
    postings->Add(txn, tree_.tree(), {entry.values, entry.id, entry.gaps, whole && random_() % 2 == 0},
                  share);
  }

  std::shared_ptr<kv::Environment> environment_;
  store::IndexTree tree_;
  std::mt19937_64 random_{5};
  int next_ = 0;
};

TEST_F(PostingsTest, IntersectAsSetsDo) {
  size_t found = 0;
  for (int round = 0; round < 60; ++round) {
    kv::WriteTransaction txn = environment_->BeginWrite().value();
    const size_t count = 1 + random_() % 3;
    std::vector<Ids> all(count);
    std::vector<Postings> words;
    std::vector<std::vector<std::string>> values(count);
    for (size_t i = 0; i < count; ++i) {
      const size_t lists = random_() % 3 == 0 ? 1 + random_() % 4 : 1;
      for (size_t list = 0; list < lists; ++list) {
        const Ids ids = SomeIds(uint64_t{1} << (random_() % 12));
        values[i].push_back(Store(&txn, ids));
        all[i].insert(ids.begin(), ids.end());
      }
    }
    for (const std::vector<std::string>& lists : values) {
      words.emplace_back(lists.size());
      for (const std::string& list : lists) AddTo(txn, list, {}, &words.back());
    }
    std::vector<RecordId> expected;
    for (const RecordId id : all[0]) {
      if (std::all_of(all.begin(), all.end(), [&](const Ids& ids) { return ids.contains(id); })) {
        expected.push_back(id);
      }
    }
    const size_t most = random_() % 2 == 0 ? 1 + random_() % 20 : SIZE_MAX;
    expected.resize(std::min(expected.size(), most));
    std::vector<RecordId> ids;
    ASSERT_TRUE(kv::Ok(Intersect(&words, [&](RecordId id) {
      ids.push_back(id);
      return ids.size() < most;
    })));
    ASSERT_EQ(ids, expected) << round;
    found += ids.size();
  }
  EXPECT_GT(found, 1'000u);
}

TEST_F(PostingsTest, MoveToTheFirstIdFromThereAndTellItsBestShare) {
  for (int round = 0; round < 60; ++round) {
    kv::WriteTransaction txn = environment_->BeginWrite().value();
    std::map<RecordId, uint64_t> best;
    const size_t lists = 1 + random_() % 4;
    Postings postings(lists);
    std::vector<std::pair<std::string, uint64_t>> stored;
    for (size_t list = 0; list < lists; ++list) {
      const Ids ids = SomeIds(uint64_t{1} << (random_() % 12));
      stored.emplace_back(Store(&txn, ids), 1 + random_() % 100);
      for (const RecordId id : ids) best[id] = std::max(best[id], stored.back().second);
    }
    for (const auto& [values, score] : stored) AddTo(txn, values, {.score = score, .field = 0}, &postings);
    const uint64_t stride = uint64_t{1} << (random_() % 14);
    for (RecordId id = 1;; id += 1 + random_() % stride) {
      ASSERT_TRUE(kv::Ok(postings.SeekTo(id)));
      const auto expected = best.lower_bound(id);
      ASSERT_EQ(postings.id(), expected == best.end() ? kNoMore : expected->first) << id;
      if (expected == best.end()) break;
      ASSERT_EQ(postings.Best().score, expected->second) << id;
      id = std::max(id, random_() % 2 == 0 ? expected->first : id);
    }
  }
}

TEST_F(PostingsTest, TellADamagedBlock) {
  kv::WriteTransaction txn = environment_->BeginWrite().value();
  Ids ids;
  for (RecordId id = 1; id < 2'000; ++id) ids.insert(id);
  const std::string sound = Store(&txn, ids);
  const std::string damaged = Store(&txn, ids);
  const std::string gaps(300, '\x80');
  ASSERT_TRUE(kv::Ok(txn.Put(tree_.tree(), store::EntryKey(damaged, 1), gaps)));
  std::vector<Postings> words;
  for (const std::string& values : {sound, damaged}) {
    words.emplace_back(1);
    AddTo(txn, values, {}, &words.back());
  }
  EXPECT_TRUE(absl::IsDataLoss(Intersect(&words, [](RecordId) { return true; })));
}

}  // namespace
}  // namespace relata::query
