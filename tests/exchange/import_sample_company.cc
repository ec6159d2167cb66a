// Imports the sample company, seven systems in 31 files with the dirt that files gather, and holds the result
// to the truth that its generator tells; kills the import at random moments and resumes it.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <tuple>

#include "examples/sample_company/export.h"
#include "relata/crm/crm.h"
#include "src/exchange/csv_reader.h"
#include "tests/exchange/import_fixture.h"

namespace relata::exchange {
namespace {

using Place = std::tuple<std::string, uint64_t, std::string>;  // file, row, column

class SampleCompanyTest : public ImportTest {
 protected:
  SampleCompanyTest() : files_(folder_ + "files"), mapping_(LoadMapping()) {
    sample_company::Truth truth;
    EXPECT_TRUE(sample_company::ExportCompany({}, files_, &truth));
    std::ifstream(files_ + "/truth.json") >> truth_;
  }
  static ImportMapping LoadMapping() {
    return ImportMapping::Load(std::string(RELATA_SOURCE_DIR) + "/examples/sample_company/mapping.json")
        .value();
  }
  StatusOr<ImportReport> ImportAll(size_t chunk_rows = 10'000) {
    return Import(*db_->store(), mapping_,
                  {.files = {files_}, .rejects = folder_ + "rejects.txt", .chunk_rows = chunk_rows});
  }

  std::string files_;
  ImportMapping mapping_;
  nlohmann::json truth_;
};

TEST_F(SampleCompanyTest, RejectsTheRowsThatAreWrongAndNoOther) {
  const StatusOr<ImportReport> report = ImportAll();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->absent.empty());
  std::set<Place> expected;
  for (const auto& [name, file] : truth_["files"].items()) {
    for (const auto& reject : file["rejects"]) expected.insert({name, reject["row"], reject["column"]});
  }
  for (const ImportedFile& file : report->files) {
    const auto& truth = truth_["files"][std::filesystem::path(file.path).filename()];
    EXPECT_EQ(file.rows, truth["rows"]) << file.path;
    EXPECT_EQ(file.counts.total(), file.rows) << file.path;
    EXPECT_EQ(file.counts.rejected, truth["must_reject"]) << file.path;
    EXPECT_EQ(file.counts.unchanged, truth["repeated_keys"]) << file.path;
  }
  std::set<Place> rejected;
  auto reader = CsvReader::Open(ByteSource::OpenFile(report->rejects).value(), {}).value();
  for (CsvRow row; reader->Next(&row).value();) {
    rejected.insert({std::string(row[0]), std::stoull(std::string(row[1])), std::string(row[3])});
  }
  EXPECT_EQ(rejected, expected);
}

TEST_F(SampleCompanyTest, ComesToEachDebtorsRevenue) {
  ASSERT_TRUE(ImportAll().ok());
  const Snapshot now = db_->Read().value();
  std::map<uint64_t, std::string> debtor_of;
  ASSERT_TRUE(now.ForEach<crm::ExternalKey>([&](const View<crm::ExternalKey>& key) {
                   const crm::ExternalKey whole = key.Load().value();
                   if (whole.entity_type == "relation" && whole.code[0] != 'K') {
                     debtor_of[whole.record.value()] = whole.code;
                   }
                   return absl::OkStatus();
                 })
                  .ok());
  std::map<std::string, int64_t> revenue;
  const Date from = Date::Parse("2025-06-30").value();
  const Date to = Date::Parse("2026-06-30").value();
  ASSERT_TRUE(now.ForEach<crm::Order>([&](const View<crm::Order>& order) {
                   const Date day = order.Get<&crm::Order::ordered_on>();
                   const bool counts = order.Get<&crm::Order::status>() != crm::OrderStatus::kCancelled;
                   if (counts && from <= day && day < to) {
                     const uint64_t relation = order.Get<&crm::Order::relation>()->value;
                     revenue[debtor_of.at(relation)] += order.Get<&crm::Order::total>().minor;
                   }
                   return absl::OkStatus();
                 })
                  .ok());
  size_t debtors = 0;
  for (const auto& [debtor, truth] : truth_["revenue_per_debtor"].items()) {
    EXPECT_EQ(revenue[debtor], truth["last_12_months"].get<int64_t>()) << debtor;
    ++debtors;
  }
  EXPECT_GT(debtors, 200u);
}

TEST_F(SampleCompanyTest, KnowsASupplierThatIsAlsoACustomerByBothNumbers) {
  ASSERT_TRUE(ImportAll().ok());
  std::map<std::string, uint64_t> record_of;
  ASSERT_TRUE(db_->Read()
                  .value()
                  .ForEach<crm::ExternalKey>([&](const View<crm::ExternalKey>& key) {
                    const crm::ExternalKey whole = key.Load().value();
                    if (whole.entity_type == "relation") record_of[whole.code] = whole.record.value();
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(record_of.at("K20012"), record_of.at("10012"));
  EXPECT_EQ(record_of.count("K20054"), 1u);
}

TEST_F(SampleCompanyTest, ChangesNothingTheSecondTime) {
  ASSERT_TRUE(ImportAll().ok());
  const LogPosition position = db_->Read().value().position();
  const StatusOr<ImportReport> again = ImportAll();
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->total().accepted(), 0u) << again->ToString();
  EXPECT_EQ(again->total().rejected, 27u);
  EXPECT_EQ(db_->Read().value().position(), position);
}

// Imports in a child process that a timer kills after this long, unless it is done by then.
bool ImportUntilKilled(const std::string& store, const std::string& files, int micros) {
  const pid_t child = fork();
  if (child == 0) {
    const itimerval timer{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = micros}};
    signal(SIGALRM, [](int) { kill(getpid(), SIGKILL); });
    setitimer(ITIMER_REAL, &timer, nullptr);
    StatusOr<Database> db = Database::Open(store, WithClock());
    if (!db.ok()) _exit(2);
    const ImportMapping mapping =
        ImportMapping::Load(std::string(RELATA_SOURCE_DIR) + "/examples/sample_company/mapping.json").value();
    _exit(Import(*db->store(), mapping, {.files = {files}, .chunk_rows = 200}).ok() ? 0 : 3);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << WEXITSTATUS(status);
  return WIFSIGNALED(status);
}

TEST_F(SampleCompanyTest, EndsWithTheSameStoreHoweverOftenItIsKilled) {
  ASSERT_TRUE(ImportAll().ok());
  const std::string whole = Dump(*db_);
  db_.reset();
  std::mt19937 random(20260630);
  std::uniform_int_distribution<int> micros(5'000, 900'000);
  const std::string store = folder_ + "killed.relata";
  int killed = 0;
  for (int i = 0; i < 12; ++i) killed += ImportUntilKilled(store, files_, micros(random)) ? 1 : 0;
  EXPECT_GT(killed, 0);
  Reopen("killed.relata");
  ASSERT_TRUE(ImportAll().ok());
  EXPECT_TRUE(Dump(*db_) == whole) << "after " << killed << " kills";
}

}  // namespace
}  // namespace relata::exchange
