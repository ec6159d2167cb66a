// Tests of the map: full, growing, at its limit, and grown by another process.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/base/config.h"
#include "tests/kv/child.h"
#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

using ::testing::HasSubstr;

const std::string kGrowingRow(1000, 'r');

OpenOptions TinyMap() {
  OpenOptions options;
  options.create = true;
  options.map_size = 256 << 10;
  options.durability = Durability::kUnsafe;
  options.growth_deadline = absl::Hours(1);  // a test that waits for it never ends
  return options;
}

class GrowthTest : public KvTest {
 protected:
  void Use(const OpenOptions& options) {
    environment_ = Open(options);
    tree_ = MakeTree(*environment_, "rows");
  }

  // Appends rows first … last in one transaction.
  Status AppendRows(uint64_t first, uint64_t last) {
    return Update(*environment_, [&](WriteTransaction& txn) -> Status {
      for (uint64_t id = first; id <= last; ++id)
        RELATA_RETURN_IF_ERROR(txn.Append(tree_, IdKey(id), kGrowingRow));
      return absl::OkStatus();
    });
  }

  // Leaves the environment with a write behind it that found the map full.
  void FindFull() { ASSERT_TRUE(IsMapFull(AppendRows(1'000'000, 2'000'000))); }

  uint64_t MapSize() { return environment_->GetStats()->map_size; }

  std::shared_ptr<Environment> environment_;
  Tree tree_;
};

TEST_F(GrowthTest, AFullMapPoisonsTheTransactionAndKeepsNothing) {
  Use(TinyMap());
  ASSERT_TRUE(Ok(AppendRows(1, 10)));
  auto txn = environment_->BeginWrite();
  Status full;
  for (uint64_t id = 11; full.ok(); ++id) full = txn->Append(tree_, IdKey(id), kGrowingRow);
  EXPECT_EQ(full.code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(IsMapFull(full));
  EXPECT_TRUE(IsMapFull(txn->status()));
  EXPECT_FALSE(IsMapFull(absl::AbortedError("something else")));
  EXPECT_EQ(txn->Put(tree_, IdKey(1), "small"), full);
  EXPECT_EQ(txn->Delete(tree_, IdKey(1)), full);
  EXPECT_EQ(txn->EmptyTree(tree_), full);
  EXPECT_EQ(txn->Reserve(tree_, IdKey(1), 1).status(), full);
  EXPECT_EQ(txn->BeginNested().status(), full);
  EXPECT_EQ(environment_->OpenTree(&*txn, "other").status(), full);
  std::string_view value;
  EXPECT_FALSE(txn->Find(tree_, IdKey(1), &value));
  EXPECT_EQ(txn->status(), full);
  EXPECT_EQ(txn->Commit(), full);
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(10)), kGrowingRow);
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(11)), "(none)");
}

TEST_F(GrowthTest, GrowingAndDoingItAgainSucceeds) {
  Use(TinyMap());
  int rounds = 0;
  Status status = AppendRows(1, 2000);
  for (; IsMapFull(status); ++rounds) {
    ASSERT_TRUE(Ok(environment_->GrowMap()));
    status = AppendRows(1, 2000);
  }
  ASSERT_TRUE(Ok(status));
  EXPECT_EQ(MapSize(), uint64_t{256 << 10} << rounds);  // doubled each time
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(2000)), kGrowingRow);
}

TEST_F(GrowthTest, GrowingHappensOncePerFullMap) {
  Use(TinyMap());
  EXPECT_TRUE(Ok(environment_->GrowMap()));
  EXPECT_EQ(MapSize(), 256u << 10);  // no write has found it full
  FindFull();
  EXPECT_TRUE(Ok(environment_->GrowMap()));
  EXPECT_TRUE(Ok(environment_->GrowMap()));  // as two threads that met the same full map
  EXPECT_EQ(MapSize(), 512u << 10);
}

TEST_F(GrowthTest, IsRefusedInsideATransaction) {
  Use(TinyMap());
  auto txn = environment_->BeginWrite();
  EXPECT_EQ(environment_->GrowMap().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(GrowthTest, AtTheHardLimitNothingIsLostAndDeletingHelps) {
  OpenOptions options = TinyMap();
  options.map_limit = 700 << 10;
  Use(options);
  uint64_t stored = 0;
  Status status;
  do {
    status = AppendRows(stored + 1, stored + 10);
    if (IsMapFull(status)) status = environment_->GrowMap();
    if (status.ok()) stored = environment_->BeginRead()->StatTree(tree_)->entries;
  } while (status.ok());
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Text(status), HasSubstr("map_limit"));
  EXPECT_EQ(MapSize(), 700u << 10);
  EXPECT_GT(stored, 400u);  // of 700 KiB, in rows of 1,000 bytes at four to a page
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(stored)), kGrowingRow);
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(stored + 1)), "(none)");
  ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) { return txn.EmptyTree(tree_); })));
  ASSERT_TRUE(Ok(AppendRows(1, 10)));
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(10)), kGrowingRow);
}

