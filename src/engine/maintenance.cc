// Check, backup, restore and figures, for a host's Database.
#include "relata/engine/maintenance.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "relata/base/strings.h"
#include "src/base/file.h"
#include "src/segment/check.h"
#include "src/store/check.h"
#include "src/store/store.h"

namespace relata {

StatusOr<CheckReport> CheckDatabase(const Database& database, const CheckOptions& options) {
  RELATA_ASSIGN_OR_RETURN(CheckReport report, store::CheckStore(database.store().get(), options));
  // With damaged pages nothing else is looked at; they are the first findings, where any are kept.
  const bool whole =
      report.findings.empty() ? report.clean() : report.findings.front().kind != FindingKind::kPage;
  if (whole) {
    RELATA_RETURN_IF_ERROR(segment::CheckSegments(database.upkeep(), database.columns(), options, &report));
  }
  return report;
}

Status BackUp(const Database& database, std::string_view path, const BackupProgress& progress) {
  return database.store()->environment()->Backup(path, /*compact=*/true, progress);
}

Status Restore(std::string_view backup, std::string_view path, bool replace) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path target(path);
  if (fs::exists(target, error) && !replace) {
    return absl::AlreadyExistsError(
        StrCat(path, ": there is a file of this name; move it away, or ask to replace it"));
  }
  // A copy beside the target, so that a damaged backup or a full disk leaves the target as it was.
  fs::path fresh = target;
  fresh += ".restoring";
  const std::string fresh_path = fresh.string();
  auto discard = [&] {
    std::error_code ignored;
    fs::remove(fresh, ignored);
    fs::remove(fresh_path + "-lock", ignored);
  };
  discard();
  // Opening the backup makes a lock file beside it, which is not the caller's.
  const std::string backup_lock = StrCat(backup, "-lock");
  const bool had_lock = fs::exists(backup_lock, error);
  const absl::Cleanup tidy = [&] {
    std::error_code ignored;
    if (!had_lock) fs::remove(backup_lock, ignored);
  };
  {
    Options options;
    options.create_if_missing = false;
    options.read_only = true;
    RELATA_ASSIGN_OR_RETURN(const Database source, Database::Open(backup, std::move(options)));
    RELATA_ASSIGN_OR_RETURN(const CheckReport report, CheckDatabase(source));
    if (!report.clean()) {
      return absl::DataLossError(StrCat(backup, ": the backup is damaged (", report.total_findings,
                                        " findings, the first: ", report.findings.front().what,
                                        "); use an older one"));
    }
    RELATA_RETURN_IF_ERROR(BackUp(source, fresh_path));
  }
  Status status;
  {
    Options options;
    options.create_if_missing = false;
    StatusOr<Database> restored = Database::Open(fresh_path, std::move(options));
    status = restored.ok() ? restored->store()->BeginEpoch() : restored.status();
  }
  if (status.ok()) status = Annotate(MoveOver(fresh_path, target.string()), "the restored store");
  if (!status.ok()) {
    discard();
    return status;
  }
  fs::remove(fresh_path + "-lock", error);
  return absl::OkStatus();
}

StatusOr<DatabaseStats> StatsOf(const Database& database) {
  store::Store& store = *database.store();
  RELATA_ASSIGN_OR_RETURN(const kv::Stats file, store.environment()->GetStats());
  RELATA_ASSIGN_OR_RETURN(const store::Snapshot now, store.Read());
  DatabaseStats stats;
  stats.file_bytes = file.file_size;
  stats.used_bytes = file.used_size;
  stats.free_bytes = file.free_pages * file.page_size;
  stats.map_bytes = file.map_size;
  stats.snapshots = file.snapshots;
  stats.oldest_snapshot_age = file.oldest_snapshot_age;
  stats.position = now.position();
  const schema::StoreSettings& settings = now.schema().catalogue().settings();
  stats.base_currency = settings.base_currency.code();
  stats.time_zone = settings.time_zone;
  stats.locale = settings.locale;
  RELATA_ASSIGN_OR_RETURN(const kv::TreeStats log, now.kv().StatTree(store.trees().log));
  RELATA_ASSIGN_OR_RETURN(const kv::TreeStats history, now.kv().StatTree(store.trees().history));
  stats.log_bytes = log.bytes;
  stats.log_entries = log.entries;
  stats.history_bytes = history.bytes;
  for (const store::TypeRuntime* type : now.schema().types()) {
    RELATA_ASSIGN_OR_RETURN(const kv::TreeStats rows, now.kv().StatTree(type->rows));
    stats.trees.push_back(
        {.entity = type->type->name, .index = "", .entries = rows.entries, .bytes = rows.bytes});
    for (const store::IndexRuntime& index : type->indexes) {
      RELATA_ASSIGN_OR_RETURN(const kv::TreeStats tree, now.kv().StatTree(index.tree.tree()));
      stats.trees.push_back({.entity = type->type->name,
                             .index = index.index->name,
                             .entries = tree.entries,
                             .bytes = tree.bytes});
    }
  }
  return stats;
}

}  // namespace relata
