// Defines RowChunk, the rows that one commit takes in, kept until it has succeeded.
//
// A commit may have to be done again (the store grew), and a rejected row is written to the rejects file only
// after it: so the rows outlive the reader's buffer. Thread safety: one thread at a time. Lifetime: rows and
// their views until the next Clear; all rows are added before any is looked at. Cost: one copy of each row's
// fields, and of the row as it stood in the file.
#ifndef RELATA_EXCHANGE_ROW_CHUNK_H_
#define RELATA_EXCHANGE_ROW_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/exchange/csv_row.h"

namespace relata::exchange {

class RowChunk {
  struct Piece {
    size_t begin = 0;
    size_t length = 0;
  };
  struct Place {
    size_t first_field = 0;
    size_t field_count = 0;
    uint64_t number = 0;
    uint64_t line = 0;
    Piece raw;
    Piece problem;
  };

 public:
  // One row, as CsvRow.
  class Row {
   public:
    std::string_view operator[](size_t column) const {
      if (column >= place_->field_count) return {};
      const Piece& piece = chunk_->fields_[place_->first_field + column];
      return std::string_view(chunk_->text_).substr(piece.begin, piece.length);
    }
    std::string_view raw() const {
      return std::string_view(chunk_->text_).substr(place_->raw.begin, place_->raw.length);
    }
    std::string_view problem() const {
      return std::string_view(chunk_->text_).substr(place_->problem.begin, place_->problem.length);
    }
    uint64_t number() const { return place_->number; }
    uint64_t line() const { return place_->line; }

   private:
    friend class RowChunk;
    Row(const RowChunk* chunk, size_t row) : chunk_(chunk), place_(&chunk->rows_[row]) {}
    const RowChunk* chunk_;
    const Place* place_;
  };

  void Clear() {
    text_.clear();
    fields_.clear();
    rows_.clear();
  }
  void Add(const CsvRow& row) {
    rows_.push_back({.first_field = fields_.size(),
                     .field_count = row.size(),
                     .number = row.number(),
                     .line = row.line(),
                     .raw = Keep(row.raw()),
                     .problem = Keep(row.problem())});
    for (size_t i = 0; i < row.size(); ++i) fields_.push_back(Keep(row[i]));
  }
  size_t size() const { return rows_.size(); }
  Row operator[](size_t row) const { return Row(this, row); }

 private:
  Piece Keep(std::string_view text) {
    text_.append(text);
    return {text_.size() - text.size(), text.size()};
  }

  std::string text_;
  std::vector<Piece> fields_;
  std::vector<Place> rows_;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_ROW_CHUNK_H_
