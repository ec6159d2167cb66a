// Tests of Decimal and Fixed; rounding is checked against its definition, not a second division.
#include "relata/base/decimal.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

#include "absl/hash/hash_testing.h"
#include "src/base/wide.h"
#include "tests/base/values.h"

namespace relata {
namespace {

// What "rounded once, half to even" means, without dividing: result * by is within half of `by` of `exact`,
// and where it is exactly half the result is even.
bool IsHalfEven(Wide result, Wide exact, Wide by) {
  const Wide error = (result * by - exact) * 2;
  const Wide size = error < 0 ? -error : error;
  return size < by || (size == by && result % 2 == 0);
}

rc::Gen<Decimal> AnyDecimal(int64_t limit = kMost) {
  return rc::gen::map(rc::gen::pair(rc::gen::oneOf(rc::gen::inRange<int64_t>(-limit, limit),
                                                   rc::gen::inRange<int64_t>(-200, 200)),
                                    rc::gen::inRange<int>(0, 19)),
                      [](const std::pair<int64_t, int>& parts) {
                        return Decimal{parts.first, static_cast<uint8_t>(parts.second)};
                      });
}

TEST(DecimalTest, ReadsAndPrintsExactly) {
  for (const std::string_view text :
       {"0", "1", "-1", "12.50", "-0.05", "0.000000000000000001", "9223372036854775807",
        "-9223372036854775808", "-9.223372036854775808", "100"}) {
    EXPECT_EQ(D(text).ToString(), text);
  }
  EXPECT_EQ(D("-0.00").ToString(), "0.00");
  EXPECT_EQ(D("007.0").ToString(), "7.0");
  EXPECT_EQ(Decimal{}.ToString(), "0");
  EXPECT_EQ(D("12.50").units, 1250);
  EXPECT_EQ(D("12.50").scale, 2);
}

TEST(DecimalTest, RefusesEverythingElse) {
  for (const std::string_view text :
       {"", "-", "+1", ".5", "5.", "1,5", "1e3", "1 ", " 1", "--1", "1.2.3", "0x10", "NaN", "1_000", "−1"}) {
    EXPECT_EQ(Decimal::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  for (const std::string_view text : {"9223372036854775808", "-9223372036854775809", "0.0000000000000000001",
                                      "99999999999999999999999999", "1.000000000000000000000"}) {
    EXPECT_TRUE(absl::IsOutOfRange(Decimal::Parse(text).status())) << text;
  }
}

TEST(DecimalTest, TextRoundTrips) {
  EXPECT_TRUE(rc::check("units and scale survive their text", [](int64_t units) {
    const Decimal decimal{units, static_cast<uint8_t>(*rc::gen::inRange(0, 19))};
    const Decimal read = D(decimal.ToString());
    RC_ASSERT(read.units == decimal.units);
    RC_ASSERT(read.scale == decimal.scale);
  }));
}

TEST(DecimalTest, RescalesHalfToEven) {
  const auto rescaled = [](std::string_view text, uint8_t scale) {
    return D(text).Rescale(scale).value().ToString();
  };
  EXPECT_EQ(rescaled("0.5", 0), "0");
  EXPECT_EQ(rescaled("1.5", 0), "2");
  EXPECT_EQ(rescaled("2.5", 0), "2");
  EXPECT_EQ(rescaled("-0.5", 0), "0");
  EXPECT_EQ(rescaled("-1.5", 0), "-2");
  EXPECT_EQ(rescaled("-2.5", 0), "-2");
  EXPECT_EQ(rescaled("2.51", 0), "3");
  EXPECT_EQ(rescaled("2.449", 1), "2.4");
  EXPECT_EQ(rescaled("1.2", 4), "1.2000");
  EXPECT_EQ(rescaled("-9.223372036854775808", 0), "-9");
  EXPECT_TRUE(absl::IsOutOfRange(D("10").Rescale(18).status()));
  EXPECT_EQ(D("1").Rescale(19).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(DecimalTest, ComparesAcrossScales) {
  EXPECT_EQ(D("1.5"), D("1.50"));
  EXPECT_LT(D("1.5"), D("1.500000000000000001"));
  EXPECT_GT(D("-1.5"), D("-1.500000000000000001"));
  EXPECT_LT(D("9.223372036854775807"), D("9223372036854775807"));
  EXPECT_GT(D("9223372036854775807"), D("9.223372036854775807"));
  EXPECT_EQ(D("0"), D("0.000000000000000000"));
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly(
      {D("0"), D("0.00"), D("1"), D("1.0"), D("10"), D("0.1"), D("-1.50"), D("-1.5"), Decimal{kLeast, 18}}));
}

TEST(DecimalTest, AddsAndSubtractsExactly) {
  EXPECT_EQ(D("0.1").Add(D("0.2")).value().ToString(), "0.3");
  EXPECT_EQ(D("1").Sub(D("0.001")).value().ToString(), "0.999");
  EXPECT_EQ(D("-1").Negate().value(), D("1"));
  EXPECT_TRUE(absl::IsOutOfRange(Decimal{kMost, 0}.Add(D("1")).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Decimal{kLeast, 0}.Sub(D("1")).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Decimal{kLeast, 0}.Negate().status()));
  EXPECT_TRUE(absl::IsOutOfRange(D("100").Add(D("0.000000000000000001")).status()));
  EXPECT_TRUE(rc::check("what is added can be taken away", [] {
    const Decimal a = *AnyDecimal();
    const Decimal b = *AnyDecimal();
    const StatusOr<Decimal> sum = a.Add(b);
    if (!sum.ok()) return;
    RC_ASSERT(sum->scale == std::max(a.scale, b.scale));
    const StatusOr<Decimal> back = sum->Sub(b);
    RC_ASSERT(!back.ok() || *back == a);
  }));
}

TEST(DecimalTest, MultipliesWithOneRounding) {
  EXPECT_EQ(D("0.21").Mul(D("19.95"), 2).value().ToString(), "4.19");  // 4.1895
  EXPECT_EQ(D("0.5").Mul(D("0.5"), 1).value().ToString(), "0.2");      // 0.25
  EXPECT_EQ(D("0.5").Mul(D("1.5"), 1).value().ToString(), "0.8");      // 0.75
  // Rounding in two steps would give 0.3: 0.2499 to 0.25 to 0.3 (or 0.2, half to even), never by way of
  // 0.250.
  EXPECT_EQ(D("0.4999").Mul(D("0.5"), 1).value().ToString(), "0.2");  // 0.24995
  EXPECT_EQ(D("1.5").Mul(D("1.5")).value().ToString(), "2.25");
  EXPECT_EQ(D("2").Mul(D("3"), 4).value().ToString(), "6.0000");
  EXPECT_TRUE(rc::check("a product with a given scale is rounded half to even", [] {
    const Decimal a = *AnyDecimal();
    const Decimal b = *AnyDecimal();
    const auto scale = static_cast<uint8_t>(*rc::gen::inRange(0, std::min(19, a.scale + b.scale + 1)));
    const StatusOr<Decimal> product = a.Mul(b, scale);
    const Wide exact = Wide{a.units} * b.units;
    const int lost = a.scale + b.scale - scale;
    if (product.ok()) {
      RC_ASSERT(product->scale == scale);
      RC_ASSERT(IsHalfEven(product->units, exact, PowerOfTen(lost)));
    } else {
      const Wide size = exact < 0 ? -exact : exact;
      RC_ASSERT(size / PowerOfTen(lost) >= Wide{kMost});
    }
  }));
}

TEST(DecimalTest, ProductKeepsAsManyDecimalsAsFit) {
  EXPECT_EQ(D("1.0000000000").Mul(D("1.0000000000")).value().ToString(), "1.000000000000000000");
  EXPECT_EQ(D("12.000000000").Mul(D("1.0000000000")).value().ToString(), "12.00000000000000000");
  EXPECT_EQ(Decimal::FromInteger(kLeast).Mul(D("1.0")).value(), Decimal::FromInteger(kLeast));
  EXPECT_TRUE(absl::IsOutOfRange(Decimal::FromInteger(kMost).Mul(D("2")).status()));
  EXPECT_TRUE(rc::check("the product is the nearest there is at its scale", [] {
    const Decimal a = *AnyDecimal();
    const Decimal b = *AnyDecimal();
    const StatusOr<Decimal> product = a.Mul(b);
    if (!product.ok()) return;
    RC_ASSERT(
        IsHalfEven(product->units, Wide{a.units} * b.units, PowerOfTen(a.scale + b.scale - product->scale)));
    RC_ASSERT(product->scale == std::min(18, a.scale + b.scale) || !a.Mul(b, product->scale + 1).ok());
  }));
}

TEST(DecimalTest, DividesWithOneRounding) {
  EXPECT_EQ(D("1").Div(D("3"), 4).value().ToString(), "0.3333");
  EXPECT_EQ(D("2").Div(D("3"), 4).value().ToString(), "0.6667");
  EXPECT_EQ(D("-2").Div(D("3"), 0).value().ToString(), "-1");
  EXPECT_EQ(D("1").Div(D("8"), 2).value().ToString(), "0.12");  // 0.125
  EXPECT_EQ(D("3").Div(D("8"), 2).value().ToString(), "0.38");  // 0.375
  EXPECT_EQ(D("1").Div(D("3"), 18).value().ToString(), "0.333333333333333333");
  EXPECT_EQ(D("0.000000000000000001").Div(D("0.000000000000000002"), 1).value().ToString(), "0.5");
  EXPECT_EQ(Decimal::FromInteger(kLeast).Div(D("1"), 0).value(), Decimal::FromInteger(kLeast));
  EXPECT_TRUE(absl::IsOutOfRange(Decimal::FromInteger(kLeast).Div(D("-1"), 0).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Decimal::FromInteger(kMost).Div(D("0.000000000000000001"), 18).status()));
  EXPECT_EQ(D("1").Div(D("0.00"), 2).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(D("1").Div(D("1"), 19).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(rc::check("a quotient is rounded half to even", [] {
    const Decimal a = *AnyDecimal(1'000'000'000);
    const Decimal b = *AnyDecimal(1'000'000'000);
    RC_PRE(b.units != 0);
    const auto scale = static_cast<uint8_t>(*rc::gen::inRange(0, 19));
    const int shift = scale + b.scale - a.scale;
    RC_PRE(shift <= 18);  // so that the check itself fits 128 bits
    const StatusOr<Decimal> quotient = a.Div(b, scale);
    if (!quotient.ok()) return;
    const Wide numerator = Wide{a.units} * (b.units < 0 ? -1 : 1) * PowerOfTen(std::max(shift, 0));
    const Wide divisor = Wide{b.units < 0 ? -b.units : b.units} * PowerOfTen(std::max(-shift, 0));
    RC_ASSERT(quotient->scale == scale);
    RC_ASSERT(IsHalfEven(quotient->units, numerator, divisor));
  }));
}

TEST(DecimalTest, ConvertsToTheNearestDouble) {
  EXPECT_EQ(D("0.1").ToDouble(), 0.1);
  EXPECT_EQ(D("-12.50").ToDouble(), -12.5);
  EXPECT_EQ(D("9223372036854775807").ToDouble(), 9223372036854775807.0);
  EXPECT_EQ(D("0.123456789012345678").ToDouble(), 0.123456789012345678);
}

TEST(DecimalTest, DamagedScaleIsReadAsTheGreatest) {
  const Decimal damaged{5, 200};
  EXPECT_EQ(damaged, (Decimal{5, 18}));
  EXPECT_EQ(damaged.ToString(), "0.000000000000000005");
  EXPECT_TRUE(damaged.Add(damaged).ok());
  EXPECT_TRUE(damaged.Mul(damaged).ok());
  EXPECT_TRUE(damaged.Div(damaged, 2).ok());
}

TEST(FixedTest, HasItsScaleInItsType) {
  using Kilograms = Fixed<3>;
  EXPECT_EQ(Kilograms::Parse("1.5").value().units, 1500);
  EXPECT_EQ(Kilograms::Parse("1.5000").value().ToString(), "1.500");
  EXPECT_EQ(Kilograms::Parse("1.0005").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Kilograms::Round(D("1.0005")).value().ToString(), "1.000");
  EXPECT_TRUE(absl::IsOutOfRange(Kilograms::Parse("9223372036854775807").status()));
  EXPECT_LT(Kilograms{1}, Kilograms{2});
  EXPECT_EQ(Kilograms{}.ToDecimal(), Decimal{});
  static_assert(sizeof(Kilograms) == 8 && std::is_trivially_copyable_v<Kilograms>);
}

}  // namespace
}  // namespace relata
