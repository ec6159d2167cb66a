// Defines Analysis: what the answer of a condition depends on. Everything that keeps a segment exact without
// computing it anew reads this: which writes to look at, from which record to which roots, and which moments.
//
//   const Analysis analysis = Analyse(program);
//   analysis.kind;                // kWindowed
//   analysis.dependencies[0];     // interaction.at, up `relation`
//   analysis.sweeps[0];           // interaction.at against today() - 60
//
// The rules it keeps:
//   - A write changes the condition's truth for a root only if a dependency meets it: the change is of its
//     type and slot (an insert or delete: slot kExistence; any update: slot kUpdatedAt too, though no change
//     lists that), its leaf, if it has one, is not as true as it was, each of its guards is true before or
//     after, and RootsOf its path gives the root.
//     Or a record joined or left a segment that is used, and RootsOf that use's path gives the root.
//   - Time changes the truth for a root only at a moment that moments.h gives for its sweeps or, if it is
//     kDaily, at a change of the local date. Of kComputed nothing of this is promised.
// Truth means: true, or not true.
//
// A use of a segment that is itself kComputed makes a condition kComputed too; Analyse, which sees one
// program alone, leaves that to its caller, as it leaves what moments the used segments have.
//
// Thread safety: plain values. Cost: of Analyse, O(steps * depth).
#ifndef RELATA_SEGMENT_ANALYSIS_H_
#define RELATA_SEGMENT_ANALYSIS_H_

#include <cstdint>
#include <vector>

#include "relata/schema/ids.h"
#include "src/expr/program.h"
#include "src/segment/leaf.h"
#include "src/segment/path.h"
#include "src/segment/threshold.h"

namespace relata::segment {

// In ascending order of what upkeep costs.
enum class Kind : uint8_t {
  kStored,    // no clock: kept by writes alone
  kWindowed,  // the clock only in comparisons with dates that an index can find
  kDaily,     // today() in other ways too: every record of the type is due at each local midnight
  kComputed,  // over the whole population, or the clock in ways nobody can turn round: computed when read
};

inline constexpr FieldId kExistence = UINT16_MAX;
inline constexpr uint32_t kNoLeaf = UINT32_MAX;

struct Dependency {
  EntityTypeId type = 0;
  FieldId slot = 0;  // or kExistence: an insert or delete
  Path path;
  uint32_t leaf = kNoLeaf;       // in Analysis::leaves, on this slot: matters only where that flips
  std::vector<uint32_t> guards;  // the same, on any slot of this record: each is true before or after
  friend bool operator==(const Dependency&, const Dependency&) = default;
};

// `in segment`: of a record that the path leads from.
struct SegmentUse {
  uint32_t segment = 0;
  EntityTypeId type = 0;
  Path path;
  friend bool operator==(const SegmentUse&, const SegmentUse&) = default;
};

// A comparison of a date or timestamp with the clock. The truth for a root may change at the moment at which
// the threshold comes to, or leaves, the value of a record that the path leads from.
struct Sweep {
  EntityTypeId type = 0;  // 0: a constant is compared, and every record of the program's type is due
  FieldId slot = 0;       // a date or timestamp
  bool timestamp = false;
  int64_t constant = 0;
  std::vector<Shift> shifts;  // from the slot, or the constant, to the value that is compared
  Threshold threshold;
  Path path;
  std::vector<uint32_t> guards;  // leaves on that record: each is true
  friend bool operator==(const Sweep&, const Sweep&) = default;
};

struct Analysis {
  EntityTypeId entity = 0;
  Kind kind = Kind::kStored;
  std::vector<Dependency> dependencies;
  std::vector<SegmentUse> uses;
  std::vector<Sweep> sweeps;
  std::vector<Leaf> leaves;
};

// REQUIRES: program.type() is kBool.
Analysis Analyse(const expr::Program& program);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_ANALYSIS_H_
