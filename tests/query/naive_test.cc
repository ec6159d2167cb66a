// Holds the naive interpreter itself to answers worked out by hand, before anything is compared with it.
#include "tests/query/naive.h"

#include <gtest/gtest.h>

#include <string>

#include "relata/expr/text.h"
#include "tests/query/model.h"

namespace relata::twin {
namespace {

Date Day(const char* text) { return Date::Parse(text).value(); }
Timestamp At(const char* text) { return Timestamp::Parse(text).value(); }

// Clients with sales: a head office (1), its branch (2), and one nobody knows anything about (3).
class NaiveTest : public testing::Test {
 protected:
  NaiveTest() {
    schema_.entities = {
        {.name = "client",
         .fields =
             {{.name = "name", .nullable = false},
              {.name = "visiting.city"},
              {.name = "active", .type = ValueType::kBool},
              {.name = "tier", .type = ValueType::kEnum, .labels = {"small", "large", "top"}},
              {.name = "limit", .type = ValueType::kMoney, .currency = Currency::Eur()},
              {.name = "weight", .type = ValueType::kDecimal, .scale = 3},
              {.name = "score", .type = ValueType::kDouble},
              {.name = "staff", .type = ValueType::kInt64, .nullable = false},
              {.name = "born", .type = ValueType::kDate},
              {.name = "location", .type = ValueType::kPoint},
              {.name = "tags", .type = ValueType::kTextSet, .nullable = false},
              {.name = "head", .type = ValueType::kReference, .targets = {"client"}, .inverse = "branches"}}},
        {.name = "sale",
         .fields =
             {{.name = "client", .type = ValueType::kReference, .targets = {"client"}, .inverse = "sales"},
              {.name = "sold_on", .type = ValueType::kDate},
              {.name = "at", .type = ValueType::kTimestamp},
              {.name = "currency", .type = ValueType::kCurrency, .nullable = false},
              {.name = "total", .type = ValueType::kMoney},
              {.name = "number", .type = ValueType::kInt64}},
         .moment = "sold_on"}};
    data_.Add("client", {{"name", "Bakkerij Jansen"},
                         {"visiting.city", "Utrecht"},
                         {"active", true},
                         {"tier", "large"},
                         {"limit", Money::Eur(100)},
                         {"weight", Decimal{2500, 3}},
                         {"score", 0.5},
                         {"staff", 7},
                         {"born", Day("2000-02-29")},
                         {"location", Point::FromDegrees(52.0907, 5.1214).value()},
                         {"tags", TextSet{"fair", "old"}}});
    data_.Add("client", {{"name", "Café Ångström"}, {"staff", -7}, {"head", Reference{1}}, {"tier", "top"}});
    data_.Add("client", {{"name", ""}});
    const Currency dollars = Currency::Parse("USD").value();
    data_.Add("sale", {{"client", Reference{1}},
                       {"sold_on", Day("2026-03-31")},
                       {"at", At("2026-03-31T22:30:00Z")},
                       {"currency", Currency::Eur()},
                       {"total", Money::Minor(1001, Currency::Eur())},
                       {"number", 3}});
    data_.Add("sale", {{"client", Reference{1}},
                       {"sold_on", Day("2026-02-28")},
                       {"currency", Currency::Eur()},
                       {"total", Money::Minor(1000, Currency::Eur())},
                       {"number", 3}});
    data_.Add("sale",
              {{"client", Reference{2}}, {"currency", dollars}, {"total", Money::Minor(200, dollars)}});
    Complete(schema_, &data_);
  }

  void Expect(RecordId id, const std::string& text, const std::string& expected) {
    const StatusOr<expr::Expr> expr = expr::Parse(text, TimeZone::Load(schema_.time_zone).value());
    ASSERT_TRUE(expr.ok()) << expr.status();
    Naive naive(schema_, data_, At("2026-03-31T10:00:00Z"));
    const NaiveResult result = naive.Evaluate(*expr, "client", id);
    EXPECT_EQ(result.error ? "error" : result.value.ToString(), expected)
        << text << " of client " << id << ": " << result.error.value_or("");
  }

