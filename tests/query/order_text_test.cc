// Tests orders as people write them.
#include "relata/query/order_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "relata/expr/text.h"

namespace relata::query {
namespace {

TEST(OrderText, ReadsWhatIsSaidOfATerm) {
  const std::vector<OrderTerm> order =
      ParseOrder(
          "visiting.city, credit_limit desc nulls last , name collate nl asc, coalesce(a, b) NULLS FIRST")
          .value();
  ASSERT_EQ(order.size(), 4u);
  EXPECT_EQ(expr::Print(order[0].by), "visiting.city");
  EXPECT_FALSE(order[0].descending);
  EXPECT_FALSE(order[0].nulls_first.has_value());
  EXPECT_EQ(expr::Print(order[1].by), "credit_limit");
  EXPECT_TRUE(order[1].descending);
  EXPECT_EQ(order[1].nulls_first, false);
  EXPECT_EQ(order[2].collation, "nl");
  EXPECT_FALSE(order[2].descending);
  EXPECT_EQ(expr::Print(order[3].by), "coalesce(a, b)");
  EXPECT_EQ(order[3].nulls_first, true);
  EXPECT_TRUE(ParseOrder("")->empty());
}

TEST(OrderText, SplitsOutsideBracketsAndQuotes) {
  EXPECT_THAT(SplitAtCommas("a, f(b, c), 'd, e', \"g, h\""),
              testing::ElementsAre("a", "f(b, c)", "'d, e'", "\"g, h\""));
  EXPECT_THAT(SplitAtCommas(" "), testing::IsEmpty());
}

TEST(OrderText, SaysWhatIsWrong) {
  EXPECT_THAT(std::string(ParseOrder("a,,b").status().message()), testing::HasSubstr("between two commas"));
  EXPECT_THAT(std::string(ParseOrder("a desc b").status().message()), testing::HasSubstr("order by"));
}

}  // namespace
}  // namespace relata::query
