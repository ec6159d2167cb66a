// Defines Path, the way from a record that changed back to the records whose answer may follow from it, and
// RootsOf, which walks it.
//
//   count(orders where exists(lines where discount > 0))      of a line: up `order`, up `relation`
//   account_manager.name = 'Smit'                             of a person: down to who refers to them
//
// What RootsOf finds is a superset of the records whose answer changed, if it is asked about every change of
// a commit after all of them were made: a way that was open before and is not now was closed by one of those
// changes, which leads to its records by its own former values.
//
// Thread safety: functions of their arguments. Cost: O(log n) per record on the way.
#ifndef RELATA_SEGMENT_PATH_H_
#define RELATA_SEGMENT_PATH_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "relata/base/status.h"
#include "relata/record/row_view.h"
#include "relata/schema/ids.h"
#include "src/store/log_entry.h"
#include "src/store/reader.h"

namespace relata::segment {

struct Move {
  enum class Kind : uint8_t {
    kUp,           // to what `reference` of `from` points at, if that is a `to`
    kDown,         // to each record of `to` whose `reference` points here
    kDescendants,  // to itself and all below it by `reference`, which points at its own type
    kAncestors,    // to all above it
  };
  Kind kind = Kind::kUp;
  EntityTypeId from = 0;
  EntityTypeId to = 0;
  FieldId reference = 0;  // of `to` for kDown, else of `from`
  friend bool operator==(const Move&, const Move&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Move& move) {
    return H::combine(std::move(state), move.kind, move.from, move.to, move.reference);
  }
};

// From the changed record to the roots; empty: it is the root itself.
using Path = std::vector<Move>;

// One record of a commit, seen after all writes of it. Of several changes of one record in a commit each may
// be asked about on its own, an update of what was deleted afterwards excepted: that is a delete whose former
// cells lie over its former row.
struct ChangedRecord {
  EntityTypeId type = 0;
  RecordId id = 0;
  const RowView* row = nullptr;                    // as it is now; nullptr: it was deleted
  std::span<const store::FormerCell> former = {};  // the slots that were updated, as they were
  const RowView* former_row = nullptr;             // a delete: the row that was

  // The slot as it was before; of an insert, absent.
  Cell Before(FieldId slot) const;
  // The slot as it is now; of a delete, absent.
  Cell After(FieldId slot) const;
};

// Adds the roots to `roots`, each once among those added, ascending; some may be deleted by now. A first move
// along a reference goes from its former value too. Stops with `*too_many` true once there are more than
// `limit` records at any point of the way; `roots` then has none of them.
Status RootsOf(const store::Reader& reader, const Path& path, const ChangedRecord& changed, size_t limit,
               std::vector<RecordId>* roots, bool* too_many);

// The same from a record as it stands: for members of a segment that come and go, and for what time does.
Status RootsOf(const store::Reader& reader, const Path& path, EntityTypeId type, RecordId id, size_t limit,
               std::vector<RecordId>* roots, bool* too_many);

// The way back, from a root to the records that lead to it. REQUIRES: no move along a hierarchy.
Path Reversed(const Path& path);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_PATH_H_
