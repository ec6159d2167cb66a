// Money. The table of currencies is in currency.cc.
#include "relata/base/money.h"

#include "relata/base/strings.h"
#include "src/base/wide.h"

namespace relata {
namespace {

Status OneCurrency(const Money& a, const Money& b) {
  if (a.currency == b.currency) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat("money ", a, " with ", b, ": expected one currency; convert one of them first"));
}

StatusOr<Money> Fit(Wide minor, Currency currency, std::string_view operation, const Money& from) {
  Money result{0, currency};
  if (!Narrow(minor, &result.minor)) {
    return absl::OutOfRangeError(StrCat("money ", from, ": ", operation, " exceeds 64 bits of minor units"));
  }
  return result;
}

// `units` / 10^scale, rounded once. A negative scale multiplies; that can pass 128 bits, and then Fit fails
// too.
Wide Scaled(Wide units, int scale) {
  if (scale >= 0) return DivideHalfEven(units, PowerOfTen(scale));
  Wide result = 0;
  if (!__builtin_mul_overflow(units, PowerOfTen(-scale), &result)) return result;
  return units < 0 ? std::numeric_limits<Wide>::min() : std::numeric_limits<Wide>::max();
}

}  // namespace

StatusOr<Money> Money::Parse(std::string_view text) {
  if (text.size() < 5 || text[3] != ' ') {
    return absl::InvalidArgumentError(
        StrCat("money ", Quoted(text), ": expected a currency, a space and an amount, as EUR 12.50"));
  }
  const StatusOr<Currency> currency = Currency::Parse(text.substr(0, 3));
  if (!currency.ok()) return Annotate(currency.status(), StrCat("money ", Quoted(text)));
  return ParseAmount(text.substr(4), *currency);
}

StatusOr<Money> Money::ParseAmount(std::string_view amount, Currency currency) {
  StatusOr<Decimal> decimal = Decimal::Parse(amount);
  if (decimal.ok() && decimal->scale > currency.exponent()) {
    decimal = absl::InvalidArgumentError(
        StrCat("decimal ", Quoted(amount), ": expected at most ", currency.exponent(), " decimals"));
  }
  if (decimal.ok()) decimal = decimal->Rescale(static_cast<uint8_t>(currency.exponent()));
  if (!decimal.ok()) return Annotate(decimal.status(), StrCat("money in ", currency));
  return Money{decimal->units, currency};
}

StatusOr<Money> Money::FromDecimal(const Decimal& amount, Currency currency) {
  const StatusOr<Decimal> rescaled = amount.Rescale(static_cast<uint8_t>(currency.exponent()));
  if (!rescaled.ok()) return Annotate(rescaled.status(), StrCat("money in ", currency));
  return Money{rescaled->units, currency};
}

std::string Money::ToString() const {
  const std::string amount = Amount().ToString();
  return currency.is_none() ? amount : StrCat(currency, " ", amount);
}

Decimal Money::Amount() const { return Decimal{minor, static_cast<uint8_t>(currency.exponent())}; }

StatusOr<Money> Money::Add(const Money& other) const {
  RELATA_RETURN_IF_ERROR(OneCurrency(*this, other));
  return Fit(Wide{minor} + other.minor, currency, StrCat("adding ", other), *this);
}

StatusOr<Money> Money::Sub(const Money& other) const {
  RELATA_RETURN_IF_ERROR(OneCurrency(*this, other));
  return Fit(Wide{minor} - other.minor, currency, StrCat("subtracting ", other), *this);
}

StatusOr<Money> Money::Negate() const { return Fit(-Wide{minor}, currency, "its negative", *this); }

StatusOr<Money> Money::Mul(const Decimal& factor) const {
  return Fit(Scaled(Wide{minor} * factor.units, factor.scale), currency, StrCat("multiplying by ", factor),
             *this);
}

StatusOr<Money> Money::Convert(const Decimal& rate, Currency to) const {
  if (currency.is_none() || to.is_none()) {
    return absl::InvalidArgumentError(
        StrCat("money ", *this, " to ", to, ": expected a currency on both sides"));
  }
  const int scale = rate.scale + currency.exponent() - to.exponent();
  return Fit(Scaled(Wide{minor} * rate.units, scale), to, StrCat("conversion to ", to, " at ", rate), *this);
}

}  // namespace relata
