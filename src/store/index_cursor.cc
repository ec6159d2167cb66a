// IndexCursor: blocks in the cursor's direction, one at a time.
#include <algorithm>
#include <utility>

#include "relata/base/check.h"
#include "src/store/id_block.h"
#include "src/store/id_suffix.h"
#include "src/store/index_entry.h"
#include "src/store/index_tree.h"

namespace relata::store {

IndexCursor::IndexCursor(const kv::Transaction& txn, const IndexTree& tree, KeyRange range,
                         Direction direction)
    : cursor_(txn, tree.tree()), range_(std::move(range)), tree_(tree), direction_(direction) {
  SeekStart();
}

void IndexCursor::SeekStart() {
  if (Forward()) {
    cursor_.Seek(range_.low);
  } else if (range_.high.empty()) {
    cursor_.SeekLast();
  } else {
    cursor_.SeekBefore(range_.high);
  }
  Load();
}

void IndexCursor::Next() {
  RELATA_DCHECK(Valid());
  if (++position_ == ids_.size()) Step();
}

void IndexCursor::Step() {
  if (Forward()) {
    cursor_.Next();
  } else {
    cursor_.Prev();
  }
  Load();
}

void IndexCursor::Load() {
  ids_.clear();
  position_ = 0;
  if (!cursor_.Valid()) {
    status_ = cursor_.status();
    return;
  }
  if (Forward() ? !BeforeEnd(range_, cursor_.key()) : cursor_.key() < range_.low) return;
  IndexEntry entry;
  if (!ReadEntry(tree_.unique(), cursor_.key(), cursor_.value(), &entry) ||
      !DecodeBlock(entry.id, entry.gaps, &ids_)) {
    ids_.clear();
    status_ = DamagedEntry(tree_.tree());
    return;
  }
  values_ = entry.values;
  if (!Forward()) std::reverse(ids_.begin(), ids_.end());
}

void IndexCursor::SeekAfter(std::string_view values, RecordId id) {
  if (Forward() ? values < range_.low : !range_.high.empty() && values >= range_.high) return SeekStart();
  if (values.size() > kv::kMaxKeyBytes || (!tree_.unique() && values.size() > EntryKey::kMaxValuesBytes)) {
    ids_.clear();
    position_ = 0;
    status_ = absl::InvalidArgumentError("the place to continue from is no key of this index");
    return;
  }
  // The greatest entry that may hold ids up to this one, of these values or of smaller ones.
  if (tree_.unique()) {
    if (!cursor_.SeekExact(values)) cursor_.SeekBefore(values);
  } else {
    cursor_.SeekBefore(EntryKey(values, id + 1));
  }
  if (!cursor_.Valid() && Forward() && cursor_.status().ok()) {
    cursor_.Seek(range_.low);
    return Load();
  }
  Load();
  // Forward, a smaller entry may lie before the range; what it holds is passed over as well.
  const auto passed = [&] {
    if (values_ != values) return Forward() == (values_ < values);
    return Forward() ? this->id() <= id : this->id() >= id;
  };
  while (Valid() && passed()) Next();
}

}  // namespace relata::store
