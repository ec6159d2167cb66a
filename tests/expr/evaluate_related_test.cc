// Tests the row evaluator where other records decide: references, aggregates, the hierarchy, ranks, samples.
#include "tests/expr/evaluate_fixture.h"

namespace relata::expr::test {
namespace {

using Ids = std::vector<RecordId>;

class EvaluateRelatedTest : public EvaluateTest {
 protected:
  Value Eur(std::string_view amount) { return Value(Money::ParseAmount(amount, Currency::Eur()).value()); }
  Value Ref(RecordId id) { return Value(Reference{id}); }
};

TEST_F(EvaluateRelatedTest, PathsGoThroughThreeReferences) {
  const RecordId top = Party({{"name", "top"}});
  const RecordId middle = Party({{"name", "middle"}, {"parent", Ref(top)}});
  const RecordId low = Party({{"name", "low"}, {"parent", Ref(middle)}});
  const RecordId sale = Sale(low);
  EXPECT_EQ(Of("sale", sale, "party.name"), "\"low\"");
  EXPECT_EQ(Of("sale", sale, "party.parent.name"), "\"middle\"");
  EXPECT_EQ(Of("sale", sale, "party.parent.parent.name"), "\"top\"");
  EXPECT_EQ(Of("sale", sale, "party.parent.parent.parent.name"), "null");
  EXPECT_EQ(Of("sale", sale, "party.parent.parent.parent.name is null"), "true");
  EXPECT_EQ(Of("sale", sale, "party.visits"), "0");
  EXPECT_EQ(Of("sale", sale, "party.parent.parent.parent.visits"), "null");
}

TEST_F(EvaluateRelatedTest, AggregatesOfNothing) {
  const RecordId id = Party();
  EXPECT_EQ(Of(id, "count(sales)"), "0");
  EXPECT_EQ(Of(id, "count(sales) < 1"), "true");
  EXPECT_EQ(Of(id, "sum(sales.total)"), "EUR 0.00");
  EXPECT_EQ(Of(id, "sum(sales.quantity)"), "0");
  EXPECT_EQ(Of(id, "sum(sales.weight)"), "0");
  for (std::string_view text :
       {"avg(sales.total)", "avg(sales.quantity)", "min(sales.total)", "max(sales.sold_on)",
        "first(sales.remark)", "last(sales.remark)", "avg(sales.weight)"}) {
    EXPECT_EQ(Of(id, text), "null") << text;
  }
  EXPECT_EQ(Of(id, "distinct(sales.quantity)"), "0");
  EXPECT_EQ(Of(id, "exists(sales)"), "false");
  EXPECT_EQ(Of(id, "none(sales)"), "true");
  EXPECT_EQ(Of(id, "all(sales, quantity > 1)"), "true");
}

TEST_F(EvaluateRelatedTest, AggregatesPassNullsOver) {
  const RecordId id = Party();
  const RecordId other = Party();
  Sale(id, {{"total", Eur("1.00")}, {"quantity", 1}, {"weight", 0.5}, {"remark", "b"}});
  Sale(id, {{"total", Eur("0.01")}, {"quantity", 2}, {"weight", -0.0}, {"remark", "é"}});
  Sale(id, {{"quantity", 2}, {"weight", 0.0}});
  Sale(other, {{"total", Eur("99.00")}, {"quantity", 9}});
  EXPECT_EQ(Of(id, "count(sales)"), "3");
  EXPECT_EQ(Of(id, "count(sales.total)"), "2");
  EXPECT_EQ(Of(id, "sum(sales.total)"), "EUR 1.01");
  EXPECT_EQ(Of(id, "avg(sales.total)"), "EUR 0.50");  // 0.505, half to even
  EXPECT_EQ(Of(id, "avg(sales.quantity)"), "1.6666666666666667");
  EXPECT_EQ(Of(id, "min(sales.total)"), "EUR 0.01");
  EXPECT_EQ(Of(id, "max(sales.remark)"), "\"é\"");
  EXPECT_EQ(Of(id, "min(sales.remark)"), "\"b\"");
  EXPECT_EQ(Of(id, "distinct(sales.quantity)"), "2");
  EXPECT_EQ(Of(id, "distinct(sales.weight)"), "2");  // the two zeros are one value
  EXPECT_EQ(Of(id, "distinct(sales.remark)"), "2");
  EXPECT_EQ(Of(id, "sum(sales.total where quantity = 2)"), "EUR 0.01");
  EXPECT_EQ(Of(id, "count(sales where total > 0)"), "2");
  EXPECT_EQ(Of(id, "exists(sales where total > 1)"), "false");
  // Only a true condition counts: with a null total neither holds.
  EXPECT_EQ(Of(id, "all(sales, total > 0)"), "false");
  EXPECT_EQ(Of(id, "none(sales where not (total > 0))"), "true");
  EXPECT_EQ(Of(id, "any(sales where total is null)"), "true");
}

TEST_F(EvaluateRelatedTest, SumsThatDoNotFitAreNull) {
  const RecordId id = Party();
  for (int i = 0; i < 2; ++i) Sale(id, {{"quantity", INT64_MAX}, {"weight", 1.7e308}});
  EXPECT_EQ(Of(id, "sum(sales.quantity)"), "null");
  EXPECT_EQ(Of(id, "sum(sales.weight)"), "null");
  EXPECT_EQ(Of(id, "avg(sales.quantity) > 9e18"), "true");
  Sale(id, {{"quantity", -INT64_MAX}});
  EXPECT_EQ(Of(id, "sum(sales.quantity)"), "9223372036854775807");  // what lies between may not fit
}

TEST_F(EvaluateRelatedTest, FirstAndLastFollowTheMomentThenTheId) {
  const RecordId id = Party();
  Sale(id, {{"sold_on", Day("2026-03-01")}, {"remark", "march a"}});
  Sale(id, {{"sold_on", Day("2026-01-01")}, {"remark", "january"}});
  Sale(id, {{"sold_on", Day("2026-03-01")}, {"remark", "march b"}});
  Sale(id, {{"sold_on", Day("2026-04-01")}});
  EXPECT_EQ(Of(id, "first(sales.remark)"), "\"january\"");
  EXPECT_EQ(Of(id, "last(sales.remark)"), "\"march b\"");
  EXPECT_EQ(Of(id, "first(sales.remark where sold_on > date '2026-02-01')"), "\"march a\"");
  EXPECT_EQ(Of(id, "last(sales.sold_on)"), "2026-04-01");
  Sale(id, {{"remark", "undated"}});
  EXPECT_EQ(Of(id, "first(sales.remark)"), "\"undated\"");
  EXPECT_EQ(Of(id, "last(sales.remark)"), "\"march b\"");
}

TEST_F(EvaluateRelatedTest, AggregatesNestAndReachOut) {
  const RecordId id = Party({{"rating", 2}, {"name", "x"}});
  const RecordId a = Sale(id, {{"quantity", 1}, {"remark", "x"}});
  const RecordId b = Sale(id, {{"quantity", 5}});
  for (std::string_view price : {"3.00", "4.00"}) Insert("item", {{"sale", Ref(a)}, {"price", Eur(price)}});
  Insert("item", {{"sale", Ref(b)}, {"price", Eur("1.00")}, {"what", "x"}});
  EXPECT_EQ(Of(id, "count(sales where count(items) = 2)"), "1");
  EXPECT_EQ(Of(id, "count(sales where sum(items.price) > 0.50)"), "2");
  EXPECT_EQ(Of(id, "sum(sales.quantity where exists(items where price < 2))"), "5");
  EXPECT_EQ(Of(id, "count(sales where quantity > outer.rating)"), "1");
  EXPECT_EQ(Of(id, "count(sales where remark = outer.name)"), "1");
  EXPECT_EQ(Of(id, "count(sales where exists(items where price > outer.quantity))"), "1");
  EXPECT_EQ(Of(id, "count(sales where exists(items where what = outer.outer.name))"), "1");
  EXPECT_EQ(Of(id, "count(sales where party.rating = 2)"), "2");
  EXPECT_EQ(Of(id, "max(sales.quantity where fold(party.name) = 'x')"), "5");
}

TEST_F(EvaluateRelatedTest, CollectionsOfAReferenceSetAndAnAnyReference) {
  const RecordId a = Party({{"name", "a"}});
  const RecordId b = Party({{"name", "b"}, {"friends", ReferenceSet{a}}});
  Party({{"name", "c"}, {"friends", ReferenceSet{a, b}}});
  EXPECT_EQ(Of(a, "count(admirers)"), "2");
  EXPECT_EQ(Of(b, "count(admirers)"), "1");
  EXPECT_EQ(Of(a, "count(admirers where name = 'c')"), "1");
  const RecordId sale = Sale(a, {{"remark", "s"}});
  Insert("remark", {{"about", Value(RecordRef{TypeId("party"), a})}, {"body", "one"}});
  const RecordId two = Insert("remark", {{"about", Value(RecordRef{TypeId("sale"), sale})}, {"body", "two"}});
  const RecordId none = Insert("remark", {{"body", "three"}});
  EXPECT_EQ(Of(a, "count(remarks)"), "1");
  EXPECT_EQ(Of(a, "first(remarks.body)"), "\"one\"");
  EXPECT_EQ(Of("sale", sale, "first(remarks.body)"), "\"two\"");
  EXPECT_EQ(Of("remark", two, "about is null"), "false");
  EXPECT_EQ(Of("remark", two, "about.name"), "null");
  EXPECT_EQ(Of("remark", two, "about.quantity is null"), "true");
  EXPECT_EQ(Of("remark", two, "about.sold_on is null"), "true");
  EXPECT_EQ(Of("remark", none, "about is null"), "true");
  EXPECT_EQ(Of("remark", 1, "about.name"), "\"a\"");
  EXPECT_EQ(Of("remark", two, StrCat("about = record('sale', ", sale, ")")), "true");
}

TEST_F(EvaluateRelatedTest, TheHierarchyHasTwoValues) {
  const RecordId top = Party();
  const RecordId middle = Party({{"parent", Ref(top)}});
  const RecordId low = Party({{"parent", Ref(middle)}});
  const RecordId alone = Party();
  EXPECT_EQ(Where("party", StrCat("child_of(record('party', ", top, "))")), (Ids{middle}));
  EXPECT_EQ(Where("party", StrCat("descendant_of(record('party', ", top, "))")), (Ids{middle, low}));
  EXPECT_EQ(Where("party", StrCat("ancestor_of(record('party', ", low, "))")), (Ids{top, middle}));
  EXPECT_EQ(Where("party", StrCat("not descendant_of(record('party', ", top, "))")), (Ids{top, alone}));
  EXPECT_EQ(Of(low, "child_of(parent)"), "true");
  EXPECT_EQ(Of(top, "child_of(parent)"), "null");
  EXPECT_EQ(Of(low, "count(children)"), "0");
  EXPECT_EQ(Of(top, "count(children where exists(children))"), "1");
}

TEST_F(EvaluateRelatedTest, TopsHoldTheGreatestWithTiesById) {
  for (const auto& [name, rating] : std::vector<std::pair<const char*, std::optional<int>>>{
           {"a", 5}, {"b", 9}, {"b", 5}, {"a", std::nullopt}, {"a", 7}, {"b", 5}}) {
    Party({{"name", name}, {"rating", rating ? Value(*rating) : Value()}});
  }
  EXPECT_EQ(Where("party", "top 1 by rating"), (Ids{2}));
  EXPECT_EQ(Where("party", "top 3 by rating"), (Ids{1, 2, 5}));  // of three fives the least id
  EXPECT_EQ(Where("party", "top 100 by rating"), (Ids{1, 2, 3, 5, 6}));
  EXPECT_EQ(Where("party", "top 1 by rating per name"), (Ids{2, 5}));
  EXPECT_EQ(Where("party", "top 2 by rating per name"), (Ids{1, 2, 3, 5}));
  EXPECT_EQ(Where("party", "not top 3 by rating"), (Ids{3, 4, 6}));
  EXPECT_EQ(Where("party", "top 1 by -rating"), (Ids{1}));
}

TEST_F(EvaluateRelatedTest, PercentilesCountWhatIsAtOrBelow) {
  for (int rating : {10, 20, 20, 40}) Party({{"rating", rating}});
  const RecordId none = Party();
  EXPECT_EQ(Of(1, "percentile(rating)"), "0.25");
  EXPECT_EQ(Of(2, "percentile(rating)"), "0.75");
  EXPECT_EQ(Of(4, "percentile(rating)"), "1");
  EXPECT_EQ(Of(none, "percentile(rating)"), "null");
  EXPECT_EQ(Where("party", "percentile(rating) >= 0.75"), (Ids{2, 3, 4}));
}

// Of two types with the same records one has an index that tells the moments of related records: nobody may
// see a difference.
TEST_F(EvaluateRelatedTest, AnIndexOnTheMomentsChangesNoAnswer) {
  const auto fields = [](std::string_view inverse) -> std::vector<FieldSpec> {
    return {{.name = "party",
             .type = ValueType::kReference,
             .targets = {"party"},
             .inverse = std::string(inverse)},
            {.name = "at", .type = ValueType::kDate},
            {.name = "worth", .type = ValueType::kInt64, .nullable = false},
            {.name = "weight", .type = ValueType::kDouble}};
  };
  Add({.name = "deal", .fields = fields("deals"), .indexes = {{.parts = {"party", "at"}}}, .moment = "at"});
  Add({.name = "plain", .fields = fields("plains"), .moment = "at"});
  ASSERT_NE(store_->schema()->Find("deal")->indexes.size(), store_->schema()->Find("plain")->indexes.size());
  for (int i = 0; i < 4; ++i) Party();
  // Neither in the order of their dates nor each with one; some before 1970.
  const std::vector<std::string> dates = {"2026-03-01", "", "2026-01-31", "1969-07-20", "2026-03-01",
                                          "2025-12-31", "", "1901-01-01", "2026-06-30"};
  for (int i = 0; i < 40; ++i) {
    for (const std::string_view type : {"deal", "plain"}) {
      Fields values = {{"party", Ref(static_cast<RecordId>(i % 3 + 1))},
                       {"worth", i % 7 - 3},
                       {"weight", 0.1 * static_cast<double>(i)}};
      const std::string& date = dates[static_cast<size_t>(i * 5) % dates.size()];
      if (!date.empty()) values.emplace_back("at", Value(Date::Parse(date).value()));
      Insert(type, values);
    }
  }
  const std::vector<std::string> texts = {
      "count(X)",
      "count(X where at >= date '2026-01-01')",
      "count(X where date '2026-03-01' > at)",
      "count(X where at = date '2026-03-01' and worth <> 0)",
      "count(X where worth >= 0 and at < date '1970-01-01')",
      "count(X where at is null)",
      "count(X where not at > date '2026-01-01')",
      "count(X where at > date '2026-01-01' or worth = 3)",
      "count(X where at >= today() - 100000 and month(at) = 3)",
      "sum(X.worth where at <= date '2026-01-31')",
      "sum(X.weight where at <= date '2026-05-31')",
      "min(X.at)",
      "max(X.at where worth > 0)",
      "first(X.worth)",
      "last(X.worth where worth < 2)",
      "distinct(X.at)",
      "exists(X where at > date '2026-06-01' and weight > 1)",
      "exists(X where at > date '2027-01-01')",
      "count(X where exists(party.X where at > date '2026-06-01'))",
  };
  for (RecordId id = 1; id <= 4; ++id) {
    for (const std::string& text : texts) {
      const auto of = [&](const std::string& name) {
        std::string with = text;
        for (size_t at = 0; (at = with.find('X', at)) != std::string::npos;) with.replace(at, 1, name);
        return Of(id, with);
      };
      const std::string answer = of("plains");
      EXPECT_EQ(of("deals"), answer) << id << ": " << text;
      EXPECT_EQ(answer.find("line"), std::string::npos) << answer;
    }
  }
}

TEST_F(EvaluateRelatedTest, RanksInsideAggregates) {
  const RecordId a = Party();
  const RecordId b = Party();
  Sale(a, {{"quantity", 1}});
  Sale(a, {{"quantity", 9}});
  Sale(b, {{"quantity", 5}});
  EXPECT_EQ(Where("party", "exists(sales where top 1 by quantity)"), (Ids{a}));
  EXPECT_EQ(Where("party", "top 1 by sum(sales.quantity)"), (Ids{a}));
  EXPECT_EQ(Where("party", "max(sales.quantity) = 5 and percentile(sum(sales.quantity)) = 0.5"), (Ids{b}));
}

TEST_F(EvaluateRelatedTest, SamplesAreStable) {
  for (int i = 0; i < 200; ++i) Party();
  const Ids once = Where("party", "sample(10 percent, 'seed')");
  EXPECT_EQ(Where("party", "sample(10 percent, 'seed')"), once);
  EXPECT_NE(Where("party", "sample(10 percent, 'other')"), once);
  EXPECT_GT(once.size(), 5u);
  EXPECT_LT(once.size(), 45u);
  EXPECT_EQ(Where("party", "sample(100 percent, 'seed')").size(), 200u);
  EXPECT_TRUE(Where("party", "sample(0 percent, 'seed')").empty());
}

}  // namespace
}  // namespace relata::expr::test
