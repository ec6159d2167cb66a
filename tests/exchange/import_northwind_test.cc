// Imports Microsoft Northwind, a whole small ERP in eleven files, and holds the result to its known totals.
#include <algorithm>
#include <map>

#include "relata/base/decimal.h"
#include "relata/crm/crm.h"
#include "src/exchange/csv_reader.h"
#include "tests/exchange/import_fixture.h"

namespace relata::exchange {
namespace {

const std::string kFolder = std::string(RELATA_SHARED_DATA) + "/northwind";

using NorthwindTest = ImportTest;

// The file as it stands: quantity x price x (1 - discount), without cleaning and without rounding.
Decimal RevenueAsItStands() {
  auto source = ByteSource::OpenFile(kFolder + "/order_details.csv").value();
  auto reader = CsvReader::Open(std::move(source), {}).value();
  Decimal sum;
  for (CsvRow row; reader->Next(&row).value();) {
    const Decimal quantity = Decimal::Parse(row[3]).value();
    const Decimal price = Decimal::Parse(row[2]).value();
    const Decimal share = Decimal::FromInteger(1).Sub(Decimal::Parse(row[4]).value()).value();
    sum = sum.Add(quantity.Mul(price, 8).value().Mul(share, 10).value()).value();
  }
  return sum;
}

TEST_F(NorthwindTest, ComesToTheKnownRevenue) {
  if (!std::filesystem::exists(kFolder)) GTEST_SKIP() << kFolder << " is not there: nothing to import";
  const ImportMapping mapping =
      ImportMapping::Load(std::string(RELATA_SOURCE_DIR) + "/examples/northwind/mapping.json").value();
  const StatusOr<ImportReport> report = Import(*db_->store(), mapping, {.files = {kFolder}});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->total().rejected, 0u) << report->ToString();
  EXPECT_EQ(report->rows(), report->total().total());
  EXPECT_TRUE(report->absent.empty());
  EXPECT_EQ(Count("relation"), 91u + 29u + 6u);
  EXPECT_EQ(Count("user"), 9u);
  EXPECT_EQ(Count("team"), 4u);
  EXPECT_EQ(Count("product"), 77u);
  EXPECT_EQ(Count("order"), 830u);
  EXPECT_EQ(Count("order_line"), 2'155u);

  const Snapshot now = db_->Read().value();
  std::map<std::string, int64_t> revenue;
  int64_t all = 0;
  int64_t lines = 0;
  int64_t freight = 0;
  ASSERT_TRUE(now.ForEach<crm::Order>([&](const View<crm::Order>& order) {
                   const int64_t total = order.Get<&crm::Order::total>().minor;
                   all += total;
                   freight += order.Get<&crm::Order::freight>()->minor;
                   const auto relation = now.Load(*order.Get<&crm::Order::relation>());
                   revenue[relation->name] += total;
                   return absl::OkStatus();
                 })
                  .ok());
  ASSERT_TRUE(now.ForEach<crm::OrderLine>([&](const View<crm::OrderLine>& line) {
                   lines += line.Get<&crm::OrderLine::amount>().minor;
                   return absl::OkStatus();
                 })
                  .ok());
  // Each line rounded to cents, half to even, from the cleaned price and discount.
  EXPECT_EQ(all, 126'579'302);
  EXPECT_EQ(lines, all);
  EXPECT_EQ(freight, 6'494'269);
  EXPECT_EQ(revenue.size(), 89u);
  EXPECT_EQ(revenue["QUICK-Stop"], 11'027'732);
  EXPECT_EQ(revenue["Ernst Handel"], 10'487'499);
  EXPECT_EQ(revenue["Save-a-lot Markets"], 10'436'196);
  EXPECT_EQ(RevenueAsItStands().Rescale(2)->ToString(), "1265793.04");

  EXPECT_EQ(Show("user", 1, "manager"), "#2");
  EXPECT_EQ(Show("product", 1, "category"), "Beverages");
  EXPECT_EQ(now.Load(Id<crm::Product>(20))->unit_price->ToString(), "81.0000");

  const StatusOr<ImportReport> again = Import(*db_->store(), mapping, {.files = {kFolder}});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->total(), (ImportCounts{.unchanged = report->rows()})) << again->ToString();
  EXPECT_EQ(db_->Read().value().position(), now.position());
}

}  // namespace
}  // namespace relata::exchange
