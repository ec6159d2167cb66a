// Defines Execution, one query being run: its expressions, its way, and how far it is.
//
// Thread safety: one thread, as the reader. Lifetime: within the reader's.
#ifndef RELATA_QUERY_EXECUTION_H_
#define RELATA_QUERY_EXECUTION_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/query/results.h"
#include "src/query/candidate.h"
#include "src/query/planner.h"
#include "src/query/stream.h"

namespace relata::query {

class Execution {
 public:
  // Checks and plans.
  static StatusOr<std::unique_ptr<Execution>> Make(const Source& source, const QuerySpec& spec,
                                                   Purpose purpose);
  Execution(const Execution&) = delete;

  // The next record; false at the end.
  StatusOr<bool> Next();
  // How many there are.
  StatusOr<uint64_t> Count();
  // Appends all that Next would give, without making a record of each where columns find them. Instead of
  // Next, not after it.
  Status AppendIds(std::vector<RecordId>* ids);

  // The record of the last Next() that was true.
  Candidate* current() { return &current_; }
  bool any() const { return given_ > 0; }
  StatusOr<std::vector<Value>> Values();
  StatusOr<std::string> Cursor();

  const Prepared& query() const { return query_; }
  const WayToGo& way() const { return way_; }
  Budget* budget() { return &budget_; }
  Plan plan() const;

  static Results ToResults(std::unique_ptr<Execution> execution) { return Results(std::move(execution)); }
  Status status;  // what ended Results

 private:
  Execution(Prepared query, Purpose purpose)
      : query_(std::move(query)), purpose_(purpose), budget_(query_.limits) {}

  Status Open();
  StatusOr<std::unique_ptr<Stream>> OpenCandidates(PlanNode* node);
  StatusOr<std::unique_ptr<Stream>> OpenColumns(RecordId after, PlanNode* node);
  // Appends at most `limit` ids. False where columns cannot serve.
  StatusOr<bool> FindInColumns(uint64_t limit, PlanNode* node, std::vector<RecordId>* ids);
  // Where columns cannot serve this snapshot, rows do.
  void UseRowsInstead(PlanNode* node);
  // The step of this kind above where candidates come from; nullptr if there is none.
  PlanNode* Above(Step step);
  PlanNode* Bottom();

  Prepared query_;  // first: what follows points into it
  Purpose purpose_;
  Budget budget_;
  std::optional<expr::RowEvaluator> where_;
  WayToGo way_;
  std::optional<Matcher> matcher_;
  std::optional<OrderKeys> keys_;
  std::vector<ColumnReader> select_;
  std::unique_ptr<Stream> stream_;
  Candidate current_;
  uint64_t given_ = 0;
  bool begun_ = false;
};

}  // namespace relata::query

#endif  // RELATA_QUERY_EXECUTION_H_
