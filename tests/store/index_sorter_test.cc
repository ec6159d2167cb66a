// Tests of sorting in bounded memory, and of indexes built from what was sorted.
#include "src/store/index_sorter.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "src/store/id_suffix.h"
#include "src/store/index_build.h"
#include "tests/store/index_fixture.h"

namespace relata::store {
namespace {

std::vector<Entry> Drain(IndexSorter* sorter) {
  std::vector<Entry> entries;
  for (; sorter->Valid(); sorter->Next()) entries.emplace_back(sorter->values(), sorter->id());
  EXPECT_TRUE(Ok(sorter->status()));
  return entries;
}

// Entries with many equal beginnings, and of all lengths.
std::vector<Entry> RandomEntries(size_t count, uint64_t seed, uint64_t variety) {
  std::mt19937_64 random(seed);
  Model model;
  while (model.entries().size() < count) {
    const uint64_t pick = random() % variety;
    std::string text = pick % 3 == 0 ? "" : std::string(pick % 37, static_cast<char>('a' + pick % 5));
    text += std::to_string(pick);
    model.Insert(KeyOf(text), 1 + random() % (uint64_t{1} << (random() % 48)));
  }
  std::vector<Entry> entries(model.entries().begin(), model.entries().end());
  std::shuffle(entries.begin(), entries.end(), random);
  return entries;
}

TEST(IndexSorterTest, SortsLikeStdSortInWhateverMemory) {
  EXPECT_TRUE(rc::check([] {
    const auto count = *rc::gen::element<size_t>(0, 1, 2, 100, 3000);
    std::vector<Entry> entries =
        RandomEntries(count, *rc::gen::arbitrary<uint64_t>(), *rc::gen::element(1, 10, 100'000));
    if (*rc::gen::inRange(0, 4) == 0) std::sort(entries.begin(), entries.end());
    IndexSorter sorter(
        {.memory_bytes = *rc::gen::element<size_t>(1, 1000, 20'000, 1 << 20), .folder = testing::TempDir()});
    for (const auto& [key, id] : entries) RC_ASSERT(sorter.Add(key, id).ok());
    RC_ASSERT(sorter.Finish().ok());
    RC_ASSERT(sorter.size() == count);
    std::sort(entries.begin(), entries.end());
    RC_ASSERT(Drain(&sorter) == entries);
  }));
}

TEST(IndexSorterTest, GoesBackToWhereItWas) {
  for (const size_t memory : {size_t{4096}, size_t{1} << 20}) {
    std::vector<Entry> entries = RandomEntries(5000, 3, 1000);
    IndexSorter sorter({.memory_bytes = memory, .folder = testing::TempDir()});
    for (const auto& [key, id] : entries) ASSERT_TRUE(Ok(sorter.Add(key, id)));
    ASSERT_TRUE(Ok(sorter.Finish()));
    EXPECT_EQ(sorter.runs() > 1, memory == 4096);
    std::sort(entries.begin(), entries.end());
    for (size_t i = 0; i < 2345; ++i) sorter.Next();
    const IndexSorter::Position position = sorter.Tell();
    const std::vector<Entry> rest(entries.begin() + 2345, entries.end());
    EXPECT_EQ(Drain(&sorter), rest);
    const IndexSorter::Position end = sorter.Tell();
    sorter.Seek(position);
    EXPECT_EQ(Drain(&sorter), rest);
    sorter.Seek(end);
    EXPECT_FALSE(sorter.Valid());
  }
}

TEST(IndexSorterTest, SaysWhereItCannotWrite) {
  IndexSorter sorter({.memory_bytes = 1, .folder = "/no such folder"});
  ASSERT_TRUE(Ok(sorter.Add(KeyOf("a"), 1)));
  const Status status = sorter.Add(KeyOf("b"), 2);
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("/no such folder"));
}

class IndexBuildTest : public IndexTreeTest {
 protected:
  // Builds in one transaction of the caller's.
  static Status BuildIn(kv::WriteTransaction* txn, const IndexTree& tree, std::vector<Entry> entries,
                        BuildOptions options = {}) {
    IndexSorter sorter({.folder = testing::TempDir()});
    for (const auto& [key, id] : entries) RELATA_RETURN_IF_ERROR(sorter.Add(key, id));
    RELATA_RETURN_IF_ERROR(sorter.Finish());
    return BuildIndex(
        tree, &sorter, options,
        [&](BuildStep, const BuildProgress&) -> StatusOr<kv::WriteTransaction*> { return txn; });
  }
};

// Each on its own blocks, and the same to everyone who looks.
TEST_F(IndexBuildTest, BuiltAndGrownTreesShowTheSame) {
  const IndexTree grown(kv::MakeTree(*environment_, "grown"), false);
  EXPECT_TRUE(rc::check([&] {
    const std::vector<Entry> entries = RandomEntries(
        *rc::gen::inRange<size_t>(0, 3000), *rc::gen::arbitrary<uint64_t>(), *rc::gen::element(1, 4, 2000));
    kv::WriteTransaction txn = Write();
    RC_ASSERT(BuildIn(&txn, cities_, entries).ok());
    for (const auto& [key, id] : entries) RC_ASSERT(grown.Insert(&txn, key, id).ok());
    for (const KeyRange& range :
         {KeyRange{}, KeyRange{.low = "1", .high = "b"}, KeyRange{.low = "b", .high = ""}}) {
      for (const Direction direction : {Direction::kForward, Direction::kBackward}) {
        RC_ASSERT(Scan(txn, cities_, range, direction) == Scan(txn, grown, range, direction));
      }
      RC_ASSERT(cities_.Count(txn, range).value() == grown.Count(txn, range).value());
    }
    RC_ASSERT(Blocks(txn, cities_) <= Blocks(txn, grown));
    // What was built can be changed.
    for (const auto& [key, id] : entries) RC_ASSERT(cities_.Erase(&txn, key, id).ok());
    RC_ASSERT(Blocks(txn, cities_) == 0u);
  }));
}

TEST_F(IndexBuildTest, UniqueIndexesNameTheRecordsThatCollide) {
  kv::WriteTransaction txn = Write();
  ASSERT_TRUE(Ok(BuildIn(&txn, serials_, {{KeyOf("b"), 3}, {KeyOf("a"), 9}})));
  EXPECT_EQ(Scan(txn, serials_), (std::vector<Entry>{{KeyOf("a"), 9}, {KeyOf("b"), 3}}));
  ASSERT_TRUE(Ok(txn.EmptyTree(serials_.tree())));
  BuildOptions::Duplicate duplicate;
  const Status status = BuildIn(&txn, serials_, {{KeyOf("c"), 30}, {KeyOf("a"), 9}, {KeyOf("c"), 12}},
                                {.duplicate = &duplicate});
  EXPECT_TRUE(absl::IsAlreadyExists(status));
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("records 12 and 30"));
  EXPECT_EQ(duplicate.first, 12u);
  EXPECT_EQ(duplicate.second, 30u);
}

TEST_F(IndexBuildTest, RefusesATreeThatIsNotEmpty) {
  kv::WriteTransaction txn = Write();
  ASSERT_TRUE(Ok(cities_.Insert(&txn, KeyOf("m"), 1)));
  EXPECT_TRUE(absl::IsFailedPrecondition(BuildIn(&txn, cities_, {{KeyOf("a"), 1}})));
}

// Commits as it goes, meets a full map more than once, and loses nothing.
TEST(IndexBuildGrowTest, CommitsInPiecesAndGoesBackWhereTheMapIsFull) {
  class Folder : public kv::KvTest {
   public:
    void TestBody() override {}
    using kv::KvTest::Open;
  } folder;
  kv::OpenOptions options = kv::SmallMap();
  options.map_size = 256 << 10;
  options.durability = kv::Durability::kUnsafe;
  const std::shared_ptr<kv::Environment> environment = folder.Open(options);
  const IndexTree tree(kv::MakeTree(*environment, "cities"), false);
  const std::vector<Entry> entries = RandomEntries(60'000, 5, 100'000);
  IndexSorter sorter({.memory_bytes = 256 << 10, .folder = testing::TempDir()});
  for (const auto& [key, id] : entries) ASSERT_TRUE(Ok(sorter.Add(key, id)));
  ASSERT_TRUE(Ok(sorter.Finish()));

  std::optional<kv::WriteTransaction> txn;
  int commits = 0;
  int grown = 0;
  uint64_t last = 0;
  const Status status =
      BuildIndex(tree, &sorter, {.transaction_bytes = 300 << 10},
                 [&](BuildStep step, const BuildProgress& progress) -> StatusOr<kv::WriteTransaction*> {
                   EXPECT_EQ(progress.total, 60'000u);
                   if (step == BuildStep::kCommit) {
                     EXPECT_GT(progress.entries, last);
                     last = progress.entries;
                     RELATA_RETURN_IF_ERROR(txn->Commit());
                     ++commits;
                   } else if (step == BuildStep::kGrow) {
                     txn.reset();
                     RELATA_RETURN_IF_ERROR(environment->GrowMap());
                     ++grown;
                   }
                   txn.reset();
                   RELATA_ASSIGN_OR_RETURN(kv::WriteTransaction next, environment->BeginWrite());
                   txn.emplace(std::move(next));
                   return &*txn;
                 });
  ASSERT_TRUE(Ok(status));
  EXPECT_GT(commits, 3);
  EXPECT_GT(grown, 1);
  EXPECT_EQ(last, 60'000u);
  txn.reset();
  const kv::ReadTransaction snapshot = environment->BeginRead().value();
  std::vector<Entry> sorted = entries;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(Scan(snapshot, tree), sorted);
}

}  // namespace
}  // namespace relata::store
