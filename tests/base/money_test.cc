// Tests of Currency and Money; minor units as ISO 4217 list one gives them.
#include "relata/base/money.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <set>

#include "absl/hash/hash_testing.h"
#include "tests/base/values.h"

namespace relata {
namespace {

Currency C(std::string_view code) { return Currency::Parse(code).value(); }
Money M(std::string_view text) { return Money::Parse(text).value(); }

TEST(CurrencyTest, KnowsMinorUnits) {
  EXPECT_EQ(C("EUR").exponent(), 2);
  EXPECT_EQ(C("JPY").exponent(), 0);
  EXPECT_EQ(C("KWD").exponent(), 3);
  EXPECT_EQ(C("CLF").exponent(), 4);
  EXPECT_EQ(C("ITL").exponent(), 0);
  EXPECT_EQ(C("NLG").exponent(), 2);
  EXPECT_EQ(Currency().exponent(), 0);
}

// The currencies of ISO 4217 list one whose amounts have other than two decimals.
TEST(CurrencyTest, AllOthersInUseHaveTwoDecimals) {
  const std::set<std::string> none = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF",
                                      "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF",
                                      // withdrawn
                                      "BEF", "BYR", "ESP", "GRD", "ITL", "LUF", "MGF", "PTE", "TRL"};
  const std::set<std::string> three = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  const std::set<std::string> four = {"CLF", "UYW"};
  int count = 0;
  for (uint32_t packed = 1; packed <= 0xFFFF; ++packed) {
    const StatusOr<Currency> currency = Currency::FromPacked(static_cast<uint16_t>(packed));
    if (!currency.ok()) continue;
    ++count;
    const std::string code = currency->code();
    EXPECT_EQ(C(code), *currency);
    EXPECT_EQ(currency->packed(), packed);
    EXPECT_EQ(currency->exponent(), none.count(code)    ? 0
                                    : three.count(code) ? 3
                                    : four.count(code)  ? 4
                                                        : 2)
        << code;
  }
  EXPECT_EQ(count, 165 + 42);  // in use, and withdrawn
}

TEST(CurrencyTest, RefusesWhatIsNoCurrency) {
  for (const std::string_view code :
       {"", "EU", "EURO", "eur", "ERU", "XAU", "XXX", "XTS", "E R", "ÉU", "@@@", "[[["}) {
    EXPECT_EQ(Currency::Parse(code).status().code(), absl::StatusCode::kInvalidArgument) << code;
  }
  EXPECT_THAT(std::string(Currency::Parse("ERU").status().message()), testing::HasSubstr("'ERU'"));
  EXPECT_EQ(Currency::FromPacked(0).value(), Currency());
  EXPECT_FALSE(Currency::FromPacked(0xFFFF).ok());
}

TEST(CurrencyTest, SortsAsItsCode) {
  EXPECT_LT(Currency(), C("AED"));
  EXPECT_LT(C("EUR"), C("USD"));
  EXPECT_LT(C("USD"), C("USN"));
  EXPECT_EQ(Currency().code(), "");
  static_assert(sizeof(Currency) == 2);
}

TEST(MoneyTest, PrintsWithItsMinorUnits) {
  EXPECT_EQ(Money::Minor(1250, C("EUR")).ToString(), "EUR 12.50");
  EXPECT_EQ(Money::Minor(-5, C("EUR")).ToString(), "EUR -0.05");
  EXPECT_EQ(Money::Minor(300, C("JPY")).ToString(), "JPY 300");
  EXPECT_EQ(Money::Minor(1, C("KWD")).ToString(), "KWD 0.001");
  EXPECT_EQ(Money::Minor(kLeast, C("EUR")).ToString(), "EUR -92233720368547758.08");
  EXPECT_EQ(Money{}.ToString(), "0");
  EXPECT_EQ(Money::Eur(10'000).ToString(), "EUR 10000.00");
}

TEST(MoneyTest, ReadsWhatItPrints) {
  EXPECT_EQ(M("EUR 12.50"), Money::Minor(1250, C("EUR")));
  EXPECT_EQ(M("EUR 12.5"), Money::Minor(1250, C("EUR")));
  EXPECT_EQ(M("EUR 12"), Money::Minor(1200, C("EUR")));
  EXPECT_EQ(M("JPY -300"), Money::Minor(-300, C("JPY")));
  const std::vector<Currency> currencies = {C("EUR"), C("JPY"), C("KWD"), C("CLF")};
  EXPECT_TRUE(rc::check("money survives its text", [&](int64_t minor) {
    const Money money = Money::Minor(minor, *rc::gen::elementOf(currencies));
    RC_ASSERT(M(money.ToString()) == money);
  }));
  for (const int64_t minor : {kLeast, kMost}) {
    EXPECT_EQ(M(Money::Minor(minor, C("EUR")).ToString()), Money::Minor(minor, C("EUR")));
  }
}

TEST(MoneyTest, RefusesEverythingElse) {
  for (const std::string_view text : {"", "EUR", "EUR ", "EUR12.50", "12.50", "12.50 EUR", "eur 12.50",
                                      "EUR  12.50", "EUR 12,50", "EUR 12.505", "EUR 12.500", "JPY 1.0",
                                      "EUR +1", "EUR 1.", "EUR .5", "EUR 12.50 ", "€ 12.50", "XYZ 1"}) {
    EXPECT_EQ(Money::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_TRUE(absl::IsOutOfRange(Money::Parse("EUR 92233720368547758.08").status()));
  EXPECT_TRUE(absl::IsOutOfRange(Money::Parse("EUR 9223372036854775807").status()));
}

TEST(MoneyTest, ComparesWithinOneCurrency) {
  EXPECT_LT(Money::Eur(1), Money::Eur(2));
  EXPECT_NE(Money::Eur(1), Money::Minor(100, C("USD")));
  EXPECT_FALSE(Money::Eur(1) < Money::Minor(200, C("USD")));
  EXPECT_FALSE(Money::Eur(1) >= Money::Minor(200, C("USD")));
  EXPECT_FALSE(Money::Eur(0) <= Money::Minor(0, C("USD")));
  EXPECT_TRUE(
      absl::VerifyTypeImplementsAbslHashCorrectly({Money{}, Money::Eur(1), Money::Eur(2), M("USD 1")}));
  static_assert(std::is_trivially_copyable_v<Money>);
}

TEST(MoneyTest, AddsWithinOneCurrency) {
  EXPECT_EQ(M("EUR 0.10").Add(M("EUR 0.20")).value(), M("EUR 0.30"));
  EXPECT_EQ(M("EUR 0.10").Sub(M("EUR 0.20")).value(), M("EUR -0.10"));
  EXPECT_EQ(M("EUR 0.10").Negate().value(), M("EUR -0.10"));
  const Status mixed = M("EUR 1").Add(M("USD 1")).status();
  EXPECT_EQ(mixed.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(mixed.message()), testing::HasSubstr("EUR 1.00 with USD 1.00"));
  EXPECT_FALSE(M("EUR 1").Sub(Money{}).ok());
  EXPECT_TRUE(absl::IsOutOfRange(Money::Minor(kMost, C("EUR")).Add(M("EUR 0.01")).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Money::Minor(kLeast, C("EUR")).Sub(M("EUR 0.01")).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Money::Minor(kLeast, C("EUR")).Negate().status()));
}

TEST(MoneyTest, MultipliesHalfToEvenOnce) {
  EXPECT_EQ(M("EUR 12.50").Mul(D("3")).value(), M("EUR 37.50"));
  EXPECT_EQ(M("EUR 0.01").Mul(D("0.5")).value(), M("EUR 0.00"));
  EXPECT_EQ(M("EUR 0.03").Mul(D("0.5")).value(), M("EUR 0.02"));
  EXPECT_EQ(M("EUR -0.03").Mul(D("0.5")).value(), M("EUR -0.02"));
  EXPECT_EQ(M("EUR 19.95").Mul(D("0.21")).value(), M("EUR 4.19"));
  EXPECT_EQ(M("JPY 15").Mul(D("0.1")).value(), M("JPY 2"));
  EXPECT_EQ(Money::Minor(kMost, C("EUR")).Mul(D("1.000000000000000000")).value().minor, kMost);
  EXPECT_TRUE(absl::IsOutOfRange(Money::Minor(kMost, C("EUR")).Mul(D("1.01")).status()));
}

TEST(MoneyTest, ConvertsBetweenMinorUnits) {
  EXPECT_EQ(M("EUR 100.00").Convert(D("1.0823"), C("USD")).value(), M("USD 108.23"));
  EXPECT_EQ(M("EUR 1.00").Convert(D("163.455"), C("JPY")).value(), M("JPY 163"));
  EXPECT_EQ(M("JPY 1000").Convert(D("0.0061179"), C("EUR")).value(), M("EUR 6.12"));
  EXPECT_EQ(M("JPY 1").Convert(D("2"), C("KWD")).value(), M("KWD 2.000"));
  EXPECT_EQ(M("KWD 0.005").Convert(D("1"), C("EUR")).value(), M("EUR 0.00"));
  EXPECT_EQ(M("KWD 0.015").Convert(D("1"), C("EUR")).value(), M("EUR 0.02"));
  EXPECT_TRUE(
      absl::IsOutOfRange(Money::Minor(kMost, C("JPY")).Convert(D("9223372036854775807"), C("CLF")).status()));
  EXPECT_TRUE(absl::IsOutOfRange(
      Money::Minor(kLeast, C("JPY")).Convert(D("9223372036854775807"), C("CLF")).status()));
  EXPECT_FALSE(Money{}.Convert(D("1"), C("EUR")).ok());
  EXPECT_FALSE(M("EUR 1").Convert(D("1"), Currency()).ok());
}

TEST(MoneyTest, GivesAndTakesDecimals) {
  EXPECT_EQ(M("EUR 12.50").Amount().ToString(), "12.50");
  EXPECT_EQ(Money::FromDecimal(D("12.505"), C("EUR")).value(), M("EUR 12.50"));
  EXPECT_EQ(Money::FromDecimal(D("7"), C("KWD")).value().ToString(), "KWD 7.000");
  EXPECT_TRUE(absl::IsOutOfRange(Money::FromDecimal(Decimal::FromInteger(kMost), C("EUR")).status()));
  EXPECT_EQ(Money::ParseAmount("12.50", C("EUR")).value(), M("EUR 12.50"));
  EXPECT_DEATH(Money::Eur(kMost), "check failed");
}

}  // namespace
}  // namespace relata
