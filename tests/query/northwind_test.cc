// Asks questions of Microsoft Northwind, a small trading company, whose answers SQLite confirms from the
// files as they stand.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "relata/base/strings.h"
#include "tests/query/questions.h"

namespace relata::twin {
namespace {

const std::string kFolder = std::string(RELATA_SHARED_DATA) + "/northwind";

// The lines with their net amounts in cents: prices and discounts went through a 32-bit float, so they are
// read in hundredths; the product is rounded half to even.
constexpr const char* kLines = R"(
CREATE TABLE lines AS
  SELECT order_id, product_id,
         n / 100 + CASE WHEN n % 100 > 50 OR (n % 100 = 50 AND n / 100 % 2 = 1) THEN 1 ELSE 0 END AS amount
    FROM (SELECT *, CAST(quantity AS INTEGER) * CAST(round(unit_price * 100) AS INTEGER)
                      * (100 - CAST(round(discount * 100) AS INTEGER)) AS n FROM order_details);
CREATE TABLE totals AS
  SELECT o.*, sum(amount) AS total, unixepoch(order_date) / 86400 AS day,
         first_name || ' ' || last_name AS seller
    FROM orders o JOIN lines USING (order_id) JOIN employees USING (employee_id) GROUP BY order_id;
CREATE TABLE buyers AS
  SELECT c.*, company_name AS name, count(total) AS orders, coalesce(sum(total), 0) AS revenue, max(day) AS last
    FROM customers c LEFT JOIN totals USING (customer_id) GROUP BY customer_id)";

class NorthwindQuestions : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!std::filesystem::exists(kFolder)) return;
    auto questions = Questions::Import(std::string(RELATA_SOURCE_DIR) + "/examples/northwind/mapping.json",
                                       {kFolder}, testing::TempDir() + "northwind_questions.relata",
                                       Timestamp::Parse("1998-05-07T10:00:00Z").value());
    ASSERT_TRUE(questions.ok()) << questions.status();
    questions_ = std::move(*questions);
    for (const std::string table :
         {"orders", "order_details", "customers", "employees", "products", "categories"}) {
      const Status loaded = questions_->LoadFile(table, StrCat(kFolder, "/", table, ".csv"));
      ASSERT_TRUE(loaded.ok()) << loaded;
    }
    const Status made = questions_->sqlite().Run(kLines);
    ASSERT_TRUE(made.ok()) << made;
  }
  static void TearDownTestSuite() { questions_.reset(); }

  void SetUp() override {
    if (!std::filesystem::exists(kFolder)) GTEST_SKIP() << kFolder << " is not there: nothing to ask";
    ASSERT_NE(questions_, nullptr);
  }
  static void Same(const std::string& entity, const std::vector<std::string>& shown,
                   const std::string& condition, const std::string& raw_sql) {
    questions_->Same(entity, shown, condition, raw_sql);
  }

  static inline std::unique_ptr<Questions> questions_;
};

TEST_F(NorthwindQuestions, TheFilesComeToTheKnownRevenue) {
  EXPECT_EQ(ToString(*questions_->sqlite().One("SELECT sum(amount) FROM lines")), "126579302");
}

TEST_F(NorthwindQuestions, WhoBuysHowMuch) {
  Same("relation", {"name", "sum(orders.total)", "count(orders)"}, "exists(orders)",
       "SELECT name, revenue, orders FROM buyers WHERE orders > 0");
  Same("relation", {"name", "sum(orders.total)"}, "sum(orders.total) > 100000",
       "SELECT name, revenue FROM buyers WHERE revenue > 10000000");
  Same("relation", {"name", "avg(orders.total)"}, "avg(orders.total) > 2000",
       "SELECT name, CASE WHEN 2 * (revenue % orders) > orders OR (2 * (revenue % orders) = orders AND "
       "revenue / orders % 2 = 1) THEN revenue / orders + 1 ELSE revenue / orders END "
       "FROM buyers WHERE revenue > 200000 * orders AND orders > 0");
}

TEST_F(NorthwindQuestions, WhoNeverBought) {
  Same("relation", {"name"}, "count(orders) = 0 and roles has none ('supplier', 'carrier')",
       "SELECT name FROM buyers WHERE orders = 0");
}

TEST_F(NorthwindQuestions, WhoHasStoppedBuying) {
  Same("relation", {"name", "last(orders.ordered_on)"},
       "last(orders.ordered_on) < today() - interval '6 months'",
       "SELECT name, last FROM buyers WHERE last < unixepoch('1997-11-07') / 86400");
}

TEST_F(NorthwindQuestions, WhoBoughtOftenInAYear) {
  Same("relation", {"name", "sum(orders.total where year(ordered_on) = 1997)"},
       "count(orders where year(ordered_on) = 1997) >= 10",
       "SELECT company_name, sum(total) FROM totals JOIN customers USING (customer_id) "
       "WHERE order_date LIKE '1997%' GROUP BY customer_id HAVING count(*) >= 10");
  Same("relation", {"name"},
       "exists(orders where ordered_on in last quarter) and visiting.country = 'Germany'",
       "SELECT DISTINCT company_name FROM totals JOIN customers USING (customer_id) "
       "WHERE order_date >= '1998-01-01' AND order_date < '1998-04-01' AND country = 'Germany'");
}

