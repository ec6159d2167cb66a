// Numbers, units and quotes.
#include "src/expr/literal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "relata/base/strings.h"
#include "src/expr/words.h"

namespace relata::expr {
namespace {

std::string Quote(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (char c : text) {
    quoted += c;
    if (c == quote) quoted += c;
  }
  return quoted + quote;
}

// `number` times `factor`, where that is whole.
StatusOr<int64_t> WholeTimes(std::string_view number, int64_t factor, std::string_view unit) {
  if (number.find('e') != number.npos) {
    return absl::InvalidArgumentError(StrCat("a number of ", unit, " has no exponent"));
  }
  RELATA_ASSIGN_OR_RETURN(const Decimal count, Decimal::Parse(number));
  RELATA_ASSIGN_OR_RETURN(Decimal product, count.Normalized().Mul(Decimal::FromInteger(factor)));
  product = product.Normalized();
  if (product.scale != 0) {
    return absl::InvalidArgumentError(StrCat(number, " ", unit, " is no whole number of the smallest unit"));
  }
  return product.units;
}

// The text of each type of literal.
struct LiteralText {
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(int64_t value) const { return std::to_string(value); }
  std::string operator()(const Decimal& value) const { return value.ToString(); }
  std::string operator()(double value) const {
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value, std::chars_format::scientific);
    return std::string(digits, end.ptr);
  }
  std::string operator()(const std::string& value) const { return QuoteText(value); }
  std::string operator()(const Date& value) const { return "date '" + value.ToString() + "'"; }
  std::string operator()(const Timestamp& value) const { return "timestamp '" + value.ToString() + "'"; }
  std::string operator()(const Money& value) const { return "money '" + value.ToString() + "'"; }
  std::string operator()(const Point& value) const {
    const std::string text = value.ToString();
    const size_t comma = text.find(',');
    return StrCat("point(", text.substr(0, comma), ", ", text.substr(comma + 1), ")");
  }
  std::string operator()(const Length& value) const {
    for (Unit unit : {Unit::kKilometre, Unit::kMetre}) {
      const UnitWord& word = WordOf(unit);
      if (value.millimetres % word.millimetres == 0) {
        return StrCat(value.millimetres / word.millimetres, " ", word.many);
      }
    }
    return StrCat(Decimal{value.millimetres, 3}.Normalized(), " m");
  }
  std::string operator()(const Interval& value) const {
    if (value.months == 0) return Exact(value.micros);
    const std::string months = Count(value.months, WordOf(Unit::kMonth));
    if (value.micros == 0) return months;
    return StrCat("interval '", months, " ", Exact(value.micros), "'");
  }

  static std::string Count(int64_t count, const UnitWord& word) {
    return StrCat(count, " ", count == 1 || count == -1 ? word.one : word.many);
  }
  static std::string Exact(int64_t micros) {
    for (Unit unit : {Unit::kDay, Unit::kHour, Unit::kMinute, Unit::kSecond, Unit::kMillisecond}) {
      if (const UnitWord& word = WordOf(unit); micros % word.micros == 0) {
        return Count(micros / word.micros, word);
      }
    }
    return Count(micros, WordOf(Unit::kMicrosecond));
  }
};

}  // namespace

StatusOr<Literal> ParseNumber(std::string_view number) {
  if (number.find('e') != number.npos) {
    double value = 0;
    const auto end = std::from_chars(number.data(), number.data() + number.size(), value);
    if (end.ec != std::errc() || end.ptr != number.data() + number.size() || !std::isfinite(value)) {
      return absl::OutOfRangeError(StrCat("the number ", number, " does not fit a double"));
    }
    return value;
  }
  if (number.find('.') != number.npos) {
    StatusOr<Decimal> value = Decimal::Parse(number);
    if (value.ok()) return *value;
    return absl::OutOfRangeError(StrCat("the number ", number, " has more digits than a decimal holds"));
  }
  int64_t value = 0;
  const auto end = std::from_chars(number.data(), number.data() + number.size(), value);
  if (end.ec != std::errc()) {
    return absl::OutOfRangeError(StrCat("the number ", number, " does not fit 64 bits"));
  }
  return value;
}

StatusOr<Literal> ParseQuantity(std::string_view number, Unit unit) {
  const UnitWord& word = WordOf(unit);
  if (word.months != 0) {
    RELATA_ASSIGN_OR_RETURN(const int64_t months, WholeTimes(number, word.months, word.many));
    return Interval{months, 0};
  }
  if (word.micros != 0) {
    RELATA_ASSIGN_OR_RETURN(const int64_t micros, WholeTimes(number, word.micros, word.many));
    return Interval{0, micros};
  }
  RELATA_ASSIGN_OR_RETURN(const int64_t millimetres, WholeTimes(number, word.millimetres, word.many));
  return Length{millimetres};
}

StatusOr<Interval> ParseInterval(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  const Status expected = absl::InvalidArgumentError(
      StrCat("the interval ", Quoted(text), " is not of the form '3 months' or '1 year 2 days'"));
  if (words.empty() || words.size() % 2 != 0) return expected;
  Interval sum;
  for (size_t i = 0; i < words.size(); i += 2) {
    const UnitWord* unit = FindUnit(words[i + 1]);
    if (unit == nullptr || unit->millimetres != 0) return expected;
    if (!Decimal::Parse(words[i]).ok()) return expected;
    RELATA_ASSIGN_OR_RETURN(const Literal quantity, ParseQuantity(words[i], unit->unit));
    const auto& part = std::get<Interval>(quantity);
    if (__builtin_add_overflow(sum.months, part.months, &sum.months) ||
        __builtin_add_overflow(sum.micros, part.micros, &sum.micros)) {
      return absl::OutOfRangeError(StrCat("the interval ", Quoted(text), " does not fit 64 bits"));
    }
  }
  return sum;
}

std::string PrintLiteral(const Literal& literal) { return std::visit(LiteralText{}, literal); }

std::string QuoteText(std::string_view text) { return Quote(text, '\''); }
std::string QuoteName(std::string_view name) { return Quote(name, '"'); }

}  // namespace relata::expr
