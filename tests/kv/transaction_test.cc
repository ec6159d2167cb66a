// Tests of transactions: own changes, savepoints, turns between writers, what is refused.
#include "src/kv/transaction.h"

#include <cstring>
#include <thread>
#include <vector>

#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

using ::testing::HasSubstr;

class TransactionTest : public KvTest {
 protected:
  std::shared_ptr<Environment> environment_ = Open();
  Tree tree_ = MakeTree(*environment_, "rows");
};

TEST_F(TransactionTest, ReadsItsOwnChangesAndOthersReadThemAfterCommit) {
  auto txn = environment_->BeginWrite();
  ASSERT_TRUE(Ok(txn));
  ASSERT_TRUE(Ok(txn->Put(tree_, "city", "Utrecht")));
  EXPECT_EQ(ValueOf(*txn, tree_, "city"), "Utrecht");
  auto before = environment_->BeginRead();
  ASSERT_TRUE(Ok(before));
  ASSERT_TRUE(Ok(txn->Commit()));
  EXPECT_FALSE(txn->open());
  EXPECT_EQ(ValueOf(*before, tree_, "city"), "(none)");
  EXPECT_EQ(ValueNow(*environment_, tree_, "city"), "Utrecht");
}

TEST_F(TransactionTest, DestroyedWithoutCommitChangesNothing) {
  {
    auto txn = environment_->BeginWrite();
    ASSERT_TRUE(Ok(txn->Put(tree_, "city", "Utrecht")));
  }
  EXPECT_EQ(ValueNow(*environment_, tree_, "city"), "(none)");
}

TEST_F(TransactionTest, GetTellsAbsentFromFailed) {
  ASSERT_TRUE(Ok(PutOne(*environment_, tree_, "empty", "")));
  auto snapshot = environment_->BeginRead();
  auto absent = snapshot->Get(tree_, "absent");
  ASSERT_TRUE(Ok(absent));
  EXPECT_FALSE(absent->has_value());
  auto empty = snapshot->Get(tree_, "empty");
  ASSERT_TRUE(Ok(empty));
  ASSERT_TRUE(empty->has_value());
  EXPECT_EQ(**empty, "");
  EXPECT_EQ(snapshot->Get(Tree(), "key").status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(TransactionTest, KeysHaveOneTo511Bytes) {
  const std::string longest(511, 'k'), too_long(512, 'k');
  auto txn = environment_->BeginWrite();
  EXPECT_TRUE(Ok(txn->Put(tree_, "k", "short")));
  EXPECT_TRUE(Ok(txn->Put(tree_, longest, "long")));
  for (const std::string& key : {std::string(), too_long}) {
    const std::string bytes = StrCat("a key of ", key.size(), " bytes");
    bool inserted;
    EXPECT_THAT(Text(txn->Put(tree_, key, "v")), HasSubstr(bytes));
    EXPECT_THAT(Text(txn->Append(tree_, key, "v")), HasSubstr(bytes));
    EXPECT_THAT(Text(txn->Insert(tree_, key, "v", &inserted)), HasSubstr(bytes));
    EXPECT_EQ(txn->Reserve(tree_, key, 1).status().code(), absl::StatusCode::kInvalidArgument);
    bool found = true;
    EXPECT_TRUE(Ok(txn->Delete(tree_, key, &found)));
    EXPECT_FALSE(found);
    EXPECT_EQ(ValueOf(*txn, tree_, key), "(none)");
  }
  // A refused key is no failure of the transaction.
  ASSERT_TRUE(Ok(txn->Commit()));
  EXPECT_EQ(ValueNow(*environment_, tree_, longest), "long");
}

TEST_F(TransactionTest, ReserveHandsOutTheValueToFill) {
  auto txn = environment_->BeginWrite();
  auto room = txn->Reserve(tree_, "row", 6);
  ASSERT_TRUE(Ok(room));
  ASSERT_EQ(room->size(), 6u);
  std::memcpy(room->data(), "Jansen", 6);
  ASSERT_TRUE(Ok(txn->Commit()));
  EXPECT_EQ(ValueNow(*environment_, tree_, "row"), "Jansen");
}

TEST_F(TransactionTest, InsertLeavesWhatIsThere) {
  auto txn = environment_->BeginWrite();
  bool inserted = false;
  ASSERT_TRUE(Ok(txn->Insert(tree_, "key", "first", &inserted)));
  EXPECT_TRUE(inserted);
  ASSERT_TRUE(Ok(txn->Insert(tree_, "key", "second", &inserted)));
  EXPECT_FALSE(inserted);
  EXPECT_EQ(ValueOf(*txn, tree_, "key"), "first");
}

TEST_F(TransactionTest, AppendRefusesWhatDoesNotSortLast) {
  auto txn = environment_->BeginWrite();
  ASSERT_TRUE(Ok(txn->Append(tree_, IdKey(1), "one")));
  ASSERT_TRUE(Ok(txn->Append(tree_, IdKey(256), "two hundred fifty-six")));
  EXPECT_EQ(txn->Append(tree_, IdKey(256), "again").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(txn->Append(tree_, IdKey(255), "before").code(), absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(Ok(txn->Append(tree_, IdKey(257), "goes on")));
  ASSERT_TRUE(Ok(txn->Commit()));
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(256)), "two hundred fifty-six");
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(257)), "goes on");
}

