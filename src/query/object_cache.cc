// Entities by id and by recency, in one container.
#include "relata/query/object_cache.h"

#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/sequenced_index.hpp>
#include <boost/multi_index_container.hpp>
#include <iterator>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/query/changed_records.h"
#include "src/store/reader.h"

namespace relata::query {

class LoadedCache::State {
 public:
  State(const EntityDeclaration& declaration, Loader load, size_t max_objects)
      : declaration_(declaration), load_(load), max_objects_(max_objects) {
    RELATA_CHECK(max_objects > 0);
  }

  StatusOr<Loaded> Get(const store::Reader& snapshot, RecordId id) {
    {
      const absl::MutexLock lock(&mutex_);
      RELATA_RETURN_IF_ERROR(CatchUp(snapshot));
      if (Loaded kept = Find(snapshot, id); kept != nullptr) {
        ++figures_.hits;
        return kept;
      }
      ++figures_.misses;
    }
    RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, snapshot.schema().Bind(declaration_));
    RELATA_ASSIGN_OR_RETURN(const RowView row, snapshot.Get(*snapshot.schema().Find(binding->type()), id));
    RELATA_ASSIGN_OR_RETURN(Loaded loaded, load_(*binding, row, id));
    const absl::MutexLock lock(&mutex_);
    Keep(snapshot, id, loaded);
    return loaded;
  }

  Figures figures() const {
    const absl::MutexLock lock(&mutex_);
    Figures figures = figures_;
    figures.kept = kept_.size();
    return figures;
  }

 private:
  struct Entry {
    RecordId id;
    uint64_t from;  // the sequence at which it was copied; it is true from there to position_
    Loaded loaded;
    mutable bool asked = false;  // since it was put where it stands in the order
  };
  struct ById {};
  struct ByRecency {};
  using Entries = boost::multi_index_container<
      Entry, boost::multi_index::indexed_by<
                 boost::multi_index::sequenced<boost::multi_index::tag<ByRecency>>,
                 boost::multi_index::hashed_unique<boost::multi_index::tag<ById>,
                                                   boost::multi_index::member<Entry, RecordId, &Entry::id>>>>;

  // Whether what is kept is of the snapshot's epoch and schema.
  bool SameStore(const store::Reader& snapshot) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return snapshot.position().epoch == position_.epoch && snapshot.schema().version() == schema_version_;
  }

  // Makes what is kept true at the snapshot, if that is later.
  Status CatchUp(const store::Reader& snapshot) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (snapshot.position() == position_ && SameStore(snapshot)) return absl::OkStatus();
    if (snapshot.position() < position_ || snapshot.schema().version() < schema_version_) {
      return absl::OkStatus();
    }
    auto& by_id = kept_.get<ById>();
    bool told = false;
    if (SameStore(snapshot)) {
      RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, snapshot.schema().Bind(declaration_));
      const EntityTypeId type = binding->type();
      RELATA_ASSIGN_OR_RETURN(told, VisitChanges(snapshot, position_, [&](const store::RawChange& change) {
                                if (change.type == type) figures_.dropped += by_id.erase(change.id);
                              }));
    }
    if (!told) kept_.clear();
    position_ = snapshot.position();
    schema_version_ = snapshot.schema().version();
    return absl::OkStatus();
  }

  Loaded Find(const store::Reader& snapshot, RecordId id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!SameStore(snapshot)) return nullptr;
    auto& by_id = kept_.get<ById>();
    const auto found = by_id.find(id);
    if (found == by_id.end() || found->from > snapshot.position().sequence) return nullptr;
    found->asked = true;  // its neighbours in the order stay untouched, and out of the processor's cache
    return found->loaded;
  }

  // Only what is as new as everything else: what changed since would otherwise go unnoticed.
  void Keep(const store::Reader& snapshot, RecordId id, const Loaded& loaded)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (snapshot.position() != position_ || !SameStore(snapshot)) return;
    auto& by_recency = kept_.get<ByRecency>();
    if (!by_recency.push_front({id, position_.sequence, loaded}).second) return;
    if (kept_.size() <= max_objects_) return;
    while (by_recency.back().asked) {
      by_recency.back().asked = false;
      by_recency.relocate(by_recency.begin(), std::prev(by_recency.end()));
    }
    by_recency.pop_back();
  }

  const EntityDeclaration& declaration_;
  const Loader load_;
  const size_t max_objects_;
  mutable absl::Mutex mutex_;
  Entries kept_ ABSL_GUARDED_BY(mutex_);
  LogPosition position_ ABSL_GUARDED_BY(mutex_);
  uint64_t schema_version_ ABSL_GUARDED_BY(mutex_) = 0;
  Figures figures_ ABSL_GUARDED_BY(mutex_);
};

LoadedCache::LoadedCache(const EntityDeclaration& declaration, Loader load, size_t max_objects)
    : state_(std::make_unique<State>(declaration, load, max_objects)) {}
LoadedCache::LoadedCache(LoadedCache&&) noexcept = default;
LoadedCache& LoadedCache::operator=(LoadedCache&&) noexcept = default;
LoadedCache::~LoadedCache() = default;

StatusOr<Loaded> LoadedCache::Get(const store::Reader& snapshot, RecordId id) {
  return state_->Get(snapshot, id);
}
LoadedCache::Figures LoadedCache::figures() const { return state_->figures(); }

}  // namespace relata::query
