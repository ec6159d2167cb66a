// Groups records by hash of their keys, and aggregates them.
#include <algorithm>
#include <chrono>
#include <compare>
#include <deque>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "relata/query/results.h"
#include "src/query/aggregation.h"
#include "src/query/execution.h"

namespace relata::query {

namespace {

std::string_view NameOf(Aggregate aggregate) {
  switch (aggregate) {
    case Aggregate::kCount:
      return "count";
    case Aggregate::kCountDistinct:
      return "distinct";
    case Aggregate::kSum:
      return "sum";
    case Aggregate::kAvg:
      return "avg";
    case Aggregate::kMin:
      return "min";
    case Aggregate::kMax:
      return "max";
  }
  return "unknown";
}

// A number, whatever it is counted in; nothing for other values.
std::optional<Decimal> NumberOf(const Value& value) {
  if (const auto* number = value.As<int64_t>()) return Decimal::FromInteger(*number);
  if (const auto* decimal = value.As<Decimal>()) return *decimal;
  if (const auto* money = value.As<Money>()) {
    return Decimal{money->minor, static_cast<uint8_t>(money->currency.exponent())};
  }
  return std::nullopt;
}

// Nothing where either is null.
StatusOr<std::optional<std::partial_ordering>> Compare(const Value& a, const Value& b) {
  using Ordering = std::optional<std::partial_ordering>;
  if (a.is_null() || b.is_null()) return Ordering();
  const auto* a_money = a.As<Money>();
  const auto* b_money = b.As<Money>();
  const bool other_currency =
      a_money != nullptr && b_money != nullptr && a_money->currency != b_money->currency;
  const std::optional<Decimal> a_number = NumberOf(a);
  const std::optional<Decimal> b_number = NumberOf(b);
  const auto* a_double = a.As<double>();
  const auto* b_double = b.As<double>();
  if (a_number && b_number && !other_currency) return Ordering(*a_number <=> *b_number);
  if ((a_number || a_double != nullptr) && (b_number || b_double != nullptr) && !other_currency) {
    return Ordering((a_double != nullptr ? *a_double : a_number->ToDouble()) <=>
                    (b_double != nullptr ? *b_double : b_number->ToDouble()));
  }
  if (a.variant().index() == b.variant().index()) {
    if (const auto* text = a.As<std::string>()) return Ordering(text->compare(*b.As<std::string>()) <=> 0);
    if (const auto* date = a.As<Date>()) return Ordering(*date <=> *b.As<Date>());
    if (const auto* time = a.As<Timestamp>()) return Ordering(*time <=> *b.As<Timestamp>());
    if (const auto* duration = a.As<Duration>()) return Ordering(*duration <=> *b.As<Duration>());
    if (a == b) return Ordering(std::partial_ordering::equivalent);
  }
  return absl::InvalidArgumentError(StrCat("having compares ", a.ToString(), " with ", b.ToString(),
                                           "; give a value of the column's type"));
}

class Grouping {
 public:
  Grouping(Execution* execution, const GroupSpec& spec) : execution_(*execution), spec_(spec) {}

  StatusOr<Groups> Run() {
    RELATA_RETURN_IF_ERROR(Prepare());
    RELATA_RETURN_IF_ERROR(Collect());
    Groups groups;
    groups.columns = names_;
    RELATA_RETURN_IF_ERROR(Finish(&groups));
    return groups;
  }

 private:
  struct Group {
    std::vector<OwnedDatum> keys;
    std::vector<Aggregation> aggregates;
  };

