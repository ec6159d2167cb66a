// Defines WalkPages, which looks at the pages of one commit with plain reads and tells what LMDB must not be
// sent over: LMDB trusts its pages, and a damaged one can end the process.
//
// Pages that a snapshot sees are never written again while it is open, so this goes on beside writers.
// Thread safety: a function of its arguments.
#ifndef RELATA_KV_PAGES_H_
#define RELATA_KV_PAGES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"

namespace relata::kv {

struct PageReport {
  uint64_t pages = 0;               // looked at
  uint64_t damaged = 0;             // findings
  std::vector<std::string> damage;  // the first hundred of them
  bool clean() const { return damaged == 0; }
};

struct PageWalkOptions {
  // All: every page in use and the list of free ones. Otherwise the tree of names, and of the trees only
  // `tree`.
  bool all = true;
  std::string_view tree = {};
  std::function<void(uint64_t done, uint64_t total)> progress = nullptr;  // every 10,000 pages
};

// The pages of this commit, which a snapshot must keep. Aborted if its head was overwritten by later commits
// already: begin a new snapshot. O(pages); memory: two bits per page of the file.
StatusOr<PageReport> WalkPages(int fd, uint64_t transaction, const PageWalkOptions& options);

}  // namespace relata::kv

#endif  // RELATA_KV_PAGES_H_
