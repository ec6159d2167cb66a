// Defines Listeners, who are told in this process of records that entered and left segments, after the
// commits that tell of them.
//
//   const uint64_t id = listeners.Add(segment, position, callback);
//   listeners.Tell();                              // after every commit
//
// One thread at a time tells, commit by commit in the order of the log; another that comes meanwhile leaves
// its commit to that one and goes on. So a call may write to the store: what it writes is told after it.
//
// Thread safety: safe from any thread. Lifetime: within the store's. Cost: nothing while nobody listens; else
// of a commit, its log entry.
#ifndef RELATA_SEGMENT_LISTENERS_H_
#define RELATA_SEGMENT_LISTENERS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/status.h"
#include "relata/store/change.h"
#include "src/segment/events.h"
#include "src/store/store.h"

namespace relata::segment {

class Listeners {
 public:
  using Callback =
      std::function<void(const store::Reader& reader, const ToldCommit& commit, const Flip& flip)>;

  explicit Listeners(store::Store* store) : store_(store) {}
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;

  // Is told of flips of the segment (0: of any) in commits after this position.
  uint64_t Add(uint32_t segment, LogPosition after, Callback callback) ABSL_LOCKS_EXCLUDED(mutex_);
  // It is not called any more when this returns, unless from within a call.
  void Remove(uint64_t id) ABSL_LOCKS_EXCLUDED(mutex_);

  // Tells what commits since have told, those of other processes too. Where the log was cut or the store
  // restored meanwhile, goes on from the present commit and is OutOfRange or FailedPrecondition.
  Status Tell() ABSL_LOCKS_EXCLUDED(mutex_);
  // The same after a commit, if that was made: it stands, whatever becomes of telling. Returns its status.
  Status TellAfter(Status committed) {
    if (committed.ok()) Tell().IgnoreError();
    return committed;
  }

 private:
  struct Listener {
    uint64_t id = 0;
    uint32_t segment = 0;
    LogPosition told;  // up to here; guarded by the mutex
    Callback callback;
  };

  void EndTelling() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Status TellNew() ABSL_LOCKS_EXCLUDED(mutex_);
  // Tells of the first commit after `after` and moves that on. False, and nobody is told, where a listener
  // added meanwhile moved the position.
  bool TellCommit(const store::Reader& reader, const ToldCommit& commit, LogPosition* after)
      ABSL_LOCKS_EXCLUDED(mutex_);

  store::Store* const store_;
  std::atomic<bool> any_{false};
  absl::Mutex mutex_;
  absl::CondVar told_;
  std::vector<std::shared_ptr<Listener>> listeners_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_id_ ABSL_GUARDED_BY(mutex_) = 1;
  LogPosition position_ ABSL_GUARDED_BY(mutex_);  // up to here all were told, while anybody listens
  bool telling_ ABSL_GUARDED_BY(mutex_) = false;
  bool again_ ABSL_GUARDED_BY(mutex_) = false;  // somebody came meanwhile
  std::thread::id teller_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_LISTENERS_H_
