// Keeps record ids in chunks that copies share.
#include "src/segment/member_set.h"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "relata/base/check.h"
#include "src/segment/chunk_ids.h"

namespace relata::segment {

namespace {

constexpr int kChunkBits = 16;
constexpr uint64_t kChunkIds = uint64_t{1} << kChunkBits;

// Whether nobody else holds it. What those who held it did with it is over then: the count that is let go
// here is the same as theirs, so this thread sees what they saw.
template <typename T>
bool IsUnshared(const std::shared_ptr<T>& held) {
  if (held.use_count() > 1) return false;
  std::shared_ptr<T>(held).reset();
  return true;
}

uint16_t LowOf(RecordId id) { return static_cast<uint16_t>(id & (kChunkIds - 1)); }

}  // namespace

struct MemberSet::Chunk {
  Chunk() = default;
  explicit Chunk(ChunkIds of) : ids(std::move(of)) {}

  ChunkIds ids;  // the low halves
};

struct MemberSet::Chunks {
  struct Place {
    uint64_t number = 0;
    std::shared_ptr<Chunk> chunk;  // nullptr where it is empty
    uint64_t commit = 0;           // the last that changed it

    uint64_t size() const { return chunk == nullptr ? 0 : chunk->ids.size(); }
  };
  std::vector<Place> places;  // by number
  uint64_t size = 0;

  // The first place at or after a number. Numbers of dense ids are places too.
  size_t At(uint64_t number) const {
    if (number < places.size() && places[number].number == number) return number;
    const auto at = std::lower_bound(places.begin(), places.end(), number,
                                     [](const Place& place, uint64_t n) { return place.number < n; });
    return static_cast<size_t>(at - places.begin());
  }
  // Where a place of dense ids would be; nullptr if it is not there.
  const Place* Guess(uint64_t number) const {
    return number < places.size() ? places.data() + number : nullptr;
  }
  const Place* Find(uint64_t number) const {
    const size_t at = At(number);
    return at < places.size() && places[at].number == number ? &places[at] : nullptr;
  }
  Place* Make(uint64_t number) {
    const size_t at = At(number);
    if (at == places.size() || places[at].number != number) {
      places.insert(places.begin() + static_cast<ptrdiff_t>(at), Place{.number = number});
    }
    return &places[at];
  }
  void Append(uint64_t number, std::shared_ptr<Chunk> chunk) {
    if (chunk == nullptr || chunk->ids.empty()) return;
    size += chunk->ids.size();
    places.push_back({.number = number, .chunk = std::move(chunk)});
  }
};

namespace {

// A set as rooms below know it.
class Face : public store::MemberIds {
 public:
  explicit Face(MemberSet members) : members_(std::move(members)) {}
  bool Contains(RecordId id) const override { return members_.Contains(id); }
  uint64_t size() const override { return members_.size(); }
  void ForEach(absl::FunctionRef<void(RecordId)> visit) const override { members_.ForEach(visit); }
  void CopyMask(RecordId first, std::span<uint64_t> words) const override { members_.CopyMask(first, words); }

