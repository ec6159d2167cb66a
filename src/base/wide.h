// Defines the 128-bit steps of exact decimal arithmetic: powers of ten, division that rounds half to even,
// and the way back to 64 bits.
#ifndef RELATA_BASE_WIDE_H_
#define RELATA_BASE_WIDE_H_

#include <array>
#include <cstdint>
#include <limits>

#include "relata/base/check.h"

namespace relata {

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UnsignedWide;

// 10^38 is the greatest that 128 bits hold.
inline constexpr int kMaxPowerOfTen = 38;

namespace internal {

inline constexpr std::array<Wide, kMaxPowerOfTen + 1> kPowersOfTen = [] {
  std::array<Wide, kMaxPowerOfTen + 1> powers{};
  Wide power = 1;
  for (int i = 0; i <= kMaxPowerOfTen; ++i) {
    powers[static_cast<size_t>(i)] = power;
    if (i < kMaxPowerOfTen) power *= 10;
  }
  return powers;
}();

}  // namespace internal

// REQUIRES: 0 <= exponent <= kMaxPowerOfTen.
constexpr Wide PowerOfTen(int exponent) {
  RELATA_DCHECK(0 <= exponent && exponent <= kMaxPowerOfTen);
  return internal::kPowersOfTen[static_cast<size_t>(exponent)];
}

// The absolute value, which for the least int64 fits only unsigned.
constexpr uint64_t Magnitude(int64_t value) {
  return value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
}

// value / by, rounded to the nearest, and to the even one of two. REQUIRES: by > 0.
constexpr Wide DivideHalfEven(Wide value, Wide by) {
  const Wide quotient = value / by;
  const Wide rest = value % by < 0 ? -(value % by) : value % by;
  const bool away = rest > by - rest || (rest == by - rest && quotient % 2 != 0);
  return away ? quotient + (value < 0 ? -1 : 1) : quotient;
}

// False, and `result` unchanged, where 64 bits do not hold `value`.
constexpr bool Narrow(Wide value, int64_t* result) {
  if (value < std::numeric_limits<int64_t>::min() || value > std::numeric_limits<int64_t>::max())
    return false;
  *result = static_cast<int64_t>(value);
  return true;
}

}  // namespace relata

#endif  // RELATA_BASE_WIDE_H_
