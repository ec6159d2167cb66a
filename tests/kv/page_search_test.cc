// Tests of looking up ids in pages, beside LMDB's own cursors.
#include "src/kv/page_search.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

class PageSearchTest : public KvTest {
 protected:
  static OpenOptions Fast() {
    OpenOptions options = SmallMap();
    options.map_size = 256 << 20;
    options.durability = Durability::kUnsafe;
    return options;
  }

  // Every id up to `most` and some beyond, as a cursor of LMDB's finds them.
  void ExpectAsCursor(const ReadTransaction& snapshot, Tree tree, uint64_t most) {
    Cursor at(snapshot, tree);
    const auto same = [&](uint64_t id) {
      const bool there = at.SeekExact(IdKey(id));
      std::string_view value;
      ASSERT_EQ(snapshot.Find(tree, IdKey(id), &value), there) << id;
      if (there) {
        ASSERT_EQ(value, at.value()) << id;
      }
    };
    for (uint64_t id = 0; id <= most; ++id) same(id);
    for (const uint64_t id : {most + 1, uint64_t{1} << 47, ~uint64_t{0}}) same(id);
    EXPECT_TRUE(Ok(snapshot.status()));
  }

  std::shared_ptr<Environment> environment_ = Open(Fast());
};

TEST_F(PageSearchTest, FindsWhatACursorFinds) {
  const Tree rows = MakeTree(*environment_, "rows");
  const Tree other = MakeTree(*environment_, "other");
  std::mt19937_64 random(5);
  uint64_t most = 0;
  {
    const auto empty = environment_->BeginRead();
    ExpectAsCursor(*empty, rows, 3);
  }
  // One page, then two and three levels; values on overflow pages among them.
  for (const uint64_t count : {3u, 2'000u, 40'000u}) {
    ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) -> Status {
      for (uint64_t i = 0; i < count; ++i) {
        const uint64_t id = random() % (3 * count);
        most = std::max(most, id);
        const std::string value(random() % 50 == 0 ? random() % 20'000 : random() % 120,
                                static_cast<char>('a' + id % 26));
        RELATA_RETURN_IF_ERROR(txn.Put(rows, IdKey(id), value));
        if (i % 7 == 0) RELATA_RETURN_IF_ERROR(txn.Put(other, IdKey(id), "other"));
      }
      return absl::OkStatus();
    })));
    const auto snapshot = environment_->BeginRead();
    ExpectAsCursor(*snapshot, rows, most);
    ExpectAsCursor(*snapshot, other, most);
  }
  ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) -> Status {
    for (uint64_t id = 0; id <= most; ++id) {
      if (id % 5 != 0) RELATA_RETURN_IF_ERROR(txn.Delete(rows, IdKey(id)));
    }
    return absl::OkStatus();
  })));
  const auto snapshot = environment_->BeginRead();
  ExpectAsCursor(*snapshot, rows, most);
}

// Keys of one to eight bytes, some the beginning of others, with zeros at their ends; where `longest` is
// more, longer ones between them. What a std::map holds is what the snapshot finds.
TEST_F(PageSearchTest, FindsShortKeysOfAnyLength) {
  std::mt19937_64 random(13);
  const auto draw = [&](size_t longest, int letters) {
    std::string key(1 + random() % longest, '\0');
    for (char& c : key) c = static_cast<char>(random() % static_cast<uint64_t>(letters) * 51);
    return key;
  };
  int trees = 0;
  for (const size_t longest : {3u, 7u, 12u}) {
    for (const int letters : {2, 5, 256}) {
      for (const int count : {5, 700, 20'000}) {
        const Tree tree = MakeTree(*environment_, StrCat("short", ++trees));
        std::map<std::string, std::string> expected;
        for (int i = 0; i < count; ++i) {
          const size_t size = random() % 100 == 0 ? random() % 5'000 : random() % 4;
          expected[draw(longest, letters)] = std::string(size, static_cast<char>('a' + i % 26));
        }
        ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) -> Status {
          for (const auto& [key, value] : expected) RELATA_RETURN_IF_ERROR(txn.Put(tree, key, value));
          return absl::OkStatus();
        })));
        const auto snapshot = environment_->BeginRead();
        const auto look = [&](const std::string& key) {
          const auto entry = expected.find(key);
          std::string_view value;
          ASSERT_EQ(snapshot->Find(tree, key, &value), entry != expected.end())
              << testing::PrintToString(key);
          if (entry != expected.end()) {
            ASSERT_EQ(value, entry->second);
          }
        };
        for (const auto& [key, value] : expected) {
          look(key);
          look(key + '\0');
          if (key.size() > 1) look(key.substr(0, key.size() - 1));
        }
        for (int i = 0; i < 1'000; ++i) look(draw(longest + 1, letters));
        EXPECT_TRUE(Ok(snapshot->status()));
      }
    }
  }
}

// Keys of eight bytes among shorter and longer ones, with values that end where a page does.
TEST_F(PageSearchTest, LeavesOtherTreesToLmdb) {
  const Tree mixed = MakeTree(*environment_, "mixed");
  std::mt19937_64 random(9);
  ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) -> Status {
    for (int i = 0; i < 5'000; ++i) {
      const std::string key = std::string(IdKey(random() % 4'000)).substr(6) + std::string(random() % 9, 'x');
      RELATA_RETURN_IF_ERROR(txn.Put(mixed, key, std::string(random() % 3, 'v')));
      RELATA_RETURN_IF_ERROR(txn.Put(mixed, IdKey(random() % 4'000), "eight"));
    }
    return absl::OkStatus();
  })));
  const auto snapshot = environment_->BeginRead();
  ExpectAsCursor(*snapshot, mixed, 4'000);
}

TEST_F(PageSearchTest, SeesWhatItsSnapshotSees) {
  const Tree rows = MakeTree(*environment_, "rows");
  const auto put = [&](std::string_view value) {
    ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) -> Status {
      for (uint64_t id = 1; id <= 3'000; ++id) RELATA_RETURN_IF_ERROR(txn.Put(rows, IdKey(id), value));
      return absl::OkStatus();
    })));
  };
  put("old");
  const auto old = environment_->BeginRead();
  EXPECT_EQ(ValueOf(*old, rows, IdKey(2'000)), "old");
  for (int i = 0; i < 5; ++i) put(StrCat("new ", i));
  const auto now = environment_->BeginRead();
  for (const uint64_t id : {1u, 1'500u, 3'000u}) {
    EXPECT_EQ(ValueOf(*old, rows, IdKey(id)), "old");
    EXPECT_EQ(ValueOf(*now, rows, IdKey(id)), "new 4");
  }
  // A tree that is younger than the snapshot is no tree of it.
  const Tree young = MakeTree(*environment_, "young");
  ASSERT_TRUE(Ok(PutOne(*environment_, young, IdKey(1), "young")));
  std::string_view value;
  EXPECT_FALSE(old->Find(young, IdKey(1), &value));
  EXPECT_TRUE(absl::IsFailedPrecondition(old->status()));
  EXPECT_EQ(ValueNow(*environment_, young, IdKey(1)), "young");
}

}  // namespace
}  // namespace relata::kv
