// Tests of words: the rule by examples, our ASCII path against ICU's own boundaries, and searches against a
// plain reading of their rule.
#include "src/base/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/ubrk.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "src/base/text.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The words between ICU's boundaries, through UTF-16, whatever the text.
std::vector<std::string> WordsByIcu(const std::string& text) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), error));
  const icu::UnicodeString utf16 = icu::UnicodeString::fromUTF8(Fold(text));
  breaks->setText(utf16);
  std::vector<std::string> words;
  int32_t begin = breaks->first();
  for (int32_t end = breaks->next(); end != icu::BreakIterator::DONE; begin = end, end = breaks->next()) {
    if (breaks->getRuleStatus() < UBRK_WORD_NONE_LIMIT) continue;
    std::string word;
    utf16.tempSubStringBetween(begin, end).toUTF8String(word);
    words.push_back(word);
  }
  return words;
}

TEST(WordsTest, PartsAtWhatStandsBetweenWords) {
  EXPECT_THAT(Words(""), IsEmpty());
  EXPECT_THAT(Words(" - ... & (!) "), IsEmpty());
  EXPECT_THAT(Words("Bakkerij JANSEN & Zn."), ElementsAre("bakkerij", "jansen", "zn"));
  EXPECT_THAT(Words("Van der Berg-de Wit/Smit"), ElementsAre("van", "der", "berg", "de", "wit", "smit"));
  EXPECT_THAT(Words("jan jan"), ElementsAre("jan", "jan"));
}

TEST(WordsTest, KeepsWhatStandsInsideAWord) {
  EXPECT_THAT(Words("O'Neill 't Hoekje"), ElementsAre("o'neill", "t", "hoekje"));
  EXPECT_THAT(Words("Smit B.V."), ElementsAre("smit", "b.v"));
  EXPECT_THAT(Words("A3 12.50 1,000 8-16 mp3"), ElementsAre("a3", "12.50", "1,000", "8", "16", "mp3"));
  EXPECT_THAT(Words("d\u2019Artagnan"), ElementsAre("d\u2019artagnan"));
}

TEST(WordsTest, FoldsCaseAccentsAndForms) {
  EXPECT_THAT(Words("Café MÜLLER Straße"), ElementsAre("cafe", "muller", "strasse"));
  EXPECT_THAT(Words("İstanbul"), ElementsAre("istanbul"));
  EXPECT_THAT(Words("\u0132sselstein"), ElementsAre("ijsselstein"));       // the ligature IJ
  EXPECT_THAT(Words("\uFF21\uFF22\u3000\uFF11"), ElementsAre("ab", "1"));  // full width
  EXPECT_THAT(Words("Ørsted Łódź"), ElementsAre("ørsted", Fold("łodz")));
}

TEST(WordsTest, PartsTextsWithoutSpaces) {
  EXPECT_THAT(Words("北京大学 图书馆"), ::testing::SizeIs(::testing::Ge(2)));
  const std::vector<std::string> thai = Words("สวัสดีครับ");
  EXPECT_THAT(thai, ::testing::SizeIs(2));
  EXPECT_EQ(thai[0] + thai[1], Fold("สวัสดีครับ"));
}

TEST(WordsTest, CutsLongWordsInWholeCharacters) {
  EXPECT_THAT(Words(std::string(100, 'A')), ElementsAre(std::string(kMaxWordBytes, 'a')));
  std::string long_word(kMaxWordBytes - 1, 'x');
  EXPECT_THAT(Words(long_word + "øøø b"), ElementsAre(long_word, "b"));
  for (size_t before = 0; before < 5; ++before) {
    std::string greek(before, 'a');
    for (int i = 0; i < 60; ++i) greek += "𝛼ω";  // four bytes that fold to two, and two
    const std::vector<std::string> words = Words(greek);
    ASSERT_EQ(words.size(), 1u);
    EXPECT_LE(words[0].size(), kMaxWordBytes);
    EXPECT_GT(words[0].size(), kMaxWordBytes - 4);
    EXPECT_TRUE(IsValidUtf8(words[0]));
  }
}

TEST(WordsTest, ReadsAnyBytes) {
  EXPECT_THAT(Words("a\xff"
                    "b"),
              ElementsAre("a", "b"));
  EXPECT_THAT(Words(std::string_view("a\0b", 3)), ElementsAre("a", "b"));
}

