// The core's face: Find, Results, Count, Exists and Explain.
#include "relata/query/results.h"

#include <chrono>
#include <utility>

#include "src/query/execution.h"

namespace relata::query {

Results::Results(std::unique_ptr<Execution> execution) : execution_(std::move(execution)) {}
Results::Results(Results&&) noexcept = default;
Results& Results::operator=(Results&&) noexcept = default;
Results::~Results() = default;

bool Results::Next() {
  if (!execution_->status.ok()) return false;
  const StatusOr<bool> more = execution_->Next();
  execution_->status = more.status();
  return more.ok() && *more;
}

const Status& Results::status() const { return execution_->status; }
RecordId Results::id() const { return execution_->current()->id; }

StatusOr<RowView> Results::row() {
  RELATA_RETURN_IF_ERROR(LoadRow(execution_->query(), execution_->current(), execution_->budget()));
  return execution_->current()->row;
}

StatusOr<std::vector<Value>> Results::Values() { return execution_->Values(); }
StatusOr<std::string> Results::NextCursor() { return execution_->Cursor(); }
Plan Results::plan() const { return execution_->plan(); }

StatusOr<Results> Find(const Source& source, const QuerySpec& spec) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Execution> execution,
                          Execution::Make(source, spec, Purpose::kRecords));
  return Execution::ToResults(std::move(execution));
}

namespace {

// All records that meet the condition.
QuerySpec Whole(QuerySpec spec) {
  spec.limit.reset();
  spec.after.clear();
  return spec;
}

}  // namespace

StatusOr<uint64_t> Count(const Source& source, const QuerySpec& spec) {
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Execution> execution,
                          Execution::Make(source, Whole(spec), Purpose::kCount));
  return execution->Count();
}

StatusOr<bool> Exists(const Source& source, const QuerySpec& spec) {
  QuerySpec first = Whole(spec);
  first.limit = 1;
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Execution> execution,
                          Execution::Make(source, first, Purpose::kCount));
  return execution->Next();
}

StatusOr<Plan> Explain(const Source& source, const QuerySpec& spec, bool analyze) {
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Execution> execution,
                          Execution::Make(source, spec, Purpose::kRecords));
  if (!analyze) return execution->plan();
  const auto begin = std::chrono::steady_clock::now();
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const bool more, execution->Next());
    if (!more) break;
  }
  Plan plan = execution->plan();
  plan.analyzed = true;
  plan.root.actual_micros = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin)
          .count());
  return plan;
}

}  // namespace relata::query
