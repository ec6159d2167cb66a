// Defines how the members of segments lie in the tree "relata.segments", see live.h.
//
//   key                                        value
//   0                                          while a checkpoint is written: the commit it will be named
//                                              after and what comes next (3 * 8 bytes), checksum
//   0, 0                                       the versions that the members were computed with, checksum
//   segment (4 bytes, big-endian)              its head: folded, pending (8 bytes each), cause (1), checksum
//   segment, number of a chunk (8, big-endian) the chunk, see MemberSet::EncodeChunk, checksum
//
// Checksums are mixed with the key. The commit that a finished checkpoint is named after is in the meta tree
// (ReadSegmentsCheckpoint in store/meta.h).
//
// Thread safety: as the transaction.
#ifndef RELATA_SEGMENT_CHECKPOINT_H_
#define RELATA_SEGMENT_CHECKPOINT_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "src/kv/transaction.h"
#include "src/segment/live.h"

namespace relata::segment {

// How far a checkpoint that is being written has come.
struct CheckpointRound {
  uint64_t target = 0;   // the commit it will be named after
  uint64_t segment = 0;  // what comes next
  uint64_t chunk = 0;    // in that segment, once its head is written; 0: the head
};
StatusOr<std::optional<CheckpointRound>> ReadRound(const kv::Transaction& txn, kv::Tree tree);
Status WriteRound(kv::WriteTransaction* txn, kv::Tree tree, const CheckpointRound& round);
Status EraseRound(kv::WriteTransaction* txn, kv::Tree tree);

// Adds what is there of one segment, or of all in the order of their ids. Of a damaged one there is DataLoss,
// or its id among `damaged`: nothing of it is then to be trusted.
Status ReadState(const kv::Transaction& txn, kv::Tree tree, uint32_t segment, SegmentState* state);
Status ReadStates(const kv::Transaction& txn, kv::Tree tree,
                  absl::FunctionRef<StatusOr<SegmentState*>(uint32_t segment)> state_of,
                  std::set<uint32_t>* damaged);

Status WriteHead(kv::WriteTransaction* txn, kv::Tree tree, uint32_t segment, const SegmentState& state);
// Writes the chunk, or erases it if it is empty; `*bytes` grows by what was written.
Status WriteChunk(kv::WriteTransaction* txn, kv::Tree tree, uint32_t segment, const MemberSet& members,
                  uint64_t number, size_t* bytes);
// Erases up to `limit` entries of a segment; `*done` if none is left.
Status EraseSegment(kv::WriteTransaction* txn, kv::Tree tree, uint32_t segment, size_t limit, bool* done);

// The versions of ICU and of the time-zone data decide who is a member: those of this process, and those that
// the file's members were computed with. Empty: none were yet.
const std::string& OwnVersions();
StatusOr<std::string> ReadVersions(const kv::Transaction& txn, kv::Tree tree);
Status WriteVersions(kv::WriteTransaction* txn, kv::Tree tree, std::string_view versions);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_CHECKPOINT_H_