TEST_F(GrowthTest, FailsAtOnceUnderTheCallersOwnSnapshot) {
  Use(TinyMap());
  FindFull();
  auto snapshot = environment_->BeginRead();
  EXPECT_TRUE(environment_->ThisThreadHoldsSnapshot());
  const Status status = environment_->GrowMap();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Text(status), HasSubstr("the oldest is open for"));
  snapshot->End();
  EXPECT_FALSE(environment_->ThisThreadHoldsSnapshot());
  EXPECT_TRUE(Ok(environment_->GrowMap()));
  EXPECT_EQ(MapSize(), 512u << 10);
}

TEST_F(GrowthTest, FailsAtOnceIfTheCallerSaysThatItHoldsOne) {
  Use(TinyMap());
  FindFull();
  auto snapshot = environment_->BeginRead();
  std::thread([&] {
    EXPECT_FALSE(environment_->ThisThreadHoldsSnapshot());
    EXPECT_EQ(environment_->GrowMap(/*caller_holds_snapshot=*/true).code(),
              absl::StatusCode::kResourceExhausted);
  }).join();
}

TEST_F(GrowthTest, GivesUpAtTheDeadlineAndLeavesAllAsItWas) {
  OpenOptions options = TinyMap();
  options.growth_deadline = absl::Milliseconds(20);
  Use(options);
  ASSERT_TRUE(Ok(AppendRows(1, 10)));
  FindFull();
  auto snapshot = environment_->BeginRead();
  std::thread([&] {
    const Status status = environment_->GrowMap();
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_THAT(Text(status), HasSubstr("within 20ms; the oldest is open for"));
  }).join();
  EXPECT_EQ(ValueOf(*snapshot, tree_, IdKey(10)), kGrowingRow);
  EXPECT_TRUE(Ok(environment_->BeginRead()));
}

TEST_F(GrowthTest, WaitsForOtherThreadsSnapshots) {
  Use(TinyMap());
  FindFull();
  auto snapshot = environment_->BeginRead();
  std::thread grower([&] { EXPECT_TRUE(Ok(environment_->GrowMap())); });
  // Whether the other thread waits by now or not, this one may go on reading: it is the one waited for.
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(Ok(environment_->BeginRead()));
  snapshot->End();
  grower.join();
  EXPECT_EQ(MapSize(), 512u << 10);
}

TEST_F(GrowthTest, ReadersAndAWriterGoOnWhileTheMapGrows) {
  Use(TinyMap());
  ASSERT_TRUE(Ok(AppendRows(1, 1)));
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        auto snapshot = environment_->BeginRead();
        ASSERT_TRUE(Ok(snapshot));
        Cursor at(*snapshot, tree_);
        uint64_t count = 0;
        for (at.SeekFirst(); at.Valid(); at.Next()) ASSERT_EQ(IdKey::Decode(at.key()), ++count);
        ASSERT_EQ(count, snapshot->StatTree(tree_)->entries);
      }
    });
  }
  for (uint64_t first = 2; first < 3000; first += 100) {
    Status status = AppendRows(first, first + 99);
    while (IsMapFull(status)) {
      ASSERT_TRUE(Ok(environment_->GrowMap()));
      status = AppendRows(first, first + 99);
    }
    ASSERT_TRUE(Ok(status));
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GE(MapSize(), 4u << 20);
}

// Another process -------------------------------------------------------

// Writes 4 MB in rows, in a map where they fit.
KV_ROLE(WriteFarther) {
  OpenOptions options = TinyMap();
  options.map_size = 32 << 20;
  auto environment = Environment::Open(path, options);
  if (!environment.ok()) return 1;
  const Tree tree = *(*environment)->FindTree("rows");
  const Status status = Update(**environment, [&](WriteTransaction& txn) -> Status {
    for (uint64_t id = 1000; id < 5000; ++id)
      RELATA_RETURN_IF_ERROR(txn.Append(tree, IdKey(id), kGrowingRow));
    return absl::OkStatus();
  });
  return status.ok() ? 0 : 2;
}

TEST_F(GrowthTest, ASnapshotAdoptsWhatAnotherProcessGrew) {
  Use(TinyMap());
  ASSERT_EQ(Child("WriteFarther", Path()).Wait(), 0);
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(4999)), kGrowingRow);
  EXPECT_EQ(MapSize(), 4u << 20);  // 256 KiB doubled until 4,000 rows fit, at four to a page
}

