// Defines ReferredNumbers, a number of the record that a reference names.
//
//   relation.payment_term_days + 14                 // of orders
//
// is computed for all relations first; an order then only looks up its relation's.
//
// Thread safety: one thread. Lifetime: within the scan. Cost: one pass over the type referred to, and eight
// bytes a record of it.
#ifndef RELATA_COLUMN_REFERRED_H_
#define RELATA_COLUMN_REFERRED_H_

#include <string>
#include <utility>
#include <vector>

#include "src/column/condition.h"
#include "src/column/numbers.h"

namespace relata::column {

class ReferredNumbers : public Numbers {
 public:
  // `numbers` are those of the records of `target`, to which the reference in `slot` points.
  ReferredNumbers(const Frame* frame, FieldId slot, const Frame* target, NumbersPtr numbers)
      : frame_(frame), slot_(slot), target_(target), numbers_(std::move(numbers)) {}
  Status Load(size_t chunk, size_t block, Block* out) override;
  double cost() const override { return 10; }
  void Describe(int indent, std::string* out) const override;

 private:
  Status Prepare();

  const Frame* frame_;
  const FieldId slot_;
  const Frame* target_;
  NumbersPtr numbers_;
  bool prepared_ = false;
  // By id; empty where no record has a value.
  std::vector<int64_t> values_;
  std::vector<uint64_t> present_;
  Block block_;
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_REFERRED_H_
