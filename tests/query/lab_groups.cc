// Asks for groups, and adds up the twin's rows one by one.
#include <algorithm>
#include <limits>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "relata/query/results.h"
#include "tests/query/lab.h"

namespace relata::twin {
namespace {

struct Sums {
  Value key;
  int64_t count = 0;
  int64_t sum = 0;
  std::optional<int64_t> greatest;
};

// A whole number, in whichever form it comes; nothing for null.
std::optional<int64_t> WholeOf(const Value& value) {
  if (const int64_t* whole = value.As<int64_t>()) return *whole;
  const Decimal* exact = value.As<Decimal>();
  if (exact == nullptr || exact->scale != 0) return std::nullopt;
  return exact->units;
}

}  // namespace

Verdict Lab::CompareGroups(const std::string& entity, const expr::Expr& condition, uint64_t seed) {
  Random random(seed);
  std::vector<std::string> fields;
  for (const FieldSpec& field : world_.schema.At(entity).fields) {
    const ValueType type = field.type;
    const bool fits = type == ValueType::kBool || type == ValueType::kInt64 || type == ValueType::kDate ||
                      type == ValueType::kText || type == ValueType::kEnum;
    if (fits) fields.push_back(field.name);
  }
  const std::string& by = random.Of(fields);
  std::vector<Sums> expected;
  for (const RecordId id : Found(entity, condition)) {
    const TwinRow& row = world_.data.Of(entity).at(id);
    const Value& key = row.at(by);
    auto group = std::find_if(expected.begin(), expected.end(), [&](const Sums& s) { return s.key == key; });
    if (group == expected.end()) group = expected.insert(expected.end(), Sums{key});
    ++group->count;
    if (const int64_t* number = row.at("int1").As<int64_t>()) {
      group->sum += *number;
      group->greatest = std::max(group->greatest.value_or(std::numeric_limits<int64_t>::min()), *number);
    }
  }
  query::GroupSpec spec{.entity = entity, .where = condition};
  spec.by = {expr::Parse(by).value()};
  const expr::Expr number = expr::Parse("int1").value();
  spec.aggregates = {
      {query::Aggregate::kCount, {}}, {query::Aggregate::kSum, number}, {query::Aggregate::kMax, number}};
  if (random.Chance(50)) spec.strategies = query::Strategies::None();
  if (columns_ == nullptr) columns_ = std::make_unique<column::ColumnCache>();
  const StatusOr<query::Groups> groups =
      query::Group({snapshot_.get(), snapshot_.get(), columns_.get()}, spec);
  if (!groups.ok()) {
    const bool refused = absl::IsInvalidArgument(groups.status());
    return {refused ? Outcome::kRefused : Outcome::kDiffers, groups.status().ToString()};
  }
  if (groups->rows.size() != expected.size()) {
    return {Outcome::kDiffers,
            StrCat(groups->rows.size(), " groups by ", by, ", expected ", expected.size())};
  }
  const bool ordered =
      std::is_sorted(groups->rows.begin(), groups->rows.end(), [](const auto& a, const auto& b) {
        // A null key comes last, and numbers in their order; other keys are not looked at here.
        if (a[0].is_null() || b[0].is_null()) return !a[0].is_null() && b[0].is_null();
        const auto x = WholeOf(a[0]), y = WholeOf(b[0]);
        return x && y && *x < *y;
      });
  if (!ordered) return {Outcome::kDiffers, "groups by " + by + " are out of order"};
  for (const std::vector<Value>& row : groups->rows) {
    const auto group =
        std::find_if(expected.begin(), expected.end(), [&](const Sums& s) { return s.key == row[0]; });
    if (group != expected.end() && WholeOf(row[1]) == group->count && WholeOf(row[2]) == group->sum &&
        WholeOf(row[3]) == group->greatest) {
      continue;
    }
    return {Outcome::kDiffers, StrCat("group ", row[0].ToString(), " of ", by, ": count ", row[1].ToString(),
                                      ", sum ", row[2].ToString(), ", greatest ", row[3].ToString())};
  }
  return {Outcome::kSame, "", expected.size() * 3};
}

}  // namespace relata::twin
