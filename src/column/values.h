// Defines Values, what an expression comes to for every record of a type, on columns.
//
//   RELATA_ASSIGN_OR_RETURN(Values revenue, Values::Open(program, snapshot, &cache));
//   RELATA_RETURN_IF_ERROR(revenue.Run([&](RecordId first, const Block& block, const uint64_t* records) { …
//   }));
//
// Thread safety: one thread, as the snapshot. Lifetime: within the program's and the snapshot's. Cost: one
// pass over the columns, the first time with those of related records; 8 bytes for each record that these
// refer to.
#ifndef RELATA_COLUMN_VALUES_H_
#define RELATA_COLUMN_VALUES_H_

#include <cstdint>
#include <memory>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "src/column/columns.h"
#include "src/column/condition.h"
#include "src/expr/program.h"
#include "src/store/store.h"

namespace relata::column {

class Values {
 public:
  // Builds or brings up to date what it needs. Unavailable where rows must answer: also where columns cannot
  // compute it, such as a text.
  static StatusOr<Values> Open(const expr::Program& program, const store::Snapshot& at, ColumnCache* cache);
  Values(Values&&) noexcept;
  Values& operator=(Values&&) noexcept;
  ~Values();

  // Goes over the records, as often as is wanted: the values of Block::kRecords ids from `first` on, and
  // which of them there are records of. Those of others are anything.
  using Visitor = absl::FunctionRef<Status(RecordId first, const Block& values, const uint64_t* records)>;
  Status Run(Visitor visit);

 private:
  class State;
  explicit Values(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_VALUES_H_
