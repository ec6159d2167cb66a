// Follows "bought for more than 1,000 in the last 90 days and not in the last 30" through the year 2011 of
// UCI Online Retail, day by day as the shop lived it, and expects on each day the customers that SQLite finds
// in the same invoices: when only the date has changed, and when the day's orders are in.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "relata/crm/crm.h"
#include "relata/engine/database.h"
#include "relata/engine/segments.h"
#include "tests/crm/retail_invoices.h"
#include "tests/query/sqlite_store.h"
#include "tests/store/fixture.h"

namespace relata::twin {
namespace {

using store::test::Ok;

using test::RetailInvoice;

std::map<Date, std::vector<RetailInvoice>> InvoicesByDay() {
  std::map<Date, std::vector<RetailInvoice>> days;
  for (RetailInvoice& invoice : test::ReadRetailInvoices()) {
    const Date day = invoice.day;
    days[day].push_back(std::move(invoice));
  }
  return days;
}

class Shop {
 public:
  explicit Shop(const std::string& path) {
    Options options = store::test::SmallStore(clock_);
    options.map_size = 1 << 30;
    options.base_currency = "GBP";
    options.time_zone = "Europe/London";
    db_.emplace(Database::Open(path, options).value());
    EXPECT_TRUE(
        Ok(sqlite_.Run("CREATE TABLE invoice (customer TEXT, day INTEGER, cents INTEGER);"
                       "CREATE INDEX by_day ON invoice (day)")));
  }

  void GoTo(Date day) {
    clock_->Set(Timestamp{TimeZone::Load("Europe/London")->StartOfDay(day).micros + 8 * 3'600'000'000});
  }

  Status Sell(const std::vector<RetailInvoice>& invoices) {
    std::string rows;
    for (const RetailInvoice& invoice : invoices) {
      StrAppend(&rows, rows.empty() ? "" : ",", "('", invoice.customer, "',", invoice.day.days, ",",
                invoice.cents, ")");
    }
    RELATA_RETURN_IF_ERROR(sqlite_.Run(StrCat("INSERT INTO invoice VALUES ", rows)));
    return db_->Update([&](Transaction& tx) -> Status {
      for (const RetailInvoice& invoice : invoices) {
        crm::Order order{.number = invoice.number};
        order.ordered_on = invoice.day;
        order.currency = Currency::Parse("GBP").value();
        order.total = Money::Minor(invoice.cents, order.currency);
        if (!invoice.customer.empty()) {
          auto [known, added] = relations_.try_emplace(invoice.customer);
          if (added) {
            RELATA_ASSIGN_OR_RETURN(known->second, tx.Insert(crm::Relation{.name = invoice.customer}));
            names_[known->second.value] = invoice.customer;
          }
          order.relation = known->second;
        }
        RELATA_RETURN_IF_ERROR(tx.Insert(order).status());
      }
      return absl::OkStatus();
    });
  }

  std::set<std::string> InSegment(const std::string& segment) {
    std::set<std::string> customers;
    const StatusOr<Members> members = MembersOf(*db_->Read(), segment);
    EXPECT_TRUE(Ok(members));
    if (members.ok()) members->ForEach([&](RecordId id) { customers.insert(names_.at(id)); });
    return customers;
  }

  std::set<std::string> InSql(Date today) {
    const auto rows = sqlite_.Rows(
        StrCat("SELECT customer FROM invoice WHERE customer <> '' AND day >= ", today.days - 90,
               " GROUP BY customer HAVING sum(cents) > 100000 AND max(day) < ", today.days - 30));
    EXPECT_TRUE(Ok(rows));
    std::set<std::string> customers;
    for (const auto& row : *rows) customers.insert(std::get<std::string>(row[0]));
    return customers;
  }

  Database& db() { return *db_; }

 private:
  std::shared_ptr<ManualClock> clock_ =
      std::make_shared<ManualClock>(Timestamp::Parse("2010-11-30T08:00:00Z").value());
  std::optional<Database> db_;
  SqliteStore sqlite_;
  std::map<std::string, Id<crm::Relation>> relations_;
  std::map<RecordId, std::string> names_;
};

TEST(RetailTest, BuyersThatFellSilentEachDayOf2011) {
  const std::map<Date, std::vector<RetailInvoice>> days = InvoicesByDay();
  if (days.empty()) GTEST_SKIP() << test::RetailInvoicesPath() << " is not there: nothing to follow";
  const store::test::Folder folder;
  Shop shop(folder.File());
  ASSERT_TRUE(Ok(DefineSegment(&shop.db(), "fell silent", "relation",
                               "sum(orders.total where ordered_on >= today() - 90) > 1000 "
                               "and not exists(orders where ordered_on >= today() - 30)")));
  size_t most = 0, changes = 0, busy = 0;
  std::set<std::string> before;
  for (Date today = days.begin()->first; today <= Date::Parse("2011-12-31").value(); ++today.days) {
    shop.GoTo(today);
    const std::set<std::string> by_time = shop.InSegment("fell silent");
    ASSERT_EQ(by_time, shop.InSql(today)) << today.ToString() << ", before its orders";
    if (const auto sold = days.find(today); sold != days.end()) {
      ASSERT_TRUE(Ok(shop.Sell(sold->second)));
      ++busy;
    }
    const std::set<std::string> now = shop.InSegment("fell silent");
    ASSERT_EQ(now, shop.InSql(today)) << today.ToString();
    // Some days nobody but the readers knows that time has passed.
    if (today.days % 7 == 0) {
      ASSERT_TRUE(Ok(shop.db().Advance(shop.db().Read()->now())));
    }
    most = std::max(most, now.size());
    changes += now != before ? 1 : 0;
    before = now;
  }
  EXPECT_EQ(busy, days.size());
  EXPECT_GT(most, 100U);
  EXPECT_GT(changes, 300U);
}

}  // namespace
}  // namespace relata::twin
