// Defines Chunk, one field of kChunkRecords neighbouring records in memory, and ChunkBuilder, which makes
// one.
//
// A chunk has one of three forms:
//   kInts    what rows hold in `bits` (integers, amounts, dates, enums, references, doubles as their bits):
//   the
//            distance from the least one, in as few bytes as the greatest distance needs; none if all are
//            equal
//   kCodes   variable values (texts, sets) as codes in the column's dictionary, held as kInts holds integers
//   kBytes   variable values that hardly recur, one behind the other
// Values are those of Datum (expr/program.h): absent means null; the zero of a field that cannot be null is a
// value. A null's place in the numbers holds anything.
//
// Thread safety: a chunk is immutable. A builder belongs to one thread.
// Lifetime: a chunk shares its dictionary. A builder's texts are views: they live until Finish.
#ifndef RELATA_COLUMN_CHUNK_H_
#define RELATA_COLUMN_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/schema/cell.h"
#include "src/column/dictionary.h"
#include "src/column/mask.h"

namespace relata::column {

class Chunk {
 public:
  enum class Form : uint8_t { kInts, kCodes, kBytes };

  Form form() const { return form_; }
  // Records that exist and hold a value.
  const Mask& present() const { return present_; }

  // The zone: the least and greatest number or code held. REQUIRES: not kBytes. Least above greatest where no
  // record holds a value.
  int64_t least() const { return least_; }
  int64_t greatest() const { return greatest_; }
  // 0, 1, 2, 4 or 8 bytes a number; the numbers less `least`, kChunkRecords of them. Null where width is 0.
  int width() const { return width_; }
  template <typename T>
  const T* numbers() const {
    return reinterpret_cast<const T*>(data_.get());
  }

  // One record's number, or code. REQUIRES: not kBytes, present().Has(at).
  int64_t Int(size_t at) const {
    const auto base = static_cast<uint64_t>(least_);
    switch (width_) {
      case 0:
        return least_;
      case 1:
        return static_cast<int64_t>(base + numbers<uint8_t>()[at]);
      case 2:
        return static_cast<int64_t>(base + numbers<uint16_t>()[at]);
      case 4:
        return static_cast<int64_t>(base + numbers<uint32_t>()[at]);
      default:
        return static_cast<int64_t>(base + numbers<uint64_t>()[at]);
    }
  }
  // One record's bytes. REQUIRES: not kInts, present().Has(at).
  std::string_view Bytes(size_t at) const {
    if (form_ == Form::kCodes) return dictionary_->Text(static_cast<uint32_t>(Int(at)));
    const auto* ends = numbers<uint32_t>();
    const uint32_t from = at == 0 ? 0 : ends[at - 1];
    return {reinterpret_cast<const char*>(ends + kChunkRecords) + from, ends[at] - from};
  }
  // Of any form, absent where null.
  Cell Get(size_t at) const {
    if (!present_.Has(at)) return Cell::Absent();
    return form_ == Form::kInts ? Cell::OfInt(Int(at)) : Cell::OfBytes(Bytes(at));
  }
  // The numbers or codes of `count` places from `from`; those of nulls are anything. REQUIRES: not kBytes.
  void Ints(size_t from, size_t count, int64_t* out) const;

  const Dictionary* dictionary() const { return dictionary_.get(); }  // of kCodes
  size_t bytes() const { return sizeof(Chunk) + data_bytes_; }

 private:
  friend class ChunkBuilder;
  Chunk() = default;

  struct Free {
    void operator()(char* data) const;
  };

  Form form_ = Form::kInts;
  int width_ = 0;
  int64_t least_ = 1;
  int64_t greatest_ = 0;
  std::unique_ptr<char, Free> data_;
  size_t data_bytes_ = 0;
  std::shared_ptr<const Dictionary> dictionary_;
  Mask present_;
};

class ChunkBuilder {
 public:
  // Of a fixed field, or with the dictionary of a variable one.
  explicit ChunkBuilder(std::shared_ptr<Dictionary> dictionary = nullptr);

  // Begins with these values, all of which may be replaced. nullptr: with none.
  void Start(const Chunk* from);
  // Absent: null, or the record is gone.
  void Set(size_t at, const Cell& cell);
  // The chunk; nullptr if no record holds a value. Unavailable if texts would take more than 4 GiB.
  StatusOr<std::shared_ptr<const Chunk>> Finish();

 private:
  std::shared_ptr<const Chunk> Numbers(Chunk::Form form);
  StatusOr<std::shared_ptr<const Chunk>> Plain();
  bool ToCodes();

  std::shared_ptr<Dictionary> dictionary_;
  Mask present_;
  std::vector<int64_t> ints_;
  std::vector<std::string_view> texts_;
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_CHUNK_H_
