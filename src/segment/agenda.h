// Defines Agenda: which records are to be looked at, for which segments, at one moment; and looking at them.
//
//   Agenda agenda(&workspace);
//   agenda.Add(place, id);
//   RELATA_RETURN_IF_ERROR(agenda.Run(now, Cause::kWrite, kMaxFanOut));
//
// Run goes up by level, so that a segment sees those it uses as they are at that moment, and a flip puts the
// records that follow from it on the agenda of those that use the segment. Within a level it goes record by
// record: what many segments ask of one is found once (terms.h).
//
// Thread safety: as the workspace. Lifetime: within it.
#ifndef RELATA_SEGMENT_AGENDA_H_
#define RELATA_SEGMENT_AGENDA_H_

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "relata/base/status.h"
#include "src/segment/workspace.h"

namespace relata::segment {

class Agenda {
 public:
  struct Written {
    // What the transaction has written itself, or what is gone. The row of any other is what it was, so if a
    // segment leaves it out for what is in its own row, it did before.
    absl::flat_hash_set<RecordRef> records = {};
    // All of them, where they are few and none was there before: of a record that was, what it was follows
    // from the same evaluation, and nobody has to be asked who was a member.
    std::vector<RecordRef> newcomers = {};
  };

  // `written`, unless nullptr: by the transaction, and not by anybody else since it was told of.
  explicit Agenda(Workspace* workspace, const Written* written = nullptr)
      : workspace_(workspace), written_(written), levels_(workspace->compiled().levels()) {}

  // Segments that are computed when read are passed over.
  void Add(Place place, RecordId id) {
    const Standing& standing = workspace_->compiled().standing(place);
    if (standing.kept) levels_[standing.level].items.push_back({uint64_t{standing.entity} << 48 | id, place});
  }
  // Every record of the segment's type from `from` to before `to`, and every member there.
  void AddRange(Place place, RecordId from, RecordId to);

  // Leaves the agenda empty. A segment to which a flip of another leads more than `fan_out` records becomes
  // pending.
  Status Run(Timestamp at, Cause cause, size_t fan_out);

 private:
  // A commit has hundreds: they are small, and compared as whole numbers.
  struct Item {
    uint64_t record = 0;  // its type in the highest 16 bits, its id in the others
    Place place = 0;
    friend bool operator==(const Item&, const Item&) = default;
    friend bool operator<(const Item& a, const Item& b) {
      return a.record != b.record ? a.record < b.record : a.place < b.place;
    }
    RecordRef ref() const { return {static_cast<EntityTypeId>(record >> 48), record & kMaxRecordId}; }
  };
  struct Range {
    RecordId from = 0;
    RecordId to = 0;
  };
  struct Level {
    std::vector<Item> items;
    std::map<Place, Range> ranges;
  };
  // A record that enters or leaves a segment.
  struct Change {
    Place place = 0;
    RecordId id = 0;
    bool enters = false;
    bool exists = false;  // a record of that id
    friend auto operator<=>(const Change&, const Change&) = default;
  };
  // What a run is about.
  struct Occasion {
    Timestamp at;
    Cause cause;
    size_t fan_out;
  };

  Status RunItems(std::vector<Item> items, const Occasion& occasion);
  // The items of one record.
  Status LookAt(std::span<const Item> items);
  Status RunRange(Place place, Range range, const Occasion& occasion);
  // Tells of it, and puts what follows on the agenda.
  Status Make(const Change& change, const Occasion& occasion);
  Status Follow(const CompiledSegment& segment, RecordId id, size_t fan_out);

  Workspace* workspace_;
  const Written* written_;
  std::vector<Level> levels_;
  std::vector<Workspace::Seen> seen_;  // of the record that is looked at
  std::vector<Change> changes_;        // of the items of the level
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_AGENDA_H_
