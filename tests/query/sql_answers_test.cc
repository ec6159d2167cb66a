// Tests that SQL means what a program means: SQLite's answers, over a handful of records, are what we worked
// out by hand, and so are those of the row evaluator.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "src/expr/sql.h"
#include "src/store/store.h"
#include "tests/query/model.h"
#include "tests/query/sqlite_store.h"

namespace relata::twin {
namespace {

Date Day(std::string_view text) { return Date::Parse(text).value(); }
Timestamp At(std::string_view text) { return Timestamp::Parse(text).value(); }
int64_t Days(std::string_view text) { return Day(text).days; }
int64_t Micros(std::string_view text) { return At(text).micros; }
Money Cents(int64_t minor) { return Money::Minor(minor, Currency::Eur()); }

constexpr int64_t kGreatest = INT64_MAX;
constexpr std::monostate kNull;

// Noon in Amsterdam, the day after the clocks went forward.
constexpr std::string_view kNow = "2026-03-30T10:00:00Z";

TwinSchema Schema() {
  TwinSchema schema;
  schema.entities = {
      {.name = "client",
       .fields =
           {{.name = "name", .nullable = false},
            {.name = "visiting.city"},
            {.name = "active", .type = ValueType::kBool},
            {.name = "tier", .type = ValueType::kEnum, .labels = {"small", "large", "big"}},
            {.name = "limit", .type = ValueType::kMoney, .currency = Currency::Eur()},
            {.name = "weight", .type = ValueType::kDecimal, .scale = 3},
            {.name = "score", .type = ValueType::kDouble},
            {.name = "staff", .type = ValueType::kInt64},
            {.name = "born", .type = ValueType::kDate},
            {.name = "seen", .type = ValueType::kTimestamp},
            {.name = "wait", .type = ValueType::kDuration},
            {.name = "place", .type = ValueType::kPoint},
            {.name = "money", .type = ValueType::kCurrency},
            {.name = "tags", .type = ValueType::kTextSet, .nullable = false},
            {.name = "kinds", .type = ValueType::kLabelSet, .labels = {"a", "b", "c"}},
            {.name = "parent", .type = ValueType::kReference, .targets = {"client"}, .inverse = "branches"},
            {.name = "friends",
             .type = ValueType::kReferenceSet,
             .nullable = false,
             .targets = {"client"},
             .inverse = "friend_of"}}},
      {.name = "deal",
       .fields =
           {{.name = "client", .type = ValueType::kReference, .targets = {"client"}, .inverse = "deals"},
            {.name = "party",
             .type = ValueType::kAnyReference,
             .targets = {"client", "deal"},
             .inverse = "mentions"},
            {.name = "day", .type = ValueType::kDate},
            {.name = "total", .type = ValueType::kMoney, .currency = Currency::Eur()},
            {.name = "number", .type = ValueType::kInt64},
            {.name = "ratio", .type = ValueType::kDouble},
            {.name = "stage", .type = ValueType::kEnum, .labels = {"won", "lost", "open"}}},
       .moment = "day"}};
  return schema;
}

// A head office (1), its branch (2), and one of which nothing is known (3). Deals 1 to 3 are of the first,
// deal 4 of the second.
TwinData Data() {
  TwinData data;
  data.Add("client", {{"name", "Jansen [a]*"},
                      {"visiting.city", "Utrecht"},
                      {"active", true},
                      {"tier", "large"},
                      {"limit", Cents(1005)},
                      {"weight", Decimal{2500, 3}},
                      {"score", 0.5},
                      {"staff", 7},
                      {"born", Day("2000-02-29")},
                      {"seen", At("2026-03-28T23:30:00Z")},
                      {"wait", Duration::Hours(2)},
                      {"place", Point{520907000, 51214000}},
                      {"money", Currency::Eur()},
                      {"tags", TextSet{"fair", "old"}},
                      {"kinds", TextSet{"a", "c"}},
                      {"friends", ReferenceSet{2, 3}}});
  data.Add("client", {{"name", "Ångström's"},
                      {"visiting.city", ""},
                      {"active", false},
                      {"tier", "big"},
                      {"limit", Cents(-1005)},
                      {"weight", Decimal{-1, 3}},
                      {"score", -2.0},
                      {"staff", kGreatest},
                      {"born", Day("1996-12-30")},
                      {"seen", At("2026-10-25T00:30:00Z")},
                      {"place", Point{-338568000, 1512093000}},
                      {"kinds", TextSet{}},
                      {"parent", Reference{1}}});
  data.Add("client", {{"name", ""}, {"parent", Reference{2}}});
  data.Add("deal", {{"client", Reference{1}},
                    {"party", RecordRef{1, 2}},
                    {"day", Day("2026-03-30")},
                    {"total", Cents(1001)},
                    {"number", 3},
                    {"ratio", 0.25},
                    {"stage", "open"}});
  data.Add("deal", {{"client", Reference{1}},
                    {"party", RecordRef{2, 1}},
                    {"day", Day("2026-02-28")},
                    {"total", Cents(1002)},
                    {"number", kGreatest},
                    {"stage", "won"}});
  data.Add("deal", {{"client", Reference{1}}, {"party", RecordRef{1, 1}}, {"number", 3}, {"ratio", 0.5}});
  data.Add("deal", {{"client", Reference{2}}, {"day", Day("2025-01-01")}, {"total", Cents(-5)}});
  return data;
}

class SqlAnswersTest : public testing::Test {
 protected:
  SqlAnswersTest() : schema_(Schema()), data_(Data()) {
    Complete(schema_, &data_);
    path_ = testing::TempDir() + "sql_answers.relata";
    std::filesystem::remove(path_);
    store_ = MakeStore(schema_, data_, At(kNow), path_).value();
    reader_ = std::make_unique<store::Snapshot>(store_->Read().value());
    const Status loaded = sqlite_.Load(schema_, data_, reader_->schema().catalogue(), At(kNow));
    EXPECT_TRUE(loaded.ok()) << loaded;
  }

