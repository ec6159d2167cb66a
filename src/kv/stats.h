// Defines Stats and TreeStats: what an environment and one tree hold, for people and for limits.
#ifndef RELATA_KV_STATS_H_
#define RELATA_KV_STATS_H_

#include <cstdint>

#include "absl/time/time.h"

namespace relata::kv {

struct Stats {
  uint64_t map_size = 0;          // bytes of address space reserved
  uint64_t map_limit = 0;         // bytes the map may grow to; 0 if unlimited
  uint64_t file_size = 0;         // bytes of the file
  uint64_t used_size = 0;         // bytes up to the last page ever used
  uint64_t free_pages = 0;        // pages below that which a later commit may reuse
  uint32_t page_size = 0;         // bytes
  uint64_t last_transaction = 0;  // id of the last commit
  uint32_t trees = 0;

  uint32_t max_readers = 0;    // slots in the reader table, for all processes
  uint32_t reader_slots = 0;   // slots in use, by all processes; some wait ready for their next snapshot
  uint64_t oldest_reader = 0;  // transaction id of the oldest snapshot of any process; 0 if there is none

  uint32_t snapshots = 0;                                     // snapshots of this process
  absl::Duration oldest_snapshot_age = absl::ZeroDuration();  // of this process; zero if there is none
  uint64_t dead_readers_cleared = 0;                          // by this process, since it opened the file
  uint64_t reopened = 0;  // how often a failure made this process open the file anew
};

struct TreeStats {
  uint64_t entries = 0;
  uint32_t depth = 0;
  uint64_t branch_pages = 0;
  uint64_t leaf_pages = 0;
  uint64_t overflow_pages = 0;
  uint64_t bytes = 0;  // all pages together
};

}  // namespace relata::kv

#endif  // RELATA_KV_STATS_H_
