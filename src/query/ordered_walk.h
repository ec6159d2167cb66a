// Defines MakeOrderedWalk, the stream of matches in the order of an index, which looks at no more of it than
// what is asked for.
//
// Where the index has only the first terms of the order, each group of records in which these are equal is
// read and sorted by the others before the next group is begun: with a limit, as many groups as that needs.
//
// Three things keep an index from simply being walked:
// - Backward, ids descend within one key, and ties are by ascending id: the ids of a key are turned round,
//   some hundreds at a time, or walked forward where they are more.
// - Texts that were cut from their keys say nothing of the order behind the cut: the records of such a key
//   are read, and sorted among themselves.
// - A cursor may name a record that is gone or has moved: the walk begins at the place it had.
//
// Thread safety and lifetime: as streams.
#ifndef RELATA_QUERY_ORDERED_WALK_H_
#define RELATA_QUERY_ORDERED_WALK_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/types/span.h"
#include "src/query/planner.h"
#include "src/query/stream.h"

namespace relata::query {

// `node` counts the index entries taken.
std::unique_ptr<Stream> MakeOrderedWalk(const Prepared& query, const Walk& walk, Matcher* matcher,
                                        OrderKeys* keys, Budget* budget, PlanNode* node);

// What the keys of the records have in common that must be sorted together with the one of these cells, one
// per part of the index: its group, or those whose text was cut as its own. Nothing where the index tells the
// order.
std::optional<std::string> GroupOf(const Walk& walk, absl::Span<const Cell> cells);

}  // namespace relata::query

#endif  // RELATA_QUERY_ORDERED_WALK_H_
