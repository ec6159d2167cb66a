// Defines Store: one open store file with its catalogue, its snapshots and its one writer.
//
//   RELATA_ASSIGN_OR_RETURN(std::shared_ptr<Store> store, Store::Open("crm.relata", options));
//   RELATA_RETURN_IF_ERROR(store->Register({&DeclarationOf<Machine>()}));
//   RELATA_RETURN_IF_ERROR(store->Update({}, [&](Transaction& tx) { return tx.Insert(record).status(); }));
//
// Thread safety: safe from any thread. Snapshots never wait, except while the map grows.
// Lifetime: snapshots and transactions must have ended when the last reference to the store goes.
#ifndef RELATA_STORE_STORE_H_
#define RELATA_STORE_STORE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/schema/declaration.h"
#include "relata/store/options.h"
#include "src/kv/environment.h"
#include "src/schema/catalogue.h"
#include "src/store/commit_queue.h"
#include "src/store/reader.h"
#include "src/store/transaction.h"

namespace relata::store {

// One unchanging view of the store, at one `now`.
class Snapshot : public Reader {
 public:
  Snapshot(kv::ReadTransaction txn, std::shared_ptr<const SchemaRuntime> schema, kv::Tree history,
           Timestamp now, State state, bool verify);
  Snapshot(Snapshot&& other) noexcept;
  Snapshot& operator=(Snapshot&& other) noexcept;
  const kv::ReadTransaction& kv_read() const { return *owned_; }

 private:
  std::unique_ptr<kv::ReadTransaction> owned_;
};

class Store {
 public:
  using Closure = absl::FunctionRef<Status(Transaction&)>;
  using Progress = std::function<void(uint64_t done, uint64_t total)>;

  // NotFound without create_if_missing; InvalidArgument for a file of another kind; FailedPrecondition for a
  // newer store; DataLoss for a damaged one. Finishes what a killed process left: indexes half built are
  // built anew.
  static StatusOr<std::shared_ptr<Store>> Open(std::string_view path, Options options);

  StatusOr<Snapshot> Read();

  // Runs the closure in a transaction and commits, together with other threads that write at the same time.
  // The closure runs again if the map had to grow or a shared commit failed; its own failure rolls back and
  // is returned. FailedPrecondition if this thread is writing already.
  Status Update(const WriteLabel& label, Closure closure);
  // An explicit transaction. Where the map is full its writes fail as Aborted: end it and begin again.
  StatusOr<std::unique_ptr<Transaction>> Begin(const WriteLabel& label);
  // Commits what Begin gave; grows the map where that is what failed, and is Aborted then.
  Status Commit(std::unique_ptr<Transaction> transaction);

  // Makes the catalogue hold what the structs declare; builds the indexes that are new.
  Status Register(const std::vector<const EntityDeclaration*>& declarations,
                  const Progress& progress = nullptr);
  // Any other change of the catalogue, with what follows from it.
  using SchemaChange = absl::FunctionRef<StatusOr<schema::Changes>(schema::Catalogue&)>;
  Status ChangeSchema(SchemaChange change, const Progress& progress = nullptr);

  // Keeps totals in this currency from now on. FailedPrecondition if there are records already.
  Status SetBaseCurrency(Currency currency);

  // Has this field number its records. Call before any transaction.
  void AddNumbering(Numbering numbering) { numberings_.push_back(std::move(numbering)); }

  // Has this hook take part in every transaction. Call before any; it outlives the store's transactions.
  void SetCommitHook(CommitHook* hook) { hook_ = hook; }

  // Leaves the indexes of these types, unique ones apart, to BuildPending: for loads of many records.
  Status Defer(const std::vector<std::string>& types);
  // Fills the indexes that are in state kBuilding. Does nothing if there is none.
  Status BuildPending(const Progress& progress);

  // Begins a new epoch of the change log: positions of before mean another store.
  Status BeginEpoch();

  // Moves `now` on, at least to this moment.
  Status Advance(Timestamp now);

  // The runtime of the last commit this process has seen.
  std::shared_ptr<const SchemaRuntime> schema() const;
  const Options& options() const { return options_; }
  // Read from the system's database when first asked for.
  const TimeZone& time_zone() const;
  const std::string& path() const { return environment_->path(); }
  kv::Environment* environment() { return environment_.get(); }
  const CoreTrees& trees() const { return trees_; }
  CommitQueue::Figures commit_figures() const { return queue_.figures(); }

 private:
  friend class CommitQueue;
  Store(std::shared_ptr<kv::Environment> environment, Options options);

  // A change of the schema: its transaction is shared with nobody.
  Status UpdateSchema(std::string_view cause, Closure closure);
  // The loop that runs, commits and grows, for whoever leads the queue.
  Status UpdateAlone(const WriteLabel& label, Closure closure);
  Status RefuseSecondWriter() const;
  // `committed`: the last sequence in the file, where `txn` is part of a shared commit.
  StatusOr<std::unique_ptr<Transaction>> MakeTransaction(kv::WriteTransaction txn, const WriteLabel& label,
                                                         std::optional<uint64_t> committed = std::nullopt);
  Status Initialise();  // a new file
  Status Load();        // an existing one
  Status CheckVersions();
  Status AddSegmentsTree();  // to a store made before there was one
  // The runtime of the catalogue that `txn` sees, from the cache where it can be.
  StatusOr<std::shared_ptr<const SchemaRuntime>> RuntimeFor(const kv::Transaction& txn);
  Status BuildAll(EntityTypeId type, const Progress& progress);
  static Status SetReady(schema::Catalogue* catalogue, EntityTypeId type, IndexId index);
  static Status VerifyTightened(const Reader& reader, const SchemaRuntime& runtime,
                                const schema::Changes& changes);
  Timestamp NowFrom(const State& state) const;
  WriteContext Context(uint64_t committed) const {
    return {.trees = trees_,
            .options = &options_,
            .numberings = &numberings_,
            .hook = hook_,
            .committed = committed};
  }

  std::shared_ptr<kv::Environment> environment_;
  Options options_;
  mutable std::once_flag time_zone_once_;
  mutable TimeZone time_zone_;
  CoreTrees trees_;
  std::vector<Numbering> numberings_;
  CommitHook* hook_ = nullptr;
  CommitQueue queue_{this};
  mutable absl::Mutex mutex_;
  std::shared_ptr<const SchemaRuntime> runtime_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::store

#endif  // RELATA_STORE_STORE_H_
