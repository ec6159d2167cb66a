// Values into cells and back: what each type of field takes, and what it refuses in words.
#include "src/schema/conversion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "relata/base/strings.h"

namespace relata::schema {
namespace {

using testing::HasSubstr;

const Currency kEur = Currency::Eur();
const Currency kYen = Currency::Parse("JPY").value();

EntityType Relation() {
  EntityType type;
  type.id = 1;
  type.name = "relation";
  return type;
}

Field OfType(ValueType type, bool nullable = true) {
  Field field;
  field.name = "f";
  field.type = type;
  field.nullable = nullable;
  field.scale = type == ValueType::kDecimal ? 2 : 0;
  if (type == ValueType::kEnum || type == ValueType::kLabelSet) field.labels = {{0, "gold"}, {5, "silver"}};
  if (field.is_reference()) field.targets = {1, 2};
  return field;
}

Field Priced(Currency currency) {
  Field field = OfType(ValueType::kMoney);
  field.currency = currency;
  return field;
}

// The value after a round trip through a cell, or the text of the refusal.
std::string Through(const Field& field, const Value& value, Currency record = Currency()) {
  std::string scratch;
  const StatusOr<Cell> cell = ToCell(Relation(), field, value, record, &scratch);
  if (!cell.ok()) return std::string(ToStd(cell.status().message()));
  const Status valid = ValidateCell(Relation(), field, *cell);
  if (!valid.ok()) return std::string(ToStd(valid.message()));
  const StatusOr<Value> back = FromCell(Relation(), field, *cell, record);
  return back.ok() ? back->ToString() : std::string(ToStd(back.status().message()));
}

TEST(ConversionTest, NumbersWidenOnlyWhereExact) {
  const Field whole = OfType(ValueType::kInt64);
  EXPECT_EQ(Through(whole, 12), "12");
  EXPECT_EQ(Through(whole, 12.0), "12");
  EXPECT_EQ(Through(whole, Decimal{1200, 2}), "12");
  EXPECT_EQ(Through(whole, 12.5),
            "relation.f: '12.5' is no whole number that fits 64 bits: give one, or round it first");
  EXPECT_THAT(Through(whole, 0x1p63), HasSubstr("is no whole number"));
  EXPECT_THAT(Through(whole, std::nan("")), HasSubstr("is no whole number"));
  EXPECT_THAT(Through(whole, "12"), HasSubstr("is no whole number"));

  const Field real = OfType(ValueType::kDouble);
  EXPECT_EQ(Through(real, 3), "3");
  EXPECT_EQ(Through(real, Decimal{25, 1}), "2.5");
  EXPECT_THAT(Through(real, (int64_t{1} << 53) + 1), HasSubstr("is no number that a double holds"));
  EXPECT_THAT(Through(real, std::nan("")), HasSubstr("is not a number: leave the field empty"));

  const Field decimal = OfType(ValueType::kDecimal);
  EXPECT_EQ(Through(decimal, 12), "12.00");
  EXPECT_EQ(Through(decimal, "12.5"), "12.50");
  EXPECT_EQ(Through(decimal, Decimal{12500, 3}), "12.50");
  EXPECT_THAT(Through(decimal, Decimal{12505, 3}),
              HasSubstr("'12.505' is no decimal number with at most 2 decimals"));
  EXPECT_THAT(Through(decimal, std::numeric_limits<int64_t>::max()), HasSubstr("is no decimal number"));
  EXPECT_THAT(Through(decimal, 12.5),
              HasSubstr("is no decimal number"));  // no floating point guesses decimals

  EXPECT_EQ(Through(OfType(ValueType::kBool), true), "true");
  EXPECT_THAT(Through(OfType(ValueType::kBool), 1), HasSubstr("is no truth value: give true or false"));
}

TEST(ConversionTest, MoneyIsOfTheFieldsOrTheRecordsCurrency) {
  EXPECT_EQ(Through(Priced(kEur), "EUR 12.50"), "EUR 12.50");
  EXPECT_EQ(Through(Priced(kEur), "12.5"), "EUR 12.50");
  EXPECT_EQ(Through(Priced(kEur), 12), "EUR 12.00");
  EXPECT_EQ(Through(Priced(kEur), Money::Eur(3)), "EUR 3.00");
  EXPECT_EQ(Through(Priced({}), "300", kYen), "JPY 300");
  EXPECT_EQ(Through(Priced({}), Decimal{3000, 1}, kYen), "JPY 300");
  EXPECT_THAT(Through(Priced(kEur), Money::Minor(300, kYen)), HasSubstr("'JPY 300' is no amount in EUR"));
  EXPECT_THAT(Through(Priced(kEur), "JPY 300"),
              HasSubstr("an amount in another currency must be converted first"));
  EXPECT_THAT(Through(Priced({}), "300.5", kYen), HasSubstr("is no amount in JPY with at most 0 decimals"));
  EXPECT_THAT(Through(Priced(kEur), 12.5), HasSubstr("is no amount in EUR"));
  EXPECT_THAT(Through(Priced({}), 12), HasSubstr("set the record's field 'currency' first"));
  EXPECT_EQ(Through(Priced({}), 0), "0");
}

TEST(ConversionTest, TextGivesDatesLabelsAndTheLike) {
  EXPECT_EQ(Through(OfType(ValueType::kDate), "2026-01-31"), "2026-01-31");
  EXPECT_THAT(Through(OfType(ValueType::kDate), "31-01-2026"),
              HasSubstr("is no date: give one as 2026-01-31"));
  EXPECT_EQ(Through(OfType(ValueType::kTimestamp), "2026-01-31 12:00:00"), "2026-01-31T12:00:00Z");
  EXPECT_THAT(Through(OfType(ValueType::kTimestamp), Date{0}), HasSubstr("is no timestamp"));
  EXPECT_EQ(Through(OfType(ValueType::kDuration), "PT90M"), "PT1H30M");
  EXPECT_EQ(Through(OfType(ValueType::kCurrency), "JPY"), "JPY");
  EXPECT_THAT(Through(OfType(ValueType::kCurrency), "Yen"), HasSubstr("is no currency"));
  EXPECT_EQ(Through(OfType(ValueType::kEnum), "silver"), "silver");
  EXPECT_EQ(Through(OfType(ValueType::kEnum), "sliver"),
            "relation.f: 'sliver' is none of the labels 'gold', 'silver'; did you mean 'silver'?");
  EXPECT_EQ(Through(OfType(ValueType::kLabelSet), TextSet{"silver", "gold", "gold"}), "[gold, silver]");
  EXPECT_THAT(Through(OfType(ValueType::kLabelSet), TextSet{"tin"}), HasSubstr("is no list of labels"));
  EXPECT_EQ(Through(OfType(ValueType::kText), "Åse"), "Åse");
  EXPECT_THAT(Through(OfType(ValueType::kText), 12), HasSubstr("is no text: give a string"));
  EXPECT_THAT(Through(OfType(ValueType::kText), "\xff"), HasSubstr("is no UTF-8"));
  EXPECT_EQ(Through(OfType(ValueType::kTextSet), TextSet{"b", "a", "b"}), "[a, b]");
  EXPECT_THAT(Through(OfType(ValueType::kTextSet), TextSet{"\xff"}), HasSubstr("no UTF-8"));
}

TEST(ConversionTest, ReferencesNameRecordsOfTheirTargets) {
  const Field one = OfType(ValueType::kReference);
  EXPECT_EQ(Through(one, 7), "#7");
  EXPECT_EQ(Through(one, Reference{7}), "#7");
  EXPECT_EQ(Through(one, RecordRef{2, 7}), "#7");
  EXPECT_THAT(Through(one, RecordRef{3, 7}), HasSubstr("names no record of the type referred to"));
  EXPECT_THAT(Through(one, 0), HasSubstr("names no record"));
  EXPECT_THAT(Through(one, -7), HasSubstr("names no record"));
  EXPECT_THAT(Through(one, static_cast<int64_t>(kMaxRecordId) + 1), HasSubstr("names no record"));
  const Field any = OfType(ValueType::kAnyReference);
  EXPECT_EQ(Through(any, RecordRef{2, 7}), "type 2 #7");
  EXPECT_THAT(Through(any, RecordRef{3, 7}), HasSubstr("names no record of a type that may be referred to"));
  EXPECT_THAT(Through(any, 7), HasSubstr("give its type and id"));
  const Field set = OfType(ValueType::kReferenceSet);
  EXPECT_EQ(Through(set, ReferenceSet{9, 7, 9}), "[7, 9]");
  EXPECT_THAT(Through(set, ReferenceSet{0}), HasSubstr("is no list of ids"));
}

TEST(ConversionTest, NullZeroAndAbsence) {
  std::string scratch;
  const Field plain = OfType(ValueType::kInt64, false);
  const Field nullable = OfType(ValueType::kInt64);
  EXPECT_FALSE(ToCell(Relation(), plain, 0, {}, &scratch)->present);
  EXPECT_TRUE(ToCell(Relation(), nullable, 0, {}, &scratch)->present);
  EXPECT_FALSE(ToCell(Relation(), nullable, Value(), {}, &scratch)->present);
  EXPECT_EQ(Through(plain, Value()),
            "relation.f: null, but the field cannot be null; give a value of type int64");
  EXPECT_EQ(FromCell(Relation(), plain, Cell::Absent(), {}).value(), Value(0));
  EXPECT_EQ(FromCell(Relation(), nullable, Cell::Absent(), {}).value(), Value());
  EXPECT_EQ(FromCell(Relation(), OfType(ValueType::kText, false), Cell::Absent(), {}).value(), Value(""));
  EXPECT_EQ(FromCell(Relation(), OfType(ValueType::kTextSet, false), Cell::Absent(), {}).value(),
            Value(TextSet{}));
}

std::string Validated(const Field& field, const Cell& cell) {
  return std::string(ToStd(ValidateCell(Relation(), field, cell).message()));
}

TEST(ValidateTest, RequiredMeansSomethingIsThere) {
  for (ValueType type :
       {ValueType::kText, ValueType::kTextSet, ValueType::kLabelSet, ValueType::kReferenceSet}) {
    for (bool nullable : {false, true}) {
      Field field = OfType(type, nullable);
      field.options.required = true;
      EXPECT_THAT(Validated(field, Cell::Absent()), HasSubstr("the field is required"));
    }
    Field field = OfType(type, true);
    field.options.required = true;
    EXPECT_THAT(Validated(field, {.present = true}), HasSubstr("the field is required"));
  }
  Field number = OfType(ValueType::kInt64);
  number.options.required = true;
  EXPECT_THAT(Validated(number, Cell::Absent()), HasSubstr("required; give a value of type int64"));
  EXPECT_EQ(Validated(number, Cell::OfInt(0)), "");
}

TEST(ValidateTest, LengthCountsCharacters) {
  Field text = OfType(ValueType::kText, false);
  text.options.min_length = 2;
  text.options.max_length = 3;
  EXPECT_EQ(Validated(text, Cell::OfBytes("åßø")), "");
  EXPECT_EQ(Validated(text, Cell::OfBytes("åßøx")),
            "relation.f: 'åßøx' has 4 characters; at most 3 fit, so shorten it");
  EXPECT_THAT(Validated(text, Cell::OfBytes("å")), HasSubstr("has 1 characters; at least 2 are needed"));
  EXPECT_EQ(Validated(text, Cell::Absent()), "");  // nothing there, and not required
  text.nullable = true;
  EXPECT_THAT(Validated(text, Cell::OfBytes("")), HasSubstr("at least 2"));  // an empty text is there
}

TEST(ValidateTest, PatternsMatchTheWhole) {
  Field text = OfType(ValueType::kText, false);
  text.options.pattern = "[0-9]{4}";
  EXPECT_EQ(Validated(text, Cell::OfBytes("1234")), "");
  EXPECT_EQ(Validated(text, Cell::OfBytes("12345")),
            "relation.f: '12345' does not match the field's pattern '[0-9]{4}'");
  EXPECT_EQ(Validated(text, Cell::Absent()), "");
}

TEST(ValidateTest, RangesAreInclusive) {
  Field number = OfType(ValueType::kInt64);
  number.options.min_value = 1;
  number.options.max_value = 9;
  EXPECT_EQ(Validated(number, Cell::OfInt(1)), "");
  EXPECT_EQ(Validated(number, Cell::OfInt(9)), "");
  EXPECT_EQ(Validated(number, Cell::OfInt(0)), "relation.f: '0' is less than 1, the least allowed");
  EXPECT_EQ(Validated(number, Cell::OfInt(10)), "relation.f: '10' is more than 9, the most allowed");
  EXPECT_EQ(Validated(number, Cell::Absent()), "");
  number.nullable = false;
  EXPECT_THAT(Validated(number, Cell::Absent()),
              HasSubstr("less than 1"));  // a number that cannot be null is 0
  Field real = OfType(ValueType::kDouble);
  real.options.min_value = -1.5;
  EXPECT_EQ(Validated(real, Cell::OfDouble(-1.5)), "");
  EXPECT_THAT(Validated(real, Cell::OfDouble(-2)), HasSubstr("less than -1.5"));
  EXPECT_THAT(Validated(real, Cell::OfDouble(std::nan(""))), HasSubstr("is not a number"));
  Field price = Priced(kEur);
  price.options.max_value = Money::Eur(10);
  EXPECT_THAT(Validated(price, Cell::OfInt(1001)), HasSubstr("'EUR 10.01' is more than EUR 10.00"));
}

TEST(ValidateTest, ReadersMayRelyOnTheForm) {
  EXPECT_THAT(Validated(OfType(ValueType::kDate), Cell::OfInt(Date::Max().days + 1)),
              HasSubstr("years 1 to 9999"));
  EXPECT_THAT(Validated(OfType(ValueType::kTimestamp), Cell::OfInt(Timestamp::Min().micros - 1)),
              HasSubstr("years 1 to 9999"));
  EXPECT_THAT(Validated(OfType(ValueType::kEnum), Cell::OfInt(3)),
              HasSubstr("'3' is a code without a label"));
  EXPECT_THAT(Validated(OfType(ValueType::kEnum), Cell::OfInt(0x10000)),
              HasSubstr("is a code without a label"));
  EXPECT_THAT(Validated(OfType(ValueType::kLabelSet), Cell::OfBits(2)),
              HasSubstr("is a code without a label"));
  EXPECT_THAT(Validated(OfType(ValueType::kBool), Cell::OfInt(2)), HasSubstr("is no truth value"));
  EXPECT_THAT(Validated(OfType(ValueType::kCurrency), Cell::OfInt(1)), HasSubstr("is no currency"));
  EXPECT_THAT(Validated(OfType(ValueType::kPoint), Cell::OfInt(std::numeric_limits<int64_t>::max())),
              HasSubstr("is no place"));
  EXPECT_THAT(Validated(OfType(ValueType::kReference, false), Cell::Absent()),
              HasSubstr("names no record: give the id of one; the field cannot be empty"));
  EXPECT_THAT(Validated(OfType(ValueType::kAnyReference), Cell::OfInt(int64_t{3} << 48 | 1)),
              HasSubstr("of a type that the field does not refer to"));
  EXPECT_THAT(Validated(OfType(ValueType::kTextSet), Cell::OfBytes("\x05")), HasSubstr("is no set of texts"));
  EXPECT_THAT(Validated(OfType(ValueType::kReferenceSet), Cell::OfBytes("\x05")),
              HasSubstr("is no set of ids"));
}

TEST(ConversionTest, DamagedCellsAreDataLoss) {
  EXPECT_TRUE(absl::IsDataLoss(FromCell(Relation(), OfType(ValueType::kEnum), Cell::OfInt(3), {}).status()));
  EXPECT_TRUE(
      absl::IsDataLoss(FromCell(Relation(), OfType(ValueType::kLabelSet), Cell::OfInt(2), {}).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      FromCell(Relation(), OfType(ValueType::kTextSet), Cell::OfBytes("\x09"), {}).status()));
  EXPECT_TRUE(
      absl::IsDataLoss(FromCell(Relation(), OfType(ValueType::kDate), Cell::OfInt(1LL << 40), {}).status()));
  EXPECT_TRUE(
      absl::IsDataLoss(FromCell(Relation(), OfType(ValueType::kCurrency), Cell::OfInt(1), {}).status()));
}

TEST(ConversionTest, MessagesHideSensitiveValues) {
  Field secret = OfType(ValueType::kText);
  secret.options.sensitive = true;
  secret.options.max_length = 3;
  const std::string long_text = Validated(secret, Cell::OfBytes("hunter2"));
  EXPECT_THAT(long_text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(long_text,
              HasSubstr("relation.f: the value (not shown: the field is sensitive) has 7 characters"));
  Field label = OfType(ValueType::kEnum);
  label.options.sensitive = true;
  EXPECT_THAT(Through(label, "silvr"), Not(HasSubstr("silvr")));
  Field born = OfType(ValueType::kDate);
  born.options.sensitive = true;
  EXPECT_THAT(Through(born, "1980-13-01"), Not(HasSubstr("1980")));
}

// Every cell that is made of a value is valid (NaN aside), and gives the value back.
RC_GTEST_PROP(ConversionProperty, ValuesComeBack, ()) {
  const auto type =
      static_cast<ValueType>(*rc::gen::elementOf(std::vector<int>{1, 2, 3, 5, 6, 7, 8, 13, 15, 16, 17}));
  const Field field = OfType(type, *rc::gen::arbitrary<bool>());
  const auto bits = *rc::gen::arbitrary<int64_t>();
  const auto id = *rc::gen::inRange<uint64_t>(1, kMaxRecordId + 1);
  const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(32, 127));
  Value value;
  switch (type) {
    case ValueType::kBool:
      value = (bits & 1) != 0;
      break;
    case ValueType::kInt64:
      value = bits;
      break;
    case ValueType::kDouble:
      value = static_cast<double>(bits);
      break;
    case ValueType::kDate:
      value = Date{static_cast<int32_t>(bits % 700'000)};
      break;
    case ValueType::kTimestamp:
      value = Timestamp{bits / 1000};
      break;
    case ValueType::kDuration:
      value = Duration{bits};
      break;
    case ValueType::kDecimal:
      value = Decimal{bits, 2};
      break;
    case ValueType::kReference:
      value = Reference{id};
      break;
    case ValueType::kText:
      value = text;
      break;
    case ValueType::kTextSet:
      value = text.empty() ? TextSet{} : TextSet{"", text};
      break;
    default:
      value = ReferenceSet{id};
      break;
  }
  std::string scratch;
  const Cell cell = ToCell(Relation(), field, value, {}, &scratch).value();
  RC_ASSERT(ValidateCell(Relation(), field, cell).ok() || type == ValueType::kTimestamp);
  RC_ASSERT(FromCell(Relation(), field, cell, {}).value() == value);
}

}  // namespace
}  // namespace relata::schema
