// The register of open files: one environment per file and process, begun anew after a fork.
#include "src/kv/registry.h"

#include <pthread.h>

#include "relata/base/check.h"

namespace relata::kv {

namespace internal {
std::atomic<uint64_t> fork_generation{0};
}

namespace {

std::atomic<Registry*> current{nullptr};

// Runs in a child just forked. The parent's register is left as it is, since another thread of the parent may
// have been changing it; so is everything the parent had open.
void StartOver() {
  internal::fork_generation.fetch_add(1, std::memory_order_relaxed);
  current.store(new Registry, std::memory_order_release);
}

}  // namespace

Registry& Registry::Get() {
  static const bool first = [] {
    current.store(new Registry, std::memory_order_release);
    RELATA_CHECK(pthread_atfork(nullptr, nullptr, StartOver) == 0);
    return true;
  }();
  static_cast<void>(first);
  return *current.load(std::memory_order_acquire);
}

std::shared_ptr<Environment> Registry::Find(const FileId& file) {
  for (;;) {
    const auto entry = entries_.find(file);
    if (entry == entries_.end()) return nullptr;
    if (std::shared_ptr<Environment> environment = entry->second.environment.lock()) return environment;
    closed_.Wait(&opening_);
  }
}

std::string Registry::UserOfLock(const FileId& lock) {
  for (const auto& [file, entry] : entries_) {
    if (entry.lock == lock) return entry.path;
  }
  return "";
}

void Registry::Add(const FileId& file, const FileId& lock, const std::string& path,
                   const std::shared_ptr<Environment>& environment) {
  entries_[file] = Entry{lock, path, environment};
}

void Registry::Remove(const FileId& file) {
  absl::MutexLock lock(&opening_);
  entries_.erase(file);
  closed_.SignalAll();
}

}  // namespace relata::kv
