// Defines ObjectCache, which keeps the entities that are asked for most as structs in memory.
//
//   ObjectCache<Relation> relations(/*max_objects=*/10'000);
//   StatusOr<std::shared_ptr<const Relation>> r = relations.Get(snapshot, id);
//
// An answer is always that of the snapshot it is asked with: what changed since an entity was copied is known
// from the change log, and dropped; a snapshot too old for what is kept reads the row. Where the log cannot
// tell (cut, another epoch) or the schema changed, everything is dropped. Where there are too many, one that
// was not asked for lately goes. A transaction is not served: its own writes are only in rows.
//
// Thread safety: safe from any thread; each with its own snapshot. Lifetime: entities are shared and outlive
// the cache and the snapshot. Use it with snapshots of one store only. Cost: O(1) for what is kept, plus once
// per commit O(its changes).
#ifndef RELATA_QUERY_OBJECT_CACHE_H_
#define RELATA_QUERY_OBJECT_CACHE_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "relata/base/status.h"
#include "relata/export.h"
#include "relata/fwd.h"
#include "relata/query/loaded.h"
#include "relata/schema/declare.h"
#include "relata/schema/ids.h"

namespace relata {

namespace store {
class Reader;
}

namespace query {

// The cache, compiled once for all types.
class RELATA_EXPORT LoadedCache {
 public:
  LoadedCache(const EntityDeclaration& declaration, Loader load, size_t max_objects);
  LoadedCache(LoadedCache&&) noexcept;
  LoadedCache& operator=(LoadedCache&&) noexcept;
  ~LoadedCache();

  StatusOr<Loaded> Get(const store::Reader& snapshot, RecordId id);

  struct Figures {
    uint64_t hits = 0;
    uint64_t misses = 0;
    uint64_t dropped = 0;  // for having changed
    size_t kept = 0;
  };
  Figures figures() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace query

template <Entity T>
class ObjectCache {
 public:
  using Figures = query::LoadedCache::Figures;

  // REQUIRES: max_objects > 0.
  explicit ObjectCache(size_t max_objects) : cache_(DeclarationOf<T>(), &query::Load<T>, max_objects) {}

  // The entity as this snapshot has it. NotFound if there is none; DataLoss if its row is damaged.
  template <std::same_as<Snapshot> S>
  StatusOr<std::shared_ptr<const T>> Get(const S& snapshot, Id<T> id) {
    RELATA_ASSIGN_OR_RETURN(const query::Loaded loaded, cache_.Get(snapshot.store_reader(), id.value));
    return std::static_pointer_cast<const T>(loaded);
  }

  Figures figures() const { return cache_.figures(); }

 private:
  query::LoadedCache cache_;
};

}  // namespace relata

#endif  // RELATA_QUERY_OBJECT_CACHE_H_
