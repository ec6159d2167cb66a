// Defines Snapshot, one unchanging view of a store.
//
//   Snapshot now = db.Read().value();
//   std::string_view name = now.Get(id)->Get<&Relation::name>();
//
// Thread safety: one thread at a time; any number of snapshots at once. Never blocks, is never blocked.
// Lifetime: within its Database's. Views it returned die with it.
// Cost: O(1) to open. While one is held, pages freed later are not reused (Stats::oldest_snapshot_age).
#ifndef RELATA_ENGINE_SNAPSHOT_H_
#define RELATA_ENGINE_SNAPSHOT_H_

#include <memory>

#include "relata/engine/reader.h"
#include "relata/export.h"

namespace relata {

namespace store {
class Membership;
class Snapshot;
}  // namespace store
namespace segment {
class Upkeep;
}

class RELATA_EXPORT Snapshot : public Reader {
 public:
  Snapshot(Snapshot&&) noexcept;
  Snapshot& operator=(Snapshot&&) noexcept;
  ~Snapshot();

 private:
  friend class Database;
  Snapshot(std::unique_ptr<store::Snapshot> snapshot, column::ColumnCache* columns, segment::Upkeep* upkeep);

  std::unique_ptr<store::Snapshot> snapshot_;
  std::unique_ptr<store::Membership> members_;  // of segments
};

}  // namespace relata

#endif  // RELATA_ENGINE_SNAPSHOT_H_
