// Defines what makes the questions of the differential test: random schemas, random rows and random
// expressions that make sense of them. All follow from a seed: a world the same on every machine, expressions
// the same from one compiler (which may evaluate arguments in an order of its own).
//
//   Random random(seed);
//   const World world = MakeWorld(&random);
//   const expr::Expr expr = Generator(world, &random).Condition("alpha", 5);
//
// An expression is made for a shape that is wanted, from what has that shape where it stands: a field, a
// path, a literal (mostly a value that some row has), an operator or function over further such expressions.
#ifndef RELATA_TESTS_QUERY_GENERATE_H_
#define RELATA_TESTS_QUERY_GENERATE_H_

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "relata/expr/tree.h"
#include "tests/query/model.h"

namespace relata::twin {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  // 0 … n-1. The distributions of the standard library differ between libraries; this does not.
  size_t Below(size_t n) { return static_cast<size_t>(engine_() % n); }
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(engine_() % static_cast<uint64_t>(high - low + 1));
  }
  bool Chance(int percent) { return Below(100) < static_cast<size_t>(percent); }
  template <class C>
  const auto& Of(const C& choices) {
    return choices[Below(std::size(choices))];
  }

 private:
  std::mt19937_64 engine_;
};

// Around the hours that clocks skip and repeat, a leap day, the ends of a month and of years.
inline constexpr const char* kMoments[] = {
    "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z",
    "2026-10-25T01:30:00Z", "2024-02-29T12:00:00Z", "2026-12-31T23:30:00Z",
    "2026-03-31T10:00:00Z", "2027-01-01T00:00:00Z", "2025-11-02T06:30:00Z"};
inline constexpr ValueType kMomentTypes[] = {ValueType::kDate, ValueType::kTimestamp};

inline expr::Expr TextLiteral(std::string text) {
  return expr::Expr(expr::Kind::kLiteral, expr::Literal(std::move(text)), {});
}

// Where a test begins to count: RELATA_SEED, or 1.
inline uint64_t FirstSeed() {
  const char* seed = std::getenv("RELATA_SEED");
  return seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10);
}

struct World {
  TwinSchema schema;
  TwinData data;
  Timestamp now;
};

// 3 to 6 entity types with fields of every type, and up to `most_rows` rows of each: nulls, zeros, equal
// values, texts beyond ASCII, leap days, hours at which clocks change.
World MakeWorld(Random* random, size_t most_rows = 40);

// Values such as rows have: equal ones often, texts beyond ASCII, days around today and some far from it.
class ValueMaker {
 public:
  // A record for the field to refer to, or 0 for none.
  using Refer = std::function<RecordId(const FieldSpec& field, const std::string& target)>;
  ValueMaker(const TwinSchema& schema, Date today, Random* random, Refer refer)
      : schema_(schema), today_(today), random_(*random), refer_(std::move(refer)) {}

  // `row` has the currency of amounts.
  Value Any(const FieldSpec& field, const TwinRow& row) const;
  Value AnyCurrency() const;

 private:
  Date SomeDay() const;

  const TwinSchema& schema_;
  Date today_;
  Random& random_;
  Refer refer_;
};

// What a value is like, as far as operators ask.
struct Shape {
  ValueType type = ValueType::kBool;
  int scale = 0;                     // kDecimal, and integers too; kInt64 are those that may overflow
  Currency currency;                 // kMoney
  const FieldSpec* field = nullptr;  // kEnum, kLabelSet
  std::string entity;                // kReference, kReferenceSet
  friend bool operator==(const Shape&, const Shape&) = default;
};
Shape ShapeOf(const TwinSchema& schema, const FieldSpec& field);

// What somebody may write, and from where it can be reached.
class Generator {
 public:
  Generator(const World& world, Random* random) : world_(world), random_(*random) {}

  // A condition, or any value, about a record of the entity, about `depth` operators deep.
  expr::Expr Condition(const std::string& entity, int depth);
  expr::Expr AnyValue(const std::string& entity, int depth);

 private:
  using Options = std::vector<std::function<expr::Expr()>>;
  struct Reached {
    expr::Path path;
    Shape shape;
    FieldSpec const* field;  // nullptr: an id
  };
  struct ReachedCollection {
    expr::Path path;
    const TwinEntity* entity;
  };

  // generate.cc
  expr::Expr Make(const Shape& shape, int depth);
  expr::Expr Leaf(const Shape& shape);
  expr::Expr Pick(const Options& options, const Shape& shape);
  expr::Expr Literal(const Shape& shape);
  expr::Expr PathTo(const Shape& shape);
  Shape RandomShape();
  Shape RandomExact() { return {.type = ValueType::kDecimal, .scale = static_cast<int>(random_.Below(4))}; }
  std::vector<Reached> Reach() const;
  void ReachFrom(const TwinEntity& entity, const expr::Path& path, int hops,
                 std::vector<Reached>* reached) const;
  void ReachAny(const FieldSpec& field, const expr::Path& path, std::vector<Reached>* reached) const;
  bool Shadowed(size_t outer, const std::string& name) const;
  void AddGeneral(const Shape& shape, int depth, Options* options);

  // generate_condition.cc
  expr::Expr MakeCondition(int depth);
  expr::Expr Comparison(int depth);
  expr::Expr Beside(const Shape& shape, int depth);
  expr::Expr TextTest(int depth);
  expr::Expr SetTest();
  expr::Expr DateTest(int depth);
  expr::Expr HierarchyTest();
  expr::Expr Rank(int depth);

  // generate_history.cc
  expr::Expr WithinBack(bool may_be_named);
  expr::Expr FormerValue(expr::Function function, int depth);
  expr::Expr History(int depth);
  expr::Expr Membership();

  // generate_value.cc
  void AddExact(const Shape& shape, int depth, Options* options);
  void AddHuge(int depth, Options* options);
  void AddDouble(int depth, Options* options);
  expr::Expr Trend(expr::Function function, const Shape& of, int depth);
  void AddMoney(const Shape& shape, int depth, Options* options);
  void AddMoments(const Shape& shape, int depth, Options* options);
  expr::Expr Interval(bool whole_days, bool months);
  std::vector<ReachedCollection> Collections() const;
  expr::Expr Related(const ReachedCollection& collection, const std::vector<std::string>& value, int depth);
  expr::Expr Aggregate(expr::Function function, const Shape& of, int depth, bool dated = false);
  expr::Expr Quantified(int depth);
  expr::Expr Activity(int depth);

  const World& world_;
  Random& random_;
  std::vector<const TwinEntity*> scopes_;  // the innermost last
};

// Operators, functions and constructs that conditions have, as CountConstructs names them: without literals,
// and without what asks the past or segments.
const std::vector<std::string>& Constructs();
// How often each operator, function and construct stands in a tree; added to `counts`.
void CountConstructs(const expr::Expr& expr, std::map<std::string, int>* counts);

// Smaller trees made of this one: its parts, and itself with a part left out or made smaller.
std::vector<expr::Expr> Smaller(const expr::Expr& expr);

}  // namespace relata::twin

#endif  // RELATA_TESTS_QUERY_GENERATE_H_
