// Defines what the room's classes hold behind their headers, the one place where LMDB's types meet ours.
// Included by the room's own .cc files only.
#ifndef RELATA_KV_STATE_H_
#define RELATA_KV_STATE_H_

#include <lmdb.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/status.h"
#include "src/base/file.h"
#include "src/kv/cursor.h"
#include "src/kv/environment.h"
#include "src/kv/error.h"
#include "src/kv/gate.h"
#include "src/kv/page_search.h"
#include "src/kv/registry.h"
#include "src/kv/tails.h"
#include "src/kv/transaction.h"

namespace relata::kv {

inline constexpr MDB_dbi kNoTree = ~MDB_dbi{0};  // no tree has this number: LMDB answers EINVAL
inline constexpr MDB_dbi kFreePages = 0;         // LMDB's own tree of free pages
inline constexpr MDB_dbi kMainTree = 1;          // LMDB's own tree of names

inline MDB_val ToVal(std::string_view bytes) {
  return MDB_val{bytes.size(), const_cast<char*>(bytes.data())};
}
inline std::string_view FromVal(const MDB_val& val) {
  return std::string_view(static_cast<const char*>(val.mv_data), val.mv_size);
}

// One name, kept for the environment's life so that a Tree never dangles. Its number changes when the file is
// opened anew, and is kNoTree while the name does not exist.
struct TreeRecord {
  explicit TreeRecord(std::string_view its_name) : name(its_name) {}
  const std::string name;
  std::atomic<MDB_dbi> number{kNoTree};
  bool committed = false;  // guarded by EnvironmentState::trees_mutex
};

struct EnvironmentState;

// What every transaction has.
struct TransactionState {
  TransactionState(Environment* its_environment, EnvironmentState* its_store, bool its_writes);

  // One test before every use of `txn`: false after a failure, in a forked child, and while a nested one is
  // open.
  bool Usable() const { return usable && generation == ForkGeneration(); }
  const Status& WhyNot() const;

  // Records a failure for good, and returns it.
  const Status& Fail(int code, std::string_view doing);
  const Status& FailAt(int code, std::string_view doing, Tree tree);

  // Closes all cursors; each then reports `reason`.
  void DetachCursors(const Status& reason);

  Environment* const environment;
  EnvironmentState* const store;
  const uint64_t generation;
  const bool writes;  // a WriteState
  bool usable = true;
  MDB_txn* txn = nullptr;
  Cursor* cursors = nullptr;
  Status status;
};

struct ReadState : TransactionState, Passage {
  ReadState(Environment* its_environment, EnvironmentState* its_store)
      : TransactionState(its_environment, its_store, /*its_writes=*/false) {}

  PageSearch search;
};

struct WriteState : TransactionState {
  WriteState(Environment* its_environment, EnvironmentState* its_store, WriteState* its_outer);

  bool OnItsThread() const { return outer != nullptr || thread == std::this_thread::get_id(); }

  // Ends with LMDB what is still open, inner transactions first; `why` is what later calls on an inner one
  // return.
  void RollBack(const Status& why);
  void ForgetNewTrees();
  // Hands what a nested commit brought to the outer transaction. REQUIRES: outer
  void JoinOuter();

  WriteState* const outer;  // null at the top level
  WriteState* inner = nullptr;
  const std::thread::id thread;
  std::vector<TreeRecord*> new_trees;  // made here, or by nested transactions that were committed
  Tails tails;
};

struct EnvironmentState {
  EnvironmentState(std::string its_path, const OpenOptions& its_options);
  ~EnvironmentState();

  // In environment.cc -----------------------------------------------------

  // FailedPrecondition in a forked child.
  Status CheckProcess() const;

  // Opens or closes the file with LMDB, trees included. REQUIRES: alone, or before anyone else knows this.
  Status OpenFile();
  void CloseFile();

  // Opens the file anew after a failure that LMDB does not recover from; waits for this process's
  // transactions.
  Status Reopen();

  // Whether a commit failed while it wrote the file's head: then LMDB begins no transaction until the file is
  // opened anew.
  bool HeadIsInDoubt();

  // Clears the slots of dead processes. REQUIRES: inside the gate.
  StatusOr<int> ClearDeadReaders();

  Status Error(int code, std::string_view doing) const { return ErrorStatus(code, path, doing); }

  // In growth.cc ----------------------------------------------------------

  // Waits to be alone, to the deadline of the options; the status says who stood in the way.
  Status EnterAlone(bool now_or_never, std::string_view wanted);

  // Grows the map to what another process made of the file.
  Status AdoptMap();

  // Moves the map. REQUIRES: alone.
  Status Remap(uint64_t size);

  // In trees.cc -----------------------------------------------------------

  // Opens every tree that `txn` sees and this process does not know yet, and ends `txn`, which must be
  // reading. Waits for a writer of this process that is making trees.
  Status OpenNewTrees(MDB_txn* txn);

  // Whether `txn` sees trees beyond the number known before it began.
  static bool SeesNewTrees(MDB_txn* txn, uint64_t known);

  void BeginMakingTrees(const WriteState* writer);
  void EndMakingTrees(const WriteState* writer);
  TreeRecord* Record(std::string_view name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(trees_mutex);

  const std::string path;
  const OpenOptions options;
  const uint64_t generation;
  FileId file;

  Gate gate;
  MDB_env* env = nullptr;  // null after an open anew that failed
  std::atomic<uint64_t> map_size{0};
  std::atomic<uint64_t> full_at{0};  // the map's size when a write last found it full
  std::atomic<uint64_t> reopened{0};
  std::atomic<uint64_t> dead_readers{0};
  std::atomic<int64_t> readers_checked_at{0};  // steady clock, nanoseconds

  mutable absl::Mutex trees_mutex;
  std::map<std::string, std::unique_ptr<TreeRecord>, std::less<>> trees ABSL_GUARDED_BY(trees_mutex);
  // LMDB lets one transaction at a time open trees: a writer from its first new tree to its end, or null if
  // none does.
  const void* making_trees ABSL_GUARDED_BY(trees_mutex) = nullptr;
  std::atomic<uint64_t> known_trees{0};

  // Our own descriptor of the lock file, once UnnameTrees needed it: closing it before LMDB's would drop its
  // locks.
  FileDescriptor lock_file;
};

}  // namespace relata::kv

#endif  // RELATA_KV_STATE_H_
