// Defines Transaction: a change to any number of records that commits as a whole or not at all.
//
// Every write is checked in full before it changes anything, so a refused write leaves the transaction as it
// was. Each write keeps the indexes, references, history and change log in step. Thread safety: one thread at
// a time. Lifetime: within its Store's.
#ifndef RELATA_STORE_TRANSACTION_H_
#define RELATA_STORE_TRANSACTION_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "relata/base/status.h"
#include "relata/record/record.h"
#include "relata/record/struct_binding.h"
#include "relata/store/options.h"
#include "src/kv/transaction.h"
#include "src/store/commit_hook.h"
#include "src/store/log_entry.h"
#include "src/store/reader.h"

namespace relata::store {

// A field that numbers its records: where an insert leaves it empty, the next of a sequence of its own is
// made into the value, a check digit included if the maker adds one.
struct Numbering {
  std::string entity;
  std::string field;                                     // an int64
  std::function<StatusOr<int64_t>(int64_t count)> make;  // count from 1
};

// What a transaction needs from its store.
struct WriteContext {
  CoreTrees trees;
  const Options* options = nullptr;
  const std::vector<Numbering>* numberings = nullptr;
  CommitHook* hook = nullptr;
  uint64_t committed = 0;  // see Reader::committed_sequence
};

struct WriteLabel {
  std::string_view principal = {};  // who writes
  std::string_view cause = {};      // why: "import", …
  bool bulk = false;                // a piece of a bulk load
};

class Transaction : public Reader {
 public:
  Transaction(kv::WriteTransaction txn, std::shared_ptr<const SchemaRuntime> schema,
              const WriteContext& context, Timestamp now, State state, const WriteLabel& label);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Named fields; the others take their defaults. InvalidArgument names entity, field, value and what was
  // expected; AlreadyExists for a value that a unique index has; NotFound for a reference to no record.
  // O(indexes * log n).
  StatusOr<RecordId> Insert(const Record& record);
  // Changes the named fields of record.id().
  Status Update(const Record& record);
  // Every member of the struct; custom fields take their defaults.
  StatusOr<RecordId> Insert(const EntityDeclaration& declaration, const void* object);
  // Every member of the struct; fields it does not know keep their values.
  Status Update(const EntityDeclaration& declaration, const void* object);
  // One cell per slot of the type, as they stand: no default is filled in. For imports.
  StatusOr<RecordId> InsertCells(const TypeRuntime& type, std::span<const Cell> cells);
  // Applies what each referring field asks for: FailedPrecondition where one restricts.
  Status Delete(const TypeRuntime& type, RecordId id);
  // Puts back a record as it was, under its own id. For undo.
  Status Reinsert(const TypeRuntime& type, RecordId id, std::span<const Cell> cells);
  // Sets slots of a record to these cells, and what follows from them (base amounts). For imports.
  Status UpdateCells(const TypeRuntime& type, RecordId id, std::span<const FormerCell> cells);
  // Sets slots of a record to these cells and nothing else. For undo, which knows what followed from them.
  Status RestoreCells(const TypeRuntime& type, RecordId id, std::span<const FormerCell> cells);

  // Takes back what this commit did, and sets the cause "undo N"; see relata/engine/change_log.h.
  Status Undo(uint64_t sequence);

  // The next number of a named sequence, from 1; without gaps among commits.
  StatusOr<uint64_t> NextInSequence(std::string_view name);

  // Moves `now` on for all that comes after this commit.
  Status AdvanceTo(Timestamp now);
  // Positions from this commit on belong to a new epoch.
  void BeginEpoch() { ++state_.epoch, touched_ = true; }
  // The catalogue that holds from this commit on.
  Status WriteCatalogue(const schema::Catalogue& catalogue);
  // The one last given to that; nullptr if none was.
  const schema::Catalogue* written_catalogue() const { return written_catalogue_.get(); }

  // Savepoints nest; ids drawn inside one that is rolled back are drawn again.
  Status BeginSavepoint();
  Status ReleaseSavepoint();
  void RollBackToSavepoint();
  size_t savepoints() const { return txns_.size() - 1; }

  bool changed() const { return !log_.empty() || touched_; }
  // Writes the log entry and counters, and commits. It is over afterwards, whatever the status.
  Status Commit();
  void Abort() { txns_.clear(); }
  bool open() const { return !txns_.empty(); }
  // True if a write found the map full, in a savepoint that was rolled back too: then all must be done again.
  bool met_full_map() const;

