// This file runs an import: it prepares the store, then takes in one file after another.
#include "relata/exchange/import.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/base/file.h"
#include "src/exchange/file_import.h"
#include "src/exchange/import_findings.h"
#include "src/exchange/mapping.h"

namespace relata::exchange {
namespace {

constexpr uint64_t kMaxMappingBytes = 16 << 20;
// From this size on, indexes of a store without records are built after its rows.
constexpr uint64_t kBulkBytes = 1 << 20;

StatusOr<bool> HasRecords(store::Store& store) {
  RELATA_ASSIGN_OR_RETURN(const store::Snapshot now, store.Read());
  for (const store::TypeRuntime* type : now.schema().types()) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t rows, now.CountRows(*type));
    if (rows > 0) return true;
  }
  return false;
}

StatusOr<std::shared_ptr<const store::SchemaRuntime>> SchemaOf(store::Store& store) {
  RELATA_ASSIGN_OR_RETURN(const store::Snapshot now, store.Read());
  return now.shared_schema();
}

// The mapping's currency becomes the store's where that has no records yet; else it must fit.
Status SettleCurrency(store::Store& store, const Mapping& mapping, const ImportPlan& plan, bool has_records,
                      ImportReport* report) {
  const Currency base = store.schema()->catalogue().settings().base_currency;
  if (mapping.currency && *mapping.currency != base && !has_records) {
    RELATA_RETURN_IF_ERROR(store.SetBaseCurrency(*mapping.currency));
    report->notes.push_back(
        StrCat("the store had no records yet: its base currency is now ", *mapping.currency, ", not ", base));
    return absl::OkStatus();
  }
  for (const PlannedFile& file : plan.files) {
    const std::optional<Currency> currency = file.spec->currency ? file.spec->currency : mapping.currency;
    if (!currency || *currency == base || store.options().exchange_rate) continue;
    return absl::FailedPreconditionError(StrCat(
        mapping.name, ": amounts are in ", *currency, ", but ", store.path(), " keeps its totals in ", base,
        " and has no exchange rates; open it with Options::exchange_rate, or import into a new store"));
  }
  return absl::OkStatus();
}

// Makes the sources that the files come from, and sets what the mapping says of them.
Status StoreSources(const Mapping& mapping, store::Store& store,
                    absl::flat_hash_map<std::string, RecordId>* ids) {
  return store.Update({.cause = "import"}, [&](store::Transaction& tx) -> Status {
    ids->clear();
    RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, tx.schema().Get("source"));
    const store::IndexRuntime* by_code = type->FindIndex("code");
    if (by_code == nullptr) return absl::NotFoundError("source has no index on its code");
    for (const SourceSpec& source : mapping.sources) {
      Record record("source");
      for (const auto& [field, text] : source.texts) record.Set(field, text);
      if (source.records_payments) record.Set("records_payments", *source.records_payments);
      const Cell code = Cell::OfBytes(source.code);
      const StatusOr<RecordId> known = tx.FindUnique(*type, *by_code, std::span(&code, 1));
      if (known.ok()) {
        record.set_id(*known);
        RELATA_RETURN_IF_ERROR(tx.Update(record));
        ids->emplace(source.code, *known);
        continue;
      }
      if (!absl::IsNotFound(known.status())) return known.status();
      record.Set("code", source.code);
      if (record.Find("name") == nullptr) record.Set("name", source.code);
      RELATA_ASSIGN_OR_RETURN(const RecordId id, tx.Insert(record));
      ids->emplace(source.code, id);
    }
    return absl::OkStatus();
  });
}

// Entities that the files make, each once, with the keys they are known by.
std::vector<std::string> EntitiesOf(const ImportPlan& plan) {
  std::vector<std::string> entities = {"external_key"};
  for (const PlannedFile& file : plan.files) {
    for (const RecordSpec& record : file.spec->records) entities.push_back(record.entity);
  }
  std::sort(entities.begin(), entities.end());
  entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
  return entities;
}

