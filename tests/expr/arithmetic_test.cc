// Tests the exact arithmetic of expressions against Decimal and 128-bit steps written out here.
#include "src/expr/arithmetic.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "src/expr/sample.h"

namespace relata::expr {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(Arithmetic, OverflowIsFalseAndLeavesTheResultAlone) {
  int64_t result = 7;
  EXPECT_FALSE(Add(kMax, 1, &result));
  EXPECT_FALSE(Subtract(kMin, 1, &result));
  EXPECT_FALSE(Negate(kMin, &result));
  EXPECT_FALSE(MultiplyAtScale(kMax, 2, 0, 0, &result));
  EXPECT_FALSE(Rescale(kMax, 0, 1, &result));
  EXPECT_FALSE(Rescale(1, 0, 19, &result));
  EXPECT_FALSE(DivideTruncated(kMin, -1, &result));
  EXPECT_FALSE(DivideTruncated(1, 0, &result));
  EXPECT_FALSE(DivideHalfEvenAtScale(1, 0, 2, &result));
  EXPECT_FALSE(DivideHalfEvenAtScale(kMax, 1, 1, &result));
  EXPECT_EQ(result, 7);
}

TEST(Arithmetic, RoundsHalfToEvenOnce) {
  int64_t result = 0;
  ASSERT_TRUE(Rescale(125, 2, 1, &result));
  EXPECT_EQ(result, 12);
  ASSERT_TRUE(Rescale(135, 2, 1, &result));
  EXPECT_EQ(result, 14);
  ASSERT_TRUE(Rescale(-125, 2, 1, &result));
  EXPECT_EQ(result, -12);
  ASSERT_TRUE(MultiplyAtScale(1999, 21, 2, 0, &result));  // 19.99 * 21
  EXPECT_EQ(result, 420);
  // 0.5 * 1.5 = 0.75, at one decimal: twice rounded it would be 0.8 as well, 0.45 -> 0.4 only once.
  ASSERT_TRUE(MultiplyAtScale(5, 9, 2, 1, &result));
  EXPECT_EQ(result, 4);
  ASSERT_TRUE(DivideHalfEvenAtScale(25, 10, 0, &result));
  EXPECT_EQ(result, 2);
  ASSERT_TRUE(DivideHalfEvenAtScale(35, -10, 0, &result));
  EXPECT_EQ(result, -4);
  ASSERT_TRUE(DivideHalfEvenAtScale(1000, 3, 1, &result));  // 10.00 / 0.3
  EXPECT_EQ(result, 3333);
  ASSERT_TRUE(Mean(Wide{5}, 2, &result));
  EXPECT_EQ(result, 2);
  ASSERT_TRUE(Mean(Wide{7}, 2, &result));
  EXPECT_EQ(result, 4);
  EXPECT_EQ(MeanAsDouble(Wide{15}, 1, 2), 0.75);
}

TEST(Arithmetic, WholeNumbersDivideTowardsZero) {
  int64_t result = 0;
  ASSERT_TRUE(DivideTruncated(-7, 2, &result));
  EXPECT_EQ(result, -3);
  ASSERT_TRUE(DivideTruncated(7, -2, &result));
  EXPECT_EQ(result, -3);
}

TEST(Arithmetic, DoublesThatAreNoNumberAreRefused) {
  double result = 1;
  EXPECT_FALSE(Finite(std::numeric_limits<double>::infinity(), &result));
  EXPECT_FALSE(Finite(std::numeric_limits<double>::quiet_NaN(), &result));
  EXPECT_EQ(result, 1);
  EXPECT_TRUE(Finite(-0.5, &result));
  EXPECT_EQ(result, -0.5);
}

RC_GTEST_PROP(Arithmetic, RescalesAsDecimals, (int64_t units)) {
  const auto scale = *rc::gen::inRange(0, 19);
  const auto to_scale = *rc::gen::inRange(0, 19);
  const StatusOr<Decimal> expected =
      Decimal{units, static_cast<uint8_t>(scale)}.Rescale(static_cast<uint8_t>(to_scale));
  int64_t result = 0;
  RC_ASSERT(Rescale(units, scale, to_scale, &result) == expected.ok());
  if (expected.ok()) RC_ASSERT(result == expected->units);
}

RC_GTEST_PROP(Arithmetic, DividesAsDecimals, (int64_t a, int64_t b)) {
  const auto scale = static_cast<uint8_t>(*rc::gen::inRange(0, 19));
  const StatusOr<Decimal> expected = Decimal{a, 0}.Div(Decimal{b, scale}, 0);
  int64_t result = 0;
  RC_ASSERT(DivideHalfEvenAtScale(a, b, scale, &result) == expected.ok());
  if (expected.ok()) RC_ASSERT(result == expected->units);
}

TEST(Sample, HoldsTheShareAndSmallerSamplesLieInLargerOnes) {
  int small = 0;
  int large = 0;
  for (RecordId id = 1; id <= 20'000; ++id) {
    EXPECT_FALSE(InSample("seed", id, 0));
    EXPECT_TRUE(InSample("seed", id, 1));
    const bool in_small = InSample("seed", id, 0.1);
    const bool in_large = InSample("seed", id, 0.3);
    EXPECT_TRUE(in_large || !in_small);
    small += in_small ? 1 : 0;
    large += in_large ? 1 : 0;
  }
  // Six standard deviations of a binomial distribution.
  EXPECT_NEAR(small, 2'000, 255);
  EXPECT_NEAR(large, 6'000, 390);
}

}  // namespace
}  // namespace relata::expr
