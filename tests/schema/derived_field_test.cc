// Derived fields in the catalogue: their names, their place and their end.
#include "relata/schema/derived_field.h"

#include <gtest/gtest.h>

#include "relata/base/strings.h"
#include "src/schema/catalogue.h"

namespace relata::schema {
namespace {

Catalogue ClientsWithOrders() {
  Catalogue catalogue;
  EXPECT_TRUE(
      catalogue.AddEntity({.name = "client", .fields = {{.name = "name"}, {.name = "visiting.city"}}}).ok());
  EXPECT_TRUE(
      catalogue
          .AddEntity({.name = "order",
                      .fields = {{.name = "client", .type = ValueType::kReference, .targets = {"client"}}}})
          .ok());
  return catalogue;
}

Status DefineField(Catalogue& catalogue, std::string_view name, std::string_view expression = "1") {
  return catalogue.DefineDerived("client", {.name = std::string(name), .expression = std::string(expression)})
      .status();
}

TEST(DerivedFieldTest, IsFoundByNameAndReplaced) {
  Catalogue catalogue = ClientsWithOrders();
  const EntityTypeId client = catalogue.Find("client")->id;
  EXPECT_EQ(catalogue.FindDerived(client, "revenue"), nullptr);
  const uint64_t before = catalogue.version();
  ASSERT_TRUE(DefineField(catalogue, "revenue", "2").ok());
  EXPECT_EQ(catalogue.version(), before + 1);
  ASSERT_NE(catalogue.FindDerived(client, "revenue"), nullptr);
  EXPECT_EQ(catalogue.FindDerived(client, "revenue")->expression, "2");
  ASSERT_TRUE(DefineField(catalogue, "revenue", "3").ok());
  EXPECT_EQ(catalogue.derived().size(), 1U);
  EXPECT_EQ(catalogue.FindDerived(client, "revenue")->expression, "3");
  EXPECT_EQ(catalogue.version(), before + 2);
  ASSERT_TRUE(DefineField(catalogue, "revenue", "3").ok());
  EXPECT_EQ(catalogue.version(), before + 2);
  EXPECT_TRUE(absl::IsNotFound(catalogue.DropDerived("client", "revenu").status()));
  ASSERT_TRUE(catalogue.DropDerived("client", "revenue").ok());
  EXPECT_TRUE(catalogue.derived().empty());
}

TEST(DerivedFieldTest, NamesAreUnambiguous) {
  Catalogue catalogue = ClientsWithOrders();
  EXPECT_TRUE(absl::IsAlreadyExists(DefineField(catalogue, "name")));
  EXPECT_TRUE(absl::IsAlreadyExists(DefineField(catalogue, "orders")));
  EXPECT_TRUE(absl::IsInvalidArgument(DefineField(catalogue, "visiting")));
  EXPECT_TRUE(absl::IsInvalidArgument(DefineField(catalogue, "id")));
  EXPECT_TRUE(absl::IsInvalidArgument(DefineField(catalogue, "Revenue")));
  EXPECT_TRUE(absl::IsInvalidArgument(DefineField(catalogue, "a.b")));
  ASSERT_TRUE(DefineField(catalogue, "revenue").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(catalogue.AddField("client", {.name = "revenue"}).status()));
  EXPECT_TRUE(absl::IsAlreadyExists(catalogue.AddField("client", {.name = "revenue.last"}).status()));
  EXPECT_TRUE(absl::IsAlreadyExists(catalogue.RenameField("client", "name", "revenue").status()));
  EXPECT_TRUE(absl::IsAlreadyExists(
      catalogue
          .AddField(
              "order",
              {.name = "payer", .type = ValueType::kReference, .targets = {"client"}, .inverse = "revenue"})
          .status()));
  EXPECT_TRUE(catalogue.AddField("order", {.name = "revenue"}).ok());
}

TEST(DerivedFieldTest, GoesWithItsType) {
  Catalogue catalogue = ClientsWithOrders();
  ASSERT_TRUE(catalogue.DefineDerived("order", {.name = "one", .expression = "1"}).ok());
  ASSERT_TRUE(DefineField(catalogue, "two").ok());
  ASSERT_TRUE(catalogue.DropEntity("order").ok());
  ASSERT_EQ(catalogue.derived().size(), 1U);
  EXPECT_EQ(catalogue.derived()[0].name, "two");
}

}  // namespace
}  // namespace relata::schema
