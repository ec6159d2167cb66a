// Defines WorksetFeed, which tells a workset what changed among the records that meet its condition.
//
// Each Next() looks at the store as it is then, and finds the changed records in the change log. Where the
// log cannot tell, all records are looked at again:
// - the log was cut, or the store restored (another epoch), since the last time; or the schema changed;
// - the condition asks the clock, and `now` has moved;
// - the condition looks at other records, and one of a type it looks at changed.
//
// Thread safety: one thread at a time. Lifetime: keeps the store open. Cost: O(commits + changed records), or
// a query for all members (Find in results.h) and a copy of each.
#ifndef RELATA_QUERY_WORKSET_FEED_H_
#define RELATA_QUERY_WORKSET_FEED_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "relata/base/status.h"
#include "relata/export.h"
#include "relata/expr/tree.h"
#include "relata/query/loaded.h"
#include "relata/schema/declaration.h"
#include "relata/store/change.h"

namespace relata::store {
class Store;
}

namespace relata::query {

// What became of the members.
struct WorksetChanges {
  bool all = false;                                  // `records` are all members; else those that changed
  std::vector<std::pair<RecordId, Loaded>> records;  // nullptr: is no member, perhaps never was
  LogPosition position;                              // true at this one
};

class RELATA_EXPORT WorksetFeed {
 public:
  // `condition` may be none: all records. It is checked when Next first runs. REQUIRES: the declaration is
  // registered with the store, and `load` makes its struct.
  WorksetFeed(std::shared_ptr<store::Store> store, const EntityDeclaration& declaration, Loader load,
              expr::Expr condition);
  ~WorksetFeed();

  // What changed since the last call that was OK; at first, everything. InvalidArgument for a condition that
  // makes no sense; DataLoss for damaged rows. After a failure the next call tells what this one did not.
  StatusOr<WorksetChanges> Next();

  // How often the members were looked for anew, and how many records that were known to have changed.
  struct Figures {
    uint64_t refills = 0;
    uint64_t changed = 0;
  };
  Figures figures() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace relata::query

#endif  // RELATA_QUERY_WORKSET_FEED_H_
