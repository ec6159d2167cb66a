// Keeps record ids in chunks that copies share, each a CRoaring bitmap.
#include "src/segment/member_set.h"

#include <algorithm>
#include <bit>
#include <exception>
#include <functional>
#include <roaring/roaring.hh>
#include <utility>
#include <vector>

#include "relata/base/check.h"
#include "src/base/coding.h"

// CRoaring moved its classes into a namespace of its own; this is where either place is looked in.
namespace roaring {}  // namespace roaring

namespace relata::segment {

namespace member_set_internal {
using namespace ::roaring;  // NOLINT
using Bits = Roaring;
}  // namespace member_set_internal
using member_set_internal::Bits;

namespace {

constexpr int kChunkBits = 16;
constexpr uint64_t kChunkIds = uint64_t{1} << kChunkBits;
// Of Roaring's portable format: what bytes without and with runs begin with, and up to how many ids are an
// array.
constexpr uint32_t kCookie = 12'346;
constexpr uint16_t kCookieOfRuns = 12'347;
constexpr size_t kMostInArray = 4'096;

// Whether nobody else holds it. What those who held it did with it is over then: the count that is let go
// here is the same as theirs, so this thread sees what they saw.
template <typename T>
bool IsUnshared(const std::shared_ptr<T>& held) {
  if (held.use_count() > 1) return false;
  std::shared_ptr<T>(held).reset();
  return true;
}

uint32_t LowOf(RecordId id) { return static_cast<uint32_t>(id & (kChunkIds - 1)); }

// Whether the bytes are those of a chunk: ids with the high half 0, as many as they say. CRoaring checks
// lengths only; told a wrong number of ids, it writes past its memory later. Runs: see TakeRunsOut.
bool AreOfChunk(std::string_view bytes) {
  constexpr size_t kHead = 16;  // cookie, 1, high half, ids - 1, offset
  if (bytes.size() < 9) return false;
  if (LoadLE16(bytes.data()) == kCookieOfRuns) {
    // Containers - 1, which of them are runs, high half.
    return LoadLE16(bytes.data() + 2) == 0 && bytes[4] == 1 && LoadLE16(bytes.data() + 5) == 0;
  }
  if (bytes.size() < kHead || LoadLE32(bytes.data()) != kCookie || LoadLE32(bytes.data() + 4) != 1 ||
      LoadLE16(bytes.data() + 8) != 0) {
    return false;
  }
  const size_t ids = size_t{LoadLE16(bytes.data() + 10)} + 1;
  bytes.remove_prefix(kHead);
  if (ids > kMostInArray) {
    if (bytes.size() != kChunkIds / 8) return false;
    size_t set = 0;
    for (size_t at = 0; at < bytes.size(); at += 8) set += std::popcount(LoadLE64(bytes.data() + at));
    return set == ids;
  }
  if (bytes.size() != 2 * ids) return false;
  for (size_t at = 2; at < bytes.size(); at += 2) {
    if (LoadLE16(bytes.data() + at - 2) >= LoadLE16(bytes.data() + at)) return false;
  }
  return true;
}

// Makes an array or bitset of runs; false where they overlap or leave the chunk. CRoaring's own
// removeRunCompression (0.2.66) never ends, and writes past its memory, where few ids end in the last one of
// the chunk: its counter of 16 bits wraps. Where it makes a bitset it counts otherwise.
bool TakeRunsOut(Bits* bits) {
  std::vector<uint32_t> ids(bits->cardinality());
  bits->toUint32Array(ids.data());
  if (!std::is_sorted(ids.begin(), ids.end(), std::less_equal<>()) || ids.back() >= kChunkIds) return false;
  if (ids.size() > kMostInArray) {
    bits->removeRunCompression();
  } else {
    *bits = Bits(ids.size(), ids.data());
  }
  return true;
}

}  // namespace

struct MemberSet::Chunk {
  Chunk() = default;
  explicit Chunk(Bits ids) : bits(std::move(ids)) {}

