// Tests of folding, checked over every character of Unicode, and of collation.
#include "src/base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace relata {
namespace {

std::string Encode(uint32_t c) {
  std::string out;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
  return out;
}

bool IsSurrogate(uint32_t c) { return 0xD800 <= c && c <= 0xDFFF; }

TEST(FoldTest, LowersAsciiAndNothingElseInIt) {
  EXPECT_EQ(Fold(""), "");
  EXPECT_EQ(Fold("Bakkerij JANSEN & Zn. (1923)"), "bakkerij jansen & zn. (1923)");
  EXPECT_EQ(Fold("@[`{"), "@[`{");
  EXPECT_EQ(Fold(std::string_view("A\0B", 3)), std::string_view("a\0b", 3));
}

TEST(FoldTest, RemovesAccents) {
  EXPECT_EQ(Fold("Ångström"), "angstrom");
  EXPECT_EQ(Fold("Café Crème Brûlée"), "cafe creme brulee");
  EXPECT_EQ(Fold("Coöperatie Müller-Žižek"), "cooperatie muller-zizek");
  EXPECT_EQ(Fold("Ελλάδα"), "ελλαδα");
  EXPECT_EQ(Fold("Ёлкин"), "елкин");
}

TEST(FoldTest, FoldsCaseFully) {
  EXPECT_EQ(Fold("Straße"), "strasse");
  EXPECT_EQ(Fold("STRASSE"), "strasse");
  EXPECT_EQ(Fold("GROẞ"), "gross");
  EXPECT_EQ(Fold("İstanbul"), "istanbul");  // no dot left behind
  EXPECT_EQ(Fold("ΟΔΥΣΣΕΥΣ"), Fold("Οδυσσευς"));
  EXPECT_EQ(Fold("ÆØ"), "æø");  // letters of their own, not accents
}

TEST(FoldTest, ExpandsCompatibilityForms) {
  EXPECT_EQ(Fold("\u0132sselstein"), "ijsselstein");  // the Dutch letter IJ
  EXPECT_EQ(Fold("\u0133"), Fold("IJ"));
  EXPECT_EQ(Fold("ﬁnanciële oﬃce"), "financiele office");
  EXPECT_EQ(Fold("Ｔｏｋｙｏ"), "tokyo");
  EXPECT_EQ(Fold("m²"), "m2");
  EXPECT_EQ(Fold("a\u00A0b"), "a b");
}

TEST(FoldTest, CombiningSequencesEqualTheirLetters) {
  EXPECT_EQ(Fold("A\u030Angstro\u0308m"), "angstrom");
  EXPECT_EQ(Fold("\u212Bngström"), "angstrom");  // the sign for the unit
  EXPECT_EQ(Fold("q\u0307\u0323"), Fold("q\u0323\u0307"));
  EXPECT_EQ(Fold("\u0301"), "");
  EXPECT_EQ(Fold("éé\u0301\u0301é"), "eee");
}

TEST(FoldTest, DropsWhatHasNoAppearance) {
  EXPECT_EQ(Fold("Bak\u00ADkerij"), "bakkerij");
  EXPECT_EQ(Fold("\uFEFFJansen\u200B"), "jansen");
}

TEST(FoldTest, KeepsMarksThatAreSpelling) {
  EXPECT_NE(Fold("が"), Fold("か"));
  EXPECT_EQ(Fold("が"), Fold("か\u3099"));
  EXPECT_NE(Fold("हिन्दी"), Fold("हनद"));
  EXPECT_NE(Fold("ดุ"), Fold("ด"));
}

TEST(FoldTest, ReadsBrokenUtf8AsReplacementCharacters) {
  EXPECT_EQ(Fold("A\xFFZ"), "a\uFFFDz");
  EXPECT_EQ(Fold("\xC3"), "\uFFFD");
  EXPECT_EQ(Fold("é\xC3"), "e\uFFFD");
  EXPECT_EQ(Fold("\xC3(x"), "\uFFFD(x");
}

TEST(FoldTest, AppendsBehindWhatIsThere) {
  std::string out = "KEY:";
  FoldAppend("ÉÉN", &out);
  EXPECT_EQ(out, "KEY:een");
}

TEST(FoldTest, EveryCharacterFoldsToAFixedPoint) {
  for (uint32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c == 0x40000) c = 0xE0000;  // ten planes that Unicode leaves empty
    if (IsSurrogate(c)) continue;
    const std::string folded = Fold(Encode(c));
    ASSERT_TRUE(IsValidUtf8(folded)) << std::hex << c;
    ASSERT_EQ(Fold(folded), folded) << std::hex << c;
  }
}

