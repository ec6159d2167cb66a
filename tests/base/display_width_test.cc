// Tests the width of texts on a terminal.
#include "src/base/display_width.h"

#include <gtest/gtest.h>

namespace relata {
namespace {

TEST(DisplayWidthTest, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("Utrecht"), 7u);
  EXPECT_EQ(DisplayWidth("Caf\u00e9 \u20ac"), 6u);
  EXPECT_EQ(DisplayWidth("Cafe\u0301"), 4u);    // a combining accent
  EXPECT_EQ(DisplayWidth("\u6771\u4eac"), 4u);  // two ideographs
  EXPECT_EQ(DisplayWidth("\xff"), 1u);          // what is no UTF-8 shows as one replacement character
}

}  // namespace
}  // namespace relata
