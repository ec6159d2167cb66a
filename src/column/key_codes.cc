// Numbers the values of grouping keys.
#include "src/column/key_codes.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

#include "src/expr/datum.h"

namespace relata::column {

namespace {

// Numbers further apart than this are hashed.
constexpr uint64_t kMostApart = uint64_t{1} << 24;

constexpr uint32_t kUnknown = std::numeric_limits<uint32_t>::max();

template <typename T>
void Widen(const T* from, uint32_t base, uint32_t* codes) {
  for (size_t i = 0; i < Block::kRecords; ++i) codes[i] = base + static_cast<uint32_t>(from[i]);
}

// The numbers or codes of a block, of which the least in the chunk becomes `base`.
void LoadFrom(const Chunk& chunk, size_t block, uint32_t base, uint32_t* codes) {
  const size_t first = block * Block::kRecords;
  switch (chunk.width()) {
    case 0:
      std::fill_n(codes, Block::kRecords, base);
      break;
    case 1:
      Widen(chunk.numbers<uint8_t>() + first, base, codes);
      break;
    case 2:
      Widen(chunk.numbers<uint16_t>() + first, base, codes);
      break;
    case 4:
      Widen(chunk.numbers<uint32_t>() + first, base, codes);
      break;
    default:
      Widen(chunk.numbers<uint64_t>() + first, base, codes);
      break;
  }
}

// Gives those of the words' records that hold no value the code of null.
void ClearNulls(const Mask& present, size_t block, const uint64_t* words, uint32_t* codes) {
  for (size_t i = 0; i < Block::kWords; ++i) {
    for (uint64_t word = words[i] & ~present.words[block * Block::kWords + i]; word != 0; word &= word - 1) {
      codes[i * 64 + static_cast<size_t>(std::countr_zero(word))] = 0;
    }
  }
}

}  // namespace

Status NumbersKey::Prepare() {
  bound_ = frame_->table->records() + 1;
  return absl::OkStatus();
}

Status NumbersKey::Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) {
  RELATA_RETURN_IF_ERROR(numbers_->Load(chunk, block, &block_));
  uint64_t last = 0;
  uint32_t last_code = 0;  // of `last`; 0: none yet
  ForEachBit(words, [&](size_t at) {
    if (!block_.Has(at)) {
      codes[at] = 0;
      return;
    }
    const uint64_t bits = expr::KeyBits(base_, expr::Datum::OfInt(block_.values[at]));
    if (last_code == 0 || bits != last) {
      const auto [found, fresh] = codes_.try_emplace(bits, static_cast<uint32_t>(values_.size() + 1));
      if (fresh) values_.push_back(bits);
      last = bits;
      last_code = found->second;
    }
    codes[at] = last_code;
  });
  return absl::OkStatus();
}

expr::Datum NumbersKey::Value(uint32_t code) const {
  return code == 0 ? expr::Datum::Absent() : expr::Datum::OfBits(values_[code - 1]);
}

Status FieldKey::Prepare() {
  int64_t greatest = std::numeric_limits<int64_t>::min();
  least_ = std::numeric_limits<int64_t>::max();
  for (const auto& chunk : frame_->table->column(slot_).chunks) {
    if (chunk == nullptr) continue;
    least_ = std::min(least_, chunk->least());
    greatest = std::max(greatest, chunk->greatest());
  }
  hashed_ = nullptr;
  bound_ = 1;
  if (least_ > greatest) return absl::OkStatus();
  const uint64_t apart = static_cast<uint64_t>(greatest) - static_cast<uint64_t>(least_);
  if (base_ == expr::Base::kDouble || apart >= kMostApart) {
    hashed_ = std::make_unique<NumbersKey>(frame_, base_, std::make_unique<FieldNumbers>(frame_, slot_));
    return hashed_->Prepare();
  }
  bound_ = apart + 2;
  return absl::OkStatus();
}

Status FieldKey::Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) {
  if (hashed_ != nullptr) return hashed_->Load(chunk, block, words, codes);
  const Chunk* values = frame_->chunk(slot_, chunk);
  if (values == nullptr) {
    std::fill_n(codes, Block::kRecords, 0);
    return absl::OkStatus();
  }
  const uint64_t base = static_cast<uint64_t>(values->least()) - static_cast<uint64_t>(least_) + 1;
  LoadFrom(*values, block, static_cast<uint32_t>(base), codes);
  ClearNulls(values->present(), block, words, codes);
  return absl::OkStatus();
}

expr::Datum FieldKey::Value(uint32_t code) const {
  if (hashed_ != nullptr) return hashed_->Value(code);
  if (code == 0) return expr::Datum::Absent();
  return expr::Datum::OfInt(least_ + static_cast<int64_t>(code) - 1);
}

Status TextKey::Prepare() {
  const Column& column = frame_->table->column(slot_);
  dictionary_ = column.dictionary.get();
  entries_ = dictionary_ == nullptr ? 0 : dictionary_->size();
  bound_ = uint64_t{entries_} + 1;
  for (const auto& chunk : column.chunks) {
    if (chunk != nullptr && chunk->form() == Chunk::Form::kBytes) bound_ += chunk->present().count();
  }
  others_.clear();
  texts_.clear();
  return absl::OkStatus();
}

