// Turns LMDB's codes into statuses that say what happened and what to do.
#include "src/kv/error.h"

#include <lmdb.h>

#include <cerrno>
#include <string>

#include "absl/strings/cord.h"
#include "relata/base/strings.h"

namespace relata::kv {
namespace {

constexpr char kMapFullMark[] = "relata.kv/map-full";

// What happened and what to do about it, for the codes a host can meet.
struct Meaning {
  int code;
  absl::StatusCode status;
  const char* text;
};

constexpr Meaning kMeanings[] = {
    {MDB_KEYEXIST, absl::StatusCode::kAlreadyExists, "the key exists already"},
    {MDB_NOTFOUND, absl::StatusCode::kNotFound, "the key or tree does not exist"},
    {MDB_PAGE_NOTFOUND, absl::StatusCode::kDataLoss,
     "a page is missing: the file is damaged; restore it from a backup"},
    {MDB_CORRUPTED, absl::StatusCode::kDataLoss,
     "a page is of the wrong kind: the file is damaged; restore it from a backup"},
    {MDB_PANIC, absl::StatusCode::kUnavailable,
     "an earlier write of the file's head failed, and the file must be opened anew; try again"},
    {MDB_VERSION_MISMATCH, absl::StatusCode::kFailedPrecondition,
     "another process holds the file open with another version of LMDB; use one version"},
    {MDB_INVALID, absl::StatusCode::kInvalidArgument,
     "this is not a store, or its lock file belongs to something else; nothing was changed"},
    {MDB_MAP_FULL, absl::StatusCode::kAborted,
     "the map is full; nothing of the transaction was kept; let the map grow and try again"},
    {MDB_DBS_FULL, absl::StatusCode::kResourceExhausted,
     "too many trees; close the store and open it with a larger OpenOptions::max_trees"},
    {MDB_READERS_FULL, absl::StatusCode::kResourceExhausted,
     "every reader slot is taken; let go of snapshots that are no longer needed, or close the store in all "
     "processes "
     "and open it with a larger OpenOptions::max_readers"},
    {MDB_TLS_FULL, absl::StatusCode::kResourceExhausted, "the process has too many thread-local keys"},
    {MDB_TXN_FULL, absl::StatusCode::kResourceExhausted,
     "the transaction has changed too many pages; commit in smaller steps"},
    {MDB_CURSOR_FULL, absl::StatusCode::kDataLoss,
     "a tree is deeper than a tree can be: the file is damaged; restore it from a backup"},
    {MDB_PAGE_FULL, absl::StatusCode::kDataLoss,
     "a page has no room where it must have: the file is damaged; restore it from a backup"},
    {MDB_MAP_RESIZED, absl::StatusCode::kUnavailable, "another process has grown the file; try again"},
    {MDB_INCOMPATIBLE, absl::StatusCode::kInvalidArgument,
     "what is stored under this name is not a tree of this library"},
    {MDB_BAD_RSLOT, absl::StatusCode::kInternal, "a reader slot was used twice"},
    {MDB_BAD_TXN, absl::StatusCode::kFailedPrecondition,
     "the transaction has failed or ended, or rests while a nested one is open"},
    {MDB_BAD_VALSIZE, absl::StatusCode::kInvalidArgument,
     "the key or value is too long or empty; a key has 1 to 511 bytes"},
    {MDB_BAD_DBI, absl::StatusCode::kFailedPrecondition, "the tree was removed while it was in use"},
    {ENOENT, absl::StatusCode::kNotFound, "there is no such file or folder"},
    {EEXIST, absl::StatusCode::kAlreadyExists, "a file of this name exists already"},
    {EACCES, absl::StatusCode::kPermissionDenied,
     "permission denied; the user needs to read and write the file, its folder and its lock file"},
    {EPERM, absl::StatusCode::kPermissionDenied,
     "permission denied; the user needs to read and write the file, its folder and its lock file"},
    {EROFS, absl::StatusCode::kPermissionDenied, "the file system is read-only"},
    {ENOSPC, absl::StatusCode::kResourceExhausted,
     "the disk is full; nothing was changed; free space and try again"},
    {EDQUOT, absl::StatusCode::kResourceExhausted,
     "the disk quota is used up; nothing was changed; free space and try again"},
    {EFBIG, absl::StatusCode::kResourceExhausted,
     "the file would pass the limit on file sizes (disk full?); nothing was changed; raise the limit and try "
     "again"},
    {EIO, absl::StatusCode::kUnavailable,
     "the file could not be written or read in full (disk full or failing?); nothing was changed; make room "
     "or check "
     "the disk, and try again"},
    {ENOMEM, absl::StatusCode::kResourceExhausted,
     "not enough memory or address space; set a smaller OpenOptions::map_size, or raise the process's limit"},
    {EMFILE, absl::StatusCode::kResourceExhausted,
     "the process has too many files open; a store takes three descriptors"},
    {ENFILE, absl::StatusCode::kResourceExhausted, "the system has too many files open"},
    {EAGAIN, absl::StatusCode::kUnavailable, "another process is opening or closing the store; try again"},
    {EBUSY, absl::StatusCode::kUnavailable, "another process is opening or closing the store; try again"},
};

}  // namespace

bool IsMapFull(const Status& status) { return status.GetPayload(kMapFullMark).has_value(); }

Status ErrorStatus(int code, std::string_view file, std::string_view doing) {
  if (code == 0) return absl::OkStatus();
  for (const Meaning& meaning : kMeanings) {
    if (meaning.code != code) continue;
    Status status(meaning.status, ToAbsl(StrCat(file, ": ", doing, ": ", meaning.text)));
    if (code == MDB_MAP_FULL) status.SetPayload(kMapFullMark, absl::Cord());
    return status;
  }
  return Status(absl::StatusCode::kInternal,
                StrCat(file, ": ", doing, ": ", mdb_strerror(code), " (", code, ")"));
}

}  // namespace relata::kv
