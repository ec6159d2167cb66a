// Durations: their text form and checked arithmetic.
#include <algorithm>
#include <iterator>

#include "relata/base/strings.h"
#include "relata/base/time.h"
#include "src/base/digits.h"
#include "src/base/time_text.h"
#include "src/base/wide.h"

namespace relata {
namespace {

struct Unit {
  char letter;
  bool after_t;  // whether it stands behind the T
  int64_t micros;
};

// In the order in which they must come.
constexpr Unit kUnits[] = {{'W', false, 7 * kMicrosPerDay},
                           {'D', false, kMicrosPerDay},
                           {'H', true, kMicrosPerHour},
                           {'M', true, kMicrosPerMinute},
                           {'S', true, kMicrosPerSecond}};

// A number with the letter of its unit, such as 30M. Signed from the first digit on, since the least int64
// has no positive counterpart.
struct Part {
  int64_t micros = 0;
  const Unit* unit = nullptr;
  bool overflow = false;
};

// Takes a part from the front of `text`; false where there is none.
bool TakePart(std::string_view* text, int64_t sign, Part* part) {
  int digits = 0;
  for (int32_t digit = 0; TakeDigits(text, 1, &digit); ++digits) {
    part->overflow |= __builtin_mul_overflow(part->micros, int64_t{10}, &part->micros);
    part->overflow |= __builtin_add_overflow(part->micros, sign * digit, &part->micros);
  }
  int64_t fraction = 0;
  const bool has_fraction = !text->empty() && text->front() == '.';
  if (digits == 0 || !TakeFraction(text, &fraction)) return false;
  part->unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                            [&](const Unit& unit) { return TakeChar(text, unit.letter); });
  if (part->unit == std::end(kUnits) || (has_fraction && part->unit->letter != 'S')) return false;
  part->overflow |= __builtin_mul_overflow(part->micros, part->unit->micros, &part->micros);
  part->overflow |= __builtin_add_overflow(part->micros, sign * fraction, &part->micros);
  return true;
}

StatusOr<Duration> Fit(bool overflow, int64_t micros) {
  if (overflow) return absl::OutOfRangeError("duration: the result exceeds 292,000 years");
  return Duration{micros};
}

}  // namespace

StatusOr<Duration> Duration::Parse(std::string_view text) {
  const auto malformed = [&] {
    return absl::InvalidArgumentError(StrCat(
        "duration ", Quoted(text), ": expected ISO 8601 in weeks, or in days to seconds, as P1DT2H30M"));
  };
  std::string_view rest = text;
  const int64_t sign = TakeChar(&rest, '-') ? -1 : 1;
  if (!TakeChar(&rest, 'P') || rest.empty()) return malformed();
  const Unit* last = nullptr;
  bool after_t = false;
  bool overflow = false;
  int64_t total = 0;
  while (!rest.empty()) {
    after_t = after_t || TakeChar(&rest, 'T');
    Part part;
    if (!TakePart(&rest, sign, &part) || part.unit->after_t != after_t) return malformed();
    if (last != nullptr && (part.unit <= last || last->letter == 'W')) return malformed();
    last = part.unit;
    overflow |= part.overflow | __builtin_add_overflow(total, part.micros, &total);
  }
  if (overflow) return absl::OutOfRangeError(StrCat("duration ", Quoted(text), ": exceeds 292,000 years"));
  return Duration{total};
}

std::string Duration::ToString() const {
  if (micros == 0) return "PT0S";
  std::string text = micros < 0 ? "-P" : "P";
  const uint64_t size = Magnitude(micros);
  const uint64_t day_count = size / kMicrosPerDay;
  const uint64_t in_day = size % kMicrosPerDay;
  if (day_count != 0) StrAppend(&text, day_count, "D");
  if (in_day == 0) return text;
  text.push_back('T');
  const uint64_t hours = in_day / kMicrosPerHour;
  const uint64_t minutes = in_day % kMicrosPerHour / kMicrosPerMinute;
  const uint64_t in_minute = in_day % kMicrosPerMinute;
  if (hours != 0) StrAppend(&text, hours, "H");
  if (minutes != 0) StrAppend(&text, minutes, "M");
  if (in_minute != 0) {
    StrAppend(&text, in_minute / kMicrosPerSecond);
    AppendFraction(static_cast<int64_t>(in_minute % kMicrosPerSecond), &text);
    text.push_back('S');
  }
  return text;
}

StatusOr<Duration> Duration::Add(Duration other) const {
  int64_t result = 0;
  const bool overflow = __builtin_add_overflow(micros, other.micros, &result);
  return Fit(overflow, result);
}

StatusOr<Duration> Duration::Sub(Duration other) const {
  int64_t result = 0;
  const bool overflow = __builtin_sub_overflow(micros, other.micros, &result);
  return Fit(overflow, result);
}

StatusOr<Duration> Duration::Times(int64_t count) const {
  int64_t result = 0;
  const bool overflow = __builtin_mul_overflow(micros, count, &result);
  return Fit(overflow, result);
}

}  // namespace relata
