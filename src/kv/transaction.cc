// Reads and writes trees in one transaction; its first failure is remembered and repeated.
#include "src/kv/transaction.h"

#include <lmdb.h>

#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/kv/state.h"

namespace relata::kv {
namespace {

Status Ended() { return absl::FailedPreconditionError("the transaction has ended"); }

const Status& EndedStatus() {
  static const Status* const status = new Status(Ended());
  return *status;
}

MDB_dbi Number(const TreeRecord* record) {
  return record == nullptr ? kNoTree : record->number.load(std::memory_order_relaxed);
}

Status CheckKey(const TransactionState& state, Tree tree, std::string_view key) {
  if (!key.empty() && key.size() <= kMaxKeyBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat(state.store->path, ": tree ",
                                           tree.valid() ? tree.name() : "(none)", ": a key of ", key.size(),
                                           " bytes, where 1 to ", kMaxKeyBytes, " are possible"));
}

Status CheckValue(const TransactionState& state, Tree tree, uint64_t size) {
  if (size <= kMaxValueBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat(state.store->path, ": tree ",
                                           tree.valid() ? tree.name() : "(none)", ": a value of ", size,
                                           " bytes, where at most ", kMaxValueBytes, " are possible"));
}

}  // namespace

const std::string& Tree::name() const { return record_->name; }

TransactionState::TransactionState(Environment* its_environment, EnvironmentState* its_store, bool its_writes)
    : environment(its_environment), store(its_store), generation(ForkGeneration()), writes(its_writes) {}

const Status& TransactionState::WhyNot() const {
  if (generation != ForkGeneration()) {
    static const Status* const forked = new Status(absl::FailedPreconditionError(
        "the transaction began before this process was forked; open the store again in the child"));
    return *forked;
  }
  if (!usable && status.ok()) {
    static const Status* const resting = new Status(
        absl::FailedPreconditionError("the transaction rests until its nested transaction has ended"));
    return *resting;
  }
  return status;
}

const Status& TransactionState::Fail(int code, std::string_view doing) {
  if (code == MDB_MAP_FULL) store->full_at = store->map_size.load();
  status = store->Error(code, doing);
  usable = false;
  return status;
}

const Status& TransactionState::FailAt(int code, std::string_view doing, Tree tree) {
  const std::string where = StrCat(doing, " tree ", tree.valid() ? tree.name() : "(none)");
  if (code != EINVAL) return Fail(code, where);
  status = absl::FailedPreconditionError(StrCat(store->path, ": ", where,
                                                ": this transaction does not have the tree: it is no tree, "
                                                "its creation was rolled back, or it is younger "
                                                "than this snapshot; begin a new one"));
  usable = false;
  return status;
}

void TransactionState::DetachCursors(const Status& reason) {
  while (cursors != nullptr) cursors->Detach(reason);
}

// Looking up ------------------------------------------------------------

bool Transaction::Find(Tree tree, std::string_view key, std::string_view* value) const {
  if (state_ == nullptr || !state_->Usable() || key.empty()) return false;
  const MDB_dbi number = Number(tree.record_);
  if (key.size() <= PageSearch::kMaxKeyBytes && !state_->writes && number != kNoTree) {
    PageSearch& search = static_cast<ReadState*>(state_)->search;
    const auto answer = search.Find(state_->txn, number, tree.name(), key, value);
    if (answer != PageSearch::Answer::kAskLmdb) return answer == PageSearch::Answer::kFound;
  }
  if (state_->writes && static_cast<WriteState*>(state_)->tails.IsPast(number, key)) return false;
  MDB_val wanted = ToVal(key), found;
  const int code = mdb_get(state_->txn, number, &wanted, &found);
  if (code == 0) {
    *value = FromVal(found);
    return true;
  }
  if (code != MDB_NOTFOUND) state_->FailAt(code, "reading", tree);
  return false;
}

StatusOr<std::optional<std::string_view>> Transaction::Get(Tree tree, std::string_view key) const {
  std::string_view value;
  if (Find(tree, key, &value)) return std::optional<std::string_view>(value);
  if (!status().ok()) return status();
  return std::optional<std::string_view>();
}

const Status& Transaction::status() const {
  if (state_ == nullptr) return EndedStatus();
  static const Status* const ok = new Status;
  return state_->Usable() ? *ok : state_->WhyNot();
}

uint64_t Transaction::id() const {
  return state_ == nullptr || !state_->Usable() ? 0 : static_cast<uint64_t>(mdb_txn_id(state_->txn));
}

StatusOr<TreeStats> Transaction::StatTree(Tree tree) const {
  RELATA_RETURN_IF_ERROR(status());
  MDB_stat stat;
  const int code = mdb_stat(state_->txn, Number(tree.record_), &stat);
  if (code != 0) return state_->FailAt(code, "counting", tree);
  TreeStats stats;
  stats.entries = stat.ms_entries;
  stats.depth = stat.ms_depth;
  stats.branch_pages = stat.ms_branch_pages;
  stats.leaf_pages = stat.ms_leaf_pages;
  stats.overflow_pages = stat.ms_overflow_pages;
  stats.bytes = (stats.branch_pages + stats.leaf_pages + stats.overflow_pages) * stat.ms_psize;
  return stats;
}

Environment* Transaction::environment() const { return state_ == nullptr ? nullptr : state_->environment; }

// Snapshots -------------------------------------------------------------

ReadTransaction::ReadTransaction(ReadState* state) : Transaction(state) {}

ReadTransaction& ReadTransaction::operator=(ReadTransaction&& other) noexcept {
  if (this != &other) {
    End();
    state_ = std::exchange(other.state_, nullptr);
  }
  return *this;
}

void ReadTransaction::End() {
  if (state_ == nullptr) return;
  std::unique_ptr<ReadState> state(static_cast<ReadState*>(std::exchange(state_, nullptr)));
  if (state->generation != ForkGeneration()) {  // the slot is the parent's
    state->DetachCursors(state->WhyNot());
    return;
  }
  state->DetachCursors(Ended());
  mdb_txn_reset(state->txn);
  Gate& gate = state->store->gate;
  if (!state->status.ok() || !gate.LeaveRead(state.get(), state->txn)) {
    mdb_txn_abort(state->txn);
    gate.LeaveRead(state.get());
  }
}

// Changing --------------------------------------------------------------

WriteState::WriteState(Environment* its_environment, EnvironmentState* its_store, WriteState* its_outer)
    : TransactionState(its_environment, its_store, /*its_writes=*/true),
      outer(its_outer),
      thread(std::this_thread::get_id()) {}

void WriteState::ForgetNewTrees() {
  for (TreeRecord* record : new_trees) record->number.store(kNoTree, std::memory_order_relaxed);
  new_trees.clear();
}

void WriteState::RollBack(const Status& why) {
  if (txn == nullptr) return;
  if (inner != nullptr) inner->RollBack(absl::FailedPreconditionError("the outer transaction has ended"));
  DetachCursors(why);
  ForgetNewTrees();
  mdb_txn_abort(std::exchange(txn, nullptr));
  usable = false;
  if (status.ok()) status = why;
  if (outer != nullptr) {
    outer->inner = nullptr;
    outer->usable = outer->status.ok();
  }
}

void WriteState::JoinOuter() {
  outer->inner = nullptr;
  // A nested commit that failed half-way leaves the outer transaction's pages in doubt.
  if (outer->status.ok()) outer->status = status;
  outer->usable = outer->status.ok();
  outer->new_trees.insert(outer->new_trees.end(), new_trees.begin(), new_trees.end());
}

WriteTransaction::WriteTransaction(WriteState* state) : Transaction(state) {}

WriteState* WriteTransaction::state() const { return static_cast<WriteState*>(state_); }

WriteTransaction& WriteTransaction::operator=(WriteTransaction&& other) noexcept {
  if (this != &other) {
    Abort();
    state_ = std::exchange(other.state_, nullptr);
  }
  return *this;
}

bool WriteTransaction::nested() const { return state_ != nullptr && state()->outer != nullptr; }

void WriteTransaction::Abort() {
  if (state_ == nullptr) return;
  std::unique_ptr<WriteState> state(static_cast<WriteState*>(std::exchange(state_, nullptr)));
  if (state->generation != ForkGeneration()) {  // it is still the parent's
    state->DetachCursors(state->WhyNot());
    return;
  }
  // Elsewhere LMDB's lock would stay taken, and every later writer of every process would hang.
  const bool on_the_thread_that_began_it = state->OnItsThread();
  RELATA_CHECK(on_the_thread_that_began_it);
  const bool was_open = state->txn != nullptr;
  state->RollBack(Ended());
  if (state->outer == nullptr && was_open) {
    EnvironmentState& environment = *state->store;
    environment.EndMakingTrees(state.get());
    environment.gate.LeaveWrite();
  }
}

Status WriteTransaction::Commit() {
  if (state_ == nullptr) return Ended();
  WriteState* state = this->state();
  if (state->generation != ForkGeneration()) return state->WhyNot();
  if (!state->OnItsThread()) {
    return absl::FailedPreconditionError(
        StrCat(state->store->path, ": commit a transaction on the thread that began it"));
  }
  if (!state->usable) {
    const Status why = state->WhyNot();
    if (state->inner == nullptr) Abort();
    return why;
  }
  const std::unique_ptr<WriteState> owned(state);
  state_ = nullptr;
  state->DetachCursors(Ended());
  const int code = mdb_txn_commit(std::exchange(state->txn, nullptr));
  if (code != 0) {
    state->Fail(code, "committing");
    state->ForgetNewTrees();
  }
  if (state->outer != nullptr) {
    state->JoinOuter();
  } else {
    if (code != 0 && state->store->HeadIsInDoubt()) {
      state->status = absl::UnavailableError(
          StrCat(state->status.message(),
                 "; the file's head could not be written, so this transaction may or may not "
                 "have been kept: read it back before doing it again"));
    }
    state->store->EndMakingTrees(state);
    state->store->gate.LeaveWrite();
  }
  return state->status;
}

StatusOr<WriteTransaction> WriteTransaction::BeginNested() {
  RELATA_RETURN_IF_ERROR(status());
  WriteState* outer = state();
  auto inner = std::make_unique<WriteState>(outer->environment, outer->store, outer);
  const int code = mdb_txn_begin(outer->store->env, outer->txn, 0, &inner->txn);
  if (code != 0) return outer->store->Error(code, "beginning a nested transaction");
  outer->inner = inner.get();
  outer->usable = false;
  outer->tails.Forget();
  return WriteTransaction(inner.release());
}

Status WriteTransaction::Put(Tree tree, std::string_view key, std::string_view value) {
  RELATA_RETURN_IF_ERROR(status());
  RELATA_RETURN_IF_ERROR(CheckKey(*state_, tree, key));
  RELATA_RETURN_IF_ERROR(CheckValue(*state_, tree, value.size()));
  MDB_val its_key = ToVal(key), its_value = ToVal(value);
  const MDB_dbi number = Number(tree.record_);
  const int code = mdb_put(state_->txn, number, &its_key, &its_value, 0);
  if (code != 0) return state_->FailAt(code, "writing to", tree);
  state()->tails.Put(number, key);
  return absl::OkStatus();
}

Status WriteTransaction::Insert(Tree tree, std::string_view key, std::string_view value, bool* inserted) {
  *inserted = false;
  RELATA_RETURN_IF_ERROR(status());
  RELATA_RETURN_IF_ERROR(CheckKey(*state_, tree, key));
  RELATA_RETURN_IF_ERROR(CheckValue(*state_, tree, value.size()));
  MDB_val its_key = ToVal(key), its_value = ToVal(value);
  const MDB_dbi number = Number(tree.record_);
  Tails& tails = state()->tails;
  if (tails.MayAppend(number, key)) {
    const int code = mdb_put(state_->txn, number, &its_key, &its_value, MDB_APPEND);
    *inserted = code == 0;
    if (*inserted) {
      tails.Appended(number, key);
      return absl::OkStatus();
    }
    if (code != MDB_KEYEXIST) return state_->FailAt(code, "writing to", tree);
    tails.NotLast(number);
  }
  const int code = mdb_put(state_->txn, number, &its_key, &its_value, MDB_NOOVERWRITE);
  if (code == MDB_KEYEXIST) return absl::OkStatus();
  if (code != 0) return state_->FailAt(code, "writing to", tree);
  tails.Put(number, key);
  *inserted = true;
  return absl::OkStatus();
}

Status WriteTransaction::Append(Tree tree, std::string_view key, std::string_view value) {
  RELATA_RETURN_IF_ERROR(status());
  RELATA_RETURN_IF_ERROR(CheckKey(*state_, tree, key));
  RELATA_RETURN_IF_ERROR(CheckValue(*state_, tree, value.size()));
  MDB_val its_key = ToVal(key), its_value = ToVal(value);
  const MDB_dbi number = Number(tree.record_);
  const int code = mdb_put(state_->txn, number, &its_key, &its_value, MDB_APPEND);
  if (code == MDB_KEYEXIST) {
    return absl::InvalidArgumentError(StrCat(state_->store->path, ": tree ", tree.name(), ": key ",
                                             Quoted(key),
                                             " cannot be appended, for it does not sort last; use Put"));
  }
  if (code != 0) return state_->FailAt(code, "appending to", tree);
  state()->tails.Appended(number, key);
  return absl::OkStatus();
}

StatusOr<std::span<char>> WriteTransaction::Reserve(Tree tree, std::string_view key, size_t size) {
  RELATA_RETURN_IF_ERROR(status());
  RELATA_RETURN_IF_ERROR(CheckKey(*state_, tree, key));
  RELATA_RETURN_IF_ERROR(CheckValue(*state_, tree, size));
  MDB_val its_key = ToVal(key), room{size, nullptr};
  const MDB_dbi number = Number(tree.record_);
  const int code = mdb_put(state_->txn, number, &its_key, &room, MDB_RESERVE);
  if (code != 0) return state_->FailAt(code, "writing to", tree);
  state()->tails.Put(number, key);
  return std::span<char>(static_cast<char*>(room.mv_data), size);
}

Status WriteTransaction::Delete(Tree tree, std::string_view key, bool* found) {
  if (found != nullptr) *found = false;
  RELATA_RETURN_IF_ERROR(status());
  if (key.empty() || key.size() > kMaxKeyBytes) return absl::OkStatus();  // no tree has it
  MDB_val its_key = ToVal(key);
  const int code = mdb_del(state_->txn, Number(tree.record_), &its_key, nullptr);
  if (code == MDB_NOTFOUND) return absl::OkStatus();
  if (code != 0) return state_->FailAt(code, "deleting from", tree);
  if (found != nullptr) *found = true;
  return absl::OkStatus();
}

Status WriteTransaction::EmptyTree(Tree tree) {
  RELATA_RETURN_IF_ERROR(status());
  const int code = mdb_drop(state_->txn, Number(tree.record_), /*del=*/0);
  return code == 0 ? absl::OkStatus() : state_->FailAt(code, "emptying", tree);
}

}  // namespace relata::kv