// The table for Latin letters and the way through ICU must agree; a mark, which is dropped, forces the
// latter.
TEST(FoldTest, LatinShortcutAgreesWithIcu) {
  for (uint32_t c = 0x80; c < 0x250; ++c) {
    EXPECT_EQ(Fold(Encode(c)), Fold("\u1E9E" + Encode(c)).substr(2)) << std::hex << c;
  }
}

TEST(FoldTest, FoldsPieceByPiece) {
  EXPECT_TRUE(rc::check("folding text is folding its characters, where none reorder", [] {
    const auto characters = *rc::gen::container<std::vector<uint32_t>>(
        rc::gen::oneOf(rc::gen::inRange<uint32_t>(0, 0x80), rc::gen::inRange<uint32_t>(0x80, 0x370),
                       rc::gen::inRange<uint32_t>(0x1E00, 0x2000)));
    std::string text;
    std::string expected;
    for (const uint32_t c : characters) {
      text += Encode(c);
      expected += Fold(Encode(c));
    }
    RC_ASSERT(Fold(text) == expected);
    RC_ASSERT(Fold(expected) == expected);
  }));
}

TEST(Utf8Test, AcceptsEveryCharacterAndNoSurrogate) {
  for (uint32_t c = 0; c <= 0x10FFFF; ++c)
    ASSERT_EQ(IsValidUtf8(Encode(c)), !IsSurrogate(c)) << std::hex << c;
  EXPECT_FALSE(IsValidUtf8(Encode(0x110000)));
}

TEST(Utf8Test, RefusesWhatIsMalformed) {
  for (const std::string_view text : {"\x80", "\xC3", "\xC3(", "\xE2\x82", "\xF0\x9F\x98", "\xC0\x80",
                                      "\xC1\xBF", "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xF8\x88\x80\x80\x80",
                                      "\xFF", "abcdefgh\x80", "aaaaaaaaaaaaaaa\xC3", "\xC3\xA9\xC3"}) {
    EXPECT_FALSE(IsValidUtf8(text)) << testing::PrintToString(std::string(text));
    EXPECT_FALSE(IsValidUtf8(std::string(text) + "tail"));
  }
}

TEST(Utf8Test, AcceptsTextOfEveryLength) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    EXPECT_TRUE(IsValidUtf8(text));
    EXPECT_TRUE(IsValidUtf8(text + "€"));
    text += i % 3 == 0 ? "é" : "x";
  }
}

std::vector<std::string> Sorted(std::string_view locale, std::vector<std::string> words) {
  const StatusOr<const Collator*> collator = Collator::ForLocale(locale);
  EXPECT_TRUE(collator.ok()) << collator.status();
  std::sort(words.begin(), words.end(), [&](const std::string& a, const std::string& b) {
    std::string key_a;
    std::string key_b;
    (*collator)->AppendSortKey(a, &key_a);
    (*collator)->AppendSortKey(b, &key_b);
    return key_a < key_b;
  });
  return words;
}

