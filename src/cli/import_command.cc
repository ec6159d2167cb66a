// The commands import and guess.
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "relata/base/strings.h"
#include "relata/engine/database.h"
#include "relata/exchange/import.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/terminal.h"

namespace relata::cli {

namespace {

using exchange::ImportCounts;
using exchange::ImportedFile;
using exchange::ImportReport;

Json CountsJson(const ImportCounts& counts) {
  return {{"inserted", counts.inserted},
          {"updated", counts.updated},
          {"unchanged", counts.unchanged},
          {"rejected", counts.rejected}};
}

Json FileJson(const ImportedFile& file) {
  Json records = Json::object();
  for (const auto& [name, counts] : file.records) records[name] = CountsJson(counts);
  Json findings = Json::array();
  for (const exchange::ImportFinding& finding : file.findings) {
    findings.push_back(
        {{"entity", finding.entity}, {"what", finding.what}, {"count", finding.count}, {"of", finding.of}});
  }
  Json json = {{"file", file.path}, {"source", file.source}, {"rows", file.rows}};
  json.update(CountsJson(file.counts));
  json["records"] = std::move(records);
  json["findings"] = std::move(findings);
  return json;
}

Json ReportJson(const std::string& store, bool created, const ImportReport& report) {
  Json files = Json::array();
  for (const ImportedFile& file : report.files) files.push_back(FileJson(file));
  Json json = {
      {"store", store}, {"created", created}, {"cancelled", report.cancelled}, {"rows", report.rows()}};
  json.update(CountsJson(report.total()));
  json["rejects"] = report.rejects.empty() ? Json() : Json(report.rejects);
  json["files"] = std::move(files);
  json["absent"] = report.absent;
  json["passed_over"] = report.passed_over;
  json["notes"] = report.notes;
  return json;
}

StatusOr<Database> OpenOrMake(const ImportArguments& arguments) {
  Options options;
  options.time_zone = arguments.time_zone;
  options.locale = arguments.locale;
  return Database::Open(arguments.store, std::move(options));
}

StatusOr<ImportReport> ImportInto(const Database& database, const exchange::ImportMapping& mapping,
                                  const ImportArguments& arguments) {
  Progress progress("importing");
  exchange::ImportOptions options;
  options.files = arguments.files;
  options.rejects = arguments.rejects.empty() ? arguments.store + "-rejects.csv" : arguments.rejects;
  options.chunk_rows = arguments.chunk_rows;
  options.cancel = CancelOnSignal();
  options.progress = [&](const exchange::ImportProgress& at) {
    const std::string name = std::filesystem::path(at.file).filename().string();
    progress.Update(StrCat("importing ", name), at.bytes_total == 0 ? at.rows : at.bytes_done,
                    at.bytes_total);
  };
  return exchange::Import(*database.store(), mapping, options);
}

// Takes away a store that was made for an import that then wrote nothing.
void RemoveNewStore(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  std::filesystem::remove(path + "-lock", ignored);
}

StatusOr<bool> HasCommitsAfter(const Database& database, LogPosition position) {
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  return now.position() > position;
}

}  // namespace

StatusOr<int> RunImport(const ImportArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const exchange::ImportMapping mapping,
                          exchange::ImportMapping::Load(arguments.mapping));
  const bool created = !StoreExists(arguments.store);
  ImportReport report;
  {
    RELATA_ASSIGN_OR_RETURN(const Database database, OpenOrMake(arguments));
    LogPosition before;
    {
      RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
      before = now.position();
    }
    StatusOr<ImportReport> imported = ImportInto(database, mapping, arguments);
    if (!imported.ok()) {
      RELATA_ASSIGN_OR_RETURN(const bool wrote, HasCommitsAfter(database, before));
      if (created && !wrote) RemoveNewStore(arguments.store);
      return imported.status();
    }
    report = *std::move(imported);
  }
  if (arguments.json) {
    PrintJson(ReportJson(arguments.store, created, report));
  } else {
    if (created) Print(StrCat(arguments.store, ": a new store\n"));
    Print(report.ToString());
  }
  if (report.cancelled) {
    PrintError("stopped; the store is whole. Run the same import again to go on");
    return kInterrupted;
  }
  return report.total().rejected > 0 ? kFindings : kDone;
}

StatusOr<int> RunGuess(const GuessArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const std::string mapping, exchange::GuessMapping(arguments.files));
  if (arguments.out.empty()) {
    Print(mapping);
    if (!mapping.ends_with('\n')) Print("\n");
    return kDone;
  }
  if (std::filesystem::exists(arguments.out)) {
    return absl::AlreadyExistsError(StrCat(arguments.out, ": is there already; give another name"));
  }
  std::ofstream file(arguments.out, std::ios::binary);
  file << mapping;
  file.close();
  if (!file) return absl::UnavailableError(StrCat(arguments.out, ": cannot be written"));
  Print(StrCat(arguments.out, ": a proposal; look it over, then: relata import STORE --mapping ",
               arguments.out, " FILE...\n"));
  return kDone;
}

}  // namespace relata::cli
