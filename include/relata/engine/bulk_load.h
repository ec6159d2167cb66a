// Defines BulkLoad, which inserts many entities fast: bounded transactions for the rows, their indexes sorted
// and appended at the end.
//
//   RELATA_ASSIGN_OR_RETURN(BulkLoad load, BulkLoad::Begin(&db, {"order", "order_line"}));
//   for (const Order& order : orders) RELATA_RETURN_IF_ERROR(load.Insert(order).status());
//   RELATA_RETURN_IF_ERROR(load.Finish());
//
// Everything is checked as in a Transaction. Until Finish, look-ups through the deferred indexes of these
// types are FailedPrecondition; unique indexes are kept up all along. Killed in the middle, the store holds a
// beginning of the load (`committed()` records of it for sure), and the next open builds the indexes. Memory:
// what one chunk of rows changes, and 64 MiB to sort each index. Segments that the rows concern are exact all
// along, at the price of a query; Finish makes them whole and calls who listens. Thread safety: one thread,
// that of Begin, which is the store's writer until Finish. Lifetime: within its Database's.
#ifndef RELATA_ENGINE_BULK_LOAD_H_
#define RELATA_ENGINE_BULK_LOAD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/engine/database.h"
#include "relata/export.h"
#include "relata/record/record.h"

namespace relata {

namespace store {
class BulkLoad;
}

struct BulkLoadOptions {
  uint64_t chunk_rows = 50'000;                                 // per commit
  std::function<void(uint64_t done, uint64_t total)> progress;  // of building the indexes
};

class RELATA_EXPORT BulkLoad {
 public:
  static StatusOr<BulkLoad> Begin(Database* database, const std::vector<std::string>& entities,
                                  const BulkLoadOptions& options = {});
  BulkLoad(BulkLoad&&) noexcept;
  BulkLoad& operator=(BulkLoad&&) noexcept;
  ~BulkLoad();  // finishes, if that was not done

  template <Entity T>
  StatusOr<Id<T>> Insert(const T& entity) {
    RELATA_ASSIGN_OR_RETURN(const RecordId id, InsertStruct(DeclarationOf<T>(), &entity));
    return Id<T>(id);
  }
  StatusOr<RecordId> Insert(const Record& record);
  // Commits the rest, builds the indexes and brings segments up to date. O(n log n), and a query per segment.
  Status Finish();
  uint64_t committed() const;

 private:
  BulkLoad(Database* database, std::unique_ptr<store::BulkLoad> load);
  StatusOr<RecordId> InsertStruct(const EntityDeclaration& declaration, const void* entity);

  segment::Upkeep* upkeep_;
  column::ColumnCache* columns_;
  std::unique_ptr<store::BulkLoad> load_;
};

}  // namespace relata

#endif  // RELATA_ENGINE_BULK_LOAD_H_
