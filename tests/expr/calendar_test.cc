// Tests the calendar of expressions: the traps of month's ends, leap days, weeks and changes of the clock.
#include "src/expr/calendar.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace relata::expr {
namespace {

Date D(const std::string& text) { return Date::Parse(text).value(); }
Timestamp T(const std::string& text) { return Timestamp::Parse(text).value(); }
std::string Text(const std::optional<Date>& date) { return date ? date->ToString() : "null"; }
std::string Text(const std::optional<Timestamp>& at) { return at ? at->ToString() : "null"; }

const TimeZone& Amsterdam() {
  static const auto* zone = new TimeZone(TimeZone::Load("Europe/Amsterdam").value());
  return *zone;
}

TEST(Calendar, MonthsAreClippedToTheMonthsEnd) {
  const Interval month{.months = 1};
  EXPECT_EQ(Text(AddInterval(D("2026-03-31"), month, -1)), "2026-02-28");
  EXPECT_EQ(Text(AddInterval(D("2028-03-31"), month, -1)), "2028-02-29");
  EXPECT_EQ(Text(AddInterval(D("2026-02-28"), month, 1)), "2026-03-28");
  EXPECT_EQ(Text(AddInterval(D("2026-01-31"), month, 1)), "2026-02-28");
  EXPECT_EQ(Text(AddInterval(D("2028-02-29"), {.months = 12}, 1)), "2029-02-28");
}

TEST(Calendar, MonthsComeBeforeDays) {
  EXPECT_EQ(Text(AddInterval(D("2026-01-30"), {.months = 1, .micros = kMicrosPerDay}, 1)), "2026-03-01");
  EXPECT_EQ(Text(AddInterval(D("2026-03-31"), {.months = 1, .micros = 2 * kMicrosPerDay}, -1)), "2026-02-26");
}

TEST(Calendar, NothingLiesOutsideTheYears) {
  EXPECT_EQ(Text(AddInterval(D("9999-12-31"), {.months = 1}, 1)), "null");
  EXPECT_EQ(Text(AddInterval(D("0001-01-01"), {.months = INT64_MAX}, -1)), "null");
  EXPECT_EQ(Text(AddInterval(D("0001-01-01"), {.months = INT64_MIN}, -1)), "null");
  EXPECT_EQ(Text(AddDays(D("2026-01-01"), INT64_MAX)), "null");
  EXPECT_EQ(Text(AddDays(D("9999-12-31"), 1)), "null");
  EXPECT_EQ(Text(AddMicros(T("2026-01-01T00:00:00Z"), INT64_MAX)), "null");
  EXPECT_EQ(Text(AddInterval(T("2026-01-01T00:00:00Z"), {.micros = INT64_MIN}, -1, Amsterdam())), "null");
}

TEST(Calendar, MonthsOfATimestampKeepTheLocalTimeOfDay) {
  // From winter to summer time.
  EXPECT_EQ(Text(AddInterval(T("2026-03-15T09:00:00Z"), {.months = 1}, 1, Amsterdam())),
            "2026-04-15T08:00:00Z");
  // 02:30 on the morning the clock skips it: the instant of the change.
  EXPECT_EQ(
      Text(AddInterval(T("2026-02-28T01:30:00Z"), {.months = 1, .micros = kMicrosPerDay}, 1, Amsterdam())),
      "2026-03-29T01:30:00Z");
  EXPECT_EQ(Text(AddInterval(T("2026-01-29T01:30:00Z"), {.months = 2}, 1, Amsterdam())),
            "2026-03-29T01:00:00Z");
  // A day is 24 hours: across the change the wall shows another hour.
  EXPECT_EQ(Text(AddInterval(T("2026-03-28T12:00:00Z"), {.micros = kMicrosPerDay}, 1, Amsterdam())),
            "2026-03-29T12:00:00Z");
}

TEST(Calendar, PeriodsAreHalfOpenAndWeeksBeginOnMonday) {
  const Date day = D("2026-08-15");  // a Saturday
  const auto span = [&](Period period) {
    return Text(PeriodStart(day, period)) + " " + Text(PeriodEnd(day, period));
  };
  EXPECT_EQ(span({.unit = Unit::kWeek}), "2026-08-10 2026-08-17");
  EXPECT_EQ(span({.offset = -1, .unit = Unit::kWeek}), "2026-08-03 2026-08-10");
  EXPECT_EQ(span({.unit = Unit::kMonth}), "2026-08-01 2026-09-01");
  EXPECT_EQ(span({.offset = 1, .unit = Unit::kMonth}), "2026-09-01 2026-10-01");
  EXPECT_EQ(span({.unit = Unit::kQuarter}), "2026-07-01 2026-10-01");
  EXPECT_EQ(span({.offset = -3, .unit = Unit::kQuarter}), "2025-10-01 2026-01-01");
  EXPECT_EQ(span({.offset = -1, .unit = Unit::kYear}), "2025-01-01 2026-01-01");
  EXPECT_EQ(span({.fiscal = true, .unit = Unit::kYear}), "2026-01-01 2027-01-01");
  EXPECT_EQ(Text(PeriodStart(D("2026-08-16"), {.unit = Unit::kWeek})), "2026-08-10");
  EXPECT_EQ(Text(PeriodStart(D("2026-08-17"), {.unit = Unit::kWeek})), "2026-08-17");
  EXPECT_EQ(Text(PeriodEnd(D("9999-12-31"), {.unit = Unit::kYear})), "null");
  EXPECT_EQ(FiscalYearStart(D("2028-12-31")), D("2028-01-01"));
}

TEST(Calendar, AgesInWholeYears) {
  EXPECT_EQ(Age(D("2000-06-15"), D("2026-06-14")), 25);
  EXPECT_EQ(Age(D("2000-06-15"), D("2026-06-15")), 26);
  EXPECT_EQ(Age(D("2004-02-29"), D("2023-02-27")), 18);
  EXPECT_EQ(Age(D("2004-02-29"), D("2023-02-28")), 19);
  EXPECT_EQ(Age(D("2004-02-29"), D("2024-02-28")), 19);
  EXPECT_EQ(Age(D("2004-02-29"), D("2024-02-29")), 20);
  EXPECT_EQ(Age(D("2026-06-15"), D("2026-06-15")), 0);
  EXPECT_EQ(Age(D("2026-06-16"), D("2026-06-15")), 0);
  EXPECT_EQ(Age(D("2028-06-15"), D("2026-06-15")), -2);
}

// As select extract(year from age('2024-02-29', '2026-02-28')) says in PostgreSQL: -1.
TEST(Calendar, AgesOfDatesAheadInWholeYears) {
  EXPECT_EQ(Age(D("2026-02-28"), D("2024-02-29")), -1);
  EXPECT_EQ(Age(D("2026-03-01"), D("2024-02-29")), -2);
  EXPECT_EQ(Age(D("2025-02-28"), D("2024-02-29")), 0);
  EXPECT_EQ(Age(D("2028-02-28"), D("2024-02-29")), -3);
  EXPECT_EQ(Age(D("2028-02-29"), D("2024-02-29")), -4);
  EXPECT_EQ(Age(D("2028-02-29"), D("2025-02-28")), -3);
  EXPECT_EQ(Age(D("2028-02-29"), D("2025-03-01")), -2);
}

TEST(Calendar, AnniversariesLieInAHalfOpenWindow) {
  const Date born = D("1980-07-07");
  EXPECT_TRUE(HasAnniversary(born, D("2026-06-30"), D("2026-07-08")));
  EXPECT_FALSE(HasAnniversary(born, D("2026-06-30"), D("2026-07-07")));
  EXPECT_TRUE(HasAnniversary(born, D("2026-07-07"), D("2026-07-08")));
  EXPECT_FALSE(HasAnniversary(born, D("2026-07-08"), D("2026-07-15")));
  // Across the turn of the year.
  EXPECT_TRUE(HasAnniversary(D("1980-01-02"), D("2026-12-28"), D("2027-01-04")));
  // 29 February comes on the 28th of a common year.
  EXPECT_TRUE(HasAnniversary(D("2000-02-29"), D("2026-02-28"), D("2026-03-01")));
  EXPECT_FALSE(HasAnniversary(D("2000-02-29"), D("2028-02-28"), D("2028-02-29")));
  // The day itself is none, and neither is a day before it.
  EXPECT_FALSE(HasAnniversary(D("2026-07-07"), D("2026-07-01"), D("2026-08-01")));
  EXPECT_FALSE(HasAnniversary(D("2030-07-07"), D("2026-01-01"), D("2030-12-31")));
  EXPECT_TRUE(HasAnniversary(D("2030-07-07"), D("2020-01-01"), D("2031-12-31")));
  EXPECT_FALSE(HasAnniversary(born, D("2026-07-08"), D("2026-07-01")));
}

RC_GTEST_PROP(Calendar, AnniversariesAreThoseThatAWalkFinds, ()) {
  const Date date{*rc::gen::inRange(10'000, 12'000)};
  const Date from{*rc::gen::inRange(9'500, 13'500)};
  const Date to{from.days + *rc::gen::inRange(-5, 1'500)};
  bool found = false;
  for (int64_t years = 1; years < 12; ++years) {
    const Date moved = date.AddMonths(12 * years).value();
    found |= from <= moved && moved < to;
  }
  RC_ASSERT(HasAnniversary(date, from, to) == found);
}

RC_GTEST_PROP(Calendar, AgeIsTheGreatestNumberOfYearsThatPassed, ()) {
  const Date date{*rc::gen::inRange(0, 4'000)};
  const Date today{date.days + *rc::gen::inRange(0, 4'000)};
  int64_t years = 0;
  while (date.AddMonths(12 * (years + 1)).value() <= today) ++years;
  RC_ASSERT(Age(date, today) == years);
}

RC_GTEST_PROP(Calendar, AgeOfADateAheadIsTheNumberOfItsAnniversariesFromTodayOn, ()) {
  const Date today{*rc::gen::inRange(0, 4'000)};
  const Date date{today.days + *rc::gen::inRange(0, 4'000)};
  int64_t years = 0;
  while (date.AddMonths(-12 * (years + 1)).value() >= today) ++years;
  RC_ASSERT(Age(date, today) == -years);
}

}  // namespace
}  // namespace relata::expr
