// Asks random conditions as queries: the same records in the same order, at once and page by page, whatever
// strategies are forbidden, as the naive interpreter finds and sorts them; and groups of them that add up.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "tests/query/lab.h"

namespace relata::twin {
namespace {

// A comparison of an indexed field with the value that some record has; none where that cannot be written.
expr::Expr Indexed(const World& world, const std::string& name, Random* random) {
  const TwinEntity& entity = world.schema.At(name);
  const auto& rows = world.data.Of(name);
  if (entity.indexes.empty() || rows.empty()) return {};
  std::string field = random->Of(entity.indexes).parts[0];
  if (field[0] == '-') field.erase(0, 1);
  auto row = rows.begin();
  std::advance(row, static_cast<ptrdiff_t>(random->Below(rows.size())));
  const Value& value = row->second.at(field);
  expr::Literal literal;
  if (const int64_t* whole = value.As<int64_t>()) literal = *whole;
  if (const Decimal* exact = value.As<Decimal>()) literal = *exact;
  if (const Money* money = value.As<Money>()) literal = InBaseCurrency(*money, world.schema.base);
  if (const Money* money = value.As<Money>(); money && !entity.Find(field)->currency.is_none())
    literal = *money;
  if (const Date* date = value.As<Date>()) literal = *date;
  if (const Timestamp* at = value.As<Timestamp>()) literal = *at;
  if (const std::string* text = value.As<std::string>()) literal = *text;
  if (literal.index() == 0) return {};
  using expr::Operator;
  constexpr Operator kOperators[] = {Operator::kEqual, Operator::kEqual, Operator::kEqual, Operator::kLess,
                                     Operator::kGreaterEqual};
  const expr::Expr path = expr::Parse(field).value();
  return expr::Expr(expr::Kind::kBinary, random->Of(kOperators),
                    {path, expr::Expr(expr::Kind::kLiteral, literal, {})});
}

// Whether the record is a member of the segment of its type, or is none; none where there is no such segment.
expr::Expr Member(const World& world, const std::string& entity, Random* random) {
  for (const auto& [name, segment] : world.schema.segments) {
    if (segment.entity != entity) continue;
    return expr::Parse(StrCat(random->Chance(30) ? "not " : "", "in segment '", name, "'")).value();
  }
  return {};
}

// Such a comparison of a record that this one refers to, or of those that refer to it.
expr::Expr Joined(const World& world, const std::string& name, Random* random) {
  const TwinEntity& entity = world.schema.At(name);
  const TimeZone zone = TimeZone::Load(world.schema.time_zone).value();
  std::vector<std::string> texts;
  for (const auto& [collection, of] : world.schema.CollectionsOf(entity)) {
    // The naive interpreter looks at every pair.
    if (world.data.Of(name).size() * world.data.Of(of.entity->name).size() > 50'000) continue;
    const expr::Expr inner = Indexed(world, of.entity->name, random);
    if (!inner) continue;
    const bool two = random->Chance(30);
    const expr::Expr other = two ? Indexed(world, of.entity->name, random) : inner;
    std::string where = expr::Print(inner);
    if (two && other) StrAppend(&where, " and ", expr::Print(other));
    texts.push_back(random->Chance(60) ? StrCat("exists(", collection, " where ", where, ")")
                                       : StrCat("count(", collection, " where ", where, ") > 1"));
  }
  for (const FieldSpec& field : entity.fields) {
    if (field.type != ValueType::kReference) continue;
    const expr::Expr inner = Indexed(world, field.targets[0], random);
    if (inner) texts.push_back(StrCat(field.name, ".", expr::Print(inner)));
    for (const auto& [segment, of] : world.schema.segments) {
      if (of.entity == field.targets[0]) texts.push_back(StrCat(field.name, " in segment '", segment, "'"));
    }
  }
  if (texts.empty()) return {};
  return expr::Parse(random->Of(texts), zone).value_or(expr::Expr());
}

// Conditions that indexes can help with, beside those that nothing can: a comparison of a field of the record
// or of another one with a literal, or membership; several joined by `and` or `or`.
expr::Expr Sargable(const Lab& lab, const std::string& entity, Random* random) {
  const World& world = lab.world();
  std::vector<expr::Expr> parts;
  const size_t count = 1 + random->Below(3);
  for (int tries = 0; parts.size() < count && tries < 30; ++tries) {
    if (random->Chance(30)) {
      const expr::Expr other =
          random->Chance(50) ? Member(world, entity, random) : Joined(world, entity, random);
      if (other) parts.push_back(other);
      continue;
    }
    const expr::Expr made =
        random->Chance(70) ? Indexed(world, entity, random) : Generator(world, random).Condition(entity, 0);
    if (!made || (made->kind != expr::Kind::kBinary && made->kind != expr::Kind::kInList &&
                  made->kind != expr::Kind::kBetween)) {
      continue;
    }
    parts.push_back(made);
  }
  if (parts.empty()) return {};
  if (parts.size() == 1) return parts[0];
  return expr::Expr(random->Chance(60) ? expr::Kind::kAnd : expr::Kind::kOr, {}, std::move(parts));
}

TEST(QueryDifferentialTest, GroupsAddUp) {
  size_t same = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Lab lab(seed, seed % 2 == 0 ? 40 : 1'500);
    Random random(seed ^ 0x6009);
    for (size_t i = 0; i < 30; ++i) {
      const std::string& entity = random.Of(lab.world().schema.entities).name;
      const expr::Expr made = Sargable(lab, entity, &random);
      if (!made) continue;
      const expr::Expr expr = lab.Reread(made);
      const Verdict verdict = lab.CompareGroups(entity, expr, seed * 1'000 + i);
      EXPECT_NE(verdict.outcome, Outcome::kDiffers)
          << seed << " " << entity << " " << expr::Print(expr) << "\n  " << verdict.what;
      same += verdict.outcome == Outcome::kSame ? 1 : 0;
    }
  }
  EXPECT_GT(same, 150U);
}

TEST(QueryDifferentialTest, EveryWayFindsTheSame) {
  const bool full = std::getenv("RELATA_FULL") != nullptr;
  std::set<query::Step> steps;
  size_t same = 0, refused = 0, values = 0;
  int failures = 0;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + (full ? 400 : 12) && failures < 5; ++seed) {
    // Few records, where a walk over all is best, and many, where it is not.
    Lab lab(seed, seed % 2 == 0 ? 40 : 2'500);
    lab.DefineSegments(seed);
    Random random(seed ^ 0x0bde);
    for (size_t i = 0; i < 40 && failures < 5; ++i) {
      const std::string& entity = random.Of(lab.world().schema.entities).name;
      const expr::Expr made =
          seed % 2 != 0 || random.Chance(70)
              ? Sargable(lab, entity, &random)
              : Generator(lab.world(), &random).Condition(entity, 1 + static_cast<int>(random.Below(3)));
      if (!made) continue;
      const expr::Expr expr = lab.Reread(made);
      const uint64_t order = seed * 1'000 + i;
      const auto compare = [&](const expr::Expr& e) { return lab.CompareQuery(entity, e, order, &steps); };
      const Verdict verdict = compare(expr);
      values += verdict.values;
      same += verdict.outcome == Outcome::kSame ? 1 : 0;
      refused += verdict.outcome == Outcome::kRefused ? 1 : 0;
      if (verdict.outcome != Outcome::kDiffers) continue;
      ++failures;
      const expr::Expr small = lab.Shrink(expr, compare);
      ADD_FAILURE() << seed << " " << entity << " " << expr::Print(small) << "\n  " << compare(small).what;
    }
  }
  std::printf("%zu questions alike (%zu records and counts), %zu refused\n", same, values, refused);
  EXPECT_LT(refused * 50, same);
  using query::Step;
  for (Step step : {Step::kRowScan, Step::kColumnScan, Step::kIndexRange, Step::kIndexAnd, Step::kIndexOr,
                    Step::kSegment, Step::kSemiJoin, Step::kGroupedWalk, Step::kOrderedWalk, Step::kFilter,
                    Step::kTopK, Step::kSort, Step::kLimit}) {
    EXPECT_TRUE(steps.count(step) > 0) << NameOf(step);
  }
}

}  // namespace
}  // namespace relata::twin