Status ImportFiles(const ImportPlan& plan, ImportRun* run) {
  for (const PlannedFile& file : plan.files) {
    if (run->cancelled()) break;
    if (file.spec->table) continue;
    FileImport import(run, file);
    RELATA_RETURN_IF_ERROR(import.Open());
    RELATA_RETURN_IF_ERROR(import.Run());
    run->bytes_before += file.bytes;
    if (run->cancelled()) break;
    RELATA_ASSIGN_OR_RETURN(const store::Snapshot now, run->store->Read());
    RELATA_RETURN_IF_ERROR(FindMissing(now, *file.spec, &run->report->files.back().findings));
  }
  return absl::OkStatus();
}

}  // namespace

StatusOr<ImportMapping> ImportMapping::Load(const std::string& path) {
  RELATA_ASSIGN_OR_RETURN(const std::string json, ReadFile(path, kMaxMappingBytes));
  return Parse(json, path);
}

StatusOr<ImportMapping> ImportMapping::Parse(std::string_view json, std::string_view name) {
  RELATA_ASSIGN_OR_RETURN(Mapping mapping, ParseMapping(json, name));
  return ImportMapping(std::make_shared<const Mapping>(std::move(mapping)));
}

StatusOr<ImportReport> Import(store::Store& store, const ImportMapping& mapping,
                              const ImportOptions& options) {
  const Mapping& spec = mapping.mapping();
  RELATA_ASSIGN_OR_RETURN(ImportPlan plan, PlanImport(spec, options.files));
  ImportReport report;
  report.absent = std::move(plan.absent);
  report.passed_over = std::move(plan.passed_over);
  ImportRun run;
  run.store = &store;
  run.mapping = &spec;
  run.options = &options;
  run.report = &report;
  for (const PlannedFile& file : plan.files) run.bytes_total += file.spec->table ? 0 : file.bytes;

  // Whatever the mapping and the headers get wrong shows before anything is written.
  RELATA_ASSIGN_OR_RETURN(run.schema, SchemaOf(store));
  RELATA_ASSIGN_OR_RETURN(run.keys, ExternalKeys::Bind(*run.schema));
  for (const SourceSpec& source : spec.sources) run.sources.emplace(source.code, 0);
  for (const PlannedFile& file : plan.files) {
    if (!file.spec->table) continue;
    RELATA_ASSIGN_OR_RETURN(ImportedFile table, ReadTable(file, &run));
    report.files.push_back(std::move(table));
  }
  for (const PlannedFile& file : plan.files) {
    if (file.path != "-" && !file.spec->table) RELATA_RETURN_IF_ERROR(FileImport(&run, file).Open());
  }
  run.ForgetSpaces();

  RELATA_ASSIGN_OR_RETURN(const bool has_records, HasRecords(store));
  RELATA_RETURN_IF_ERROR(SettleCurrency(store, spec, plan, has_records, &report));
  RELATA_RETURN_IF_ERROR(StoreSources(spec, store, &run.sources));
  const bool bulk = !has_records && run.bytes_total >= kBulkBytes;
  if (bulk) RELATA_RETURN_IF_ERROR(store.Defer(EntitiesOf(plan)));
  RELATA_ASSIGN_OR_RETURN(run.schema, SchemaOf(store));
  RELATA_ASSIGN_OR_RETURN(run.keys, ExternalKeys::Bind(*run.schema));

  std::unique_ptr<RejectsFile> rejects;
  if (!options.rejects.empty()) {
    RELATA_ASSIGN_OR_RETURN(rejects, RejectsFile::Open(options.rejects));
    run.rejects = rejects.get();
  }
  Status status = ImportFiles(plan, &run);
  // Also after a failure: what is in the store shall be found.
  if (bulk) status.Update(store.BuildPending(nullptr));
  RELATA_RETURN_IF_ERROR(status);
  report.cancelled = run.cancelled();
  if (rejects != nullptr && rejects->count() > 0) report.rejects = options.rejects;
  return report;
}

}  // namespace relata::exchange
