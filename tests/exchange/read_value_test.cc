// Checks how texts, ids, yes and no, and labels are read.
#include "src/exchange/read_value.h"

#include <gtest/gtest.h>

namespace relata::exchange {
namespace {

TEST(ReadValue, TrimsEveryKindOfSpace) {
  EXPECT_EQ(Trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(Trim("\xC2\xA0 a\xE2\x80\xAF\xC2\xA0 \xE2\x80\x8B"), "a");
  EXPECT_EQ(Trim("\xEF\xBB\xBFname"), "name");
  EXPECT_EQ(Trim(" é "), "é");
  EXPECT_EQ(Trim("à"), "à");  // ends in the byte a no-break space ends in
  EXPECT_EQ(Trim(" \xC2\xA0"), "");
  EXPECT_EQ(Trim(""), "");
}

TEST(ReadValue, MakesLineEndsOfEscapes) {
  EXPECT_EQ(NewlinesFromEscapes("507 - 20th Ave. E.\\nApt. 2A"), "507 - 20th Ave. E.\nApt. 2A");
  EXPECT_EQ(NewlinesFromEscapes("a\\r\\nb\\n\\n"), "a\nb\n\n");
  EXPECT_EQ(NewlinesFromEscapes("\\n"), "\n");
  EXPECT_EQ(NewlinesFromEscapes("a\\tb\\"), "a\\tb\\");
  EXPECT_EQ(NewlinesFromEscapes(""), "");
}

TEST(ReadValue, ReadsIds) {
  EXPECT_EQ(ReadId("12680.0").value(), "12680");
  EXPECT_EQ(ReadId(" 12680.00 ").value(), "12680");
  EXPECT_EQ(ReadId("007").value(), "007");
  EXPECT_EQ(ReadId("ALFKI").value(), "ALFKI");
  EXPECT_EQ(ReadId("1.5").value(), "1.5");
  EXPECT_EQ(ReadId("1.0.0").value(), "1.0.0");
  EXPECT_EQ(ReadId("12.").value(), "12.");
  EXPECT_EQ(ReadId(".0").value(), ".0");
  EXPECT_EQ(ReadId("C536379").value(), "C536379");
  EXPECT_EQ(ReadId("1200E12").value(), "1200E12");
  EXPECT_EQ(ReadId("1E5").value(), "1E5");
  EXPECT_EQ(ReadId("").value(), "");
  for (const char* shortened : {"8.71234E+12", "8,71234E+12", "9E+15"}) {
    EXPECT_EQ(std::string(ReadId(shortened).status().message()),
              "'" + std::string(shortened) +
                  "' is an id that a spreadsheet has shortened; export the column as text");
  }
}

TEST(ReadValue, ReadsYesAndNo) {
  for (const char* yes : {"ja", "Ja", "JA", "j", "yes", "Y", "true", "TRUE", "1", "x", "X", " waar "}) {
    EXPECT_TRUE(ReadBool(yes).value()) << yes;
  }
  for (const char* no : {"nee", "Nee", "n", "no", "false", "0", "onwaar"})
    EXPECT_FALSE(ReadBool(no).value()) << no;
  for (const char* neither : {"", "2", "jaa", "yes no", "misschien"})
    EXPECT_FALSE(ReadBool(neither).ok()) << neither;
  EXPECT_EQ(std::string(ReadBool("misschien").status().message()),
            "'misschien' is neither yes nor no (yes, ja, true, 1, x; no, nee, false, 0)");
}

TEST(ReadValue, MapsLabels) {
  const auto map =
      ValueMap::Make(
          {{"Klant", "customer"}, {"Prospect", "prospect"}, {"Café", "hospitality"}, {"klant", "customer"}})
          .value();
  EXPECT_EQ(map.Read(" KLANT ").value(), "customer");
  EXPECT_EQ(map.Read("cafe").value(), "hospitality");
  EXPECT_EQ(std::string(map.Read("Leverancier").status().message()),
            "'Leverancier' is not one of: Klant, Prospect, Café");
  const auto open = ValueMap::Make({{"Klant", "customer"}}, "other").value();
  EXPECT_EQ(open.Read("").value(), "other");
  EXPECT_EQ(std::string(ValueMap::Make({{"Klant", "a"}, {"KLANT", "b"}}).status().message()),
            "the label 'KLANT' stands for both 'a' and 'b'; case and accents make no difference");
}

}  // namespace
}  // namespace relata::exchange
