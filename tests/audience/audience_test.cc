// Tests who of some persons or relations may be written to, and why the others are left out.
#include "relata/audience/audience.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relata/base/strings.h"
#include "relata/crm/crm.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "tests/audience/fixture.h"
#include "tests/store/told_members.h"

namespace relata::audience {
namespace {

using namespace crm;  // NOLINT: the test is about its types
using testing::HasSubstr;

class AudienceTest : public AudienceStoreTest {
 protected:
  Id<Person> AddPerson(std::string_view email, std::vector<Id<Relation>> relations = {}) {
    Person person{.first_name = "Anna", .email = std::string(email)};
    for (const Id<Relation> relation : relations) person.relations.insert(relation);
    return Add(person);
  }
  // A consent for the newsletter, for all channels.
  template <class Party>
  Id<Consent> Allow(Id<Party> party, std::string_view given = "2026-01-01T00:00:00Z",
                    std::optional<Timestamp> withdrawn = std::nullopt) {
    return Add(
        Consent{.party = party, .purpose = "newsletter", .given_at = At(given), .withdrawn_at = withdrawn});
  }

  Audience Of(std::string_view entity, const AudienceSpec& spec) {
    std::vector<RecordId> ids;
    const store::Snapshot now = store_->Read().value();
    for (RecordId id = 1; id <= last_; ++id) ids.push_back(id);
    StatusOr<Audience> audience = AudienceOf(now, entity, ids, spec);
    EXPECT_TRUE(audience.ok()) << audience.status();
    return audience.value_or(Audience());
  }
  // "1: anna@x; 2: no consent; …", by id.
  std::string Told(std::string_view entity, RecordId last, const AudienceSpec& spec) {
    last_ = last;
    const Audience audience = Of(entity, spec);
    std::string told;
    auto recipient = audience.recipients.begin();
    auto left_out = audience.left_out.begin();
    for (RecordId id = 1; id <= last; ++id) {
      const bool mailed = recipient != audience.recipients.end() && recipient->id == id;
      const bool out = left_out != audience.left_out.end() && left_out->id == id;
      EXPECT_NE(mailed, out) << id;
      StrAppend(
          &told, id == 1 ? "" : "; ",
          mailed ? std::string_view(recipient->address) : ReasonText(out ? left_out->reason : Reason::kGone));
      recipient += mailed ? 1 : 0;
      left_out += out ? 1 : 0;
    }
    return told;
  }

  bool HasConsent(RecordId person) {
    const store::Snapshot now = store_->Read().value();
    const store::TypeRuntime& type = *now.schema().Find("person");
    const expr::Expr tree = expr::Parse("consent('newsletter', 'email')").value();
    const expr::Program program = expr::CompileCondition(tree, type, now.shared_schema()).value();
    expr::RowEvaluator evaluator(program, now);
    return evaluator.Matches(person, now.Get(type, person).value()).value();
  }

  static AudienceSpec Newsletter() { return {.purpose = "newsletter", .channel = Channel::kEmail}; }

