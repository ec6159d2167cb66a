// Tests of time zones on days that are short, long, without midnight, with two, or absent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "relata/base/time.h"
#include "src/base/zone_file.h"
#include "tests/base/values.h"

namespace relata {
namespace {

TimeZone Zone(std::string_view name) { return TimeZone::Load(name).value(); }

TEST(TimeZoneTest, DefaultIsUtc) {
  const TimeZone utc;
  EXPECT_EQ(utc.name(), "UTC");
  EXPECT_EQ(utc, Zone("UTC"));
  EXPECT_EQ(utc.StartOfDay(Day("2026-01-31")), At("2026-01-31T00:00:00Z"));
  EXPECT_EQ(utc.LocalDate(At("2026-01-31T23:59:59.999999Z")), Day("2026-01-31"));
  EXPECT_EQ(utc.Format(At("2026-01-31T12:00:00Z")), "2026-01-31T12:00:00+00:00");
}

TEST(TimeZoneTest, LoadsNamesAndNothingElse) {
  EXPECT_EQ(Zone("Europe/Amsterdam").name(), "Europe/Amsterdam");
  EXPECT_EQ(Zone("America/Argentina/Buenos_Aires").name(), "America/Argentina/Buenos_Aires");
  EXPECT_TRUE(TimeZone::Load("Etc/GMT+5").ok());
  for (const std::string_view name :
       {"Europe/Amsterdm", "", "/etc/localtime", "../zoneinfo/UTC", "file:/etc/localtime",
        "right/Europe/Amsterdam", "tzdata.zi", "Europe", "Europe/Amsterdam "}) {
    EXPECT_TRUE(absl::IsNotFound(TimeZone::Load(name).status())) << name;
  }
  EXPECT_TRUE(absl::IsNotFound(TimeZone::Load(std::string_view("UTC\0x", 5)).status()));
  EXPECT_THAT(std::string(TimeZone::Load("Mars/Olympus").status().message()),
              testing::HasSubstr("'Mars/Olympus'"));
}

TEST(TimeZoneTest, AFileOfTheZoneSaysThatItLoads) {
  EXPECT_TRUE(HasZoneFile("Europe/Amsterdam"));
  EXPECT_TRUE(HasZoneFile("America/Argentina/Buenos_Aires"));
  for (const std::string_view name : {"Europe/Amsterdm", "", "/etc/localtime", "../zoneinfo/UTC",
                                      "right/Europe/Amsterdam", "tzdata.zi", "Europe"}) {
    EXPECT_FALSE(HasZoneFile(name)) << name;
  }
}

// Directive 2000/84/EC: the last Sundays of March and October, at 01:00 UTC; in 2026 the 29th and the 25th.
TEST(TimeZoneTest, DaysOfTheEuropeanChangeHave23And25Hours) {
  const TimeZone zone = Zone("Europe/Amsterdam");
  EXPECT_EQ(zone.StartOfDay(Day("2026-03-29")), At("2026-03-28T23:00:00Z"));
  EXPECT_EQ(zone.StartOfDay(Day("2026-03-30")), At("2026-03-29T22:00:00Z"));
  EXPECT_EQ(zone.StartOfDay(Day("2026-10-25")), At("2026-10-24T22:00:00Z"));
  EXPECT_EQ(zone.StartOfDay(Day("2026-10-26")), At("2026-10-25T23:00:00Z"));
  EXPECT_EQ(zone.UtcOffset(At("2026-03-29T00:59:59Z")), 3600);
  EXPECT_EQ(zone.UtcOffset(At("2026-03-29T01:00:00Z")), 7200);
  EXPECT_EQ(zone.UtcOffset(At("2026-10-25T00:59:59Z")), 7200);
  EXPECT_EQ(zone.UtcOffset(At("2026-10-25T01:00:00Z")), 3600);
  EXPECT_EQ(zone.LocalDate(At("2026-03-29T21:59:59.999999Z")), Day("2026-03-29"));
  EXPECT_EQ(zone.LocalDate(At("2026-03-29T22:00:00Z")), Day("2026-03-30"));
}

TEST(TimeZoneTest, PrintsLocalTimeWithItsOffset) {
  const TimeZone zone = Zone("Europe/Amsterdam");
  EXPECT_EQ(zone.Format(At("2026-01-31T12:00:00Z")), "2026-01-31T13:00:00+01:00");
  EXPECT_EQ(zone.Format(At("2026-10-25T00:30:00.5Z")), "2026-10-25T02:30:00.5+02:00");
  EXPECT_EQ(zone.Format(At("2026-10-25T01:30:00Z")), "2026-10-25T02:30:00+01:00");
  EXPECT_EQ(Zone("America/St_Johns").Format(At("2026-01-31T12:00:00Z")), "2026-01-31T08:30:00-03:30");
}

TEST(TimeZoneTest, PlacesLocalTimes) {
  const TimeZone zone = Zone("Europe/Amsterdam");
  const auto parse = [&](std::string_view text) { return Timestamp::Parse(text, zone).value(); };
  EXPECT_EQ(parse("2026-07-01 12:00:00"), At("2026-07-01T10:00:00Z"));
  EXPECT_EQ(parse("2026-07-01 12:00:00.25"), At("2026-07-01T10:00:00.25Z"));
  EXPECT_EQ(parse("2026-07-01T12:00:00Z"), At("2026-07-01T12:00:00Z"));
  EXPECT_EQ(parse("2026-07-01T12:00:00+05:00"), At("2026-07-01T07:00:00Z"));
  EXPECT_EQ(parse("2026-10-25 02:30:00"), At("2026-10-25T00:30:00Z"));  // twice: the first
  EXPECT_EQ(parse("2026-03-29 02:30:00"), At("2026-03-29T01:00:00Z"));  // never: the change
  EXPECT_EQ(parse("2026-12-31 23:59:59.9999999"), At("2026-12-31T23:00:00Z"));
  EXPECT_FALSE(zone.At(LocalTime{Day("2026-01-01"), 24, 0, 0, 0}).ok());
  EXPECT_FALSE(zone.At(LocalTime{Day("2026-01-01"), 0, 60, 0, 0}).ok());
  EXPECT_FALSE(zone.At(LocalTime{Day("2026-01-01"), 0, 0, -1, 0}).ok());
  EXPECT_FALSE(zone.At(LocalTime{Day("2026-01-01"), 0, 0, 0, 1'000'000}).ok());
  EXPECT_FALSE(zone.At(LocalTime{Date{INT32_MAX}, 0, 0, 0, 0}).ok());
}

TEST(TimeZoneTest, SplitsIntoLocalParts) {
  const LocalTime local = Zone("Asia/Kolkata").Local(At("1969-12-31T20:01:02.000003Z"));
  EXPECT_EQ(local, (LocalTime{Day("1970-01-01"), 1, 31, 2, 3}));
}

// Brazil moved its clocks at midnight: 4 November 2018 began at 01:00.
TEST(TimeZoneTest, DayWithoutMidnightBeginsAtTheChange) {
  const TimeZone zone = Zone("America/Sao_Paulo");
  const Timestamp start = zone.StartOfDay(Day("2018-11-04"));
  EXPECT_EQ(start, At("2018-11-04T03:00:00Z"));
  EXPECT_EQ(zone.Format(start), "2018-11-04T01:00:00-02:00");
  EXPECT_EQ(zone.LocalDate(Timestamp{start.micros - 1}), Day("2018-11-03"));
}

// Cuba moves its clocks back from 01:00 to 00:00, so that midnight comes twice.
TEST(TimeZoneTest, DayWithTwoMidnightsBeginsAtTheFirst) {
  const TimeZone zone = Zone("America/Havana");
  EXPECT_EQ(zone.StartOfDay(Day("2024-11-03")), At("2024-11-03T04:00:00Z"));
  EXPECT_EQ(zone.LocalDate(At("2024-11-03T05:00:00Z")), Day("2024-11-03"));
}

// Samoa crossed the date line and had no 30 December 2011.
TEST(TimeZoneTest, SkippedDayIsEmpty) {
  const TimeZone zone = Zone("Pacific/Apia");
  EXPECT_EQ(zone.StartOfDay(Day("2011-12-30")), At("2011-12-30T10:00:00Z"));
  EXPECT_EQ(zone.StartOfDay(Day("2011-12-31")), At("2011-12-30T10:00:00Z"));
  EXPECT_EQ(zone.LocalDate(At("2011-12-30T09:59:59Z")), Day("2011-12-29"));
  EXPECT_EQ(zone.LocalDate(At("2011-12-30T10:00:00Z")), Day("2011-12-31"));
}

TEST(TimeZoneTest, EveryDayContainsItsStartAndNothingBefore) {
  for (const std::string_view name : {"Europe/Amsterdam", "America/Sao_Paulo", "Africa/Cairo", "Asia/Kolkata",
                                      "Pacific/Chatham", "America/Havana"}) {
    const TimeZone zone = Zone(name);
    Timestamp previous = zone.StartOfDay(Day("1899-12-31"));
    for (Date date = Day("1900-01-01"); date <= Day("2100-12-31"); ++date.days) {
      const Timestamp start = zone.StartOfDay(date);
      ASSERT_LT(previous, start) << name << " " << date.ToString();
      ASSERT_EQ(zone.LocalDate(start), date) << name << " " << date.ToString();
      ASSERT_LT(zone.LocalDate(Timestamp{start.micros - 1}), date) << name << " " << date.ToString();
      previous = start;
    }
  }
}

TEST(TimeZoneTest, FormatNamesTheSameInstant) {
  for (const std::string_view name : {"Europe/Amsterdam", "Asia/Kathmandu", "America/Caracas"}) {
    const TimeZone zone = Zone(name);
    EXPECT_TRUE(rc::check("reading what Format prints gives the instant back, in 1850 too", [&] {
      const Timestamp at{*rc::gen::inRange(At("1850-01-01 00:00").micros, At("2200-01-01 00:00").micros)};
      RC_ASSERT(Timestamp::Parse(zone.Format(at)).value() == at);
    }));
  }
}

TEST(TimeZoneTest, StaysInRangeAtTheEnds) {
  for (const std::string_view name : {"Pacific/Kiritimati", "Pacific/Pago_Pago"}) {
    const TimeZone zone = Zone(name);
    EXPECT_TRUE(zone.StartOfDay(Date::Min()).IsValid());
    EXPECT_TRUE(zone.StartOfDay(Date::Max()).IsValid());
    EXPECT_TRUE(zone.LocalDate(Timestamp::Min()).IsValid());
    EXPECT_TRUE(zone.LocalDate(Timestamp::Max()).IsValid());
    EXPECT_FALSE(zone.Format(Timestamp::Min()).empty());
    EXPECT_FALSE(zone.Format(Timestamp::Max()).empty());
  }
}

TEST(TimeZoneTest, DataVersionIsAYearAndALetter) {
  const std::string version = TimeZone::DataVersion();
  if (version == "unknown") GTEST_SKIP() << "the system's time zone database does not tell its version";
  EXPECT_THAT(version, testing::MatchesRegex("20[0-9][0-9][a-z]+.*"));
}

}  // namespace
}  // namespace relata
