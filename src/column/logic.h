// Defines the conditions that join others, and those that need no column.
//
// Thread safety: one thread. Lifetime: within the scan.
#ifndef RELATA_COLUMN_LOGIC_H_
#define RELATA_COLUMN_LOGIC_H_

#include <memory>
#include <string>
#include <vector>

#include "src/column/condition.h"

namespace relata::column {

using ConditionPtr = std::unique_ptr<Condition>;

// `and`, or `or`: one the other's mirror. Each part looks only at what those before left open. At first the
// cheapest goes first; then, as the chunks go by, the one that decides most for what it costs.
class Junction : public Condition {
 public:
  Junction(bool is_and, std::vector<ConditionPtr> parts);
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override;
  bool narrows() const override;
  void Describe(int indent, std::string* out) const override;

 private:
  struct Part {
    ConditionPtr condition;
    uint64_t seen = 0;     // records it was asked about
    uint64_t decided = 0;  // for which no other part matters any more
  };
  void Reorder();

  const bool is_and_;
  std::vector<Part> parts_;
  uint64_t chunks_ = 0;
};

// `not x`, `x is null`, `x is true`, `x is false`.
class Unary : public Condition {
 public:
  enum class Kind { kNot, kIsNull, kIsTrue, kIsFalse };
  Unary(Kind kind, ConditionPtr x) : kind_(kind), x_(std::move(x)) {}
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return kind_ == Kind::kIsNull ? 2 * x_->cost() : x_->cost(); }
  bool narrows() const override { return x_->narrows(); }
  void Describe(int indent, std::string* out) const override;

 private:
  const Kind kind_;
  ConditionPtr x_;
};

// A condition that is the same for every record.
class Fixed : public Condition {
 public:
  Fixed(Evaluation* evaluation, expr::StepIndex step) : evaluation_(evaluation), step_(step) {}
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return 0; }
  void Describe(int indent, std::string* out) const override;

 private:
  Evaluation* evaluation_;
  const expr::StepIndex step_;
  std::optional<expr::Datum> value_;
};

// What only rows can tell. REQUIRES: the frame is the outermost.
class AskRows : public Condition {
 public:
  AskRows(const Frame* frame, expr::StepIndex step) : frame_(frame), step_(step) {}
  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return 1000; }
  bool narrows() const override { return false; }
  void Describe(int indent, std::string* out) const override;

 private:
  Status Ask(RecordId id, const RowView& row, bool wanted, Mask* mask);

  const Frame* frame_;
  const expr::StepIndex step_;
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_LOGIC_H_
