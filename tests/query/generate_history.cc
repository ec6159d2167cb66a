// Random questions about what fields were, which records are in segments, and samples.
#include <algorithm>
#include <utility>

#include "src/base/time_text.h"
#include "tests/query/generate.h"

namespace relata::twin {

using expr::Expr;
using expr::Function;
using expr::Kind;
using expr::Operator;

namespace {

Expr PathOf(const std::string& field) {
  expr::Path path;
  std::string name;
  for (const char c : field + ".") {
    if (c != '.') {
      name += c;
    } else {
      path.names.push_back(std::exchange(name, {}));
    }
  }
  return Expr(Kind::kPath, std::move(path), {});
}

}  // namespace

// A time to look back on: a period, or a length.
Expr Generator::WithinBack(bool may_be_named) {
  constexpr expr::Unit kUnits[] = {expr::Unit::kWeek, expr::Unit::kMonth, expr::Unit::kYear};
  const expr::Period period{.offset = static_cast<int32_t>(random_.Between(-1, 0)),
                            .unit = random_.Of(kUnits)};
  const bool named = may_be_named && random_.Chance(30);
  return Expr(Kind::kWithin, {},
              {named ? Expr(Kind::kPeriod, period, {}) : Interval(random_.Chance(70), true)});
}

// Whether a field with history was or is something. Only the record's own field can be asked.
Expr Generator::FormerValue(Function function, int depth) {
  std::vector<const FieldSpec*> fields;
  for (const FieldSpec& field : scopes_.back()->fields) {
    if (field.options.history) fields.push_back(&field);
  }
  if (fields.empty()) return {};
  const FieldSpec& field = *random_.Of(fields);
  if (function == Function::kChanged) {
    return Expr(Kind::kCall, function, {PathOf(field.name), WithinBack(true)});
  }
  const Shape shape = ShapeOf(world_.schema, field);
  const bool written = shape.type == ValueType::kEnum || shape.type == ValueType::kCurrency ||
                       shape.type == ValueType::kReference || shape.type == ValueType::kAnyReference;
  const Expr value = written || random_.Chance(20) ? Beside(shape, std::min(depth - 1, 1)) : Literal(shape);
  return value ? Expr(Kind::kCall, function, {PathOf(field.name), value}) : Expr();
}

Expr Generator::History(int depth) {
  switch (random_.Below(3)) {
    case 0:
      return FormerValue(Function::kWas, depth);
    case 1:
      return FormerValue(Function::kChanged, depth);
    default: {
      const Expr held = FormerValue(Function::kHeld, depth);
      if (!held) return {};
      constexpr int64_t kLengths[] = {1, 2, 24, 48, 7 * 24, 30 * 24};
      const Expr length(Kind::kLiteral,
                        expr::Literal(expr::Interval{0, random_.Of(kLengths) * kMicrosPerHour}), {});
      constexpr Operator kOperators[] = {Operator::kGreater, Operator::kGreaterEqual, Operator::kLess,
                                         Operator::kLessEqual};
      return Expr(Kind::kBinary, random_.Of(kOperators), {held, length});
    }
  }
}

Expr Generator::Membership() {
  if (world_.schema.segments.empty() || random_.Chance(10)) {
    expr::Literal percent = random_.Between(1, 99);
    if (random_.Chance(30)) percent = Decimal{random_.Between(1, 999), 1};
    return Expr(Kind::kSample, {},
                {Expr(Kind::kLiteral, percent, {}), TextLiteral(random_.Chance(50) ? "a" : "b")});
  }
  auto segment = world_.schema.segments.begin();
  std::advance(segment, static_cast<ptrdiff_t>(random_.Below(world_.schema.segments.size())));
  const auto& [name, definition] = *segment;
  if (definition.entity == scopes_.back()->name && random_.Chance(70)) {
    return Expr(Kind::kSegment, {}, {TextLiteral(name)});
  }
  const Expr record = PathTo({.type = ValueType::kReference, .entity = definition.entity});
  return record ? Expr(Kind::kSegment, {}, {TextLiteral(name), record}) : Expr();
}

}  // namespace relata::twin
