// Conditions on the numbers of one field.
#include "src/column/field_tests.h"

#include <algorithm>
#include <limits>

#include "relata/base/strings.h"
#include "src/column/kernels.h"

namespace relata::column {

using expr::Datum;
using expr::Op;
using expr::Step;

namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();

std::string_view FieldName(const Frame& frame, FieldId slot) { return frame.type->type->fields[slot].name; }

}  // namespace

void FilterNumbers(const Chunk* chunk, int64_t low, int64_t high, bool inside, Mask* mask) {
  if (chunk == nullptr) {
    *mask = Mask();
    return;
  }
  *mask &= chunk->present();
  low = std::max(low, chunk->least());
  high = std::min(high, chunk->greatest());
  if (low > high) {
    if (inside) *mask = Mask();
    return;
  }
  if (low == chunk->least() && high == chunk->greatest()) {
    if (!inside) *mask = Mask();
    return;
  }
  const auto base = static_cast<uint64_t>(chunk->least());
  FilterRange(chunk->numbers<char>(), chunk->width(), static_cast<uint64_t>(low) - base,
              static_cast<uint64_t>(high) - static_cast<uint64_t>(low), inside, mask);
}

RangeTest::RangeTest(const Frame* frame, FieldId slot, Op op, expr::StepIndex bound)
    : frame_(frame), slot_(slot), bounds_{{op, bound}}, low_(kLeast), high_(kGreatest) {}

RangeTest::RangeTest(const Frame* frame, FieldId slot)
    : frame_(frame), slot_(slot), bounds_{{Op::kEqual, expr::kNone}}, low_(kLeast), high_(kGreatest) {}

bool RangeTest::CanJoin(const RangeTest& other) const {
  const auto whole = [](const RangeTest& test) { return test.bounds_[0].first != Op::kNotEqual; };
  return frame_ == other.frame_ && slot_ == other.slot_ && whole(*this) && whole(other);
}

void RangeTest::Join(RangeTest other) {
  bounds_.insert(bounds_.end(), other.bounds_.begin(), other.bounds_.end());
}

Status RangeTest::Prepare() {
  prepared_ = true;
  for (const auto& [op, index] : bounds_) {
    Datum bound = Datum::OfBits(1);
    if (index != expr::kNone) {
      RELATA_ASSIGN_OR_RETURN(bound, frame_->evaluation->Constant(index));
    }
    if (!bound.present) {
      unknown_ = true;
      continue;
    }
    const int64_t value = bound.AsInt();
    const bool below = op == Op::kLess || op == Op::kLessEqual;
    const bool above = op == Op::kGreater || op == Op::kGreaterEqual;
    // Strictly below the least or above the greatest lies nothing.
    if ((op == Op::kLess && value == kLeast) || (op == Op::kGreater && value == kGreatest)) {
      low_ = kGreatest;
      high_ = kLeast;
      continue;
    }
    if (!below) low_ = std::max(low_, op == Op::kGreater ? value + 1 : value);
    if (!above) high_ = std::min(high_, op == Op::kLess ? value - 1 : value);
    if (op == Op::kNotEqual) outside_ = true;
  }
  return absl::OkStatus();
}

Status RangeTest::Filter(size_t chunk, bool wanted, Mask* mask) {
  if (!prepared_) RELATA_RETURN_IF_ERROR(Prepare());
  // Null beside a range is false outside it, and null within.
  if (unknown_ && (wanted || bounds_.size() == 1)) {
    *mask = Mask();
    return absl::OkStatus();
  }
  FilterNumbers(frame_->chunk(slot_, chunk), low_, high_, wanted != outside_, mask);
  return absl::OkStatus();
}

void RangeTest::Describe(int indent, std::string* out) const {
  AppendLine(indent,
             StrCat("numbers: ", FieldName(*frame_, slot_), outside_ ? " outside" : " in", " a range"), out);
}

Status ListTest::Prepare() {
  prepared_ = true;
  const Step& step = frame_->evaluation->step(step_);
  std::vector<int64_t> values;
  for (size_t i = 1; i < step.args.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const Datum value, frame_->evaluation->Constant(step.args[i]));
    value.present ? values.push_back(value.AsInt()) : static_cast<void>(has_null_ = true);
  }
  std::sort(values.begin(), values.end());
  for (const int64_t value : values) {
    if (!runs_.empty() && (value == runs_.back().second || value - 1 == runs_.back().second)) {
      runs_.back().second = value;
    } else {
      runs_.emplace_back(value, value);
    }
  }
  return absl::OkStatus();
}

Status ListTest::Filter(size_t chunk, bool wanted, Mask* mask) {
  if (!prepared_) RELATA_RETURN_IF_ERROR(Prepare());
  const Chunk* numbers = frame_->chunk(slot_, chunk);
  if (numbers == nullptr || (!wanted && has_null_)) {
    *mask = Mask();
    return absl::OkStatus();
  }
  *mask &= numbers->present();
  auto from = std::lower_bound(runs_.begin(), runs_.end(), numbers->least(),
                               [](const auto& run, int64_t least) { return run.second < least; });
  auto to = std::upper_bound(from, runs_.end(), numbers->greatest(),
                             [](int64_t greatest, const auto& run) { return greatest < run.first; });
  const Mask all = *mask;
  Mask in;
  if (static_cast<size_t>(to - from) <= kFewRuns) {
    for (auto run = from; run != to; ++run) {
      Mask here = all;
      FilterNumbers(numbers, run->first, run->second, true, &here);
      in |= here;
    }
  } else {
    all.ForEach([&](size_t at) {
      const int64_t value = numbers->Int(at);
      const auto run =
          std::lower_bound(from, to, value, [](const auto& r, int64_t v) { return r.second < v; });
      if (run != to && run->first <= value) in.Set(at);
    });
  }
  wanted ? * mask = in : * mask -= in;
  return absl::OkStatus();
}

void ListTest::Describe(int indent, std::string* out) const {
  AppendLine(indent, StrCat("numbers: ", FieldName(*frame_, slot_), " in a list"), out);
}

Status NullTest::Filter(size_t chunk, bool wanted, Mask* mask) {
  const Chunk* values = frame_->chunk(slot_, chunk);
  if (values == nullptr) {
    if (!wanted) *mask = Mask();
    return absl::OkStatus();
  }
  wanted ? * mask -= values->present() : * mask &= values->present();
  return absl::OkStatus();
}

void NullTest::Describe(int indent, std::string* out) const {
  AppendLine(indent, StrCat("presence: ", FieldName(*frame_, slot_)), out);
}

}  // namespace relata::column
