// Reads the head of a file, and of a short one the list of free pages, before LMDB may have it.
#include "src/kv/inspect.h"

#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>
#include <vector>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/kv/error.h"
#include "src/kv/page_format.h"

namespace relata::kv {
namespace {

Status Damaged(const std::string& path, std::string_view what) {
  return absl::DataLossError(
      StrCat(path, ": ", what, "; the file was not touched; restore it from a backup"));
}

Status Foreign(const std::string& path, std::string_view what) {
  return absl::InvalidArgumentError(
      StrCat(path, ": ", what, "; the file was not touched; choose another path"));
}

// Whether the tree's description makes sense.
bool TreeFits(const TreeHead& tree) {
  if (tree.root == kNoPage) return tree.depth == 0;
  return tree.root >= 2 && tree.depth >= 1 && tree.depth <= kMaxDepth;
}

bool RootFits(const TreeHead& tree, uint64_t last_page) {
  return tree.root == kNoPage || tree.root <= last_page;
}

Status CheckMeta(const Meta& meta, uint64_t index, const Meta& other, const std::string& path) {
  const std::string which = StrCat("meta page ", index);
  if (!meta.MagicFits()) return Damaged(path, StrCat(which, " is damaged"));
  if (meta.format != other.format) return Damaged(path, StrCat(which, " is damaged (format)"));
  if (meta.free.padding != other.free.padding) return Damaged(path, StrCat(which, " is damaged (page size)"));
  if (meta.number != index || meta.address != 0) return Damaged(path, StrCat(which, " is damaged"));
  if ((meta.free.flags & ~kOneFile) != kIntegerKey)
    return Damaged(path, StrCat(which, " is damaged (tree of free pages)"));
  if (meta.main.flags != 0) return Damaged(path, StrCat(which, " is damaged, or another program's"));
  if (meta.last_page < 1 || !TreeFits(meta.free) || !TreeFits(meta.main)) {
    return Damaged(path, StrCat(which, " is damaged (a tree's root)"));
  }
  // In a new file both pages carry transaction 0.
  if (meta.transaction != 0 && meta.transaction % 2 != index) {
    return Damaged(path, StrCat(which, " is damaged (transaction ", meta.transaction, ")"));
  }
  return absl::OkStatus();
}

// Adds up how many pages at or after `from` the tree of free pages lists. A file may be shorter than its last
// page number says: a page taken and given back within one transaction is never written. Every page past the
// end must then be free; one that is not has been cut off.
class FreeList {
 public:
  FreeList(int fd, uint64_t page_size, uint64_t from) : fd_(fd), page_size_(page_size), from_(from) {}

  // False if the tree cannot be read.
  bool Walk(uint64_t page, int depth) {
    std::vector<char> bytes(page_size_);
    if (depth > kMaxDepth || page >= from_ || !ReadAt(fd_, page * page_size_, page_size_, bytes.data()))
      return false;
    const uint16_t flags = LoadLE16(&bytes[10]);
    const size_t lower = LoadLE16(&bytes[12]);
    if (LoadLE64(&bytes[0]) != page || lower < kPageHead || lower > page_size_) return false;
    for (size_t slot = kPageHead; slot + 2 <= lower; slot += 2) {
      const size_t node = LoadLE16(&bytes[slot]);
      if (node < lower || node + 8 > page_size_) return false;
      const char* at = &bytes[node];
      const uint64_t low = LoadLE16(at) | uint64_t{LoadLE16(at + 2)} << 16;
      const uint16_t node_flags = LoadLE16(at + 4);
      const size_t value = node + 8 + LoadLE16(at + 6);
      if ((flags & kBranchFlag) != 0) {
        if (!Walk(low | uint64_t{node_flags} << 32, depth + 1)) return false;
      } else if ((flags & kLeafFlag) == 0) {
        return false;
      } else if ((node_flags & kBigData) == 0) {
        if (value + low > page_size_ || !Count(&bytes[value], low)) return false;
      } else if (value + 8 > page_size_ || !CountOverflow(LoadLE64(&bytes[value]), low)) {
        return false;
      }
    }
    return true;
  }

  uint64_t count() const { return count_; }

 private:
  bool CountOverflow(uint64_t page, uint64_t size) {
    if (page >= from_ || size > (from_ - page) * page_size_) return false;
    std::vector<char> bytes(kPageHead + size);
    if (!ReadAt(fd_, page * page_size_, bytes.size(), bytes.data())) return false;
    return (LoadLE16(&bytes[10]) & kOverflowFlag) != 0 && Count(&bytes[kPageHead], size);
  }

  // A list of page numbers: how many, then each.
  bool Count(const char* list, uint64_t size) {
    if (size < 8 || LoadLE64(list) > size / 8 - 1) return false;
    for (uint64_t i = LoadLE64(list); i > 0; --i) count_ += LoadLE64(list + 8 * i) >= from_;
    return true;
  }

