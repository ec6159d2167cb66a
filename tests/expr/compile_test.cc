// The checker: what texts about the CRM model compile to, step by step.
#include "src/expr/compile.h"

#include <gtest/gtest.h>

#include "tests/expr/model.h"

namespace relata::expr::test {
namespace {

TEST(CompileTest, FieldsAndLiterals) {
  EXPECT_EQ(Steps("name"), "name");
  EXPECT_EQ(Steps("visiting.city = 'Utrecht'"), "(= visiting.city 'Utrecht')");
  EXPECT_EQ(Steps("'Utrecht' = visiting.city"), "(= visiting.city 'Utrecht')");
  EXPECT_EQ(Steps("10 < payment_term_days"), "(> payment_term_days 10)");
  EXPECT_EQ(Steps("id = 17"), "(= id #17)");
  EXPECT_EQ(Steps("loyalty = 'gold'"), "(= loyalty gold)");
  EXPECT_EQ(Steps("loyalty < 'bronze'"), "(< loyalty bronze)");
  EXPECT_EQ(Steps("currency = 'USD'"), "(= currency USD)");
  EXPECT_EQ(Steps("null"), "null");
  EXPECT_EQ(Steps("name = null"), "(= name null)");
  EXPECT_EQ(Steps("point(52.09, 5.12) = location"), "(= location '52.09,5.12')");
  EXPECT_EQ(Steps("factor > 3"), "(> factor 3)");
  EXPECT_EQ(Steps("factor > payment_term_days"), "(> factor (to_double payment_term_days))");
  EXPECT_EQ(Steps("name < phone"), "(< name phone)");
}

TEST(CompileTest, LogicHasThreeValues) {
  EXPECT_EQ(Steps("not (number > 1) or name is null and true"),
            "(or (not (> number 1)) (and (is_null name) true))");
  EXPECT_EQ(Steps("(number > 1) is not true"), "(not (is_true (> number 1)))");
  EXPECT_EQ(Steps("(number > 1) is unknown"), "(is_null (> number 1))");
  EXPECT_EQ(Steps("null is false"), "(is_false null)");
  EXPECT_EQ(Steps("source is distinct from 3"), "(is_distinct source #3)");
  EXPECT_EQ(Steps("case when number > 1 then 'a' end"), "(case (> number 1) 'a' null)");
  EXPECT_EQ(Steps("case when number > 1 then 1 else 2.5 end"), "(case (> number 1) 1.0 2.5)");
  EXPECT_EQ(Steps("coalesce(loyalty, 'gold')"), "(coalesce loyalty gold)");
  EXPECT_EQ(Steps("coalesce(null, payment_term_days, 30)"), "(coalesce null payment_term_days 30)");
}

TEST(CompileTest, ListsAndRanges) {
  EXPECT_EQ(Steps("number between 2 and 5"), "(and (>= number 2) (<= number 5))");
  EXPECT_EQ(Steps("loyalty in ('gold', 'silver')"), "(in loyalty gold silver)");
  EXPECT_EQ(Steps("number not in (1, null)"), "(not (in number 1 null))");
  EXPECT_EQ(Steps("number in (1, 2.5, 3)"), "(in number 1 3)");
  EXPECT_EQ(Steps("number in (2.5)"), "(> number 9223372036854775807)");
  EXPECT_EQ(Steps("parent in (3, account_manager.id)"),
            "INVALID_ARGUMENT: line 1, column 8: unlike types: a record of relation and a record of user\n"
            "  parent in (3, account_manager.id)\n"
            "         ^");
}

TEST(CompileTest, MoneyIsExact) {
  EXPECT_EQ(Steps("credit_limit > 100"), "(> credit_limit_base 'EUR 100.00')");
  EXPECT_EQ(Steps("credit_limit = money 'EUR 12.50'"), "(= credit_limit_base 'EUR 12.50')");
  EXPECT_EQ(Steps("dollars >= 12.5"), "(>= dollars 'USD 12.50')");
  // More decimals than cents: the neighbouring cent decides, exactly.
  EXPECT_EQ(Steps("dollars < 10.555"), "(<= dollars 'USD 10.55')");
  EXPECT_EQ(Steps("dollars <= 10.555"), "(<= dollars 'USD 10.55')");
  EXPECT_EQ(Steps("dollars > 10.555"), "(> dollars 'USD 10.55')");
  EXPECT_EQ(Steps("dollars > -10.555"), "(> dollars 'USD -10.56')");
  EXPECT_EQ(Steps("dollars = 10.555"), "(> dollars 'USD 92233720368547758.07')");
  EXPECT_EQ(Steps("dollars <> 10.555"), "(<= dollars 'USD 92233720368547758.07')");
  EXPECT_EQ(Steps("dollars < 9000000000000000000"), "(<= dollars 'USD 92233720368547758.07')");
  EXPECT_EQ(Steps("dollars < -9000000000000000000"), "(< dollars 'USD -92233720368547758.08')");
  EXPECT_EQ(Steps("dollars is distinct from 0.001"), "true");
  EXPECT_EQ(Steps("dollars * 1.21"), "(* dollars 1.21)");
  EXPECT_EQ(Steps("1.21 * dollars"), "(* dollars 1.21)");
  EXPECT_EQ(Steps("dollars / 3"), "(/ dollars 3)");
  EXPECT_EQ(Steps("dollars / dollars > 0.5"), "(> (ratio dollars dollars) 0.5)");
  EXPECT_EQ(Steps("dollars + 10"), "(+ dollars 'USD 10.00')");
  EXPECT_EQ(Steps("amount > quantity * unit_price", "order_line"),
            "(> (order amount_base (* quantity unit_price)) 0)");
}

TEST(CompileTest, Numbers) {
  EXPECT_EQ(Steps("number + 1 > 2 * 3"), "(> (+ number 1) 6)");
  EXPECT_EQ(Steps("quantity + line", "order_line"), "(+ quantity (rescale 3 line))");
  EXPECT_EQ(Steps("quantity > 1.5", "order_line"), "(> quantity 1.500)");
  EXPECT_EQ(Steps("quantity > 1.0005", "order_line"), "(> quantity 1.000)");
  EXPECT_EQ(Steps("quantity / 2", "order_line"), "(/ (to_double quantity) 2)");
  EXPECT_EQ(Steps("line / 2", "order_line"), "(/ line 2)");
  EXPECT_EQ(Steps("-number"), "(negate number)");
  EXPECT_EQ(Steps("number + null"), "(+ number null)");
  EXPECT_EQ(Steps("quantity * quantity * quantity * quantity * quantity * quantity", "order_line"),
            "(* (* (* (* (* quantity quantity) quantity) quantity) quantity) quantity)");
  EXPECT_EQ(Steps("unit_price * unit_price * unit_price * unit_price * unit_price", "order_line"),
            "(* (to_double (* (* (* unit_price unit_price) unit_price) unit_price)) (to_double unit_price))");
}

TEST(CompileTest, Dates) {
  EXPECT_EQ(Steps("ordered_on >= '2026-01-31'", "order"), "(>= ordered_on 2026-01-31)");
  EXPECT_EQ(Steps("ordered_on >= today() - 365", "order"), "(>= ordered_on (add_days (today) -365))");
  EXPECT_EQ(Steps("ordered_on >= today() - 60 days", "order"), "(>= ordered_on (add_days (today) -60))");
  EXPECT_EQ(Steps("ordered_on >= today() - interval '1 month'", "order"),
            "(>= ordered_on (add_interval - 1 month (today)))");
  EXPECT_EQ(Steps("at >= today() - 60", "interaction"), "(>= at (start_of_day (add_days (today) -60)))");
  EXPECT_EQ(Steps("at >= date '2026-01-31'", "interaction"), "(>= at 2026-01-30T23:00:00Z)");
  EXPECT_EQ(Steps("at >= '2026-07-01 12:00'", "interaction"), "(>= at 2026-07-01T10:00:00Z)");
  EXPECT_EQ(Steps("at >= now() - 2 hours", "interaction"), "(>= at (add_interval - 2 hours (now)))");
  EXPECT_EQ(Steps("ordered_on + 2 hours", "order"), "(add_interval + 2 hours (start_of_day ordered_on))");
  EXPECT_EQ(Steps("at + duration", "interaction"), "(add_micros at duration)");
  EXPECT_EQ(Steps("delivered_on - ordered_on > 14", "order"),
            "(> (days_between delivered_on ordered_on) 14)");
  EXPECT_EQ(Steps("now() - at > 3 hours", "interaction"), "(> (micros_between (now) at) 3 hours)");
  EXPECT_EQ(Steps("duration > 2 * interval '10 minutes'", "interaction"), "(> duration 20 minutes)");
  EXPECT_EQ(Steps("year(at) = 2026", "interaction"), "(= (year (local_date at)) 2026)");
  EXPECT_EQ(Steps("week(ordered_on)", "order"), "(week ordered_on)");
  EXPECT_EQ(Steps("age(birth_date) >= 18", "person"), "(>= (age birth_date) 18)");
  EXPECT_EQ(Steps("ordered_on in this month", "order"),
            "(and (>= ordered_on (period_start this month)) (< ordered_on (period_end this month)))");
  EXPECT_EQ(Steps("at in last fiscal year", "interaction"),
            "(and (>= at (start_of_day (period_start last fiscal year))) "
            "(< at (start_of_day (period_end last fiscal year))))");
  EXPECT_EQ(Steps("ordered_on >= fiscal_year_start()", "order"),
            "(>= ordered_on (fiscal_year_start (today)))");
  EXPECT_EQ(Steps("anniversary(birth_date, within 7 days)", "person"),
            "(anniversary birth_date (today) (add_days (today) 7))");
}

TEST(CompileTest, TextsAndSets) {
  EXPECT_EQ(Steps("name like 'Jan%' and name ilike 'jan_'"), "(and (like name 'Jan%') (ilike name 'jan_'))");
  EXPECT_EQ(Steps("name starts_with 'J' or name ends_with phone or name contains 'a'"),
            "(or (starts_with name 'J') (ends_with name phone) (contains name 'a'))");
  EXPECT_EQ(Steps("'fair' in tags"), "(element_of 'fair' tags)");
  EXPECT_EQ(Steps("'partner' in roles"), "(element_of partner roles)");
  EXPECT_EQ(Steps("tags has any ('a', 'b')"), "(has any tags 'a' 'b')");
  EXPECT_EQ(Steps("roles has exactly ('partner')"), "(has exactly roles partner)");
  EXPECT_EQ(Steps("3 in relations", "person"), "(element_of #3 relations)");
  EXPECT_EQ(Steps("tags is empty"), "(is_empty tags)");
}

TEST(CompileTest, PathsFollowReferences) {
  EXPECT_EQ(Steps("account_manager.name = 'Anna'"), "(= (. account_manager user.name) 'Anna')");
  EXPECT_EQ(Steps("parent.parent.industry_code like '62%'"),
            "(like (. (. parent relation.parent) relation.industry_code) '62%')");
  EXPECT_EQ(Steps("parent.visiting.city"), "(. parent relation.visiting.city)");
  EXPECT_EQ(Steps("parent = 3"), "(= parent #3)");
  EXPECT_EQ(Steps("parent.id = 3"), "(= parent #3)");
  EXPECT_EQ(Steps("relation.credit_limit > 5", "order"),
            "(> (. relation relation.credit_limit_base) 'EUR 5.00')");
  // Only a person has a first name, both have a phone.
  EXPECT_EQ(Steps("from.first_name = 'Jan'", "affiliation"), "(= (. from person.first_name) 'Jan')");
  EXPECT_EQ(Steps("from.phone is null", "affiliation"),
            "(is_null (coalesce (. from relation.phone) (. from person.phone)))");
}

TEST(CompileTest, RelatedRecords) {
  EXPECT_EQ(Steps("count(orders) = 0"), "(= (count order.relation) 0)");
  EXPECT_EQ(
      Steps("sum(orders.total where ordered_on >= today() - 365) > 10000"),
      "(> (sum order.relation total_base where (>= ordered_on (add_days (today) -365))) 'EUR 10000.00')");
  EXPECT_EQ(Steps("not exists(interactions where at >= today() - 60)"),
            "(not (exists interaction.relation where (>= at (start_of_day (add_days (today) -60)))))");
  EXPECT_EQ(Steps("none(contacts)"), "(not (exists person.relations))");
  EXPECT_EQ(Steps("any(contacts where dmu_role = 'decider')"),
            "(exists person.relations where (= dmu_role decider))");
  EXPECT_EQ(Steps("all(orders where total > 0, status = 'delivered')"),
            "(not (exists order.relation where (and (> total_base 'EUR 0.00') "
            "(not (is_true (= status delivered))))))");
  EXPECT_EQ(Steps("distinct(orders.status)"), "(count_distinct order.relation status)");
  EXPECT_EQ(Steps("count(orders.vat)"), "(count order.relation where (not (is_null vat_base)))");
  EXPECT_EQ(
      Steps("avg(orders.total) > 5 and avg(contracts.value) is null"),
      "(and (> (avg order.relation total_base) 'EUR 5.00') (is_null (avg contract.relation value_base)))");
  EXPECT_EQ(Steps("last(orders.user.name)"), "(last order.relation (. user user.name))");
  EXPECT_EQ(Steps("max(interactions.at) < now() - 30 days"),
            "(< (max interaction.relation at) (add_interval - 30 days (now)))");
  EXPECT_EQ(Steps("count(parent.children) > 1"), "(> (count relation.parent of parent) 1)");
  // Two levels, each scope by its own names first, then those around.
  EXPECT_EQ(Steps("exists(orders where exists(lines where quantity > 1 and amount = total))"),
            "(exists order.relation where (exists order_line.order where "
            "(and (> quantity 1.000) (= amount_base ^total_base))))");
  EXPECT_EQ(Steps("exists(orders where notes = outer.notes and loyalty = 'gold')"),
            "(exists order.relation where (and (= notes ^notes) (= ^loyalty gold)))");
  EXPECT_EQ(Steps("exists(orders where delivered_on < ordered_on and relation = outer.id)"),
            "(exists order.relation where (and (< delivered_on ordered_on) (= relation ^id)))");
  EXPECT_EQ(Steps("exists(affiliations where to = outer.id)"),
            "(exists affiliation.from where (= to (any_record ^id)))");
}

TEST(CompileTest, ActivityBecomesAggregatesOverMoments) {
  EXPECT_EQ(Steps("trend(sum(orders.total where status = 'delivered'), 90 days) < 0"),
            "(< (- (sum order.relation total_base where (and (= status delivered) "
            "(and (>= ordered_on (add_days (today) -90)) (< ordered_on (today))))) "
            "(sum order.relation total_base where (and (= status delivered) "
            "(and (>= ordered_on (add_days (today) -180)) (< ordered_on (add_days (today) -90)))))) "
            "'EUR 0.00')");
  EXPECT_EQ(Steps("trend(count(orders), interval '1 quarter')"),
            "(- (count order.relation where (and (>= ordered_on (add_interval - 3 months (today))) "
            "(< ordered_on (today)))) "
            "(count order.relation where (and (>= ordered_on (add_interval - 6 months (today))) "
            "(< ordered_on (add_interval - 3 months (today))))))");
  EXPECT_EQ(Steps("stopped(orders, 90 days)"),
            "(and (exists order.relation where (< ordered_on (add_days (today) -90))) "
            "(not (exists order.relation where (and (>= ordered_on (add_days (today) -90)) "
            "(< ordered_on (add_days (today) 1))))))");
  EXPECT_EQ(Steps("first_time(orders where status <> 'cancelled', within this year)"),
            "(and (exists order.relation where (and (<> status cancelled) "
            "(and (>= ordered_on (period_start this year)) (< ordered_on (period_end this year))))) "
            "(not (exists order.relation where (and (<> status cancelled) "
            "(< ordered_on (period_start this year))))))");
  // The inner `where` sees the relation around it, not the record between.
  EXPECT_EQ(Steps("followed_by(quotes where number = 'a', orders where notes = outer.name, within 14 days)"),
            "(exists quote.relation where (and (= number 'a') (exists order.relation of ^id where "
            "(and (= notes ^^name) (and (> ordered_on ^quoted_on) "
            "(<= ordered_on (add_days ^quoted_on 14)))))))");
  EXPECT_EQ(Steps("restarted(orders, 90 days, within 2 hours)"),
            "(exists order.relation where (and "
            "(and (>= (start_of_day ordered_on) (add_interval - 2 hours (now))) "
            "(<= (start_of_day ordered_on) (now))) "
            "(and (exists order.relation of ^id where (< ordered_on (add_days ^ordered_on -90))) "
            "(not (exists order.relation of ^id where (and (>= ordered_on (add_days ^ordered_on -90)) "
            "(< ordered_on ^ordered_on)))))))");
  EXPECT_EQ(Wrong("trend(name, 90 days)"),
            "line 1, column 1: trend(…) compares an aggregate: trend(sum(orders.total), 90 days)");
  EXPECT_EQ(Wrong("stopped(machines, 90 days)"),
            "line 1, column 1: stopped(…) asks when a record happened, but machine has no moment");
  EXPECT_EQ(CompileText("trend(count(orders where number = 'a'), 9 days)").value().names().size(), 2U);
}

TEST(CompileTest, TextFunctions) {
  EXPECT_EQ(Steps("name matches '^Ba(kker|nk)'"), "(matches name)");
  EXPECT_EQ(Steps("fold(name) = 'jose'"), "(= (fold name) 'jose')");
  EXPECT_EQ(Steps("search(name, 'bakk ja')"), "(search 'bakk ja' name)");
  EXPECT_EQ(Steps("similar(name, 'Jansen') >= 0.9"), "(>= (similar name 'Jansen') 0.9)");
  EXPECT_EQ(Wrong("name matches '('"), "line 1, column 6: '(' is no regular expression of RE2: missing ): (");
  EXPECT_EQ(Wrong("name matches phone"),
            "line 1, column 6: expected a regular expression in single quotes; found text");
  EXPECT_EQ(Wrong("fold(number) = 'x'"), "line 1, column 1: fold(…) takes text; found a whole number");
}

TEST(CompileTest, RanksPlacesAndHierarchy) {
  EXPECT_EQ(Steps("top 100 by sum(orders.total) per industry_code"),
            "(top relation 100 by (sum order.relation total_base) per industry_code)");
  EXPECT_EQ(Steps("percentile(credit_limit) >= 0.99"),
            "(>= (percentile relation by credit_limit_base) 0.99)");
  EXPECT_EQ(Steps("sample(10 percent, 'seed')"), "(sample 'seed' relation 0.1)");
  EXPECT_EQ(Steps("exists(orders where top 3 by total)"),
            "(exists order.relation where (top order 3 by total_base))");
  EXPECT_EQ(Steps("distance(location, point(52.09, 5.12)) < 25 km"),
            "(< (distance location '52.09,5.12') 25000)");
  EXPECT_EQ(Steps("distance(location, point(factor, 5)) < 2500 m"),
            "(< (distance location (point factor 5)) 2500)");
  EXPECT_EQ(Steps("child_of(3) or descendant_of(parent) or ancestor_of(record('relation', 4))"),
            "(or (child_of parent #3) (descendant_of parent parent) (ancestor_of parent #4))");
  EXPECT_TRUE(CompileText("percentile(number) > 0.5").value().uses_population());
  EXPECT_EQ(Wrong("top 3 by tags"),
            "line 1, column 1: top … by needs a value that records can be ranked by; found a set of texts");
  EXPECT_EQ(Wrong("exists(orders where top 3 by loyalty)"),
            "line 1, column 30: unknown field 'loyalty' of order");
  EXPECT_EQ(Wrong("sample(101 percent, 's')"),
            "line 1, column 1: expected a number of percents from 0 to 100");
  EXPECT_EQ(Wrong("child_of(2)", "order"),
            "line 1, column 1: child_of(…): order has no reference to its own type to go up by");
  EXPECT_EQ(Wrong("parent = record('relatin', 1)"),
            "line 1, column 10: unknown entity 'relatin'; did you mean 'relation'?");
  EXPECT_EQ(Wrong("distance(location, name) < 5 km"),
            "line 1, column 1: distance(…) lies between two points; found text");
}

TEST(CompileTest, WhatComesLaterIsCheckedAndSaysSo) {
  const Status status = CompileText("score('lead') >= 70").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_NE(status.message().find("is not answered yet"), absl::string_view::npos) << status;
  EXPECT_EQ(Wrong("score(3) > 1"),
            "line 1, column 1: expected a score's name in single quotes; found a whole number");
}

TEST(BindTest, ParametersBecomeLiterals) {
  const auto bound = [](std::string_view text, const Parameters& parameters) {
    const StatusOr<Expr> tree = Bind(Parse(text).value(), parameters);
    return tree.ok() ? Print(*tree) : std::string(ToStd(tree.status().message()));
  };
  EXPECT_EQ(bound("name = :n and at > today() - :d days", {{"n", "O'Neil"}, {"d", 30}}),
            "name = 'O''Neil' and at > today() - 30 days");
  EXPECT_EQ(bound("x in (:list, 5)", {{"list", TextSet{"a", "b"}}}), "x in ('a', 'b', 5)");
  EXPECT_EQ(bound("x in (:list)", {{"list", ReferenceSet{3, 4}}}), "x in (3, 4)");
  EXPECT_EQ(bound("x in (:list)", {{"list", TextSet{}}}), "false");
  EXPECT_EQ(bound("tags has any (:list)", {{"list", TextSet{"a"}}}), "tags has any ('a')");
  EXPECT_EQ(bound("x = :m", {{"m", Money::Eur(3)}}), "x = money 'EUR 3.00'");
  EXPECT_EQ(bound("x = :r and y = :c", {{"r", Reference{7}}, {"c", Currency::Eur()}}), "x = 7 and y = 'EUR'");
  EXPECT_EQ(bound("x < :k km", {{"k", Decimal::Parse("2.5").value()}}), "x < 2500 m");
  EXPECT_EQ(bound("coalesce(x, :b)", {{"b", Value()}}), "coalesce(x, null)");
  EXPECT_EQ(bound("x = :name", {}), "parameter :name has no value");
  EXPECT_EQ(bound("x = :name", {{"name", 1}, {"nme", 2}}),
            "the expression has no parameter :nme; did you mean 'name'?");
  EXPECT_EQ(bound("x = :l", {{"l", TextSet{"a"}}}),
            "parameter :l holds a list: it stands in a list of brackets, as in (:l)");
  EXPECT_EQ(bound("x = :o", {{"o", RecordRef{3, 4}}}).substr(0, 58),
            "parameter :o holds a value that no literal can stand for: ");
  EXPECT_EQ(bound("x > :d days", {{"d", "3"}}), "parameter :d is counted in a unit: give it an exact number");
}

TEST(CompileTest, ProgramKnowsWhatItDependsOn) {
  const auto of = [](std::string_view text) { return CompileText(text).value(); };
  EXPECT_FALSE(of("number > 1").uses_clock());
  EXPECT_TRUE(of("created_at > today()").uses_clock());
  EXPECT_TRUE(of("created_at in this year").uses_clock());
  EXPECT_FALSE(of("number > 1").uses_other_records());
  EXPECT_TRUE(of("parent.number > 1").uses_other_records());
  EXPECT_TRUE(of("count(orders) > 1").uses_other_records());
  EXPECT_EQ(of("number > 1").steps().size(), 3U);
  const Program path = of("parent.account_manager.name = 'x'");
  ASSERT_EQ(path.names().size(), 3U);
  EXPECT_EQ(path.names()[1].part, 1U);
  EXPECT_EQ(path.names()[2].type, Crm()->Find("user")->type->id);
}

TEST(CompileTest, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(Steps("number > 1 and citty = 'Utrecht'"),
            "INVALID_ARGUMENT: line 1, column 16: unknown field 'citty' of relation\n"
            "  number > 1 and citty = 'Utrecht'\n"
            "                 ^");
  EXPECT_EQ(Wrong("emial = 'x'"),
            "line 1, column 1: unknown field 'emial' of relation; did you mean 'email'?");
  EXPECT_EQ(Wrong("city = 'x'"),
            "line 1, column 1: unknown field 'city' of relation; did you mean 'visiting.city'?");
  EXPECT_EQ(
      Wrong("dollars = 'much'"),
      "line 1, column 9: unlike types: money in USD and text; an amount is a bare number, or money 'EUR "
      "12.50'");
  EXPECT_EQ(Wrong("dollars > credit_limit"), "line 1, column 9: unlike currencies: USD and EUR");
  EXPECT_EQ(Wrong("loyalty = 'golden'"),
            "line 1, column 9: unknown label 'golden' of loyalty; did you mean 'gold'?");
  EXPECT_EQ(Wrong("loyalty = 'x'"),
            "line 1, column 9: unknown label 'x' of loyalty; it has gold, silver, bronze");
  EXPECT_EQ(Wrong("name = :x"), "line 1, column 8: the parameter :x has no value; bind one");
  EXPECT_EQ(Wrong("count(ordrs)"),
            "line 1, column 7: unknown collection 'ordrs' of relation; did you mean 'orders'?");
  EXPECT_EQ(Wrong("count(name)"),
            "line 1, column 7: 'name' of relation is a field, not a collection of related records");
  EXPECT_EQ(
      Wrong("orders = 3"),
      "line 1, column 1: 'orders' of relation is a collection: it stands in count(…), sum(…), exists(…) and "
      "the like");
  EXPECT_EQ(Wrong("sum(orders) > 3"),
            "line 1, column 1: sum(…) takes a field of the related records, as in sum(orders.total)");
  EXPECT_EQ(Wrong("sum(orders.number) > 3"), "line 1, column 1: sum(…) of text makes no sense");
  EXPECT_EQ(Wrong("number and true"),
            "line 1, column 1: expected a condition, which is true or false; found a whole number");
  EXPECT_EQ(Wrong("name.x = 1"), "line 1, column 1: 'name' of relation is text, which has no field 'x'");
  EXPECT_EQ(Wrong("tags = 'x'"), "line 1, column 6: unlike types: a set of texts and text");
  EXPECT_EQ(Wrong("created_at + 3"), "line 1, column 12: cannot add a timestamp and a whole number");
  EXPECT_EQ(
      Wrong("dollars * 1e-1"),
      "line 1, column 9: money is multiplied by an exact number: a double would round it; write decimals");
  EXPECT_EQ(
      Wrong("3 months"),
      "line 1, column 1: an interval with months has no fixed length: it stands beside a date or timestamp");
  EXPECT_EQ(Wrong("name = 3"), "line 1, column 6: unlike types: text and a whole number");
  EXPECT_EQ(Wrong("outer.name = 'x'"), "line 1, column 1: unknown field 'outer' of relation");
  EXPECT_EQ(Wrong("exists(orders where outer.total = 1)"),
            "line 1, column 21: unknown field 'total' of relation");
}

TEST(CompileTest, TreesWithoutATextShowTheirPrintedForm) {
  const Expr tree(Kind::kBinary, Operator::kEqual,
                  {Expr(Kind::kPath, Path{0, {"citty"}}, {}), Expr(Kind::kLiteral, Literal(int64_t{1}), {})});
  const StatusOr<Program> program = Compile(tree, *Crm()->Find("relation"), Crm());
  EXPECT_EQ(ToStd(program.status().message()),
            "line 1, column 1: unknown field 'citty' of relation\n  citty = 1\n  ^");
  EXPECT_FALSE(CompileCondition(Parse("name").value(), *Crm()->Find("relation"), Crm()).ok());
}

}  // namespace
}  // namespace relata::expr::test
