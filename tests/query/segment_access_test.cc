// Tests `in segment` as a way to records: the members as a set beside those of indexes, asked for once and by
// id, and never where a few rows answer.
#include "relata/query/results.h"
#include "tests/query/shop.h"
#include "tests/store/told_members.h"

namespace relata::query::test {
namespace {

using testing::HasSubstr;

class SegmentAccess : public ShopTest {
 protected:
  SegmentAccess() {
    Fill(3000);
    EXPECT_TRUE(Ok(store_->ChangeSchema([&](schema::Catalogue& catalogue) {
      const std::vector<SegmentSpec> specs = {{.name = "few", .entity = "buyer", .expression = "true"},
                                              {.name = "most", .entity = "buyer", .expression = "true"}};
      return catalogue.DefineSegments(specs);
    })));
    snapshot_.emplace(Now());
    snapshot_->set_membership(&members_);
    for (const Buyer& buyer : buyers_) {
      if (buyer.id.value % 20 == 3) members_.of[1].insert(buyer.id.value);
      if (buyer.id.value % 10 != 0) members_.of[2].insert(buyer.id.value);
    }
  }

  Source source() { return {.reader = &*snapshot_, .snapshot = &*snapshot_}; }
  Plan Run(const QuerySpec& spec) { return Explain(source(), spec, true).value(); }
  bool Few(const Buyer& b) const { return members_.of.at(1).contains(b.id.value); }
  bool Most(const Buyer& b) const { return members_.of.at(2).contains(b.id.value); }

  store::test::ToldMembers members_;
  std::optional<store::Snapshot> snapshot_;
};

TEST_F(SegmentAccess, ReadsNoRowsButThoseOfMembers) {
  const QuerySpec spec = Ask("in segment 'few'");
  EXPECT_EQ(Ids(source(), spec), Expect([&](const Buyer& b) { return Few(b); }));
  const Plan plan = Run(spec);
  EXPECT_TRUE(plan.Has(Step::kSegment)) << plan.ToString();
  EXPECT_EQ(plan.root.estimated_rows, 150);
  EXPECT_EQ(plan.root.actual_rows, 150U);
  EXPECT_EQ(plan.work.rows_read, 0U);
  EXPECT_THAT(plan.ToString(), HasSubstr("segment: 'few'"));
  EXPECT_EQ(*Count(source(), spec), 150U);
  EXPECT_EQ(members_.asked_for_one, 0);
}

TEST_F(SegmentAccess, NarrowsWhatAnIndexFinds) {
  const QuerySpec spec = Ask("place.city = 'Delft' and in segment 'few'");
  const auto expected = Expect([&](const Buyer& b) { return b.place.city == "Delft" && Few(b); });
  ASSERT_GT(expected.size(), 5U);
  EXPECT_EQ(Ids(source(), spec), expected);
  EXPECT_EQ(*Count(source(), spec), expected.size());
  const Plan plan = Run(spec);
  EXPECT_TRUE(plan.Has(Step::kSegment)) << plan.ToString();
  EXPECT_LE(plan.work.rows_read, 150U) << plan.ToString();
}

TEST_F(SegmentAccess, TakesMembersAway) {
  const QuerySpec spec = Ask("place.city = 'Delft' and not in segment 'most'");
  const auto expected = Expect([&](const Buyer& b) { return b.place.city == "Delft" && !Most(b); });
  ASSERT_GT(expected.size(), 20U);
  EXPECT_EQ(Ids(source(), spec), expected);
  const Plan plan = Run(spec);
  EXPECT_TRUE(plan.Has(Step::kIndexAnd)) << plan.ToString();
  EXPECT_THAT(plan.ToString(), HasSubstr("segment: not in 'most'"));
  EXPECT_EQ(plan.work.rows_read, 0U) << plan.ToString();
  EXPECT_EQ(Ids(source(), Ask("not in segment 'most'")), Expect([&](const Buyer& b) { return !Most(b); }));
}

TEST_F(SegmentAccess, UnitesWithIndexes) {
  const QuerySpec spec = Ask("in segment 'few' or code = 'c17' or (in segment 'most' and rating = 5)");
  EXPECT_EQ(Ids(source(), spec),
            Expect([&](const Buyer& b) { return Few(b) || b.code == "c17" || (Most(b) && b.rating == 5); }));
  EXPECT_TRUE(Run(spec).Has(Step::kIndexOr)) << Run(spec).ToString();
  EXPECT_TRUE(Run(spec).Has(Step::kSegment)) << Run(spec).ToString();
}

TEST_F(SegmentAccess, TellsMembersAlongAnOrderBeforeTheirRowsAreRead) {
  const QuerySpec spec = Ask("not in segment 'few'", {"name"}, 20);
  std::vector<RecordId> expected = Expect([&](const Buyer& b) { return !Few(b); },
                                          [](const Buyer& a, const Buyer& b) { return a.name < b.name; });
  expected.resize(20);
  EXPECT_EQ(Ids(source(), spec), expected);
  const Plan plan = Run(spec);
  EXPECT_TRUE(plan.Has(Step::kOrderedWalk)) << plan.ToString();
  EXPECT_EQ(plan.work.rows_read, 0U) << plan.ToString();
}

TEST_F(SegmentAccess, AsksTheRowsWhereThereAreFew) {
  const QuerySpec spec = Ask("code = 'c17' and in segment 'few'");
  Ids(source(), spec);
  EXPECT_EQ(members_.asked_for_all, 0);
  EXPECT_EQ(members_.asked_for_one, 1);
}

TEST_F(SegmentAccess, CanBeSwitchedOff) {
  QuerySpec spec = Ask("in segment 'few' and not in segment 'most'");
  const auto expected = Expect([&](const Buyer& b) { return Few(b) && !Most(b); });
  EXPECT_EQ(Ids(source(), spec), expected);
  spec.strategies.segment_set = false;
  EXPECT_FALSE(Run(spec).Has(Step::kSegment));
  EXPECT_EQ(Ids(source(), spec), expected);
}

}  // namespace
}  // namespace relata::query::test