TEST_F(GrowthTest, AWriterAdoptsWhatAnotherProcessGrew) {
  Use(TinyMap());
  ASSERT_EQ(Child("WriteFarther", Path()).Wait(), 0);
  ASSERT_TRUE(Ok(AppendRows(5000, 5001)));
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(4999)), kGrowingRow);
}

TEST_F(GrowthTest, AnotherProcesssGrowthIsAdoptedBeyondOnesOwnLimit) {
  OpenOptions options = TinyMap();
  options.map_limit = 512 << 10;
  Use(options);
  ASSERT_EQ(Child("WriteFarther", Path()).Wait(), 0);
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(4999)), kGrowingRow);
  FindFull();
  EXPECT_THAT(Text(environment_->GrowMap()), HasSubstr("map_limit"));
}

TEST_F(GrowthTest, AdoptingUnderTheCallersOwnSnapshotFailsAtOnceAndTheSnapshotReadsOn) {
  Use(TinyMap());
  ASSERT_TRUE(Ok(AppendRows(1, 20)));
  auto snapshot = environment_->BeginRead();
  ASSERT_EQ(Child("WriteFarther", Path()).Wait(), 0);
  for (const Status& status : {environment_->BeginRead().status(), environment_->BeginWrite().status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_THAT(Text(status), HasSubstr("adopting the size another process gave the file"));
  }
  // LMDB alone would have moved the map, and these reads would end the process.
  for (uint64_t id = 1; id <= 20; ++id) EXPECT_EQ(ValueOf(*snapshot, tree_, IdKey(id)), kGrowingRow);
  snapshot->End();
  EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(4999)), kGrowingRow);
}

TEST_F(GrowthTest, AdoptingWaitsForOtherThreadsSnapshots) {
  Use(TinyMap());
  ASSERT_TRUE(Ok(AppendRows(1, 20)));
  auto snapshot = environment_->BeginRead();
  ASSERT_EQ(Child("WriteFarther", Path()).Wait(), 0);
  std::thread reader([&] { EXPECT_EQ(ValueNow(*environment_, tree_, IdKey(4999)), kGrowingRow); });
  for (uint64_t id = 1; id <= 20; ++id) EXPECT_EQ(ValueOf(*snapshot, tree_, IdKey(id)), kGrowingRow);
  snapshot->End();
  reader.join();
}

// Address space ----------------------------------------------------------

constexpr uint64_t kGiB = uint64_t{1} << 30;

// Opens with little address space, tells the map's size, fills a small map, and tells how growing it went.
KV_ROLE(LiveInLittleSpace) {
  const rlimit limit{10 * kGiB, RLIM_INFINITY};
  if (setrlimit(RLIMIT_AS, &limit) != 0) return 1;
  OpenOptions roomy;
  roomy.create = true;
  {
    auto environment = Environment::Open(path, roomy);
    if (!environment.ok()) return 2;
    parent.Tell(StrCat((*environment)->GetStats()->map_size));
  }
  roomy.map_size = 64 * kGiB;
  parent.Tell(Environment::Open(path, roomy).status().ToString());
  auto environment = Environment::Open(path, TinyMap());
  if (!environment.ok()) return 3;
  const rlimit tight{kGiB / 1024, RLIM_INFINITY};
  const Status full = Update(**environment, [&](WriteTransaction& txn) -> Status {
    RELATA_ASSIGN_OR_RETURN(const Tree tree, (*environment)->OpenTree(&txn, "rows"));
    for (uint64_t id = 1; id < 1000; ++id) RELATA_RETURN_IF_ERROR(txn.Append(tree, IdKey(id), kGrowingRow));
    return absl::OkStatus();
  });
  if (!IsMapFull(full) || setrlimit(RLIMIT_AS, &tight) != 0) return 4;
  const Status refused = (*environment)->GrowMap();
  if (setrlimit(RLIMIT_AS, &limit) != 0) return 5;
  parent.Tell(refused.ToString());
  parent.Tell((*environment)->GrowMap().ToString());
  return (*environment)->GetStats()->map_size == 512 << 10 ? 0 : 6;
}

TEST_F(GrowthTest, LittleAddressSpaceMeansASmallerMapOrAClearStatus) {
#if defined(ABSL_HAVE_ADDRESS_SANITIZER) || defined(ABSL_HAVE_THREAD_SANITIZER)
  GTEST_SKIP() << "the sanitizer itself takes more address space than this test leaves";
#endif
  Child child("LiveInLittleSpace", Path());
  EXPECT_EQ(child.Hear(), StrCat(8 * kGiB));  // 64 GiB halved until it fits
  EXPECT_THAT(child.Hear(), HasSubstr("address space"));
  EXPECT_THAT(child.Hear(), HasSubstr("has not so much address space left"));
  EXPECT_EQ(child.Hear(), "OK");
  EXPECT_EQ(child.Wait(), 0);
}

}  // namespace
}  // namespace relata::kv
