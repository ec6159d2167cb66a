// Tests of trees: made, rolled back, emptied, unnamed, and made by another process.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "tests/kv/child.h"
#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TreesTest : public KvTest {
 protected:
  std::shared_ptr<Environment> environment_ = Open();
};

TEST_F(TreesTest, AreThereFromTheirCommitOn) {
  EXPECT_EQ(environment_->FindTree("rows").status().code(), absl::StatusCode::kNotFound);
  auto txn = environment_->BeginWrite();
  auto tree = environment_->OpenTree(&*txn, "rows");
  ASSERT_TRUE(Ok(tree));
  EXPECT_EQ(tree->name(), "rows");
  ASSERT_TRUE(Ok(txn->Put(*tree, "key", "value")));
  EXPECT_EQ(environment_->FindTree("rows").status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(Ok(txn->Commit()));
  auto found = environment_->FindTree("rows");
  ASSERT_TRUE(Ok(found));
  EXPECT_EQ(*found, *tree);
  EXPECT_EQ(ValueNow(*environment_, *tree, "key"), "value");
}

TEST_F(TreesTest, ARolledBackTreeIsGoneUntilItIsMadeAgain) {
  Tree tree;
  {
    auto txn = environment_->BeginWrite();
    tree = *environment_->OpenTree(&*txn, "rows");
    ASSERT_TRUE(Ok(txn->Put(tree, "key", "value")));
  }
  EXPECT_EQ(environment_->FindTree("rows").status().code(), absl::StatusCode::kNotFound);
  auto txn = environment_->BeginWrite();
  EXPECT_THAT(Text(txn->Put(tree, "key", "value")), HasSubstr("its creation was rolled back"));
  txn->Abort();
  // As when a closure runs again: the handle that it kept is good once more.
  EXPECT_EQ(MakeTree(*environment_, "rows"), tree);
  EXPECT_EQ(ValueNow(*environment_, tree, "key"), "(none)");
}

TEST_F(TreesTest, ANestedTransactionsTreeGoesWithIt) {
  auto outer = environment_->BeginWrite();
  Tree kept, dropped;
  {
    auto inner = outer->BeginNested();
    kept = *environment_->OpenTree(&*inner, "kept");
    ASSERT_TRUE(Ok(inner->Put(kept, "key", "value")));
    ASSERT_TRUE(Ok(inner->Commit()));
  }
  {
    auto inner = outer->BeginNested();
    dropped = *environment_->OpenTree(&*inner, "dropped");
    ASSERT_TRUE(Ok(inner->Put(dropped, "key", "value")));
  }
  EXPECT_EQ(ValueOf(*outer, kept, "key"), "value");
  ASSERT_TRUE(Ok(outer->Commit()));
  EXPECT_THAT(environment_->TreeNames(), ElementsAre("kept"));
  EXPECT_EQ(ValueNow(*environment_, kept, "key"), "value");
}

TEST_F(TreesTest, ASnapshotOlderThanTheTreeSaysSo) {
  auto snapshot = environment_->BeginRead();
  const Tree tree = MakeTree(*environment_, "rows");
  std::string_view value;
  EXPECT_FALSE(snapshot->Find(tree, "key", &value));
  EXPECT_EQ(snapshot->status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Text(snapshot->status()), HasSubstr("younger than this snapshot"));
}

TEST_F(TreesTest, HundredsOfThemAreAllThereAfterReopening) {
  std::vector<std::string> names;
  for (int i = 0; i < 600; ++i) names.push_back(StrCat("tree ", i));
  ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) -> Status {
    for (const std::string& name : names) {
      RELATA_ASSIGN_OR_RETURN(const Tree tree, environment_->OpenTree(&txn, name));
      RELATA_RETURN_IF_ERROR(txn.Put(tree, "name", name));
    }
    return absl::OkStatus();
  })));
  environment_.reset();
  environment_ = Open();
  std::sort(names.begin(), names.end());
  EXPECT_EQ(environment_->TreeNames(), names);
  auto snapshot = environment_->BeginRead();
  for (const std::string& name : names)
    EXPECT_EQ(ValueOf(*snapshot, *environment_->FindTree(name), "name"), name);
  EXPECT_EQ(environment_->GetStats()->trees, 600u);
}

