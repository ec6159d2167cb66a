// Defines Database, one open store: the face of the library.
//
//   relata::Database db = relata::Database::Open("crm.relata").value();
//   auto id = db.Update([&](relata::Transaction& tx) {
//     return tx.Insert(Relation{.name = "Bakkerij Jansen", .visiting = {.city = "Utrecht"}});
//   });
//
// Thread safety: safe from any thread; snapshots and transactions belong to one thread at a time.
// Lifetime: snapshots, transactions and views must have ended when it goes. A file that this process has open
// already is shared. A forked child must open its own.
#ifndef RELATA_ENGINE_DATABASE_H_
#define RELATA_ENGINE_DATABASE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/engine/snapshot.h"
#include "relata/engine/transaction.h"
#include "relata/export.h"
#include "relata/schema/declare.h"
#include "relata/schema/derived_field.h"
#include "relata/schema/entity.h"
#include "relata/schema/spec.h"
#include "relata/store/options.h"

namespace relata {

namespace store {
class Store;
}
namespace segment {
class Live;
class Upkeep;
}  // namespace segment

class RELATA_EXPORT Database {
 public:
  // Opens the store, or makes it, and registers the CRM model. NotFound, InvalidArgument (another kind of
  // file), FailedPrecondition (a newer store), DataLoss (damage).
  static StatusOr<Database> Open(std::string_view path, Options options = {});

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  // A view of the last commit. O(1). ResourceExhausted when all reader slots are taken.
  StatusOr<Snapshot> Read() const;

  // Runs the closure in a transaction and commits what it did; returns what it returned. A failure it returns
  // rolls back. It may run more than once, so it must do nothing but write to the transaction. An exception
  // of its own rolls back and is thrown again here.
  template <class F>
  requires std::is_invocable_v<F, Transaction&>
  auto Update(F&& closure) -> std::invoke_result_t<F, Transaction&> {
    using Result = std::invoke_result_t<F, Transaction&>;
    if constexpr (std::is_same_v<Result, Status>) {
      return UpdateWith([&](Transaction& tx) { return closure(tx); });
    } else {
      std::optional<Result> result;
      const Status status = UpdateWith([&](Transaction& tx) -> Status {
        result.emplace(closure(tx));
        return result->status();
      });
      if (!status.ok()) return status;
      return *std::move(result);
    }
  }
  // An explicit transaction; the caller's thread is the only writer until Commit or the transaction's end.
  // FailedPrecondition if this thread is writing already.
  StatusOr<Transaction> Begin();
  // Aborted where the store had to grow: nothing was written, begin again.
  Status Commit(Transaction transaction);

  // Makes the store hold what these structs declare: new types, fields, labels and indexes are added, any
  // other difference is FailedPrecondition and says what differs and how to migrate.
  template <Entity... Ts>
  Status Register() {
    return Register(std::vector<const EntityDeclaration*>{&DeclarationOf<Ts>()...});
  }
  Status Register(const std::vector<const EntityDeclaration*>& declarations);

  // The schema at run time. A change is a commit of its own; an index is built over the rows there are, and
  // `progress` is told how far it is.
  using Progress = std::function<void(uint64_t done, uint64_t total)>;
  Status AddEntity(const EntitySpec& spec);
  Status AddField(std::string_view entity, const FieldSpec& spec);
  Status AddIndex(std::string_view entity, const IndexSpec& spec, const Progress& progress = nullptr);
  Status AddLabel(std::string_view entity, std::string_view field, std::string_view label);
  Status RenameEntity(std::string_view entity, std::string_view to);
  Status RenameField(std::string_view entity, std::string_view field, std::string_view to);
  // A derived field too.
  Status DropField(std::string_view entity, std::string_view field);
  // Names an expression, usable wherever a field of the entity is: "sum(orders.total) - sum(orders.cost)".
  // Takes the place of one of the same name. InvalidArgument points at what is wrong in it. What it uses
  // may be renamed from then on, not dropped.
  Status DefineField(std::string_view entity, std::string_view name, std::string_view expression,
                     std::string_view description = "");
  Status DropIndex(std::string_view entity, std::string_view index);
  Status DropEntity(std::string_view entity);
  std::vector<EntityType> Schema() const;  // live types, as this process last saw them
  // Those defined here, then the model's own that are not defined anew.
  std::vector<DerivedField> DerivedFields() const;

  // Moves `now` on for everyone, at least to this moment, and tells what time has changed in segments by
  // then: see relata/engine/segments.h. Segments are exact without it; their events come with it, or with a
  // write.
  Status Advance(Timestamp now);

  // Names a condition whose members the store keeps: "tier = 'top' and count(orders) > 10". Takes the place
  // of one of the same name. The segments of an entity type other than relation: see
  // relata/engine/segments.h.
  Status DefineSegment(std::string_view name, std::string_view expression, std::string_view description = "");

  // How much memory columns may take: copies of fields in memory, which queries over many records make on
  // first use and later ones read. Default: 1 GiB; a field takes some 1 to 8 bytes a record. What is more is
  // dropped at once, longest unused first; what does not fit at all is not made, and rows answer, alike but
  // slower. So under pressure a host may set less, for a while too; 0 keeps no field. Of this Database alone.
  void SetColumnMemory(uint64_t bytes);

  const std::shared_ptr<store::Store>& store() const { return store_; }  // for the library's own rooms
  column::ColumnCache* columns() const { return columns_.get(); }        // the same
  segment::Upkeep* upkeep() const { return upkeep_.get(); }              // the same

 private:
  explicit Database(std::shared_ptr<store::Store> store);
  Status UpdateWith(absl::FunctionRef<Status(Transaction&)> closure);

  std::shared_ptr<store::Store> store_;
  std::unique_ptr<column::ColumnCache> columns_;  // of its snapshots' queries
  std::unique_ptr<segment::Live> live_;
  std::unique_ptr<segment::Upkeep> upkeep_;
};

}  // namespace relata

#endif  // RELATA_ENGINE_DATABASE_H_
