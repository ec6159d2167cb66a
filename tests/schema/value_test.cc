// Tests of values: their types, their names and how they print.
#include "relata/schema/value.h"

#include <gtest/gtest.h>

namespace relata {
namespace {

TEST(ValueTest, TypeNamesAreReadBack) {
  for (int i = 1; i <= 18; ++i) {
    const auto type = static_cast<ValueType>(i);
    ValueType back{};
    ASSERT_TRUE(ParseValueType(ValueTypeName(type), &back)) << i;
    EXPECT_EQ(back, type);
  }
  ValueType none{};
  EXPECT_FALSE(ParseValueType("string", &none));
  EXPECT_EQ(ValueTypeName(static_cast<ValueType>(200)), "unknown type");
}

TEST(ValueTest, PrintsForPeople) {
  EXPECT_EQ(Value().ToString(), "null");
  EXPECT_EQ(Value(true).ToString(), "true");
  EXPECT_EQ(Value(-12).ToString(), "-12");
  EXPECT_EQ(Value(0.25).ToString(), "0.25");
  EXPECT_EQ(Value(Money::Minor(1250, Currency::Eur())).ToString(), "EUR 12.50");
  EXPECT_EQ(Value(Date{0}).ToString(), "1970-01-01");
  EXPECT_EQ(Value(Timestamp{0}).ToString(), "1970-01-01T00:00:00Z");
  EXPECT_EQ(Value(Decimal{1050, 2}).ToString(), "10.50");
  EXPECT_EQ(Value(Currency::Eur()).ToString(), "EUR");
  EXPECT_EQ(Value("Utrecht").ToString(), "Utrecht");
  EXPECT_EQ(Value(TextSet{"a", "b"}).ToString(), "[a, b]");
  EXPECT_EQ(Value(ReferenceSet{}).ToString(), "[]");
  EXPECT_EQ(Value(Reference{7}).ToString(), "#7");
  EXPECT_EQ(Value(RecordRef{2, 7}).ToString(), "type 2 #7");
  EXPECT_EQ(Value(ObjectBytes{"abc"}).ToString(), "object of 3 bytes");
}

TEST(ValueTest, KnowsItsType) {
  const Value value = 12;
  ASSERT_NE(value.As<int64_t>(), nullptr);
  EXPECT_EQ(*value.As<int64_t>(), 12);
  EXPECT_EQ(value.As<bool>(), nullptr);
  EXPECT_TRUE(Value().is_null());
  EXPECT_NE(Value(1), Value(1.0));
}

}  // namespace
}  // namespace relata
