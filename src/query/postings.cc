// Postings: blocks on demand, a heap of several lists, and leapfrogging between words.
#include "src/query/postings.h"

#include <algorithm>

#include "src/store/id_block.h"
#include "src/store/id_suffix.h"
#include "src/store/index_entry.h"

namespace relata::query {

Status Posting::Take(bool* mine) {
  *mine = false;
  ids_.clear();
  position_ = 0;
  if (!cursor_.Valid()) return cursor_.status();
  if (!cursor_.key().starts_with(values_)) return absl::OkStatus();
  store::IndexEntry entry;
  if (!store::ReadEntry(/*unique=*/false, cursor_.key(), cursor_.value(), &entry) ||
      entry.values != values_ || !store::DecodeBlock(entry.id, entry.gaps, &ids_)) {
    ids_.clear();
    return store::DamagedEntry(tree_);
  }
  *mine = true;
  return absl::OkStatus();
}

bool Posting::StandAt(RecordId id) {
  if (ids_.empty() || id > ids_.back()) return false;
  const auto from = ids_.begin() + static_cast<std::ptrdiff_t>(position_);
  position_ = static_cast<size_t>(std::lower_bound(from, ids_.end(), id) - ids_.begin());
  return true;
}

Status Posting::SeekTo(RecordId id) {
  if (StandAt(id)) return absl::OkStatus();
  // Lists of like length are walked block by block.
  bool mine = false;
  if (!begun_) {
    begun_ = true;
    cursor_.Seek(values_);
  } else if (!ids_.empty()) {
    cursor_.Next();
  } else {
    return absl::OkStatus();
  }
  RELATA_RETURN_IF_ERROR(Take(&mine));
  if (!mine || StandAt(id)) return absl::OkStatus();
  // The last block that begins at or before `id`: this one at least.
  cursor_.SeekBefore(store::EntryKey(values_, id + 1));
  RELATA_RETURN_IF_ERROR(Take(&mine));
  if (!mine || StandAt(id)) return absl::OkStatus();
  cursor_.Next();
  return Take(&mine);
}

Status Postings::SeekTo(RecordId id) {
  const Later later{&postings_};
  if (!begun_) {
    begun_ = true;
    for (uint32_t i = 0; i < postings_.size(); ++i) {
      RELATA_RETURN_IF_ERROR(postings_[i].SeekTo(id));
      if (postings_[i].id() != kNoMore) heap_.push_back(i);
    }
    std::make_heap(heap_.begin(), heap_.end(), later);
  }
  while (!heap_.empty() && postings_[heap_.front()].id() < id) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Posting& posting = postings_[heap_.back()];
    RELATA_RETURN_IF_ERROR(posting.SeekTo(id));
    if (posting.id() == kNoMore) {
      heap_.pop_back();
    } else {
      std::push_heap(heap_.begin(), heap_.end(), later);
    }
  }
  id_ = heap_.empty() ? kNoMore : postings_[heap_.front()].id();
  return absl::OkStatus();
}

Share Postings::Best() const {
  Share best;
  // Those with this id form the top of the heap: no child is less than its parent.
  const auto look = [&](const auto& self, size_t at) -> void {
    if (at >= heap_.size() || postings_[heap_[at]].id() != id_) return;
    const Share& share = postings_[heap_[at]].share();
    if (share.score > best.score || (share.score == best.score && share.field < best.field)) best = share;
    self(self, 2 * at + 1);
    self(self, 2 * at + 2);
  };
  look(look, 0);
  return best;
}

Status Intersect(std::vector<Postings>* words, absl::FunctionRef<bool(RecordId)> visit) {
  RecordId id = 1;
  while (!words->empty()) {
    size_t agreed = 0;
    for (size_t at = 0; agreed < words->size(); at = (at + 1) % words->size()) {
      Postings& word = (*words)[at];
      RELATA_RETURN_IF_ERROR(word.SeekTo(id));
      if (word.id() == kNoMore) return absl::OkStatus();
      agreed = word.id() == id ? agreed + 1 : 1;
      id = word.id();
    }
    if (!visit(id)) break;
    ++id;
  }
  return absl::OkStatus();
}

}  // namespace relata::query
