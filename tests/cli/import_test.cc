// Tests import: what it reports, its exit codes, Ctrl-C in the middle, and the known figures of real data.
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/cli/command.h"

namespace relata::cli {
namespace {

using ::testing::HasSubstr;

const std::string kExamples = std::string(RELATA_SOURCE_DIR) + "/examples";
const std::string kData = RELATA_SHARED_DATA;

constexpr char kMapping[] = R"({
  "mapping": 1,
  "sources": { "erp": {} },
  "files": [{
    "file": "debtors*.csv",
    "source": "erp",
    "records": [{ "entity": "relation", "key": "code",
                  "fields": { "name": "name", "acquisition.acquired_on": "since" } }]
  }]
})";

class ImportCommandTest : public CommandTest {
 protected:
  ImportCommandTest() { Write("mapping.json", kMapping); }

  std::vector<std::string> Command(const std::string& file) const {
    return {"import", Store(), "--mapping", Path("mapping.json"), Path(file)};
  }
  nlohmann::json PyramidOf(const std::string& from, const std::string& to) const {
    return Json({"pyramid", Store(), "--from", from, "--to", to});
  }
};

TEST_F(ImportCommandTest, MakesTheStoreAndAccountsForEveryRow) {
  Write("debtors.csv",
        "code,name,since\n1,Bakkerij Jansen,2024-01-31\n2,Slagerij Smit,2025-02-30\n3,Caf\u00e9 Noord,\n");
  const nlohmann::json first = Json(Command("debtors.csv"), 3);
  EXPECT_EQ(first["created"], true);
  EXPECT_EQ(first["cancelled"], false);
  EXPECT_EQ(first["rows"], 3);
  EXPECT_EQ(first["inserted"], 2);
  EXPECT_EQ(first["rejected"], 1);
  EXPECT_EQ(first["files"][0]["source"], "erp");
  EXPECT_EQ(first["files"][0]["records"]["relation"]["inserted"], 2);
  for (const std::string key : {"updated", "unchanged", "absent", "passed_over", "notes"}) {
    EXPECT_TRUE(first.contains(key)) << key;
  }
  ASSERT_EQ(first["rejects"], Store() + "-rejects.csv");
  std::ostringstream rejects;
  rejects << std::ifstream(Store() + "-rejects.csv").rdbuf();
  EXPECT_THAT(rejects.str(), HasSubstr("2025-02-30"));

  Write("debtors.csv",
        "code,name,since\n1,Bakkerij Janssen,2024-01-31\n2,Slagerij Smit,2025-02-28\n3,Caf\u00e9 Noord,\n");
  const nlohmann::json again = Json(Command("debtors.csv"));
  EXPECT_EQ(again["created"], false);
  EXPECT_EQ(again["inserted"], 1);
  EXPECT_EQ(again["updated"], 1);
  EXPECT_EQ(again["unchanged"], 1);
  EXPECT_EQ(again["rejects"], nullptr);
  EXPECT_THAT(Relata({"show", Store(), "1"}).out, HasSubstr("Bakkerij Janssen"));
  EXPECT_EQ(Json({"check", Store()})["clean"], true);
}

TEST_F(ImportCommandTest, AMistakeLeavesNoStoreBehind) {
  Write("debtors.csv", "code,naam\n1,Bakkerij Jansen\n");
  const Outcome column = Relata(Command("debtors.csv"));  // the mapping's column is not there
  EXPECT_EQ(column.code, 1);
  EXPECT_THAT(column.err, HasSubstr("name"));
  EXPECT_EQ(Relata(Command("debtors_of_nowhere.csv")).code, 1);
  Write("mapping.json", "{");
  EXPECT_EQ(Relata(Command("debtors.csv")).code, 1);
  EXPECT_FALSE(std::filesystem::exists(Store()));
}

TEST_F(ImportCommandTest, CtrlCLeavesAWholeStoreAndTheSameImportGoesOn) {
  std::string rows = "code,name,since\n";
  constexpr int kRows = 20'000;
  for (int i = 1; i <= kRows; ++i) rows += std::to_string(i) + ",Relatie " + std::to_string(i) + ",\n";
  Write("debtors.csv", rows);
  std::vector<std::string> command = Command("debtors.csv");
  command.insert(command.end(), {"--chunk-rows", "20", "--json"});
  command.insert(command.begin(), RELATA_COMMAND);
  Running import(command, folder_);
  // A thousand commits to go; the first has been made once somebody is found.
  const auto imported = [&] {
    const Outcome found =
        Running({RELATA_COMMAND, "find", Store(), "relation", "name like 'Relatie%'", "--json"}, Path("look"))
            .Wait();
    return found.code == 0 && nlohmann::json::parse(found.out)["total"] > 0;
  };
  std::filesystem::create_directories(Path("look"));
  while (!imported()) std::this_thread::yield();
  import.Signal(SIGINT);
  const Outcome stopped = import.Wait();
  ASSERT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("Run the same import again"));
  const nlohmann::json report = nlohmann::json::parse(stopped.out);
  EXPECT_EQ(report["cancelled"], true);
  EXPECT_LT(report["rows"], kRows);
  EXPECT_EQ(Json({"check", Store()})["clean"], true);
  EXPECT_EQ(Json({"find", Store(), "relation"})["total"], report["inserted"]);

  const nlohmann::json rest = Json(Command("debtors.csv"));
  EXPECT_EQ(rest["rows"], kRows);
  EXPECT_EQ(rest["inserted"], kRows - report["inserted"].get<int>());
  EXPECT_EQ(rest["unchanged"], report["inserted"]);
  EXPECT_EQ(Json({"find", Store(), "relation"})["total"], kRows);
  EXPECT_EQ(Json({"check", Store()})["clean"], true);
}

