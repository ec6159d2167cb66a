// Defines RejectsFile, the rows an import did not take, each with the reason, as a CSV file.
//
//   RELATA_ASSIGN_OR_RETURN(auto rejects, RejectsFile::Open("customers.rejects.csv"));
//   rejects->Add({.file = reader->name(), .row = row.number(), .line = row.line(), .column = "birth_date",
//                .value = "31-02-2026", .reason = "'31-02-2026' is not a date of the form dd-mm-yyyy", .raw =
//                row.raw()});
//   RELATA_RETURN_IF_ERROR(rejects->Flush());
//
// Its columns are file, row, line, column, value, reason, raw. The last holds the row as it stood in its
// file, so that the rows can be taken out, mended and imported again. Without rejected rows there is no file.
//
// Thread safety: one thread at a time. Lifetime: closes its file; what was not flushed is lost.
// Cost: one write per 64 KiB or Flush.
#ifndef RELATA_EXCHANGE_REJECTS_FILE_H_
#define RELATA_EXCHANGE_REJECTS_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "relata/base/status.h"
#include "src/exchange/csv_writer.h"

namespace relata::exchange {

struct Reject {
  std::string_view file;
  uint64_t row = 0;
  uint64_t line = 0;
  std::string_view column;  // empty where the row as a whole is at fault
  std::string_view value;
  std::string_view reason;
  std::string_view raw;
};

class RejectsFile {
 public:
  // Removes a file of that name; the first reject makes a new one. `keep_bytes` is for an import that
  // resumes: that much of the file it left is kept, as length() was at its last commit, and writing goes on
  // behind it. FailedPrecondition if the file is shorter than that.
  static StatusOr<std::unique_ptr<RejectsFile>> Open(std::string path, uint64_t keep_bytes = 0);
  ~RejectsFile();
  RejectsFile(const RejectsFile&) = delete;
  RejectsFile& operator=(const RejectsFile&) = delete;

  // Unavailable, naming the file, where it cannot be written (a full disk, a folder that is not there).
  Status Add(const Reject& reject);
  // After this the rejects so far outlive a crash of this process.
  Status Flush();

  const std::string& path() const { return path_; }
  // In bytes, what is not flushed yet included.
  uint64_t length() const { return length_ + pending_.size(); }
  // Rejects added to this object.
  uint64_t count() const { return count_; }

 private:
  explicit RejectsFile(std::string path) : path_(std::move(path)) {}
  Status OpenFile();

  std::string path_;
  CsvWriter writer_;
  std::string pending_;
  int descriptor_ = -1;
  uint64_t length_ = 0;
  uint64_t count_ = 0;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_REJECTS_FILE_H_
