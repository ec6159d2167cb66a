// Defines a catalogue of the test's host, and how tests reach into its declarations.
//
// Thread safety: one thread.
#ifndef RELATA_TESTS_SCHEMA_FLEET_H_
#define RELATA_TESTS_SCHEMA_FLEET_H_

#include <gtest/gtest.h>

#include <string_view>

#include "relata/schema/declare.h"
#include "src/schema/catalogue.h"
#include "tests/schema/host.h"

namespace relata::schema {

inline const EntityDeclaration& Truck() { return DeclarationOf<host::Truck>(); }
inline const EntityDeclaration& Depot() { return DeclarationOf<host::Depot>(); }

inline Catalogue Fleet() {
  Catalogue fleet;
  const StatusOr<Changes> changes = fleet.Apply({&Truck(), &Depot()});
  EXPECT_TRUE(changes.ok()) << changes.status();
  return fleet;
}

inline MemberDeclaration& Member(EntityDeclaration* declaration, std::string_view name) {
  for (MemberDeclaration& member : declaration->members) {
    if (member.name == name) return member;
  }
  ADD_FAILURE() << "no member " << name;
  return declaration->members[0];
}

}  // namespace relata::schema

#endif  // RELATA_TESTS_SCHEMA_FLEET_H_
