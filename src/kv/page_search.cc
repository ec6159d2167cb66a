// Descends the pages of a tree by keys that are numbers.
#include "src/kv/page_search.h"

#include <unistd.h>

#include <algorithm>
#include <compare>

#include "src/kv/page_format.h"
#include "src/kv/state.h"

namespace relata::kv {
namespace {

constexpr size_t kIdBytes = 8;
constexpr size_t kFew = 8;  // nodes that are looked at one after another

size_t KeySize(const char* node) { return LoadLE16(node + 6); }

// A key of eight bytes, among others of eight bytes.
struct IdNumber {
  uint64_t number;

  static IdNumber Of(std::string_view key) { return {LoadBE64(key.data())}; }
  friend auto operator<=>(const IdNumber&, const IdNumber&) = default;
};

// A key of up to eight bytes, among others of any length: its bytes with zeros behind them. Of two that are
// the same number the shorter comes first; whatever is longer than eight bytes comes behind both.
struct ShortKey {
  uint64_t number;
  uint64_t size;

  static ShortKey Of(std::string_view key) {
    char bytes[kIdBytes] = {};
    std::copy_n(key.data(), std::min(key.size(), kIdBytes), bytes);
    return {LoadBE64(bytes), key.size()};
  }
  friend auto operator<=>(const ShortKey&, const ShortKey&) = default;
};

}  // namespace

// The i-th node. If it leaves no room for so many bytes in the page, bits of `*odd` are set, and it is any.
inline const char* PageSearch::NodeAt(const char* page, size_t i, size_t bytes, size_t* odd) const {
  const size_t place = LoadLE16(page + kPageHead + 2 * i);
  const size_t last = page_size_ - bytes;
  *odd |= static_cast<size_t>(place > last);
  return page + std::min(place, last);
}

template <>
inline IdNumber PageSearch::KeyAt(const char* page, size_t i, size_t* odd) const {
  const char* node = NodeAt(page, i, kNodeHead + kIdBytes, odd);
  *odd |= KeySize(node) ^ kIdBytes;
  return {LoadBE64(node + kNodeHead)};
}

template <>
inline ShortKey PageSearch::KeyAt(const char* page, size_t i, size_t* odd) const {
  const char* node = NodeAt(page, i, kNodeHead, odd);
  const size_t size = KeySize(node);
  const auto room = static_cast<size_t>(page + page_size_ - node) - kNodeHead;
  *odd |= static_cast<size_t>(size > room) | static_cast<size_t>(size == 0);
  if (room < kIdBytes) return ShortKey::Of({node + kNodeHead, std::min(size, room)});
  // What lies behind a shorter key is not of it.
  const uint64_t bytes = LoadBE64(node + kNodeHead);
  return {size < kIdBytes ? bytes & ~(~uint64_t{0} >> (8 * size)) : bytes, size};
}

// The place of the last of `count` nodes whose key is at most `key`; that of the first, whose key is not
// looked at, if there is none. Ids and numbers are mostly dense, so it is close to where it would be if they
// were spread evenly: less looking up and down than halving, whose every step waits for the one before.
template <class Key>
inline size_t PageSearch::LastUpTo(const char* page, size_t count, Key key, size_t* odd) const {
  size_t low = 0;       // it is here or behind
  size_t high = count;  // and before here
  if (count > kFew) {
    const Key least = KeyAt<Key>(page, 1, odd);
    const Key greatest = KeyAt<Key>(page, count - 1, odd);
    if (key < least) return 0;
    if (key >= greatest) return count - 1;
    const uint64_t range = std::max<uint64_t>(greatest.number - least.number, 1);
    const double share = static_cast<double>(key.number - least.number) / static_cast<double>(range);
    size_t at = 1 + static_cast<size_t>(share * static_cast<double>(count - 2));
    at = std::clamp<size_t>(at, 1, count - 1);
    low = 1;
    high = count - 1;
    if (KeyAt<Key>(page, at, odd) <= key) {
      low = at;
      for (size_t steps = 0; steps < kFew && low + 1 < high; ++steps) {
        if (KeyAt<Key>(page, low + 1, odd) > key) return low;
        ++low;
      }
    } else {
      high = at;
      for (size_t steps = 0; steps < kFew && low + 1 < high; ++steps) {
        if (KeyAt<Key>(page, high - 1, odd) <= key) return high - 1;
        --high;
      }
    }
  }
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    (KeyAt<Key>(page, middle, odd) <= key ? low : high) = middle;
  }
  return low;
}

