// Defines Money, an exact amount in minor units of one currency, and Currency, a code of ISO 4217.
//
//   Money price = Money::Parse("EUR 12.50").value();
//   Money total = price.Mul(Decimal::FromInteger(3)).value();        // EUR 37.50
//   if (total > Money::Eur(10'000)) …                                 // whole units of the currency
//
// Amounts of different currencies are unequal and unordered, and do not add: InvalidArgument. A result that
// does not fit 64 bits of minor units is OutOfRange.
//
// Thread safety: plain values. Cost: O(1).
#ifndef RELATA_BASE_MONEY_H_
#define RELATA_BASE_MONEY_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/decimal.h"
#include "relata/base/status.h"
#include "relata/export.h"

namespace relata {

// A currency in two bytes. The default is none, which is a value of its own: an amount nobody gave a
// currency.
class RELATA_EXPORT Currency {
 public:
  constexpr Currency() = default;

  // Three capitals of ISO 4217: those in use, and those withdrawn since the euro came that old files still
  // name. InvalidArgument for any other text, and for codes without an amount in minor units (gold, testing).
  static StatusOr<Currency> Parse(std::string_view code);

  static constexpr Currency Eur() { return Currency(Pack('E', 'U', 'R')); }

  // The currency with this packed form, as packed() gave it. InvalidArgument where it is none that Parse
  // knows (0, no currency, is fine).
  static StatusOr<Currency> FromPacked(uint16_t packed);
  constexpr uint16_t packed() const { return packed_; }

  constexpr bool is_none() const { return packed_ == 0; }

  // The three letters, or empty for none.
  std::string code() const;
  std::string ToString() const { return code(); }

  // Decimals of an amount, 0..4: 2 for EUR, 0 for JPY, 3 for KWD. 0 for none. O(log n) in the table of
  // currencies.
  int exponent() const;

  // By code; none comes first.
  friend constexpr auto operator<=>(const Currency&, const Currency&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Currency& currency) {
    return H::combine(std::move(h), currency.packed_);
  }

 private:
  explicit constexpr Currency(uint16_t packed) : packed_(packed) {}

  // Five bits a letter, A = 1, so that packed codes sort as their text.
  static constexpr uint16_t Pack(char a, char b, char c) {
    return static_cast<uint16_t>((a - 'A' + 1) << 10 | (b - 'A' + 1) << 5 | (c - 'A' + 1));
  }

  uint16_t packed_ = 0;
};

struct RELATA_EXPORT Money {
  int64_t minor = 0;  // in units of 10^-currency.exponent()
  Currency currency;

  // Whole euros. REQUIRES: at most 92'233'720'368'547'758 either way.
  static constexpr Money Eur(int64_t whole) {
    int64_t minor = 0;
    RELATA_CHECK(!__builtin_mul_overflow(whole, int64_t{100}, &minor));
    return Money{minor, relata::Currency::Eur()};
  }
  // An amount in minor units: Minor(1250, Currency::Eur()) is EUR 12.50.
  static constexpr Money Minor(int64_t minor, Currency currency) { return Money{minor, currency}; }

  // Reads what ToString prints: a code, one space, and an amount as ParseAmount reads it.
  static StatusOr<Money> Parse(std::string_view text);

  // An amount without its currency: an optional '-', digits, and optionally '.' and at most exponent()
  // digits.
  static StatusOr<Money> ParseAmount(std::string_view amount, Currency currency);

  // The exact amount, rounded half to even to minor units where it has more decimals.
  static StatusOr<Money> FromDecimal(const Decimal& amount, Currency currency);

  // "EUR 12.50", "JPY -300"; without a currency the minor units alone, as "1250".
  std::string ToString() const;

  // The amount in whole units, exactly.
  Decimal Amount() const;

  StatusOr<Money> Add(const Money& other) const;
  StatusOr<Money> Sub(const Money& other) const;
  StatusOr<Money> Negate() const;

  // The amount times `factor`, rounded once, half to even, to minor units.
  StatusOr<Money> Mul(const Decimal& factor) const;

  // The amount in another currency, at `rate` units of it for one unit of this; rounded once, half to even.
  StatusOr<Money> Convert(const Decimal& rate, Currency to) const;

  // Unordered between currencies.
  friend constexpr std::partial_ordering operator<=>(const Money& a, const Money& b) {
    if (a.currency != b.currency) return std::partial_ordering::unordered;
    return a.minor <=> b.minor;
  }
  friend constexpr bool operator==(const Money&, const Money&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Money& money) {
    return H::combine(std::move(h), money.minor, money.currency);
  }
};

}  // namespace relata

#endif  // RELATA_BASE_MONEY_H_
