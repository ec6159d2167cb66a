// Defines Cursor, which walks a tree in the order of its keys.
//
//   Cursor at(snapshot, index);
//   for (at.Seek(prefix); at.Valid() && at.key().starts_with(prefix); at.Next()) …
//   RELATA_RETURN_IF_ERROR(at.status());
//
// Thread safety: as its transaction's; one thread at a time.
// Lifetime: when the transaction ends, its cursors become invalid and their status FailedPrecondition; a
// nested transaction suspends the outer one's cursors. The views key() and value() live until the cursor
// moves; in a WriteTransaction also no longer than until the next change.
// Cost: opening allocates once. Next and Prev are O(1) amortised, a seek is O(log n).
//
// Changing the keys of a tree while walking it may visit entries again without end: collect first, then
// change.
#ifndef RELATA_KV_CURSOR_H_
#define RELATA_KV_CURSOR_H_

#include <cstddef>
#include <string_view>

#include "relata/base/status.h"
#include "src/kv/tree.h"

struct MDB_cursor;

namespace relata::kv {

class Transaction;
struct TransactionState;

class Cursor {
 public:
  Cursor(const Transaction& transaction, Tree tree);
  Cursor(Cursor&& other) noexcept;
  Cursor& operator=(Cursor&& other) noexcept;
  ~Cursor();

  // Each moves the cursor; Valid() tells whether it stands on an entry then.
  void SeekFirst();
  void SeekLast();
  void Seek(std::string_view key);        // the first entry with a key at or after this one
  void SeekBefore(std::string_view key);  // the last entry with a key before this one
  bool SeekExact(std::string_view key);   // the entry with this key; returns Valid()
  void Next();                            // REQUIRES: Valid()
  void Prev();                            // REQUIRES: Valid()

  // False at either end, and after a failure.
  bool Valid() const { return valid_; }

  // REQUIRES: Valid()
  std::string_view key() const { return key_; }
  std::string_view value() const { return value_; }

  // OK at an end; else what failed.
  const Status& status() const { return status_; }

  // Replaces the current entry's value. The cursor stays; value() is as stored. REQUIRES: Valid(), a
  // WriteTransaction, and that the cursor was moved since the transaction last deleted this entry.
  Status PutCurrent(std::string_view value);

  // Removes the current entry. The cursor then stands on the entry after it, or is invalid at the end: do not
  // call Next. REQUIRES: as PutCurrent.
  Status DeleteCurrent();

 private:
  friend struct TransactionState;
  void Link(TransactionState* state);
  void Unlink();
  void Close();
  void Detach(const Status& reason);  // by the transaction, when it ends
  void Move(int operation, std::string_view to = {});
  bool Usable();
  Status CheckChange();

  MDB_cursor* cursor_ = nullptr;
  TransactionState* state_ = nullptr;  // null once the transaction ended
  Cursor* previous_ = nullptr;         // the transaction's list of cursors
  Cursor* next_ = nullptr;
  bool valid_ = false;
  std::string_view key_;
  std::string_view value_;
  Status status_;
};

}  // namespace relata::kv

#endif  // RELATA_KV_CURSOR_H_