  kv::WriteTransaction* kv_write() { return txns_.back().get(); }
  const WriteContext& context() const { return context_; }
  void set_principal(std::string_view principal) { principal_ = principal; }
  void set_cause(std::string_view cause) { cause_ = cause; }

  // What follows is for the store's CommitHook.
  // Whether this is a piece of a bulk load.
  bool bulk() const { return bulk_; }
  // What this transaction has done so far; views in it die with the next write.
  StatusOr<std::vector<RawChange>> LoggedChanges() const;
  // The hook's session, begun if there is none yet; nullptr where the store has no hook.
  StatusOr<CommitHook::Session*> HookSession();
  // Has Commit write a log entry even where no record changes.
  void Touch() { touched_ = true; }

 private:
  struct Savepoint {
    size_t log_mark;
    size_t hook_mark;
    absl::flat_hash_map<std::string, uint64_t> counters;
    std::vector<RecordId> next_ids;
  };

  // What an insert or update comes to: new cells by slot, the old ones, and which differ.
  struct Write {
    const TypeRuntime* type;
    RecordId id;
    bool insert;
    bool as_given = false;  // by an undo: base amounts and numbers are what they were
    CellBuffer cells = {};
    std::vector<Cell> old_cells = {};
    std::string old_row = {};
    std::vector<std::string> drawn = {};  // counters that gave this record a number
  };
  Status SetCells(const TypeRuntime& type, RecordId id, std::span<const FormerCell> cells, bool as_given);
  StatusOr<uint64_t> NextCount(const std::string& key);
  StatusOr<RecordId> NextId(EntityTypeId type);
  Status DrawNumbers(Write* write);
  void ReturnNumbers(const Write& write);
  Status Check(Write* write);
  Status LoadOld(Write* write);
  Status SetNamed(const Record& record, Write* write);
  Status SetField(const Field& field, const Value& value, Write* write);
  // The record's currency as far as it is known; else the store's.
  Currency CurrencyOf(const Write& write) const;
  Status SetDefaults(const std::vector<bool>& given, Write* write);
  Status Complete(Write* write);  // currency, base amounts, creation time
  StatusOr<Cell> ToBase(const Write& write, const Field& field, Money amount, Currency base);
  Status CheckFields(const Write& write);
  Status CheckReferences(const Write& write);
  Status CheckHierarchy(const Write& write, const Field& parent);
  Status CheckUnique(const Write& write);
  Status Apply(Write* write);
  Status UpdateIndexes(const Write& write);
  using Deleting = absl::flat_hash_set<RecordRef>;
  Status DeleteOne(const TypeRuntime& type, RecordId id, Deleting* deleting);
  Status ReleaseReferrers(const TypeRuntime& type, RecordId id, Deleting* deleting);
  Status TakeBack(const RawCommit& commit);
  Status TakeBackInsert(const TypeRuntime& type, RecordId id, Deleting* leaving);
  Status RefuseReferrers(const TypeRuntime& type, RecordId id, const Deleting& but);
  Status ClearReference(const TypeRuntime& type, const Field& field, RecordId id, RecordRef target);
  static bool Differs(const Write& write, FieldId slot) {
    return write.insert || !(write.cells.cells[slot] == write.old_cells[slot]);
  }
  // Whether the write changes what the index orders by.
  static bool Touches(const Write& write, const IndexRuntime& index);
  Status TellHook(const TypeRuntime& type, ChangeKind kind, RecordId id, std::span<const FormerCell> former);

  WriteContext context_;
  std::vector<std::unique_ptr<kv::WriteTransaction>> txns_;  // innermost last
  std::vector<Savepoint> savepoints_;
  std::string principal_;
  std::string cause_;
  bool bulk_;
  LogWriter log_;
  std::unique_ptr<CommitHook::Session> hook_session_;
  std::unique_ptr<const schema::Catalogue> written_catalogue_;
  absl::flat_hash_map<std::string, uint64_t> counters_;  // of sequences: next values, by meta key
  std::vector<RecordId> next_ids_;                       // by entity type; 0: not read yet
  absl::flat_hash_set<RecordRef> promised_;              // will be there when an undo is through
  bool touched_ = false;
  bool met_full_map_ = false;
  // Reused between writes.
  std::string row_;
  std::vector<std::string> keys_;
  std::vector<std::string> old_keys_;
};

}  // namespace relata::store

#endif  // RELATA_STORE_TRANSACTION_H_
