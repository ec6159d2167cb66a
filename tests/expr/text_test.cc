// Texts and trees: every row of the language parses to the tree it should, prints as people write it, and
// what is wrong is told where it stands.
#include "relata/expr/text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "relata/base/strings.h"

namespace relata::expr {
namespace {

Expr Tree(std::string_view text) {
  const StatusOr<Expr> tree = Parse(text);
  EXPECT_TRUE(tree.ok()) << text << "\n" << tree.status();
  return tree.ok() ? *tree : Expr(Kind::kLiteral, Literal(), {});
}

std::string Reprint(std::string_view text) { return Print(Tree(text)); }

std::string Refusal(std::string_view text) {
  const StatusOr<Expr> tree = Parse(text);
  EXPECT_FALSE(tree.ok()) << text;
  return std::string(ToStd(tree.status().message()));
}

TEST(TextTest, EveryRowOfTheLanguagePrintsAsWritten) {
  const std::string_view texts[] = {
      "tier in ('top', 'large') and not exists(interactions where at >= today() - 60)",
      "sum(orders.total where ordered_on >= today() - 365) > 10000",
      "exists(contacts where dmu_role = 'decider' and email is not null) and parent.industry_code like '62%'",
      "12",
      "3.14",
      "'text'",
      "'it''s'",
      "true",
      "null",
      "date '2026-01-31'",
      "timestamp '2026-01-31T12:00:00Z'",
      "3 months",
      "interval '14 months 3 days'",
      "money 'EUR 12.50'",
      ":name",
      "today() - :n days",
      "parent.parent.industry_code",
      "\"quoted name\"",
      "a = b",
      "a <> b",
      "a <= b",
      "a between 1 and 2",
      "a not between 1 and 2",
      "a in (1, :b)",
      "a not in (1, 2)",
      "a is null",
      "a is distinct from b",
      "a is not distinct from b",
      "a is true",
      "a is not true",
      "a is unknown",
      "(a or b) and not c",
      "case when a then 1 when b then 2 else 3 end",
      "coalesce(a, b, 0)",
      "(a + b) * -c / 2",
      "a - (b - c)",
      "name ilike '%jan%'",
      "name not starts_with 'Jan'",
      "name ends_with 'sen'",
      "name contains 'ans'",
      "name matches '^J.*n$'",
      "fold(name) = fold('Été')",
      "search(name, 'jans')",
      "similar(name, 'Jansen') >= 0.9",
      "'x' in tags",
      "'x' not in tags",
      "tags has any ('a', 'b')",
      "tags has all ('a')",
      "tags has none ('a')",
      "tags has exactly ('a')",
      "tags is empty",
      "tags is not empty",
      "year(a) = 2026 and week(b) = 53",
      "a in this week",
      "a in last fiscal quarter",
      "a in next year",
      "a >= fiscal_year_start()",
      "anniversary(birth_date, within 7 days)",
      "age(birth_date) >= 216 months",
      "count(orders)",
      "avg(orders.total)",
      "first(orders.number where total > 0)",
      "distinct(orders.status)",
      "none(orders where total < 0)",
      "any(contacts where email is null)",
      "all(contacts, email is not null)",
      "all(orders where total > 0, total < 100)",
      "exists(orders where exists(lines where amount > outer.total and amount < outer.outer.credit_limit))",
      "trend(sum(orders.total), 90 days) < 0",
      "followed_by(quotes where status = 'open', orders where total > 0, within 14 days)",
      "first_time(orders where total > 0, within 30 days)",
      "first_time(orders, within this month)",
      "stopped(orders, 90 days)",
      "restarted(orders, 90 days, within 30 days)",
      "was(status, 'open')",
      "changed(status, within 30 days)",
      "held(status, 'open') > 14 days",
      "child_of(12)",
      "descendant_of(:head)",
      "ancestor_of(parent)",
      "in segment 'quiet top customers'",
      "parent in segment :s",
      "parent not in segment 'x'",
      "score('lead') >= 70",
      "consent('newsletter', 'email')",
      "distance(location, point(52.09, 5.12)) < 25 km",
      "distance(location, :here) < :r m",
      "top 100 by revenue",
      "top :n by revenue per industry_code",
      "top 10 by revenue per (industry_code, visiting.city)",
      "percentile(revenue) >= 0.99",
      "sample(10 percent, 'seed')",
      "sample(:p percent, :seed)",
      "account_manager = record('user', 17)",
  };
  for (std::string_view text : texts) EXPECT_EQ(Reprint(text), text);
}

TEST(TextTest, OperatorsBindAsInPostgres) {
  EXPECT_TRUE(Tree("a or b and c") == Tree("a or (b and c)"));
  EXPECT_TRUE(Tree("not a and b") == Tree("(not a) and b"));
  EXPECT_TRUE(Tree("not a = b") == Tree("not (a = b)"));
  EXPECT_TRUE(Tree("a = b is null") == Tree("(a = b) is null"));
  EXPECT_TRUE(Tree("a = b in (1)") == Tree("a = (b in (1))"));
  EXPECT_TRUE(Tree("a - b - c") == Tree("(a - b) - c"));
  EXPECT_TRUE(Tree("a + b * c like d") == Tree("(a + (b * c)) like d"));
  EXPECT_TRUE(Tree("a between b and c and d") == Tree("(a between b and c) and d"));
  EXPECT_FALSE(Tree("a - (b - c)") == Tree("a - b - c"));
  EXPECT_FALSE(Tree("a and (b and c)") == Tree("a and b and c"));
}

TEST(TextTest, WordsAndSpacesAreReadAsInSql) {
  EXPECT_EQ(Reprint("NAME  =\n'X' AND City IS NOT Null"), "name = 'X' and city is not null");
  EXPECT_EQ(Reprint("a != b"), "a <> b");
  EXPECT_EQ(Reprint("\"Name\" = \"name\""), "\"Name\" = name");
  EXPECT_FALSE(Tree(":Name") == Tree(":name"));  // the host's own names keep their case
}

TEST(TextTest, KeywordsAreNamesOutsideTheirConstruct) {
  for (std::string_view text : {"top = 1", "count > date", "where is null", "per + percent", "is is null",
                                "in in (1)", "like like like", "this in this", "count(where where where)",
                                "exists(orders where top in segment)", "segment = 'x'"}) {
    EXPECT_EQ(Reprint(text), text);
  }
  EXPECT_EQ(Reprint("\"case\" = \"null\""), "\"case\" = \"null\"");
  EXPECT_EQ(Reprint("exists(orders where \"outer\".x = 1)"), "exists(orders where \"outer\".x = 1)");
  EXPECT_EQ(Tree("outer.x")->path().outer, 0u);
  EXPECT_EQ(Tree("exists(o where outer.x)")->parts[0]->parts[0]->path().outer, 1u);
  EXPECT_EQ(Tree("exists(o where outer.outer.x)")->parts[0]->parts[0]->path().outer, 1u);
}

TEST(TextTest, LiteralsHaveExactTypes) {
  EXPECT_EQ(std::get<int64_t>(Tree("-9223372036854775808")->literal()), INT64_MIN);
  EXPECT_EQ(std::get<Decimal>(Tree("0.10")->literal()).scale, 2);
  EXPECT_EQ(std::get<double>(Tree("5e-1")->literal()), 0.5);
  EXPECT_EQ(std::get<Interval>(Tree("interval '1 year 2 months -3 hours'")->literal()),
            (Interval{14, -3 * int64_t{3'600'000'000}}));
  EXPECT_EQ(std::get<Interval>(Tree("1.5 weeks")->literal()).micros, int64_t{907'200'000'000});
  EXPECT_EQ(std::get<Interval>(Tree("-2 quarters")->literal()).months, -6);
  EXPECT_EQ(std::get<Length>(Tree("2.5 km")->literal()).millimetres, 2'500'000);
  EXPECT_EQ(Reprint("0.005 km"), "5 m");
  EXPECT_EQ(Reprint("1.25 m"), "1.25 m");
  EXPECT_EQ(std::get<Point>(Tree("point(-33.9, 18)")->literal()).lat_e7, -339'000'000);
  EXPECT_EQ(Tree("point(91, 0)")->kind, Kind::kCall);  // refused when it is checked
  EXPECT_EQ(Reprint("-(5) - -5"), "-(5) - -5");
  EXPECT_EQ(Reprint("- - a"), "- -a");
  const TimeZone amsterdam = TimeZone::Load("Europe/Amsterdam").value();
  EXPECT_EQ(Print(Parse("timestamp '2026-07-01 12:00'", amsterdam).value()),
            "timestamp '2026-07-01T10:00:00Z'");
}

TEST(TextTest, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(Refusal("name =\n  and 'x'"),
            "line 2, column 3: expected a value; found 'and'\n    and 'x'\n    ^");
  EXPECT_EQ(
      Refusal("'é' = cuont(orders)"),
      "line 1, column 7: unknown function 'cuont'; did you mean 'count'?\n  'é' = cuont(orders)\n        ^");
  EXPECT_EQ(Refusal("a ="), "line 1, column 4: expected a value; found the end\n  a =\n     ^");
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "empty", Refusal(""));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "expected an operator or the end; found 'b'", Refusal("a b"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "closing quote", Refusal("'open"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "'#' has no meaning here", Refusal("a = #"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "no comments", Refusal("a --b"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "put a space between", Refusal("10km"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "no whole number", Refusal("0.5 months"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "does not fit 64 bits", Refusal("9223372036854775808"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "does not fit a double", Refusal("1e999"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "line 1, column 6", Refusal("date '2026-02-30'"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "is not of the form", Refusal("interval '3 km'"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "found '<'", Refusal("a < b < c"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "double quotes", Refusal("case = 1"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "stands between", Refusal("starts_with(a, 'b')"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "expected ')'", Refusal("year(a, b)"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "within 14 days", Refusal("changed(a, 30 days)"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "whole number", Refusal("top 1.5 by a"));
  EXPECT_PRED_FORMAT2(testing::IsSubstring, "UTF-8", Refusal("\xff"));
  const std::string far = Refusal(std::string(300, 'a') + " = = " + std::string(300, 'b'));
  EXPECT_LT(far.size(), 300u);  // of a long line only the surroundings are shown
}

TEST(TextTest, HostileTextEndsInAStatus) {
  const auto repeat = [](std::string_view text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
  };
  const std::string deep[] = {
      repeat("(", 30'000),        repeat("not ", 15'000),          repeat("- ", 30'000),
      repeat("fold(", 12'000),    repeat("case when ", 6'000),     repeat("top 1 by ", 7'000),
      "a" + repeat("+a", 30'000), "a" + repeat(" is null", 8'000), repeat("exists(a where ", 4'000)};
  for (const std::string& text : deep) {
    const StatusOr<Expr> tree = Parse(text);
    EXPECT_EQ(tree.status().code(), absl::StatusCode::kResourceExhausted)
        << text.substr(0, 20) << tree.status();
  }
  EXPECT_EQ(Parse(std::string(kMaxTextBytes + 1, ' ')).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(Parse("a" + repeat(" or a", 12'000)).ok());  // long, not deep
  EXPECT_TRUE(Parse("a in (1" + repeat(", 1", 15'000) + ")").ok());
}

TEST(TextTest, BrokenSentencesNeverCrash) {
  const std::string whole =
      "exists(orders where total > outer.credit_limit and \"x\" in ('a', :b)) or top 5 by a per b is not "
      "null";
  std::mt19937 random(7);
  for (int i = 0; i < 5'000; ++i) {
    std::string text = whole;
    for (int edits = 1 + static_cast<int>(random() % 4); edits > 0; --edits) {
      const size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text.erase(at, 1 + random() % 5);
      } else {
        text[at] = whole[random() % whole.size()];
      }
      if (text.empty()) text = "a";
    }
    if (const StatusOr<Expr> tree = Parse(text); tree.ok()) {
      EXPECT_TRUE(Parse(Print(*tree)).value() == *tree) << text;
    }
  }
}

}  // namespace
}  // namespace relata::expr
