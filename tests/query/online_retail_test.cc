// Asks questions of UCI Online Retail, half a million invoice lines of a web shop, whose answers SQLite
// confirms from the file as it stands.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "tests/query/questions.h"

namespace relata::twin {
namespace {

const std::string kFile = std::string(RELATA_SHARED_DATA) + "/online-retail/online-retail-full.csv.gz";

// Each line's amount in pence, from a price in tenths of pence, rounded half to even; and each invoice with
// the date of its first line and the sum of its lines.
constexpr const char* kInvoices = R"(
CREATE TABLE lines AS
  SELECT rowid AS line, InvoiceNo, StockCode, Description, Country, InvoiceDate,
         CAST(Quantity AS INTEGER) AS quantity,
         CASE WHEN CustomerID <> '' THEN 'Customer ' || CAST(CAST(CustomerID AS REAL) AS INTEGER) END AS name,
         n / 10 + CASE WHEN abs(n % 10) > 5 OR (abs(n % 10) = 5 AND n / 10 % 2 <> 0)
                       THEN CASE WHEN n < 0 THEN -1 ELSE 1 END ELSE 0 END AS amount
    FROM (SELECT rowid, *, CAST(Quantity AS INTEGER) * CAST(round(UnitPrice * 1000) AS INTEGER) AS n FROM retail);
CREATE TABLE invoices AS
  SELECT InvoiceNo, name, min(line), Country, unixepoch(date(InvoiceDate)) / 86400 AS day,
         date(InvoiceDate) AS date, sum(amount) AS total, count(*) AS lines FROM lines GROUP BY InvoiceNo;
CREATE TABLE buyers AS
  SELECT name, count(*) AS orders, sum(total) AS turnover, min(day) AS first, max(day) AS last
    FROM invoices WHERE name IS NOT NULL GROUP BY name;
CREATE TABLE homes (name TEXT PRIMARY KEY, home TEXT, line INTEGER);
INSERT INTO homes SELECT name, Country, min(line) FROM lines WHERE name IS NOT NULL GROUP BY name)";

class OnlineRetailQuestions : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!std::filesystem::exists(kFile)) return;
    auto questions =
        Questions::Import(std::string(RELATA_SOURCE_DIR) + "/examples/online_retail/mapping.json", {kFile},
                          testing::TempDir() + "online_retail_questions.relata",
                          Timestamp::Parse("2011-12-10T10:00:00Z").value());
    ASSERT_TRUE(questions.ok()) << questions.status();
    questions_ = std::move(*questions);
    const Status loaded = questions_->LoadFile("retail", kFile);
    ASSERT_TRUE(loaded.ok()) << loaded;
    const Status made = questions_->sqlite().Run(kInvoices);
    ASSERT_TRUE(made.ok()) << made;
  }
  static void TearDownTestSuite() { questions_.reset(); }

  void SetUp() override {
    if (!std::filesystem::exists(kFile)) GTEST_SKIP() << kFile << " is not there: nothing to ask";
    ASSERT_NE(questions_, nullptr);
  }
  static void Same(const std::string& entity, const std::vector<std::string>& shown,
                   const std::string& condition, const std::string& raw_sql) {
    questions_->Same(entity, shown, condition, raw_sql);
  }

  static inline std::unique_ptr<Questions> questions_;
};

TEST_F(OnlineRetailQuestions, TheFileComesToTheKnownTurnover) {
  EXPECT_EQ(ToString(*questions_->sqlite().One("SELECT sum(amount) FROM lines")), "974774793");
}

TEST_F(OnlineRetailQuestions, WhoBuysHowMuch) {
  Same("relation", {"name", "sum(orders.total)", "count(orders)"}, "true",
       "SELECT name, turnover, orders FROM buyers");
  Same("relation", {"name"}, "sum(orders.total) > 50000 and count(orders) < 100",
       "SELECT name FROM buyers WHERE turnover > 5000000 AND orders < 100");
  Same("relation", {"name", "sum(orders.total)"}, "sum(orders.total) < 0",
       "SELECT name, turnover FROM buyers WHERE turnover < 0");
}

