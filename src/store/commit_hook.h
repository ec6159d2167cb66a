// Defines CommitHook: what a room above the store does inside every writing transaction, so that what it
// keeps (live segments) changes in the same commit as the records.
//
// One hook serves a store and makes one Session per transaction. The store tells the session of each write
// before it is applied, of savepoints, and of the commit, for which the session gives the bytes of section 2
// of the log entry.
//
// Thread safety: the hook from any thread; a session as its transaction. Lifetime: the hook's, that of the
// store; a session's, that of its transaction.
#ifndef RELATA_STORE_COMMIT_HOOK_H_
#define RELATA_STORE_COMMIT_HOOK_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "relata/store/change.h"
#include "src/store/log_entry.h"

namespace relata::store {

class Transaction;
struct TypeRuntime;

class CommitHook {
 public:
  class Session {
   public:
    virtual ~Session() = default;

    // A write was found to be good and is about to be applied; rows and indexes are still as before it. For
    // an insert `id` is 0 unless it is given (by an undo), and `former` is empty; so it is for a delete. For
    // an update `former` tells which slots change and their values now; kUpdatedAt changes with every update
    // and is not among them. Not called in a bulk load. A failure refuses the write.
    virtual Status BeforeWrite(Transaction* tx, const TypeRuntime& type, ChangeKind kind, RecordId id,
                               std::span<const FormerCell> former) = 0;

    // Savepoints: how far it is, 0 for a new session; and back to there.
    virtual size_t Mark() const = 0;
    virtual void RollBackTo(size_t mark) = 0;

    // All writes are done; the log entry is not written yet. Returns what belongs in section 2 of it; empty
    // for none. Reads `tx`, where its own writes are visible, tx->LoggedChanges(), tx->bulk() and
    // tx->written_catalogue(). May write to trees of its own. A failure fails the commit.
    virtual StatusOr<std::string> BeforeCommit(Transaction* tx) = 0;
  };

  virtual ~CommitHook() = default;

  // Called at the transaction's first write, or at the commit of one that changes anything else.
  virtual StatusOr<std::unique_ptr<Session>> Begin(Transaction* tx) = 0;
};

}  // namespace relata::store

#endif  // RELATA_STORE_COMMIT_HOOK_H_
