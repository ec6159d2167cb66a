// Defines Environment: one open store file, its trees, and the way to its transactions.
//
//   OpenOptions options;
//   options.create = true;
//   RELATA_ASSIGN_OR_RETURN(auto environment, Environment::Open("crm.relata", options));
//   RELATA_ASSIGN_OR_RETURN(ReadTransaction snapshot, environment->BeginRead());
//
// Beside the file "crm.relata" lies its lock file "crm.relata-lock", shared by all processes that have the
// store open. A process must never open and close the lock file itself, not even to copy it: that drops the
// process's locks, and its snapshots lose their protection. Back up with Backup, or copy while no process has
// the store open.
//
// Thread safety: safe from any thread.
// Lifetime: transactions and trees live within it: all transactions must have ended when the last reference
// goes.
// After fork: a child must not use an environment it inherited (FailedPrecondition); it may open the file
// itself.
#ifndef RELATA_KV_ENVIRONMENT_H_
#define RELATA_KV_ENVIRONMENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "relata/base/status.h"
#include "src/kv/options.h"
#include "src/kv/pages.h"
#include "src/kv/stats.h"
#include "src/kv/transaction.h"
#include "src/kv/tree.h"

namespace relata::kv {

struct EnvironmentState;

class Environment {
 public:
  // Opens the file, after looking that it is a whole store: a file of another kind is InvalidArgument, a cut
  // or damaged one DataLoss, and neither is touched. A file that this process has open already, by whatever
  // path, is shared: the options must then agree in durability and map_limit, and not ask for more than was
  // opened (FailedPrecondition).
  static StatusOr<std::shared_ptr<Environment>> Open(std::string_view path, const OpenOptions& options);

  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  // A snapshot of the last commit. Trees that other processes made are open from the first snapshot that has
  // them. ResourceExhausted when all reader slots are taken, or when the map must adopt what another process
  // grew and a snapshot of this process stands in the way past the deadline (at once if this thread began
  // that snapshot).
  StatusOr<ReadTransaction> BeginRead();

  // The right to write; waits while another thread or process has it. FailedPrecondition if this thread has
  // it already, instead of waiting for itself. Also fails as BeginRead does.
  StatusOr<WriteTransaction> BeginWrite();

  // The tree of this name as of the last commit this process has seen. NotFound if there is none.
  StatusOr<Tree> FindTree(std::string_view name) const;

  // The same, made if there is none; others see it when the transaction commits.
  StatusOr<Tree> OpenTree(WriteTransaction* transaction, std::string_view name);

  // The names of all trees, sorted, as FindTree sees them.
  std::vector<std::string> TreeNames() const;

  // Removes trees with their names; names that do not exist are passed over. This breaks what others have
  // open, so it happens only when no other process has the file open and this one has no transaction:
  // FailedPrecondition otherwise, and nothing is changed. Meant for right after Open. Tree handles with these
  // names are dead afterwards.
  Status UnnameTrees(const std::vector<std::string>& names);

  // Doubles the map (at most to map_limit) after a write that IsMapFull, once that transaction has ended.
  // Waits to the deadline for this process's transactions, then is ResourceExhausted and names the age of the
  // oldest snapshot; at once if the caller says that it holds a snapshot, or this thread began one that is
  // still open. At map_limit it is ResourceExhausted at once. Does nothing unless a write has found the map
  // full at its present size, as when another thread has grown it since.
  Status GrowMap(bool caller_holds_snapshot = false);

  // True if a snapshot that this thread began is still open, wherever it is now.
  bool ThisThreadHoldsSnapshot() const;
  // True between BeginWrite on this thread and that transaction's end.
  bool ThisThreadWrites() const;

  // Frees the reader slots of processes that died; returns how many. Happens by itself at Open, with a write
  // after OpenOptions::reader_check_interval, and before a snapshot is refused for want of a slot.
  StatusOr<int> CheckReaders();

  // Makes all commits durable, on a level below kFull.
  Status Sync();

  // Called now and then from the calling thread: bytes written so far, and about how many there will be.
  using Progress = std::function<void(uint64_t written, uint64_t total)>;

  // Writes a copy of the last commit to a new file, while reading and writing go on; `compact` leaves out
  // free pages, for more work. The copy appears under its name when it is whole and on disk. AlreadyExists if
  // something has that name. FailedPrecondition if this thread is writing.
  Status Backup(std::string_view path, bool compact, const Progress& progress = nullptr);

  // O(free pages).
  StatusOr<Stats> GetStats();

  // Looks at the pages this snapshot sees with plain reads, see WalkPages. Before that LMDB must not walk a
  // tree of a file that may be damaged: it trusts its pages. The tree of names was looked at by Open.
  StatusOr<PageReport> CheckPages(const ReadTransaction& snapshot, const PageWalkOptions& options) const;

  // The file, without symbolic links.
  const std::string& path() const;
  const OpenOptions& options() const;

 private:
  friend class Transaction;
  friend class ReadTransaction;
  friend class WriteTransaction;
  friend class Cursor;
  explicit Environment(std::unique_ptr<EnvironmentState> state);

  std::unique_ptr<EnvironmentState> state_;
};

}  // namespace relata::kv

#endif  // RELATA_KV_ENVIRONMENT_H_
