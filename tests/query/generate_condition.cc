// Random conditions: comparisons, tests of texts, sets and dates, logic.
#include <algorithm>

#include "relata/base/strings.h"
#include "tests/query/generate.h"

namespace relata::twin {

using expr::Expr;
using expr::Function;
using expr::Kind;
using expr::Operator;

namespace {

constexpr Operator kOrderings[] = {Operator::kEqual,     Operator::kNotEqual, Operator::kLess,
                                   Operator::kLessEqual, Operator::kGreater,  Operator::kGreaterEqual,
                                   Operator::kDistinct};
constexpr Operator kEqualities[] = {Operator::kEqual, Operator::kNotEqual, Operator::kDistinct};

Expr NumberLiteral(int64_t number) { return Expr(Kind::kLiteral, expr::Literal(number), {}); }
Expr Null() { return Expr(Kind::kLiteral, expr::Literal(), {}); }

bool IsOrdered(const Shape& shape) {
  return shape.type != ValueType::kPoint && shape.type != ValueType::kReference &&
         shape.type != ValueType::kAnyReference;
}

}  // namespace

// There is always one: at worst a literal.
Expr Generator::MakeCondition(int depth) {
  const Shape shape{.type = ValueType::kBool};
  if (depth <= 0) {
    const Expr comparison = random_.Chance(60) ? Comparison(0) : Expr();
    return comparison ? comparison : Leaf(shape);
  }
  const auto several = [=, this](Kind kind) {
    std::vector<Expr> parts;
    const size_t count = 2 + random_.Below(2);
    while (parts.size() < count) {
      if (Expr part = MakeCondition(depth - 1)) parts.push_back(part);
    }
    return Expr(kind, {}, std::move(parts));
  };
  const auto of_condition = [=, this](Kind kind, expr::Detail detail) {
    const Expr x = MakeCondition(depth - 1);
    return x ? Expr(kind, std::move(detail), {x}) : x;
  };
  Options options = {
      [=] { return several(Kind::kAnd); },
      [=] { return several(Kind::kOr); },
      [=] { return of_condition(Kind::kNot, {}); },
      [=, this] {
        constexpr expr::Test kTests[] = {expr::Test::kTrue, expr::Test::kFalse, expr::Test::kUnknown};
        return of_condition(Kind::kIs, random_.Of(kTests));
      },
      [=, this] {
        const Expr x = Make(RandomShape(), depth - 1);
        return x ? Expr(Kind::kIs, expr::Test::kNull, {x}) : x;
      },
      [=, this] { return Comparison(depth); },
      [=, this] { return Comparison(depth); },
      [=, this] { return Comparison(depth); },
      [=, this] { return TextTest(depth); },
      [=, this] { return SetTest(); },
      [=, this] { return DateTest(depth); },
      [=, this] { return Quantified(depth); },
      [=, this] { return Quantified(depth); },
      [=, this] { return HierarchyTest(); },
      [=, this] { return Rank(depth); },
      [=, this] { return Activity(depth); },
  };
  // Not every world has them.
  if (!world_.schema.segments.empty()) {
    options.push_back([=, this] { return Membership(); });
    options.push_back([=, this] { return Membership(); });
    options.push_back([=, this] { return History(depth); });
    options.push_back([=, this] { return History(depth); });
  }
  if (random_.Chance(30)) AddGeneral(shape, depth, &options);
  Expr made = Pick(options, shape);
  return made ? made : MakeCondition(0);
}

// Something that may stand beside a value of the shape in a comparison: mostly of the same shape.
Expr Generator::Beside(const Shape& shape, int depth) {
  if (random_.Chance(3)) return Null();
  switch (shape.type) {
    case ValueType::kInt64:
      if (random_.Chance(30)) return Make(RandomExact(), depth);
      if (random_.Chance(10)) return PathTo({.type = ValueType::kMoney, .currency = world_.schema.base});
      break;
    case ValueType::kDecimal:
      if (random_.Chance(20)) return Make(RandomExact(), depth);
      if (random_.Chance(5)) return Make({.type = ValueType::kInt64}, depth);
      if (random_.Chance(10)) return Make({.type = ValueType::kDouble}, depth);
      break;
    case ValueType::kDouble:
      if (random_.Chance(30)) return Make(RandomExact(), depth);
      break;
    case ValueType::kMoney:
      if (random_.Chance(30)) return Make(RandomExact(), random_.Chance(70) ? 0 : depth);
      if (random_.Chance(5)) return Make({.type = ValueType::kInt64}, depth);
      break;
    case ValueType::kDate:
    case ValueType::kTimestamp:
      if (random_.Chance(20)) return Make({.type = random_.Of(kMomentTypes)}, depth);
      if (random_.Chance(10)) return TextLiteral("2026-03-29");
      break;
    case ValueType::kEnum:
      if (random_.Chance(75)) return TextLiteral(random_.Of(shape.field->labels));
      break;
    case ValueType::kCurrency:
      if (random_.Chance(70)) return TextLiteral(random_.Chance(50) ? "EUR" : "USD");
      break;
    case ValueType::kReference:
      if (random_.Chance(50)) return NumberLiteral(random_.Between(1, 12));
      if (random_.Chance(30)) {
        return Expr(Kind::kCall, Function::kRecord,
                    {TextLiteral(shape.entity), NumberLiteral(random_.Between(1, 9))});
      }
      break;
    case ValueType::kAnyReference:
      return Expr(
          Kind::kCall, Function::kRecord,
          {TextLiteral(random_.Of(world_.schema.entities).name), NumberLiteral(random_.Between(1, 9))});
    default:
      break;
  }
  return Make(shape, depth);
}

Expr Generator::Comparison(int depth) {
  if (random_.Chance(5)) {
    // An any-reference has no shape of its own: only a path leads to one.
    if (const Expr any = PathTo({.type = ValueType::kAnyReference})) {
      const Expr other = Beside({.type = ValueType::kAnyReference}, 0);
      return Expr(Kind::kBinary, random_.Of(kEqualities), {any, other});
    }
  }
  const Shape shape = RandomShape();
  const Expr x = Make(shape, depth - 1);
  if (!x) return {};
  const bool ordered = IsOrdered(shape);
  const auto beside = [&] { return Beside(shape, depth - 1); };
  if (ordered && random_.Chance(15)) {
    const Expr low = beside(), high = beside();
    return low && high ? Expr(Kind::kBetween, {}, {x, low, high}) : Expr();
  }
  if (random_.Chance(15)) {
    std::vector<Expr> parts = {x};
    const size_t count = 1 + random_.Below(4);
    for (size_t i = 0; i < count; ++i) {
      // Those of a list have one type, so literals alone.
      const Expr item = shape.type == ValueType::kEnum || shape.type == ValueType::kCurrency ||
                                shape.type == ValueType::kReference
                            ? Beside(shape, 0)
                            : (random_.Chance(10) ? Null() : Literal(shape));
      if (item) parts.push_back(item);
    }
    return parts.size() > 1 ? Expr(Kind::kInList, {}, parts) : Expr();
  }
  const Expr y = beside();
  if (!y) return {};
  const Operator op = ordered ? random_.Of(kOrderings) : random_.Of(kEqualities);
  return random_.Chance(80) ? Expr(Kind::kBinary, op, {x, y}) : Expr(Kind::kBinary, op, {y, x});
}

Expr Generator::TextTest(int depth) {
  const Shape text{.type = ValueType::kText};
  const Expr x = Make(text, std::min(depth - 1, 2));
  if (!x) return {};
  const auto binary = [&](Operator op, const Expr& y) {
    return y ? Expr(Kind::kBinary, op, {x, y}) : Expr();
  };
  switch (random_.Below(9)) {
    case 0:
    case 1: {
      constexpr const char* kPatterns[] = {"%a%",   "J%", "%sen", "_a%",    "%",      "",         "100\\%",
                                           "a\\_b", "%é", "C_f_", "jans%n", "%\\\\%", "ångström", "STRASSE"};
      return binary(random_.Chance(50) ? Operator::kLike : Operator::kILike,
                    random_.Chance(80) ? TextLiteral(random_.Of(kPatterns)) : Leaf(text));
    }
    case 2:
      return binary(Operator::kStartsWith, random_.Chance(50) ? TextLiteral("J") : Make(text, 1));
    case 3:
      return binary(Operator::kEndsWith, random_.Chance(50) ? TextLiteral("n") : Make(text, 1));
    case 4:
      return binary(Operator::kContains, random_.Chance(50) ? TextLiteral("ans") : Make(text, 1));
    case 5: {
      constexpr const char* kPatterns[] = {"^[A-J]", "sen$", "a|b", "[0-9]+", "^$", "ans{2}en", "(Jan)?s"};
      return binary(Operator::kMatches, TextLiteral(random_.Of(kPatterns)));
    }
    case 6: {
      constexpr const char* kSearches[] = {"jan",   "Jansen",  "bakkerij jan", "vries de", "café",
                                           "cafe ", "strasse", "ut*  2",       ""};
      return Expr(Kind::kCall, Function::kSearch, {x, TextLiteral(random_.Of(kSearches))});
    }
    case 7:
      return Expr(Kind::kIs, expr::Test::kEmpty, {x});
    default: {
      const Expr similar(Kind::kCall, Function::kSimilar, {x, TextLiteral("Janssen")});
      // No two texts are likely to be exactly so alike.
      return Expr(Kind::kBinary, Operator::kGreaterEqual,
                  {similar, Expr(Kind::kLiteral, expr::Literal(Decimal{8437, 4}), {})});
    }
  }
}

Expr Generator::SetTest() {
  constexpr ValueType kSets[] = {ValueType::kTextSet, ValueType::kLabelSet, ValueType::kReferenceSet};
  std::vector<Reached> sets;
  for (const Reached& reached : Reach()) {
    if (std::find(std::begin(kSets), std::end(kSets), reached.shape.type) != std::end(kSets))
      sets.push_back(reached);
  }
  if (sets.empty()) return {};
  const Reached& chosen = random_.Of(sets);
  const Expr set(Kind::kPath, chosen.path, {});
  const auto element = [&]() -> Expr {
    constexpr const char* kWords[] = {"fair", "old", "vip", "été", "new"};
    if (chosen.shape.type == ValueType::kTextSet) return TextLiteral(random_.Of(kWords));
    if (chosen.shape.type == ValueType::kLabelSet) return TextLiteral(random_.Of(chosen.shape.field->labels));
    return NumberLiteral(random_.Between(1, 12));
  };
  switch (random_.Below(4)) {
    case 0:
      return Expr(Kind::kIs, expr::Test::kEmpty, {set});
    case 1: {
      Expr x = element();
      if (chosen.shape.type == ValueType::kTextSet && random_.Chance(30))
        x = Leaf({.type = ValueType::kText});
      if (chosen.shape.type == ValueType::kReferenceSet && random_.Chance(50)) {
        if (const Expr path = PathTo({.type = ValueType::kReference, .entity = chosen.shape.entity}))
          x = path;
      }
      return Expr(Kind::kBinary, Operator::kIn, {x, set});
    }
    default: {
      constexpr expr::SetTest kTests[] = {expr::SetTest::kAny, expr::SetTest::kAll, expr::SetTest::kNone,
                                          expr::SetTest::kExactly};
      std::vector<Expr> parts = {set};
      const size_t count = 1 + random_.Below(3);
      for (size_t i = 0; i < count; ++i) parts.push_back(element());
      return Expr(Kind::kHas, random_.Of(kTests), std::move(parts));
    }
  }
}

Expr Generator::DateTest(int depth) {
  constexpr expr::Unit kUnits[] = {expr::Unit::kWeek, expr::Unit::kMonth, expr::Unit::kQuarter,
                                   expr::Unit::kYear};
  const auto period = [&] {
    expr::Period p{.offset = static_cast<int32_t>(random_.Between(-1, 1)), .unit = random_.Of(kUnits)};
    p.fiscal = (p.unit == expr::Unit::kQuarter || p.unit == expr::Unit::kYear) && random_.Chance(30);
    return Expr(Kind::kPeriod, p, {});
  };
  const Expr x = Make({.type = random_.Of(kMomentTypes)}, std::min(depth - 1, 2));
  if (!x) return {};
  switch (random_.Below(4)) {
    case 0:
    case 1:
      return Expr(Kind::kBinary, Operator::kIn, {x, period()});
    case 2: {
      const Expr window(Kind::kWithin, {}, {random_.Chance(30) ? period() : Interval(true, true)});
      return Expr(Kind::kCall, Function::kAnniversary, {x, window});
    }
    default: {
      const Expr a = Leaf({.type = ValueType::kPoint}), b = Leaf({.type = ValueType::kPoint});
      if (!a || !b) return {};
      const Expr distance(Kind::kCall, Function::kDistance, {a, b});
      const Expr length(Kind::kLiteral, expr::Literal(expr::Length{random_.Between(1, 99) * 997'003}), {});
      return Expr(Kind::kBinary, random_.Chance(50) ? Operator::kLess : Operator::kGreaterEqual,
                  {distance, length});
    }
  }
}

Expr Generator::HierarchyTest() {
  const TwinEntity& entity = *scopes_.back();
  if (entity.Parent() == nullptr) return {};
  constexpr Function kFunctions[] = {Function::kChildOf, Function::kDescendantOf, Function::kAncestorOf};
  Expr other = NumberLiteral(random_.Between(1, 9));
  if (random_.Chance(40)) {
    if (const Expr path = PathTo({.type = ValueType::kReference, .entity = entity.name})) other = path;
  }
  return Expr(Kind::kCall, random_.Of(kFunctions), {other});
}

// Ranks look at all records of a type, from each: at the outside only, and by something simple.
Expr Generator::Rank(int depth) {
  if (scopes_.size() > 1 || depth < 2) return {};
  Shape shape = RandomShape();
  if (!IsOrdered(shape) || shape.type == ValueType::kBool || shape.type == ValueType::kCurrency)
    shape = RandomExact();
  std::vector<Expr> parts = {NumberLiteral(random_.Between(0, 12)), Make(shape, 1)};
  if (!parts[1]) return {};
  while (random_.Chance(40) && parts.size() < 4) {
    if (const Expr per = PathTo(RandomShape()); per && per->path().outer == 0) parts.push_back(per);
  }
  return Expr(Kind::kTop, {}, std::move(parts));
}

Expr Generator::Activity(int depth) {
  std::vector<ReachedCollection> dated;
  for (const ReachedCollection& collection : Collections()) {
    if (!collection.entity->moment.empty()) dated.push_back(collection);
  }
  if (dated.empty()) return {};
  const auto related = [&] { return Related(random_.Of(dated), {}, std::min(depth, 2)); };
  const auto within = [&](bool length) { return WithinBack(!length); };
  const Expr first = related();
  switch (random_.Below(4)) {
    case 0:
      return Expr(Kind::kCall, Function::kFollowedBy, {first, related(), within(true)});
    case 1:
      return Expr(Kind::kCall, Function::kFirstTime, {first, within(false)});
    case 2:
      return Expr(Kind::kCall, Function::kStopped, {first, Interval(random_.Chance(70), true)});
    default:
      return Expr(Kind::kCall, Function::kRestarted,
                  {first, Interval(random_.Chance(70), true), within(false)});
  }
}

}  // namespace relata::twin
