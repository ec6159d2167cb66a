// Defines ThroughReference, a condition on a field of the record that a reference names.
//
//   relation.city = 'Utrecht'                       // of orders
//
// is computed on the columns of the relations, once for all of them; an order then only looks up its
// relation's bit.
//
// Thread safety: one thread. Lifetime: within the scan. Cost: one scan over the type referred to, and two
// bits a record of it.
#ifndef RELATA_COLUMN_THROUGH_H_
#define RELATA_COLUMN_THROUGH_H_

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/column/condition.h"
#include "src/column/logic.h"

namespace relata::column {

class ThroughReference : public Condition {
 public:
  // `step` is the condition as records of `frame` see it, through their reference in `slot`; `condition` is
  // the same as the records of `target`, to which it refers, see it themselves.
  ThroughReference(const Frame* frame, FieldId slot, expr::StepIndex step, const Frame* target,
                   ConditionPtr condition)
      : frame_(frame), slot_(slot), step_(step), target_(target), condition_(std::move(condition)) {}
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return 10; }
  void Describe(int indent, std::string* out) const override;

 private:
  // The targets for which the condition is true, or false: a bit by id.
  Status Prepare(bool wanted);

  const Frame* frame_;
  const FieldId slot_;
  const expr::StepIndex step_;
  const Frame* target_;
  ConditionPtr condition_;
  std::optional<expr::Datum> of_none_;  // where the reference is null
  std::array<std::vector<uint64_t>, 2> bits_;
  Block block_;
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_THROUGH_H_
