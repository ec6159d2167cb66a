// Walks the pages of one commit and checks that each is what its place in the tree says.
#include "src/kv/pages.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "relata/base/strings.h"
#include "src/kv/page_format.h"
#include "src/kv/tree.h"

namespace relata::kv {
namespace {

constexpr size_t kMaxKept = 100;

class PageWalk {
 public:
  PageWalk(int fd, const Meta& meta, const PageWalkOptions& options)
      : fd_(fd), page_size_(meta.free.padding), last_page_(meta.last_page), options_(options) {
    if (options_.all) used_.resize(last_page_ + 1);
  }

  PageReport Run(const Meta& meta) {
    CheckTree(meta.main, "of names", Kind::kNames);
    if (options_.all) {
      free_.resize(last_page_ + 1);
      CheckTree(meta.free, "of free pages", Kind::kFree);
      for (uint64_t page = 0; page <= last_page_; ++page) {
        if (used_[page] && free_[page]) Damage(StrCat("page ", page, " is in use and free at once"));
      }
    }
    return std::move(report_);
  }

 private:
  enum class Kind { kNames, kFree, kRecords };

  // The tree under way.
  struct Tree {
    Tree(std::string_view its_name, Kind its_kind, int its_depth)
        : name(its_name), kind(its_kind), depth(its_depth) {}
    std::string name;
    Kind kind;
    int depth;
    uint64_t branch_pages = 0, leaf_pages = 0, overflow_pages = 0, entries = 0;
    std::vector<std::pair<std::string, std::string>> subtrees;  // name, head
    bool whole = true;
  };

  void Damage(std::string what) {
    ++report_.damaged;
    if (report_.damage.size() < kMaxKept) report_.damage.push_back(std::move(what));
  }
  void Damage(Tree* tree, uint64_t page, std::string_view what) {
    tree->whole = false;
    Damage(StrCat("page ", page, " of the tree ", tree->name, ": ", what));
  }

