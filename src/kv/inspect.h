// Defines what is looked at in a file before LMDB may have it: InspectFile, and CheckFileSystem.
//
// LMDB trusts the file it opens. A cut file ends the process with SIGBUS, a damaged head sends it anywhere,
// and whatever it does not know it may overwrite. So the head is read with plain reads first and must make
// sense.
#ifndef RELATA_KV_INSPECT_H_
#define RELATA_KV_INSPECT_H_

#include <cstdint>
#include <string>

#include "relata/base/status.h"

namespace relata::kv {

struct FileHead {
  uint32_t page_size = 0;
  uint64_t pages = 0;        // up to the last one ever used
  uint64_t transaction = 0;  // id of the last commit
  uint64_t file_size = 0;
};

// Reads both meta pages of the file open as `fd`. InvalidArgument if it is a file of another kind, DataLoss
// if it is a damaged or cut store. Writers in other processes may go on meanwhile. O(1), for a file cut short
// O(free pages).
StatusOr<FileHead> InspectFile(int fd, const std::string& path);

// FailedPrecondition if the file (or folder) lies on a file system that other machines share.
Status CheckFileSystem(const std::string& path);

// The name of a network file system by the kernel's number for it (statfs); null for any other.
const char* NetworkFileSystem(uint64_t type);

}  // namespace relata::kv

#endif  // RELATA_KV_INSPECT_H_
