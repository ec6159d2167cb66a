// Adds values to the groups of their records.
#include "src/column/totals.h"

#include <bit>
#include <limits>

#include "src/expr/datum.h"

namespace relata::column {

using expr::Base;
using expr::Op;

std::optional<Totals> Totals::Make(const GroupTerm& term, const store::Snapshot* at) {
  Totals totals(term);
  if (term.of == nullptr) return totals;
  totals.evaluation_ =
      at == nullptr ? std::make_unique<Evaluation>(*term.of) : std::make_unique<Evaluation>(*term.of, *at);
  const Base base = term.of->type().base;
  totals.doubles_ = base == Base::kDouble;
  // Texts are counted by their codes, which tell null from the rest.
  const bool by_code = term.op == Op::kCountDistinct || (term.op == Op::kCount && expr::IsBytes(base));
  std::optional<Parts> parts =
      by_code ? TakeApartKey(totals.evaluation_.get()) : TakeApartNumbers(totals.evaluation_.get());
  if (!parts) return std::nullopt;
  totals.parts_ = *std::move(parts);
  if (!by_code) totals.block_ = std::make_unique<Block>();
  return totals;
}

Status Totals::Prepare() { return parts_.key == nullptr ? absl::OkStatus() : parts_.key->Prepare(); }

void Totals::Grow(size_t groups) {
  if (op_ != Op::kSum) counts_.resize(groups);
  if (sums() && doubles_) {
    doubles_of_.resize(groups);
  } else if (widened_) {
    wide_.resize(groups);
  } else if (op_ != Op::kCount && op_ != Op::kCountDistinct) {
    values_.resize(groups);
  }
}

void Totals::BeginChunk(size_t chunk, uint64_t records) {
  if (!sums() || doubles_ || widened_) return;
  reach_ += UnsignedWide{parts_.numbers->Reach(chunk)} * records;
  if (reach_ <= UnsignedWide{std::numeric_limits<int64_t>::max()}) return;
  widened_ = true;
  wide_.assign(values_.begin(), values_.end());
  values_.clear();
}

Status Totals::Add(size_t chunk, size_t block, const uint64_t* words, const uint32_t* groups) {
  if (parts_.key != nullptr) return AddDistinct(chunk, block, words, groups);
  if (parts_.numbers == nullptr) {
    uint64_t* counts = counts_.data();
    ForEachBit(words, [=](size_t at) { ++counts[groups[at]]; });
    return absl::OkStatus();
  }
  RELATA_RETURN_IF_ERROR(parts_.numbers->Load(chunk, block, block_.get()));
  uint64_t known[Block::kWords];
  for (size_t i = 0; i < Block::kWords; ++i) known[i] = words[i] & block_->present[i];
  switch (op_) {
    case Op::kMin:
      if (doubles_) {
        AddExtremes(known, groups,
                    [](int64_t a, int64_t b) { return std::bit_cast<double>(a) < std::bit_cast<double>(b); });
      } else {
        AddExtremes(known, groups, [](int64_t a, int64_t b) { return a < b; });
      }
      break;
    case Op::kMax:
      if (doubles_) {
        AddExtremes(known, groups,
                    [](int64_t a, int64_t b) { return std::bit_cast<double>(a) > std::bit_cast<double>(b); });
      } else {
        AddExtremes(known, groups, [](int64_t a, int64_t b) { return a > b; });
      }
      break;
    default:
      if (op_ != Op::kSum) ForEachBit(known, [&](size_t at) { ++counts_[groups[at]]; });
      if (op_ != Op::kCount) AddSums(known, groups);
      break;
  }
  return absl::OkStatus();
}

Status Totals::AddDistinct(size_t chunk, size_t block, const uint64_t* words, const uint32_t* groups) {
  uint32_t codes[Block::kRecords];
  RELATA_RETURN_IF_ERROR(parts_.key->Load(chunk, block, words, codes));
  const bool all = op_ == Op::kCount;
  ForEachBit(words, [&](size_t at) {
    if (codes[at] == 0) return;
    if (all || seen_.insert(uint64_t{groups[at]} << 32 | codes[at]).second) ++counts_[groups[at]];
  });
  return absl::OkStatus();
}

void Totals::AddSums(const uint64_t* words, const uint32_t* groups) {
  const int64_t* values = block_->values.data();
  if (doubles_) {
    ForEachBit(words, [&](size_t at) { doubles_of_[groups[at]] += std::bit_cast<double>(values[at]); });
  } else if (widened_) {
    ForEachBit(words, [&](size_t at) { wide_[groups[at]] += values[at]; });
  } else {
    int64_t* sums = values_.data();
    ForEachBit(words, [=](size_t at) { sums[groups[at]] += values[at]; });
  }
}

template <typename Better>
void Totals::AddExtremes(const uint64_t* words, const uint32_t* groups, const Better& better) {
  const int64_t* values = block_->values.data();
  ForEachBit(words, [&](size_t at) {
    const uint32_t group = groups[at];
    if (counts_[group] == 0 || better(values[at], values_[group])) values_[group] = values[at];
    counts_[group] = 1;
  });
}

GroupTotal Totals::Of(size_t group) const {
  GroupTotal total;
  if (!counts_.empty()) total.count = counts_[group];
  if (op_ == Op::kMin || op_ == Op::kMax) {
    total.extreme = static_cast<uint64_t>(values_[group]);
  } else if (sums() && doubles_) {
    total.double_sum = doubles_of_[group];
  } else if (sums()) {
    total.sum = !widened_ ? Wide{values_[group]} : wide_[group];
  }
  return total;
}

uint64_t Totals::bytes() const {
  return counts_.size() * sizeof(uint64_t) + values_.size() * sizeof(int64_t) + wide_.size() * sizeof(Wide) +
         doubles_of_.size() * sizeof(double) + seen_.capacity() * (sizeof(uint64_t) + 1);
}

}  // namespace relata::column
