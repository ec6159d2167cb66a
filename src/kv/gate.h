// Defines Gate, the traffic of one process through one environment: which snapshots are open and since when,
// which thread writes, and how one thread gets the environment to itself while the map moves. It also keeps
// ended read transactions for the next reader, so that one lock serves both.
//
// Thread safety: safe from any thread.
#ifndef RELATA_KV_GATE_H_
#define RELATA_KV_GATE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

struct MDB_txn;

namespace relata::kv {

// One passage of a reader; ReadState extends it.
struct Passage {
  Passage* previous = nullptr;
  Passage* next = nullptr;
  std::chrono::steady_clock::time_point began;
  std::thread::id thread;
};

class Gate {
 public:
  // Keeps up to so many ended read transactions.
  explicit Gate(size_t most_idle) : most_idle_(most_idle) {}

  // Enters a reader. Waits while a thread is alone or waits to be, but never for one that waits for a
  // snapshot or write of this very thread. `idle`, if given, is set to an idle transaction to renew, or null.
  void EnterRead(Passage* passage, MDB_txn** idle = nullptr) ABSL_LOCKS_EXCLUDED(mutex_);

  // Lets the reader go, who leaves `idle`, a transaction that was reset. False if there are enough of those:
  // then the caller, who is still inside, ends it and leaves with null. A transaction must not outlast its
  // passage otherwise.
  bool LeaveRead(Passage* passage, MDB_txn* idle = nullptr) ABSL_LOCKS_EXCLUDED(mutex_);

  // Enters the writer; waits for the one before it. False if this thread is the writer already.
  bool EnterWrite() ABSL_LOCKS_EXCLUDED(mutex_);
  void LeaveWrite() ABSL_LOCKS_EXCLUDED(mutex_);

  enum class Alone { kYes, kNoReaders, kNoWriter };

  // Waits until there is neither reader nor writer, and keeps everyone out until LeaveAlone. Gives up at the
  // deadline, or at once if `now_or_never`, and tells who stood in the way.
  Alone EnterAlone(absl::Duration deadline, bool now_or_never) ABSL_LOCKS_EXCLUDED(mutex_);
  void LeaveAlone() ABSL_LOCKS_EXCLUDED(mutex_);

  // Hands over all idle transactions. REQUIRES: alone, or no one else knows this.
  std::vector<MDB_txn*> TakeIdle() ABSL_LOCKS_EXCLUDED(mutex_);

  bool ThisThreadReads() const ABSL_LOCKS_EXCLUDED(mutex_);
  bool ThisThreadWrites() const ABSL_LOCKS_EXCLUDED(mutex_);
  bool Empty() const ABSL_LOCKS_EXCLUDED(mutex_);

  struct Readers {
    uint32_t count = 0;
    absl::Duration oldest = absl::ZeroDuration();
  };
  Readers readers() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  enum class Taken { kNo, kWanted, kYes };

  bool ThisThreadReadsLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WaitForWay() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t most_idle_;
  mutable absl::Mutex mutex_;
  std::vector<MDB_txn*> idle_ ABSL_GUARDED_BY(mutex_);
  Passage* oldest_ ABSL_GUARDED_BY(mutex_) = nullptr;  // a list in the order they began
  Passage* newest_ ABSL_GUARDED_BY(mutex_) = nullptr;
  uint32_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread::id writer_ ABSL_GUARDED_BY(mutex_);
  Taken taken_ ABSL_GUARDED_BY(mutex_) = Taken::kNo;
};

// Passes through the gate for one scope, for work that needs the map to stay where it is.
class Visit {
 public:
  explicit Visit(Gate* gate) : gate_(gate) { gate_->EnterRead(&passage_); }
  ~Visit() { gate_->LeaveRead(&passage_); }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  Gate* gate_;
  Passage passage_;
};

}  // namespace relata::kv

#endif  // RELATA_KV_GATE_H_
