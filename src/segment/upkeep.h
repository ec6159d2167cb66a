// Defines Upkeep, which keeps every segment exact inside the transactions that write.
//
//   Upkeep upkeep(store.get(), &live);
//   store->SetCommitHook(&upkeep);
//
// Before a write is applied, what time has changed by then for the segments that the write may concern is
// told with the moments at which it changed, while the rows are still those it was true of. At the commit the
// records whose answers may follow from the changes are evaluated, and what differs goes into the commit's
// own log entry. What would take too long becomes pending: readers compute such a segment, later commits and
// Database::Advance make it whole again in pieces.
//
// Thread safety: safe from any thread; a session as its transaction. Lifetime: outlives the store's
// transactions. Cost: per commit, of the conditions that the changed fields have a part in.
#ifndef RELATA_SEGMENT_UPKEEP_H_
#define RELATA_SEGMENT_UPKEEP_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/status.h"
#include "src/segment/agenda.h"
#include "src/segment/compiled.h"
#include "src/segment/fold.h"
#include "src/segment/listeners.h"
#include "src/segment/live.h"
#include "src/segment/members.h"
#include "src/segment/workspace.h"
#include "src/store/commit_hook.h"
#include "src/store/store.h"

namespace relata::segment {

class Upkeep : public store::CommitHook {
 public:
  Upkeep(store::Store* store, Live* live) : store_(store), live_(live), listeners_(store) {}

  StatusOr<std::unique_ptr<store::CommitHook::Session>> Begin(store::Transaction* tx) override;

  // The segments of the catalogue that the reader sees.
  StatusOr<std::shared_ptr<const Compiled>> CompiledFor(const store::Reader& reader);
  // Counts commits, so that groups take turns.
  uint64_t TakeTurn() { return turn_.fetch_add(1, std::memory_order_relaxed); }
  // Of these segments.
  std::shared_ptr<Told> ToldOf(const std::shared_ptr<const Compiled>& compiled);

  // The values that the last transaction has left, if they are of these segments; and leaving them.
  std::unique_ptr<TermValues> TakeValues(const std::shared_ptr<const Compiled>& compiled);
  void KeepValues(const std::shared_ptr<const Compiled>& compiled, std::unique_ptr<TermValues> values);

  store::Store& store() const { return *store_; }
  Live& live() const { return *live_; }
  ResolvedSets& resolved() { return resolved_; }
  Listeners& listeners() { return listeners_; }

 private:
  store::Store* store_;
  Live* live_;
  ResolvedSets resolved_;
  Listeners listeners_;
  std::atomic<uint64_t> turn_{0};
  absl::Mutex mutex_;
  std::shared_ptr<const Compiled> compiled_ ABSL_GUARDED_BY(mutex_);  // of the newest version seen
  std::shared_ptr<const Compiled> told_of_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Told> told_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const Compiled> values_of_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<TermValues> values_ ABSL_GUARDED_BY(mutex_);
};

// What a transaction does for its segments.
class UpkeepSession : public store::CommitHook::Session {
 public:
  UpkeepSession(Upkeep* upkeep, std::shared_ptr<const Compiled> compiled, std::shared_ptr<Told> told,
                store::Transaction* tx);
  ~UpkeepSession() override;

  // The one of a transaction of this store, begun if there is none yet.
  static StatusOr<UpkeepSession*> Of(store::Transaction* tx);

  Status BeforeWrite(store::Transaction* tx, const store::TypeRuntime& type, ChangeKind kind, RecordId id,
                     std::span<const store::FormerCell> former) override;
  // What time did stays told when a savepoint is rolled back: it was true of rows that no write had touched.
  size_t Mark() const override { return 0; }
  void RollBackTo(size_t) override {}
  StatusOr<std::string> BeforeCommit(store::Transaction* tx) override;

  // Makes pending what the file has in doubt. REQUIRES: first of all.
  Status TakeUpDoubts();

  Workspace& workspace() { return workspace_; }
  Fold& fold() { return fold_; }

 private:
  // Some of what others have left to be done: a piece of a pending segment, and what is due in one group.
  Status FoldAnother();
  // After a change of the schema: what is defined anew, or means something else now, is pending.
  Status FollowSchema(const schema::Catalogue& catalogue);
  // After a piece of a bulk load.
  Status FollowBulk(const std::vector<store::RawChange>& changes);
  Status FollowChanges(const std::vector<store::RawChange>& changes);
  Status FollowSlot(const ChangedRecord& changed, FieldId slot, Dependents::Guards* guards, Agenda* agenda);

  Upkeep* upkeep_;
  Workspace workspace_;
  Fold fold_;
  bool names_versions_ = false;  // those that members are computed with from now on
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_UPKEEP_H_
