// Moves steps over one by one, arguments first, and looks for each among those that are there.
#include "src/expr/merge.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/hash/hash.h"
#include "relata/base/strings.h"
#include "src/expr/op_traits.h"
#include "src/expr/step_uses.h"

namespace relata::expr {
namespace {

// In comparisons of fields: a walk over related records, former values, what takes a look-up.
constexpr uint32_t kWalk = 64;
constexpr uint32_t kLookUp = 8;
constexpr uint32_t kMostCost = 1 << 20;

bool SameType(const Type& a, const Type& b) {
  return a.base == b.base && a.scale == b.scale && a.currency == b.currency && a.target == b.target;
}

template <class T, class Equal>
bool SameOrNone(const std::shared_ptr<T>& a, const std::shared_ptr<T>& b, Equal equal) {
  return a == nullptr || b == nullptr ? a == b : equal(*a, *b);
}

uint32_t OwnCost(const Step& step) {
  if (step.op == Op::kConstant) return 0;
  if (step.related != nullptr || IsHistory(step.op)) return kWalk;
  const bool looks_up = step.op == Op::kFieldOf || step.op == Op::kInSegment ||
                        step.op == Op::kDescendantOf || step.op == Op::kAncestorOf ||
                        step.op == Op::kMatches || step.op == Op::kSearch || step.op == Op::kSimilar;
  return looks_up ? kLookUp : 1;
}

}  // namespace

bool SameStep(const Step& a, const Step& b) {
  return a.op == b.op && SameType(a.type, b.type) && a.scope == b.scope && a.sign == b.sign &&
         a.test == b.test && a.entity == b.entity && a.slot == b.slot && a.args == b.args &&
         a.constant == b.constant && a.interval == b.interval && a.period == b.period &&
         SameOrNone(a.related, b.related,
                    [](const RelatedRecords& x, const RelatedRecords& y) {
                      return x.type == y.type && x.reference == y.reference && x.parent == y.parent &&
                             x.value == y.value && x.condition == y.condition && x.moment == y.moment &&
                             x.has_moment == y.has_moment;
                    }) &&
         SameOrNone(a.rank, b.rank,
                    [](const Rank& x, const Rank& y) {
                      return x.by == y.by && x.per == y.per && x.count == y.count && x.share == y.share;
                    }) &&
         SameOrNone(a.regex, b.regex,
                    [](const re2::RE2& x, const re2::RE2& y) { return x.pattern() == y.pattern(); });
}

StepIndex Merger::Add(const Program& program, StepIndex root) {
  std::vector<bool> used(root + 1, false);
  used[root] = true;
  for (StepIndex i = root + 1; i-- > 0;) {
    if (used[i]) ForEachUsed(program.step(i), [&](StepIndex index) { used[index] = true; });
  }
  std::vector<StepIndex> moved(root + 1, kNone);
  for (StepIndex i = 0; i <= root; ++i) {
    if (!used[i]) continue;
    Step step = program.step(i);
    RenumberUsed(moved, &step);
    if (step.op == Op::kAnd || step.op == Op::kOr) {
      std::sort(step.args.begin(), step.args.end(), [&](StepIndex a, StepIndex b) {
        return costs_[a] != costs_[b] ? costs_[a] < costs_[b] : a < b;
      });
    }
    moved[i] = Intern(std::move(step));
  }
  return moved[root];
}

StepIndex Merger::Intern(Step step) {
  const size_t hash = absl::HashOf(static_cast<int>(step.op), step.entity, step.slot, step.scope, step.args,
                                   step.constant.bits, ToAbsl(step.constant.bytes));
  std::vector<StepIndex>& alike = by_hash_[hash];
  for (const StepIndex index : alike) {
    if (SameStep(steps_[index], step)) return index;
  }
  uint32_t cost = OwnCost(step);
  ForEachUsed(step, [&](StepIndex index) { cost = std::min(cost + costs_[index], kMostCost); });
  const auto index = static_cast<StepIndex>(steps_.size());
  alike.push_back(index);
  steps_.push_back(std::move(step));
  costs_.push_back(cost);
  return index;
}

Merged Merger::Finish(const Program& like) && {
  return {.schema = &like.schema(), .entity = &like.entity(), .steps = std::move(steps_)};
}

}  // namespace relata::expr