TEST_F(TreesTest, MoreThanMaxTreesIsAClearStatus) {
  environment_.reset();
  OpenOptions options = SmallMap();
  options.max_trees = 3;
  environment_ = Open(options);
  for (const char* name : {"a", "b", "c"}) MakeTree(*environment_, name);
  const Status status = Update(
      *environment_, [&](WriteTransaction& txn) { return environment_->OpenTree(&txn, "d").status(); });
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Text(status), HasSubstr("max_trees"));
  EXPECT_THAT(environment_->TreeNames(), ElementsAre("a", "b", "c"));
  environment_.reset();
  options.max_trees = 2;
  EXPECT_THAT(Text(Environment::Open(Path(), options).status()), HasSubstr("max_trees"));
}

TEST_F(TreesTest, NamesHaveOneTo511BytesWithoutNul) {
  auto txn = environment_->BeginWrite();
  for (const std::string& name : {std::string(), std::string(512, 'n'), std::string("a\0b", 3)}) {
    EXPECT_EQ(environment_->OpenTree(&*txn, name).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_TRUE(Ok(environment_->OpenTree(&*txn, std::string(511, 'n'))));
  EXPECT_TRUE(Ok(txn->Commit()));
}

TEST_F(TreesTest, ATransactionOfAnotherStoreMakesNoTreesHere) {
  auto other = Environment::Open(Path("other.relata"), SmallMap());
  auto txn = (*other)->BeginWrite();
  EXPECT_EQ(environment_->OpenTree(&*txn, "rows").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(TreesTest, EmptyingLeavesSnapshotsWhatTheySaw) {
  const Tree tree = MakeTree(*environment_, "rows");
  ASSERT_TRUE(Ok(PutOne(*environment_, tree, "key", "value")));
  auto before = environment_->BeginRead();
  {
    auto aborted = environment_->BeginWrite();
    ASSERT_TRUE(Ok(aborted->EmptyTree(tree)));
    EXPECT_EQ(ValueOf(*aborted, tree, "key"), "(none)");
  }
  EXPECT_EQ(ValueNow(*environment_, tree, "key"), "value");
  ASSERT_TRUE(Ok(Update(*environment_, [&](WriteTransaction& txn) { return txn.EmptyTree(tree); })));
  EXPECT_EQ(ValueOf(*before, tree, "key"), "value");
  EXPECT_EQ(ValueNow(*environment_, tree, "key"), "(none)");
  ASSERT_TRUE(Ok(PutOne(*environment_, tree, "key", "again")));
  EXPECT_EQ(ValueNow(*environment_, tree, "key"), "again");
  EXPECT_EQ(ValueOf(*before, tree, "key"), "value");
}

TEST_F(TreesTest, ThreadsThatMakeTreesTakeTurns) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 10; ++i) {
        const std::string name = StrCat("tree ", thread, ".", i);
        const Tree tree = MakeTree(*environment_, name);
        EXPECT_TRUE(Ok(PutOne(*environment_, tree, "name", name)));
        EXPECT_EQ(ValueNow(*environment_, tree, "name"), name);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(environment_->TreeNames().size(), 40u);
}

// Other processes -------------------------------------------------------

// Makes each tree it hears of, with one entry; "unname X" unnames X and tells the status's code.
KV_ROLE(MakeTrees) {
  auto environment = Environment::Open(path, SmallMap());
  if (!environment.ok()) return 1;
  parent.Tell("ready");
  for (std::string name = parent.Hear(); !name.empty(); name = parent.Hear()) {
    if (name.starts_with("unname ")) {
      parent.Tell(absl::StatusCodeToString((*environment)->UnnameTrees({name.substr(7)}).code()));
      continue;
    }
    const Status status = Update(**environment, [&](WriteTransaction& txn) -> Status {
      RELATA_ASSIGN_OR_RETURN(const Tree tree, (*environment)->OpenTree(&txn, name));
      return txn.Put(tree, "made by", "the child");
    });
    parent.Tell(status.ok() ? "made" : status.ToString());
  }
  return 0;
}

TEST_F(TreesTest, AnotherProcesssTreesAreOpenInTheNextTransaction) {
  MakeTree(*environment_, "own");
  auto before = environment_->BeginRead();
  Child child("MakeTrees", Path());
  ASSERT_EQ(child.Hear(), "ready");
  child.Tell("first");
  ASSERT_EQ(child.Hear(), "made");
  EXPECT_EQ(environment_->FindTree("first").status().code(), absl::StatusCode::kNotFound);
  {
    auto snapshot = environment_->BeginRead();
    ASSERT_TRUE(Ok(environment_->FindTree("first")));
    EXPECT_EQ(ValueOf(*snapshot, *environment_->FindTree("first"), "made by"), "the child");
  }
  child.Tell("second");
  ASSERT_EQ(child.Hear(), "made");
  {
    auto txn = environment_->BeginWrite();
    auto second = environment_->FindTree("second");
    ASSERT_TRUE(Ok(second));
    EXPECT_EQ(ValueOf(*txn, *second, "made by"), "the child");
    EXPECT_EQ(*environment_->OpenTree(&*txn, "second"), *second);
    ASSERT_TRUE(Ok(environment_->OpenTree(&*txn, "third")));
    ASSERT_TRUE(Ok(txn->Commit()));
  }
  child.Tell("third");  // exists by now
  ASSERT_EQ(child.Hear(), "made");
  EXPECT_EQ(ValueNow(*environment_, *environment_->FindTree("third"), "made by"), "the child");
  EXPECT_THAT(environment_->TreeNames(), ElementsAre("first", "own", "second", "third"));
}

TEST_F(TreesTest, UnnamingWaitsUntilNobodyElseHasTheStoreOpen) {
  const Tree kept = MakeTree(*environment_, "kept");
  const Tree dropped = MakeTree(*environment_, "dropped");
  ASSERT_TRUE(Ok(PutOne(*environment_, kept, "key", "kept")));
  ASSERT_TRUE(Ok(PutOne(*environment_, dropped, "key", "dropped")));
  {
    Child child("MakeTrees", Path());
    ASSERT_EQ(child.Hear(), "ready");
    const Status refused = environment_->UnnameTrees({"dropped"});
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(Text(refused), HasSubstr("another process"));
  }
  {
    auto snapshot = environment_->BeginRead();
    EXPECT_EQ(environment_->UnnameTrees({"dropped"}).code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ValueOf(*snapshot, dropped, "key"), "dropped");
  }
  ASSERT_TRUE(Ok(environment_->UnnameTrees({"dropped", "never there", "dropped"})));
  EXPECT_THAT(environment_->TreeNames(), ElementsAre("kept"));
  EXPECT_EQ(ValueNow(*environment_, kept, "key"), "kept");
  {
    auto snapshot = environment_->BeginRead();
    std::string_view value;
    EXPECT_FALSE(snapshot->Find(dropped, "key", &value));
    EXPECT_EQ(snapshot->status().code(), absl::StatusCode::kFailedPrecondition);
  }
  // The number that became free serves another tree; the dead handle does not reach it.
  const Tree fresh = MakeTree(*environment_, "fresh");
  ASSERT_TRUE(Ok(PutOne(*environment_, fresh, "key", "fresh")));
  auto txn = environment_->BeginWrite();
  EXPECT_FALSE(Ok(txn->Put(dropped, "key", "stray")));
  txn->Abort();
  EXPECT_EQ(ValueNow(*environment_, fresh, "key"), "fresh");
  environment_.reset();
  environment_ = Open();
  EXPECT_THAT(environment_->TreeNames(), ElementsAre("fresh", "kept"));
}

TEST_F(TreesTest, UnnamingLeavesTheLocksThatOthersRelyOn) {
  MakeTree(*environment_, "one");
  MakeTree(*environment_, "two");
  ASSERT_TRUE(Ok(environment_->UnnameTrees({"one"})));
  auto snapshot = environment_->BeginRead();
  Child child("MakeTrees", Path());  // not held up by a lock left behind
  ASSERT_EQ(child.Hear(), "ready");
  child.Tell("unname two");
  EXPECT_EQ(child.Hear(), "FAILED_PRECONDITION");
  EXPECT_EQ(environment_->GetStats()->oldest_reader, snapshot->id());
}

}  // namespace
}  // namespace relata::kv
