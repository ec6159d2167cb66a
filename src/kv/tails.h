// Defines Tails: of trees that a write transaction appended to, the key that none sorts behind.
//
// What is inserted in order, as numbers that are drawn and dates that go on, is then known to be new without
// a look into the tree, and is put at its end without a search.
//
// Thread safety: one thread at a time, as the transaction. Cost: O(trees appended to), which are few.
#ifndef RELATA_KV_TAILS_H_
#define RELATA_KV_TAILS_H_

#include <lmdb.h>

#include <string>
#include <string_view>
#include <vector>

namespace relata::kv {

class Tails {
 public:
  // Whether the key surely sorts behind all keys of the tree.
  bool IsPast(MDB_dbi tree, std::string_view key) const {
    const Tail* tail = Find(tree);
    return tail != nullptr && tail->known && tail->greatest < key;
  }
  // Whether to try to append a key that may be new: once per tree, and where it is past the end.
  bool MayAppend(MDB_dbi tree, std::string_view key) const {
    const Tail* tail = Find(tree);
    return tail == nullptr || (tail->known && tail->greatest < key);
  }

  // The key was appended.
  void Appended(MDB_dbi tree, std::string_view key) {
    Tail& tail = At(tree);
    tail.known = true;
    tail.greatest.assign(key);
  }
  // The key could not be appended, for the tree has one that sorts behind it.
  void NotLast(MDB_dbi tree) { At(tree); }
  // The key was put somewhere.
  void Put(MDB_dbi tree, std::string_view key) {
    if (IsPast(tree, key)) At(tree).greatest.assign(key);
  }
  // Others may have put keys.
  void Forget() { tails_.clear(); }

 private:
  struct Tail {
    MDB_dbi tree = 0;
    bool known = false;
    std::string greatest;  // at least the greatest key there is: a deleted one may have been it
  };

  const Tail* Find(MDB_dbi tree) const {
    for (const Tail& tail : tails_) {
      if (tail.tree == tree) return &tail;
    }
    return nullptr;
  }
  Tail& At(MDB_dbi tree) {
    for (Tail& tail : tails_) {
      if (tail.tree == tree) return tail;
    }
    Tail& added = tails_.emplace_back();
    added.tree = tree;
    return added;
  }

  std::vector<Tail> tails_;
};

}  // namespace relata::kv

#endif  // RELATA_KV_TAILS_H_
