// Tests of joining and quoting text.
#include "relata/base/strings.h"

#include <gtest/gtest.h>

#include "relata/base/money.h"
#include "relata/base/time.h"

namespace relata {
namespace {

TEST(StrCatTest, TakesTextInEveryForm) {
  const std::string owned = "owned";
  const std::string_view view = "view";
  const absl::string_view abseil = "abseil";
  const char* pointer = "pointer";
  EXPECT_EQ(StrCat(owned, "-", view, "-", abseil, "-", pointer, '-', std::string("temporary")),
            "owned-view-abseil-pointer-temporary");
}

TEST(StrCatTest, TakesNumbersAndValues) {
  EXPECT_EQ(StrCat(1, " ", -2, " ", uint64_t{18446744073709551615u}, " ", uint8_t{7}, " ", true),
            "1 -2 18446744073709551615 7 true");
  EXPECT_EQ(StrCat(0.1, " ", 1e300, " ", 2.5f), "0.1 1e+300 2.5");
  EXPECT_EQ(StrCat(Date{0}, " ", Money::Eur(3)), "1970-01-01 EUR 3.00");
  EXPECT_EQ(StrCat(), "");
}

TEST(StrCatTest, AppendKeepsWhatIsThere) {
  std::string text = "a";
  StrAppend(&text, 1, std::string_view("b"));
  EXPECT_EQ(text, "a1b");
}

TEST(QuotedTest, EscapesWhatCannotBePrintedAndCutsLongText) {
  EXPECT_EQ(Quoted("Bakkerij Jansen"), "'Bakkerij Jansen'");
  EXPECT_EQ(Quoted("'s-Hertogenbosch"), "''s-Hertogenbosch'");
  EXPECT_EQ(Quoted("a\nb"), "'a\\nb'");
  EXPECT_EQ(Quoted(std::string(80, 'x')), "'" + std::string(80, 'x') + "'");
  EXPECT_EQ(Quoted(std::string(81, 'x')), "'" + std::string(80, 'x') + "...'");
}

TEST(QuotedTest, KeepsAccentsAndEscapesBrokenBytes) {
  EXPECT_EQ(Quoted("Ångström"), "'Ångström'");
  EXPECT_EQ(Quoted("a\xFF\x01"), "'a\\xff\\x01'");
}

TEST(QuotedTest, CutsBetweenCharacters) {
  const std::string text = std::string(79, 'x') + "\xC3\xA9" + "tail";  // é over the limit
  EXPECT_EQ(Quoted(text), "'" + std::string(79, 'x') + "...'");
}

}  // namespace
}  // namespace relata
