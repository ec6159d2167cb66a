// Defines the process-wide register of open environments, and ForkGeneration.
//
// LMDB's locks are the process's, not the descriptor's: a second open of one file in a process would seem to
// work, and the first close would then drop the locks of both. So every file is opened once, and shared.
// Files are known by device and inode, since a path may be a symbolic link.
//
// Thread safety: safe from any thread. A forked child starts with an empty register.
#ifndef RELATA_KV_REGISTRY_H_
#define RELATA_KV_REGISTRY_H_

#include <sys/types.h>

#include <atomic>
#include <compare>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace relata::kv {

class Environment;

namespace internal {
extern std::atomic<uint64_t> fork_generation;
}

// How many forks lie between this process and the one that loaded the library; with a parent's value in hand,
// a child knows that it is one. REQUIRES: Registry::Get() was called before the fork.
inline uint64_t ForkGeneration() { return internal::fork_generation.load(std::memory_order_relaxed); }

struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  friend auto operator<=>(const FileId&, const FileId&) = default;
};

class Registry {
 public:
  static Registry& Get();

  // Held over every open: two threads that open one file must not both find it closed.
  absl::Mutex& opening() ABSL_LOCK_RETURNED(opening_) { return opening_; }

  // The open environment of this file, or null. Waits for one that is just being closed.
  std::shared_ptr<Environment> Find(const FileId& file) ABSL_EXCLUSIVE_LOCKS_REQUIRED(opening_);

  // The path of an open environment with this lock file, or empty.
  std::string UserOfLock(const FileId& lock) ABSL_EXCLUSIVE_LOCKS_REQUIRED(opening_);

  void Add(const FileId& file, const FileId& lock, const std::string& path,
           const std::shared_ptr<Environment>& environment) ABSL_EXCLUSIVE_LOCKS_REQUIRED(opening_);

  // Called when the environment has closed its files.
  void Remove(const FileId& file) ABSL_LOCKS_EXCLUDED(opening_);

 private:
  struct Entry {
    FileId lock;
    std::string path;
    std::weak_ptr<Environment> environment;
  };

  absl::Mutex opening_;
  absl::CondVar closed_;
  std::map<FileId, Entry> entries_ ABSL_GUARDED_BY(opening_);
};

}  // namespace relata::kv

#endif  // RELATA_KV_REGISTRY_H_
