// Defines how one commit lies in the change log: LogWriter gathers it during a transaction, ParseLogEntry
// reads it.
//
// The log tree holds one entry per commit under its sequence (8 bytes, big-endian):
//   u8      format 1
//   varint  now, zigzag microseconds
//   text    principal, text cause            (varint length, bytes)
//   then sections, each a varint tag, a varint length and that many bytes; an unknown tag is passed over:
//     1 changes: per record u8 kind, varint type, varint id;
//         update: varint count, then per slot varint slot, u8 present, and where present varint bits or, for
//         a
//                 variable slot, varint length and bytes: the values before the commit
//         delete: varint length and the former row as it was stored
//     2 segments: who entered and left which; the bytes are those of the store's CommitHook
//   u32     checksum
// Thread safety: as its transaction.
#ifndef RELATA_STORE_LOG_ENTRY_H_
#define RELATA_STORE_LOG_ENTRY_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/schema/cell.h"
#include "relata/schema/entity.h"
#include "relata/store/change.h"

namespace relata::store {

inline constexpr uint64_t kChangesSection = 1;
inline constexpr uint64_t kSegmentsSection = 2;

// The value of one slot before an update.
struct FormerCell {
  FieldId slot = 0;
  Cell cell;
};

struct RawChange;

// Gives the entity type of an id, dropped ones too, so that variable slots are known.
using TypeLookup = std::function<const EntityType*(EntityTypeId)>;

class LogWriter {
 public:
  void Insert(EntityTypeId type, RecordId id);
  void Update(const EntityType& type, RecordId id, std::span<const FormerCell> former);
  void Delete(EntityTypeId type, RecordId id, std::string_view former_row);

  bool empty() const { return changes_.empty(); }
  // For savepoints: how far it is, and back to there.
  size_t mark() const { return changes_.size(); }
  void RollBackTo(size_t mark) { changes_.resize(mark); }
  size_t bytes() const { return changes_.size(); }

  // What was written so far. The views in it die with the next write.
  StatusOr<std::vector<RawChange>> Changes(const TypeLookup& type_of) const;

  // `segments` are the bytes of section 2; empty for none.
  std::string Finish(uint64_t sequence, Timestamp now, std::string_view principal, std::string_view cause,
                     std::string_view segments) const;

 private:
  std::string changes_;
};

// One logged change, in bytes of the entry.
struct RawChange {
  ChangeKind kind = ChangeKind::kInsert;
  EntityTypeId type = 0;
  RecordId id = 0;
  std::vector<FormerCell> former;  // update
  std::string_view former_row;     // delete
};
struct RawCommit {
  Timestamp now;
  std::string_view principal;
  std::string_view cause;
  std::vector<RawChange> changes;
  std::string_view segments;  // the bytes of section 2; empty if there is none
};

// DataLoss for damage.
StatusOr<RawCommit> ParseLogEntry(std::string_view entry, uint64_t sequence, const TypeLookup& type_of);
// The same without the changes, which are passed over.
StatusOr<RawCommit> ParseLogHead(std::string_view entry, uint64_t sequence);

}  // namespace relata::store

#endif  // RELATA_STORE_LOG_ENTRY_H_
