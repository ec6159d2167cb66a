// What conditions that people write depend on, told in a line per dependency.
#include "src/segment/analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "relata/base/strings.h"
#include "tests/expr/model.h"

namespace relata::segment {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;
using Lines = std::vector<std::string>;

const store::SchemaRuntime& Schema() { return *expr::test::Crm(); }

std::string NameOf(EntityTypeId type, FieldId slot) {
  const EntityType& entity = *Schema().Find(type)->type;
  return StrCat(entity.name, ".", slot == kExistence ? "*" : entity.fields[slot].name);
}

std::string Show(const Path& path) {
  std::string text;
  for (const Move& move : path) {
    switch (move.kind) {
      case Move::Kind::kUp:
        text += StrCat(" up ", NameOf(move.from, move.reference));
        break;
      case Move::Kind::kDown:
        text += StrCat(" down ", NameOf(move.to, move.reference));
        break;
      case Move::Kind::kDescendants:
        text += StrCat(" below by ", NameOf(move.from, move.reference));
        break;
      case Move::Kind::kAncestors:
        text += StrCat(" above by ", NameOf(move.from, move.reference));
        break;
    }
  }
  return text;
}

Analysis Of(std::string_view text, std::string_view type = "relation") {
  const StatusOr<expr::Program> program = expr::test::CompileText(text, type);
  EXPECT_TRUE(program.ok()) << program.status();
  return Analyse(*program);
}

// "order.ordered_on up order.relation" with "?" behind a leaf's slot and the slots of guards in brackets.
Lines Dependencies(const Analysis& analysis) {
  Lines lines;
  for (const Dependency& dependency : analysis.dependencies) {
    std::string line = NameOf(dependency.type, dependency.slot);
    if (dependency.leaf != kNoLeaf) line.append("?");
    line += Show(dependency.path);
    for (const uint32_t guard : dependency.guards) {
      const Leaf& leaf = analysis.leaves[guard];
      line += StrCat(" [", Schema().Find(leaf.type)->type->fields[leaf.slot].name, "]");
    }
    lines.push_back(line);
  }
  return lines;
}

Lines Sweeps(const Analysis& analysis) {
  Lines lines;
  for (const Sweep& sweep : analysis.sweeps) {
    lines.push_back(StrCat(sweep.type == 0 ? std::string("constant") : NameOf(sweep.type, sweep.slot),
                           sweep.threshold.daily() ? " daily" : " always", Show(sweep.path)));
  }
  return lines;
}

TEST(Analyse, FieldsBesideConstantsAreLeavesAndGuards) {
  const Analysis analysis = Of("visiting.city = 'Utrecht' and payment_term_days > 10");
  EXPECT_EQ(analysis.kind, Kind::kStored);
  EXPECT_THAT(Dependencies(analysis),
              UnorderedElementsAre("relation.* [visiting.city] [payment_term_days]",
                                   "relation.visiting.city? [visiting.city] [payment_term_days]",
                                   "relation.payment_term_days? [visiting.city] [payment_term_days]"));
  EXPECT_EQ(analysis.leaves.size(), 2u);
}

TEST(Analyse, WhatIsNotSimpleIsAskedWheneverItChanges) {
  EXPECT_THAT(Dependencies(Of("name like '%bv' or payment_term_days + 1 > 10")),
              UnorderedElementsAre("relation.*", "relation.name", "relation.payment_term_days"));
}

TEST(Analyse, NothingSimpleIsSaidOfWhenARecordWasUpdated) {
  // The change log does not tell former values of updated_at: no leaf could be held against them.
  const Analysis analysis = Of("updated_at < timestamp '2026-01-01T00:00:00Z' and tags has any ('vip')");
  EXPECT_THAT(Dependencies(analysis), UnorderedElementsAre("relation.* [tags]", "relation.updated_at [tags]",
                                                           "relation.tags? [tags]"));
}

TEST(Analyse, RelatedRecordsLeadUp) {
  const Analysis analysis = Of("exists(interactions where channel = 'email' and direction is not null)");
  EXPECT_THAT(
      Dependencies(analysis),
      UnorderedElementsAre("relation.*", "interaction.* up interaction.relation [channel] [direction]",
                           "interaction.relation up interaction.relation [channel] [direction]",
                           "interaction.channel? up interaction.relation [channel] [direction]",
                           "interaction.direction? up interaction.relation [channel] [direction]"));
}

TEST(Analyse, ReferencesLeadDown) {
  EXPECT_THAT(Dependencies(Of("parent.parent.name = 'Jansen'")),
              UnorderedElementsAre("relation.*", "relation.name down relation.parent down relation.parent",
                                   "relation.parent down relation.parent", "relation.parent"));
}

TEST(Analyse, HierarchiesSpread) {
  EXPECT_THAT(Dependencies(Of("descendant_of(7)")),
              UnorderedElementsAre("relation.*", "relation.parent below by relation.parent"));
  EXPECT_THAT(Dependencies(Of("ancestor_of(7)")),
              UnorderedElementsAre("relation.*", "relation.parent above by relation.parent",
                                   "relation.* above by relation.parent"));
  EXPECT_EQ(Of("ancestor_of(7)").kind, Kind::kStored);
}

TEST(Analyse, WindowsAreSwept) {
  const Analysis analysis = Of("count(interactions where at >= today() - 60) = 0");
  EXPECT_EQ(analysis.kind, Kind::kWindowed);
  EXPECT_THAT(Sweeps(analysis), ElementsAre("interaction.at daily up interaction.relation"));
  EXPECT_THAT(Dependencies(analysis), Contains("interaction.at up interaction.relation"));
  EXPECT_THAT(Sweeps(Of("max(interactions.at) < now() - interval '36 hours'")),
              ElementsAre("interaction.at always up interaction.relation"));
  EXPECT_THAT(Sweeps(Of("stopped(interactions, 90 days)")),
              ElementsAre("interaction.at daily up interaction.relation",
                          "interaction.at daily up interaction.relation"));
}

TEST(Analyse, AgesAndDaysBetweenAreSwept) {
  for (const char* text : {"age(created_at) >= 3", "today() - date '2026-01-01' > 9",
                           "created_at in last month", "coalesce(updated_at, created_at) < today()"}) {
    EXPECT_EQ(Of(text).kind, Kind::kWindowed) << text;
    EXPECT_THAT(Sweeps(Of(text)), Not(IsEmpty())) << text;
  }
  EXPECT_THAT(Sweeps(Of("today() >= date '2026-12-25'")), ElementsAre("constant daily"));
}

TEST(Analyse, OtherUsesOfTodayAreDaily) {
  for (const char* text : {"month(created_at) = month(today())", "anniversary(created_at, within 7 days)",
                           "age(created_at) = payment_term_days"}) {
    EXPECT_EQ(Of(text).kind, Kind::kDaily) << text;
  }
}

TEST(Analyse, RanksAndOtherUsesOfNowAreComputed) {
  for (const char* text : {"top 10 by payment_term_days", "percentile(payment_term_days) >= 0.9",
                           "now() - created_at > updated_at - created_at"}) {
    EXPECT_EQ(Of(text).kind, Kind::kComputed) << text;
  }
}

TEST(Analyse, NotTurnsALeafRound) {
  // What is not known is not false: only what is at least ten meets the negation.
  const Analysis analysis = Of("not (payment_term_days < 10)");
  ASSERT_EQ(analysis.leaves.size(), 1u);
  const Leaf& leaf = analysis.leaves[0];
  EXPECT_TRUE(leaf.IsTrue(Cell::OfInt(10)));
  EXPECT_FALSE(leaf.IsTrue(Cell::OfInt(9)));
  EXPECT_FALSE(leaf.IsTrue(Cell::Absent()));
  // Where null and false differ there are two.
  EXPECT_EQ(Of("(payment_term_days < 10) is not distinct from (1 = 2)").leaves.size(), 2u);
}

}  // namespace
}  // namespace relata::segment
