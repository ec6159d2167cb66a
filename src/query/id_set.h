// Defines IdSet, a compressed set of record ids, and IdCollector, which makes one of what an index visits.
//
// CRoaring moved its C++ classes into a namespace of its own; this is where either place is looked in.
#ifndef RELATA_QUERY_ID_SET_H_
#define RELATA_QUERY_ID_SET_H_

#include <cstdint>
#include <roaring/roaring64map.hh>
#include <span>
#include <vector>

#include "relata/schema/ids.h"

namespace roaring {}  // namespace roaring

namespace relata::query {

namespace id_set_internal {
using namespace ::roaring;  // NOLINT
using Set = Roaring64Map;
using LowSet = Roaring;
using Iterator = Roaring64MapSetBitForwardIterator;
}  // namespace id_set_internal

using IdSet = id_set_internal::Set;
using IdSetIterator = id_set_internal::Iterator;

// Makes an IdSet of ids in any order, much faster than adding them to one: they are put in order first.
// Four bytes per id; eight for ids past 2^32.
class IdCollector {
 public:
  void Add(std::span<const RecordId> ids);
  // All that was added; the collector is empty then.
  IdSet Take();

 private:
  std::vector<uint32_t> low_;
  IdSet high_;
  uint32_t greatest_ = 0;
  bool ascending_ = true;
};

}  // namespace relata::query

#endif  // RELATA_QUERY_ID_SET_H_
