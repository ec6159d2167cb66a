// Defines how LMDB lays out a file, for what is read past it: page heads, meta pages, tree heads.
//
// This is LMDB's data format 1 on a 64-bit little-endian machine. A page has a head of 16 bytes: page number
// (8), unused (2), flags (2), lower and upper bound of its free space (2 each), or for overflow pages their
// number (4). Pages 0 and 1 are the two meta pages, written in turn: the even transactions in page 0, the odd
// in 1. From the head to the lower bound a page has the places of its nodes, 2 bytes each. A node is 8 bytes
// (size or child page 4, flags or more of the child page 2, size of the key 2), the key and, in a leaf, the
// value or the first of its overflow pages.
#ifndef RELATA_KV_PAGE_FORMAT_H_
#define RELATA_KV_PAGE_FORMAT_H_

#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "src/base/coding.h"

namespace relata::kv {

static_assert(sizeof(void*) == 8 && std::endian::native == std::endian::little,
              "the file format is that of 64-bit little-endian machines");

inline constexpr size_t kPageHead = 16;
inline constexpr size_t kNodeHead = 8;
inline constexpr size_t kMetaBytes = 152;  // page head and meta record
inline constexpr uint32_t kMagic = 0xBEEFC0DE;
inline constexpr uint32_t kFormat = 1;
inline constexpr uint16_t kBranchFlag = 0x01, kLeafFlag = 0x02, kOverflowFlag = 0x04, kMetaFlag = 0x08;
inline constexpr uint16_t kIntegerKey = 0x08;  // the flag of the tree of free pages, beside
inline constexpr uint16_t kOneFile = 0x4000;   // which the environment's own flags are kept
inline constexpr uint16_t kBigData = 0x01;     // a leaf entry whose value lies on overflow pages
inline constexpr uint64_t kNoPage = ~uint64_t{0};
inline constexpr int kMaxDepth = 32;

inline constexpr uint16_t kSubTree = 0x02;  // an entry of the tree of names
inline constexpr size_t kTreeHeadBytes = 48;

// One tree as a meta page or the tree of names describes it.
struct TreeHead {
  explicit TreeHead(const char* at)
      : padding(LoadLE32(at)),
        flags(LoadLE16(at + 4)),
        depth(LoadLE16(at + 6)),
        branch_pages(LoadLE64(at + 8)),
        leaf_pages(LoadLE64(at + 16)),
        overflow_pages(LoadLE64(at + 24)),
        entries(LoadLE64(at + 32)),
        root(LoadLE64(at + 40)) {}
  uint32_t padding;
  uint16_t flags;
  uint16_t depth;
  uint64_t branch_pages;
  uint64_t leaf_pages;
  uint64_t overflow_pages;
  uint64_t entries;
  uint64_t root;
};

// One meta page.
struct Meta {
  explicit Meta(const char* at)
      : number(LoadLE64(at)),
        flags(LoadLE16(at + 10)),
        magic(LoadLE32(at + 16)),
        format(LoadLE32(at + 20)),
        address(LoadLE64(at + 24)),
        free(at + 40),
        main(at + 88),
        last_page(LoadLE64(at + 136)),
        transaction(LoadLE64(at + 144)) {}
  uint64_t number;
  uint16_t flags;
  uint32_t magic;
  uint32_t format;
  uint64_t address;
  TreeHead free;  // its padding is the page size
  TreeHead main;
  uint64_t last_page;
  uint64_t transaction;

  bool MagicFits() const { return (flags & kMetaFlag) != 0 && magic == kMagic; }
};

inline bool PageSizeFits(uint64_t size) { return size >= 512 && size <= 65536 && std::has_single_bit(size); }

inline bool ReadAt(int fd, uint64_t offset, size_t size, char* to) {
  size_t done = 0;
  while (done < size) {
    const ssize_t got = pread(fd, to + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += static_cast<size_t>(got);
  }
  return true;
}

}  // namespace relata::kv

#endif  // RELATA_KV_PAGE_FORMAT_H_