  Status Prepare() {
    const Prepared& query = execution_.query();
    for (const expr::Expr& key : spec_.by) {
      RELATA_ASSIGN_OR_RETURN(Column column, PrepareColumn(query, key, spec_.parameters));
      names_.push_back(column.text);
      types_.push_back(column.program.type());
      keys_.push_back(std::move(column));
    }
    for (const AggregateTerm& term : spec_.aggregates) {
      Column column;
      expr::Type type{.base = expr::Base::kExact};
      if (term.of) {
        RELATA_ASSIGN_OR_RETURN(column, PrepareColumn(query, term.of, spec_.parameters));
        type = column.program.type();
      } else if (term.aggregate != Aggregate::kCount) {
        return absl::InvalidArgumentError(
            StrCat("the aggregate ", NameOf(term.aggregate), " needs an expression; only count does not"));
      }
      names_.push_back(term.of ? StrCat(NameOf(term.aggregate), "(", column.text, ")")
                               : std::string(NameOf(term.aggregate)));
      StatusOr<expr::Type> result = Aggregation::TypeOf(term.aggregate, type);
      if (!result.ok()) return Annotate(result.status(), names_.back());
      types_.push_back(*result);
      values_.push_back(std::move(column));
    }
    for (const Column& column : keys_) key_readers_.emplace_back(query, column);
    for (size_t i = 0; i < values_.size(); ++i) {
      if (spec_.aggregates[i].of)
        value_readers_.emplace_back(ColumnReader(query, values_[i]));
      else
        value_readers_.emplace_back();
    }
    for (const GroupOrder& order : spec_.order) RELATA_RETURN_IF_ERROR(CheckColumn(order.column));
    for (const Having& having : spec_.having) RELATA_RETURN_IF_ERROR(CheckColumn(having.column));
    return absl::OkStatus();
  }

  Status CheckColumn(size_t column) const {
    if (column < names_.size()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        StrCat("there is no column ", column, "; the groups have ", names_.size(), ", keys first"));
  }

  Status Collect() {
    if (keys_.empty()) RELATA_RETURN_IF_ERROR(NewGroup("").status());
    const bool rows_needed =
        !keys_.empty() || std::any_of(value_readers_.begin(), value_readers_.end(),
                                      [](const auto& reader) { return reader.has_value(); });
    std::string code;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, execution_.Next());
      if (!more) return absl::OkStatus();
      Candidate& record = *execution_.current();
      if (rows_needed) RELATA_RETURN_IF_ERROR(LoadRow(execution_.query(), &record, execution_.budget()));
      code.clear();
      for (size_t i = 0; i < keys_.size(); ++i) {
        RELATA_ASSIGN_OR_RETURN(const expr::Datum value, key_readers_[i].Read(record));
        OrderCode().Append(types_[i], value, &code);
      }
      const auto found = by_code_.find(code);
      size_t place = 0;
      if (found != by_code_.end()) {
        place = found->second;
      } else {
        RELATA_ASSIGN_OR_RETURN(place, NewGroup(code));
        for (ColumnReader& reader : key_readers_) {
          RELATA_ASSIGN_OR_RETURN(const expr::Datum value, reader.Read(record));
          groups_[place].keys.emplace_back(value);
        }
      }
      RELATA_RETURN_IF_ERROR(AddTo(&groups_[place], record));
    }
  }

  StatusOr<size_t> NewGroup(const std::string& code) {
    RELATA_RETURN_IF_ERROR(execution_.budget()->Hold(
        sizeof(Group) + 2 * code.size() + spec_.aggregates.size() * sizeof(Aggregation), "groups"));
    by_code_.emplace(code, groups_.size());
    codes_.push_back(code);
    groups_.emplace_back().aggregates.resize(spec_.aggregates.size());
    return groups_.size() - 1;
  }

  Status AddTo(Group* group, const Candidate& record) {
    for (size_t i = 0; i < spec_.aggregates.size(); ++i) {
      expr::Datum value = Cell::OfBits(1);  // a record counts for one
      expr::Type type;
      if (value_readers_[i]) {
        RELATA_ASSIGN_OR_RETURN(value, value_readers_[i]->Read(record));
        type = values_[i].program.type();
      }
      RELATA_RETURN_IF_ERROR(
          group->aggregates[i].Add(spec_.aggregates[i].aggregate, type, value, execution_.budget()));
    }
    return absl::OkStatus();
  }

  std::vector<OwnedDatum> RowOf(const Group& group) const {
    std::vector<OwnedDatum> row = group.keys;
    for (size_t i = 0; i < spec_.aggregates.size(); ++i) {
      const expr::Type type = spec_.aggregates[i].of ? values_[i].program.type() : expr::Type();
      row.push_back(group.aggregates[i].Result(spec_.aggregates[i].aggregate, type));
    }
    return row;
  }

