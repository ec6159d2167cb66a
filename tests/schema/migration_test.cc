// What becomes of a store when the structs of its host change: additions are applied, differences refused in
// words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/strings.h"
#include "relata/schema/declare.h"
#include "src/schema/catalogue.h"
#include "tests/schema/fleet.h"
#include "tests/schema/host.h"

namespace relata::schema {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The next version of a host's struct.
EntityDeclaration Next(const EntityDeclaration& before,
                       const std::function<void(EntityDeclaration*)>& change) {
  EntityDeclaration next = before;
  change(&next);
  return next;
}

// What a store of today's structs says to the next version of Truck or Depot; the store stays as it was.
std::string Refusal(const EntityDeclaration& next) {
  Catalogue fleet = Fleet();
  const std::string before = fleet.Encode();
  const StatusOr<Changes> changes = fleet.Apply({&next});
  EXPECT_TRUE(absl::IsFailedPrecondition(changes.status())) << changes.status();
  EXPECT_EQ(fleet.Encode(), before);
  return std::string(ToStd(changes.status().message()));
}

TEST(MigrationTest, ANewStoreTakesOnItsStructs) {
  Catalogue fleet;
  const StatusOr<Changes> changes = fleet.Apply({&Truck(), &Depot()});
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_TRUE(changes->any);
  EXPECT_EQ(changes->new_types.size(), 2u);
  EXPECT_THAT(changes->to_verify, IsEmpty());
  const EntityType& truck = *fleet.Find("truck");
  const EntityType& depot = *fleet.Find("depot");
  EXPECT_EQ(changes->new_indexes.size(), truck.indexes.size() + depot.indexes.size());

  std::vector<std::string> names;
  for (const Field& field : truck.fields) names.push_back(field.name);
  EXPECT_THAT(names,
              ElementsAre("created_at", "updated_at", "plate", "home.city", "home.street", "home.position",
                          "fuel", "licences", "tags", "depot", "tonnes", "price", "price_base", "currency",
                          "toll", "sold", "axles", "wear", "built", "driven"));
  std::vector<std::string> indexes;
  for (const Index& index : truck.indexes) indexes.push_back(index.name);
  EXPECT_THAT(indexes, ElementsAre("depot", "plate", "home.city,-built", "folded(home.street) nulls last"));
  EXPECT_TRUE(truck.FindIndex("plate")->unique);
  EXPECT_EQ(depot.FindIndex("collated(name)")->parts[0].locale, "nl");
  EXPECT_EQ(truck.fields[*truck.moment].name, "built");
  EXPECT_EQ(truck.description, "A lorry.");
  EXPECT_THAT(truck.FindField("depot")->targets, ElementsAre(depot.id));
  EXPECT_THAT(depot.FindField("sponsor")->targets, ElementsAre(truck.id, depot.id));
  EXPECT_EQ(truck.FindField("toll")->currency, Currency::Eur());
  EXPECT_FALSE(truck.FindField("toll")->base_amount.has_value());
}

TEST(MigrationTest, TheSameStructsAgainChangeNothing) {
  Catalogue fleet = Fleet();
  const std::string before = fleet.Encode();
  const StatusOr<Changes> changes = fleet.Apply({&Truck(), &Depot(), &Truck()});
  ASSERT_TRUE(changes.ok());
  EXPECT_FALSE(changes->any);
  EXPECT_EQ(fleet.Encode(), before);
}

TEST(MigrationTest, MembersAreAddedTogetherAsOneVersion) {
  Catalogue fleet = Fleet();
  const EntityDeclaration next = Next(Truck(), [](EntityDeclaration* truck) {
    truck->members.push_back({.name = "colour", .offset = 9001, .options = {.default_value = "white"}});
    truck->members.push_back({.name = "seats", .offset = 9002, .type = ValueType::kInt64});
    truck->indexes.push_back({.parts = {{.offset = 9001}}});
  });
  const StatusOr<Changes> changes = fleet.Apply({&next, &Depot()});
  ASSERT_TRUE(changes.ok()) << changes.status();
  const EntityType& truck = *fleet.Find("truck");
  EXPECT_EQ(truck.version, 2);
  EXPECT_EQ(truck.FindField("colour")->added_in, 2);
  EXPECT_EQ(truck.FindField("colour")->frozen_bytes, "white");
  EXPECT_EQ(truck.FindField("seats")->added_in, 2);
  ASSERT_EQ(changes->new_indexes.size(), 1u);
  EXPECT_EQ(changes->new_indexes[0].index, truck.FindIndex("colour")->id);
  EXPECT_EQ(fleet.Find("depot")->version, 1);
}

TEST(MigrationTest, ALaterDefaultLeavesTheFrozenOne) {
  Catalogue fleet = Fleet();
  const auto with_default = [](const char* colour) {
    return Next(Truck(), [&](EntityDeclaration* truck) {
      truck->members.push_back({.name = "colour", .offset = 9001, .options = {.default_value = colour}});
    });
  };
  const EntityDeclaration white = with_default("white");
  const EntityDeclaration red = with_default("red");
  ASSERT_TRUE(fleet.Apply({&white}).ok());
  ASSERT_TRUE(fleet.Apply({&red}).ok());
  EXPECT_EQ(fleet.Find("truck")->FindField("colour")->options.default_value, Value("red"));
  EXPECT_EQ(fleet.Find("truck")->FindField("colour")->frozen_bytes, "white");
}

TEST(MigrationTest, WhatAStructLacksStays) {
  Catalogue fleet = Fleet();
  ASSERT_TRUE(fleet.AddField("truck", {.name = "nickname"}).ok());
  ASSERT_TRUE(fleet.AddLabel("truck", "fuel", "hybrid").ok());
  const EntityDeclaration less = Next(Truck(), [](EntityDeclaration* truck) {
    truck->members.pop_back();
    truck->indexes.clear();
  });
  const StatusOr<Changes> changes = fleet.Apply({&less});
  ASSERT_TRUE(changes.ok());
  EXPECT_FALSE(changes->any);
  EXPECT_NE(fleet.Find("truck")->FindField("driven"), nullptr);
  EXPECT_NE(fleet.Find("truck")->FindField("nickname"), nullptr);
  EXPECT_NE(fleet.Find("truck")->FindIndex("plate"), nullptr);
  EXPECT_NE(fleet.Find("truck")->FindField("fuel")->FindLabel("hybrid"), nullptr);
}

TEST(MigrationTest, ACustomFieldIsAdopted) {
  Catalogue fleet = Fleet();
  ASSERT_TRUE(fleet.AddField("truck", {.name = "nickname"}).ok());
  const FieldId slot = fleet.Find("truck")->FindField("nickname")->id;
  const EntityDeclaration next = Next(Truck(), [](EntityDeclaration* truck) {
    truck->members.push_back(
        {.name = "nickname", .offset = 9001, .nullable = true, .options = {.description = "Pet."}});
  });
  const StatusOr<Changes> changes = fleet.Apply({&next});
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_EQ(fleet.Find("truck")->FindField("nickname")->id, slot);
  EXPECT_EQ(fleet.Find("truck")->FindField("nickname")->options.description, "Pet.");
  EXPECT_EQ(fleet.Find("truck")->version, 2);  // that of AddField
}

TEST(MigrationTest, LabelsTargetsAndOptionsAreTakenOn) {
  Catalogue fleet = Fleet();
  const EntityDeclaration next = Next(Truck(), [](EntityDeclaration* truck) {
    truck->description = "A lorry or van.";
    Member(truck, "fuel").labels.push_back({9, "hydrogen"});
    Member(truck, "wear").options.sensitive = true;
    Member(truck, "price").options.sensitive = true;
    Member(truck, "depot").inverse = "lorries";
    Member(truck, "depot").on_delete = OnDelete::kRestrict;
  });
  const StatusOr<Changes> changes = fleet.Apply({&next});
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_TRUE(changes->any);
  EXPECT_THAT(changes->to_verify, IsEmpty());
  const EntityType& truck = *fleet.Find("truck");
  EXPECT_EQ(truck.version, 1);  // rows are as they were
  EXPECT_EQ(truck.description, "A lorry or van.");
  EXPECT_EQ(truck.FindField("fuel")->FindLabel("hydrogen")->code, 9);
  EXPECT_TRUE(truck.FindField("wear")->options.sensitive);
  EXPECT_TRUE(truck.FindField("price_base")->options.sensitive);
  EXPECT_EQ(truck.FindField("depot")->inverse, "lorries");
  EXPECT_EQ(truck.FindField("depot")->on_delete, OnDelete::kRestrict);
}

TEST(MigrationTest, AnAnyReferenceMayLearnFurtherTypes) {
  Catalogue fleet;
  EntityDeclaration place{.name = "place"};
  place.members = {{.name = "of", .offset = 8, .type = ValueType::kAnyReference, .nullable = true}};
  place.members[0].inverse = "places_of";
  place.members[0].targets = {[]() -> std::string_view { return "depot"; }};
  ASSERT_TRUE(fleet.Apply({&Truck(), &Depot(), &place}).ok());
  EntityDeclaration wider = place;
  wider.members[0].targets.push_back([]() -> std::string_view { return "truck"; });
  ASSERT_TRUE(fleet.Apply({&wider}).ok());
  EXPECT_THAT(fleet.Find("place")->FindField("of")->targets,
              ElementsAre(fleet.Find("depot")->id, fleet.Find("truck")->id));
  EXPECT_THAT(
      ToStd(fleet.Apply({&place}).status().message()),
      HasSubstr(
          "place.of: the struct declares no reference to truck, the store has one; name that entity too"));
}

TEST(MigrationTest, StricterRulesAreToBeVerified) {
  const auto verified = [](const std::function<void(EntityDeclaration*)>& change) {
    Catalogue fleet = Fleet();
    const EntityDeclaration next = Next(Truck(), change);
    const StatusOr<Changes> changes = fleet.Apply({&next});
    EXPECT_TRUE(changes.ok()) << changes.status();
    std::vector<std::string> fields;
    if (!changes.ok()) return fields;
    for (const Changes::ToVerify& verify : changes->to_verify)
      fields.push_back(fleet.Find(verify.type)->fields[verify.field].name);
    return fields;
  };
  EXPECT_THAT(verified([](auto* t) { Member(t, "home.city").options.required = true; }),
              ElementsAre("home.city"));
  EXPECT_THAT(verified([](auto* t) { Member(t, "plate").options.max_length = 7; }), ElementsAre("plate"));
  EXPECT_THAT(verified([](auto* t) { Member(t, "plate").options.max_length = 9; }), IsEmpty());
  EXPECT_THAT(verified([](auto* t) { Member(t, "plate").options.min_length = 2; }), ElementsAre("plate"));
  EXPECT_THAT(verified([](auto* t) { Member(t, "plate").options.pattern = "[A-Z]+"; }), ElementsAre("plate"));
  EXPECT_THAT(verified([](auto* t) { Member(t, "axles").options.min_value = 2; }), ElementsAre("axles"));
  EXPECT_THAT(verified([](auto* t) { Member(t, "axles").options.max_value = 9; }), ElementsAre("axles"));
  EXPECT_THAT(verified([](auto* t) { Member(t, "plate").options.required = false; }), IsEmpty());
  EXPECT_THAT(verified([](auto* t) {
                t->members.push_back({.name = "owner", .offset = 9001, .options = {.required = true}});
              }),
              ElementsAre("owner"));
}

TEST(MigrationTest, ARangeMayWidenWithoutALook) {
  Catalogue fleet;
  const auto limited = [](int least, int most) {
    return Next(Truck(), [&](EntityDeclaration* truck) {
      Member(truck, "axles").options.min_value = least;
      Member(truck, "axles").options.max_value = most;
    });
  };
  const EntityDeclaration narrow = limited(2, 5);
  const EntityDeclaration wide = limited(1, 6);
  ASSERT_TRUE(fleet.Apply({&narrow, &Depot()}).ok());
  EXPECT_THAT(fleet.Apply({&wide}).value().to_verify, IsEmpty());
  EXPECT_EQ(fleet.Apply({&narrow}).value().to_verify.size(), 1u);
}

TEST(MigrationTest, RefusesAnotherType) {
  EXPECT_EQ(Refusal(Next(Truck(), [](auto* t) { Member(t, "axles").type = ValueType::kText; })),
            "truck.axles: the struct declares text, the store has int64; give the member another name, which "
            "adds a "
            "field, copy the values in an update, and drop 'axles' with DropField");
  EXPECT_THAT(
      Refusal(Next(Truck(), [](auto* t) { Member(t, "tonnes").scale = 3; })),
      HasSubstr("the struct declares decimal with 3 decimals, the store has decimal with 2 decimals"));
  EXPECT_THAT(
      Refusal(Next(Truck(), [](auto* t) { Member(t, "toll").currency = Currency::Parse("USD").value(); })),
      HasSubstr("the struct declares money in USD, the store has money in EUR"));
  EXPECT_THAT(Refusal(Next(Truck(), [](auto* t) { Member(t, "toll").currency = Currency(); })),
              HasSubstr("the struct declares money, the store has money in EUR"));
}

TEST(MigrationTest, RefusesAnotherNullability) {
  EXPECT_THAT(
      Refusal(Next(Depot(), [](auto* d) { Member(d, "docks").nullable = false; })),
      HasSubstr("depot.docks: the struct declares that it cannot be null, the store has a field that can be "
                "null; make the member a std::optional, or give the member another name"));
  EXPECT_THAT(Refusal(Next(Truck(), [](auto* t) { Member(t, "axles").nullable = true; })),
              HasSubstr("make the member plain, or give the member another name"));
}

TEST(MigrationTest, RefusesOtherLabels) {
  EXPECT_EQ(Refusal(Next(Truck(), [](auto* t) { Member(t, "fuel").labels[1].code = 4; })),
            "truck.fuel: the struct declares the label 'electric' with the code 4, the store has it with the "
            "code 3; "
            "give the enumerator that value: rows hold it");
  EXPECT_EQ(Refusal(Next(Truck(), [](auto* t) { Member(t, "fuel").labels[1].name = "battery"; })),
            "truck.fuel: the struct declares the label 'battery' with the code 3, the store has the label "
            "'electric' "
            "there; keep the enumerator, and give a new one a value of its own");
}

TEST(MigrationTest, RefusesAnotherTarget) {
  EXPECT_THAT(Refusal(Next(Truck(),
                           [](auto* t) {
                             Member(t, "depot").targets = {[]() -> std::string_view { return "truck"; }};
                           })),
              HasSubstr("truck.depot: the struct declares no reference to depot, the store has one"));
}

TEST(MigrationTest, RefusesAMemberThatTheEngineWrites) {
  EXPECT_THAT(
      Refusal(Next(Truck(),
                   [](auto* t) {
                     t->members.push_back({.name = "price_base",
                                           .offset = 9001,
                                           .type = ValueType::kMoney,
                                           .currency = Currency::Eur()});
                   })),
      HasSubstr("truck.price_base: the struct declares it as a member, the store has it as a field that the "
                "engine writes; give the member another name"));
}

TEST(MigrationTest, RefusesWhatNoStoreTakes) {
  Catalogue fleet;
  EXPECT_THAT(ToStd(fleet.Apply({&Truck()}).status().message()),
              HasSubstr("truck.depot: unknown entity 'depot'"));
  EXPECT_TRUE(fleet.types().empty());
  const EntityDeclaration twin = Truck();
  EXPECT_THAT(ToStd(fleet.Apply({&Truck(), &Depot(), &twin}).status().message()),
              HasSubstr("two structs declare the entity 'truck'"));
  const EntityDeclaration poor =
      Next(Truck(), [](auto* t) { Member(t, "currency").type = ValueType::kText; });
  EXPECT_THAT(ToStd(fleet.Apply({&poor, &Depot()}).status().message()),
              HasSubstr("truck.price: an amount without a currency of its own takes that of the record"));
  EXPECT_TRUE(fleet.types().empty());
  EXPECT_EQ(fleet.version(), 0u);
}

TEST(MigrationTest, AnOrderedIndexMayBecomeUnique) {
  Catalogue fleet = Fleet();
  const EntityDeclaration next = Next(Truck(), [](auto* t) {
    t->indexes.push_back({.unique = true, .parts = {t->indexes[1].parts[0]}});  // home.city
    t->indexes.push_back({.unique = true, .parts = t->indexes[1].parts});       // home.city,-built
  });
  const StatusOr<Changes> changes = fleet.Apply({&next});
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_EQ(changes->new_indexes.size(), 2u);
  EXPECT_TRUE(fleet.Find("truck")->FindIndex("home.city")->unique);
  EXPECT_TRUE(fleet.Find("truck")->FindIndex("home.city,-built unique")->unique);
  EXPECT_FALSE(fleet.Find("truck")->FindIndex("home.city,-built")->unique);
}

TEST(MigrationTest, AnIndexIsKnownByItsParts) {
  Catalogue fleet = Fleet();
  ASSERT_TRUE(fleet.DropIndex("truck", "plate").ok());
  ASSERT_TRUE(fleet.AddIndex("truck", {.name = "number plates", .parts = {"plate"}, .unique = true}).ok());
  EXPECT_FALSE(fleet.Apply({&Truck(), &Depot()}).value().any);
}

}  // namespace
}  // namespace relata::schema
