// Defines Grouping, which puts the records that meet a condition into groups by keys, and adds up values in
// each, on columns.
//
//   RELATA_ASSIGN_OR_RETURN(Grouping groups, Grouping::Open(type, &where, keys, terms, snapshot, &cache));
//   RELATA_RETURN_IF_ERROR(groups.Run(look));
//   for (size_t g = 0; g < groups.size(); ++g) groups.TotalOf(g, 0).sum …
//
// Each key gives a record a code (key_codes.h); the codes of all keys together are a place, and the place, by
// way of an array or a hash map, is the group. Totals are what rows would give: sums are exact, sums of
// doubles add by ascending id, nulls are passed over, and null is a key like any other.
//
// Thread safety: one thread, as the snapshot. Lifetime: within the programs' and the snapshot's. Cost: one
// pass over the columns, some nanoseconds a record, key and term; memory by groups, not by records.
#ifndef RELATA_COLUMN_GROUPING_H_
#define RELATA_COLUMN_GROUPING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "src/base/wide.h"
#include "src/column/columns.h"
#include "src/expr/program.h"
#include "src/store/store.h"

namespace relata::column {

// What is added up: kCount, kCountDistinct, kSum, kAvg (which is a sum and a count), kMin or kMax.
struct GroupTerm {
  expr::Op op = expr::Op::kCount;
  const expr::Program* of = nullptr;  // none: records are counted
};

struct GroupTotal {
  uint64_t count = 0;  // kCount, kCountDistinct, kAvg; else whether there was any value
  Wide sum = 0;
  double double_sum = 0;
  uint64_t extreme = 0;  // kMin, kMax: as Datum::bits
};

class Grouping {
 public:
  // Whether columns can compute these keys and terms.
  static bool Supports(std::span<const expr::Program* const> keys, std::span<const GroupTerm> terms);

  // Builds or brings up to date what it needs. `where` may be null. `memory`: bytes that the groups may take.
  // Unavailable where rows must answer.
  static StatusOr<Grouping> Open(const store::TypeRuntime& type, const expr::Program* where,
                                 std::span<const expr::Program* const> keys, std::span<const GroupTerm> terms,
                                 const store::Snapshot& at, uint64_t memory, ColumnCache* cache);
  Grouping(Grouping&&) noexcept;
  Grouping& operator=(Grouping&&) noexcept;
  ~Grouping();

  // Goes over the records, once. Every few thousand of them `look` is told how many bytes the groups take by
  // now, and may stop it with a failure.
  using Look = absl::FunctionRef<Status(uint64_t bytes)>;
  Status Run(Look look);

  // REQUIRES of the rest: Run() was OK. Groups count from 0, in no order. Without keys there is one, be it of
  // no records.
  size_t size() const;
  uint64_t records() const;     // in all groups
  uint64_t rows_asked() const;  // that the condition was asked of row by row
  // Equal for two groups where their keys are.
  uint32_t KeyCode(size_t group, size_t key) const;
  // The value that a code stands for, within this object's lifetime.
  expr::Datum KeyValue(size_t key, uint32_t code) const;
  GroupTotal TotalOf(size_t group, size_t term) const;

 private:
  class State;
  explicit Grouping(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_GROUPING_H_
