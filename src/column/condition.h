// Defines what a scan is made of: Condition, a test that narrows a mask; Numbers, values computed by blocks;
// and Frame, the records they look at.
//
// A condition has three values. Filter asks for the records for which it is true, or those for which it is
// false; where it is null it is neither. So `not` swaps the question, and nothing ever computes nulls.
//
// Thread safety: one thread. Lifetime: within the scan. Conditions and numbers are made when a program is
// taken apart (scan_compile.h), and read columns only once their frame has its table.
#ifndef RELATA_COLUMN_CONDITION_H_
#define RELATA_COLUMN_CONDITION_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "src/column/columns.h"
#include "src/column/mask.h"
#include "src/expr/evaluate.h"
#include "src/expr/program.h"
#include "src/store/store.h"

namespace relata::column {

// What all parts of one scan share: the program, and the snapshot with its row evaluator where there is one.
class Evaluation {
 public:
  explicit Evaluation(const expr::Program& program) : program_(program) {}
  Evaluation(const expr::Program& program, const store::Snapshot& at) : program_(program), at_(&at) {
    rows_.emplace(program, at);
  }

  const expr::Program& program() const { return program_; }
  const expr::Step& step(expr::StepIndex index) const { return program_.step(index); }
  const store::Snapshot& at() const { return *at_; }
  expr::RowEvaluator& rows() { return *rows_; }

  // The value of a step that depends on no record; its bytes live as long as this.
  StatusOr<expr::Datum> Constant(expr::StepIndex index);
  // The value of a step whose one field of the innermost record, in `slot` of `type`, holds this cell.
  StatusOr<expr::Datum> OfOneField(expr::StepIndex index, const store::TypeRuntime& type, FieldId slot,
                                   const Cell& cell);

  // Whether a condition on records referred to is better computed for all of them than for each that a record
  // in hand names: not where they are far more. Yes, where there is no snapshot.
  bool IsWorthAScan(const store::TypeRuntime& target, const store::TypeRuntime& from) const;

  uint64_t rows_asked = 0;

 private:
  const expr::Program& program_;
  const store::Snapshot* at_ = nullptr;
  std::optional<expr::RowEvaluator> rows_;
  std::vector<std::unique_ptr<std::string>> texts_;
  std::vector<Cell> cells_;  // one row in the making
  std::string row_;
};

// The records of one type that conditions look at: those the scan is over, or related ones inside an
// aggregate.
struct Frame {
  Evaluation* evaluation = nullptr;
  const store::TypeRuntime* type = nullptr;
  bool outermost = false;   // where the row evaluator can be asked about a record
  std::set<FieldId> slots;  // that anything looks at
  std::shared_ptr<const Table> table;

  // nullptr where no record of the chunk holds a value.
  const Chunk* chunk(FieldId slot, size_t chunk) const { return table->column(slot).chunks[chunk].get(); }
};

class Condition {
 public:
  virtual ~Condition() = default;
  // Keeps of the mask, which are records of that chunk, those for which the condition is `wanted`.
  virtual Status Filter(size_t chunk, bool wanted, Mask* mask) = 0;
  // How it compares with others, per record: 1 is one pass over narrow numbers.
  virtual double cost() const = 0;
  // Whether columns answer at least a part of it that every record found must satisfy.
  virtual bool narrows() const { return true; }
  // One line each, indented by two spaces a level.
  virtual void Describe(int indent, std::string* out) const = 0;
};

// Values of neighbouring records: integers as Datum::bits holds them, doubles as theirs.
struct Block {
  static constexpr size_t kWords = 16;
  static constexpr size_t kRecords = kWords * 64;

  alignas(64) std::array<int64_t, kRecords> values;
  std::array<uint64_t, kWords> present;  // those of others are anything

  bool Has(size_t at) const { return (present[at / 64] >> (at % 64) & 1) != 0; }
};
inline constexpr size_t kBlocks = kChunkRecords / Block::kRecords;

// Calls visit(i) for each bit of a block's words, ascending.
template <typename Visit>
void ForEachBit(const uint64_t* words, const Visit& visit) {
  for (size_t i = 0; i < Block::kWords; ++i) {
    if (words[i] == ~uint64_t{0}) {
      for (size_t bit = 0; bit < 64; ++bit) visit(i * 64 + bit);
      continue;
    }
    for (uint64_t word = words[i]; word != 0; word &= word - 1) {
      visit(i * 64 + static_cast<size_t>(std::countr_zero(word)));
    }
  }
}
// Whether a block has none of its records in these words.
inline bool IsEmptyBlock(const uint64_t* words) {
  uint64_t all = 0;
  for (size_t i = 0; i < Block::kWords; ++i) all |= words[i];
  return all == 0;
}

class Numbers {
 public:
  virtual ~Numbers() = default;
  // The values of the records of the block-th part of a chunk.
  virtual Status Load(size_t chunk, size_t block, Block* out) = 0;
  // The greatest distance from zero of any value in the chunk; the most there is where that is not known.
  virtual uint64_t Reach(size_t) const { return UINT64_MAX; }
  virtual double cost() const = 0;
  // What lies behind it, where that is more than the fields of the record.
  virtual void Describe(int, std::string*) const {}
};

// "  " times `indent`, the text, a line end.
void AppendLine(int indent, std::string_view text, std::string* out);

}  // namespace relata::column

#endif  // RELATA_COLUMN_CONDITION_H_
