// The commands that make and keep stores: init, stats, check, backup, restore, version.
#include <algorithm>

#include "relata/base/strings.h"
#include "relata/base/time.h"
#include "relata/engine/maintenance.h"
#include "src/base/text.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"

namespace relata::cli {

StatusOr<int> RunInit(const InitArguments& arguments) {
  if (StoreExists(arguments.store)) {
    return absl::AlreadyExistsError(
        StrCat(arguments.store, ": is there already; use it, or give another path for a new store"));
  }
  Options options;
  options.base_currency = arguments.currency;
  options.time_zone = arguments.time_zone;
  options.locale = arguments.locale;
  RELATA_ASSIGN_OR_RETURN(const Database database, Database::Open(arguments.store, options));
  const size_t entities = database.Schema().size();
  if (arguments.json) {
    PrintJson({{"store", arguments.store},
               {"currency", arguments.currency},
               {"time_zone", arguments.time_zone},
               {"locale", arguments.locale},
               {"entities", entities}});
  } else {
    Print(StrCat(arguments.store, ": a new store of ", entities, " entity types; amounts in ",
                 arguments.currency, ", days of ", arguments.time_zone, ", texts sorted as in ",
                 arguments.locale, "\n"));
  }
  return kDone;
}

StatusOr<int> RunStats(const StoreArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const DatabaseStats stats, StatsOf(database));
  if (arguments.json) {
    Json trees = Json::array();
    for (const TreeFigures& tree : stats.trees) {
      trees.push_back({{"entity", tree.entity},
                       {"index", tree.index.empty() ? Json() : Json(tree.index)},
                       {"entries", tree.entries},
                       {"bytes", tree.bytes}});
    }
    PrintJson({{"store", arguments.store},
               {"currency", stats.base_currency},
               {"time_zone", stats.time_zone},
               {"locale", stats.locale},
               {"epoch", stats.position.epoch},
               {"sequence", stats.position.sequence},
               {"file_bytes", stats.file_bytes},
               {"used_bytes", stats.used_bytes},
               {"free_bytes", stats.free_bytes},
               {"map_bytes", stats.map_bytes},
               {"log_entries", stats.log_entries},
               {"log_bytes", stats.log_bytes},
               {"history_bytes", stats.history_bytes},
               {"snapshots", stats.snapshots},
               {"oldest_snapshot_seconds", absl::ToDoubleSeconds(stats.oldest_snapshot_age)},
               {"trees", std::move(trees)}});
    return kDone;
  }
  Print(StrCat(arguments.store, ": ", Bytes(stats.file_bytes), ", of which ", Bytes(stats.free_bytes),
               " free for later commits\n"));
  Print(StrCat("amounts in ", stats.base_currency, ", days of ", stats.time_zone, ", texts sorted as in ",
               stats.locale, "\n"));
  Print(StrCat("last commit: number ", Grouped(stats.position.sequence), " of epoch ", stats.position.epoch,
               "; change log: ", Grouped(stats.log_entries), " entries, ", Bytes(stats.log_bytes), "\n\n"));
  Table table({{"entity"},
               {"records", Align::kRight},
               {"bytes", Align::kRight},
               {"indexes", Align::kRight},
               {"their bytes", Align::kRight}});
  for (auto tree = stats.trees.begin(); tree != stats.trees.end();) {
    const TreeFigures& rows = *tree;
    uint64_t indexes = 0;
    uint64_t bytes = 0;
    for (++tree; tree != stats.trees.end() && tree->entity == rows.entity; ++tree) {
      ++indexes;
      bytes += tree->bytes;
    }
    if (rows.entries == 0) continue;
    table.Add({rows.entity, Grouped(rows.entries), Bytes(rows.bytes), Grouped(indexes), Bytes(bytes)});
  }
  Print(table.empty() ? "no records yet\n" : table.ToString());
  return kDone;
}

