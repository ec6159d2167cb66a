// Defines values computed by blocks of records, and CompareTest, the condition that compares two of them.
//
// Thread safety: one thread. Lifetime: within the scan.
#ifndef RELATA_COLUMN_NUMBERS_H_
#define RELATA_COLUMN_NUMBERS_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/column/condition.h"

namespace relata::column {

using NumbersPtr = std::unique_ptr<Numbers>;

// What a field holds.
class FieldNumbers : public Numbers {
 public:
  FieldNumbers(const Frame* frame, FieldId slot) : frame_(frame), slot_(slot) {}
  Status Load(size_t chunk, size_t block, Block* out) override;
  uint64_t Reach(size_t chunk) const override;
  double cost() const override { return 1; }

 private:
  const Frame* frame_;
  const FieldId slot_;
};

// The record itself.
class IdNumbers : public Numbers {
 public:
  Status Load(size_t chunk, size_t block, Block* out) override;
  double cost() const override { return 1; }
};

// What is the same for every record.
class FixedNumbers : public Numbers {
 public:
  FixedNumbers(Evaluation* evaluation, expr::StepIndex step) : evaluation_(evaluation), step_(step) {}
  Status Load(size_t chunk, size_t block, Block* out) override;
  double cost() const override { return 0.5; }

 private:
  Evaluation* evaluation_;
  const expr::StepIndex step_;
  std::optional<expr::Datum> value_;
};

// Conversions, arithmetic and the calendar, value by value, by the rules of expr/arithmetic.h and calendar.h.
class ComputedNumbers : public Numbers {
 public:
  // Whether a step is one of those.
  static bool Supports(const expr::Step& step);
  ComputedNumbers(Evaluation* evaluation, expr::StepIndex step, std::vector<NumbersPtr> args)
      : evaluation_(evaluation), step_(step), args_(std::move(args)) {}
  Status Load(size_t chunk, size_t block, Block* out) override;
  double cost() const override;
  void Describe(int indent, std::string* out) const override;

 private:
  Evaluation* evaluation_;
  const expr::StepIndex step_;
  std::vector<NumbersPtr> args_;
  Block left_;
  Block right_;
};

// The first of several that is not null.
class CoalescedNumbers : public Numbers {
 public:
  explicit CoalescedNumbers(std::vector<NumbersPtr> args) : args_(std::move(args)) {}
  Status Load(size_t chunk, size_t block, Block* out) override;
  double cost() const override;
  void Describe(int indent, std::string* out) const override;

 private:
  std::vector<NumbersPtr> args_;
  Block other_;
};

// x op y, `op` kEqual to kGreaterEqual or kIsDistinct.
class CompareTest : public Condition {
 public:
  CompareTest(expr::Op op, bool doubles, NumbersPtr x, NumbersPtr y)
      : op_(op), doubles_(doubles), x_(std::move(x)), y_(std::move(y)) {}
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return 2 + x_->cost() + y_->cost(); }
  void Describe(int indent, std::string* out) const override;

 private:
  // Bits of the values of x and y for which the comparison holds.
  void Compare(const Block& x, const Block& y, uint64_t* holds) const;

  const expr::Op op_;
  const bool doubles_;
  NumbersPtr x_;
  NumbersPtr y_;
  Block left_;
  Block right_;
};

// What a condition says of one computed value, block by block.
class ValueTest : public Condition {
 public:
  explicit ValueTest(NumbersPtr x) : x_(std::move(x)) {}
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return 1 + x_->cost(); }
  void Describe(int indent, std::string* out) const override;

 protected:
  // Clears the bits of the records whose value does not answer as wanted.
  virtual void Keep(const Block& x, bool wanted, uint64_t* words) const = 0;
  virtual std::string_view name() const = 0;

 private:
  NumbersPtr x_;
  Block block_;
};

// A computed truth value as a condition.
class TruthTest : public ValueTest {
 public:
  using ValueTest::ValueTest;

 protected:
  void Keep(const Block& x, bool wanted, uint64_t* words) const override;
  std::string_view name() const override { return "is true"; }
};

// `x is null`, of a computed x.
class NullNumbersTest : public ValueTest {
 public:
  using ValueTest::ValueTest;

 protected:
  void Keep(const Block& x, bool wanted, uint64_t* words) const override;
  std::string_view name() const override { return "is null"; }
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_NUMBERS_H_
