// Moves a finished draft file into place, never over another, and syncs its folder.
#include "src/kv/place.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>

#include "relata/base/strings.h"
#include "src/base/file.h"
#include "src/kv/error.h"

namespace relata::kv {
namespace {

int Rename(const std::string& draft, const std::string& path) {
  if (renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // This file system cannot promise not to replace. Looking first leaves a moment in which two may both move.
  if (access(path.c_str(), F_OK) == 0) return EEXIST;
  return rename(draft.c_str(), path.c_str()) == 0 ? 0 : errno;
}

Status SyncFolder(const std::string& folder) {
  RELATA_ASSIGN_OR_RETURN(const FileDescriptor descriptor,
                          FileDescriptor::Open(folder, O_RDONLY | O_DIRECTORY));
  // Some file systems do not sync folders, and say EINVAL.
  if (fsync(descriptor.get()) != 0 && errno != EINVAL)
    return ErrorStatus(errno, folder, "syncing the folder");
  return absl::OkStatus();
}

}  // namespace

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string DraftName(const std::string& path) {
  return StrCat(path, ".new-", getpid(), "-", std::random_device()());
}

Status MoveIntoPlace(const std::string& draft, const std::string& path) {
  const int error = Rename(draft, path);
  if (error != 0) {
    unlink(draft.c_str());
    return ErrorStatus(error, path, "giving the finished file its name");
  }
  return SyncFolder(FolderOf(path));
}

}  // namespace relata::kv
