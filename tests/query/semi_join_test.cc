// Tests conditions on related records that begin with the index of the other type: what is found, and what is
// read for it.
#include "relata/query/results.h"
#include "tests/query/shop.h"

namespace relata::query::test {
namespace {

using testing::HasSubstr;

class SemiJoinTest : public ShopTest {
 protected:
  // Three purchases a buyer, each on a day of its own but for a few.
  SemiJoinTest() {
    Fill(2000);
    EXPECT_TRUE(Ok(store_->Update({}, [&](store::Transaction& tx) -> Status {
      for (size_t i = 0; i < 3 * buyers_.size(); ++i) {
        Purchase p{.buyer = buyers_[i * 7 % buyers_.size()].id,
                   .total = Money::Eur(static_cast<int64_t>(i % 90)),
                   .bought_on = Date{20'000 + static_cast<int32_t>(i / 5)}};
        RELATA_ASSIGN_OR_RETURN(p.id, store::test::Insert(tx, p));
        purchases_.push_back(p);
      }
      return absl::OkStatus();
    })));
  }
  using Bought = std::function<bool(const Purchase&)>;
  uint64_t CountOf(const Buyer& buyer, const Bought& where) const {
    uint64_t count = 0;
    for (const Purchase& p : purchases_) count += p.buyer == buyer.id && where(p) ? 1 : 0;
    return count;
  }
  // Finds what is expected, with and without, and tells how.
  Plan Same(const QuerySpec& spec, const std::vector<RecordId>& expected) {
    EXPECT_EQ(Ids(spec), expected);
    QuerySpec plain = spec;
    plain.strategies.semi_join = false;
    EXPECT_EQ(Ids(plain), expected);
    EXPECT_FALSE(PlanOf(plain).Has(Step::kSemiJoin));
    const store::Snapshot now = Now();
    EXPECT_EQ(*Count({.reader = &now}, spec), expected.size());
    return PlanOf(spec, true);
  }
  QuerySpec AskPurchases(std::string_view where) {
    QuerySpec spec = Ask(where);
    spec.entity = "purchase";
    return spec;
  }

  std::vector<Purchase> purchases_;
};

TEST_F(SemiJoinTest, GoesFromRelatedRecordsToThoseTheyName) {
  const Date day = purchases_[700].bought_on;
  QuerySpec spec = Ask("exists(purchases where bought_on = :day)");
  spec.parameters = {{"day", day}};
  const auto expected = Expect(
      [&](const Buyer& b) { return CountOf(b, [&](const Purchase& p) { return p.bought_on == day; }) > 0; });
  ASSERT_EQ(expected.size(), 5U);
  const Plan plan = Same(spec, expected);
  EXPECT_TRUE(plan.Has(Step::kSemiJoin)) << plan.ToString();
  EXPECT_THAT(plan.ToString(), HasSubstr("semi-join: named by purchase"));
  EXPECT_LE(plan.work.rows_read, 5U) << plan.ToString();
}

TEST_F(SemiJoinTest, LooksAtWhatTheIndexLeavesOpenOnTheirRows) {
  const Date day = purchases_[700].bought_on;
  QuerySpec spec = Ask("exists(purchases where bought_on between :day and :day + 3 and total > 80)");
  spec.parameters = {{"day", day}};
  const auto expected = Expect([&](const Buyer& b) {
    return CountOf(b, [&](const Purchase& p) {
             return p.bought_on >= day && p.bought_on.days <= day.days + 3 && p.total > Money::Eur(80);
           }) > 0;
  });
  ASSERT_GT(expected.size(), 3U);
  const Plan plan = Same(spec, expected);
  EXPECT_TRUE(plan.Has(Step::kSemiJoin)) << plan.ToString();
  EXPECT_LE(plan.work.rows_read, 20U) << plan.ToString();
}

TEST_F(SemiJoinTest, AsksCandidatesWhereTheConditionSaysMore) {
  const Date day = purchases_[700].bought_on;
  const auto since = [&](const Purchase& p) {
    return p.bought_on >= day && p.bought_on.days < day.days + 40;
  };
  const std::string window = "where bought_on >= :day and bought_on < :day + 40";
  const auto with_day = [&](const std::string& where) {
    QuerySpec spec = Ask(where);
    spec.parameters = {{"day", day}};
    return spec;
  };
  Plan plan = Same(with_day("count(purchases " + window + ") > 0"),
                   Expect([&](const Buyer& b) { return CountOf(b, since) > 0; }));
  EXPECT_TRUE(plan.Has(Step::kSemiJoin)) << plan.ToString();
  // The total is compared with the buyer's own field: only the buyer's row tells.
  plan = Same(with_day("exists(purchases " + window + " and total > credit)"), Expect([&](const Buyer& b) {
                return CountOf(b, [&](const Purchase& p) { return since(p) && p.total > b.credit; }) > 0;
              }));
  EXPECT_TRUE(plan.Has(Step::kSemiJoin)) << plan.ToString();
  // What is true of those without any is no way to them.
  for (const char* where : {"count(purchases $) = 0", "count(purchases $) < 1", "not exists(purchases $)",
                            "sum(purchases.total $) >= 0"}) {
    std::string text = where;
    text.replace(text.find('$'), 1, window);
    EXPECT_FALSE(PlanOf(with_day(text)).Has(Step::kSemiJoin)) << text;
  }
}

TEST_F(SemiJoinTest, GoesFromWhatIsReferredToToThoseThatReferToIt) {
  const auto code = [&](const Purchase& p) -> const std::string& { return buyers_[p.buyer.value - 1].code; };
  std::vector<RecordId> expected;
  for (const Purchase& p : purchases_) {
    if (code(p) == "c17") expected.push_back(p.id.value);
  }
  ASSERT_EQ(expected.size(), 3U);
  Plan plan = Same(AskPurchases("buyer.code = 'c17'"), expected);
  EXPECT_TRUE(plan.Has(Step::kSemiJoin)) << plan.ToString();
  EXPECT_THAT(plan.ToString(), HasSubstr("semi-join: by buyer"));
  EXPECT_TRUE(plan.Has(Step::kUnique)) << plan.ToString();
  EXPECT_EQ(plan.work.rows_read, 0U) << plan.ToString();

  expected.clear();
  for (const Purchase& p : purchases_) {
    if (code(p).starts_with("c19") && p.total < Money::Eur(30)) expected.push_back(p.id.value);
  }
  ASSERT_GT(expected.size(), 3U);
  plan = Same(AskPurchases("buyer.code starts_with 'c19' and total < 30"), expected);
  EXPECT_TRUE(plan.Has(Step::kSemiJoin)) << plan.ToString();
  EXPECT_FALSE(PlanOf(AskPurchases("buyer.rating is null")).Has(Step::kSemiJoin));
  EXPECT_FALSE(PlanOf(AskPurchases("not buyer.code = 'c17'")).Has(Step::kSemiJoin));
}

TEST_F(SemiJoinTest, JoinsInAlternatives) {
  const Date day = purchases_[700].bought_on;
  QuerySpec spec = Ask("code = 'c5' or exists(purchases where bought_on = :day)");
  spec.parameters = {{"day", day}};
  const Plan plan =
      Same(spec, Expect([&](const Buyer& b) {
             return b.code == "c5" || CountOf(b, [&](const Purchase& p) { return p.bought_on == day; }) > 0;
           }));
  EXPECT_TRUE(plan.Has(Step::kIndexOr)) << plan.ToString();
}

}  // namespace
}  // namespace relata::query::test