  Bits bits;  // of the low halves
};

struct MemberSet::Chunks {
  struct Place {
    uint64_t number = 0;
    std::shared_ptr<Chunk> chunk;  // nullptr where it is empty
    uint64_t commit = 0;           // the last that changed it

    uint64_t size() const { return chunk == nullptr ? 0 : chunk->bits.cardinality(); }
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
    if (chunk == nullptr || chunk->bits.isEmpty()) return;
    size += chunk->bits.cardinality();
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

// Visits the low halves at or after `from` and before `to`, ascending.
template <typename F>
void VisitBits(const Bits& bits, uint32_t from, uint32_t to, const F& visit) {
  auto at = bits.begin();
  if (from != 0) at.equalorlarger(from);
  for (const auto end = bits.end(); at != end && *at < to; ++at) visit(*at);
}

}  // namespace

MemberSet MemberSet::FromSorted(std::span<const RecordId> ids) {
  MemberSet set;
  if (ids.empty()) return set;
  set.chunks_ = std::make_shared<Chunks>();
  std::vector<uint32_t> low;
  for (size_t begin = 0; begin < ids.size();) {
    const uint64_t number = ids[begin] >> kChunkBits;
    low.clear();
    size_t end = begin;
    for (; end < ids.size() && ids[end] >> kChunkBits == number; ++end) low.push_back(LowOf(ids[end]));
    auto chunk = std::make_shared<Chunk>();
    chunk->bits.addMany(low.size(), low.data());
    set.chunks_->Append(number, std::move(chunk));
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
  return place != nullptr && place->chunk != nullptr && place->chunk->bits.contains(LowOf(id));
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
    const uint32_t high = static_cast<uint32_t>(std::min(to - first, kChunkIds));
    VisitBits(place.chunk->bits, low, high, [&](uint32_t bit) { visit(first + bit); });
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
    auto bit = place.chunk->bits.begin();
    if (first < from) bit.equalorlarger(LowOf(from));
    for (const auto end = place.chunk->bits.end(); bit != end; ++bit) {
      if (page.size() == limit) return page;
      page.push_back(first + *bit);
    }
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
    place->chunk->bits.add(LowOf(id));
    ++chunks->size;
  } else {
    place->chunk->bits.remove(LowOf(id));
    --chunks->size;
    if (place->chunk->bits.isEmpty()) place->chunk = nullptr;
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
    both.chunks_->Append(place.number, place.chunk == match->chunk
                                           ? place.chunk
                                           : std::make_shared<Chunk>(place.chunk->bits & match->chunk->bits));
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
      rest.chunks_->Append(place.number, std::make_shared<Chunk>(place.chunk->bits - match->chunk->bits));
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
      either.chunks_->Append(mine[a].number, !one ? std::make_shared<Chunk>(left->bits | right->bits)
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
    count += place.chunk->bits.and_cardinality(match->chunk->bits);
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
  std::string bytes;
  const Chunks::Place* place = chunks_ == nullptr ? nullptr : chunks_->Find(number);
  if (place == nullptr || place->chunk == nullptr) return bytes;
  Bits packed = place->chunk->bits;
  packed.runOptimize();
  bytes.resize(packed.getSizeInBytes());
  packed.write(bytes.data());
  return bytes;
}

bool MemberSet::DecodeChunk(uint64_t number, std::string_view bytes) {
  if (!AreOfChunk(bytes)) return false;
  auto chunk = std::make_shared<Chunk>();
  try {
    chunk->bits = Bits::readSafe(bytes.data(), bytes.size());
  } catch (const std::exception&) {
    return false;
  }
  if (chunk->bits.isEmpty() || chunk->bits.cardinality() > kChunkIds) return false;
  if (LoadLE16(bytes.data()) == kCookieOfRuns && !TakeRunsOut(&chunk->bits)) return false;
  Chunks* chunks = Own();
  Chunks::Place* place = chunks->Make(number);
  chunks->size += chunk->bits.cardinality() - place->size();
  place->chunk = std::move(chunk);
  return true;
}

}  // namespace relata::segment
