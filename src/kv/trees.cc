// The trees of an environment. LMDB wants each tree opened before it is used, by one transaction at a time;
// so all are opened with the file, and those that other processes make are opened when the first transaction
// sees them.
#include <fcntl.h>
#include <lmdb.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/kv/state.h"

namespace relata::kv {
namespace {

Status CheckName(const std::string& path, std::string_view name) {
  if (!name.empty() && name.size() <= kMaxTreeNameBytes && name.find('\0') == std::string_view::npos) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(StrCat(path, ": ", Quoted(name), " cannot name a tree: 1 to ",
                                           kMaxTreeNameBytes, " bytes without NUL are possible"));
}

// The names of all trees that `txn` sees.
int ListNames(MDB_txn* txn, std::vector<std::string>* names) {
  MDB_cursor* cursor = nullptr;
  int code = mdb_cursor_open(txn, kMainTree, &cursor);
  if (code != 0) return code;
  MDB_val key, value;
  while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) names->emplace_back(FromVal(key));
  mdb_cursor_close(cursor);
  return code == MDB_NOTFOUND ? 0 : code;
}

}  // namespace

bool EnvironmentState::SeesNewTrees(MDB_txn* txn, uint64_t known) {
  MDB_stat stat;
  return mdb_stat(txn, kMainTree, &stat) == 0 && stat.ms_entries > known;
}

TreeRecord* EnvironmentState::Record(std::string_view name) {
  auto found = trees.lower_bound(name);
  if (found == trees.end() || found->first != name) {
    found = trees.emplace_hint(found, std::string(name), std::make_unique<TreeRecord>(name));
  }
  return found->second.get();
}

Status EnvironmentState::OpenNewTrees(MDB_txn* txn) {
  absl::MutexLock lock(&trees_mutex);
  trees_mutex.Await(absl::Condition(
      +[](const void** making) { return *making == nullptr; }, &making_trees));
  std::vector<std::string> names;
  MDB_stat main;
  int code = ListNames(txn, &names);
  if (code == 0) code = mdb_stat(txn, kMainTree, &main);
  Status status = Error(code, "listing trees");
  if (status.ok() && names.size() != main.ms_entries) {
    status = absl::DataLossError(StrCat(path, ": the file counts ", main.ms_entries, " trees and names ",
                                        names.size(), ": it is damaged; restore it from a backup"));
  }
  std::vector<TreeRecord*> opened;
  for (const std::string& name : names) {
    if (!status.ok()) break;
    TreeRecord* record = Record(name);
    if (record->committed) continue;
    MDB_dbi number;
    unsigned flags = 0;
    code =
        name.find('\0') != std::string::npos ? MDB_INCOMPATIBLE : mdb_dbi_open(txn, name.c_str(), 0, &number);
    if (code == 0) code = mdb_dbi_flags(txn, number, &flags);
    if (code == 0 && flags != 0) code = MDB_INCOMPATIBLE;
    if (code != 0) {
      status = Error(code, StrCat("opening tree ", Quoted(name)));
      break;
    }
    record->number = number;
    opened.push_back(record);
  }
  if (status.ok()) {
    status = Error(mdb_txn_commit(txn), "opening trees");
  } else {
    mdb_txn_abort(txn);
  }
  for (TreeRecord* record : opened) {
    record->committed = status.ok();
    if (!status.ok()) record->number = kNoTree;
  }
  if (status.ok()) known_trees += opened.size();
  return status;
}

void EnvironmentState::BeginMakingTrees(const WriteState* writer) {
  absl::MutexLock lock(&trees_mutex);
  if (making_trees == writer) return;
  trees_mutex.Await(absl::Condition(
      +[](const void** making) { return *making == nullptr; }, &making_trees));
  making_trees = writer;
}

void EnvironmentState::EndMakingTrees(const WriteState* writer) {
  absl::MutexLock lock(&trees_mutex);
  if (making_trees != writer) return;
  making_trees = nullptr;
  for (TreeRecord* record : writer->new_trees) record->committed = true;
  known_trees += writer->new_trees.size();
}

StatusOr<Tree> Environment::FindTree(std::string_view name) const {
  RELATA_RETURN_IF_ERROR(state_->CheckProcess());
  absl::MutexLock lock(&state_->trees_mutex);
  const auto found = state_->trees.find(name);
  if (found == state_->trees.end() || !found->second->committed) {
    return absl::NotFoundError(StrCat(state_->path, ": there is no tree ", Quoted(name)));
  }
  return Tree(found->second.get());
}

