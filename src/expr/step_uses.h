// Defines which other steps of a program a step uses: its arguments, and those behind its related records and
// its rank. Whoever walks, numbers anew or measures steps asks here.
//
// Thread safety: as of the step. Cost: O(steps used).
#ifndef RELATA_EXPR_STEP_USES_H_
#define RELATA_EXPR_STEP_USES_H_

#include <memory>
#include <utility>
#include <vector>

#include "src/expr/program.h"

namespace relata::expr {

// Calls `on_step` with each step that the value of this one follows from at once.
template <class OnStep>
void ForEachUsed(const Step& step, const OnStep& on_step) {
  const auto visit = [&](StepIndex index) {
    if (index != kNone) on_step(index);
  };
  for (const StepIndex arg : step.args) visit(arg);
  if (step.related != nullptr) {
    visit(step.related->parent);
    visit(step.related->value);
    visit(step.related->condition);
  }
  if (step.rank != nullptr) {
    visit(step.rank->by);
    for (const StepIndex per : step.rank->per) visit(per);
  }
}

// Gives the steps that this one uses their new numbers. What is shared with other steps is copied first.
inline void RenumberUsed(const std::vector<StepIndex>& numbers, Step* step) {
  const auto renumber = [&](StepIndex& index) {
    if (index != kNone) index = numbers[index];
  };
  for (StepIndex& arg : step->args) renumber(arg);
  if (step->related != nullptr) {
    auto related = std::make_shared<RelatedRecords>(*step->related);
    renumber(related->parent);
    renumber(related->value);
    renumber(related->condition);
    step->related = std::move(related);
  }
  if (step->rank != nullptr) {
    auto rank = std::make_shared<Rank>(*step->rank);
    renumber(rank->by);
    for (StepIndex& per : rank->per) renumber(per);
    step->rank = std::move(rank);
  }
}

}  // namespace relata::expr

#endif  // RELATA_EXPR_STEP_USES_H_
