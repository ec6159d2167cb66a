// Tests of reader slots: all taken, held by the dead, and what an old snapshot costs.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/kv/child.h"
#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

using ::testing::HasSubstr;

constexpr uint32_t kReaders = 4;

OpenOptions FewReaders() {
  OpenOptions options = SmallMap();
  options.max_readers = kReaders;
  options.durability = Durability::kUnsafe;
  return options;
}

class ReadersTest : public KvTest {
 protected:
  std::shared_ptr<Environment> environment_ = Open(FewReaders());
  Tree tree_ = MakeTree(*environment_, "rows");
};

// Holds as many snapshots as it is told, until it is killed.
KV_ROLE(HoldSnapshots) {
  auto environment = Environment::Open(path, FewReaders());
  if (!environment.ok()) return 1;
  std::vector<ReadTransaction> snapshots;
  for (int count = std::stoi(parent.Hear()); count > 0; --count) {
    auto snapshot = (*environment)->BeginRead();
    if (!snapshot.ok()) return 2;
    snapshots.push_back(*std::move(snapshot));
  }
  parent.Tell(StrCat(snapshots.back().id()));
  parent.Hear();
  return 0;
}

TEST_F(ReadersTest, WithAllSlotsTakenTheNextSnapshotSaysWhatToDo) {
  std::vector<ReadTransaction> snapshots;
  for (uint32_t i = 0; i < kReaders; ++i) snapshots.push_back(*environment_->BeginRead());
  const auto refused = environment_->BeginRead();
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Text(refused.status()), HasSubstr("max_readers"));
  EXPECT_TRUE(Ok(PutOne(*environment_, tree_, "writing", "goes on")));
  snapshots.pop_back();
  EXPECT_TRUE(Ok(environment_->BeginRead()));
}

TEST_F(ReadersTest, AKilledReaderProtectsItsPagesUntilItIsCleared) {
  Child child("HoldSnapshots", Path());
  child.Tell("2");
  const std::string id = child.Hear();
  ASSERT_TRUE(Ok(PutOne(*environment_, tree_, "key", "value")));
  child.Kill();
  EXPECT_EQ(StrCat(environment_->GetStats()->oldest_reader), id);
  auto cleared = environment_->CheckReaders();
  ASSERT_TRUE(Ok(cleared));
  EXPECT_EQ(*cleared, 2);
  EXPECT_EQ(*environment_->CheckReaders(), 0);
  auto stats = environment_->GetStats();
  EXPECT_EQ(stats->oldest_reader, 0u);
  EXPECT_EQ(stats->dead_readers_cleared, 2u);
}

TEST_F(ReadersTest, ALivingReaderOfAnotherProcessIsLeftAlone) {
  Child child("HoldSnapshots", Path());
  child.Tell("1");
  const std::string id = child.Hear();
  EXPECT_EQ(*environment_->CheckReaders(), 0);
  EXPECT_EQ(StrCat(environment_->GetStats()->oldest_reader), id);
}

TEST_F(ReadersTest, SlotsOfAKilledProcessAreFreedWhenTheyAreNeeded) {
  Child child("HoldSnapshots", Path());
  child.Tell(StrCat(kReaders - 1));  // one stays with this process, waiting for its next snapshot
  child.Hear();
  child.Kill();
  auto first = environment_->BeginRead();
  auto second = environment_->BeginRead();
  EXPECT_TRUE(Ok(first));
  EXPECT_TRUE(Ok(second));
  EXPECT_EQ(environment_->GetStats()->dead_readers_cleared, kReaders - 1);
}

KV_ROLE(OpenAndCount) {
  auto environment = Environment::Open(path, FewReaders());
  if (!environment.ok()) return 1;
  parent.Tell(StrCat((*environment)->GetStats()->dead_readers_cleared));
  return 0;
}

TEST_F(ReadersTest, DeadReadersAreClearedAtOpen) {
  Child killed("HoldSnapshots", Path());
  killed.Tell("2");
  killed.Hear();
  killed.Kill();
  Child opener("OpenAndCount", Path());
  EXPECT_EQ(opener.Hear(), "2");
  EXPECT_EQ(environment_->GetStats()->oldest_reader, 0u);
}

TEST_F(ReadersTest, DeadReadersAreClearedByWritesNowAndThen) {
  environment_.reset();
  OpenOptions options = FewReaders();
  options.reader_check_interval = absl::ZeroDuration();
  environment_ = Open(options);
  Child child("HoldSnapshots", Path());
  child.Tell("1");
  child.Hear();
  child.Kill();
  ASSERT_TRUE(Ok(environment_->BeginWrite()));
  EXPECT_EQ(environment_->GetStats()->dead_readers_cleared, 1u);
}

TEST_F(ReadersTest, StatsTellHowManySnapshotsThereAreAndTheOldestsAge) {
  auto none = environment_->GetStats();
  ASSERT_TRUE(Ok(none));
  EXPECT_EQ(none->snapshots, 0u);
  EXPECT_EQ(none->oldest_reader, 0u);
  EXPECT_EQ(none->oldest_snapshot_age, absl::ZeroDuration());
  EXPECT_EQ(none->max_readers, kReaders);
  auto oldest = environment_->BeginRead();
  ASSERT_TRUE(Ok(PutOne(*environment_, tree_, "key", "value")));
  auto newest = environment_->BeginRead();
  auto both = environment_->GetStats();
  EXPECT_EQ(both->snapshots, 2u);
  EXPECT_EQ(both->oldest_reader, oldest->id());
  EXPECT_GT(both->oldest_snapshot_age, absl::ZeroDuration());
  EXPECT_EQ(both->last_transaction, newest->id());
  oldest->End();
  auto one = environment_->GetStats();
  EXPECT_EQ(one->snapshots, 1u);
  EXPECT_EQ(one->oldest_reader, newest->id());
}

TEST_F(ReadersTest, AHeldSnapshotMakesTheFileGrow) {
  const auto overwrite = [&](int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) -> Status {
        for (uint64_t id = 0; id < 20; ++id) {
          RELATA_RETURN_IF_ERROR(
              txn.Put(tree_, IdKey(id), std::string(1000, static_cast<char>('a' + i % 20))));
        }
        return absl::OkStatus();
      })));
    }
  };
  overwrite(100);
  const uint64_t without = environment_->GetStats()->used_size;
  {
    auto snapshot = environment_->BeginRead();
    overwrite(100);
    // Each round leaves the five pages of rows, and some above them, to the snapshot.
    EXPECT_GT(environment_->GetStats()->used_size, without + 100 * 5 * 4096);
    EXPECT_EQ(ValueOf(*snapshot, tree_, IdKey(7)), std::string(1000, 't'));
  }
  overwrite(3);
  const uint64_t with = environment_->GetStats()->used_size;
  overwrite(100);
  EXPECT_EQ(environment_->GetStats()->used_size, with);  // what was kept is used again
  EXPECT_GT(environment_->GetStats()->free_pages, 400u);
}

}  // namespace
}  // namespace relata::kv
