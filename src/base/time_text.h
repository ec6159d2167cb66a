// Defines what the parsers and printers of dates, durations and timestamps share.
#ifndef RELATA_BASE_TIME_TEXT_H_
#define RELATA_BASE_TIME_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "relata/base/time.h"

namespace relata {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;

// value / by, rounded down. REQUIRES: by > 0.
constexpr int64_t FloorDiv(int64_t value, int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

// Appends the date as YYYY-MM-DD, with a sign or more digits where a damaged one is outside the years 1 to
// 9999.
void AppendDate(Date date, std::string* out);

// Takes "YYYY-MM-DD" from the front of `text`. A day that does not exist is taken too: Date::FromCivil says
// so.
bool TakeDate(std::string_view* text, CivilDate* civil);

// Appends ".25" for 250'000, nothing for 0. REQUIRES: 0 <= micros < 1'000'000.
void AppendFraction(int64_t micros, std::string* out);

// Takes '.' and up to nine digits, as microseconds, rounded half to even. Without a '.' it is 0.
bool TakeFraction(std::string_view* text, int64_t* micros);

}  // namespace relata

#endif  // RELATA_BASE_TIME_TEXT_H_
