// Derived fields and segments: what they compile to where they are named, and how they live through changes
// of the schema.
#include "src/expr/definitions.h"

#include <gtest/gtest.h>

#include "tests/expr/model.h"

namespace relata::expr::test {
namespace {

schema::Catalogue Model() {
  schema::Catalogue catalogue;
  EXPECT_TRUE(catalogue.Apply(crm::ModelDeclarations()).ok());
  return catalogue;
}

void Define(schema::Catalogue* catalogue, std::string_view entity, std::string_view name,
            std::string_view expression) {
  const DerivedField field{.name = std::string(name), .expression = std::string(expression)};
  EXPECT_TRUE(catalogue->DefineDerived(entity, field).ok());
}

std::string StepsIn(const schema::Catalogue& catalogue, std::string_view text,
                    std::string_view type = "relation") {
  const auto runtime = Runtime(catalogue);
  const StatusOr<Program> program = Compile(Parse(text).value(), *runtime->Find(type), runtime, text);
  return program.ok() ? DebugString(*program) : std::string(ToStd(program.status().message()));
}

TEST(DefinitionsTest, IsWhatItsTextIsInItsOwnScope) {
  schema::Catalogue catalogue = Model();
  Define(&catalogue, "relation", "sold", "sum(orders.total where notes = outer.notes)");
  Define(&catalogue, "relation", "double_sold", "sold * 2");
  Define(&catalogue, "order", "late", "delivered_on > requested_on");
  EXPECT_EQ(StepsIn(catalogue, "sold > 5"),
            "(> (sum order.relation total_base where (= notes ^notes)) 'EUR 5.00')");
  EXPECT_EQ(StepsIn(catalogue, "double_sold > 5"),
            "(> (* (sum order.relation total_base where (= notes ^notes)) 2) 'EUR 5.00')");
  EXPECT_EQ(StepsIn(catalogue, "count(orders where late)"),
            "(count order.relation where (> delivered_on requested_on))");
  // From within another scope, and behind a reference.
  EXPECT_EQ(StepsIn(catalogue, "exists(quotes where total > sold)"),
            "(exists quote.relation where (> total_base "
            "(sum order.relation of ^id total_base where (= notes ^^notes))))");
  EXPECT_EQ(StepsIn(catalogue, "relation.sold > 5", "order"),
            "(> (sum order.relation of relation total_base where (= notes (. ^relation relation.notes))) "
            "'EUR 5.00')");
  EXPECT_EQ(StepsIn(catalogue, "exists(quotes where parent.sold > 5)"),
            "(exists quote.relation where (> (sum order.relation of ^parent total_base "
            "where (= notes (. ^^parent relation.notes))) 'EUR 5.00'))");
  // It sees nothing of where it is named.
  Define(&catalogue, "order", "astray", "industry_code = 'x'");
  EXPECT_EQ(StepsIn(catalogue, "count(orders where astray)"),
            "the derived field order.astray: line 1, column 1: unknown field 'industry_code' of order\n"
            "  industry_code = 'x'\n  ^");
  EXPECT_NE(StepsIn(catalogue, "exists(orders where soled > 1)").find("unknown field 'soled' of order"),
            std::string::npos);
  EXPECT_NE(StepsIn(catalogue, "soled > 1").find("did you mean 'sold'?"), std::string::npos);
}

TEST(DefinitionsTest, RingsAreRefused) {
  schema::Catalogue before = Model();
  Define(&before, "relation", "one", "number + 1");
  Define(&before, "relation", "two", "one + 1");
  ASSERT_TRUE(CheckDefinitions(before).ok());
  schema::Catalogue after = before;
  Define(&after, "relation", "one", "two + 1");
  const Status refused = CarryDefinitions(before, &after);
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  EXPECT_NE(refused.message().find("a derived field cannot follow from itself: two uses one uses two"),
            absl::string_view::npos)
      << refused;
}

TEST(DefinitionsTest, RenamedFieldsAreRenamedInTexts) {
  schema::Catalogue before = Model();
  Define(&before, "relation", "sold",
         "sum(orders.total where ordered_on > today() - 5 and relation.visiting.city = outer.visiting.city)");
  Define(&before, "relation", "much", "sold > 5 and parent.id = 3");
  schema::Catalogue after = before;
  ASSERT_TRUE(after.RenameField("order", "total", "amount").ok());
  ASSERT_TRUE(after.RenameField("order", "ordered_on", "dates.ordered").ok());
  ASSERT_TRUE(after.RenameField("relation", "visiting.city", "town").ok());
  ASSERT_TRUE(after.RenameField("relation", "parent", "mother").ok());
  ASSERT_TRUE(CarryDefinitions(before, &after).ok());
  EXPECT_EQ(after.derived()[0].expression,
            "sum(orders.amount where dates.ordered > today() - 5 and relation.town = outer.town)");
  EXPECT_EQ(after.derived()[1].expression, "sold > 5 and mother.id = 3");
  EXPECT_TRUE(CheckDefinitions(after).ok());
}

TEST(DefinitionsTest, WhatATextUsesStays) {
  schema::Catalogue before = Model();
  Define(&before, "relation", "quiet", "not exists(interactions where subject = industry_code)");
  schema::Catalogue after = before;
  ASSERT_TRUE(after.DropField("relation", "industry_code").ok());
  const Status dropped = CarryDefinitions(before, &after);
  EXPECT_TRUE(absl::IsFailedPrecondition(dropped)) << dropped;
  EXPECT_NE(dropped.message().find("the derived field relation.quiet"), absl::string_view::npos) << dropped;
  // A field of the interaction would come before the relation's.
  after = before;
  ASSERT_TRUE(after.AddField("interaction", {.name = "industry_code"}).ok());
  const Status bent = CarryDefinitions(before, &after);
  EXPECT_TRUE(absl::IsFailedPrecondition(bent)) << bent;
  EXPECT_NE(bent.message().find("would mean something else"), absl::string_view::npos) << bent;
  after = before;
  ASSERT_TRUE(after.AddField("interaction", {.name = "mood"}).ok());
  EXPECT_TRUE(CarryDefinitions(before, &after).ok());
  EXPECT_EQ(after.derived(), before.derived());
}

TEST(DefinitionsTest, AHostsOwnComesBeforeTheModels) {
  schema::Catalogue catalogue = Model();
  Define(&catalogue, "relation", "revenue", "sum(orders.total)");
  EXPECT_EQ(StepsIn(catalogue, "revenue > 5"), "(> (sum order.relation total_base) 'EUR 5.00')");
  EXPECT_EQ(StepsIn(catalogue, "tier is null").find("total_base where"), std::string::npos);
}

void DefineSegment(schema::Catalogue* catalogue, std::string_view name, std::string_view expression,
                   std::string_view entity = "relation") {
  EXPECT_TRUE(catalogue->DefineSegment(entity, name, expression, "").ok()) << name;
}

std::string TextOf(const schema::Catalogue& catalogue, std::string_view segment) {
  return catalogue.FindSegment(segment)->expression;
}

TEST(DefinitionsTest, SegmentsAreConditions) {
  const schema::Catalogue before = Model();
  schema::Catalogue after = before;
  DefineSegment(&after, "good", "in segment 'other' or name is not null");
  Status refused = CarryDefinitions(before, &after);
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  EXPECT_NE(refused.message().find("unknown segment 'other'"), absl::string_view::npos) << refused;
  after = before;
  DefineSegment(&after, "good", "name");
  refused = CarryDefinitions(before, &after);
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  EXPECT_NE(refused.message().find("the segment 'good'"), absl::string_view::npos) << refused;
  EXPECT_NE(refused.message().find("expected a condition"), absl::string_view::npos) << refused;
  after = before;
  DefineSegment(&after, "good", "name is not null");
  DefineSegment(&after, "best", "in segment 'good'");
  DefineSegment(&after, "theirs", "relation in segment 'good' and in segment 'theirs too'", "order");
  DefineSegment(&after, "theirs too", "true", "order");
  EXPECT_TRUE(CarryDefinitions(before, &after).ok());
  EXPECT_TRUE(CheckDefinitions(after).ok());
}

TEST(DefinitionsTest, NamesOfSegmentsFollowThem) {
  schema::Catalogue before = Model();
  DefineSegment(&before, "good", "name is not null");
  DefineSegment(&before, "it's", "in segment 'good' and visiting.city = 'good'");
  DefineSegment(&before, "theirs", "relation not in segment 'it''s'", "order");
  Define(&before, "relation", "worth", "case when in segment 'good' then 1 else count(orders) end");
  schema::Catalogue after = before;
  ASSERT_TRUE(after.RenameSegment("good", "very 'good'").ok());
  ASSERT_TRUE(after.RenameSegment("it's", "fine").ok());
  const Status carried = CarryDefinitions(before, &after);
  ASSERT_TRUE(carried.ok()) << carried;
  EXPECT_EQ(TextOf(after, "fine"), "in segment 'very ''good''' and visiting.city = 'good'");
  EXPECT_EQ(TextOf(after, "theirs"), "relation not in segment 'fine'");
  EXPECT_EQ(after.derived()[0].expression,
            "case when in segment 'very ''good''' then 1 else count(orders) end");
  EXPECT_EQ(after.FindSegment("fine")->version, 1U);
  EXPECT_TRUE(CheckDefinitions(after).ok());

  before = after;
  ASSERT_TRUE(after.RenameField("relation", "visiting.city", "town").ok());
  ASSERT_TRUE(CarryDefinitions(before, &after).ok());
  EXPECT_EQ(TextOf(after, "fine"), "in segment 'very ''good''' and town = 'good'");
}

TEST(DefinitionsTest, AUsedSegmentStays) {
  schema::Catalogue before = Model();
  DefineSegment(&before, "good", "name is not null");
  DefineSegment(&before, "best", "in segment 'good'");
  DefineSegment(&before, "coded", "industry_code is null");
  schema::Catalogue after = before;
  ASSERT_TRUE(after.DropSegment("good").ok());
  const Status dropped = CarryDefinitions(before, &after);
  EXPECT_TRUE(absl::IsFailedPrecondition(dropped)) << dropped;
  EXPECT_NE(dropped.message().find("the segment 'best'"), absl::string_view::npos) << dropped;
  // Nor does another take its place under its name.
  DefineSegment(&after, "good", "name is null");
  EXPECT_TRUE(absl::IsFailedPrecondition(CarryDefinitions(before, &after)));
  after = before;
  ASSERT_TRUE(after.DropSegment("best").ok());
  EXPECT_TRUE(CarryDefinitions(before, &after).ok());
  // A field that a segment uses stays too.
  after = before;
  ASSERT_TRUE(after.DropField("relation", "industry_code").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(CarryDefinitions(before, &after)));
}

TEST(DefinitionsTest, RingsOfSegmentsAreRefused) {
  schema::Catalogue before = Model();
  DefineSegment(&before, "a", "true");
  DefineSegment(&before, "b", "in segment 'a'");
  DefineSegment(&before, "c", "exists(children where parent in segment 'b')");
  ASSERT_TRUE(CheckDefinitions(before).ok()) << CheckDefinitions(before);
  schema::Catalogue after = before;
  DefineSegment(&after, "a", "name is null and in segment 'c'");
  Status refused = CarryDefinitions(before, &after);
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  EXPECT_NE(refused.message().find("a segment cannot follow from itself: 'a' uses 'c' uses 'b' uses 'a'"),
            absl::string_view::npos)
      << refused;
  EXPECT_FALSE(CheckDefinitions(after).ok());
  after = before;
  DefineSegment(&after, "d", "in segment 'd'");
  EXPECT_NE(CarryDefinitions(before, &after).message().find("'d' uses 'd'"), absl::string_view::npos);
  // By way of a derived field.
  Define(&before, "relation", "worthy", "in segment 'b'");
  after = before;
  DefineSegment(&after, "a", "worthy");
  refused = CarryDefinitions(before, &after);
  EXPECT_NE(refused.message().find("'a' uses 'b' uses 'a'"), absl::string_view::npos) << refused;
  Define(&before, "relation", "plain", "true");
  DefineSegment(&before, "e", "plain");
  after = before;
  Define(&after, "relation", "plain", "in segment 'e'");
  refused = CarryDefinitions(before, &after);
  EXPECT_TRUE(absl::IsInvalidArgument(refused)) << refused;
  EXPECT_NE(refused.message().find("'e' uses 'e'"), absl::string_view::npos) << refused;
}

}  // namespace
}  // namespace relata::expr::test
