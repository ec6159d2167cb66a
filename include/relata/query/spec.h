// Defines QuerySpec, what is asked of the records of one type, and GroupSpec, what is asked of groups of
// them.
//
//   QuerySpec spec{.entity = "relation", .where = Parse("visiting.city = :city").value()};
//   spec.parameters = {{"city", "Utrecht"}};
//   spec.order = {{.by = Parse("name").value(), .collation = "nl"}};
//   spec.limit = 20;
//
// A spec says what, never how: Find (results.h) looks for a way, and Strategies can forbid some ways but
// never change an answer. The typed face is Query<T> (find.h).
//
// Order. Records come by the order terms, and where those are equal by id, so the order is total and a page
// ends where the next begins; without terms they come by id. As in PostgreSQL a null is greater than any
// value: last ascending, first descending, unless nulls_first says otherwise. Texts are ordered by code
// point, folded (case and accents do not count), or as a language does.
//
// Thread safety: plain values; a Cancellation may be used from any thread.
#ifndef RELATA_QUERY_SPEC_H_
#define RELATA_QUERY_SPEC_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/expr/tree.h"
#include "relata/schema/value.h"

namespace relata::query {

using Parameters = absl::flat_hash_map<std::string, Value>;

struct OrderTerm {
  expr::Expr by;
  bool descending = false;
  std::optional<bool> nulls_first = {};
  std::string collation = {};  // texts: "" by code point, "fold", or a locale ("nl"; "locale": the store's)
};

// Lets another thread stop a query.
class Cancellation {
 public:
  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
};

// What a query may cost. It is looked at every few hundred records.
struct Limits {
  std::optional<std::chrono::steady_clock::time_point> deadline = {};  // then DeadlineExceeded
  std::shared_ptr<const Cancellation> cancellation = {};               // then Cancelled
  // Of what has to be held at once to sort, group or intersect; then ResourceExhausted, which names it.
  uint64_t memory_bytes = uint64_t{256} << 20;
};

// The ways a query may take. All off leaves a walk over the rows and a full sort.
struct Strategies {
  bool index_range = true;   // part of an index; needed by the next two
  bool index_and = true;     // several intersected
  bool index_or = true;      // several united
  bool ordered_walk = true;  // an index in the order asked for, as far as needed
  bool top_k = true;         // the best of a limit kept while looking at all
  bool column_scan = true;   // columns in memory instead of rows
  bool text_index = true;    // words looked up instead of read
  bool segment_set = true;   // the members of a segment as a set, instead of asking for each record
  bool grouped_walk = true;  // an index in the order of the first terms; the others sorted between its keys
  bool semi_join = true;     // conditions on other records answered by their indexes, then followed back

  static Strategies None() { return {false, false, false, false, false, false, false, false, false, false}; }
};

struct QuerySpec {
  std::string entity;
  expr::Expr where = {};        // none: all records
  std::string where_text = {};  // what it was parsed from, for messages that point into it
  Parameters parameters = {};   // of all expressions here
  std::vector<OrderTerm> order = {};
  std::optional<uint64_t> limit = {};
  std::string after = {};  // Results::NextCursor() of the page before; empty: from the beginning
  std::vector<expr::Expr> select = {};
  Limits limits = {};
  Strategies strategies = {};
};

enum class Aggregate : uint8_t {
  kCount,          // records; with an expression, those where it is not null
  kCountDistinct,  // different values that are not null
  kSum,            // 0 of nothing; null where it overflows
  kAvg,            // of money half to even; of other numbers a double
  kMin,
  kMax,
};

struct AggregateTerm {
  Aggregate aggregate = Aggregate::kCount;
  expr::Expr of = {};
};

// A column of the answer: the keys come first, then the aggregates.
struct GroupOrder {
  size_t column = 0;
  bool descending = false;
  std::optional<bool> nulls_first = {};
};
struct Having {
  size_t column = 0;
  expr::Operator comparison = expr::Operator::kGreater;  // = <> < <= > >=
  Value value;                                           // of the column's own type
};

// Groups of records that have equal keys, nulls being equal; without keys one group of all records, be there
// any or none. Without aggregates: the distinct keys. Groups come in order of `order`, then of their keys.
struct GroupSpec {
  std::string entity;
  expr::Expr where = {};
  std::string where_text = {};
  Parameters parameters = {};
  std::vector<expr::Expr> by = {};
  std::vector<AggregateTerm> aggregates = {};
  std::vector<Having> having = {};  // all of them
  std::vector<GroupOrder> order = {};
  std::optional<uint64_t> limit = {};
  Limits limits = {};
  Strategies strategies = {};
};

}  // namespace relata::query

#endif  // RELATA_QUERY_SPEC_H_
