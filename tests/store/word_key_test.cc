// Tests of the keys of words: their bytes for ever, and that they can be taken apart and looked up.
#include "src/store/word_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "relata/schema/member.h"
#include "src/base/words.h"

namespace relata::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> KeysOf(const std::string& text) {
  std::vector<std::string> keys = {"left over"};
  WordKeys(Cell::OfBytes(text), /*set=*/false, &keys);
  return keys;
}

bool Holds(const KeyRange& range, const std::string& key) {
  return key >= range.low && (range.high.empty() || key < range.high);
}

TEST(WordKeyTest, HasTheseBytes) {
  EXPECT_THAT(KeysOf("Jan Bos"), ElementsAre("\x01"
                                             "b\x01\x02",
                                             "\x01"
                                             "bo\x01\x02",
                                             "\x01"
                                             "j\x01\x02",
                                             "\x01"
                                             "ja\x01\x02",
                                             "bos\x01\x02", "jan\x01\x02"));
  EXPECT_THAT(KeysOf("ØRE øre Z"),
              ElementsAre("\x01ø\x01\x03", "\x01ør\x01\x03", "z\x01\x03", "øre\x01\x03"));
  EXPECT_THAT(KeysOf(""), IsEmpty());
  EXPECT_THAT(KeysOf(" -- "), IsEmpty());
  std::vector<std::string> keys;
  WordKeys(Cell::Absent(), /*set=*/false, &keys);
  EXPECT_THAT(keys, IsEmpty());
}

TEST(WordKeyTest, TakesASetAsOneField) {
  Set<std::string> tags = {"a b", "c"};
  std::string scratch;
  const Cell cell = MemberTraits<Set<std::string>>::Load(tags, &scratch);
  std::vector<std::string> keys;
  WordKeys(cell, /*set=*/true, &keys);
  EXPECT_THAT(keys, ElementsAre("a\x01\x03", "b\x01\x03", "c\x01\x03"));
}

TEST(WordKeyTest, StepsOfLengthNeverFall) {
  EXPECT_EQ(LengthStep(1), 1);
  EXPECT_EQ(LengthStep(8), 8);
  EXPECT_EQ(LengthStep(9), 9);
  EXPECT_EQ(LengthStep(16), 9);
  EXPECT_EQ(LengthStep(17), 10);
  EXPECT_EQ(LengthStep(512), 14);
  EXPECT_EQ(LengthStep(513), 15);
  EXPECT_EQ(LengthStep(SIZE_MAX), kLengthSteps);
  for (size_t words = 1; words < 2000; ++words) EXPECT_LE(LengthStep(words), LengthStep(words + 1));
}

TEST(WordKeyTest, RangesHoldTheirWordsAndNoOthers) {
  EXPECT_TRUE(rc::check("a range holds a key where its rule says so", [] {
    const auto word = rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('a', 'b', '9')));
    std::string text;
    for (const std::string& part : *rc::gen::container<std::vector<std::string>>(word)) text += part + " é";
    const std::vector<std::string> words = Words(text);
    const std::string wanted = *word;
    std::multiset<std::string> exact, beginning, prefix;
    for (const std::string& key : KeysOf(text)) {
      WordKey read;
      RC_ASSERT(ReadWordKey(key, &read));
      RC_ASSERT(read.length_step == LengthStep(words.size()));
      const std::string found(read.text);
      if (read.prefix) {
        RC_ASSERT(IsShortPrefix(found));
        RC_ASSERT(std::any_of(words.begin(), words.end(), [&](const std::string& w) {
          return w.starts_with(found) && w.size() > found.size();
        }));
      }
      if (Holds(EntriesOf(wanted), key)) exact.insert(found);
      if (Holds(EntriesBeginningWith(wanted), key)) beginning.insert(found);
      if (IsShortPrefix(wanted) && Holds(EntriesOfPrefix(wanted), key)) prefix.insert(found);
    }
    std::multiset<std::string> expected_beginning;
    bool longer = false;
    for (const std::string& w : std::set<std::string>(words.begin(), words.end())) {
      if (w.starts_with(wanted)) expected_beginning.insert(w);
      longer |= w.starts_with(wanted) && w != wanted;
    }
    RC_ASSERT(exact.size() == expected_beginning.count(wanted));
    RC_ASSERT(beginning == expected_beginning);
    RC_ASSERT(prefix.size() == (longer && IsShortPrefix(wanted) ? 1u : 0u));
  }));
}

TEST(WordKeyTest, OtherBytesAreNoKey) {
  WordKey key;
  for (const std::string& bytes :
       {std::string(), std::string("a"), std::string("\x01\x01"), std::string("a\x01"),
        std::string("a\x02\x01"), std::string("\x01\x01\x01"), std::string("a\x01\x10"),
        std::string("a\x01\x00", 3),
        std::string("a\x01"
                    "b\x01\x02")}) {
    EXPECT_FALSE(ReadWordKey(bytes, &key)) << testing::PrintToString(bytes);
  }
}

}  // namespace
}  // namespace relata::store
