// Makes rows for a host of groups: those that pass, in order, up to the limit.
#include <algorithm>
#include <compare>
#include <numeric>
#include <optional>
#include <utility>

#include "relata/base/strings.h"
#include "src/query/grouping.h"
#include "src/query/host_values.h"

namespace relata::query {

namespace {

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

StatusOr<bool> Holds(const Having& having, const Value& value) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::partial_ordering> order, Compare(value, having.value));
  if (!order) return false;
  switch (having.comparison) {
    case expr::Operator::kEqual:
      return *order == 0;
    case expr::Operator::kNotEqual:
      return *order != 0;
    case expr::Operator::kLess:
      return *order < 0;
    case expr::Operator::kLessEqual:
      return *order <= 0;
    case expr::Operator::kGreater:
      return *order > 0;
    case expr::Operator::kGreaterEqual:
      return *order >= 0;
    default:
      return absl::InvalidArgumentError("having compares with = <> < <= > or >=");
  }
}

// The place of each of a column's values in their order; equal ones share it.
std::vector<uint32_t> RanksOf(const GroupColumn& column, const expr::Type& type, const OrderCode& code) {
  std::vector<std::pair<std::string, uint32_t>> sorted(column.values.size());
  for (uint32_t i = 0; i < sorted.size(); ++i) {
    code.Append(type, column.values[i].view(), &sorted[i].first);
    sorted[i].second = i;
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<uint32_t> ranks(sorted.size());
  uint32_t rank = 0;
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0 && sorted[i].first != sorted[i - 1].first) ++rank;
    ranks[sorted[i].second] = rank;
  }
  return ranks;
}

struct Term {
  const GroupColumn* column;
  std::vector<uint32_t> ranks;
};

// What the order asks, then the keys: no two groups are equal.
StatusOr<std::vector<Term>> TermsOf(const PreparedGroups& groups, const GroupTable& table) {
  std::vector<Term> terms;
  const auto add = [&](size_t column, const OrderCode& code) {
    terms.push_back({&table.columns[column], RanksOf(table.columns[column], groups.types[column], code)});
  };
  for (const GroupOrder& order : groups.spec->order) {
    RELATA_ASSIGN_OR_RETURN(
        const OrderCode code,
        OrderCode::Make(groups.types[order.column], order.descending, order.nulls_first, "", ""));
    add(order.column, code);
  }
  for (size_t key = 0; key < groups.keys.size(); ++key) add(key, OrderCode());
  return terms;
}

void Sort(const std::vector<Term>& terms, std::vector<uint32_t>* order) {
  std::sort(order->begin(), order->end(), [&](uint32_t a, uint32_t b) {
    for (const Term& term : terms) {
      const uint32_t x = term.ranks[term.column->IndexOf(a)];
      const uint32_t y = term.ranks[term.column->IndexOf(b)];
      if (x != y) return x < y;
    }
    return false;
  });
}

}  // namespace

StatusOr<std::vector<std::vector<Value>>> RowsOf(const PreparedGroups& groups, const GroupTable& table,
                                                 Budget* budget) {
  const size_t columns = table.columns.size();
  std::vector<std::vector<Value>> values(columns);
  for (size_t i = 0; i < columns; ++i) {
    const HostValues host(groups.types[i]);
    values[i].reserve(table.columns[i].values.size());
    for (const OwnedDatum& datum : table.columns[i].values) {
      RELATA_RETURN_IF_ERROR(budget->Tick());
      RELATA_ASSIGN_OR_RETURN(Value value, host.Of(datum.view()));
      values[i].push_back(std::move(value));
    }
  }
  std::vector<uint32_t> order;
  for (uint32_t g = 0; g < table.size; ++g) {
    bool passes = true;
    for (const Having& having : groups.spec->having) {
      RELATA_ASSIGN_OR_RETURN(passes,
                              Holds(having, values[having.column][table.columns[having.column].IndexOf(g)]));
      if (!passes) break;
    }
    if (passes) order.push_back(g);
  }
  RELATA_ASSIGN_OR_RETURN(const std::vector<Term> terms, TermsOf(groups, table));
  Sort(terms, &order);
  if (groups.spec->limit && *groups.spec->limit < order.size()) order.resize(*groups.spec->limit);

  std::vector<std::vector<Value>> rows(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    rows[i].reserve(columns);
    for (size_t c = 0; c < columns; ++c) {
      Value& value = values[c][table.columns[c].IndexOf(order[i])];
      const bool own = table.columns[c].of.empty();
      own ? rows[i].push_back(std::move(value)) : rows[i].push_back(value);
    }
  }
  return rows;
}

}  // namespace relata::query
