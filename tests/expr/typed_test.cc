// The typed form builds the tree that the text parses to, construct by construct.
#include "relata/expr/typed.h"

#include <gtest/gtest.h>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>

#include "relata/expr/text.h"
#include "relata/schema/declare.h"

namespace shop {

enum class Tier { kTop, kLarge, kVerySmall };
BOOST_DESCRIBE_ENUM(Tier, kTop, kLarge, kVerySmall)

struct Address {
  std::string city;
};
BOOST_DESCRIBE_STRUCT(Address, (), (city))

struct Client {
  relata::Id<Client> id;
  std::string name;
  Address visiting;
  Tier tier = Tier::kTop;
  std::optional<relata::Id<Client>> parent;
  std::optional<relata::Point> location;
  relata::Set<std::string> tags;
};
BOOST_DESCRIBE_STRUCT(Client, (), (id, name, visiting, tier, parent, location, tags))
RELATA_ENTITY(Client, "client", inverse<&Client::parent>("children"))

struct Sale {
  relata::Id<Sale> id;
  relata::Id<Client> client;
  relata::Date sold_on;
  relata::Timestamp at;
  relata::Money total;
  relata::Currency currency;
  double weight = 0;
};
BOOST_DESCRIBE_STRUCT(Sale, (), (id, client, sold_on, at, total, currency, weight))
RELATA_ENTITY(Sale, "sale")

}  // namespace shop

namespace relata::expr {
namespace {

using shop::Address, shop::Client, shop::Sale, shop::Tier;

void ExpectSame(const Term& typed, const std::string& text) {
  const StatusOr<Expr> parsed = Parse(text);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_TRUE(typed.expr() == *parsed) << Print(typed) << "\n" << text;
}

TEST(TypedTest, FieldsAndOperators) {
  ExpectSame(field<&Client::name> == "Jansen", "name = 'Jansen'");
  ExpectSame(field<&Client::visiting, &Address::city> != std::string("Utrecht"),
             "visiting.city <> 'Utrecht'");
  ExpectSame(field<&Client::id> == Id<Client>(7), "id = 7");
  ExpectSame(field<&Client::tier> == Tier::kVerySmall, "tier = 'very_small'");
  ExpectSame("a" < field<&Client::name> && field<&Client::name> <= "b" && !is_null(field<&Client::parent>),
             "'a' < name and name <= 'b' and parent is not null");
  ExpectSame(!(field<&Client::name> == "a" || field<&Client::name> == param("n")),
             "not (name = 'a' or name = :n)");
  ExpectSame(via(field<&Sale::client>, field<&Client::name>) == "x", "client.name = 'x'");
  ExpectSame(-field<&Sale::weight> * 2 + 0.5 > 1e300, "-weight * 2 + 0.5 > 1e300");
  ExpectSame(field<&Sale::total> >= Money::Eur(10), "total >= money 'EUR 10.00'");
  ExpectSame(field<&Sale::sold_on> >= today() - param("n", Unit::kDay), "sold_on >= today() - :n days");
  ExpectSame(field<&Sale::at> >= now() - Duration::Hours(36), "at >= now() - 36 hours");
  ExpectSame(between(field<&Sale::sold_on>, Date{0}, Date{1}),
             "sold_on between date '1970-01-01' and date '1970-01-02'");
}

TEST(TypedTest, WordsAreFunctions) {
  ExpectSame(in(field<&Client::tier>, {Tier::kTop, "large", param("t")}), "tier in ('top', 'large', :t)");
  ExpectSame(in("x", field<&Client::tags>), "'x' in tags");
  ExpectSame(in(field<&Sale::sold_on>, Period{-1, true, Unit::kQuarter}), "sold_on in last fiscal quarter");
  ExpectSame(has(field<&Client::tags>, SetTest::kExactly, {"a", "b"}), "tags has exactly ('a', 'b')");
  ExpectSame(is(field<&Client::name> == "a", expr::Test::kTrue), "(name = 'a') is true");
  ExpectSame(case_when({{field<&Client::name> == "a", 1}, {true, nullptr}}, 2),
             "case when name = 'a' then 1 when true then null else 2 end");
  ExpectSame(coalesce({field<&Client::name>, "x"}) == "y", "coalesce(name, 'x') = 'y'");
  ExpectSame(starts_with(field<&Client::name>, "J") && similar(field<&Client::name>, "Jan") >= 0.9,
             "name starts_with 'J' and similar(name, 'Jan') >= 0.9");
  ExpectSame(distance(field<&Client::location>, Point::FromDegrees(52.09, 5.12).value()) < Length{25'000'000},
             "distance(location, point(52.09, 5.12)) < 25 km");
  ExpectSame(top(10, named("revenue"), {named("visiting.city")}), "top 10 by revenue per visiting.city");
  ExpectSame(sample(10, "seed") || in_segment("s") || in_segment(field<&Client::parent>, "t"),
             "sample(10 percent, 'seed') or in segment 's' or parent in segment 't'");
  ExpectSame(changed(named("tier"), within(Interval{0, Duration::Days(30).micros})),
             "changed(tier, within 30 days)");
}

TEST(TypedTest, RelatedRecords) {
  const Related sales = related<&Sale::client>();
  ExpectSame(sum(sales[field<&Sale::total>].where(field<&Sale::sold_on> >= today() - 365)) > 10'000,
             "sum(sales.total where sold_on >= today() - 365) > 10000");
  ExpectSame(exists(related<&Client::parent>().where(
                 exists(sales.where(field<&Sale::total> > outer(outer(named("credit_limit"))))))),
             "exists(children where exists(sales where total > outer.outer.credit_limit))");
  ExpectSame(all(sales, field<&Sale::total> > 0) && count(sales) == 0,
             "all(sales, total > 0) and count(sales) = 0");
  ExpectSame(first_time(sales, within(Period{})), "first_time(sales, within this month)");
}

}  // namespace
}  // namespace relata::expr
