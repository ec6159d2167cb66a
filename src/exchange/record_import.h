// Defines RecordImport: one kind of record that the rows of a file make. It reads a row, finds the record the
// row speaks of, and inserts it, updates it, or leaves it.
//
// For each row Prepare reads and checks everything and writes nothing, so that a row is refused as a whole;
// Write then writes. What rows leave behind in memory (keys seen, records being gathered) is undone by
// RollBack, since a commit may have to be repeated.
//
// Thread safety: one thread at a time. Lifetime: within the mapping's, the schema's and the key spaces'.
// Cost: memory for 16 bytes per key of the file; per record made from several rows, its key and what is
// gathered.
#ifndef RELATA_EXCHANGE_RECORD_IMPORT_H_
#define RELATA_EXCHANGE_RECORD_IMPORT_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/base/status.h"
#include "relata/exchange/import.h"
#include "src/exchange/field_reader.h"
#include "src/exchange/mapping.h"
#include "src/store/transaction.h"

namespace relata::exchange {

enum class Outcome : uint8_t { kNone, kUnchanged, kUpdated, kInserted };

class RecordImport {
 public:
  // InvalidArgument where the record does not fit the entity or the file. `currency` is what amounts are in
  // where no column says otherwise.
  static StatusOr<std::unique_ptr<RecordImport>> Bind(const RecordSpec& spec, size_t place, KeySpace* space,
                                                      Currency currency, const BindContext& context);

  // No key of this space is in the store yet, so none needs to be looked for; others will look for this
  // record by its key.
  void set_fresh(bool fresh) { fresh_ = fresh; }
  void set_remember(bool remember) { remember_ = remember; }

  // Reads the code of the row's record; false where it makes none, or cannot be read (problem).
  bool ReadCode(const RowChunk::Row& row, std::string* code, RowProblem* problem);

  // Reads the row. False where it is at fault or the store failed. Sets `positions[place]`.
  bool Prepare(const RowChunk::Row& row, ReadContext* context, std::vector<uint64_t>* positions);
  // Writes what was prepared, and sets `(*context->made)[place]`. A status of the row's own making is for the
  // rejects file: see IsRowProblem.
  StatusOr<Outcome> Write(const RowChunk::Row& row, ReadContext* context);

  // Before the first row of a commit; after one that has to be repeated, in its stead.
  void BeginChunk();
  void RollBack();
  // Writes what was gathered for records that this commit inserted.
  Status FinishChunk(store::Transaction* tx);
  // After the file: brings up to date what was gathered for other records, `limit` of them, from `*from` on.
  Status FinishFile(store::Transaction* tx, size_t* from, size_t limit, ImportCounts* counts);
  size_t gathered() const { return groups_.size(); }

  // References of the prepared row to records further down.
  std::vector<LaterReference>& later() { return later_; }
  const RecordSpec& spec() const { return *spec_; }
  const store::TypeRuntime& type() const { return *type_; }
  KeySpace* space() const { return space_; }
  RecordId id() const { return id_; }

 private:
  struct BoundField {
    FieldReader reader;
    size_t aggregate = 0;  // place in Group::gathered
    bool aggregated() const { return reader.spec().aggregate != Aggregate::kNone; }
  };
  // One value gathered from rows.
  struct Gathered {
    bool present = false;
    uint64_t bits = 0;
    std::string bytes;
  };
  // One record made from several rows.
  struct Group {
    RecordId id = 0;
    uint64_t rows = 0;
    Outcome outcome = Outcome::kNone;
    uint32_t inserted_in = 0;  // chunk
    uint32_t saved_in = 0;
    std::vector<Gathered> gathered;
  };

  Status BindFields(const BindContext& context);
  Status BindMatch();
  Status CheckNeeds() const;
  bool FindRecord(const RowChunk::Row& row, ReadContext* context);
  bool FindSame(const RowChunk::Row& row, ReadContext* context);
  bool ReadFields(const RowChunk::Row& row, ReadContext* context);
  bool ReadField(BoundField& field, const RowChunk::Row& row, ReadContext* context);
  StatusOr<Outcome> Insert(ReadContext* context);
  StatusOr<Outcome> UpdateOrLeave(ReadContext* context);
  Status MatchExisting(store::Transaction* tx);
  Status WriteGathered(store::Transaction* tx, const Group& group, bool* changed);
  void Save(size_t group);
  Status Gather(Group* group);
  bool IsLater(FieldId slot) const;

  const RecordSpec* spec_ = nullptr;
  size_t place_ = 0;
  KeySpace* space_ = nullptr;
  const store::TypeRuntime* type_ = nullptr;
  bool fresh_ = false;
  bool remember_ = false;
  Currency default_currency_;
  const Field* currency_field_ = nullptr;
  KeyReader key_;
  std::vector<ConditionReader> when_;
  std::vector<BoundField> fields_;                   // in the order they are read
  std::vector<std::pair<FieldId, Cell>> constants_;  // of the mapping: source, currency
  std::vector<std::pair<FieldId, Cell>> defaults_;   // of the schema, for what is not mapped
  CellBuffer default_bytes_;
  const store::IndexRuntime* match_ = nullptr;
  KeyReader same_key_;
  KeySpace* same_space_ = nullptr;  // of the record that this key is another name of
  size_t aggregates_ = 0;

  // The row at hand.
  bool active_ = false;
  bool first_ = true;  // not a further row of a record that is there already
  std::string code_;
  RecordId id_ = 0;
  std::optional<size_t> group_;
  CellBuffer cells_;
  std::vector<FieldId> read_;  // slots that the row fills
  std::vector<Cell> gathered_;
  std::vector<LaterReference> later_;
  std::vector<store::FormerCell> changes_;
  bool repeated_ = false;
  bool unnamed_ = false;  // the record is there, but not known by this code yet

  // Of the file.
  absl::flat_hash_map<uint64_t, uint64_t> seen_;  // hash of the code -> times
  absl::flat_hash_map<std::string, size_t> group_of_;
  std::vector<Group> groups_;

  // What the chunk changed in them.
  uint32_t chunk_ = 0;
  std::vector<std::pair<uint64_t, uint64_t>> seen_before_;
  std::vector<std::string> new_groups_;
  std::vector<std::pair<size_t, Group>> groups_before_;
};

// Whether a failed write is the row's fault, and the transaction can go on.
bool IsRowProblem(const Status& status, const store::Transaction& tx);

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_RECORD_IMPORT_H_
