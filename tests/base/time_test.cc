// Tests of dates and times against a calendar counted day by day.
#include "relata/base/time.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

#include "absl/hash/hash_testing.h"
#include "tests/base/values.h"

namespace relata {
namespace {

// The calendar as a child learns it, one day after another through all 9999 years.
TEST(DateTest, FollowsTheCalendarFromTheFirstDayToTheLast) {
  constexpr int32_t kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  CivilDate civil{1, 1, 1};
  int32_t weekday = 1;  // 0001-01-01 was a Monday
  int32_t day_of_year = 1;
  IsoWeek week{1, 1};
  for (Date date = Date::Min(); date <= Date::Max(); ++date.days) {
    ASSERT_EQ(date.Civil(), civil) << date.days;
    ASSERT_EQ(Date::FromCivil(civil.year, civil.month, civil.day).value(), date);
    ASSERT_EQ(date.weekday(), weekday) << date.days;
    ASSERT_EQ(date.day_of_year(), day_of_year) << date.days;
    ASSERT_EQ(date.IsoWeek(), week) << date.days;

    const bool leap = civil.year % 400 == 0 || (civil.year % 4 == 0 && civil.year % 100 != 0);
    const int32_t last = kLengths[civil.month - 1] + (civil.month == 2 && leap ? 1 : 0);
    ASSERT_EQ(DaysInMonth(civil.year, civil.month), last);
    ++day_of_year;
    if (++civil.day > last) {
      civil.day = 1;
      if (++civil.month > 12) {
        civil.month = 1;
        ++civil.year;
        day_of_year = 1;
      }
    }
    if (++weekday > 7) {
      weekday = 1;
      ++week.week;
      // A new ISO year begins with the Monday from 29 December to 4 January.
      if ((civil.month == 12 && civil.day >= 29) || (civil.month == 1 && civil.day <= 4)) {
        week = IsoWeek{civil.month == 12 ? civil.year + 1 : civil.year, 1};
      }
    }
  }
  EXPECT_EQ(civil, (CivilDate{10000, 1, 1}));
}

// Examples printed in the ISO 8601 literature.
TEST(DateTest, KnowsPublishedIsoWeeks) {
  EXPECT_EQ(Day("2005-01-01").IsoWeek(), (IsoWeek{2004, 53}));
  EXPECT_EQ(Day("2005-12-31").IsoWeek(), (IsoWeek{2005, 52}));
  EXPECT_EQ(Day("2007-01-01").IsoWeek(), (IsoWeek{2007, 1}));
  EXPECT_EQ(Day("2008-12-29").IsoWeek(), (IsoWeek{2009, 1}));
  EXPECT_EQ(Day("2010-01-03").IsoWeek(), (IsoWeek{2009, 53}));
  EXPECT_EQ(Day("2027-01-01").IsoWeek(), (IsoWeek{2026, 53}));
}

TEST(DateTest, HasParts) {
  const Date date = Day("2026-11-30");
  EXPECT_EQ(date.year(), 2026);
  EXPECT_EQ(date.quarter(), 4);
  EXPECT_EQ(date.month(), 11);
  EXPECT_EQ(date.day(), 30);
  EXPECT_EQ(date.weekday(), 1);
  EXPECT_EQ(Day("2026-03-31").quarter(), 1);
  EXPECT_EQ(Day("2026-04-01").quarter(), 2);
  EXPECT_EQ(Date{}.ToString(), "1970-01-01");
  EXPECT_EQ(Day("2000-01-01").days, 10957);
  EXPECT_EQ(DaysBetween(Day("2024-01-01"), Day("2025-01-01")), 366);
}

TEST(DateTest, ReadsExactlyOneForm) {
  EXPECT_EQ(Day("0001-01-01"), Date::Min());
  EXPECT_EQ(Day("9999-12-31"), Date::Max());
  EXPECT_TRUE(Date::Parse("2024-02-29").ok());
  EXPECT_TRUE(Date::Parse("2000-02-29").ok());
  for (const std::string_view text :
       {"2026-02-30",  "2026-02-29",  "1900-02-29",           "2026-00-10", "2026-13-01", "2026-01-00",
        "2026-01-32",  "2026-04-31",  "0000-01-01",           "2026-1-1",   "26-01-01",   "20260101",
        "2026-01-01 ", " 2026-01-01", "2026-01-01T00:00:00Z", "2026/01/01", "-026-01-01", "+2026-01-01",
        "10000-01-01", "2026-01",     "2026-01-0x",           "",           "-",          "31-01-2026"}) {
    EXPECT_EQ(Date::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(DateTest, ErrorsSayWhatIsWrong) {
  EXPECT_EQ(Date::Parse("2026-02-30").status().message(),
            "date '2026-02-30': date: day 30: month 2 of 2026 has days 1 to 28");
}

TEST(DateTest, AddsMonthsWithClipping) {
  EXPECT_EQ(Day("2026-01-31").AddMonths(1).value(), Day("2026-02-28"));
  EXPECT_EQ(Day("2024-01-31").AddMonths(1).value(), Day("2024-02-29"));
  EXPECT_EQ(Day("2024-02-29").AddMonths(12).value(), Day("2025-02-28"));
  EXPECT_EQ(Day("2026-03-31").AddMonths(-1).value(), Day("2026-02-28"));
  EXPECT_EQ(Day("2026-01-15").AddMonths(-13).value(), Day("2024-12-15"));
  EXPECT_EQ(Day("2026-12-01").AddMonths(1).value(), Day("2027-01-01"));
  EXPECT_EQ(Day("2026-10-31").AddMonths(0).value(), Day("2026-10-31"));
}

TEST(DateTest, NeverLeavesItsRange) {
  EXPECT_TRUE(absl::IsOutOfRange(Date::Max().AddDays(1).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Date::Min().AddDays(-1).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Day("9999-12-01").AddMonths(1).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Day("0001-01-31").AddMonths(-1).status()));
  for (const int64_t count : {kLeast, kLeast + 1, kMost - 1, kMost}) {
    EXPECT_TRUE(absl::IsOutOfRange(Date{}.AddDays(count).status()));
    EXPECT_TRUE(absl::IsOutOfRange(Date{}.AddMonths(count).status()));
  }
  EXPECT_EQ(Date::Min().AddDays(DaysBetween(Date::Min(), Date::Max())).value(), Date::Max());
}

TEST(DateTest, DamagedValuesStillPrintAndSplit) {
  for (const int32_t days : {std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()}) {
    const Date date{days};
    EXPECT_FALSE(date.IsValid());
    EXPECT_FALSE(date.ToString().empty());
    EXPECT_GE(date.weekday(), 1);
    EXPECT_LE(date.IsoWeek().week, 53);
    EXPECT_FALSE(date.AddMonths(1).ok());
  }
  for (const int64_t micros : {kLeast, kMost}) {
    EXPECT_FALSE(Timestamp{micros}.IsValid());
    EXPECT_FALSE(Timestamp{micros}.ToString().empty());
  }
}

TEST(DateTest, PrintsWhatItReads) {
  EXPECT_TRUE(rc::check("a date survives its text", [] {
    const Date date{*rc::gen::inRange(Date::Min().days, Date::Max().days + 1)};
    RC_ASSERT(Date::Parse(date.ToString()).value() == date);
  }));
}

TEST(DateTest, ReadsAnyTextWithoutHarm) {
  EXPECT_TRUE(rc::check("a parser is total, and reads only what prints the same", [] {
    const std::string text =
        *rc::gen::container<std::string>(rc::gen::element('0', '1', '2', '9', '-', 'T', ':', 'Z', '.'));
    if (const StatusOr<Date> date = Date::Parse(text); date.ok()) RC_ASSERT(date->ToString() == text);
    if (const StatusOr<Timestamp> at = Timestamp::Parse(text); at.ok()) RC_ASSERT(at->IsValid());
    if (const StatusOr<Duration> span = Duration::Parse(text); span.ok()) RC_ASSERT(text.front() == 'P');
  }));
}

TEST(TimestampTest, ReadsItsForms) {
  EXPECT_EQ(At("1970-01-01T00:00:00Z"), Timestamp{});
  EXPECT_EQ(At("2026-01-31T12:00:00Z").micros, 1'769'860'800'000'000);  // date -u -d … +%s
  EXPECT_EQ(At("2026-01-31 12:00:00"), At("2026-01-31T12:00:00Z"));
  EXPECT_EQ(At("2026-01-31 12:00"), At("2026-01-31T12:00:00Z"));
  EXPECT_EQ(At("2026-01-31T12:00:00+01:00"), At("2026-01-31T11:00:00Z"));
  EXPECT_EQ(At("2026-01-31T12:00:00+0530"), At("2026-01-31T06:30:00Z"));
  EXPECT_EQ(At("2026-01-31T12:00:00-08"), At("2026-01-31T20:00:00Z"));
  EXPECT_EQ(At("2026-01-01T00:30:00+01:00"), At("2025-12-31T23:30:00Z"));
  EXPECT_EQ(At("1969-12-31T23:59:59.999999Z").micros, -1);
  EXPECT_EQ(At("0001-01-01T00:00:00Z"), Timestamp::Min());
  EXPECT_EQ(At("9999-12-31T23:59:59.999999Z"), Timestamp::Max());
}

TEST(TimestampTest, RoundsFractionsOnceHalfToEven) {
  EXPECT_EQ(At("1970-01-01T00:00:00.5Z").micros, 500'000);
  EXPECT_EQ(At("1970-01-01T00:00:00.000001Z").micros, 1);
  EXPECT_EQ(At("1970-01-01T00:00:00.0000005Z").micros, 0);
  EXPECT_EQ(At("1970-01-01T00:00:00.0000015Z").micros, 2);
  EXPECT_EQ(At("1970-01-01T00:00:00.000000501Z").micros, 1);
  EXPECT_EQ(At("1970-01-01T00:00:00.999999999Z").micros, 1'000'000);
  EXPECT_TRUE(absl::IsOutOfRange(Timestamp::Parse("9999-12-31T23:59:59.9999999Z").status()));
}

TEST(TimestampTest, RefusesEverythingElse) {
  for (const std::string_view text : {"2026-01-31",
                                      "2026-01-31T",
                                      "2026-01-31T12",
                                      "2026-01-31T12:0",
                                      "2026-01-31T24:00:00Z",
                                      "2026-01-31T12:60:00Z",
                                      "2026-01-31T12:00:60Z",
                                      "2026-02-30T12:00:00Z",
                                      "2026-01-31T12:00:00ZZ",
                                      "2026-01-31T12:00:00Z ",
                                      "2026-01-31  12:00:00",
                                      "2026-01-31T12:00:00.",
                                      "2026-01-31T12:00:00.Z",
                                      "2026-01-31T12:00.5Z",
                                      "2026-01-31T12:00:00.1234567890Z",
                                      "2026-01-31T12:00:00+1",
                                      "2026-01-31T12:00:00+24:00",
                                      "2026-01-31T12:00:00+01:60",
                                      "2026-01-31T12:00:00+01:",
                                      "2026-01-31T12:00:00 +01:00",
                                      "2026-01-31t12:00:00z",
                                      "12:00:00",
                                      ""}) {
    EXPECT_EQ(Timestamp::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_TRUE(absl::IsOutOfRange(Timestamp::Parse("0001-01-01T00:00:00+01:00").status()));
  EXPECT_TRUE(absl::IsOutOfRange(Timestamp::Parse("9999-12-31T23:59:59-01:00").status()));
}

TEST(TimestampTest, PrintsWhatItReads) {
  EXPECT_EQ(At("2026-01-31T12:00:00.250Z").ToString(), "2026-01-31T12:00:00.25Z");
  EXPECT_EQ(Timestamp::Min().ToString(), "0001-01-01T00:00:00Z");
  EXPECT_EQ(Timestamp::Max().ToString(), "9999-12-31T23:59:59.999999Z");
  EXPECT_TRUE(rc::check("a timestamp survives its text", [] {
    const Timestamp at{*rc::gen::inRange(Timestamp::Min().micros, Timestamp::Max().micros)};
    RC_ASSERT(Timestamp::Parse(at.ToString()).value() == at);
    RC_ASSERT(at.UtcDate().ToString() == at.ToString().substr(0, 10));
  }));
}

TEST(TimestampTest, ArithmeticStaysInRange) {
  EXPECT_EQ(At("2026-01-31T23:00:00Z").Add(Duration::Hours(2)).value(), At("2026-02-01T01:00:00Z"));
  EXPECT_EQ(At("2026-01-31T01:00:00Z").Sub(Duration::Hours(2)).value(), At("2026-01-30T23:00:00Z"));
  EXPECT_TRUE(absl::IsOutOfRange(Timestamp::Max().Add(Duration{1}).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Timestamp::Min().Sub(Duration{1}).status()));
  for (const int64_t micros : {kLeast, kMost}) {
    EXPECT_TRUE(absl::IsOutOfRange(Timestamp{1}.Add(Duration{micros}).status()));
    EXPECT_TRUE(absl::IsOutOfRange(Timestamp{-2}.Sub(Duration{micros}).status()));
    EXPECT_TRUE(absl::IsOutOfRange(Timestamp::FromUnixSeconds(micros).status()));
  }
  EXPECT_EQ(Timestamp::FromUnixSeconds(1'769'860'800).value(), At("2026-01-31T12:00:00Z"));
  EXPECT_EQ(Timestamp::Min().Add(TimeBetween(Timestamp::Min(), Timestamp::Max())).value(), Timestamp::Max());
}

TEST(DurationTest, PrintsIso8601) {
  EXPECT_EQ(Duration{}.ToString(), "PT0S");
  EXPECT_EQ(Duration::Days(14).ToString(), "P14D");
  EXPECT_EQ(Duration::Minutes(150).ToString(), "PT2H30M");
  EXPECT_EQ(Duration{86'400'000'000 + 9'000'000'000 + 5'250'000}.ToString(), "P1DT2H30M5.25S");
  EXPECT_EQ(Duration::Millis(-500).ToString(), "-PT0.5S");
  EXPECT_EQ(Duration{kLeast}.ToString(), "-P106751991DT4H54.775808S");
}

TEST(DurationTest, ReadsIso8601WithoutCalendarUnits) {
  EXPECT_EQ(Duration::Parse("P2W").value(), Duration::Days(14));
  EXPECT_EQ(Duration::Parse("P1DT2H30M").value(), Duration::Minutes(26 * 60 + 30));
  EXPECT_EQ(Duration::Parse("PT36H").value(), Duration::Hours(36));
  EXPECT_EQ(Duration::Parse("-PT0.5S").value(), Duration::Millis(-500));
  for (const std::string_view text :
       {"P",     "PT",     "P1DT",  "P1Y",   "P1M", "P1H",  "PT1D",  "PT1M1H", "PT1S1S", "P1W1D", "P1DT1W",
        "P1.5D", "PT1.5M", "PT.5S", "PT5.S", "PT5", "P-1D", "--P1D", "1D",     "p1d",    "P1D ",  ""}) {
    EXPECT_EQ(Duration::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_TRUE(absl::IsOutOfRange(Duration::Parse("P106751992D").status()));
  EXPECT_TRUE(absl::IsOutOfRange(Duration::Parse("PT99999999999999999999S").status()));
}

TEST(DurationTest, PrintsWhatItReads) {
  EXPECT_TRUE(rc::check("a duration survives its text", [](int64_t micros) {
    RC_ASSERT(Duration::Parse(Duration{micros}.ToString()).value() == Duration{micros});
  }));
  for (const int64_t micros : {kLeast, kLeast + 1, kMost}) {
    EXPECT_EQ(Duration::Parse(Duration{micros}.ToString()).value(), Duration{micros});
  }
}

TEST(DurationTest, ArithmeticNeverWraps) {
  EXPECT_EQ(Duration::Hours(1).Add(Duration::Minutes(30)).value(), Duration::Minutes(90));
  EXPECT_EQ(Duration::Hours(1).Sub(Duration::Minutes(90)).value(), Duration::Minutes(-30));
  EXPECT_EQ(Duration::Days(1).Times(7).value(), Duration::Parse("P1W").value());
  EXPECT_TRUE(absl::IsOutOfRange(Duration{kMost}.Add(Duration{1}).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Duration{kLeast}.Sub(Duration{1}).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Duration::Days(1).Times(kMost / 1000).status()));
  EXPECT_DEATH(Duration::Days(kMost), "check failed");
}

TEST(TimeTest, HashesAgreeWithEquality) {
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly({Date{}, Date{1}, Date::Min(), Date::Max()}));
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly({Timestamp{}, Timestamp{1}, Timestamp::Max()}));
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly({Duration{}, Duration{1}, Duration{-1}}));
  static_assert(std::is_trivially_copyable_v<Date> && std::is_trivially_copyable_v<Timestamp>);
  static_assert(sizeof(Date) == 4 && sizeof(Timestamp) == 8 && sizeof(Duration) == 8);
}

}  // namespace
}  // namespace relata
