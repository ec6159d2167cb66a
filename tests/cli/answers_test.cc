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

TEST_F(AnswersTest, FindTakesExpressions) {
  EXPECT_THAT(Find("relation", {}), ElementsAre(1, 2, 3));
  EXPECT_THAT(Find("relation", {"fold(name) = 'cafe jansen'"}), ElementsAre(2));
  EXPECT_THAT(Find("relation", {"name ilike 'CAF%'"}), ElementsAre(2, 3));
  EXPECT_THAT(Find("relation", {"name = 'cafe jansen'"}), IsEmpty());
  EXPECT_THAT(Find("relation", {"visiting.city = 'Utrecht'"}), ElementsAre(1, 2));
  EXPECT_THAT(Find("relation", {"visiting.city = 'Utrecht'", "name ilike 'b%'"}), ElementsAre(1));
  EXPECT_THAT(Find("relation", {"credit_limit = 500"}), ElementsAre(1));
  EXPECT_THAT(Find("relation", {"credit_limit = money 'EUR 500.00'"}), ElementsAre(1));
  EXPECT_THAT(Find("relation", {"'fair-2026' in tags"}), ElementsAre(1));
  EXPECT_THAT(Find("relation", {"'supplier' in roles"}), ElementsAre(2));
  EXPECT_THAT(Find("relation", {"parent is null"}), ElementsAre(1, 2, 3));
  EXPECT_THAT(Find("order", {"ordered_on = date '2026-05-01'"}), ElementsAre(1, 2));
  EXPECT_THAT(Find("order", {"status = 'open' and relation = 2"}), ElementsAre(2));
  EXPECT_THAT(Find("relation", {"count(orders) = 0"}), ElementsAre(3));
  EXPECT_THAT(Find("relation", {"sum(orders.total) > 1000"}), ElementsAre(1));
}

TEST_F(AnswersTest, FindTakesParameters) {
  EXPECT_THAT(Find("order", {"relation = :r", "--param", "r=@10001"}), ElementsAre(1));  // the ERP's code
  EXPECT_THAT(Find("order", {"relation = :r", "--param", "r=@#2"}), ElementsAre(2));
  EXPECT_THAT(Find("relation", {"visiting.city = :city", "--param", "city=Utrecht"}), ElementsAre(1, 2));
  EXPECT_THAT(Find("order", {"total > :least", "--param", "least=300"}), ElementsAre(1));
  EXPECT_EQ(Relata({"find", Store(), "order", "total > :least"}).code, 1);
  EXPECT_THAT(Relata({"find", Store(), "order", "--param", "least"}).err, HasSubstr("NAME=VALUE"));
}

TEST_F(AnswersTest, FindSaysWhatItDoesNotUnderstand) {
  EXPECT_THAT(Relata({"find", Store(), "relatoin"}).err, HasSubstr("did you mean 'relation'"));
  EXPECT_THAT(Relata({"find", Store(), "relation", "nmae = 'x'"}).err, HasSubstr("did you mean 'name'"));
  EXPECT_THAT(Relata({"find", Store(), "relation", "name=jansen*"}).err, HasSubstr("between quotes"));
  EXPECT_THAT(Relata({"find", Store(), "relation", "visiting.city=Utrecht"}).err,
              HasSubstr("between quotes"));
  EXPECT_THAT(Relata({"find", Store(), "relation", "'friend' in roles"}).err, HasSubstr("supplier"));
  EXPECT_EQ(Relata({"find", Store(), "order", "ordered_on = 'soon'"}).code, 1);
  EXPECT_THAT(Relata({"find", Store(), "relation", "--after", "nonsense"}).err, HasSubstr("cursor"));
}

