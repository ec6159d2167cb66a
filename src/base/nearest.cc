// Suggests the name that was meant: edit distance by dynamic programming, a swap counting as one.
#include "src/base/nearest.h"

#include <algorithm>
#include <numeric>

#include "relata/base/strings.h"

namespace relata {

size_t EditDistance(std::string_view a, std::string_view b) {
  // Three rows of the table: the one in the making, and for a swap the two above it.
  std::vector<size_t> above2;
  std::vector<size_t> above(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  std::iota(above.begin(), above.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], above2[j - 2] + 1);
    }
    above2 = above;
    std::swap(above, row);
  }
  return above[b.size()];
}

std::string_view Nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
  std::string_view nearest;
  size_t least = std::max<size_t>(1, name.size() / 3) + 1;
  for (std::string_view candidate : candidates) {
    const size_t apart = std::max(candidate.size(), name.size()) - std::min(candidate.size(), name.size());
    if (apart >= least) continue;
    const size_t distance = EditDistance(name, candidate);
    if (distance >= least || distance >= candidate.size()) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string DidYouMean(std::string_view name, const std::vector<std::string_view>& candidates) {
  const std::string_view nearest = Nearest(name, candidates);
  return nearest.empty() ? std::string() : StrCat("; did you mean '", nearest, "'?");
}

}  // namespace relata
