// Imports UCI Online Retail, the half million invoice lines of a web shop, as one file with repeated keys,
// ids like 12680.0 and returns.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "relata/crm/crm.h"
#include "relata/engine/database.h"
#include "relata/exchange/import.h"

namespace relata::exchange {
namespace {

TEST(ImportOnlineRetail, TakesEveryLineAndComesToTheKnownTurnover) {
  const std::string file = std::string(RELATA_SHARED_DATA) + "/online-retail/online-retail-full.csv.gz";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there: nothing to import";
  const std::string path = testing::TempDir() + "import_retail.relata";
  std::filesystem::remove(path);
  std::filesystem::remove(path + "-lock");
  Database db = Database::Open(path).value();
  const ImportMapping mapping =
      ImportMapping::Load(std::string(RELATA_SOURCE_DIR) + "/examples/online_retail/mapping.json").value();

  const StatusOr<ImportReport> report = Import(*db.store(), mapping, {.files = {file}});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->rows(), 541'909u);
  EXPECT_EQ(report->total(), (ImportCounts{.inserted = 541'909})) << report->ToString();

  const Snapshot now = db.Read().value();
  EXPECT_EQ(now.Count<crm::Relation>().value(), 4'372u);
  EXPECT_EQ(now.Count<crm::Order>().value(), 25'900u);
  EXPECT_EQ(now.Count<crm::OrderLine>().value(), 541'909u);
  std::vector<int64_t> turnover(4'373);
  int64_t all = 0;
  int64_t of_nobody = 0;
  ASSERT_TRUE(now.ForEach<crm::Order>([&](const View<crm::Order>& order) {
                   const auto relation = order.Get<&crm::Order::relation>();
                   const Money total = order.Get<&crm::Order::total>();
                   all += total.minor;
                   if (relation) {
                     turnover[relation->value] += total.minor;
                   } else {
                     ++of_nobody;
                   }
                   return absl::OkStatus();
                 })
                  .ok());
  EXPECT_EQ(std::count_if(turnover.begin(), turnover.end(), [](int64_t minor) { return minor > 0; }), 4'317);
  EXPECT_EQ(all, 974'774'793);
  EXPECT_EQ(of_nobody, 3'710);

  const StatusOr<ImportReport> again = Import(*db.store(), mapping, {.files = {file}});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->total(), (ImportCounts{.unchanged = 541'909})) << again->ToString();
  EXPECT_EQ(db.Read().value().position(), now.position());
}

}  // namespace
}  // namespace relata::exchange