TEST(CollatorTest, OrdersAsTheLanguageDoes) {
  using testing::ElementsAre;
  // Dutch: accents weigh less than letters, ij is i and j, small letters before capitals that differ in
  // nothing else.
  EXPECT_THAT(
      Sorted("nl", {"Zeist", "IJsselstein", "Ede", "één", "Een", "een", "Ierland", "Ilpendam", "Eext"}),
      ElementsAre("Ede", "een", "Een", "één", "Eext", "Ierland", "IJsselstein", "Ilpendam", "Zeist"));
  EXPECT_THAT(Sorted("nl", {"Ångström", "Zwolle", "Oss", "Öland", "Apeldoorn"}),
              ElementsAre("Ångström", "Apeldoorn", "Öland", "Oss", "Zwolle"));
  // Swedish: å, ä and ö are letters behind z.
  EXPECT_THAT(Sorted("sv", {"Ö", "Å", "Z", "A", "Ä", "O"}), ElementsAre("A", "O", "Z", "Å", "Ä", "Ö"));
  // German telephone books read ä as ae.
  EXPECT_THAT(Sorted("de-u-co-phonebk", {"Ba", "Bäcker", "Bad", "Baf"}),
              ElementsAre("Ba", "Bad", "Bäcker", "Baf"));
  EXPECT_THAT(Sorted("de", {"Bäcker", "Ba", "Bad", "Baf"}), ElementsAre("Ba", "Bäcker", "Bad", "Baf"));
}

TEST(CollatorTest, KeysAppendAndHoldNoZero) {
  const Collator* dutch = Collator::ForLocale("nl").value();
  std::string key = "prefix";
  dutch->AppendSortKey("", &key);
  const std::string empty = key;
  dutch->AppendSortKey(std::string(5000, 'z') + "éé", &key);
  EXPECT_EQ(key.substr(0, 6), "prefix");
  EXPECT_EQ(key.find('\0'), std::string::npos);
  EXPECT_LT(empty.size(), 6u + 8u);
}

TEST(CollatorTest, CompareAgreesWithKeys) {
  const Collator* swedish = Collator::ForLocale("sv").value();
  const auto sign = [](int value) { return (value > 0) - (value < 0); };
  EXPECT_TRUE(rc::check("the sign of Compare is that of the keys' comparison", [&] {
    const auto text = rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                                       "a", "B", "å", "A", " ", "-", "é", "z", "ö", "\xFF")),
                                   [](const std::vector<std::string>& parts) {
                                     std::string joined;
                                     for (const std::string& part : parts) joined += part;
                                     return joined;
                                   });
    const std::string a = *text;
    const std::string b = *text;
    std::string key_a;
    std::string key_b;
    swedish->AppendSortKey(a, &key_a);
    swedish->AppendSortKey(b, &key_b);
    RC_ASSERT(sign(swedish->Compare(a, b)) == sign(key_a.compare(key_b)));
  }));
}

TEST(CollatorTest, OnePerLocaleFromAnyThread) {
  std::vector<const Collator*> found(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < found.size(); ++i) {
    threads.emplace_back([&, i] {
      found[i] = Collator::ForLocale(i % 2 == 0 ? "nl-BE" : "nl_BE").value();
      std::string key;
      for (int n = 0; n < 1000; ++n) found[i]->AppendSortKey("Ångström", &key);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Collator* collator : found) EXPECT_EQ(collator, found[0]);
  EXPECT_NE(found[0], Collator::ForLocale("nl").value());
}

TEST(CollatorTest, RefusesUnknownLocales) {
  for (const std::string_view name : {"xx", "nederlands", "", "nl/../", "nl-", "n"}) {
    EXPECT_EQ(Collator::ForLocale(name).status().code(), absl::StatusCode::kInvalidArgument) << name;
  }
  EXPECT_EQ(Collator::ForLocale(std::string_view("nl\0x", 4)).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(Collator::ForLocale("und").ok());
}

TEST(IcuVersionTest, IsANumberWithAPoint) {
  const std::string_view version = IcuVersion();
  ASSERT_FALSE(version.empty());
  EXPECT_TRUE(
      std::all_of(version.begin(), version.end(), [](char c) { return c == '.' || ('0' <= c && c <= '9'); }));
  EXPECT_GE(std::stoi(std::string(version)), 60);
}

}  // namespace
}  // namespace relata
