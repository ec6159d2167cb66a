// Defines what keeps a store healthy: check, backup, restore and figures.
//
//   StatusOr<CheckReport> report = CheckDatabase(db);
//   RELATA_RETURN_IF_ERROR(BackUp(db, "crm-2026-06-30.relata"));
//
// Thread safety: from any thread, while reading and writing go on.
#ifndef RELATA_ENGINE_MAINTENANCE_H_
#define RELATA_ENGINE_MAINTENANCE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "relata/base/status.h"
#include "relata/engine/database.h"
#include "relata/export.h"
#include "relata/store/check.h"

namespace relata {

// Walks everything: rows, values, index entries, references, counters, change log, history, and compares the
// members of segments with their conditions. O(the whole store), and a query per segment.
RELATA_EXPORT StatusOr<CheckReport> CheckDatabase(const Database& database, const CheckOptions& options = {});

using BackupProgress = std::function<void(uint64_t written, uint64_t total)>;

// Writes a whole, compacted copy of the last commit to a new file, which appears when it is complete and on
// disk. AlreadyExists if there is a file of that name.
RELATA_EXPORT Status BackUp(const Database& database, std::string_view path,
                            const BackupProgress& progress = nullptr);

// Makes a store of a backup: opens and checks it first, copies it, and begins a new epoch of the change log,
// so that consumers notice. AlreadyExists if `path` exists, unless `replace`; DataLoss, and nothing changed,
// if the backup is damaged. REQUIRES: no process has `path` open.
RELATA_EXPORT Status Restore(std::string_view backup, std::string_view path, bool replace = false);

struct TreeFigures {
  std::string entity;
  std::string index;     // empty: the rows
  uint64_t entries = 0;  // rows; blocks of ids, for an index
  uint64_t bytes = 0;
};

struct DatabaseStats {
  uint64_t file_bytes = 0;
  uint64_t used_bytes = 0;  // up to the last page ever used
  uint64_t free_bytes = 0;  // below that, for later commits
  uint64_t map_bytes = 0;   // address space
  uint64_t log_bytes = 0;   // the change log
  uint64_t log_entries = 0;
  uint64_t history_bytes = 0;
  LogPosition position;
  uint32_t snapshots = 0;  // of this process
  absl::Duration oldest_snapshot_age;
  std::string base_currency;
  std::string time_zone;
  std::string locale;
  std::vector<TreeFigures> trees;
};

// O(free pages + trees).
RELATA_EXPORT StatusOr<DatabaseStats> StatsOf(const Database& database);

}  // namespace relata

#endif  // RELATA_ENGINE_MAINTENANCE_H_
