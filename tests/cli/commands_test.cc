// Tests the command's manners: help, exit codes, messages, output that fails.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "relata/base/clock.h"
#include "relata/engine/database.h"
#include "tests/cli/command.h"

namespace relata::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(CommandTest, EveryCommandHasHelpWithAnExample) {
  const Outcome all = Relata({"--help"});
  EXPECT_EQ(all.code, 0);
  EXPECT_THAT(all.out, HasSubstr("Exit codes"));
  for (const std::string name :
       {"init", "import", "guess", "stats", "check", "backup", "restore", "find", "count", "group", "search",
        "show", "pyramid", "log", "undo", "schema", "version"}) {
    const Outcome help = Relata({name, "--help"});
    EXPECT_EQ(help.code, 0) << name;
    EXPECT_THAT(help.out, HasSubstr("Examples:\n  relata " + name));
    EXPECT_THAT(help.err, IsEmpty());
    EXPECT_THAT(all.out, HasSubstr("  " + name + " "));
  }
}

TEST_F(CommandTest, AWrongCommandLineIsTwoAndSaysWhereHelpIs) {
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{},
                                                {"bogus"},
                                                {"check"},
                                                {"check", "a", "b"},
                                                {"stats", "a", "--bogus"},
                                                {"pyramid", "a", "--from", "2025-02-30"},
                                                {"pyramid", "a", "--before-from", "2025-01-01"}}) {
    const Outcome outcome = Relata(wrong);
    EXPECT_EQ(outcome.code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, StartsWith("relata: "));
    EXPECT_THAT(outcome.err, HasSubstr("--help"));
    EXPECT_THAT(outcome.out, IsEmpty());
  }
}

TEST_F(CommandTest, AStoreThatIsNotThereIsNotMadeByAsking) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"stats", Store()},
        {"check", Store()},
        {"find", Store(), "relation"},
        {"search", Store(), "relation", "x"},
        {"show", Store(), "1"},
        {"pyramid", Store()},
        {"schema", Store()},
        {"backup", Store(), Path("b")},
        {"schema", Store(), "add-field", "relation", "x", "text"}}) {
    const Outcome outcome = Relata(command);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr(Store() + ": there is no such store; make one with: relata init"));
  }
  EXPECT_FALSE(std::filesystem::exists(Store()));
}

