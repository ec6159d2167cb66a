// Writes what Live knows to the file, in pieces.
#include <optional>

#include "src/segment/checkpoint.h"
#include "src/segment/live.h"

namespace relata::segment {

namespace {

constexpr size_t kEraseAtOnce = 256;
// What an entry costs beside its bytes: most of it is the page that changes.
constexpr size_t kEntryBytes = 1'024;
// What a commit adds to a tail beside its section: whoever catches up looks at its entry.
constexpr uint64_t kCommitBytes = 64;

}  // namespace

Status Live::Erase(store::Transaction* tx, uint32_t segment) {
  for (bool done = false; !done;) {
    RELATA_RETURN_IF_ERROR(
        EraseSegment(tx->kv_write(), store_->trees().segments, segment, kEraseAtOnce, &done));
  }
  return absl::OkStatus();
}

Status Live::NameVersions(store::Transaction* tx) {
  return WriteVersions(tx->kv_write(), store_->trees().segments, OwnVersions());
}

Status Live::MaybeCheckpoint(store::Transaction* tx) {
  absl::MutexLock lock(&mutex_);
  const store::CoreTrees& trees = store_->trees();
  RELATA_ASSIGN_OR_RETURN(const std::optional<uint64_t> last,
                          store::ReadSegmentsCheckpoint(tx->kv(), trees.meta));
  if (!last) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(CatchUp(*tx));
  if (*last != checkpoint_) {
    checkpoint_ = *last;
    section_bytes_ = 0;
    worth_it_ = 0;
  }
  RELATA_ASSIGN_OR_RETURN(std::optional<CheckpointRound> round, ReadRound(tx->kv(), trees.segments));
  if (!round) {
    if (!TailIsLong(*last)) return absl::OkStatus();
    round = CheckpointRound{.target = sequence_, .segment = 1};
  }
  bool done = false;
  RELATA_RETURN_IF_ERROR(WritePiece(tx, *last, &*round, &done));
  if (!done) return WriteRound(tx->kv_write(), trees.segments, *round);
  ++figures_.checkpoints;
  RELATA_RETURN_IF_ERROR(EraseRound(tx->kv_write(), trees.segments));
  return store::WriteSegmentsCheckpoint(tx->kv_write(), trees.meta, round->target);
}

bool Live::TailIsLong(uint64_t since) {
  const uint64_t commits = sequence_ - since;
  if (commits < limits_.tail_commits && section_bytes_ < limits_.tail_bytes) return false;
  const uint64_t tail = section_bytes_ + commits * kCommitBytes;
  if (tail < worth_it_) return false;
  // Members here and there of large segments change many chunks a little, and all of each is written.
  uint64_t chunks = 0;
  for (const auto& tracked : tracked_) {
    if (tracked == nullptr) continue;
    tracked->state.bits.ForEachChunk(0, since, [&](uint64_t) {
      ++chunks;
      return true;
    });
  }
  worth_it_ = chunks * limits_.tail_of_chunk;
  return tail >= worth_it_;
}

Status Live::WritePiece(store::Transaction* tx, uint64_t since, CheckpointRound* round, bool* done) {
  const kv::Tree tree = store_->trees().segments;
  kv::WriteTransaction* txn = tx->kv_write();
  size_t written = 0;
  for (; round->segment < tracked_.size(); ++round->segment, round->chunk = 0) {
    const uint32_t segment = static_cast<uint32_t>(round->segment);
    if (tracked_[segment] == nullptr) continue;
    if (written >= limits_.piece_bytes) return absl::OkStatus();
    if (tx->schema().catalogue().FindSegment(segment) == nullptr) {
      bool erased = false;
      RELATA_RETURN_IF_ERROR(EraseSegment(txn, tree, segment, kEraseAtOnce, &erased));
      if (!erased) return absl::OkStatus();
      // A snapshot that sees it still is told what it is told of a new one: nothing.
      tracked_[segment] = nullptr;
      pending_.erase(segment);
      damaged_.erase(segment);
      continue;
    }
    const Tracked& tracked = *tracked_[segment];
    // Chunks are counted from one here: zero is the head.
    if (round->chunk == 0) {
      if (tracked.head_changed > since) {
        RELATA_RETURN_IF_ERROR(WriteHead(txn, tree, segment, tracked.state));
        written += kEntryBytes;
      }
      round->chunk = 1;
    }
    Status status;
    bool enough = false;
    tracked.state.bits.ForEachChunk(round->chunk - 1, since, [&](uint64_t number) {
      round->chunk = number + 1;
      enough = written >= limits_.piece_bytes;
      if (enough) return false;
      written += kEntryBytes;
      status = WriteChunk(txn, tree, segment, tracked.state.bits, number, &written);
      return status.ok();
    });
    RELATA_RETURN_IF_ERROR(status);
    if (enough) return absl::OkStatus();
  }
  *done = true;
  return absl::OkStatus();
}

}  // namespace relata::segment
