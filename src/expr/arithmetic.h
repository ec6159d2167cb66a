// Defines the exact arithmetic of expressions, which every evaluator shares: numbers held as whole units at a
// scale, amounts in minor units, intervals in microseconds.
//
//   int64_t product = 0;
//   if (!MultiplyAtScale(1999, 21, /*scale=*/2, /*to_scale=*/0, &product)) …null…      // 19.99 * 21 -> 420
//
// Each function is false, and leaves its result alone, where SQL's answer would be an error and ours is null:
// a result that does not fit 64 bits, a division by zero. What is rounded is rounded once, half to even.
//
// Thread safety: functions of their arguments. Cost: O(1), some 128-bit operations.
#ifndef RELATA_EXPR_ARITHMETIC_H_
#define RELATA_EXPR_ARITHMETIC_H_

#include <cmath>
#include <cstdint>
#include <limits>

#include "relata/base/decimal.h"
#include "src/base/wide.h"

namespace relata::expr {

[[nodiscard]] inline bool Add(int64_t a, int64_t b, int64_t* sum) {
  int64_t result = 0;
  if (__builtin_add_overflow(a, b, &result)) return false;
  *sum = result;
  return true;
}

[[nodiscard]] inline bool Subtract(int64_t a, int64_t b, int64_t* difference) {
  int64_t result = 0;
  if (__builtin_sub_overflow(a, b, &result)) return false;
  *difference = result;
  return true;
}

[[nodiscard]] inline bool Negate(int64_t a, int64_t* negated) { return Subtract(0, a, negated); }

// A 128-bit number of units, |value| <= 2^126, from one scale to another.
[[nodiscard]] inline bool RescaleWide(Wide value, int scale, int to_scale, int64_t* result) {
  const int lost = scale - to_scale;
  if (lost == 0 || value == 0) return Narrow(value, result);
  if (lost > 0) {
    // Past 38 digits the quotient of any 128-bit number is below a half.
    return Narrow(lost > kMaxPowerOfTen ? Wide{0} : DivideHalfEven(value, PowerOfTen(lost)), result);
  }
  // Times 10^19 nothing but zero fits.
  int64_t narrow = 0;
  if (lost < -18 || !Narrow(value, &narrow)) return false;
  return Narrow(Wide{narrow} * PowerOfTen(-lost), result);
}

// The same number at another scale.
[[nodiscard]] inline bool Rescale(int64_t value, int scale, int to_scale, int64_t* result) {
  return RescaleWide(Wide{value}, scale, to_scale, result);
}

// -1, 0 or 1 as a number is below, equal to or above another, exactly. Scales lie within 18 of each other.
inline int64_t Order(int64_t a, int a_scale, int64_t b, int b_scale) {
  const Wide x = Wide{a} * PowerOfTen(b_scale > a_scale ? b_scale - a_scale : 0);
  const Wide y = Wide{b} * PowerOfTen(a_scale > b_scale ? a_scale - b_scale : 0);
  return int64_t{x > y} - int64_t{x < y};
}

// a * b, whose units are at `scale` (the sum of both scales), at `to_scale`.
[[nodiscard]] inline bool MultiplyAtScale(int64_t a, int64_t b, int scale, int to_scale, int64_t* product) {
  return RescaleWide(Wide{a} * b, scale, to_scale, product);
}

// Towards zero, as SQL divides whole numbers.
[[nodiscard]] inline bool DivideTruncated(int64_t a, int64_t b, int64_t* quotient) {
  if (b == 0 || (b == -1 && a == std::numeric_limits<int64_t>::min())) return false;
  *quotient = a / b;
  return true;
}

// a / (b / 10^b_scale) at the scale of a: an amount divided by an exact number.
[[nodiscard]] inline bool DivideHalfEvenAtScale(int64_t a, int64_t b, int b_scale, int64_t* quotient) {
  if (b == 0 || b_scale > 18) return false;
  const Wide dividend = Wide{a} * PowerOfTen(b_scale);
  return Narrow(b < 0 ? DivideHalfEven(-dividend, -Wide{b}) : DivideHalfEven(dividend, Wide{b}), quotient);
}

// The mean of `count` numbers of this sum, at their scale. REQUIRES: count > 0.
[[nodiscard]] inline bool Mean(Wide sum, uint64_t count, int64_t* mean) {
  return Narrow(DivideHalfEven(sum, Wide{count}), mean);
}

// The nearest double.
inline double ToDouble(int64_t units, int scale) {
  return scale == 0 ? static_cast<double>(units) : Decimal{units, static_cast<uint8_t>(scale)}.ToDouble();
}

// The mean of `count` numbers of this sum and scale: both sides of one division are doubles. REQUIRES: count
// > 0.
inline double MeanAsDouble(Wide sum, int scale, uint64_t count) {
  return static_cast<double>(sum) / (static_cast<double>(count) * static_cast<double>(PowerOfTen(scale)));
}

// False for what overflow and division by zero leave of a double.
[[nodiscard]] inline bool Finite(double value, double* result) {
  if (!std::isfinite(value)) return false;
  *result = value;
  return true;
}

}  // namespace relata::expr

#endif  // RELATA_EXPR_ARITHMETIC_H_
