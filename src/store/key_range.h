// Defines KeyRange, a half-open range of an index's values keys, and KeyAfter, the end of what a prefix
// begins.
#ifndef RELATA_STORE_KEY_RANGE_H_
#define RELATA_STORE_KEY_RANGE_H_

#include <string>
#include <string_view>

namespace relata::store {

// The values keys `low` <= key < `high`; an empty `high` is no upper end, so KeyRange{} is the whole index.
// Both ends are values keys, the beginnings of such, or what KeyAfter makes of them.
struct KeyRange {
  std::string low;
  std::string high;
  // True: the range holds exactly the entries asked for. False: a long text was cut, so entries at the
  // range's ends may have to be left out after a look at their rows; none is missing.
  bool exact = true;
};

// The least string that is greater than every string that begins with `prefix`; empty (no end) where there is
// none.
inline std::string KeyAfter(std::string_view prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.remove_suffix(1);
  std::string after(prefix);
  if (!after.empty()) after.back() = static_cast<char>(static_cast<unsigned char>(after.back()) + 1);
  return after;
}

}  // namespace relata::store

#endif  // RELATA_STORE_KEY_RANGE_H_
