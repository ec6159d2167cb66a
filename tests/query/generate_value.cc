// Values: numbers, amounts, dates, and what is made of related records.
#include <algorithm>

#include "relata/base/check.h"
#include "tests/query/generate.h"

namespace relata::twin {

using expr::Expr;
using expr::Function;
using expr::Kind;
using expr::Operator;

namespace {

Expr Binary(Operator op, const Expr& a, const Expr& b) {
  return a && b ? Expr(Kind::kBinary, op, {a, b}) : Expr();
}

Expr Call(Function function, std::vector<Expr> arguments) {
  if (std::any_of(arguments.begin(), arguments.end(), [](const Expr& e) { return !e; })) return {};
  return Expr(Kind::kCall, function, std::move(arguments));
}

Shape Exact(int scale) { return {.type = ValueType::kDecimal, .scale = scale}; }

}  // namespace

void Generator::AddExact(const Shape& shape, int depth, Options* options) {
  const int scale = shape.scale;
  options->push_back([=, this] {
    return Binary(random_.Chance(50) ? Operator::kAdd : Operator::kSubtract, Make(shape, depth - 1),
                  Make(Exact(static_cast<int>(random_.Below(static_cast<size_t>(scale) + 1))), depth - 1));
  });
  options->push_back([=, this] {
    const int left = static_cast<int>(random_.Below(static_cast<size_t>(scale) + 1));
    return Binary(Operator::kMultiply, Make(Exact(left), depth - 1), Make(Exact(scale - left), depth - 1));
  });
  options->push_back([=, this] {
    const Expr x = Make(shape, depth - 1);
    if (!x || x->kind == Kind::kLiteral) return x;  // a sign before a number is part of it
    return Expr(Kind::kNegate, {}, {x});
  });
  options->push_back([=, this] { return Aggregate(Function::kSum, shape, depth); });
  options->push_back([=, this] {
    return Trend(random_.Chance(50) && scale == 0 ? Function::kCount : Function::kSum, shape, depth);
  });
  if (scale != 0) return;
  options->push_back(
      [=, this] { return Binary(Operator::kDivide, Make(Exact(0), depth - 1), Make(Exact(0), depth - 1)); });
  options->push_back([=, this] { return Aggregate(Function::kCount, {}, depth); });
  options->push_back([=, this] { return Aggregate(Function::kCount, {}, depth); });
  options->push_back([=, this] { return Aggregate(Function::kDistinct, RandomShape(), depth); });
  for (int twice = 0; twice < 2; ++twice)
    options->push_back([=, this] {
      constexpr Function kParts[] = {Function::kYear, Function::kQuarter, Function::kMonth,
                                     Function::kWeek, Function::kDay,     Function::kAge};
      return Call(random_.Of(kParts), {Make({.type = random_.Of(kMomentTypes)}, depth - 1)});
    });
  options->push_back([=, this] {
    const Shape date{.type = ValueType::kDate};
    return Binary(Operator::kSubtract, Make(date, depth - 1), Make(date, depth - 1));
  });
}

// Integers near the ends of 64 bits, among themselves and small ones.
void Generator::AddHuge(int depth, Options* options) {
  const Shape huge{.type = ValueType::kInt64};
  options->push_back([=, this] {
    constexpr Operator kOperators[] = {Operator::kAdd, Operator::kSubtract, Operator::kMultiply,
                                       Operator::kDivide};
    Expr a = Make(huge, depth - 1), b = Make(random_.Chance(40) ? huge : Exact(0), depth - 1);
    if (random_.Chance(50)) std::swap(a, b);
    return Binary(random_.Of(kOperators), a, b);
  });
  options->push_back([=, this] {
    const Expr x = Make(huge, depth - 1);
    return !x || x->kind == Kind::kLiteral ? x : Expr(Kind::kNegate, {}, {x});
  });
  options->push_back([=, this] { return Aggregate(Function::kSum, huge, depth); });
}

void Generator::AddDouble(int depth, Options* options) {
  const Shape shape{.type = ValueType::kDouble};
  options->push_back([=, this] {
    constexpr Operator kOperators[] = {Operator::kAdd, Operator::kSubtract, Operator::kMultiply,
                                       Operator::kDivide};
    Expr a = Make(shape, depth - 1);
    Expr b = random_.Chance(60) ? Make(shape, depth - 1) : Make(RandomExact(), depth - 1);
    if (random_.Chance(50)) std::swap(a, b);
    return Binary(random_.Of(kOperators), a, b);
  });
  options->push_back([=, this] {
    return Binary(Operator::kDivide, Make(RandomExact(), depth - 1), Make(Exact(2), depth - 1));
  });
  options->push_back([=, this] {
    const Shape of = random_.Chance(30) ? shape : random_.Chance(50) ? Exact(0) : RandomExact();
    return Aggregate(Function::kAvg, of, depth);
  });
  options->push_back([=, this] { return Aggregate(Function::kSum, shape, depth); });
  options->push_back([=, this] {
    const Shape money{.type = ValueType::kMoney, .currency = world_.schema.base};
    return Binary(Operator::kDivide, Make(money, depth - 1), Make(money, depth - 1));
  });
  options->push_back([=, this] {
    const Shape text{.type = ValueType::kText};
    return Call(Function::kSimilar, {Make(text, depth - 1), Make(text, depth - 1)});
  });
  options->push_back([=, this] {
    // Ranks look at all records of a type, from each: at the outside only.
    return scopes_.size() > 1 ? Expr()
                              : Call(Function::kPercentile, {Make(RandomExact(), std::min(depth - 1, 1))});
  });
}

void Generator::AddMoney(const Shape& shape, int depth, Options* options) {
  options->push_back([=, this] {
    return Binary(random_.Chance(50) ? Operator::kAdd : Operator::kSubtract, Make(shape, depth - 1),
                  Make(shape, depth - 1));
  });
  options->push_back([=, this] {
    Expr a = Make(shape, depth - 1), b = Make(RandomExact(), depth - 1);
    if (random_.Chance(30)) std::swap(a, b);
    return Binary(Operator::kMultiply, a, b);
  });
  options->push_back([=, this] {
    return Binary(Operator::kDivide, Make(shape, depth - 1), Make(RandomExact(), depth - 1));
  });
  options->push_back([=, this] {
    const Expr x = Make(shape, depth - 1);
    return x ? Expr(Kind::kNegate, {}, {x}) : x;
  });
  options->push_back([=, this] { return Aggregate(Function::kSum, shape, depth); });
  options->push_back([=, this] { return Aggregate(Function::kAvg, shape, depth); });
  options->push_back([=, this] { return Trend(Function::kSum, shape, depth); });
}

void Generator::AddMoments(const Shape& shape, int depth, Options* options) {
  const auto move = [=, this](const Shape& from, bool whole_days, bool months) {
    return Binary(random_.Chance(50) ? Operator::kAdd : Operator::kSubtract, Make(from, depth - 1),
                  Interval(whole_days, months));
  };
  const Shape date{.type = ValueType::kDate}, at{.type = ValueType::kTimestamp};
  if (shape.type == ValueType::kDate) {
    options->push_back([=] { return move(date, true, true); });
    options->push_back([=, this] {
      return Binary(random_.Chance(50) ? Operator::kAdd : Operator::kSubtract, Make(date, depth - 1),
                    Make(Exact(0), depth - 1));
    });
    options->push_back([] { return Call(Function::kToday, {}); });
    options->push_back([=, this] {
      return random_.Chance(30)
                 ? Call(Function::kFiscalYearStart, {})
                 : Call(Function::kFiscalYearStart, {Make({.type = random_.Of(kMomentTypes)}, depth - 1)});
    });
  } else if (shape.type == ValueType::kTimestamp) {
    options->push_back([=] { return move(at, false, true); });
    options->push_back([=, this] {
      // Hours make a timestamp of a date.
      const Expr hours(Kind::kLiteral,
                       expr::Literal(expr::Interval{0, 3'600'000'000 * random_.Between(1, 23)}), {});
      return Binary(random_.Chance(50) ? Operator::kAdd : Operator::kSubtract, Make(date, depth - 1), hours);
    });
    options->push_back([=, this] {
      const Expr length = PathTo({.type = ValueType::kDuration});
      return Binary(Operator::kAdd, Make(random_.Chance(50) ? date : at, depth - 1), length);
    });
    options->push_back([] { return Call(Function::kNow, {}); });
  } else {
    options->push_back([=, this] {
      return Binary(Operator::kSubtract, Make(at, depth - 1),
                    Make(random_.Chance(70) ? at : date, depth - 1));
    });
    options->push_back([=, this] {
      return Binary(random_.Chance(50) ? Operator::kAdd : Operator::kSubtract, Make(shape, depth - 1),
                    Make(shape, depth - 1));
    });
    options->push_back([=, this] { return Aggregate(Function::kSum, shape, depth); });
  }
}

// A literal span of time.
Expr Generator::Interval(bool whole_days, bool months) {
  constexpr int64_t kHour = 3'600'000'000;
  expr::Interval interval;
  if (months && random_.Chance(50))
    interval.months = random_.Chance(50) ? random_.Between(1, 3) : random_.Between(4, 30);
  if (interval.months == 0 || random_.Chance(20)) {
    constexpr int64_t kDays[] = {1, 7, 14, 30, 90, 365};
    interval.micros = 24 * kHour * random_.Of(kDays);
    if (!whole_days && random_.Chance(50)) interval.micros = kHour * random_.Between(1, 72);
  }
  return Expr(Kind::kLiteral, expr::Literal(interval), {});
}

std::vector<Generator::ReachedCollection> Generator::Collections() const {
  std::vector<ReachedCollection> collections;
  for (size_t outer = 0; outer < scopes_.size(); ++outer) {
    const TwinEntity& entity = *scopes_[scopes_.size() - 1 - outer];
    const auto level = static_cast<uint32_t>(outer);
    for (const auto& [name, collection] : world_.schema.CollectionsOf(entity)) {
      const bool bare = outer > 0 && !Shadowed(outer, name);
      collections.push_back({{bare ? 0 : level, {name}}, collection.entity});
    }
    for (const FieldSpec& field : entity.fields) {
      if (field.type != ValueType::kReference || outer > 0) continue;
      for (const auto& [name, collection] : world_.schema.CollectionsOf(world_.schema.At(field.targets[0]))) {
        collections.push_back({{level, {field.name, name}}, collection.entity});
      }
    }
  }
  return collections;
}

Expr Generator::Related(const ReachedCollection& collection, const std::vector<std::string>& value,
                        int depth) {
  expr::Path path = collection.path;
  path.names.insert(path.names.end(), value.begin(), value.end());
  std::vector<Expr> condition;
  // Each level of related records multiplies the work of the naive interpreter.
  if (scopes_.size() < 3 && random_.Chance(65)) {
    scopes_.push_back(collection.entity);
    condition.push_back(MakeCondition(depth - 1));
    scopes_.pop_back();
  }
  return Expr(Kind::kRelated, std::move(path), std::move(condition));
}

// A trend asks when records happened.
Expr Generator::Trend(Function function, const Shape& of, int depth) {
  const Expr aggregate = Aggregate(function, of, depth, true);
  return aggregate ? Call(Function::kTrend, {aggregate, Interval(true, true)}) : aggregate;
}

Expr Generator::Aggregate(Function function, const Shape& of, int depth, bool dated) {
  std::vector<ReachedCollection> collections;
  for (ReachedCollection& collection : Collections()) {
    if (!dated || !collection.entity->moment.empty()) collections.push_back(std::move(collection));
  }
  if (collections.empty()) return {};
  const ReachedCollection& collection = random_.Of(collections);
  if (function == Function::kCount && random_.Chance(85)) {
    return Expr(Kind::kCall, function, {Related(collection, {}, depth)});
  }
  std::vector<Reached> values, fitting;
  ReachFrom(*collection.entity, {}, 1, &values);
  for (const Reached& value : values) {
    const ValueType type = value.shape.type;
    const bool single = type != ValueType::kTextSet && type != ValueType::kLabelSet &&
                        type != ValueType::kReferenceSet && type != ValueType::kObject;
    if (function == Function::kCount ? single : value.shape == of) fitting.push_back(value);
  }
  if (fitting.empty()) return {};
  return Expr(Kind::kCall, function, {Related(collection, random_.Of(fitting).path.names, depth)});
}

Expr Generator::Quantified(int depth) {
  const std::vector<ReachedCollection> collections = Collections();
  if (collections.empty()) return {};
  const ReachedCollection& collection = random_.Of(collections);
  constexpr Function kFunctions[] = {Function::kExists, Function::kExists, Function::kNone, Function::kAny,
                                     Function::kAll};
  const Function function = random_.Of(kFunctions);
  std::vector<Expr> arguments = {Related(collection, {}, depth)};
  if (function == Function::kAll) {
    scopes_.push_back(collection.entity);
    arguments.push_back(MakeCondition(scopes_.size() < 4 ? depth - 1 : 0));
    scopes_.pop_back();
  }
  return Expr(Kind::kCall, function, std::move(arguments));
}

}  // namespace relata::twin
