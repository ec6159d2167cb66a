// Whole files: read at once, or written beside the old one, synced and renamed over it.
#include "src/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "relata/base/strings.h"

namespace relata {
namespace {

// Repeats a system call that a signal interrupted.
template <typename Call>
auto Retry(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

Status Sync(int fd, const std::string& path) {
  if (Retry([&] { return ::fsync(fd); }) == 0) return absl::OkStatus();
  return ErrnoStatus(errno, "fsync", path);
}

// Some file systems cannot sync a directory, and say EINVAL: their renames are as durable as they get.
Status SyncDirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  RELATA_ASSIGN_OR_RETURN(FileDescriptor fd, FileDescriptor::Open(directory, O_RDONLY | O_DIRECTORY));
  if (Retry([&] { return ::fsync(fd.get()); }) == 0 || errno == EINVAL) return absl::OkStatus();
  return ErrnoStatus(errno, "fsync", directory);
}

// A new file beside `path`, which no other call or process has, in `*temporary`. The name of a file that a
// killed process left behind is passed over.
StatusOr<FileDescriptor> OpenBeside(const std::string& path, std::string* temporary) {
  static std::atomic<uint64_t> count = 0;
  while (true) {
    *temporary = StrCat(path, ".new-", ::getpid(), "-", count.fetch_add(1));
    StatusOr<FileDescriptor> fd = FileDescriptor::Open(*temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (fd.ok() || !absl::IsAlreadyExists(fd.status())) return fd;
  }
}

Status WriteAndSync(FileDescriptor fd, std::string_view bytes, const std::string& path,
                    const std::string& old) {
  struct stat before;
  if (::stat(old.c_str(), &before) == 0 && ::fchmod(fd.get(), before.st_mode & 07777) != 0) {
    return ErrnoStatus(errno, "fchmod", path);
  }
  RELATA_RETURN_IF_ERROR(WriteAll(fd.get(), bytes, path));
  RELATA_RETURN_IF_ERROR(Sync(fd.get(), path));
  return fd.Close(path);
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  const FileDescriptor closed(std::exchange(fd_, other.Release()));
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

StatusOr<FileDescriptor> FileDescriptor::Open(const std::string& path, int flags, mode_t mode) {
  const int fd = Retry([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); });
  if (fd < 0) return ErrnoStatus(errno, "open", path);
  return FileDescriptor(fd);
}

Status FileDescriptor::Close(const std::string& path) {
  const int fd = Release();
  // Never twice: on Linux the descriptor is gone even where close reports an interruption.
  if (fd >= 0 && ::close(fd) != 0 && errno != EINTR) return ErrnoStatus(errno, "close", path);
  return absl::OkStatus();
}

Status ErrnoStatus(int error, std::string_view operation, std::string_view path) {
  return Status(absl::ErrnoToStatusCode(error),
                StrCat(Quoted(path), ": ", operation, ": ", std::generic_category().message(error)));
}

StatusOr<std::string> ReadFile(const std::string& path, uint64_t limit) {
  RELATA_ASSIGN_OR_RETURN(const FileDescriptor fd, FileDescriptor::Open(path, O_RDONLY));
  std::string bytes;
  struct stat info;
  if (::fstat(fd.get(), &info) == 0 && S_ISREG(info.st_mode)) {
    bytes.reserve(static_cast<size_t>(std::min(static_cast<uint64_t>(info.st_size), limit)) + 1);
  }
  constexpr size_t kStep = 1 << 16;
  while (true) {
    const size_t start = bytes.size();
    bytes.resize(std::max(start + kStep, bytes.capacity()));
    const ssize_t count = Retry([&] { return ::read(fd.get(), bytes.data() + start, bytes.size() - start); });
    if (count < 0) return ErrnoStatus(errno, "read", path);
    bytes.resize(start + static_cast<size_t>(count));
    if (bytes.size() > limit) {
      return absl::ResourceExhaustedError(
          StrCat(Quoted(path), ": longer than the ", limit, " bytes allowed here"));
    }
    if (count == 0) return bytes;
  }
}

Status WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = Retry([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (count < 0) return ErrnoStatus(errno, "write", path);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

Status WriteFileAtomically(const std::string& path, std::string_view bytes) {
  std::string temporary;
  RELATA_ASSIGN_OR_RETURN(FileDescriptor fd, OpenBeside(path, &temporary));
  Status status = WriteAndSync(std::move(fd), bytes, temporary, path);
  if (status.ok()) status = MoveOver(temporary, path);
  if (!status.ok()) ::unlink(temporary.c_str());  // gone already where it was the folder that failed
  return status;
}

Status MoveOver(const std::string& from, const std::string& path) {
  if (std::rename(from.c_str(), path.c_str()) != 0) return ErrnoStatus(errno, "rename", path);
  return SyncDirectoryOf(path);
}

}  // namespace relata
