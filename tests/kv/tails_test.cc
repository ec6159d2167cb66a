// Writers that know the end of a tree find, insert and append as those who look: random steps beside a map,
// with savepoints, keys in order and out of it.
#include "src/kv/tails.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/coding.h"
#include "src/kv/transaction.h"
#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

TEST(TailsTest, KnowsOnlyWhatWasAppended) {
  Tails tails;
  EXPECT_FALSE(tails.IsPast(3, "a"));
  EXPECT_TRUE(tails.MayAppend(3, "a"));
  tails.Appended(3, "m");
  EXPECT_TRUE(tails.IsPast(3, "n"));
  EXPECT_FALSE(tails.IsPast(3, "m"));
  EXPECT_FALSE(tails.MayAppend(3, "b"));
  EXPECT_FALSE(tails.IsPast(4, "n"));
  tails.Put(3, "q");
  tails.Put(3, "c");
  EXPECT_FALSE(tails.IsPast(3, "q"));
  EXPECT_TRUE(tails.IsPast(3, "qq"));
  tails.NotLast(4);
  EXPECT_FALSE(tails.MayAppend(4, "z"));
  tails.Put(4, "z");
  EXPECT_FALSE(tails.IsPast(4, "zz"));
  tails.Forget();
  EXPECT_FALSE(tails.IsPast(3, "z"));
}

using Model = std::map<std::string, std::string>;

class TailsTwin : public KvTest {
 public:
  void TestBody() override {}

  void Run() {
    OpenOptions options = SmallMap();
    options.durability = Durability::kUnsafe;  // many small stores, and none that must last
    const std::shared_ptr<Environment> environment = Open(options);
    const Tree trees[] = {MakeTree(*environment, "one"), MakeTree(*environment, "two")};
    Model models[2];
    for (int round = 0; round < 3; ++round) {
      auto txn = environment->BeginWrite();
      RC_ASSERT(txn.ok());
      Steps(&*txn, trees, models, *rc::gen::inRange(0, 60), /*depth=*/0);
      RC_ASSERT(txn->Commit().ok());
    }
    auto snapshot = environment->BeginRead();
    for (int i = 0; i < 2; ++i) {
      Model stored;
      Cursor at(*snapshot, trees[i]);
      for (at.SeekFirst(); at.Valid(); at.Next()) stored.emplace(at.key(), at.value());
      RC_ASSERT(stored == models[i]);
    }
  }

 private:
  std::string Key() {
    // Mostly the next one, as ids and numbers come; sometimes any.
    if (*rc::gen::inRange(0, 4) != 0) return std::string(IdKey(next_ += 3));
    return std::string(IdKey(*rc::gen::inRange<uint64_t>(1, next_ + 10)));
  }

  void Steps(WriteTransaction* txn, const Tree* trees, Model* models, int count, int depth) {
    for (int step = 0; step < count; ++step) {
      const int which = *rc::gen::inRange(0, 2);
      Model& model = models[which];
      const Tree tree = trees[which];
      const std::string key = Key();
      const std::string value = std::to_string(++values_);
      std::string_view found;
      const auto known = model.find(key);
      switch (*rc::gen::inRange(0, 8)) {
        case 0:
          RC_ASSERT(txn->Put(tree, key, value).ok());
          model[key] = value;
          break;
        case 1: {
          const bool last = model.empty() || model.rbegin()->first < key;
          RC_ASSERT(txn->Append(tree, key, value).ok() == last);
          if (last) model[key] = value;
          break;
        }
        case 2:
          RC_ASSERT(txn->Delete(tree, key).ok());
          model.erase(key);
          break;
        case 3:
          if (*rc::gen::inRange(0, 10) != 0) break;
          RC_ASSERT(txn->EmptyTree(tree).ok());
          model.clear();
          break;
        case 4: {
          if (depth == 2) break;
          Model before[2] = {models[0], models[1]};
          auto inner = txn->BeginNested();
          RC_ASSERT(inner.ok());
          Steps(&*inner, trees, models, *rc::gen::inRange(0, 8), depth + 1);
          if (*rc::gen::arbitrary<bool>()) {
            RC_ASSERT(inner->Commit().ok());
          } else {
            inner->Abort();
            for (int i = 0; i < 2; ++i) models[i] = before[i];
          }
          break;
        }
        default: {
          bool inserted = false;
          RC_ASSERT(txn->Insert(tree, key, value, &inserted).ok());
          RC_ASSERT(inserted == (known == model.end()));
          if (inserted) model[key] = value;
        }
      }
      for (const std::string& asked : {key, Key()}) {
        const auto expected = model.find(asked);
        RC_ASSERT(txn->Find(tree, asked, &found) == (expected != model.end()));
        if (expected != model.end()) RC_ASSERT(found == expected->second);
      }
    }
  }

  uint64_t next_ = 1;
  int values_ = 0;
};

RC_GTEST_PROP(Tails, ChangeNothingButTheTime, ()) { TailsTwin().Run(); }

}  // namespace
}  // namespace relata::kv
