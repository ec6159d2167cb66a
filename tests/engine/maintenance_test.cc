// Tests backup beside writing, restore, and the figures.
#include "relata/engine/maintenance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "relata/base/strings.h"
#include "relata/crm/crm.h"

namespace relata {
namespace {

using crm::Relation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MaintenanceTest : public testing::Test {
 protected:
  MaintenanceTest() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              StrCat("maintenance_", testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    db_.emplace(Open("crm.relata").value());
  }
  ~MaintenanceTest() override {
    db_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  StatusOr<Database> Open(const std::string& name) const {
    Options options;
    options.map_size = 64 << 20;
    options.durability = Durability::kUnsafe;
    return Database::Open(Path(name), options);
  }
  static Status Add(Database& db, const std::string& name) {
    return db.Update([&](Transaction& tx) { return tx.Insert(Relation{.name = name}); }).status();
  }
  std::set<std::string> Files() const {
    std::set<std::string> files;
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
      files.insert(file.path().filename().string());
    }
    return files;
  }

  std::filesystem::path folder_;
  std::optional<Database> db_;
};

TEST_F(MaintenanceTest, ABackupMadeBesideAWriterHoldsWholeCommits) {
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> commits = 0;
  std::thread writer([&] {
    for (uint64_t n = 0; !stop; ++n) {
      // Always a pair.
      EXPECT_TRUE(db_->Update([&](Transaction& tx) -> Status {
                       RELATA_RETURN_IF_ERROR(tx.Insert(Relation{.name = StrCat("left ", n)}).status());
                       return tx.Insert(Relation{.name = StrCat("right ", n)}).status();
                     })
                      .ok());
      ++commits;
    }
  });
  while (commits < 50) std::this_thread::yield();
  const uint64_t before = commits;
  const Status backed_up = BackUp(*db_, Path("backup.relata"));
  while (commits < before + 50) std::this_thread::yield();  // writing goes on
  stop = true;
  writer.join();
  ASSERT_TRUE(backed_up.ok()) << backed_up;
  EXPECT_TRUE(absl::IsAlreadyExists(BackUp(*db_, Path("backup.relata"))));

  const Database copy = Open("backup.relata").value();
  EXPECT_TRUE(CheckDatabase(copy)->clean());
  const Snapshot now = copy.Read().value();
  const uint64_t relations = now.Count<Relation>().value();
  EXPECT_GE(relations, 2 * before);
  EXPECT_EQ(relations % 2, 0u);
  EXPECT_EQ(now.Get(Id<Relation>(relations))->Get<&Relation::name>(), StrCat("right ", relations / 2 - 1));
}

TEST_F(MaintenanceTest, ARestoredStoreBeginsANewEpoch) {
  ASSERT_TRUE(Add(*db_, "Bakkerij Jansen").ok());
  const LogPosition before = db_->Read()->position();
  ASSERT_TRUE(BackUp(*db_, Path("backup.relata")).ok());
  ASSERT_TRUE(Add(*db_, "After the backup").ok());
  db_.reset();

  EXPECT_TRUE(absl::IsAlreadyExists(Restore(Path("backup.relata"), Path("crm.relata"))));
  const Status restored = Restore(Path("backup.relata"), Path("crm.relata"), /*replace=*/true);
  ASSERT_TRUE(restored.ok()) << restored;
  EXPECT_THAT(Files(), ElementsAre("backup.relata", "crm.relata", "crm.relata-lock"));
  db_.emplace(Open("crm.relata").value());
  const Snapshot now = db_->Read().value();
  EXPECT_EQ(now.Count<Relation>().value(), 1u);
  EXPECT_EQ(now.position().epoch, before.epoch + 1);
  EXPECT_TRUE(CheckDatabase(*db_)->clean());
}

TEST_F(MaintenanceTest, ADamagedBackupIsRefusedAndNothingIsChanged) {
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(Add(*db_, StrCat("Relation number ", i)).ok());
  ASSERT_TRUE(BackUp(*db_, Path("backup.relata")).ok());
  db_.reset();
  std::string bytes = [&] {
    std::ostringstream text;
    text << std::ifstream(Path("backup.relata"), std::ios::binary).rdbuf();
    return text.str();
  }();
  const size_t at = bytes.find("Relation number 17");
  ASSERT_NE(at, std::string::npos);
  bytes[at] ^= 1;
  std::ofstream(Path("backup.relata"), std::ios::binary) << bytes;
  const Status refused = Restore(Path("backup.relata"), Path("crm.relata"), /*replace=*/true);
  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
  EXPECT_THAT(Files(), ElementsAre("backup.relata", "crm.relata", "crm.relata-lock"));
  EXPECT_EQ(Open("crm.relata")->Read()->Count<Relation>().value(), 50u);
}

TEST_F(MaintenanceTest, FiguresTellWhatIsThere) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Add(*db_, StrCat("Relation ", i)).ok());
  const Snapshot held = db_->Read().value();
  const DatabaseStats stats = StatsOf(*db_).value();
  EXPECT_EQ(stats.base_currency, "EUR");
  EXPECT_EQ(stats.time_zone, "Europe/Amsterdam");
  EXPECT_EQ(stats.position, held.position());
  EXPECT_EQ(stats.log_entries, held.position().sequence);
  EXPECT_GT(stats.log_bytes, 0u);
  EXPECT_GE(stats.snapshots, 1u);
  EXPECT_GT(stats.oldest_snapshot_age, absl::ZeroDuration());
  EXPECT_GE(stats.file_bytes, stats.used_bytes);
  EXPECT_GT(stats.used_bytes, stats.free_bytes);
  EXPECT_EQ(stats.map_bytes, uint64_t{64} << 20);
  bool rows = false, number = false;
  for (const TreeFigures& tree : stats.trees) {
    rows |= tree.entity == "relation" && tree.index.empty() && tree.entries == 3 && tree.bytes > 0;
    number |= tree.entity == "relation" && tree.index == "number" && tree.entries == 3;
  }
  EXPECT_TRUE(rows);
  EXPECT_TRUE(number);
}

}  // namespace
}  // namespace relata
