// Tests the table of a zone's offsets: known changes, and that between them nothing changes.
#include "src/expr/zone_changes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace relata::expr {
namespace {

constexpr int64_t kHour = 3'600'000'000;

int64_t At(std::string_view text) { return Timestamp::Parse(text).value().micros; }

const ZoneChange* Find(const ZoneChanges& zone, std::string_view at) {
  const auto found = std::find_if(zone.changes.begin(), zone.changes.end(),
                                  [&](const ZoneChange& change) { return change.at == At(at); });
  return found == zone.changes.end() ? nullptr : &*found;
}

TEST(ZoneChanges, HasTheChangesOfSummerTime) {
  const ZoneChanges& amsterdam = ChangesOf(TimeZone::Load("Europe/Amsterdam").value());
  const ZoneChange* spring = Find(amsterdam, "2026-03-29T01:00:00Z");
  ASSERT_NE(spring, nullptr);
  EXPECT_EQ(spring->before, kHour);
  EXPECT_EQ(spring->after, 2 * kHour);
  const ZoneChange* autumn = Find(amsterdam, "2026-10-25T01:00:00Z");
  ASSERT_NE(autumn, nullptr);
  EXPECT_EQ(autumn->after, kHour);
  EXPECT_NE(Find(amsterdam, "2099-10-25T01:00:00Z"), nullptr);
  // Midnight itself is skipped.
  const ZoneChanges& sao_paulo = ChangesOf(TimeZone::Load("America/Sao_Paulo").value());
  EXPECT_NE(Find(sao_paulo, "2018-11-04T03:00:00Z"), nullptr);
}

TEST(ZoneChanges, HasNoneOfUtc) {
  const ZoneChanges& utc = ChangesOf(TimeZone());
  EXPECT_TRUE(utc.changes.empty());
  EXPECT_EQ(utc.first_offset, 0);
}

TEST(ZoneChanges, AgreesWithTheZoneAtEveryHourOfThreeYears) {
  const TimeZone zone = TimeZone::Load("America/New_York").value();
  const ZoneChanges& table = ChangesOf(zone);
  EXPECT_EQ(&table, &ChangesOf(zone));
  for (int64_t at = At("2025-01-01T00:00:00Z"); at < At("2028-01-01T00:00:00Z"); at += kHour) {
    int64_t offset = table.first_offset;
    for (const ZoneChange& change : table.changes) {
      if (change.at <= at) offset = change.after;
    }
    ASSERT_EQ(offset, zone.UtcOffset(Timestamp{at}) * int64_t{1'000'000}) << Timestamp{at}.ToString();
  }
}

}  // namespace
}  // namespace relata::expr