TEST_F(TransactionTest, DeleteTellsWhetherTheKeyWasThere) {
  ASSERT_TRUE(Ok(PutOne(*environment_, tree_, "key", "value")));
  auto txn = environment_->BeginWrite();
  bool found = false;
  ASSERT_TRUE(Ok(txn->Delete(tree_, "key", &found)));
  EXPECT_TRUE(found);
  ASSERT_TRUE(Ok(txn->Delete(tree_, "key", &found)));
  EXPECT_FALSE(found);
  ASSERT_TRUE(Ok(txn->Delete(tree_, "key")));
}

TEST_F(TransactionTest, LargeValuesAreKeptWhole) {
  std::string large(3 << 20, '\0');
  for (size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 >> 3);
  ASSERT_TRUE(Ok(PutOne(*environment_, tree_, "large", large)));
  EXPECT_EQ(ValueNow(*environment_, tree_, "large"), large);
}

TEST_F(TransactionTest, ASecondWriterOnTheSameThreadIsRefused) {
  auto first = environment_->BeginWrite();
  ASSERT_TRUE(Ok(first));
  auto second = environment_->BeginWrite();
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(second.status()), HasSubstr("this thread is writing already"));
  ASSERT_TRUE(Ok(first->Commit()));
  EXPECT_TRUE(Ok(environment_->BeginWrite()));
}

TEST_F(TransactionTest, WritersOnOtherThreadsTakeTurns) {
  constexpr int kThreads = 4, kCommits = 25;
  ASSERT_TRUE(Ok(PutOne(*environment_, tree_, "count", "0")));
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int commit = 0; commit < kCommits; ++commit) {
        EXPECT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) {
          return txn.Put(tree_, "count", StrCat(std::stoi(ValueOf(txn, tree_, "count")) + 1));
        })));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ValueNow(*environment_, tree_, "count"), StrCat(kThreads * kCommits));
}

TEST_F(TransactionTest, CommitOnAnotherThreadIsRefusedAndTheOwnerCanStillCommit) {
  auto txn = environment_->BeginWrite();
  ASSERT_TRUE(Ok(txn->Put(tree_, "key", "value")));
  Status elsewhere;
  std::thread([&] { elsewhere = txn->Commit(); }).join();
  EXPECT_EQ(elsewhere.code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Ok(txn->Commit()));
  EXPECT_EQ(ValueNow(*environment_, tree_, "key"), "value");
}

TEST_F(TransactionTest, RollingBackOnAnotherThreadEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a process of its own; a forked child is refused anyway
  EXPECT_DEATH(
      {
        auto txn = environment_->BeginWrite();
        std::thread([&] { txn->Abort(); }).join();
      },
      "on_the_thread_that_began_it");
}

TEST_F(TransactionTest, NestedTransactionsAreSavepoints) {
  auto outer = environment_->BeginWrite();
  ASSERT_TRUE(Ok(outer->Put(tree_, "outer", "1")));
  {
    auto kept = outer->BeginNested();
    ASSERT_TRUE(Ok(kept));
    EXPECT_TRUE(kept->nested());
    EXPECT_EQ(ValueOf(*kept, tree_, "outer"), "1");
    ASSERT_TRUE(Ok(kept->Put(tree_, "kept", "2")));
    ASSERT_TRUE(Ok(kept->Commit()));
  }
  {
    auto dropped = outer->BeginNested();
    ASSERT_TRUE(Ok(dropped->Put(tree_, "dropped", "3")));
    ASSERT_TRUE(Ok(dropped->Put(tree_, "outer", "overwritten")));
  }
  EXPECT_EQ(ValueOf(*outer, tree_, "outer"), "1");
  EXPECT_EQ(ValueOf(*outer, tree_, "kept"), "2");
  EXPECT_EQ(ValueOf(*outer, tree_, "dropped"), "(none)");
  ASSERT_TRUE(Ok(outer->Commit()));
  EXPECT_EQ(ValueNow(*environment_, tree_, "kept"), "2");
}

TEST_F(TransactionTest, ANestedTransactionMayRunOnAnotherThread) {
  auto outer = environment_->BeginWrite();
  std::thread([&] {
    auto inner = outer->BeginNested();
    ASSERT_TRUE(Ok(inner->Put(tree_, "from", "another thread")));
    ASSERT_TRUE(Ok(inner->Commit()));
  }).join();
  ASSERT_TRUE(Ok(outer->Commit()));
  EXPECT_EQ(ValueNow(*environment_, tree_, "from"), "another thread");
}

