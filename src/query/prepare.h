// Defines Prepared, a query whose expressions are checked: what the planner reads and the runner evaluates.
//
// Thread safety: immutable once made. Lifetime: within the reader's.
#ifndef RELATA_QUERY_PREPARE_H_
#define RELATA_QUERY_PREPARE_H_

#include <optional>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/query/results.h"
#include "relata/query/spec.h"
#include "src/expr/program.h"
#include "src/query/cursor_text.h"
#include "src/query/datum.h"
#include "src/store/reader.h"

namespace relata::query {

// A value computed from each record. Where it is a field of the record itself, `slot` says which.
struct Column {
  expr::Program program;
  std::optional<FieldId> slot;
  bool nullable = true;
  std::string text;
};

struct OrderColumn {
  Column column;
  OrderCode code;
};

struct Prepared {
  const store::Reader* reader = nullptr;
  const store::Snapshot* snapshot = nullptr;  // with columns: of these
  column::ColumnCache* columns = nullptr;
  const store::TypeRuntime* type = nullptr;
  std::optional<expr::Program> where;
  std::string where_text;                  // with values for parameters
  std::vector<expr::StepIndex> conjuncts;  // that must all be true
  std::vector<OrderColumn> order;
  std::vector<Column> select;
  uint64_t fingerprint = 0;
  std::optional<CursorPlace> after;
  std::optional<uint64_t> limit;
  Limits limits;
  Strategies strategies;
};

StatusOr<Prepared> Prepare(const Source& source, const QuerySpec& spec);

// Appends what must all be true for this step of a condition to be.
void AppendConjuncts(const expr::Program& program, expr::StepIndex index,
                     std::vector<expr::StepIndex>* conjuncts);

// One more expression of the same query.
StatusOr<Column> PrepareColumn(const Prepared& query, const expr::Expr& tree, const Parameters& parameters);

}  // namespace relata::query

#endif  // RELATA_QUERY_PREPARE_H_
