// IndexTree: changes, look-ups and counts. IndexCursor is in index_cursor.cc.
#include "src/store/index_tree.h"

#include <string>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/store/id_block.h"
#include "src/store/id_suffix.h"
#include "src/store/index_entry.h"

namespace relata::store {
namespace {

// A block that shrinks below this many ids is joined with a neighbour if both together are half full at most.
constexpr size_t kSmallBlockIds = 64;
constexpr size_t kJoinEvery = 16;

// What the cursor stands on, if it is a block of this values key.
Status TakeBlock(const kv::Cursor& at, kv::Tree tree, std::string_view values,
                 std::optional<IndexEntry>* block) {
  block->reset();
  if (!at.Valid()) return at.status();
  if (!at.key().starts_with(values)) return absl::OkStatus();
  IndexEntry entry;
  if (!ReadEntry(/*unique=*/false, at.key(), at.value(), &entry) || entry.values != values)
    return DamagedEntry(tree);
  *block = entry;
  return absl::OkStatus();
}

// Makes one block of two. False if they are too large for that.
bool Join(const IndexEntry& left, const IndexEntry& right, GapBuffer* joined) {
  if (BlockCount(left.gaps) + BlockCount(right.gaps) > kMaxBlockIds / 2) return false;
  if (left.gaps.size() + right.gaps.size() > kMaxBlockBytes / 2) return false;
  const RecordId last = LastOfBlock(left.id, left.gaps);
  if (last == 0 || last >= right.id) return false;
  joined->Append(left.gaps);
  joined->AppendGap(last, right.id);
  joined->Append(right.gaps);
  return true;
}

// Joins the block that the cursor stands on with the one before or behind it, where that makes sense.
Status JoinBlocks(kv::WriteTransaction* txn, kv::Tree tree, std::string_view values, const IndexEntry& block,
                  kv::Cursor* at) {
  GapBuffer joined;
  std::optional<IndexEntry> neighbour;
  at->Prev();
  RELATA_RETURN_IF_ERROR(TakeBlock(*at, tree, values, &neighbour));
  RecordId first = block.id;
  const bool before = neighbour && Join(*neighbour, block, &joined);
  if (before) first = neighbour->id;
  if (at->Valid()) {
    at->Next();
  } else {
    at->SeekFirst();
  }
  if (!before) {
    at->Next();
    RELATA_RETURN_IF_ERROR(TakeBlock(*at, tree, values, &neighbour));
    if (!neighbour || !Join(block, *neighbour, &joined)) return absl::OkStatus();
  }
  RELATA_RETURN_IF_ERROR(at->DeleteCurrent());  // the right one of the two
  return txn->Put(tree, EntryKey(values, first), joined);
}

Status Absent(kv::Tree tree, RecordId id) {
  return absl::NotFoundError(
      StrCat("index tree ", tree.name(), ": no entry of record ", id, " with these values; run check"));
}

}  // namespace

Status IndexTree::Insert(kv::WriteTransaction* txn, std::string_view values, RecordId id) const {
  if (unique_) {
    bool inserted = false;
    RELATA_RETURN_IF_ERROR(txn->Insert(tree_, values, UniqueValue(id), &inserted));
    if (inserted) return absl::OkStatus();
    return absl::AlreadyExistsError(
        StrCat("index tree ", tree_.name(), ": the values of record ", id, " are another record's"));
  }
  kv::Cursor at(*txn, tree_);
  at.SeekBefore(EntryKey(values, id + 1));
  std::optional<IndexEntry> block;
  RELATA_RETURN_IF_ERROR(TakeBlock(at, tree_, values, &block));
  GapBuffer gaps;
  if (block) {
    const BlockSpot spot = FindInBlock(block->id, block->gaps, id);
    if (!spot.whole) return DamagedEntry(tree_);
    if (spot.at == id) {
      return absl::AlreadyExistsError(
          StrCat("index tree ", tree_.name(), ": record ", id, " has its entry already; run check"));
    }
    gaps.Append(block->gaps.substr(0, spot.begin));
    gaps.AppendGap(spot.before, id);
    if (spot.at != 0) {
      gaps.AppendGap(id, spot.at);
      gaps.Append(block->gaps.substr(spot.end));
    }
    if (gaps.Fits()) return at.PutCurrent(gaps);
    if (spot.at != 0) {
      std::string_view right = gaps;
      RecordId first = block->id;
      size_t left_bytes = 0;
      do {
        left_bytes = std::string_view(gaps).size() - right.size();
        if (!NextInBlock(&right, &first)) return DamagedEntry(tree_);
      } while (right.size() > left_bytes);
      RELATA_RETURN_IF_ERROR(at.PutCurrent(std::string_view(gaps).substr(0, left_bytes)));
      return txn->Put(tree_, EntryKey(values, first), right);
    }
  }
  // The id goes in front of the block that follows, or begins one: behind a full block too, since ids usually
  // grow.
  if (at.Valid()) {
    at.Next();
  } else {
    at.SeekFirst();
  }
  RELATA_RETURN_IF_ERROR(TakeBlock(at, tree_, values, &block));
  gaps.Clear();
  if (block) {
    gaps.AppendGap(id, block->id);
    gaps.Append(block->gaps);
    if (gaps.Fits()) {
      RELATA_RETURN_IF_ERROR(at.DeleteCurrent());
    } else {
      gaps.Clear();
    }
  }
  return txn->Put(tree_, EntryKey(values, id), gaps);
}

Status IndexTree::Erase(kv::WriteTransaction* txn, std::string_view values, RecordId id) const {
  if (unique_) {
    std::optional<RecordId> holder;
    RELATA_ASSIGN_OR_RETURN(holder, FindUnique(*txn, values));
    if (holder != id) return Absent(tree_, id);
    return txn->Delete(tree_, values);
  }
  kv::Cursor at(*txn, tree_);
  at.SeekBefore(EntryKey(values, id + 1));
  std::optional<IndexEntry> block;
  RELATA_RETURN_IF_ERROR(TakeBlock(at, tree_, values, &block));
  if (!block) return Absent(tree_, id);
  const BlockSpot spot = FindInBlock(block->id, block->gaps, id);
  if (!spot.whole) return DamagedEntry(tree_);
  if (spot.at != id) return Absent(tree_, id);
  RecordId first = block->id;
  GapBuffer gaps;
  if (id == first) {
    std::string_view rest = block->gaps;
    if (rest.empty()) return at.DeleteCurrent();
    if (!NextInBlock(&rest, &first)) return DamagedEntry(tree_);
    gaps.Append(rest);
    RELATA_RETURN_IF_ERROR(at.DeleteCurrent());
    return txn->Put(tree_, EntryKey(values, first), gaps);
  }
  gaps.Append(block->gaps.substr(0, spot.begin));
  std::string_view rest = block->gaps.substr(spot.end);
  if (!rest.empty()) {
    RecordId next = id;
    if (!NextInBlock(&rest, &next)) return DamagedEntry(tree_);
    gaps.AppendGap(spot.before, next);
    gaps.Append(rest);
  }
  RELATA_RETURN_IF_ERROR(at.PutCurrent(gaps));
  const size_t count = BlockCount(gaps);
  // Seldom enough to cost little, often enough that a block does not stay small beside another one.
  if (count >= kSmallBlockIds || count % kJoinEvery != 0) return absl::OkStatus();
  return JoinBlocks(txn, tree_, values, {.values = values, .id = first, .gaps = gaps}, &at);
}

StatusOr<std::optional<RecordId>> IndexTree::FindUnique(const kv::Transaction& txn,
                                                        std::string_view key) const {
  std::string_view value;
  if (!txn.Find(tree_, key, &value)) {
    RELATA_RETURN_IF_ERROR(txn.status());
    return std::nullopt;
  }
  IndexEntry entry;
  if (!ReadEntry(/*unique=*/true, key, value, &entry)) return DamagedEntry(tree_);
  return entry.id;
}

Status IndexTree::VisitIds(const kv::Transaction& txn, const KeyRange& range,
                           absl::FunctionRef<void(std::span<const RecordId>)> visit) const {
  constexpr size_t kEnough = 1024;
  std::vector<RecordId> ids;
  ids.reserve(kEnough + kMaxBlockIds);
  RELATA_RETURN_IF_ERROR(WalkEntries(txn, *this, range, [&](const IndexEntry& entry) {
    if (!DecodeBlock(entry.id, entry.gaps, &ids)) return false;
    if (ids.size() >= kEnough) {
      visit(ids);
      ids.clear();
    }
    return true;
  }));
  if (!ids.empty()) visit(ids);
  return absl::OkStatus();
}

Status IndexTree::AppendIds(const kv::Transaction& txn, const KeyRange& range,
                            std::vector<RecordId>* ids) const {
  return WalkEntries(txn, *this, range,
                     [&](const IndexEntry& entry) { return DecodeBlock(entry.id, entry.gaps, ids); });
}

StatusOr<uint64_t> IndexTree::Count(const kv::Transaction& txn, const KeyRange& range) const {
  uint64_t count = 0;
  RELATA_RETURN_IF_ERROR(WalkEntries(txn, *this, range, [&](const IndexEntry& entry) {
    count += BlockCount(entry.gaps);
    return true;
  }));
  return count;
}

}  // namespace relata::store
