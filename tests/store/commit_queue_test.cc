// Tests that threads which write at the same time share commits, and that each gets its own answer all the
// same.
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

using ::testing::HasSubstr;

class CommitQueueTest : public StoreTest {
 protected:
  // Runs `body(i)` on `count` threads, all of which come while this thread is writing: so the first of them
  // leads, and the others are of its group.
  void WhileOneWrites(int count, const std::function<void(int)>& body) {
    absl::Notification writing, go_on;
    std::thread first([&] {
      EXPECT_TRUE(Ok(Update([&](Transaction&) {
        if (!writing.HasBeenNotified()) writing.Notify();
        go_on.WaitForNotification();
        return absl::OkStatus();
      })));
    });
    writing.WaitForNotification();
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([&body, i] { body(i); });
    while (store_->commit_figures().waiting != static_cast<uint64_t>(count)) std::this_thread::yield();
    go_on.Notify();
    first.join();
    for (std::thread& thread : threads) thread.join();
  }
};

TEST_F(CommitQueueTest, ThoseThatWaitShareOneCommit) {
  const CommitQueue::Figures before = store_->commit_figures();
  const uint64_t sequence = store_->Read()->position().sequence;
  WhileOneWrites(8, [&](int i) { AddClient(StrCat("c", i)); });
  const CommitQueue::Figures after = store_->commit_figures();
  EXPECT_EQ(after.closures - before.closures, 9u);
  EXPECT_EQ(after.commits - before.commits, 2u);
  EXPECT_EQ(CountNow<Client>(), 8u);
  // The first wrote nothing; each of the others has a sequence of its own.
  EXPECT_EQ(store_->Read()->position().sequence - sequence, 8u);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(CommitQueueTest, AFailureIsItsOwnersAlone) {
  AddClient("taken");
  WhileOneWrites(6, [&](int i) {
    const Status status = Update([&](Transaction& tx) -> Status {
      RELATA_RETURN_IF_ERROR(Insert(tx, Client{.code = StrCat("c", i)}).status());
      return i % 2 == 0 ? absl::OkStatus() : Insert(tx, Client{.code = "taken"}).status();
    });
    EXPECT_EQ(status.code(), i % 2 == 0 ? absl::StatusCode::kOk : absl::StatusCode::kAlreadyExists) << status;
  });
  EXPECT_EQ(CountNow<Client>(), 4u);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(CommitQueueTest, AnExceptionReachesItsOwnThread) {
  WhileOneWrites(4, [&](int i) {
    const auto write = [&] {
      return Update([&](Transaction& tx) -> Status {
        RELATA_RETURN_IF_ERROR(Insert(tx, Client{.code = StrCat("c", i)}).status());
        if (i == 2) throw std::runtime_error("host");
        return absl::OkStatus();
      });
    };
    if (i == 2) {
      EXPECT_THROW((void)write(), std::runtime_error);
    } else {
      EXPECT_TRUE(Ok(write()));
    }
  });
  EXPECT_EQ(CountNow<Client>(), 3u);
}

TEST_F(CommitQueueTest, AFullMapGrowsAndAllRunAgain) {
  store_.reset();
  Options options = SmallStore(clock_);
  options.map_size = 1 << 20;
  store_ = Store::Open(folder_.File("small.relata"), options).value();
  ASSERT_TRUE(Ok(store_->Register(Model())));
  WhileOneWrites(5, [&](int i) {
    EXPECT_TRUE(Ok(Update([&](Transaction& tx) {
      return Insert(tx, Client{.code = StrCat("c", i), .name = std::string(400'000, 'x')}).status();
    })));
  });
  EXPECT_EQ(CountNow<Client>(), 5u);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(CommitQueueTest, WhereTheCommitOfAllFailsEachRunsAlone) {
  store_.reset();
  Options options = SmallStore(clock_);
  options.map_size = 1 << 20;
  options.map_limit = 1 << 20;
  store_ = Store::Open(folder_.File("limited.relata"), options).value();
  ASSERT_TRUE(Ok(store_->Register(Model())));
  WhileOneWrites(4, [&](int i) {
    // One of them wants more than there is.
    const size_t size = i == 1 ? 3'000'000 : 1'000;
    const Status status = Update([&](Transaction& tx) {
      return Insert(tx, Client{.code = StrCat("c", i), .name = std::string(size, 'x')}).status();
    });
    EXPECT_EQ(status.code(), i == 1 ? absl::StatusCode::kResourceExhausted : absl::StatusCode::kOk) << status;
  });
  EXPECT_EQ(CountNow<Client>(), 3u);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(CommitQueueTest, ASchemaChangeSharesWithNobody) {
  const CommitQueue::Figures before = store_->commit_figures();
  WhileOneWrites(5, [&](int i) {
    if (i == 2) {
      EXPECT_TRUE(Ok(store_->ChangeSchema([](schema::Catalogue& c) {
        return c.AddField("client", {.name = "level", .options = {.default_value = Value("new")}});
      })));
    } else {
      AddClient(StrCat("c", i));
    }
  });
  EXPECT_GE(store_->commit_figures().commits - before.commits, 3u);
  EXPECT_EQ(CountNow<Client>(), 4u);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(CommitQueueTest, AThreadThatWritesCannotWriteASecondTime) {
  const auto inside = [&] { return Update([&](Transaction&) { return absl::OkStatus(); }); };
  EXPECT_TRUE(Ok(Update([&](Transaction&) -> Status {
    EXPECT_THAT(Text(inside()), HasSubstr("writing already"));
    EXPECT_TRUE(absl::IsFailedPrecondition(store_->Begin({}).status()));
    return absl::OkStatus();
  })));
  // Also as one of a group, where another thread holds the transaction.
  WhileOneWrites(3, [&](int) {
    EXPECT_TRUE(Ok(Update([&](Transaction&) -> Status {
      EXPECT_TRUE(absl::IsFailedPrecondition(inside()));
      EXPECT_TRUE(absl::IsFailedPrecondition(store_->Begin({}).status()));
      return absl::OkStatus();
    })));
  });
  const std::unique_ptr<Transaction> transaction = store_->Begin({}).value();
  EXPECT_TRUE(absl::IsFailedPrecondition(inside()));
}

TEST_F(CommitQueueTest, ManyThreadsLoseNothing) {
  constexpr int kThreads = 8, kEach = 100;
  const Id<Client> counting = AddClient("count");
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
          RELATA_ASSIGN_OR_RETURN(Client count, Load(tx, counting));
          count.rating = count.rating.value_or(0) + 1;
          RELATA_RETURN_IF_ERROR(Change(tx, count));
          return Insert(tx, Client{.code = StrCat(t, "-", i)}).status();
        })));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Now(counting).rating, kThreads * kEach);
  EXPECT_EQ(CountNow<Client>(), 1u + kThreads * kEach);
  EXPECT_EQ(Findings(store_.get()), "");
}

// The leader expects those of the last group again; none of them need come.
TEST_F(CommitQueueTest, AThreadThatStaysAwayHoldsNobodyUp) {
  WhileOneWrites(6, [&](int i) { AddClient(StrCat("c", i)); });
  const CommitQueue::Figures before = store_->commit_figures();
  AddClient("alone");
  EXPECT_TRUE(
      Ok(store_->ChangeSchema([](schema::Catalogue& c) { return c.AddField("client", {.name = "level"}); })));
  AddClient("again");
  const CommitQueue::Figures after = store_->commit_figures();
  EXPECT_EQ(after.closures - before.closures, 3u);
  EXPECT_EQ(after.commits - before.commits, 3u);
  EXPECT_EQ(CountNow<Client>(), 8u);
}

// Threads leave at different times, some writes fail, some throw, and a schema changes between them: each
// closure that ended well is there once, and no other.
TEST_F(CommitQueueTest, ThreadsThatComeAndGoLoseNothing) {
  constexpr int kThreads = 8;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10 * (t + 1); ++i) {
        const int kind = (t + i) % 10;
        if (t == 7 && i == 20) {
          EXPECT_TRUE(Ok(store_->ChangeSchema(
              [](schema::Catalogue& c) { return c.AddField("client", {.name = "level"}); })));
        }
        const auto write = [&] {
          return Update([&](Transaction& tx) -> Status {
            RELATA_RETURN_IF_ERROR(Insert(tx, Client{.code = StrCat(t, "-", i)}).status());
            if (kind == 3) throw std::runtime_error("host");
            return kind == 6 ? absl::CancelledError("host") : absl::OkStatus();
          });
        };
        if (kind == 3) {
          EXPECT_THROW((void)write(), std::runtime_error);
        } else {
          EXPECT_EQ(write().code(), kind == 6 ? absl::StatusCode::kCancelled : absl::StatusCode::kOk);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // Every thread writes whole rounds of ten, of which two fail.
  EXPECT_EQ(CountNow<Client>(), 8u * (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8));
  EXPECT_EQ(Findings(store_.get()), "");
}

}  // namespace
}  // namespace relata::store::test
