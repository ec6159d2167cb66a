// Runs plans: opens the streams that a plan names and pulls records through them.
#include "src/query/execution.h"

#include <chrono>
#include <utility>

#include "src/column/scan.h"
#include "src/query/ordered_walk.h"

namespace relata::query {

namespace {

using From = WayToGo::From;
using Order = WayToGo::Order;

// What stands above the step that candidates come from.
bool IsAbove(Step step) {
  return step == Step::kLimit || step == Step::kTopK || step == Step::kSort || step == Step::kFilter;
}

}  // namespace

StatusOr<std::unique_ptr<Execution>> Execution::Make(const Source& source, const QuerySpec& spec,
                                                     Purpose purpose) {
  RELATA_ASSIGN_OR_RETURN(Prepared query, Prepare(source, spec));
  std::unique_ptr<Execution> execution(new Execution(std::move(query), purpose));
  Execution& e = *execution;
  if (e.query_.where) e.where_.emplace(*e.query_.where, *e.query_.reader);
  RELATA_ASSIGN_OR_RETURN(e.way_, MakePlan(e.query_, purpose, e.where_ ? &*e.where_ : nullptr));
  e.matcher_.emplace(e.query_, e.way_.residual, e.way_.tests, e.way_.segments,
                     e.where_ ? &*e.where_ : nullptr, &e.budget_);
  e.keys_.emplace(e.query_, &e.budget_);
  for (const Column& column : e.query_.select) e.select_.emplace_back(e.query_, column);
  return execution;
}

PlanNode* Execution::Above(Step step) {
  PlanNode* node = &way_.root;
  for (; node->step != step; node = &node->inputs.front()) {
    if (!IsAbove(node->step)) return nullptr;
  }
  return node;
}

PlanNode* Execution::Bottom() {
  PlanNode* node = &way_.root;
  while (IsAbove(node->step)) node = &node->inputs.front();
  return node;
}

StatusOr<std::unique_ptr<Stream>> Execution::OpenCandidates(PlanNode* node) {
  const RecordId after = query_.after && way_.order == Order::kAsFound ? query_.after->id : 0;
  switch (way_.from) {
    case From::kRows:
      return MakeRowScan(query_, after, &budget_, node);
    case From::kAccess: {
      if (way_.access.ascending) return MakeIndexScan(query_, way_.access, after, &budget_, node);
      RELATA_ASSIGN_OR_RETURN(IdSet ids, ReadIds(query_, way_.access, &budget_, node));
      return MakeIdScan(std::move(ids), after);
    }
    case From::kColumns:
      return OpenColumns(after, node);
    default:
      return MakeIdScan(IdSet(), after);
  }
}

void Execution::UseRowsInstead(PlanNode* node) {
  way_.from = From::kRows;
  node->step = Step::kRowScan;
  matcher_.emplace(query_, query_.conjuncts, way_.tests, way_.segments, &*where_, &budget_);
}

StatusOr<bool> Execution::FindInColumns(uint64_t limit, PlanNode* node, std::vector<RecordId>* ids) {
  const auto begin = std::chrono::steady_clock::now();
  StatusOr<column::Scan> scan = column::Scan::Open(*query_.where, *query_.snapshot, query_.columns);
  if (absl::IsUnavailable(scan.status())) return false;
  RELATA_RETURN_IF_ERROR(scan.status());
  const size_t before = ids->size();
  RELATA_RETURN_IF_ERROR(scan->AppendIds(ids, limit));
  const size_t found = ids->size() - before;
  RELATA_RETURN_IF_ERROR(budget_.Hold(found * sizeof(RecordId), "ids found"));
  RELATA_RETURN_IF_ERROR(budget_.Look());
  budget_.work().rows_read += scan->rows_asked();
  node->actual_rows = found;
  node->actual_micros = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin)
          .count());
  return true;
}

StatusOr<std::unique_ptr<Stream>> Execution::OpenColumns(RecordId after, PlanNode* node) {
  // Without an order or a cursor, no more than the limit are looked for.
  const bool first = way_.order == Order::kAsFound && after == 0 && query_.limit;
  std::vector<RecordId> ids;
  RELATA_ASSIGN_OR_RETURN(const bool served, FindInColumns(first ? *query_.limit : UINT64_MAX, node, &ids));
  if (served) return MakeListScan(std::move(ids), after);
  UseRowsInstead(node);
  return MakeRowScan(query_, after, &budget_, node);
}

