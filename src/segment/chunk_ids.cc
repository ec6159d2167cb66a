// Changes and combines the ids of a chunk, and moves them to and from CRoaring's portable format.
#include "src/segment/chunk_ids.h"

#include <exception>
#include <functional>
#include <iterator>
#include <roaring/roaring.hh>
#include <utility>

#include "src/base/coding.h"

// CRoaring moved its classes into a namespace of its own; this is where either place is looked in.
namespace roaring {}  // namespace roaring

namespace relata::segment {

namespace chunk_ids_internal {
using namespace ::roaring;  // NOLINT
using Bits = Roaring;
}  // namespace chunk_ids_internal
using chunk_ids_internal::Bits;

namespace {

// Of the portable format: what bytes without and with runs begin with.
constexpr uint32_t kCookie = 12'346;
constexpr uint16_t kCookieOfRuns = 12'347;

// Whether the bytes are those of one chunk: ids with the high half 0, as many as they say. CRoaring checks
// lengths only; told a wrong number of ids, it writes past its memory later. Runs are looked at afterwards.
bool AreOfChunk(std::string_view bytes, size_t most_in_array) {
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
  if (ids > most_in_array) {
    if (bytes.size() != ChunkIds::kEnd / 8) return false;
    size_t set = 0;
    for (size_t at = 0; at < bytes.size(); at += 8) {
      set += static_cast<size_t>(std::popcount(LoadLE64(bytes.data() + at)));
    }
    return set == ids;
  }
  return bytes.size() == 2 * ids;
}

}  // namespace

ChunkIds::ChunkIds(std::vector<uint16_t> ids) : size_(ids.size()), ids_(std::move(ids)) {
  if (size_ <= kMostInArray) return;
  words_ = Words();
  ids_ = {};
}

ChunkIds ChunkIds::OfWords(std::vector<uint64_t> words) {
  ChunkIds made;
  for (const uint64_t word : words) made.size_ += static_cast<size_t>(std::popcount(word));
  made.words_ = std::move(words);
  if (made.size_ > kMostInArray) return made;
  made.ids_ = made.Ids();
  made.words_ = {};
  return made;
}

std::vector<uint64_t> ChunkIds::Words() const {
  if (!words_.empty()) return words_;
  std::vector<uint64_t> words(kWords);
  for (const uint16_t id : ids_) words[id / 64] |= uint64_t{1} << id % 64;
  return words;
}

std::vector<uint16_t> ChunkIds::Ids() const {
  if (words_.empty()) return ids_;
  std::vector<uint16_t> ids;
  ids.reserve(size_);
  Visit(0, kEnd, [&](uint32_t id) {
    ids.push_back(static_cast<uint16_t>(id));
    return true;
  });
  return ids;
}

size_t ChunkIds::PlaceOf(uint16_t id) const {
  const size_t guess = Guess(id);
  if (guess == ids_.size()) return guess;  // it is empty
  // Strides that double on either side, as far as needed.
  size_t low = guess;
  size_t high = guess;
  if (ids_[guess] < id) {
    for (size_t stride = 16; high < ids_.size() && ids_[high] < id; stride *= 2) {
      low = high;
      high += stride;
    }
    high = std::min(high, ids_.size());
  } else {
    for (size_t stride = 16; low > 0 && ids_[low] >= id; stride *= 2) {
      high = low;
      low -= std::min(low, stride);
    }
  }
  const auto at = std::lower_bound(ids_.begin() + static_cast<ptrdiff_t>(low),
                                   ids_.begin() + static_cast<ptrdiff_t>(high), id);
  return static_cast<size_t>(at - ids_.begin());
}

void ChunkIds::Add(uint16_t id) {
  ++size_;
  if (words_.empty() && size_ > kMostInArray) {
    words_ = Words();
    ids_ = {};
  }
  if (words_.empty()) {
    ids_.insert(ids_.begin() + static_cast<ptrdiff_t>(PlaceOf(id)), id);
  } else {
    words_[id / 64] |= uint64_t{1} << id % 64;
  }
}

void ChunkIds::Remove(uint16_t id) {
  --size_;
  if (words_.empty()) {
    ids_.erase(ids_.begin() + static_cast<ptrdiff_t>(PlaceOf(id)));
    return;
  }
  words_[id / 64] &= ~(uint64_t{1} << id % 64);
  if (size_ > kMostInArray / 2) return;
  ids_ = Ids();
  words_ = {};
}

ChunkIds ChunkIds::And(const ChunkIds& other) const {
  if (words_.empty() || other.words_.empty()) {
    const ChunkIds& few = words_.empty() ? *this : other;
    const ChunkIds& rest = words_.empty() ? other : *this;
    std::vector<uint16_t> both;
    if (rest.words_.empty()) {
      std::set_intersection(few.ids_.begin(), few.ids_.end(), rest.ids_.begin(), rest.ids_.end(),
                            std::back_inserter(both));
    } else {
      std::copy_if(few.ids_.begin(), few.ids_.end(), std::back_inserter(both),
                   [&](uint16_t id) { return rest.Contains(id); });
    }
    return ChunkIds(std::move(both));
  }
  std::vector<uint64_t> words = words_;
  for (size_t i = 0; i < kWords; ++i) words[i] &= other.words_[i];
  return OfWords(std::move(words));
}

ChunkIds ChunkIds::Or(const ChunkIds& other) const {
  if (words_.empty() && other.words_.empty()) {
    std::vector<uint16_t> either;
    std::set_union(ids_.begin(), ids_.end(), other.ids_.begin(), other.ids_.end(),
                   std::back_inserter(either));
    return ChunkIds(std::move(either));
  }
  std::vector<uint64_t> words = Words();
  const std::vector<uint64_t> others = other.Words();
  for (size_t i = 0; i < kWords; ++i) words[i] |= others[i];
  return OfWords(std::move(words));
}

ChunkIds ChunkIds::AndNot(const ChunkIds& other) const {
  if (words_.empty()) {
    std::vector<uint16_t> rest;
    if (other.words_.empty()) {
      std::set_difference(ids_.begin(), ids_.end(), other.ids_.begin(), other.ids_.end(),
                          std::back_inserter(rest));
    } else {
      std::copy_if(ids_.begin(), ids_.end(), std::back_inserter(rest),
                   [&](uint16_t id) { return !other.Contains(id); });
    }
    return ChunkIds(std::move(rest));
  }
  std::vector<uint64_t> words = words_;
  const std::vector<uint64_t> others = other.Words();
  for (size_t i = 0; i < kWords; ++i) words[i] &= ~others[i];
  return OfWords(std::move(words));
}

size_t ChunkIds::CountAnd(const ChunkIds& other) const {
  if (words_.empty() || other.words_.empty()) return And(other).size();
  size_t count = 0;
  for (size_t i = 0; i < kWords; ++i) {
    count += static_cast<size_t>(std::popcount(words_[i] & other.words_[i]));
  }
  return count;
}

std::string ChunkIds::Encode() const {
  std::vector<uint32_t> ids;
  ids.reserve(size_);
  Visit(0, kEnd, [&](uint32_t id) {
    ids.push_back(id);
    return true;
  });
  Bits bits(ids.size(), ids.data());
  bits.runOptimize();
  std::string bytes(bits.getSizeInBytes(), '\0');
  bits.write(bytes.data());
  return bytes;
}

bool ChunkIds::Decode(std::string_view bytes) {
  if (!AreOfChunk(bytes, kMostInArray)) return false;
  std::vector<uint32_t> ids;
  try {
    const Bits bits = Bits::readSafe(bytes.data(), bytes.size());
    if (bits.isEmpty() || bits.cardinality() > kEnd) return false;
    ids.resize(bits.cardinality());
    bits.toUint32Array(ids.data());
  } catch (const std::exception&) {
    return false;
  }
  if (!std::is_sorted(ids.begin(), ids.end(), std::less_equal<>()) || ids.back() >= kEnd) return false;
  *this = ChunkIds(std::vector<uint16_t>(ids.begin(), ids.end()));
  return true;
}

}  // namespace relata::segment
