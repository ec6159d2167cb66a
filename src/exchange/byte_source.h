// Defines ByteSource, the bytes of a file to import, read front to back in bounded memory.
//
//   RELATA_ASSIGN_OR_RETURN(auto source, ByteSource::OpenFile("orders.csv.gz"));
//   char chunk[1 << 16];
//   for (;;) {
//     RELATA_ASSIGN_OR_RETURN(size_t n, source->Read(chunk, sizeof chunk));
//     if (n == 0) break;
//   }
//
// A file, standard input or a string; gzip is recognised by its first bytes and unpacked on the way, however
// many members the file holds. Progress counts what was taken from the file itself, so it is true for gzip as
// well.
//
// Thread safety: one thread at a time. Lifetime: stands alone; closes its file.
// Cost: one system call per 64 KiB at most; no more memory than that, plus zlib's window for gzip.
#ifndef RELATA_EXCHANGE_BYTE_SOURCE_H_
#define RELATA_EXCHANGE_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "relata/base/status.h"

namespace relata::exchange {

class ByteSource {
 public:
  // How far reading has come, in bytes of the file as it lies on disk. `total` is 0 where nobody knows (a
  // pipe).
  struct Progress {
    uint64_t done = 0;
    uint64_t total = 0;
  };

  // Opens `path`, or standard input for "-". NotFound or PermissionDenied name the file. InvalidArgument for
  // a folder and for a zip archive, which is what a spreadsheet is: it has to be saved as CSV first.
  static StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path);
  // `name` stands for the file in messages.
  static StatusOr<std::unique_ptr<ByteSource>> FromString(std::string bytes, std::string name = "text");

  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // Fills up to `capacity` bytes (more than 0) and returns how many; 0 only at the end. DataLoss for a
  // damaged or cut-off gzip file.
  virtual StatusOr<size_t> Read(char* out, size_t capacity) = 0;
  virtual Progress progress() const = 0;
  const std::string& name() const { return name_; }

 protected:
  explicit ByteSource(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_BYTE_SOURCE_H_
