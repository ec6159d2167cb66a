// Defines StrCat and StrAppend for text in any of its forms, the conversions between std::string_view and
// absl::string_view, and Quoted, which shows a foreign value inside a message.
//
//   return absl::InvalidArgumentError(StrCat("relation.city: ", Quoted(city), " is longer than ", limit, "
//   bytes"));
//
// The distribution's Abseil has a string_view of its own, and its functions do not take std::string_view.
// Public API speaks std::string_view; these functions stand between, and cost nothing where both types are
// one.
#ifndef RELATA_BASE_STRINGS_H_
#define RELATA_BASE_STRINGS_H_

#include <charconv>
#include <string>
#include <string_view>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relata/export.h"

namespace relata {

inline absl::string_view ToAbsl(std::string_view text) { return absl::string_view(text.data(), text.size()); }
inline std::string_view ToStd(absl::string_view text) { return std::string_view(text.data(), text.size()); }

namespace internal {

// What absl::StrCat is handed for a value: a view of it where it is text, else its printed form.
template <typename T>
auto Piece(const T& value) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return ToAbsl(std::string_view(value));
  } else if constexpr (std::is_same_v<T, absl::string_view>) {
    return value;
  } else if constexpr (std::is_same_v<T, char>) {
    return absl::string_view(&value, 1);
  } else if constexpr (std::is_same_v<T, bool>) {
    return absl::string_view(value ? "true" : "false");
  } else if constexpr (std::is_floating_point_v<T>) {
    char digits[64];
    const std::to_chars_result end = std::to_chars(digits, digits + sizeof(digits), value);
    return std::string(digits, end.ptr);
  } else if constexpr (requires { value.ToString(); }) {
    return value.ToString();
  } else {
    return value;
  }
}

}  // namespace internal

// The arguments' text, one after another. Takes text in any form, char, bool, integers, floating point (the
// shortest digits that read back as the same number) and everything that has ToString().
template <typename... Args>
std::string StrCat(const Args&... args) {
  return absl::StrCat(internal::Piece(args)...);
}

// Appends the same to `out`. REQUIRES: no argument is a view into `out`.
template <typename... Args>
void StrAppend(std::string* out, const Args&... args) {
  absl::StrAppend(out, internal::Piece(args)...);
}

// `text` between single quotes, fit to print: control characters and bytes that are not UTF-8 are escaped,
// and what is longer than 80 bytes is cut and ends in "...".
RELATA_EXPORT std::string Quoted(std::string_view text);

}  // namespace relata

#endif  // RELATA_BASE_STRINGS_H_
