// Defines the conditions on one field: RangeTest and ListTest on numbers, NullTest, and LookupTest, which
// computes any condition once per different value.
//
// Thread safety: one thread. Lifetime: within the scan.
#ifndef RELATA_COLUMN_FIELD_TESTS_H_
#define RELATA_COLUMN_FIELD_TESTS_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "src/column/condition.h"

namespace relata::column {

// So many runs of numbers or codes are cheaper one after another than a look at each.
inline constexpr size_t kFewRuns = 4;

// Comparisons of a field with what is the same for every record, joined by `and`: one range of numbers.
class RangeTest : public Condition {
 public:
  // `op` is kEqual to kGreaterEqual; the field stands left. kEqual and kNotEqual alone, where the field's
  // numbers have no order (sets of labels, places).
  RangeTest(const Frame* frame, FieldId slot, expr::Op op, expr::StepIndex bound);
  // A field of truth values as a condition.
  RangeTest(const Frame* frame, FieldId slot);

  FieldId slot() const { return slot_; }
  // Whether the two may be one. `<>` leaves a hole and stays alone.
  bool CanJoin(const RangeTest& other) const;
  void Join(RangeTest other);

  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return bounds_[0].first == expr::Op::kEqual ? 0.9 : 1; }
  void Describe(int indent, std::string* out) const override;

 private:
  Status Prepare();

  const Frame* frame_;
  const FieldId slot_;
  std::vector<std::pair<expr::Op, expr::StepIndex>> bounds_;
  bool prepared_ = false;
  bool outside_ = false;  // `<>`
  bool unknown_ = false;  // one bound is null: never true
  int64_t low_;
  int64_t high_;
};

// `x in (…)` with numbers.
class ListTest : public Condition {
 public:
  ListTest(const Frame* frame, FieldId slot, expr::StepIndex step)
      : frame_(frame), slot_(slot), step_(step) {}
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return 1.5; }
  void Describe(int indent, std::string* out) const override;

 private:
  Status Prepare();

  const Frame* frame_;
  const FieldId slot_;
  const expr::StepIndex step_;  // kIn
  bool prepared_ = false;
  bool has_null_ = false;
  std::vector<std::pair<int64_t, int64_t>> runs_;  // from, to: ascending, apart
};

// `x is null`.
class NullTest : public Condition {
 public:
  NullTest(const Frame* frame, FieldId slot) : frame_(frame), slot_(slot) {}
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return 0.1; }
  void Describe(int indent, std::string* out) const override;

 private:
  const Frame* frame_;
  const FieldId slot_;
};

// Any condition that looks at one field alone. Its answers are remembered by code where the values recur:
// texts with a dictionary, numbers that lie close together, references.
class LookupTest : public Condition {
 public:
  LookupTest(const Frame* frame, FieldId slot, expr::StepIndex step);
  // Whether a step compares a text field with constants, which needs no row evaluator: then the field may be
  // one of a record referred to.
  static bool IsTextTest(const expr::Program& program, expr::StepIndex step);

  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override;
  void Describe(int indent, std::string* out) const override;

 private:
  enum Answer : uint8_t { kUnknown, kFalse, kTrue, kNull };

  Status Prepare();
  StatusOr<Answer> Ask(const Cell& cell);
  Status FilterCodes(const Chunk& chunk, Answer wanted, Mask* mask);
  Status FilterEach(const Chunk& chunk, Answer wanted, Mask* mask);
  Status FindRuns(const Chunk& chunk, size_t from, size_t to, Answer wanted);
  Cell CellOf(const Chunk& chunk, int64_t code) const;

  const Frame* frame_;
  const FieldId slot_;
  const expr::StepIndex step_;
  bool prepared_ = false;
  Answer of_null_ = kUnknown;
  int64_t base_ = 0;                    // the number of the first answer; 0 of codes
  std::vector<Answer> answers_;         // empty: values are too far apart
  std::vector<expr::Datum> constants_;  // of a plain test of a text; else empty
  // What FindRuns found last.
  size_t runs_from_ = 0;
  size_t runs_to_ = 0;
  Answer runs_wanted_ = kUnknown;
  std::vector<std::pair<size_t, size_t>> runs_;
};

// Narrows a mask to the records whose number lies in [low, high], or outside; nulls are dropped. The chunk's
// zone decides first. nullptr: no record has a number.
void FilterNumbers(const Chunk* chunk, int64_t low, int64_t high, bool inside, Mask* mask);

}  // namespace relata::column

#endif  // RELATA_COLUMN_FIELD_TESTS_H_
