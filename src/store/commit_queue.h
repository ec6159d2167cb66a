// Defines CommitQueue, which lets threads that write at the same time share a commit, and with it the wait
// for the disk.
//
// A thread that finds nobody writing writes at once, alone. Those that come meanwhile wait, and the first of
// them leads all: it begins a transaction, lets each waiting thread run its closure on its own thread inside
// a nested one, in the order they came, and commits for all. Each closure has a log sequence of its own; one
// that fails rolls back only itself, and is told so when the commit before it is on disk. Where the commit of
// all fails, each runs again alone.
//
// Threads that write again and again are all let go by the same commit. So that the first to come back does
// not write alone while the others wait a whole commit for it, the leader gathers: it waits until as many
// have come as there were, but no longer than half of what the last commit took. Who writes alone never
// waits, and a thread that stays away is waited for once.
//
// Thread safety: safe from any thread. Cost: a lone writer pays one uncontended lock.
#ifndef RELATA_STORE_COMMIT_QUEUE_H_
#define RELATA_STORE_COMMIT_QUEUE_H_

#include <cstdint>
#include <deque>
#include <exception>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "relata/base/status.h"
#include "src/kv/transaction.h"
#include "src/store/transaction.h"

namespace relata::store {

class Store;

class CommitQueue {
 public:
  using Closure = absl::FunctionRef<Status(Transaction&)>;

  explicit CommitQueue(Store* store) : store_(store) {}
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // Runs the closure in a transaction that commits by itself if `alone`, else perhaps with others. Returns
  // when the commit is as durable as the store's level says; throws what the closure threw.
  Status Run(const WriteLabel& label, Closure closure, bool alone) ABSL_LOCKS_EXCLUDED(mutex_);

  // True inside a closure that this queue runs.
  bool RunsOnThisThread() const ABSL_LOCKS_EXCLUDED(mutex_);

  struct Figures {
    uint64_t closures = 0;  // that were run to their end
    uint64_t commits = 0;   // of the file, for them
    uint64_t waiting = 0;   // threads, now
  };
  Figures figures() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  enum class Stage : uint8_t { kWaiting, kLead, kTurn, kRan, kAgainAlone, kDone };
  // A thread in Run.
  struct Member {
    const WriteLabel& label;
    Closure closure;
    bool alone;
    Stage stage = Stage::kWaiting;
    absl::CondVar wake = {};
    Status status = {};
    std::exception_ptr exception = nullptr;
    bool full = false;  // the map
  };

  // The members that share a commit, in the order they run.
  struct Group {
    std::vector<Member*> members;
    kv::WriteTransaction* txn = nullptr;
    uint64_t committed = 0;  // the last sequence in the file as the group began
    size_t turn = 0;         // of the member that runs
    bool ran = false;        // all, or as many as can
  };

  void Enqueue(Member* me) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Lead(Member* me) ABSL_LOCKS_EXCLUDED(mutex_);
  // Those that write with `me`, taken out of the queue, where it is the first.
  std::vector<Member*> Gather(const Member& me) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Sets how each member of the group ends.
  void WriteTogether(Group* group) ABSL_LOCKS_EXCLUDED(mutex_);
  // Runs a member's closure on this thread, which is its own.
  void RunAlone(Member* me) ABSL_LOCKS_EXCLUDED(mutex_);
  void RunTurn(Member* me, Group* group) ABSL_LOCKS_EXCLUDED(mutex_);
  void RunNested(Member* me, const Group& group) ABSL_LOCKS_EXCLUDED(mutex_);
  void SetRunning(std::thread::id thread) ABSL_LOCKS_EXCLUDED(mutex_);

  Store* const store_;
  mutable absl::Mutex mutex_;
  std::deque<Member*> waiting_ ABSL_GUARDED_BY(mutex_);
  bool led_ ABSL_GUARDED_BY(mutex_) = false;  // some thread leads or is about to
  std::thread::id running_ ABSL_GUARDED_BY(mutex_);
  Group* group_ ABSL_GUARDED_BY(mutex_) = nullptr;  // of the member whose turn it is
  absl::CondVar ran_;                               // for the leader: all of the group have run
  absl::CondVar came_;                              // for the leader: as many wait as it expects
  size_t expected_ ABSL_GUARDED_BY(mutex_) = 1;     // that write at about the same time
  absl::Duration last_commit_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();  // how long it took
  Figures figures_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::store

#endif  // RELATA_STORE_COMMIT_QUEUE_H_
