// The model is complete: every entity and field that a whole customer database holds is declared, with the
// labels, references and rules it should have. The checklist here was written from the description of the
// model, not from the structs.
#include "relata/crm/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/describe/members.hpp>
#include <boost/mp11/list.hpp>
#include <boost/pfr/tuple_size.hpp>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "relata/crm/crm.h"
#include "relata/schema/declare.h"

namespace relata::crm {
namespace {

struct Listed {
  const char* entity;
  const char* moment;
  const char* fields;  // separated by spaces
};

const Listed kChecklist[] = {
    {"relation", "acquisition.acquired_on",
     "number name trade_names legal_form kvk_number establishment_number vat_number iban visiting.street "
     "visiting.house_number visiting.postcode visiting.city visiting.region visiting.country postal.street "
     "postal.house_number postal.postcode postal.city postal.region postal.country billing.street "
     "billing.house_number billing.postcode billing.city billing.region billing.country phone email website "
     "language "
     "industry_code industry parent account_manager acquisition.source acquisition.acquired_on roles "
     "credit_status "
     "credit_limit currency payment_term_days tags location lifecycle_override lifecycle_override_reason "
     "source"},
    {"person", "created_at",
     "relations salutation initials first_name particle last_name job_title dmu_role birth_date phone mobile "
     "other_phones email other_emails language left_on"},
    {"affiliation", "since", "from kind to since until"},
    {"user", "created_at", "name email phone job_title team manager left_on"},
    {"team", "created_at", "name lead"},
    {"data_steward", "created_at", "user entity_type source"},
    {"interaction", "at",
     "channel direction at duration relation persons user subject notes outcome next_action next_action_on"},
    {"task", "due_on", "title due_on done_on user relation person"},
    {"document", "dated_on", "title kind address hash relation project"},
    {"project", "starts_on", "number name relation manager status starts_on ends_on"},
    {"lead", "received_on", "name company email phone status source owner opportunity received_on"},
    {"opportunity", "opened_on",
     "relation pipeline stage probability expected_revenue expected_close_on owner source competitor outcome "
     "reason"},
    {"pipeline", "created_at", "name"},
    {"stage", "created_at", "pipeline name position probability"},
    {"quote", "quoted_on",
     "number relation person user status quoted_on valid_until total vat currency source"},
    {"order", "ordered_on",
     "number relation person user quote status ordered_on delivered_on total vat currency source freight "
     "carrier"},
    {"order_line", "ordered_on",
     "order line product description quantity unit_price discount amount currency"},
    {"invoice", "invoiced_on",
     "number relation order status invoiced_on due_on paid_on total vat paid currency source"},
    {"payment", "paid_on", "number relation invoice paid_on amount currency method"},
    {"product", "introduced_on",
     "code name kind category module package theme parent supplier unit_price unit_cost"},
    {"installed_product", "since", "relation product since until quantity serial_number"},
    {"interest", "since", "relation person product theme level"},
    {"contract", "starts_on",
     "number relation kind sla starts_on ends_on notice_period_days renews_on value currency status"},
    {"ticket", "opened_at",
     "number relation person kind priority status opened_at first_answer_at resolved_at sla product"},
    {"survey_response", "at", "relation person ticket nps csat at comment"},
    {"campaign", "starts_on", "name kind subject starts_on budget cost currency"},
    {"campaign_touch", "at", "campaign relation person event at"},
    {"consent", "given_at", "party purpose channel legal_basis given_at withdrawn_at evidence wording"},
    {"preference", "set_at", "party topic value"},
    {"source", "created_at", "code name location storage responsible code_used records_payments"},
    {"external_key", "created_at", "source entity_type code record"},
};

const EntityDeclaration& Named(std::string_view name) {
  for (const EntityDeclaration* declaration : ModelDeclarations()) {
    if (declaration->name == name) return *declaration;
  }
  ADD_FAILURE() << "no entity " << name;
  return *ModelDeclarations().front();
}

const MemberDeclaration* Find(const EntityDeclaration& declaration, std::string_view field) {
  for (const MemberDeclaration& member : declaration.members) {
    if (member.name == field) return &member;
  }
  return nullptr;
}

const MemberDeclaration& Field(std::string_view entity, std::string_view field) {
  const MemberDeclaration* member = Find(Named(entity), field);
  EXPECT_NE(member, nullptr) << entity << '.' << field;
  return *member;
}

std::vector<std::string> Labels(std::string_view entity, std::string_view field) {
  std::vector<std::string> labels;
  for (const Label& label : Field(entity, field).labels) labels.push_back(label.name);
  return labels;
}

// Type ids in stores that exist follow this order: a new type goes to the end, in the model and here.
TEST(Model, ItsEntitiesStandInTheOrderThatNeverChanges) {
  ASSERT_EQ(ModelDeclarations().size(), std::size(kChecklist));
  for (size_t i = 0; i < std::size(kChecklist); ++i) {
    EXPECT_EQ(ModelDeclarations()[i]->name, kChecklist[i].entity);
  }
}

TEST(Model, HasEveryFieldOfTheChecklist) {
  for (const Listed& listed : kChecklist) {
    std::istringstream fields(listed.fields);
    for (std::string field; fields >> field;) {
      EXPECT_NE(Find(Named(listed.entity), field), nullptr) << listed.entity << '.' << field;
    }
  }
}

TEST(Model, EveryEntityIsDatedDescribedAndHasItsMoment) {
  for (const Listed& listed : kChecklist) {
    const EntityDeclaration& declaration = Named(listed.entity);
    EXPECT_FALSE(declaration.description.empty()) << listed.entity;
    for (const char* field : {"created_at", "updated_at"}) {
      const MemberDeclaration* member = Find(declaration, field);
      ASSERT_NE(member, nullptr) << listed.entity << '.' << field;
      EXPECT_EQ(member->type, ValueType::kTimestamp) << listed.entity << '.' << field;
      EXPECT_FALSE(member->nullable) << listed.entity << '.' << field;
    }
    ASSERT_TRUE(declaration.moment.has_value()) << listed.entity;
    const MemberDeclaration* moment = declaration.At(*declaration.moment);
    ASSERT_NE(moment, nullptr) << listed.entity;
    EXPECT_EQ(moment->name, listed.moment) << listed.entity;
    EXPECT_TRUE(moment->type == ValueType::kDate || moment->type == ValueType::kTimestamp) << listed.entity;
  }
}

// A member left out of BOOST_DESCRIBE_STRUCT would silently not be stored.
template <class T>
void ExpectAllMembersDescribed() {
  using Described = boost::describe::describe_members<T, boost::describe::mod_public>;
  EXPECT_EQ(boost::mp11::mp_size<Described>::value, boost::pfr::tuple_size_v<T>)
      << RelataEntityName(static_cast<const T*>(nullptr));
}
template <class... Ts>
void ExpectAllMembersDescribedOf(const AnyRef<Ts...>*) {
  (ExpectAllMembersDescribed<Ts>(), ...);
}

TEST(Model, EveryMemberIsDescribed) {
  ExpectAllMembersDescribedOf(static_cast<const AnyRecord*>(nullptr));
  ExpectAllMembersDescribed<ExternalKey>();
}

TEST(Model, EveryReferenceNamesItsInverseOncePerTarget) {
  const std::set<std::string_view> names = [] {
    std::set<std::string_view> all;
    for (const EntityDeclaration* declaration : ModelDeclarations()) all.insert(declaration->name);
    return all;
  }();
  std::map<std::string, std::string> seen;  // "relation.orders" -> "order.relation"
  size_t references = 0;
  for (const EntityDeclaration* declaration : ModelDeclarations()) {
    for (const MemberDeclaration& member : declaration->members) {
      for (const auto& target : member.targets) {
        ++references;
        EXPECT_TRUE(names.contains(target())) << target();
        const std::string from = declaration->name + "." + member.name;
        const std::string inverse = std::string(target()) + "." + member.inverse;
        EXPECT_FALSE(member.inverse.empty()) << from;
        EXPECT_EQ(Find(Named(target()), member.inverse), nullptr) << inverse << " is a field too";
        const auto [at, fresh] = seen.emplace(inverse, from);
        EXPECT_TRUE(fresh) << inverse << " is the inverse of both " << at->second << " and " << from;
        EXPECT_TRUE(member.on_delete.has_value()) << from;
      }
    }
  }
  EXPECT_GT(references, 100u);
}

TEST(Model, InversesReadAsPeopleSpeak) {
  const std::map<std::string, std::string> expected = {
      {"order.relation", "orders"},
      {"order_line.order", "lines"},
      {"person.relations", "contacts"},
      {"interaction.relation", "interactions"},
      {"interaction.persons", "interactions"},
      {"relation.parent", "children"},
      {"invoice.relation", "invoices"},
      {"payment.invoice", "payments"},
      {"stage.pipeline", "stages"},
      {"campaign_touch.campaign", "touches"},
      {"consent.party", "consents"},
      {"external_key.record", "external_keys"},
      {"ticket.relation", "tickets"},
      {"contract.relation", "contracts"},
  };
  for (const auto& [field, inverse] : expected) {
    const size_t dot = field.find('.');
    EXPECT_EQ(Field(field.substr(0, dot), field.substr(dot + 1)).inverse, inverse) << field;
  }
}

TEST(Model, DeletionIsThoughtThrough) {
  const auto on_delete = [](std::string_view entity, std::string_view field) {
    return *Field(entity, field).on_delete;
  };
  for (const char* kept :
       {"order", "quote", "invoice", "payment", "contract", "opportunity", "ticket", "project", "document"}) {
    EXPECT_EQ(on_delete(kept, "relation"), OnDelete::kRestrict) << kept;
  }
  for (const char* gone : {"interaction", "task", "installed_product", "interest", "campaign_touch"}) {
    EXPECT_EQ(on_delete(gone, "relation"), OnDelete::kCascade) << gone;
  }
  EXPECT_EQ(on_delete("order_line", "order"), OnDelete::kCascade);
  EXPECT_EQ(on_delete("affiliation", "from"), OnDelete::kCascade);
  EXPECT_EQ(on_delete("affiliation", "to"), OnDelete::kCascade);
  EXPECT_EQ(on_delete("external_key", "record"), OnDelete::kCascade);
  EXPECT_EQ(on_delete("external_key", "source"), OnDelete::kRestrict);
  EXPECT_EQ(on_delete("interaction", "persons"), OnDelete::kClear);
  EXPECT_EQ(on_delete("person", "relations"), OnDelete::kClear);
  EXPECT_EQ(on_delete("order", "user"), OnDelete::kClear);
  EXPECT_EQ(on_delete("relation", "parent"), OnDelete::kClear);
}

TEST(Model, LabelsAreThoseOfTheField) {
  using testing::ElementsAre;
  using testing::IsSupersetOf;
  EXPECT_THAT(Labels("person", "dmu_role"), ElementsAre("decider", "influencer", "user", "buyer",
                                                        "budget_holder", "gatekeeper", "initiator"));
  EXPECT_THAT(Labels("interaction", "channel"),
              ElementsAre("phone", "email", "meeting", "visit", "letter", "chat", "social", "web"));
  EXPECT_THAT(Labels("interaction", "direction"), ElementsAre("inbound", "outbound"));
  EXPECT_THAT(Labels("consent", "legal_basis"),
              ElementsAre("consent", "contract", "legal_obligation", "vital_interests", "public_task",
                          "legitimate_interests"));
  EXPECT_EQ(Labels("consent", "channel"), Labels("interaction", "channel"));
  EXPECT_THAT(Labels("campaign_touch", "event"),
              ElementsAre("sent", "opened", "clicked", "registered", "attended", "bounced", "unsubscribed"));
  EXPECT_THAT(Labels("campaign", "kind"), IsSupersetOf({"newsletter", "mailing", "event"}));
  EXPECT_THAT(Labels("ticket", "kind"), ElementsAre("complaint", "question", "report"));
  EXPECT_THAT(Labels("relation", "roles"),
              IsSupersetOf({"supplier", "intermediary", "partner", "competitor"}));
  EXPECT_THAT(Labels("relation", "lifecycle_override"),
              ElementsAre("general", "suspect", "prospect", "inactive", "customer"));
  EXPECT_THAT(Labels("affiliation", "kind"),
              IsSupersetOf({"parent", "branch", "franchise", "reseller", "adviser", "competitor"}));
  EXPECT_THAT(Labels("opportunity", "outcome"), ElementsAre("open", "won", "lost"));
  EXPECT_THAT(Labels("interest", "level"), ElementsAre("low", "medium", "high"));
}

TEST(Model, MoneyStandsBesideItsCurrency) {
  for (const EntityDeclaration* declaration : ModelDeclarations()) {
    const auto is_money = [](const MemberDeclaration& m) { return m.type == ValueType::kMoney; };
    if (std::none_of(declaration->members.begin(), declaration->members.end(), is_money)) continue;
    const MemberDeclaration* currency = Find(*declaration, "currency");
    ASSERT_NE(currency, nullptr) << declaration->name;
    EXPECT_EQ(currency->type, ValueType::kCurrency) << declaration->name;
  }
  EXPECT_EQ(Field("order_line", "unit_price").scale, 4);
  EXPECT_EQ(Field("order_line", "quantity").scale, 3);
  EXPECT_EQ(Field("order_line", "discount").scale, 4);
}

// "relation: number!, folded(name), …" with ! for unique, as a person would list them.
std::string Indexes(std::string_view entity) {
  const EntityDeclaration& declaration = Named(entity);
  std::string all;
  for (const IndexDeclaration& index : declaration.indexes) {
    std::string parts;
    for (const IndexPartDeclaration& part : index.parts) {
      if (!parts.empty()) parts += '+';
      const std::string& name = declaration.At(part.offset)->name;
      parts += part.folding == Folding::kFolded  ? "folded(" + name + ")"
               : part.folding == Folding::kWords ? "words(" + name + ")"
                                                 : name;
    }
    all += (all.empty() ? "" : " ") + parts + (index.unique ? "!" : "");
  }
  return all;
}

TEST(Model, IndexesAreTheOnesPeopleNeed) {
  EXPECT_EQ(
      Indexes("relation"),
      "number! folded(name) words(name) words(trade_names) visiting.city visiting.postcode email kvk_number");
  EXPECT_EQ(Indexes("person"),
            "folded(last_name)+folded(first_name) words(last_name) words(first_name) email");
  EXPECT_EQ(Indexes("product"), "code folded(name) words(name)");
  EXPECT_EQ(Indexes("order"), "number ordered_on relation+ordered_on");
  EXPECT_EQ(Indexes("interaction"), "at relation+at");
  EXPECT_EQ(Indexes("external_key"), "source+entity_type+code!");
  EXPECT_EQ(Indexes("source"), "code!");
  EXPECT_EQ(Indexes("project"), "number!");
}

TEST(Model, OptionsSayWhatMustBeAndWhatIsKept) {
  EXPECT_TRUE(Field("opportunity", "stage").options.history);
  EXPECT_TRUE(Field("relation", "name").options.required);
  EXPECT_TRUE(Field("consent", "party").options.required);
  EXPECT_TRUE(Field("external_key", "record").options.required);
  EXPECT_TRUE(Field("relation", "iban").options.sensitive);
  EXPECT_TRUE(Field("person", "birth_date").options.sensitive);
  EXPECT_EQ(Field("survey_response", "nps").options.max_value, Value(10));
  // An order of nobody by name is one too; a contract is always with somebody.
  EXPECT_TRUE(Field("order", "relation").nullable);
  EXPECT_FALSE(Field("contract", "relation").nullable);
}

TEST(Model, AnExternalKeyNamesARecordOfAnyType) {
  std::set<std::string_view> targets;
  for (const auto& target : Field("external_key", "record").targets) targets.insert(target());
  for (const EntityDeclaration* declaration : ModelDeclarations()) {
    EXPECT_EQ(targets.contains(declaration->name), declaration->name != "external_key") << declaration->name;
  }
}

}  // namespace
}  // namespace relata::crm
