// Defines IndexTree, one index of an entity type as an ordered tree of (values key, id), and IndexCursor,
// which walks it.
//
//   IndexTree cities(tree, /*unique=*/false);
//   RELATA_RETURN_IF_ERROR(cities.Insert(&txn, key, 17));
//   for (IndexCursor at(snapshot, cities, coder.Equal({Cell::OfBytes("Utrecht")})); at.Valid(); at.Next()) …
//
// A unique index has a tree entry per values key, with the id as its value. Any other keeps ids in blocks:
// the entry's key is the values key and the first id of the block (id_suffix.h), its value the gaps between
// the ids that follow (id_block.h). No values key of an index may be the beginning of another one;
// IndexKeyCoder sees to that.
//
// Thread safety: an IndexTree is an immutable value. Calls are the transaction's: one thread at a time.
// A block that does not decode is DataLoss.
#ifndef RELATA_STORE_INDEX_TREE_H_
#define RELATA_STORE_INDEX_TREE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "src/kv/cursor.h"
#include "src/kv/transaction.h"
#include "src/kv/tree.h"
#include "src/store/key_range.h"

namespace relata::store {

class IndexTree {
 public:
  IndexTree() = default;  // no tree
  IndexTree(kv::Tree tree, bool unique) : tree_(tree), unique_(unique) {}

  // Adds an entry. AlreadyExists, and nothing changed, if it is there already, or in a unique index if any
  // record has this key (FindUnique tells which). O(log n) and one block. REQUIRES: 1 <= id <= kMaxRecordId,
  // 1 to 504 bytes of key, which is no view into this transaction's pages.
  Status Insert(kv::WriteTransaction* txn, std::string_view values_key, RecordId id) const;

  // Removes an entry. NotFound, and nothing changed, if it is not there: a sign of damage, since an index
  // follows its rows. O(log n) and one or two blocks. REQUIRES: as Insert.
  Status Erase(kv::WriteTransaction* txn, std::string_view values_key, RecordId id) const;

  // The record with this key. REQUIRES: unique(). O(log n).
  StatusOr<std::optional<RecordId>> FindUnique(const kv::Transaction& txn, std::string_view key) const;

  // Calls `visit` with the ids in the range, some hundreds at a time, in (values key, id) order: within one
  // values key the ids ascend. The span lives until `visit` returns, which must not write.
  Status VisitIds(const kv::Transaction& txn, const KeyRange& range,
                  absl::FunctionRef<void(std::span<const RecordId>)> visit) const;
  // Appends the ids in the range, in the same order.
  Status AppendIds(const kv::Transaction& txn, const KeyRange& range, std::vector<RecordId>* ids) const;

  // The number of entries in the range. O(blocks in the range).
  StatusOr<uint64_t> Count(const kv::Transaction& txn, const KeyRange& range) const;

  // About that number: exact up to 512 blocks. Beyond that a guess: of ids of one values key from how dense
  // the first ones are, of a wider range as if keys, or the numbers they begin with, were spread evenly.
  // Where they are not it can be wrong by a factor of ten and more. Never below the ids of 512 blocks, nor
  // much above what the index holds. Cost: 512 blocks.
  StatusOr<uint64_t> EstimateCount(const kv::Transaction& txn, const KeyRange& range) const;

  kv::Tree tree() const { return tree_; }
  bool unique() const { return unique_; }

 private:
  kv::Tree tree_;
  bool unique_ = false;
};

enum class Direction : uint8_t { kForward, kBackward };

// Walks the entries of a range in (values key, id) order, or all of it reversed: backward, ids descend too.
// Lifetime: within its transaction's. values() lives until the cursor moves, and in a WriteTransaction no
// longer than until its next change; the cursor then has to be placed again, with SeekAfter. Do not change an
// index while walking it: entries may come twice, or for ever. Collect the ids first, then change. Cost:
// opening allocates once; a step is O(1) amortised.
class IndexCursor {
 public:
  // Stands on the first entry in its direction, if there is one.
  IndexCursor(const kv::Transaction& txn, const IndexTree& tree, KeyRange range,
              Direction direction = Direction::kForward);

  bool Valid() const { return position_ < ids_.size(); }
  void Next();  // REQUIRES: Valid()

  // Moves to the first entry in this direction that comes after (values_key, id), whether that is there or
  // not: where a page that ended with it continues. An entry before the range's beginning leads to that.
  // O(log n).
  void SeekAfter(std::string_view values_key, RecordId id);

  // REQUIRES: Valid()
  std::string_view values() const { return values_; }
  RecordId id() const { return ids_[position_]; }

  // OK at the end; else what failed.
  const Status& status() const { return status_; }

 private:
  void SeekStart();
  void Load();  // takes what the cursor stands on, or becomes invalid outside the range
  void Step();  // to the next block
  bool Forward() const { return direction_ == Direction::kForward; }

  kv::Cursor cursor_;
  KeyRange range_;
  IndexTree tree_;
  Direction direction_;
  std::string_view values_;
  std::vector<RecordId> ids_;  // of the block, in this direction
  size_t position_ = 0;
  Status status_;
};

}  // namespace relata::store

#endif  // RELATA_STORE_INDEX_TREE_H_
