// Defines Find and its Results, the core that every query goes through; and Count, Exists, Group and Explain.
//
//   RELATA_ASSIGN_OR_RETURN(Results found, Find({reader}, spec));
//   while (found.Next()) use(found.id(), found.value(0));
//   RELATA_RETURN_IF_ERROR(found.status());
//   StatusOr<std::string> cursor = found.NextCursor();   // QuerySpec::after of the next page
//
// Results stream: a record is looked for when it is asked for, and what need not be held is not held. Where
// records have to be sorted, ids and keys are; the rows never.
//
// A cursor names the last record seen by its place in the order, not by its number in the list: what was
// written meanwhile shifts no page. It is bound to the entity, condition, parameters and order it came from,
// and refused elsewhere (InvalidArgument).
//
// Thread safety: one thread at a time, as the reader. Lifetime: within the reader's; in a transaction, until
// its next write.
#ifndef RELATA_QUERY_RESULTS_H_
#define RELATA_QUERY_RESULTS_H_

#include <memory>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/export.h"
#include "relata/query/plan.h"
#include "relata/query/spec.h"
#include "relata/record/row_view.h"
#include "relata/schema/ids.h"
#include "relata/schema/value.h"

namespace relata::store {
class Reader;
class Snapshot;
}  // namespace relata::store
namespace relata::column {
class ColumnCache;
}

namespace relata::query {

class Execution;

// Where a query looks: a snapshot or transaction and, for a snapshot, the columns of its store.
struct Source {
  const store::Reader* reader = nullptr;
  const store::Snapshot* snapshot = nullptr;  // the same, where it is one and columns may serve it
  column::ColumnCache* columns = nullptr;
};

class RELATA_EXPORT Results {
 public:
  Results(Results&&) noexcept;
  Results& operator=(Results&&) noexcept;
  ~Results();

  // Moves to the first or next record; false at the end, or where something failed: status() tells.
  bool Next();
  // OK; or what failed: DataLoss, DeadlineExceeded, Cancelled, ResourceExhausted.
  const Status& status() const;

  // REQUIRES of the next three: the last Next() was true.
  RecordId id() const;
  // The row, looked up if that was not needed yet.
  StatusOr<RowView> row();
  // The values of QuerySpec::select, in its order.
  StatusOr<std::vector<Value>> Values();

  // Where the record of the last Next() that was true stands. If there was none: the cursor the query began
  // with.
  StatusOr<std::string> NextCursor();
  // The plan with the rows seen so far.
  Plan plan() const;

 private:
  friend class Execution;
  explicit Results(std::unique_ptr<Execution> execution);
  std::unique_ptr<Execution> execution_;
};

// Checks and plans; finds nothing yet. InvalidArgument for expressions that make no sense, parameters that
// are missing and cursors that do not fit; NotFound for an unknown entity.
RELATA_EXPORT StatusOr<Results> Find(const Source& source, const QuerySpec& spec);

// How many records meet the condition; order, limit, cursor and selection do not count. From the index alone
// where it tells.
RELATA_EXPORT StatusOr<uint64_t> Count(const Source& source, const QuerySpec& spec);
// Whether any does.
RELATA_EXPORT StatusOr<bool> Exists(const Source& source, const QuerySpec& spec);

struct Groups {
  std::vector<std::string> columns;  // the keys' and aggregates' text
  std::vector<std::vector<Value>> rows;
  Plan plan;
};
RELATA_EXPORT StatusOr<Groups> Group(const Source& source, const GroupSpec& spec);

// The plan, not run; with `analyze` run to the end.
RELATA_EXPORT StatusOr<Plan> Explain(const Source& source, const QuerySpec& spec, bool analyze = false);

}  // namespace relata::query

#endif  // RELATA_QUERY_RESULTS_H_
