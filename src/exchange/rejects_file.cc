// This file appends rejected rows to a file, in pieces.
#include "src/exchange/rejects_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "relata/base/strings.h"

namespace relata::exchange {
namespace {

constexpr size_t kPiece = 64 << 10;

Status CannotWrite(const std::string& path) {
  return absl::UnavailableError(StrCat(path, ": cannot be written: ", std::strerror(errno)));
}

}  // namespace

StatusOr<std::unique_ptr<RejectsFile>> RejectsFile::Open(std::string path, uint64_t keep_bytes) {
  std::unique_ptr<RejectsFile> rejects(new RejectsFile(std::move(path)));
  rejects->length_ = keep_bytes;
  if (keep_bytes > 0) {
    RELATA_RETURN_IF_ERROR(rejects->OpenFile());
  } else if (unlink(rejects->path_.c_str()) != 0 && errno != ENOENT) {
    return CannotWrite(rejects->path_);
  }
  return rejects;
}

RejectsFile::~RejectsFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

Status RejectsFile::Add(const Reject& reject) {
  if (length() == 0) writer_.Append({"file", "row", "line", "column", "value", "reason", "raw"}, &pending_);
  writer_.Append({reject.file, std::to_string(reject.row), std::to_string(reject.line), reject.column,
                  reject.value, reject.reason, reject.raw},
                 &pending_);
  ++count_;
  return pending_.size() < kPiece ? absl::OkStatus() : Flush();
}

Status RejectsFile::Flush() {
  if (pending_.empty()) return absl::OkStatus();
  if (descriptor_ < 0) RELATA_RETURN_IF_ERROR(OpenFile());
  while (!pending_.empty()) {
    const ssize_t n = write(descriptor_, pending_.data(), pending_.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return CannotWrite(path_);
    length_ += static_cast<uint64_t>(n);
    pending_.erase(0, static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

// A file shorter than what was to be kept is not the one the import left: what is missing cannot be made up.
Status RejectsFile::OpenFile() {
  descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) return CannotWrite(path_);
  const off_t size = lseek(descriptor_, 0, SEEK_END);
  if (size >= 0 && static_cast<uint64_t>(size) < length_) {
    return absl::FailedPreconditionError(
        StrCat(path_, ": has ", size, " bytes, but the import that resumes had written ", length_));
  }
  if (ftruncate(descriptor_, static_cast<off_t>(length_)) != 0) return CannotWrite(path_);
  if (lseek(descriptor_, static_cast<off_t>(length_), SEEK_SET) < 0) return CannotWrite(path_);
  return absl::OkStatus();
}

}  // namespace relata::exchange
