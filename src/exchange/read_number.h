// Defines how numbers in files are read: exactly, in the notation the file uses, and rounded at most once.
//
//   NumberRule rule;
//   rule.format = NumberFormat::FromExample("1.234,56").value();
//   ReadDecimal("-1.250,5", rule);                       // -1250.5
//   rule.float_dirt = true;
//   ReadMoney("42,4000015", Currency::Eur(), rule);      // EUR 42.40
//
// A failure is InvalidArgument or OutOfRange with a message fit for a rejects file: "'12,x' is not a number
// like 1234.56".
//
// Thread safety: plain values and functions. Cost: O(length); a message is made on failure only.
#ifndef RELATA_EXCHANGE_READ_NUMBER_H_
#define RELATA_EXCHANGE_READ_NUMBER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "relata/base/decimal.h"
#include "relata/base/money.h"
#include "relata/base/status.h"

namespace relata::exchange {

// A number may have its groups of three or not, but a separator at any other place is refused: that is how
// "12.50" in a file of 1.234,56 is found out instead of becoming 1250.
struct NumberFormat {
  char decimal = '.';
  char grouping = 0;  // 0: none. ' ' stands for every space that typesetters use

  // From the number 1234.56 in the file's own notation, as "1234.56", "1,234.56", "1.234,56", "1 234,56" or
  // "1'234.56".
  static StatusOr<NumberFormat> FromExample(std::string_view example);
  std::string Example() const;

  bool operator==(const NumberFormat&) const = default;
};

// What happens to decimals beyond those wanted: refused; or rounded to the nearest, and of two to the even
// one, or (half up) to the one further from zero, as invoices do.
enum class Rounding { kExact, kHalfEven, kHalfUp };

struct NumberRule {
  NumberFormat format;
  std::optional<uint8_t> digits;  // decimals of the result, 0..18; unset: as many as are written
  Rounding rounding = Rounding::kExact;
  // Numbers that went through a 32- or 64-bit float lie beside what was meant: 42.4000015. With this set, a
  // number is taken for the nearest one with `digits` decimals where it is no further from it than 2^-23 of
  // its own size, twice a float's error. Any other, and one half way, keeps its decimals and meets
  // `rounding`.
  bool float_dirt = false;
};

// An optional sign in front (or a minus behind, as old ERP systems print, or brackets, as accountants do),
// digits, decimals, an exponent as spreadsheets write it. Spaces around are ignored. The result must fit a
// Decimal.
StatusOr<Decimal> ReadDecimal(std::string_view text, const NumberRule& rule);

// The same with the currency's decimals for `rule.digits`; the currency's code or sign (€ $ £) may stand on
// either side.
StatusOr<Money> ReadMoney(std::string_view text, Currency currency, const NumberRule& rule);

// A whole number; "12.0" is one, "12.5" is not.
StatusOr<int64_t> ReadInteger(std::string_view text, const NumberFormat& format);

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_READ_NUMBER_H_