  TwinSchema schema_;
  TwinData data_;
};

TEST_F(NaiveTest, LogicHasThreeValues) {
  Expect(3, "active and true", "null");
  Expect(3, "active and false", "false");
  Expect(3, "active or true", "true");
  Expect(3, "not active", "null");
  Expect(3, "active is not true", "true");
  Expect(3, "active is unknown", "true");
  Expect(3, "limit = null", "null");
  Expect(3, "limit is distinct from null", "false");
  Expect(1, "staff in (1, null)", "null");
  Expect(1, "staff in (7, null)", "true");
  Expect(1, "staff not in (1, 2)", "true");
  Expect(3, "case when active then 1 when staff = 0 then 2 end", "2");
  Expect(1, "case when not active then 1 end", "null");
  Expect(3, "coalesce(limit, money 'EUR 5.00')", "EUR 5.00");
}

TEST_F(NaiveTest, NumbersAreExact) {
  Expect(2, "staff / 2", "-3");
  Expect(1, "staff / 0", "null");
  Expect(1, "weight / 2", "1.25");
  Expect(1, "weight * 0.1 = 0.25", "true");
  Expect(1, "9223372036854775807 + staff", "null");
  Expect(1, "limit * 0.00125", "EUR 0.12");  // 12.5 cents, half to even
  Expect(1, "limit * 0.00135", "EUR 0.14");
  Expect(1, "limit / 3", "EUR 33.33");
  Expect(1, "limit / money 'EUR 8.00'", "12.5");
  Expect(1, "limit >= 100 and limit < 100.001", "true");
  Expect(1, "limit > money 'USD 1.00'", "error");
  Expect(1, "score + 1 between 1.5 and 1.5", "true");
  Expect(1, "-weight", "-2.500");
}

TEST_F(NaiveTest, TextsAndSets) {
  Expect(1, "name like 'Bakk%J_nsen'", "true");
  Expect(1, "name like 'bakk%'", "false");
  Expect(2, "name ilike 'CAFE ang%'", "true");
  Expect(2, "name like 'Caf_ %'", "true");
  Expect(1, "'a%b' like 'a\\%b'", "true");
  Expect(1, "name matches 'j[a-e]nsen'", "false");
  Expect(1, "name matches 'J[a-e]n'", "true");
  Expect(1, "similar('martha', 'MARHTA') between 0.96111 and 0.96112", "true");
  Expect(1, "similar('dixon', 'dicksonx') between 0.81333 and 0.81334", "true");
  Expect(2, "search(name, 'angstrom caf')", "true");
  Expect(2, "search(name, 'ang cafe')", "false");
  Expect(2, "search(name, 'ang* cafe')", "true");
  Expect(2, "search(name, 'ang ')", "false");
  Expect(1, "'fair' in tags and tags has all ('old', 'fair') and tags has none ('new')", "true");
  Expect(1, "tags has exactly ('old')", "false");
  Expect(2, "tags is empty", "true");
  Expect(1, "tier > 'small' and tier < 'top'", "true");
}

TEST_F(NaiveTest, Dates) {
  Expect(1, "today() - interval '1 month'", "2026-02-28");
  Expect(1, "today() - 31", "2026-02-28");
  Expect(1, "today() + 36 hours = timestamp '2026-04-01 12:00'", "true");
  Expect(1, "now() - 1 day", "2026-03-30T10:00:00Z");
  Expect(1, "now() - 1 month", "2026-02-28T11:00:00Z");  // noon on the wall, before and in summer time
  Expect(1, "today() <= now()", "true");
  Expect(1, "born in this month", "false");
  Expect(1, "date '2026-03-30' in this week and date '2026-03-29' in last week", "true");
  Expect(1, "timestamp '2026-03-31T22:00:00Z' in next month", "true");
  Expect(1, "week(date '2027-01-01')", "53");
  Expect(1, "quarter(now()) * 100 + month(now()) * 10 + day(date '2026-03-09')", "139");
  Expect(1, "age(born)", "26");
  Expect(1, "anniversary(date '2000-04-01', within 1 day)", "false");
  Expect(1, "anniversary(date '2000-04-01', within 2 days)", "true");
  Expect(1, "anniversary(born, within last month)", "true");
  Expect(1, "fiscal_year_start()", "2026-01-01");
}

TEST_F(NaiveTest, Paths) {
  Expect(2, "head.visiting.city", "'Utrecht'");
  Expect(1, "head.visiting.city", "null");
  Expect(2, "head.head.name is null", "true");
  Expect(2, "head = 1 and head = record('client', 1)", "true");
  Expect(1, "distance(location, point(52.3676, 4.9041)) < 35 km", "true");
  Expect(1, "distance(location, point(52.3676, 4.9041)) < 34 km", "false");
  Expect(1, "vistiing", "error");
}

TEST_F(NaiveTest, RelatedRecords) {
  Expect(1, "count(sales)", "2");
  Expect(1, "sum(sales.total)", "EUR 20.01");
  Expect(1, "avg(sales.total)", "EUR 10.00");  // 10.005, half to even
  Expect(1, "avg(sales.number)", "3");
  Expect(1, "distinct(sales.number)", "1");
  Expect(3, "sum(sales.total where number > 1)", "EUR 0.00");
  Expect(3, "min(sales.total)", "null");
  Expect(1, "last(sales.sold_on)", "2026-03-31");
  Expect(1, "first(sales.id)", "sale 2");
  Expect(1, "last(sales.at where sold_on < today())", "null");
  Expect(3, "count(sales) = 0 and none(sales) and all(sales, number = 1)", "true");
  Expect(1, "exists(sales where number > outer.staff - 5)", "true");
  Expect(1, "count(branches where exists(outer.sales where number = 3))", "1");
  Expect(2, "count(head.sales)", "2");
  Expect(2, "sum(sales.total) = 0.01 * 200 * 1.0", "false");
  Expect(1, "count(sales where client.head is null)", "2");
  Expect(1, "trend(count(sales), 30 days)", "-1");
  Expect(1, "trend(count(sales), 1 month)", "1");
}

TEST_F(NaiveTest, HierarchyAndRank) {
  Expect(2, "child_of(1) and descendant_of(1)", "true");
  Expect(1, "ancestor_of(2)", "true");
  Expect(1, "child_of(2)", "false");
  Expect(1, "top 1 by staff", "true");
  Expect(3, "top 1 by staff", "false");
  Expect(3, "top 2 by staff", "true");
  Expect(3, "top 1 by staff per tier", "true");
  Expect(3, "top 3 by weight", "false");
  Expect(2, "percentile(staff)", "0.33333333333333331");
  Expect(3, "percentile(weight)", "null");
}

TEST_F(NaiveTest, SamplesHoldTheirShare) {
  for (RecordId id = 1; id <= 3; ++id) {
    Expect(id, "sample(100 percent, 'a')", "true");
    Expect(id, "sample(0 percent, 'a')", "false");
  }
}

TEST_F(NaiveTest, FormerValuesAndSegments) {
  for (FieldSpec& field : schema_.entities[0].fields) field.options.history = field.name == "tier";
  data_.created["client"] = {{1, At("2026-01-01T00:00:00Z")}, {2, At("2026-01-01T00:00:00Z")}};
  data_.history["client"][{1, "tier"}] = {{At("2026-01-01T00:00:00Z"), "small"},
                                          {At("2026-03-01T10:00:00Z"), Value()},
                                          {At("2026-03-21T10:00:00Z"), "large"}};
  data_.history["client"][{2, "tier"}] = {{At("2026-03-30T10:00:00Z"), "top"}};
  Expect(1, "was(tier, 'small') and was(tier, 'large')", "true");
  Expect(1, "was(tier, 'top')", "false");
  Expect(3, "was(tier, 'top')", "false");
  Expect(1, "was(tier, null)", "null");
  Expect(1, "changed(tier, within 9 days)", "false");
  Expect(1, "changed(tier, within 10 days)", "true");
  Expect(1, "changed(tier, within 239 hours)", "false");
  Expect(1, "changed(tier, within 240 hours)", "true");
  Expect(2, "changed(tier, within 1 day)", "true");  // from nothing
  Expect(1, "held(tier, 'large') = interval '10 days'", "true");
  Expect(1, "held(tier, 'small')", "null");
  Expect(1, "was(name, 'x')", "error");

  schema_.segments["busy"] = {"client", expr::Parse("count(sales) > 1").value()};
  schema_.segments["of busy"] = {"sale", expr::Parse("client in segment 'busy'").value()};
  Expect(1, "in segment 'busy'", "true");
  Expect(2, "in segment 'busy'", "false");
  Expect(2, "head in segment 'busy'", "true");
  Expect(1, "head in segment 'busy'", "null");
  Expect(1, "count(sales where in segment 'of busy')", "2");
  Expect(1, "in segment 'of busy'", "error");
  Expect(1, "in segment 'none'", "error");
}

}  // namespace
}  // namespace relata::twin
