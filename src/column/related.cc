// One pass over related records, adding each to the place of its parent.
#include "src/column/related.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/expr/arithmetic.h"
#include "src/expr/datum.h"

namespace relata::column {

using expr::Base;
using expr::Op;
using expr::RelatedRecords;
using expr::Step;

namespace {

// Before all moments: that of records without one.
constexpr int64_t kNoMoment = std::numeric_limits<int64_t>::min();

// Calls visit(i) for each bit of a block's words.
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

bool Counts(Op op) { return op == Op::kCount || op == Op::kAvg; }
bool Sums(Op op) { return op == Op::kSum || op == Op::kAvg; }

}  // namespace

bool Aggregate::Supports(const expr::Program& program, const Step& step) {
  const RelatedRecords& related = *step.related;
  if (program.step(related.parent).type.target == 0) return false;
  if (step.op == Op::kCountDistinct) return false;
  // Labels of a set have no order that integers share.
  if (related.value == expr::kNone) return true;
  const Base base = program.step(related.value).type.base;
  return !expr::IsBytes(base) && base != Base::kLabelSet;
}

Aggregate::Aggregate(const Frame* records, expr::StepIndex step, ConditionPtr condition, NumbersPtr value,
                     NumbersPtr moment)
    : records_(records),
      of_(records->evaluation->step(step)),
      value_type_(of_.related->value == expr::kNone ? expr::Type()
                                                    : records->evaluation->step(of_.related->value).type),
      parent_type_(records->evaluation->step(of_.related->parent).type.target),
      reference_type_(records->type->type->fields[of_.related->reference].type),
      condition_(std::move(condition)),
      value_(std::move(value)),
      moment_(std::move(moment)) {}

Status Aggregate::Prepare() {
  if (prepared_) return absl::OkStatus();
  prepared_ = true;
  adds_wide_or_doubles_ = value_type_.base == Base::kDouble;
  if (reference_type_ == ValueType::kReference) {
    int64_t greatest = 0;
    for (const auto& chunk : records_->table->column(of_.related->reference).chunks) {
      if (chunk != nullptr) greatest = std::max(greatest, chunk->greatest());
    }
    Grow(static_cast<uint64_t>(greatest));
  }
  for (size_t chunk = 0; chunk < records_->table->chunks(); ++chunk) RELATA_RETURN_IF_ERROR(AddChunk(chunk));
  return absl::OkStatus();
}

Status Aggregate::AddChunk(size_t chunk) {
  const Chunk* references = records_->chunk(of_.related->reference, chunk);
  if (references == nullptr) return absl::OkStatus();
  Mask mask = references->present();
  if (condition_ != nullptr) RELATA_RETURN_IF_ERROR(condition_->Filter(chunk, true, &mask));
  if (!mask.any()) return absl::OkStatus();
  for (size_t block = 0; block < kBlocks; ++block) {
    uint64_t* words = mask.words.data() + block * Block::kWords;
    if (std::all_of(words, words + Block::kWords, [](uint64_t word) { return word == 0; })) continue;
    if (value_ != nullptr) {
      RELATA_RETURN_IF_ERROR(value_->Load(chunk, block, &values_));
      for (size_t i = 0; i < Block::kWords; ++i) words[i] &= values_.present[i];
    }
    if (moment_ != nullptr) RELATA_RETURN_IF_ERROR(moment_->Load(chunk, block, &moments_of_block_));
    AddBlock(*references, block, words);
  }
  return absl::OkStatus();
}

// Calls add(parent, place in the block) for each record and each parent it has.
template <typename Add>
void Aggregate::ForEachParent(const Chunk& references, size_t block, const uint64_t* words, const Add& add) {
  const size_t first = block * Block::kRecords;
  const int64_t* parents = parents_of_block_.values.data();
  if (reference_type_ != ValueType::kReferenceSet) {
    references.Ints(first, Block::kRecords, parents_of_block_.values.data());
  }
  if (reference_type_ == ValueType::kReference) {  // Prepare made room for all of them
    ForEachBit(words, [&](size_t at) { add(static_cast<uint64_t>(parents[at]), at); });
    return;
  }
  const auto grown = [&](uint64_t parent, size_t at) {
    if (parent >= size_) Grow(parent);
    add(parent, at);
  };
  if (reference_type_ == ValueType::kAnyReference) {
    ForEachBit(words, [&](size_t at) {
      const auto bits = static_cast<uint64_t>(parents[at]);
      if (bits >> 48 == parent_type_) grown(bits & kMaxRecordId, at);
    });
    return;
  }
  ForEachBit(words, [&](size_t at) {
    const std::string_view ids = references.Bytes(first + at);
    for (size_t id = 0; id + sizeof(RecordId) <= ids.size(); id += sizeof(RecordId)) {
      grown(LoadLE64(ids.data() + id), at);
    }
  });
}

void Aggregate::AddBlock(const Chunk& references, size_t block, const uint64_t* words) {
  const int64_t* values = values_.values.data();
  const auto mark = [&](uint64_t parent) { found_[parent / 64] |= uint64_t{1} << (parent % 64); };
  switch (of_.op) {
    case Op::kExists:
      ForEachParent(references, block, words, [&](uint64_t parent, size_t) { mark(parent); });
      break;
    case Op::kCount:
      ForEachParent(references, block, words, [&](uint64_t parent, size_t) { ++counts_[parent]; });
      break;
    case Op::kSum:
      ForEachParent(references, block, words,
                    [&](uint64_t parent, size_t at) { AddToSum(parent, values[at]); });
      break;
    case Op::kAvg:
      ForEachParent(references, block, words, [&](uint64_t parent, size_t at) {
        ++counts_[parent];
        AddToSum(parent, values[at]);
      });
      break;
    default:
      ForEachParent(references, block, words, [&](uint64_t parent, size_t at) {
        const bool has_moment = moment_ != nullptr && moments_of_block_.Has(at);
        Keep(parent, values[at], has_moment ? moments_of_block_.values[at] : kNoMoment);
        mark(parent);
      });
      break;
  }
}

inline void Aggregate::AddToSum(uint64_t parent, int64_t value) {
  if (adds_wide_or_doubles_) return AddWideOrDouble(parent, value);
  int64_t& sum = values_of_[parent];
  if (expr::Add(sum, value, &sum)) return;
  // From here on with 128 bits: what comes after may bring the sum back.
  sums_.assign(values_of_.begin(), values_of_.end());
  adds_wide_or_doubles_ = true;
  sums_[parent] += value;
}

void Aggregate::AddWideOrDouble(uint64_t parent, int64_t value) {
  if (value_type_.base != Base::kDouble) {
    sums_[parent] += value;
    return;
  }
  int64_t& sum = values_of_[parent];
  sum = std::bit_cast<int64_t>(std::bit_cast<double>(sum) + std::bit_cast<double>(value));
}

// For least, greatest, first and last: replaces what is there, if any, by what comes before it.
void Aggregate::Keep(uint64_t parent, int64_t value, int64_t moment) {
  int64_t& kept = values_of_[parent];
  bool replace = !Exists(parent);
  if (!replace) {
    if (of_.op == Op::kFirst) {
      replace = moment < moments_[parent];
    } else if (of_.op == Op::kLast) {
      replace = moment >= moments_[parent];
    } else if (value_type_.base == Base::kDouble) {
      const auto a = std::bit_cast<double>(value);
      const auto b = std::bit_cast<double>(kept);
      replace = of_.op == Op::kMin ? a < b : a > b;
    } else {
      replace = of_.op == Op::kMin ? value < kept : value > kept;
    }
  }
  if (!replace) return;
  kept = value;
  if (of_.op == Op::kFirst || of_.op == Op::kLast) moments_[parent] = moment;
}

void Aggregate::Grow(uint64_t parent) {
  size_ = std::max<uint64_t>(parent + 1, size_ + size_ / 2);
  const Op op = of_.op;
  if (!Counts(op) && !Sums(op)) found_.resize((size_ + 63) / 64);
  if (Counts(op)) counts_.resize(size_);
  if (op != Op::kExists && op != Op::kCount) values_of_.resize(size_);
  if (!sums_.empty()) sums_.resize(size_);
  if (op == Op::kFirst || op == Op::kLast) moments_.resize(size_);
}

bool Aggregate::Value(uint64_t parent, int64_t* value) const {
  const bool known = parent < size_;
  if (of_.op == Op::kCount) {
    *value = known ? counts_[parent] : 0;
    return true;
  }
  if (!Sums(of_.op)) {
    if (!Exists(parent)) return false;
    *value = values_of_[parent];
    return true;
  }
  const uint32_t count = known && of_.op == Op::kAvg ? counts_[parent] : 0;
  if (of_.op == Op::kAvg && count == 0) return false;
  if (of_.type.base == Base::kDouble) {
    double result =
        known && value_type_.base == Base::kDouble ? std::bit_cast<double>(values_of_[parent]) : 0;
    if (of_.op == Op::kAvg) {
      result = value_type_.base == Base::kDouble
                   ? result / count
                   : expr::MeanAsDouble(sums_.empty() ? Wide{values_of_[parent]} : sums_[parent],
                                        value_type_.scale, count);
    }
    *value = std::bit_cast<int64_t>(result);
    return expr::Finite(result, &result);
  }
  if (!known) {
    *value = 0;
    return true;
  }
  const Wide sum = sums_.empty() ? Wide{values_of_[parent]} : sums_[parent];
  return of_.op == Op::kSum ? Narrow(sum, value) : expr::Mean(sum, count, value);
}

bool Aggregate::Copy(uint64_t first, Block* out) const {
  if (of_.op == Op::kAvg || adds_wide_or_doubles_) return false;
  const size_t known = first >= size_ ? 0 : std::min<uint64_t>(size_ - first, Block::kRecords);
  int64_t* values = out->values.data();
  std::fill(values + known, values + Block::kRecords, 0);
  if (known == 0) {
    // Past the last parent.
  } else if (of_.op == Op::kCount) {
    std::copy_n(counts_.begin() + static_cast<std::ptrdiff_t>(first), known, values);
  } else {
    std::copy_n(values_of_.begin() + static_cast<std::ptrdiff_t>(first), known, values);
  }
  if (Counts(of_.op) || Sums(of_.op)) {
    out->present.fill(~uint64_t{0});
  } else {
    for (size_t i = 0; i < Block::kWords; ++i) out->present[i] = ExistsWord(first / 64 + i);
  }
  return true;
}

void Aggregate::Describe(int indent, std::string* out) const {
  AppendLine(indent, StrCat("related ", records_->type->type->name, ": ", expr::NameOf(of_.op)), out);
  if (condition_ != nullptr) condition_->Describe(indent + 1, out);
}

Status ExistsTest::Filter(size_t chunk, bool wanted, Mask* mask) {
  RELATA_RETURN_IF_ERROR(aggregate_->Prepare());
  if (parent_ == nullptr) {
    for (size_t i = 0; i < kMaskWords; ++i) {
      const uint64_t exists = aggregate_->ExistsWord(FirstOf(chunk) / 64 + i);
      mask->words[i] &= wanted ? exists : ~exists;
    }
    return absl::OkStatus();
  }
  for (size_t block = 0; block < kBlocks; ++block) {
    uint64_t* words = mask->words.data() + block * Block::kWords;
    if (std::all_of(words, words + Block::kWords, [](uint64_t word) { return word == 0; })) continue;
    RELATA_RETURN_IF_ERROR(parent_->Load(chunk, block, &block_));
    for (size_t i = 0; i < Block::kWords; ++i) {
      uint64_t kept = 0;
      for (uint64_t word = words[i]; word != 0; word &= word - 1) {
        const auto bit = static_cast<size_t>(std::countr_zero(word));
        const size_t at = i * 64 + bit;
        const bool exists = block_.Has(at) && aggregate_->Exists(static_cast<uint64_t>(block_.values[at]));
        kept |= uint64_t{exists == wanted} << bit;
      }
      words[i] = kept;
    }
  }
  return absl::OkStatus();
}

void ExistsTest::Describe(int indent, std::string* out) const { aggregate_->Describe(indent, out); }

Status AggregateNumbers::Load(size_t chunk, size_t block, Block* out) {
  RELATA_RETURN_IF_ERROR(aggregate_->Prepare());
  if (parent_ != nullptr) RELATA_RETURN_IF_ERROR(parent_->Load(chunk, block, &block_));
  const uint64_t first = FirstOf(chunk) + block * Block::kRecords;
  if (parent_ == nullptr && aggregate_->Copy(first, out)) return absl::OkStatus();
  for (size_t i = 0; i < Block::kWords; ++i) {
    uint64_t present = 0;
    for (size_t bit = 0; bit < 64; ++bit) {
      const size_t at = i * 64 + bit;
      // No record is the parent of none: the aggregate of nothing.
      const uint64_t parent = parent_ == nullptr ? first + at
                              : block_.Has(at)   ? static_cast<uint64_t>(block_.values[at])
                                                 : 0;
      present |= uint64_t{aggregate_->Value(parent, &out->values[at])} << bit;
    }
    out->present[i] = present;
  }
  return absl::OkStatus();
}

}  // namespace relata::column
