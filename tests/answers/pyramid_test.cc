// Tests the customer pyramid: by hand at the edges, against SQLite on random orders, and against published
// figures.
#include "relata/answers/pyramid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <random>
#include <string>

#include "relata/base/strings.h"
#include "relata/crm/crm.h"
#include "relata/engine/answers.h"
#include "relata/engine/bulk_load.h"
#include "relata/engine/database.h"
#include "tests/base/values.h"
#include "tests/crm/retail_invoices.h"

namespace relata {
namespace {

using answers::Pyramid;
using answers::PyramidClass;
using answers::PyramidOptions;
using crm::Order;
using crm::OrderStatus;
using crm::Relation;
using ::testing::ElementsAre;

class PyramidTest : public testing::Test {
 protected:
  PyramidTest() {
    folder_ =
        testing::TempDir() + "/pyramid_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Options options;
    options.map_size = 256 << 20;
    options.durability = Durability::kUnsafe;
    options.clock = std::make_shared<ManualClock>(Timestamp::Parse("2026-06-30T10:00:00Z").value());
    StatusOr<Database> opened = Database::Open(folder_ + "/crm.relata", options);
    EXPECT_TRUE(opened.ok()) << opened.status();
    db_.emplace(*std::move(opened));
  }
  ~PyramidTest() override {
    db_.reset();
    std::filesystem::remove_all(folder_);
  }

