// Defines the suggestion inside a message about an unknown name.
//
//   StrCat("unknown field 'citty' of relation", DidYouMean("citty", names))   // …; did you mean 'city'?
//
// Thread safety: functions of their arguments. Cost: O(length of name times total length of the candidates).
#ifndef RELATA_BASE_NEAREST_H_
#define RELATA_BASE_NEAREST_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace relata {

// The number of bytes to insert, drop, replace or swap with a neighbour to make one text of the other
// (Damerau-Levenshtein, optimal string alignment: no byte is edited twice).
size_t EditDistance(std::string_view a, std::string_view b);

// The candidate nearest to `name`, the first of equals; empty where none is near enough to be what was meant:
// at most a third of the name's bytes to edit, and one in any case.
std::string_view Nearest(std::string_view name, const std::vector<std::string_view>& candidates);

// "; did you mean 'city'?", or nothing where no candidate is near.
std::string DidYouMean(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace relata

#endif  // RELATA_BASE_NEAREST_H_
