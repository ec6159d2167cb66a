// Defines Transaction and its two kinds: ReadTransaction, one unchanging view of the environment, and
// WriteTransaction, the one that changes it.
//
//   RELATA_ASSIGN_OR_RETURN(WriteTransaction txn, environment->BeginWrite());
//   RELATA_RETURN_IF_ERROR(txn.Put(rows, IdKey(17), bytes));
//   RELATA_RETURN_IF_ERROR(txn.Commit());
//
// Thread safety: one thread at a time. A top-level WriteTransaction is bound to the thread that began it:
// Commit elsewhere is FailedPrecondition, and destroying it elsewhere while it is open ends the process,
// since every later writer of every process would hang. Its thread must not end before it does. A
// ReadTransaction and a nested WriteTransaction may change threads.
// Lifetime: within their Environment's. Views handed out point into the map. Those of a ReadTransaction live
// as long as it does; those of a WriteTransaction die with its next change (of any tree: a put moves what the
// same transaction read), with a nested transaction, and with its end. A value starts at any even address:
// load numbers from it with memcpy (src/base/coding.h).
// After fork: every call in the child is FailedPrecondition; destroying there touches nothing.
#ifndef RELATA_KV_TRANSACTION_H_
#define RELATA_KV_TRANSACTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "relata/base/status.h"
#include "src/kv/stats.h"
#include "src/kv/tree.h"

namespace relata::kv {

class Environment;
struct TransactionState;
struct ReadState;
struct WriteState;

// What both kinds offer: looking up. Functions that only read take a Transaction&.
class Transaction {
 public:
  // True if the tree has the key; `*value` is then its value. False if it has not, or if something failed:
  // status() tells, and stays that way. Does not allocate. O(log n).
  bool Find(Tree tree, std::string_view key, std::string_view* value) const;

  // The same in one value, for where clarity counts more than a nanosecond: nullopt if the tree lacks the
  // key.
  StatusOr<std::optional<std::string_view>> Get(Tree tree, std::string_view key) const;

  // OK until something failed; then that failure, which every later call returns too.
  const Status& status() const;

  // Identifies what is seen: a snapshot has the id of the last commit in it, a writer the id its commit will
  // get. A commit that changed nothing leaves its id to the next one.
  uint64_t id() const;

  // O(1).
  StatusOr<TreeStats> StatTree(Tree tree) const;

  Environment* environment() const;

  // False once moved from, committed or ended.
  bool open() const { return state_ != nullptr; }

 protected:
  friend class Cursor;
  explicit Transaction(TransactionState* state) : state_(state) {}
  ~Transaction() = default;
  Transaction(Transaction&& other) noexcept : state_(other.state_) { other.state_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;

  TransactionState* state_;
};

// A snapshot. Never blocks and is never blocked, except while the map grows. Cost: O(1) to open, some
// hundreds of nanoseconds. While one is held, pages freed by later commits are not reused
// (Stats::oldest_snapshot_age).
class ReadTransaction : public Transaction {
 public:
  ReadTransaction(ReadTransaction&&) noexcept = default;
  ReadTransaction& operator=(ReadTransaction&& other) noexcept;
  ~ReadTransaction() { End(); }

  // Lets the snapshot go now; cursors on it become invalid. Does nothing the second time.
  void End();

 private:
  friend class Environment;
  explicit ReadTransaction(ReadState* state);
};

// A change to any number of trees that commits as a whole or not at all; rolled back if destroyed before
// Commit. A change that fails poisons it: every later call, Commit included, returns the same status, and all
// that is left is to end it. Where that status is IsMapFull (error.h), end it, call Environment::GrowMap, and
// do all again.
class WriteTransaction : public Transaction {
 public:
  WriteTransaction(WriteTransaction&&) noexcept = default;
  WriteTransaction& operator=(WriteTransaction&& other) noexcept;
  ~WriteTransaction() { Abort(); }

  // Sets the key's value, whether it had one or not. O(log n), as all below.
  Status Put(Tree tree, std::string_view key, std::string_view value);

  // Sets the value of a key that has none. `*inserted` is false, and nothing changed, where it has one.
  Status Insert(Tree tree, std::string_view key, std::string_view value, bool* inserted);

  // Puts a key that sorts after every key in the tree: faster, and pages fill twice as densely.
  // InvalidArgument if it does not sort last; the transaction then goes on.
  Status Append(Tree tree, std::string_view key, std::string_view value);

  // Sets the key's value to `size` bytes for the caller to fill before the transaction's next call.
  StatusOr<std::span<char>> Reserve(Tree tree, std::string_view key, size_t size);

  // Removes the key. One that is not there is no failure; `*found`, if given, tells.
  Status Delete(Tree tree, std::string_view key, bool* found = nullptr);

  // Removes all keys; the tree and its name stay. Snapshots keep what they see. O(pages).
  Status EmptyTree(Tree tree);

  // Begins a transaction inside this one: a savepoint. Until it ends, this one must rest: calls on it are
  // FailedPrecondition, and its cursors too.
  StatusOr<WriteTransaction> BeginNested();

  bool nested() const;

  // Makes the changes durable (top level) or part of the outer transaction (nested). It is over afterwards,
  // whatever the status; but FailedPrecondition on the wrong thread or while a nested one is open leaves it
  // as it was. On failure nothing of it was kept, unless the message says that this is not known.
  Status Commit();

  // Rolls back now. Does nothing if it is over.
  void Abort();

 private:
  friend class Environment;
  explicit WriteTransaction(WriteState* state);
  WriteState* state() const;
};

}  // namespace relata::kv

#endif  // RELATA_KV_TRANSACTION_H_
