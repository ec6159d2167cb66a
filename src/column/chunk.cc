// Narrows the numbers of a chunk, and decides whether its texts become codes.
#include "src/column/chunk.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

namespace relata::column {

namespace {

constexpr std::align_val_t kAlignment{64};

// Texts that differ more than this often within one chunk are kept as they are.
constexpr size_t kMaxDifferent = kChunkRecords / 4;

template <typename T>
void StoreNarrow(const std::vector<int64_t>& values, const Mask& present, int64_t least, char* out) {
  auto* numbers = reinterpret_cast<T*>(out);
  for (size_t i = 0; i < kChunkRecords; ++i) {
    const auto distance = static_cast<uint64_t>(values[i]) - static_cast<uint64_t>(least);
    numbers[i] = present.Has(i) ? static_cast<T>(distance) : T{0};
  }
}

template <typename T>
void Widen(const T* from, uint64_t base, size_t count, int64_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = static_cast<int64_t>(base + from[i]);
}

int WidthFor(uint64_t distance) {
  if (distance == 0) return 0;
  if (distance <= std::numeric_limits<uint8_t>::max()) return 1;
  if (distance <= std::numeric_limits<uint16_t>::max()) return 2;
  return distance <= std::numeric_limits<uint32_t>::max() ? 4 : 8;
}

char* Allocate(size_t bytes) { return static_cast<char*>(::operator new(bytes, kAlignment)); }

}  // namespace

void Chunk::Free::operator()(char* data) const { ::operator delete(data, kAlignment); }

void Chunk::Ints(size_t from, size_t count, int64_t* out) const {
  const auto base = static_cast<uint64_t>(least_);
  switch (width_) {
    case 0:
      std::fill_n(out, count, least_);
      break;
    case 1:
      Widen(numbers<uint8_t>() + from, base, count, out);
      break;
    case 2:
      Widen(numbers<uint16_t>() + from, base, count, out);
      break;
    case 4:
      Widen(numbers<uint32_t>() + from, base, count, out);
      break;
    default:
      Widen(numbers<uint64_t>() + from, base, count, out);
      break;
  }
}

ChunkBuilder::ChunkBuilder(std::shared_ptr<Dictionary> dictionary) : dictionary_(std::move(dictionary)) {
  ints_.resize(kChunkRecords);
  if (dictionary_ != nullptr) texts_.resize(kChunkRecords);
}

void ChunkBuilder::Start(const Chunk* from) {
  if (from == nullptr) {
    present_ = Mask();
    return;
  }
  present_ = from->present();
  if (dictionary_ == nullptr) {
    from->Ints(0, kChunkRecords, ints_.data());
  } else {
    present_.ForEach([&](size_t at) { texts_[at] = from->Bytes(at); });
  }
}

void ChunkBuilder::Set(size_t at, const Cell& cell) {
  if (!cell.present) {
    present_.Clear(at);
    return;
  }
  present_.Set(at);
  if (dictionary_ == nullptr) {
    ints_[at] = cell.AsInt();
  } else {
    texts_[at] = cell.bytes;
  }
}

StatusOr<std::shared_ptr<const Chunk>> ChunkBuilder::Finish() {
  if (!present_.any()) return std::shared_ptr<const Chunk>();
  if (dictionary_ == nullptr) return Numbers(Chunk::Form::kInts);
  return ToCodes() ? Numbers(Chunk::Form::kCodes) : Plain();
}

std::shared_ptr<const Chunk> ChunkBuilder::Numbers(Chunk::Form form) {
  std::shared_ptr<Chunk> chunk(new Chunk);
  chunk->form_ = form;
  chunk->present_ = present_;
  if (form == Chunk::Form::kCodes) chunk->dictionary_ = dictionary_;
  int64_t least = std::numeric_limits<int64_t>::max();
  int64_t greatest = std::numeric_limits<int64_t>::min();
  present_.ForEach([&](size_t at) {
    least = std::min(least, ints_[at]);
    greatest = std::max(greatest, ints_[at]);
  });
  chunk->least_ = least;
  chunk->greatest_ = greatest;
  chunk->width_ = WidthFor(static_cast<uint64_t>(greatest) - static_cast<uint64_t>(least));
  if (chunk->width_ == 0) return chunk;
  chunk->data_bytes_ = kChunkRecords * static_cast<size_t>(chunk->width_);
  chunk->data_.reset(Allocate(chunk->data_bytes_));
  switch (chunk->width_) {
    case 1:
      StoreNarrow<uint8_t>(ints_, present_, least, chunk->data_.get());
      break;
    case 2:
      StoreNarrow<uint16_t>(ints_, present_, least, chunk->data_.get());
      break;
    case 4:
      StoreNarrow<uint32_t>(ints_, present_, least, chunk->data_.get());
      break;
    default:
      StoreNarrow<uint64_t>(ints_, present_, least, chunk->data_.get());
      break;
  }
  return chunk;
}

StatusOr<std::shared_ptr<const Chunk>> ChunkBuilder::Plain() {
  std::shared_ptr<Chunk> chunk(new Chunk);
  chunk->form_ = Chunk::Form::kBytes;
  chunk->present_ = present_;
  size_t size = 0;
  present_.ForEach([&](size_t at) { size += texts_[at].size(); });
  if (size > std::numeric_limits<uint32_t>::max()) {
    return absl::UnavailableError("the texts of one chunk of a column take more than 4 GiB; the rows answer");
  }
  chunk->data_bytes_ = kChunkRecords * sizeof(uint32_t) + size;
  chunk->data_.reset(Allocate(chunk->data_bytes_));
  auto* ends = reinterpret_cast<uint32_t*>(chunk->data_.get());
  char* out = reinterpret_cast<char*>(ends + kChunkRecords);
  uint32_t end = 0;
  for (size_t at = 0; at < kChunkRecords; ++at) {
    if (present_.Has(at) && !texts_[at].empty()) {
      std::memcpy(out + end, texts_[at].data(), texts_[at].size());
      end += static_cast<uint32_t>(texts_[at].size());
    }
    ends[at] = end;
  }
  return std::shared_ptr<const Chunk>(std::move(chunk));
}

// Puts codes in ints_, if texts recur and together take less than the dictionary may.
bool ChunkBuilder::ToCodes() {
  absl::flat_hash_map<std::string_view, uint32_t, TextHash> places;
  std::vector<std::string_view> different;
  bool recur = true;
  for (size_t word = 0; word < kMaskWords && recur; ++word) {
    for (uint64_t bits = present_.words[word]; bits != 0; bits &= bits - 1) {
      const size_t at = word * 64 + static_cast<size_t>(std::countr_zero(bits));
      const auto [place, fresh] = places.try_emplace(texts_[at], static_cast<uint32_t>(different.size()));
      if (fresh) different.push_back(texts_[at]);
      ints_[at] = place->second;
    }
    recur = different.size() <= kMaxDifferent;
  }
  std::vector<uint32_t> codes;
  if (!recur || !dictionary_->Add(different, &codes)) return false;
  present_.ForEach([&](size_t at) { ints_[at] = codes[static_cast<size_t>(ints_[at])]; });
  return true;
}

}  // namespace relata::column
