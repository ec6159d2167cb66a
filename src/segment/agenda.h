// Defines Agenda: which records are to be looked at, for which segments, at one moment; and looking at them.
//
//   Agenda agenda(&workspace);
//   agenda.Add(place, id);
//   RELATA_RETURN_IF_ERROR(agenda.Run(now, Cause::kWrite, kMaxFanOut));
//
// Run evaluates by rank, so that a segment sees those it uses as they are at that moment, and a flip puts the
// records that follow from it on the agenda of those that use the segment. Rows are read once per Run.
//
// Thread safety: as the workspace. Lifetime: within it.
#ifndef RELATA_SEGMENT_AGENDA_H_
#define RELATA_SEGMENT_AGENDA_H_

#include <cstddef>
#include <optional>
#include <queue>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/base/status.h"
#include "src/segment/workspace.h"

namespace relata::segment {

class Agenda {
 public:
  explicit Agenda(Workspace* workspace) : workspace_(workspace) {}

  void Add(Place place, RecordId id);
  // Every record of the segment's type from `from` to before `to`, and every member there.
  void AddRange(Place place, RecordId from, RecordId to);

  // Leaves the agenda empty. A segment to which a flip of another leads more than `fan_out` records becomes
  // pending.
  Status Run(Timestamp at, Cause cause, size_t fan_out);

 private:
  struct Item {
    std::vector<RecordId> ids;
    RecordId from = 0;  // a range, where from < to
    RecordId to = 0;
  };
  Item& At(Place place);
  Status RunPlace(Place place, Item item, Timestamp at, Cause cause, size_t fan_out);
  // The row, nothing where there is none.
  StatusOr<std::optional<RowView>> RowOf(const store::TypeRuntime& type, RecordId id);
  Status Follow(const CompiledSegment& segment, RecordId id, size_t fan_out);

  Workspace* workspace_;
  absl::flat_hash_map<Place, Item> items_;
  std::priority_queue<Place, std::vector<Place>, std::greater<Place>> places_;
  absl::flat_hash_map<RecordRef, std::optional<RowView>> rows_;
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_AGENDA_H_
