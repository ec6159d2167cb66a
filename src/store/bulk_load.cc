// Loads rows in bounded transactions and builds their indexes sorted at the end.
#include "src/store/bulk_load.h"

#include <utility>

#include "relata/base/strings.h"
#include "src/kv/error.h"

namespace relata::store {

StatusOr<std::unique_ptr<BulkLoad>> BulkLoad::Begin(std::shared_ptr<Store> store,
                                                    const std::vector<std::string>& types,
                                                    const Options& options) {
  std::unique_ptr<BulkLoad> load(new BulkLoad(std::move(store), options));
  RELATA_RETURN_IF_ERROR(load->store_->Defer(types));
  RELATA_RETURN_IF_ERROR(load->BeginChunk());
  return load;
}

BulkLoad::~BulkLoad() {
  // A load that is given up keeps what was committed; its indexes are owed all the same.
  if (!finished_) transaction_.reset(), store_->BuildPending(nullptr).IgnoreError();
}

Status BulkLoad::BeginChunk() {
  in_chunk_ = 0;
  RELATA_ASSIGN_OR_RETURN(
      transaction_, store_->Begin({.principal = options_.principal, .cause = options_.cause, .bulk = true}));
  return absl::OkStatus();
}

Status BulkLoad::CommitChunk() {
  const Status status = store_->Commit(std::move(transaction_));
  if (!status.ok()) return Annotate(status, StrCat("after ", committed_, " records that are in the store"));
  committed_ += in_chunk_;
  return absl::OkStatus();
}

Status BulkLoad::Inserted() {
  if (++in_chunk_ < options_.chunk_rows) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(CommitChunk());
  return BeginChunk();
}

Status BulkLoad::Finish() {
  if (finished_) return absl::FailedPreconditionError("this bulk load is finished");
  finished_ = true;
  const Status status = CommitChunk();
  const Status built = store_->BuildPending(options_.progress);
  return status.ok() ? built : status;
}

}  // namespace relata::store