TEST_F(OnlineRetailQuestions, WhoBuysNow) {
  Same("relation", {"name", "sum(orders.total where ordered_on >= today() - 90)"},
       "sum(orders.total where ordered_on >= today() - 90) > 5000",
       "SELECT name, sum(total) FROM invoices WHERE date >= '2011-09-11' AND name IS NOT NULL GROUP BY name "
       "HAVING sum(total) > 500000");
  Same("relation", {"name"}, "first(orders.ordered_on) in last month",
       "SELECT name FROM buyers WHERE first >= unixepoch('2011-11-01') / 86400 "
       "AND first < unixepoch('2011-12-01') / 86400");
  Same("relation", {"name", "max(orders.ordered_on)"},
       "max(orders.ordered_on) < today() - interval '11 months' and count(orders) >= 3",
       "SELECT name, last FROM buyers WHERE last < unixepoch('2011-01-10') / 86400 AND orders >= 3");
}

TEST_F(OnlineRetailQuestions, WhatComesBack) {
  Same("relation", {"name", "count(orders where total < 0)"}, "count(orders where total < 0) > 10",
       "SELECT name, count(*) FROM invoices WHERE total < 0 AND name IS NOT NULL GROUP BY name "
       "HAVING count(*) > 10");
  Same("order", {"number", "total"}, "number starts_with 'C' and total < -5000",
       "SELECT InvoiceNo, total FROM invoices WHERE InvoiceNo GLOB 'C*' AND total < -500000");
  Same("relation", {"name"}, "exists(orders) and all(orders, total < 0)",
       "SELECT name FROM invoices WHERE name IS NOT NULL GROUP BY name HAVING max(total) < 0");
}

TEST_F(OnlineRetailQuestions, WhereTheyLive) {
  Same("relation", {"name"}, "visiting.country = 'NL' or visiting.country in ('BH', 'BR')",
       "SELECT name FROM homes WHERE home IN ('Netherlands', 'Bahrain', 'Brazil')");
}

TEST_F(OnlineRetailQuestions, WhichInvoicesStandOut) {
  Same("order", {"number", "total"}, "top 20 by total",
       "SELECT InvoiceNo, total FROM invoices ORDER BY total DESC, InvoiceNo LIMIT 20");
  Same("order", {"number", "count(lines)"}, "count(lines) > 400",
       "SELECT InvoiceNo, lines FROM invoices WHERE lines > 400");
  Same("order", {"number"}, "relation is null and total > 20000",
       "SELECT InvoiceNo FROM invoices WHERE name IS NULL AND total > 2000000");
  Same("order", {"number", "total"}, "week(ordered_on) = 48 and year(ordered_on) = 2010 and total > 3000",
       "SELECT InvoiceNo, total FROM invoices WHERE date BETWEEN '2010-11-29' AND '2010-12-05' "
       "AND total > 300000");
}

TEST_F(OnlineRetailQuestions, HowProductsSell) {
  Same("product", {"code", "sum(order_lines.amount)"}, "code in ('85123A', '22423', 'DOT')",
       "SELECT StockCode, sum(amount) FROM lines WHERE StockCode IN ('85123A', '22423', 'DOT') "
       "GROUP BY StockCode");
  Same("product", {"code", "sum(order_lines.quantity)"}, "sum(order_lines.quantity) > 30000",
       "SELECT StockCode, sum(quantity) * 1000 FROM lines GROUP BY StockCode HAVING sum(quantity) > 30000");
  Same("product", {"code"}, "count(order_lines where order.relation.visiting.country = 'FR') > 100",
       "SELECT StockCode FROM lines JOIN homes USING (name) WHERE home = 'France' GROUP BY StockCode "
       "HAVING count(*) > 100");
}

}  // namespace
}  // namespace relata::twin
