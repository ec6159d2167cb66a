// Defines KeyCodes, which gives each record a small number for the value of its grouping key, and the ways to
// come by one: a field whose values lie close together or in a dictionary, any function of one such field, a
// field of the record that a reference names, and whatever else is a number.
//
// Equal values have equal codes, and only those. Code 0 is null. Codes are dense as a rule, so that those of
// several keys can be joined into a place in an array.
//
// Thread safety: one thread. Lifetime: within the program's and the snapshot's; made when a program is taken
// apart (scan_compile.h), used once its frame has its table.
#ifndef RELATA_COLUMN_KEY_CODES_H_
#define RELATA_COLUMN_KEY_CODES_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/column/condition.h"
#include "src/column/numbers.h"

namespace relata::column {

class KeyCodes {
 public:
  virtual ~KeyCodes() = default;

  // Looks at the table, once it is there.
  virtual Status Prepare() = 0;
  // No code is as great. REQUIRES of this and what follows: Prepare() was OK.
  virtual uint64_t bound() const = 0;
  // The codes of the records of the block-th part of a chunk, Block::kRecords of them. Those of records that
  // `words` does not have are anything.
  virtual Status Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) = 0;
  // The value of a code that Load gave; its bytes live as long as this.
  virtual expr::Datum Value(uint32_t code) const = 0;
};
using KeyCodesPtr = std::unique_ptr<KeyCodes>;

// Any number, by hash.
class NumbersKey : public KeyCodes {
 public:
  NumbersKey(const Frame* frame, expr::Base base, NumbersPtr numbers)
      : frame_(frame), base_(base), numbers_(std::move(numbers)) {}
  Status Prepare() override;
  uint64_t bound() const override { return bound_; }
  Status Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) override;
  expr::Datum Value(uint32_t code) const override;

 private:
  const Frame* frame_;
  const expr::Base base_;
  NumbersPtr numbers_;
  uint64_t bound_ = 1;
  absl::flat_hash_map<uint64_t, uint32_t> codes_;
  std::vector<uint64_t> values_;  // of code i + 1
  Block block_;
};

// A field of numbers: its distance from the least, unless they lie far apart.
class FieldKey : public KeyCodes {
 public:
  FieldKey(const Frame* frame, FieldId slot, expr::Base base) : frame_(frame), slot_(slot), base_(base) {}
  Status Prepare() override;
  uint64_t bound() const override { return hashed_ == nullptr ? bound_ : hashed_->bound(); }
  Status Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) override;
  expr::Datum Value(uint32_t code) const override;

 private:
  const Frame* frame_;
  const FieldId slot_;
  const expr::Base base_;
  int64_t least_ = 0;
  uint64_t bound_ = 1;
  std::unique_ptr<NumbersKey> hashed_;
};

// A field of texts or sets: the code in its dictionary. Those of chunks without codes are looked up there, or
// else numbered behind them.
class TextKey : public KeyCodes {
 public:
  TextKey(const Frame* frame, FieldId slot) : frame_(frame), slot_(slot) {}
  Status Prepare() override;
  uint64_t bound() const override { return bound_; }
  Status Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) override;
  expr::Datum Value(uint32_t code) const override;

 private:
  uint32_t CodeOf(std::string_view text);

  const Frame* frame_;
  const FieldId slot_;
  const Dictionary* dictionary_ = nullptr;
  uint32_t entries_ = 0;  // of the dictionary, when this began
  uint64_t bound_ = 1;
  absl::flat_hash_map<std::string_view, uint32_t, TextHash> others_;
  std::vector<std::string_view> texts_;  // of code entries_ + 1 + i; the chunks hold their bytes
};

// What a step makes of one field: computed once for each value of it.
class OneFieldKey : public KeyCodes {
 public:
  OneFieldKey(const Frame* frame, FieldId slot, expr::StepIndex step, KeyCodesPtr field)
      : frame_(frame), slot_(slot), step_(step), field_(std::move(field)) {}
  Status Prepare() override { return field_->Prepare(); }
  uint64_t bound() const override { return field_->bound() + 1; }  // at most a value for each, and null
  Status Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) override;
  expr::Datum Value(uint32_t code) const override;

 private:
  StatusOr<uint32_t> CodeFor(uint32_t field_code);

  const Frame* frame_;
  const FieldId slot_;
  const expr::StepIndex step_;
  KeyCodesPtr field_;
  std::vector<uint32_t> of_field_;  // by the field's code; kUnknown before it is met
  // By the value's bits and bytes, which is one of the two.
  absl::flat_hash_map<std::pair<uint64_t, std::string>, uint32_t> codes_;
  struct Kept {
    uint64_t bits;
    std::string bytes;
  };
  std::deque<Kept> values_;  // of code i + 1; they stay where they are
};

// The key of the record that a reference names, computed for all of those first.
class ReferredKey : public KeyCodes {
 public:
  ReferredKey(const Frame* frame, FieldId slot, const Frame* target, KeyCodesPtr key)
      : frame_(frame), slot_(slot), target_(target), key_(std::move(key)) {}
  Status Prepare() override;
  uint64_t bound() const override { return key_->bound(); }
  Status Load(size_t chunk, size_t block, const uint64_t* words, uint32_t* codes) override;
  expr::Datum Value(uint32_t code) const override { return key_->Value(code); }

 private:
  const Frame* frame_;
  const FieldId slot_;
  const Frame* target_;
  KeyCodesPtr key_;
  std::vector<uint32_t> by_id_;
  Block block_;
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_KEY_CODES_H_
