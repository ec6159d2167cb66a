// Defines ColumnCache, which keeps fields of records in memory as columns, and Table, the columns of one type
// of record as they are true for one snapshot.
//
//   ColumnCache cache;
//   StatusOr<std::shared_ptr<const Table>> orders = cache.Get(snapshot, *schema.Find("order"), {relation,
//   total}); if (absl::IsUnavailable(orders.status())) …                  // the rows answer
//
// Columns are a copy: the rows are the truth, and whatever is here may be dropped at any time. They are built
// by one walk over the rows when first asked for, and brought up to date when they are asked for by a later
// snapshot, never by a writer: the change log tells which records changed, by this process or another, and
// only chunks with such records are made anew.
//
// They serve the latest snapshots. A snapshot older than the last change that they have taken in is not
// served, nor one of an older epoch, nor records that do not fit the budget: Unavailable, and rows
// answer. A transaction is no Snapshot: its own writes are only in rows.
//
// Thread safety: safe from any thread. Who asks for what is there never waits for who builds; builders of one
// type wait for each other. Lifetime: a Table is immutable and lives as long as somebody holds it, dropped
// from the cache or not. Cost: to build, one walk over the rows, some 0.3 µs a record and field; to catch up,
// O(commits + changed records * columns + chunks with changes).
#ifndef RELATA_COLUMN_COLUMNS_H_
#define RELATA_COLUMN_COLUMNS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "relata/store/change.h"
#include "src/column/chunk.h"
#include "src/column/dictionary.h"
#include "src/column/mask.h"
#include "src/column/target_sets.h"
#include "src/store/schema_runtime.h"
#include "src/store/store.h"

namespace relata::column {

// One field of all records of a type.
struct Column {
  FieldId slot = 0;
  ValueType type = ValueType::kText;
  bool nullable = true;
  // By ChunkOf(id), as many as the table has; nullptr where no record of the chunk holds a value.
  std::vector<std::shared_ptr<const Chunk>> chunks;
  std::shared_ptr<Dictionary> dictionary;  // of a variable field
  std::shared_ptr<TargetSets> targets;     // of a reference; what scans remember of it
  size_t bytes = 0;                        // without what they remember

  size_t all_bytes() const { return bytes + (targets == nullptr ? 0 : targets->bytes()); }
};

// What a cache holds of one type. Immutable once Get has given it.
struct Table {
  EntityTypeId type = 0;
  uint64_t epoch = 0;
  uint64_t from = 0;  // the columns are true at every sequence from this one
  uint64_t to = 0;    // up to this one
  // Which records exist, by ChunkOf(id); nullptr where none.
  std::vector<std::shared_ptr<const Mask>> presence;
  // By slot; nullptr where it is not held.
  std::vector<std::shared_ptr<const Column>> columns;

  size_t chunks() const { return presence.size(); }
  bool Holds(FieldId slot) const { return slot < columns.size() && columns[slot] != nullptr; }
  // REQUIRES: Holds(slot)
  const Column& column(FieldId slot) const { return *columns[slot]; }
  // How many records there are.
  uint64_t records() const;
  size_t bytes() const;
};

class ColumnCache {
 public:
  static constexpr uint64_t kDefaultBudget = uint64_t{1} << 30;

  // `budget`: bytes to keep. Past it, the columns that were not asked for the longest time are dropped.
  explicit ColumnCache(uint64_t budget = kDefaultBudget) : budget_(budget) {}
  ColumnCache(const ColumnCache&) = delete;
  ColumnCache& operator=(const ColumnCache&) = delete;

  // A table that holds these fields as `at` sees them; with none, it tells which records exist. Unavailable
  // where rows must answer; DataLoss for damaged rows. REQUIRES: snapshots of one store only.
  StatusOr<std::shared_ptr<const Table>> Get(const store::Snapshot& at, const store::TypeRuntime& type,
                                             std::span<const FieldId> slots);

  // The same if it is there already; else nullptr, and nothing is built or brought up to date.
  std::shared_ptr<const Table> Peek(const store::Snapshot& at, const store::TypeRuntime& type,
                                    std::span<const FieldId> slots);

  // Whether these fields are in memory now, be it that they must catch up: then a scan costs no walk over the
  // rows.
  bool Holds(EntityTypeId type, std::span<const FieldId> slots) const;

  // Whether a field can be a column: all but a host's archived structs.
  static bool CanHold(const Field& field);

  // Keeps no more than this from now on, and drops what is more at once. A table that somebody holds lives
  // on.
  void SetBudget(uint64_t bytes);
  // Drops everything.
  void Clear();

  // What it holds and has done.
  struct Figures {
    uint64_t bytes = 0;
    uint64_t columns = 0;
    uint64_t served = 0;       // asks answered by what was there
    uint64_t rows_walked = 0;  // to build
    uint64_t rows_reread = 0;  // to catch up
    uint64_t chunks_made = 0;  // of fields, by either
    uint64_t columns_dropped = 0;
  };
  Figures figures() const;

 private:
  struct Entry {
    absl::Mutex building;  // held by who builds or catches up
    std::shared_ptr<const Table> table;
    std::vector<uint64_t> used;  // by slot: when it was last asked for
  };
  using Entries = absl::flat_hash_map<EntityTypeId, std::unique_ptr<Entry>>;

  // Whether the entry's table answers; counts it if so.
  bool Serve(Entry* entry, const store::Snapshot& at, const store::TypeRuntime& type,
             std::span<const FieldId> slots) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Touch(Entry* entry, std::span<const FieldId> slots) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // `kept`: may be null.
  void Shrink(const Entry* kept, std::span<const FieldId> slots) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  uint64_t budget_ ABSL_GUARDED_BY(mutex_);
  // Entries are never removed; `table` and `used` in them are guarded by mutex_.
  Entries entries_ ABSL_GUARDED_BY(mutex_);
  uint64_t clock_ ABSL_GUARDED_BY(mutex_) = 0;
  Figures figures_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_COLUMNS_H_
