// Arithmetic: exact with 128 bits, null where the result does not fit.
#include <cmath>
#include <limits>

#include "relata/base/strings.h"
#include "tests/query/calendar.h"
#include "tests/query/naive_value.h"

namespace relata::twin {
namespace {

using expr::Interval;

std::optional<int64_t> Fit(__int128 wide) {
  if (wide < std::numeric_limits<int64_t>::min() || wide > std::numeric_limits<int64_t>::max()) return {};
  return static_cast<int64_t>(wide);
}

NaiveValue Exact(std::optional<int64_t> units, int scale) {
  if (!units) return {};
  return Decimal{*units, static_cast<uint8_t>(scale)};
}

NaiveValue Amount(std::optional<int64_t> minor, Currency currency) {
  if (!minor) return {};
  return Money::Minor(*minor, currency);
}

NaiveValue Floating(double value) { return std::isfinite(value) ? NaiveValue(value) : NaiveValue(); }

NaiveValue Micros(std::optional<int64_t> micros) {
  return micros ? NaiveValue(Interval{0, *micros}) : NaiveValue();
}

NaiveValue Instant(std::optional<int64_t> micros) {
  if (!micros || !Timestamp{*micros}.IsValid()) return {};
  return Timestamp{*micros};
}

bool IsNumber(const NaiveValue& v) { return v.As<Decimal>() != nullptr || v.As<double>() != nullptr; }
double Number(const NaiveValue& v) { return v.As<double>() ? *v.As<double>() : ToDouble(*v.As<Decimal>()); }

TypeError Refuse(const NaiveValue& a, std::string_view sign, const NaiveValue& b) {
  return TypeError{StrCat(a.ToString(), " ", sign, " ", b.ToString())};
}

// A date moves by months and days of the calendar; hours make it a timestamp, from local midnight.
NaiveValue MoveDate(Date date, const Interval& interval, const TimeZone& zone) {
  const std::optional<Date> moved = PlusMonths(date, interval.months);
  if (!moved) return {};
  if (interval.micros % kMicrosOfDay == 0) {
    const std::optional<Date> day = PlusDays(*moved, interval.micros / kMicrosOfDay);
    return day ? NaiveValue(*day) : NaiveValue();
  }
  return Instant(Fit(static_cast<__int128>(zone.StartOfDay(*moved).micros) + interval.micros));
}

// A timestamp moves by months as the clock on the wall and the calendar beside it show them, by the rest
// exactly.
NaiveValue MoveInstant(Timestamp at, const Interval& interval, const TimeZone& zone) {
  Timestamp moved = at;
  if (interval.months != 0) {
    LocalTime local = zone.Local(at);
    const std::optional<Date> day = PlusMonths(local.date, interval.months);
    if (!day) return {};
    local.date = *day;
    moved = zone.At(local).value();
  }
  return Instant(Fit(static_cast<__int128>(moved.micros) + interval.micros));
}

NaiveValue AmountOf(const Decimal& number, const Money& beside) {
  return Amount(
      RoundedQuotient(number.units * PowerOfTen(beside.currency.exponent()), PowerOfTen(number.scale)),
      beside.currency);
}

// a + sign * b.
NaiveValue Sum(const NaiveValue& a, int sign, const NaiveValue& b, const TimeZone& zone) {
  if (a.is_null() || b.is_null()) return {};
  if (a.As<Decimal>() && b.As<Decimal>()) {
    const Decimal &x = *a.As<Decimal>(), &y = *b.As<Decimal>();
    const int scale = std::max(x.scale, y.scale);
    return Exact(Fit(PowerOfTen(scale - x.scale) * x.units + PowerOfTen(scale - y.scale) * sign * y.units),
                 scale);
  }
  if (IsNumber(a) && IsNumber(b)) return Floating(Number(a) + sign * Number(b));
  if (a.As<Money>() && b.As<Money>()) {
    if (a.As<Money>()->currency != b.As<Money>()->currency) throw Refuse(a, "+-", b);
    return Amount(
        Fit(static_cast<__int128>(a.As<Money>()->minor) + sign * static_cast<__int128>(b.As<Money>()->minor)),
        a.As<Money>()->currency);
  }
  // A bare number is an amount in the same currency.
  if (a.As<Money>() && b.As<Decimal>()) return Sum(a, sign, AmountOf(*b.As<Decimal>(), *a.As<Money>()), zone);
  if (a.As<Decimal>() && b.As<Money>()) return Sum(AmountOf(*a.As<Decimal>(), *b.As<Money>()), sign, b, zone);
  if (a.As<Interval>() && b.As<Interval>()) {
    const Interval &x = *a.As<Interval>(), &y = *b.As<Interval>();
    if (x.months != 0 || y.months != 0) throw Refuse(a, "+-", b);
    return Micros(Fit(static_cast<__int128>(x.micros) + sign * static_cast<__int128>(y.micros)));
  }
  if (b.As<Interval>()) {
    const Interval signed_interval{sign * b.As<Interval>()->months, sign * b.As<Interval>()->micros};
    if (a.As<Date>()) return MoveDate(*a.As<Date>(), signed_interval, zone);
    if (a.As<Timestamp>()) return MoveInstant(*a.As<Timestamp>(), signed_interval, zone);
  }
  if (a.As<Date>() && b.As<Decimal>() && b.As<Decimal>()->scale == 0) {
    const std::optional<int64_t> days = Fit(sign * static_cast<__int128>(b.As<Decimal>()->units));
    const std::optional<Date> moved = days ? PlusDays(*a.As<Date>(), *days) : std::nullopt;
    return moved ? NaiveValue(*moved) : NaiveValue();
  }
  throw Refuse(a, "+-", b);
}

}  // namespace

__int128 PowerOfTen(int exponent) {
  __int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

std::optional<int64_t> RoundedQuotient(__int128 above, __int128 below) {
  if (below < 0) above = -above, below = -below;
  __int128 floor = above / below;
  if (above % below < 0) --floor;
  const __int128 rest = above - floor * below;  // 0 <= rest < below
  const bool up = rest > below - rest || (rest == below - rest && floor % 2 != 0);
  return Fit(floor + (up ? 1 : 0));
}

double ToDouble(const Decimal& exact) {
  return static_cast<double>(exact.units) / static_cast<double>(PowerOfTen(exact.scale));
}

std::optional<Date> ToDate(const NaiveValue& value, const TimeZone& zone) {
  if (value.is_null()) return std::nullopt;
  if (const Date* date = value.As<Date>()) return *date;
  if (const Timestamp* at = value.As<Timestamp>()) return zone.LocalDate(*at);
  throw TypeError{value.ToString() + " is no date"};
}

NaiveValue Add(const NaiveValue& a, const NaiveValue& b, const TimeZone& zone) {
  // What moves a date may stand before it.
  const bool moved = b.As<Date>() != nullptr || b.As<Timestamp>() != nullptr;
  return moved ? Sum(b, 1, a, zone) : Sum(a, 1, b, zone);
}

NaiveValue Subtract(const NaiveValue& a, const NaiveValue& b, const TimeZone& zone) {
  if (a.As<Date>() && b.As<Date>()) return Exact(int64_t{a.As<Date>()->days} - b.As<Date>()->days, 0);
  const bool a_moment = a.As<Date>() != nullptr || a.As<Timestamp>() != nullptr;
  const bool b_moment = b.As<Date>() != nullptr || b.As<Timestamp>() != nullptr;
  if (a_moment && b_moment) {
    const Timestamp x = a.As<Date>() ? zone.StartOfDay(*a.As<Date>()) : *a.As<Timestamp>();
    const Timestamp y = b.As<Date>() ? zone.StartOfDay(*b.As<Date>()) : *b.As<Timestamp>();
    return Micros(Fit(static_cast<__int128>(x.micros) - y.micros));
  }
  return Sum(a, -1, b, zone);
}

NaiveValue Multiply(const NaiveValue& a, const NaiveValue& b) {
  if (a.is_null() || b.is_null()) return {};
  if (a.As<Decimal>() && b.As<Decimal>()) {
    const Decimal &x = *a.As<Decimal>(), &y = *b.As<Decimal>();
    return Exact(Fit(static_cast<__int128>(x.units) * y.units), x.scale + y.scale);
  }
  if (IsNumber(a) && IsNumber(b)) return Floating(Number(a) * Number(b));
  if (b.As<Money>() && a.As<Decimal>()) return Multiply(b, a);
  if (a.As<Money>() && b.As<Decimal>()) {
    const __int128 product = static_cast<__int128>(a.As<Money>()->minor) * b.As<Decimal>()->units;
    return Amount(RoundedQuotient(product, PowerOfTen(b.As<Decimal>()->scale)), a.As<Money>()->currency);
  }
  if (b.As<Interval>() && a.As<Decimal>()) return Multiply(b, a);
  if (a.As<Interval>() && a.As<Interval>()->months == 0 && b.As<Decimal>() && b.As<Decimal>()->scale == 0) {
    return Micros(Fit(static_cast<__int128>(a.As<Interval>()->micros) * b.As<Decimal>()->units));
  }
  throw Refuse(a, "*", b);
}

NaiveValue Divide(const NaiveValue& a, const NaiveValue& b) {
  if (a.is_null() || b.is_null()) return {};
  if (a.As<Decimal>() && b.As<Decimal>()) {
    const Decimal &x = *a.As<Decimal>(), &y = *b.As<Decimal>();
    if (y.units == 0) return {};
    // Integers divide as in SQL: towards zero.
    if (x.scale == 0 && y.scale == 0) return Exact(Fit(static_cast<__int128>(x.units) / y.units), 0);
    return Floating(ToDouble(x) / ToDouble(y));
  }
  if (IsNumber(a) && IsNumber(b)) return Number(b) == 0 ? NaiveValue() : Floating(Number(a) / Number(b));
  if (a.As<Money>() && b.As<Decimal>()) {
    if (b.As<Decimal>()->units == 0) return {};
    const __int128 above = a.As<Money>()->minor * PowerOfTen(b.As<Decimal>()->scale);
    return Amount(RoundedQuotient(above, b.As<Decimal>()->units), a.As<Money>()->currency);
  }
  if (a.As<Money>() && b.As<Money>() && a.As<Money>()->currency == b.As<Money>()->currency) {
    if (b.As<Money>()->minor == 0) return {};
    return Floating(static_cast<double>(a.As<Money>()->minor) / static_cast<double>(b.As<Money>()->minor));
  }
  throw Refuse(a, "/", b);
}

NaiveValue Negate(const NaiveValue& a) {
  if (a.is_null()) return {};
  if (const Decimal* x = a.As<Decimal>()) return Exact(Fit(-static_cast<__int128>(x->units)), x->scale);
  if (const double* x = a.As<double>()) return -*x;
  if (const Money* x = a.As<Money>()) return Amount(Fit(-static_cast<__int128>(x->minor)), x->currency);
  if (const Interval* x = a.As<Interval>()) {
    if (x->months == 0) return Micros(Fit(-static_cast<__int128>(x->micros)));
  }
  throw TypeError{"-" + a.ToString()};
}

}  // namespace relata::twin
