// IndexSorter: radix sort of what fits, runs in a file, and their merge.
#include "src/store/index_sorter.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/store/id_suffix.h"

namespace relata::store {

// A key in the arena, with the eight bytes of it that the sort looks at.
struct IndexSorter::Entry {
  uint64_t prefix;
  uint32_t offset;
  uint16_t bytes;
};

// A sorted run in the file: per key its length in two bytes, and the key.
struct IndexSorter::Run {
  uint64_t begin = 0;  // in the file
  uint64_t end = 0;
  uint64_t next = 0;  // what is not in the buffer yet
  std::string buffer;
  size_t at = 0;  // of the current key's length
  std::string_view key;
};

namespace {

constexpr size_t kEntryBytes = 32;  // an entry, and its place in the scratch of the sort
constexpr size_t kMaxArena = size_t{1} << 31;
constexpr size_t kWriteBytes = size_t{256} << 10;
constexpr size_t kMinReadBytes = size_t{4} << 10;
constexpr size_t kMaxReadBytes = size_t{1} << 20;
constexpr size_t kLengthBytes = 2;

// Eight bytes of the key from `skip` on, as a number that sorts as they do.
uint64_t PrefixOf(std::string_view key, size_t skip) {
  char bytes[8] = {};
  if (skip < key.size()) std::memcpy(bytes, key.data() + skip, std::min(key.size() - skip, sizeof(bytes)));
  return LoadBE64(bytes);
}

// Sorts entries by their keys: eight bytes at a time, the rest only among those that are equal so far.
template <class Entry>
class EntrySort {
 public:
  explicit EntrySort(const std::string& arena) : arena_(arena) {}

  // REQUIRES: the keys agree up to `skip`, and `prefix` is what follows there.
  void Sort(Entry* begin, Entry* end, size_t skip) {
    constexpr std::ptrdiff_t kFew = 128;  // below this comparing is faster
    const auto less = [&](const Entry& a, const Entry& b) {
      return a.prefix != b.prefix ? a.prefix < b.prefix : Rest(a, skip) < Rest(b, skip);
    };
    if (std::is_sorted(begin, end, less)) return;
    if (end - begin < kFew) return std::sort(begin, end, less);
    RadixSort(begin, end);
    while (begin != end) {
      Entry* equal = begin;
      while (equal != end && equal->prefix == begin->prefix) ++equal;
      if (equal - begin > 1) {
        for (Entry* e = begin; e != equal; ++e) e->prefix = PrefixOf(Key(*e), skip + 8);
        Sort(begin, equal, skip + 8);
      }
      begin = equal;
    }
  }

 private:
  std::string_view Key(const Entry& e) const { return std::string_view(arena_).substr(e.offset, e.bytes); }
  std::string_view Rest(const Entry& e, size_t skip) const {
    return Key(e).substr(std::min<size_t>(e.bytes, skip + 8));
  }

  // By `prefix`: a pass per byte in which the entries differ, last byte first.
  void RadixSort(Entry* begin, Entry* end) {
    const auto size = static_cast<size_t>(end - begin);
    uint32_t counts[8][256] = {};
    for (const Entry* e = begin; e != end; ++e) {
      for (size_t byte = 0; byte < 8; ++byte) ++counts[byte][(e->prefix >> (8 * byte)) & 0xff];
    }
    Entry* from = begin;
    for (size_t byte = 0; byte < 8; ++byte) {
      uint32_t* count = counts[byte];
      if (count[(begin->prefix >> (8 * byte)) & 0xff] == size) continue;
      uint32_t start = 0;
      for (size_t value = 0; value < 256; ++value) start += std::exchange(count[value], start);
      if (scratch_.size() < size) scratch_.resize(size);
      Entry* to = from == begin ? scratch_.data() : begin;
      for (size_t i = 0; i < size; ++i) to[count[(from[i].prefix >> (8 * byte)) & 0xff]++] = from[i];
      from = to;
    }
    if (from != begin) std::copy(from, from + size, begin);
  }

