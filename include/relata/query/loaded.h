// Defines Loaded, an entity copied out of its row and shared, and how one is made: what worksets and object
// caches hold.
//
// Thread safety: the entity is immutable. Lifetime: shared; independent of the snapshot it was read in.
#ifndef RELATA_QUERY_LOADED_H_
#define RELATA_QUERY_LOADED_H_

#include <memory>

#include "relata/base/status.h"
#include "relata/record/row_view.h"
#include "relata/record/struct_binding.h"
#include "relata/schema/ids.h"

namespace relata::query {

// A `const T` whose type the compiled core need not know.
using Loaded = std::shared_ptr<const void>;
using Loader = StatusOr<Loaded> (*)(const StructBinding& binding, const RowView& row, RecordId id);

template <class T>
StatusOr<Loaded> Load(const StructBinding& binding, const RowView& row, RecordId id) {
  auto entity = std::make_shared<T>();
  RELATA_RETURN_IF_ERROR(binding.FromRow(row, id, entity.get()));
  return Loaded(std::move(entity));
}

}  // namespace relata::query

#endif  // RELATA_QUERY_LOADED_H_
