// Defines the steps that parsers and printers of numbers and times share: taking characters from the front of
// a text, and digits of a fixed width. ASCII only; no locale is involved.
#ifndef RELATA_BASE_DIGITS_H_
#define RELATA_BASE_DIGITS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace relata {

constexpr bool IsDigit(char c) { return '0' <= c && c <= '9'; }

// Drops `expected` from the front of `text`; false, and `text` unchanged, where it is not there.
constexpr bool TakeChar(std::string_view* text, char expected) {
  if (text->empty() || text->front() != expected) return false;
  text->remove_prefix(1);
  return true;
}

// Reads exactly `count` digits, at most 9, from the front of `text` and drops them; false, and `text`
// unchanged, where there are fewer.
constexpr bool TakeDigits(std::string_view* text, size_t count, int32_t* value) {
  if (text->size() < count) return false;
  int32_t result = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!IsDigit((*text)[i])) return false;
    result = result * 10 + ((*text)[i] - '0');
  }
  text->remove_prefix(count);
  *value = result;
  return true;
}

// Appends `value` in decimal with zeros in front up to `width` digits.
inline void AppendDigits(uint64_t value, size_t width, std::string* out) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out->append(width - digits.size(), '0');
  out->append(digits);
}

}  // namespace relata

#endif  // RELATA_BASE_DIGITS_H_
