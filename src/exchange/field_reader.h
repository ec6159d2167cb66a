// Defines FieldReader, which makes the cell of one field from a row, and KeyReader, which makes a record's
// code.
//
// Thread safety: one thread at a time. Lifetime: within the mapping's, and that of the schema it was bound
// to.
#ifndef RELATA_EXCHANGE_FIELD_READER_H_
#define RELATA_EXCHANGE_FIELD_READER_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/record/struct_binding.h"
#include "relata/schema/entity.h"
#include "src/exchange/external_keys.h"
#include "src/exchange/text_reader.h"

namespace relata::exchange {

// Makes the code by which the source knows a record.
class KeyReader {
 public:
  static StatusOr<KeyReader> Bind(const std::vector<ValueSpec>& parts, const Columns& columns);

  // The code, behind the prefix if that is not empty; false where a part is missing or cannot be read.
  // `*empty`, where given, is set instead of failing where all parts are empty.
  bool Read(const RowChunk::Row& row, std::string_view prefix, std::string* code, bool* empty,
            RowProblem* problem);
  const std::string& column() const { return column_; }
  size_t parts() const { return parts_.size(); }

 private:
  std::vector<TextReader> parts_;
  std::string column_;
  std::string scratch_;
};

// A reference to a record further down in the same file.
struct LaterReference {
  FieldId slot = 0;
  KeySpace* space = nullptr;
  std::string code;
};

// What reading a row has at hand.
struct ReadContext {
  store::Transaction* tx = nullptr;
  ExternalKeys* keys = nullptr;
  const TimeZone* zone = nullptr;
  Currency currency;  // of amounts of the record at hand
  // By place among the file's records: the record that this row made or found, 0 where none; and how many
  // rows made it. Known only while writing.
  std::vector<RecordId>* made = nullptr;
  const std::vector<uint64_t>* positions = nullptr;
  bool writing = false;
  std::vector<LaterReference>* later = nullptr;
  CellBuffer* cells = nullptr;
  RowProblem* problem = nullptr;
  Status failure;  // of the store itself
};

// The records of the file at hand and their keys, for binding references.
struct BindContext {
  const Columns* columns = nullptr;
  const store::SchemaRuntime* schema = nullptr;
  const FileSpec* file = nullptr;
  std::function<StatusOr<KeySpace*>(std::string_view record)> space_of;
  // The hashes of all codes of a record that this file makes, where it refers to its own records.
  std::function<const absl::flat_hash_set<uint64_t>*(std::string_view record)> codes_of;
};

class FieldReader {
 public:
  // InvalidArgument where the value cannot feed such a field.
  static StatusOr<FieldReader> Bind(const ValueSpec& spec, const store::TypeRuntime& type, const Field& field,
                                    const BindContext& context);

  // Makes the cell; its bytes live as long as the row and the context's `cells`. False where the value is at
  // fault (problem) or the store failed (failure).
  bool Read(const RowChunk::Row& row, ReadContext* context, Cell* cell);

  // Says that the field cannot hold what this row has for it. Returns false.
  bool Refuse(const RowChunk::Row& row, const Status& status, RowProblem* problem);

  // Refers to a record of the same row, so it is known only while writing.
  bool late() const { return late_; }
  const Field& field() const { return *field_; }
  const ValueSpec& spec() const { return *spec_; }
  FieldId slot() const { return field_->id; }

 private:
  struct Target {
    KeySpace* space = nullptr;
    KeyReader key;
    size_t made = 0;  // with no key: place among the file's records
    bool same_row = false;
    const absl::flat_hash_set<uint64_t>* codes = nullptr;
    const ValueSpec* spec = nullptr;
  };

  Status BindReference(const BindContext& context);
  Status BindCopy(const store::TypeRuntime& type, const BindContext& context);
  bool ReadText(const RowChunk::Row& row, ReadContext* context, Cell* cell);
  bool ReadFixed(std::string_view text, ReadContext* context, Cell* cell);
  bool ReadSet(std::string_view text, ReadContext* context, Cell* cell);
  bool ReadReferences(const RowChunk::Row& row, ReadContext* context, Cell* cell);
  bool Resolve(Target* target, std::string_view code, ReadContext* context, RecordId* id);
  bool ReadProduct(const RowChunk::Row& row, ReadContext* context, Cell* cell);
  bool ReadCopy(ReadContext* context, Cell* cell);
  bool ReadPoint(const RowChunk::Row& row, ReadContext* context, Cell* cell);
  bool ReadFactor(const TextReader& reader, const RowChunk::Row& row, Decimal* number, bool* empty,
                  RowProblem* problem);
  bool Empty(ReadContext* context, Cell* cell) const;
  uint8_t Digits(const ReadContext& context) const;
  Cell Whole(int64_t bits) const;
  std::string_view column() const;

  const ValueSpec* spec_ = nullptr;
  const Field* field_ = nullptr;
  std::string entity_;
  NumberRule rule_;
  TextReader text_;
  std::vector<TextReader> parts_;  // factors, coordinates
  std::vector<Target> targets_;
  bool late_ = false;
  size_t position_of_ = 0;
  const store::TypeRuntime* copied_type_ = nullptr;
  const Field* copied_field_ = nullptr;
  FieldId copied_through_ = 0;
  std::string scratch_;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_FIELD_READER_H_
