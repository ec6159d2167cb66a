// Disks that are full, and heads that cannot be written: each in a process of its own, since limits, mounts
// and broken descriptors are the process's.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

#include "tests/kv/child.h"
#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kRow(1000, 'r');

Status Append(Environment& environment, Tree tree, uint64_t first, uint64_t last) {
  return Update(environment, [&](WriteTransaction& txn) -> Status {
    for (uint64_t id = first; id <= last; ++id) RELATA_RETURN_IF_ERROR(txn.Append(tree, IdKey(id), kRow));
    return absl::OkStatus();
  });
}

std::string EntriesNow(Environment& environment, Tree tree) {
  const auto snapshot = environment.BeginRead();
  if (!snapshot.ok()) return snapshot.status().ToString();
  return StrCat(snapshot->StatTree(tree)->entries);
}

// Writes until the disk is full, makes room, and writes on; tells the status met, and how many rows there are
// then.
int FillAndGoOn(Environment& environment, Wire parent, const std::function<void()>& make_room) {
  auto txn = environment.BeginWrite();
  const Tree tree = *environment.OpenTree(&*txn, "rows");
  if (!txn->Commit().ok()) return 2;
  uint64_t stored = 0;
  Status status;
  while ((status = Append(environment, tree, stored + 1, stored + 10)).ok()) stored += 10;
  parent.Tell(status.ToString());
  if (EntriesNow(environment, tree) != StrCat(stored)) return 3;  // all that was committed, and no more
  make_room();
  status = Append(environment, tree, stored + 1, stored + 10);
  parent.Tell(status.ToString());
  return EntriesNow(environment, tree) == StrCat(stored + 10) ? 0 : 4;
}

KV_ROLE(PassTheFileSizeLimit) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit limit{300 << 10, RLIM_INFINITY};
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
  auto environment = Environment::Open(path, SmallMap());
  if (!environment.ok()) return 1;
  return FillAndGoOn(**environment, parent, [&] {
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
  });
}

class DiskFullTest : public KvTest {};

TEST_F(DiskFullTest, ATransactionPastTheFileSizeLimitFailsWholeAndTheNextSucceeds) {
  Child child("PassTheFileSizeLimit", Path());
  const std::string failure = child.Hear();
  EXPECT_THAT(failure, AnyOf(StartsWith("RESOURCE_EXHAUSTED"), StartsWith("UNAVAILABLE")));
  EXPECT_THAT(failure, HasSubstr("disk full"));
  EXPECT_THAT(failure, HasSubstr(Path()));
  EXPECT_EQ(child.Hear(), "OK");
  EXPECT_EQ(child.Wait(), 0);
  auto environment = Open();  // and another process finds it whole
  EXPECT_EQ(ValueNow(*environment, *environment->FindTree("rows"), IdKey(1)), kRow);
}

KV_ROLE(FillASmallDisk) {
  // A mount of its own, seen by no other process and gone with this one.
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("none", path.c_str(), "tmpfs", 0, "size=512k") != 0) {
    parent.Tell("not permitted");
    return 0;
  }
  parent.Tell("mounted");
  const std::string ballast = path + "/ballast";
  const int fd = open(ballast.c_str(), O_CREAT | O_WRONLY, 0600);
  if (fd < 0 || write(fd, std::string(100 << 10, 'b').data(), 100 << 10) != 100 << 10) return 1;
  close(fd);
  auto environment = Environment::Open(path + "/store.relata", SmallMap());
  if (!environment.ok()) return 1;
  return FillAndGoOn(**environment, parent, [&] { unlink(ballast.c_str()); });
}

