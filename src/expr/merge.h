// Defines Merger, which puts the steps of many programs together, what they have in common once, so that one
// evaluator answers all of them and computes a shared part once per record.
//
//   Merger merger;
//   const StepIndex a = merger.Add(first, first.root());     // sum(orders.total) > 100
//   const StepIndex b = merger.Add(second, second.root());   // sum(orders.total) > 250: the sum is one step
//   const Merged merged = std::move(merger).Finish(first);
//   RowEvaluator evaluator(merged, reader, reader.now());
//
// The parts of `and` and `or` are put in order, the cheap ones first: an evaluator stops at the first that
// settles it, and to the answer it does not matter which that is.
//
// Thread safety: a Merged is immutable; a Merger is used by one thread. Lifetime: of both, within that of the
// programs, to whose constants and schema they point. Cost: O(steps).
#ifndef RELATA_EXPR_MERGE_H_
#define RELATA_EXPR_MERGE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/expr/program.h"

namespace relata::expr {

// Whether two steps compute the same from the same arguments. Labels of enums do not count: people read them.
bool SameStep(const Step& a, const Step& b);

// Steps as those of a Program, arguments before what uses them, with many roots.
struct Merged {
  const store::SchemaRuntime* schema = nullptr;
  const store::TypeRuntime* entity = nullptr;
  std::vector<Step> steps;
};

class Merger {
 public:
  // Adds a step with all that it uses, as far as that is not there yet, and tells which one it is.
  // REQUIRES: all programs are about one entity type.
  StepIndex Add(const Program& program, StepIndex step);
  const Step& step(StepIndex index) const { return steps_[index]; }
  // About how much it costs to compute, in comparisons of fields.
  uint32_t CostOf(StepIndex index) const { return costs_[index]; }

  // `like`: one of the programs.
  Merged Finish(const Program& like) &&;

 private:
  StepIndex Intern(Step step);

  std::vector<Step> steps_;
  std::vector<uint32_t> costs_;
  absl::flat_hash_map<size_t, std::vector<StepIndex>> by_hash_;
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_MERGE_H_
