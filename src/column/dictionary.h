// Defines Dictionary, the different values of one variable field (text, set), each with a small code.
//
// A column whose texts recur (cities, industries, tags) holds codes, and a condition on it is computed once
// per entry. Entries are only ever added, so a code means the same text in every version of the column.
//
// Thread safety: Text needs no lock for a code that came out of a chunk; the rest locks.
// Lifetime: shared by the chunks that hold its codes. Texts live as long as it.
#ifndef RELATA_COLUMN_DICTIONARY_H_
#define RELATA_COLUMN_DICTIONARY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "src/base/hash.h"

namespace relata::column {

// Hashes texts whichever string_view Abseil was built with.
struct TextHash {
  size_t operator()(std::string_view text) const { return Hash64(text); }
};

class Dictionary {
 public:
  static constexpr uint32_t kMaxEntries = 65'536;

  Dictionary() = default;
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;

  // The codes of these texts, which differ from one another; new ones are added. False, and nothing added, if
  // there would be more than kMaxEntries.
  bool Add(std::span<const std::string_view> texts, std::vector<uint32_t>* codes);

  // The code of a text; none if no record ever had it.
  std::optional<uint32_t> Find(std::string_view text) const;

  std::string_view Text(uint32_t code) const { return blocks_[code / kBlock][code % kBlock]; }

  uint32_t size() const;
  size_t bytes() const;

 private:
  static constexpr uint32_t kBlock = 1024;
  static constexpr size_t kArenaBytes = 16 * 1024;

  std::string_view Keep(std::string_view text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // A block is never moved or freed, so that readers need no lock.
  std::array<std::unique_ptr<std::string_view[]>, kMaxEntries / kBlock> blocks_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string_view, uint32_t, TextHash> codes_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<char[]>> arenas_ ABSL_GUARDED_BY(mutex_);
  char* free_ ABSL_GUARDED_BY(mutex_) = nullptr;
  size_t left_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_DICTIONARY_H_
