// Looks up, for each record, the number of the record it refers to.
#include "src/column/referred.h"

#include <algorithm>
#include <bit>

#include "relata/base/strings.h"

namespace relata::column {

Status ReferredNumbers::Prepare() {
  prepared_ = true;
  const Table& table = *target_->table;
  values_.resize(table.chunks() * kChunkRecords);
  present_.resize(table.chunks() * kMaskWords);
  bool any = false;
  for (size_t chunk = 0; chunk < table.chunks(); ++chunk) {
    if (table.presence[chunk] == nullptr) continue;
    for (size_t block = 0; block < kBlocks; ++block) {
      RELATA_RETURN_IF_ERROR(numbers_->Load(chunk, block, &block_));
      const size_t first = FirstOf(chunk) + block * Block::kRecords;
      std::copy(block_.values.begin(), block_.values.end(),
                values_.begin() + static_cast<std::ptrdiff_t>(first));
      for (size_t i = 0; i < Block::kWords; ++i) {
        const uint64_t present = block_.present[i] & table.presence[chunk]->words[block * Block::kWords + i];
        present_[first / 64 + i] = present;
        any |= present != 0;
      }
    }
  }
  if (!any) {
    values_.clear();
    present_.clear();
  }
  return absl::OkStatus();
}

Status ReferredNumbers::Load(size_t chunk, size_t block, Block* out) {
  const Chunk* references = frame_->chunk(slot_, chunk);
  if (references != nullptr && !prepared_) RELATA_RETURN_IF_ERROR(Prepare());
  out->present.fill(0);
  if (references == nullptr || values_.empty()) return absl::OkStatus();
  references->Ints(block * Block::kRecords, Block::kRecords, out->values.data());
  for (size_t i = 0; i < Block::kWords; ++i) {
    uint64_t present = 0;
    for (uint64_t word = references->present().words[block * Block::kWords + i]; word != 0;
         word &= word - 1) {
      const auto bit = static_cast<size_t>(std::countr_zero(word));
      int64_t& value = out->values[i * 64 + bit];
      const auto id = static_cast<uint64_t>(value);
      if (id >= values_.size()) continue;
      value = values_[id];
      present |= (present_[id / 64] >> (id % 64) & 1) << bit;
    }
    out->present[i] = present;
  }
  return absl::OkStatus();
}

void ReferredNumbers::Describe(int indent, std::string* out) const {
  AppendLine(indent, StrCat("through ", frame_->type->type->fields[slot_].name), out);
  numbers_->Describe(indent + 1, out);
}

}  // namespace relata::column
