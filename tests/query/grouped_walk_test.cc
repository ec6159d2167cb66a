// Tests orders of which an index has the first terms: what is read for a page, and that the order is the one
// asked for, nulls and long texts included.
#include "relata/query/results.h"
#include "tests/query/shop.h"

namespace relata::query::test {

struct Ticket {
  Id<Ticket> id;
  std::optional<std::string> number;
  std::string subject;
};
BOOST_DESCRIBE_STRUCT(Ticket, (), (id, number, subject))
RELATA_ENTITY(Ticket, "ticket", unique<&Ticket::number>)

namespace {

using GroupedWalk = ShopTest;

TEST_F(GroupedWalk, ReadsAsManyGroupsAsALimitNeeds) {
  Fill(3000);
  // Some 7 buyers a day have a `since`, and a third has none.
  for (const auto& order : std::vector<std::vector<std::string>>{
           {"since first", "credit"}, {"-since last", "-notes", "credit"}, {"since first", "name nl"}}) {
    QuerySpec spec = Ask("since is not null", order, 20);
    const Plan plan = PlanOf(spec, true);
    EXPECT_TRUE(plan.Has(Step::kGroupedWalk)) << plan.ToString();
    EXPECT_FALSE(plan.Has(Step::kTopK));
    EXPECT_LE(plan.work.index_entries, 60u) << plan.ToString();
    EXPECT_LE(plan.work.rows_read, 70u) << plan.ToString();
    const std::vector<RecordId> walked = Ids(spec);
    spec.strategies.grouped_walk = false;
    EXPECT_TRUE(PlanOf(spec).Has(Step::kTopK));
    EXPECT_EQ(Ids(spec), walked);
  }
  // Groups of a quarter of the buyers are no help where all of them are asked for.
  EXPECT_TRUE(PlanOf(Ask("", {"place.city", "credit"})).Has(Step::kSort));
}

// Turns pages with and without the walk, forward and backward.
TEST_F(GroupedWalk, TurnsPagesAsSortingDoes) {
  Fill(1500);
  for (const char* where : {"", "rating > 1", "place.city = 'Delft'"}) {
    for (const auto& order : std::vector<std::vector<std::string>>{{"since", "name"},
                                                                   {"-since", "credit"},
                                                                   {"since last", "-rating"},
                                                                   {"rating", "-since", "name fold"}}) {
      QuerySpec spec = Ask(where, order);
      spec.strategies.grouped_walk = false;
      const std::vector<RecordId> sorted = Ids(spec);
      spec.strategies.grouped_walk = true;
      spec.limit = 11;
      std::vector<RecordId> paged;
      const store::Snapshot now = Now();
      for (bool more = true; more;) {
        Results page = Find({.reader = &now}, spec).value();
        size_t size = 0;
        for (; page.Next(); ++size) paged.push_back(page.id());
        ASSERT_TRUE(Ok(page.status()));
        more = size == 11 && paged.size() < 200;
        spec.after = page.NextCursor().value();
      }
      ASSERT_LE(paged.size(), sorted.size());
      EXPECT_TRUE(std::equal(paged.begin(), paged.end(), sorted.begin())) << where << " by " << order[0];
    }
  }
}

// In a unique index nulls stand by id: only the next term says how they are ordered.
TEST_F(GroupedWalk, OrdersTheNullsOfAUniqueIndex) {
  EXPECT_TRUE(Ok(store_->Register({&DeclarationOf<Ticket>()})));
  std::vector<RecordId> expected;
  EXPECT_TRUE(Ok(store_->Update({}, [&](store::Transaction& tx) -> Status {
    for (const char* subject : {"c", "a", "b"}) {
      RELATA_ASSIGN_OR_RETURN(const Id<Ticket> id, store::test::Insert(tx, Ticket{.subject = subject}));
      expected.push_back(id.value);
    }
    for (int i = 0; i < 300; ++i) {
      RELATA_RETURN_IF_ERROR(
          store::test::Insert(tx, Ticket{.number = StrCat("n", i), .subject = "z"}).status());
    }
    return absl::OkStatus();
  })));
  QuerySpec spec = Ask("number is null", {"number", "subject"});
  spec.entity = "ticket";
  EXPECT_EQ(Ids(spec), (std::vector<RecordId>{expected[1], expected[2], expected[0]}));
  spec = Ask("", {"number first", "subject"}, 2);
  spec.entity = "ticket";
  EXPECT_TRUE(PlanOf(spec).Has(Step::kGroupedWalk)) << PlanOf(spec).ToString();
  EXPECT_EQ(Ids(spec), (std::vector<RecordId>{expected[1], expected[2]}));
}

}  // namespace
}  // namespace relata::query::test
