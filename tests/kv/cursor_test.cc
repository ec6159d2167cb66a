// Tests of cursors, by hand and beside a std::map.
#include "src/kv/cursor.h"

#include <rapidcheck.h>

#include <map>
#include <thread>
#include <vector>

#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CursorTest : public KvTest {
 protected:
  static OpenOptions Fast() {
    OpenOptions options = SmallMap();
    options.durability = Durability::kUnsafe;
    return options;
  }

  void Fill(const std::vector<std::string>& keys) {
    ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) -> Status {
      for (const std::string& key : keys)
        RELATA_RETURN_IF_ERROR(txn.Put(tree_, key, StrCat("value of ", key)));
      return absl::OkStatus();
    })));
  }

  std::shared_ptr<Environment> environment_ = Open(Fast());
  Tree tree_ = MakeTree(*environment_, "rows");
};

std::vector<std::string> KeysForward(Cursor& at) {
  std::vector<std::string> keys;
  for (at.SeekFirst(); at.Valid(); at.Next()) keys.emplace_back(at.key());
  EXPECT_TRUE(Ok(at.status()));
  return keys;
}

TEST_F(CursorTest, AnEmptyTreeHasNoEntries) {
  auto snapshot = environment_->BeginRead();
  Cursor at(*snapshot, tree_);
  at.SeekFirst();
  EXPECT_FALSE(at.Valid());
  at.SeekLast();
  EXPECT_FALSE(at.Valid());
  at.Seek("a");
  EXPECT_FALSE(at.Valid());
  at.SeekBefore("a");
  EXPECT_FALSE(at.Valid());
  EXPECT_TRUE(Ok(at.status()));
}

TEST_F(CursorTest, SeeksLandWhereTheySay) {
  Fill({"b", "d", "f"});
  auto snapshot = environment_->BeginRead();
  Cursor at(*snapshot, tree_);
  const auto key = [&at] { return at.Valid() ? std::string(at.key()) : "(end)"; };
  EXPECT_THAT(KeysForward(at), ElementsAre("b", "d", "f"));
  EXPECT_EQ((at.SeekLast(), key()), "f");
  EXPECT_EQ((at.Prev(), key()), "d");
  EXPECT_EQ((at.Seek("d"), key()), "d");
  EXPECT_EQ(at.value(), "value of d");
  EXPECT_EQ((at.Seek("c"), key()), "d");
  EXPECT_EQ((at.Seek(""), key()), "b");
  EXPECT_EQ((at.Seek("g"), key()), "(end)");
  EXPECT_EQ((at.SeekBefore("d"), key()), "b");
  EXPECT_EQ((at.SeekBefore("z"), key()), "f");
  EXPECT_EQ((at.SeekBefore("b"), key()), "(end)");
  EXPECT_TRUE(at.SeekExact("d"));
  EXPECT_EQ(key(), "d");
  EXPECT_FALSE(at.SeekExact("e"));
  EXPECT_FALSE(at.SeekExact(""));
  EXPECT_TRUE(Ok(at.status()));
}

TEST_F(CursorTest, TheEndOfItsTransactionIsTheCursorsEnd) {
  Fill({"a", "b"});
  auto snapshot = environment_->BeginRead();
  Cursor reading(*snapshot, tree_);
  reading.SeekFirst();
  ASSERT_TRUE(reading.Valid());
  snapshot->End();
  EXPECT_FALSE(reading.Valid());
  reading.SeekFirst();
  EXPECT_FALSE(reading.Valid());
  EXPECT_THAT(Text(reading.status()), HasSubstr("the transaction has ended"));

  auto txn = environment_->BeginWrite();
  Cursor writing(*txn, tree_);
  writing.SeekFirst();
  ASSERT_TRUE(Ok(txn->Commit()));
  EXPECT_FALSE(writing.Valid());
  EXPECT_EQ(writing.PutCurrent("x").code(), absl::StatusCode::kFailedPrecondition);

  Cursor never(*txn, tree_);
  EXPECT_FALSE(Ok(never.status()));
}

TEST_F(CursorTest, CursorsMove) {
  Fill({"a", "b"});
  auto snapshot = environment_->BeginRead();
  Cursor first(*snapshot, tree_), other(*snapshot, tree_);
  first.SeekFirst();
  Cursor second = std::move(first);
  ASSERT_TRUE(second.Valid());
  EXPECT_FALSE(first.Valid());
  second.Next();
  EXPECT_EQ(second.key(), "b");
  other = std::move(second);
  EXPECT_EQ(other.key(), "b");
  snapshot->End();
  EXPECT_FALSE(other.Valid());
}