TEST_F(TransactionTest, AnOuterTransactionRestsWhileANestedOneIsOpen) {
  auto outer = environment_->BeginWrite();
  ASSERT_TRUE(Ok(outer->Put(tree_, "key", "value")));
  auto inner = outer->BeginNested();
  ASSERT_TRUE(Ok(inner));
  std::string_view value;
  EXPECT_FALSE(outer->Find(tree_, "key", &value));
  EXPECT_THAT(Text(outer->status()), HasSubstr("nested transaction"));
  EXPECT_EQ(outer->Put(tree_, "key", "other").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(outer->BeginNested().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(outer->Commit().code(), absl::StatusCode::kFailedPrecondition);
  inner->Abort();
  EXPECT_TRUE(Ok(outer->status()));
  EXPECT_TRUE(Ok(outer->Commit()));
  EXPECT_EQ(ValueNow(*environment_, tree_, "key"), "value");
}

TEST_F(TransactionTest, EndingAnOuterTransactionEndsTheNestedOnes) {
  auto outer = environment_->BeginWrite();
  auto inner = outer->BeginNested();
  auto innermost = inner->BeginNested();
  ASSERT_TRUE(Ok(innermost->Put(tree_, "key", "value")));
  outer->Abort();
  EXPECT_THAT(Text(innermost->status()), HasSubstr("the outer transaction has ended"));
  EXPECT_EQ(innermost->Commit().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(inner->Put(tree_, "key", "value").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ValueNow(*environment_, tree_, "key"), "(none)");
  EXPECT_TRUE(Ok(environment_->BeginWrite()));
}

TEST_F(TransactionTest, EndedTransactionsSaySo) {
  auto snapshot = environment_->BeginRead();
  snapshot->End();
  snapshot->End();
  std::string_view value;
  EXPECT_FALSE(snapshot->Find(tree_, "key", &value));
  EXPECT_THAT(Text(snapshot->status()), HasSubstr("the transaction has ended"));
  auto txn = environment_->BeginWrite();
  ASSERT_TRUE(Ok(txn->Commit()));
  EXPECT_EQ(txn->Put(tree_, "key", "value").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(txn->Commit().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(TransactionTest, MovingHandsTheTransactionOn) {
  ASSERT_TRUE(Ok(PutOne(*environment_, tree_, "key", "old")));
  ReadTransaction first = *environment_->BeginRead();
  ReadTransaction snapshot = std::move(first);
  EXPECT_FALSE(first.open());
  ASSERT_TRUE(Ok(PutOne(*environment_, tree_, "key", "new")));
  EXPECT_EQ(ValueOf(snapshot, tree_, "key"), "old");
  snapshot = *environment_->BeginRead();
  EXPECT_EQ(ValueOf(snapshot, tree_, "key"), "new");
}

TEST_F(TransactionTest, IdsCountCommitsThatChangeSomething) {
  const uint64_t before = environment_->BeginRead()->id();
  {
    auto txn = environment_->BeginWrite();
    EXPECT_EQ(txn->id(), before + 1);
    ASSERT_TRUE(Ok(txn->Commit()));  // nothing changed
  }
  EXPECT_EQ(environment_->BeginRead()->id(), before);
  ASSERT_TRUE(Ok(PutOne(*environment_, tree_, "key", "value")));
  EXPECT_EQ(environment_->BeginRead()->id(), before + 1);
}

TEST_F(TransactionTest, StatsOfATreeCountItsEntriesAndPages) {
  auto txn = environment_->BeginWrite();
  for (uint64_t id = 1; id <= 1000; ++id)
    ASSERT_TRUE(Ok(txn->Append(tree_, IdKey(id), std::string(100, 'x'))));
  auto stats = txn->StatTree(tree_);
  ASSERT_TRUE(Ok(stats));
  EXPECT_EQ(stats->entries, 1000u);
  EXPECT_EQ(stats->depth, 2u);
  // A page of 4,096 bytes, less its head of 16, holds 34 entries of 8 + 100 bytes with 8 more for each and a
  // pointer of 2.
  EXPECT_EQ(stats->leaf_pages, (1000u + 33) / 34);
  EXPECT_EQ(stats->bytes, 4096 * (stats->branch_pages + stats->leaf_pages + stats->overflow_pages));
}

TEST(IdKey, SortsAsNumbersDo) {
  const std::vector<uint64_t> ids = {0, 1, 255, 256, 65535, 1ull << 32, ~0ull};
  for (const uint64_t id : ids) EXPECT_EQ(IdKey::Decode(IdKey(id)), id);
  for (size_t i = 1; i < ids.size(); ++i) {
    EXPECT_LT(std::string_view(IdKey(ids[i - 1])), std::string_view(IdKey(ids[i])));
  }
}

}  // namespace
}  // namespace relata::kv
