// Values by blocks.
#include "src/column/numbers.h"

#include <algorithm>
#include <cstring>

#include "relata/base/strings.h"
#include "src/base/wide.h"
#include "src/column/kernels.h"
#include "src/expr/arithmetic.h"
#include "src/expr/calendar.h"

namespace relata::column {

using expr::Base;
using expr::Datum;
using expr::Op;
using expr::Step;
using expr::Type;

namespace {

Datum OfDate(const std::optional<Date>& date) { return date ? Datum::OfInt(date->days) : Datum::Absent(); }
Datum OfTimestamp(const std::optional<Timestamp>& at) {
  return at ? Datum::OfInt(at->micros) : Datum::Absent();
}
Datum OfDouble(double value) {
  double finite = 0;
  return expr::Finite(value, &finite) ? Datum::OfDouble(finite) : Datum::Absent();
}
// By reference: the value is made while `fits` is.
Datum OfInt(bool fits, const int64_t& value) { return fits ? Datum::OfInt(value) : Datum::Absent(); }
Date DateOf(Datum datum) { return Date{static_cast<int32_t>(datum.AsInt())}; }

// Computes each present value of one block from another; `compute` may give null.
template <typename Compute>
void ForOne(const Block& x, Block* out, const Compute& compute) {
  for (size_t i = 0; i < Block::kWords; ++i) {
    uint64_t present = x.present[i];
    for (uint64_t word = x.present[i]; word != 0; word &= word - 1) {
      const auto bit = static_cast<size_t>(std::countr_zero(word));
      const size_t at = i * 64 + bit;
      const Datum value = compute(Datum::OfInt(x.values[at]));
      out->values[at] = value.AsInt();
      if (!value.present) present &= ~(uint64_t{1} << bit);
    }
    out->present[i] = present;
  }
}

template <typename Compute>
void ForTwo(const Block& x, const Block& y, Block* out, const Compute& compute) {
  for (size_t i = 0; i < Block::kWords; ++i) {
    const uint64_t both = x.present[i] & y.present[i];
    uint64_t present = both;
    for (uint64_t word = both; word != 0; word &= word - 1) {
      const auto bit = static_cast<size_t>(std::countr_zero(word));
      const size_t at = i * 64 + bit;
      const Datum value = compute(Datum::OfInt(x.values[at]), Datum::OfInt(y.values[at]));
      out->values[at] = value.AsInt();
      if (!value.present) present &= ~(uint64_t{1} << bit);
    }
    out->present[i] = present;
  }
}

}  // namespace

Status FieldNumbers::Load(size_t chunk, size_t block, Block* out) {
  const Chunk* values = frame_->chunk(slot_, chunk);
  if (values == nullptr) {
    out->present.fill(0);
    return absl::OkStatus();
  }
  const uint64_t* present = values->present().words.data() + block * Block::kWords;
  std::copy_n(present, Block::kWords, out->present.begin());
  values->Ints(block * Block::kRecords, Block::kRecords, out->values.data());
  return absl::OkStatus();
}

uint64_t FieldNumbers::Reach(size_t chunk) const {
  const Chunk* values = frame_->chunk(slot_, chunk);
  return values == nullptr ? 0 : std::max(Magnitude(values->least()), Magnitude(values->greatest()));
}

Status IdNumbers::Load(size_t chunk, size_t block, Block* out) {
  const auto first = static_cast<int64_t>(FirstOf(chunk) + block * Block::kRecords);
  for (size_t i = 0; i < Block::kRecords; ++i) out->values[i] = first + static_cast<int64_t>(i);
  out->present.fill(~uint64_t{0});
  return absl::OkStatus();
}

Status FixedNumbers::Load(size_t, size_t, Block* out) {
  if (!value_) {
    RELATA_ASSIGN_OR_RETURN(value_, evaluation_->Constant(step_));
  }
  out->values.fill(value_->AsInt());
  out->present.fill(value_->present ? ~uint64_t{0} : 0);
  return absl::OkStatus();
}

bool ComputedNumbers::Supports(const Step& step) {
  switch (step.op) {
    case Op::kRescale:
    case Op::kToDouble:
    case Op::kNegate:
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kRatio:
    case Op::kOrder:
    case Op::kAddDays:
    case Op::kAddMicros:
    case Op::kDaysBetween:
    case Op::kMicrosBetween:
      return true;
    case Op::kAddInterval:
      return step.type.base == Base::kDate;  // a timestamp's needs the time zone
    default:
      return false;
  }
}

double ComputedNumbers::cost() const {
  double cost = 4;
  for (const NumbersPtr& arg : args_) cost += arg->cost();
  return cost;
}

void ComputedNumbers::Describe(int indent, std::string* out) const {
  for (const NumbersPtr& arg : args_) arg->Describe(indent, out);
}

Status ComputedNumbers::Load(size_t chunk, size_t block, Block* out) {
  const Block& x = left_;
  const Block& y = right_;
  RELATA_RETURN_IF_ERROR(args_[0]->Load(chunk, block, &left_));
  if (args_.size() > 1) RELATA_RETURN_IF_ERROR(args_[1]->Load(chunk, block, &right_));
  const Step& step = evaluation_->step(step_);
  const Type& type = step.type;
  const Type& x_type = evaluation_->step(step.args[0]).type;
  const Type& y_type = evaluation_->step(step.args.back()).type;
  const bool doubles = type.base == Base::kDouble;
  int64_t result = 0;
  switch (step.op) {
    case Op::kRescale:
      ForOne(x, out, [&](Datum a) {
        return OfInt(expr::Rescale(a.AsInt(), x_type.scale, type.scale, &result), result);
      });
      break;
    case Op::kToDouble:
      ForOne(x, out, [&](Datum a) {
        return x_type.base == Base::kDouble ? a : Datum::OfDouble(expr::ToDouble(a.AsInt(), x_type.scale));
      });
      break;
    case Op::kNegate:
      ForOne(x, out, [&](Datum a) {
        if (doubles) return Datum::OfDouble(-a.AsDouble());
        return OfInt(expr::Negate(a.AsInt(), &result), result);
      });
      break;
    case Op::kAdd:
      ForTwo(x, y, out, [&](Datum a, Datum b) {
        if (doubles) return OfDouble(a.AsDouble() + b.AsDouble());
        return OfInt(expr::Add(a.AsInt(), b.AsInt(), &result), result);
      });
      break;
    case Op::kSubtract:
      ForTwo(x, y, out, [&](Datum a, Datum b) {
        if (doubles) return OfDouble(a.AsDouble() - b.AsDouble());
        return OfInt(expr::Subtract(a.AsInt(), b.AsInt(), &result), result);
      });
      break;
    case Op::kMultiply:
      ForTwo(x, y, out, [&](Datum a, Datum b) {
        if (doubles) return OfDouble(a.AsDouble() * b.AsDouble());
        return OfInt(
            expr::MultiplyAtScale(a.AsInt(), b.AsInt(), x_type.scale + y_type.scale, type.scale, &result),
            result);
      });
      break;
    case Op::kDivide:
      ForTwo(x, y, out, [&](Datum a, Datum b) {
        if (doubles) return OfDouble(a.AsDouble() / b.AsDouble());
        return OfInt(type.base == Base::kExact
                         ? expr::DivideTruncated(a.AsInt(), b.AsInt(), &result)
                         : expr::DivideHalfEvenAtScale(a.AsInt(), b.AsInt(), y_type.scale, &result),
                     result);
      });
      break;
    case Op::kRatio:
      ForTwo(x, y, out, [&](Datum a, Datum b) {
        if (b.bits == 0) return Datum::Absent();
        return OfDouble(expr::ToDouble(a.AsInt(), x_type.scale) / expr::ToDouble(b.AsInt(), y_type.scale));
      });
      break;
    case Op::kOrder:
      ForTwo(x, y, out, [&](Datum a, Datum b) {
        return Datum::OfInt(expr::Order(a.AsInt(), x_type.scale, b.AsInt(), y_type.scale));
      });
      break;
    case Op::kAddDays:
      ForTwo(x, y, out, [&](Datum a, Datum b) {
        int64_t days = b.AsInt();
        if (step.sign < 0 && !expr::Negate(days, &days)) return Datum::Absent();
        return OfDate(expr::AddDays(DateOf(a), days));
      });
      break;
    case Op::kAddMicros:
      ForTwo(x, y, out, [&](Datum a, Datum b) {
        int64_t micros = b.AsInt();
        if (step.sign < 0 && !expr::Negate(micros, &micros)) return Datum::Absent();
        return OfTimestamp(expr::AddMicros(Timestamp{a.AsInt()}, micros));
      });
      break;
    case Op::kDaysBetween:
      ForTwo(x, y, out, [&](Datum a, Datum b) { return Datum::OfInt(DaysBetween(DateOf(b), DateOf(a))); });
      break;
    case Op::kMicrosBetween:
      ForTwo(x, y, out,
             [&](Datum a, Datum b) { return OfInt(expr::Subtract(a.AsInt(), b.AsInt(), &result), result); });
      break;
    default:  // kAddInterval
      ForOne(x, out, [&](Datum a) { return OfDate(expr::AddInterval(DateOf(a), step.interval, step.sign)); });
      break;
  }
  return absl::OkStatus();
}

double CoalescedNumbers::cost() const {
  double cost = 1;
  for (const NumbersPtr& arg : args_) cost += arg->cost();
  return cost;
}

void CoalescedNumbers::Describe(int indent, std::string* out) const {
  for (const NumbersPtr& arg : args_) arg->Describe(indent, out);
}

Status CoalescedNumbers::Load(size_t chunk, size_t block, Block* out) {
  RELATA_RETURN_IF_ERROR(args_[0]->Load(chunk, block, out));
  for (size_t arg = 1; arg < args_.size(); ++arg) {
    if (IsEmptyBlock(out->present.data())) {  // as where few have a value: nothing to keep
      RELATA_RETURN_IF_ERROR(args_[arg]->Load(chunk, block, out));
      continue;
    }
    RELATA_RETURN_IF_ERROR(args_[arg]->Load(chunk, block, &other_));
    for (size_t i = 0; i < Block::kWords; ++i) {
      const uint64_t missing = other_.present[i] & ~out->present[i];
      if (missing == ~uint64_t{0}) std::copy_n(&other_.values[i * 64], 64, &out->values[i * 64]);
      for (uint64_t word = missing == ~uint64_t{0} ? 0 : missing; word != 0; word &= word - 1) {
        const size_t at = i * 64 + static_cast<size_t>(std::countr_zero(word));
        out->values[at] = other_.values[at];
      }
      out->present[i] |= other_.present[i];
    }
  }
  return absl::OkStatus();
}

void CompareTest::Compare(const Block& x, const Block& y, uint64_t* holds) const {
  const bool equality = op_ == Op::kEqual || op_ == Op::kNotEqual || op_ == Op::kIsDistinct;
  // a <= b is not b < a, and a > b is b < a.
  const bool swapped = op_ == Op::kGreater || op_ == Op::kLessEqual;
  const int64_t* a = (swapped ? y : x).values.data();
  const int64_t* b = (swapped ? x : y).values.data();
  if (doubles_) {
    double c[Block::kRecords];
    double d[Block::kRecords];
    std::memcpy(c, a, sizeof c);
    std::memcpy(d, b, sizeof d);
    equality ? EqualDoubles(c, d, Block::kWords, holds) : LessDoubles(c, d, Block::kWords, holds);
  } else {
    equality ? EqualInts(a, b, Block::kWords, holds) : LessInts(a, b, Block::kWords, holds);
  }
  if (op_ == Op::kNotEqual || op_ == Op::kIsDistinct || op_ == Op::kLessEqual || op_ == Op::kGreaterEqual) {
    for (size_t i = 0; i < Block::kWords; ++i) holds[i] = ~holds[i];
  }
}

Status CompareTest::Filter(size_t chunk, bool wanted, Mask* mask) {
  for (size_t block = 0; block < kBlocks; ++block) {
    uint64_t* words = mask->words.data() + block * Block::kWords;
    if (IsEmptyBlock(words)) continue;
    RELATA_RETURN_IF_ERROR(x_->Load(chunk, block, &left_));
    RELATA_RETURN_IF_ERROR(y_->Load(chunk, block, &right_));
    uint64_t holds[Block::kWords];
    Compare(left_, right_, holds);
    for (size_t i = 0; i < Block::kWords; ++i) {
      const uint64_t both = left_.present[i] & right_.present[i];
      if (op_ == Op::kIsDistinct) {
        const uint64_t distinct = (left_.present[i] ^ right_.present[i]) | (both & holds[i]);
        words[i] &= wanted ? distinct : ~distinct;
      } else {
        words[i] &= both & (wanted ? holds[i] : ~holds[i]);
      }
    }
  }
  return absl::OkStatus();
}

void CompareTest::Describe(int indent, std::string* out) const {
  AppendLine(indent, StrCat("blocks: ", expr::NameOf(op_)), out);
  x_->Describe(indent + 1, out);
  y_->Describe(indent + 1, out);
}

Status ValueTest::Filter(size_t chunk, bool wanted, Mask* mask) {
  for (size_t block = 0; block < kBlocks; ++block) {
    uint64_t* words = mask->words.data() + block * Block::kWords;
    if (IsEmptyBlock(words)) continue;
    RELATA_RETURN_IF_ERROR(x_->Load(chunk, block, &block_));
    Keep(block_, wanted, words);
  }
  return absl::OkStatus();
}

void ValueTest::Describe(int indent, std::string* out) const {
  AppendLine(indent, StrCat("blocks: ", name()), out);
  x_->Describe(indent + 1, out);
}

void TruthTest::Keep(const Block& x, bool wanted, uint64_t* words) const {
  static constexpr int64_t kZeros[Block::kRecords] = {};
  uint64_t is_false[Block::kWords];
  EqualInts(x.values.data(), kZeros, Block::kWords, is_false);
  for (size_t i = 0; i < Block::kWords; ++i) words[i] &= x.present[i] & (wanted ? ~is_false[i] : is_false[i]);
}

void NullNumbersTest::Keep(const Block& x, bool wanted, uint64_t* words) const {
  for (size_t i = 0; i < Block::kWords; ++i) words[i] &= wanted ? ~x.present[i] : x.present[i];
}

}  // namespace relata::column
