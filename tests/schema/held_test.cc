// Holds says what Apply would: nothing to do, or not. The structs of the test's host are changed one thing at
// a time.
#include "src/schema/held.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/schema/declare.h"
#include "src/schema/catalogue.h"
#include "tests/schema/fleet.h"
#include "tests/schema/host.h"

namespace relata::schema {
namespace {

using Declarations = std::vector<const EntityDeclaration*>;

// Whether Apply has nothing to do and nothing to refuse.
bool AppliesToNothing(Catalogue catalogue, const Declarations& declarations) {
  const StatusOr<Changes> changes = catalogue.Apply(declarations);
  return changes.ok() && !changes->any;
}

TEST(HeldTest, WhatWasAppliedIsHeld) {
  const Catalogue fleet = Fleet();
  EXPECT_TRUE(Holds(fleet, {&Truck(), &Depot()}));
  EXPECT_TRUE(Holds(fleet, {&Depot(), &Truck(), &Depot()}));
  EXPECT_TRUE(Holds(fleet, {}));
  EXPECT_FALSE(Holds(Catalogue(), {&Truck()}));
}

TEST(HeldTest, EveryDifferenceOfAStructIsSeen) {
  using Change = std::function<void(EntityDeclaration*)>;
  const std::vector<Change> changes = {
      [](auto* truck) { truck->name = "lorry"; },
      [](auto* truck) { truck->description = "A van."; },
      [](auto* truck) { truck->members.push_back({.name = "colour", .offset = 9001}); },
      [](auto* truck) { Member(truck, "plate").name = "sign"; },
      [](auto* truck) { Member(truck, "plate").type = ValueType::kInt64; },
      [](auto* truck) { Member(truck, "plate").nullable = true; },
      [](auto* truck) { Member(truck, "plate").options.max_length = 3; },
      [](auto* truck) { Member(truck, "plate").options.history = true; },
      [](auto* truck) { Member(truck, "plate").options.default_value = "none"; },
      [](auto* truck) { Member(truck, "tonnes").scale = 4; },
      [](auto* truck) { Member(truck, "toll").currency = Currency::Parse("USD").value(); },
      [](auto* truck) {
        Member(truck, "fuel").labels.push_back({9, "steam"});
      },
      [](auto* truck) { Member(truck, "fuel").labels[1].code = 4; },
      [](auto* truck) { Member(truck, "fuel").labels[1].name = "battery"; },
      [](auto* truck) { Member(truck, "depot").inverse = "vehicles"; },
      [](auto* truck) { Member(truck, "depot").on_delete = OnDelete::kRestrict; },
      [](auto* truck) { Member(truck, "depot").targets = Member(truck, "plate").targets; },
      [](auto* truck) { truck->indexes.push_back({.parts = {{.offset = truck->members.back().offset}}}); },
      [](auto* truck) { truck->indexes[0].parts[0].descending ^= true; },
      [](auto* truck) { truck->indexes.back().parts.back().folding = Folding::kCollated; },
      [](auto* truck) { truck->moment = Member(truck, "created_at").offset; },
  };
  const Catalogue fleet = Fleet();
  for (size_t i = 0; i < changes.size(); ++i) {
    EntityDeclaration next = Truck();
    changes[i](&next);
    EXPECT_FALSE(Holds(fleet, {&next, &Depot()})) << "change " << i;
    EXPECT_FALSE(AppliesToNothing(fleet, {&next, &Depot()})) << "change " << i;
  }
}

// A limit may be spelt otherwise than the store gives it back.
TEST(HeldTest, LimitsAreComparedAsTheFieldHoldsThem) {
  EntityDeclaration limited = Truck();
  Member(&limited, "toll").options = {.min_value = "0", .max_value = "EUR 900"};
  Member(&limited, "tonnes").options.default_value = 3;
  Catalogue fleet;
  ASSERT_TRUE(fleet.Apply({&limited, &Depot()}).ok());
  EXPECT_TRUE(AppliesToNothing(fleet, {&limited, &Depot()}));
  EXPECT_TRUE(Holds(fleet, {&limited, &Depot()}));
  Member(&limited, "toll").options.max_value = "EUR 901";
  EXPECT_FALSE(Holds(fleet, {&limited, &Depot()}));
}

// What a struct leaves out stays in the store, and is held.
TEST(HeldTest, LessThanTheStoreHasIsHeld) {
  EntityDeclaration less = Truck();
  less.members.pop_back();
  Member(&less, "fuel").labels.pop_back();
  less.description.clear();
  less.moment.reset();
  less.indexes.clear();
  const Catalogue fleet = Fleet();
  EXPECT_TRUE(AppliesToNothing(fleet, {&less}));
  EXPECT_TRUE(Holds(fleet, {&less}));
}

TEST(HeldTest, ChangesAtRunTimeAreSeen) {
  Catalogue dropped = Fleet();
  ASSERT_TRUE(dropped.DropField("truck", "wear").ok());
  EXPECT_FALSE(Holds(dropped, {&Truck()}));

  Catalogue renamed = Fleet();
  ASSERT_TRUE(renamed.RenameField("truck", "plate", "sign").ok());
  EXPECT_FALSE(Holds(renamed, {&Truck()}));

  Catalogue unindexed = Fleet();
  ASSERT_TRUE(unindexed.DropIndex("truck", "plate").ok());
  EXPECT_FALSE(Holds(unindexed, {&Truck()}));

  Catalogue more = Fleet();
  ASSERT_TRUE(more.AddField("truck", {.name = "colour", .type = ValueType::kText}).ok());
  ASSERT_TRUE(more.AddLabel("truck", "fuel", "steam").ok());
  EXPECT_TRUE(Holds(more, {&Truck(), &Depot()}));
}

TEST(HeldTest, TwoStructsForOneEntityAreForApplyToRefuse) {
  const EntityDeclaration again = Truck();
  EXPECT_FALSE(Holds(Fleet(), {&Truck(), &again}));
}

}  // namespace
}  // namespace relata::schema
