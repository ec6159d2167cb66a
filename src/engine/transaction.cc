// Passes typed writes on to the store room.
#include "relata/engine/transaction.h"

#include <utility>

#include "relata/engine/snapshot.h"
#include "src/segment/members.h"
#include "src/store/store.h"
#include "src/store/transaction.h"

namespace relata {

Snapshot::Snapshot(std::unique_ptr<store::Snapshot> snapshot, column::ColumnCache* columns,
                   segment::Upkeep* upkeep)
    : Reader(snapshot.get(), columns), snapshot_(std::move(snapshot)) {
  members_ = std::make_unique<segment::Resolver>(upkeep, source());
  snapshot_->set_membership(members_.get());
}
Snapshot::Snapshot(Snapshot&&) noexcept = default;
Snapshot& Snapshot::operator=(Snapshot&&) noexcept = default;
Snapshot::~Snapshot() = default;

Transaction::Transaction(store::Transaction* borrowed) : Reader(borrowed), transaction_(borrowed) {}
Transaction::Transaction(std::unique_ptr<store::Transaction> owned, segment::Upkeep* upkeep)
    : Reader(owned.get()),
      members_(std::make_unique<segment::Resolver>(upkeep, owned.get())),
      owned_(std::move(owned)),
      transaction_(owned_.get()) {
  transaction_->set_membership(members_.get());
}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

StatusOr<RecordId> Transaction::InsertStruct(const EntityDeclaration& declaration, const void* entity) {
  return transaction_->Insert(declaration, entity);
}

Status Transaction::UpdateStruct(const EntityDeclaration& declaration, const void* entity) {
  return transaction_->Update(declaration, entity);
}

StatusOr<RecordId> Transaction::Insert(const Record& record) { return transaction_->Insert(record); }
Status Transaction::Update(const Record& record) { return transaction_->Update(record); }

Status Transaction::Delete(std::string_view entity, RecordId id) {
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, transaction_->schema().Get(entity));
  return transaction_->Delete(*type, id);
}

StatusOr<uint64_t> Transaction::NextInSequence(std::string_view name) {
  return transaction_->NextInSequence(name);
}
void Transaction::SetPrincipal(std::string_view principal) { transaction_->set_principal(principal); }
void Transaction::SetCause(std::string_view cause) { transaction_->set_cause(cause); }

StatusOr<Savepoint> Transaction::BeginSavepoint() {
  RELATA_RETURN_IF_ERROR(transaction_->BeginSavepoint());
  return Savepoint(transaction_);
}

Savepoint::Savepoint(Savepoint&& other) noexcept : transaction_(std::exchange(other.transaction_, nullptr)) {}

Savepoint::~Savepoint() { RollBack(); }

Status Savepoint::Release() {
  if (transaction_ == nullptr) return absl::FailedPreconditionError("this savepoint has ended");
  return std::exchange(transaction_, nullptr)->ReleaseSavepoint();
}

void Savepoint::RollBack() {
  if (transaction_ != nullptr && transaction_->open()) transaction_->RollBackToSavepoint();
  transaction_ = nullptr;
}

}  // namespace relata