  // What SQLite answers for each record of the entity, by id.
  void Expect(std::string_view entity, const std::string& text, const std::vector<SqlValue>& expected) {
    SCOPED_TRACE(text);
    const StatusOr<expr::Expr> tree = expr::Parse(text, TimeZone::Load(schema_.time_zone).value());
    ASSERT_TRUE(tree.ok()) << tree.status();
    const store::TypeRuntime& type = *reader_->schema().Find(entity);
    const StatusOr<expr::Program> program = expr::Compile(*tree, type, reader_->shared_schema(), text);
    ASSERT_TRUE(program.ok()) << program.status();
    const StatusOr<std::string> sql = expr::PrintSql(*program, reader_->now());
    ASSERT_TRUE(sql.ok()) << sql.status();
    const auto answers = sqlite_.Answers(entity, *sql);
    ASSERT_TRUE(answers.ok()) << answers.status();
    ASSERT_EQ(answers->size(), expected.size());
    expr::RowEvaluator evaluator(*program, *reader_);
    for (store::RowCursor at(*reader_, type); at.Valid(); at.Next()) {
      const SqlValue& answer = answers->at(at.id());
      EXPECT_TRUE(Alike(answer, expected[at.id() - 1]))
          << "of " << at.id() << ": " << ToString(answer) << " instead of " << ToString(expected[at.id() - 1])
          << "\n"
          << *sql;
      const StatusOr<expr::Datum> ours = evaluator.Evaluate(at.id(), at.row());
      ASSERT_TRUE(ours.ok()) << ours.status();
      const SqlValue value = ToSqlValue(program->type(), *ours, reader_->schema().catalogue());
      EXPECT_TRUE(Alike(value, expected[at.id() - 1]))
          << "of " << at.id() << ": the row evaluator says " << ToString(value);
    }
  }
  void Clients(const std::string& text, SqlValue first, SqlValue second, SqlValue third) {
    Expect("client", text, {first, second, third});
  }
  // Without a record.
  void Plain(const std::string& text, SqlValue expected) { Clients(text, expected, expected, expected); }

