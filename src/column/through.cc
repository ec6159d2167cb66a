// Looks up, for each record, what was found out about the record it refers to.
#include "src/column/through.h"

#include <algorithm>

#include "relata/base/strings.h"

namespace relata::column {

Status ThroughReference::Prepare(bool wanted) {
  std::vector<uint64_t>& bits = bits_[wanted ? 1 : 0];
  if (!bits.empty()) return absl::OkStatus();
  const Table& table = *target_->table;
  bits.assign(std::max<size_t>(table.chunks(), 1) * kMaskWords, 0);
  for (size_t chunk = 0; chunk < table.chunks(); ++chunk) {
    if (table.presence[chunk] == nullptr) continue;
    Mask mask = *table.presence[chunk];
    RELATA_RETURN_IF_ERROR(condition_->Filter(chunk, wanted, &mask));
    std::copy(mask.words.begin(), mask.words.end(),
              bits.begin() + static_cast<std::ptrdiff_t>(chunk * kMaskWords));
  }
  return absl::OkStatus();
}

Status ThroughReference::Filter(size_t chunk, bool wanted, Mask* mask) {
  const Chunk* references = frame_->chunk(slot_, chunk);
  Mask none = *mask;
  if (references != nullptr) none -= references->present();
  if (none.any()) {
    if (!of_none_) {
      RELATA_ASSIGN_OR_RETURN(of_none_,
                              frame_->evaluation->OfOneField(step_, *frame_->type, slot_, Cell::Absent()));
    }
    if (!of_none_->present || (of_none_->bits != 0) != wanted) {
      *mask -= none;
      none = Mask();
    }
  }
  if (references == nullptr) return absl::OkStatus();
  *mask &= references->present();
  if (mask->any()) {
    RELATA_RETURN_IF_ERROR(Prepare(wanted));
    const std::vector<uint64_t>& bits = bits_[wanted ? 1 : 0];
    const uint64_t known = bits.size() * 64;
    for (size_t block = 0; block < kBlocks; ++block) {
      uint64_t* words = mask->words.data() + block * Block::kWords;
      if (std::all_of(words, words + Block::kWords, [](uint64_t word) { return word == 0; })) continue;
      references->Ints(block * Block::kRecords, Block::kRecords, block_.values.data());
      for (size_t i = 0; i < Block::kWords; ++i) {
        uint64_t kept = 0;
        for (uint64_t word = words[i]; word != 0; word &= word - 1) {
          const auto bit = static_cast<size_t>(std::countr_zero(word));
          const auto id = static_cast<uint64_t>(block_.values[i * 64 + bit]);
          if (id < known) kept |= (bits[id / 64] >> (id % 64) & 1) << bit;
        }
        words[i] = kept;
      }
    }
  }
  *mask |= none;
  return absl::OkStatus();
}

void ThroughReference::Describe(int indent, std::string* out) const {
  AppendLine(indent, StrCat("through ", frame_->type->type->fields[slot_].name), out);
  condition_->Describe(indent + 1, out);
}

}  // namespace relata::column
