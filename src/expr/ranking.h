// Defines Ranking: the order of all records of a type by one value, as `top` and `percentile` ask for it.
//
//   Ranking best(Base::kMoney, /*count=*/100);
//   best.Add(group, value, id);          // for each record with a value
//   best.Finish();
//   best.HoldsTop(17);                   // among the 100 greatest of its group
//
// Of a top only the records that may be in it are kept: memory and time are O(groups * count) and
// O(n log count), whatever the number of records. For shares every value is kept, eight bytes each (texts
// whole). Thread safety: one thread until Finish; then const calls from any.
#ifndef RELATA_EXPR_RANKING_H_
#define RELATA_EXPR_RANKING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/schema/ids.h"
#include "src/expr/program.h"

namespace relata::expr {

// Appends bytes that are equal where the values are, null equal to null: keys of groups, and of distinct
// values.
void AppendGroupKey(Base base, const Datum& datum, std::string* key);

class Ranking {
 public:
  // `count` 0: for shares; else for the top of so many.
  Ranking(Base base, uint64_t count) : base_(base), count_(count) {}

  // REQUIRES: the value is not null. Its bytes are copied where they are kept.
  void Add(std::string_view group, const Datum& value, RecordId id);
  void Finish();

  // By value, the greatest first; of equal ones the least id.
  bool HoldsTop(RecordId id) const;
  // The share of records whose value is at or below this one, which is not null.
  double ShareUpTo(const Datum& value) const;

 private:
  struct Entry {
    uint64_t bits = 0;
    std::string text;
    RecordId id = 0;
    Datum value(Base base) const;
  };
  // Whether `a` comes before `b` in a top.
  bool Before(const Datum& a, RecordId a_id, const Entry& b) const;

  Base base_;
  uint64_t count_;
  absl::flat_hash_map<std::string, std::vector<Entry>> groups_;  // heaps, the last in the top on top
  std::vector<RecordId> top_;                                    // sorted
  std::vector<uint64_t> values_;                                 // sorted
  std::vector<std::string> texts_;                               // sorted, instead of values_
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_RANKING_H_
