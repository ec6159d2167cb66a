// Defines Aggregation, an aggregate of one column over the records of a group, in the making.
//
// Sums are exact: 128 bits, and null where the result does not fit the type. Sums of doubles add in the order
// the values come, which is by id whatever the plan.
//
// Thread safety: one thread.
#ifndef RELATA_QUERY_AGGREGATION_H_
#define RELATA_QUERY_AGGREGATION_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "relata/base/status.h"
#include "relata/query/spec.h"
#include "src/base/wide.h"
#include "src/query/budget.h"
#include "src/query/datum.h"

namespace relata::query {

class Aggregation {
 public:
  // The type of the aggregate of values of `type`. InvalidArgument where there is none, as the sum of texts.
  static StatusOr<expr::Type> TypeOf(Aggregate aggregate, const expr::Type& type);

  // A count, sum or average of `count` values, from their sum: `double_sum` where they are doubles.
  static OwnedDatum Total(Aggregate aggregate, const expr::Type& type, uint64_t count, Wide sum,
                          double double_sum);

  // One more value.
  Status Add(Aggregate aggregate, const expr::Type& type, const expr::Datum& value, Budget* budget);
  OwnedDatum Result(Aggregate aggregate, const expr::Type& type) const;

 private:
  uint64_t count_ = 0;
  Wide sum_ = 0;
  double double_sum_ = 0;
  OwnedDatum best_;
  std::string best_key_;
  std::unique_ptr<absl::flat_hash_set<std::string>> distinct_;
};

}  // namespace relata::query

#endif  // RELATA_QUERY_AGGREGATION_H_
