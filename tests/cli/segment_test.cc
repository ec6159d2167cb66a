// Tests the segment commands on a small store: what people read and the keys that programs rely on.
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "tests/cli/command.h"

namespace relata::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SegmentCommandTest : public CommandTest {
 protected:
  SegmentCommandTest() { MakeStore(); }

  nlohmann::json Define(const std::string& name, const std::string& condition) const {
    return Json({"segment", "define", Store(), name, condition});
  }
  std::vector<int> Members(const std::string& name) const {
    std::vector<int> ids;
    const nlohmann::json answer = Json({"segment", "members", Store(), name});
    for (const nlohmann::json& record : answer["records"]) ids.push_back(record["id"]);
    return ids;
  }
};

TEST_F(SegmentCommandTest, DefinesListsAndDrops) {
  EXPECT_THAT(Relata({"segment", "list", Store()}).out, HasSubstr("no segments yet"));
  const nlohmann::json defined =
      Json({"segment", "define", Store(), "cafes", "name like 'Caf%'", "--description", "where coffee is"});
  EXPECT_EQ(defined["members"], 2);
  EXPECT_EQ(defined["kind"], "stored");
  EXPECT_EQ(defined["ready"], true);
  EXPECT_THAT(Members("cafes"), ElementsAre(2, 3));
  EXPECT_EQ(Json({"segment", "count", Store(), "cafes"})["members"], 2);
  EXPECT_EQ(Relata({"segment", "count", Store(), "cafes"}).out, "2\n");
  EXPECT_THAT(Relata({"segment", "show", Store(), "cafes"}).out, HasSubstr("where coffee is"));
  EXPECT_EQ(Define("cafes", "name like 'X%'")["version"], 2);
  EXPECT_THAT(Members("cafes"), IsEmpty());
  EXPECT_EQ(Json({"segment", "list", Store()})["segments"].size(), 1u);
  EXPECT_EQ(Relata({"segment", "drop", Store(), "cafes"}).code, 0);
  EXPECT_EQ(Json({"segment", "list", Store()})["segments"].size(), 0u);
}

TEST_F(SegmentCommandTest, TellsWhy) {
  Define("cafes", "name like 'Caf%' and not exists(orders where total > 1000000)");
  const nlohmann::json why = Json({"segment", "why", Store(), "cafes", "#2"});
  EXPECT_EQ(why["member"], true);
  ASSERT_GE(why["conditions"].size(), 3u);
  EXPECT_EQ(why["conditions"][0]["condition"], "and");
  EXPECT_EQ(why["conditions"][0]["result"], true);
  EXPECT_EQ(why["conditions"][1]["condition"], "name like 'Caf%'");
  EXPECT_EQ(why["conditions"][1]["values"]["name"], "Caf\u00e9 Jansen");
  EXPECT_TRUE(why["until"].is_null());
  EXPECT_THAT(Relata({"segment", "why", Store(), "cafes", "#1"}).out, HasSubstr("1 is not in 'cafes'"));
}

TEST_F(SegmentCommandTest, TellsWhoEnteredAndCountsWhatIsCommon) {
  Define("cafes", "name like 'Caf%'");
  Define("all", "id is not null");
  const nlohmann::json events = Json({"segment", "events", Store(), "cafes"});
  ASSERT_EQ(events["events"].size(), 2u);
  EXPECT_EQ(events["events"][0]["event"], "entered");
  EXPECT_EQ(events["events"][0]["cause"], "definition");
  const Outcome watched =
      Relata({"segment", "watch", Store(), "--consumer", "mail", "--looks", "1", "--json"});
  EXPECT_EQ(watched.code, 0) << watched.err;
  const nlohmann::json overlap = Json({"segment", "overlap", Store(), "cafes", "all"})["overlaps"][0];
  EXPECT_EQ(overlap["in_both"], 2);
  EXPECT_EQ(overlap["only_a"], 0);
  EXPECT_EQ(overlap["only_b"], 1);
}

// What was told is acknowledged before a watch waits; Ctrl-C ends the wait at once.
TEST_F(SegmentCommandTest, WatchIsInterruptedWhileItWaits) {
  ASSERT_EQ(Relata({"segment", "watch", Store(), "--consumer", "mail", "--looks", "1"}).code, 0);
  Define("cafes", "name like 'Caf%'");
  std::filesystem::create_directories(Path("watch"));
  Running watch({RELATA_COMMAND, "segment", "watch", Store(), "--consumer", "mail", "--interval", "86400"},
                Path("watch"));
  while (std::ranges::count(watch.OutputSoFar(), '\n') < 2) std::this_thread::yield();
  EXPECT_EQ(Json({"segment", "count", Store(), "cafes"})["members"], 2);
  watch.Signal(SIGINT);
  const Outcome outcome = watch.Wait();
  EXPECT_EQ(outcome.code, 130) << outcome.err;
  EXPECT_EQ(Relata({"segment", "watch", Store(), "--consumer", "mail", "--looks", "1"}).out, "");
}

// A reader that goes away ends it too, and what it did not read is told again.
TEST_F(SegmentCommandTest, WatchEndsWithItsReader) {
  ASSERT_EQ(Relata({"segment", "watch", Store(), "--consumer", "mail", "--looks", "1"}).code, 0);
  Define("cafes", "name like 'Caf%'");
  const std::string command =
      std::string(RELATA_COMMAND) + " segment watch " + Store() + " --consumer mail --interval 86400";
  const Outcome piped = Running({"/bin/sh", "-c", command + " | head -n 1"}, folder_).Wait();
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_THAT(piped.out, HasSubstr("entered"));
}

TEST_F(SegmentCommandTest, SaysWhatItDoesNotUnderstand) {
  Define("cafes", "name like 'Caf%'");
  EXPECT_THAT(Relata({"segment", "count", Store(), "cafe"}).err, HasSubstr("cafes"));
  const Outcome wrong = Relata({"segment", "define", Store(), "x", "nmae = 'y'"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'name'"));
  EXPECT_EQ(Json({"segment", "list", Store()})["segments"].size(), 1u);
  EXPECT_EQ(Relata({"segment"}).code, 2);
}

}  // namespace
}  // namespace relata::cli
