// Defines how a record's id stands behind a values key: few bytes, in the order of the ids, and readable from
// the end.
//
// An id of up to 50 bits takes n = 1 to 7 bytes: n - 1 in the first three bits, the id, n - 1 in the last
// three bits. Ids below 262,144 take 3 bytes, below 67 million 4.
#ifndef RELATA_STORE_ID_SUFFIX_H_
#define RELATA_STORE_ID_SUFFIX_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "relata/base/check.h"
#include "relata/schema/ids.h"
#include "src/base/coding.h"

namespace relata::store {

inline constexpr size_t kMaxIdSuffixBytes = 7;

inline constexpr size_t IdSuffixLength(RecordId id) {
  return (static_cast<size_t>(std::bit_width(id)) + 6 + 7) / 8;
}

// Writes at most kMaxIdSuffixBytes to `to`, returns how many. REQUIRES: id <= kMaxRecordId + 1.
inline size_t WriteIdSuffix(RecordId id, char* to) {
  const size_t length = IdSuffixLength(id);
  const uint64_t bits = (uint64_t{length - 1} << (8 * length - 3)) | (id << 3) | (length - 1);
  char bytes[8];
  StoreBE64(bytes, bits << (64 - 8 * length));
  std::memcpy(to, bytes, length);
  return length;
}

inline void AppendIdSuffix(RecordId id, std::string* key) {
  char bytes[kMaxIdSuffixBytes];
  key->append(bytes, WriteIdSuffix(id, bytes));
}

// Takes a key apart into values key and id. False for a key that no entry can have.
inline bool SplitIdSuffix(std::string_view key, std::string_view* values, RecordId* id) {
  if (key.empty()) return false;
  const size_t length = (static_cast<unsigned char>(key.back()) & 7) + size_t{1};
  if (length > kMaxIdSuffixBytes || key.size() <= length) return false;
  char bytes[8] = {};
  std::memcpy(bytes + 8 - length, key.data() + key.size() - length, length);
  const uint64_t bits = LoadBE64(bytes);
  *values = key.substr(0, key.size() - length);
  *id = (bits & ((uint64_t{1} << (8 * length - 3)) - 1)) >> 3;
  return bits >> (8 * length - 3) == length - 1 && IdSuffixLength(*id) == length && *id != 0 &&
         *id <= kMaxRecordId;
}

// An entry's key, built on the stack.
class EntryKey {
 public:
  // REQUIRES: values.size() <= kMaxValuesBytes
  EntryKey(std::string_view values, RecordId id) {
    RELATA_CHECK(values.size() <= kMaxValuesBytes);
    std::memcpy(bytes_, values.data(), values.size());
    size_ = values.size() + WriteIdSuffix(id, bytes_ + values.size());
  }
  operator std::string_view() const { return std::string_view(bytes_, size_); }

  static constexpr size_t kMaxValuesBytes = 504;

 private:
  char bytes_[kMaxValuesBytes + kMaxIdSuffixBytes];
  size_t size_;
};

}  // namespace relata::store

#endif  // RELATA_STORE_ID_SUFFIX_H_
