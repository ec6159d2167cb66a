// IndexSorter: radix sort of what fits, runs in a file, and their merge.
#include "src/store/index_sorter.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/store/id_suffix.h"

namespace relata::store {

// A key in the arena. Keys compare by their first eight bytes, then by the rest; none begins another one.
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

uint64_t PrefixOf(std::string_view key) {
  char bytes[8] = {};
  std::memcpy(bytes, key.data(), std::min(key.size(), sizeof(bytes)));
  return LoadBE64(bytes);
}

// Stable, by `prefix`: a pass per byte in which the entries differ, last byte first.
template <class Entry>
void RadixSort(std::vector<Entry>* entries) {
  std::array<std::array<uint32_t, 256>, 8> counts{};
  for (const Entry& entry : *entries) {
    for (size_t byte = 0; byte < 8; ++byte) ++counts[byte][(entry.prefix >> (8 * byte)) & 0xff];
  }
  std::vector<Entry> scratch;
  for (size_t byte = 0; byte < 8; ++byte) {
    std::array<uint32_t, 256>& count = counts[byte];
    if (count[(entries->front().prefix >> (8 * byte)) & 0xff] == entries->size()) continue;
    uint32_t start = 0;
    for (uint32_t& c : count) start += std::exchange(c, start);
    scratch.resize(entries->size());
    for (const Entry& entry : *entries) scratch[count[(entry.prefix >> (8 * byte)) & 0xff]++] = entry;
    entries->swap(scratch);
  }
}

template <class Entry>
void SortEntries(const char* arena, std::vector<Entry>* entries) {
  const auto rest = [arena](const Entry& e) {
    const size_t skip = std::min<size_t>(e.bytes, 8);
    return std::string_view(arena + e.offset + skip, e.bytes - skip);
  };
  const auto less = [&](const Entry& a, const Entry& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : rest(a) < rest(b);
  };
  if (std::is_sorted(entries->begin(), entries->end(), less)) return;
  RadixSort(entries);
  for (auto begin = entries->begin(); begin != entries->end();) {
    auto end = begin + 1;
    while (end != entries->end() && end->prefix == begin->prefix) ++end;
    if (end - begin > 1)
      std::sort(begin, end, [&](const Entry& a, const Entry& b) { return rest(a) < rest(b); });
    begin = end;
  }
}

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
  entries_.push_back({PrefixOf(key), static_cast<uint32_t>(offset), static_cast<uint16_t>(key.size())});
  ++size_;
  return absl::OkStatus();
}

Status IndexSorter::Spill() {
  if (!file_.is_open()) {
    StatusOr<FileDescriptor> file = OpenUnnamed(options_.folder);
    if (!file.ok()) return status_ = file.status();
    file_ = *std::move(file);
  }
  SortEntries(arena_.data(), &entries_);
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
    SortEntries(arena_.data(), &entries_);
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
    if (valid_) key_ = std::string_view(arena_).substr(entries_[next_].offset, entries_[next_].bytes);
  } else {
    valid_ = !heap_.empty() && status_.ok();
    if (valid_) key_ = runs_[heap_.front()].key;
  }
  if (valid_) id_bytes_ = (static_cast<unsigned char>(key_.back()) & 7) + size_t{1};
}

}  // namespace relata::store
