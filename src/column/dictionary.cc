// Keeps the entries of a dictionary in blocks that never move, and their bytes in arenas.
#include "src/column/dictionary.h"

#include <algorithm>
#include <cstring>

namespace relata::column {

std::string_view Dictionary::Keep(std::string_view text) {
  if (text.empty()) return {};
  if (left_ < text.size()) {
    left_ = std::max(kArenaBytes, text.size());
    arenas_.push_back(std::make_unique<char[]>(left_));
    free_ = arenas_.back().get();
    bytes_ += left_;
  }
  std::memcpy(free_, text.data(), text.size());
  const std::string_view kept(free_, text.size());
  free_ += text.size();
  left_ -= text.size();
  return kept;
}

bool Dictionary::Add(std::span<const std::string_view> texts, std::vector<uint32_t>* codes) {
  const absl::MutexLock lock(&mutex_);
  size_t fresh = 0;
  for (const std::string_view text : texts) fresh += codes_.contains(text) ? 0 : 1;
  if (codes_.size() + fresh > kMaxEntries) return false;

  codes->clear();
  codes->reserve(texts.size());
  for (const std::string_view text : texts) {
    if (const auto found = codes_.find(text); found != codes_.end()) {
      codes->push_back(found->second);
      continue;
    }
    const auto code = static_cast<uint32_t>(codes_.size());
    std::unique_ptr<std::string_view[]>& block = blocks_[code / kBlock];
    if (block == nullptr) {
      block = std::make_unique<std::string_view[]>(kBlock);
      bytes_ += kBlock * sizeof(std::string_view);
    }
    const std::string_view kept = Keep(text);
    block[code % kBlock] = kept;
    codes_.emplace(kept, code);
    codes->push_back(code);
  }
  return true;
}

std::optional<uint32_t> Dictionary::Find(std::string_view text) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = codes_.find(text);
  if (found == codes_.end()) return std::nullopt;
  return found->second;
}

uint32_t Dictionary::size() const {
  const absl::MutexLock lock(&mutex_);
  return static_cast<uint32_t>(codes_.size());
}

size_t Dictionary::bytes() const {
  const absl::MutexLock lock(&mutex_);
  return bytes_ + codes_.capacity() * (sizeof(std::string_view) + sizeof(uint64_t));
}

}  // namespace relata::column
