// Tests the command search on a small store: what people read and the keys that programs rely on.
#include "tests/cli/command.h"

namespace relata::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SearchCommandTest : public CommandTest {
 protected:
  SearchCommandTest() { MakeStore(); }

  // Ids of the records found, best first.
  std::vector<int> Search(const std::string& text, std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"search", Store(), "relation", text});
    std::vector<int> ids;
    const nlohmann::json answer = Json(options);
    for (const nlohmann::json& hit : answer["hits"]) ids.push_back(hit["id"]);
    return ids;
  }
};

TEST_F(SearchCommandTest, FindsByWords) {
  EXPECT_THAT(Search("CAFE"), ElementsAre(2, 3));
  EXPECT_THAT(Search("jans cafe"), IsEmpty());
  EXPECT_THAT(Search("jans* cafe"), ElementsAre(2));
  EXPECT_THAT(Search("cafe jans"), ElementsAre(2));
  EXPECT_THAT(Search("cafe", {"--limit", "1"}), ElementsAre(2));
  EXPECT_THAT(Search("jnasen "), IsEmpty());
  EXPECT_THAT(Search("jnasen ", {"--typos"}), ElementsAre(2));
  EXPECT_THAT(Search("cafe jansen", {"--fields", "trade_names"}), IsEmpty());
}

TEST_F(SearchCommandTest, ShowsWhereAndHowWell) {
  const nlohmann::json answer = Json({"search", Store(), "relation", "cafe jansen", "--fields", "name:2"});
  EXPECT_EQ(answer["entity"], "relation");
  ASSERT_EQ(answer["hits"].size(), 1u);
  EXPECT_EQ(answer["hits"][0]["title"], "Caf\u00e9 Jansen");
  EXPECT_EQ(answer["hits"][0]["field"], "name");
  EXPECT_EQ(answer["hits"][0]["score"], 2 * (100 + 100) * 707);
  const Outcome table = Relata({"search", Store(), "relation", "cafe jansen"});
  EXPECT_THAT(table.out, HasSubstr("#2  Caf\u00e9 Jansen"));
  EXPECT_THAT(table.out, HasSubstr("1 found"));
}

TEST_F(SearchCommandTest, SaysWhatItDoesNotUnderstand) {
  EXPECT_THAT(Relata({"search", Store(), "relatoin", "x"}).err, HasSubstr("did you mean 'relation'"));
  EXPECT_THAT(Relata({"search", Store(), "relation", "x", "--fields", "email"}).err,
              HasSubstr("words(email)"));
  EXPECT_THAT(Relata({"search", Store(), "relation", "x", "--fields", "name:much"}).err,
              HasSubstr("name:weight"));
  EXPECT_EQ(Relata({"search", Store(), "order", "x"}).code, 1);
}

}  // namespace
}  // namespace relata::cli
