// Defines a coding of whole numbers that sorts as they do, byte by byte, and is short for small ones.
//
// The first byte tells the sign and how many bytes follow; a magnitude counts from where the shorter form
// ends, so a number has one form. Not negative:
//   80..af  nothing follows  0 to 47                            codes, counts
//   b0..cf  1 byte           to 8,239                           prices in cents, ids of a small company
//   d0..df  2 bytes          to 1,056,815                       dates, ids
//   e0..e7  3 bytes          to some 135 million
//   e8..e9  4 bytes          to some 8.7 thousand million
//   ea      5 bytes          to some 1.1 million million
//   eb..fa  6 bytes          to some 4.5 thousand million million (timestamps up to the year 2112)
//   fb      8 bytes          the rest
// Negative: the form of -1 - n with every bit inverted. First bytes 00 to 03 and fc to ff stay free.
#ifndef RELATA_STORE_ORDERED_BYTES_H_
#define RELATA_STORE_ORDERED_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/coding.h"

namespace relata::store {

inline constexpr size_t kMaxOrderedIntBytes = 9;

namespace internal {

struct OrderedForm {
  uint64_t start;  // the least magnitude of this form
  uint8_t first_byte;
  uint8_t following;
};

inline constexpr OrderedForm kOrderedForms[] = {
    {0, 0x80, 0},
    {48, 0xb0, 1},
    {8'240, 0xd0, 2},
    {1'056'816, 0xe0, 3},
    {135'274'544, 0xe8, 4},
    {8'725'209'136, 0xea, 5},
    {1'108'236'836'912, 0xeb, 6},
    {4'504'707'864'207'408, 0xfb, 8},
};

}  // namespace internal

inline void AppendOrderedInt(int64_t value, std::string* key) {
  const uint64_t flip = static_cast<uint64_t>(value >> 63);  // all ones for a negative number
  uint64_t rest = static_cast<uint64_t>(value) ^ flip;
  size_t form = std::size(internal::kOrderedForms) - 1;
  while (rest < internal::kOrderedForms[form].start) --form;
  const auto [start, first_byte, following] = internal::kOrderedForms[form];
  rest -= start;
  char bytes[kMaxOrderedIntBytes];
  uint64_t high = first_byte;
  if (following == 8) {
    StoreBE64(bytes + 1, rest ^ flip);
  } else if (following == 0) {
    high += rest;
  } else {
    high += rest >> (8 * following);
    StoreBE64(bytes + 1, (rest << (64 - 8 * following)) ^ flip);
  }
  bytes[0] = static_cast<char>(high ^ flip);
  key->append(bytes, size_t{1} + following);
}

// The length of a coded number from its first byte.
inline size_t OrderedIntLength(uint8_t first_byte) {
  const uint8_t first = first_byte < 0x80 ? static_cast<uint8_t>(~first_byte) : first_byte;
  size_t form = std::size(internal::kOrderedForms) - 1;
  while (first < internal::kOrderedForms[form].first_byte) --form;
  return size_t{1} + internal::kOrderedForms[form].following;
}

// Takes a number off the front of a key; nullopt, and nothing taken, if the key does not begin with one.
inline std::optional<int64_t> TakeOrderedInt(std::string_view* key) {
  if (key->empty()) return std::nullopt;
  const auto first = static_cast<uint8_t>(key->front());
  if (first < 0x04 || first > 0xfb || key->size() < OrderedIntLength(first)) return std::nullopt;
  const uint64_t flip = first < 0x80 ? ~uint64_t{0} : 0;
  const auto high = static_cast<uint8_t>(first ^ flip);
  size_t form = std::size(internal::kOrderedForms) - 1;
  while (high < internal::kOrderedForms[form].first_byte) --form;
  uint64_t rest = high - internal::kOrderedForms[form].first_byte;
  const size_t length = size_t{1} + internal::kOrderedForms[form].following;
  for (size_t i = 1; i < length; ++i) rest = rest << 8 | static_cast<uint8_t>((*key)[i] ^ flip);
  key->remove_prefix(length);
  return static_cast<int64_t>((internal::kOrderedForms[form].start + rest) ^ flip);
}

// The number that a key begins with; 0 if the bytes end before it does. REQUIRES: a first byte of 80 or more.
inline uint64_t LeadingOrderedNumber(std::string_view key) {
  const auto first = static_cast<uint8_t>(key.empty() ? 0x80 : key[0]);
  const size_t length = OrderedIntLength(first);
  if (key.size() < length) return 0;
  size_t form = std::size(internal::kOrderedForms) - 1;
  while (first < internal::kOrderedForms[form].first_byte) --form;
  uint64_t rest = first - internal::kOrderedForms[form].first_byte;
  for (size_t i = 1; i < length; ++i) rest = rest << 8 | static_cast<uint8_t>(key[i]);
  return internal::kOrderedForms[form].start + rest;
}

}  // namespace relata::store

#endif  // RELATA_STORE_ORDERED_BYTES_H_
