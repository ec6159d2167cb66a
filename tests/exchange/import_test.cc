// Tests imports of small files through a mapping: keys, references, changes, refusals, accounting.
#include "relata/exchange/import.h"

#include <gmock/gmock.h>

#include "tests/exchange/import_fixture.h"

namespace relata::exchange {
namespace {

using testing::HasSubstr;

constexpr std::string_view kShop = R"({
  "mapping": 1,
  "sources": {"erp": {"name": "Exact", "records_payments": true}},
  "files": [
    {"file": "orders.csv", "source": "erp", "records": [
      {"entity": "order", "key": "nr", "fields": {
        "number": "nr",
        "relation": {"reference": "customer", "key": "customer"},
        "ordered_on": {"column": "date", "date": "dd-mm-yyyy"},
        "total": {"column": "amount", "number": "1.234,56"}}}]},
    {"file": "customers.csv", "source": "erp", "records": [
      {"entity": "relation", "name": "customer", "key": "code", "fields": {
        "name": "name",
        "parent": {"reference": "customer", "key": "head"},
        "visiting.city": "city"}}]}
  ]})";

constexpr std::string_view kCustomers =
    "code,name,head,city\n"
    "10,Bakkerij Jansen,20,Utrecht\n"
    "20,\"Holding \"\"De Zon\"\"\",,Amersfoort\n"
    "30,Caf\xE9 Zuid,10,\n";
constexpr std::string_view kOrders =
    "nr;customer;date;amount\r\n"
    "V1;10;31-01-2026;1.250,50\r\n"
    "V2;;01-02-2026;-10,00\r\n"
    "V3;99;01-02-2026;10,00\r\n"
    "V4;10;30-02-2026;10,00\r\n"
    "V5;20;28-02-2026;10,OO\r\n";

class ShopTest : public ImportTest {
 protected:
  ShopTest() {
    Write("customers.csv", kCustomers);
    Write("orders.csv", kOrders);
  }
};

TEST_F(ShopTest, ReadsWhatOthersReferToFirstAndInSeveralDialects) {
  const StatusOr<ImportReport> report = Run(kShop);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->files.size(), 2u);
  EXPECT_THAT(report->files[0].path, HasSubstr("customers.csv"));
  EXPECT_EQ(report->files[0].counts, (ImportCounts{.inserted = 3}));
  EXPECT_EQ(report->files[1].counts, (ImportCounts{.inserted = 2, .rejected = 3}));
  EXPECT_EQ(Show("relation", 1, "name"), "Bakkerij Jansen");
  EXPECT_EQ(Show("relation", 2, "name"), "Holding \"De Zon\"");
  EXPECT_EQ(Show("relation", 3, "name"), "Caf\xC3\xA9 Zuid");
  EXPECT_EQ(Show("order", 1, "total"), "EUR 1250.50");
  EXPECT_EQ(Show("order", 1, "ordered_on"), "2026-01-31");
  EXPECT_EQ(Show("order", 1, "relation"), "#1");
  EXPECT_EQ(Show("order", 2, "relation"), "null");
  EXPECT_EQ(Show("order", 2, "total"), "EUR -10.00");
}

TEST_F(ShopTest, FindsARecordThatStandsFurtherDown) {
  ASSERT_TRUE(Run(kShop).ok());
  EXPECT_EQ(Show("relation", 1, "parent"), "#2");
  EXPECT_EQ(Show("relation", 3, "parent"), "#1");
}

TEST_F(ShopTest, NumbersRelationsAndNamesTheirSource) {
  ASSERT_TRUE(Run(kShop).ok());
  EXPECT_EQ(Show("source", 1, "code"), "erp");
  EXPECT_EQ(Show("source", 1, "records_payments"), "true");
  EXPECT_EQ(Show("relation", 1, "source"), "#1");
  EXPECT_NE(Show("relation", 1, "number"), "0");
  EXPECT_NE(Show("relation", 1, "number"), Show("relation", 2, "number"));
  EXPECT_EQ(Show("external_key", 1, "code"), "10");
  EXPECT_EQ(Show("external_key", 1, "entity_type"), "relation");
}

TEST_F(ShopTest, SaysOfEachRejectedRowWhereAndWhy) {
  const StatusOr<ImportReport> report = Run(kShop);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->rejects, folder_ + "rejects.txt");
  const std::string rejects = Slurp("rejects.txt");
  EXPECT_THAT(rejects,
              HasSubstr("orders.csv,3,4,customer,99,no customer is known by this key,\"V3;99;01-02-2026;"));
  EXPECT_THAT(rejects, HasSubstr("orders.csv,4,5,date,30-02-2026,"));
  EXPECT_THAT(rejects, HasSubstr("orders.csv,5,6,amount,\"10,OO\","));
}

