// Defines IdSet, a compressed set of record ids.
//
// CRoaring moved its C++ classes into a namespace of its own; this is where either place is looked in.
#ifndef RELATA_QUERY_ID_SET_H_
#define RELATA_QUERY_ID_SET_H_

#include <roaring/roaring64map.hh>

namespace roaring {}  // namespace roaring

namespace relata::query {

namespace id_set_internal {
using namespace ::roaring;  // NOLINT
using Set = Roaring64Map;
using Iterator = Roaring64MapSetBitForwardIterator;
}  // namespace id_set_internal

using IdSet = id_set_internal::Set;
using IdSetIterator = id_set_internal::Iterator;

}  // namespace relata::query

#endif  // RELATA_QUERY_ID_SET_H_
