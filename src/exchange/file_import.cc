// This file runs the chunks of one file: read, write in one commit, report.
#include "src/exchange/file_import.h"

#include <algorithm>
#include <filesystem>

#include "relata/base/strings.h"
#include "src/base/hash.h"

namespace relata::exchange {
namespace {

// Records of the mapping that anyone refers to by key.
bool IsReferredTo(const Mapping& mapping, std::string_view name) {
  const std::function<bool(const ValueSpec&)> refers = [&](const ValueSpec& value) {
    return (value.target == name && !value.key.empty()) ||
           std::any_of(value.parts.begin(), value.parts.end(), refers);
  };
  for (const FileSpec& file : mapping.files) {
    for (const RecordSpec& record : file.records) {
      if (record.same_as && refers(*record.same_as)) return true;
      for (const auto& [field, value] : record.fields) {
        if (refers(value)) return true;
      }
    }
  }
  return false;
}

// Names of this file's own records that it refers to by key.
void AddOwnTargets(const FileSpec& file, const ValueSpec& value, std::vector<std::string>* names) {
  if (!value.key.empty()) {
    for (const RecordSpec& record : file.records) {
      if (record.name == value.target) names->push_back(record.name);
    }
  }
  for (const ValueSpec& part : value.parts) AddOwnTargets(file, part, names);
}

StatusOr<std::unique_ptr<CsvReader>> OpenCsv(const PlannedFile& file) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, ByteSource::OpenFile(file.path));
  return CsvReader::Open(std::move(source), file.spec->csv);
}

std::string BaseName(const std::string& path) { return std::filesystem::path(path).filename(); }

}  // namespace

StatusOr<KeySpace*> ImportRun::SpaceOf(std::string_view record) {
  std::unique_ptr<KeySpace>& space = spaces_[ToAbsl(record)];
  if (space == nullptr) {
    const RecordPlace place = FindRecord(*mapping, record);
    RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, schema->Get(place.record->entity));
    space = std::make_unique<KeySpace>(KeySpace{.name = std::string(record),
                                                .source = sources.at(place.file->source),
                                                .type = type->type->id,
                                                .entity = place.record->entity,
                                                .prefix = place.record->prefix,
                                                .cache = {}});
  }
  return space.get();
}

Currency ImportRun::CurrencyOf(const FileSpec& file) const {
  if (file.currency) return *file.currency;
  if (mapping->currency) return *mapping->currency;
  return schema->catalogue().settings().base_currency;
}

StatusOr<ImportedFile> ReadTable(const PlannedFile& file, ImportRun* run) {
  const TableSpec& spec = *file.spec->table;
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<CsvReader> reader, OpenCsv(file));
  const Columns columns(BaseName(file.path), reader->header().empty() ? file.spec->columns : reader->header(),
                        run->tables);
  RELATA_ASSIGN_OR_RETURN(const TextReader key_reader, TextReader::Bind(spec.key, columns));
  RELATA_ASSIGN_OR_RETURN(const TextReader value_reader, TextReader::Bind(spec.value, columns));
  Table table;
  ImportedFile result{.path = file.path, .source = file.spec->source};
  RowChunk one;
  std::string key_scratch;
  std::string value_scratch;
  for (CsvRow row;;) {
    RELATA_ASSIGN_OR_RETURN(const bool more, reader->Next(&row));
    if (!more) break;
    one.Clear();
    one.Add(row);
    std::string_view key;
    std::string_view value;
    RowProblem problem;
    bool good = key_reader.Read(one[0], &key_scratch, &key, &problem) &&
                value_reader.Read(one[0], &value_scratch, &value, &problem);
    if (good) {
      const auto [entry, fresh] = table.try_emplace(std::string(key), value);
      good = fresh || entry->second == value || key_reader.Fault(key, "stands for two values", &problem);
    }
    if (!good) {
      return absl::InvalidArgumentError(StrCat(file.path, ":", row.line(), ": ", problem.column, " ",
                                               Quoted(problem.value), ": ", problem.reason));
    }
    ++result.rows;
    ++result.counts.unchanged;
  }
  run->tables.insert_or_assign(spec.name, std::move(table));
  return result;
}

Status FileImport::Open() {
  const FileSpec& spec = *file_->spec;
  RELATA_ASSIGN_OR_RETURN(reader_, OpenCsv(*file_));
  header_ = spec.csv.header ? reader_->header() : spec.columns;
  const Columns columns(BaseName(file_->path), header_, run_->tables);

  std::vector<std::string> own;
  for (const RecordSpec& record : spec.records) {
    for (const auto& [field, value] : record.fields) AddOwnTargets(spec, value, &own);
  }
  for (const std::string& name : own) codes_[name] = std::make_unique<absl::flat_hash_set<uint64_t>>();

  BindContext context{.columns = &columns, .schema = run_->schema.get(), .file = &spec};
  context.space_of = [this](std::string_view name) { return run_->SpaceOf(name); };
  context.codes_of = [this](std::string_view name) -> const absl::flat_hash_set<uint64_t>* {
    const auto codes = codes_.find(ToAbsl(name));
    return codes == codes_.end() ? nullptr : codes->second.get();
  };
  result_.path = file_->path;
  result_.source = spec.source;
  for (size_t i = 0; i < spec.records.size(); ++i) {
    const RecordSpec& record = spec.records[i];
    RELATA_ASSIGN_OR_RETURN(KeySpace * space, run_->SpaceOf(record.name));
    RELATA_ASSIGN_OR_RETURN(std::unique_ptr<RecordImport> bound,
                            RecordImport::Bind(record, i, space, run_->CurrencyOf(spec), context));
    bound->set_remember(IsReferredTo(*run_->mapping, record.name));
    records_.push_back(std::move(bound));
    result_.records.emplace_back(record.name, ImportCounts{});
  }
  made_.resize(records_.size());
  positions_.resize(records_.size());
  return absl::OkStatus();
}