  const std::string& arena_;
  std::vector<Entry> scratch_;
};

// A file without a name; it goes when its descriptor does.
StatusOr<FileDescriptor> OpenUnnamed(const std::string& folder) {
  StatusOr<FileDescriptor> file = FileDescriptor::Open(folder, O_TMPFILE | O_RDWR, 0600);
  if (file.ok()) return file;
  std::string path = folder + "/relata-sort-XXXXXX";  // file systems without O_TMPFILE
  const int fd = mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(errno, "make a temporary file", path);
  unlink(path.c_str());
  return FileDescriptor(fd);
}

}  // namespace

IndexSorter::IndexSorter(Options options) : options_(std::move(options)) {}
IndexSorter::IndexSorter(IndexSorter&&) noexcept = default;
IndexSorter& IndexSorter::operator=(IndexSorter&&) noexcept = default;
IndexSorter::~IndexSorter() = default;

RecordId IndexSorter::id() const {
  std::string_view values;
  RecordId id = 0;
  RELATA_CHECK(SplitIdSuffix(key_, &values, &id));
  return id;
}

size_t IndexSorter::runs() const { return runs_.size(); }

Status IndexSorter::Add(std::string_view values, RecordId id) {
  RELATA_RETURN_IF_ERROR(status_);
  if (entries_.capacity() == 0) {
    // Address space only: what is not written takes no memory.
    arena_.reserve(std::min(options_.memory_bytes, kMaxArena));
    entries_.reserve(options_.memory_bytes / kEntryBytes + 1);
  }
  const size_t used = arena_.size() + values.size() + kMaxIdSuffixBytes + (entries_.size() + 1) * kEntryBytes;
  if (!entries_.empty() && (used > options_.memory_bytes || arena_.size() > kMaxArena)) {
    RELATA_RETURN_IF_ERROR(Spill());
  }
  const size_t offset = arena_.size();
  arena_.append(values);
  AppendIdSuffix(id, &arena_);
  const std::string_view key = std::string_view(arena_).substr(offset);
  entries_.push_back({PrefixOf(key, 0), static_cast<uint32_t>(offset), static_cast<uint16_t>(key.size())});
  ++size_;
  return absl::OkStatus();
}

Status IndexSorter::Spill() {
  if (!file_.is_open()) {
    StatusOr<FileDescriptor> file = OpenUnnamed(options_.folder);
    if (!file.ok()) return status_ = file.status();
    file_ = *std::move(file);
  }
  EntrySort<Entry>(arena_).Sort(entries_.data(), entries_.data() + entries_.size(), 0);
  Run run{.begin = file_size_};
  std::string buffer;
  for (size_t i = 0; i < entries_.size(); ++i) {
    AppendLE16(&buffer, entries_[i].bytes);
    buffer.append(arena_, entries_[i].offset, entries_[i].bytes);
    if (buffer.size() < kWriteBytes && i + 1 < entries_.size()) continue;
    status_ = WriteAll(file_.get(), buffer, options_.folder);
    if (!status_.ok()) return status_;
    file_size_ += buffer.size();
    buffer.clear();
  }
  run.end = file_size_;
  runs_.push_back(std::move(run));
  arena_.clear();
  entries_.clear();
  return absl::OkStatus();
}

Status IndexSorter::Finish() {
  RELATA_RETURN_IF_ERROR(status_);
  if (runs_.empty()) {
    EntrySort<Entry>(arena_).Sort(entries_.data(), entries_.data() + entries_.size(), 0);
    Seek({{0}});
    return absl::OkStatus();
  }
  if (!entries_.empty()) RELATA_RETURN_IF_ERROR(Spill());
  arena_ = std::string();
  entries_ = std::vector<Entry>();
  Position start;
  for (const Run& run : runs_) start.offsets.push_back(run.begin);
  Seek(start);
  return status_;
}

IndexSorter::Position IndexSorter::Tell() const {
  if (runs_.empty()) return {{next_}};
  Position position;
  for (const Run& run : runs_) position.offsets.push_back(run.next - run.buffer.size() + run.at);
  return position;
}

void IndexSorter::Seek(const Position& position) {
  if (runs_.empty()) {
    next_ = position.offsets[0];
    Show();
    return;
  }
  heap_.clear();
  for (size_t i = 0; i < runs_.size(); ++i) {
    Run& run = runs_[i];
    run.next = position.offsets[i];
    run.buffer.clear();
    run.at = 0;
    if (Fill(&run)) heap_.push_back(i);
  }
  std::make_heap(heap_.begin(), heap_.end(),
                 [this](size_t a, size_t b) { return runs_[b].key < runs_[a].key; });
  Show();
}

void IndexSorter::Next() {
  RELATA_DCHECK(valid_);
  if (runs_.empty()) {
    ++next_;
    return Show();
  }
  Run& run = runs_[heap_.front()];
  run.at += kLengthBytes + run.key.size();
  if (!Fill(&run)) {
    heap_.front() = heap_.back();
    heap_.pop_back();
  }
  SiftDown();
  Show();
}

// Brings the run's current key into its buffer. False at its end, and if that failed.
bool IndexSorter::Fill(Run* run) {
  while (true) {
    const std::string_view rest = std::string_view(run->buffer).substr(run->at);
    if (rest.size() >= kLengthBytes) {
      const size_t bytes = LoadLE16(rest.data());
      if (rest.size() >= kLengthBytes + bytes) {
        run->key = rest.substr(kLengthBytes, bytes);
        return true;
      }
    }
    if (run->next == run->end) return false;
    const size_t room = std::clamp(options_.memory_bytes / runs_.size(), kMinReadBytes, kMaxReadBytes);
    run->buffer.erase(0, run->at);
    run->at = 0;
    const size_t kept = run->buffer.size();
    const size_t wanted = static_cast<size_t>(std::min<uint64_t>(room - kept, run->end - run->next));
    run->buffer.resize(kept + wanted);
    size_t done = 0;
    while (done < wanted) {
      const ssize_t got = pread(file_.get(), run->buffer.data() + kept + done, wanted - done,
                                static_cast<off_t>(run->next + done));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        status_ = got < 0 ? ErrnoStatus(errno, "read the temporary file of a sort", options_.folder)
                          : absl::DataLossError("the temporary file of a sort has shrunk");
        return false;
      }
      done += static_cast<size_t>(got);
    }
    run->next += wanted;
  }
}

void IndexSorter::SiftDown() {
  size_t at = 0;
  while (true) {
    size_t least = 2 * at + 1;
    if (least >= heap_.size()) return;
    if (least + 1 < heap_.size() && runs_[heap_[least + 1]].key < runs_[heap_[least]].key) ++least;
    if (runs_[heap_[at]].key < runs_[heap_[least]].key) return;
    std::swap(heap_[at], heap_[least]);
    at = least;
  }
}

void IndexSorter::Show() {
  if (runs_.empty()) {
    valid_ = next_ < entries_.size();
    if (!valid_) return;
    constexpr size_t kAhead = 16;  // sorted entries lie all over the arena
    if (next_ + kAhead < entries_.size()) __builtin_prefetch(arena_.data() + entries_[next_ + kAhead].offset);
    key_ = std::string_view(arena_).substr(entries_[next_].offset, entries_[next_].bytes);
  } else {
    valid_ = !heap_.empty() && status_.ok();
    if (valid_) key_ = runs_[heap_.front()].key;
  }
  if (valid_) id_bytes_ = (static_cast<unsigned char>(key_.back()) & 7) + size_t{1};
}

}  // namespace relata::store
