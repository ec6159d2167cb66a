// Sets, read as rows hold them.
#include "src/expr/datum.h"

#include <bit>

namespace relata::expr {

bool SetContains(Base base, const Datum& set, const Datum& element) {
  if (base == Base::kLabelSet) return element.bits < 64 && (set.bits >> element.bits & 1) != 0;
  if (base == Base::kTextSet) {
    std::string_view rest = set.bytes;
    std::string_view text;
    while (TakeElement(&rest, &text)) {
      const int order = text.compare(element.bytes);
      if (order >= 0) return order == 0;  // texts ascend
    }
    return false;
  }
  size_t low = 0;
  size_t high = set.bytes.size() / sizeof(RecordId);
  while (low < high) {
    const size_t middle = (low + high) / 2;
    const RecordId id = LoadLE64(set.bytes.data() + middle * sizeof(RecordId));
    if (id == element.bits) return true;
    (id < element.bits ? low : high) = id < element.bits ? middle + 1 : middle;
  }
  return false;
}

uint64_t SetSize(Base base, const Datum& set) {
  if (base == Base::kLabelSet) return static_cast<uint64_t>(std::popcount(set.bits));
  if (base != Base::kTextSet) return set.bytes.size() / sizeof(RecordId);
  uint64_t size = 0;
  std::string_view rest = set.bytes;
  for (std::string_view text; TakeElement(&rest, &text);) ++size;
  return size;
}

}  // namespace relata::expr
