// Defines Dependents: the dependencies of many conditions turned round, so that a change meets only those
// whose conditions it may change.
//
//   Dependents dependents;
//   for (Place place = 0; …) dependents.Add(place, *analysis);
//   dependents.Finish();
//   Dependents::Guards guards(dependents);                  // one for all slots of a changed record
//   dependents.Meet(changed, slot, &guards, [&](uint32_t owner, uint32_t dependency, PathId path) { … });
//
// A dependency with a leaf is found by the leaf's flip; one without by the first of its guards, the one that
// fewest values meet, if that is true before or after. The guards behind are looked at when one is met, each
// once per changed record.
// Only what has neither leaf nor guard is met by every change of its slot. Equal paths have one number, so a
// caller walks each once, however many segments look along it.
//
// Thread safety: after Finish, immutable. Cost: of Meet, that of LeafIndex, and what is met.
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
  // What is known of the guards on one changed record.
  class Guards {
   public:
    explicit Guards(const Dependents& dependents) : known_(dependents.guards_.size(), Known::kNot) {}

   private:
    friend class Dependents;
    enum class Known : uint8_t { kNot, kFalse, kTrue };
    std::vector<Known> known_;
  };

  // `owner`: what the caller calls the condition. REQUIRES: before Finish.
  void Add(uint32_t owner, const Analysis& analysis);
  void Finish();

  // Calls `on_met` with each dependency on the slot (kExistence for an insert or delete) that the change
  // meets, and its path; in no order, maybe with some more than once. REQUIRES: kUpdatedAt or kExistence, or
  // a slot that changed.
  void Meet(const ChangedRecord& changed, FieldId slot, Guards* guards,
            absl::FunctionRef<void(uint32_t owner, uint32_t dependency, PathId path)> on_met) const;
  const Path& path(PathId id) const { return paths_[id]; }
  size_t path_count() const { return paths_.size(); }

 private:
  struct One {
    uint32_t owner;
    uint32_t dependency;
    PathId path;
    // Of guards_, in lists_: none where it is found by the only one.
    uint32_t guards_begin;
    uint32_t guards_end;
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
  bool Guarded(const One& one, const ChangedRecord& changed, Guards* guards) const;
  PathId IdOf(const Path& path);

  LeafIndex guards_;           // each once; only their numbers are used
  std::vector<LeafId> lists_;  // of all dependencies, one after another
  std::vector<Path> paths_ = {Path()};
  absl::flat_hash_map<Path, PathId> path_ids_ = {{Path(), 0}};
  absl::flat_hash_map<uint32_t, std::unique_ptr<Slot>> slots_;  // by type and slot
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_DEPENDENTS_H_
