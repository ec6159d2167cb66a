// Defines Scan, which finds the records of a type that satisfy a condition, on columns.
//
//   RELATA_ASSIGN_OR_RETURN(Scan scan, Scan::Open(program, snapshot, &cache));
//   RELATA_ASSIGN_OR_RETURN(uint64_t count, scan.Count());
//
// A condition is taken apart into tests that narrow a mask of records, the cheap ones first; a chunk whose
// zone decides a test is not read. A comparison with what does not depend on the record is one pass over
// narrow numbers; any other condition on one field whose values recur is computed once per value; arithmetic
// and comparisons of fields go by blocks; aggregates over related records walk the columns of those records
// once. What none of these can do is asked of the row evaluator, for the records that the others left open:
// so the answers are its answers. Programs with ranks work too; they are just not faster.
//
// Thread safety: one thread, as the snapshot. Lifetime: within the program's and the snapshot's. It holds its
// tables, so what the cache drops meanwhile stays.
#ifndef RELATA_COLUMN_SCAN_H_
#define RELATA_COLUMN_SCAN_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "src/column/columns.h"
#include "src/expr/program.h"
#include "src/store/store.h"

namespace relata::column {

// The columns that a program would use, by type.
struct NeededColumns {
  EntityTypeId type = 0;
  std::vector<FieldId> slots;
};

class Scan {
 public:
  // Whether columns answer at least a part of this condition that every record found must satisfy.
  static bool Supports(const expr::Program& program);
  // What a scan would read.
  static std::vector<NeededColumns> Needs(const expr::Program& program);

  // Builds or brings up to date what it needs. Unavailable where rows must answer. REQUIRES: program.type()
  // is kBool.
  static StatusOr<Scan> Open(const expr::Program& program, const store::Snapshot& at, ColumnCache* cache);
  Scan(Scan&&) noexcept;
  Scan& operator=(Scan&&) noexcept;
  ~Scan();

  // Calls visit(first, words) for each chunk with records that match: bit i of the words stands for the
  // record first + i. Ascending. Stops where visit returns false.
  using Visitor = absl::FunctionRef<bool(RecordId first, std::span<const uint64_t> words)>;
  Status Run(Visitor visit);
  StatusOr<uint64_t> Count();
  // Appends the ids of records that match, ascending, until there are `limit`.
  Status AppendIds(std::vector<RecordId>* ids, uint64_t limit = UINT64_MAX);

  // The program's own type, with the columns that the condition uses.
  const Table& table() const;
  // How each test is done, one a line, in the order they are done; for explain.
  std::string Describe() const;
  // Records that the row evaluator was asked about so far.
  uint64_t rows_asked() const;

 private:
  class State;
  explicit Scan(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_SCAN_H_
