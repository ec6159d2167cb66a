// What a struct says about itself, and what stops a program whose declaration is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "relata/schema/declare.h"
#include "tests/schema/host.h"

namespace relata {
namespace {

using host::Depot;
using host::Truck;
using testing::ElementsAre;

const MemberDeclaration& Find(const EntityDeclaration& entity, std::string_view name) {
  for (const MemberDeclaration& member : entity.members) {
    if (member.name == name) return member;
  }
  ADD_FAILURE() << "no member " << name;
  return entity.members[0];
}

TEST(DeclarationTest, FlattensAStructInOrderOfDeclaration) {
  const EntityDeclaration& truck = DeclarationOf<Truck>();
  EXPECT_EQ(truck.name, "truck");
  EXPECT_EQ(truck.description, "A lorry.");
  EXPECT_EQ(truck.size, sizeof(Truck));
  EXPECT_EQ(truck.id_offset, offsetof(Truck, id));
  std::vector<std::string> names;
  for (const MemberDeclaration& member : truck.members) names.push_back(member.name);
  EXPECT_THAT(names, ElementsAre("created_at", "plate", "home.city", "home.street", "home.position", "fuel",
                                 "licences", "tags", "depot", "tonnes", "price", "currency", "toll", "sold",
                                 "axles", "wear", "built", "driven"));
  EXPECT_EQ(Find(truck, "plate").offset, offsetof(Truck, plate));
  EXPECT_EQ(Find(truck, "home.street").offset, offsetof(Truck, home) + offsetof(host::Place, street));
  EXPECT_EQ(Find(truck, "driven").offset, offsetof(Truck, driven));
  EXPECT_EQ(truck.At(offsetof(Truck, wear)), &Find(truck, "wear"));
  EXPECT_EQ(truck.At(offsetof(Truck, id)), nullptr);
}

TEST(DeclarationTest, KnowsEveryType) {
  const EntityDeclaration& truck = DeclarationOf<Truck>();
  EXPECT_EQ(Find(truck, "fuel").type, ValueType::kEnum);
  EXPECT_THAT(Find(truck, "fuel").labels,
              ElementsAre(Label{0, "diesel"}, Label{3, "electric"}, Label{7, "hydrogen_cell"}));
  EXPECT_EQ(Find(truck, "licences").type, ValueType::kLabelSet);
  EXPECT_THAT(Find(truck, "licences").labels,
              ElementsAre(Label{0, "b"}, Label{1, "c1"}, Label{63, "trailer"}));
  EXPECT_EQ(Find(truck, "tonnes").type, ValueType::kDecimal);
  EXPECT_EQ(Find(truck, "tonnes").scale, 2);
  EXPECT_EQ(Find(truck, "toll").currency, Currency::Eur());
  EXPECT_TRUE(Find(truck, "price").currency.is_none());
  EXPECT_EQ(Find(truck, "axles").type, ValueType::kInt64);
  const EntityDeclaration& depot = DeclarationOf<Depot>();
  for (const MemberDeclaration& member : depot.members) {
    EXPECT_EQ(member.nullable, member.name != "name" && member.name != "neighbours") << member.name;
  }
  EXPECT_EQ(Find(depot, "sponsor").type, ValueType::kAnyReference);
  EXPECT_EQ(Find(depot, "share").scale, 4);
  EXPECT_EQ(Find(depot, "needed").labels.size(), 3u);
}

TEST(DeclarationTest, ReferencesMayRunInARing) {
  const MemberDeclaration& depot = Find(DeclarationOf<Truck>(), "depot");
  ASSERT_EQ(depot.targets.size(), 1u);
  EXPECT_EQ(depot.targets[0](), "depot");
  const MemberDeclaration& sponsor = Find(DeclarationOf<Depot>(), "sponsor");
  ASSERT_EQ(sponsor.targets.size(), 2u);
  EXPECT_EQ(sponsor.targets[0](), "truck");
  EXPECT_EQ(sponsor.targets[1](), "depot");
}

TEST(DeclarationTest, ReferencesHaveAnInverseAndARuleForDeletion) {
  EXPECT_EQ(Find(DeclarationOf<Truck>(), "depot").inverse, "fleet");
  EXPECT_EQ(Find(DeclarationOf<Truck>(), "depot").on_delete, OnDelete::kCascade);
  EXPECT_EQ(Find(DeclarationOf<Depot>(), "neighbours").inverse, "depots");
  EXPECT_EQ(Find(DeclarationOf<Depot>(), "neighbours").on_delete, OnDelete::kClear);
  EXPECT_EQ(Find(DeclarationOf<Depot>(), "flagship").on_delete, OnDelete::kClear);
}

TEST(DeclarationTest, OptionsReachTheirMembers) {
  const EntityDeclaration& truck = DeclarationOf<Truck>();
  EXPECT_TRUE(Find(truck, "plate").options.required);
  EXPECT_EQ(Find(truck, "plate").options.max_length, 8u);
  ASSERT_EQ(truck.indexes.size(), 3u);
  EXPECT_TRUE(truck.indexes[0].unique);
  EXPECT_EQ(truck.indexes[1].parts[0].offset, offsetof(Truck, home) + offsetof(host::Place, city));
  EXPECT_TRUE(truck.indexes[1].parts[1].descending);
  EXPECT_TRUE(truck.indexes[2].parts[0].nulls_last);
  EXPECT_EQ(truck.indexes[2].parts[0].folding, Folding::kFolded);
  EXPECT_EQ(truck.moment, offsetof(Truck, built));
}

TEST(DeclarationTest, LabelNames) {
  EXPECT_EQ(internal::LabelName("kBudgetHolder"), "budget_holder");
  EXPECT_EQ(internal::LabelName("kB2B"), "b2b");
  EXPECT_EQ(internal::LabelName("kQ1Report"), "q1_report");
  EXPECT_EQ(internal::LabelName("kNPSScore"), "nps_score");
  EXPECT_EQ(internal::LabelName("kHTTP"), "http");
  EXPECT_EQ(internal::LabelName("kilo"), "kilo");
  EXPECT_EQ(internal::LabelName("Gold"), "Gold");
  EXPECT_EQ(internal::LabelName("k"), "k");
}

EntityDeclaration Declared(std::vector<MemberDeclaration> members) {
  EntityDeclaration declaration;
  declaration.name = "thing";
  declaration.members = std::move(members);
  return declaration;
}

TEST(DeclarationDeathTest, SaysWhichEntityAndMember) {
  EntityDeclaration wrong = Declared({{.name = "created_at", .offset = 8, .type = ValueType::kDate}});
  EXPECT_DEATH(internal::FinishDeclaration(&wrong),
               "member 'created_at' of entity 'thing'.*relata::Timestamp");
  wrong = Declared({{.name = "a", .offset = 8}, {.name = "a", .offset = 16}});
  EXPECT_DEATH(internal::FinishDeclaration(&wrong), "member 'a' of entity 'thing' stands there twice");
  wrong = Declared({{.name = "Name", .offset = 8}});
  EXPECT_DEATH(internal::FinishDeclaration(&wrong),
               "member 'Name' of entity 'thing' has no name for a field");
  wrong = Declared({{.name = "id", .offset = 8}});
  EXPECT_DEATH(internal::FinishDeclaration(&wrong),
               "member 'id' of entity 'thing' must have the type relata::Id");
  wrong = Declared({{.name = "kind", .offset = 8, .type = ValueType::kEnum, .labels = {{1, "a"}, {1, "b"}}}});
  EXPECT_DEATH(internal::FinishDeclaration(&wrong),
               "member 'kind' of entity 'thing' has two labels with the code 1");
  wrong = Declared({{.name = "name", .offset = 8, .inverse = "names"}});
  EXPECT_DEATH(internal::FinishDeclaration(&wrong), "member 'name' of entity 'thing' is no reference");
  wrong = Declared({});
  wrong.name = "Thing";
  EXPECT_DEATH(internal::FinishDeclaration(&wrong), "entity 'Thing' has no name for an entity type");
  wrong = Declared({});
  wrong.indexes = {{.unique = true, .parts = {{.offset = 0}}}};
  EXPECT_DEATH(internal::FinishDeclaration(&wrong),
               "entity 'thing' names in 'unique' something that is no field");
  wrong = Declared({{.name = "name", .offset = 8}});
  wrong.moment = 8;
  EXPECT_DEATH(internal::FinishDeclaration(&wrong), "member 'name' of entity 'thing' is the moment");
}

TEST(DeclarationDeathTest, RefusesMoreFieldsThanARowHolds) {
  std::vector<MemberDeclaration> members;
  for (size_t i = 0; i <= 400; ++i) members.push_back({.name = "f" + std::to_string(i), .offset = 8 + i});
  EntityDeclaration wrong = Declared(members);
  EXPECT_DEATH(internal::FinishDeclaration(&wrong), "entity 'thing' has 401 fields; at most 400 fit");
  wrong.members.pop_back();
  internal::FinishDeclaration(&wrong);
}

TEST(DeclarationDeathTest, ClearNeedsAReferenceThatMayBeEmpty) {
  MemberDeclaration owner{.name = "owner", .offset = 8, .type = ValueType::kReference};
  owner.targets = {[]() -> std::string_view { return "user"; }};
  owner.on_delete = OnDelete::kClear;
  EntityDeclaration wrong = Declared({owner});
  EXPECT_DEATH(internal::FinishDeclaration(&wrong), "member 'owner' of entity 'thing' cannot be cleared");
}

}  // namespace
}  // namespace relata
