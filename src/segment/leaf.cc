// Leaves on their own: whether one is true, and its key.
#include "src/segment/leaf.h"

#include "src/base/coding.h"
#include "src/expr/datum.h"

namespace relata::segment {
namespace {

using expr::Base;

bool IsSet(Base base) {
  return base == Base::kTextSet || base == Base::kLabelSet || base == Base::kRecordSet;
}

expr::Datum DatumOf(Base base, const Constant& constant) {
  const bool bytes = base == Base::kTextSet || (expr::IsBytes(base) && !IsSet(base));
  return bytes ? expr::Datum::OfBytes(constant.bytes) : expr::Datum::OfBits(constant.bits);
}

// Few points, as people write them: a walk is quickest.
bool Holds(const Leaf& leaf, const Cell& value) {
  for (const Constant& point : leaf.points) {
    const expr::Datum datum = DatumOf(leaf.base, point);
    if (IsSet(leaf.base) ? expr::SetContains(leaf.base, value, datum) : expr::Same(leaf.base, value, datum)) {
      return true;
    }
  }
  return false;
}

bool Within(const Leaf& leaf, const Cell& value) {
  if (leaf.has_low) {
    const int order = expr::Compare(leaf.base, value, DatumOf(leaf.base, leaf.points.front()));
    if (leaf.low_open ? order <= 0 : order < 0) return false;
  }
  if (leaf.has_high) {
    const int order = expr::Compare(leaf.base, value, DatumOf(leaf.base, leaf.points.back()));
    if (leaf.high_open ? order >= 0 : order > 0) return false;
  }
  return true;
}

}  // namespace

bool Leaf::IsTrue(const Cell& cell) const {
  Cell value = cell;
  if (zero_if_absent) value.present = true;
  bool holds = value.present;
  if (holds) {
    switch (form) {
      case Form::kPresent:
        break;
      case Form::kPoints:
        holds = Holds(*this, value);
        break;
      case Form::kOutside:
        holds = !Holds(*this, value);
        break;
      case Form::kRange:
        holds = Within(*this, value);
        break;
    }
  }
  return holds != negated;
}

std::string Leaf::Key() const {
  std::string key;
  PutVarint64(&key, type);
  PutVarint64(&key, slot);
  const uint64_t flags = uint64_t{negated} | uint64_t{has_low} << 1 | uint64_t{has_high} << 2 |
                         uint64_t{low_open} << 3 | uint64_t{high_open} << 4 |
                         static_cast<uint64_t>(form) << 5;
  PutVarint64(&key, flags);
  for (const Constant& point : points) {
    PutVarint64(&key, point.bits);
    PutVarint64(&key, point.bytes.size());
    key.append(point.bytes);
  }
  return key;
}

}  // namespace relata::segment
