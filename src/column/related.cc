// One pass over related records, adding each to the place of its parent.
#include "src/column/related.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/column/kernels.h"
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

// So many records are worth a look at one word of what is remembered of them.
constexpr size_t kRecordsForWord = 16;

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

Aggregate::Aggregate(const Frame* records, Op op, expr::StepIndex step, ConditionPtr condition,
                     NumbersPtr value, NumbersPtr moment)
    : records_(records),
      op_(op),
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
  if (reference_type_ == ValueType::kReference) {
    int64_t greatest = 0;
    for (const auto& chunk : records_->table->column(of_.related->reference).chunks) {
      if (chunk != nullptr) greatest = std::max(greatest, chunk->greatest());
    }
    Grow(static_cast<uint64_t>(greatest));
    if (op_ == Op::kExists && value_ == nullptr) return MarkSpans();
  }
  for (size_t chunk = 0; chunk < records_->table->chunks(); ++chunk) RELATA_RETURN_IF_ERROR(AddChunk(chunk));
  return absl::OkStatus();
}

Status Aggregate::MarkSpans() {
  const size_t chunks = records_->table->chunks();
  std::vector<Mask> masks(std::min(chunks, TargetSets::kChunks));
  for (size_t first = 0; first < chunks; first += TargetSets::kChunks) {
    const size_t end = std::min(chunks, first + TargetSets::kChunks);
    bool all = true;
    uint64_t count = 0;
    for (size_t chunk = first; chunk < end; ++chunk) {
      Mask& mask = masks[chunk - first];
      const Chunk* references = records_->chunk(of_.related->reference, chunk);
      mask = references == nullptr ? Mask() : references->present();
      if (references == nullptr || condition_ == nullptr) continue;
      RELATA_RETURN_IF_ERROR(condition_->Filter(chunk, true, &mask));
      all = all && mask == references->present();
      count += CountBits(mask.words);
    }
    if (count == 0 && condition_ != nullptr) continue;
    // Where records are far fewer than parents, a look at each is cheaper.
    if (all && found_.size() <= (end - first) * kChunkRecords / kRecordsForWord) {
      const TargetSets::Set targets = TargetsOf(first, end);
      const size_t known = std::min(targets->size(), found_.size());  // behind that there is nothing
      for (size_t i = 0; i < known; ++i) found_[i] |= (*targets)[i];
      continue;
    }
    for (size_t chunk = first; chunk < end; ++chunk) {
      const Chunk* references = records_->chunk(of_.related->reference, chunk);
      if (references != nullptr) MarkChunk(*references, masks[chunk - first], found_.data());
    }
  }
  return absl::OkStatus();
}

void Aggregate::MarkChunk(const Chunk& references, const Mask& mask, uint64_t* found) {
  for (size_t block = 0; block < kBlocks; ++block) {
    const uint64_t* words = mask.words.data() + block * Block::kWords;
    if (IsEmptyBlock(words)) continue;
    ForEachParent(references, block, words,
                  [=](uint64_t parent, size_t) { found[parent / 64] |= uint64_t{1} << (parent % 64); });
  }
}

TargetSets::Set Aggregate::TargetsOf(size_t first, size_t end) {
  TargetSets& known = *records_->table->column(of_.related->reference).targets;
  const size_t span = TargetSets::SpanOf(first);
  if (TargetSets::Set set = known.Find(span)) return set;
  auto made = std::make_shared<std::vector<uint64_t>>(found_.size());
  for (size_t chunk = first; chunk < end; ++chunk) {
    const Chunk* references = records_->chunk(of_.related->reference, chunk);
    if (references != nullptr) MarkChunk(*references, references->present(), made->data());
  }
  known.Keep(span, made);
  return made;
}

