// Decimal arithmetic in 128 bits, rounded once at the end.
#include "relata/base/decimal.h"

#include <algorithm>
#include <charconv>

#include "relata/base/strings.h"
#include "src/base/digits.h"
#include "src/base/wide.h"

namespace relata {
namespace {

uint8_t ScaleOf(const Decimal& decimal) { return std::min(decimal.scale, Decimal::kMaxScale); }

// Both numbers in units of the greater scale: |units| < 10^19 and the factor <= 10^18, so 128 bits hold them.
Wide Widened(const Decimal& decimal, int scale) {
  return Wide{decimal.units} * PowerOfTen(scale - ScaleOf(decimal));
}

Status TooLarge(const char* operation, const Decimal& a, const Decimal& b) {
  return absl::OutOfRangeError(
      StrCat("decimal ", a, " ", operation, " ", b, ": the result exceeds 18 digits"));
}

Status BadScale(int scale) {
  return absl::InvalidArgumentError(
      StrCat("decimal: scale ", scale, ": expected 0 to ", int{Decimal::kMaxScale}));
}

}  // namespace

StatusOr<Decimal> Decimal::Parse(std::string_view text) {
  std::string_view rest = text;
  const bool negative = TakeChar(&rest, '-');
  Decimal result;
  int64_t units = 0;
  bool fits = true;
  const auto take_digits = [&] {
    int count = 0;
    for (int32_t digit = 0; TakeDigits(&rest, 1, &digit); ++count) {
      // Counted downwards, since the least int64 has no positive counterpart.
      fits = fits && !__builtin_mul_overflow(units, int64_t{10}, &units) &&
             !__builtin_sub_overflow(units, int64_t{digit}, &units);
    }
    return count;
  };
  bool well_formed = take_digits() > 0;
  if (well_formed && TakeChar(&rest, '.')) {
    const int decimals = take_digits();
    well_formed = decimals > 0;
    fits = fits && decimals <= kMaxScale;
    result.scale = static_cast<uint8_t>(std::min<int>(decimals, kMaxScale));
  }
  if (!well_formed || !rest.empty()) {
    return absl::InvalidArgumentError(StrCat("decimal ", Quoted(text), ": expected digits, as -12.50"));
  }
  if (fits && !negative) fits = !__builtin_sub_overflow(int64_t{0}, units, &units);
  if (!fits) {
    return absl::OutOfRangeError(
        StrCat("decimal ", Quoted(text), ": expected a number of at most 18 digits"));
  }
  result.units = units;
  return result;
}

std::string Decimal::ToString() const {
  const uint64_t size = Magnitude(units);
  const size_t decimals = ScaleOf(*this);
  std::string text;
  AppendDigits(size, decimals + 1, &text);
  if (decimals > 0) text.insert(text.size() - decimals, 1, '.');
  if (units < 0) text.insert(0, 1, '-');
  return text;
}

double Decimal::ToDouble() const {
  // Both sides of the division are exact up to 2^53 and 10^22, so most results are the nearest double by
  // construction; long numbers go by way of their digits.
  if (Magnitude(units) <= (uint64_t{1} << 53)) {
    return static_cast<double>(units) / static_cast<double>(PowerOfTen(ScaleOf(*this)));
  }
  const std::string text = ToString();
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

StatusOr<Decimal> Decimal::Rescale(uint8_t new_scale) const {
  if (new_scale > kMaxScale) return BadScale(new_scale);
  int64_t result = 0;
  const int lost = ScaleOf(*this) - new_scale;
  const Wide exact = lost > 0 ? DivideHalfEven(units, PowerOfTen(lost)) : Wide{units} * PowerOfTen(-lost);
  if (!Narrow(exact, &result)) {
    return absl::OutOfRangeError(
        StrCat("decimal ", *this, ": does not fit with ", int{new_scale}, " decimals"));
  }
  return Decimal{result, new_scale};
}

Decimal Decimal::Normalized() const {
  Decimal plain{units, ScaleOf(*this)};
  while (plain.scale > 0 && plain.units % 10 == 0) {
    plain.units /= 10;
    --plain.scale;
  }
  return plain;
}

StatusOr<Decimal> Decimal::Add(const Decimal& other) const {
  const uint8_t common = std::max(ScaleOf(*this), ScaleOf(other));
  int64_t result = 0;
  if (!Narrow(Widened(*this, common) + Widened(other, common), &result)) return TooLarge("+", *this, other);
  return Decimal{result, common};
}

StatusOr<Decimal> Decimal::Sub(const Decimal& other) const {
  const uint8_t common = std::max(ScaleOf(*this), ScaleOf(other));
  int64_t result = 0;
  if (!Narrow(Widened(*this, common) - Widened(other, common), &result)) return TooLarge("-", *this, other);
  return Decimal{result, common};
}

StatusOr<Decimal> Decimal::Negate() const { return Decimal{0, ScaleOf(*this)}.Sub(*this); }

StatusOr<Decimal> Decimal::Mul(const Decimal& other) const {
  const Wide product = Wide{units} * other.units;
  const int exact_scale = ScaleOf(*this) + ScaleOf(other);
  for (int scale = std::min<int>(exact_scale, kMaxScale); scale >= 0; --scale) {
    int64_t result = 0;
    // From the exact product each time: rounding a rounded number would round twice.
    if (Narrow(DivideHalfEven(product, PowerOfTen(exact_scale - scale)), &result)) {
      return Decimal{result, static_cast<uint8_t>(scale)};
    }
  }
  return TooLarge("*", *this, other);
}

StatusOr<Decimal> Decimal::Mul(const Decimal& other, uint8_t result_scale) const {
  if (result_scale > kMaxScale) return BadScale(result_scale);
  Wide product = Wide{units} * other.units;
  const int lost = ScaleOf(*this) + ScaleOf(other) - result_scale;
  int64_t result = 0;
  const bool fits =
      lost >= 0 ? Narrow(DivideHalfEven(product, PowerOfTen(lost)), &result)
                : !__builtin_mul_overflow(product, PowerOfTen(-lost), &product) && Narrow(product, &result);
  if (!fits) return TooLarge("*", *this, other);
  return Decimal{result, result_scale};
}

StatusOr<Decimal> Decimal::Div(const Decimal& other, uint8_t result_scale) const {
  if (result_scale > kMaxScale) return BadScale(result_scale);
  if (other.units == 0)
    return absl::InvalidArgumentError(StrCat("decimal ", *this, " / ", other, ": division by zero"));
  // The result's units are units * 10^shift / other.units, which may need more than 128 bits on the way; so
  // digits are brought down one at a time, as on paper.
  const int shift = result_scale + ScaleOf(other) - ScaleOf(*this);
  UnsignedWide divisor = Magnitude(other.units);
  if (shift < 0) divisor *= PowerOfTen(-shift);
  UnsignedWide quotient = Magnitude(units) / divisor;
  UnsignedWide rest = Magnitude(units) % divisor;
  for (int i = 0; i < shift; ++i) {
    quotient = quotient * 10 + rest * 10 / divisor;
    rest = rest * 10 % divisor;
    if (quotient > (UnsignedWide{1} << 64)) return TooLarge("/", *this, other);
  }
  if (rest > divisor - rest || (rest == divisor - rest && quotient % 2 != 0)) ++quotient;
  const bool negative = (units < 0) != (other.units < 0);
  int64_t result = 0;
  if (!Narrow(negative ? -static_cast<Wide>(quotient) : static_cast<Wide>(quotient), &result)) {
    return TooLarge("/", *this, other);
  }
  return Decimal{result, result_scale};
}

std::weak_ordering operator<=>(const Decimal& a, const Decimal& b) {
  const int common = std::max(ScaleOf(a), ScaleOf(b));
  const Wide left = Widened(a, common);
  const Wide right = Widened(b, common);
  if (left < right) return std::weak_ordering::less;
  return left == right ? std::weak_ordering::equivalent : std::weak_ordering::greater;
}

}  // namespace relata