TEST_F(ImportCommandTest, AGuessedMappingImports) {
  Write("klanten.csv", "debiteurnr;naam;plaats\n1;Bakkerij Jansen;Utrecht\n2;Slagerij Smit;Delft\n");
  const Outcome printed = Relata({"guess", Path("klanten.csv")});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_TRUE(nlohmann::json::accept(printed.out));
  ASSERT_EQ(Relata({"guess", Path("klanten.csv"), "--out", Path("guess.json")}).code, 0);
  EXPECT_EQ(Relata({"guess", Path("klanten.csv"), "--out", Path("guess.json")}).code, 1);  // is there already
  const nlohmann::json report =
      Json({"import", Store(), "--mapping", Path("guess.json"), Path("klanten.csv")});
  EXPECT_EQ(report["inserted"], 2);
  EXPECT_EQ(Json({"find", Store(), "relation", "name ilike 'slager%'"})["total"], 1);
}

#ifdef RELATA_SAMPLE_COMPANY
// What examples/quickstart does.
TEST_F(ImportCommandTest, TheSampleCompanyGivesThePyramidOfItsTruth) {
  ASSERT_EQ(Running({RELATA_SAMPLE_COMPANY, "--out", Path("files")}, folder_).Wait().code, 0);
  nlohmann::json truth;
  std::ifstream(Path("files/truth.json")) >> truth;
  const nlohmann::json report =
      Json({"import", Store(), "--mapping", kExamples + "/sample_company/mapping.json", Path("files")}, 3);
  EXPECT_EQ(report["rejected"], 27);
  EXPECT_EQ(report["rows"], report["inserted"].get<int>() + report["updated"].get<int>() +
                                report["unchanged"].get<int>() + report["rejected"].get<int>());
  std::vector<int64_t> cents;  // what each customer brought, the most first
  for (const nlohmann::json& revenue : truth["revenue_per_debtor"]) {
    if (revenue["last_12_months"] > 0) cents.push_back(revenue["last_12_months"]);
  }
  std::sort(cents.rbegin(), cents.rend());
  ASSERT_FALSE(cents.empty());
  const nlohmann::json pyramid = Json({"pyramid", Store(), "--from", truth["last_12_months"]["from"], "--to",
                                       truth["last_12_months"]["to_exclusive"], "--top", "100000"});
  ASSERT_EQ(pyramid["customers"], cents.size());
  for (size_t i = 0; i < cents.size(); ++i) {
    std::string amount = pyramid["members"][i]["amount"]["amount"];
    amount.erase(amount.find('.'), 1);
    EXPECT_EQ(std::stoll(amount), cents[i]) << i;
  }
  EXPECT_EQ(Relata({"show", Store(), pyramid["members"][0]["number"]}).code, 0);
  EXPECT_EQ(Json({"check", Store()})["clean"], true);
}
#endif

TEST_F(ImportCommandTest, NorthwindHasItsKnownTopThree) {
  if (!std::filesystem::exists(kData + "/northwind")) GTEST_SKIP() << "no data in " << kData << "/northwind";
  EXPECT_EQ(Json({"import", Store(), "--mapping", kExamples + "/northwind/mapping.json",
                  kData + "/northwind"})["rejected"],
            0);
  const nlohmann::json pyramid = PyramidOf("1996-01-01", "1999-01-01");
  EXPECT_EQ(pyramid["customers"], 89);
  // Lines rounded to cents each: some cents beside the figures of the unrounded file.
  const std::pair<const char*, double> kTop[] = {
      {"QUICK-Stop", 110'277.31}, {"Ernst Handel", 104'874.98}, {"Save-a-lot Markets", 104'361.95}};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(pyramid["members"][i]["name"], kTop[i].first);
    EXPECT_NEAR(std::stod(pyramid["members"][i]["amount"]["amount"].get<std::string>()), kTop[i].second,
                0.05);
  }
  EXPECT_NEAR(std::stod(pyramid["total"]["amount"].get<std::string>()), 1'265'793.04, 0.5);
}

TEST_F(ImportCommandTest, OnlineRetailGivesItsKnownPyramid) {
  const std::string file = kData + "/online-retail/online-retail-full.csv.gz";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no data in " << file;
  const nlohmann::json report =
      Json({"import", Store(), "--mapping", kExamples + "/online_retail/mapping.json", file});
  EXPECT_EQ(report["rows"], 541'909);
  EXPECT_EQ(report["inserted"].get<int>() + report["updated"].get<int>() + report["unchanged"].get<int>() +
                report["rejected"].get<int>(),
            541'909);
  const nlohmann::json pyramid = PyramidOf("2010-12-01", "2011-12-10");
  EXPECT_EQ(pyramid["customers"], 4'317);
  const std::pair<int, double> kClasses[] = {{44, 29.88}, {172, 18.43}, {648, 25.15}, {3'453, 26.54}};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(pyramid["classes"][i]["customers"], kClasses[i].first);
    EXPECT_NEAR(pyramid["classes"][i]["share"].get<double>() * 100, kClasses[i].second, 0.005);
  }
}

}  // namespace
}  // namespace relata::cli