Status Execution::Open() {
  RELATA_RETURN_IF_ERROR(budget_.Look());
  if (way_.from == From::kWalk) {
    stream_ = MakeOrderedWalk(query_, way_.walk, &*matcher_, &*keys_, &budget_, Bottom());
    return absl::OkStatus();
  }
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Stream> candidates, OpenCandidates(Bottom()));
  stream_ = MakeFiltered(std::move(candidates), &*matcher_);
  if (way_.order == Order::kAsFound) return absl::OkStatus();
  std::string after = query_.after ? keys_->KeyOf(*query_.after) : "";
  const bool top = way_.order == Order::kTop;
  stream_ = MakeSorted(std::move(stream_), &*keys_, std::move(after), top ? query_.limit : std::nullopt,
                       &budget_, Above(top ? Step::kTopK : Step::kSort));
  return absl::OkStatus();
}

StatusOr<bool> Execution::Next() {
  if (query_.limit && given_ == *query_.limit) return false;
  if (!begun_) {
    begun_ = true;
    RELATA_RETURN_IF_ERROR(Open());
  }
  RELATA_RETURN_IF_ERROR(budget_.Tick());
  Candidate next;
  RELATA_ASSIGN_OR_RETURN(const bool more, stream_->Next(&next));
  if (!more) return false;
  current_ = next;
  ++given_;
  return true;
}

Status Execution::AppendIds(std::vector<RecordId>* ids) {
  if (way_.from == From::kColumns && way_.order == Order::kAsFound && !query_.after) {
    RELATA_RETURN_IF_ERROR(budget_.Look());
    RELATA_ASSIGN_OR_RETURN(const bool served,
                            FindInColumns(query_.limit.value_or(UINT64_MAX), Bottom(), ids));
    if (served) return absl::OkStatus();
    UseRowsInstead(Bottom());
  }
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const bool more, Next());
    if (!more) return absl::OkStatus();
    ids->push_back(current_.id);
  }
}

StatusOr<uint64_t> Execution::Count() {
  RELATA_RETURN_IF_ERROR(budget_.Look());
  if (way_.residual.empty()) {
    if (way_.from == From::kNothing) return 0;
    if (way_.from == From::kRows) return query_.reader->CountRows(*query_.type);
    if (way_.from == From::kColumns) {
      StatusOr<column::Scan> scan = column::Scan::Open(*query_.where, *query_.snapshot, query_.columns);
      if (!absl::IsUnavailable(scan.status())) {
        RELATA_RETURN_IF_ERROR(scan.status());
        return scan->Count();
      }
      UseRowsInstead(Bottom());
    }
    if (way_.from == From::kAccess) {
      RELATA_ASSIGN_OR_RETURN(const std::optional<uint64_t> count, CountIds(query_, way_.access, &budget_));
      if (count) return *count;
      RELATA_ASSIGN_OR_RETURN(const IdSet ids, ReadIds(query_, way_.access, &budget_, Bottom()));
      return ids.cardinality();
    }
  }
  uint64_t count = 0;
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const bool more, Next());
    if (!more) return count;
    ++count;
  }
}

StatusOr<std::vector<Value>> Execution::Values() {
  RELATA_RETURN_IF_ERROR(LoadRow(query_, &current_, &budget_));
  std::vector<Value> values;
  for (size_t i = 0; i < select_.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const expr::Datum datum, select_[i].Read(current_));
    RELATA_ASSIGN_OR_RETURN(Value value, ToValue(query_.select[i].program.type(), datum));
    values.push_back(std::move(value));
  }
  return values;
}

StatusOr<std::string> Execution::Cursor() {
  if (!any()) return query_.after ? EncodeCursor(query_.fingerprint, *query_.after) : std::string();
  RELATA_ASSIGN_OR_RETURN(const CursorPlace place, keys_->PlaceOf(&current_));
  return EncodeCursor(query_.fingerprint, place);
}

Plan Execution::plan() const {
  Plan plan;
  plan.root = way_.root;
  plan.work = budget_.work();
  plan.analyzed = begun_;
  for (PlanNode* node = &plan.root; IsAbove(node->step); node = &node->inputs.front()) {
    if (node->step == Step::kLimit) node->actual_rows = given_;
    if (node->step == Step::kFilter) node->actual_rows = matcher_->matched();
  }
  return plan;
}

}  // namespace relata::query
