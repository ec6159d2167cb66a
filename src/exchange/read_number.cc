// This file reads numbers into 128 bits, cleans and rounds them there, and narrows them once.
#include "src/exchange/read_number.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/base/digits.h"
#include "src/base/wide.h"
#include "src/exchange/read_value.h"

namespace relata::exchange {
namespace {

// Fewer than 128 bits hold, to leave room for the factor of 2^23 in CleanFloat.
constexpr int kMaxDigits = 30;

// The number ±units / 10^scale. Decimals past what `units` holds are dropped, but the last digit then says
// that there were some, see Settle.
struct Number {
  Wide units = 0;
  int scale = 0;
  bool negative = false;
  bool dropped = false;
};

constexpr std::string_view kMinusSign = "\xE2\x88\x92";
// No-break, narrow no-break and thin space.
constexpr std::string_view kGroupSpaces[] = {" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"};

Status NotLike(std::string_view text, const NumberFormat& format) {
  return absl::InvalidArgumentError(StrCat(Quoted(text), " is not a number like ", format.Example()));
}

bool TakeMinus(std::string_view* text) {
  if (TakeChar(text, '-')) return true;
  if (text->substr(0, kMinusSign.size()) != kMinusSign) return false;
  text->remove_prefix(kMinusSign.size());
  return true;
}

bool TakeGrouping(std::string_view* text, char grouping) {
  if (grouping == 0) return false;
  if (grouping != ' ') return TakeChar(text, grouping);
  for (std::string_view space : kGroupSpaces) {
    if (text->substr(0, space.size()) != space) continue;
    text->remove_prefix(space.size());
    return true;
  }
  return false;
}

// Takes digits before the decimal sign; returns how many, or -1 where they are too many to hold.
int TakeWholeDigits(std::string_view* text, Number* number) {
  int count = 0;
  for (; !text->empty() && IsDigit(text->front()); ++count, text->remove_prefix(1)) {
    if (number->units >= PowerOfTen(kMaxDigits - 1)) return -1;
    number->units = number->units * 10 + (text->front() - '0');
  }
  return count;
}

// Takes digits after the decimal sign; true if there was one.
bool TakeDecimals(std::string_view* text, Number* number) {
  const size_t before = text->size();
  for (; !text->empty() && IsDigit(text->front()); text->remove_prefix(1)) {
    if (number->units >= PowerOfTen(kMaxDigits - 1) || number->scale == kMaxDigits) {
      number->dropped |= text->front() != '0';
    } else {
      number->units = number->units * 10 + (text->front() - '0');
      ++number->scale;
    }
  }
  return text->size() < before;
}

// Dropped decimals must not make a number look exact, or half way, when it is not: a last digit of 0 or 5
// moves up by one. No other digit is ever looked at so closely.
void Settle(Number* number) {
  if (number->scale > kMaxDigits) {
    const int excess = number->scale - kMaxDigits;
    const Wide step = PowerOfTen(std::min(excess, kMaxPowerOfTen));
    number->dropped |= number->units % step != 0;
    number->units /= step;
    number->scale = kMaxDigits;
  }
  if (number->dropped && number->units % 5 == 0) ++number->units;
}

enum class Taken { kRead, kMalformed, kTooLong };

// Takes "1.234.567" or "1234567".
Taken TakeWhole(std::string_view* text, char grouping, Number* number) {
  int run = TakeWholeDigits(text, number);
  if (run < 0) return Taken::kTooLong;
  const bool may_group = run >= 1 && run <= 3;
  while (TakeGrouping(text, grouping)) {
    run = TakeWholeDigits(text, number);
    if (run < 0) return Taken::kTooLong;
    if (!may_group || run != 3) return Taken::kMalformed;
  }
  return Taken::kRead;
}

Taken TakeExponent(std::string_view* text, Number* number) {
  if (!TakeChar(text, 'e') && !TakeChar(text, 'E')) return Taken::kRead;
  const bool minus = TakeChar(text, '-');
  if (!minus) TakeChar(text, '+');
  if (text->empty() || text->size() > 3) return Taken::kMalformed;
  int32_t exponent = 0;
  if (!TakeDigits(text, text->size(), &exponent)) return Taken::kMalformed;
  number->scale += minus ? exponent : -exponent;
  if (number->units == 0) number->scale = std::clamp(number->scale, 0, int{Decimal::kMaxScale});
  for (; number->scale < 0; ++number->scale) {
    if (number->units >= PowerOfTen(kMaxDigits - 1)) return Taken::kTooLong;
    number->units *= 10;
  }
  return Taken::kRead;
}

Taken Take(std::string_view text, const NumberFormat& format, Number* number) {
  number->negative = TakeMinus(&text);
  if (!number->negative && !TakeChar(&text, '+') && text.size() > 1) {
    const bool in_brackets = text.front() == '(' && text.back() == ')';
    number->negative = in_brackets || text.back() == '-';
    if (number->negative) text.remove_suffix(1);
    if (in_brackets) text.remove_prefix(1);
  }
  const size_t before = text.size();
  if (const Taken whole = TakeWhole(&text, format.grouping, number); whole != Taken::kRead) return whole;
  bool digits = text.size() < before;
  if (TakeChar(&text, format.decimal)) digits |= TakeDecimals(&text, number);
  if (!digits) return Taken::kMalformed;
  if (const Taken exponent = TakeExponent(&text, number); exponent != Taken::kRead) return exponent;
  Settle(number);
  return text.empty() ? Taken::kRead : Taken::kMalformed;
}

StatusOr<Number> Parse(std::string_view text, std::string_view shown, const NumberFormat& format) {
  Number number;
  switch (Take(Trim(text), format, &number)) {
    case Taken::kRead:
      return number;
    case Taken::kTooLong:
      return absl::OutOfRangeError(StrCat(Quoted(shown), " has more than ", kMaxDigits, " digits"));
    case Taken::kMalformed:
      break;
  }
  return NotLike(shown, format);
}

void CleanFloat(int digits, Number* number) {
  const Wide step = PowerOfTen(number->scale - digits);
  const Wide rest = number->units % step;
  const Wide distance = std::min(rest, step - rest);
  if (distance << 23 > number->units || distance * 2 == step) return;
  number->units += rest == distance ? -rest : distance;
}

// Brings `number` to `digits` decimals. False where decimals would be lost and may not be.
bool Round(int digits, const NumberRule& rule, Number* number) {
  if (number->scale <= digits) {
    // Stops short only where the result does not fit a Decimal in any case, which Narrowed reports.
    while (number->scale < digits && number->units < PowerOfTen(kMaxDigits))
      number->units *= 10, ++number->scale;
    return true;
  }
  if (rule.float_dirt) CleanFloat(digits, number);
  const Wide step = PowerOfTen(number->scale - digits);
  const Wide rest = number->units % step;
  if (rest != 0 && rule.rounding == Rounding::kExact) return false;
  number->units = rule.rounding == Rounding::kHalfUp ? number->units / step + (rest >= step - rest ? 1 : 0)
                                                     : DivideHalfEven(number->units, step);
  number->scale = digits;
  return true;
}

StatusOr<Decimal> Narrowed(const Number& number, std::string_view shown) {
  int64_t units = 0;
  if (number.scale > Decimal::kMaxScale || !Narrow(number.negative ? -number.units : number.units, &units)) {
    return absl::OutOfRangeError(StrCat(Quoted(shown), " has more digits than a number can hold"));
  }
  return Decimal{units, static_cast<uint8_t>(number.scale)};
}

StatusOr<Decimal> Read(std::string_view text, std::string_view shown, const NumberRule& rule) {
  RELATA_ASSIGN_OR_RETURN(Number number, Parse(text, shown, rule.format));
  if (rule.digits && !Round(*rule.digits, rule, &number)) {
    return absl::InvalidArgumentError(StrCat(Quoted(shown), " has more than ", int{*rule.digits},
                                             *rule.digits == 1 ? " decimal" : " decimals"));
  }
  // Zeros at the end are dropped where a Decimal has no room for them, as in columns of twenty decimals.
  int64_t fits = 0;
  while (!rule.digits && number.scale > 0 && number.units % 10 == 0 &&
         (number.scale > Decimal::kMaxScale || !Narrow(number.units, &fits))) {
    number.units /= 10;
    --number.scale;
  }
  return Narrowed(number, shown);
}

// The text without the currency's code or sign on one of its sides.
std::string_view WithoutCurrency(std::string_view text, Currency currency) {
  const std::string code = currency.code();
  const std::string_view sign = code == "EUR"   ? "€"
                                : code == "USD" ? "$"
                                : code == "GBP" ? "£"
                                                : std::string_view();
  text = Trim(text);
  for (std::string_view mark : {std::string_view(code), sign}) {
    if (mark.empty() || text.size() < mark.size()) continue;
    if (text.substr(0, mark.size()) == mark) return Trim(text.substr(mark.size()));
    if (text.substr(text.size() - mark.size()) == mark)
      return Trim(text.substr(0, text.size() - mark.size()));
  }
  return text;
}

}  // namespace

StatusOr<NumberFormat> NumberFormat::FromExample(std::string_view example) {
  for (char decimal : {'.', ','}) {
    for (char grouping : {'\0', ',', '.', ' ', '\''}) {
      const NumberFormat format = {decimal, grouping};
      if (grouping != decimal && format.Example() == example) return format;
    }
  }
  return absl::InvalidArgumentError(
      StrCat(Quoted(example),
             " is not a number format; write 1234.56 as the file does: 1234.56, 1234,56, 1,234.56, "
             "1.234,56, 1 234,56 or 1'234.56"));
}

std::string NumberFormat::Example() const {
  return StrCat("1", grouping == 0 ? "" : std::string(1, grouping), "234", decimal, "56");
}

StatusOr<Decimal> ReadDecimal(std::string_view text, const NumberRule& rule) {
  return Read(text, text, rule);
}

StatusOr<Money> ReadMoney(std::string_view text, Currency currency, const NumberRule& rule) {
  NumberRule amount = rule;
  amount.digits = static_cast<uint8_t>(currency.exponent());
  // The minus may stand before the currency: -€ 12,50.
  std::string_view bare = Trim(text);
  const bool minus = TakeMinus(&bare);
  const std::string number = StrCat(minus ? "-" : "", WithoutCurrency(bare, currency));
  RELATA_ASSIGN_OR_RETURN(const Decimal decimal, Read(number, text, amount));
  return Money::Minor(decimal.units, currency);
}

StatusOr<int64_t> ReadInteger(std::string_view text, const NumberFormat& format) {
  NumberRule rule;
  rule.format = format;
  rule.digits = 0;
  StatusOr<Decimal> whole = Read(text, text, rule);
  if (whole.ok()) return whole->units;
  if (!absl::IsInvalidArgument(whole.status())) return whole.status();
  return absl::InvalidArgumentError(StrCat(Quoted(text), " is not a whole number"));
}

}  // namespace relata::exchange