  RecordId last_ = 0;
};

TEST_F(AudienceTest, ConsentMustBeInForce) {
  const auto anna = AddPerson("anna@example.nl");
  const auto bert = AddPerson("bert@example.nl");
  const auto carl = AddPerson("carl@example.nl");
  const auto dora = AddPerson("dora@example.nl");
  const auto emma = AddPerson("emma@example.nl");
  const auto fred = AddPerson("fred@example.nl");
  AddPerson("gijs@example.nl");
  Allow(anna);
  Allow(bert, "2026-01-01T00:00:00Z", At("2026-06-30T10:00:00Z"));  // withdrawn this very moment
  Allow(carl, "2026-01-01T00:00:00Z", At("2026-06-30T10:00:01Z"));  // not yet
  Allow(dora, "2026-06-30T10:00:01Z");                              // not yet given
  Add(Consent{.party = emma,
              .purpose = "newsletter",
              .channel = Channel::kLetter,
              .given_at = At("2026-01-01T00:00:00Z")});
  Add(Consent{.party = fred,
              .purpose = "newsletter",
              .channel = Channel::kEmail,
              .legal_basis = LegalBasis::kContract,
              .given_at = At("2026-01-01T00:00:00Z")});
  Add(Consent{.party = fred, .purpose = "invitations", .given_at = At("2026-01-01T00:00:00Z")});
  EXPECT_EQ(Told("person", 8, Newsletter()),
            "anna@example.nl; consent withdrawn; carl@example.nl; no consent; no consent; fred@example.nl; "
            "no consent; gone");
  // That is what consent(…) says of each, too.
  for (RecordId id = 1; id <= 7; ++id) {
    EXPECT_EQ(HasConsent(id), id == 1 || id == 3 || id == 6) << id;
  }
  // What was withdrawn and given again is given.
  Allow(bert, "2026-06-30T09:00:00Z");
  EXPECT_THAT(Told("person", 2, Newsletter()), HasSubstr("bert@example.nl"));

  AudienceSpec opt_out = Newsletter();
  opt_out.rule = ConsentRule::kOptOut;
  Allow(dora, "2026-01-01T00:00:00Z", At("2026-02-01T00:00:00Z"));
  EXPECT_EQ(Told("person", 7, opt_out),
            "anna@example.nl; bert@example.nl; carl@example.nl; consent withdrawn; emma@example.nl; "
            "fred@example.nl; gijs@example.nl");
}

TEST_F(AudienceTest, EveryReasonHasItsEvidence) {
  const auto anna = AddPerson("anna@example.nl");
  const auto bert = AddPerson("bert@example.nl");
  const auto consent = Allow(anna);
  const auto withdrawn = Allow(bert, "2026-01-01T00:00:00Z", At("2026-02-01T00:00:00Z"));
  last_ = 2;
  const Audience audience = Of("person", Newsletter());
  EXPECT_EQ(audience.entity, "person");
  ASSERT_EQ(audience.recipients.size(), 1U);
  EXPECT_EQ(audience.recipients[0], (Recipient{anna.value, "anna@example.nl", consent.value}));
  ASSERT_EQ(audience.left_out.size(), 1U);
  EXPECT_EQ(audience.left_out[0].evidence.id, withdrawn.value);
  EXPECT_EQ(audience.counts[static_cast<size_t>(Reason::kWithdrawn)], 1U);
  EXPECT_EQ(ReasonCode(Reason::kNoConsent), "no_consent");
}

TEST_F(AudienceTest, ConsentOfARelationStandsInForItsPeople) {
  const auto bakery = Add(Relation{.name = "Bakkerij", .email = "info@bakkerij.nl"});
  const auto mill = Add(Relation{.name = "Molen", .email = "info@molen.nl"});
  AddPerson("anna@example.nl", {bakery});
  const auto bert = AddPerson("bert@example.nl", {bakery});
  AddPerson("carl@example.nl", {mill});
  AddPerson("dora@example.nl", {bakery, mill});
  Allow(bakery);
  Allow(bert, "2026-01-01T00:00:00Z", At("2026-02-01T00:00:00Z"));  // a person's own comes first
  EXPECT_EQ(Told("person", 4, Newsletter()),
            "anna@example.nl; consent withdrawn; no consent; dora@example.nl");
  EXPECT_EQ(Told("relation", 2, Newsletter()), "info@bakkerij.nl; no consent");
}

TEST_F(AudienceTest, ObjectionsHoldUntilConsentIsGivenAgain) {
  const auto campaign = Add(Campaign{.name = "May", .purpose = "newsletter"});
  const auto letters = Add(Campaign{.name = "Post", .channel = Channel::kLetter, .purpose = "newsletter"});
  const auto other = Add(Campaign{.name = "Fair", .purpose = "invitations"});
  const char* kObjections[] = {"newsletter", "email", "newsletter/email", "all", "phone", "invitations"};
  for (const char* value : kObjections) {
    const auto person = AddPerson(StrCat(value, "@example.nl"));
    Allow(person);
    Add(Preference{.party = person,
                   .topic = std::string(kObjectionTopic),
                   .value = std::string(value),
                   .set_at = At("2026-03-01T00:00:00Z")});
  }
  const auto unsubscribe = [&](Id<Campaign> from, std::string_view at) {
    const auto person = AddPerson(StrCat("u", at, "@example.nl"));
    Allow(person, "2026-04-01T00:00:00Z");
    Add(CampaignTouch{.campaign = from, .person = person, .event = TouchEvent::kUnsubscribed, .at = At(at)});
  };
  unsubscribe(campaign, "2026-05-01T00:00:00Z");  // 7
  unsubscribe(letters, "2026-05-02T00:00:00Z");
  unsubscribe(other, "2026-05-03T00:00:00Z");
  unsubscribe(campaign, "2026-03-01T00:00:00Z");  // before consent was given
  unsubscribe(campaign, "2026-07-01T00:00:00Z");  // not yet
  last_ = 11;
  const Audience audience = Of("person", Newsletter());
  std::vector<RecordId> objected;
  for (const LeftOut& one : audience.left_out) {
    EXPECT_EQ(one.reason, Reason::kObjected) << one.id;
    objected.push_back(one.id);
  }
  EXPECT_THAT(objected, testing::ElementsAre(1, 2, 3, 4, 7));
}

TEST_F(AudienceTest, EveryoneNeedsAnAddressForTheChannel) {
  const auto bakery = Add(
      Relation{.name = "Bakkerij",
               .visiting = {.street = "Dam", .house_number = "1", .postcode = "1012 JS", .city = "Amsterdam"},
               .phone = "020 123"});
  const auto mill = Add(Relation{.name = "Molen",
                                 .visiting = {.street = "Dam", .house_number = "1"},
                                 .postal = {.street = "Postbus 12", .city = "Zaandam", .country = "NL"}});
  Add(Relation{.name = "Nergens", .email = "none"});
  AudienceSpec spec = Newsletter();
  spec.rule = ConsentRule::kOptOut;
  EXPECT_EQ(Told("relation", 3, spec), "no address; no address; no address");
  spec.channel = Channel::kPhone;
  EXPECT_EQ(Told("relation", 3, spec), "020 123; no address; no address");
  spec.channel = Channel::kLetter;
  EXPECT_EQ(Told("relation", 3, spec), "Dam 1, 1012 JS Amsterdam; Postbus 12, Zaandam, NL; no address");
  Add(Person{.relations = {bakery}, .mobile = "06 123"});
  Add(Person{.relations = {mill}, .left_on = Date::Parse("2026-06-30").value()});
  Add(Person{.relations = {mill}, .left_on = Date::Parse("2026-07-01").value()});
  EXPECT_EQ(Told("person", 3, spec), "Dam 1, 1012 JS Amsterdam; gone; Postbus 12, Zaandam, NL");
  spec.channel = Channel::kPhone;
  EXPECT_EQ(Told("person", 1, spec), "06 123");
  spec.channel = Channel::kVisit;
  EXPECT_EQ(Told("relation", 3, spec), "; ; ");
}

TEST_F(AudienceTest, OneOfThoseWhoCountAsOne) {
  const auto home = Add(Relation{
      .name = "Fam. De Vries",
      .visiting = {.street = "Kerkstraat", .house_number = "5 A", .postcode = "3511 AB", .city = "Utrecht"}});
  const auto same = Add(Relation{
      .name = "J. de Vries",
      .postal = {.street = "Kerkstr.", .house_number = "5a", .postcode = "3511ab", .city = "UTRECHT"}});
  const auto else_where = Add(Relation{
      .name = "X",
      .visiting = {.street = "Kerkstraat", .house_number = "7", .postcode = "3511 AB", .city = "Utrecht"}});
  AddPerson("jan@example.nl", {home});          // without consent
  Allow(AddPerson("ria@example.nl", {home}));   // 2
  Allow(AddPerson("Ria@Example.nl", {same}));   // 3: the same address for email, and the same household
  Allow(AddPerson("piet@example.nl", {home}));  // 4
  Allow(AddPerson("x@example.nl", {else_where}));
  AudienceSpec spec = Newsletter();
  EXPECT_EQ(Told("person", 5, spec),
            "no consent; ria@example.nl; another is written to; piet@example.nl; x@example.nl");
  spec.one_per = OnePer::kRelation;
  EXPECT_EQ(Told("person", 5, spec),
            "no consent; ria@example.nl; Ria@Example.nl; another is written to; x@example.nl");
  spec.one_per = OnePer::kHousehold;
  EXPECT_EQ(Told("person", 5, spec),
            "no consent; ria@example.nl; another is written to; another is written to; x@example.nl");
  last_ = 5;
  const Audience audience = Of("person", spec);
  EXPECT_EQ(audience.left_out.back().evidence.id, 2U);
  EXPECT_EQ(audience.counts[static_cast<size_t>(Reason::kSecond)], 2U);

  AudienceSpec letters{.purpose = "newsletter",
                       .channel = Channel::kLetter,
                       .rule = ConsentRule::kOptOut,
                       .one_per = OnePer::kHousehold};
  EXPECT_EQ(Told("relation", 3, letters),
            "Kerkstraat 5 A, 3511 AB Utrecht; another is written to; Kerkstraat 7, 3511 AB Utrecht");
}

TEST_F(AudienceTest, NobodyIsWrittenToTooOften) {
  const auto bakery = Add(Relation{.name = "Bakkerij"});
  const auto anna = AddPerson("anna@example.nl", {bakery});
  const auto bert = AddPerson("bert@example.nl", {bakery});
  Allow(anna);
  Allow(bert);
  const auto campaign = Add(Campaign{.name = "Any", .purpose = "invitations"});
  const auto touch = [&](Id<Person> person, TouchEvent event, std::string_view at) {
    return Add(CampaignTouch{
        .campaign = campaign, .relation = bakery, .person = person, .event = event, .at = At(at)});
  };
  touch(anna, TouchEvent::kSent, "2026-06-20T21:59:59Z");  // the end of the 20th in Amsterdam
  touch(anna, TouchEvent::kOpened, "2026-06-29T10:00:00Z");
  touch(anna, TouchEvent::kSent, "2026-06-30T10:00:01Z");  // not yet
  AudienceSpec spec = Newsletter();
  spec.limit = FrequencyLimit{.at_most = 1, .days = 10};  // since the 21st
  EXPECT_EQ(Told("person", 2, spec), "anna@example.nl; bert@example.nl");
  spec.limit->days = 11;
  EXPECT_EQ(Told("person", 2, spec), "written to too often; bert@example.nl");
  const auto second = touch(anna, TouchEvent::kSent, "2026-06-28T10:00:00Z");
  spec.limit = FrequencyLimit{.at_most = 2, .days = 30};
  EXPECT_EQ(Told("person", 2, spec), "written to too often; bert@example.nl");
  spec.limit->at_most = 3;
  EXPECT_EQ(Told("person", 2, spec), "anna@example.nl; bert@example.nl");
  // Per relation, what any of its people got counts, each message once.
  spec.one_per = OnePer::kRelation;
  EXPECT_EQ(Told("person", 2, spec), "anna@example.nl; another is written to");
  spec.limit->at_most = 2;
  EXPECT_EQ(Told("person", 2, spec), "written to too often; written to too often");
  last_ = 2;
  EXPECT_EQ(Of("person", spec).left_out[1].evidence.id, second.value);
  spec.limit->at_most = 0;
  EXPECT_EQ(Told("person", 2, spec), "written to too often; written to too often");
}

TEST_F(AudienceTest, IsOfTheMembersOfASegment) {
  for (const char* name : {"anna", "bert", "carl"}) Allow(AddPerson(StrCat(name, "@example.nl")));
  const auto define = [&](std::string_view entity, std::string_view name) {
    ASSERT_TRUE(store_
                    ->ChangeSchema([&](schema::Catalogue& catalogue) {
                      return catalogue.DefineSegment(entity, name, "true", "");
                    })
                    .ok());
  };
  define("person", "readers");
  define("order", "orders");
  store::Snapshot now = store_->Read().value();
  EXPECT_TRUE(absl::IsFailedPrecondition(AudienceOf(now, "readers", Newsletter()).status()));
  store::test::ToldMembers members;
  for (const char* name : {"readers", "orders"}) {
    members.of[now.schema().catalogue().FindSegment(name)->id] = {1, 3};
  }
  now.set_membership(&members);
  const StatusOr<Audience> audience = AudienceOf(now, "readers", Newsletter());
  ASSERT_TRUE(audience.ok()) << audience.status();
  EXPECT_EQ(audience->entity, "person");
  ASSERT_EQ(audience->recipients.size(), 2U);
  EXPECT_EQ(audience->recipients[0].address, "anna@example.nl");
  EXPECT_EQ(audience->recipients[1].address, "carl@example.nl");
  EXPECT_THAT(std::string(ToStd(AudienceOf(now, "orders", Newsletter()).status().message())),
              HasSubstr("the segment 'orders': an audience is of persons or relations"));
}

TEST_F(AudienceTest, WhatMakesNoSenseIsRefused) {
  const store::Snapshot now = store_->Read().value();
  const auto refused = [&](std::string_view entity, const AudienceSpec& spec) {
    return std::string(ToStd(AudienceOf(now, entity, std::span<const RecordId>(), spec).status().message()));
  };
  EXPECT_THAT(refused("order", Newsletter()), HasSubstr("an audience is of persons or relations"));
  EXPECT_THAT(refused("person", {}), HasSubstr("an audience is for a purpose"));
  AudienceSpec spec = Newsletter();
  spec.limit = FrequencyLimit{.at_most = 1, .days = 0};
  EXPECT_THAT(refused("person", spec), HasSubstr("found 0"));
  EXPECT_TRUE(absl::IsNotFound(AudienceOf(now, "no such segment", Newsletter()).status()));
}

}  // namespace
}  // namespace relata::audience
