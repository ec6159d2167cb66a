// Defines Transaction, a change to any number of entities that commits as a whole or not at all.
//
//   db.Update([&](Transaction& tx) -> Status {
//     RELATA_ASSIGN_OR_RETURN(Id<Relation> id, tx.Insert(Relation{.name = "Bakkerij Jansen"}));
//     return tx.Insert(Order{.relation = id, .total = Money::Eur(250)}).status();
//   });
//
// Every write is checked in full before it changes anything: a refused one leaves the transaction as it was.
// InvalidArgument names entity, field, value and what was expected; AlreadyExists a value that must be unique
// and is taken; NotFound a reference to no record; FailedPrecondition a delete that references forbid. Thread
// safety: one thread at a time. Lifetime: within its Database's; in Update, that of the closure's call. Cost:
// O(log n) per row and index.
#ifndef RELATA_ENGINE_TRANSACTION_H_
#define RELATA_ENGINE_TRANSACTION_H_

#include <memory>
#include <string_view>

#include "relata/engine/reader.h"
#include "relata/export.h"

namespace relata {

namespace store {
class Membership;
class Transaction;
}  // namespace store
namespace segment {
class Upkeep;
}

class Savepoint;

class RELATA_EXPORT Transaction : public Reader {
 public:
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  // Rolls back what was not committed.
  ~Transaction();

  // Stores the entity under a new id, which it returns. Members as they stand; custom fields take their
  // defaults.
  template <Entity T>
  StatusOr<Id<T>> Insert(const T& entity) {
    RELATA_ASSIGN_OR_RETURN(const RecordId id, InsertStruct(DeclarationOf<T>(), &entity));
    return Id<T>(id);
  }
  // Makes the stored entity equal to this one; custom fields and those this struct does not know keep their
  // values.
  template <Entity T>
  Status Update(const T& entity) {
    return UpdateStruct(DeclarationOf<T>(), &entity);
  }
  // Deletes it, and does with what refers to it as declared (OnDelete).
  template <Entity T>
  Status Delete(Id<T> id) {
    return Delete(RelataEntityName(static_cast<const T*>(nullptr)), id.value);
  }

  // The same without a C++ type. In an update only the named fields change.
  StatusOr<RecordId> Insert(const Record& record);
  Status Update(const Record& record);
  Status Delete(std::string_view entity, RecordId id);

  // The next number of a named sequence, from 1, without gaps among commits.
  StatusOr<uint64_t> NextInSequence(std::string_view name);

  // Who writes and why, for the change log.
  void SetPrincipal(std::string_view principal);
  void SetCause(std::string_view cause);

  // Everything since, rolled back unless the savepoint is released. Savepoints nest, and end innermost first.
  StatusOr<Savepoint> BeginSavepoint();

  store::Transaction& store_transaction() { return *transaction_; }  // for the library's own rooms

 private:
  friend class Database;
  explicit Transaction(store::Transaction* borrowed);                               // inside Update
  Transaction(std::unique_ptr<store::Transaction> owned, segment::Upkeep* upkeep);  // from Begin
  StatusOr<RecordId> InsertStruct(const EntityDeclaration& declaration, const void* entity);
  Status UpdateStruct(const EntityDeclaration& declaration, const void* entity);

  std::unique_ptr<store::Membership> members_;  // of segments, where it is from Begin
  std::unique_ptr<store::Transaction> owned_;
  store::Transaction* transaction_;
};

// Lifetime: within its transaction's.
class RELATA_EXPORT Savepoint {
 public:
  Savepoint(Savepoint&& other) noexcept;
  Savepoint& operator=(Savepoint&&) = delete;
  // Rolls back, unless released.
  ~Savepoint();

  // Keeps what was written since.
  Status Release();
  void RollBack();

 private:
  friend class Transaction;
  explicit Savepoint(store::Transaction* transaction) : transaction_(transaction) {}
  store::Transaction* transaction_;  // nullptr once it ended
};

}  // namespace relata

#endif  // RELATA_ENGINE_TRANSACTION_H_
