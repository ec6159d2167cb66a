// This file reads files, strings and gzip. GzipSource wraps either of the first two; Unwrap looks at the
// first bytes and decides.
#include "src/exchange/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace relata::exchange {
namespace {

constexpr size_t kPackedChunk = 64 << 10;
constexpr unsigned char kGzipMagic[] = {0x1f, 0x8b};
constexpr size_t kMagicLength = 4;

Status FromErrno(int error, const std::string& name, std::string_view doing) {
  std::string message = name + ": cannot be " + std::string(doing) + ": " + std::strerror(error);
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(message);
  return absl::UnavailableError(message);
}

class FileSource final : public ByteSource {
 public:
  FileSource(std::string name, int descriptor, bool owned, uint64_t total)
      : ByteSource(std::move(name)), descriptor_(descriptor), owned_(owned), total_(total) {}
  ~FileSource() override {
    if (owned_) close(descriptor_);
  }

  StatusOr<size_t> Read(char* out, size_t capacity) override {
    ssize_t n;
    do {
      n = read(descriptor_, out, capacity);
    } while (n < 0 && errno == EINTR);
    if (n < 0) return FromErrno(errno, name(), "read");
    done_ += static_cast<uint64_t>(n);
    return static_cast<size_t>(n);
  }
  // A file that grows while it is read still never shows more than all of it.
  Progress progress() const override { return {done_, total_ == 0 ? 0 : std::max(done_, total_)}; }

 private:
  int descriptor_;
  bool owned_;
  uint64_t done_ = 0;
  uint64_t total_;
};

class StringSource final : public ByteSource {
 public:
  StringSource(std::string name, std::string bytes) : ByteSource(std::move(name)), bytes_(std::move(bytes)) {}

  StatusOr<size_t> Read(char* out, size_t capacity) override {
    const size_t n = bytes_.copy(out, capacity, done_);
    done_ += n;
    return n;
  }
  Progress progress() const override { return {done_, bytes_.size()}; }

 private:
  std::string bytes_;
  size_t done_ = 0;
};

// The first bytes, already read to recognise the format, followed by the rest.
class ReplayedSource final : public ByteSource {
 public:
  ReplayedSource(std::string head, std::unique_ptr<ByteSource> rest)
      : ByteSource(rest->name()), head_(std::move(head)), rest_(std::move(rest)) {}

  StatusOr<size_t> Read(char* out, size_t capacity) override {
    if (taken_ == head_.size()) return rest_->Read(out, capacity);
    const size_t n = head_.copy(out, capacity, taken_);
    taken_ += n;
    return n;
  }
  Progress progress() const override { return rest_->progress(); }

 private:
  std::string head_;
  size_t taken_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

// Unpacks gzip (RFC 1952): members may follow each other, as `cat a.gz b.gz` and log rotation make them; zero
// padding after the last (tape blocks) is ignored, anything else there is DataLoss, since it may be a lost
// member.
class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> packed)
      : ByteSource(packed->name()), packed_(std::move(packed)), input_(new char[kPackedChunk]) {}
  ~GzipSource() override {
    if (started_) inflateEnd(&zlib_);
  }

  Status Start() {
    if (inflateInit2(&zlib_, 15 + 16) != Z_OK) {
      return absl::ResourceExhaustedError(name() + ": no memory to unpack gzip");
    }
    started_ = true;
    return absl::OkStatus();
  }

