// Segments in the catalogue: found by name and id, defined anew, renamed, dropped.
#include "relata/schema/segment_definition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "relata/base/strings.h"
#include "src/schema/catalogue.h"

namespace relata::schema {
namespace {

using testing::HasSubstr;

Catalogue TwoTypes() {
  Catalogue catalogue;
  EXPECT_TRUE(catalogue.AddEntity({.name = "client", .fields = {{.name = "name"}}}).ok());
  EXPECT_TRUE(catalogue.AddEntity({.name = "order", .fields = {{.name = "note"}}}).ok());
  return catalogue;
}

Status Define(Catalogue& catalogue, std::string_view name, std::string_view expression = "true",
              std::string_view entity = "client") {
  return catalogue.DefineSegment(entity, name, expression, "").status();
}

TEST(SegmentDefinitionTest, IsFoundByNameAndId) {
  Catalogue catalogue = TwoTypes();
  EXPECT_TRUE(catalogue.segments().empty());
  EXPECT_EQ(catalogue.versions().feature_level, 1U);
  ASSERT_TRUE(catalogue.DefineSegment("client", "Stille klanten", "name is null", "Say nothing").ok());
  const SegmentDefinition* segment = catalogue.FindSegment("Stille klanten");
  ASSERT_NE(segment, nullptr);
  EXPECT_EQ(*segment, (SegmentDefinition{.id = 1,
                                         .name = "Stille klanten",
                                         .entity = catalogue.Find("client")->id,
                                         .expression = "name is null",
                                         .description = "Say nothing",
                                         .version = 1}));
  EXPECT_EQ(catalogue.FindSegment(1), segment);
  EXPECT_EQ(catalogue.FindSegment(2), nullptr);
  EXPECT_EQ(catalogue.FindSegment("stille klanten"), nullptr);
  EXPECT_THAT(ToStd(catalogue.GetSegment("Stile klanten").status().message()),
              HasSubstr("did you mean 'Stille klanten'?"));
  // A writer that knows no segments would not keep their members.
  EXPECT_EQ(catalogue.versions().feature_level, kSegmentsFeatureLevel);
}

TEST(SegmentDefinitionTest, KeepsItsIdWhenDefinedAnew) {
  Catalogue catalogue = TwoTypes();
  ASSERT_TRUE(Define(catalogue, "a", "true").ok());
  const uint64_t version = catalogue.version();
  ASSERT_TRUE(Define(catalogue, "a", "true").ok());
  EXPECT_EQ(catalogue.version(), version);
  ASSERT_TRUE(Define(catalogue, "a", "false").ok());
  EXPECT_EQ(catalogue.version(), version + 1);
  EXPECT_EQ(catalogue.FindSegment("a")->id, 1U);
  EXPECT_EQ(catalogue.FindSegment("a")->version, 2U);
  ASSERT_TRUE(catalogue.DefineSegment("client", "a", "false", "Nobody").ok());
  EXPECT_EQ(catalogue.FindSegment("a")->version, 2U);
  EXPECT_EQ(catalogue.FindSegment("a")->description, "Nobody");
  const Status other = Define(catalogue, "a", "true", "order");
  EXPECT_TRUE(absl::IsInvalidArgument(other));
  EXPECT_THAT(ToStd(other.message()), HasSubstr("holds records of client, not of order"));
}

TEST(SegmentDefinitionTest, IdsAreNeverUsedAgain) {
  Catalogue catalogue = TwoTypes();
  ASSERT_TRUE(Define(catalogue, "a").ok());
  ASSERT_TRUE(Define(catalogue, "b").ok());
  ASSERT_TRUE(catalogue.DropSegment("b").ok());
  EXPECT_TRUE(absl::IsNotFound(catalogue.DropSegment("b").status()));
  ASSERT_TRUE(Define(catalogue, "b").ok());
  EXPECT_EQ(catalogue.FindSegment("b")->id, 3U);
}

TEST(SegmentDefinitionTest, AreDefinedAllOrNone) {
  Catalogue catalogue = TwoTypes();
  const uint64_t version = catalogue.version();
  const std::vector<SegmentSpec> wrong = {{.name = "a", .entity = "client", .expression = "true"},
                                          {.name = "b", .entity = "clients", .expression = "true"}};
  EXPECT_TRUE(absl::IsNotFound(catalogue.DefineSegments(wrong).status()));
  EXPECT_TRUE(catalogue.segments().empty());
  const std::vector<SegmentSpec> right = {{.name = "a", .entity = "client", .expression = "true"},
                                          {.name = "b", .entity = "order", .expression = "true"}};
  ASSERT_TRUE(catalogue.DefineSegments(right).ok());
  EXPECT_EQ(catalogue.segments().size(), 2U);
  EXPECT_EQ(catalogue.version(), version + 1);
}

TEST(SegmentDefinitionTest, NamesAreTextThatPeopleRead) {
  Catalogue catalogue = TwoTypes();
  for (std::string_view name : {"", " a", "a ", "a\nb", "\xff"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Define(catalogue, name))) << name;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(Define(catalogue, std::string(201, 'x'))));
  EXPECT_TRUE(Define(catalogue, std::string(200, 'x')).ok());
  EXPECT_TRUE(Define(catalogue, "Top 100, 'café' & co").ok());
}

TEST(SegmentDefinitionTest, IsRenamed) {
  Catalogue catalogue = TwoTypes();
  ASSERT_TRUE(Define(catalogue, "a").ok());
  ASSERT_TRUE(Define(catalogue, "b").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(catalogue.RenameSegment("a", "b").status()));
  EXPECT_TRUE(absl::IsNotFound(catalogue.RenameSegment("c", "d").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(catalogue.RenameSegment("a", "").status()));
  ASSERT_TRUE(catalogue.RenameSegment("a", "c").ok());
  EXPECT_EQ(catalogue.FindSegment("a"), nullptr);
  EXPECT_EQ(catalogue.FindSegment("c")->id, 1U);
}

TEST(SegmentDefinitionTest, HoldsItsType) {
  Catalogue catalogue = TwoTypes();
  ASSERT_TRUE(Define(catalogue, "a").ok());
  const Status dropped = catalogue.DropEntity("client").status();
  EXPECT_TRUE(absl::IsFailedPrecondition(dropped));
  EXPECT_THAT(ToStd(dropped.message()), HasSubstr("the segment 'a' holds records of it"));
  EXPECT_TRUE(catalogue.DropEntity("order").ok());
  ASSERT_TRUE(catalogue.DropSegment("a").ok());
  EXPECT_TRUE(catalogue.DropEntity("client").ok());
}

TEST(SegmentDefinitionTest, LeaveTheSchemaAsItIs) {
  Catalogue catalogue = TwoTypes();
  const uint64_t schema = catalogue.schema_version();
  ASSERT_TRUE(Define(catalogue, "a").ok());
  EXPECT_EQ(catalogue.schema_version(), schema);
  ASSERT_TRUE(catalogue.AddField("client", {.name = "x"}).ok());
  EXPECT_EQ(catalogue.schema_version(), catalogue.version());
  EXPECT_GT(catalogue.schema_version(), schema);
}

}  // namespace
}  // namespace relata::schema
