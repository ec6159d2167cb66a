// Defines Dependents: the dependencies of many conditions turned round, so that a change meets only those
// whose conditions it may change.
//
//   Dependents dependents;
//   for (Place place = 0; …) dependents.Add(place, *analysis);
//   dependents.Finish();
//   dependents.Meet(changed, slot, [&](uint32_t owner, uint32_t dependency, PathId path) { … });
//
// A dependency with a leaf is found by the leaf's flip; one without by the first of its guards, the one that
// fewest values meet, if that is true before or after. The guards behind are looked at for each that is met.
// Only what has neither leaf nor guard is met by every change of its slot. Equal paths have one number, so a
// caller walks each once, however many segments look along it.
//
// Thread safety: after Finish, immutable. Lifetime: of the analyses, which stay where they are. Cost: of
// Meet, that of LeafIndex, and what is met.
#ifndef RELATA_SEGMENT_DEPENDENTS_H_
#define RELATA_SEGMENT_DEPENDENTS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "relata/schema/ids.h"
#include "src/segment/analysis.h"
#include "src/segment/leaf_index.h"
#include "src/segment/path.h"

namespace relata::segment {

// A path among those of all dependencies; the empty one is 0.
using PathId = uint32_t;

class Dependents {
 public:
  // `owner`: what the caller calls the condition. REQUIRES: before Finish.
  void Add(uint32_t owner, const Analysis& analysis);
  void Finish();

  // Calls `on_met` with each dependency on the slot (kExistence for an insert or delete) that the change
  // meets, and its path; in no order, maybe with some more than once. REQUIRES: kUpdatedAt or kExistence, or
  // a slot that changed.
  void Meet(const ChangedRecord& changed, FieldId slot,
            absl::FunctionRef<void(uint32_t owner, uint32_t dependency, PathId path)> on_met) const;
  const Path& path(PathId id) const { return paths_[id]; }
  size_t path_count() const { return paths_.size(); }

 private:
  struct One {
    uint32_t owner;
    uint32_t dependency;
    PathId path;
    bool guarded;  // by more than what it is found by
    const Analysis* analysis;
  };
  // The dependencies on one slot.
  struct Slot {
    std::vector<One> always;
    LeafIndex flips;
    std::vector<std::vector<One>> by_flip;  // by LeafId
    LeafIndex guards;
    std::vector<std::vector<One>> by_guard;
  };

  // Whether each of its guards is true before or after.
  static bool Guarded(const One& one, const ChangedRecord& changed);
  PathId IdOf(const Path& path);

  std::vector<Path> paths_ = {Path()};
  absl::flat_hash_map<Path, PathId> path_ids_ = {{Path(), 0}};
  absl::flat_hash_map<uint32_t, std::unique_ptr<Slot>> slots_;  // by type and slot
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_DEPENDENTS_H_