  StatusOr<size_t> Read(char* out, size_t capacity) override {
    if (finished_) return 0;
    capacity = std::min<size_t>(capacity, 1u << 30);
    zlib_.next_out = reinterpret_cast<Bytef*>(out);
    zlib_.avail_out = static_cast<uInt>(capacity);
    while (zlib_.avail_out == capacity) {
      RELATA_ASSIGN_OR_RETURN(const bool more, Refill());
      if (between_members_) {
        if (!more) break;
        RELATA_ASSIGN_OR_RETURN(const bool member, NextMember());
        if (!member) continue;
      } else if (!more) {
        return absl::DataLossError(name() + ": the gzip file is cut off; fetch it again");
      }
      const int result = inflate(&zlib_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) {
        between_members_ = true;
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        return absl::DataLossError(name() + ": the gzip file is damaged (" +
                                   (zlib_.msg != nullptr ? zlib_.msg : "unpacking failed") +
                                   "); fetch it again");
      }
    }
    const size_t n = capacity - zlib_.avail_out;
    finished_ = n == 0;
    return n;
  }
  Progress progress() const override { return packed_->progress(); }

 private:
  // True when at least one packed byte waits.
  StatusOr<bool> Refill() {
    if (zlib_.avail_in > 0) return true;
    RELATA_ASSIGN_OR_RETURN(const size_t n, packed_->Read(input_.get(), kPackedChunk));
    zlib_.next_in = reinterpret_cast<Bytef*>(input_.get());
    zlib_.avail_in = static_cast<uInt>(n);
    return n > 0;
  }

  // Decides what the waiting bytes after a member are: true when the next member starts, false when they were
  // padding and have been passed over.
  StatusOr<bool> NextMember() {
    if (*zlib_.next_in == 0) {
      while (zlib_.avail_in > 0 && *zlib_.next_in == 0) ++zlib_.next_in, --zlib_.avail_in;
      return false;
    }
    if (*zlib_.next_in != kGzipMagic[0]) {
      return absl::DataLossError(name() + ": bytes that are not gzip follow the end of the packed data");
    }
    inflateReset(&zlib_);
    between_members_ = false;
    return true;
  }

  std::unique_ptr<ByteSource> packed_;
  std::unique_ptr<char[]> input_;
  z_stream zlib_ = {};
  bool started_ = false;
  bool between_members_ = false;
  bool finished_ = false;
};

StatusOr<std::unique_ptr<ByteSource>> Unwrap(std::unique_ptr<ByteSource> source) {
  std::string head(kMagicLength, '\0');
  size_t length = 0;
  while (length < head.size()) {
    RELATA_ASSIGN_OR_RETURN(const size_t n, source->Read(head.data() + length, head.size() - length));
    if (n == 0) break;
    length += n;
  }
  head.resize(length);
  if (head == "PK\x03\x04") {
    return absl::InvalidArgumentError(
        source->name() + ": this is a zip archive (a spreadsheet is one too); save it as CSV first");
  }
  const bool gzip = length >= 2 && std::memcmp(head.data(), kGzipMagic, 2) == 0;
  std::unique_ptr<ByteSource> whole = std::make_unique<ReplayedSource>(std::move(head), std::move(source));
  if (!gzip) return whole;
  auto unpacked = std::make_unique<GzipSource>(std::move(whole));
  RELATA_RETURN_IF_ERROR(unpacked->Start());
  return unpacked;
}

}  // namespace

StatusOr<std::unique_ptr<ByteSource>> ByteSource::OpenFile(const std::string& path) {
  const bool standard_input = path == "-";
  const std::string name = standard_input ? "standard input" : path;
  const int descriptor = standard_input ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return FromErrno(errno, name, "opened");
  struct stat facts = {};
  const bool known = fstat(descriptor, &facts) == 0;
  const uint64_t total = known && S_ISREG(facts.st_mode) ? static_cast<uint64_t>(facts.st_size) : 0;
  auto file = std::make_unique<FileSource>(name, descriptor, !standard_input, total);
  if (known && S_ISDIR(facts.st_mode)) return absl::InvalidArgumentError(name + ": is a folder, not a file");
  return Unwrap(std::move(file));
}

StatusOr<std::unique_ptr<ByteSource>> ByteSource::FromString(std::string bytes, std::string name) {
  return Unwrap(std::make_unique<StringSource>(std::move(name), std::move(bytes)));
}

}  // namespace relata::exchange