TEST_F(ShopTest, ChangesNothingTheSecondTime) {
  ASSERT_TRUE(Run(kShop).ok());
  const std::string before = Dump(*db_);
  const LogPosition position = db_->Read().value().position();
  const StatusOr<ImportReport> again = Run(kShop);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->total(), (ImportCounts{.unchanged = 5, .rejected = 3}));
  EXPECT_EQ(Dump(*db_), before);
  EXPECT_EQ(db_->Read().value().position(), position);
}

TEST_F(ShopTest, UpdatesTheMappedFieldsOfAChangedRowOnly) {
  ASSERT_TRUE(Run(kShop).ok());
  ASSERT_TRUE(db_->Update([](Transaction& tx) {
                   Record record("relation", 1);
                   record.Set("phone", "030-1234567");
                   return tx.Update(record);
                 })
                  .ok());
  Write("customers.csv",
        "code,name,head,city\n10,Bakkerij Jansen,20,Zeist\n20,\"Holding \"\"De Zon\"\"\",,Amersfoort\n");
  const StatusOr<ImportReport> again = Run(kShop, {.files = {folder_ + "customers.csv"}});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->total(), (ImportCounts{.updated = 1, .unchanged = 1}));
  EXPECT_EQ(Show("relation", 1, "visiting.city"), "Zeist");
  EXPECT_EQ(Show("relation", 1, "phone"), "030-1234567");
  EXPECT_EQ(Count("relation"), 3u);
}

TEST_F(ShopTest, TakesAMendedRowAfterwards) {
  ASSERT_TRUE(Run(kShop).ok());
  Write("orders.csv", "nr;customer;date;amount\r\nV4;10;28-02-2026;10,00\r\n");
  const StatusOr<ImportReport> again = Run(kShop, {.files = {folder_ + "orders.csv"}});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->total(), (ImportCounts{.inserted = 1}));
  EXPECT_EQ(Count("order"), 3u);
}

TEST_F(ShopTest, ReportsWhatIsMissing) {
  const StatusOr<ImportReport> report = Run(kShop);
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string text = report->ToString();
  EXPECT_THAT(text, HasSubstr("1 of 3 records 'relation' without an address"));
  EXPECT_THAT(text, HasSubstr("1 of 2 records 'order' whose customer is unknown"));
}

TEST_F(ShopTest, GivesTheSameStoreWhateverTheSizeOfItsCommits) {
  ASSERT_TRUE(Run(kShop).ok());
  const std::string whole = Dump(*db_);
  for (const size_t rows : {1, 2, 3}) {
    Reopen(StrCat("by", rows, ".relata"));
    ImportOptions options;
    options.chunk_rows = rows;
    ASSERT_TRUE(Run(kShop, options).ok());
    EXPECT_EQ(Dump(*db_), whole) << rows;
  }
}

TEST_F(ShopTest, StopsBetweenCommitsAndGoesOn) {
  std::atomic<bool> cancel = false;
  ImportOptions options;
  options.chunk_rows = 1;
  options.cancel = &cancel;
  options.progress = [&](const ImportProgress& progress) { cancel = progress.rows == 2; };
  const StatusOr<ImportReport> stopped = Run(kShop, options);
  ASSERT_TRUE(stopped.ok()) << stopped.status();
  EXPECT_TRUE(stopped->cancelled);
  EXPECT_EQ(Count("relation"), 2u);
  ASSERT_TRUE(Run(kShop).ok());
  const std::string resumed = Dump(*db_);
  Reopen("whole.relata");
  ASSERT_TRUE(Run(kShop).ok());
  EXPECT_EQ(resumed, Dump(*db_));
}

constexpr std::string_view kTill = R"({
  "mapping": 1, "currency": "GBP",
  "sources": {"till": {}},
  "files": [{"file": "till.csv", "source": "till", "records": [
    {"entity": "relation", "when": "customer", "repeats": "first", "key": {"column": "customer", "id": true},
     "fields": {"name": {"template": "Customer {customer}", "id": true}}},
    {"entity": "order", "key": "receipt", "fields": {
      "relation": {"reference": "relation"},
      "ordered_on": {"first": "day"},
      "total": {"sum": {"multiply": ["pieces", "price"]}}}},
    {"entity": "order_line", "key": ["receipt", "article"], "repeats": "number", "fields": {
      "order": {"reference": "order"}, "line": {"position_in": "order"}, "description": "article",
      "quantity": "pieces", "unit_price": "price", "amount": {"multiply": ["pieces", "price"]},
      "ordered_on": "day"}}]}]})";