TEST(WordsTest, AgreesWithIcuOnAscii) {
  EXPECT_TRUE(rc::check("words of ASCII are those between ICU's boundaries", [] {
    const auto text = *rc::gen::container<std::string>(
        rc::gen::weightedOneOf<char>({{6, rc::gen::elementOf(std::string("aBz059"))},
                                      {4, rc::gen::elementOf(std::string(".,;:'_- \""))},
                                      {1, rc::gen::inRange<char>(0, 127)}}));
    RC_ASSERT(Words(text) == WordsByIcu(text));
  }));
}

TEST(WordsTest, AgreesWithIcuOnEverythingElse) {
  EXPECT_TRUE(rc::check("words are those between ICU's boundaries", [] {
    static const std::vector<std::string> kPieces = {
        "a",  "Z",  "9",  " ", "-", "'",  ".",        "\u2019", "é",      "ß", "İ", "\u0132", "東",
        "京", "カ", "한", "ا", "ש", "\"", "👍🏽", "\u0301", "\u200d", "_", ":", "ก",      "า"};
    std::string text;
    for (const std::string& piece :
         *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces)))
      text += piece;
    RC_ASSERT(Words(text) == WordsByIcu(text));
  }));
}

TEST(WordsTest, MayBeUsedFromAnyThread) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 200; ++n) ASSERT_THAT(Words("京 Ørsted"), ::testing::SizeIs(::testing::Ge(2)));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(SearchWordsTest, TakesTheLastWordAsABeginning) {
  using Search = std::vector<SearchWord>;
  EXPECT_EQ(ParseSearch("Bakk Jäns"), (Search{{"bakk", false}, {"jans", true}}));
  EXPECT_EQ(ParseSearch("bakk jans "), (Search{{"bakk", false}, {"jans", false}}));
  EXPECT_EQ(ParseSearch("bakk* \"jans\""), (Search{{"bakk", true}, {"jans", false}}));
  EXPECT_EQ(ParseSearch("jan jan jan"), (Search{{"jan", false}, {"jan", true}}));
  EXPECT_EQ(ParseSearch(" * "), Search{});
}

TEST(SearchWordsTest, AsksForEveryWordInAnyOrder) {
  const auto matches = [](std::string_view typed, std::string_view text) {
    return Matches(ParseSearch(typed), text);
  };
  EXPECT_TRUE(matches("jansen bakk", "Bakkerij Jansen"));
  EXPECT_TRUE(matches("BAKKERIJ", "Bakkerij Jansen"));
  EXPECT_FALSE(matches("bakk jansen", "Bakkerij Jansen"));
  EXPECT_TRUE(matches("bakk* jansen", "Bakkerij Jansen"));
  EXPECT_FALSE(matches("kerij", "Bakkerij Jansen"));
  EXPECT_FALSE(matches("bakk ", "Bakkerij Jansen"));
  EXPECT_FALSE(matches("", "Bakkerij Jansen"));
  EXPECT_FALSE(matches("jansen", ""));
  EXPECT_TRUE(matches(std::string(200, 'x'), std::string(100, 'x')));  // alike as far as words count
}

TEST(SearchWordsTest, FollowsItsRule) {
  EXPECT_TRUE(rc::check("a search matches where each of its words does", [] {
    static const std::vector<std::string> kWords = {"jan", "jans", "jansen", "bak", "bakker", "é", "e", "9"};
    const auto some = rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kWords));
    const std::vector<std::string> have = *some;
    const std::vector<std::string> want = *some;
    std::string text;
    for (const std::string& word : have) text += word + "-";
    std::string typed;
    bool expected = !want.empty();
    for (size_t i = 0; i < want.size(); ++i) {
      const bool star = *rc::gen::arbitrary<bool>();
      const bool last = i + 1 == want.size();
      typed += want[i] + (star ? "*" : "") + (last ? "" : " ");
      expected &= std::any_of(have.begin(), have.end(), [&](const std::string& word) {
        return star || last ? Fold(word).starts_with(Fold(want[i])) : Fold(word) == Fold(want[i]);
      });
    }
    RC_ASSERT(Matches(ParseSearch(typed), text) == expected);
  }));
}

}  // namespace
}  // namespace relata