  void AddRelations(int count) {
    const Status status = db_->Update([&](Transaction& tx) -> Status {
      for (int i = 1; i <= count; ++i) {
        RELATA_RETURN_IF_ERROR(tx.Insert(Relation{.name = StrCat("relation ", i)}).status());
      }
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }
  void AddOrders(const std::vector<Order>& orders) {
    StatusOr<BulkLoad> load = BulkLoad::Begin(&*db_, {"order"});
    ASSERT_TRUE(load.ok()) << load.status();
    for (const Order& order : orders) {
      const StatusOr<Id<Order>> id = load->Insert(order);
      ASSERT_TRUE(id.ok()) << id.status();
    }
    const Status finished = load->Finish();
    ASSERT_TRUE(finished.ok()) << finished;
  }
  static Order Sale(uint64_t relation, Date on, int64_t cents, OrderStatus status = OrderStatus::kDelivered) {
    Order order;
    if (relation != 0) order.relation = Id<Relation>(relation);
    order.number = "x";
    order.ordered_on = on;
    order.total = Money::Minor(cents, Currency::Eur());
    order.status = status;
    return order;
  }
  Pyramid Make(const PyramidOptions& options) {
    const Snapshot now = db_->Read().value();
    StatusOr<Pyramid> pyramid = CustomerPyramid(now, options);
    EXPECT_TRUE(pyramid.ok()) << pyramid.status();
    return pyramid.value_or(Pyramid());
  }

  std::string folder_;
  std::optional<Database> db_;
};

TEST_F(PyramidTest, TakesThePeriodHalfOpenAndLeavesOutWhatDoesNotCount) {
  AddRelations(6);
  AddOrders({Sale(1, Day(2026, 1, 1), 10'000), Sale(1, Day(2026, 12, 31), 5'000),
             Sale(1, Day(2027, 1, 1), 700),                                  // the day after
             Sale(2, Day(2025, 12, 31), 900),                                // the day before
             Sale(3, Day(2026, 5, 1), 400, OrderStatus::kCancelled),         // cancelled
             Sale(4, Day(2026, 5, 1), 400), Sale(4, Day(2026, 6, 1), -400),  // all sent back
             Sale(0, Day(2026, 7, 1), 123)});                                // over the counter
  const Pyramid pyramid = Make({.period = {Day(2026, 1, 1), Day(2027, 1, 1)}});
  EXPECT_EQ(pyramid.customers, 1u);
  EXPECT_EQ(pyramid.total, Money::Minor(15'000, Currency::Eur()));
  EXPECT_EQ(pyramid.without_measure, 1u);
  EXPECT_EQ(pyramid.anonymous_orders, 1u);
  EXPECT_EQ(pyramid.anonymous_total, Money::Minor(123, Currency::Eur()));
  // One customer is in the top class: sizes are rounded up.
  EXPECT_EQ(pyramid.classes[0].customers, 1u);
  // Below: 2 and 4 bought, 3 only cancelled, 5 and 6 nothing.
  EXPECT_EQ(pyramid.others[static_cast<size_t>(crm::Lifecycle::kCustomer)], 2u);
  EXPECT_EQ(pyramid.others[static_cast<size_t>(crm::Lifecycle::kGeneral)] +
                pyramid.others[static_cast<size_t>(crm::Lifecycle::kSuspect)],
            3u);
}

TEST_F(PyramidTest, ShowsWhoMoved) {
  AddRelations(4);
  AddOrders({Sale(1, Day(2025, 3, 1), 1'000), Sale(2, Day(2025, 3, 1), 500), Sale(3, Day(2025, 3, 1), 100),
             Sale(1, Day(2026, 3, 1), 10), Sale(2, Day(2026, 3, 1), 2'000), Sale(4, Day(2026, 3, 1), 1'000)});
  const Pyramid pyramid =
      Make({.period = {Day(2026, 1, 1), Day(2027, 1, 1)}, .classes = {{"upper", 5'000}, {"lower", 5'000}}});
  // 2025: 1 and 2 upper, 3 lower. 2026: 2 and 4 upper, 1 lower.
  EXPECT_THAT(pyramid.moved, ElementsAre(ElementsAre(1, 1, 0),    // upper: 2 stayed, 1 fell
                                         ElementsAre(0, 0, 1),    // lower: 3 was lost
                                         ElementsAre(1, 0, 0)));  // not active: 4 is new
}

TEST_F(PyramidTest, RefusesWhatMakesNoPyramid) {
  const Snapshot now = db_->Read().value();
  EXPECT_TRUE(
      absl::IsInvalidArgument(CustomerPyramid(now, {.period = {Day(2026, 1, 1), Day(2026, 1, 1)}}).status()));
  PyramidOptions many{.period = {Day(2026, 1, 1), Day(2027, 1, 1)}};
  many.classes.resize(10'001);
  many.classes[0].basis_points = 10'000;
  EXPECT_TRUE(absl::IsInvalidArgument(CustomerPyramid(now, many).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      CustomerPyramid(now, {.period = {Day(2026, 1, 1), Day(2027, 1, 1)}, .classes = {{"top", 100}}})
          .status()));
}

// The same question to SQLite, over random orders.
TEST_F(PyramidTest, AgreesWithSqlite) {
  constexpr int kRelations = 300;
  AddRelations(kRelations);
  sqlite3* sql = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &sql), SQLITE_OK);
  auto run = [&](const std::string& statement) {
    ASSERT_EQ(sqlite3_exec(sql, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(sql);
  };
  run("create table o(relation integer, on_day integer, cents integer, cancelled integer)");
  std::mt19937_64 random(7);
  std::vector<Order> orders;
  run("begin");
  for (int i = 0; i < 5'000; ++i) {
    const uint64_t relation = random() % kRelations + 1;
    const Date on{Day(2025, 1, 1).days + static_cast<int32_t>(random() % 730)};
    const int64_t cents = static_cast<int64_t>(random() % 20'000) - 4'000;
    const bool cancelled = random() % 10 == 0;
    orders.push_back(
        Sale(relation, on, cents, cancelled ? OrderStatus::kCancelled : OrderStatus::kConfirmed));
    run(StrCat("insert into o values (", relation, ",", on.days, ",", cents, ",", cancelled ? 1 : 0, ")"));
  }
  run("commit");
  AddOrders(orders);
  const Pyramid pyramid = Make({.period = {Day(2026, 1, 1), Day(2027, 1, 1)}});

  std::vector<std::pair<int64_t, int64_t>> ranked;
  sqlite3_stmt* query = nullptr;
  const std::string text = StrCat(
      "select relation, sum(cents) s from o where cancelled = 0 and on_day >= ", Day(2026, 1, 1).days,
      " and on_day < ", Day(2027, 1, 1).days, " group by relation having s > 0 order by s desc, relation");
  ASSERT_EQ(sqlite3_prepare_v2(sql, text.c_str(), -1, &query, nullptr), SQLITE_OK);
  while (sqlite3_step(query) == SQLITE_ROW) {
    ranked.emplace_back(sqlite3_column_int64(query, 0), sqlite3_column_int64(query, 1));
  }
  sqlite3_finalize(query);
  sqlite3_close(sql);
  ASSERT_GT(ranked.size(), 100u);
  ASSERT_EQ(pyramid.members.size(), ranked.size());
  for (size_t i = 0; i < ranked.size(); ++i) {
    EXPECT_EQ(pyramid.members[i].relation, static_cast<RecordId>(ranked[i].first)) << i;
    EXPECT_EQ(pyramid.members[i].minor, ranked[i].second) << i;
  }
  const double n = static_cast<double>(ranked.size());
  EXPECT_EQ(pyramid.classes[0].customers, std::ceil(n * 0.01));
  EXPECT_EQ(pyramid.classes[0].customers + pyramid.classes[1].customers, std::ceil(n * 0.05));
}

// UCI Online Retail: figures computed independently, see the data's README.
TEST_F(PyramidTest, AgreesWithTheKnownPyramidOfOnlineRetail) {
  const std::vector<test::RetailInvoice> invoices = test::ReadRetailInvoices();
  if (invoices.empty()) {
    GTEST_SKIP() << test::RetailInvoicesPath() << " is not here: set ../shared/data beside the project";
  }
  std::map<std::string, uint64_t> relations;
  std::vector<Order> orders;
  for (const test::RetailInvoice& invoice : invoices) {
    if (invoice.customer.empty()) continue;
    const uint64_t relation = relations.try_emplace(invoice.customer, relations.size() + 1).first->second;
    orders.push_back(Sale(relation, invoice.day, invoice.cents));
  }
  AddRelations(static_cast<int>(relations.size()));
  AddOrders(orders);
  const Pyramid pyramid = Make({.period = {Day(2010, 12, 1), Day(2011, 12, 10)}});
  EXPECT_EQ(pyramid.customers, 4'317u);
  std::vector<uint64_t> sizes;
  std::vector<double> shares;
  for (const PyramidClass& of : pyramid.classes) {
    sizes.push_back(of.customers);
    shares.push_back(std::round(of.share * 10'000) / 100);
  }
  EXPECT_THAT(sizes, ElementsAre(44, 172, 648, 3'453));
  EXPECT_THAT(shares, ElementsAre(29.88, 18.43, 25.15, 26.54));
}

}  // namespace
}  // namespace relata
