// Tests of the ids behind values keys: their order, and that they are read back from the end.
#include "src/store/id_suffix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace relata::store {
namespace {

TEST(IdSuffixTest, SortsAsIdsDoAndSplits) {
  std::vector<RecordId> ids;
  for (int bit = 0; bit < 48; ++bit) {
    for (int64_t around = -1; around <= 1; ++around) {
      const RecordId id = (RecordId{1} << bit) + static_cast<RecordId>(around);
      if (id != 0 && id <= kMaxRecordId) ids.push_back(id);
    }
  }
  ids.push_back(kMaxRecordId);
  std::sort(ids.begin(), ids.end());
  std::string last;
  for (RecordId id : ids) {
    std::string key = "values";
    AppendIdSuffix(id, &key);
    std::string_view values;
    RecordId split = 0;
    ASSERT_TRUE(SplitIdSuffix(key, &values, &split)) << id;
    EXPECT_EQ(values, "values");
    EXPECT_EQ(split, id);
    EXPECT_GE(key, last);
    last = key;
  }
}

TEST(IdSuffixTest, SplitsNothingElse) {
  std::string_view values;
  RecordId id = 0;
  EXPECT_FALSE(SplitIdSuffix("", &values, &id));
  EXPECT_FALSE(SplitIdSuffix(std::string_view("\x08", 1), &values, &id));       // no values before it
  EXPECT_FALSE(SplitIdSuffix(std::string_view("v\x00", 2), &values, &id));      // id 0
  EXPECT_FALSE(SplitIdSuffix(std::string_view("v\x08\x01", 3), &values, &id));  // lengths that differ
}

}  // namespace
}  // namespace relata::store