Status FileImport::Run() {
  RELATA_RETURN_IF_ERROR(CollectCodes());
  RELATA_RETURN_IF_ERROR(SetFresh());
  bool more = true;
  while (more && !run_->cancelled()) {
    RELATA_ASSIGN_OR_RETURN(more, FillChunk());
    RELATA_RETURN_IF_ERROR(WriteChunk());
    RELATA_RETURN_IF_ERROR(WriteRejects());
    Progress();
  }
  if (!more) {
    RELATA_RETURN_IF_ERROR(ResolveWaiting());
    RELATA_RETURN_IF_ERROR(FinishFile());
  }
  run_->report->files.push_back(std::move(result_));
  return absl::OkStatus();
}

// Reads the codes of records that may be referred to before they come.
Status FileImport::CollectCodes() {
  if (codes_.empty()) return absl::OkStatus();
  if (file_->path == "-") {
    return absl::InvalidArgumentError(
        "standard input cannot be read twice, as rows that refer to later ones need; give a file");
  }
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<CsvReader> reader, OpenCsv(*file_));
  std::string code;
  RowProblem problem;
  RowChunk one;
  for (CsvRow row;;) {
    RELATA_ASSIGN_OR_RETURN(const bool more, reader->Next(&row));
    if (!more) return absl::OkStatus();
    one.Clear();
    one.Add(row);
    for (const std::unique_ptr<RecordImport>& record : records_) {
      const auto codes = codes_.find(record->spec().name);
      if (codes == codes_.end() || !record->ReadCode(one[0], &code, &problem)) continue;
      codes->second->insert(Hash64(code));
    }
  }
}

Status FileImport::SetFresh() {
  RELATA_ASSIGN_OR_RETURN(const store::Snapshot now, run_->store->Read());
  for (const std::unique_ptr<RecordImport>& record : records_) {
    RELATA_ASSIGN_OR_RETURN(const bool any, run_->keys.Any(now, *record->space()));
    const auto shares = [&](const std::unique_ptr<RecordImport>& other) {
      return other != record && other->space()->type == record->space()->type;
    };
    record->set_fresh(!any && !std::any_of(records_.begin(), records_.end(), shares));
  }
  return absl::OkStatus();
}

StatusOr<bool> FileImport::FillChunk() {
  chunk_.Clear();
  CsvRow row;
  while (chunk_.size() < std::max<size_t>(run_->options->chunk_rows, 1)) {
    RELATA_ASSIGN_OR_RETURN(const bool more, reader_->Next(&row));
    if (!more) return false;
    chunk_.Add(row);
  }
  return true;
}

Status FileImport::WriteChunk() {
  if (chunk_.size() == 0) return absl::OkStatus();
  for (const std::unique_ptr<RecordImport>& record : records_) record->BeginChunk();
  result_before_ = result_;
  waiting_before_ = waiting_.size();
  bool again = false;
  return run_->store->Update({.cause = "import"}, [&](store::Transaction& tx) -> Status {
    if (again) {
      for (const std::unique_ptr<RecordImport>& record : records_) record->RollBack();
      result_ = result_before_;
      waiting_.resize(waiting_before_);
    }
    again = true;
    rejected_.clear();
    return ImportRows(&tx);
  });
}

Status FileImport::ImportRows(store::Transaction* tx) {
  if (tx->schema().version() != run_->schema->version()) {
    return absl::AbortedError("the store's schema was changed during the import; import again to go on");
  }
  ReadContext context{.tx = tx,
                      .keys = &run_->keys,
                      .zone = &run_->store->time_zone(),
                      .made = &made_,
                      .positions = &positions_};
  for (size_t i = 0; i < chunk_.size(); ++i) {
    RowProblem problem;
    context.problem = &problem;
    const RowChunk::Row row = chunk_[i];
    ++result_.rows;
    const StatusOr<Outcome> outcome = ImportRow(row, &context);
    if (!outcome.ok()) {
      if (!IsRowProblem(outcome.status(), *tx)) return outcome.status();
      if (problem.reason.empty()) problem.reason = ToStd(outcome.status().message());
      ++result_.counts.rejected;
      rejected_.push_back({.row = i, .problem = std::move(problem)});
    } else if (*outcome == Outcome::kInserted) {
      ++result_.counts.inserted;
    } else if (*outcome == Outcome::kUpdated) {
      ++result_.counts.updated;
    } else {
      ++result_.counts.unchanged;
    }
  }
  for (const std::unique_ptr<RecordImport>& record : records_)
    RELATA_RETURN_IF_ERROR(record->FinishChunk(tx));
  return tx->changed() ? MarkSource(tx) : absl::OkStatus();
}

