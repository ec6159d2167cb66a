// Holds groups against totals made by hand and by plain loops.
#include <map>

#include "tests/query/shop.h"

namespace relata::query::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GroupTest : public ShopTest {
 protected:
  static AggregateTerm Of(Aggregate aggregate, const char* of = "") {
    return {.aggregate = aggregate, .of = *of == '\0' ? expr::Expr() : E(of)};
  }
  std::vector<std::vector<Value>> Rows(const GroupSpec& spec) {
    const store::Snapshot now = Now();
    const StatusOr<Groups> groups = Group({.reader = &now}, spec);
    EXPECT_TRUE(Ok(groups));
    return groups.ok() ? groups->rows : std::vector<std::vector<Value>>();
  }
  static Buyer Of(const char* code, const char* city, std::optional<int64_t> rating, int64_t credit) {
    return {.code = code, .name = code, .place = {city}, .rating = rating, .credit = Money::Eur(credit)};
  }
};

TEST_F(GroupTest, AddsUpByHand) {
  Add({Of("a", "Utrecht", 3, 10), Of("b", "Delft", 1, 20), Of("c", "Utrecht", std::nullopt, 5),
       Of("d", "Utrecht", 4, 6), Of("e", "Delft", 1, 1)});
  GroupSpec spec{.entity = "buyer"};
  spec.by = {E("place.city")};
  spec.aggregates = {Of(Aggregate::kCount),
                     Of(Aggregate::kCount, "rating"),
                     Of(Aggregate::kSum, "rating"),
                     Of(Aggregate::kAvg, "rating"),
                     Of(Aggregate::kMin, "rating"),
                     Of(Aggregate::kMax, "name"),
                     Of(Aggregate::kSum, "credit"),
                     Of(Aggregate::kAvg, "credit"),
                     Of(Aggregate::kCountDistinct, "rating")};
  EXPECT_THAT(
      Rows(spec),
      ElementsAre(ElementsAre(Value("Delft"), Value(2), Value(2), Value(2), Value(1.0), Value(1), Value("e"),
                              Value(Money::Eur(21)), Value(Money::Minor(1050, Currency::Eur())), Value(1)),
                  ElementsAre(Value("Utrecht"), Value(3), Value(2), Value(7), Value(3.5), Value(3),
                              Value("d"), Value(Money::Eur(21)), Value(Money::Eur(7)), Value(2))));
  spec.having = {{.column = 3, .comparison = expr::Operator::kGreater, .value = Value(5)}};
  EXPECT_EQ(Rows(spec).size(), 1u);
  spec.having.clear();
  spec.order = {{.column = 1, .descending = true}};
  spec.limit = 1;
  EXPECT_EQ(Rows(spec)[0][0], Value("Utrecht"));
}

TEST_F(GroupTest, WithoutKeysIsOneGroup) {
  GroupSpec spec{.entity = "buyer"};
  spec.aggregates = {Of(Aggregate::kCount), Of(Aggregate::kSum, "rating"), Of(Aggregate::kMax, "rating")};
  EXPECT_THAT(Rows(spec), ElementsAre(ElementsAre(Value(0), Value(0), Value())));
  Add({Of("a", "Utrecht", 3, 10)});
  EXPECT_THAT(Rows(spec), ElementsAre(ElementsAre(Value(1), Value(3), Value(3))));
}

TEST_F(GroupTest, NullsAreOneKeyAndComeLast) {
  Add({Of("a", "x", std::nullopt, 1), Of("b", "x", 2, 1), Of("c", "x", std::nullopt, 1),
       Of("d", "x", -1, 1)});
  GroupSpec spec{.entity = "buyer"};
  spec.by = {E("rating")};
  spec.aggregates = {Of(Aggregate::kCount)};
  EXPECT_THAT(Rows(spec), ElementsAre(ElementsAre(Value(-1), Value(1)), ElementsAre(Value(2), Value(1)),
                                      ElementsAre(Value(), Value(2))));
  spec.aggregates.clear();  // distinct values
  EXPECT_THAT(Rows(spec), ElementsAre(ElementsAre(Value(-1)), ElementsAre(Value(2)), ElementsAre(Value())));
}

TEST_F(GroupTest, AgreesWithALoopWhateverThePlan) {
  Fill(600);
  GroupSpec spec{.entity = "buyer"};
  spec.where = E("place.city in ('Utrecht', 'Delft') and credit > :least");
  spec.parameters = {{"least", 100}};
  spec.by = {E("place.city"), E("rating > 0")};
  spec.aggregates = {Of(Aggregate::kCount), Of(Aggregate::kSum, "credit")};
  std::map<std::pair<std::string, int>, std::pair<int64_t, int64_t>> expected;
  for (const Buyer& b : buyers_) {
    if ((b.place.city != "Utrecht" && b.place.city != "Delft") || b.credit.minor <= 10'000) continue;
    auto& [count, sum] = expected[{b.place.city, !b.rating ? 2 : *b.rating > 0 ? 1 : 0}];
    ++count;
    sum += b.credit.minor;
  }
  for (const bool off : {false, true}) {
    if (off) spec.strategies = Strategies::None();
    const auto rows = Rows(spec);
    ASSERT_EQ(rows.size(), expected.size());
    size_t i = 0;
    for (const auto& [key, totals] : expected) {
      const Value positive = key.second == 2 ? Value() : Value(key.second == 1);
      EXPECT_THAT(rows[i++], ElementsAre(Value(key.first), positive, Value(totals.first),
                                         Value(Money::Minor(totals.second, Currency::Eur()))));
    }
  }
}

TEST_F(GroupTest, SumsThatOverflowAreNull) {
  Add({Of("a", "x", INT64_MAX, 0), Of("b", "x", 1, 0)});
  GroupSpec spec{.entity = "buyer"};
  spec.aggregates = {Of(Aggregate::kSum, "rating")};
  EXPECT_THAT(Rows(spec), ElementsAre(ElementsAre(Value())));
}

TEST_F(GroupTest, SaysWhatItCannotDo) {
  const store::Snapshot now = Now();
  const Source source{.reader = &now};
  GroupSpec spec{.entity = "buyer"};
  spec.aggregates = {Of(Aggregate::kSum, "name")};
  EXPECT_THAT(store::test::Text(Group(source, spec).status()), HasSubstr("sum(name)"));
  spec.aggregates = {Of(Aggregate::kSum)};
  EXPECT_EQ(Group(source, spec).status().code(), absl::StatusCode::kInvalidArgument);
  spec.aggregates = {Of(Aggregate::kCount)};
  spec.order = {{.column = 4}};
  EXPECT_EQ(Group(source, spec).status().code(), absl::StatusCode::kInvalidArgument);
  spec.order.clear();
  Fill(500);
  const store::Snapshot later = Now();
  spec.by = {E("code")};
  spec.limits.memory_bytes = 5'000;
  EXPECT_EQ(Group({.reader = &later}, spec).status().code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace relata::query::test
