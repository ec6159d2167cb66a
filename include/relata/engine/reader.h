// Defines Reader: what can be asked at one moment, in a Snapshot or, with its own writes, in a Transaction.
//
//   StatusOr<View<Relation>> r = now.Get(id);                       // in place
//   StatusOr<Relation> whole = now.Load(id);                        // copied
//   StatusOr<View<Machine>> m = now.FindBy<&Machine::serial>("X-1"); // by a unique field
//   StatusOr<Record> any = now.Get("machine", 17);                  // without a C++ type
//
// Thread safety: one thread at a time. Lifetime: views live as long as the snapshot; in a transaction, until
// its next write. Cost: O(log n) per record; a view decodes only what is asked.
#ifndef RELATA_ENGINE_READER_H_
#define RELATA_ENGINE_READER_H_

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/export.h"
#include "relata/record/record.h"
#include "relata/record/view.h"
#include "relata/schema/declare.h"
#include "relata/schema/ids.h"
#include "relata/store/change.h"

namespace relata {

namespace store {
class Reader;
class Snapshot;
}  // namespace store
namespace column {
class ColumnCache;
}
namespace query {
struct Source;
}
template <class T>
class Query;
class RecordQuery;

class RELATA_EXPORT Reader {
 public:
  // What `now()` means here, fixed when the snapshot or transaction began.
  Timestamp now() const;
  // The last commit that is visible.
  LogPosition position() const;

  // Questions about all entities of a type, planned and indexed: see query/find.h, and include engine/find.h.
  //   now.Find<Relation>().Where("visiting.city = 'Utrecht'").OrderBy<&Relation::name>().Limit(20)
  template <Entity T>
  Query<T> Find() const;
  RecordQuery Find(std::string_view entity) const;

  // The entity, read in place. NotFound if there is none; DataLoss if its row is damaged.
  template <Entity T>
  StatusOr<View<T>> Get(Id<T> id) const {
    RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, Bind(DeclarationOf<T>()));
    RELATA_ASSIGN_OR_RETURN(RowView row, GetRow(binding->type(), id.value));
    return View<T>(binding, row, id.value);
  }
  template <Entity T>
  StatusOr<T> Load(Id<T> id) const {
    RELATA_ASSIGN_OR_RETURN(const View<T> view, Get(id));
    return view.Load();
  }
  template <Entity T>
  StatusOr<bool> Exists(Id<T> id) const {
    RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, Bind(DeclarationOf<T>()));
    return RowExists(binding->type(), id.value);
  }

  // The entity whose field, which must have a unique index of its own, has this value. NotFound if there is
  // none.
  template <auto kFirst, auto... kRest>
  auto FindBy(const typename FieldPath<kFirst, kRest...>::Type& value) const
      -> StatusOr<View<typename FieldPath<kFirst, kRest...>::Entity>> {
    using Path = FieldPath<kFirst, kRest...>;
    using T = typename Path::Entity;
    RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, Bind(DeclarationOf<T>()));
    std::string scratch;
    const Cell cell = MemberTraits<typename Path::Type>::Load(value, &scratch);
    RELATA_ASSIGN_OR_RETURN(const RecordId id, FindUnique(*binding, binding->SlotAt(Path::Offset()), cell));
    RELATA_ASSIGN_OR_RETURN(RowView row, GetRow(binding->type(), id));
    return View<T>(binding, row, id);
  }

  // Entities whose field, which must have an index that begins with it, has this value; by that index's
  // order. A text is compared as the index compares it. O(log n + found).
  template <auto kFirst, auto... kRest>
  auto FindAll(const typename FieldPath<kFirst, kRest...>::Type& value) const
      -> StatusOr<std::vector<Id<typename FieldPath<kFirst, kRest...>::Entity>>> {
    using Path = FieldPath<kFirst, kRest...>;
    RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, Bind(DeclarationOf<typename Path::Entity>()));
    std::string scratch;
    const Cell cell = MemberTraits<typename Path::Type>::Load(value, &scratch);
    RELATA_ASSIGN_OR_RETURN(const std::vector<RecordId> ids,
                            FindEqual(*binding, binding->SlotAt(Path::Offset()), cell));
    std::vector<Id<typename Path::Entity>> typed;
    typed.reserve(ids.size());
    for (const RecordId id : ids) typed.emplace_back(id);
    return typed;
  }

  // Calls `visit` for each entity by ascending id until it returns a failure, which is returned;
  // absl::CancelledError is a quiet way to stop. O(rows).
  template <Entity T>
  Status ForEach(absl::FunctionRef<Status(const View<T>&)> visit) const {
    RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, Bind(DeclarationOf<T>()));
    return ForEachRow(binding->type(),
                      [&](RecordId id, const RowView& row) { return visit(View<T>(binding, row, id)); });
  }
  template <Entity T>
  StatusOr<uint64_t> Count() const {
    RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, Bind(DeclarationOf<T>()));
    return CountRows(binding->type());
  }

  // The same without a C++ type. NotFound also for an unknown entity type.
  StatusOr<Record> Get(std::string_view entity, RecordId id) const;
  StatusOr<uint64_t> Count(std::string_view entity) const;
  Status ForEach(std::string_view entity, absl::FunctionRef<Status(const Record&)> visit) const;

  // The values a field with history has had, oldest first, each with when it began.
  struct FormerValue {
    Timestamp from;
    Value value;
  };
  StatusOr<std::vector<FormerValue>> History(std::string_view entity, RecordId id,
                                             std::string_view field) const;

  const store::Reader& store_reader() const { return *reader_; }  // for the library's own rooms
  query::Source source() const;                                   // the same

 protected:
  explicit Reader(const store::Reader* reader) : reader_(reader) {}
  Reader(const store::Snapshot* snapshot, column::ColumnCache* columns);
  Reader(Reader&&) = default;
  Reader& operator=(Reader&&) = default;

  StatusOr<const StructBinding*> Bind(const EntityDeclaration& declaration) const {
    if (bound_ != nullptr && &bound_->declaration() == &declaration) return bound_;
    return BindNew(declaration);
  }
  StatusOr<const StructBinding*> BindNew(const EntityDeclaration& declaration) const;
  StatusOr<RowView> GetRow(EntityTypeId type, RecordId id) const;
  StatusOr<bool> RowExists(EntityTypeId type, RecordId id) const;
  StatusOr<RecordId> FindUnique(const StructBinding& binding, FieldId slot, const Cell& value) const;
  StatusOr<std::vector<RecordId>> FindEqual(const StructBinding& binding, FieldId slot,
                                            const Cell& value) const;
  Status ForEachRow(EntityTypeId type, absl::FunctionRef<Status(RecordId, const RowView&)> visit) const;
  StatusOr<uint64_t> CountRows(EntityTypeId type) const;

  const store::Reader* reader_;
  const store::Snapshot* snapshot_ = nullptr;     // the same, where it is one
  column::ColumnCache* columns_ = nullptr;        // of its database
  mutable const StructBinding* bound_ = nullptr;  // the last one used
};

}  // namespace relata

#endif  // RELATA_ENGINE_READER_H_