uint32_t TextKey::CodeOf(std::string_view text) {
  const auto found = others_.find(text);
  if (found != others_.end()) return found->second;
  // Whoever brings columns up to date meanwhile may add entries: those are no codes here.
  const std::optional<uint32_t> known = dictionary_->Find(text);
  const bool in_dictionary = known && *known < entries_;
  const uint32_t code = in_dictionary ? *known + 1 : entries_ + 1 + static_cast<uint32_t>(texts_.size());
  if (!in_dictionary) texts_.push_back(text);
  others_.emplace(text, code);
  return code;
}

Status TextKey::Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) {
  const Chunk* values = frame_->chunk(slot_, chunk);
  if (values == nullptr) {
    std::fill_n(codes, Block::kRecords, 0);
    return absl::OkStatus();
  }
  if (values->form() == Chunk::Form::kCodes) {
    LoadFrom(*values, block, static_cast<uint32_t>(values->least()) + 1, codes);
    ClearNulls(values->present(), block, words, codes);
    return absl::OkStatus();
  }
  ForEachBit(words, [&](size_t at) {
    const size_t place = block * Block::kRecords + at;
    codes[at] = values->present().Has(place) ? CodeOf(values->Bytes(place)) : 0;
  });
  return absl::OkStatus();
}

expr::Datum TextKey::Value(uint32_t code) const {
  if (code == 0) return expr::Datum::Absent();
  return expr::Datum::OfBytes(code <= entries_ ? dictionary_->Text(code - 1) : texts_[code - 1 - entries_]);
}

StatusOr<uint32_t> OneFieldKey::CodeFor(uint32_t field_code) {
  RELATA_ASSIGN_OR_RETURN(const expr::Datum value, frame_->evaluation->OfOneField(step_, *frame_->type, slot_,
                                                                                  field_->Value(field_code)));
  if (!value.present) return 0;
  const expr::Base base = frame_->evaluation->step(step_).type.base;
  const uint64_t bits = expr::IsBytes(base) ? 0 : expr::KeyBits(base, value);
  const auto [found, fresh] = codes_.try_emplace(std::pair(bits, std::string(value.bytes)),
                                                 static_cast<uint32_t>(values_.size() + 1));
  if (fresh) values_.push_back({bits, std::string(value.bytes)});
  return found->second;
}

Status OneFieldKey::Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) {
  RELATA_RETURN_IF_ERROR(field_->Load(chunk, block, words, codes));
  Status status;
  ForEachBit(words, [&](size_t at) {
    const uint32_t code = codes[at];
    if (code >= of_field_.size()) of_field_.resize(size_t{code} + 1 + of_field_.size() / 2, kUnknown);
    if (of_field_[code] == kUnknown && status.ok()) {
      const StatusOr<uint32_t> own = CodeFor(code);
      if (own.ok()) of_field_[code] = *own;
      status = own.status();
    }
    codes[at] = of_field_[code];
  });
  return status;
}

expr::Datum OneFieldKey::Value(uint32_t code) const {
  if (code == 0) return expr::Datum::Absent();
  const Kept& kept = values_[code - 1];
  return expr::IsBytes(frame_->evaluation->step(step_).type.base) ? expr::Datum::OfBytes(kept.bytes)
                                                                  : expr::Datum::OfBits(kept.bits);
}

Status ReferredKey::Prepare() {
  RELATA_RETURN_IF_ERROR(key_->Prepare());
  const Table& table = *target_->table;
  by_id_.assign(table.chunks() * kChunkRecords, 0);
  uint32_t codes[Block::kRecords];
  for (size_t chunk = 0; chunk < table.chunks(); ++chunk) {
    if (table.presence[chunk] == nullptr) continue;
    for (size_t block = 0; block < kBlocks; ++block) {
      const uint64_t* words = table.presence[chunk]->words.data() + block * Block::kWords;
      RELATA_RETURN_IF_ERROR(key_->Load(chunk, block, words, codes));
      uint32_t* out = by_id_.data() + FirstOf(chunk) + block * Block::kRecords;
      ForEachBit(words, [&](size_t at) { out[at] = codes[at]; });
    }
  }
  return absl::OkStatus();
}

Status ReferredKey::Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) {
  const Chunk* references = frame_->chunk(slot_, chunk);
  if (references == nullptr) {
    std::fill_n(codes, Block::kRecords, 0);
    return absl::OkStatus();
  }
  references->Ints(block * Block::kRecords, Block::kRecords, block_.values.data());
  ForEachBit(words, [&](size_t at) {
    const auto id = static_cast<uint64_t>(block_.values[at]);
    codes[at] = id < by_id_.size() ? by_id_[id] : 0;
  });
  ClearNulls(references->present(), block, words, codes);
  return absl::OkStatus();
}

}  // namespace relata::column