StatusOr<Outcome> FileImport::ImportRow(const RowChunk::Row& row, ReadContext* context) {
  if (!row.problem().empty()) return absl::InvalidArgumentError(ToAbsl(row.problem()));
  for (const std::unique_ptr<RecordImport>& record : records_) {
    if (record->Prepare(row, context, &positions_)) continue;
    if (!context->failure.ok()) return context->failure;
    return absl::InvalidArgumentError("row");
  }
  Outcome whole = Outcome::kNone;
  for (size_t i = 0; i < records_.size(); ++i) {
    RecordImport& record = *records_[i];
    RELATA_ASSIGN_OR_RETURN(const Outcome outcome, record.Write(row, context));
    whole = std::max(whole, outcome);
    ImportCounts& counts = result_.records[i].second;
    if (outcome == Outcome::kInserted) ++counts.inserted;
    if (outcome == Outcome::kUpdated) ++counts.updated;
    if (outcome == Outcome::kUnchanged) ++counts.unchanged;
    if (outcome == Outcome::kNone) continue;
    for (LaterReference& later : record.later()) {
      waiting_.push_back({.record = &record, .id = record.id(), .reference = std::move(later)});
    }
  }
  return whole;
}

// Notes when the source was last imported from; not where it told nothing new.
Status FileImport::MarkSource(store::Transaction* tx) const {
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, tx->schema().Get("source"));
  const Field* field = type->type->FindField("imported_at");
  if (field == nullptr) return absl::OkStatus();
  const store::FormerCell cell{.slot = field->id, .cell = Cell::OfInt(tx->now().micros)};
  return tx->UpdateCells(*type, run_->sources.at(file_->spec->source), std::span(&cell, 1));
}

Status FileImport::WriteRejects() {
  if (run_->rejects == nullptr || rejected_.empty()) return absl::OkStatus();
  for (const Rejected& rejected : rejected_) {
    const RowChunk::Row row = chunk_[rejected.row];
    const std::string name = BaseName(file_->path);
    RELATA_RETURN_IF_ERROR(run_->rejects->Add({.file = name,
                                               .row = row.number(),
                                               .line = row.line(),
                                               .column = rejected.problem.column,
                                               .value = rejected.problem.value,
                                               .reason = rejected.problem.reason,
                                               .raw = row.raw()}));
  }
  return run_->rejects->Flush();
}

// What waited for a row further down finds it now, unless that row was rejected.
Status FileImport::ResolveWaiting() {
  size_t unresolved = 0;
  for (size_t done = 0; done < waiting_.size();) {
    const size_t end = std::min(waiting_.size(), done + std::max<size_t>(run_->options->chunk_rows, 1));
    size_t missing = 0;
    RELATA_RETURN_IF_ERROR(run_->store->Update({.cause = "import"}, [&](store::Transaction& tx) -> Status {
      missing = 0;
      for (size_t i = done; i < end; ++i) {
        Waiting& waiting = waiting_[i];
        RELATA_ASSIGN_OR_RETURN(const RecordId target,
                                run_->keys.Find(tx, waiting.reference.space, waiting.reference.code));
        missing += target == 0 ? 1 : 0;
        if (target == 0) continue;
        const store::FormerCell cell{.slot = waiting.reference.slot, .cell = Cell::OfBits(target)};
        const Status status = tx.UpdateCells(waiting.record->type(), waiting.id, std::span(&cell, 1));
        if (!status.ok() && !IsRowProblem(status, tx)) return status;
        missing += status.ok() ? 0 : 1;
      }
      return absl::OkStatus();
    }));
    unresolved += missing;
    done = end;
  }
  if (unresolved > 0) {
    run_->report->notes.push_back(
        StrCat(BaseName(file_->path), ": ", unresolved,
               " records refer to rows of this file that were rejected, or in a ring; ",
               "their reference was left empty"));
  }
  return absl::OkStatus();
}

Status FileImport::FinishFile() {
  for (size_t i = 0; i < records_.size(); ++i) {
    for (size_t next = 0; next < records_[i]->gathered();) {
      size_t reached = next;
      ImportCounts counts;
      RELATA_RETURN_IF_ERROR(run_->store->Update({.cause = "import"}, [&](store::Transaction& tx) {
        reached = next;
        counts = result_.records[i].second;
        return records_[i]->FinishFile(&tx, &reached, run_->options->chunk_rows, &counts);
      }));
      result_.records[i].second = counts;
      next = reached;
    }
  }
  return absl::OkStatus();
}

void FileImport::Progress() const {
  if (!run_->options->progress) return;
  run_->options->progress({.file = file_->path,
                           .rows = result_.rows,
                           .bytes_done = run_->bytes_before + reader_->progress().done,
                           .bytes_total = run_->bytes_total});
}

}  // namespace relata::exchange
