// Tests the command audience: what people read and the keys that programs rely
// on.
#include "relata/crm/crm.h"
#include "relata/engine/database.h"
#include "relata/engine/segments.h"
#include "tests/cli/command.h"

namespace relata::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AudienceCommandTest : public CommandTest {
protected:
  // Anna and Bert allow a newsletter, Bert no longer; Carl said nothing, and
  // has no address.
  AudienceCommandTest() {
    Options options;
    options.map_size = 64 << 20;
    options.durability = Durability::kUnsafe;
    Database db = Database::Open(Store(), options).value();
    const Timestamp long_ago = Timestamp::Parse("2020-01-01T00:00:00Z").value();
    const Status filled = db.Update([&](Transaction &tx) -> Status {
      RELATA_ASSIGN_OR_RETURN(
          const auto anna, tx.Insert(crm::Person{.first_name = "Anna",
                                                 .email = "anna@example.nl"}));
      RELATA_ASSIGN_OR_RETURN(
          const auto bert, tx.Insert(crm::Person{.first_name = "Bert",
                                                 .email = "bert@example.nl"}));
      RELATA_RETURN_IF_ERROR(
          tx.Insert(crm::Person{.first_name = "Carl"}).status());
      RELATA_RETURN_IF_ERROR(tx.Insert(crm::Consent{.party = anna,
                                                    .purpose = "newsletter",
                                                    .given_at = long_ago})
                                 .status());
      return tx
          .Insert(crm::Consent{.party = bert,
                               .purpose = "newsletter",
                               .given_at = long_ago,
                               .withdrawn_at = long_ago})
          .status();
    });
    EXPECT_TRUE(filled.ok()) << filled;
    const Status defined =
        DefineSegment(&db, "everybody", "person", "first_name is not null");
    EXPECT_TRUE(defined.ok()) << defined;
  }

  std::vector<std::string> Ask(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"audience", Store(), "everybody",
                                          "--purpose", "newsletter"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
};

TEST_F(AudienceCommandTest, TellsPeople) {
  const Outcome told = Relata(Ask());
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("members of 'everybody'"));
  EXPECT_THAT(told.out, HasSubstr("consent withdrawn"));
  EXPECT_THAT(told.out, HasSubstr("anna@example.nl"));
  EXPECT_THAT(told.out, Not(HasSubstr("bert@example.nl")));
  EXPECT_THAT(Relata(Ask({"--left-out"})).out, HasSubstr("consent 2"));
}

TEST_F(AudienceCommandTest, TellsPrograms) {
  const nlohmann::json answer = Json(Ask({"--left-out"}));
  EXPECT_EQ(answer["entity"], "person");
  EXPECT_EQ(answer["members"], 3);
  EXPECT_EQ(answer["mailable"], 1);
  EXPECT_EQ(answer["reasons"]["withdrawn"], 1);
  EXPECT_EQ(answer["reasons"]["unreachable"], 1);
  ASSERT_EQ(answer["recipients"].size(), 1u);
  EXPECT_EQ(answer["recipients"][0]["address"], "anna@example.nl");
  EXPECT_EQ(answer["recipients"][0]["consent"], 1);
  ASSERT_EQ(answer["left_out"].size(), 2u);
  EXPECT_EQ(answer["left_out"][0]["reason"], "withdrawn");
  EXPECT_EQ(answer["left_out"][0]["evidence"]["id"], 2);
  EXPECT_EQ(Json(Ask({"--opt-out", "--channel", "visit"}))["mailable"], 2);
}

TEST_F(AudienceCommandTest, SaysWhatItDoesNotUnderstand) {
  EXPECT_THAT(Relata(Ask({"--channel", "emial"})).err,
              HasSubstr("did you mean 'email'"));
  EXPECT_THAT(Relata({"audience", Store(), "everbody", "--purpose", "x"}).err,
              HasSubstr("did you mean 'everybody'"));
  EXPECT_EQ(Relata(Ask({"--per", "street"})).code, 2);
  EXPECT_EQ(Relata({"audience", Store(), "everybody"}).code, 2);
  EXPECT_EQ(Relata(Ask({"--at-most", "0"})).code, 0);
}

} // namespace
} // namespace relata::cli