  const int fd_;
  const uint64_t page_size_;
  const uint64_t from_;
  uint64_t count_ = 0;
};

Status CheckLength(int fd, const Meta& meta, const FileHead& head, const std::string& path) {
  const uint64_t present = head.file_size / head.page_size;
  if (present >= head.pages) return absl::OkStatus();
  FreeList free(fd, head.page_size, present);
  if (meta.free.root != kNoPage && free.Walk(meta.free.root, 1) && free.count() == head.pages - present) {
    return absl::OkStatus();
  }
  return Damaged(path, StrCat("the file is cut off: it has ", head.file_size,
                              " bytes, and its last commit needs ", head.pages * head.page_size));
}

// One look at the head, whose bytes go to `seen`.
StatusOr<FileHead> Look(int fd, const std::string& path, std::string* seen) {
  seen->assign(2 * kMetaBytes, '\0');
  char* first = seen->data();
  char* second = first + kMetaBytes;
  struct stat file;
  if (fstat(fd, &file) != 0) return ErrorStatus(errno, path, "reading the file's size");
  if (file.st_size == 0) {
    return Damaged(path,
                   "the file is empty, and a store never is: either all of it was cut off, or it was made by "
                   "something else and can be removed");
  }
  if (!ReadAt(fd, 0, kMetaBytes, first)) return Foreign(path, "not a store of this library (too short)");

  // The page size says where the second meta page lies. If the first page is no help, try the usual sizes, to
  // tell a damaged store from a file of another kind.
  const Meta meta0(first);
  uint64_t page_size = meta0.free.padding;
  const bool first_fits = meta0.MagicFits() && PageSizeFits(page_size);
  if (!first_fits) {
    for (page_size = 512; page_size <= 65536; page_size *= 2) {
      if (ReadAt(fd, page_size, kMetaBytes, second) && Meta(second).MagicFits()) {
        return Damaged(path, "meta page 0 is damaged");
      }
    }
    return meta0.MagicFits() ? Damaged(path, "meta page 0 is damaged (page size)")
                             : Foreign(path, "not a store of this library");
  }
  if (!ReadAt(fd, page_size, kMetaBytes, second))
    return Damaged(path, "the file is cut off in its meta pages");
  const Meta meta1(second);
  if (meta0.format != kFormat && meta0.format == meta1.format) {
    return Foreign(path, StrCat("made in LMDB's data format ", meta0.format,
                                ", where this library reads format ", kFormat));
  }
  if (meta0.format != kFormat) return Damaged(path, "meta page 0 is damaged (format)");
  RELATA_RETURN_IF_ERROR(CheckMeta(meta0, 0, meta1, path));
  RELATA_RETURN_IF_ERROR(CheckMeta(meta1, 1, meta0, path));
  const Meta& newest = meta1.transaction > meta0.transaction ? meta1 : meta0;
  const Meta& oldest = &newest == &meta1 ? meta0 : meta1;
  if (newest.transaction - oldest.transaction > 1) {
    return Damaged(path, StrCat("the meta pages are of transactions ", meta0.transaction, " and ",
                                meta1.transaction, ", which should follow each other"));
  }

  // The older page may hold roots beyond its last page: LMDB takes a failed write of it back only in part.
  if (!RootFits(newest.free, newest.last_page) || !RootFits(newest.main, newest.last_page)) {
    return Damaged(path, StrCat("meta page ", newest.number, " is damaged (a tree's root)"));
  }
  if (newest.last_page < oldest.last_page) return Damaged(path, "a meta page is damaged (last page)");

  // The size comes after the head: the file only grows, and a commit's pages are there before its meta page.
  if (fstat(fd, &file) != 0) return ErrorStatus(errno, path, "reading the file's size");
  FileHead head;
  head.page_size = static_cast<uint32_t>(page_size);
  head.pages = newest.last_page + 1;
  head.transaction = newest.transaction;
  head.file_size = static_cast<uint64_t>(file.st_size);
  if (newest.last_page > (uint64_t{1} << 47) / page_size)
    return Damaged(path, "a meta page is damaged (last page)");
  RELATA_RETURN_IF_ERROR(CheckLength(fd, newest, head, path));
  return head;
}

}  // namespace

StatusOr<FileHead> InspectFile(int fd, const std::string& path) {
  // A writer in another process may be in the middle of a meta page: a finding counts when two looks at the
  // same bytes agree on it.
  std::string before, now;
  for (;;) {
    StatusOr<FileHead> head = Look(fd, path, &now);
    if (head.ok() || now == before) return head;
    before.swap(now);
  }
}

const char* NetworkFileSystem(uint64_t type) {
  switch (type) {
    case 0x6969:
      return "NFS";
    case 0x517B:
    case 0xFF534D42:
    case 0xFE534D42:
      return "SMB";
    case 0x5346414F:
    case 0x6B414653:
      return "AFS";
    case 0x73757245:
      return "Coda";
    case 0x564C:
      return "NCP";
    case 0x00C36400:
      return "Ceph";
    case 0x01021997:
      return "9P";
    case 0x0BD00BD0:
      return "Lustre";
    case 0x47504653:
      return "GPFS";
    case 0x01161970:
      return "GFS2";
    case 0x7461636F:
      return "OCFS2";
    default:
      return nullptr;
  }
}

Status CheckFileSystem(const std::string& path) {
  struct statfs system;
  if (statfs(path.c_str(), &system) != 0) return ErrorStatus(errno, path, "asking for its file system");
  const char* name = NetworkFileSystem(static_cast<uint32_t>(system.f_type));
  if (name == nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(
      StrCat(path, ": lies on a network file system (", name,
             "), where locks and shared memory do not hold between machines; move it to a local disk, or set "
             "OpenOptions::allow_network_file_system if this machine alone uses it"));
}

}  // namespace relata::kv
