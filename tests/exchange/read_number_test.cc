// Checks how numbers are read: notations, exactness, rounding, the dirt of floats, and what a rejects file
// would say.
#include "src/exchange/read_number.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <string>

#include "src/exchange/csv_reader.h"

namespace relata::exchange {
namespace {

using testing::HasSubstr;

NumberRule Rule(std::string_view example, std::optional<uint8_t> digits = std::nullopt,
                Rounding rounding = Rounding::kExact, bool float_dirt = false) {
  return {NumberFormat::FromExample(example).value(), digits, rounding, float_dirt};
}

std::string NumberIn(std::string_view text, const NumberRule& rule = {}) {
  const auto number = ReadDecimal(text, rule);
  return number.ok() ? number->ToString() : std::string(number.status().message());
}

TEST(ReadNumber, ReadsWhatIsWritten) {
  EXPECT_EQ(NumberIn("1234.56"), "1234.56");
  EXPECT_EQ(NumberIn(" -0.50 "), "-0.50");
  EXPECT_EQ(NumberIn("+7"), "7");
  EXPECT_EQ(NumberIn(".5"), "0.5");
  EXPECT_EQ(NumberIn("5."), "5");
  EXPECT_EQ(NumberIn("12.50-"), "-12.50");
  EXPECT_EQ(NumberIn("(12.50)"), "-12.50");
  EXPECT_EQ(NumberIn("\xE2\x88\x92"
                     "3"),
            "-3");
  EXPECT_EQ(NumberIn("007"), "7");
  EXPECT_EQ(NumberIn("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(NumberIn("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(NumberIn("0.123456789012345678"), "0.123456789012345678");
}

TEST(ReadNumber, ReadsNotations) {
  for (const char* example :
       {"1234.56", "1234,56", "1,234.56", "1.234,56", "1 234,56", "1'234.56", "1 234.56"}) {
    EXPECT_EQ(NumberFormat::FromExample(example)->Example(), example);
    EXPECT_EQ(NumberIn(example, Rule(example)), "1234.56");
    EXPECT_EQ(NumberIn("12", Rule(example)), "12");
  }
  EXPECT_EQ(NumberIn("1.234.567,89", Rule("1.234,56")), "1234567.89");
  EXPECT_EQ(NumberIn("1234567,89", Rule("1.234,56")), "1234567.89");
  EXPECT_EQ(NumberIn("1\xC2\xA0"
                     "234\xE2\x80\xAF"
                     "567,8",
                     Rule("1 234,56")),
            "1234567.8");
  EXPECT_EQ(NumberFormat::FromExample("1,234,56").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ReadNumber, ReadsExponents) {
  EXPECT_EQ(NumberIn("1.5E3"), "1500");
  EXPECT_EQ(NumberIn("1.5e-3"), "0.0015");
  EXPECT_EQ(NumberIn("1,5E+03", Rule("1234,56")), "1500");
  EXPECT_EQ(NumberIn("0e99"), "0");
  EXPECT_EQ(NumberIn("5.551115123125783e-17", Rule("1234.56", 2, Rounding::kHalfEven)), "0.00");
  EXPECT_EQ(NumberIn("1e-400", Rule("1234.56", 2, Rounding::kHalfUp)), "0.00");
  EXPECT_EQ(NumberIn("1e-200", Rule("1234.56", 2, Rounding::kHalfUp)), "0.00");
  EXPECT_EQ(NumberIn("1e-200", Rule("1234.56", 2)), "'1e-200' has more than 2 decimals");
}

TEST(ReadNumber, RefusesWhatIsNotANumberInThatNotation) {
  const NumberRule dutch = Rule("1.234,56");
  for (const char* text :
       {"",     " ",      "-",     ",",   "abc", "12,5x", "1,2,3", "12.50",  "1.23", "1.2345", "1234.567",
        ".123", "1..234", "1 234", "--1", "1e",  "1e1.5", "(1",    "1e1000", "NaN",  "inf",    "0x10"}) {
    EXPECT_EQ(NumberIn(text, dutch), "'" + std::string(text) + "' is not a number like 1.234,56");
  }
  EXPECT_EQ(NumberIn("12,50"), "'12,50' is not a number like 1234.56");
}

TEST(ReadNumber, SaysWhenItDoesNotFit) {
  EXPECT_THAT(NumberIn("9223372036854775808"), HasSubstr("more digits than a number can hold"));
  EXPECT_THAT(NumberIn("0.1234567890123456789"), HasSubstr("more digits than a number can hold"));
  EXPECT_THAT(NumberIn("1e19"), HasSubstr("more digits than a number can hold"));
  EXPECT_THAT(NumberIn("1e31"), HasSubstr("more than 30 digits"));
  EXPECT_THAT(NumberIn(std::string(31, '9')), HasSubstr("more than 30 digits"));
  EXPECT_THAT(NumberIn("1", Rule("1234.56", 18)), "1.000000000000000000");
  EXPECT_THAT(NumberIn("10", Rule("1234.56", 18)), HasSubstr("more digits than a number can hold"));
  EXPECT_EQ(NumberIn("12.50000000000000000000"), "12.50000000000000000");
}

TEST(ReadNumber, RoundsOnce) {
  const auto even = Rule("1234.56", 2, Rounding::kHalfEven), up = Rule("1234.56", 2, Rounding::kHalfUp);
  EXPECT_EQ(NumberIn("0.125", even), "0.12");
  EXPECT_EQ(NumberIn("0.125", up), "0.13");
  EXPECT_EQ(NumberIn("-0.125", even), "-0.12");
  EXPECT_EQ(NumberIn("-0.125", up), "-0.13");
  EXPECT_EQ(NumberIn("0.135", even), "0.14");
  EXPECT_EQ(NumberIn("0.1249999", up), "0.12");
  EXPECT_EQ(NumberIn("0.12500000000000000000000000000000000000001", even), "0.13");
  EXPECT_EQ(NumberIn("0.125000000000000000000000000000000000000001e0", even), "0.13");
  EXPECT_EQ(NumberIn("0.12500000000000000000000000000000000000000", even), "0.12");
  EXPECT_EQ(NumberIn("7", even), "7.00");
  EXPECT_EQ(NumberIn("0.125", Rule("1234.56", 2)), "'0.125' has more than 2 decimals");
  EXPECT_EQ(NumberIn("0.120", Rule("1234.56", 2)), "0.12");
}

TEST(ReadNumber, CleansWhatFloatsLeave) {
  const auto clean = Rule("1234.56", 2, Rounding::kExact, true);
  EXPECT_EQ(NumberIn("42.4000015", clean), "42.40");
  EXPECT_EQ(NumberIn("32.3800011", clean), "32.38");
  EXPECT_EQ(NumberIn("9.80000019", clean), "9.80");
  EXPECT_EQ(NumberIn("0.150000006", clean), "0.15");
  EXPECT_EQ(NumberIn("-11.6099997", clean), "-11.61");
  EXPECT_EQ(NumberIn("0.30000000000000004", clean), "0.30");
  EXPECT_EQ(NumberIn("4.2400001525878906E1", clean), "42.40");
  // Not dirt: too far from any number of cents for a float.
  EXPECT_EQ(NumberIn("42.401", clean), "'42.401' has more than 2 decimals");
  EXPECT_EQ(NumberIn("42.405", clean), "'42.405' has more than 2 decimals");
  EXPECT_EQ(NumberIn("42.401", Rule("1234.56", 2, Rounding::kHalfEven, true)), "42.40");
  // Large: a float is coarser than a cent, so the decimals were meant; and a tenth of a cent is the most that
  // goes.
  EXPECT_EQ(NumberIn("1265793.045", clean), "'1265793.045' has more than 2 decimals");
  EXPECT_EQ(NumberIn("8388608.0305", clean), "8388608.03");
}

// printf is the witness: what it prints of a float is read as the amount that was put in.
RC_GTEST_PROP(ReadNumber, CleansEveryAmountThatAFloatCanTell, ()) {
  const auto cents = *rc::gen::inRange<int32_t>(-9'999'999, 9'999'999);  // seven digits, as a float holds
  char text[64];
  std::snprintf(text, sizeof text, "%.9g", static_cast<double>(static_cast<float>(cents / 100.0)));
  const auto money = ReadMoney(text, Currency::Eur(), Rule("1234.56", 2, Rounding::kExact, true));
  RC_ASSERT(money.ok());
  RC_ASSERT(money->minor == cents);
}

RC_GTEST_PROP(ReadNumber, ReadsEveryNumberThatPrintfWrites, (int64_t units)) {
  char plain[32];
  std::snprintf(plain, sizeof plain, "%" PRId64, units);
  RC_ASSERT(NumberIn(plain) == plain);
  RC_ASSERT(ReadInteger(std::string(plain) + ".0", {}).value() == units);
}

TEST(ReadNumber, ReadsMoney) {
  const NumberRule dutch = Rule("1.234,56", {}, Rounding::kHalfUp);
  for (const char* text :
       {"1.250,50", "€ 1.250,50", "€1.250,50", "1.250,50 €", "EUR 1250,50", "1250,50EUR", "+1250,5"}) {
    EXPECT_EQ(ReadMoney(text, Currency::Eur(), dutch).value(), Money::Minor(125050, Currency::Eur())) << text;
  }
  for (const char* text : {"-12,50", "€ -12,50", "-€ 12,50", "€ 12,50-", "12,50- €", "€ (12,50)"}) {
    EXPECT_EQ(ReadMoney(text, Currency::Eur(), dutch).value(), Money::Minor(-1250, Currency::Eur())) << text;
  }
  EXPECT_EQ(ReadMoney("0,125", Currency::Eur(), dutch)->minor, 13);
  EXPECT_EQ(ReadMoney("12", Currency::Parse("JPY").value(), dutch)->minor, 12);
  EXPECT_EQ(ReadMoney("12,3456", Currency::Parse("KWD").value(), dutch)->minor, 12346);
  EXPECT_EQ(std::string(ReadMoney("$ 12,50", Currency::Eur(), dutch).status().message()),
            "'$ 12,50' is not a number like 1.234,56");
  EXPECT_EQ(std::string(ReadMoney("€ ", Currency::Eur(), dutch).status().message()),
            "'€ ' is not a number like 1.234,56");
  EXPECT_FALSE(ReadMoney("--5", Currency::Eur(), dutch).ok());
}

TEST(ReadNumber, ReadsWholeNumbers) {
  EXPECT_EQ(ReadInteger("-1.250", NumberFormat::FromExample("1.234,56").value()).value(), -1250);
  EXPECT_EQ(ReadInteger("17850.0", {}).value(), 17850);
  EXPECT_EQ(std::string(ReadInteger("12.5", {}).status().message()), "'12.5' is not a whole number");
  EXPECT_EQ(std::string(ReadInteger("x", {}).status().message()), "'x' is not a whole number");
  EXPECT_EQ(ReadInteger("9223372036854775808", {}).status().code(), absl::StatusCode::kOutOfRange);
}

// Northwind's prices, discounts and freight went through floats, and were amounts of cents. The totals, in
// cents and in hundredths, come from Python:
//   python3 -c 'import csv
//     for f,c in ("orders","freight"),("order_details","unit_price"),("order_details","discount"):
//       print(c, sum(round(float(r[c])*100) for r in csv.DictReader(open(f+".csv",encoding="utf-8"))))'
TEST(ReadNumber, CleansNorthwind) {
  struct Column {
    const char* file;
    const char* name;
    int64_t cents;
  };
  for (const Column& column :
       {Column{"orders", "freight", 6494269}, Column{"order_details", "unit_price", 5650091},
        Column{"order_details", "discount", 12104}}) {
    const std::string path = std::string(RELATA_SHARED_DATA "/northwind/") + column.file + ".csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
    auto reader = CsvReader::Open(ByteSource::OpenFile(path).value(), {}).value();
    int64_t cents = 0;
    for (CsvRow row; reader->Next(&row).value();) {
      const auto text = row[reader->Column(column.name).value()];
      const auto money = ReadMoney(text, Currency::Eur(), Rule("1234.56", {}, Rounding::kExact, true));
      ASSERT_TRUE(money.ok()) << money.status();
      cents += money->minor;
    }
    EXPECT_EQ(cents, column.cents) << column.name;
  }
}

}  // namespace
}  // namespace relata::exchange
