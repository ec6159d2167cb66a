// Defines OpenOptions: how an environment is opened, and what each choice costs.
#ifndef RELATA_KV_OPTIONS_H_
#define RELATA_KV_OPTIONS_H_

#include <cstdint>

#include "absl/time/time.h"

namespace relata::kv {

// What a commit has survived when it returns. A killed process loses nothing on any level; the levels differ
// when the system crashes or loses power.
enum class Durability {
  kFull,     // The commit is on disk.
  kRelaxed,  // The store stays whole; the last commits may be gone. Saves about half of the syncs.
  kUnsafe,   // The store itself may be damaged. For scratch stores and loads that can start over.
};

struct OpenOptions {
  // Make the file if there is none. Without it a missing file is NotFound.
  bool create = false;

  // Open for reading only. The lock file is still written, since readers register themselves in it.
  bool read_only = false;

  // Bytes of address space to reserve; the file grows only as far as data needs. 0 is the larger of 64 GiB
  // and four times the file. Rounded up to whole pages, and to what the file already holds.
  uint64_t map_size = 0;

  // The map never grows past this many bytes: a write that needs more is ResourceExhausted. 0 is no limit.
  uint64_t map_limit = 0;

  // Snapshots open at once, in all processes together. The first process that opens the store decides.
  uint32_t max_readers = 126;

  // Trees open at once. Each costs 49 bytes per transaction kept ready.
  uint32_t max_trees = 4096;

  Durability durability = Durability::kFull;

  // How long growth of the map waits for this process's snapshots before it gives up.
  absl::Duration growth_deadline = absl::Seconds(5);

  // How often a write first frees the reader slots of processes that died, whose snapshots keep pages from
  // being used again.
  absl::Duration reader_check_interval = absl::Seconds(30);

  // Locks and shared memory do not work between machines. Opens the file on a network file system all the
  // same: REQUIRES that one machine alone uses it.
  bool allow_network_file_system = false;
};

}  // namespace relata::kv

#endif  // RELATA_KV_OPTIONS_H_
