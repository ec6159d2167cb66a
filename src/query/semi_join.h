// Defines SemiJoin, the way from records of another type, which indexes find, to those of the query:
//
//   exists(orders where total > 50000)       orders by their index on total, then the relations they name
//   count(orders where channel = 'web') > 3  the same; these are only candidates, and are counted one by one
//   relation.visiting.city = 'Delft'         relations by their index on the city, then the orders of each
//   relation in segment 'quiet'              the members of the segment, then the orders of each
//
// It pays where the others are few: else columns, which add up all of them at once, or the rows answer.
//
// Thread safety: functions of their arguments. Lifetime: within the query's. Cost of reading: towards what
// the others refer to, their rows; towards those that refer to them, a look-up in the reference's index each.
#ifndef RELATA_QUERY_SEMI_JOIN_H_
#define RELATA_QUERY_SEMI_JOIN_H_

#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/base/status.h"
#include "src/query/access.h"

namespace relata::query {

struct SemiJoin {
  enum class Way : uint8_t {
    kToReferred,   // the others' field `reference` names the records of the query
    kToReferrers,  // the records' own field `reference` names the others
  };
  Way way = Way::kToReferred;
  Prepared other;  // where the others are looked for; it has no condition of its own
  Access access;   // that finds them
  FieldId reference = 0;
  // Of the others' condition what the access leaves open and their own rows tell; steps of the query's.
  std::vector<expr::StepIndex> residual;
};

// What to look for along references, gathered from the conjuncts of one condition.
class SemiJoins {
 public:
  SemiJoins(const Prepared& query, Constants* constants) : query_(query), constants_(constants) {}

  // Takes note of a conjunct; appends an access at once where it is about related records.
  Status Look(expr::StepIndex conjunct, std::vector<Access>* accesses);
  // Appends an access for each reference whose target some conjuncts were about.
  Status Finish(std::vector<Access>* accesses);

 private:
  StatusOr<std::optional<Access>> ToReferred(expr::StepIndex conjunct);
  StatusOr<std::optional<Access>> ToReferrers(FieldId reference, IndexView* view);
  // Whether the conjunct can only be true of a record that has related ones of the aggregate; which is that?
  StatusOr<std::optional<expr::StepIndex>> AggregateNeeded(expr::StepIndex conjunct);
  Prepared Other(const store::TypeRuntime& type) const;

  const Prepared& query_;
  Constants* constants_;
  absl::flat_hash_map<FieldId, IndexView> through_;  // by reference: tests of the record it names
};

StatusOr<IdSet> ReadSemiJoin(const Prepared& query, const SemiJoin& join, Budget* budget, PlanNode* node);

}  // namespace relata::query

#endif  // RELATA_QUERY_SEMI_JOIN_H_
