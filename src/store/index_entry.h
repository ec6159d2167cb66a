// Defines IndexEntry, one entry of an index's tree taken apart, and WalkEntries, which visits those of a
// range.
//
// Lifetime: an IndexEntry's views are the cursor's.
#ifndef RELATA_STORE_INDEX_ENTRY_H_
#define RELATA_STORE_INDEX_ENTRY_H_

#include <string>
#include <string_view>

#include "relata/base/status.h"
#include "relata/base/strings.h"
#include "relata/schema/ids.h"
#include "src/base/coding.h"
#include "src/kv/cursor.h"
#include "src/kv/transaction.h"
#include "src/store/id_block.h"
#include "src/store/id_suffix.h"
#include "src/store/index_tree.h"
#include "src/store/key_range.h"

namespace relata::store {

struct IndexEntry {
  std::string_view values;
  RecordId id = 0;        // the only one, or the first of a block
  std::string_view gaps;  // of the rest of the block
};

// The value of a unique index's entry. Short enough for a string without allocation.
inline std::string UniqueValue(RecordId id) {
  std::string value;
  PutVarint64(&value, id);
  return value;
}

// False if no index has such an entry.
[[nodiscard]] inline bool ReadEntry(bool unique, std::string_view key, std::string_view value,
                                    IndexEntry* entry) {
  if (!unique) {
    entry->gaps = value;
    return value.size() <= kMaxBlockBytes && SplitIdSuffix(key, &entry->values, &entry->id);
  }
  entry->values = key;
  return GetVarint64(&value, &entry->id) && value.empty() && entry->id != 0 && entry->id <= kMaxRecordId;
}

inline Status DamagedEntry(kv::Tree tree) {
  return absl::DataLossError(StrCat("index tree ", tree.name(), ": an entry is damaged; rebuild the index"));
}

// Whether a tree's key lies before the end of the range; its id makes no difference, see KeyRange.
inline bool BeforeEnd(const KeyRange& range, std::string_view key) {
  return range.high.empty() || key < range.high;
}

// Calls `visit` with every entry of the range, until it returns false: that the entry is damaged.
template <class Visit>
Status WalkEntries(const kv::Transaction& txn, const IndexTree& tree, const KeyRange& range, Visit&& visit) {
  kv::Cursor at(txn, tree.tree());
  IndexEntry entry;
  for (at.Seek(range.low); at.Valid() && BeforeEnd(range, at.key()); at.Next()) {
    if (!ReadEntry(tree.unique(), at.key(), at.value(), &entry) || !visit(entry))
      return DamagedEntry(tree.tree());
  }
  return at.status();
}

}  // namespace relata::store

#endif  // RELATA_STORE_INDEX_ENTRY_H_