StatusOr<int> RunCheck(const StoreArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  CheckReport report;
  {
    Progress progress("checking");
    CheckOptions options;
    options.progress = [&](std::string_view what, uint64_t done, uint64_t total) {
      progress.Update(StrCat("checking ", what), done, total);
    };
    RELATA_ASSIGN_OR_RETURN(report, CheckDatabase(database, options));
  }
  if (arguments.json) {
    Json findings = Json::array();
    for (const Finding& finding : report.findings) {
      findings.push_back({{"kind", FindingKindName(finding.kind)},
                          {"entity", finding.entity},
                          {"record", finding.record},
                          {"what", finding.what}});
    }
    PrintJson({{"store", arguments.store},
               {"clean", report.clean()},
               {"records", report.records},
               {"index_entries", report.index_entries},
               {"references", report.references},
               {"log_entries", report.log_entries},
               {"segments", report.segments},
               {"total_findings", report.total_findings},
               {"findings", std::move(findings)}});
    return report.clean() ? kDone : kFindings;
  }
  const std::string walked =
      StrCat(Grouped(report.records), " records, ", Grouped(report.index_entries), " index entries, ",
             Grouped(report.references), " references, ", Grouped(report.log_entries), " commits, ",
             Grouped(report.segments), report.segments == 1 ? " segment" : " segments");
  if (report.clean()) {
    Print(StrCat(arguments.store, ": ", Styled(Style::kGreen, "no findings"), " in ", walked, "\n"));
    return kDone;
  }
  Table table({{"kind"}, {"entity"}, {"record", Align::kRight}, {"what", Align::kLeft, 200}});
  for (const Finding& finding : report.findings) {
    table.Add({std::string(FindingKindName(finding.kind)), finding.entity,
               finding.record == 0 ? "" : std::to_string(finding.record), finding.what});
  }
  Print(table.ToString());
  Print(StrCat(arguments.store, ": ",
               Styled(Style::kRed, StrCat(Grouped(report.total_findings), " findings")), " in ", walked,
               "\n"));
  if (report.total_findings > report.findings.size()) {
    Print(StrCat("the first ", Grouped(report.findings.size()), " are listed\n"));
  }
  return kFindings;
}

StatusOr<int> RunBackup(const CopyArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.from));
  {
    Progress progress("writing the backup");
    RELATA_RETURN_IF_ERROR(
        BackUp(database, arguments.to, [&](uint64_t done, uint64_t total) { progress.Update(done, total); }));
  }
  RELATA_ASSIGN_OR_RETURN(const Database copy, OpenToRead(arguments.to));
  RELATA_ASSIGN_OR_RETURN(const DatabaseStats stats, StatsOf(copy));
  if (arguments.json) {
    PrintJson({{"store", arguments.from},
               {"backup", arguments.to},
               {"bytes", stats.file_bytes},
               {"epoch", stats.position.epoch},
               {"sequence", stats.position.sequence}});
  } else {
    Print(StrCat(arguments.to, ": a backup of ", arguments.from, ", ", Bytes(stats.file_bytes),
                 ", as of commit ", Grouped(stats.position.sequence), "\n"));
  }
  return kDone;
}

StatusOr<int> RunRestore(const CopyArguments& arguments) {
  if (!arguments.replace && StoreExists(arguments.to)) {
    return absl::AlreadyExistsError(
        StrCat(arguments.to, ": is there already; give another path, or say --replace to have it replaced"));
  }
  RELATA_RETURN_IF_ERROR(Restore(arguments.from, arguments.to, arguments.replace));
  RELATA_ASSIGN_OR_RETURN(const Database restored, OpenToRead(arguments.to));
  RELATA_ASSIGN_OR_RETURN(const DatabaseStats stats, StatsOf(restored));
  if (arguments.json) {
    PrintJson({{"backup", arguments.from},
               {"store", arguments.to},
               {"bytes", stats.file_bytes},
               {"epoch", stats.position.epoch},
               {"sequence", stats.position.sequence}});
  } else {
    Print(StrCat(arguments.to, ": restored from ", arguments.from, ", ", Bytes(stats.file_bytes),
                 ", as of commit ", Grouped(stats.position.sequence), "; the change log begins epoch ",
                 stats.position.epoch, "\n"));
  }
  return kDone;
}

StatusOr<int> RunVersion(bool json) {
  const std::string zones = TimeZone::DataVersion();
  if (json) {
    PrintJson({{"version", RELATA_VERSION}, {"icu", IcuVersion()}, {"time_zone_data", zones}});
  } else {
    Print(StrCat("relata ", RELATA_VERSION, " (ICU ", IcuVersion(), ", time zones ", zones, ")\n"));
  }
  return kDone;
}

}  // namespace relata::cli