template <class Key>
PageSearch::Answer PageSearch::Descend(const char* page, Key key, std::string_view* value) const {
  for (int depth = 0; page != nullptr && depth < kMaxDepth; ++depth) {
    const uint16_t flags = LoadLE16(page + 10);
    const size_t lower = LoadLE16(page + 12);
    if (lower < kPageHead + 2 || lower > page_size_) break;
    size_t odd = 0;
    const size_t at = LastUpTo(page, (lower - kPageHead) / 2, key, &odd);
    if (flags == kLeafFlag) {
      const Key found = KeyAt<Key>(page, at, &odd);
      if (odd != 0) break;
      return found == key ? ReadLeaf(page, NodeAt(page, at, kNodeHead, &odd), value) : Answer::kMissing;
    }
    const char* node = NodeAt(page, at, kNodeHead, &odd);  // the first one has no key
    if (flags != kBranchFlag || odd != 0) break;
    page = PageAt(LoadLE16(node) | uint64_t{LoadLE16(node + 2)} << 16 | uint64_t{LoadLE16(node + 4)} << 32);
  }
  return Answer::kAskLmdb;
}

PageSearch::Answer PageSearch::Find(MDB_txn* txn, MDB_dbi tree, const std::string& name, std::string_view key,
                                    std::string_view* value) {
  if (tree >= roots_.size()) roots_.resize(tree + size_t{1});
  if (!roots_[tree].known) roots_[tree] = FindRoot(txn, name);
  const char* const root = roots_[tree].page;
  return key.size() == kIdBytes ? Descend(root, IdNumber::Of(key), value)
                                : Descend(root, ShortKey::Of(key), value);
}

PageSearch::Answer PageSearch::ReadLeaf(const char* page, const char* node, std::string_view* value) const {
  const uint64_t size = LoadLE16(node) | uint64_t{LoadLE16(node + 2)} << 16;
  const uint16_t flags = LoadLE16(node + 4);
  const char* at = node + kNodeHead + KeySize(node);
  const auto room = static_cast<size_t>(page + page_size_ - at);
  if (flags == 0 && size <= room) {
    *value = std::string_view(at, size);
    return Answer::kFound;
  }
  if (flags != kBigData || room < sizeof(uint64_t)) return Answer::kAskLmdb;
  const uint64_t first = LoadLE64(at);
  const char* overflow = PageAt(first);
  if (overflow == nullptr || LoadLE16(overflow + 10) != kOverflowFlag ||
      size > (pages_ - first) * page_size_ - kPageHead) {
    return Answer::kAskLmdb;
  }
  *value = std::string_view(overflow + kPageHead, size);
  return Answer::kFound;
}

PageSearch::Root PageSearch::FindRoot(MDB_txn* txn, const std::string& name) {
  Root root{.known = true};
  MDB_val key = ToVal(name), head;
  if (mdb_get(txn, kMainTree, &key, &head) != 0 || head.mv_size != kTreeHeadBytes) return root;
  const auto* bytes = static_cast<const char*>(head.mv_data);
  if (map_ == nullptr && !FindMap(txn, bytes)) return root;
  const TreeHead tree(bytes);
  if (tree.flags == 0 && tree.root != kNoPage) root.page = PageAt(tree.root);
  return root;
}

// LMDB does not tell where its map begins, but a page knows its number.
bool PageSearch::FindMap(MDB_txn* txn, const char* in_some_page) {
  MDB_stat main;
  MDB_envinfo info;
  if (mdb_stat(txn, kMainTree, &main) != 0 || mdb_env_info(mdb_txn_env(txn), &info) != 0) return false;
  const uint64_t size = main.ms_psize;
  // The map begins at a page of the machine; those of the file may be larger.
  if (!PageSizeFits(size) || size > static_cast<uint64_t>(sysconf(_SC_PAGESIZE))) return false;
  // The address serves only to tell how far into its page this lies.
  const char* page = in_some_page - reinterpret_cast<uintptr_t>(in_some_page) % size;
  const uint64_t number = LoadLE64(page);
  if (number < 2 || number > info.me_last_pgno) return false;
  map_ = page - number * size;
  page_size_ = size;
  // Another process may have grown the file beyond our map.
  pages_ = std::min<uint64_t>(info.me_last_pgno + 1, info.me_mapsize / size);
  return true;
}

const char* PageSearch::PageAt(uint64_t number) const {
  if (number < 2 || number >= pages_) return nullptr;
  const char* page = map_ + number * page_size_;
  return LoadLE64(page) == number ? page : nullptr;
}

}  // namespace relata::kv
