// Defines IndexSorter, which brings any number of index entries into order within bounded memory.
//
//   IndexSorter sorter({.folder = "/var/lib/shop"});
//   for (…) RELATA_RETURN_IF_ERROR(sorter.Add(key, id));
//   RELATA_RETURN_IF_ERROR(sorter.Finish());
//   for (; sorter.Valid(); sorter.Next()) …                   // sorter.values(), sorter.id()
//   RELATA_RETURN_IF_ERROR(sorter.status());
//
// What does not fit is written as sorted runs to a temporary file without a name, which the system frees with
// the sorter, also when the process is killed, and merged when read. Entries come in (values key, id) order.
// Thread safety: one thread at a time. Lifetime: values() lives until the sorter moves.
#ifndef RELATA_STORE_INDEX_SORTER_H_
#define RELATA_STORE_INDEX_SORTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "src/base/file.h"

namespace relata::store {

class IndexSorter {
 public:
  struct Options {
    // Bytes of memory; each entry takes its key and 32 bytes more. While merging, each run takes at least 4
    // KiB, so much less than the square root of 4 KiB times the data is exceeded.
    size_t memory_bytes = size_t{64} << 20;
    std::string folder = ".";  // of the temporary file: the store's, where there is room for an index
  };

  explicit IndexSorter(Options options);
  IndexSorter(IndexSorter&&) noexcept;
  IndexSorter& operator=(IndexSorter&&) noexcept;
  ~IndexSorter();

  // ResourceExhausted if the disk is full. REQUIRES: not finished; 1 <= id <= kMaxRecordId; a values key that
  // is not the beginning of another one; each entry once.
  Status Add(std::string_view values_key, RecordId id);

  // Ends adding, and stands on the first entry.
  Status Finish();

  bool Valid() const { return valid_; }
  void Next();  // REQUIRES: Valid()
  // REQUIRES: Valid()
  std::string_view values() const { return key_.substr(0, key_.size() - id_bytes_); }
  std::string_view key() const { return key_; }  // with the id behind the values, as in a tree
  RecordId id() const;
  const Status& status() const { return status_; }

  // Where the sorter stands, to come back to: a bulk load whose transaction failed starts again from here.
  // Valid or not. O(runs).
  struct Position {
    std::vector<uint64_t> offsets;
  };
  Position Tell() const;
  void Seek(const Position& position);  // REQUIRES: finished, from Tell of this sorter

  uint64_t size() const { return size_; }  // entries added
  size_t runs() const;                     // written to the file so far

 private:
  struct Entry;
  struct Run;
  Status Spill();
  bool Fill(Run* run);
  void SiftDown();
  void Show();

  Options options_;
  std::string arena_;
  std::vector<Entry> entries_;
  std::vector<Run> runs_;
  std::vector<size_t> heap_;  // runs that are not exhausted, least key first
  FileDescriptor file_;
  uint64_t file_size_ = 0;
  uint64_t size_ = 0;
  uint64_t next_ = 0;  // without runs: the entry it stands on
  std::string_view key_;
  size_t id_bytes_ = 0;
  bool valid_ = false;
  Status status_;
};

}  // namespace relata::store

#endif  // RELATA_STORE_INDEX_SORTER_H_