TEST_F(CommandTest, AFileOfAnotherKindIsRefusedAndLeftAlone) {
  Write("crm.relata", std::string(20'000, 'x'));
  for (const std::string command : {"stats", "check", "pyramid"}) {
    const Outcome outcome = Relata({command, Store()});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("not a store"));
  }
  EXPECT_EQ(std::filesystem::file_size(Store()), 20'000u);
  EXPECT_EQ(Relata({"stats", folder_}).code, 1);
}

TEST_F(CommandTest, ADamagedStoreIsFoundAndSaidToBe) {
  MakeStore();
  // A letter of a name, somewhere in the file: the checksum of its row no longer fits.
  std::fstream file(Store(), std::ios::in | std::ios::out | std::ios::binary);
  std::string bytes(std::filesystem::file_size(Store()), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  size_t hits = 0;
  for (size_t at = bytes.find(" Smit"); at != std::string::npos; at = bytes.find(" Smit", at + 1)) {
    file.seekp(static_cast<std::streamoff>(at));
    file.put('X');
    ++hits;
  }
  file.close();
  ASSERT_GT(hits, 0u);
  const Outcome outcome = Relata({"check", Store()});
  EXPECT_EQ(outcome.code, 3) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("findings"));
  const nlohmann::json report = Json({"check", Store()}, 3);
  EXPECT_EQ(report["clean"], false);
  EXPECT_GE(report["total_findings"], 1);
  EXPECT_EQ(report["findings"][0]["kind"], "row");
  EXPECT_EQ(report["findings"][0]["entity"], "relation");
  EXPECT_EQ(report["findings"][0]["record"], 3);
}

TEST_F(CommandTest, OutputThatCannotBeWrittenIsAFailure) {
  MakeStore();
  const std::string command = std::string(RELATA_COMMAND) + " stats " + Store();
  if (std::filesystem::exists("/dev/full")) {
    EXPECT_EQ(Running({"/bin/sh", "-c", command + " > /dev/full"}, folder_).Wait().code, 1);
  }
  // A reader that goes away is no failure, and nothing is said about it.
  const Outcome quiet =
      Running({"/bin/sh", "-c", "{ " + command + " --json; echo $? >&2; } | true"}, folder_).Wait();
  EXPECT_EQ(quiet.err, "0\n");
}

TEST_F(CommandTest, InitMakesAStoreOnce) {
  const nlohmann::json made =
      Json({"init", Store(), "--currency", "GBP", "--time-zone", "Europe/London", "--locale", "en"});
  EXPECT_EQ(made["currency"], "GBP");
  EXPECT_GE(made["entities"], 31);
  EXPECT_EQ(Relata({"init", Store()}).code, 1);
  const nlohmann::json stats = Json({"stats", Store()});
  EXPECT_EQ(stats["currency"], "GBP");
  EXPECT_EQ(stats["time_zone"], "Europe/London");
  EXPECT_EQ(stats["locale"], "en");
  const Outcome wrong = Relata({"init", Path("other.relata"), "--currency", "XXL"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("XXL"));
}

TEST_F(CommandTest, StatsAndCheckCountWhatIsThere) {
  MakeStore();
  const nlohmann::json stats = Json({"stats", Store()});
  std::map<std::string, uint64_t> rows;
  for (const nlohmann::json& tree : stats["trees"]) {
    if (tree["index"].is_null()) rows[tree["entity"]] = tree["entries"];
  }
  EXPECT_EQ(rows["relation"], 3u);
  EXPECT_EQ(rows["order"], 2u);
  EXPECT_EQ(stats["sequence"], stats["log_entries"]);
  const nlohmann::json report = Json({"check", Store()});
  EXPECT_EQ(report["clean"], true);
  EXPECT_EQ(report["records"], 8);
  EXPECT_THAT(Relata({"check", Store()}).out, HasSubstr("no findings in 8 records"));
}

TEST_F(CommandTest, BackupAndRestoreGiveTheSameStore) {
  MakeStore();
  const nlohmann::json copy = Json({"backup", Store(), Path("b.relata")});
  EXPECT_EQ(copy["epoch"], 1);
  EXPECT_EQ(Relata({"backup", Store(), Path("b.relata")}).code, 1);  // is there already
  const Outcome refused = Relata({"restore", Store(), Path("b.relata")});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("--replace"));
  EXPECT_EQ(Json({"restore", Store(), Path("b.relata"), "--replace"})["epoch"], 2);
  EXPECT_EQ(Json({"restore", Path("c.relata"), Path("b.relata")})["epoch"], 2);
  EXPECT_EQ(Json({"find", Path("c.relata"), "relation"})["records"],
            Json({"find", Store(), "relation"})["records"]);
}

TEST_F(CommandTest, LogTellsWhatChangedAndUndoTakesItBack) {
  MakeStore();
  ASSERT_EQ(Relata({"schema", Store(), "add-field", "relation", "pin", "text", "--sensitive"}).code, 0);
  {
    Options options;
    options.clock = std::make_shared<ManualClock>(Timestamp::Parse("2036-07-01T10:00:00Z").value());
    Database db = Database::Open(Store(), options).value();
    for (const auto& now : {std::pair("Delft", "1234"), std::pair("Gouda", "5678")}) {
      const Status written = db.Update([&](Transaction& tx) {
        Record record("relation", 1);
        record.Set("visiting.city", now.first);
        record.Set("pin", now.second);
        return tx.Update(record);
      });
      ASSERT_TRUE(written.ok()) << written;
    }
  }
  const nlohmann::json log = Json({"log", Store(), "--limit", "2", "--changes"});
  const uint64_t last = log["last"];
  ASSERT_EQ(log["commits"].size(), 2u);
  EXPECT_EQ(log["commits"][0]["commit"], last);
  EXPECT_EQ(log["commits"][1]["commit"], last - 1);
  EXPECT_EQ(log["commits"][0]["at"], "2036-07-01T10:00:00Z");
  const nlohmann::json change = log["commits"][0]["changes"][0];
  EXPECT_EQ(change["what"], "updated");
  EXPECT_EQ(change["entity"], "relation");
  EXPECT_EQ(change["id"], 1);
  EXPECT_EQ(change["former"]["visiting.city"], "Delft");
  EXPECT_EQ(change["former"]["pin"], "***");
  EXPECT_THAT(Relata({"log", Store(), "--changes"}).out, HasSubstr("visiting.city was Delft, "));

  // Only the first commit touched an order; two records of it.
  const nlohmann::json orders = Json({"log", Store(), "--entity", "order", "--changes"});
  ASSERT_EQ(orders["commits"].size(), 1u);
  EXPECT_EQ(orders["commits"][0]["changes"].size(), 2u);
  EXPECT_EQ(
      Json({"log", Store(), "--entity", "order", "--id", "2", "--changes"})["commits"][0]["changes"].size(),
      1u);
  EXPECT_EQ(Json({"log", Store(), "--entity", "order", "--id", "3"})["commits"].size(), 0u);
  EXPECT_THAT(Relata({"log", Store(), "--entity", "ordr"}).err, HasSubstr("order"));

  EXPECT_EQ(Relata({"undo", Store(), std::to_string(last - 1)}).code, 1);  // changed since
  const nlohmann::json undone = Json({"undo", Store(), std::to_string(last)});
  EXPECT_EQ(undone["commit"], last + 1);
  EXPECT_EQ(Json({"find", Store(), "relation"})["records"][0]["visiting.city"], "Delft");
  EXPECT_EQ(Json({"log", Store(), "--limit", "1"})["commits"][0]["cause"], "undo " + std::to_string(last));
}

TEST_F(CommandTest, SchemaListsAndChanges) {
  MakeStore();
  EXPECT_EQ(Relata({"schema", Store(), "add-field", "relation", "loyalty", "enum(gold, silver)", "--default",
                    "silver"})
                .code,
            0);
  EXPECT_EQ(Relata({"schema", Store(), "add-label", "relation.loyalty", "platinum"}).code, 0);
  EXPECT_EQ(
      Relata({"schema", Store(), "add-entity", "machine", "serial:text", "relation:reference(relation)"})
          .code,
      0);
  EXPECT_EQ(Relata({"schema", Store(), "add-index", "machine", "serial", "--unique"}).code, 0);
  EXPECT_EQ(Relata({"schema", Store(), "rename", "relation.loyalty", "rank"}).code, 0);
  const nlohmann::json relation = Json({"schema", Store(), "relation"});
  const auto rank = std::find_if(relation["fields"].begin(), relation["fields"].end(),
                                 [](const nlohmann::json& field) { return field["name"] == "rank"; });
  ASSERT_NE(rank, relation["fields"].end());
  EXPECT_EQ((*rank)["type"], "enum(gold, silver, platinum)");
  const nlohmann::json machine = Json({"schema", Store(), "machine"});
  EXPECT_EQ(machine["indexes"].back()["parts"], nlohmann::json({"serial"}));
  EXPECT_EQ(machine["indexes"].back()["unique"], true);
  EXPECT_EQ(Json({"find", Store(), "relation", "rank = 'silver'"})["total"], 3);
  EXPECT_EQ(Relata({"schema", Store()}).code, 0);

  const Outcome full = Relata({"schema", Store(), "drop", "relation.rank"});
  EXPECT_EQ(full.code, 1);
  EXPECT_THAT(full.err, HasSubstr("--yes"));
  EXPECT_EQ(Relata({"schema", Store(), "drop", "relation.rank", "--yes"}).code, 0);
  EXPECT_EQ(Relata({"schema", Store(), "drop", "machine", "--index", "serial"}).code, 0);
  EXPECT_EQ(Relata({"schema", Store(), "drop", "machine"}).code, 0);
  EXPECT_THAT(Relata({"schema", Store(), "machine"}).err, HasSubstr("machine"));
  const Outcome wrong = Relata({"schema", Store(), "add-field", "relation", "x", "colour"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("a type is text"));
  EXPECT_EQ(Json({"check", Store()})["clean"], true);
}

TEST_F(CommandTest, VersionNamesWhatStoresDependOn) {
  const nlohmann::json version = Json({"version"});
  EXPECT_THAT(version["version"].get<std::string>(), Not(IsEmpty()));
  EXPECT_THAT(version["icu"].get<std::string>(), Not(IsEmpty()));
  EXPECT_THAT(Relata({"--version"}).out, StartsWith("relata "));
}

}  // namespace
}  // namespace relata::cli
