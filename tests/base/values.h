// Defines values as tests like to write them: dates and instants from text, decimals, the ends of int64.
//
// A text that is none ends the test program. Thread safety: functions of their arguments.
#ifndef RELATA_TESTS_BASE_VALUES_H_
#define RELATA_TESTS_BASE_VALUES_H_

#include <cstdint>
#include <limits>
#include <string_view>

#include "relata/base/decimal.h"
#include "relata/base/time.h"

namespace relata {

inline constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

inline Date Day(std::string_view text) { return Date::Parse(text).value(); }
inline Date Day(int32_t y, int32_t m, int32_t d) { return Date::FromCivil(y, m, d).value(); }
inline Timestamp At(std::string_view text) { return Timestamp::Parse(text).value(); }
inline Decimal D(std::string_view text) { return Decimal::Parse(text).value(); }

}  // namespace relata

#endif  // RELATA_TESTS_BASE_VALUES_H_
