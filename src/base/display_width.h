// Defines DisplayWidth, how many columns a text takes on a terminal.
#ifndef RELATA_BASE_DISPLAY_WIDTH_H_
#define RELATA_BASE_DISPLAY_WIDTH_H_

#include <cstddef>
#include <string_view>

namespace relata {

// Two columns for wide characters (ideographs, most emoji), none for accents that stand on another character
// and for control characters, else one. O(n). Thread-safe.
size_t DisplayWidth(std::string_view utf8);

}  // namespace relata

#endif  // RELATA_BASE_DISPLAY_WIDTH_H_
