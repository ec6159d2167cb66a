// Tests of opening: one environment per file and process, whatever the path, the thread or the fork.
#include "src/kv/environment.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>
#include <vector>

#include "tests/kv/child.h"
#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class EnvironmentTest : public KvTest {
 protected:
  std::vector<std::string> FileNames() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      names.push_back(entry.path().filename());
    return names;
  }
};

TEST_F(EnvironmentTest, AMissingFileIsMadeOnlyWhenAsked) {
  OpenOptions options = SmallMap();
  options.create = false;
  EXPECT_EQ(Environment::Open(Path(), options).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(FileNames(), ElementsAre());
  options.create = true;
  EXPECT_TRUE(Ok(Environment::Open(Path(), options)));
  EXPECT_THAT(FileNames(), UnorderedElementsAre("store.relata", "store.relata-lock"));
}

TEST_F(EnvironmentTest, CommitsOutliveTheEnvironmentOnEveryLevel) {
  for (const Durability durability : {Durability::kFull, Durability::kRelaxed, Durability::kUnsafe}) {
    OpenOptions options = SmallMap();
    options.durability = durability;
    const std::string value = StrCat("level ", static_cast<int>(durability));
    {
      auto environment = Open(options);
      ASSERT_TRUE(Ok(PutOne(*environment, MakeTree(*environment, "rows"), "key", value)));
      EXPECT_TRUE(Ok(environment->Sync()));
    }
    auto environment = Open();
    EXPECT_EQ(ValueNow(*environment, *environment->FindTree("rows"), "key"), value);
  }
}

TEST_F(EnvironmentTest, ASecondOpenSharesTheFirst) {
  auto first = Open();
  auto second = Open();
  EXPECT_EQ(first, second);
  // LMDB alone would open the file again here, and the second close would drop the locks of both.
  auto snapshot = first->BeginRead();
  second.reset();
  EXPECT_TRUE(Ok(first->BeginWrite()));
}

TEST_F(EnvironmentTest, OtherPathsToTheFileShareItToo) {
  auto environment = Open();
  std::filesystem::create_symlink(Path(), Path("link.relata"));
  std::filesystem::create_directory_symlink(folder_, Path("folder"));
  for (const std::string& path : {Path("link.relata"), Path("folder/store.relata"), Path("./store.relata")}) {
    auto other = Environment::Open(path, SmallMap());
    ASSERT_TRUE(Ok(other));
    EXPECT_EQ(*other, environment) << path;
  }
  EXPECT_FALSE(std::filesystem::exists(Path("link.relata-lock")));
}

TEST_F(EnvironmentTest, ASymbolicLinkUsesTheLockFileOfItsTarget) {
  Open().reset();
  std::filesystem::create_symlink(Path(), Path("link.relata"));
  auto environment = Environment::Open(Path("link.relata"), SmallMap());
  ASSERT_TRUE(Ok(environment));
  EXPECT_EQ((*environment)->path(), std::filesystem::canonical(Path()).string());
  EXPECT_FALSE(std::filesystem::exists(Path("link.relata-lock")));
}

TEST_F(EnvironmentTest, ASymbolicLinkToNothingMakesNothing) {
  std::filesystem::create_symlink(Path("nowhere"), Path());
  EXPECT_THAT(Text(Environment::Open(Path(), SmallMap()).status()), HasSubstr("symbolic link"));
  EXPECT_FALSE(std::filesystem::exists(Path("nowhere")));
}

TEST_F(EnvironmentTest, AFileOfTwoNamesIsRefused) {
  Open().reset();
  std::filesystem::create_hard_link(Path(), Path("other.relata"));
  const auto refused = Environment::Open(Path("other.relata"), SmallMap());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(refused.status()), HasSubstr("hard links"));
  std::filesystem::remove(Path("other.relata"));
  EXPECT_TRUE(Ok(Environment::Open(Path(), SmallMap())));
}

TEST_F(EnvironmentTest, AStoreThatTookTheNameOfAnOpenOneIsRefused) {
  auto environment = Open();
  std::filesystem::rename(Path(), Path("moved.relata"));
  const auto refused = Environment::Open(Path(), SmallMap());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(refused.status()), HasSubstr("its lock file is in use"));
  environment.reset();
  EXPECT_TRUE(Ok(Environment::Open(Path(), SmallMap())));
}