TEST_F(AnswersTest, FindOrdersAndPages) {
  const auto ids = [](const nlohmann::json& answer) {
    std::vector<int> found;
    for (const nlohmann::json& record : answer["records"]) found.push_back(record["id"]);
    return found;
  };
  const std::vector<std::string> by_total = {"find", Store(), "order", "--order", "total", "--limit", "1"};
  const nlohmann::json first = Json(by_total);
  EXPECT_THAT(ids(first), ElementsAre(2));
  EXPECT_EQ(first["total"], 2);
  std::vector<std::string> go_on = by_total;
  go_on.insert(go_on.end(), {"--after", first["next"].get<std::string>()});
  EXPECT_THAT(ids(Json(go_on)), ElementsAre(1));
  EXPECT_THAT(ids(Json({"find", Store(), "relation", "--order", "visiting.city desc, name collate nl"})),
              ElementsAre(1, 2, 3));
  EXPECT_THAT(Relata(by_total).out, HasSubstr("more: --after "));
}

TEST_F(AnswersTest, FindExplainsItsPlan) {
  const Outcome plan = Relata({"find", Store(), "relation", "visiting.city = 'Utrecht'", "--explain"});
  EXPECT_EQ(plan.code, 0);
  EXPECT_THAT(plan.out, HasSubstr("about"));
  const nlohmann::json analyzed = Json({"find", Store(), "relation", "credit_limit = 500", "--analyze"});
  EXPECT_EQ(analyzed["actual_rows"], 1);
}

TEST_F(AnswersTest, CountsAndGroups) {
  EXPECT_EQ(Json({"count", Store(), "relation"})["total"], 3);
  EXPECT_EQ(Json({"count", Store(), "relation", "visiting.city = 'Utrecht'"})["total"], 2);
  EXPECT_EQ(Relata({"count", Store(), "order", "total > 300"}).out, "1\n");
  const nlohmann::json cities = Json({"group", Store(), "relation", "--by", "visiting.city"});
  EXPECT_EQ(cities["total"], 2);
  EXPECT_EQ(cities["groups"][1], (nlohmann::json{{"visiting.city", "Utrecht"}, {"count", 2}}));
  const nlohmann::json totals =
      Json({"group", Store(), "order", "--by", "relation.visiting.city", "--sum", "total", "--count"});
  EXPECT_EQ(totals["groups"][0]["sum(total)"]["amount"], "1500.00");
  EXPECT_EQ(totals["groups"][0]["count"], 2);
  EXPECT_EQ(Json({"group", Store(), "relation", "--by", "visiting.city", "--having", "count > 1"})["total"],
            1);
  EXPECT_THAT(Relata({"group", Store(), "relation", "--by", "visiting.city", "--order", "count desc"}).out,
              HasSubstr("Utrecht"));
  EXPECT_THAT(Relata({"group", Store(), "relation", "--by", "visiting.city", "--order", "cuont"}).err,
              HasSubstr("visiting.city, count"));
}

TEST_F(AnswersTest, FindShowsATableOfChosenFields) {
  const Outcome all = Relata({"find", Store(), "relation", "--limit", "2"});
  EXPECT_THAT(all.out, HasSubstr("Caf\u00e9 Jansen       Utrecht"));
  EXPECT_THAT(all.out, HasSubstr("3 found, the first 2 shown"));
  const Outcome two = Relata({"find", Store(), "order", "--select", "number,total,relation"});
  EXPECT_EQ(two.out,
            "id  number         total  relation\n"
            "#1  A1      EUR 1,250.00  Bakkerij Janssen\n"
            "#2  A2        EUR 250.00  Caf\u00e9 Jansen\n"
            "2 found\n");
  const nlohmann::json one =
      Json({"find", Store(), "order", "number = 'A1'", "--select", "total,relation,total * 2"});
  EXPECT_EQ(one["records"][0], (nlohmann::json{{"id", 1},
                                               {"total", {{"currency", "EUR"}, {"amount", "1250.00"}}},
                                               {"relation", 1},
                                               {"total * 2", {{"currency", "EUR"}, {"amount", "2500.00"}}}}));
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