TEST_F(CursorTest, ASnapshotsCursorChangesNothing) {
  Fill({"a"});
  auto snapshot = environment_->BeginRead();
  Cursor at(*snapshot, tree_);
  at.SeekFirst();
  EXPECT_EQ(at.PutCurrent("x").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(at.DeleteCurrent().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(at.value(), "value of a");
}

TEST_F(CursorTest, ANestedTransactionSuspendsTheCursorsOfTheOuterOne) {
  Fill({"a", "b", "c"});
  auto outer = environment_->BeginWrite();
  Cursor at(*outer, tree_);
  at.SeekFirst();
  {
    auto inner = outer->BeginNested();
    at.SeekLast();
    EXPECT_FALSE(at.Valid());
    EXPECT_THAT(Text(at.status()), HasSubstr("nested"));
    ASSERT_TRUE(Ok(inner->Delete(tree_, "b")));
    ASSERT_TRUE(Ok(inner->Commit()));
  }
  EXPECT_THAT(KeysForward(at), ElementsAre("a", "c"));
  {
    auto inner = outer->BeginNested();
    Cursor within(*inner, tree_);
    within.SeekFirst();
    ASSERT_TRUE(Ok(within.DeleteCurrent()));
  }
  EXPECT_THAT(KeysForward(at), ElementsAre("a", "c"));
}

TEST_F(CursorTest, AnOuterCursorMayGoWhileANestedTransactionIsOpen) {
  Fill({"a", "b"});
  auto outer = environment_->BeginWrite();
  auto at = std::make_unique<Cursor>(*outer, tree_);
  at->SeekFirst();
  auto inner = outer->BeginNested();
  at.reset();
  ASSERT_TRUE(Ok(inner->Put(tree_, "c", "")));
  ASSERT_TRUE(Ok(inner->Commit()));
  ASSERT_TRUE(Ok(outer->Commit()));
  auto snapshot = environment_->BeginRead();
  Cursor now(*snapshot, tree_);
  EXPECT_THAT(KeysForward(now), ElementsAre("a", "b", "c"));
}

TEST_F(CursorTest, AFailedTransactionStopsItsCursors) {
  auto txn = environment_->BeginWrite();
  ASSERT_TRUE(Ok(txn->Put(tree_, "a", "")));
  Cursor at(*txn, tree_);
  at.SeekFirst();
  ASSERT_TRUE(at.Valid());
  while (txn->Put(tree_, StrCat("k", txn->StatTree(tree_).ok() ? txn->StatTree(tree_)->entries : 0),
                  std::string(1 << 20, 'x'))
             .ok()) {
  }
  EXPECT_TRUE(IsMapFull(txn->status()));
  at.SeekFirst();
  EXPECT_FALSE(at.Valid());
  EXPECT_TRUE(IsMapFull(at.status()));
}

// A std::map beside the tree: after any sequence of steps both say the same.
void WalkAndChangeBesideAMap(Environment& environment, Tree tree) {
  const auto any_key =
      rc::gen::map(rc::gen::inRange(0, 300), [](int number) { return StrCat("key ", number); });
  std::map<std::string, std::string> twin;
  auto txn = environment.BeginWrite();
  RC_ASSERT(txn.ok());
  // Enough entries, of such sizes, that there are several pages to walk over and merge.
  for (const int number : *rc::gen::container<std::vector<int>>(200, rc::gen::inRange(0, 300))) {
    const std::string key = StrCat("key ", number);
    twin[key] = std::string(static_cast<size_t>(number) * 7 % 400, 'v');
    RC_ASSERT(txn->Put(tree, key, twin[key]).ok());
  }
  Cursor at(*txn, tree);
  auto place = twin.end();
  const auto agree = [&] {
    RC_ASSERT(at.status().ok());
    RC_ASSERT(at.Valid() == (place != twin.end()));
    if (place == twin.end()) return;
    RC_ASSERT(at.key() == place->first);
    RC_ASSERT(at.value() == place->second);
  };
  for (const int step : *rc::gen::container<std::vector<int>>(120, rc::gen::inRange(0, 10))) {
    const bool valid = place != twin.end();
    if (step == 0) {
      at.SeekFirst();
      place = twin.begin();
    } else if (step == 1) {
      at.SeekLast();
      place = twin.empty() ? twin.end() : std::prev(twin.end());
    } else if (step == 2) {
      const std::string key = *any_key;
      at.Seek(key);
      place = twin.lower_bound(key);
    } else if (step == 3) {
      const std::string key = *any_key;
      at.SeekBefore(key);
      place = twin.lower_bound(key);
      place = place == twin.begin() ? twin.end() : std::prev(place);
    } else if (step == 4) {
      const std::string key = *any_key;
      at.SeekExact(key);
      place = twin.find(key);
    } else if (!valid) {
      continue;
    } else if (step == 5) {
      at.Next();
      ++place;
    } else if (step == 6) {
      at.Prev();
      place = place == twin.begin() ? twin.end() : std::prev(place);
    } else if (step == 7) {
      place->second = std::string(*rc::gen::inRange<size_t>(0, 900), 'w');
      RC_ASSERT(at.PutCurrent(place->second).ok());
    } else {
      RC_ASSERT(at.DeleteCurrent().ok());
      place = twin.erase(place);
    }
    agree();
  }
  std::map<std::string, std::string> walked;
  for (at.SeekFirst(); at.Valid(); at.Next()) walked.emplace(at.key(), at.value());
  RC_ASSERT(walked == twin);
}

TEST_F(CursorTest, WalksAndChangesAsAMapDoes) {
  EXPECT_TRUE(rc::check([this] { WalkAndChangeBesideAMap(*environment_, tree_); }));
}

}  // namespace
}  // namespace relata::kv
