// Comparison and logic.
#include "tests/query/naive_value.h"

#include <algorithm>

#include "relata/base/strings.h"

namespace relata::twin {
namespace {

template <class T>
std::optional<int> Order(const T& a, const T& b) {
  if (a < b) return -1;
  return b < a ? 1 : 0;
}

struct InWords {
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(double v) const {
    char text[40];
    std::snprintf(text, sizeof(text), "%.17g", v);
    return text;
  }
  std::string operator()(const std::string& v) const { return "'" + v + "'"; }
  std::string operator()(const expr::Interval& v) const {
    return StrCat("interval ", v.months, " months ", v.micros, " us");
  }
  std::string operator()(const expr::Length& v) const { return StrCat(v.millimetres, " mm"); }
  std::string operator()(const EnumLabel& v) const { return "label " + v.field->labels[v.order]; }
  std::string operator()(const RecordOf& v) const { return StrCat(v.entity, " ", v.id); }
  std::string operator()(const TextSet& v) const { return "set of " + std::to_string(v.size()) + " texts"; }
  std::string operator()(const LabelSet& v) const {
    return "set of " + std::to_string(v.labels.size()) + " labels";
  }
  std::string operator()(const RecordSetOf& v) const {
    return "set of " + std::to_string(v.ids.size()) + " records";
  }
  template <class T>
  std::string operator()(const T& v) const {
    return v.ToString();
  }
};

// Moves a text towards what it stands beside: a label, a date, a timestamp, a currency.
NaiveValue Towards(const NaiveValue& text, const NaiveValue& other, const TimeZone& zone) {
  const std::string* written = text.As<std::string>();
  if (written == nullptr || other.As<std::string>() != nullptr) return text;
  if (const EnumLabel* label = other.As<EnumLabel>()) {
    const auto& labels = label->field->labels;
    const auto found = std::find(labels.begin(), labels.end(), *written);
    if (found != labels.end()) return EnumLabel{label->field, static_cast<size_t>(found - labels.begin())};
  } else if (other.As<Date>() != nullptr) {
    if (const StatusOr<Date> date = Date::Parse(*written); date.ok()) return *date;
  } else if (other.As<Timestamp>() != nullptr) {
    if (const StatusOr<Date> date = Date::Parse(*written); date.ok()) return *date;
    if (const StatusOr<Timestamp> at = Timestamp::Parse(*written, zone); at.ok()) return *at;
  } else if (other.As<Currency>() != nullptr) {
    if (const StatusOr<Currency> currency = Currency::Parse(*written); currency.ok()) return *currency;
  }
  throw TypeError{StrCat("the text ", text.ToString(), " beside ", other.ToString())};
}

// A date beside a timestamp is local midnight.
NaiveValue ToInstant(const NaiveValue& date, const NaiveValue& other, const TimeZone& zone) {
  if (date.As<Date>() == nullptr || other.As<Timestamp>() == nullptr) return date;
  return zone.StartOfDay(*date.As<Date>());
}

std::optional<int> CompareExact(const Decimal& a, const Decimal& b) {
  return Order(a.units * PowerOfTen(b.scale), b.units * PowerOfTen(a.scale));
}

Decimal AmountOf(const Money& money) {
  return {money.minor, static_cast<uint8_t>(money.currency.exponent())};
}

std::optional<int> CompareAlike(const NaiveValue& a, const NaiveValue& b) {
  if (a.As<bool>() && b.As<bool>()) return Order(*a.As<bool>(), *b.As<bool>());
  if (a.As<Decimal>() && b.As<Decimal>()) return CompareExact(*a.As<Decimal>(), *b.As<Decimal>());
  if (a.As<double>() && b.As<double>()) return Order(*a.As<double>(), *b.As<double>());
  if (a.As<Decimal>() && b.As<double>()) return Order(ToDouble(*a.As<Decimal>()), *b.As<double>());
  if (a.As<double>() && b.As<Decimal>()) return Order(*a.As<double>(), ToDouble(*b.As<Decimal>()));
  if (a.As<Money>() && b.As<Money>() && a.As<Money>()->currency == b.As<Money>()->currency) {
    return Order(a.As<Money>()->minor, b.As<Money>()->minor);
  }
  // A bare number is an amount in that currency.
  if (a.As<Money>() && b.As<Decimal>()) return CompareExact(AmountOf(*a.As<Money>()), *b.As<Decimal>());
  if (a.As<Decimal>() && b.As<Money>()) return CompareExact(*a.As<Decimal>(), AmountOf(*b.As<Money>()));
  if (a.As<std::string>() && b.As<std::string>()) return Order(*a.As<std::string>(), *b.As<std::string>());
  if (a.As<Date>() && b.As<Date>()) return Order(a.As<Date>()->days, b.As<Date>()->days);
  if (a.As<Timestamp>() && b.As<Timestamp>())
    return Order(a.As<Timestamp>()->micros, b.As<Timestamp>()->micros);
  if (a.As<expr::Interval>() && b.As<expr::Interval>()) {
    const auto &x = *a.As<expr::Interval>(), &y = *b.As<expr::Interval>();
    if (x.months == 0 && y.months == 0) return Order(x.micros, y.micros);
  }
  if (a.As<expr::Length>() && b.As<expr::Length>()) {
    return Order(a.As<expr::Length>()->millimetres, b.As<expr::Length>()->millimetres);
  }
  // Distances are metres in floating point.
  if (a.As<double>() && b.As<expr::Length>()) {
    return Order(*a.As<double>(), static_cast<double>(b.As<expr::Length>()->millimetres) / 1000);
  }
  if (a.As<expr::Length>() && b.As<double>()) {
    return Order(static_cast<double>(a.As<expr::Length>()->millimetres) / 1000, *b.As<double>());
  }
  if (a.As<Currency>() && b.As<Currency>()) return Order(a.As<Currency>()->code(), b.As<Currency>()->code());
  if (a.As<EnumLabel>() && b.As<EnumLabel>() && a.As<EnumLabel>()->field == b.As<EnumLabel>()->field) {
    return Order(a.As<EnumLabel>()->order, b.As<EnumLabel>()->order);
  }
  throw TypeError{StrCat(a.ToString(), " compared with ", b.ToString())};
}

}  // namespace

std::string NaiveValue::ToString() const { return std::visit(InWords{}, value); }

Truth ToTruth(const NaiveValue& value) {
  if (value.is_null()) return std::nullopt;
  if (const bool* truth = value.As<bool>()) return *truth;
  throw TypeError{value.ToString() + " is no condition"};
}

NaiveValue FromTruth(Truth truth) { return truth ? NaiveValue(*truth) : NaiveValue(); }

Truth Not(Truth a) {
  if (!a) return std::nullopt;
  return !*a;
}

Truth And(Truth a, Truth b) {
  if ((a && !*a) || (b && !*b)) return false;
  if (!a || !b) return std::nullopt;
  return true;
}

Truth Or(Truth a, Truth b) { return Not(And(Not(a), Not(b))); }

std::optional<int> Compare(const NaiveValue& a, const NaiveValue& b, const TimeZone& zone) {
  if (a.is_null() || b.is_null()) return std::nullopt;
  const NaiveValue left = ToInstant(Towards(a, b, zone), b, zone);
  const NaiveValue right = ToInstant(Towards(b, a, zone), a, zone);
  return CompareAlike(left, right);
}

Truth Equal(const NaiveValue& a, const NaiveValue& b, const TimeZone& zone) {
  if (a.is_null() || b.is_null()) return std::nullopt;
  if (a.As<Point>() && b.As<Point>()) return *a.As<Point>() == *b.As<Point>();
  // A number beside a record is its id.
  const auto *x = a.As<RecordOf>(), *y = b.As<RecordOf>();
  if (x && b.As<Decimal>() && b.As<Decimal>()->scale == 0) {
    return b.As<Decimal>()->units == static_cast<int64_t>(x->id);
  }
  if (y && a.As<Decimal>() && a.As<Decimal>()->scale == 0) {
    return a.As<Decimal>()->units == static_cast<int64_t>(y->id);
  }
  if (x && y) return x->entity == y->entity && x->id == y->id;
  return Compare(a, b, zone) == 0;
}

}  // namespace relata::twin