  TwinSchema schema_;
  TwinData data_;
  std::string path_;
  std::shared_ptr<store::Store> store_;
  std::unique_ptr<store::Snapshot> reader_;
  SqliteStore sqlite_;
};

TEST_F(SqlAnswersTest, BothLoadersMakeTheSameTables) {
  SqliteStore from_rows;
  ASSERT_TRUE(from_rows.Load(*reader_).ok());
  for (const std::string table : {"client", "deal", "client.tags", "client.kinds", "client.friends"}) {
    const std::string all = StrCat("SELECT * FROM \"", table, "\" ORDER BY 1, 2");
    const auto rows = from_rows.Rows(all);
    ASSERT_TRUE(rows.ok()) << rows.status();
    EXPECT_FALSE(rows->empty()) << table;
    EXPECT_EQ(*rows, *sqlite_.Rows(all)) << table;
  }
}

TEST_F(SqlAnswersTest, Logic) {
  Clients("active", 1, 0, kNull);
  Clients("not active", 0, 1, kNull);
  Clients("active and staff = 7", 1, 0, kNull);
  Clients("active or staff = 7", 1, 0, kNull);
  Clients("active is not true", 0, 1, 1);
  Clients("active is false", 0, 1, 0);
  Clients("active is null", 0, 0, 1);
  Clients("active is unknown", 0, 0, 1);
  Clients("not (active or staff is null) and name <> 'x'", 0, 1, 0);
  Clients("case when active then 'y' when active is null then 'n' else visiting.city end", "y", "", "n");
  Clients("coalesce(visiting.city, name, 'none')", "Utrecht", "", "");
}

TEST_F(SqlAnswersTest, Comparison) {
  Clients("tier < 'big'", 1, 0, kNull);  // by the order of labels, not of letters
  Clients("tier", "large", "big", kNull);
  Clients("tier in ('small', 'big')", 0, 1, kNull);
  Clients("staff in (1, null)", kNull, kNull, kNull);
  Clients("staff in (7, null)", 1, kNull, kNull);
  Clients("staff is distinct from 7", 0, 1, 1);
  Clients("visiting.city is distinct from null", 1, 1, 0);
  Clients("limit > 10.045", 1, 0, kNull);
  Clients("limit between -10.05 and 10", 0, 1, kNull);
  Clients("weight = 2.5", 1, 0, kNull);
  Clients("weight < score", 0, 0, kNull);
  Clients("money = 'EUR'", 1, kNull, kNull);
  Clients("name > 'Z'", 0, 1, 0);  // by code point: Å comes behind Z
  Clients("name = 'Ångström''s'", 0, 1, 0);
  Clients("place = point(52.0907, 5.1214)", 1, 0, kNull);
  Clients("seen >= date '2026-03-29'", 1, 1, kNull);  // local midnight is 23:00Z
  Clients("born < seen", 1, 1, kNull);
}

TEST_F(SqlAnswersTest, Arithmetic) {
  Clients("staff + 1", 8, kNull, kNull);
  Clients("-staff", -7, -kGreatest, kNull);
  Clients("staff * 2", 14, kNull, kNull);
  Clients("(0 - staff - 1) / 3", -2, (-kGreatest - 1) / 3, kNull);
  Clients("staff / 0", kNull, kNull, kNull);
  Clients("weight + 1.5", 4000, 1499, kNull);
  Clients("weight * weight", 6250000, 1, kNull);
  Clients("limit * 0.5", 502, -502, kNull);    // 502.5: to the even one
  Clients("limit * 1.5", 1508, -1508, kNull);  // 1507.5
  Clients("limit / 2", 502, -502, kNull);
  Clients("limit / 0.4", 2512, -2512, kNull);  // 2512.5
  Clients("limit / -2", -502, 502, kNull);
  Clients("limit / 0", kNull, kNull, kNull);
  Clients("limit / limit", 1.0, 1.0, kNull);
  Clients("limit / money 'EUR 0.00'", kNull, kNull, kNull);
  Clients("score * 4", 2.0, -8.0, kNull);
  Clients("score * 1e308 * 10", kNull, kNull, kNull);
  Clients("1e0 / score", 2.0, -0.5, kNull);
  Clients("weight + 1e0", 3.5, 0.999, kNull);
  Clients("wait", 7'200'000'000, kNull, kNull);
}

TEST_F(SqlAnswersTest, Dates) {
  Plain("today()", Days("2026-03-30"));
  Plain("now()", Micros(kNow));
  Plain("today() - interval '1 month'", Days("2026-02-28"));
  Clients("born + interval '1 year'", Days("2001-02-28"), Days("1997-12-30"), kNull);
  Clients("born + interval '2 months'", Days("2000-04-29"), Days("1997-02-28"), kNull);
  Clients("born - interval '2 months 1 day'", Days("1999-12-28"), Days("1996-10-29"), kNull);
  Clients("born + interval '9000 years'", kNull, kNull, kNull);
  Clients("born + 1", Days("2000-03-01"), Days("1996-12-31"), kNull);
  Clients("born + staff", Days("2000-03-07"), kNull, kNull);
  Clients("today() - born", Days("2026-03-30") - Days("2000-02-29"), Days("2026-03-30") - Days("1996-12-30"),
          kNull);
  Clients("year(born)", 2000, 1996, kNull);
  Clients("quarter(born)", 1, 4, kNull);
  Clients("month(born)", 2, 12, kNull);
  Clients("week(born)", 9, 1, kNull);  // 30 December 1996 was a Monday
  Clients("day(born)", 29, 30, kNull);
  Clients("age(born)", 26, 29, kNull);
  Clients("fiscal_year_start(born)", Days("2000-01-01"), Days("1996-01-01"), kNull);
  Clients("born in this month", 0, 0, kNull);
  Clients("anniversary(born, within 7 days)", 0, 0, kNull);
  Clients("anniversary(born, within last month)", 1, 0, kNull);
}

TEST_F(SqlAnswersTest, LocalTime) {
  // 23:30Z is half past midnight of the day on which the clocks go forward.
  Clients("day(seen)", 29, 25, kNull);
  Clients("seen + interval '1 month'", Micros("2026-04-28T22:30:00Z"), Micros("2026-11-25T01:30:00Z"), kNull);
  // Half past two does not exist on 29 March, and comes twice on 25 October.
  Expect("client", "timestamp '2026-02-28 02:30:00' + (seen - seen)",
         {Micros("2026-02-28T01:30:00Z"), Micros("2026-02-28T01:30:00Z"), kNull});
  Clients("seen + interval '90 minutes'", Micros("2026-03-29T01:00:00Z"), Micros("2026-10-25T02:00:00Z"),
          kNull);
  Clients("seen - now()", Micros("2026-03-28T23:30:00Z") - Micros(kNow),
          Micros("2026-10-25T00:30:00Z") - Micros(kNow), kNull);
  Clients("seen in this week", 0, 0, kNull);
  Clients("seen in last week", 1, 0, kNull);
  Clients("seen - interval '7 months'", Micros("2025-08-28T22:30:00Z"), Micros("2026-03-25T01:30:00Z"),
          kNull);
}

TEST_F(SqlAnswersTest, Texts) {
  Clients("name like 'jansen%'", 0, 0, 0);
  Clients("name like 'Jansen%'", 1, 0, 0);
  Clients("name like '%[a]*'", 1, 0, 0);
  Clients("name like '_ngstr_m''%'", 0, 1, 0);
  Clients("name like 'Jansen \\[a]\\*'", 1, 0, 0);
  Clients("name like ''", 0, 0, 1);
  Clients("name starts_with 'Jan'", 1, 0, 0);
  Clients("name starts_with ''", 1, 1, 1);
  Clients("name ends_with '*'", 1, 0, 0);
  Clients("name ends_with 'öm''s'", 0, 1, 0);
  Clients("name ends_with 'and a longer Jansen [a]*'", 0, 0, 0);
  Clients("name contains '[a]'", 1, 0, 0);
  Clients("name contains ''", 1, 1, 1);
  Clients("visiting.city contains 't'", 1, 0, kNull);
  Clients("visiting.city is empty", 0, 1, kNull);
}

TEST_F(SqlAnswersTest, Sets) {
  Clients("'fair' in tags", 1, 0, 0);
  Clients("'a' in kinds", 1, 0, kNull);
  Clients("visiting.city in tags", 0, 0, 0);
  Clients("tags is empty", 0, 1, 1);
  Clients("kinds is empty", 0, 1, kNull);
  Clients("kinds is null", 0, 0, 1);
  Clients("tags has any ('fair', 'x')", 1, 0, 0);
  Clients("tags has all ('fair', 'x')", 0, 0, 0);
  Clients("tags has none ('fair', 'x')", 0, 1, 1);
  Clients("kinds has exactly ('c', 'a', 'c')", 1, 0, kNull);
  Clients("kinds has exactly ('c')", 0, 0, kNull);
  Clients("3 in friends", 1, 0, 0);
  Clients("parent.kinds has any ('a')", kNull, 1, 0);
  Clients("parent.tags is empty", kNull, 0, 1);
  Expect("deal", "'fair' in party.tags", {0, kNull, 1, kNull});
}

TEST_F(SqlAnswersTest, Places) {
  Clients("distance(place, point(52.0907, 5.1214)) < 1 m", 1, 0, kNull);
  Clients("distance(place, point(52.0907, 5.1214)) between 16640 km and 16665 km", 0, 1, kNull);
  Clients("distance(coalesce(place, point(0, 0)), point(0, 0)) < 1 km", 0, 0, 1);
  Clients("distance(coalesce(place, place), point(-33.8568, 151.2093)) < 1 m", 0, 1, kNull);
}

TEST_F(SqlAnswersTest, References) {
  Clients("parent.name", kNull, "Jansen [a]*", "Ångström's");
  Clients("parent.parent.name", kNull, kNull, "Jansen [a]*");
  Clients("parent", kNull, 1, 2);
  Clients("parent = 1", kNull, 1, 0);
  Expect("deal", "client.visiting.city", {"Utrecht", "Utrecht", "Utrecht", ""});
  Expect("deal", "party", {"client:2", "deal:1", "client:1", kNull});
  Expect("deal", "party = client", {0, 0, 1, kNull});
  Expect("deal", "party = record('deal', 1)", {0, 1, 0, kNull});
  Expect("deal", "party.name", {"Ångström's", kNull, "Jansen [a]*", kNull});
  Expect("deal", "party.total", {kNull, 1001, kNull, kNull});
}

TEST_F(SqlAnswersTest, RelatedRecords) {
  Clients("count(deals)", 3, 1, 0);
  Clients("count(deals.total)", 2, 1, 0);
  Clients("count(deals where total > 10)", 2, 0, 0);
  Clients("sum(deals.total)", 2003, -5, 0);
  Clients("sum(deals.number)", kNull, 0, 0);  // overflows
  Clients("sum(deals.number where number < 9)", 6, 0, 0);
  Clients("avg(deals.total)", 1002, -5, kNull);  // 1001.5: to the even one
  Clients("avg(deals.number where number < 9)", 3.0, kNull, kNull);
  Clients("sum(deals.ratio)", 0.75, 0.0, 0.0);
  Clients("avg(deals.ratio)", 0.375, kNull, kNull);
  Clients("min(deals.number)", 3, kNull, kNull);
  Clients("max(deals.day)", Days("2026-03-30"), Days("2025-01-01"), kNull);
  Clients("min(deals.stage)", "won", kNull, kNull);
  Clients("max(deals.stage)", "open", kNull, kNull);
  Clients("distinct(deals.number)", 2, 0, 0);
  Clients("first(deals.number)", 3, kNull, kNull);  // the one without a day comes first
  Clients("last(deals.stage)", "open", kNull, kNull);
  Clients("first(deals.total)", 1002, -5, kNull);
  Clients("exists(deals where total < 0)", 0, 1, 0);
  Clients("none(deals)", 0, 0, 1);
  Clients("all(deals, total > 0)", 0, 0, 1);
  Clients("count(branches where count(deals) = 1)", 1, 0, 0);
  Clients("count(deals where total > outer.limit)", 0, 1, 0);
  Clients("count(mentions)", 1, 1, 0);
  Clients("count(friend_of)", 0, 1, 1);
  Clients("sum(deals.client.staff where total > 10)", 14, 0, 0);
  Clients("sum(deals.total where day >= today() - interval '1 month')", 2003, 0, 0);
  Expect("deal", "count(client.deals)", {3, 3, 3, 1});
  Expect("deal", "count(client.deals where number = outer.number)", {2, 1, 2, 0});
}

TEST_F(SqlAnswersTest, Hierarchy) {
  Clients("child_of(record('client', 1))", 0, 1, 0);
  Clients("descendant_of(record('client', 1))", 0, 1, 1);
  Clients("ancestor_of(record('client', 3))", 1, 1, 0);
  Clients("descendant_of(parent)", kNull, 1, 1);
  Clients("ancestor_of(parent)", kNull, 0, 0);
}

TEST_F(SqlAnswersTest, Ranks) {
  Clients("top 1 by staff", 0, 1, 0);
  Clients("top 2 by name", 1, 1, 0);
  Clients("top 1 by name per active", 1, 1, 1);
  Clients("percentile(staff)", 0.5, 1.0, kNull);
  Clients("top 1 by count(deals)", 1, 0, 0);
}

}  // namespace
}  // namespace relata::twin
