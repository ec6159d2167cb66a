// Defines Import, which brings a company's exported files into a store, and the mapping that tells how.
//
//   RELATA_ASSIGN_OR_RETURN(const ImportMapping mapping, ImportMapping::Load("northwind/mapping.json"));
//   RELATA_ASSIGN_OR_RETURN(const ImportReport report,
//                           Import(*db.store(), mapping, {.files = {"exports/"}, .rejects = "rejects.csv"}));
//   std::cout << report.ToString();
//
// A mapping is a JSON file; examples/MAPPING.md describes every key. It says which file comes from which
// source, which columns make the key by which that source knows a record (kept as crm::ExternalKey), and
// which column feeds which field. Files may be given in any order: what others refer to is read first.
//
// A row is taken or refused as a whole. Every row is counted once: inserted, updated, unchanged or rejected.
// A file imported again changes nothing; a changed row updates the fields that the mapping names, and no
// other.
//
// Rows are written in chunks, each one commit, so that a process that is stopped or killed leaves a whole
// store. The same import run again goes on from there, and ends with the same store as one that was never
// stopped.
//
// Thread safety: Import may run while others read and write the store; two imports at once take turns.
// Cost: memory for one chunk of rows, for 16 bytes per key of the file being read, and for the records of
// which one is made from several rows.
#ifndef RELATA_EXCHANGE_IMPORT_H_
#define RELATA_EXCHANGE_IMPORT_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/export.h"

namespace relata::store {
class Store;
}

namespace relata::exchange {

struct Mapping;

// How files become records: a mapping file that was read and found sound. Copies share it; immutable, and so
// safe from any thread.
class RELATA_EXPORT ImportMapping {
 public:
  // Reads a mapping file. InvalidArgument names the place in the file, what is wrong there and, for a name
  // that is unknown, the nearest that is known.
  static StatusOr<ImportMapping> Load(const std::string& path);
  // The same from JSON text; `name` stands for the file in messages.
  static StatusOr<ImportMapping> Parse(std::string_view json, std::string_view name = "mapping");

  const Mapping& mapping() const { return *mapping_; }  // for the library's own rooms

 private:
  explicit ImportMapping(std::shared_ptr<const Mapping> mapping) : mapping_(std::move(mapping)) {}

  std::shared_ptr<const Mapping> mapping_;
};

// How far an import has come.
struct ImportProgress {
  std::string_view file;
  uint64_t rows = 0;         // of this file
  uint64_t bytes_done = 0;   // of all files, as they lie on disk
  uint64_t bytes_total = 0;  // 0 where nobody knows
};

struct ImportOptions {
  // The files, and folders whose files are taken where the mapping knows them. "-" is standard input, for a
  // mapping of one file. gzip is unpacked on the way.
  std::vector<std::string> files;
  // Where rejected rows go, as CSV: file, row, line, column, value, reason, raw. Replaced if there; not made
  // where no row is rejected. Empty: nowhere.
  std::string rejects;
  // Rows per commit.
  size_t chunk_rows = 10'000;
  // Called after each chunk, on the calling thread.
  std::function<void(const ImportProgress&)> progress;
  // Looked at between chunks: once true, the import ends as after that chunk.
  const std::atomic<bool>* cancel = nullptr;
};

// What became of rows, or of the records made from them.
struct ImportCounts {
  uint64_t inserted = 0;
  uint64_t updated = 0;
  uint64_t unchanged = 0;
  uint64_t rejected = 0;

  uint64_t accepted() const { return inserted + updated; }
  uint64_t total() const { return inserted + updated + unchanged + rejected; }
  friend bool operator==(const ImportCounts&, const ImportCounts&) = default;
};

// Something that the data lack, to be put right before others build on it.
struct ImportFinding {
  std::string entity;  // "relation"
  std::string what;    // "without an address"
  uint64_t count = 0;  // records
  uint64_t of = 0;     // records of that type in the store
};

// One file, which is one stage of the import.
struct ImportedFile {
  std::string path;
  std::string source;  // code of the information source
  uint64_t rows = 0;   // read: always counts.total()
  ImportCounts counts;
  // What happened to records, per name in the mapping, in its order; rejected is always 0.
  std::vector<std::pair<std::string, ImportCounts>> records;
  // Missing and stale data of the types this file fed, as they stood after it.
  std::vector<ImportFinding> findings;
};

struct ImportReport {
  std::vector<ImportedFile> files;       // in the order they were read
  std::vector<std::string> absent;       // patterns of the mapping that no file was given for
  std::vector<std::string> passed_over;  // files in given folders that the mapping does not know
  std::vector<std::string> notes;        // what else happened: "the store's currency is now GBP"
  std::string rejects;                   // the file with the rejected rows; empty where there are none
  bool cancelled = false;                // ended early; import again to go on

  RELATA_EXPORT ImportCounts total() const;
  RELATA_EXPORT uint64_t rows() const;
  // For people: a line per file, then what was found.
  RELATA_EXPORT std::string ToString() const;
};

// Imports the files. Before anything is written: NotFound for a file that is not there, InvalidArgument for
// one that the mapping does not know or whose header lacks a column that the mapping names, and for a mapping
// that does not fit the store's entities; FailedPrecondition where amounts are in a currency other than the
// store's, and the store has no exchange rates. A store without records takes the mapping's currency as its
// own.
//
// A failure later on (a full disk, a damaged gzip file) leaves all chunks before it in the store.
RELATA_EXPORT StatusOr<ImportReport> Import(store::Store& store, const ImportMapping& mapping,
                                            const ImportOptions& options);

// Proposes a mapping for files from their names, headers and first rows, as JSON to be looked over and
// edited: which entity, which field each column feeds, formats of dates and numbers, the key. What could not
// be guessed is listed under "comment". English and Dutch headers are known.
RELATA_EXPORT StatusOr<std::string> GuessMapping(const std::vector<std::string>& files);

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_IMPORT_H_
