// Postings: blocks on demand, a heap of several lists, and leapfrogging between words.
#include "src/query/postings.h"

#include <algorithm>

#include "src/store/id_suffix.h"
#include "src/store/index_entry.h"

namespace relata::query {

bool Posting::StandAt(RecordId id) {
  if (position_ == count_ || id > ids_[count_ - 1]) return false;
  if (id <= ids_[position_]) return true;
  // Mostly it is near: in growing steps to where it must be passed, then by halves.
  size_t low = position_;
  size_t step = 1;
  while (low + step < count_ && ids_[low + step] < id) {
    low += step;
    step *= 2;
  }
  const auto from = ids_.begin() + low;
  const auto to = ids_.begin() + std::min(low + step + 1, count_);
  position_ = static_cast<size_t>(std::lower_bound(from, to, id) - ids_.begin());
  return true;
}

void Posting::End() {
  position_ = count_ = 0;
  ended_ = true;
}

Status Posting::SeekInBlock(RecordId id, bool* found) {
  while (!(*found = StandAt(id))) {
    position_ = 0;
    if (!block_.Read(ids_.data(), &count_)) {
      End();
      return store::DamagedEntry(tree_);
    }
    if (count_ == 0) break;
  }
  return absl::OkStatus();
}

Status Posting::SeekInNext(RecordId id, bool* mine, bool* found) {
  *mine = *found = false;
  End();
  if (!cursor_->Valid()) return cursor_->status();
  if (!cursor_->key().starts_with(head_.values)) return absl::OkStatus();
  store::IndexEntry entry;
  if (!store::ReadEntry(/*unique=*/false, cursor_->key(), cursor_->value(), &entry) ||
      entry.values != head_.values) {
    return store::DamagedEntry(tree_);
  }
  *mine = true;
  ended_ = false;
  block_ = store::BlockReader(entry.id, entry.gaps);
  return SeekInBlock(id, found);
}

Status Posting::SeekTo(RecordId id) {
  if (!begun_) {
    begun_ = true;
    block_ = store::BlockReader(head_.id, head_.gaps);
  }
  bool found = false;
  RELATA_RETURN_IF_ERROR(SeekInBlock(id, &found));
  if (found || ended_) return absl::OkStatus();
  if (head_.whole) {
    End();
    return absl::OkStatus();
  }
  bool mine = false;
  // Lists of like length are walked block by block.
  if (!cursor_) {
    cursor_.emplace(*txn_, tree_);
    if (!cursor_->SeekExact(store::EntryKey(head_.values, head_.id))) {
      RELATA_RETURN_IF_ERROR(cursor_->status());
      return store::DamagedEntry(tree_);  // it was there a moment ago
    }
  }
  cursor_->Next();
  RELATA_RETURN_IF_ERROR(SeekInNext(id, &mine, &found));
  if (!mine || found) return absl::OkStatus();
  // The last block that begins at or before `id`: this one at least.
  cursor_->SeekBefore(store::EntryKey(head_.values, id + 1));
  RELATA_RETURN_IF_ERROR(SeekInNext(id, &mine, &found));
  if (!mine || found) return absl::OkStatus();
  cursor_->Next();
  return SeekInNext(id, &mine, &found);
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

// A set of ids that may say yes for others too, one in thirty if it holds a piece of a block. Bytes, since to
// set a bit would have to read it first.
class Filter {
 public:
  void Add(RecordId id) { has_[id % kSize] = 1; }
  bool MayHave(RecordId id) const { return has_[id % kSize] != 0; }

 private:
  static constexpr size_t kSize = 2048;
  uint8_t has_[kSize] = {};
};

// Two postings: each piece of the one is put into a filter that the ids of the other are looked up in. So
// none of them waits for the one before, as in a merge.
Status IntersectPair(Posting* a, Posting* b, absl::FunctionRef<bool(RecordId)> visit) {
  for (RecordId id = 1;;) {
    RELATA_RETURN_IF_ERROR(a->SeekTo(id));
    if (a->id() == kNoMore) return absl::OkStatus();
    const std::span<const RecordId> x = a->rest();
    Filter filter;
    for (const RecordId one : x) filter.Add(one);
    const RecordId* at = x.data();
    const RecordId* const end = at + x.size();
    while (at != end) {
      RELATA_RETURN_IF_ERROR(b->SeekTo(*at));
      if (b->id() == kNoMore) return absl::OkStatus();
      std::span<const RecordId> y = b->rest();
      id = y.back() + 1;
      if (y.back() > x.back()) {
        const auto behind = std::upper_bound(y.begin(), y.end(), x.back());
        id = *behind;
        y = y.first(static_cast<size_t>(behind - y.begin()));
      }
      for (const RecordId one : y) {
        if (!filter.MayHave(one)) continue;
        while (*at < one) ++at;  // not by halves: what is passed here is passed once
        if (*at == one && !visit(one)) return absl::OkStatus();
      }
      while (at != end && *at < id) ++at;
      b->Pass(y.size());
    }
    a->Pass(x.size());
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
