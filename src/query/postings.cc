// Postings: blocks on demand, a heap of several lists, and leapfrogging between words.
#include "src/query/postings.h"

#include <algorithm>

#include "src/store/id_block.h"
#include "src/store/id_suffix.h"
#include "src/store/index_entry.h"

namespace relata::query {

Status Posting::Decode(RecordId first, std::string_view gaps) {
  ids_.clear();
  position_ = 0;
  if (store::DecodeBlock(first, gaps, &ids_)) return absl::OkStatus();
  ids_.clear();
  return store::DamagedEntry(tree_);
}

Status Posting::Take(bool* mine) {
  *mine = false;
  ids_.clear();
  position_ = 0;
  if (!cursor_->Valid()) return cursor_->status();
  if (!cursor_->key().starts_with(head_.values)) return absl::OkStatus();
  store::IndexEntry entry;
  if (!store::ReadEntry(/*unique=*/false, cursor_->key(), cursor_->value(), &entry) ||
      entry.values != head_.values) {
    return store::DamagedEntry(tree_);
  }
  *mine = true;
  return Decode(entry.id, entry.gaps);
}

bool Posting::StandAt(RecordId id) {
  if (ids_.empty() || id > ids_.back()) return false;
  // Mostly it is near: in growing steps to where it must be passed, then by halves.
  size_t low = position_;
  size_t step = 1;
  while (low + step < ids_.size() && ids_[low + step] < id) {
    low += step;
    step *= 2;
  }
  const auto from = ids_.begin() + static_cast<std::ptrdiff_t>(low);
  const auto to = ids_.begin() + static_cast<std::ptrdiff_t>(std::min(low + step + 1, ids_.size()));
  position_ = static_cast<size_t>(std::lower_bound(from, to, id) - ids_.begin());
  return true;
}

Status Posting::SeekTo(RecordId id) {
  if (StandAt(id)) return absl::OkStatus();
  if (!begun_) {
    begun_ = true;
    RELATA_RETURN_IF_ERROR(Decode(head_.id, head_.gaps));
    if (StandAt(id)) return absl::OkStatus();
  } else if (ids_.empty()) {
    return absl::OkStatus();
  }
  if (head_.whole) {
    ids_.clear();
    position_ = 0;
    return absl::OkStatus();
  }
  // Lists of like length are walked block by block.
  bool mine = false;
  if (!cursor_) {
    cursor_.emplace(*txn_, tree_);
    if (!cursor_->SeekExact(store::EntryKey(head_.values, head_.id))) {
      RELATA_RETURN_IF_ERROR(cursor_->status());
      return store::DamagedEntry(tree_);  // it was there a moment ago
    }
  }
  cursor_->Next();
  RELATA_RETURN_IF_ERROR(Take(&mine));
  if (!mine || StandAt(id)) return absl::OkStatus();
  // The last block that begins at or before `id`: this one at least.
  cursor_->SeekBefore(store::EntryKey(head_.values, id + 1));
  RELATA_RETURN_IF_ERROR(Take(&mine));
  if (!mine || StandAt(id)) return absl::OkStatus();
  cursor_->Next();
  return Take(&mine);
}

Status Postings::SeekTo(RecordId id) {
  if (postings_.size() == 1) {
    RELATA_RETURN_IF_ERROR(postings_.front().SeekTo(id));
    id_ = postings_.front().id();
    return absl::OkStatus();
  }
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
  if (postings_.size() == 1) return postings_.front().share();
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

namespace {

// Two postings, block beside block: faster than to look each id up in the other.
Status IntersectPair(Posting* a, Posting* b, absl::FunctionRef<bool(RecordId)> visit) {
  for (RecordId id = 1;;) {
    RELATA_RETURN_IF_ERROR(a->SeekTo(id));
    if (a->id() == kNoMore) return absl::OkStatus();
    RELATA_RETURN_IF_ERROR(b->SeekTo(a->id()));
    if (b->id() == kNoMore) return absl::OkStatus();
    const std::span<const RecordId> x = a->rest();
    const std::span<const RecordId> y = b->rest();
    size_t i = 0;
    size_t j = 0;
    while (i < x.size() && j < y.size()) {
      if (x[i] == y[j]) {
        if (!visit(x[i])) return absl::OkStatus();
        ++i;
        ++j;
        continue;
      }
      const bool less = x[i] < y[j];
      i += less ? 1 : 0;
      j += less ? 0 : 1;
    }
    id = i < x.size() ? x[i] : j < y.size() ? y[j] : x.back() + 1;
  }
}

}  // namespace

Status Intersect(std::vector<Postings>* words, absl::FunctionRef<bool(RecordId)> visit) {
  if (words->size() == 2 && words->front().only() != nullptr && words->back().only() != nullptr) {
    return IntersectPair(words->front().only(), words->back().only(), visit);
  }
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
