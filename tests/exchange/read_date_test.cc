// Checks how dates and times are read by pattern, and that what is no date is refused with its pattern named.
#include "src/exchange/read_date.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdio>
#include <string>

namespace relata::exchange {
namespace {

using testing::HasSubstr;

std::string ReadDate(std::string_view pattern, std::string_view text) {
  const auto date = DatePattern::Parse(pattern).value().ReadDate(text);
  return date.ok() ? date->ToString() : std::string(date.status().message());
}

std::string ReadTime(std::string_view pattern, std::string_view text, const TimeZone& zone = {}) {
  const auto time = DatePattern::Parse(pattern).value().ReadTimestamp(text, zone);
  return time.ok() ? time->ToString() : std::string(time.status().message());
}

TEST(ReadDate, ReadsPatterns) {
  EXPECT_EQ(ReadDate("yyyy-mm-dd", "2026-01-31"), "2026-01-31");
  EXPECT_EQ(ReadDate("dd-mm-yyyy", "31-01-2026"), "2026-01-31");
  EXPECT_EQ(ReadDate("d-m-yyyy", "1-2-2026"), "2026-02-01");
  EXPECT_EQ(ReadDate("d-m-yyyy", "01-02-2026"), "2026-02-01");
  EXPECT_EQ(ReadDate("mm/dd/yyyy", "01/31/2026"), "2026-01-31");
  EXPECT_EQ(ReadDate("yyyymmdd", " 20260131 "), "2026-01-31");
  EXPECT_EQ(ReadDate("dd.mm.yy", "31.01.69"), "1969-01-31");
  EXPECT_EQ(ReadDate("dd.mm.yy", "31.01.68"), "2068-01-31");
  EXPECT_EQ(ReadDate("yyyy-mm-dd HH:MM:SS", "1996-07-04 23:59:59"), "1996-07-04");
  EXPECT_EQ(ReadDate("iso", "1996-07-04"), "1996-07-04");
  EXPECT_EQ(ReadDate("iso", "1996-07-04 00:00:00.000"), "1996-07-04");
}

TEST(ReadDate, ReadsMonthNames) {
  for (const char* text : {"3 March 2026", "3 maart 2026", "3 MRT 2026", "3 mar. 2026", "3  Mar 2026"}) {
    EXPECT_EQ(ReadDate("d mmmm yyyy", text), "2026-03-03") << text;
    EXPECT_EQ(ReadDate("d mmm yyyy", text), "2026-03-03") << text;
  }
  EXPECT_EQ(ReadDate("mmm d, yyyy", "Sept 5, 2026"), "2026-09-05");
  EXPECT_EQ(ReadDate("d-mmm-yy", "5-mei-26"), "2026-05-05");
  EXPECT_EQ(ReadDate("d mmm yyyy", "5 marz 2026"), "'5 marz 2026' is not a date of the form d mmm yyyy");
  const char* english[] = {"January", "February", "March",     "April",   "May",      "June",
                           "July",    "August",   "September", "October", "November", "December"};
  const char* dutch[] = {"januari", "februari", "maart",     "april",   "mei",      "juni",
                         "juli",    "augustus", "september", "oktober", "november", "december"};
  for (int month = 1; month <= 12; ++month) {
    char expected[16];
    std::snprintf(expected, sizeof expected, "2026-%02d-01", month);
    EXPECT_EQ(ReadDate("mmmm d yyyy", std::string(english[month - 1]) + " 1 2026"), expected);
    EXPECT_EQ(ReadDate("mmmm d yyyy", std::string(dutch[month - 1]) + " 1 2026"), expected);
  }
}

TEST(ReadDate, RefusesWhatIsNoDateOfThatForm) {
  EXPECT_EQ(ReadDate("dd-mm-yyyy", "31-02-2026"), "'31-02-2026' is not a date of the form dd-mm-yyyy");
  for (const char* text :
       {"", "1-02-2026", "01-02-26", "01/02/2026", "01-13-2026", "00-01-2026", "01-02-2026x", "01-02-20266",
        "01-02-0000", "-1-02-2026", "29-02-2025", "dd-mm-yyyy"}) {
    EXPECT_EQ(ReadDate("dd-mm-yyyy", text),
              "'" + std::string(text) + "' is not a date of the form dd-mm-yyyy");
  }
  EXPECT_EQ(ReadDate("dd-mm-yyyy", "29-02-2024"), "2024-02-29");
  EXPECT_EQ(ReadTime("yyyy-mm-dd HH:MM", "2026-01-31 24:00"),
            "'2026-01-31 24:00' is not a time of the form yyyy-mm-dd HH:MM");
  EXPECT_THAT(ReadDate("iso", "1996-07-04x"), HasSubstr("is not a time of the form yyyy-mm-dd or"));
  EXPECT_THAT(ReadTime("iso", "4-7-1996"), HasSubstr("is not a time of the form yyyy-mm-dd or"));
}

TEST(ReadDate, ReadsTimes) {
  EXPECT_EQ(ReadTime("yyyy-mm-dd HH:MM:SS", "2010-12-01 08:26:00"), "2010-12-01T08:26:00Z");
  EXPECT_EQ(ReadTime("yyyy-mm-dd HH:MM:SS", "2010-12-01 08:26:00.25"), "2010-12-01T08:26:00.25Z");
  EXPECT_EQ(ReadTime("yyyy-mm-dd HH:MM:SS", "2010-12-01 08:26:00,123456789"), "2010-12-01T08:26:00.123456Z");
  EXPECT_EQ(ReadTime("d-m-yyyy H:MM", "1-12-2010 8:26"), "2010-12-01T08:26:00Z");
  EXPECT_EQ(ReadTime("m/d/yyyy h:MM AM", "12/1/2010 8:26 pm"), "2010-12-01T20:26:00Z");
  EXPECT_EQ(ReadTime("m/d/yyyy h:MM AM", "12/1/2010 12:05 AM"), "2010-12-01T00:05:00Z");
  EXPECT_EQ(ReadTime("m/d/yyyy h:MM AM", "12/1/2010 12:05 PM"), "2010-12-01T12:05:00Z");
  EXPECT_THAT(ReadTime("m/d/yyyy h:MM AM", "12/1/2010 13:05 PM"), HasSubstr("is not a time"));
  EXPECT_EQ(ReadTime("yyyy-mm-ddTHH:MM:SSZ", "2010-12-01T08:26:00+01:30"), "2010-12-01T06:56:00Z");
  EXPECT_EQ(ReadTime("yyyy-mm-ddTHH:MM:SSZ", "2010-12-01T08:26:00.5Z"), "2010-12-01T08:26:00.5Z");
  EXPECT_EQ(ReadTime("yyyy-mm-dd HH:MM Z", "2010-12-01 23:26 -0500"), "2010-12-02T04:26:00Z");
  EXPECT_EQ(ReadTime("iso", "2010-12-01T08:26:00+01:00"), "2010-12-01T07:26:00Z");
}

TEST(ReadDate, ReadsLocalTimes) {
  const auto amsterdam = TimeZone::Load("Europe/Amsterdam");
  if (!amsterdam.ok()) GTEST_SKIP() << amsterdam.status();
  EXPECT_EQ(ReadTime("d-m-yyyy HH:MM", "1-7-2026 12:00", *amsterdam), "2026-07-01T10:00:00Z");
  EXPECT_EQ(ReadTime("d-m-yyyy", "1-1-2026", *amsterdam), "2025-12-31T23:00:00Z");
  EXPECT_EQ(ReadTime("iso", "2026-01-01", *amsterdam), "2025-12-31T23:00:00Z");
  EXPECT_EQ(ReadTime("iso", "2026-07-01 12:00:00", *amsterdam), "2026-07-01T10:00:00Z");
}

TEST(ReadDate, RefusesPatternsThatCannotWork) {
  for (const char* pattern :
       {"", "yyyy-mm", "dd-mm-yyyy-dd", "mm mmm yyyy d", "yyyy-mm-dd MM", "yyyy-mm-dd hh:MM",
        "yyyy-mm-dd HH:MM AM", "yyyy-mm-dd Q", "DD-MM-YYYY", "y-m-d"}) {
    const auto parsed = DatePattern::Parse(pattern);
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << pattern;
    EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("is not a date pattern"));
  }
}

RC_GTEST_PROP(ReadDate, ReadsEveryDayInEveryForm, ()) {
  const Date day{*rc::gen::inRange(Date::Min().days, Date::Max().days + 1)};
  const CivilDate civil = day.Civil();
  char text[64];
  std::snprintf(text, sizeof text, "%d/%d/%04d", civil.month, civil.day, civil.year);
  RC_ASSERT(DatePattern::Parse("m/d/yyyy")->ReadDate(text).value() == day);
  std::snprintf(text, sizeof text, "%04d%02d%02d", civil.year, civil.month, civil.day);
  RC_ASSERT(DatePattern::Parse("yyyymmdd")->ReadDate(text).value() == day);
  RC_ASSERT(DatePattern::Parse("iso")->ReadDate(day.ToString()).value() == day);
}

}  // namespace
}  // namespace relata::exchange
