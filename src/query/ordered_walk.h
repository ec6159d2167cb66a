// Defines MakeOrderedWalk, the stream of matches in the order of an index, which looks at no more of it than
// what is asked for.
//
// Three things keep an index from simply being walked:
// - Backward, ids descend within one key, and ties are by ascending id: the ids of a key are turned round,
// some
//   hundreds at a time, or walked forward where they are more.
// - Texts that were cut from their keys say nothing of the order behind the cut: the records of such a key
//   are read, and sorted among themselves.
// - A cursor may name a record that is gone or has moved: the walk begins at the place it had.
//
// Thread safety and lifetime: as streams.
#ifndef RELATA_QUERY_ORDERED_WALK_H_
#define RELATA_QUERY_ORDERED_WALK_H_

#include <memory>

#include "src/query/planner.h"
#include "src/query/stream.h"

namespace relata::query {

// `node` counts the index entries taken.
std::unique_ptr<Stream> MakeOrderedWalk(const Prepared& query, const Walk& walk, Matcher* matcher,
                                        OrderKeys* keys, Budget* budget, PlanNode* node);

}  // namespace relata::query

#endif  // RELATA_QUERY_ORDERED_WALK_H_
