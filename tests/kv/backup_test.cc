// Tests of backups: one commit each, while writing goes on, and nothing left behind after a failure.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "src/base/coding.h"
#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

using ::testing::HasSubstr;

class BackupTest : public KvTest {
 protected:
  static OpenOptions Fast() {
    OpenOptions options = SmallMap();
    options.durability = Durability::kUnsafe;
    return options;
  }

  void Fill(uint64_t rows) {
    ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) -> Status {
      for (uint64_t id = 0; id < rows; ++id) {
        RELATA_RETURN_IF_ERROR(txn.Put(tree_, IdKey(id), StrCat("row ", id, std::string(500, 'r'))));
      }
      return absl::OkStatus();
    })));
  }

  std::shared_ptr<Environment> OpenCopy(const std::string& name = "copy.relata") const {
    auto copy = Environment::Open(Path(name), Fast());
    EXPECT_TRUE(Ok(copy));
    return *copy;
  }

  std::shared_ptr<Environment> environment_ = Open(Fast());
  Tree tree_ = MakeTree(*environment_, "rows");
};

TEST_F(BackupTest, ACopyHasWhatTheLastCommitHas) {
  Fill(500);
  for (const bool compact : {false, true}) {
    const std::string name = StrCat("copy ", compact);
    ASSERT_TRUE(Ok(environment_->Backup(Path(name), compact)));
    auto copy = OpenCopy(name);
    EXPECT_EQ(copy->TreeNames(), environment_->TreeNames());
    auto theirs = copy->BeginRead();
    auto ours = environment_->BeginRead();
    Cursor at(*theirs, *copy->FindTree("rows")), beside(*ours, tree_);
    beside.SeekFirst();
    for (at.SeekFirst(); at.Valid(); at.Next(), beside.Next()) {
      ASSERT_TRUE(beside.Valid());
      ASSERT_EQ(at.key(), beside.key());
      ASSERT_EQ(at.value(), beside.value());
    }
    EXPECT_FALSE(beside.Valid());
  }
}

TEST_F(BackupTest, ACompactCopyLeavesOutFreePages) {
  Fill(5000);
  ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) { return txn.EmptyTree(tree_); })));
  Fill(50);
  ASSERT_TRUE(Ok(environment_->Backup(Path("plain"), false)));
  ASSERT_TRUE(Ok(environment_->Backup(Path("compact"), true)));
  EXPECT_GT(std::filesystem::file_size(Path("plain")), 2u << 20);
  EXPECT_LT(std::filesystem::file_size(Path("compact")), 100u << 10);
  auto copy = OpenCopy("compact");
  EXPECT_EQ(copy->BeginRead()->StatTree(*copy->FindTree("rows"))->entries, 50u);
}

TEST_F(BackupTest, IsOneCommitWhileWritingGoesOn) {
  Fill(2000);
  std::atomic<bool> done{false};
  std::atomic<int> written{0};
  // Each commit sets both keys; no copy may have one without the other.
  std::thread writer([&] {
    for (int i = 0; !done;) {
      const Status status = Update(*environment_, [&](WriteTransaction& txn) -> Status {
        RELATA_RETURN_IF_ERROR(txn.Put(tree_, "first", StrCat(i)));
        RELATA_RETURN_IF_ERROR(
            txn.Put(tree_, IdKey(static_cast<uint64_t>(i) * 7 % 2000), std::string(700, 'w')));
        return txn.Put(tree_, "second", StrCat(i));
      });
      // A slow copy holds its snapshot's pages: the small map may fill up until it is done.
      ASSERT_TRUE(status.ok() || IsMapFull(status)) << status;
      if (status.ok()) ++i, ++written;
    }
  });
  for (int i = 0; i < 6; ++i) {
    const int before = written;
    const std::string name = StrCat("copy ", i);
    EXPECT_TRUE(Ok(environment_->Backup(Path(name), /*compact=*/i % 2 == 1)));
    auto copy = OpenCopy(name);
    auto snapshot = copy->BeginRead();
    const Tree tree = *copy->FindTree("rows");
    const std::string first = ValueOf(*snapshot, tree, "first");
    EXPECT_EQ(first, ValueOf(*snapshot, tree, "second"));
    if (before > 0) {
      EXPECT_GE(std::stoi(first), before - 1);
    }
    EXPECT_EQ(snapshot->StatTree(tree)->entries, first == "(none)" ? 2000u : 2002u);
  }
  done = true;
  writer.join();
}

TEST_F(BackupTest, TellsHowFarItIs) {
  Fill(5000);
  for (const bool compact : {false, true}) {
    std::vector<std::pair<uint64_t, uint64_t>> seen;
    const std::string name = StrCat("copy ", compact);
    ASSERT_TRUE(Ok(environment_->Backup(
        Path(name), compact, [&](uint64_t written, uint64_t total) { seen.emplace_back(written, total); })));
    ASSERT_FALSE(seen.empty());
    for (size_t i = 1; i < seen.size(); ++i) EXPECT_GE(seen[i].first, seen[i - 1].first);
    EXPECT_EQ(seen.back().first, std::filesystem::file_size(Path(name)));
    EXPECT_EQ(seen.back().second, seen.back().first);
  }
}

TEST_F(BackupTest, ReplacesNothing) {
  const std::string taken = Path("taken");
  ASSERT_TRUE(Ok(environment_->Backup(taken, true)));
  EXPECT_EQ(environment_->Backup(taken, true).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(environment_->Backup(Path(), true).code(), absl::StatusCode::kAlreadyExists);
  std::filesystem::create_symlink(Path("nowhere"), Path("link"));
  EXPECT_EQ(environment_->Backup(Path("link"), true).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(BackupTest, AFolderThatDoesNotExistIsNamed) {
  const Status status = environment_->Backup(Path("none/copy"), false);
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Text(status), HasSubstr("none/copy"));
}

TEST_F(BackupTest, IsRefusedOnTheWritersThread) {
  auto txn = environment_->BeginWrite();
  EXPECT_EQ(environment_->Backup(Path("copy"), false).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(environment_->Backup(Path("copy"), true).code(), absl::StatusCode::kFailedPrecondition);
}

// LMDB can leak pages in very large transactions; here one more page than is used is put into the file's
// head.
TEST_F(BackupTest, AFileWithLeakedPagesIsCopiedAsItIsButNotCompacted) {
  Fill(10);
  const auto stats = environment_->GetStats();
  environment_.reset();
  std::filesystem::resize_file(Path(), stats->used_size + 4096);
  {
    std::fstream file(Path(), std::ios::binary | std::ios::in | std::ios::out);
    char last_page[8];
    StoreLE64(last_page, stats->used_size / 4096);
    file.seekp(static_cast<std::streamoff>(stats->last_transaction % 2 * 4096 + 136)).write(last_page, 8);
  }
  environment_ = Open(Fast());
  EXPECT_THAT(Text(environment_->Backup(Path("compact"), true)), HasSubstr("without compact"));
  EXPECT_FALSE(std::filesystem::exists(Path("compact")));
  ASSERT_TRUE(Ok(environment_->Backup(Path("plain"), false)));
  auto copy = OpenCopy("plain");
  EXPECT_EQ(copy->BeginRead()->StatTree(*copy->FindTree("rows"))->entries, 10u);
}

TEST_F(BackupTest, HasTheStoresPermissions) {
  std::filesystem::permissions(Path(),
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  ASSERT_TRUE(Ok(environment_->Backup(Path("copy"), true)));
  struct stat file;
  ASSERT_EQ(stat(Path("copy").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
}

}  // namespace
}  // namespace relata::kv
