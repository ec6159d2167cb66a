// Compares programs step by step.
#include "src/segment/same_meaning.h"

#include <algorithm>

#include "src/expr/merge.h"

namespace relata::segment {

bool SameMeaning(const expr::Program& a, const expr::Program& b) {
  return std::equal(a.steps().begin(), a.steps().end(), b.steps().begin(), b.steps().end(), expr::SameStep);
}

}  // namespace relata::segment
