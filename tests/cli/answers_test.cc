// Tests find, show and pyramid on a small store: what people read and the keys that programs rely on.
#include "tests/cli/command.h"

namespace relata::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AnswersTest : public CommandTest {
 protected:
  AnswersTest() { MakeStore(); }

  // Ids of the records found.
  std::vector<int> Find(const std::string& entity, std::vector<std::string> conditions) const {
    conditions.insert(conditions.begin(), {"find", Store(), entity});
    std::vector<int> ids;
    const nlohmann::json answer = Json(conditions);
    for (const nlohmann::json& record : answer["records"]) ids.push_back(record["id"]);
    EXPECT_EQ(answer["total"], ids.size());
    return ids;
  }
};

TEST_F(AnswersTest, FindComparesTextsAsPeopleDo) {
  EXPECT_THAT(Find("relation", {}), ElementsAre(1, 2, 3));
  EXPECT_THAT(Find("relation", {"name=cafe jansen"}), ElementsAre(2));
  EXPECT_THAT(Find("relation", {"name=CAF*"}), ElementsAre(2, 3));
  EXPECT_THAT(Find("relation", {"name==cafe jansen"}), IsEmpty());
  EXPECT_THAT(Find("relation", {"visiting.city=utrecht"}), ElementsAre(1, 2));
  EXPECT_THAT(Find("relation", {"visiting.city==Utrecht", "name=b*"}), ElementsAre(1));
  EXPECT_THAT(Find("relation", {"visiting.city==Ut*"}), ElementsAre(1, 2));
  EXPECT_THAT(Find("relation", {"visiting.city==utrecht"}), IsEmpty());
}

TEST_F(AnswersTest, FindKnowsEveryTypeOfField) {
  EXPECT_THAT(Find("relation", {"credit_limit=500"}), ElementsAre(1));
  EXPECT_THAT(Find("relation", {"credit_limit=EUR 500.00"}), ElementsAre(1));
  EXPECT_THAT(Find("relation", {"credit_limit="}), ElementsAre(2, 3));
  EXPECT_THAT(Find("relation", {"tags=fair-2026"}), ElementsAre(1));
  EXPECT_THAT(Find("relation", {"roles=supplier"}), ElementsAre(2));
  EXPECT_THAT(Find("relation", {"parent="}), ElementsAre(1, 2, 3));
  EXPECT_THAT(Find("order", {"ordered_on=2026-05-01"}), ElementsAre(1, 2));
  EXPECT_THAT(Find("order", {"status=open"}), ElementsAre(1, 2));
  EXPECT_THAT(Find("order", {"relation=10001"}), ElementsAre(1));  // the ERP's code
  EXPECT_THAT(Find("order", {"relation=#2"}), ElementsAre(2));
  EXPECT_THAT(Find("order", {"relation=cafe smit"}), IsEmpty());
  EXPECT_THAT(Find("person", {"relations=10001"}), ElementsAre(1));
  EXPECT_THAT(Find("external_key", {"record=relation:1"}), ElementsAre(1));
}

TEST_F(AnswersTest, FindSaysWhatItDoesNotUnderstand) {
  EXPECT_THAT(Relata({"find", Store(), "relatoin"}).err, HasSubstr("did you mean 'relation'"));
  EXPECT_THAT(Relata({"find", Store(), "relation", "nmae=x"}).err, HasSubstr("did you mean 'name'"));
  EXPECT_THAT(Relata({"find", Store(), "relation", "name"}).err, HasSubstr("field=value"));
  EXPECT_THAT(Relata({"find", Store(), "relation", "roles=friend"}).err, HasSubstr("supplier"));
  EXPECT_THAT(Relata({"find", Store(), "order", "ordered_on=soon"}).err, HasSubstr("order.ordered_on"));
  EXPECT_EQ(Relata({"find", Store(), "order", "ordered_on=soon"}).code, 1);
}

TEST_F(AnswersTest, FindShowsATableOfChosenFields) {
  const Outcome all = Relata({"find", Store(), "relation", "--limit", "2"});
  EXPECT_THAT(all.out, HasSubstr("Caf\u00e9 Jansen       Utrecht"));
  EXPECT_THAT(all.out, HasSubstr("3 found, the first 2 shown"));
  const Outcome two = Relata({"find", Store(), "order", "--fields", "number,total,relation"});
  EXPECT_EQ(two.out,
            "id  number         total  relation\n"
            "#1  A1      EUR 1,250.00  Bakkerij Janssen\n"
            "#2  A2        EUR 250.00  Caf\u00e9 Jansen\n"
            "2 found\n");
  const nlohmann::json one = Json({"find", Store(), "order", "number=A1", "--fields", "total,relation"});
  EXPECT_EQ(
      one["records"][0],
      (nlohmann::json{{"id", 1}, {"total", {{"currency", "EUR"}, {"amount", "1250.00"}}}, {"relation", 1}}));
}

