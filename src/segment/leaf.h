// Defines Leaf, a simple condition on one field of one record, as an index of conditions can hold it.
//
//   city = 'Utrecht'     status in ('open', 'new')     not (total > 100)     email is not null
//
// A leaf is two-valued: it says for which values of the field something asks. `not (total > 100)` asks where
// the comparison is false, so its leaf is `total <= 100`, and where one tells false from null there are two
// leaves. Two leaves that are equal are one condition, whichever segments they stand in.
//
// Thread safety: plain values. Cost: of IsTrue, one comparison, or one per point.
#ifndef RELATA_SEGMENT_LEAF_H_
#define RELATA_SEGMENT_LEAF_H_

#include <cstdint>
#include <string>
#include <vector>

#include "relata/schema/cell.h"
#include "relata/schema/ids.h"
#include "src/expr/program.h"

namespace relata::segment {

// A constant to compare with; holds its own bytes.
struct Constant {
  uint64_t bits = 0;
  std::string bytes = {};
  friend bool operator==(const Constant&, const Constant&) = default;
};

struct Leaf {
  enum class Form : uint8_t {
    kPresent,  // not null
    kPoints,   // equal to one of `points`; of a set: it holds one of them
    kOutside,  // not null, and none of them
    kRange,    // not null, and between the ends
  };
  EntityTypeId type = 0;
  FieldId slot = 0;
  expr::Base base = expr::Base::kNull;  // how the field's values are held
  bool zero_if_absent = false;          // a field that cannot be null: absent is its zero
  Form form = Form::kPresent;
  bool negated = false;  // true where the form is not
  std::vector<Constant> points =
      {};  // sorted, each once; a range's ends: low if has_low, then high if has_high
  bool has_low = false;
  bool has_high = false;
  bool low_open = false;  // the end itself lies outside
  bool high_open = false;

  friend bool operator==(const Leaf&, const Leaf&) = default;

  // `cell` is as rows and change log hold it: absent for null or zero.
  bool IsTrue(const Cell& cell) const;
  // Equal leaves, and no others, have equal keys.
  std::string Key() const;
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_LEAF_H_
