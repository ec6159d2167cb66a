// Passes a bulk load on to the store room, and its segments to theirs.
#include "relata/engine/bulk_load.h"

#include <utility>

#include "src/segment/define.h"
#include "src/store/bulk_load.h"

namespace relata {

BulkLoad::BulkLoad(Database* database, std::unique_ptr<store::BulkLoad> load)
    : upkeep_(database->upkeep()), columns_(database->columns()), load_(std::move(load)) {}
BulkLoad::BulkLoad(BulkLoad&&) noexcept = default;
BulkLoad& BulkLoad::operator=(BulkLoad&&) noexcept = default;
BulkLoad::~BulkLoad() = default;

StatusOr<BulkLoad> BulkLoad::Begin(Database* database, const std::vector<std::string>& entities,
                                   const BulkLoadOptions& options) {
  RELATA_ASSIGN_OR_RETURN(
      std::unique_ptr<store::BulkLoad> load,
      store::BulkLoad::Begin(database->store(), entities,
                             {.chunk_rows = options.chunk_rows, .progress = options.progress}));
  return BulkLoad(database, std::move(load));
}

StatusOr<RecordId> BulkLoad::InsertStruct(const EntityDeclaration& declaration, const void* entity) {
  RELATA_ASSIGN_OR_RETURN(const RecordId id, load_->transaction()->Insert(declaration, entity));
  RELATA_RETURN_IF_ERROR(load_->Inserted());
  return id;
}

StatusOr<RecordId> BulkLoad::Insert(const Record& record) {
  RELATA_ASSIGN_OR_RETURN(const RecordId id, load_->transaction()->Insert(record));
  RELATA_RETURN_IF_ERROR(load_->Inserted());
  return id;
}

Status BulkLoad::Finish() {
  RELATA_RETURN_IF_ERROR(load_->Finish());
  return Annotate(upkeep_->listeners().TellAfter(segment::Settle(upkeep_, columns_)),
                  "all records are in the store, its segments are not brought up to date");
}

uint64_t BulkLoad::committed() const { return load_->committed(); }

}  // namespace relata
