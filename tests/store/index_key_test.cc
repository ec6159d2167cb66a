// Tests of index keys: their order, their bytes for ever, nulls, and long texts that are cut.
#include "src/store/index_key.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "relata/schema/member.h"
#include "src/base/text.h"
#include "src/store/ordered_bytes.h"

namespace relata::store {
namespace {

// A value of one field, kept apart from any coding; what the cell of a text set views included.
struct Datum {
  bool present = true;
  uint64_t bits = 0;
  std::string text;
  Cell cell() const { return present ? Cell{true, bits, text} : Cell::Absent(); }
};

// An index on fields of these types, its parts in the same order, without direction, null order or folding.
struct Fixture {
  EntityType type{.id = 1, .name = "relation"};
  Index index{.id = 1, .name = "test"};

  Fixture& Add(ValueType value_type, IndexPart part = {}, bool nullable = true) {
    part.field = static_cast<FieldId>(type.fields.size());
    type.fields.push_back({.id = part.field,
                           .name = "f" + std::to_string(part.field),
                           .type = value_type,
                           .nullable = nullable});
    index.parts.push_back(part);
    return *this;
  }
  Fixture& Unique() {
    index.unique = true;
    return *this;
  }
  IndexKeyCoder Coder() const { return IndexKeyCoder::Make(type, index).value(); }
};

std::vector<std::string> KeysOf(const IndexKeyCoder& coder, const std::vector<Datum>& row, RecordId id = 1) {
  std::vector<std::string> keys;
  coder.Keys([&](FieldId field) { return row[field].cell(); }, id, &keys);
  return keys;
}

std::string KeyOfRow(const IndexKeyCoder& coder, const std::vector<Datum>& row, RecordId id = 1) {
  const std::vector<std::string> keys = KeysOf(coder, row, id);
  EXPECT_EQ(keys.size(), 1u);
  return keys.empty() ? "" : keys[0];
}

Datum Text(std::string text) { return {true, 0, std::move(text)}; }
Datum Int(int64_t value) { return {true, static_cast<uint64_t>(value), ""}; }
Datum Double(double value) { return {true, std::bit_cast<uint64_t>(value), ""}; }
const Datum kNull{false, 0, ""};

template <class T>
int Sign(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// The order of two values, from the definition of their type alone.
int CompareValues(ValueType type, const IndexPart& part, const Datum& a, const Datum& b) {
  const auto int_a = static_cast<int64_t>(a.bits);
  const auto int_b = static_cast<int64_t>(b.bits);
  switch (type) {
    case ValueType::kDouble: {
      const double x = std::bit_cast<double>(a.bits);
      const double y = std::bit_cast<double>(b.bits);
      if (std::isnan(x) || std::isnan(y)) return Sign(std::isnan(x), std::isnan(y));
      return Sign(x, y);
    }
    case ValueType::kPoint: {
      const int latitude = Sign(static_cast<int32_t>(a.bits >> 32), static_cast<int32_t>(b.bits >> 32));
      return latitude != 0 ? latitude : Sign(static_cast<int32_t>(a.bits), static_cast<int32_t>(b.bits));
    }
    case ValueType::kAnyReference:
      return Sign(a.bits, b.bits);
    case ValueType::kText:
      if (part.folding == Folding::kFolded) return Sign(Fold(a.text), Fold(b.text));
      if (part.folding == Folding::kCollated) {
        return Collator::ForLocale(part.locale).value()->Compare(a.text, b.text);
      }
      return Sign(a.text, b.text);
    default:
      return Sign(int_a, int_b);
  }
}

int CompareParts(const Field& field, const IndexPart& part, Datum a, Datum b) {
  if (!field.nullable) a.present = b.present = true;
  if (!a.present || !b.present) {
    const int nulls_first = Sign(!b.present, !a.present);
    return part.nulls_last ? -nulls_first : nulls_first;
  }
  const int order = CompareValues(field.type, part, a, b);
  return part.descending ? -order : order;
}

rc::Gen<int64_t> GenInt() {
  return rc::gen::oneOf(
      rc::gen::inRange<int64_t>(-3, 4),
      rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 64), rc::gen::inRange<int64_t>(-2, 3)),
                   [](const std::pair<int, int64_t>& p) {
                     return static_cast<int64_t>((uint64_t{1} << p.first) + static_cast<uint64_t>(p.second));
                   }),
      rc::gen::element<int64_t>(47, 48, 8'239, 8'240, 1'056'815, 1'056'816, 135'274'543, 135'274'544,
                                8'725'209'135, 8'725'209'136, 1'108'236'836'911, 1'108'236'836'912,
                                4'504'707'864'207'407, 4'504'707'864'207'408, -48, -49, -8'240, -8'241,
                                std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()),
      rc::gen::arbitrary<int64_t>());
}

