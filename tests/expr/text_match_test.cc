// Tests patterns and likeness: `like` against a plain recursion, Jaro-Winkler against Winkler's own examples.
#include "src/expr/text_match.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "relata/schema/member.h"
#include "src/expr/datum.h"

namespace relata::expr {
namespace {

TEST(Like, FollowsSql) {
  EXPECT_TRUE(Like("", ""));
  EXPECT_TRUE(Like("", "%%"));
  EXPECT_FALSE(Like("", "_"));
  EXPECT_TRUE(Like("Bakkerij Jansen", "Bakk%Jans_n"));
  EXPECT_FALSE(Like("Bakkerij Jansen", "bakk%"));
  EXPECT_FALSE(Like("Bakkerij Jansen", "Bakk"));
  EXPECT_TRUE(Like("aab", "%ab"));
  EXPECT_TRUE(Like("mississippi", "m%iss%ip%i"));
  EXPECT_FALSE(Like("mississippi", "m%iss%ipi"));
}

TEST(Like, CountsCodePoints) {
  EXPECT_TRUE(Like("é", "_"));
  EXPECT_FALSE(Like("é", "__"));
  EXPECT_TRUE(Like("a😀b", "a_b"));
  EXPECT_TRUE(Like("日本語", "%_語"));
  EXPECT_TRUE(Like("\xff", "_"));
}

TEST(Like, EscapesWithABackslash) {
  EXPECT_TRUE(Like("100%", "100\\%"));
  EXPECT_FALSE(Like("1000", "100\\%"));
  EXPECT_TRUE(Like("a_b", "a\\_b"));
  EXPECT_FALSE(Like("axb", "a\\_b"));
  EXPECT_TRUE(Like("a\\b", "a\\\\b"));
  EXPECT_TRUE(Like("a\\", "a\\"));
  EXPECT_TRUE(Like("x%y", "%\\%%"));
}

bool LikeByRecursion(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '%') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (LikeByRecursion(text.substr(i), pattern.substr(1))) return true;
    }
    return false;
  }
  if (text.empty()) return false;
  if (pattern[0] == '_') return LikeByRecursion(text.substr(1), pattern.substr(1));
  if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
  return pattern[0] == text[0] && LikeByRecursion(text.substr(1), pattern.substr(1));
}

RC_GTEST_PROP(Like, EqualsThePlainRecursion, ()) {
  const auto text =
      *rc::gen::resize(14, rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab\\"))));
  const auto pattern =
      *rc::gen::resize(10, rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab%_\\"))));
  RC_ASSERT(Like(text, pattern) == LikeByRecursion(text, pattern));
}

TEST(JaroWinkler, GivesWinklersFigures) {
  EXPECT_NEAR(JaroWinkler("martha", "marhta"), 0.9611, 1e-4);
  EXPECT_NEAR(JaroWinkler("dwayne", "duane"), 0.84, 1e-4);
  EXPECT_NEAR(JaroWinkler("dixon", "dicksonx"), 0.8133, 1e-4);
  EXPECT_NEAR(JaroWinkler("jones", "johnson"), 0.8324, 1e-4);
  EXPECT_EQ(JaroWinkler("", ""), 1);
  EXPECT_EQ(JaroWinkler("a", ""), 0);
  EXPECT_EQ(JaroWinkler("abc", "xyz"), 0);
  EXPECT_EQ(JaroWinkler("a", "b"), 0);
}

TEST(JaroWinkler, CountsCodePoints) {
  EXPECT_EQ(JaroWinkler("日本", "日木"), JaroWinkler("ab", "ac"));
  EXPECT_EQ(JaroWinkler("éa", "éb"), JaroWinkler("xa", "xb"));
}

RC_GTEST_PROP(JaroWinkler, LiesBetweenNothingAndTheSame, (std::string a, std::string b)) {
  const double likeness = JaroWinkler(a, b);
  RC_ASSERT(0 <= likeness && likeness <= 1);
  RC_ASSERT(JaroWinkler(a, a) == 1);
}

RC_GTEST_PROP(Datum, FindsWhatASetHolds,
              (std::set<std::string> texts, std::set<uint16_t> numbers, std::string text, uint16_t number)) {
  std::string bytes;
  EncodeTextSet(std::vector<std::string>(texts.begin(), texts.end()), &bytes);
  const Cell text_set = Cell::OfBytes(bytes);
  RC_ASSERT(SetSize(Base::kTextSet, text_set) == texts.size());
  RC_ASSERT(SetContains(Base::kTextSet, text_set, Cell::OfBytes(text)) == texts.contains(text));
  for (const std::string& held : texts) RC_ASSERT(SetContains(Base::kTextSet, text_set, Cell::OfBytes(held)));

  std::vector<RecordId> ids;
  for (uint16_t id : numbers) ids.push_back(RecordId{id} + 1);
  std::string id_bytes;
  EncodeReferenceSet(ids, &id_bytes);
  const Cell id_set = Cell::OfBytes(id_bytes);
  RC_ASSERT(SetSize(Base::kRecordSet, id_set) == numbers.size());
  RC_ASSERT(SetContains(Base::kRecordSet, id_set, Cell::OfBits(RecordId{number} + 1)) ==
            numbers.contains(number));
  for (RecordId id : ids) RC_ASSERT(SetContains(Base::kRecordSet, id_set, Cell::OfBits(id)));
}

TEST(Datum, FindsLabels) {
  EXPECT_TRUE(SetContains(Base::kLabelSet, Cell::OfBits(0b1010), Cell::OfBits(3)));
  EXPECT_FALSE(SetContains(Base::kLabelSet, Cell::OfBits(0b1010), Cell::OfBits(2)));
  EXPECT_EQ(SetSize(Base::kLabelSet, Cell::OfBits(0b1010)), 2u);
}

TEST(Datum, ComparesByBase) {
  EXPECT_LT(Compare(Base::kExact, Cell::OfInt(-1), Cell::OfInt(1)), 0);
  EXPECT_EQ(Compare(Base::kDouble, Cell::OfDouble(-0.0), Cell::OfDouble(0.0)), 0);
  EXPECT_TRUE(Same(Base::kDouble, Cell::OfDouble(-0.0), Cell::OfDouble(0.0)));
  EXPECT_LT(Compare(Base::kText, Cell::OfBytes("Z"), Cell::OfBytes("a")), 0);
  EXPECT_LT(Compare(Base::kText, Cell::OfBytes("z"), Cell::OfBytes("é")), 0);  // by code point
}

}  // namespace
}  // namespace relata::expr
