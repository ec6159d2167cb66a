// Defines Reader::Find, which begins a query.
//
//   for (const Relation& r : now.Find<Relation>().Where("visiting.city = 'Utrecht'").Limit(20)) …
//
// It stands apart from reader.h so that who only reads and writes need not compile it.
#ifndef RELATA_ENGINE_FIND_H_
#define RELATA_ENGINE_FIND_H_

#include "relata/engine/reader.h"
#include "relata/query/find.h"

namespace relata {

template <Entity T>
Query<T> Reader::Find() const {
  return Query<T>(source(), Bind(DeclarationOf<T>()));
}

}  // namespace relata

#endif  // RELATA_ENGINE_FIND_H_