TEST_F(DiskFullTest, ATransactionOnAFullDiskFailsWholeAndTheNextSucceeds) {
  Child child("FillASmallDisk", folder_.string());
  if (child.Hear() != "mounted")
    GTEST_SKIP() << "mounting a small tmpfs needs root; the file-size limit is tested";
  const std::string failure = child.Hear();
  EXPECT_THAT(failure, AnyOf(StartsWith("RESOURCE_EXHAUSTED"), StartsWith("UNAVAILABLE")));
  EXPECT_THAT(failure, AnyOf(HasSubstr("disk is full"), HasSubstr("disk full")));
  EXPECT_EQ(child.Hear(), "OK");
  EXPECT_EQ(child.Wait(), 0);
}

KV_ROLE(BackUpPastTheFileSizeLimit) {
  signal(SIGXFSZ, SIG_IGN);
  auto environment = Environment::Open(path, SmallMap());
  if (!environment.ok()) return 1;
  const rlimit limit{300 << 10, RLIM_INFINITY};
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
  for (const bool compact : {false, true})
    parent.Tell((*environment)->Backup(path + ".copy", compact).ToString());
  return 0;
}

TEST_F(DiskFullTest, ABackupThatDoesNotFitLeavesNothing) {
  auto environment = Open();
  ASSERT_TRUE(Ok(Append(*environment, MakeTree(*environment, "rows"), 1, 1000)));
  Child child("BackUpPastTheFileSizeLimit", Path());
  for (int i = 0; i < 2; ++i) EXPECT_THAT(child.Hear(), HasSubstr("disk full"));
  EXPECT_EQ(child.Wait(), 0);
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    EXPECT_THAT(entry.path().filename().string(), AnyOf("store.relata", "store.relata-lock"));
  }
}

// The head --------------------------------------------------------------

// Puts /dev/full in the place of the descriptor through which LMDB writes the file's head: the one that
// syncs.
bool BreakTheHead(const std::string& path) {
  struct stat store, file;
  if (stat(path.c_str(), &store) != 0) return false;
  for (int fd = 5; fd < 100; ++fd) {
    if (fstat(fd, &file) != 0 || file.st_ino != store.st_ino || file.st_dev != store.st_dev) continue;
    if ((fcntl(fd, F_GETFL) & O_DSYNC) == 0) continue;
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    return full >= 0 && dup2(full, fd) == fd && close(full) == 0;
  }
  return false;
}

KV_ROLE(LoseTheHead) {
  auto opened = Environment::Open(path, SmallMap());
  if (!opened.ok()) return 1;
  Environment& environment = **opened;
  auto txn = environment.BeginWrite();
  const Tree tree = *environment.OpenTree(&*txn, "rows");
  if (!txn->Commit().ok() || !Append(environment, tree, 1, 10).ok()) return 2;
  {
    auto snapshot = environment.BeginRead();
    if (!BreakTheHead(path)) return 3;
    parent.Tell(Append(environment, tree, 11, 20).ToString());
    // The snapshot reads on, and stands in the way of opening the file anew.
    std::string_view value;
    if (!snapshot->Find(tree, IdKey(10), &value) || value != kRow) return 4;
    parent.Tell(environment.BeginWrite().status().ToString());
  }
  parent.Tell(EntriesNow(environment, tree));
  parent.Tell(Append(environment, tree, 11, 20).ToString());
  parent.Tell(EntriesNow(environment, tree));
  return environment.GetStats()->reopened == 1 ? 0 : 5;
}

TEST_F(DiskFullTest, AHeadThatCannotBeWrittenIsReportedAndTheFileOpenedAnew) {
  Child child("LoseTheHead", Path());
  const std::string failure = child.Hear();
  EXPECT_THAT(failure, StartsWith("UNAVAILABLE"));
  EXPECT_THAT(failure, HasSubstr("may or may not have been kept"));
  EXPECT_THAT(child.Hear(),
              HasSubstr("opening the file anew after a failure needs this process's snapshots to end"));
  EXPECT_EQ(child.Hear(), "10");
  EXPECT_EQ(child.Hear(), "OK");
  EXPECT_EQ(child.Hear(), "20");
  EXPECT_EQ(child.Wait(), 0);
}

}  // namespace
}  // namespace relata::kv
