// Defines FileImport, which takes one file into the store, chunk by chunk.
//
// Thread safety: one thread at a time. Lifetime: within its ImportRun's.
#ifndef RELATA_EXCHANGE_FILE_IMPORT_H_
#define RELATA_EXCHANGE_FILE_IMPORT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "relata/base/status.h"
#include "relata/exchange/import.h"
#include "src/exchange/csv_reader.h"
#include "src/exchange/external_keys.h"
#include "src/exchange/import_plan.h"
#include "src/exchange/record_import.h"
#include "src/exchange/rejects_file.h"
#include "src/store/store.h"

namespace relata::exchange {

// What the files of one import share.
struct ImportRun {
  store::Store* store = nullptr;
  const Mapping* mapping = nullptr;
  const ImportOptions* options = nullptr;
  std::shared_ptr<const store::SchemaRuntime> schema;
  ExternalKeys keys;
  absl::flat_hash_map<std::string, RecordId> sources;  // by code
  Tables tables;
  RejectsFile* rejects = nullptr;  // nullptr: nowhere
  ImportReport* report = nullptr;
  uint64_t bytes_before = 0;  // of the files done
  uint64_t bytes_total = 0;

  // By name of a record in the mapping. NotFound where the entity is not in the store.
  StatusOr<KeySpace*> SpaceOf(std::string_view record);
  // What amounts are in where a file does not say.
  Currency CurrencyOf(const FileSpec& file) const;
  // Their sources have new ids.
  void ForgetSpaces() { spaces_.clear(); }
  bool cancelled() const { return options->cancel != nullptr && options->cancel->load(); }

 private:
  absl::flat_hash_map<std::string, std::unique_ptr<KeySpace>> spaces_;
};

// Reads a file of keys and values into `run->tables`. InvalidArgument where a key has two values.
StatusOr<ImportedFile> ReadTable(const PlannedFile& file, ImportRun* run);

class FileImport {
 public:
  FileImport(ImportRun* run, const PlannedFile& file) : run_(run), file_(&file) {}

  // Opens the file and binds its mapping to its header and to the store; writes nothing.
  Status Open();
  // Reads it through and adds its line to the report.
  Status Run();

 private:
  struct Rejected {
    size_t row;
    RowProblem problem;
  };
  // A reference to a record further down, waiting for it.
  struct Waiting {
    const RecordImport* record;
    RecordId id;
    LaterReference reference;
  };

  Status CollectCodes();
  Status SetFresh();
  StatusOr<bool> FillChunk();
  Status WriteChunk();
  Status ImportRows(store::Transaction* tx);
  StatusOr<Outcome> ImportRow(const RowChunk::Row& row, ReadContext* context);
  Status MarkSource(store::Transaction* tx) const;
  Status WriteRejects();
  Status FinishFile();
  Status ResolveWaiting();
  void Progress() const;

  ImportRun* run_;
  const PlannedFile* file_;
  std::unique_ptr<CsvReader> reader_;
  std::vector<std::string> header_;
  std::vector<std::unique_ptr<RecordImport>> records_;
  // Codes of the records that this file refers to within itself.
  absl::flat_hash_map<std::string, std::unique_ptr<absl::flat_hash_set<uint64_t>>> codes_;

  RowChunk chunk_;
  ImportedFile result_;
  ImportedFile result_before_;  // as it was before the chunk
  std::vector<Rejected> rejected_;
  std::vector<Waiting> waiting_;
  size_t waiting_before_ = 0;
  std::vector<RecordId> made_;
  std::vector<uint64_t> positions_;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_FILE_IMPORT_H_
