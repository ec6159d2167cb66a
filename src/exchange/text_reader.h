// Defines TextReader, which gets the text of one value out of a row as its mapping says, and Columns, the
// columns of the file at hand.
//
// Thread safety: const calls from any thread. Lifetime: the ValueSpec must outlive it.
#ifndef RELATA_EXCHANGE_TEXT_READER_H_
#define RELATA_EXCHANGE_TEXT_READER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/base/status.h"
#include "src/exchange/mapping.h"
#include "src/exchange/row_chunk.h"

namespace relata::exchange {

// Why a row is not taken, as the rejects file has it.
struct RowProblem {
  std::string column;
  std::string value;
  std::string reason;
};

// Files of keys and values that were read before, by name.
using Table = absl::flat_hash_map<std::string, std::string>;
using Tables = absl::flat_hash_map<std::string, Table>;

// The columns of a file, by name, and the tables at hand beside it.
class Columns {
 public:
  Columns(std::string_view file, std::vector<std::string> names, const Tables& tables)
      : file_(file), names_(std::move(names)), tables_(&tables) {}

  // The column's place; kNone if it is not there and need not be. InvalidArgument names the nearest.
  static constexpr size_t kNone = static_cast<size_t>(-1);
  StatusOr<size_t> Find(std::string_view name, bool optional, std::string_view place) const;
  // InvalidArgument where the table's file was not given.
  StatusOr<const Table*> FindTable(std::string_view name, std::string_view place) const;

 private:
  std::string file_;
  std::vector<std::string> names_;
  const Tables* tables_;
};

class TextReader {
 public:
  // REQUIRES: a spec of kind column, join, template or constant.
  static StatusOr<TextReader> Bind(const ValueSpec& spec, const Columns& columns);

  // The text, empty where there is none; false where it cannot be read. It lives as long as the row, the spec
  // and `scratch`.
  bool Read(const RowChunk::Row& row, std::string* scratch, std::string_view* text,
            RowProblem* problem) const;
  // Says that this text of this value is at fault. Returns false.
  bool Fault(std::string_view text, std::string_view reason, RowProblem* problem) const;
  bool Fault(std::string_view text, const Status& status, RowProblem* problem) const;

  const ValueSpec& spec() const { return *spec_; }
  std::string_view column() const { return column_; }

 private:
  std::string_view Gather(const RowChunk::Row& row, std::string* scratch) const;

  const ValueSpec* spec_ = nullptr;
  std::vector<size_t> columns_;
  const Table* table_ = nullptr;
  std::string column_;  // for messages
  bool plain_ = false;  // one column, with nothing to be done but trim
};

// Whether a row meets a condition.
class ConditionReader {
 public:
  static StatusOr<ConditionReader> Bind(const Condition& condition, const Columns& columns);
  bool Holds(const RowChunk::Row& row) const;

 private:
  const Condition* condition_ = nullptr;
  size_t column_ = 0;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_TEXT_READER_H_
