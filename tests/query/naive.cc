// The walk over the tree.
#include "tests/query/naive.h"

#include <algorithm>
#include <cmath>

#include "relata/base/strings.h"
#include "src/base/text.h"
#include "tests/query/naive_text.h"

namespace relata::twin {

using expr::Expr;
using expr::Function;
using expr::Kind;
using expr::Node;
using expr::Operator;

Naive::Naive(const TwinSchema& schema, const TwinData& data, Timestamp now)
    : schema_(schema),
      data_(data),
      now_(now),
      zone_(TimeZone::Load(schema.time_zone).value()),
      today_(zone_.LocalDate(now)) {}

NaiveResult Naive::Evaluate(const Expr& expr, std::string_view entity, RecordId id) {
  scopes_ = {{&schema_.At(entity), id}};
  try {
    return {Eval(expr), std::nullopt};
  } catch (const TypeError& error) {
    return {NaiveValue(), error.message};
  }
}

NaiveValue Naive::EvalIn(const TwinEntity& entity, RecordId id, const Expr& expr) {
  scopes_.push_back({&entity, id});
  NaiveValue value = Eval(expr);
  scopes_.pop_back();
  return value;
}

NaiveValue Naive::Eval(const Expr& expr) {
  const Node& node = *expr;
  switch (node.kind) {
    case Kind::kLiteral:
      return LiteralValue(node.literal());
    case Kind::kPath:
      return PathValue(node.path());
    case Kind::kNegate:
      return Negate(Eval(node.parts[0]));
    case Kind::kNot:
      return FromTruth(Not(Condition(node.parts[0])));
    case Kind::kAnd:
    case Kind::kOr: {
      Truth all = node.kind == Kind::kAnd;
      for (const Expr& part : node.parts) {
        all = node.kind == Kind::kAnd ? And(all, Condition(part)) : Or(all, Condition(part));
      }
      return FromTruth(all);
    }
    case Kind::kIs:
      return Is(node.test(), Eval(node.parts[0]));
    case Kind::kBinary:
      return Binary(node);
    case Kind::kBetween: {
      const NaiveValue x = Eval(node.parts[0]);
      const auto low = Compare(x, Eval(node.parts[1]), zone_);
      const auto high = Compare(x, Eval(node.parts[2]), zone_);
      return FromTruth(And(low ? Truth(*low >= 0) : Truth(), high ? Truth(*high <= 0) : Truth()));
    }
    case Kind::kInList: {
      const NaiveValue x = Eval(node.parts[0]);
      Truth found = false;
      for (size_t i = 1; i < node.parts.size(); ++i) found = Or(found, Equal(x, Eval(node.parts[i]), zone_));
      return FromTruth(found);
    }
    case Kind::kHas:
      return Has(node);
    case Kind::kCase:
      return Case(node);
    case Kind::kCall:
      return Call(node);
    case Kind::kTop:
      return Top(node);
    case Kind::kParameter:
      throw TypeError{"an unbound parameter"};
    case Kind::kRelated:
    case Kind::kWithin:
    case Kind::kPeriod:
      throw TypeError{"an argument without its function"};
    case Kind::kSegment:
      return Segment(node);
    case Kind::kSample:
      return Sample(node);
  }
  throw TypeError{"an unknown node"};
}

NaiveValue Naive::LiteralValue(const expr::Literal& literal) const {
  struct Visitor {
    NaiveValue operator()(std::monostate) const { return {}; }
    NaiveValue operator()(int64_t v) const { return Decimal{v, 0}; }
    NaiveValue operator()(bool v) const { return v; }
    NaiveValue operator()(double v) const { return v; }
    NaiveValue operator()(const Decimal& v) const { return v; }
    NaiveValue operator()(const std::string& v) const { return v; }
    NaiveValue operator()(const Date& v) const { return v; }
    NaiveValue operator()(const Timestamp& v) const { return v; }
    NaiveValue operator()(const expr::Interval& v) const { return v; }
    NaiveValue operator()(const Money& v) const { return v; }
    NaiveValue operator()(const Point& v) const { return v; }
    NaiveValue operator()(const expr::Length& v) const { return v; }
  };
  return std::visit(Visitor{}, literal);
}

NaiveValue Naive::Is(expr::Test test, const NaiveValue& value) const {
  switch (test) {
    case expr::Test::kNull:
      return value.is_null();
    case expr::Test::kTrue:
      return ToTruth(value) == Truth(true);
    case expr::Test::kFalse:
      return ToTruth(value) == Truth(false);
    case expr::Test::kUnknown:
      return !ToTruth(value).has_value();
    case expr::Test::kEmpty:
      if (value.is_null()) return {};
      if (const auto* text = value.As<std::string>()) return text->empty();
      if (const auto* texts = value.As<TextSet>()) return texts->empty();
      if (const auto* labels = value.As<LabelSet>()) return labels->labels.empty();
      if (const auto* records = value.As<RecordSetOf>()) return records->ids.empty();
      break;
  }
  throw TypeError{value.ToString() + " is empty?"};
}

NaiveValue Naive::Binary(const Node& node) {
  const Operator op = node.op();
  if (op == Operator::kIn) return In(node);
  NaiveValue a = Eval(node.parts[0]), b = Eval(node.parts[1]);
  // How long a written interval is can be seen: days move a date to a date. Any other makes a timestamp.
  const auto written = [&](size_t part) { return node.parts[part]->kind == Kind::kLiteral; };
  if (a.As<Date>() && b.As<expr::Interval>() && !written(1)) a = zone_.StartOfDay(*a.As<Date>());
  if (b.As<Date>() && a.As<expr::Interval>() && !written(0)) b = zone_.StartOfDay(*b.As<Date>());
  const auto ordered = [&](auto holds) {
    const std::optional<int> order = Compare(a, b, zone_);
    return order ? NaiveValue(static_cast<bool>(holds(*order))) : NaiveValue();
  };
  const auto texts = [&](auto holds) -> NaiveValue {
    if (a.is_null() || b.is_null()) return {};
    if (!a.As<std::string>() || !b.As<std::string>()) throw TypeError{"a test of texts on something else"};
    return static_cast<bool>(holds(*a.As<std::string>(), *b.As<std::string>()));
  };
  switch (op) {
    case Operator::kEqual:
      return FromTruth(Equal(a, b, zone_));
    case Operator::kNotEqual:
      return FromTruth(Not(Equal(a, b, zone_)));
    case Operator::kDistinct:
      if (a.is_null() || b.is_null()) return a.is_null() != b.is_null();
      return Equal(a, b, zone_) != Truth(true);
    case Operator::kLess:
      return ordered([](int order) { return order < 0; });
    case Operator::kLessEqual:
      return ordered([](int order) { return order <= 0; });
    case Operator::kGreater:
      return ordered([](int order) { return order > 0; });
    case Operator::kGreaterEqual:
      return ordered([](int order) { return order >= 0; });
    case Operator::kAdd:
      return Add(a, b, zone_);
    case Operator::kSubtract:
      return Subtract(a, b, zone_);
    case Operator::kMultiply:
      return Multiply(a, b);
    case Operator::kDivide:
      return Divide(a, b);
    case Operator::kLike:
      return texts([](const std::string& x, const std::string& y) { return Like(x, y); });
    case Operator::kILike:
      return texts([](const std::string& x, const std::string& y) { return Like(Fold(x), Fold(y)); });
    case Operator::kStartsWith:
      return texts([](const std::string& x, const std::string& y) { return x.substr(0, y.size()) == y; });
    case Operator::kEndsWith:
      return texts([](const std::string& x, const std::string& y) {
        return x.size() >= y.size() && x.substr(x.size() - y.size()) == y;
      });
    case Operator::kContains:
      return texts([](const std::string& x, const std::string& y) { return x.find(y) != x.npos; });
    case Operator::kMatches:
      return texts([](const std::string& x, const std::string& y) { return Matches(x, y); });
    case Operator::kIn:
      break;
  }
  throw TypeError{"an unknown operator"};
}

// x in a period, or in a set.
NaiveValue Naive::In(const Node& node) {
  const NaiveValue x = Eval(node.parts[0]);
  if (node.parts[1]->kind == Kind::kPeriod) return InPeriod(x, node.parts[1]->period());
  const NaiveValue set = Eval(node.parts[1]);
  if (set.is_null()) return {};
  // Whatever x is, it is not among nothing.
  if (x.is_null()) return *Is(expr::Test::kEmpty, set).As<bool>() ? NaiveValue(false) : NaiveValue();
  if (const auto* texts = set.As<TextSet>()) {
    return std::find(texts->begin(), texts->end(), *x.As<std::string>()) != texts->end();
  }
  if (const auto* labels = set.As<LabelSet>()) {
    const std::string label =
        x.As<EnumLabel>() ? x.As<EnumLabel>()->field->labels[x.As<EnumLabel>()->order] : *x.As<std::string>();
    return std::find(labels->labels.begin(), labels->labels.end(), label) != labels->labels.end();
  }
  if (const auto* records = set.As<RecordSetOf>()) {
    for (const RecordId id : records->ids) {
      if (Equal(x, RecordOf{records->entity, id}, zone_) == Truth(true)) return true;
    }
    return false;
  }
  throw TypeError{"in something that is no set"};
}

NaiveValue Naive::Has(const Node& node) {
  const NaiveValue set = Eval(node.parts[0]);
  if (set.is_null()) return {};
  std::vector<NaiveValue> elements;
  if (const auto* texts = set.As<TextSet>()) elements.assign(texts->begin(), texts->end());
  if (const auto* labels = set.As<LabelSet>()) elements.assign(labels->labels.begin(), labels->labels.end());
  if (const auto* records = set.As<RecordSetOf>()) {
    for (const RecordId id : records->ids) elements.emplace_back(RecordOf{records->entity, id});
  }
  std::vector<NaiveValue> asked;
  for (size_t i = 1; i < node.parts.size(); ++i) asked.push_back(Eval(node.parts[i]));
  const auto among = [&](const NaiveValue& x, const std::vector<NaiveValue>& values) {
    return std::any_of(values.begin(), values.end(),
                       [&](const NaiveValue& y) { return Equal(x, y, zone_) == Truth(true); });
  };
  const auto is_element = [&](const NaiveValue& x) { return among(x, elements); };
  const auto is_asked = [&](const NaiveValue& x) { return among(x, asked); };
  switch (node.set_test()) {
    case expr::SetTest::kAny:
      return std::any_of(asked.begin(), asked.end(), is_element);
    case expr::SetTest::kNone:
      return std::none_of(asked.begin(), asked.end(), is_element);
    case expr::SetTest::kAll:
      return std::all_of(asked.begin(), asked.end(), is_element);
    case expr::SetTest::kExactly:
      return std::all_of(asked.begin(), asked.end(), is_element) &&
             std::all_of(elements.begin(), elements.end(), is_asked);
  }
  throw TypeError{"an unknown test of sets"};
}

NaiveValue Naive::Case(const Node& node) {
  size_t i = 0;
  for (; i + 1 < node.parts.size(); i += 2) {
    if (Condition(node.parts[i]) == Truth(true)) return Eval(node.parts[i + 1]);
  }
  return i < node.parts.size() ? Eval(node.parts[i]) : NaiveValue();
}

NaiveValue Naive::Call(const Node& node) {
  const Function function = node.function();
  const auto text = [&](size_t i) { return Eval(node.parts[i]); };
  switch (function) {
    case Function::kCount:
    case Function::kSum:
    case Function::kAvg:
    case Function::kMin:
    case Function::kMax:
    case Function::kFirst:
    case Function::kLast:
    case Function::kDistinct:
    case Function::kExists:
    case Function::kNone:
    case Function::kAny:
    case Function::kAll:
      return Aggregate(function, node, std::nullopt);
    case Function::kTrend:
      return Trend(node);
    case Function::kFollowedBy:
    case Function::kFirstTime:
    case Function::kStopped:
    case Function::kRestarted:
      return Activity(function, node);
    case Function::kChildOf:
    case Function::kDescendantOf:
    case Function::kAncestorOf:
      return Hierarchy(function, node);
    case Function::kPercentile:
      return Percentile(node);
    case Function::kCoalesce:
      for (const Expr& part : node.parts) {
        if (NaiveValue value = Eval(part); !value.is_null()) return value;
      }
      return {};
    case Function::kDistance: {
      const NaiveValue a = Eval(node.parts[0]), b = Eval(node.parts[1]);
      if (a.is_null() || b.is_null()) return {};
      // Haversine on a sphere of the mean radius of WGS 84.
      constexpr double kRadian = 3.14159265358979323846 / 180;
      const Point &p = *a.As<Point>(), &q = *b.As<Point>();
      const double s = std::sin((q.lat() - p.lat()) * kRadian / 2),
                   t = std::sin((q.lon() - p.lon()) * kRadian / 2);
      const double h = s * s + std::cos(p.lat() * kRadian) * std::cos(q.lat() * kRadian) * t * t;
      return 2 * 6'371'008.8 * std::asin(std::sqrt(std::min(h, 1.0)));
    }
    case Function::kPoint: {
      const NaiveValue lat = Eval(node.parts[0]), lon = Eval(node.parts[1]);
      if (lat.is_null() || lon.is_null()) return {};
      const auto degrees = [](const NaiveValue& v) {
        return v.As<double>() ? *v.As<double>() : ToDouble(*v.As<Decimal>());
      };
      const StatusOr<Point> point = Point::FromDegrees(degrees(lat), degrees(lon));
      return point.ok() ? NaiveValue(*point) : NaiveValue();
    }
    case Function::kFold: {
      const NaiveValue x = text(0);
      return x.is_null() ? NaiveValue() : NaiveValue(Fold(*x.As<std::string>()));
    }
    case Function::kSearch:
    case Function::kSimilar: {
      const NaiveValue x = text(0), y = text(1);
      if (x.is_null() || y.is_null()) return {};
      if (function == Function::kSimilar) return Similar(*x.As<std::string>(), *y.As<std::string>());
      return Search(*x.As<std::string>(), *y.As<std::string>());
    }
    case Function::kRecord: {
      const NaiveValue entity = text(0), id = text(1);
      if (id.is_null()) return {};
      return RecordOf{*entity.As<std::string>(), static_cast<RecordId>(id.As<Decimal>()->units)};
    }
    case Function::kToday:
    case Function::kNow:
    case Function::kFiscalYearStart:
    case Function::kYear:
    case Function::kQuarter:
    case Function::kMonth:
    case Function::kWeek:
    case Function::kDay:
    case Function::kAnniversary:
    case Function::kAge:
      return DateFunction(function, node);
    case Function::kWas:
    case Function::kChanged:
    case Function::kHeld:
      return History(function, node);
    case Function::kConsent:
      return Consent(node);
    case Function::kScore:
      break;
  }
  throw TypeError{"not for the naive interpreter"};
}

}  // namespace relata::twin