constexpr std::string_view kTillRows =
    "receipt,article,pieces,price,customer,day\n"
    "1,tea,3,0.335,7.0,2026-01-31\n"
    "2,cup,1,2.50,,2026-01-31\n"
    "1,tea,3,0.335,7.0,2026-02-01\n"
    "1,pot,-1,5,7.0,2026-02-01\n"
    "2,cup,x,2.50,,2026-01-31\n";

using TillTest = ImportTest;

TEST_F(TillTest, MakesRecordsOfSeveralRows) {
  Write("till.csv", kTillRows);
  for (const size_t rows : {1, 2, 100}) {
    Reopen(StrCat("by", rows, ".relata"));
    ImportOptions options;
    options.chunk_rows = rows;
    const StatusOr<ImportReport> report = Run(kTill, options);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->total(), (ImportCounts{.inserted = 4, .rejected = 1}));
    EXPECT_EQ(Count("relation"), 1u);
    EXPECT_EQ(Show("relation", 1, "name"), "Customer 7");
    EXPECT_EQ(Show("external_key", 1, "code"), "7");
    // 3 x 0.335 is 1.005, which to even is 1.00; twice, and five less.
    EXPECT_EQ(Show("order", 1, "total"), "GBP -3.00");
    EXPECT_EQ(Show("order", 1, "ordered_on"), "2026-01-31");
    EXPECT_EQ(Show("order", 2, "relation"), "null");
    EXPECT_EQ(Show("order_line", 3, "line"), "2");
    EXPECT_EQ(Show("order_line", 4, "line"), "3");
    EXPECT_EQ(Show("order_line", 4, "quantity"), "-1.000");
    EXPECT_EQ(report->files[0].records[1].second, (ImportCounts{.inserted = 2}));

    const LogPosition position = db_->Read().value().position();
    const StatusOr<ImportReport> again = Run(kTill, options);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->total(), (ImportCounts{.unchanged = 4, .rejected = 1}));
    EXPECT_EQ(db_->Read().value().position(), position);
  }
}

TEST_F(TillTest, GivesAnEmptyStoreTheMappingsCurrency) {
  Write("till.csv", kTillRows);
  const StatusOr<ImportReport> report = Run(kTill);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->notes.size(), 1u);
  EXPECT_THAT(report->notes[0], HasSubstr("GBP"));
  Reopen("store.relata");
  EXPECT_EQ(Show("order", 1, "total"), "GBP -3.00");
  EXPECT_EQ(Show("order", 1, "total_base"), "GBP -3.00");
}

TEST_F(TillTest, RefusesAnotherCurrencyBeforeItWrites) {
  Write("till.csv", kTillRows);
  ASSERT_TRUE(
      db_->Update([](Transaction& tx) { return tx.Insert(Record("team").Set("name", "Sales")); }).ok());
  const LogPosition position = db_->Read().value().position();
  const Status refused = Run(kTill).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("exchange_rate"));
  EXPECT_EQ(db_->Read().value().position(), position);
}

TEST_F(ImportTest, RefusesTheSecondOfTwoRowsThatContradictEachOther) {
  Write("teams.csv", "code,name\nA,Sales\nA,Sales\nA,Service\n");
  const StatusOr<ImportReport> report = Run(R"({"mapping": 1, "sources": {"s": {}}, "files": [
    {"file": "teams.csv", "source": "s", "records": [{"entity": "team", "key": "code", "fields": {"name": "name"}}]}]})");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->total(), (ImportCounts{.inserted = 1, .unchanged = 1, .rejected = 1}));
  EXPECT_EQ(Show("team", 1, "name"), "Sales");
  EXPECT_THAT(Slurp("rejects.txt"),
              HasSubstr("the key A stands in an earlier row of this file, with another name"));
}

TEST_F(ImportTest, SaysWhichColumnIsMissingBeforeItWrites) {
  Write("teams.csv", "code,naam\nA,Sales\n");
  const LogPosition position = db_->Read().value().position();
  const Status refused = Run(R"({"mapping": 1, "sources": {"s": {}}, "files": [
    {"file": "teams.csv", "source": "s", "records": [{"entity": "team", "key": "code", "fields": {"name": "name"}}]}]})")
                             .status();
  EXPECT_THAT(std::string(refused.message()), HasSubstr("teams.csv: has no column 'name'"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("it has: code, naam"));
  EXPECT_EQ(db_->Read().value().position(), position);
}

TEST_F(ImportTest, RefusesAFileThatTheMappingDoesNotKnow) {
  Write("things.csv", "a\n1\n");
  const Status refused = Run(kShop, {.files = {folder_ + "things.csv"}}).status();
  EXPECT_THAT(std::string(refused.message()), HasSubstr("knows no file of this name; it knows orders.csv"));
}

}  // namespace
}  // namespace relata::exchange
