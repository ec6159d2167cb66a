// How the map grows. LMDB maps the file at one size; a larger one is another mapping elsewhere in memory, and
// whoever still reads in the old one ends with SIGBUS or SIGSEGV. So it moves only while this process has no
// transaction.
#include <lmdb.h>
#include <sys/mman.h>

#include <algorithm>

#include "absl/time/clock.h"
#include "relata/base/strings.h"
#include "src/kv/state.h"

namespace relata::kv {
namespace {

constexpr uint64_t kSystemPage = 4096;

}  // namespace

Status EnvironmentState::EnterAlone(bool now_or_never, std::string_view wanted) {
  switch (gate.EnterAlone(options.growth_deadline, now_or_never)) {
    case Gate::Alone::kYes:
      return absl::OkStatus();
    case Gate::Alone::kNoWriter:
      return absl::ResourceExhaustedError(
          StrCat(path, ": ", wanted, " waited ", ToStd(absl::FormatDuration(options.growth_deadline)),
                 " for another writer of this process; nothing was changed; try again"));
    case Gate::Alone::kNoReaders:
      break;
  }
  const Gate::Readers readers = gate.readers();
  return absl::ResourceExhaustedError(
      StrCat(path, ": ", wanted, " needs this process's snapshots to end, and ", readers.count, " did not",
             now_or_never ? "" : StrCat(" within ", ToStd(absl::FormatDuration(options.growth_deadline))),
             "; the oldest is open for ", ToStd(absl::FormatDuration(readers.oldest)),
             "; nothing was changed; let go of snapshots and try again"));
}

Status EnvironmentState::Remap(uint64_t size) {
  // LMDB lets go of the old mapping before it makes the new one; see first that there is room.
  void* room = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) {
    return absl::ResourceExhaustedError(
        StrCat(path, ": growing the map to ", size,
               " bytes: the process has not so much address space left; nothing "
               "was changed"));
  }
  munmap(room, size);
  const int code = mdb_env_set_mapsize(env, size);
  if (code == 0) {
    map_size = size;
    return absl::OkStatus();
  }
  CloseFile();
  const Status reopened_as_before = OpenFile();
  return reopened_as_before.ok() ? Error(code, "growing the map") : reopened_as_before;
}

Status EnvironmentState::AdoptMap() {
  RELATA_RETURN_IF_ERROR(
      EnterAlone(gate.ThisThreadReads(), "adopting the size another process gave the file"));
  Status status;
  MDB_envinfo info;
  MDB_stat stat;
  int code = env == nullptr ? MDB_PANIC : mdb_env_info(env, &info);
  if (code == 0) code = mdb_env_stat(env, &stat);
  if (code == 0) {
    const uint64_t needed = (info.me_last_pgno + 1) * uint64_t{stat.ms_psize};
    uint64_t size = map_size;
    while (size < needed) size *= 2;
    // What is there must be readable, whatever this process's own limit.
    if (options.map_limit != 0) size = std::min(size, std::max(options.map_limit, needed));
    if (size > map_size) status = Remap(size);
  }
  gate.LeaveAlone();
  return status;  // a failure of LMDB shows again when the caller begins again
}

Status Environment::GrowMap(bool caller_holds_snapshot) {
  EnvironmentState& state = *state_;
  RELATA_RETURN_IF_ERROR(state.CheckProcess());
  if (state.gate.ThisThreadWrites()) {
    return absl::FailedPreconditionError(StrCat(state.path, ": end the transaction before growing the map"));
  }
  if (state.full_at < state.map_size) return absl::OkStatus();
  const uint64_t limit =
      state.options.map_limit == 0 ? ~uint64_t{0} : state.options.map_limit / kSystemPage * kSystemPage;
  if (state.map_size >= limit) {
    return absl::ResourceExhaustedError(
        StrCat(state.path, ": the store is full: its map has the ", state.map_size.load(),
               " bytes that OpenOptions::map_limit allows; nothing was changed; delete "
               "data, or open it with a higher limit"));
  }
  RELATA_RETURN_IF_ERROR(
      state.EnterAlone(caller_holds_snapshot || state.gate.ThisThreadReads(), "growing the map"));
  Status status;
  if (state.full_at >= state.map_size && state.env != nullptr) {
    status = state.Remap(std::min(2 * state.map_size, limit));
  }
  state.gate.LeaveAlone();
  return status;
}

bool Environment::ThisThreadHoldsSnapshot() const { return state_->gate.ThisThreadReads(); }
bool Environment::ThisThreadWrites() const { return state_->gate.ThisThreadWrites(); }

}  // namespace relata::kv
