// Defines the history tree: the values that fields declared with `history` have had.
//
// Key: type (2 bytes), record (8), slot (2), from when (8, microseconds, sign flipped), all big-endian, so
// that the values of one field of one record lie together in time. Value: u8 present, then the bytes of a
// variable field or 8 bytes of a fixed one, then u32 checksum of both with the key. A value holds until the
// next entry's time.
#ifndef RELATA_STORE_HISTORY_H_
#define RELATA_STORE_HISTORY_H_

#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/schema/cell.h"
#include "relata/schema/field.h"
#include "src/kv/transaction.h"
#include "src/kv/tree.h"

namespace relata::store {

struct HistoryEntry {
  Timestamp from;
  Cell cell;  // points into the tree: see kv::Transaction for how long
};

// Records that the field has this value from `from` on; replaces an entry of the same moment.
Status PutHistory(kv::WriteTransaction* txn, kv::Tree tree, EntityTypeId type, RecordId id,
                  const Field& field, Timestamp from, const Cell& cell);
// Oldest first. O(log n + entries).
Status ReadHistory(const kv::Transaction& txn, kv::Tree tree, EntityTypeId type, RecordId id,
                   const Field& field, std::vector<HistoryEntry>* entries);

// One entry taken apart; false if it is damaged.
[[nodiscard]] bool ParseHistory(std::string_view key, std::string_view value, const Field& field,
                                HistoryEntry* entry);

}  // namespace relata::store

#endif  // RELATA_STORE_HISTORY_H_
