// Passes a bulk load on to the store room.
#include "relata/engine/bulk_load.h"

#include <utility>

#include "src/store/bulk_load.h"

namespace relata {

BulkLoad::BulkLoad(std::unique_ptr<store::BulkLoad> load) : load_(std::move(load)) {}
BulkLoad::BulkLoad(BulkLoad&&) noexcept = default;
BulkLoad& BulkLoad::operator=(BulkLoad&&) noexcept = default;
BulkLoad::~BulkLoad() = default;

StatusOr<BulkLoad> BulkLoad::Begin(Database* database, const std::vector<std::string>& entities,
                                   const BulkLoadOptions& options) {
  RELATA_ASSIGN_OR_RETURN(
      std::unique_ptr<store::BulkLoad> load,
      store::BulkLoad::Begin(database->store(), entities,
                             {.chunk_rows = options.chunk_rows, .progress = options.progress}));
  return BulkLoad(std::move(load));
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

Status BulkLoad::Finish() { return load_->Finish(); }
uint64_t BulkLoad::committed() const { return load_->committed(); }

}  // namespace relata
