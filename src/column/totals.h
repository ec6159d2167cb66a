// Defines Totals, one term of a Grouping: what its values come to in each group.
//
// Thread safety: one thread. Lifetime: within the grouping's.
#ifndef RELATA_COLUMN_TOTALS_H_
#define RELATA_COLUMN_TOTALS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "src/base/wide.h"
#include "src/column/grouping.h"
#include "src/column/scan_compile.h"

namespace relata::column {

class Totals {
 public:
  // Nothing where columns cannot compute the term. Without a snapshot: to tell whether they can.
  static std::optional<Totals> Make(const GroupTerm& term, const store::Snapshot* at);

  Parts* parts() { return &parts_; }
  // Once the frames have their tables.
  Status Prepare();

  // Makes room for so many groups.
  void Grow(size_t groups);
  // Before the blocks of a chunk, of which so many records count.
  void BeginChunk(size_t chunk, uint64_t records);
  // Adds the records of a block that the words name, each to its group.
  Status Add(size_t chunk, size_t block, const uint64_t* words, const uint32_t* groups);

  GroupTotal Of(size_t group) const;
  uint64_t bytes() const;

 private:
  explicit Totals(const GroupTerm& term) : op_(term.op) {}

  bool sums() const { return op_ == expr::Op::kSum || op_ == expr::Op::kAvg; }
  Status AddDistinct(size_t chunk, size_t block, const uint64_t* words, const uint32_t* groups);
  void AddSums(const uint64_t* words, const uint32_t* groups);
  template <typename Better>
  void AddExtremes(const uint64_t* words, const uint32_t* groups, const Better& better);

  expr::Op op_;
  bool doubles_ = false;
  std::unique_ptr<Evaluation> evaluation_;
  Parts parts_;
  UnsignedWide reach_ = 0;  // no sum lies further from zero
  bool widened_ = false;    // 64 bits might not hold a sum
  std::unique_ptr<Block> block_;
  // By group, as far as the term needs them.
  std::vector<uint64_t> counts_;
  std::vector<int64_t> values_;  // sums, extremes
  std::vector<Wide> wide_;       // sums, once widened
  std::vector<double> doubles_of_;
  absl::flat_hash_set<uint64_t> seen_;  // kCountDistinct: group and code
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_TOTALS_H_
