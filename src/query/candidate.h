// Defines Candidate, a record on its way through a query; Matcher, which keeps those that meet the condition;
// and OrderKeys, which computes where they stand in the order.
//
// A row is looked up when something asks for it, once; what columns in memory or the members of a segment
// answer does not.
//
// Thread safety: one thread, as the reader. Lifetime: within the query's and the budget's.
#ifndef RELATA_QUERY_CANDIDATE_H_
#define RELATA_QUERY_CANDIDATE_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/record/row_view.h"
#include "src/expr/evaluate.h"
#include "src/query/budget.h"
#include "src/query/column_tests.h"
#include "src/query/prepare.h"

namespace relata::query {

struct Candidate {
  RecordId id = 0;
  bool has_row = false;
  RowView row;
};

// Looks the row up if it is not there. DataLoss if there is none: an index names it.
Status LoadRow(const Prepared& query, Candidate* candidate, Budget* budget);

class Matcher {
 public:
  // `residual`: the conjuncts to look at, in this order; `tests`, `segments`: what they say of fields and
  // membership. `evaluator`: of query.where.
  Matcher(const Prepared& query, std::vector<expr::StepIndex> residual, std::span<const Tested> tests,
          std::span<const SegmentTest> segments, expr::RowEvaluator* evaluator, Budget* budget)
      : query_(query),
        residual_(std::move(residual)),
        segments_(TakeSegments(segments, &residual_)),
        on_row_(residual_),
        columns_(ColumnTests::Make(query, tests, &on_row_)),
        evaluator_(evaluator),
        budget_(budget) {}

  StatusOr<bool> Matches(Candidate* candidate);
  uint64_t matched() const { return matched_; }

 private:
  // Those whose members are at hand and who are among the residual, out of which they are taken.
  static std::vector<SegmentTest> TakeSegments(std::span<const SegmentTest> segments,
                                               std::vector<expr::StepIndex>* residual);

  const Prepared& query_;
  std::vector<expr::StepIndex> residual_;
  std::vector<SegmentTest> segments_;
  std::vector<expr::StepIndex> on_row_;  // of these, what columns do not answer
  ColumnTests columns_;
  expr::RowEvaluator* evaluator_;
  Budget* budget_;
  uint64_t matched_ = 0;
};

// Computes columns on candidates.
class ColumnReader {
 public:
  ColumnReader(const Prepared& query, const Column& column);

  // The value; its bytes live until the next call. REQUIRES: candidate.has_row.
  StatusOr<expr::Datum> Read(const Candidate& candidate);

 private:
  const Column& column_;
  std::optional<expr::RowEvaluator> evaluator_;  // where it is more than a field
};

class OrderKeys {
 public:
  OrderKeys(const Prepared& query, Budget* budget);

  // Sets `key` to the terms and the id: memcmp of two keys is the order of their records.
  Status Make(Candidate* candidate, std::string* key);
  // The values of the terms.
  StatusOr<CursorPlace> PlaceOf(Candidate* candidate);
  // The key of a place.
  std::string KeyOf(const CursorPlace& place) const;
  // The record of a key.
  static RecordId IdOf(std::string_view key);

 private:
  const Prepared& query_;
  Budget* budget_;
  std::vector<ColumnReader> readers_;
};

}  // namespace relata::query

#endif  // RELATA_QUERY_CANDIDATE_H_
