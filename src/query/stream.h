// Defines Stream, a source of records in some order, and the streams there are.
//
//   while (true) {
//     RELATA_ASSIGN_OR_RETURN(const bool more, stream->Next(&candidate));
//     if (!more) break;
//     …
//   }
//
// The plain streams give candidates by id, past the cursor's record where there is one. Filtered keeps those
// that match. Sorted takes all of another one, and gives the best of them or all in order. OrderedWalk
// (ordered_walk.h) gives matches in the order of an index.
//
// Thread safety: one thread, as the reader. Lifetime: within that of what they are made with.
#ifndef RELATA_QUERY_STREAM_H_
#define RELATA_QUERY_STREAM_H_

#include <memory>
#include <vector>

#include "relata/base/status.h"
#include "src/query/access.h"
#include "src/query/candidate.h"
#include "src/query/id_set.h"

namespace relata::query {

class Stream {
 public:
  virtual ~Stream() = default;
  // The next one; false at the end. After a failure nothing more may be asked.
  virtual StatusOr<bool> Next(Candidate* candidate) = 0;
};

// By id, from the first above `after`. `node` counts what was given.
std::unique_ptr<Stream> MakeRowScan(const Prepared& query, RecordId after, Budget* budget, PlanNode* node);
// REQUIRES: access.ascending.
std::unique_ptr<Stream> MakeIndexScan(const Prepared& query, const Access& access, RecordId after,
                                      Budget* budget, PlanNode* node);
std::unique_ptr<Stream> MakeIdScan(IdSet ids, RecordId after);
// REQUIRES: ids ascend.
std::unique_ptr<Stream> MakeListScan(std::vector<RecordId> ids, RecordId after);

std::unique_ptr<Stream> MakeFiltered(std::unique_ptr<Stream> from, Matcher* matcher);

// All of `from` in order, those above the key `after`; with `keep` only so many of them are held. `node`
// counts them and their time.
std::unique_ptr<Stream> MakeSorted(std::unique_ptr<Stream> from, OrderKeys* keys, std::string after,
                                   std::optional<uint64_t> keep, Budget* budget, PlanNode* node);

}  // namespace relata::query

#endif  // RELATA_QUERY_STREAM_H_
