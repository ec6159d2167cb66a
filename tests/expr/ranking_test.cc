// Tests rankings against sorting everything.
#include "src/expr/ranking.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace relata::expr {
namespace {

RC_GTEST_PROP(Ranking, HoldsWhatSortingPutsFirst, ()) {
  const auto values = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 3), rc::gen::inRange(-4, 5)));  // group, value
  const auto count = *rc::gen::inRange<uint64_t>(1, 5);
  Ranking ranking(Base::kExact, count);
  std::map<int, std::vector<std::pair<int, RecordId>>> groups;  // greatest value first
  for (size_t i = 0; i < values.size(); ++i) {
    const RecordId id = i + 1;
    ranking.Add(std::to_string(values[i].first), Datum::OfInt(values[i].second), id);
    groups[values[i].first].emplace_back(-values[i].second, id);
  }
  ranking.Finish();
  for (auto& [group, entries] : groups) {
    std::sort(entries.begin(), entries.end());
    for (size_t i = 0; i < entries.size(); ++i) {
      RC_ASSERT(ranking.HoldsTop(entries[i].second) == (i < count));
    }
  }
}

RC_GTEST_PROP(Ranking, SharesCountWhatIsAtOrBelow, (std::vector<int64_t> values)) {
  Ranking ranking(Base::kExact, 0);
  for (size_t i = 0; i < values.size(); ++i) ranking.Add("", Datum::OfInt(values[i]), i + 1);
  ranking.Finish();
  for (const int64_t value : values) {
    const auto below = std::count_if(values.begin(), values.end(), [&](int64_t v) { return v <= value; });
    RC_ASSERT(ranking.ShareUpTo(Datum::OfInt(value)) ==
              static_cast<double>(below) / static_cast<double>(values.size()));
  }
}

TEST(Ranking, OrdersTextsAndDoubles) {
  Ranking texts(Base::kText, 2);
  std::string value = "b";
  texts.Add("", Datum::OfBytes(value), 1);
  value.assign(1, 'z');  // what was added is a copy
  texts.Add("", Datum::OfBytes(value), 2);
  value.assign(1, 'a');
  texts.Add("", Datum::OfBytes(value), 3);
  texts.Finish();
  EXPECT_TRUE(texts.HoldsTop(1));
  EXPECT_TRUE(texts.HoldsTop(2));
  EXPECT_FALSE(texts.HoldsTop(3));
  Ranking doubles(Base::kDouble, 0);
  for (double d : {-1.5, -0.0, 0.0, 2.5}) doubles.Add("", Datum::OfDouble(d), 1);
  doubles.Finish();
  EXPECT_EQ(doubles.ShareUpTo(Datum::OfDouble(-0.0)), 0.75);
  EXPECT_EQ(doubles.ShareUpTo(Datum::OfDouble(-1.5)), 0.25);
}

TEST(Ranking, GroupKeysAreEqualWhereValuesAre) {
  const auto key = [](Base base, const Datum& datum) {
    std::string bytes;
    AppendGroupKey(base, datum, &bytes);
    return bytes;
  };
  EXPECT_EQ(key(Base::kDouble, Datum::OfDouble(-0.0)), key(Base::kDouble, Datum::OfDouble(0.0)));
  EXPECT_EQ(key(Base::kText, Datum::Absent()), key(Base::kText, Datum::Absent()));
  EXPECT_NE(key(Base::kText, Datum::Absent()), key(Base::kText, Datum::OfBytes("")));
  // One text after another is no other pair of texts.
  EXPECT_NE(key(Base::kText, Datum::OfBytes("ab")) + key(Base::kText, Datum::OfBytes("c")),
            key(Base::kText, Datum::OfBytes("a")) + key(Base::kText, Datum::OfBytes("bc")));
}

}  // namespace
}  // namespace relata::expr
