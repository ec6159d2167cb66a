// Tests why a record is a member: each part with its result and values, and when that changes by itself.
#include "src/segment/why.h"

#include <gmock/gmock.h>

#include <set>

#include "src/store/membership.h"
#include "tests/expr/evaluate_fixture.h"

namespace relata::segment {
namespace {

using expr::test::At;
using expr::test::Day;
using testing::HasSubstr;

class NoMembers : public store::Membership {
 public:
  StatusOr<bool> Contains(uint32_t /*segment*/, RecordId /*id*/) override { return false; }
  StatusOr<std::shared_ptr<const store::MemberIds>> All(uint32_t /*segment*/) override {
    return absl::UnimplementedError("one at a time");
  }
};

class WhyTest : public expr::test::EvaluateTest {
 protected:
  void Define(std::string_view name, std::string_view expression, std::string_view entity = "party") {
    const Status status = store_->ChangeSchema(
        [&](schema::Catalogue& catalogue) { return catalogue.DefineSegment(entity, name, expression, ""); });
    ASSERT_TRUE(status.ok()) << status;
  }
  Explanation Why(std::string_view segment, RecordId id) {
    store::Snapshot now = store_->Read().value();
    NoMembers none;
    now.set_membership(&none);
    const StatusOr<Explanation> why = Explain(now, *now.schema().catalogue().GetSegment(segment).value(), id);
    EXPECT_TRUE(why.ok()) << why.status();
    return why.value_or(Explanation());
  }
  // A line per condition: depth, result, text and values.
  static std::string Told(const Explanation& why) {
    std::string told;
    for (const ExplainedCondition& condition : why.conditions) {
      told.append(2 * size_t{condition.depth}, ' ');
      StrAppend(&told,
                condition.result == ConditionResult::kTrue    ? "+ "
                : condition.result == ConditionResult::kFalse ? "- "
                                                              : "? ",
                condition.text);
      for (const ExplainedOperand& operand : condition.operands) {
        StrAppend(&told, "; ", operand.text, ": ",
                  operand.value.is_null() ? "null" : operand.value.ToString());
      }
      told += '\n';
    }
    return told;
  }
};

TEST_F(WhyTest, EachPartHasItsResultAndItsValues) {
  Define("quiet",
         "tier = 'top' and not exists(sales where sold_on >= today() - 60) and (rating > 3 or name is null)");
  const RecordId id = Party({{"tier", "top"}, {"name", "Anna"}});
  Sale(id, {{"sold_on", Day("2026-06-01")}});
  const Explanation why = Why("quiet", id);
  EXPECT_EQ(
      Told(why),
      "- and\n"
      "  + tier = 'top'; tier: top\n"
      "  - not\n"
      "    + exists(sales where sold_on >= today() - 60); count(sales where sold_on >= today() - 60): 1\n"
      "  ? or\n"
      "    ? rating > 3; rating: null\n"
      "    - name is null; name: Anna\n");
  EXPECT_FALSE(why.member);
  EXPECT_EQ(why.segment, "quiet");
  EXPECT_EQ(why.record, id);
  // Whatever time does, the rating stays unknown.
  EXPECT_FALSE(why.until.has_value());
  EXPECT_TRUE(why.horizon.has_value());
}

TEST_F(WhyTest, TellsWhenItChangesByItself) {
  Define("quiet", "not exists(sales where sold_on >= today() - 60)");
  Define("recent", "seen > now() - 36 hours");
  Define("birthday", "anniversary(born, within 7 days)");
  Define("plain", "rating > 3");
  const RecordId id =
      Party({{"seen", At("2026-06-30T08:00:00Z")}, {"born", Day("2000-02-29")}, {"rating", 5}});
  Sale(id, {{"sold_on", Day("2026-06-01")}});
  Sale(id, {{"sold_on", Day("2026-05-01")}});
  // Sixty days after the first of June is the last of July: it enters as the first of August begins.
  Explanation why = Why("quiet", id);
  EXPECT_FALSE(why.member);
  EXPECT_EQ(why.until, At("2026-07-31T22:00:00Z"));
  why = Why("recent", id);
  EXPECT_TRUE(why.member);
  EXPECT_EQ(why.until, At("2026-07-01T20:00:00Z"));
  // Born on a leap day: kept on the 28th of 2027, and the 22nd is the first with that within seven days.
  why = Why("birthday", id);
  EXPECT_FALSE(why.member);
  EXPECT_EQ(why.until, At("2027-02-21T23:00:00Z"));
  why = Why("plain", id);
  EXPECT_TRUE(why.member);
  EXPECT_FALSE(why.until.has_value());
  EXPECT_TRUE(why.horizon.has_value());
}

TEST_F(WhyTest, SegmentsThatAreUsedAreSeenThrough) {
  Define("recent", "seen > now() - 36 hours");
  Define("sold", "exists(sales)");
  Define("both", "in segment 'recent' or in segment 'sold'");
  Define("theirs", "party in segment 'recent'", "sale");
  const RecordId id = Party({{"seen", At("2026-06-30T08:00:00Z")}});
  Explanation why = Why("both", id);
  EXPECT_THAT(Told(why), HasSubstr("  - in segment 'recent'\n"));  // as this test's reader says
  EXPECT_EQ(why.until, std::nullopt);                              // not a member now, and not later
  EXPECT_TRUE(why.horizon.has_value());
  // Of another record's membership nothing is foretold.
  const RecordId sale = Sale(id);
  why = Why("theirs", sale);
  EXPECT_FALSE(why.horizon.has_value());
}

TEST_F(WhyTest, NobodyCanTellOfRanks) {
  Define("best", "top 1 by rating");
  const RecordId low = Party({{"rating", 1}});
  const RecordId high = Party({{"rating", 2}});
  EXPECT_TRUE(Why("best", high).member);
  const Explanation why = Why("best", low);
  EXPECT_FALSE(why.member);
  EXPECT_FALSE(why.horizon.has_value());
  const store::Snapshot now = store_->Read().value();
  EXPECT_TRUE(absl::IsNotFound(Explain(now, *now.schema().catalogue().FindSegment("best"), 99).status()));
}

}  // namespace
}  // namespace relata::segment
