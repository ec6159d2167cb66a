// Tests of edit distance against the textbook recurrence, and of the suggestions made with it.
#include "src/base/nearest.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace relata {
namespace {

TEST(NearestTest, CountsEdits) {
  EXPECT_EQ(EditDistance("", ""), 0u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
  EXPECT_EQ(EditDistance("city", "citty"), 1u);
  EXPECT_EQ(EditDistance("city", "ctiy"), 1u);  // two neighbours swapped
  EXPECT_EQ(EditDistance("ca", "abc"), 3u);     // the swap would edit a byte twice
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
}

TEST(NearestTest, SuggestsWhatWasMeant) {
  EXPECT_EQ(Nearest("citty", {"name", "city", "country"}), "city");
  EXPECT_EQ(Nearest("visiting.ctiy", {"visiting.city", "billing.city"}), "visiting.city");
  EXPECT_EQ(Nearest("xyz", {"name", "city"}), "");
  EXPECT_EQ(Nearest("a", {"b"}), "");  // nothing would be left of either
  EXPECT_EQ(Nearest("city", {}), "");
  EXPECT_EQ(DidYouMean("nam", {"name"}), "; did you mean 'name'?");
  EXPECT_EQ(DidYouMean("total", {"name"}), "");
}

// The recurrence as the literature writes it, without the table.
size_t Slow(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.size() + b.size();
  const std::string_view a1 = a.substr(1);
  const std::string_view b1 = b.substr(1);
  size_t best = std::min({Slow(a1, b) + 1, Slow(a, b1) + 1, Slow(a1, b1) + (a[0] == b[0] ? 0 : 1)});
  if (a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0]) {
    best = std::min(best, Slow(a.substr(2), b.substr(2)) + 1);
  }
  return best;
}

RC_GTEST_PROP(NearestProperty, AgreesWithTheRecurrence, ()) {
  const auto letters = rc::gen::container<std::string>(rc::gen::inRange('a', 'd'));
  const std::string a = *rc::gen::resize(6, letters);
  const std::string b = *rc::gen::resize(6, letters);
  RC_ASSERT(EditDistance(a, b) == Slow(a, b));
  RC_ASSERT(EditDistance(a, b) == EditDistance(b, a));
}

}  // namespace
}  // namespace relata
