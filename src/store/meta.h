// Defines the meta tree: the few facts about a store that are not records.
//
//   "format"      what the file is, and the version of its layout
//   "catalogue"   the encoded catalogue; "version" its version, 8 bytes, read at every begin
//   "state"       State: where the change log stands, with a checksum
//   "id" + type   the next record id of an entity type, 8 bytes big-endian and a checksum
//   "seq" + name  a named sequence, such as that of relation numbers; as an id
//   "segments"    the commit whose members of segments the checkpoint holds, see SegmentsCheckpoint
#ifndef RELATA_STORE_META_H_
#define RELATA_STORE_META_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/schema/ids.h"
#include "src/kv/transaction.h"
#include "src/kv/tree.h"

namespace relata::store {

inline constexpr std::string_view kMetaTree = "relata.meta";
inline constexpr std::string_view kLogTree = "relata.log";
inline constexpr std::string_view kHistoryTree = "relata.history";
inline constexpr std::string_view kSegmentsTree = "relata.segments";
inline constexpr uint32_t kStoreFormat = 1;

// Where the change log stands. A position in it is (epoch, sequence); a restore starts a new epoch.
struct State {
  uint64_t epoch = 1;
  uint64_t sequence = 0;  // of the last commit
  Timestamp last_now;     // the latest `now` of any commit
};

// The trees that every store has.
struct CoreTrees {
  kv::Tree meta;
  kv::Tree log;
  kv::Tree history;
  kv::Tree segments;  // none in an older store that is open for reading only: it has no segments
};

Status WriteFormat(kv::WriteTransaction* txn, kv::Tree meta);
// InvalidArgument if this is another program's file, FailedPrecondition if a newer Relata wrote it.
Status CheckFormat(const kv::Transaction& txn, kv::Tree meta, std::string_view path);

StatusOr<State> ReadState(const kv::Transaction& txn, kv::Tree meta);
Status WriteState(kv::WriteTransaction* txn, kv::Tree meta, const State& state);

// 0 where no catalogue was written yet.
StatusOr<uint64_t> ReadCatalogueVersion(const kv::Transaction& txn, kv::Tree meta);
StatusOr<std::string> ReadCatalogue(const kv::Transaction& txn, kv::Tree meta);
Status WriteCatalogue(kv::WriteTransaction* txn, kv::Tree meta, uint64_t version, std::string_view bytes);

// The number that comes next; 1 for a counter never written.
StatusOr<uint64_t> ReadCounter(const kv::Transaction& txn, kv::Tree meta, std::string_view key);
Status WriteCounter(kv::WriteTransaction* txn, kv::Tree meta, std::string_view key, uint64_t next);
std::string NextIdKey(EntityTypeId type);
std::string SequenceKey(std::string_view name);

// Members of segments are those of a checkpoint and what the log tells after it: this is the sequence of the
// checkpoint. The log is never cut behind it. Absent, and nullopt, where no commit has told of a segment.
StatusOr<std::optional<uint64_t>> ReadSegmentsCheckpoint(const kv::Transaction& txn, kv::Tree meta);
Status WriteSegmentsCheckpoint(kv::WriteTransaction* txn, kv::Tree meta, uint64_t sequence);

}  // namespace relata::store

#endif  // RELATA_STORE_META_H_
