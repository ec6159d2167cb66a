// Defines Analyser, which walks the steps of a program as an evaluator does, with the records in scope, and
// notes what it meets: the work behind Analyse.
//
// Dependencies are in analysis.cc, leaves in analyse_leaf.cc, the clock in analyse_clock.cc.
// Thread safety: one thread. Lifetime: within the program's.
#ifndef RELATA_SEGMENT_ANALYSER_H_
#define RELATA_SEGMENT_ANALYSER_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "src/expr/program.h"
#include "src/segment/analysis.h"

namespace relata::segment {

// Which outcomes of a condition something tells apart from the others.
enum class Ask : uint8_t {
  kTrue,   // true from false and null
  kFalse,  // false from true and null
  kAll,    // all three
};

class Analyser {
 public:
  explicit Analyser(const expr::Program& program) : program_(program), steps_(program.steps()) {}

  Analysis Run();

 private:
  using StepIndex = expr::StepIndex;
  using Paths = std::vector<Path>;

  // The records whose fields can be named.
  struct Scope {
    EntityTypeId type = 0;
    Paths paths = {};                   // from such a record to the roots
    std::vector<uint32_t> guards = {};  // without which such a record counts for nothing
  };

  // What a date that is compared comes from.
  struct Source {
    EntityTypeId type = 0;  // 0: `constant`
    FieldId slot = 0;
    bool timestamp = false;
    int64_t constant = 0;
    std::vector<Shift> shifts;
    Paths paths;
    std::vector<uint32_t> guards;
  };

  // analysis.cc
  void Condition(StepIndex index, Ask ask);
  void Value(StepIndex index);
  void Look(StepIndex index);
  void LookAtArguments(const expr::Step& step);
  void Field(const expr::Step& step);
  void FieldOf(const expr::Step& step);
  void InSegment(const expr::Step& step);
  void Related(const expr::Step& step);
  void EnterRelated(const expr::Step& step);
  void Hierarchy(const expr::Step& step);
  void Depend(EntityTypeId type, FieldId slot, const Paths& paths, const std::vector<uint32_t>& guards,
              uint32_t leaf = kNoLeaf);
  // The ways from a record of this type, which the step's value is, to the roots.
  Paths PathsFrom(StepIndex record, EntityTypeId type);
  void AtLeast(Kind kind) { analysis_.kind = std::max(analysis_.kind, kind); }
  const Scope& ScopeAt(const expr::Step& step) const { return scopes_[scopes_.size() - 1 - step.scope]; }

  // analyse_leaf.cc
  // The leaves whose flips tell of every change of the condition that is asked for; nullopt where the step is
  // no simple condition on one field of a record in scope. `*field`: the step of that field.
  std::optional<std::vector<Leaf>> LeavesOf(const expr::Step& step, Ask ask, const expr::Step** field) const;
  // Notes them, if the step is such a condition.
  bool Simple(const expr::Step& step, Ask ask);
  uint32_t AddLeaf(Leaf leaf);
  // The conjuncts of a condition that are leaves on the innermost record, those that few values meet first.
  std::vector<uint32_t> GuardsOf(StepIndex condition);
  void AddGuards(StepIndex condition, std::vector<uint32_t>* guards);

  // analyse_clock.cc
  // Notes sweeps, and what else the comparison depends on, if it compares the clock with what an index finds.
  bool Swept(const expr::Step& step);
  bool Compared(expr::Op op, StepIndex a, StepIndex b, std::vector<Sweep>* sweeps,
                std::vector<StepIndex>* others);
  bool ComparedApart(StepIndex apart, int64_t number, std::vector<Sweep>* sweeps,
                     std::vector<StepIndex>* others);
  bool ComparedAge(expr::Op op, StepIndex age, int64_t years, std::vector<Sweep>* sweeps,
                   std::vector<StepIndex>* others);
  bool AddSweeps(StepIndex source, const std::vector<Shift>& behind, const Threshold& threshold,
                 std::vector<Sweep>* sweeps);
  std::optional<Threshold> ClockOf(StepIndex index) const;
  std::optional<Shift> ShiftOf(const expr::Step& step) const;
  // False where the value has another origin too. `behind`: what happens to it afterwards.
  bool Sources(StepIndex index, const std::vector<Shift>& behind, std::vector<Source>* sources);

  const expr::Program& program_;
  const std::vector<expr::Step>& steps_;
  std::vector<Scope> scopes_;  // the innermost last
  Analysis analysis_;
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_ANALYSER_H_