Status Aggregate::AddChunk(size_t chunk) {
  const Chunk* references = records_->chunk(of_.related->reference, chunk);
  if (references == nullptr) return absl::OkStatus();
  Mask mask = references->present();
  if (condition_ != nullptr) RELATA_RETURN_IF_ERROR(condition_->Filter(chunk, true, &mask));
  const uint64_t count = CountBits(mask.words);
  if (count == 0) return absl::OkStatus();
  if (Sums(op_) && value_type_.base != Base::kDouble && !wide_) {
    reach_ += UnsignedWide{value_->Reach(chunk)} * count;
    if (reach_ > UnsignedWide{std::numeric_limits<int64_t>::max()}) Widen();
  }
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
  if (reference_type_ == ValueType::kReference && references.width() == 4) {  // most of them: read in place
    const uint32_t* ids = references.numbers<uint32_t>() + first;
    const auto least = static_cast<uint64_t>(references.least());
    ForEachBit(words, [&](size_t at) { add(least + ids[at], at); });
    return;
  }
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
  switch (op_) {
    case Op::kExists:
      ForEachParent(references, block, words, [&](uint64_t parent, size_t) { Mark(parent); });
      break;
    case Op::kCount:
      ForEachParent(references, block, words, [&](uint64_t parent, size_t) { ++counts_[parent]; });
      break;
    case Op::kAvg:
      ForEachParent(references, block, words, [&](uint64_t parent, size_t) { ++counts_[parent]; });
      AddSums(references, block, words);
      break;
    case Op::kSum:
      AddSums(references, block, words);
      break;
    default:
      AddExtremes(references, block, words);
      break;
  }
}

void Aggregate::AddSums(const Chunk& references, size_t block, const uint64_t* words) {
  const int64_t* values = values_.values.data();
  if (value_type_.base == Base::kDouble) {
    ForEachParent(references, block, words, [&](uint64_t parent, size_t at) {
      int64_t& sum = values_of_[parent];
      sum = std::bit_cast<int64_t>(std::bit_cast<double>(sum) + std::bit_cast<double>(values[at]));
    });
  } else if (wide_) {
    ForEachParent(references, block, words, [&](uint64_t parent, size_t at) { sums_[parent] += values[at]; });
  } else if (reference_type_ == ValueType::kReference) {
    int64_t* sums = values_of_.data();  // which stays where it is
    ForEachParent(references, block, words, [=](uint64_t parent, size_t at) { sums[parent] += values[at]; });
  } else {
    ForEachParent(references, block, words,
                  [&](uint64_t parent, size_t at) { values_of_[parent] += values[at]; });
  }
}

void Aggregate::AddExtremes(const Chunk& references, size_t block, const uint64_t* words) {
  const int64_t* values = values_.values.data();
  const bool doubles = value_type_.base == Base::kDouble;
  if (op_ == Op::kMin && !doubles) {
    ForEachParent(references, block, words, [&](uint64_t parent, size_t at) {
      values_of_[parent] = std::min(values_of_[parent], values[at]);
      Mark(parent);
    });
  } else if (op_ == Op::kMax && !doubles) {
    ForEachParent(references, block, words, [&](uint64_t parent, size_t at) {
      values_of_[parent] = std::max(values_of_[parent], values[at]);
      Mark(parent);
    });
  } else {
    ForEachParent(references, block, words, [&](uint64_t parent, size_t at) {
      const bool has_moment = moment_ != nullptr && moments_of_block_.Has(at);
      Keep(parent, values[at], has_moment ? moments_of_block_.values[at] : kNoMoment);
      Mark(parent);
    });
  }
}

// Room for no parent yet, of references whose targets are met one by one, is room to be widened too.
void Aggregate::Widen() {
  wide_ = true;
  sums_.assign(values_of_.begin(), values_of_.end());
}

// For doubles, first and last: replaces what is there, if any, by what comes before it.
void Aggregate::Keep(uint64_t parent, int64_t value, int64_t moment) {
  int64_t& kept = values_of_[parent];
  bool replace = !Exists(parent);
  if (!replace) {
    if (op_ == Op::kFirst) {
      replace = moment < moments_[parent];
    } else if (op_ == Op::kLast) {
      replace = moment >= moments_[parent];
    } else {
      const auto a = std::bit_cast<double>(value);
      const auto b = std::bit_cast<double>(kept);
      replace = op_ == Op::kMin ? a < b : a > b;
    }
  }
  if (!replace) return;
  kept = value;
  if (op_ == Op::kFirst || op_ == Op::kLast) moments_[parent] = moment;
}

