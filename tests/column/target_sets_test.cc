// Tests what is remembered of references: that a copy goes its own way, and that a scan over related records
// finds them where they are now, however often they moved since it was remembered.
#include "src/column/target_sets.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "relata/expr/text.h"
#include "src/column/scan.h"
#include "src/expr/compile.h"
#include "tests/store/fixture.h"

namespace relata::column {
namespace {

using store::Snapshot;
using store::Transaction;
using store::test::Client;
using store::test::Ok;
using store::test::StoreTest;
using store::test::Task;

TEST(TargetSetsTest, ACopyForgetsForItselfAlone) {
  TargetSets first;
  EXPECT_EQ(first.Find(0), nullptr);
  first.Keep(2, std::make_shared<std::vector<uint64_t>>(3, 7));
  TargetSets second(first);
  second.Forget(2);
  second.Forget(9);  // which is not there
  EXPECT_EQ(second.Find(2), nullptr);
  ASSERT_NE(first.Find(2), nullptr);
  EXPECT_EQ(first.Find(2)->at(1), 7u);
  EXPECT_EQ(first.Find(1), nullptr);
  EXPECT_EQ(first.bytes(), 24u);
  EXPECT_EQ(second.bytes(), 0u);
}

class RelatedTest : public StoreTest {
 protected:
  std::set<RecordId> Found(ColumnCache* cache, std::string_view condition) {
    const StatusOr<Snapshot> at = store_->Read();
    EXPECT_TRUE(Ok(at));
    const StatusOr<expr::Program> program =
        expr::Compile(expr::Parse(condition).value(), *at->schema().Find("client"), at->shared_schema(),
                      std::string(condition));
    EXPECT_TRUE(Ok(program));
    StatusOr<Scan> scan = Scan::Open(*program, *at, cache);
    EXPECT_TRUE(Ok(scan));
    std::vector<RecordId> ids;
    EXPECT_TRUE(Ok(scan->AppendIds(&ids)));
    EXPECT_EQ(scan->rows_asked(), 0u);
    return {ids.begin(), ids.end()};
  }
};

TEST_F(RelatedTest, RecordsThatMoveAreFoundWhereTheyAreNow) {
  constexpr int32_t kDays = 100;
  std::mt19937 random(5);
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  std::vector<Id<Client>> clients;
  for (int i = 0; i < 60; ++i) clients.push_back(AddClient(StrCat("c", i)));
  std::map<uint64_t, Task> tasks;  // what there should be
  ColumnCache cache;
  for (int round = 0; round < 30; ++round) {
    ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
      for (size_t i = below(12); i > 0; --i) {
        Task task{.client = clients[below(clients.size())],
                  .due = Date{static_cast<int32_t>(below(size_t{kDays}))}};
        if (tasks.empty() || below(3) == 0) {
          RELATA_ASSIGN_OR_RETURN(task.id, store::test::Insert(tx, task));
          tasks[task.id.value] = task;
          continue;
        }
        const auto some = std::next(tasks.begin(), static_cast<std::ptrdiff_t>(below(tasks.size())));
        if (below(3) == 0) {
          RELATA_RETURN_IF_ERROR(store::test::Erase(tx, some->second.id));
          tasks.erase(some);
          continue;
        }
        task.id = some->second.id;
        RELATA_RETURN_IF_ERROR(store::test::Change(tx, task));
        some->second = task;
      }
      return absl::OkStatus();
    })));
    for (const int32_t day : {0, kDays / 2, kDays}) {
      std::set<RecordId> expected;
      for (const auto& [id, task] : tasks) {
        if (task.due.days >= day) expected.insert(task.client.value);
      }
      const std::string since = StrCat("exists(tasks where due >= date '", Date{day}, "')");
      EXPECT_EQ(Found(&cache, since), expected) << round;
      EXPECT_EQ(Found(&cache, since), expected) << round << ", remembered";
      if (day == 0) {
        EXPECT_EQ(Found(&cache, "exists(tasks)"), expected) << round;
      }
    }
  }
}

}  // namespace
}  // namespace relata::column
