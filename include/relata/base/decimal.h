// Defines Decimal, an exact decimal number of up to 18 decimals, and Fixed<S>, one whose scale is part of its
// type.
//
//   Decimal rate = Decimal::Parse("0.21").value();
//   Decimal tax = rate.Mul(Decimal::Parse("19.95").value(), 2).value();   // 4.19: rounded once, half to even
//   struct Stock { relata::Fixed<3> kilograms; };
//
// Every result is exact or rounded once, half to even, to a scale the caller can see; one that does not fit
// is OutOfRange. No floating point is involved. The default value is 0.
//
// Thread safety: plain values. Cost: O(1), at most some tens of 128-bit operations.
#ifndef RELATA_BASE_DECIMAL_H_
#define RELATA_BASE_DECIMAL_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "relata/base/status.h"
#include "relata/export.h"

namespace relata {

// The number units / 10^scale. Scales differ per value: 1.5 and 1.50 are equal, hash alike and print as
// written.
struct RELATA_EXPORT Decimal {
  static constexpr uint8_t kMaxScale = 18;

  int64_t units = 0;
  uint8_t scale = 0;  // 0..kMaxScale; a greater one, in damaged data, is read as kMaxScale

  static constexpr Decimal FromInteger(int64_t value) { return Decimal{value, 0}; }

  // Reads an optional '-', digits and optionally '.' and digits. The scale is the number of decimals written.
  // InvalidArgument for anything else, OutOfRange for more digits than fit: nothing is rounded.
  static StatusOr<Decimal> Parse(std::string_view text);

  // Digits with exactly `scale` decimals, as Parse reads them.
  std::string ToString() const;

  // The nearest double.
  double ToDouble() const;

  // The same number with another number of decimals, rounded half to even where there are fewer.
  StatusOr<Decimal> Rescale(uint8_t new_scale) const;

  // The same number with as few decimals as show it.
  Decimal Normalized() const;

  // Exact, in the greater of the two scales.
  StatusOr<Decimal> Add(const Decimal& other) const;
  StatusOr<Decimal> Sub(const Decimal& other) const;
  StatusOr<Decimal> Negate() const;

  // The product in as many decimals as it has and as fit, at most kMaxScale; rounded only where some do not.
  StatusOr<Decimal> Mul(const Decimal& other) const;
  // The product, rounded to `result_scale`.
  StatusOr<Decimal> Mul(const Decimal& other, uint8_t result_scale) const;

  // The quotient, rounded to `result_scale`. InvalidArgument for division by zero.
  StatusOr<Decimal> Div(const Decimal& other, uint8_t result_scale) const;

  // By value, exactly, whatever the scales.
  RELATA_EXPORT friend std::weak_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }
  template <typename H>
  friend H AbslHashValue(H h, const Decimal& decimal) {
    const Decimal plain = decimal.Normalized();
    return H::combine(std::move(h), plain.units, plain.scale);
  }
};

// A decimal with S decimals, for members of described structs: the scale is stated once, in the type.
template <int S>
struct Fixed {
  static_assert(0 <= S && S <= Decimal::kMaxScale, "a Fixed has 0 to 18 decimals");
  static constexpr uint8_t kScale = S;

  int64_t units = 0;

  // The number itself, or InvalidArgument where it needs more than S decimals.
  static StatusOr<Fixed> FromDecimal(const Decimal& decimal) {
    RELATA_ASSIGN_OR_RETURN(const Fixed fixed, Round(decimal));
    if (fixed.ToDecimal() != decimal) {
      return absl::InvalidArgumentError("decimal " + decimal.ToString() + ": expected at most " +
                                        std::to_string(S) + " decimals; round it first");
    }
    return fixed;
  }

  // The nearest number with S decimals, half to even.
  static StatusOr<Fixed> Round(const Decimal& decimal) {
    RELATA_ASSIGN_OR_RETURN(const Decimal rescaled, decimal.Rescale(kScale));
    return Fixed{rescaled.units};
  }

  static StatusOr<Fixed> Parse(std::string_view text) {
    RELATA_ASSIGN_OR_RETURN(const Decimal decimal, Decimal::Parse(text));
    return FromDecimal(decimal);
  }

  constexpr Decimal ToDecimal() const { return Decimal{units, kScale}; }
  std::string ToString() const { return ToDecimal().ToString(); }

  friend auto operator<=>(const Fixed&, const Fixed&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Fixed& fixed) {
    return H::combine(std::move(h), fixed.units);
  }
};

}  // namespace relata

#endif  // RELATA_BASE_DECIMAL_H_
