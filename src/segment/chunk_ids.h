// Defines ChunkIds, a set of numbers below 65,536: the ids of one chunk of a MemberSet.
//
//   ChunkIds ids;
//   ids.Add(17);
//   ids.Visit(0, ChunkIds::kEnd, [](uint32_t id) { …; return true; });
//
// Few of them are a sorted array, many a bitmap. A commit asks hundreds of such sets about one id each, none
// of which is in the processor's caches: so the search of the array begins where the id would be if all lay
// evenly, which mostly is one line of memory away at most, and Near tells the place beforehand. In the file
// they are CRoaring's portable format, whose arrays, bitmaps and runs everybody can read.
//
// Thread safety: as a std::vector. Cost: Contains O(1) where ids lie evenly, O(log n) at worst; Add and
// Remove move the array behind the id, 8 KiB at most.
#ifndef RELATA_SEGMENT_CHUNK_IDS_H_
#define RELATA_SEGMENT_CHUNK_IDS_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relata::segment {

class ChunkIds {
 public:
  static constexpr uint32_t kEnd = 1 << 16;

  ChunkIds() = default;
  // REQUIRES: ascending, each once.
  explicit ChunkIds(std::vector<uint16_t> ids);

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool Contains(uint16_t id) const {
    if (!words_.empty()) return (words_[id / 64] >> id % 64 & 1) != 0;
    const size_t at = PlaceOf(id);
    return at < ids_.size() && ids_[at] == id;
  }
  // Where Contains begins to look.
  const void* Near(uint16_t id) const {
    if (!words_.empty()) return &words_[id / 64];
    return ids_.data() + Guess(id);
  }
  // REQUIRES: it is not in the set.
  void Add(uint16_t id);
  // REQUIRES: it is in the set.
  void Remove(uint16_t id);

  // Calls `visit` with those at or after `from` and before `to`, ascending, until it returns false.
  template <class F>
  void Visit(uint32_t from, uint32_t to, const F& visit) const;

  ChunkIds And(const ChunkIds& other) const;
  ChunkIds Or(const ChunkIds& other) const;
  ChunkIds AndNot(const ChunkIds& other) const;
  size_t CountAnd(const ChunkIds& other) const;

  // As CRoaring's portable format, the smallest of its forms.
  std::string Encode() const;
  // False if the bytes are not those of such a set, or of an empty one.
  bool Decode(std::string_view bytes);

 private:
  // Up to how many are an array; an array takes over again from half of that.
  static constexpr size_t kMostInArray = 4'096;
  static constexpr size_t kWords = kEnd / 64;

  // Of at least kWords words, how many ids are set.
  static ChunkIds OfWords(std::vector<uint64_t> words);
  std::vector<uint64_t> Words() const;
  std::vector<uint16_t> Ids() const;
  size_t Guess(uint16_t id) const { return ids_.size() * id >> 16; }
  // The first in the array that is not less. REQUIRES: it is an array.
  size_t PlaceOf(uint16_t id) const;

  size_t size_ = 0;
  std::vector<uint16_t> ids_;    // all of them, ascending; or else
  std::vector<uint64_t> words_;  // a bit for each
};

template <class F>
void ChunkIds::Visit(uint32_t from, uint32_t to, const F& visit) const {
  if (from >= to) return;
  if (words_.empty()) {
    for (size_t at = PlaceOf(static_cast<uint16_t>(from)); at < ids_.size() && ids_[at] < to; ++at) {
      if (!visit(uint32_t{ids_[at]})) return;
    }
    return;
  }
  for (size_t word = from / 64; word < kWords && word * 64 < to; ++word) {
    uint64_t rest = words_[word];
    if (word == from / 64) rest &= ~uint64_t{0} << from % 64;
    for (; rest != 0; rest &= rest - 1) {
      const auto id = static_cast<uint32_t>(word * 64 + static_cast<size_t>(std::countr_zero(rest)));
      if (id >= to || !visit(id)) return;
    }
  }
}

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_CHUNK_IDS_H_
