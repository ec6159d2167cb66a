// Shapes, what can be reached from where an expression stands, and leaves.
#include "tests/query/generate.h"

#include <algorithm>

#include "relata/base/check.h"
#include "relata/base/strings.h"

namespace relata::twin {

using expr::Expr;
using expr::Function;
using expr::Kind;

namespace {

std::vector<std::string> SplitName(const std::string& name) {
  std::vector<std::string> parts = {""};
  for (char c : name) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

expr::Path Behind(expr::Path path, const std::string& name) {
  for (const std::string& part : SplitName(name)) path.names.push_back(part);
  return path;
}

}  // namespace

Shape ShapeOf(const TwinSchema& schema, const FieldSpec& field) {
  Shape shape{.type = field.type};
  switch (field.type) {
    case ValueType::kInt64:
      // Huge ones are kept apart: beside decimals they would not fit the finer scale.
      if (!field.name.starts_with("huge")) shape.type = ValueType::kDecimal;
      break;
    case ValueType::kDecimal:
      shape.scale = field.scale;
      break;
    case ValueType::kMoney:
      shape.currency = field.currency.is_none() ? schema.base : field.currency;
      break;
    case ValueType::kEnum:
    case ValueType::kLabelSet:
      shape.field = &field;
      break;
    case ValueType::kReference:
    case ValueType::kReferenceSet:
      shape.entity = field.targets[0];
      break;
    default:
      break;
  }
  return shape;
}

Expr Generator::Condition(const std::string& entity, int depth) {
  scopes_ = {&world_.schema.At(entity)};
  return MakeCondition(depth);
}

Expr Generator::AnyValue(const std::string& entity, int depth) {
  scopes_ = {&world_.schema.At(entity)};
  return Make(RandomShape(), depth);
}

// Something that compares, of which there is a field to be had if it needs one.
Shape Generator::RandomShape() {
  constexpr ValueType kTypes[] = {ValueType::kBool,      ValueType::kDecimal,   ValueType::kInt64,
                                  ValueType::kDecimal,   ValueType::kDouble,    ValueType::kMoney,
                                  ValueType::kMoney,     ValueType::kText,      ValueType::kText,
                                  ValueType::kDate,      ValueType::kDate,      ValueType::kTimestamp,
                                  ValueType::kTimestamp, ValueType::kDuration,  ValueType::kEnum,
                                  ValueType::kCurrency,  ValueType::kReference, ValueType::kPoint};
  const ValueType type = random_.Of(kTypes);
  std::vector<Shape> there;
  for (const Reached& reached : Reach()) {
    if (reached.shape.type == type) there.push_back(reached.shape);
  }
  if (!there.empty()) return random_.Of(there);
  switch (type) {
    case ValueType::kDouble:
    case ValueType::kText:
    case ValueType::kDate:
    case ValueType::kTimestamp:
    case ValueType::kDuration:
      return {.type = type};
    case ValueType::kMoney:
      return {.type = type, .currency = world_.schema.base};
    default:
      return RandomExact();
  }
}

bool Generator::Shadowed(size_t outer, const std::string& name) const {
  for (size_t i = 0; i < outer; ++i) {
    const TwinEntity& inner = *scopes_[scopes_.size() - 1 - i];
    if (name == "id" || world_.schema.FindCollection(inner, name).entity != nullptr) return true;
    for (const FieldSpec& field : inner.fields) {
      const std::string_view of = field.name;
      if (of.substr(0, of.find('.')) == name) return true;
    }
  }
  return false;
}

std::vector<Generator::Reached> Generator::Reach() const {
  std::vector<Reached> reached;
  for (size_t outer = 0; outer < scopes_.size(); ++outer) {
    const size_t before = reached.size();
    ReachFrom(*scopes_[scopes_.size() - 1 - outer], {static_cast<uint32_t>(outer), {}}, 0, &reached);
    // A name that nothing nearer has needs no `outer`.
    for (size_t i = before; outer > 0 && i < reached.size(); ++i) {
      expr::Path& path = reached[i].path;
      if (!Shadowed(outer, path.names[0]) && path.names[0].size() % 2 == 0) path.outer = 0;
    }
  }
  return reached;
}

void Generator::ReachFrom(const TwinEntity& entity, const expr::Path& path, int hops,
                          std::vector<Reached>* reached) const {
  reached->push_back({Behind(path, "id"), {.type = ValueType::kReference, .entity = entity.name}, nullptr});
  for (const FieldSpec& field : entity.fields) {
    const expr::Path there = Behind(path, field.name);
    reached->push_back({there, ShapeOf(world_.schema, field), &field});
    if (hops >= 2) continue;
    if (field.type == ValueType::kReference) {
      ReachFrom(world_.schema.At(field.targets[0]), there, hops + 1, reached);
    } else if (field.type == ValueType::kAnyReference) {
      ReachAny(field, there, reached);
    }
  }
}

// Fields behind an any-reference, where the targets that have one of that name agree on what it is.
void Generator::ReachAny(const FieldSpec& field, const expr::Path& path,
                         std::vector<Reached>* reached) const {
  for (const std::string& target : field.targets) {
    for (const FieldSpec& candidate : world_.schema.At(target).fields) {
      const Shape shape = ShapeOf(world_.schema, candidate);
      const bool agreed =
          std::all_of(field.targets.begin(), field.targets.end(), [&](const std::string& other) {
            const FieldSpec* same = world_.schema.At(other).Find(candidate.name);
            return same == nullptr ||
                   (ShapeOf(world_.schema, *same) == shape && same->type == candidate.type);
          });
      if (agreed && candidate.type != ValueType::kAnyReference) {
        reached->push_back({Behind(path, candidate.name), shape, &candidate});
      }
    }
  }
}

Expr Generator::PathTo(const Shape& shape) {
  std::vector<const Reached*> near, far;
  const std::vector<Reached> all = Reach();
  for (const Reached& reached : all) {
    if (reached.shape != shape) continue;
    const bool plain = reached.path.outer == 0 && reached.path.names.size() == 1;
    (plain ? near : far).push_back(&reached);
  }
  const auto& chosen = far.empty() || (!near.empty() && random_.Chance(60)) ? near : far;
  if (chosen.empty()) return {};
  return Expr(Kind::kPath, random_.Of(chosen)->path, {});
}

// A value that some row has, or one like it.
Expr Generator::Literal(const Shape& shape) {
  const auto literal = [](expr::Literal value) { return Expr(Kind::kLiteral, std::move(value), {}); };
  std::vector<Value> known;
  for (const TwinEntity& entity : world_.schema.entities) {
    for (const FieldSpec& field : entity.fields) {
      if (!(ShapeOf(world_.schema, field) == shape) || field.name.starts_with("amount")) continue;
      for (const auto& [id, row] : world_.data.Of(entity.name)) {
        const Value& value = row.at(field.name);
        if (!value.is_null()) known.push_back(value);
      }
    }
  }
  const Value value = known.empty() || random_.Chance(15) ? Value() : random_.Of(known);
  switch (shape.type) {
    case ValueType::kBool:
      return literal(random_.Chance(50));
    case ValueType::kInt64:
    case ValueType::kDecimal: {
      const int64_t* whole = value.As<int64_t>();
      const Decimal* exact = value.As<Decimal>();
      const int64_t units = whole ? *whole : exact ? exact->units : random_.Between(-20, 100);
      if (shape.scale == 0) return literal(units);
      return literal(Decimal{units, static_cast<uint8_t>(shape.scale)});
    }
    case ValueType::kDouble: {
      const double* real = value.As<double>();
      return literal(real ? *real : static_cast<double>(random_.Between(-40, 160)) / 8);
    }
    case ValueType::kMoney: {
      const Money* money = value.As<Money>();
      return literal(Money::Minor(money ? money->minor : random_.Between(-500, 2'000), shape.currency));
    }
    case ValueType::kDate: {
      const Date* date = value.As<Date>();
      return literal(date ? *date : Date{static_cast<int32_t>(20'500 + random_.Between(-100, 200))});
    }
    case ValueType::kTimestamp: {
      const Timestamp* at = value.As<Timestamp>();
      return literal(at ? *at : Timestamp{world_.now.micros + random_.Between(-40, 40) * 21'600'000'000});
    }
    case ValueType::kDuration: {
      const Duration* length = value.As<Duration>();
      return literal(expr::Interval{0, length ? length->micros : random_.Between(-9, 90) * 1'800'000'000});
    }
    case ValueType::kPoint: {
      const Point* point = value.As<Point>();
      return literal(point ? *point : Point{520'907'000, 51'214'000});
    }
    case ValueType::kText: {
      const std::string* text = value.As<std::string>();
      return literal(text ? *text : std::string("Jan"));
    }
    default:
      // Labels, codes and records are written as texts and numbers, which stand beside them only.
      return {};
  }
}

Expr Generator::Leaf(const Shape& shape) {
  Expr path = PathTo(shape);
  if (path && random_.Chance(65)) return path;
  if (Expr literal = Literal(shape)) return literal;
  return path;
}

Expr Generator::Pick(const Options& options, const Shape& shape) {
  for (int tries = 0; tries < 6 && !options.empty(); ++tries) {
    if (Expr made = options[random_.Below(options.size())]()) return made;
  }
  return Leaf(shape);
}

// What there is for every shape: choices between values, and values of related records.
void Generator::AddGeneral(const Shape& shape, int depth, Options* options) {
  options->push_back([=, this] {
    std::vector<Expr> parts;
    for (size_t i = 0; i <= random_.Below(2); ++i) {
      parts.push_back(MakeCondition(depth - 1));
      parts.push_back(Make(shape, depth - 1));
    }
    if (random_.Chance(70)) parts.push_back(Make(shape, depth - 1));
    return std::any_of(parts.begin(), parts.end(), [](const Expr& e) { return !e; })
               ? Expr()
               : Expr(Kind::kCase, {}, parts);
  });
  options->push_back([=, this] {
    const Expr first = Make(shape, depth - 1), second = Make(shape, depth - 1);
    return first && second ? Expr(Kind::kCall, Function::kCoalesce, {first, second}) : Expr();
  });
  options->push_back(
      [=, this] { return Aggregate(random_.Chance(50) ? Function::kFirst : Function::kLast, shape, depth); });
  const bool extremes = shape.type != ValueType::kBool && shape.type != ValueType::kPoint &&
                        shape.type != ValueType::kCurrency && shape.type != ValueType::kReference;
  if (!extremes) return;
  options->push_back(
      [=, this] { return Aggregate(random_.Chance(50) ? Function::kMin : Function::kMax, shape, depth); });
}

Expr Generator::Make(const Shape& shape, int depth) {
  if (depth <= 0 || random_.Chance(25)) return Leaf(shape);
  if (shape.type == ValueType::kBool) return MakeCondition(depth);
  Options options;
  switch (shape.type) {
    case ValueType::kDecimal:
      AddExact(shape, depth, &options);
      break;
    case ValueType::kInt64:
      AddHuge(depth, &options);
      break;
    case ValueType::kDouble:
      AddDouble(depth, &options);
      break;
    case ValueType::kMoney:
      AddMoney(shape, depth, &options);
      break;
    case ValueType::kDate:
    case ValueType::kTimestamp:
    case ValueType::kDuration:
      AddMoments(shape, depth, &options);
      break;
    case ValueType::kText:
      options.push_back([=, this] {
        const Expr text = Make(shape, depth - 1);
        return text ? Expr(Kind::kCall, Function::kFold, {text}) : text;
      });
      break;
    default:
      break;
  }
  if (random_.Chance(60) || options.empty()) AddGeneral(shape, depth, &options);
  return Pick(options, shape);
}

}  // namespace relata::twin