TEST_F(EnvironmentTest, WhatIsNotAFileIsRefused) {
  EXPECT_EQ(Environment::Open(folder_.string(), SmallMap()).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Environment::Open(Path("none/"), SmallMap()).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Environment::Open("", SmallMap()).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Environment::Open(Path("none/store.relata"), SmallMap()).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(EnvironmentTest, DifferingOptionsAreNamed) {
  auto environment = Open();
  OpenOptions relaxed = SmallMap(), limited = SmallMap(), more_trees = SmallMap();
  relaxed.durability = Durability::kRelaxed;
  limited.map_limit = 32 << 20;
  more_trees.max_trees = 5000;
  EXPECT_THAT(Text(Environment::Open(Path(), relaxed).status()), HasSubstr("another durability"));
  EXPECT_THAT(Text(Environment::Open(Path(), limited).status()), HasSubstr("another map_limit"));
  EXPECT_THAT(Text(Environment::Open(Path(), more_trees).status()), HasSubstr("another max_trees"));
  OpenOptions reading;
  reading.read_only = true;
  EXPECT_TRUE(Ok(Environment::Open(Path(), reading)));  // less than what is open
}

TEST_F(EnvironmentTest, SenselessOptionsAreRefused) {
  OpenOptions both = SmallMap(), low_limit = SmallMap(), no_readers = SmallMap();
  both.read_only = true;
  low_limit.map_limit = 1 << 20;
  no_readers.max_readers = 0;
  for (const OpenOptions& options : {both, low_limit, no_readers}) {
    EXPECT_EQ(Environment::Open(Path(), options).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_THAT(FileNames(), ElementsAre());
}

TEST_F(EnvironmentTest, ReadOnlyReadsAndDoesNotWrite) {
  {
    auto environment = Open();
    ASSERT_TRUE(Ok(PutOne(*environment, MakeTree(*environment, "rows"), "key", "value")));
  }
  OpenOptions options;
  options.read_only = true;
  auto environment = Open(options);
  EXPECT_EQ(ValueNow(*environment, *environment->FindTree("rows"), "key"), "value");
  EXPECT_EQ(environment->BeginWrite().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(environment->UnnameTrees({"rows"}).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(Environment::Open(Path(), SmallMap()).status()), HasSubstr("another read_only"));
}

TEST_F(EnvironmentTest, TheMapIsRoomyUnlessToldOtherwise) {
  OpenOptions options;
  options.create = true;
  auto environment = Open(options);
  EXPECT_EQ(environment->GetStats()->map_size, uint64_t{64} << 30);
  environment.reset();
  options.map_limit = 1 << 20;
  environment = Open(options);
  EXPECT_EQ(environment->GetStats()->map_size, uint64_t{1} << 20);
}

TEST_F(EnvironmentTest, TheStoreIsNotForEveryone) {
  const mode_t before = umask(022);
  Open().reset();
  umask(before);
  struct stat store, lock;
  ASSERT_EQ(stat(Path().c_str(), &store), 0);
  ASSERT_EQ(stat((Path() + "-lock").c_str(), &lock), 0);
  EXPECT_EQ(store.st_mode & 0777, 0640u);
  EXPECT_EQ(lock.st_mode & 0777, 0640u);
}

TEST_F(EnvironmentTest, ThreadsThatOpenAndCloseAtOnceNeverMeetTwoOfThem) {
  Open().reset();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int turn = 0; turn < 20; ++turn) {
        OpenOptions options = SmallMap();
        options.durability = Durability::kFull;
        auto environment = Environment::Open(Path(), options);
        ASSERT_TRUE(Ok(environment));
        auto snapshot = (*environment)->BeginRead();
        ASSERT_TRUE(Ok(snapshot)) << thread;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// Fork ------------------------------------------------------------------

// Runs `check` in a forked child; true if it returned true there.
template <typename Check>
bool InForkedChild(Check check) {
  const pid_t child = fork();
  RELATA_CHECK(child >= 0);
  if (child == 0) _exit(check() ? 0 : 1);
  int status = 0;
  RELATA_CHECK(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool IsRefused(const Status& status) { return status.code() == absl::StatusCode::kFailedPrecondition; }

TEST_F(EnvironmentTest, AForkedChildMustNotUseWhatItsParentOpened) {
  auto environment = Open();
  const Tree rows = MakeTree(*environment, "rows");
  ASSERT_TRUE(Ok(PutOne(*environment, rows, "key", "value")));
  auto snapshot = environment->BeginRead();
  auto txn = environment->BeginWrite();
  EXPECT_TRUE(InForkedChild([&] {
    std::string_view value;
    bool refused =
        IsRefused(environment->BeginRead().status()) && IsRefused(environment->BeginWrite().status()) &&
        IsRefused(environment->FindTree("rows").status()) && IsRefused(environment->GetStats().status()) &&
        IsRefused(environment->CheckReaders().status()) && IsRefused(environment->Sync()) &&
        IsRefused(environment->GrowMap()) && IsRefused(environment->Backup(Path("copy"), false)) &&
        !snapshot->Find(rows, "key", &value) && IsRefused(snapshot->status()) &&
        IsRefused(txn->Put(rows, "key", "child")) && IsRefused(txn->Commit());
    // Destroying the inherited objects must leave the parent's locks and reader slot alone.
    Cursor(*snapshot, rows).SeekFirst();
    snapshot->End();
    txn->Abort();
    environment.reset();
    return refused;
  }));
  EXPECT_EQ(ValueOf(*snapshot, rows, "key"), "value");
  EXPECT_EQ(environment->GetStats()->oldest_reader, snapshot->id());
  ASSERT_TRUE(Ok(txn->Put(rows, "key", "parent")));
  ASSERT_TRUE(Ok(txn->Commit()));
  EXPECT_EQ(ValueNow(*environment, rows, "key"), "parent");
}

TEST_F(EnvironmentTest, AForkedChildMayOpenTheFileItself) {
  auto environment = Open();
  const Tree rows = MakeTree(*environment, "rows");
  auto snapshot = environment->BeginRead();
  EXPECT_TRUE(InForkedChild([&] {
    auto own = Environment::Open(Path(), SmallMap());
    return own.ok() && *own != environment &&
           PutOne(**own, *(*own)->FindTree("rows"), "from", "the child").ok();
  }));
  EXPECT_EQ(ValueNow(*environment, rows, "from"), "the child");
  EXPECT_EQ(ValueOf(*snapshot, rows, "from"), "(none)");
}

// Other processes -------------------------------------------------------

KV_ROLE(CreateAndCount) {
  parent.Tell("ready");
  parent.Hear();
  auto environment = Environment::Open(path, SmallMap());
  if (!environment.ok()) return 1;
  const Status status = Update(**environment, [&](WriteTransaction& txn) -> Status {
    RELATA_ASSIGN_OR_RETURN(const Tree tree, (*environment)->OpenTree(&txn, "rows"));
    RELATA_ASSIGN_OR_RETURN(const auto count, txn.Get(tree, "count"));
    return txn.Put(tree, "count", StrCat(count ? std::stoi(std::string(*count)) + 1 : 1));
  });
  return status.ok() ? 0 : 2;
}

TEST_F(EnvironmentTest, ProcessesThatCreateTheStoreAtOnceShareOne) {
  std::vector<std::unique_ptr<Child>> children;
  for (int i = 0; i < 4; ++i) children.push_back(std::make_unique<Child>("CreateAndCount", Path()));
  for (const auto& child : children) ASSERT_EQ(child->Hear(), "ready");
  for (const auto& child : children) child->Tell("go");
  for (const auto& child : children) EXPECT_EQ(child->Wait(), 0);
  auto environment = Open();
  EXPECT_EQ(ValueNow(*environment, *environment->FindTree("rows"), "count"), "4");
  EXPECT_THAT(FileNames(), UnorderedElementsAre("store.relata", "store.relata-lock"));
}

}  // namespace
}  // namespace relata::kv
