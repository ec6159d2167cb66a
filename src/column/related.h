// Defines aggregates over related records, computed for all parents at once: one pass over the columns of the
// related type adds each record to the place of its parent.
//
//   sum(orders.total where ordered_on >= date '2026-01-01')
//
// goes over the orders, keeps those of the period (chunks whose zone lies before it are not read), and adds
// their totals into an array by relation. Whether there are any needs no such pass where a condition holds
// for all of many neighbours: whom they refer to is remembered (target_sets.h).
//
// Thread safety: one thread. Lifetime: within the scan. Cost: O(related records), once a scan; 8 bytes a
// parent and more for what must be remembered beside (moments, counts).
#ifndef RELATA_COLUMN_RELATED_H_
#define RELATA_COLUMN_RELATED_H_

#include <memory>
#include <string>
#include <vector>

#include "src/base/wide.h"
#include "src/column/condition.h"
#include "src/column/logic.h"
#include "src/column/numbers.h"

namespace relata::column {

// What an aggregate came to, by parent id.
class Aggregate {
 public:
  // Whether a step is an aggregate that this computes: not one of different values, or of texts.
  static bool Supports(const expr::Program& program, const expr::Step& step);

  // `op` over the records that a step is about, which is that step's own or kExists. `records` are the
  // related ones; `condition`, `value` and `moment` look at them and may be null.
  Aggregate(const Frame* records, expr::Op op, expr::StepIndex step, ConditionPtr condition, NumbersPtr value,
            NumbersPtr moment);

  // Goes over the related records, the first time.
  Status Prepare();

  // REQUIRES: Prepare() was OK.
  bool Exists(uint64_t parent) const {
    return parent / 64 < found_.size() && (found_[parent / 64] >> (parent % 64) & 1) != 0;
  }
  // Bit i for the parent 64 * word + i: whether it has any such record.
  uint64_t ExistsWord(size_t word) const { return word < found_.size() ? found_[word] : 0; }
  // The value; false where it is null.
  bool Value(uint64_t parent, int64_t* value) const;
  // The values of the parents from `first`, a multiple of 64; false, and nothing done, where each must be
  // computed.
  bool Copy(uint64_t first, Block* out) const;

  void Describe(int indent, std::string* out) const;

 private:
  Status AddChunk(size_t chunk);
  // kExists by a plain reference: marks the parents, with a look at what is remembered of them.
  Status MarkSpans();
  void MarkChunk(const Chunk& references, const Mask& mask, uint64_t* found);
  // All parents that the chunks from `first` to before `end`, a span, name.
  TargetSets::Set TargetsOf(size_t first, size_t end);
  // Adds the records of one block that the words name.
  void AddBlock(const Chunk& references, size_t block, const uint64_t* words);
  template <typename Add>
  void ForEachParent(const Chunk& references, size_t block, const uint64_t* words, const Add& add);
  void AddSums(const Chunk& references, size_t block, const uint64_t* words);
  void AddExtremes(const Chunk& references, size_t block, const uint64_t* words);
  // Makes room for sums that 64 bits might not hold on the way: what comes after may bring them back.
  void Widen();
  void Keep(uint64_t parent, int64_t value, int64_t moment);
  void Mark(uint64_t parent) { found_[parent / 64] |= uint64_t{1} << (parent % 64); }
  void Grow(uint64_t parent);

  const Frame* records_;
  const expr::Op op_;
  const expr::Step& of_;
  const expr::Type value_type_;
  const EntityTypeId parent_type_;
  const ValueType reference_type_;
  ConditionPtr condition_;
  NumbersPtr value_;
  NumbersPtr moment_;
  bool prepared_ = false;
  UnsignedWide reach_ = 0;  // no sum lies further from zero
  bool wide_ = false;       // 64 bits might not hold a sum
  Block values_;
  Block moments_of_block_;
  Block parents_of_block_;
  // By parent id, as far as the operation needs them; of equal size.
  uint64_t size_ = 0;
  std::vector<uint64_t> found_;     // a bit each: some record was added
  std::vector<int64_t> values_of_;  // sums, extremes, first or last values
  std::vector<Wide> sums_;          // instead of values_of_, if wide_
  std::vector<uint32_t> counts_;
  std::vector<int64_t> moments_;
};

// exists(…) as a condition.
class ExistsTest : public Condition {
 public:
  // `parent` gives the record whose related ones are asked for; null: the record itself.
  ExistsTest(std::unique_ptr<Aggregate> aggregate, NumbersPtr parent)
      : aggregate_(std::move(aggregate)), parent_(std::move(parent)) {}
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return 50; }
  void Describe(int indent, std::string* out) const override;

 private:
  std::unique_ptr<Aggregate> aggregate_;
  NumbersPtr parent_;
  Block block_;
};

// max(…) or min(…) of a field beside what is the same for every record. It is not computed: the greatest
// value lies below y where there are values, and none of them is y or more; and a look for the latter reads
// only the chunks whose zone reaches so far.
class ExtremeTest : public Condition {
 public:
  // `beyond` finds the values that make the comparison true if `true_beyond`, else those that make it false.
  ExtremeTest(bool true_beyond, std::unique_ptr<Aggregate> any, std::unique_ptr<Aggregate> beyond,
              Evaluation* evaluation, expr::StepIndex bound)
      : true_beyond_(true_beyond),
        any_(std::move(any)),
        beyond_(std::move(beyond)),
        evaluation_(evaluation),
        bound_(bound) {}
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return 60; }
  void Describe(int indent, std::string* out) const override;

 private:
  const bool true_beyond_;
  std::unique_ptr<Aggregate> any_;
  std::unique_ptr<Aggregate> beyond_;
  Evaluation* evaluation_;
  const expr::StepIndex bound_;
};

// An aggregate as a value.
class AggregateNumbers : public Numbers {
 public:
  AggregateNumbers(std::unique_ptr<Aggregate> aggregate, NumbersPtr parent)
      : aggregate_(std::move(aggregate)), parent_(std::move(parent)) {}
  Status Load(size_t chunk, size_t block, Block* out) override;
  double cost() const override { return 50; }
  void Describe(int indent, std::string* out) const override { aggregate_->Describe(indent, out); }

 private:
  std::unique_ptr<Aggregate> aggregate_;
  NumbersPtr parent_;
  Block block_;
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_RELATED_H_
