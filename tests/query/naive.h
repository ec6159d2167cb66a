// Defines Naive, an interpreter of the expression language that is as simple and slow as can be: it walks the
// tree for each record, over maps of named values, and uses neither checker nor compiled form, neither index
// nor column. What the library answers is compared with it (differential_test.cc).
//
//   Naive naive(schema, data, now);
//   NaiveResult result = naive.Evaluate(Parse("count(orders where total > 10) = 0").value(), "client", 7);
//
// It reads language.md on its own. Taken from the library are only the tree, what clocks of a time zone show
// (base::TimeZone), folding (ICU), the currencies' decimals and the readers of literals.
//
// Thread safety: none. Lifetime: schema, data and trees outlive it.
#ifndef RELATA_TESTS_QUERY_NAIVE_H_
#define RELATA_TESTS_QUERY_NAIVE_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relata/expr/tree.h"
#include "tests/query/model.h"
#include "tests/query/naive_value.h"

namespace relata::twin {

struct NaiveResult {
  NaiveValue value;
  std::optional<std::string> error;  // the expression makes no sense here
};

class Naive {
 public:
  Naive(const TwinSchema& schema, const TwinData& data, Timestamp now);

  NaiveResult Evaluate(const expr::Expr& expr, std::string_view entity, RecordId id);

 private:
  struct Scope {
    const TwinEntity* entity;
    RecordId id;
  };
  // Where a path leads: values follow from a record and the names behind it.
  struct Collected {
    const TwinEntity* entity = nullptr;  // of the related records
    std::vector<RecordId> ids;           // of those for which the condition is true, ascending
    std::vector<std::string> rest;       // the path of the value within each
  };
  // Moments from `from` up to `to`: dates or timestamps, or null where the calendar ends.
  struct Window {
    NaiveValue from, to;
    bool closed = false;  // `to` itself lies in it
  };
  struct Former {
    Timestamp from;
    NaiveValue value;
  };
  struct Ranked {
    RecordId id;
    NaiveValue by;
    std::vector<NaiveValue> per;
  };

  NaiveValue Eval(const expr::Expr& expr);
  Truth Condition(const expr::Expr& expr) { return ToTruth(Eval(expr)); }
  NaiveValue EvalIn(const TwinEntity& entity, RecordId id, const expr::Expr& expr);
  NaiveValue LiteralValue(const expr::Literal& literal) const;
  NaiveValue Is(expr::Test test, const NaiveValue& value) const;
  NaiveValue Binary(const expr::Node& node);
  NaiveValue In(const expr::Node& node);
  NaiveValue Has(const expr::Node& node);
  NaiveValue Case(const expr::Node& node);
  NaiveValue Call(const expr::Node& node);

  // naive_history.cc
  std::vector<Former> FormerValues(const Scope& scope, const FieldSpec& field) const;
  Timestamp CreatedAt(const Scope& scope) const;
  NaiveValue History(expr::Function function, const expr::Node& call);
  NaiveValue Segment(const expr::Node& node);
  NaiveValue Sample(const expr::Node& node);
  NaiveValue Consent(const expr::Node& call);

  // naive_path.cc
  NaiveValue FieldValue(const TwinEntity& entity, RecordId id, const std::string& field) const;
  NaiveValue OfField(const FieldSpec& field, const Value& value) const;
  NaiveValue PathValue(const expr::Path& path) const;
  // The value at the end of `names` from a record; nullopt where the first name is none of its fields.
  std::optional<NaiveValue> Follow(const TwinEntity& entity, RecordId id,
                                   const std::vector<std::string>& names) const;
  // The longest field or id that names[from…] begins with, as how many names it takes; 0: none.
  static size_t LongestField(const TwinEntity& entity, const std::vector<std::string>& names, size_t from);
  // The field at the end of names, and nullptr where that is an id.
  const FieldSpec* EndOf(const TwinEntity& entity, const std::vector<std::string>& names) const;
  std::optional<Collected> Collect(const Scope& scope, const std::vector<std::string>& names) const;
  Collected Related(const expr::Expr& related, const std::optional<Window>& window);

  // naive_related.cc
  NaiveValue Aggregate(expr::Function function, const expr::Node& call, const std::optional<Window>& window);
  NaiveValue Sum(const Collected& collected, const std::vector<NaiveValue>& values) const;
  NaiveValue Average(const std::vector<NaiveValue>& values) const;
  NaiveValue Extreme(const std::vector<NaiveValue>& values, int sign) const;
  NaiveValue FirstOrLast(const Collected& collected, bool last) const;
  NaiveValue MomentOf(const TwinEntity& entity, RecordId id) const;
  std::vector<NaiveValue> MomentsOf(const expr::Expr& related);
  NaiveValue Trend(const expr::Node& call);
  NaiveValue Activity(expr::Function function, const expr::Node& call);
  NaiveValue Hierarchy(expr::Function function, const expr::Node& call);
  const std::vector<Ranked>& Population(const expr::Node& node, const TwinEntity& entity,
                                        const expr::Expr& by, const std::vector<expr::Expr>& per);
  NaiveValue Top(const expr::Node& node);
  NaiveValue Percentile(const expr::Node& node);

  // naive_dates.cc
  NaiveValue DateFunction(expr::Function function, const expr::Node& call);
  NaiveValue InPeriod(const NaiveValue& value, const expr::Period& period) const;
  NaiveValue Anniversary(const NaiveValue& value, const expr::Expr& within);
  // What `within` looking back means: whole days up to and with today, anything else up to now.
  Window WindowBack(const expr::Expr& within);
  // `times` the interval before today or, where it is no whole number of days, now.
  NaiveValue Back(const expr::Interval& interval, int64_t times) const;
  bool Lies(const NaiveValue& moment, const Window& window) const;

  const TwinSchema& schema_;
  const TwinData& data_;
  Timestamp now_;
  TimeZone zone_;
  Date today_;
  std::vector<Scope> scopes_;  // the innermost last
  std::map<std::pair<const expr::Node*, std::string>, std::vector<Ranked>> ranks_;
  std::map<std::pair<std::string, RecordId>, bool> members_;  // of segments that were asked, by name
};

}  // namespace relata::twin

#endif  // RELATA_TESTS_QUERY_NAIVE_H_