 private:
  MemberSet members_;
};

}  // namespace

MemberSet MemberSet::FromSorted(std::span<const RecordId> ids) {
  MemberSet set;
  if (ids.empty()) return set;
  set.chunks_ = std::make_shared<Chunks>();
  std::vector<uint16_t> low;
  for (size_t begin = 0; begin < ids.size();) {
    const uint64_t number = ids[begin] >> kChunkBits;
    low.clear();
    size_t end = begin;
    for (; end < ids.size() && ids[end] >> kChunkBits == number; ++end) low.push_back(LowOf(ids[end]));
    set.chunks_->Append(number, std::make_shared<Chunk>(ChunkIds(low)));
    begin = end;
  }
  return set;
}

MemberSet::Chunks* MemberSet::Own() {
  if (chunks_ == nullptr) {
    chunks_ = std::make_shared<Chunks>();
  } else if (!IsUnshared(chunks_)) {
    chunks_ = std::make_shared<Chunks>(*chunks_);
  }
  return chunks_.get();
}

bool MemberSet::Contains(RecordId id) const {
  if (chunks_ == nullptr) return false;
  const Chunks::Place* place = chunks_->Find(id >> kChunkBits);
  return place != nullptr && place->chunk != nullptr && place->chunk->ids.Contains(LowOf(id));
}

void MemberSet::Prefetch(std::span<const Question> questions) {
  // From a set to the ids one thing leads to the next: a step is made for all before the one behind it.
  const auto guess = [](const Question& question) -> const Chunks::Place* {
    const MemberSet& set = *question.set;
    return set.chunks_ == nullptr ? nullptr : set.chunks_->Guess(question.id >> kChunkBits);
  };
  const auto chunk = [&](const Question& question) -> const Chunk* {
    const Chunks::Place* const place = guess(question);
    return place == nullptr ? nullptr : place->chunk.get();
  };
  for (const Question& question : questions) __builtin_prefetch(question.set);
  for (const Question& question : questions) __builtin_prefetch(question.set->chunks_.get());
  for (const Question& question : questions) __builtin_prefetch(guess(question));
  for (const Question& question : questions) __builtin_prefetch(chunk(question));
  for (const Question& question : questions) {
    if (const Chunk* const of = chunk(question); of != nullptr) {
      __builtin_prefetch(of->ids.Near(LowOf(question.id)));
    }
  }
  // GCC would take a function that only fetches for one that does nothing, and leave out the calls.
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

uint64_t MemberSet::size() const { return chunks_ == nullptr ? 0 : chunks_->size; }

void MemberSet::ForEach(RecordId from, RecordId to, absl::FunctionRef<void(RecordId)> visit) const {
  if (chunks_ == nullptr || from >= to) return;
  for (size_t at = chunks_->At(from >> kChunkBits); at < chunks_->places.size(); ++at) {
    const Chunks::Place& place = chunks_->places[at];
    const RecordId first = place.number << kChunkBits;
    if (first >= to) return;
    if (place.chunk == nullptr) continue;
    const uint32_t low = first < from ? LowOf(from) : 0;
    const auto high = static_cast<uint32_t>(std::min(to - first, kChunkIds));
    place.chunk->ids.Visit(low, high, [&](uint32_t id) {
      visit(first + id);
      return true;
    });
  }
}

std::vector<RecordId> MemberSet::Page(RecordId after, size_t limit) const {
  std::vector<RecordId> page;
  if (chunks_ == nullptr) return page;
  const RecordId from = after + 1;
  for (size_t at = chunks_->At(from >> kChunkBits); at < chunks_->places.size(); ++at) {
    const Chunks::Place& place = chunks_->places[at];
    if (place.chunk == nullptr) continue;
    const RecordId first = place.number << kChunkBits;
    place.chunk->ids.Visit(first < from ? LowOf(from) : 0, kChunkIds, [&](uint32_t id) {
      if (page.size() == limit) return false;
      page.push_back(first + id);
      return true;
    });
    if (page.size() == limit) return page;
  }
  return page;
}

void MemberSet::CopyMask(RecordId first, std::span<uint64_t> words) const {
  RELATA_DCHECK(first % 64 == 0);
  std::fill(words.begin(), words.end(), 0);
  ForEach(first, first + 64 * words.size(), [&](RecordId id) {
    const uint64_t bit = id - first;
    words[bit / 64] |= uint64_t{1} << bit % 64;
  });
}

bool MemberSet::Set(RecordId id, bool member, uint64_t commit) {
  if (Contains(id) == member) return false;
  Chunks* chunks = Own();
  Chunks::Place* place = chunks->Make(id >> kChunkBits);
  if (place->chunk == nullptr) {
    place->chunk = std::make_shared<Chunk>();
  } else if (!IsUnshared(place->chunk)) {
    place->chunk = std::make_shared<Chunk>(*place->chunk);
  }
  if (member) {
    place->chunk->ids.Add(LowOf(id));
    ++chunks->size;
  } else {
    place->chunk->ids.Remove(LowOf(id));
    --chunks->size;
    if (place->chunk->ids.empty()) place->chunk = nullptr;
  }
  place->commit = std::max(place->commit, commit);
  return true;
}

MemberSet MemberSet::And(const MemberSet& other) const {
  if (chunks_ == other.chunks_) return *this;
  MemberSet both;
  if (empty() || other.empty()) return both;
  both.chunks_ = std::make_shared<Chunks>();
  for (const Chunks::Place& place : chunks_->places) {
    const Chunks::Place* match = other.chunks_->Find(place.number);
    if (place.chunk == nullptr || match == nullptr || match->chunk == nullptr) continue;
    both.chunks_->Append(place.number,
                         place.chunk == match->chunk
                             ? place.chunk
                             : std::make_shared<Chunk>(place.chunk->ids.And(match->chunk->ids)));
  }
  return both;
}

MemberSet MemberSet::AndNot(const MemberSet& other) const {
  MemberSet rest;
  if (empty() || chunks_ == other.chunks_) return rest;
  if (other.empty()) return *this;
  rest.chunks_ = std::make_shared<Chunks>();
  for (const Chunks::Place& place : chunks_->places) {
    if (place.chunk == nullptr) continue;
    const Chunks::Place* match = other.chunks_->Find(place.number);
    if (match == nullptr || match->chunk == nullptr) {
      rest.chunks_->Append(place.number, place.chunk);
    } else if (match->chunk != place.chunk) {
      rest.chunks_->Append(place.number, std::make_shared<Chunk>(place.chunk->ids.AndNot(match->chunk->ids)));
    }
  }
  return rest;
}

MemberSet MemberSet::Or(const MemberSet& other) const {
  if (empty() || chunks_ == other.chunks_) return other;
  if (other.empty()) return *this;
  MemberSet either;
  either.chunks_ = std::make_shared<Chunks>();
  const auto& mine = chunks_->places;
  const auto& others = other.chunks_->places;
  for (size_t a = 0, b = 0; a < mine.size() || b < others.size();) {
    if (b == others.size() || (a < mine.size() && mine[a].number < others[b].number)) {
      either.chunks_->Append(mine[a].number, mine[a].chunk);
      ++a;
    } else if (a == mine.size() || others[b].number < mine[a].number) {
      either.chunks_->Append(others[b].number, others[b].chunk);
      ++b;
    } else {
      const std::shared_ptr<Chunk>&left = mine[a].chunk, &right = others[b].chunk;
      const bool one = left == nullptr || right == nullptr || left == right;
      either.chunks_->Append(mine[a].number, !one ? std::make_shared<Chunk>(left->ids.Or(right->ids))
                                             : left == nullptr ? right
                                                               : left);
      ++a, ++b;
    }
  }
  return either;
}

uint64_t MemberSet::CountAnd(const MemberSet& other) const {
  if (chunks_ == other.chunks_) return size();
  if (empty() || other.empty()) return 0;
  uint64_t count = 0;
  for (const Chunks::Place& place : chunks_->places) {
    const Chunks::Place* match = other.chunks_->Find(place.number);
    if (place.chunk == nullptr || match == nullptr || match->chunk == nullptr) continue;
    count += place.chunk->ids.CountAnd(match->chunk->ids);
  }
  return count;
}

bool operator==(const MemberSet& a, const MemberSet& b) {
  return a.size() == b.size() && a.CountAnd(b) == a.size();
}

std::shared_ptr<const store::MemberIds> MemberSet::Ids() const { return std::make_shared<Face>(*this); }

void MemberSet::ForEachChunk(uint64_t from, uint64_t after,
                             absl::FunctionRef<bool(uint64_t number)> visit) const {
  if (chunks_ == nullptr) return;
  for (size_t at = chunks_->At(from); at < chunks_->places.size(); ++at) {
    const Chunks::Place& place = chunks_->places[at];
    if (place.commit > after && !visit(place.number)) return;
  }
}

std::string MemberSet::EncodeChunk(uint64_t number) const {
  const Chunks::Place* place = chunks_ == nullptr ? nullptr : chunks_->Find(number);
  return place == nullptr || place->chunk == nullptr ? std::string() : place->chunk->ids.Encode();
}

bool MemberSet::DecodeChunk(uint64_t number, std::string_view bytes) {
  auto chunk = std::make_shared<Chunk>();
  if (!chunk->ids.Decode(bytes)) return false;
  Chunks* chunks = Own();
  Chunks::Place* place = chunks->Make(number);
  chunks->size += chunk->ids.size() - place->size();
  place->chunk = std::move(chunk);
  return true;
}

}  // namespace relata::segment
