// Holds groups that were added up on columns against the same groups from rows: random keys, aggregates and
// conditions over random worlds.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>

#include "relata/expr/text.h"
#include "relata/query/results.h"
#include "tests/query/lab.h"

namespace relata::twin {
namespace {

using query::Aggregate;
using query::Groups;
using query::GroupSpec;

bool IsOnColumns(const Groups& groups) { return groups.plan.root.detail.starts_with("on columns"); }

std::string Show(const std::vector<Value>& row) {
  std::string text;
  for (const Value& value : row) text.append(value.ToString()).append("  ");
  return text;
}

class GroupDifferentialTest : public testing::Test {
 protected:
  // The answer on columns, held against that from rows; nothing where both refuse.
  std::optional<Groups> Ask(const Lab& lab, GroupSpec spec) {
    const query::Source source{&lab.snapshot(), &lab.snapshot(), &columns_};
    const StatusOr<Groups> on_columns = query::Group(source, spec);
    spec.strategies = query::Strategies::None();
    const StatusOr<Groups> on_rows = query::Group(source, spec);
    EXPECT_EQ(on_columns.status(), on_rows.status());
    if (!on_columns.ok() || !on_rows.ok()) return std::nullopt;
    EXPECT_FALSE(IsOnColumns(*on_rows));
    EXPECT_EQ(on_columns->columns, on_rows->columns);
    EXPECT_EQ(on_columns->rows.size(), on_rows->rows.size());
    for (size_t i = 0; i < on_columns->rows.size() && i < on_rows->rows.size(); ++i) {
      if (on_columns->rows[i] == on_rows->rows[i]) continue;
      ADD_FAILURE() << "row " << i << ": " << Show(on_columns->rows[i]) << "\n  but of rows "
                    << Show(on_rows->rows[i]);
      break;
    }
    return *on_columns;
  }

  column::ColumnCache columns_;
};

std::string Written(const GroupSpec& spec) {
  std::string text = spec.entity;
  if (spec.where) text.append(" where ").append(expr::Print(spec.where));
  for (const expr::Expr& key : spec.by) text.append(" by ").append(expr::Print(key));
  for (const query::AggregateTerm& term : spec.aggregates) {
    text.append(" ").append(std::to_string(static_cast<int>(term.aggregate)));
    if (term.of) text.append("(").append(expr::Print(term.of)).append(")");
  }
  return text;
}

TEST_F(GroupDifferentialTest, AgreesWithRows) {
  const bool full = std::getenv("RELATA_FULL") != nullptr;
  size_t asked = 0, on_columns = 0, refused = 0;
  for (uint64_t seed = 1; seed <= (full ? 60 : 4) && !HasFailure(); ++seed) {
    const Lab lab(seed, 3'000);
    columns_.Clear();
    Random random(seed ^ 0x9209);
    std::vector<std::string> entities;  // large enough for columns
    for (const TwinEntity& entity : lab.world().schema.entities) {
      if (lab.world().data.Of(entity.name).size() >= 1'000) entities.push_back(entity.name);
    }
    for (int i = 0; i < 60 && !entities.empty() && !HasFailure(); ++i) {
      GroupSpec spec{.entity = random.Of(entities)};
      Generator generate(lab.world(), &random);
      if (random.Chance(50)) spec.where = lab.Reread(generate.Condition(spec.entity, 1));
      for (size_t k = random.Below(4); k > 0; --k) {
        spec.by.push_back(lab.Reread(generate.AnyValue(spec.entity, static_cast<int>(random.Below(3)) / 2)));
      }
      constexpr Aggregate kAggregates[] = {Aggregate::kCount, Aggregate::kCountDistinct, Aggregate::kSum,
                                           Aggregate::kAvg,   Aggregate::kMin,           Aggregate::kMax};
      spec.aggregates.push_back({});
      for (size_t k = random.Below(4); k > 0; --k) {
        spec.aggregates.push_back(
            {random.Of(kAggregates),
             lab.Reread(generate.AnyValue(spec.entity, static_cast<int>(random.Below(3)) / 2))});
      }
      SCOPED_TRACE(Written(spec));
      const std::optional<Groups> groups = Ask(lab, spec);
      ++(groups ? asked : refused);
      if (groups && IsOnColumns(*groups)) ++on_columns;
    }
  }
  std::printf("%zu groupings alike, %zu of them on columns; %zu refused\n", asked, on_columns, refused);
  EXPECT_GT(on_columns, asked / 4);
}

}  // namespace
}  // namespace relata::twin
