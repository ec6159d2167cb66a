// Tests live segments through a database: whatever is written and however much time passes, the members are
// those that a query for the same condition finds, and a snapshot keeps its own.
#include "relata/engine/segments.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/fixture.h"

namespace relata {
namespace {

using crm::Interaction;
using crm::Order;
using crm::Relation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SegmentsTest : public EngineTest {
 protected:
  Id<Relation> AddRelation(std::string_view city, std::string_view relation = "Jansen") {
    return database_
        ->Update([&](Transaction& tx) {
          return tx.Insert(Relation{.name = std::string(relation), .visiting = {.city = std::string(city)}});
        })
        .value();
  }
  Id<Order> AddOrder(Id<Relation> relation, std::string_view on, int64_t euros) {
    return database_
        ->Update([&](Transaction& tx) {
          return tx.Insert(
              Order{.relation = relation, .ordered_on = Date::Parse(on).value(), .total = Money::Eur(euros)});
        })
        .value();
  }
  // Each segment holds what a query for its condition finds.
  void ExpectExact() {
    const Snapshot now = database_->Read().value();
    const std::vector<Segment> segments = Segments(now).value();
    for (const Segment& segment : segments) {
      std::vector<RecordId> found = now.Find(segment.entity).Where(segment.expression).Ids().value();
      std::sort(found.begin(), found.end());
      const StatusOr<Members> members = MembersOf(now, segment.name);
      ASSERT_TRUE(members.ok()) << members.status();
      EXPECT_EQ(members->ToVector(), found) << segment.name << ": " << segment.expression;
      EXPECT_EQ(CountMembers(now, segment.name).value(), found.size());
      for (const RecordId id : found) EXPECT_TRUE(IsMember(now, segment.name, id).value());
    }
  }
};

TEST_F(SegmentsTest, KeepsWhatWritesChange) {
  const Id<Relation> first = AddRelation("Utrecht");
  Define("in utrecht", "visiting.city = 'Utrecht'");
  EXPECT_THAT(MembersNow("in utrecht"), ElementsAre(first.value));
  const Id<Relation> second = AddRelation("Utrecht");
  const Id<Relation> third = AddRelation("Delft");
  EXPECT_THAT(MembersNow("in utrecht"), ElementsAre(first.value, second.value));
  ASSERT_TRUE(database_
                  ->Update([&](Transaction& tx) -> Status {
                    RELATA_ASSIGN_OR_RETURN(Relation moved, tx.Load(third));
                    moved.visiting.city = "Utrecht";
                    RELATA_RETURN_IF_ERROR(tx.Update(moved));
                    return tx.Delete(first);
                  })
                  .ok());
  EXPECT_THAT(MembersNow("in utrecht"), ElementsAre(second.value, third.value));
  ExpectExact();
}

TEST_F(SegmentsTest, KeepsASnapshotsOwnMembers) {
  Define("in utrecht", "visiting.city = 'Utrecht'");
  const Id<Relation> first = AddRelation("Utrecht");
  const Snapshot before = database_->Read().value();
  const Id<Relation> second = AddRelation("Utrecht");
  EXPECT_THAT(MembersOf(before, "in utrecht")->ToVector(), ElementsAre(first.value));
  EXPECT_THAT(MembersNow("in utrecht"), ElementsAre(first.value, second.value));
}

TEST_F(SegmentsTest, FollowsRelatedRecords) {
  Define("buyers", "sum(orders.total where status <> 'cancelled') > 1000");
  const Id<Relation> relation = AddRelation("Utrecht");
  const Id<Relation> other = AddRelation("Delft");
  const Id<Order> order = AddOrder(relation, "2026-01-10", 700);
  AddOrder(relation, "2026-01-11", 400);
  EXPECT_THAT(MembersNow("buyers"), ElementsAre(relation.value));
  ASSERT_TRUE(database_
                  ->Update([&](Transaction& tx) -> Status {
                    RELATA_ASSIGN_OR_RETURN(Order moved, tx.Load(order));
                    moved.relation = other;
                    moved.total = Money::Eur(2000);
                    return tx.Update(moved);
                  })
                  .ok());
  EXPECT_THAT(MembersNow("buyers"), ElementsAre(other.value));
  ASSERT_TRUE(database_->Update([&](Transaction& tx) { return tx.Delete(order); }).ok());
  EXPECT_THAT(MembersNow("buyers"), IsEmpty());
}

TEST_F(SegmentsTest, LeavesAWindowWithoutAnythingRunning) {
  Define("recent", "exists(orders where ordered_on >= today() - 30)");
  const Id<Relation> relation = AddRelation("Utrecht");
  AddOrder(relation, "2026-01-10", 10);
  EXPECT_THAT(MembersNow("recent"), ElementsAre(relation.value));
  SetClock("2026-02-08T22:59:59Z");
  EXPECT_THAT(MembersNow("recent"), ElementsAre(relation.value));
  SetClock("2026-02-09T23:00:00Z");  // midnight in Amsterdam: the 10th
  EXPECT_THAT(MembersNow("recent"), IsEmpty());
  EXPECT_FALSE(IsMember(database_->Read().value(), "recent", relation.value).value());
  AddOrder(relation, "2026-02-10", 10);
  EXPECT_THAT(MembersNow("recent"), ElementsAre(relation.value));
  ExpectExact();
}

TEST_F(SegmentsTest, FollowsSegmentsItUses) {
  Define("recent", "exists(orders where ordered_on >= today() - 30)");
  Define("recent in utrecht", "in segment 'recent' and visiting.city = 'Utrecht'");
  Define("orders of recent", "relation in segment 'recent in utrecht'", "order");
  const Id<Relation> relation = AddRelation("Utrecht");
  AddRelation("Delft");
  const Id<Order> order = AddOrder(relation, "2026-01-10", 10);
  EXPECT_THAT(MembersNow("recent in utrecht"), ElementsAre(relation.value));
  EXPECT_THAT(MembersNow("orders of recent"), ElementsAre(order.value));
  SetClock("2026-03-01T12:00:00Z");
  EXPECT_THAT(MembersNow("orders of recent"), IsEmpty());
  ExpectExact();
  ASSERT_TRUE(database_->Advance(clock_->Now()).ok());
  EXPECT_THAT(MembersNow("recent in utrecht"), IsEmpty());
  ExpectExact();
  EXPECT_FALSE(DropSegment(database_.get(), "recent").ok());
}

TEST_F(SegmentsTest, ComputesRanksWhenRead) {
  Define("best", "top 1 by sum(orders.total)");
  const Id<Relation> first = AddRelation("Utrecht");
  const Id<Relation> second = AddRelation("Delft");
  AddOrder(first, "2026-01-10", 10);
  EXPECT_THAT(MembersNow("best"), ElementsAre(first.value));
  AddOrder(second, "2026-01-10", 20);
  EXPECT_THAT(MembersNow("best"), ElementsAre(second.value));
  ASSERT_TRUE(database_->Advance(clock_->Now()).ok());
  EXPECT_THAT(MembersNow("best"), ElementsAre(second.value));
}

TEST_F(SegmentsTest, SurvivesARestart) {
  Define("in utrecht", "visiting.city = 'Utrecht'");
  const Id<Relation> first = AddRelation("Utrecht");
  Reopen();
  EXPECT_THAT(MembersNow("in utrecht"), ElementsAre(first.value));
  const Id<Relation> second = AddRelation("Utrecht");
  EXPECT_THAT(MembersNow("in utrecht"), ElementsAre(first.value, second.value));
  ExpectExact();
}

TEST_F(SegmentsTest, ChangesWithItsDefinition) {
  const Id<Relation> utrecht = AddRelation("Utrecht");
  const Id<Relation> delft = AddRelation("Delft");
  Define("here", "visiting.city = 'Utrecht'");
  Define("not here", "not in segment 'here'");
  EXPECT_THAT(MembersNow("not here"), ElementsAre(delft.value));
  Define("here", "visiting.city = 'Delft'");
  EXPECT_THAT(MembersNow("here"), ElementsAre(delft.value));
  EXPECT_THAT(MembersNow("not here"), ElementsAre(utrecht.value));
  ASSERT_TRUE(RenameSegment(database_.get(), "here", "there").ok());
  AddRelation("Delft");
  ExpectExact();
  ASSERT_TRUE(DropSegment(database_.get(), "not here").ok());
  ASSERT_TRUE(DropSegment(database_.get(), "there").ok());
  EXPECT_FALSE(MembersOf(database_->Read().value(), "there").ok());
  AddRelation("Delft");
}

TEST_F(SegmentsTest, FollowsADerivedFieldDefinedAnew) {
  ASSERT_TRUE(database_->DefineField("relation", "weight", "count(orders)").ok());
  const Id<Relation> relation = AddRelation("Utrecht");
  AddOrder(relation, "2026-01-10", 10);
  Define("heavy", "weight > 1");
  EXPECT_THAT(MembersNow("heavy"), IsEmpty());
  ASSERT_TRUE(database_->DefineField("relation", "weight", "count(orders) * 10").ok());
  EXPECT_THAT(MembersNow("heavy"), ElementsAre(relation.value));
  AddRelation("Delft");
  ExpectExact();
}

TEST_F(SegmentsTest, ShowsATransactionItsOwnWrites) {
  Define("in utrecht", "visiting.city = 'Utrecht'");
  const Id<Relation> first = AddRelation("Utrecht");
  Id<Relation> second;
  EXPECT_TRUE(database_
                  ->Update([&](Transaction& tx) -> Status {
                    EXPECT_THAT(MembersOf(tx, "in utrecht")->ToVector(), ElementsAre(first.value));
                    RELATA_ASSIGN_OR_RETURN(
                        second, tx.Insert(Relation{.name = "New", .visiting = {.city = "Utrecht"}}));
                    EXPECT_THAT(MembersOf(tx, "in utrecht")->ToVector(),
                                ElementsAre(first.value, second.value));
                    EXPECT_TRUE(IsMember(tx, "in utrecht", second.value).value());
                    {
                      RELATA_ASSIGN_OR_RETURN(Savepoint savepoint, tx.BeginSavepoint());
                      RELATA_RETURN_IF_ERROR(tx.Delete(first));
                      EXPECT_FALSE(IsMember(tx, "in utrecht", first.value).value());
                    }
                    EXPECT_TRUE(IsMember(tx, "in utrecht", first.value).value());
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_THAT(MembersNow("in utrecht"), ElementsAre(first.value, second.value));
}

TEST_F(SegmentsTest, IsFoundByQueries) {
  Define("in utrecht", "visiting.city = 'Utrecht'");
  const Id<Relation> relation = AddRelation("Utrecht");
  AddRelation("Delft");
  AddOrder(relation, "2026-01-10", 10);
  const Snapshot now = database_->Read().value();
  EXPECT_EQ(now.Find<Relation>().Where("in segment 'in utrecht'").Count().value(), 1u);
  EXPECT_EQ(now.Find<Order>().Where("relation in segment 'in utrecht'").Count().value(), 1u);
  EXPECT_EQ(now.Find<Order>().Where("not relation in segment 'in utrecht'").Count().value(), 0u);
}

TEST_F(SegmentsTest, IsExactAfterABulkLoad) {
  Define("in utrecht", "visiting.city = 'Utrecht'");
  Define("recent", "exists(orders where ordered_on >= today() - 30)");
  AddRelation("Utrecht");
  {
    BulkLoad load = BulkLoad::Begin(database_.get(), {"relation", "order"}).value();
    for (int i = 0; i < 500; ++i) {
      const Id<Relation> id =
          load.Insert(Relation{.name = "R", .visiting = {.city = i % 3 == 0 ? "Utrecht" : "Delft"}}).value();
      ASSERT_TRUE(load.Insert(Order{.relation = id,
                                    .ordered_on = Date::Parse(i % 2 ? "2026-01-10" : "2025-01-10").value(),
                                    .total = Money::Eur(i)})
                      .ok());
    }
    ASSERT_TRUE(load.Finish().ok());
  }
  ExpectExact();
  for (int i = 0; i < 5; ++i) AddRelation("Utrecht");
  ExpectExact();
  ASSERT_TRUE(database_->Advance(clock_->Now()).ok());
  const std::vector<Segment> segments = Segments(database_->Read().value()).value();
  for (const Segment& segment : segments) EXPECT_TRUE(segment.ready) << segment.name;
  ExpectExact();
}

// Random writes, moves of the clock, restarts and advances over segments of every kind.
TEST_F(SegmentsTest, IsExactAfterWhateverHappens) {
  Define("recent", "exists(orders where ordered_on >= today() - 30)");
  Define("lately", "count(orders where created_at >= now() - interval '36 hours') >= 2");
  Define("quiet", "count(orders where ordered_on >= today() - interval '1 month') = 0 and exists(orders)");
  Define("utrecht", "visiting.city = 'Utrecht'");
  Define("recent utrecht", "in segment 'recent' and in segment 'utrecht'");
  Define("not recent", "(in segment 'recent') is not true");
  Define("orders of the quiet", "relation in segment 'quiet'", "order");
  Define("old or big", "ordered_on < today() - 60 or total > 900", "order");
  Define("parents in utrecht", "parent.visiting.city = 'Utrecht'");
  Define("best", "top 2 by sum(orders.total)");
  Define("birthday", "month(today()) = 2 and visiting.city <> 'Utrecht'");
  Define("spent lately", "sum(orders.total where ordered_on >= today() - 90) > 800");
  Define("touched", "updated_at >= now() - interval '10 days'");
  std::mt19937 random(17);
  const auto pick = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  const char* const cities[] = {"Utrecht", "Delft", "Goes"};
  std::vector<Id<Relation>> relations;
  std::vector<Id<Order>> orders;
  const int steps = std::getenv("RELATA_FULL") != nullptr ? 5000 : 300;
  for (int step = 0; step < steps; ++step) {
    const Status written = database_->Update([&](Transaction& tx) -> Status {
      const Date today = TimeZone::Load("Europe/Amsterdam")->LocalDate(tx.now());
      for (uint32_t n = pick(3) + 1; n > 0; --n) {
        switch (pick(6)) {
          case 0: {
            Relation relation{.name = "R", .visiting = {.city = cities[pick(3)]}};
            if (!relations.empty() && pick(2)) relation.parent = relations[pick(relations.size())];
            const auto id = tx.Insert(relation);
            if (id.ok()) relations.push_back(*id);
            break;
          }
          case 1:
          case 2: {
            Order order{.ordered_on = Date{today.days - static_cast<int32_t>(pick(100))},
                        .total = Money::Eur(pick(1000))};
            if (!relations.empty()) order.relation = relations[pick(relations.size())];
            const auto id = tx.Insert(order);
            if (id.ok()) orders.push_back(*id);
            break;
          }
          case 3: {
            if (relations.empty()) break;
            StatusOr<Relation> relation = tx.Load(relations[pick(relations.size())]);
            if (!relation.ok()) break;
            relation->visiting.city = cities[pick(3)];
            RELATA_RETURN_IF_ERROR(tx.Update(*relation));
            break;
          }
          case 4: {
            if (orders.empty()) break;
            StatusOr<Order> order = tx.Load(orders[pick(orders.size())]);
            if (!order.ok()) break;
            order->ordered_on = Date{today.days - static_cast<int32_t>(pick(100))};
            if (pick(2)) order->relation = relations[pick(relations.size())];
            tx.Update(*order).IgnoreError();  // its relation may be gone
            break;
          }
          case 5:
            if (!orders.empty() && pick(3) == 0) tx.Delete(orders[pick(orders.size())]).IgnoreError();
            if (!relations.empty() && pick(6) == 0)
              tx.Delete(relations[pick(relations.size())]).IgnoreError();
            break;
        }
      }
      return pick(10) == 0 ? absl::AbortedError("changed my mind") : absl::OkStatus();
    });
    ASSERT_TRUE(written.ok() || absl::IsAborted(written)) << written;
    if (pick(3) == 0) clock_->Advance(Duration{int64_t{pick(3 * 86'400)} * 1'000'000});
    if (pick(40) == 0) clock_->Advance(Duration{int64_t{86'400} * 45 * 1'000'000});
    if (pick(15) == 0) {
      ASSERT_TRUE(database_->Advance(clock_->Now()).ok());
    }
    if (pick(50) == 0) Reopen();
    ExpectExact();
    if (HasFailure()) FAIL() << "at step " << step;
  }
}

}  // namespace
}  // namespace relata
