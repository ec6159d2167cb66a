// The course of thresholds against their value instant by instant, and the days of the year on which
// calendars go wrong.
#include "src/segment/course.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/query/generate.h"

namespace relata::segment {
namespace {

using twin::Random;
using ShiftKind = Shift::Kind;

constexpr int64_t kMinute = 60'000'000;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

TimeZone Zone(const char* name = "Europe/Amsterdam") { return TimeZone::Load(name).value(); }
Timestamp At(const char* text) { return Timestamp::Parse(text, Zone()).value(); }
Timestamp Utc(const char* text) { return Timestamp::Parse(text).value(); }

Shift Months(int64_t months, ShiftKind kind) {
  Shift shift;
  shift.kind = kind;
  shift.interval.months = months < 0 ? -months : months;
  shift.sign = months < 0 ? -1 : 1;
  return shift;
}
Shift Micros(int64_t micros, ShiftKind kind = ShiftKind::kTimestampInterval) {
  Shift shift;
  shift.kind = kind;
  shift.interval.micros = micros < 0 ? -micros : micros;
  shift.sign = micros < 0 ? -1 : 1;
  return shift;
}
Threshold Now(std::vector<Shift> shifts) { return {Threshold::Clock::kNow, std::move(shifts)}; }
Threshold Today(std::vector<Shift> shifts) { return {Threshold::Clock::kToday, std::move(shifts)}; }

std::vector<std::string> Crossings(const Threshold& threshold, const char* after, const char* until,
                                   int64_t value) {
  const TimeZone zone = Zone();
  const Course course(threshold, zone, At(after), At(until));
  std::vector<Timestamp> moments;
  course.ForEachCrossing(std::span(&value, 1), [&](size_t, Timestamp at) { moments.push_back(at); });
  std::sort(moments.begin(), moments.end());
  std::vector<std::string> found;
  for (const Timestamp at : moments) found.push_back(zone.Format(at));
  return found;
}

using Moments = std::vector<std::string>;

TEST(Course, AnExactLengthIsMetToTheMicrosecond) {
  EXPECT_EQ(Crossings(Now({Micros(-36 * kHour)}), "2026-05-01 00:00:00", "2026-06-01 00:00:00",
                      At("2026-05-10 08:30:00").micros),
            (Moments{"2026-05-11T20:30:00+02:00", "2026-05-11T20:30:00.000001+02:00"}));
}

TEST(Course, WhatHappensOnTheLastOfFebruaryIsAMonthOldForAWhile) {
  // 28 February is a month ago on 28, 29, 30 and 31 March; on 1 April it is longer.
  EXPECT_EQ(Crossings(Today({Months(-1, ShiftKind::kDateInterval)}), "2026-03-01 00:00:00",
                      "2026-05-01 00:00:00", Date::Parse("2026-02-28")->days),
            (Moments{"2026-03-28T00:00:00+01:00", "2026-04-01T00:00:00+02:00"}));
}

TEST(Course, AMonthBeforeNowGoesBackAtMidnight) {
  // 10:00 of 28 February is a month ago four times, on 28 to 31 March. On the three midnights between, the
  // threshold goes back to the midnight before it.
  EXPECT_EQ(
      Crossings(Now({Months(-1, ShiftKind::kTimestampInterval)}), "2026-03-27 12:00:00",
                "2026-04-02 00:00:00", At("2026-02-28 10:00:00").micros),
      (Moments{"2026-03-28T10:00:00+01:00", "2026-03-28T10:00:00.000001+01:00", "2026-03-29T00:00:00+01:00",
               "2026-03-29T10:00:00+02:00", "2026-03-29T10:00:00.000001+02:00", "2026-03-30T00:00:00+02:00",
               "2026-03-30T10:00:00+02:00", "2026-03-30T10:00:00.000001+02:00", "2026-03-31T00:00:00+02:00",
               "2026-03-31T10:00:00+02:00", "2026-03-31T10:00:00.000001+02:00"}));
}

TEST(Course, AnHourThatComesTwiceIsPassedTwice) {
  // 02:30 a month earlier, seen from the night in which the hour from two to three comes twice.
  EXPECT_EQ(
      Crossings(Now({Months(-1, ShiftKind::kTimestampInterval)}), "2026-10-25 01:00:00",
                "2026-10-25 05:00:00", At("2026-09-25 02:30:00").micros),
      (Moments{"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00.000001+02:00", "2026-10-25T02:00:00+01:00",
               "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00.000001+01:00"}));
}

TEST(Course, AnHourThatNeverComesIsPassedAtOnce) {
  EXPECT_EQ(Crossings(Now({Months(-1, ShiftKind::kTimestampInterval)}), "2026-03-29 01:00:00",
                      "2026-03-29 05:00:00", At("2026-02-28 02:30:00").micros),
            (Moments{"2026-03-29T03:00:00+02:00"}));
}

TEST(Course, ALeapDayIsAYearOldOnTheTwentyEighth) {
  Shift year = Months(12, ShiftKind::kDateInterval);
  const TimeZone zone = Zone();
  const std::optional<int64_t> birthday = Apply({year}, Date::Parse("2024-02-29")->days, zone);
  ASSERT_TRUE(birthday);
  EXPECT_EQ(Crossings(Today({}), "2025-02-01 00:00:00", "2025-04-01 00:00:00", *birthday),
            (Moments{"2025-02-28T00:00:00+01:00", "2025-03-01T00:00:00+01:00"}));
}

TEST(Course, APeriodBeginsAtLocalMidnight) {
  Shift start;
  start.kind = ShiftKind::kPeriodStart;
  start.period = {.offset = 0, .unit = expr::Unit::kQuarter};
  EXPECT_EQ(Crossings(Today({start}), "2026-01-15 00:00:00", "2026-12-31 00:00:00",
                      Date::Parse("2026-05-05")->days),
            (Moments{"2026-07-01T00:00:00+02:00"}));
}

TEST(Course, NoThresholdBeyondTheYear9999) {
  const TimeZone zone = Zone();
  const Threshold far = Today({Months(12 * 7'973, ShiftKind::kDateInterval)});
  const Course course(far, zone, At("2026-06-01 00:00:00"), At("2027-06-01 00:00:00"));
  EXPECT_EQ(course.turns(), std::vector<Timestamp>{At("2027-01-01 00:00:00")});
  const Course never(Today({Months(12 * 9'000, ShiftKind::kDateInterval)}), zone, At("2026-06-01 00:00:00"),
                     At("2027-06-01 00:00:00"));
  EXPECT_FALSE(never.range());
  EXPECT_TRUE(never.turns().empty());
}

TEST(NextLocalDate, FollowsTheClocks) {
  EXPECT_EQ(NextLocalDate(At("2026-03-29 01:30:00"), Zone()), At("2026-03-30 00:00:00"));
  EXPECT_EQ(NextLocalDate(At("2026-03-30 00:00:00"), Zone()), At("2026-03-31 00:00:00"));
  // 7 November 2010 began, and a minute later it was the day before once more.
  const TimeZone newfoundland = Zone("America/St_Johns");
  const Timestamp change = Utc("2010-11-07T02:31:00Z");
  ASSERT_EQ(newfoundland.LocalDate(change).ToString(), "2010-11-06");
  EXPECT_EQ(NextLocalDate(Utc("2010-11-07T02:00:00Z"), newfoundland), Utc("2010-11-07T02:30:00Z"));
  EXPECT_EQ(NextLocalDate(Utc("2010-11-07T02:30:00Z"), newfoundland), change);
  EXPECT_EQ(NextLocalDate(change, newfoundland), Utc("2010-11-07T03:30:00Z"));
  // Samoa had no 30 December 2011.
  const TimeZone samoa = Zone("Pacific/Apia");
  EXPECT_EQ(samoa.LocalDate(NextLocalDate(Utc("2011-12-29T20:00:00Z"), samoa)).ToString(), "2011-12-31");
}

// Where the threshold stands to a value: before, at, after, or nowhere.
int Side(const Threshold& threshold, Timestamp at, int64_t value, const TimeZone& zone) {
  const std::optional<int64_t> now = threshold.At(at, zone);
  if (!now) return 2;
  return *now < value ? -1 : *now > value ? 1 : 0;
}

Threshold SomeThreshold(Random* random) {
  Threshold threshold;
  bool date = random->Chance(50);
  threshold.clock = date ? Threshold::Clock::kToday : Threshold::Clock::kNow;
  for (size_t i = random->Below(4); i > 0; --i) {
    Shift shift;
    shift.sign = random->Chance(70) ? -1 : 1;
    const bool turn = random->Chance(25);
    if (date) {
      shift.kind = turn ? (random->Chance(50) ? ShiftKind::kStartOfDay : ShiftKind::kDateToTimestamp)
                   : random->Chance(60) ? ShiftKind::kDateInterval
                   : random->Chance(50) ? ShiftKind::kPeriodStart
                                        : ShiftKind::kPeriodEnd;
      shift.period = {
          .offset = static_cast<int32_t>(random->Between(-1, 1)),
          .unit = random->Of(std::vector{expr::Unit::kWeek, expr::Unit::kMonth, expr::Unit::kYear})};
    } else {
      shift.kind = turn ? ShiftKind::kLocalDate : ShiftKind::kTimestampInterval;
    }
    if (random->Chance(60)) shift.interval.months = random->Between(1, 14);
    if (random->Chance(60)) {
      shift.interval.micros =
          random->Between(0, 40) * (shift.kind == ShiftKind::kDateInterval ? kDay : kHour);
    }
    threshold.shifts.push_back(shift);
    if (turn) date = !date;
  }
  return threshold;
}

TEST(Course, IsWhatAWalkThroughTheInstantsSees) {
  constexpr const char* kZones[] = {"Europe/Amsterdam", "America/New_York", "America/St_Johns", "UTC"};
  constexpr const char* kStarts[] = {"2026-03-27T22:00:00Z", "2026-10-24T00:00:00Z", "2024-02-27T12:00:00Z",
                                     "2026-01-29T09:00:00Z", "2010-11-05T00:00:00Z", "2026-12-30T00:00:00Z"};
  size_t crossings = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const TimeZone zone = Zone(random.Of(kZones));
    const Threshold threshold = SomeThreshold(&random);
    const Timestamp after{Utc(random.Of(kStarts)).micros + random.Between(0, kDay)};
    const Timestamp until{after.micros + random.Between(1, 6) * kDay};
    const Course course(threshold, zone, after, until);
    // Values that the threshold has at some instants, and neighbours of these.
    std::set<int64_t> some;
    for (int i = 0; i < 12; ++i) {
      const Timestamp at{random.Between(after.micros, until.micros) / kHour * kHour};
      if (const auto value = threshold.At(at, zone)) some.insert(*value + random.Between(-1, 1));
    }
    const std::vector<int64_t> values(some.begin(), some.end());
    std::map<int64_t, std::set<int64_t>> found;  // moments by value
    course.ForEachCrossing(values, [&](size_t i, Timestamp at) { found[values[i]].insert(at.micros); });
    for (const Timestamp at : course.turns()) {
      for (const int64_t value : values) found[value].insert(at.micros);
    }
    // Every quarter of an hour, and the instants around each crossing.
    for (const int64_t value : values) {
      const std::set<int64_t>& moments = found[value];
      std::set<int64_t> instants = {after.micros, until.micros};
      for (int64_t at = after.micros / (15 * kMinute) * 15 * kMinute; at <= until.micros;
           at += 15 * kMinute) {
        if (at > after.micros) instants.insert({at - 1, at});
      }
      for (const int64_t at : moments) instants.insert({at - 1, at, at + 1});
      int64_t last = after.micros;
      for (const int64_t at : instants) {
        if (at <= after.micros || at > until.micros) continue;
        const bool differs =
            Side(threshold, Timestamp{last}, value, zone) != Side(threshold, Timestamp{at}, value, zone);
        const auto next = moments.upper_bound(last);
        const bool told = next != moments.end() && *next <= at;
        ASSERT_TRUE(!differs || told)
            << "seed " << seed << ": " << Timestamp{last}.ToString() << " to " << Timestamp{at}.ToString();
        // A crossing is one, at just that instant.
        if (moments.contains(at) && last == at - 1) {
          ASSERT_TRUE(differs) << "seed " << seed << ": " << Timestamp{at}.ToString();
          ++crossings;
        }
        last = at;
      }
    }
  }
  EXPECT_GT(crossings, 2000u);
}

// Shifts take nothing into a range that Before does not name.
TEST(Threshold, TheWayBackMissesNothing) {
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    Random random(seed);
    const TimeZone zone = Zone();
    const Threshold threshold = SomeThreshold(&random);
    const bool date = threshold.daily();
    const int64_t day = random.Between(-10'000, 40'000);
    const int64_t value = date ? day : day * kDay + random.Between(0, kDay);
    const std::optional<int64_t> after = Apply(threshold.shifts, value, zone);
    if (!after) continue;
    const ValueRange range = Before(threshold.shifts, {*after, *after});
    EXPECT_TRUE(range.low <= value && value <= range.high) << "seed " << seed;
    EXPECT_LE(range.high - range.low, (date ? 1 : kDay) * 6000) << "seed " << seed;
  }
}

}  // namespace
}  // namespace relata::segment
