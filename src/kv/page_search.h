// Defines PageSearch, which looks up ids and other short keys in the pages that a snapshot sees, without a
// cursor of LMDB's.
//
// Look-ups by id and by a unique number are what most questions are made of. LMDB's makes a cursor for each
// and calls a comparison of bytes per node, in a search by halves that meets a new cache line at every step.
// Here a key is one number, and is sought near where it would be if keys were spread evenly: less than half
// the time. The pages of a snapshot never change while it is open. What is not plainly a page of such a tree
// is left to LMDB, damage too, so that one place says what is wrong.
//
// Thread safety: one thread at a time, as the snapshot. Lifetime: within the snapshot's.
// Cost: O(log n); the first look-up in a tree asks LMDB where it begins.
#ifndef RELATA_KV_PAGE_SEARCH_H_
#define RELATA_KV_PAGE_SEARCH_H_

#include <lmdb.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relata::kv {

class PageSearch {
 public:
  enum class Answer : uint8_t { kFound, kMissing, kAskLmdb };

  static constexpr size_t kMaxKeyBytes = 8;

  // Looks for the key in the tree of this number and name. `*value` is set where it is found.
  // REQUIRES: 1 to kMaxKeyBytes bytes of key; txn is reading, and the same in every call.
  Answer Find(MDB_txn* txn, MDB_dbi tree, const std::string& name, std::string_view key,
              std::string_view* value);

 private:
  // Where a tree begins.
  struct Root {
    bool known = false;
    const char* page = nullptr;  // null: ask LMDB
  };

  Root FindRoot(MDB_txn* txn, const std::string& name);
  bool FindMap(MDB_txn* txn, const char* in_some_page);
  // nullptr if there is no such page, or another one in its place.
  const char* PageAt(uint64_t number) const;
  const char* NodeAt(const char* page, size_t i, size_t bytes, size_t* odd) const;
  // The first bytes of a node's key as a number, and how many bytes the key has.
  template <class Key>
  Key KeyAt(const char* page, size_t i, size_t* odd) const;
  template <class Key>
  size_t LastUpTo(const char* page, size_t count, Key key, size_t* odd) const;
  template <class Key>
  Answer Descend(const char* page, Key key, std::string_view* value) const;
  Answer ReadLeaf(const char* page, const char* node, std::string_view* value) const;

  std::vector<Root> roots_;  // by number
  const char* map_ = nullptr;
  size_t page_size_ = 0;
  uint64_t pages_ = 0;  // of the file, at least those that the snapshot sees
};

}  // namespace relata::kv

#endif  // RELATA_KV_PAGE_SEARCH_H_
