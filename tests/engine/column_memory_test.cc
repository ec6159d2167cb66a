// Tests Database::SetColumnMemory: whatever the budget, answers are the same, and columns stay within it.
#include <set>

#include "relata/base/strings.h"
#include "src/column/columns.h"
#include "tests/engine/fixture.h"

namespace relata {
namespace {

using crm::Order;
using crm::Relation;

constexpr int kRelations = 3'000;

class ColumnMemoryTest : public EngineTest {
 protected:
  ColumnMemoryTest() {
    const Status filled = database_->Update([&](Transaction& tx) -> Status {
      for (int i = 0; i < kRelations; ++i) {
        RELATA_ASSIGN_OR_RETURN(
            const Id<Relation> id,
            tx.Insert(Relation{.name = StrCat("r", i % 100), .visiting = {.city = StrCat("city ", i % 17)}}));
        const Date on = Date::FromCivil(2025, 1 + i % 12, 1 + i % 28).value();
        RELATA_RETURN_IF_ERROR(
            tx.Insert(Order{.relation = id, .ordered_on = on, .total = Money::Eur(i % 500)}).status());
      }
      return absl::OkStatus();
    });
    EXPECT_TRUE(filled.ok()) << filled;
  }
  // How many records each question finds, and a total.
  std::vector<uint64_t> Answers() {
    const Snapshot now = database_->Read().value();
    std::vector<uint64_t> answers;
    for (const char* where : {"name ends_with '7' and visiting.city contains '3'",
                              "visiting.city ends_with '5'", "sum(orders.total) > 400 and name <> 'r1'"}) {
      answers.push_back(now.Find<Relation>().Where(where).Count().value());
      EXPECT_EQ(now.Find<Relation>().Where(where).Ids()->size(), answers.back());
    }
    answers.push_back(
        now.Find<Order>().Where("total between 100 and 120 and month(ordered_on) = 3").Count().value());
    return answers;
  }
};

TEST_F(ColumnMemoryTest, BoundsWhatIsKeptAndChangesNoAnswer) {
  const std::vector<uint64_t> expected = Answers();
  const column::ColumnCache::Figures roomy = database_->columns()->figures();
  EXPECT_GT(roomy.columns, 3U);
  EXPECT_EQ(roomy.columns_dropped, 0U);
  EXPECT_GT(*std::min_element(expected.begin(), expected.end()), 0U);

  // Room for a few columns, for less than one, for none.
  std::set<uint64_t> kept;
  for (const uint64_t memory : {roomy.bytes / 2, uint64_t{1'000}, uint64_t{0}}) {
    Reopen();
    database_->SetColumnMemory(memory);
    for (int round = 0; round < 3; ++round) EXPECT_EQ(Answers(), expected) << memory;
    const column::ColumnCache::Figures figures = database_->columns()->figures();
    uint64_t presence = 0;  // which records there are is told beside: a bit each, in chunks
    for (const char* entity : {"relation", "order"}) {
      const store::Snapshot now = database_->store()->Read().value();
      if (const auto table = database_->columns()->Peek(now, *now.schema().Find(entity), {})) {
        for (const auto& mask : table->presence) presence += mask == nullptr ? 0 : sizeof(column::Mask);
      }
    }
    EXPECT_LE(figures.bytes, memory + presence) << memory;
    kept.insert(figures.columns);
  }
  EXPECT_GT(kept.size(), 1U);  // some with half the room, none with none
}

TEST_F(ColumnMemoryTest, DropsAtOnceWhatIsTooMuch) {
  const std::vector<uint64_t> expected = Answers();
  const uint64_t before = database_->columns()->figures().bytes;
  database_->SetColumnMemory(before / 2);
  EXPECT_LE(database_->columns()->figures().bytes, before / 2);
  EXPECT_EQ(Answers(), expected);
  database_->SetColumnMemory(uint64_t{1} << 30);
  EXPECT_EQ(Answers(), expected);
  EXPECT_GT(database_->columns()->figures().bytes, before / 2);
}

}  // namespace
}  // namespace relata