  StatusOr<bool> Passes(const std::vector<Value>& row) const {
    for (const Having& having : spec_.having) {
      RELATA_ASSIGN_OR_RETURN(const std::optional<std::partial_ordering> order,
                              Compare(row[having.column], having.value));
      if (!order) return false;
      bool holds = false;
      switch (having.comparison) {
        case expr::Operator::kEqual:
          holds = *order == 0;
          break;
        case expr::Operator::kNotEqual:
          holds = *order != 0;
          break;
        case expr::Operator::kLess:
          holds = *order < 0;
          break;
        case expr::Operator::kLessEqual:
          holds = *order <= 0;
          break;
        case expr::Operator::kGreater:
          holds = *order > 0;
          break;
        case expr::Operator::kGreaterEqual:
          holds = *order >= 0;
          break;
        default:
          return absl::InvalidArgumentError("having compares with = <> < <= > or >=");
      }
      if (!holds) return false;
    }
    return true;
  }

  // Values, those that pass, in order.
  Status Finish(Groups* result) {
    struct Row {
      std::string order;
      std::vector<Value> values;
    };
    std::vector<OrderCode> codes;
    for (const GroupOrder& order : spec_.order) {
      RELATA_ASSIGN_OR_RETURN(
          OrderCode code, OrderCode::Make(types_[order.column], order.descending, order.nulls_first, "", ""));
      codes.push_back(std::move(code));
    }
    std::vector<Row> rows;
    for (size_t g = 0; g < groups_.size(); ++g) {
      RELATA_RETURN_IF_ERROR(execution_.budget()->Tick());
      const std::vector<OwnedDatum> data = RowOf(groups_[g]);
      Row row;
      for (size_t i = 0; i < data.size(); ++i) {
        RELATA_ASSIGN_OR_RETURN(Value value, ToValue(types_[i], data[i].view()));
        row.values.push_back(std::move(value));
      }
      RELATA_ASSIGN_OR_RETURN(const bool passes, Passes(row.values));
      if (!passes) continue;
      for (size_t i = 0; i < codes.size(); ++i) {
        const size_t column = spec_.order[i].column;
        codes[i].Append(types_[column], data[column].view(), &row.order);
      }
      row.order += codes_[g];
      rows.push_back(std::move(row));
    }
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.order < b.order; });
    const size_t count = spec_.limit ? std::min<uint64_t>(*spec_.limit, rows.size()) : rows.size();
    for (size_t i = 0; i < count; ++i) result->rows.push_back(std::move(rows[i].values));
    result->plan = execution_.plan();
    PlanNode node{.step = Step::kGroup,
                  .detail = StrCat("by ", keys_.empty() ? "nothing" : ""),
                  .estimated_rows = static_cast<double>(groups_.size()),
                  .actual_rows = groups_.size()};
    for (size_t i = 0; i < keys_.size(); ++i) StrAppend(&node.detail, i == 0 ? "" : ", ", names_[i]);
    node.inputs.push_back(std::move(result->plan.root));
    result->plan.root = std::move(node);
    return absl::OkStatus();
  }

  Execution& execution_;
  const GroupSpec& spec_;
  std::vector<std::string> names_;
  std::vector<expr::Type> types_;  // of all columns
  std::vector<Column> keys_;
  std::vector<Column> values_;  // of the aggregates; without a program where that counts records
  std::vector<ColumnReader> key_readers_;
  std::vector<std::optional<ColumnReader>> value_readers_;
  absl::flat_hash_map<std::string, size_t> by_code_;
  std::vector<std::string> codes_;
  std::deque<Group> groups_;
};

}  // namespace

StatusOr<Groups> Group(const Source& source, const GroupSpec& spec) {
  QuerySpec records{.entity = spec.entity, .where = spec.where, .where_text = spec.where_text};
  records.parameters = spec.parameters;
  records.select = spec.by;  // checked with the condition, so that every parameter has its place
  for (const AggregateTerm& term : spec.aggregates) {
    if (term.of) records.select.push_back(term.of);
  }
  records.limits = spec.limits;
  records.strategies = spec.strategies;
  const auto begin = std::chrono::steady_clock::now();
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Execution> execution,
                          Execution::Make(source, records, Purpose::kAll));
  StatusOr<Groups> groups = Grouping(execution.get(), spec).Run();
  if (groups.ok()) {
    groups->plan.analyzed = true;
    groups->plan.root.actual_micros = static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin)
            .count());
  }
  return groups;
}

}  // namespace relata::query
