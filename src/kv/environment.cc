// Opens and closes a store file once per process, and begins its transactions.
#include "src/kv/environment.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/kv/inspect.h"
#include "src/kv/place.h"
#include "src/kv/state.h"

namespace relata::kv {
namespace {

constexpr uint64_t kRoomyMap = uint64_t{64} << 30;
constexpr uint64_t kSmallestMap = uint64_t{64} << 10;
constexpr mode_t kNewFileMode =
    0660;  // less what the umask takes: not for everyone, as it holds personal data

int64_t SteadyNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

uint64_t WholePages(uint64_t bytes) {
  const uint64_t page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

// The path without symbolic links. The file itself need not exist, its folder must.
StatusOr<std::string> ResolvePath(const std::string& path) {
  if (path.empty()) return absl::InvalidArgumentError("the path of the store is empty");
  const auto resolve = [](const std::string& existing) -> std::string {
    const std::unique_ptr<char, decltype(&std::free)> real(realpath(existing.c_str(), nullptr), &std::free);
    return real == nullptr ? "" : real.get();
  };
  if (std::string real = resolve(path); !real.empty()) return real;
  if (errno != ENOENT) return ErrorStatus(errno, path, "opening");
  struct stat link;
  if (lstat(path.c_str(), &link) == 0) {
    return absl::NotFoundError(StrCat(path, ": is a symbolic link to a file that does not exist"));
  }
  const size_t slash = path.rfind('/');
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (name.empty()) return absl::InvalidArgumentError(StrCat(path, ": is a folder; name a file in it"));
  const std::string folder = resolve(slash == std::string::npos ? "." : path.substr(0, slash + 1));
  if (folder.empty()) return ErrorStatus(errno, path, "looking for its folder");
  return StrCat(folder == "/" ? "" : folder, "/", name);
}

FileId IdOf(const struct stat& file) { return FileId{file.st_dev, file.st_ino}; }

Status CheckOptions(const std::string& path, const OpenOptions& options) {
  if (options.create && options.read_only) {
    return absl::InvalidArgumentError(StrCat(path, ": create and read_only exclude each other"));
  }
  if (options.map_limit != 0 && options.map_limit < std::max(options.map_size, kSmallestMap)) {
    return absl::InvalidArgumentError(StrCat(path, ": map_limit ", options.map_limit, " is below ",
                                             options.map_size != 0 ? "map_size " : "the least possible ",
                                             std::max(options.map_size, kSmallestMap)));
  }
  if (options.max_readers == 0 || options.max_trees == 0) {
    return absl::InvalidArgumentError(StrCat(path, ": max_readers and max_trees must be at least 1"));
  }
  return absl::OkStatus();
}

// Whether one open file can serve both who opened it so and who asks now.
Status CheckShared(const std::string& path, const OpenOptions& open, const OpenOptions& asked) {
  std::string_view differs;
  if (open.read_only && !asked.read_only) {
    differs = "read_only";
  } else if (!asked.read_only && open.durability != asked.durability) {
    differs = "durability";
  } else if (!asked.read_only && open.map_limit != asked.map_limit) {
    differs = "map_limit";
  } else if (asked.max_trees > open.max_trees) {
    differs = "max_trees";
  } else {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(StrCat(path, ": this process has the store open with another ",
                                              differs, "; use the same options, or close it first"));
}

// An idle transaction keeps its reader slot, which other processes may need more.
size_t MostIdle(const OpenOptions& options) { return std::clamp<size_t>(options.max_readers / 8, 1, 16); }

// Makes a new store as a draft first: a crash leaves no store or an empty one, never part of one. If another
// process was faster, its store stands.
Status CreateFile(const std::string& path) {
  const std::string draft = DraftName(path);
  MDB_env* env = nullptr;
  int code = mdb_env_create(&env);
  if (code == 0) code = mdb_env_open(env, draft.c_str(), MDB_NOSUBDIR | MDB_NOLOCK, kNewFileMode);
  if (code == 0) code = mdb_env_sync(env, /*force=*/1);
  if (env != nullptr) mdb_env_close(env);
  if (code != 0) {
    unlink(draft.c_str());
    return ErrorStatus(code, path, "making the store");
  }
  const Status status = MoveIntoPlace(draft, path);
  return absl::IsAlreadyExists(status) ? absl::OkStatus() : status;
}

}  // namespace

// Opening ---------------------------------------------------------------

StatusOr<std::shared_ptr<Environment>> Environment::Open(std::string_view path, const OpenOptions& options) {
  RELATA_ASSIGN_OR_RETURN(const std::string real, ResolvePath(std::string(path)));
  RELATA_RETURN_IF_ERROR(CheckOptions(real, options));
  Registry& registry = Registry::Get();
  std::shared_ptr<Environment> environment;  // outlives the lock: letting it go may take the lock
  absl::MutexLock lock(&registry.opening());

  struct stat file;
  if (stat(real.c_str(), &file) != 0) {
    if (errno != ENOENT) return ErrorStatus(errno, real, "opening");
    if (!options.create) {
      return absl::NotFoundError(StrCat(real, ": there is no such store; make it with OpenOptions::create"));
    }
    if (!options.allow_network_file_system) RELATA_RETURN_IF_ERROR(CheckFileSystem(FolderOf(real)));
    RELATA_RETURN_IF_ERROR(CreateFile(real));
    if (stat(real.c_str(), &file) != 0) return ErrorStatus(errno, real, "opening");
  }
  if (!S_ISREG(file.st_mode)) {
    return absl::InvalidArgumentError(StrCat(real, ": is not a regular file; a store is one file"));
  }
  environment = registry.Find(IdOf(file));
  if (environment != nullptr) {
    RELATA_RETURN_IF_ERROR(CheckShared(environment->path(), environment->options(), options));
    return environment;
  }
  if (file.st_nlink > 1) {
    return absl::FailedPreconditionError(
        StrCat(real, ": has ", file.st_nlink,
               " names (hard links), and each would have a lock file of its own; copy "
               "the file, or remove the other names"));
  }
  struct stat lock_file;
  if (stat(StrCat(real, "-lock").c_str(), &lock_file) == 0) {
    if (const std::string user = registry.UserOfLock(IdOf(lock_file)); !user.empty()) {
      return absl::FailedPreconditionError(
          StrCat(real, ": its lock file is in use by another store that this process opened as ", user,
                 " and that was moved or replaced since; close that one first"));
    }
  }
  if (!options.allow_network_file_system) RELATA_RETURN_IF_ERROR(CheckFileSystem(real));

  auto state = std::make_unique<EnvironmentState>(real, options);
  RELATA_RETURN_IF_ERROR(state->OpenFile());
  if (stat(StrCat(real, "-lock").c_str(), &lock_file) != 0) lock_file = {};
  const FileId id = state->file;
  environment.reset(new Environment(std::move(state)));
  registry.Add(id, IdOf(lock_file), real, environment);
  return environment;
}

Environment::Environment(std::unique_ptr<EnvironmentState> state) : state_(std::move(state)) {}

Environment::~Environment() {
  if (state_->generation != ForkGeneration()) {
    static_cast<void>(
        state_.release());  // it is the parent's; closing here would change what is shared with it
    return;
  }
  const bool all_transactions_have_ended = state_->gate.Empty();
  RELATA_CHECK(all_transactions_have_ended);
  const FileId file = state_->file;
  state_.reset();
  Registry::Get().Remove(file);
}

StatusOr<PageReport> Environment::CheckPages(const ReadTransaction& snapshot,
                                             const PageWalkOptions& options) const {
  RELATA_RETURN_IF_ERROR(snapshot.status());
  mdb_filehandle_t descriptor;
  const int code = mdb_env_get_fd(state_->env, &descriptor);
  if (code != 0) return state_->Error(code, "looking at the pages");
  return WalkPages(descriptor, snapshot.id(), options);
}

const std::string& Environment::path() const { return state_->path; }
const OpenOptions& Environment::options() const { return state_->options; }

EnvironmentState::EnvironmentState(std::string its_path, const OpenOptions& its_options)
    : path(std::move(its_path)),
      options(its_options),
      generation(ForkGeneration()),
      gate(MostIdle(its_options)) {}

EnvironmentState::~EnvironmentState() { CloseFile(); }

Status EnvironmentState::CheckProcess() const {
  if (generation == ForkGeneration()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      StrCat(path, ": was opened before this process was forked; open the store again in the child"));
}

Status EnvironmentState::OpenFile() {
  FileHead head;
  FileId looked_at;
  mode_t mode;
  {
    RELATA_ASSIGN_OR_RETURN(FileDescriptor descriptor,
                            FileDescriptor::Open(path, options.read_only ? O_RDONLY : O_RDWR));
    struct stat status;
    if (fstat(descriptor.get(), &status) != 0) return Error(errno, "opening");
    looked_at = IdOf(status);
    mode = status.st_mode & 0777;  // the lock file's too
    RELATA_ASSIGN_OR_RETURN(head, InspectFile(descriptor.get(), path));
  }
  const uint64_t data = head.pages * head.page_size;
  uint64_t size = map_size.load();
  if (size == 0) size = options.map_size;
  const bool automatic = size == 0;
  if (automatic) {
    size = std::max(kRoomyMap, 4 * data);
    if (options.map_limit != 0) size = std::min(size, options.map_limit);
  }
  size = WholePages(std::max({size, data, kSmallestMap}));

  unsigned flags = MDB_NOSUBDIR | MDB_NOTLS;
  if (options.read_only) flags |= MDB_RDONLY;
  if (options.durability == Durability::kRelaxed) flags |= MDB_NOMETASYNC;
  if (options.durability == Durability::kUnsafe) flags |= MDB_NOSYNC;
  for (;;) {
    int code = mdb_env_create(&env);
    if (code == 0) code = mdb_env_set_maxdbs(env, options.max_trees);
    if (code == 0) code = mdb_env_set_maxreaders(env, options.max_readers);
    if (code == 0) code = mdb_env_set_mapsize(env, size);
    if (code == 0) code = mdb_env_open(env, path.c_str(), flags, mode);
    if (code == 0) break;
    if (env != nullptr) mdb_env_close(std::exchange(env, nullptr));
    // A host with little address space left gets what there is.
    if (code != ENOMEM || !automatic || size / 2 < std::max(2 * data, uint64_t{1} << 30))
      return Error(code, "opening");
    size = WholePages(size / 2);
  }
  map_size = size;

  mdb_filehandle_t descriptor;
  struct stat status;
  int code = mdb_env_get_fd(env, &descriptor);
  if (code == 0 && fstat(descriptor, &status) != 0) code = errno;
  Status result = Error(code, "opening");
  const bool is_same = IdOf(status) == looked_at && (file == FileId() || file == looked_at);
  if (result.ok() && !is_same) {
    result = absl::UnavailableError(StrCat(path, ": was replaced while it was being opened; try again"));
  }
  if (result.ok()) {
    file = looked_at;
    result = ClearDeadReaders().status();
  }
  MDB_txn* txn = nullptr;
  while (result.ok() && txn == nullptr) {
    result = Error(mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn), "opening");
    if (!result.ok()) break;
    const StatusOr<PageReport> pages = WalkPages(descriptor, mdb_txn_id(txn), {.all = false});
    if (pages.ok() && pages->clean()) break;
    mdb_txn_abort(std::exchange(txn, nullptr));
    if (absl::IsAborted(pages.status())) continue;  // another process has committed twice since
    result =
        absl::DataLossError(StrCat(path, ": ", pages.ok() ? pages->damage.front() : pages.status().message(),
                                   "; restore the file from a backup"));
  }
  if (result.ok()) result = OpenNewTrees(txn);
  if (!result.ok()) CloseFile();
  return result;
}

void EnvironmentState::CloseFile() {
  for (MDB_txn* txn : gate.TakeIdle()) mdb_txn_abort(txn);
  if (env != nullptr) mdb_env_close(std::exchange(env, nullptr));
  lock_file = FileDescriptor();
  absl::MutexLock lock(&trees_mutex);
  for (auto& [name, record] : trees) {
    record->number = kNoTree;
    record->committed = false;
  }
  known_trees = 0;
}

Status EnvironmentState::Reopen() {
  RELATA_RETURN_IF_ERROR(EnterAlone(gate.ThisThreadReads(), "opening the file anew after a failure"));
  Status status;
  if (HeadIsInDoubt()) {
    CloseFile();
    status = OpenFile();
    ++reopened;
  }
  gate.LeaveAlone();
  return status;
}

bool EnvironmentState::HeadIsInDoubt() {
  if (env == nullptr) return true;
  MDB_txn* txn = nullptr;
  const int code = mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn);
  if (code == 0) mdb_txn_abort(txn);
  return code == MDB_PANIC;
}

// Beginning -------------------------------------------------------------

StatusOr<int> EnvironmentState::ClearDeadReaders() {
  readers_checked_at = SteadyNanos();
  int dead = 0;
  const int code = mdb_reader_check(env, &dead);
  if (code != 0) return Error(code, "checking for dead readers");
  dead_readers += static_cast<uint64_t>(dead);
  return dead;
}

StatusOr<ReadTransaction> Environment::BeginRead() {
  EnvironmentState& state = *state_;
  RELATA_RETURN_IF_ERROR(state.CheckProcess());
  auto reader = std::make_unique<ReadState>(this, &state);
  bool cleared = false;
  for (;;) {
    MDB_txn* txn = nullptr;
    state.gate.EnterRead(reader.get(), &txn);
    const uint64_t known = state.known_trees.load(std::memory_order_acquire);
    int code = MDB_PANIC;
    if (txn != nullptr) {
      code = mdb_txn_renew(txn);
      if (code != 0) mdb_txn_abort(txn);
    } else if (state.env != nullptr) {
      code = mdb_txn_begin(state.env, nullptr, MDB_RDONLY, &txn);
    }
    Status status;
    if (code == 0 && !EnvironmentState::SeesNewTrees(txn, known)) {
      reader->txn = txn;
      return ReadTransaction(reader.release());
    }
    if (code == 0) {
      status = state.OpenNewTrees(txn);
    } else if (code == MDB_READERS_FULL && !cleared) {
      cleared = true;
      status = state.ClearDeadReaders().status();
    } else if (code != MDB_MAP_RESIZED && code != MDB_PANIC) {
      status = state.Error(code, "beginning a snapshot");
    }
    state.gate.LeaveRead(reader.get());
    if (status.ok() && code == MDB_MAP_RESIZED) status = state.AdoptMap();
    if (status.ok() && code == MDB_PANIC) status = state.Reopen();
    RELATA_RETURN_IF_ERROR(status);
  }
}

StatusOr<WriteTransaction> Environment::BeginWrite() {
  EnvironmentState& state = *state_;
  RELATA_RETURN_IF_ERROR(state.CheckProcess());
  if (state.options.read_only) {
    return absl::FailedPreconditionError(
        StrCat(state.path, ": is open for reading only; open it without read_only"));
  }
  auto writer = std::make_unique<WriteState>(this, &state, /*its_outer=*/nullptr);
  for (;;) {
    if (!state.gate.EnterWrite()) {
      return absl::FailedPreconditionError(StrCat(
          state.path, ": this thread is writing already; end that transaction first, or nest one in it"));
    }
    Status status;
    if (state.env != nullptr && SteadyNanos() - state.readers_checked_at >
                                    absl::ToInt64Nanoseconds(state.options.reader_check_interval)) {
      status = state.ClearDeadReaders().status();
    }
    const uint64_t known = state.known_trees.load(std::memory_order_acquire);
    const int code = state.env == nullptr ? MDB_PANIC : mdb_txn_begin(state.env, nullptr, 0, &writer->txn);
    if (code == 0 && status.ok() && !EnvironmentState::SeesNewTrees(writer->txn, known)) {
      return WriteTransaction(writer.release());
    }
    MDB_txn* reader = nullptr;
    if (code == 0) {
      mdb_txn_abort(std::exchange(writer->txn, nullptr));
      if (status.ok())
        status = state.Error(mdb_txn_begin(state.env, nullptr, MDB_RDONLY, &reader), "opening trees");
      if (status.ok()) status = state.OpenNewTrees(reader);
    } else if (code != MDB_MAP_RESIZED && code != MDB_PANIC) {
      status = state.Error(code, "beginning to write");
    }
    state.gate.LeaveWrite();
    if (status.ok() && code == MDB_MAP_RESIZED) status = state.AdoptMap();
    if (status.ok() && code == MDB_PANIC) status = state.Reopen();
    RELATA_RETURN_IF_ERROR(status);
  }
}

}  // namespace relata::kv
