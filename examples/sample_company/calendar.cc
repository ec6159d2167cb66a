// This file implements civil dates (the well-known days-from-civil arithmetic on 400-year eras) and the
// season.
#include "examples/sample_company/calendar.h"

#include <algorithm>
#include <cstdio>

#include "examples/sample_company/random.h"

namespace sample_company {
namespace {

constexpr uint32_t kMonth[12] = {75, 78, 90, 92, 97, 88, 60, 55, 98, 102, 112, 116};
constexpr uint32_t kWeekday[7] = {22, 21, 20, 21, 17, 3, 1};

bool Holiday(const Civil& day) {
  return (day.month == 1 && day.day == 1) || (day.month == 4 && day.day == 27) ||
         (day.month == 12 && (day.day == 25 || day.day == 26));
}

}  // namespace

Civil ToCivil(Date date) {
  const int shifted = date.days + 719'468;
  const int era = shifted / 146'097;
  const int day_of_era = shifted - era * 146'097;
  const int of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
  const int shifted_month = (5 * of_year + 2) / 153;
  const int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return Civil{of_era + era * 400 + (month <= 2 ? 1 : 0), month, of_year - (153 * shifted_month + 2) / 5 + 1};
}

int Weekday(Date date) { return (date.days % 7 + 10) % 7; }  // 1970-01-01 was a Thursday

std::string Iso(Date date) {
  if (!date.known()) return "";
  const Civil day = ToCivil(date);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", day.year, day.month, day.day);
  return text;
}

std::string Dutch(Date date) {
  if (!date.known()) return "";
  const Civil day = ToCivil(date);
  char text[40];
  std::snprintf(text, sizeof text, "%02d-%02d-%04d", day.day, day.month, day.year);
  return text;
}

std::string Iso(Moment at) {
  if (!at.known()) return "";
  const int second = static_cast<int>(at.seconds % 86'400);
  char text[16];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02dZ", second / 3600, second / 60 % 60, second % 60);
  return Iso(at.date()) + text;
}

Season::Season(uint64_t seed, Date from, Date to) : from_(from), to_(to) {
  uint64_t sum = 0;
  cumulative_.push_back(0);
  for (Date date = from; date < to; date = date + 1) {
    const Civil day = ToCivil(date);
    Random luck(seed, Stream::kCalendar, static_cast<uint64_t>(date.days));
    const uint64_t growth = 1000 + static_cast<uint64_t>(date.days - from.days) * 60 / 365;
    uint64_t weight = kMonth[day.month - 1] * kWeekday[Weekday(date)] * growth / 1000;
    weight = weight * static_cast<uint64_t>(luck.Between(700, 1300)) / 1000;
    cumulative_.push_back(sum += Holiday(day) ? 1 : weight);
  }
}

Moment Season::At(uint64_t k, uint64_t n, uint32_t jitter) const {
  // cumulative_.back() < 2^21 and k < 2^30, so the product stays below 2^61.
  const uint64_t at = (k * 1024 + jitter) * cumulative_.back() / n;  // in 1/1024 of a unit of weight
  const auto next = std::upper_bound(cumulative_.begin(), cumulative_.end(), at / 1024);
  const size_t day = static_cast<size_t>(next - cumulative_.begin()) - 1;
  const uint64_t into = at - cumulative_[day] * 1024;
  const uint64_t weight = (cumulative_[day + 1] - cumulative_[day]) * 1024;
  constexpr uint64_t kOpens = 7 * 3600, kOfficeDay = 10 * 3600;
  return Moment{int64_t{from_.days + static_cast<int32_t>(day)} * 86'400 +
                static_cast<int64_t>(kOpens + into * kOfficeDay / weight)};
}

uint64_t Season::CountBefore(Date day, uint64_t n) const {
  const int32_t offset = std::clamp(day.days - from_.days, 0, to_.days - from_.days);
  return cumulative_[static_cast<size_t>(offset)] * n / cumulative_.back();
}

}  // namespace sample_company
