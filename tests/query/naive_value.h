// Defines NaiveValue, what the naive interpreter computes with, and what can be done to two of them:
// comparison, arithmetic, and the conversions that language.md allows.
//
// Values describe themselves: an enum knows its field's labels, a record its entity. So there is no checker
// here; what makes no sense is found when it happens, as a TypeError. All rules stand in one place and in the
// order of the language's own page; numbers are exact in 128 bits, dates by the algorithms of calendar.h.
//
// Thread safety: plain values.
#ifndef RELATA_TESTS_QUERY_NAIVE_VALUE_H_
#define RELATA_TESTS_QUERY_NAIVE_VALUE_H_

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "relata/base/decimal.h"
#include "relata/base/money.h"
#include "relata/base/point.h"
#include "relata/base/time.h"
#include "relata/expr/tree.h"
#include "relata/schema/spec.h"

namespace relata::twin {

inline constexpr int64_t kMicrosOfDay = 86'400'000'000;

// Thrown where the language has no meaning for what was written; the message says what met what.
struct TypeError {
  std::string message;
};

struct EnumLabel {
  const FieldSpec* field = nullptr;
  size_t order = 0;  // its place among the field's labels, by which enums compare
};
struct LabelSet {
  const FieldSpec* field = nullptr;
  std::vector<std::string> labels;
};
struct RecordOf {
  std::string entity;
  RecordId id = 0;
};
struct RecordSetOf {
  std::string entity;
  std::vector<RecordId> ids;
};

// std::monostate is null. An exact number is a Decimal, whose scale 0 makes it an integer.
using NaiveVariant =
    std::variant<std::monostate, bool, Decimal, double, Money, std::string, Date, Timestamp, expr::Interval,
                 expr::Length, Point, Currency, EnumLabel, RecordOf, TextSet, LabelSet, RecordSetOf>;

struct NaiveValue {
  NaiveVariant value;

  NaiveValue() = default;
  template <class T>
  NaiveValue(T v) : value(std::move(v)) {}

  bool is_null() const { return value.index() == 0; }
  template <class T>
  const T* As() const {
    return std::get_if<T>(&value);
  }
  std::string ToString() const;
};

// Three values of logic: true, false, or nullopt for null.
using Truth = std::optional<bool>;
Truth ToTruth(const NaiveValue& value);
NaiveValue FromTruth(Truth truth);
Truth Not(Truth a);
Truth And(Truth a, Truth b);
Truth Or(Truth a, Truth b);

// Negative, zero or positive; nullopt where either is null. TypeError where they do not compare.
std::optional<int> Compare(const NaiveValue& a, const NaiveValue& b, const TimeZone& zone);
// The same for `=`, which has a meaning for more types.
Truth Equal(const NaiveValue& a, const NaiveValue& b, const TimeZone& zone);

// Null where either is null, where the result does not fit, and for division by zero.
NaiveValue Add(const NaiveValue& a, const NaiveValue& b, const TimeZone& zone);
NaiveValue Subtract(const NaiveValue& a, const NaiveValue& b, const TimeZone& zone);
NaiveValue Multiply(const NaiveValue& a, const NaiveValue& b);
NaiveValue Divide(const NaiveValue& a, const NaiveValue& b);
NaiveValue Negate(const NaiveValue& a);

// above / below, rounded half to even; nullopt where it does not fit 64 bits. REQUIRES: below is not 0.
std::optional<int64_t> RoundedQuotient(__int128 above, __int128 below);
__int128 PowerOfTen(int exponent);

double ToDouble(const Decimal& exact);
// The local date of a timestamp, or the date itself; nullopt for null.
std::optional<Date> ToDate(const NaiveValue& value, const TimeZone& zone);

}  // namespace relata::twin

#endif  // RELATA_TESTS_QUERY_NAIVE_VALUE_H_
