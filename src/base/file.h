// Defines the file operations several rooms need: a descriptor that closes itself, reading a whole file
// within a limit, and replacing one so that a reader, or a crash, meets the old bytes or the new ones and
// never a mixture.
//
//   RELATA_ASSIGN_OR_RETURN(std::string mapping, ReadFile(path, 1 << 20));
//   RELATA_RETURN_IF_ERROR(WriteFileAtomically(path, report));
//
// Errors name the path, the operation and the system's reason. Thread safety: as the file system's.
#ifndef RELATA_BASE_FILE_H_
#define RELATA_BASE_FILE_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "relata/base/status.h"

namespace relata {

// A file descriptor, closed when it goes.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  // open(2) with O_CLOEXEC added, again where a signal interrupts it.
  static StatusOr<FileDescriptor> Open(const std::string& path, int flags, mode_t mode = 0644);

  bool is_open() const { return fd_ >= 0; }
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

  // Closes now, to learn of a write that failed late; the destructor cannot say. `path` is for the message.
  Status Close(const std::string& path);

 private:
  int fd_ = -1;
};

// The status of a failed system call: "'crm.relata': open: No such file or directory". `error` is the call's
// errno, and absl::ErrnoToStatusCode decides the code (NotFound, PermissionDenied, ResourceExhausted for a
// full disk, …).
Status ErrnoStatus(int error, std::string_view operation, std::string_view path);

// All bytes of the file, or of a pipe up to its end. ResourceExhausted where there are more than `limit`.
StatusOr<std::string> ReadFile(const std::string& path, uint64_t limit);

// Writes all of `bytes`, however many calls that takes.
Status WriteAll(int fd, std::string_view bytes, const std::string& path);

// Replaces the file at `path`, or makes it: a new file beside it is written, synced, given the old one's mode
// and renamed over it, and the directory is synced. On failure the new file is removed and the old one is
// untouched. A symbolic link at `path` is replaced, not followed.
Status WriteFileAtomically(const std::string& path, std::string_view bytes);

// Renames `from`, a file of the same folder that is synced already, to `path` in place of what is there, and
// syncs the folder. Where only that last step fails, the file is in place but a crash may take it back.
Status MoveOver(const std::string& from, const std::string& path);

}  // namespace relata

#endif  // RELATA_BASE_FILE_H_