  // Marks a page as used; false where it cannot be.
  bool Use(Tree* tree, uint64_t page) {
    if (page < 2 || page > last_page_) {
      Damage(tree, page, "is no page of this file");
      return false;
    }
    if (!IsFirstUse(page)) {
      Damage(tree, page, "is used twice");
      return false;
    }
    if (++report_.pages % 10'000 == 0 && options_.progress) options_.progress(report_.pages, last_page_);
    return true;
  }

  // Of a few pages only those are noted: opening a large file must not cost a bit for each of its pages.
  bool IsFirstUse(uint64_t page) {
    if (!options_.all) return few_used_.insert(page).second;
    if (used_[page]) return false;
    used_[page] = true;
    return true;
  }

  void CheckTree(const TreeHead& head, std::string_view name, Kind kind) {
    Tree tree(name, kind, head.depth);
    if (kind == Kind::kRecords && head.flags != 0) {
      return Damage(StrCat("the tree ", name, ": its head is damaged (flags)"));
    }
    if (head.root == kNoPage) {
      if (head.depth != 0 || head.entries != 0) Damage(StrCat("the tree ", name, ": its head is damaged"));
      return;
    }
    if (head.depth < 1 || head.depth > kMaxDepth) {
      return Damage(StrCat("the tree ", name, ": its head is damaged (depth ", head.depth, ")"));
    }
    CheckPage(&tree, head.root, 1, "", "");
    const bool counts_agree = head.branch_pages == tree.branch_pages && head.leaf_pages == tree.leaf_pages &&
                              head.overflow_pages == tree.overflow_pages && head.entries == tree.entries;
    if (tree.whole && !counts_agree) {
      Damage(StrCat("the tree ", name, ": has ", tree.entries, " entries, and its head tells of ",
                    head.entries, "; or their pages do not add up"));
    }
    for (const auto& [sub_name, sub_head] : tree.subtrees) {
      if (!options_.all && sub_name != options_.tree) continue;
      CheckTree(TreeHead(sub_head.data()), Quoted(sub_name), Kind::kRecords);
    }
  }

  // Keys must lie at or after `low` and before `high`; an empty `high` is no end.
  void CheckPage(Tree* tree, uint64_t page, int depth, const std::string& low, const std::string& high) {
    if (!Use(tree, page)) return;
    std::vector<char> bytes(page_size_);
    if (!ReadAt(fd_, page * page_size_, page_size_, bytes.data())) {
      return Damage(tree, page, "cannot be read");
    }
    const uint16_t flags = LoadLE16(&bytes[10]);
    const size_t lower = LoadLE16(&bytes[12]), upper = LoadLE16(&bytes[14]);
    const bool branch = flags == kBranchFlag;
    if (LoadLE64(&bytes[0]) != page) return Damage(tree, page, "carries another page's number");
    if (!branch && flags != kLeafFlag) return Damage(tree, page, "is no page of a tree");
    if (branch == (depth == tree->depth)) return Damage(tree, page, "lies at the wrong depth");
    if (lower < kPageHead || lower % 2 != 0 || lower > upper || upper > page_size_) {
      return Damage(tree, page, "has impossible bounds");
    }
    (branch ? tree->branch_pages : tree->leaf_pages) += 1;
    const size_t nodes = (lower - kPageHead) / 2;
    if (nodes == 0) return Damage(tree, page, "is empty");

    std::vector<std::pair<std::string, uint64_t>> children;
    std::string last;
    for (size_t i = 0; i < nodes; ++i) {
      const size_t node = LoadLE16(&bytes[kPageHead + 2 * i]);
      if (node < upper || node + kNodeHead > page_size_) return Damage(tree, page, "has a node out of place");
      const char* at = &bytes[node];
      const size_t key_size = LoadLE16(at + 6);
      if (node + kNodeHead + key_size > page_size_ || key_size > kMaxKeyBytes) {
        return Damage(tree, page, "has a key out of bounds");
      }
      std::string key(at + kNodeHead, key_size);
      const bool leftmost = branch && i == 0;  // its key has no meaning
      if (!leftmost) {
        if (tree->kind == Kind::kFree) {
          if (key_size != 8) return Damage(tree, page, "has a key that is no transaction");
          std::reverse(key.begin(), key.end());  // integer keys lie in the machine's order
        }
        if (key.empty() || (i > size_t{branch} && key <= last) || key < low ||
            (!high.empty() && key >= high)) {
          return Damage(tree, page, "has its keys out of order");
        }
      }
      const uint64_t size = LoadLE16(at) | uint64_t{LoadLE16(at + 2)} << 16;
      const uint16_t node_flags = LoadLE16(at + 4);
      if (branch) {
        children.emplace_back(leftmost ? low : key, size | uint64_t{node_flags} << 32);
      } else {
        ++tree->entries;
        CheckValue(tree, page, key, at + kNodeHead + key_size, size, node_flags,
                   page_size_ - node - kNodeHead - key_size);
        if (!tree->whole) return;
      }
      last = std::move(key);
    }
    bytes.clear();
    bytes.shrink_to_fit();
    for (size_t i = 0; i < children.size(); ++i) {
      CheckPage(tree, children[i].second, depth + 1, children[i].first,
                i + 1 < children.size() ? children[i + 1].first : high);
    }
  }

  void CheckValue(Tree* tree, uint64_t page, const std::string& key, const char* value, uint64_t size,
                  uint16_t flags, size_t room) {
    std::vector<char> overflow;
    if (flags == kBigData) {
      if (room < 8) return Damage(tree, page, "has a value out of bounds");
      if (!ReadOverflow(tree, LoadLE64(value), size, tree->kind == Kind::kFree ? &overflow : nullptr)) return;
      value = overflow.data();
    } else if ((flags & ~kSubTree) != 0 || size > room) {
      return Damage(tree, page, "has a value out of bounds");
    }
    if (tree->kind == Kind::kFree) return CheckFree(tree, page, value, size);
    if (flags != kSubTree) return;
    if (tree->kind != Kind::kNames || size != kTreeHeadBytes) {
      return Damage(tree, page, "has an entry of a kind that does not belong there");
    }
    tree->subtrees.emplace_back(key, std::string(value, kTreeHeadBytes));
  }

  // `bytes`, if given, takes the value.
  bool ReadOverflow(Tree* tree, uint64_t first, uint64_t size, std::vector<char>* bytes) {
    const uint64_t needed = (kPageHead - 1 + size) / page_size_ + 1;
    char head[kPageHead] = {};
    if (!Use(tree, first)) return false;
    const bool read = ReadAt(fd_, first * page_size_, kPageHead, head);
    // A value that shrank keeps the pages it had.
    const uint64_t count = LoadLE32(head + 12);
    if (!read || LoadLE64(head) != first || LoadLE16(head + 10) != kOverflowFlag || count < needed ||
        count > last_page_) {
      Damage(tree, first, "is not the overflow page it should be");
      return false;
    }
    for (uint64_t i = 1; i < count; ++i) {
      if (!Use(tree, first + i)) return false;
    }
    tree->overflow_pages += count;
    if (bytes == nullptr) return true;
    bytes->resize(size);
    if (ReadAt(fd_, first * page_size_ + kPageHead, size, bytes->data())) return true;
    Damage(tree, first, "cannot be read");
    return false;
  }

  // A list of free pages: how many, then each, the greatest first.
  void CheckFree(Tree* tree, uint64_t page, const char* list, uint64_t size) {
    if (size < 8 || size % 8 != 0 || LoadLE64(list) > size / 8 - 1) {
      return Damage(tree, page, "has a list of impossible length");
    }
    uint64_t before = last_page_ + 1;
    for (uint64_t i = 1; i <= LoadLE64(list); ++i) {
      const uint64_t free = LoadLE64(list + 8 * i);
      if (free < 2 || free >= before) return Damage(tree, page, "has a list that is out of order");
      if (free_[free]) return Damage(tree, page, StrCat("lists page ", free, " a second time"));
      free_[free] = true;
      before = free;
    }
  }

  const int fd_;
  const uint64_t page_size_;
  const uint64_t last_page_;
  const PageWalkOptions& options_;
  std::vector<bool> used_;  // of all pages
  std::vector<bool> free_;
  absl::flat_hash_set<uint64_t> few_used_;  // where not all are walked
  PageReport report_;
};

}  // namespace

StatusOr<PageReport> WalkPages(int fd, uint64_t transaction, const PageWalkOptions& options) {
  char bytes[2][kMetaBytes];
  if (!ReadAt(fd, 0, kMetaBytes, bytes[0])) return absl::DataLossError("meta page 0 cannot be read");
  const uint64_t page_size = Meta(bytes[0]).free.padding;
  if (!PageSizeFits(page_size) || !ReadAt(fd, page_size, kMetaBytes, bytes[1])) {
    return absl::DataLossError("meta page 1 cannot be read");
  }
  for (const char* page : {bytes[0], bytes[1]}) {
    const Meta meta(page);
    if (!meta.MagicFits() || meta.transaction != transaction) continue;
    if (meta.free.padding != page_size || meta.last_page > (uint64_t{1} << 47) / page_size) continue;
    return PageWalk(fd, meta, options).Run(meta);
  }
  return absl::AbortedError(
      "the commit that was to be looked at is no longer among the last two; begin again");
}

}  // namespace relata::kv
