// Defines Tree, a handle on one ordered tree of an environment, and IdKey, a 64-bit id as a key.
//
//   RELATA_ASSIGN_OR_RETURN(Tree rows, environment->FindTree("row.relation"));
//   if (snapshot.Find(rows, IdKey(17), &value)) …
//
// Thread safety: a Tree is an immutable value; copy it freely.
// Lifetime: within its Environment's. A Tree outlives the transaction that made it; if that transaction was
// rolled back, using the Tree is FailedPrecondition until a transaction opens the name again.
#ifndef RELATA_KV_TREE_H_
#define RELATA_KV_TREE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/coding.h"

namespace relata::kv {

// Keys are 1 to this many bytes, compared as unsigned bytes, the shorter first.
inline constexpr size_t kMaxKeyBytes = 511;

// A value takes at most this many bytes.
inline constexpr uint64_t kMaxValueBytes = 0xffffffff;

// The name of a tree takes 1 to this many bytes.
inline constexpr size_t kMaxTreeNameBytes = kMaxKeyBytes;

struct TreeRecord;

class Tree {
 public:
  Tree() = default;  // no tree; using it is FailedPrecondition

  bool valid() const { return record_ != nullptr; }

  // REQUIRES: valid()
  const std::string& name() const;

  friend bool operator==(const Tree&, const Tree&) = default;

 private:
  friend class Transaction;
  friend class WriteTransaction;
  friend class Environment;
  friend class Cursor;
  explicit Tree(const TreeRecord* record) : record_(record) {}

  const TreeRecord* record_ = nullptr;
};

// A 64-bit id as a key: eight bytes, big-endian, so that keys sort as numbers.
class IdKey {
 public:
  explicit IdKey(uint64_t id) { StoreBE64(bytes_, id); }

  operator std::string_view() const { return std::string_view(bytes_, sizeof(bytes_)); }

  // The id of such a key. REQUIRES: key.size() >= 8
  static uint64_t Decode(std::string_view key) { return LoadBE64(key.data()); }

 private:
  char bytes_[8];
};

}  // namespace relata::kv

#endif  // RELATA_KV_TREE_H_