void Aggregate::Grow(uint64_t parent) {
  size_ = std::max<uint64_t>(parent + 1, size_ + size_ / 2);
  // Of nothing: what any value replaces.
  const bool doubles = value_type_.base == Base::kDouble;
  const int64_t none = op_ == Op::kMin && !doubles   ? std::numeric_limits<int64_t>::max()
                       : op_ == Op::kMax && !doubles ? std::numeric_limits<int64_t>::min()
                                                     : 0;
  if (!Counts(op_) && !Sums(op_)) found_.resize((size_ + 63) / 64);
  if (Counts(op_)) counts_.resize(size_);
  if (op_ != Op::kExists && op_ != Op::kCount) values_of_.resize(size_, none);
  if (wide_) sums_.resize(size_);
  if (op_ == Op::kFirst || op_ == Op::kLast) moments_.resize(size_);
}

bool Aggregate::Value(uint64_t parent, int64_t* value) const {
  const bool known = parent < size_;
  if (op_ == Op::kCount) {
    *value = known ? counts_[parent] : 0;
    return true;
  }
  if (!Sums(op_)) {
    if (!Exists(parent)) return false;
    *value = values_of_[parent];
    return true;
  }
  const uint32_t count = known && op_ == Op::kAvg ? counts_[parent] : 0;
  if (op_ == Op::kAvg && count == 0) return false;
  if (of_.type.base == Base::kDouble) {
    double result =
        known && value_type_.base == Base::kDouble ? std::bit_cast<double>(values_of_[parent]) : 0;
    if (op_ == Op::kAvg) {
      result = value_type_.base == Base::kDouble
                   ? result / count
                   : expr::MeanAsDouble(wide_ ? sums_[parent] : Wide{values_of_[parent]}, value_type_.scale,
                                        count);
    }
    *value = std::bit_cast<int64_t>(result);
    return expr::Finite(result, &result);
  }
  if (!known) {
    *value = 0;
    return true;
  }
  const Wide sum = wide_ ? sums_[parent] : Wide{values_of_[parent]};
  return op_ == Op::kSum ? Narrow(sum, value) : expr::Mean(sum, count, value);
}

bool Aggregate::Copy(uint64_t first, Block* out) const {
  if (op_ == Op::kAvg || wide_) return false;
  if (op_ == Op::kSum && value_type_.base == Base::kDouble) return false;  // which may be infinite
  const size_t known = first >= size_ ? 0 : std::min<uint64_t>(size_ - first, Block::kRecords);
  int64_t* values = out->values.data();
  std::fill(values + known, values + Block::kRecords, 0);
  if (known == 0) {
    // Past the last parent.
  } else if (op_ == Op::kCount) {
    std::copy_n(counts_.begin() + static_cast<std::ptrdiff_t>(first), known, values);
  } else {
    std::copy_n(values_of_.begin() + static_cast<std::ptrdiff_t>(first), known, values);
  }
  if (Counts(op_) || Sums(op_)) {
    out->present.fill(~uint64_t{0});
  } else {
    for (size_t i = 0; i < Block::kWords; ++i) out->present[i] = ExistsWord(first / 64 + i);
  }
  return true;
}

void Aggregate::Describe(int indent, std::string* out) const {
  AppendLine(indent, StrCat("related ", records_->type->type->name, ": ", expr::NameOf(op_)), out);
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

Status ExtremeTest::Filter(size_t chunk, bool wanted, Mask* mask) {
  RELATA_ASSIGN_OR_RETURN(const expr::Datum bound, evaluation_->Constant(bound_));
  if (!bound.present) {
    *mask = Mask();
    return absl::OkStatus();
  }
  RELATA_RETURN_IF_ERROR(beyond_->Prepare());
  const bool beyond = wanted == true_beyond_;
  for (size_t i = 0; i < kMaskWords; ++i) {
    const uint64_t found = beyond_->ExistsWord(FirstOf(chunk) / 64 + i);
    mask->words[i] &= beyond ? found : ~found;
  }
  if (beyond || !mask->any()) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(any_->Prepare());  // without any value it is null
  for (size_t i = 0; i < kMaskWords; ++i) mask->words[i] &= any_->ExistsWord(FirstOf(chunk) / 64 + i);
  return absl::OkStatus();
}

void ExtremeTest::Describe(int indent, std::string* out) const {
  AppendLine(indent, true_beyond_ ? "some beyond a bound" : "some, and none beyond a bound", out);
  beyond_->Describe(indent + 1, out);
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
