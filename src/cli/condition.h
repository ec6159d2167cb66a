// Defines Condition, one of the conditions of `relata find`, and RecordFilter, which finds the records that
// meet all of them.
//
//   name=jansen*             begins with jansen, whatever its case and accents
//   visiting.city==Utrecht   exactly so
//   credit_limit=            holds nothing
//   credit_limit=500         an amount, number, date or label as the schema has it; sets: one of the elements
//   relation=100000-7        refers to this relation (relation_lookup.h); #17 is a record by its id
//
// An index that begins with one of the fields, and compares texts as the condition does, leads to the
// records; else all are looked at. This is where a query in the expression language takes over.
// Thread safety: one thread, as the reader. Lifetime: within the reader's.
#ifndef RELATA_CLI_CONDITION_H_
#define RELATA_CLI_CONDITION_H_

#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/engine/reader.h"
#include "relata/record/row_view.h"
#include "src/store/reader.h"

namespace relata::cli {

struct Condition {
  std::string field;
  std::string text;
  bool exact = false;   // texts: as they stand
  bool prefix = false;  // texts: begins with
};

// InvalidArgument shows the forms.
StatusOr<Condition> ParseCondition(std::string_view text);

class RecordFilter {
 public:
  // NotFound names the nearest field; InvalidArgument for a value that the field cannot have.
  static StatusOr<RecordFilter> Make(const Reader& reader, const store::TypeRuntime& type,
                                     const std::vector<Condition>& conditions);

  bool Matches(const RowView& row) const;
  // The records that match, in the order of the index that led to them, or by id. O(log n + candidates), or
  // O(rows).
  StatusOr<std::vector<RecordId>> Find() const;

 private:
  enum class Kind { kNothing, kText, kTextPrefix, kFolded, kFoldedPrefix, kCell, kMoney, kElement };
  struct Test {
    Kind kind = Kind::kCell;
    const Field* field = nullptr;
    std::string text;  // folded where the kind is
    Cell cell;         // of fields without text
  };

  RecordFilter(const Reader* reader, const store::TypeRuntime* type) : reader_(reader), type_(type) {}
  StatusOr<Test> MakeTest(const Condition& condition) const;
  StatusOr<Cell> ReferenceCell(const Field& field, const std::string& text) const;
  StatusOr<Cell> ValueCell(const Field& field, const std::string& text) const;
  bool Matches(const Test& test, const RowView& row) const;
  // An index and range that hold all matches; false if there is none.
  bool UseIndex(const Test& test, const store::IndexRuntime** index, store::KeyRange* range) const;

  const Reader* reader_;
  const store::TypeRuntime* type_;
  std::vector<Test> tests_;
};

}  // namespace relata::cli

#endif  // RELATA_CLI_CONDITION_H_
