// Defines LeafIndex: the leaves of many conditions, each once, so that a write meets only those it can flip.
//
//   LeafIndex index;
//   const LeafId id = index.Add(leaf);                      // equal leaves have one id
//   index.Finish();
//   index.Flipped(type, slot, old_cell, new_cell, [&](LeafId id) { … });
//   index.True(type, [&](FieldId slot) { return row.Get(slot); }, [&](LeafId id) { … });
//
// Points are looked up by value, ends of ranges in sorted lists: a write costs what it flips, not what there
// is. Only leaves that are true wherever the field is null, or is not, or lies outside some points, are met
// by every write that makes the field null or no longer null.
//
// Thread safety: after Finish, immutable. Cost: Flipped O(log leaves + flipped), True the same per slot.
#ifndef RELATA_SEGMENT_LEAF_INDEX_H_
#define RELATA_SEGMENT_LEAF_INDEX_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "relata/schema/cell.h"
#include "relata/schema/ids.h"
#include "src/segment/leaf.h"

namespace relata::segment {

using LeafId = uint32_t;

// A field of an entity type as a key of a map.
inline uint32_t SlotKey(EntityTypeId type, FieldId slot) { return uint32_t{type} << 16 | slot; }

class LeafIndex {
 public:
  LeafIndex();
  LeafIndex(LeafIndex&&) noexcept;
  LeafIndex& operator=(LeafIndex&&) noexcept;
  ~LeafIndex();

  // REQUIRES: before Finish.
  LeafId Add(const Leaf& leaf);
  void Finish();

  size_t size() const { return leaves_.size(); }
  const Leaf& leaf(LeafId id) const { return leaves_[id]; }

  // Calls `on_leaf` with each leaf on the slot that is true of one of the cells and not of the other; once.
  void Flipped(EntityTypeId type, FieldId slot, const Cell& before, const Cell& after,
               absl::FunctionRef<void(LeafId)> on_leaf) const;
  // Calls `on_leaf` with each leaf on the type that is true of the row; once.
  void True(EntityTypeId type, absl::FunctionRef<Cell(FieldId)> cells,
            absl::FunctionRef<void(LeafId)> on_leaf) const;

 private:
  struct Slot;

  std::vector<Leaf> leaves_;
  absl::flat_hash_map<std::string, LeafId> ids_;                // by key
  absl::flat_hash_map<uint32_t, std::unique_ptr<Slot>> slots_;  // by type and slot
  absl::flat_hash_map<EntityTypeId, std::vector<FieldId>> slots_of_;
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_LEAF_INDEX_H_