rc::Gen<std::string> GenText(ValueType, Folding folding) {
  if (folding == Folding::kExact) {
    const auto byte =
        rc::gen::element<char>('\0', '\1', '\2', '\3', 'a', 'b', '\x7f', '\xc3', '\xfe', '\xff');
    return rc::gen::resize(7, rc::gen::container<std::string>(byte));
  }
  const auto piece =
      rc::gen::element<std::string>("a", "A", "á", "b", "ij", "IJ", "z", " ", "ß", "-", "ø", "e");
  return rc::gen::map(rc::gen::resize(4, rc::gen::container<std::vector<std::string>>(piece)),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& p : pieces) text += p;
                        return text;
                      });
}

rc::Gen<Datum> GenDatum(ValueType type, Folding folding) {
  rc::Gen<Datum> value = rc::gen::map(GenInt(), Int);
  if (type == ValueType::kBool) value = rc::gen::map(rc::gen::inRange<int64_t>(0, 2), Int);
  if (type == ValueType::kReference)
    value = rc::gen::map(rc::gen::inRange<int64_t>(0, int64_t{1} << 48), Int);
  if (type == ValueType::kEnum) value = rc::gen::map(rc::gen::inRange<int64_t>(0, 65'536), Int);
  if (type == ValueType::kText) value = rc::gen::map(GenText(type, folding), Text);
  if (type == ValueType::kDouble) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    value =
        rc::gen::map(rc::gen::oneOf(rc::gen::element(0.0, -0.0, 1.0, -1.0, kInfinity, -kInfinity, 5e-324,
                                                     -5e-324, std::nan(""), -std::nan("")),
                                    rc::gen::map(rc::gen::arbitrary<uint64_t>(),
                                                 [](uint64_t bits) { return std::bit_cast<double>(bits); })),
                     Double);
  }
  return rc::gen::oneOf(value, value, value, rc::gen::just(kNull));
}

constexpr ValueType kFixedTypes[] = {ValueType::kBool,         ValueType::kInt64,   ValueType::kDouble,
                                     ValueType::kMoney,        ValueType::kDate,    ValueType::kTimestamp,
                                     ValueType::kDuration,     ValueType::kDecimal, ValueType::kPoint,
                                     ValueType::kCurrency,     ValueType::kEnum,    ValueType::kReference,
                                     ValueType::kAnyReference, ValueType::kText};

Fixture GenFixture(int parts) {
  Fixture fixture;
  for (int i = 0; i < parts; ++i) {
    const ValueType type =
        *rc::gen::elementOf(std::vector<ValueType>(std::begin(kFixedTypes), std::end(kFixedTypes)));
    IndexPart part;
    part.descending = *rc::gen::arbitrary<bool>();
    part.nulls_last = *rc::gen::arbitrary<bool>();
    if (type == ValueType::kText) {
      part.folding =
          *rc::gen::element(Folding::kExact, Folding::kExact, Folding::kFolded, Folding::kCollated);
      part.locale = *rc::gen::element<std::string>("nl", "sv", "de");
    }
    fixture.Add(type, part, *rc::gen::arbitrary<bool>());
  }
  if (*rc::gen::arbitrary<bool>()) fixture.Unique();
  return fixture;
}

std::vector<Datum> GenRow(const Fixture& fixture) {
  std::vector<Datum> row;
  for (size_t i = 0; i < fixture.type.fields.size(); ++i) {
    row.push_back(*GenDatum(fixture.type.fields[i].type, fixture.index.parts[i].folding));
  }
  return row;
}

// The order of keys is the order of values, for every type, direction, null order and number of parts; equal
// keys mean equal values; no key begins another one, also in a unique index where a null brings the id in.
RC_GTEST_PROP(IndexKeyTest, OrdersAsTheValuesDo, ()) {
  const Fixture fixture = GenFixture(*rc::gen::inRange(1, 4));
  const IndexKeyCoder coder = fixture.Coder();
  const std::vector<Datum> a = GenRow(fixture);
  std::vector<Datum> b = GenRow(fixture);
  const size_t same = *rc::gen::inRange<size_t>(0, a.size() + 1);  // so that later parts decide, too
  std::copy_n(a.begin(), same, b.begin());
  int expected = 0;
  bool null = false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (expected == 0) expected = CompareParts(fixture.type.fields[i], fixture.index.parts[i], a[i], b[i]);
    null |= !a[i].present && fixture.type.fields[i].nullable;
  }
  if (expected == 0 && null && fixture.index.unique) expected = -1;  // the ids decide
  const std::string key_a = KeyOfRow(coder, a, 70'000);
  const std::string key_b = KeyOfRow(coder, b, 5'000'000);
  RC_ASSERT(Sign(key_a, key_b) == expected);
  RC_ASSERT(expected == 0 || (!key_a.starts_with(key_b) && !key_b.starts_with(key_a)));
  RC_ASSERT(coder.Exact(key_a));
  RC_ASSERT(key_a.size() <= 511u);
}

// Probes find exactly what a look at the values finds.
RC_GTEST_PROP(IndexKeyTest, RangesHoldWhatTheirBoundsSay, ()) {
  const Fixture fixture = GenFixture(*rc::gen::inRange(1, 3));
  const IndexKeyCoder coder = fixture.Coder();
  const std::vector<Datum> row = GenRow(fixture);
  std::vector<Datum> bounds = GenRow(fixture);
  const std::vector<Datum> more = GenRow(fixture);
  const size_t part = *rc::gen::inRange<size_t>(0, row.size());
  if (*rc::gen::inRange(0, 4) != 0) std::copy_n(row.begin(), part, bounds.begin());
  if (*rc::gen::inRange(0, 4) == 0) bounds[part] = row[part];
  std::vector<Cell> cells;
  for (size_t i = 0; i < part; ++i) cells.push_back(bounds[i].cell());

  const auto compare = [&](size_t i, const Datum& x, const Datum& y) {
    return CompareParts(fixture.type.fields[i], fixture.index.parts[i], x, y);
  };
  bool equal = true;
  for (size_t i = 0; i < part; ++i) equal &= compare(i, row[i], bounds[i]) == 0;
  const std::string key = KeyOfRow(coder, row);
  const auto holds = [&](const KeyRange& range) {
    return range.low <= key && (range.high.empty() || key < range.high);
  };
  const KeyRange same = coder.Equal(cells);
  RC_ASSERT(same.exact);
  RC_ASSERT(holds(same) == equal);

  Datum low = bounds[part];
  Datum high = more[part];
  low.present = high.present = true;
  const Field& field = fixture.type.fields[part];
  IndexPart ascending = fixture.index.parts[part];
  ascending.descending = false;
  const bool low_open = *rc::gen::inRange(0, 4) == 0;
  const bool high_open = *rc::gen::inRange(0, 4) == 0;
  const bool low_inclusive = *rc::gen::arbitrary<bool>();
  const bool high_inclusive = *rc::gen::arbitrary<bool>();
  const bool null = !row[part].present && field.nullable;
  bool expected = equal && !null;
  if (!low_open) {
    const int order = CompareParts(field, ascending, row[part], low);
    expected &= low_inclusive ? order >= 0 : order > 0;
  }
  if (!high_open) {
    const int order = CompareParts(field, ascending, row[part], high);
    expected &= high_inclusive ? order <= 0 : order < 0;
  }
  const KeyRange between =
      coder.Between(cells, low_open ? std::nullopt : std::optional(CellBound{low.cell(), low_inclusive}),
                    high_open ? std::nullopt : std::optional(CellBound{high.cell(), high_inclusive}));
  RC_ASSERT(between.exact);
  RC_ASSERT(holds(between) == expected);

  if (field.type == ValueType::kText && ascending.folding != Folding::kCollated) {
    const bool folded = ascending.folding == Folding::kFolded;
    const std::string text = null ? "" : folded ? Fold(row[part].text) : row[part].text;
    std::string prefix = *rc::gen::arbitrary<bool>() ? low.text : text.substr(0, text.size() / 2);
    const KeyRange starts = coder.StartsWith(cells, prefix).value();
    RC_ASSERT(starts.exact);
    RC_ASSERT(holds(starts) == (equal && !null && text.starts_with(folded ? Fold(prefix) : prefix)));
  }
}

TEST(IndexKeyTest, NumbersAreReadBackFromTheFrontOfAKey) {
  std::vector<int64_t> values = {0,
                                 47,
                                 48,
                                 8'239,
                                 8'240,
                                 20'660,
                                 1'056'815,
                                 1'056'816,
                                 135'274'544,
                                 8'725'209'136,
                                 1'108'236'836'912,
                                 1'785'000'000'000'000,
                                 4'504'707'864'207'408,
                                 std::numeric_limits<int64_t>::max()};
  for (size_t i = values.size(); i-- > 0;) values.push_back(-1 - values[i]);
  for (const int64_t value : values) {
    std::string key;
    AppendOrderedInt(value, &key);
    const std::string longer = key + "more";
    std::string_view rest = longer;
    EXPECT_EQ(TakeOrderedInt(&rest), value);
    EXPECT_EQ(rest, "more");
    rest = std::string_view(key).substr(0, key.size() - 1);
    EXPECT_EQ(TakeOrderedInt(&rest), std::nullopt) << value;
  }
  for (const std::string_view none : {std::string_view("\0\0", 2), std::string_view("\xff\xff")}) {
    std::string_view rest = none;
    EXPECT_EQ(TakeOrderedInt(&rest), std::nullopt);
    EXPECT_EQ(rest, none);
  }
}

TEST(IndexKeyTest, SmallNumbersTakeFewBytes) {
  const auto length = [](int64_t value) {
    std::string key;
    AppendOrderedInt(value, &key);
    EXPECT_EQ(OrderedIntLength(static_cast<uint8_t>(key[0])), key.size());
    if (value >= 0) {
      EXPECT_EQ(LeadingOrderedNumber(key + "more"), static_cast<uint64_t>(value));
    }
    return key.size();
  };
  EXPECT_EQ(length(0), 1u);
  EXPECT_EQ(length(-48), 1u);
  EXPECT_EQ(length(8'239), 2u);
  EXPECT_EQ(length(20'660), 3u);                 // a date in 2026
  EXPECT_EQ(length(1'785'000'000'000'000), 7u);  // a timestamp in 2026
  EXPECT_EQ(length(std::numeric_limits<int64_t>::min()), 9u);
  EXPECT_EQ(length(std::numeric_limits<int64_t>::max()), 9u);
}

TEST(IndexKeyTest, NullsNeverCollideInAUniqueIndex) {
  const IndexKeyCoder coder = Fixture().Add(ValueType::kText).Add(ValueType::kInt64).Unique().Coder();
  EXPECT_NE(KeyOfRow(coder, {kNull, Int(1)}, 7), KeyOfRow(coder, {kNull, Int(1)}, 8));
  EXPECT_NE(KeyOfRow(coder, {Text("a"), kNull}, 7), KeyOfRow(coder, {Text("a"), kNull}, 8));
  EXPECT_EQ(KeyOfRow(coder, {Text("a"), Int(1)}, 7), KeyOfRow(coder, {Text("a"), Int(1)}, 8));
  const IndexKeyCoder plain = Fixture().Add(ValueType::kText).Coder();
  EXPECT_EQ(KeyOfRow(plain, {kNull}, 7), KeyOfRow(plain, {kNull}, 8));
}

TEST(IndexKeyTest, WhatIsAbsentAndNotNullableIsZero) {
  const IndexKeyCoder coder =
      Fixture().Add(ValueType::kText, {}, false).Add(ValueType::kDouble, {}, false).Unique().Coder();
  EXPECT_EQ(KeyOfRow(coder, {kNull, kNull}, 7), KeyOfRow(coder, {Text(""), Double(-0.0)}, 8));
}

TEST(IndexKeyTest, LongTextsAreCutAndSaySo) {
  for (const bool descending : {false, true}) {
    Fixture fixture;
    fixture.Add(ValueType::kInt64).Add(ValueType::kText, {.descending = descending}).Add(ValueType::kBool);
    const IndexKeyCoder coder = fixture.Coder();
    const auto key = [&](const std::string& text) { return KeyOfRow(coder, {Int(1), Text(text), Int(1)}); };
    const std::string full(256, 'x');
    EXPECT_TRUE(coder.Exact(key(full)));
    EXPECT_FALSE(coder.Exact(key(full + "y")));
    EXPECT_EQ(key(full + "y"), key(full + "zzz"));
    EXPECT_EQ(Sign(key(full), key(full + "y")), descending ? 1 : -1);
    EXPECT_EQ(Sign(key(full + "y"), key(std::string(255, 'x') + "z")), descending ? 1 : -1);
    // A byte that takes two is left out whole.
    const std::string escape = std::string(255, 'x') + '\1';
    EXPECT_FALSE(coder.Exact(key(escape)));
    EXPECT_EQ(Sign(key(std::string(255, 'x')), key(escape)), descending ? 1 : -1);
    EXPECT_EQ(Sign(key(escape), key(full)), descending ? 1 : -1);
    EXPECT_LE(key(std::string(10'000, '\0')).size(), IndexKeyCoder::kMaxValuesKeyBytes);
  }
}

TEST(IndexKeyTest, UniqueIndexesTellCutTextsApart) {
  const IndexKeyCoder coder = Fixture().Add(ValueType::kText, {.folding = Folding::kFolded}).Unique().Coder();
  const std::string full(300, 'x');
  EXPECT_NE(KeyOfRow(coder, {Text(full + "y")}), KeyOfRow(coder, {Text(full + "z")}));
  EXPECT_EQ(KeyOfRow(coder, {Text(full + "y")}), KeyOfRow(coder, {Text(full + "Y")}));
  EXPECT_FALSE(coder.Exact(KeyOfRow(coder, {Text(full)})));
  EXPECT_EQ(KeyOfRow(coder, {Text(full)}).size(), 256u + 2 + 8);
}

TEST(IndexKeyTest, RangesAroundCutTextsMissNothing) {
  for (const bool unique : {false, true}) {
    for (const bool descending : {false, true}) {
      Fixture fixture;
      fixture.Add(ValueType::kText, {.descending = descending});
      fixture.index.unique = unique;
      const IndexKeyCoder coder = fixture.Coder();
      const std::string stem(256, 'x');
      for (const char* bound_end : {"", "b", "m", "z"}) {
        const std::string bound = stem + bound_end;
        const Cell cell = Cell::OfBytes(bound);
        for (const char* row_end : {"", "a", "b", "c", "m", "zz"}) {
          const std::string text = stem + row_end;
          const std::string key = KeyOfRow(coder, {Text(text)});
          const auto check = [&](const KeyRange& range, bool expected) {
            const bool held = range.low <= key && (range.high.empty() || key < range.high);
            EXPECT_TRUE(held == expected || (held && !range.exact)) << bound_end << " " << row_end;
          };
          check(coder.Equal({cell}), text == bound);
          for (const bool inclusive : {false, true}) {
            check(coder.Between({}, CellBound{cell, inclusive}, std::nullopt),
                  inclusive ? text >= bound : text > bound);
            check(coder.Between({}, std::nullopt, CellBound{cell, inclusive}),
                  inclusive ? text <= bound : text < bound);
          }
          check(coder.StartsWith({}, bound).value(), text.starts_with(bound));
        }
      }
    }
  }
}

TEST(IndexKeyTest, TextBudgetFollowsFromThePartsAlone) {
  Fixture fixture;
  for (int i = 0; i < 3; ++i) fixture.Add(ValueType::kText);
  fixture.Unique();
  const IndexKeyCoder coder = fixture.Coder();
  const std::string longest(1000, 'x');
  EXPECT_EQ(KeyOfRow(coder, {Text(longest), Text(longest), Text(longest)}).size(),
            504u);  // 3 * (158 + 2 + 8)
  EXPECT_TRUE(coder.Exact(KeyOfRow(coder, {Text(std::string(158, 'x')), Text(""), Text("")})));
  EXPECT_FALSE(coder.Exact(KeyOfRow(coder, {Text(std::string(159, 'x')), Text(""), Text("")})));
  EXPECT_LE(KeyOfRow(coder, {Text(longest), Text(longest), kNull}, kMaxRecordId).size(), 511u);
}

TEST(IndexKeyTest, SetsHaveAKeyPerElement) {
  Fixture fixture;
  fixture.Add(ValueType::kInt64)
      .Add(ValueType::kTextSet, {.folding = Folding::kFolded})
      .Add(ValueType::kText);
  const IndexKeyCoder coder = fixture.Coder();
  const auto set = [](const std::vector<std::string>& texts) {
    Datum datum;
    EncodeTextSet(texts, &datum.text);
    return datum;
  };
  std::vector<std::string> keys = KeysOf(coder, {Int(5), set({"Fair", "VIP", "Á", "fair"}), Text("end")});
  ASSERT_EQ(keys.size(), 3u);  // "Fair" and "fair" fold to one
  std::vector<std::string> expected;
  for (const char* element : {"a", "fair", "vip"}) {
    std::string key;
    EXPECT_TRUE(coder.EncodePrefix({Cell::OfInt(5), Cell::OfBytes(element), Cell::OfBytes("end")}, &key));
    expected.push_back(key);
  }
  EXPECT_EQ(keys, expected);
  EXPECT_TRUE(KeysOf(coder, {Int(5), set({}), Text("end")}).empty());
  EXPECT_TRUE(KeysOf(coder, {Int(5), kNull, Text("end")}).empty());

  // The vector is used again, whatever it held.
  const Datum one = set({"x"});
  coder.Keys([&](FieldId field) { return field == 1 ? one.cell() : Cell::OfBytes("end"); }, 1, &keys);
  EXPECT_EQ(keys.size(), 1u);
}

TEST(IndexKeyTest, SetsOfLabelsAndReferences) {
  const IndexKeyCoder labels = Fixture().Add(ValueType::kLabelSet, {.descending = true}).Coder();
  const std::vector<std::string> keys = KeysOf(labels, {Datum{true, (uint64_t{1} << 63) | 0b101, ""}});
  std::vector<std::string> expected(3);
  labels.EncodePrefix({Cell::OfInt(63)}, &expected[0]);
  labels.EncodePrefix({Cell::OfInt(2)}, &expected[1]);
  labels.EncodePrefix({Cell::OfInt(0)}, &expected[2]);
  EXPECT_EQ(keys, expected);

  const IndexKeyCoder references =
      Fixture().Add(ValueType::kReferenceSet).Add(ValueType::kInt64).Unique().Coder();
  Datum set;
  EncodeReferenceSet({3, kMaxRecordId}, &set.text);
  const std::vector<std::string> of_7 = KeysOf(references, {set, kNull}, 7);
  const std::vector<std::string> of_8 = KeysOf(references, {set, kNull}, 8);
  ASSERT_EQ(of_7.size(), 2u);
  EXPECT_NE(of_7[0], of_8[0]);  // the null keeps each element's key apart
  EXPECT_NE(of_7[1], of_8[1]);
  EXPECT_TRUE(references.Equal({Cell::OfInt(3)}).low < of_7[0] &&
              of_7[0] < references.Equal({Cell::OfInt(3)}).high);
}

TEST(IndexKeyTest, RefusesWhatCannotBeAnIndex) {
  const auto code = [](const Fixture& fixture) {
    return IndexKeyCoder::Make(fixture.type, fixture.index).status().code();
  };
  EXPECT_EQ(code(Fixture()), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Fixture().Add(ValueType::kObject)), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Fixture().Add(ValueType::kTextSet).Add(ValueType::kLabelSet)),
            absl::StatusCode::kInvalidArgument);
  Fixture missing;
  missing.index.parts.push_back({.field = 9});
  EXPECT_EQ(code(missing), absl::StatusCode::kInvalidArgument);
  Fixture many;
  for (int i = 0; i < 57; ++i) many.Add(ValueType::kInt64);
  EXPECT_EQ(code(many), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(
      code(Fixture().Add(ValueType::kText, {.folding = Folding::kCollated, .locale = "no such locale"})),
      absl::StatusCode::kInvalidArgument);
  const IndexKeyCoder collated =
      Fixture().Add(ValueType::kText, {.folding = Folding::kCollated, .locale = "nl"}).Coder();
  EXPECT_EQ(collated.StartsWith({}, "a").status().code(), absl::StatusCode::kFailedPrecondition);
}

// Keys are part of the file format.
TEST(IndexKeyTest, BytesOfKeysStay) {
  const IndexKeyCoder coder = Fixture()
                                  .Add(ValueType::kText, {.folding = Folding::kFolded})
                                  .Add(ValueType::kTimestamp, {.descending = true})
                                  .Add(ValueType::kDouble)
                                  .Add(ValueType::kText, {.nulls_last = true})
                                  .Coder();
  const std::string key = KeyOfRow(coder, {Text("Zoë"), Int(-1), Double(1.5), kNull});
  EXPECT_EQ(key, std::string("zoe\x01"
                             "\x80"
                             "\xbf\xf8\0\0\0\0\0\0"
                             "\xff\xff",
                             15));
}

}  // namespace
}  // namespace relata::store
