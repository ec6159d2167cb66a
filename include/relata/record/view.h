// Defines View<T>, one stored entity read in place, member by member.
//
//   View<Relation> r = *now.Get(id);
//   std::string_view name = r.Get<&Relation::name>();
//   std::string_view city = r[field<&Relation::visiting, &Address::city>];
//   Relation whole = *r.Load();
//
// Thread safety: as its snapshot. Lifetime: until the snapshot ends or, in a transaction, the next write.
#ifndef RELATA_RECORD_VIEW_H_
#define RELATA_RECORD_VIEW_H_

#include <optional>
#include <type_traits>

#include "relata/base/status.h"
#include "relata/record/row_view.h"
#include "relata/record/struct_binding.h"
#include "relata/schema/ids.h"
#include "relata/schema/member.h"
#include "relata/schema/path.h"

namespace relata {

template <class T>
class View {
 public:
  View(const StructBinding* binding, RowView row, RecordId id) : binding_(binding), row_(row), id_(id) {}

  Id<T> id() const { return Id<T>(id_); }

  // The member, without copying: a text as std::string_view, an optional as std::optional of that.
  template <auto kFirst, auto... kRest>
  auto Get() const {
    return (*this)[field<kFirst, kRest...>];
  }
  template <auto kFirst, auto... kRest>
  auto operator[](FieldPath<kFirst, kRest...> path) const {
    using M = typename FieldPath<kFirst, kRest...>::Type;
    static_assert(std::is_same_v<typename FieldPath<kFirst, kRest...>::Entity, T>,
                  "a field of another entity");
    const FieldId slot = binding_->SlotAt(path.Offset());
    Cell cell = row_.Get(slot);
    if constexpr (MemberTraits<M>::type == ValueType::kAnyReference) {
      if (cell.present) cell.bits = binding_->FromStored(slot, cell.bits);
    }
    auto value = MemberTraits<M>::Read(cell);
    if constexpr (std::is_same_v<M, Money>) {
      value.currency = row_.CurrencyOf(slot);
    } else if constexpr (std::is_same_v<M, std::optional<Money>>) {
      if (value) value->currency = row_.CurrencyOf(slot);
    }
    return value;
  }

  // The whole struct, copied.
  StatusOr<T> Load() const {
    T object{};
    RELATA_RETURN_IF_ERROR(binding_->FromRow(row_, id_, &object));
    return object;
  }
  const RowView& row() const { return row_; }

 private:
  const StructBinding* binding_;
  RowView row_;
  RecordId id_;
};

}  // namespace relata

#endif  // RELATA_RECORD_VIEW_H_