StatusOr<Tree> Environment::OpenTree(WriteTransaction* transaction, std::string_view name) {
  RELATA_RETURN_IF_ERROR(state_->CheckProcess());
  RELATA_RETURN_IF_ERROR(transaction->status());
  RELATA_RETURN_IF_ERROR(CheckName(state_->path, name));
  WriteState* writer = transaction->state();
  if (writer->store != state_.get()) {
    return absl::InvalidArgumentError(StrCat(state_->path, ": the transaction is of ", writer->store->path));
  }
  TreeRecord* record;
  {
    absl::MutexLock lock(&state_->trees_mutex);
    record = state_->Record(name);
    if (record->number != kNoTree) return Tree(record);  // known to all, or made by this transaction
  }
  const WriteState* top = writer;
  while (top->outer != nullptr) top = top->outer;
  state_->BeginMakingTrees(top);
  MDB_dbi number;
  const int code = mdb_dbi_open(writer->txn, record->name.c_str(), MDB_CREATE, &number);
  if (code != 0) return writer->FailAt(code, "making", Tree(record));
  record->number = number;
  writer->new_trees.push_back(record);
  return Tree(record);
}

std::vector<std::string> Environment::TreeNames() const {
  std::vector<std::string> names;
  if (!state_->CheckProcess().ok()) return names;
  absl::MutexLock lock(&state_->trees_mutex);
  for (const auto& [name, record] : state_->trees) {
    if (record->committed) names.push_back(name);
  }
  return names;
}

// Unnaming --------------------------------------------------------------

namespace {

// Takes the first byte of LMDB's lock file for this process alone, as LMDB itself does while it sets the file
// up: an open in another process then waits. Locks belong to the process, so ours replaces LMDB's shared one,
// and is turned back into it.
Status LockFirstByte(EnvironmentState* state, short kind) {
  struct flock lock = {};
  lock.l_type = kind;
  lock.l_whence = SEEK_SET;
  lock.l_start = 0;
  lock.l_len = 1;
  if (fcntl(state->lock_file.get(), F_SETLK, &lock) == 0) return absl::OkStatus();
  if (errno == EACCES || errno == EAGAIN) {
    return absl::FailedPreconditionError(
        StrCat(state->path, ": another process has the store open, so trees cannot be unnamed now"));
  }
  return state->Error(errno, "locking the store for this process alone");
}

// Removes the trees and their names in one commit. Their numbers are gone afterwards, whatever the status.
int DropTrees(EnvironmentState* state, const std::vector<TreeRecord*>& records) {
  MDB_txn* txn = nullptr;
  int code = mdb_txn_begin(state->env, nullptr, 0, &txn);
  if (code != 0) return code;
  for (TreeRecord* record : records) {
    if (code == 0) code = mdb_drop(txn, record->number, /*del=*/1);
  }
  if (code == 0) return mdb_txn_commit(txn);
  mdb_txn_abort(txn);
  return code;
}

}  // namespace

Status Environment::UnnameTrees(const std::vector<std::string>& names) {
  EnvironmentState& state = *state_;
  RELATA_RETURN_IF_ERROR(state.CheckProcess());
  if (state.options.read_only)
    return absl::FailedPreconditionError(StrCat(state.path, ": is open for reading only"));
  if (!state.gate.Empty()) {
    return absl::FailedPreconditionError(
        StrCat(state.path, ": trees cannot be unnamed while this process has transactions"));
  }
  RELATA_RETURN_IF_ERROR(state.EnterAlone(/*now_or_never=*/true, "unnaming trees"));
  const auto unname = [&]() -> Status {
    if (state.env == nullptr)
      return absl::UnavailableError(StrCat(state.path, ": must be opened anew first"));
    if (!state.lock_file.is_open()) {
      RELATA_ASSIGN_OR_RETURN(state.lock_file, FileDescriptor::Open(StrCat(state.path, "-lock"), O_RDWR));
    }
    RELATA_RETURN_IF_ERROR(LockFirstByte(&state, F_WRLCK));
    std::vector<TreeRecord*> records;
    {
      absl::MutexLock lock(&state.trees_mutex);
      for (const std::string& name : names) {
        const auto found = state.trees.find(name);
        if (found != state.trees.end() && found->second->committed &&
            std::find(records.begin(), records.end(), found->second.get()) == records.end()) {
          records.push_back(found->second.get());
        }
      }
    }
    const int code = records.empty() ? 0 : DropTrees(&state, records);
    Status status = state.Error(code, "unnaming trees");
    if (!records.empty()) {
      // LMDB has closed the trees even if it then failed to drop them: those are opened again with what comes
      // next.
      absl::MutexLock lock(&state.trees_mutex);
      for (TreeRecord* record : records) {
        record->number = kNoTree;
        record->committed = false;
      }
      state.known_trees -= records.size();
    }
    if (Status unlocked = LockFirstByte(&state, F_RDLCK); status.ok()) status = unlocked;
    return status;
  };
  const Status status = unname();
  state.gate.LeaveAlone();
  return status;
}

}  // namespace relata::kv
