// Moves a cursor over a tree; the transaction that ends first detaches it.
#include "src/kv/cursor.h"

#include <lmdb.h>

#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/kv/state.h"

namespace relata::kv {

Cursor::Cursor(const Transaction& transaction, Tree tree) {
  if (!transaction.status().ok()) {
    status_ = transaction.status();
    return;
  }
  TransactionState* state = transaction.state_;
  const MDB_dbi number =
      tree.record_ == nullptr ? kNoTree : tree.record_->number.load(std::memory_order_relaxed);
  const int code = mdb_cursor_open(state->txn, number, &cursor_);
  if (code != 0) {
    cursor_ = nullptr;
    status_ = state->FailAt(code, "walking", tree);
    return;
  }
  Link(state);
}

Cursor::Cursor(Cursor&& other) noexcept { *this = std::move(other); }

Cursor& Cursor::operator=(Cursor&& other) noexcept {
  if (this == &other) return *this;
  Close();
  TransactionState* state = other.state_;
  if (state != nullptr) other.Unlink();
  cursor_ = std::exchange(other.cursor_, nullptr);
  valid_ = std::exchange(other.valid_, false);
  key_ = other.key_;
  value_ = other.value_;
  status_ = std::exchange(other.status_, absl::FailedPreconditionError("the cursor was moved from"));
  if (state != nullptr) Link(state);
  return *this;
}

Cursor::~Cursor() { Close(); }

void Cursor::Link(TransactionState* state) {
  state_ = state;
  previous_ = nullptr;
  next_ = state->cursors;
  if (next_ != nullptr) next_->previous_ = this;
  state->cursors = this;
}

void Cursor::Unlink() {
  (previous_ != nullptr ? previous_->next_ : state_->cursors) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  state_ = nullptr;
}

void Cursor::Close() {
  if (state_ == nullptr) return;
  Unlink();
  mdb_cursor_close(std::exchange(cursor_, nullptr));
  valid_ = false;
}

void Cursor::Detach(const Status& reason) {
  Close();
  if (status_.ok()) status_ = reason;
}

bool Cursor::Usable() {
  if (state_ == nullptr) return false;  // status_ says why
  if (state_->Usable()) return true;
  valid_ = false;
  status_ = state_->WhyNot();
  return false;
}

void Cursor::Move(int operation, std::string_view to) {
  valid_ = false;
  if (!Usable()) return;
  if (!status_.ok()) status_ = absl::OkStatus();  // the transaction rested, and goes on
  MDB_val key = ToVal(to), value{};
  const int code = mdb_cursor_get(cursor_, &key, &value, static_cast<MDB_cursor_op>(operation));
  if (code == 0) {
    key_ = FromVal(key);
    value_ = FromVal(value);
    valid_ = true;
  } else if (code != MDB_NOTFOUND) {
    status_ = state_->Fail(code, "walking a tree");
  }
}

void Cursor::SeekFirst() { Move(MDB_FIRST); }
void Cursor::SeekLast() { Move(MDB_LAST); }

void Cursor::Seek(std::string_view key) {
  if (key.empty()) {
    SeekFirst();
  } else {
    Move(MDB_SET_RANGE, key);
  }
}

void Cursor::SeekBefore(std::string_view key) {
  Seek(key);
  if (valid_) {
    Prev();
  } else if (status_.ok()) {
    SeekLast();  // every key is before this one
  }
}

bool Cursor::SeekExact(std::string_view key) {
  if (key.empty()) {
    valid_ = false;  // no tree has it
  } else {
    Move(MDB_SET_KEY, key);
  }
  return valid_;
}

void Cursor::Next() {
  RELATA_DCHECK(valid_);
  Move(MDB_NEXT);
}

void Cursor::Prev() {
  RELATA_DCHECK(valid_);
  Move(MDB_PREV);
}

Status Cursor::CheckChange() {
  if (!Usable()) return status_;
  if (!state_->writes) {
    return absl::FailedPreconditionError("a snapshot cannot be changed; use a write transaction");
  }
  return valid_ ? absl::OkStatus() : absl::FailedPreconditionError("the cursor stands on no entry");
}

Status Cursor::PutCurrent(std::string_view value) {
  RELATA_RETURN_IF_ERROR(CheckChange());
  if (value.size() > kMaxValueBytes) {
    return absl::InvalidArgumentError(
        StrCat("a value of ", value.size(), " bytes, where at most ", kMaxValueBytes, " are possible"));
  }
  // The page may move, and the key with it, so LMDB is given a copy; it wants the key that is there already.
  const std::string key(key_);
  MDB_val its_key = ToVal(key), its_value = ToVal(value);
  const int code = mdb_cursor_put(cursor_, &its_key, &its_value, MDB_CURRENT);
  if (code != 0) {
    valid_ = false;
    return status_ = state_->Fail(code, "replacing a value");
  }
  Move(MDB_GET_CURRENT);
  return status_;
}

Status Cursor::DeleteCurrent() {
  RELATA_RETURN_IF_ERROR(CheckChange());
  const int code = mdb_cursor_del(cursor_, 0);
  if (code != 0) {
    valid_ = false;
    return status_ = state_->Fail(code, "deleting an entry");
  }
  // LMDB stands between the entries now, and its next step is onto the one that followed.
  Move(MDB_NEXT);
  return status_;
}

}  // namespace relata::kv
