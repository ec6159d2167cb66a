// Defines how values that an expression computes (Datum) are compared, and how sets are looked into: what
// every evaluator of programs shares.
//
//   Compare(Base::kText, Cell::OfBytes("a"), Cell::OfBytes("b")) < 0
//   HasAll of a set: for each element, SetContains(Base::kTextSet, set, element)
//
// Thread safety: functions of their arguments. Cost: O(1), for texts and sets O(bytes).
#ifndef RELATA_EXPR_DATUM_H_
#define RELATA_EXPR_DATUM_H_

#include <cstdint>
#include <string_view>

#include "src/base/coding.h"
#include "src/expr/program.h"

namespace relata::expr {

// Whether values of this base lie in Datum::bytes.
constexpr bool IsBytes(Base base) {
  return base == Base::kText || base == Base::kTextSet || base == Base::kRecordSet || base == Base::kObject;
}

// Negative, zero or positive, of two values held alike, neither null. Texts and sets by bytes: of texts in
// UTF-8 that is by code point. Enums and sets of labels by code.
inline int Compare(Base base, const Datum& a, const Datum& b) {
  if (IsBytes(base)) return a.bytes.compare(b.bytes);
  if (base == Base::kDouble) {
    return a.AsDouble() < b.AsDouble() ? -1 : a.AsDouble() > b.AsDouble() ? 1 : 0;
  }
  if (base == Base::kLabelSet) return a.bits < b.bits ? -1 : a.bits > b.bits ? 1 : 0;
  return a.AsInt() < b.AsInt() ? -1 : a.AsInt() > b.AsInt() ? 1 : 0;
}

inline bool Same(Base base, const Datum& a, const Datum& b) {
  if (IsBytes(base)) return a.bytes == b.bytes;
  return base == Base::kDouble ? a.AsDouble() == b.AsDouble() : a.bits == b.bits;
}

// Equal values of one base have one form: of the two zeros of a double, the positive one.
inline uint64_t KeyBits(Base base, const Datum& datum) {
  return base == Base::kDouble && datum.AsDouble() == 0 ? 0 : datum.bits;
}

// Takes the first text off the bytes of a set of texts. False at the end.
inline bool TakeElement(std::string_view* set, std::string_view* text) {
  uint64_t length = 0;
  if (!GetVarint64(set, &length) || length > set->size()) return false;
  *text = set->substr(0, length);
  set->remove_prefix(length);
  return true;
}

// Whether the element, not null, is in the set, not null. `base` is that of the set.
bool SetContains(Base base, const Datum& set, const Datum& element);
// How many elements it has.
uint64_t SetSize(Base base, const Datum& set);

}  // namespace relata::expr

#endif  // RELATA_EXPR_DATUM_H_