TEST_F(NorthwindQuestions, WhatWasDeliveredLate) {
  Same("order", {"number", "delivered_on - requested_on"}, "delivered_on > requested_on",
       "SELECT order_id, (unixepoch(shipped_date) - unixepoch(required_date)) / 86400 FROM orders "
       "WHERE shipped_date <> '' AND shipped_date > required_date");
  Same("relation", {"name"}, "count(orders where delivered_on > requested_on) >= 2",
       "SELECT company_name FROM orders JOIN customers USING (customer_id) "
       "WHERE shipped_date <> '' AND shipped_date > required_date GROUP BY customer_id HAVING count(*) >= 2");
  Same("order", {"number"}, "delivered_on is null and ordered_on < today() - 7",
       "SELECT order_id FROM orders WHERE shipped_date = '' AND order_date < '1998-04-30'");
}

TEST_F(NorthwindQuestions, WhoBoughtWhatFromWhom) {
  Same("relation", {"name"}, "exists(orders where user.name = 'Nancy Davolio' and total > 3000)",
       "SELECT DISTINCT company_name FROM totals JOIN customers USING (customer_id) "
       "WHERE seller = 'Nancy Davolio' AND total > 300000");
  Same("relation", {"name", "distinct(orders.user)"}, "distinct(orders.user) >= 7",
       "SELECT company_name, count(DISTINCT employee_id) FROM orders JOIN customers USING (customer_id) "
       "GROUP BY customer_id HAVING count(DISTINCT employee_id) >= 7");
  Same("relation", {"name"},
       "count(orders where exists(lines where product.category = 'Seafood' and amount > 1000)) >= 2",
       "SELECT company_name FROM (SELECT DISTINCT o.order_id, customer_id FROM orders o "
       "JOIN lines l ON l.order_id = o.order_id JOIN products USING (product_id) "
       "JOIN categories USING (category_id) WHERE category_name = 'Seafood' AND amount > 100000) "
       "JOIN customers USING (customer_id) GROUP BY customer_id HAVING count(*) >= 2");
  Same("relation", {"name"},
       "exists(orders) and all(orders, exists(lines where discount > 0) or total < 500)",
       "SELECT company_name FROM customers WHERE customer_id IN (SELECT customer_id FROM orders) AND "
       "customer_id "
       "NOT IN (SELECT customer_id FROM totals t WHERE total >= 50000 AND NOT EXISTS (SELECT 1 FROM "
       "order_details d "
       "WHERE d.order_id = t.order_id AND d.discount <> '0'))");
}

TEST_F(NorthwindQuestions, HowProductsSell) {
  Same(
      "product", {"name", "sum(order_lines.amount)"}, "discontinued",
      "SELECT product_name, sum(amount) FROM products JOIN lines USING (product_id) WHERE discontinued = '1' "
      "GROUP BY product_id");
  Same("product", {"name", "unit_price"}, "supplier.visiting.country = 'Germany' or name like 'Ch_ng%'",
       "SELECT product_name, CAST(round(unit_price * 100) AS INTEGER) * 100 FROM products "
       "WHERE supplier_id IN ('11', '12', '13') OR product_name LIKE 'Ch_ng%'");
  Same("product", {"name"}, "top 3 by sum(order_lines.amount) per category",
       "SELECT product_name FROM (SELECT product_name, row_number() OVER (PARTITION BY category_id "
       "ORDER BY sum(amount) DESC) AS place FROM products JOIN lines USING (product_id) GROUP BY product_id) "
       "WHERE place <= 3");
}

TEST_F(NorthwindQuestions, HowSellersDo) {
  Same("user", {"name", "sum(orders.total)", "max(orders.total)"}, "manager.name = 'Andrew Fuller'",
       "SELECT seller, sum(total), max(total) FROM totals JOIN employees USING (employee_id) "
       "WHERE reports_to = '2' GROUP BY employee_id");
  Same("user", {"name", "age(started_on)"},
       "sum(orders.total where ordered_on in last year) > "
       "sum(orders.total where ordered_on < date '1997-01-01') * 2.5",
       "SELECT first_name || ' ' || last_name, 1998 - strftime('%Y', hire_date) - "
       "(strftime('%m-%d', hire_date) > '05-07') FROM employees e WHERE "
       "(SELECT sum(total) FROM totals t WHERE t.employee_id = e.employee_id AND order_date LIKE '1997%') * "
       "2 > "
       "(SELECT sum(total) FROM totals t WHERE t.employee_id = e.employee_id AND order_date LIKE '1996%') * "
       "5");
}

TEST_F(NorthwindQuestions, WhichOrdersStandOut) {
  Same("order", {"number", "total"}, "top 10 by total",
       "SELECT order_id, total FROM totals ORDER BY total DESC LIMIT 10");
  Same("order", {"number"}, "freight * 4 > total",
       "SELECT order_id FROM totals WHERE CAST(round(freight * 100) AS INTEGER) * 4 > total");
  Same("order", {"number", "count(lines)"}, "week(ordered_on) = 53 or count(lines) > 10",
       "SELECT o.order_id, count(*) FROM orders o JOIN order_details d ON o.order_id = d.order_id "
       "GROUP BY o.order_id HAVING count(*) > 10 OR order_date BETWEEN '1998-12-28' AND '1999-01-03'");
}

}  // namespace
}  // namespace relata::twin
