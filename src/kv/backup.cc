// Copies, syncing, and what an environment tells about itself.
#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <thread>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/kv/place.h"
#include "src/kv/state.h"

namespace relata::kv {
namespace {

constexpr absl::Duration kProgressInterval = absl::Milliseconds(100);

uint64_t SizeOf(int fd) {
  struct stat file;
  return fstat(fd, &file) == 0 ? static_cast<uint64_t>(file.st_size) : 0;
}

// The number of free pages that `txn` sees.
int CountFreePages(MDB_txn* txn, uint64_t* pages) {
  MDB_cursor* cursor = nullptr;
  int code = mdb_cursor_open(txn, kFreePages, &cursor);
  if (code != 0) return code;
  MDB_val key, value;
  *pages = 0;
  while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
    if (value.mv_size >= sizeof(size_t)) *pages += LoadLE64(value.mv_data);
  }
  mdb_cursor_close(cursor);
  return code == MDB_NOTFOUND ? 0 : code;
}

struct ReaderTable {
  uint32_t slots = 0;
  uint64_t oldest = 0;
};

// LMDB shows its table of readers as lines of text: process, thread, transaction ("-" where none is open).
int ReadLine(const char* line, void* context) {
  ReaderTable* table = static_cast<ReaderTable*>(context);
  const std::string_view text(line);
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos || text[first] < '0' || text[first] > '9') return 0;  // a heading
  ++table->slots;
  const char* last = text.data() + text.rfind(' ') + 1;
  uint64_t id = 0;
  if (std::from_chars(last, text.data() + text.size(), id).ec == std::errc() &&
      (table->oldest == 0 || id < table->oldest)) {
    table->oldest = id;
  }
  return 0;
}

}  // namespace

Status Environment::Backup(std::string_view path, bool compact, const Progress& progress) {
  EnvironmentState& state = *state_;
  RELATA_RETURN_IF_ERROR(state.CheckProcess());
  if (state.gate.ThisThreadWrites()) {
    return absl::FailedPreconditionError(
        StrCat(state.path, ": this thread is writing; end the transaction before making a backup"));
  }
  const std::string target(path);
  struct stat there;
  if (lstat(target.c_str(), &there) == 0) {
    return absl::AlreadyExistsError(
        StrCat(target, ": exists already, and a backup replaces nothing; remove it or choose another name"));
  }
  const std::string draft = DraftName(target);
  RELATA_ASSIGN_OR_RETURN(FileDescriptor to, FileDescriptor::Open(draft, O_RDWR | O_CREAT | O_EXCL, 0600));
  const unsigned flags = compact ? MDB_CP_COMPACT : 0;
  int code = 0;
  {
    Visit visit(&state.gate);
    if (state.env == nullptr) {
      code = MDB_PANIC;
    } else if (!progress) {
      code = mdb_env_copyfd2(state.env, to.get(), flags);
    } else {
      MDB_envinfo info;
      MDB_stat stat;
      mdb_env_info(state.env, &info);
      mdb_env_stat(state.env, &stat);
      const uint64_t total = (info.me_last_pgno + 1) * uint64_t{stat.ms_psize};
      absl::Mutex mutex;
      bool done = false;
      std::thread copier([&] {
        code = mdb_env_copyfd2(state.env, to.get(), flags);
        absl::MutexLock lock(&mutex);
        done = true;
      });
      for (bool last = false; !last;) {
        mutex.Lock();
        last = mutex.AwaitWithTimeout(absl::Condition(&done), kProgressInterval);
        mutex.Unlock();
        const uint64_t written = SizeOf(to.get());
        progress(written, std::max(written, last ? written : total));
      }
      copier.join();
    }
  }
  Status status = ErrorStatus(code, target, "writing the backup");
  if (code == MDB_INCOMPATIBLE) {
    status = absl::FailedPreconditionError(StrCat(
        state.path,
        ": has pages that no tree and no list of free pages names, as very large transactions can leave "
        "behind, so it cannot be compacted; make the backup without compact"));
  }
  if (status.ok() && (stat(state.path.c_str(), &there) != 0 || fchmod(to.get(), there.st_mode & 0777) != 0)) {
    status = ErrorStatus(errno, target, "giving the backup the store's permissions");
  }
  if (status.ok() && fsync(to.get()) != 0) status = ErrorStatus(errno, target, "syncing the backup");
  if (status.ok()) status = to.Close(target);
  if (status.ok()) return MoveIntoPlace(draft, target);
  unlink(draft.c_str());
  return status;
}

StatusOr<int> Environment::CheckReaders() {
  RELATA_RETURN_IF_ERROR(state_->CheckProcess());
  Visit visit(&state_->gate);
  if (state_->env == nullptr) return 0;
  return state_->ClearDeadReaders();
}

Status Environment::Sync() {
  RELATA_RETURN_IF_ERROR(state_->CheckProcess());
  Visit visit(&state_->gate);
  return state_->Error(state_->env == nullptr ? MDB_PANIC : mdb_env_sync(state_->env, 1), "syncing");
}

StatusOr<Stats> Environment::GetStats() {
  EnvironmentState& state = *state_;
  RELATA_RETURN_IF_ERROR(state.CheckProcess());
  Stats stats;
  const Gate::Readers readers = state.gate.readers();
  stats.snapshots = readers.count;
  stats.oldest_snapshot_age = readers.oldest;
  ReaderTable table;
  {
    Visit visit(&state.gate);
    if (state.env != nullptr) mdb_reader_list(state.env, ReadLine, &table);
  }
  stats.reader_slots = table.slots;
  stats.oldest_reader = table.oldest;
  RELATA_ASSIGN_OR_RETURN(ReadTransaction snapshot, BeginRead());
  MDB_txn* txn = snapshot.state_->txn;
  MDB_envinfo info;
  MDB_stat stat;
  mdb_filehandle_t descriptor;
  int code = mdb_env_info(state.env, &info);
  if (code == 0) code = mdb_env_stat(state.env, &stat);
  if (code == 0) code = mdb_env_get_fd(state.env, &descriptor);
  if (code == 0) code = CountFreePages(txn, &stats.free_pages);
  if (code != 0) return state.Error(code, "counting");
  stats.map_size = info.me_mapsize;
  stats.map_limit = state.options.map_limit;
  stats.file_size = SizeOf(descriptor);
  stats.used_size = (info.me_last_pgno + 1) * uint64_t{stat.ms_psize};
  stats.page_size = stat.ms_psize;
  stats.last_transaction = info.me_last_txnid;
  stats.trees = static_cast<uint32_t>(state.known_trees);
  stats.max_readers = info.me_maxreaders;
  stats.dead_readers_cleared = state.dead_readers;
  stats.reopened = state.reopened;
  return stats;
}

}  // namespace relata::kv