TEST_F(AnswersTest, ShowFindsTheRelationThatIsMeant) {
  const nlohmann::json card = Json({"show", Store(), "10001"});
  EXPECT_EQ(card["id"], 1);
  EXPECT_EQ(card["name"], "Bakkerij Janssen");
  for (const std::string key : {"number", "lifecycle", "revenue", "open_amount", "fields", "external_keys"}) {
    EXPECT_TRUE(card.contains(key)) << key;
  }
  EXPECT_EQ(card["external_keys"][0], (nlohmann::json{{"source", "Exact"}, {"code", "10001"}}));
  EXPECT_EQ(card["fields"]["visiting.city"], "Utrecht");
  std::map<std::string, int> totals;
  for (const nlohmann::json& collection : card["collections"])
    totals[collection["name"]] = collection["total"];
  EXPECT_EQ(totals["orders"], 1);

  const std::string number = card["number"];
  for (const std::string& way :
       {number, std::string("#1"), std::string("bakkerij janssen"), std::string("BAKK")}) {
    EXPECT_EQ(Json({"show", Store(), way})["id"], 1) << way;
  }
  const Outcome page = Relata({"show", Store(), number});
  EXPECT_THAT(page.out, HasSubstr("Bakkerij Janssen  " + number));
  EXPECT_THAT(page.out, HasSubstr("orders (1)"));
  EXPECT_THAT(page.out, HasSubstr("known as 10001 in Exact"));
}

TEST_F(AnswersTest, ShowNamesThoseWhoMayBeMeant) {
  const Outcome nobody = Relata({"show", Store(), "Niemand"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_THAT(nobody.err, HasSubstr("no relation has this number, code or name"));
  const Outcome several = Relata({"show", Store(), "cafe"});
  EXPECT_EQ(several.code, 1);
  EXPECT_THAT(several.err, HasSubstr("may be one of 2 relations"));
  EXPECT_THAT(several.err, HasSubstr("Caf\u00e9 Smit, Delft"));
}

TEST_F(AnswersTest, PyramidRanksTheCustomersOfThePeriod) {
  const nlohmann::json pyramid = Json({"pyramid", Store(), "--from", "2026-01-01", "--to", "2027-01-01"});
  EXPECT_EQ(pyramid["period"], (nlohmann::json{{"from", "2026-01-01"}, {"to", "2027-01-01"}}));
  EXPECT_EQ(pyramid["before"]["to"], "2026-01-01");
  EXPECT_EQ(pyramid["customers"], 2);
  EXPECT_EQ(pyramid["total"]["amount"], "1500.00");
  EXPECT_EQ(pyramid["classes"].size(), 4u);
  EXPECT_EQ(pyramid["classes"][0]["name"], "top");
  EXPECT_EQ(pyramid["classes"][0]["customers"], 1);
  EXPECT_DOUBLE_EQ(pyramid["classes"][0]["share"], 1250.0 / 1500.0);
  EXPECT_EQ(pyramid["members"][0]["name"], "Bakkerij Janssen");
  EXPECT_EQ(pyramid["members"][0]["amount"]["amount"], "1250.00");
  EXPECT_EQ(pyramid["moved"].size(), 5u);
  for (const std::string key : {"measure", "without_measure", "anonymous", "others"}) {
    EXPECT_TRUE(pyramid.contains(key)) << key;
  }
  // The last day is not part of the period.
  EXPECT_EQ(Json({"pyramid", Store(), "--from", "2026-04-01", "--to", "2026-05-01"})["customers"], 0);
  const nlohmann::json halves = Json({"pyramid", Store(), "--from", "2026-05-01", "--to", "2026-05-02",
                                      "--classes", "best:50,rest:50", "--top", "1"});
  EXPECT_EQ(halves["classes"][1]["customers"], 1);
  EXPECT_EQ(halves["members"].size(), 1u);
  EXPECT_EQ(Relata({"pyramid", Store(), "--classes", "best:50,rest:40"}).code, 1);
  EXPECT_EQ(Relata({"pyramid", Store(), "--classes", "best"}).code, 1);
  const Outcome table = Relata({"pyramid", Store(), "--from", "2026-01-01", "--to", "2027-01-01"});
  EXPECT_THAT(table.out, HasSubstr("top                         1       1,250.00  83.33 %"));
}

}  // namespace
}  // namespace relata::cli
