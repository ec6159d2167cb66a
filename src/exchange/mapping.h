// Defines Mapping, an import mapping as it was read: names are still those of its text, not yet those of a
// store or a file.
//
//   Mapping            sources, a currency, and files
//     FileSpec         which files these are, how they are written, and the records each row makes
//       RecordSpec     an entity, the key by which the source knows it, and its fields
//         ValueSpec    where one value comes from and how it is read
//
// What each key of the JSON means is told in examples/MAPPING.md. Every spec remembers its place in the
// document ("files[2].records[0].fields.name") for messages that come later, when it meets a store or a
// file. Thread safety: plain values; a Mapping is immutable once made.
#ifndef RELATA_EXCHANGE_MAPPING_H_
#define RELATA_EXCHANGE_MAPPING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relata/base/decimal.h"
#include "relata/base/money.h"
#include "relata/base/status.h"
#include "src/exchange/csv_reader.h"
#include "src/exchange/read_date.h"
#include "src/exchange/read_number.h"
#include "src/exchange/read_value.h"

namespace relata::exchange {

// How one value of several rows is made, where they make one record.
enum class Aggregate : uint8_t { kNone, kFirst, kLast, kSum, kMin, kMax, kCount };

// A part of a person's name, taken from the whole.
enum class NamePart : uint8_t { kNone, kSalutation, kInitials, kFirst, kParticle, kLast };

// A piece of a template: text as it stands, then a column.
struct TemplatePiece {
  std::string text;
  std::string column;  // empty: no column follows
};

struct ValueSpec {
  enum class Kind : uint8_t {
    kColumn,     // columns[0]
    kJoin,       // columns, those that are not empty, with `text` between
    kTemplate,   // pieces; empty where all its columns are
    kConstant,   // text
    kMultiply,   // parts, each a number; rounded once
    kPosition,   // which row this is of those that make the record `target`, from 1
    kCopy,       // field `text` of the record that this record's reference field `target` names
    kReference,  // parts, each with target and key; one, or for a set all
    kPoint,      // parts: latitude, longitude
  };
  Kind kind = Kind::kColumn;
  std::vector<std::string> columns;
  std::vector<TemplatePiece> pieces;
  std::string text;
  std::string target;            // name of a RecordSpec, or a field (kCopy)
  std::vector<ValueSpec> parts;  // factors, alternatives, coordinates
  std::vector<ValueSpec> key;    // of a reference; empty: the record this row makes
  bool reject_unknown = true;    // a reference to no record; else left empty

  bool optional = false;  // the file may lack the column
  bool trim = true;
  bool escapes = false;  // a backslash and n make a line end
  bool id = false;       // 12680.0 is 12680
  NamePart name_part = NamePart::kNone;
  std::vector<std::string> empties;     // texts that mean nothing: "NULL"
  std::optional<std::string> fallback;  // in place of nothing
  std::optional<ValueMap> map;
  std::string lookup;                // name of a TableSpec in which the text is the key
  std::optional<std::string> split;  // separator of a set's elements
  NumberRule number;
  std::optional<Decimal> factor;
  bool one_minus = false;  // 1 - the number
  std::optional<DatePattern> date;
  int64_t unit_micros = 0;  // of a duration given as a number
  Aggregate aggregate = Aggregate::kNone;

  std::string place;
};

// A row counts where the column is empty, or not empty, or one of, or none of some texts.
struct Condition {
  enum class Kind : uint8_t { kFilled, kEmpty, kIs, kIsNot };
  Kind kind = Kind::kFilled;
  std::string column;
  std::vector<std::string> texts;
  std::string place;
};

// What a key that comes again in its file means.
enum class Repeats : uint8_t {
  kReject,  // a mistake, unless the rows say the same
  kFirst,   // one record, made by the first of them
  kNumber,  // a record each; their number among the equal becomes part of the key
};

struct RecordSpec {
  std::string name;    // how others refer to it; the entity's unless given
  std::string entity;  // "relation"
  bool update_only = false;
  Repeats repeats = Repeats::kReject;
  std::string prefix;  // before the code, where two kinds of one entity have overlapping codes
  std::vector<ValueSpec> key;
  std::vector<Condition> when;
  std::string match;  // a unique field by which a record without external key is found
  // A reference to the record that this key is another name of: it is only updated, and gets the key.
  std::optional<ValueSpec> same_as;
  std::vector<std::pair<std::string, ValueSpec>> fields;
  std::string place;

  bool inserts() const { return !update_only && !same_as; }
  bool aggregates() const {
    for (const auto& [name, value] : fields) {
      if (value.aggregate != Aggregate::kNone) return true;
    }
    return false;
  }
};

// A file of keys and values, looked up by others, of which nothing is stored.
struct TableSpec {
  std::string name;
  ValueSpec key;
  ValueSpec value;
};

struct FileSpec {
  std::vector<std::string> patterns;  // of file names, as a shell has them
  std::string source;                 // code
  CsvOptions csv;
  std::vector<std::string> columns;  // where the file has no header
  std::optional<Currency> currency;
  std::vector<RecordSpec> records;
  std::optional<TableSpec> table;  // instead of records
  std::string place;
};

// An information source, and what the mapping says of it; the rest is left as the store has it.
struct SourceSpec {
  std::string code;
  std::vector<std::pair<std::string, std::string>> texts;  // field and value
  std::optional<bool> records_payments;
};

struct Mapping {
  std::string name;  // of the file it was read from
  std::optional<Currency> currency;
  std::vector<SourceSpec> sources;
  std::vector<FileSpec> files;
};

// Reads a mapping from JSON. InvalidArgument as ImportMapping::Load tells.
StatusOr<Mapping> ParseMapping(std::string_view json, std::string_view name);

// The record so named, and the file it is made from; the one that inserts, where others only update.
struct RecordPlace {
  const FileSpec* file = nullptr;
  const RecordSpec* record = nullptr;
};
RecordPlace FindRecord(const Mapping& mapping, std::string_view name);

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_MAPPING_H_
