// What is asked of many records: related ones, those above and below, all of a type.
#include <algorithm>
#include <cmath>
#include <set>

#include "relata/base/strings.h"
#include "tests/query/calendar.h"
#include "tests/query/naive.h"

namespace relata::twin {

using expr::Function;
using expr::Node;

NaiveValue Naive::MomentOf(const TwinEntity& entity, RecordId id) const {
  if (entity.moment.empty()) throw TypeError{entity.name + " has no moment"};
  return FieldValue(entity, id, entity.moment);
}

NaiveValue Naive::Aggregate(Function function, const Node& call, const std::optional<Window>& window) {
  const Collected collected = Related(call.parts[0], window);
  switch (function) {
    case Function::kExists:
    case Function::kAny:
      return !collected.ids.empty();
    case Function::kNone:
      return collected.ids.empty();
    case Function::kAll:
      return std::all_of(collected.ids.begin(), collected.ids.end(), [&](RecordId id) {
        return ToTruth(EvalIn(*collected.entity, id, call.parts[1])) == Truth(true);
      });
    case Function::kCount:
      if (collected.rest.empty()) return Decimal{static_cast<int64_t>(collected.ids.size()), 0};
      break;
    case Function::kFirst:
    case Function::kLast:
      return FirstOrLast(collected, function == Function::kLast);
    default:
      break;
  }
  std::vector<NaiveValue> values;
  for (const RecordId id : collected.ids) {
    const std::optional<NaiveValue> value = collected.rest.empty()
                                                ? RecordOf{collected.entity->name, id}
                                                : Follow(*collected.entity, id, collected.rest);
    if (!value) throw TypeError{collected.entity->name + " has no " + collected.rest[0]};
    if (!value->is_null()) values.push_back(*value);
  }
  switch (function) {
    case Function::kCount:
      return Decimal{static_cast<int64_t>(values.size()), 0};
    case Function::kSum:
      return Sum(collected, values);
    case Function::kAvg:
      return Average(values);
    case Function::kMin:
      return Extreme(values, -1);
    case Function::kMax:
      return Extreme(values, 1);
    default: {
      std::vector<NaiveValue> different;
      for (const NaiveValue& value : values) {
        const bool known = std::any_of(different.begin(), different.end(), [&](const NaiveValue& other) {
          return Equal(value, other, zone_) == Truth(true);
        });
        if (!known) different.push_back(value);
      }
      return Decimal{static_cast<int64_t>(different.size()), 0};
    }
  }
}

// The zero of the field, where there is nothing to add; null where the end does not fit.
NaiveValue Naive::Sum(const Collected& collected, const std::vector<NaiveValue>& values) const {
  const FieldSpec* field = EndOf(*collected.entity, collected.rest);
  if (field == nullptr) throw TypeError{"a sum of ids"};
  switch (field->type) {
    case ValueType::kInt64:
    case ValueType::kDecimal:
    case ValueType::kMoney:
    case ValueType::kDuration: {
      __int128 sum = 0;
      for (const NaiveValue& value : values) {
        if (const Decimal* exact = value.As<Decimal>()) sum += exact->units;
        if (const Money* money = value.As<Money>()) sum += money->minor;
        if (const expr::Interval* interval = value.As<expr::Interval>()) sum += interval->micros;
      }
      const std::optional<int64_t> fits = RoundedQuotient(sum, 1);
      if (!fits) return {};
      if (field->type == ValueType::kDuration) return expr::Interval{0, *fits};
      if (field->type != ValueType::kMoney) {
        return Decimal{*fits, field->type == ValueType::kDecimal ? field->scale : uint8_t{0}};
      }
      return Money::Minor(*fits, field->currency.is_none() ? schema_.base : field->currency);
    }
    case ValueType::kDouble: {
      double sum = 0;
      for (const NaiveValue& value : values) sum += *value.As<double>();
      return std::isfinite(sum) ? NaiveValue(sum) : NaiveValue();
    }
    default:
      throw TypeError{"a sum of " + field->name};
  }
}

NaiveValue Naive::Average(const std::vector<NaiveValue>& values) const {
  if (values.empty()) return {};
  const auto count = static_cast<int64_t>(values.size());
  if (values[0].As<double>()) {
    double sum = 0;
    for (const NaiveValue& value : values) sum += *value.As<double>();
    return std::isfinite(sum) ? NaiveValue(sum / static_cast<double>(count)) : NaiveValue();
  }
  __int128 sum = 0;
  for (const NaiveValue& value : values) {
    if (const Money* money = value.As<Money>()) {
      sum += money->minor;
    } else if (const Decimal* exact = value.As<Decimal>()) {
      sum += exact->units;
    } else {
      throw TypeError{"an average of " + value.ToString()};
    }
  }
  if (const Money* money = values[0].As<Money>()) {
    return Money::Minor(*RoundedQuotient(sum, count), money->currency);
  }
  const __int128 below = count * PowerOfTen(values[0].As<Decimal>()->scale);
  return static_cast<double>(sum) / static_cast<double>(below);
}

NaiveValue Naive::Extreme(const std::vector<NaiveValue>& values, int sign) const {
  NaiveValue extreme;
  for (const NaiveValue& value : values) {
    if (extreme.is_null() || *Compare(value, extreme, zone_) * sign > 0) extreme = value;
  }
  return extreme;
}

// By moment, a record without one before all others, then by id; those without the value are passed over.
NaiveValue Naive::FirstOrLast(const Collected& collected, bool last) const {
  struct Found {
    NaiveValue moment, value;
  };
  // Whether a moment lies after another; records come by ascending id.
  const auto after = [&](const NaiveValue& a, const NaiveValue& b) {
    return a.is_null() || b.is_null() ? b.is_null() && !a.is_null() : *Compare(a, b, zone_) > 0;
  };
  std::optional<Found> found;
  for (const RecordId id : collected.ids) {
    const std::optional<NaiveValue> value = collected.rest.empty()
                                                ? RecordOf{collected.entity->name, id}
                                                : Follow(*collected.entity, id, collected.rest);
    if (!value) throw TypeError{collected.entity->name + " has no " + collected.rest[0]};
    if (value->is_null()) continue;
    const TwinEntity& entity = *collected.entity;
    const NaiveValue moment = entity.moment.empty() ? NaiveValue() : MomentOf(entity, id);
    const bool better = !found || (last ? !after(found->moment, moment) : after(found->moment, moment));
    if (better) found = Found{moment, *value};
  }
  return found ? found->value : NaiveValue();
}

// An aggregate over the last span of time, minus the same over the span before it.
NaiveValue Naive::Trend(const Node& call) {
  const Node& aggregate = *call.parts[0];
  if (aggregate.kind != expr::Kind::kCall) throw TypeError{"a trend of no aggregate"};
  const NaiveValue interval = Eval(call.parts[1]);
  const expr::Interval span = *interval.As<expr::Interval>();
  const NaiveValue late = Aggregate(aggregate.function(), aggregate, Window{Back(span, 1), Back(span, 0)});
  const NaiveValue early = Aggregate(aggregate.function(), aggregate, Window{Back(span, 2), Back(span, 1)});
  return Subtract(late, early, zone_);
}

std::vector<NaiveValue> Naive::MomentsOf(const expr::Expr& related) {
  std::vector<NaiveValue> moments;
  const Collected collected = Related(related, std::nullopt);
  for (const RecordId id : collected.ids) moments.push_back(MomentOf(*collected.entity, id));
  return moments;
}

NaiveValue Naive::Activity(Function function, const Node& call) {
  const std::vector<NaiveValue> moments = MomentsOf(call.parts[0]);
  const auto some = [&](auto holds) { return std::any_of(moments.begin(), moments.end(), holds); };
  // Nulls are before nothing.
  const auto before = [&](const NaiveValue& a, const NaiveValue& b) {
    const std::optional<int> order = Compare(a, b, zone_);
    return order && *order < 0;
  };
  if (function == Function::kFollowedBy) {
    const std::vector<NaiveValue> later = MomentsOf(call.parts[1]);
    const NaiveValue length = Eval(call.parts[2]->parts[0]);
    return some([&](const NaiveValue& first) {
      return std::any_of(later.begin(), later.end(), [&](const NaiveValue& then) {
        const std::optional<int> near = Compare(then, Add(first, length, zone_), zone_);
        return before(first, then) && near && *near <= 0;
      });
    });
  }
  if (function == Function::kRestarted) {
    const NaiveValue pause = Eval(call.parts[1]);
    const Window window = WindowBack(call.parts[2]->parts[0]);
    return some([&](const NaiveValue& start) {
      const NaiveValue edge = Subtract(start, pause, zone_);
      return Lies(start, window) && some([&](const NaiveValue& m) { return before(m, edge); }) &&
             !some([&](const NaiveValue& m) {
               return Lies(m, {edge, start});
             });
    });
  }
  const bool stopped = function == Function::kStopped;
  const Window window = WindowBack(stopped ? call.parts[1] : call.parts[1]->parts[0]);
  const bool earlier = some([&](const NaiveValue& m) { return before(m, window.from); });
  const bool inside = some([&](const NaiveValue& m) { return Lies(m, window); });
  return stopped ? earlier && !inside : inside && !earlier;
}

NaiveValue Naive::Hierarchy(Function function, const Node& call) {
  const Scope scope = scopes_.back();
  const FieldSpec* parent = scope.entity->Parent();
  if (parent == nullptr) throw TypeError{scope.entity->name + " is no hierarchy"};
  const NaiveValue other = Eval(call.parts[0]);
  if (other.is_null()) return {};
  RecordOf of;
  if (const Decimal* id = other.As<Decimal>()) of = {scope.entity->name, static_cast<RecordId>(id->units)};
  if (const RecordOf* record = other.As<RecordOf>()) of = *record;
  // Whether `above` stands above `below`, at most `steps` higher.
  const auto above = [&](RecordId upper, RecordId lower, int steps) {
    std::set<RecordId> seen;
    const auto& rows = data_.Of(scope.entity->name);
    while (steps-- > 0 && seen.insert(lower).second && rows.count(lower) > 0) {
      const NaiveValue next = FieldValue(*scope.entity, lower, parent->name);
      if (next.is_null()) return false;
      lower = next.As<RecordOf>()->id;
      if (lower == upper) return true;
    }
    return false;
  };
  constexpr int kAny = 1'000'000;
  if (function == Function::kAncestorOf) return above(scope.id, of.id, kAny);
  return above(of.id, scope.id, function == Function::kChildOf ? 1 : kAny);
}

const std::vector<Naive::Ranked>& Naive::Population(const Node& node, const TwinEntity& entity,
                                                    const expr::Expr& by,
                                                    const std::vector<expr::Expr>& per) {
  const auto key = std::pair(&node, entity.name);
  if (const auto known = ranks_.find(key); known != ranks_.end()) return known->second;
  std::vector<Ranked> all;
  // A record is ranked by what it is, wherever the question stands.
  const std::vector<Scope> around = std::exchange(scopes_, {});
  for (const auto& [id, row] : data_.Of(entity.name)) {
    Ranked ranked{id, EvalIn(entity, id, by), {}};
    for (const expr::Expr& part : per) ranked.per.push_back(EvalIn(entity, id, part));
    all.push_back(std::move(ranked));
  }
  scopes_ = around;
  return ranks_[key] = std::move(all);
}

// Among those of the same group, fewer than `count` stand before it: of a greater value, or an equal one and
// a smaller id.
NaiveValue Naive::Top(const Node& node) {
  const std::vector<expr::Expr> per(node.parts.begin() + 2, node.parts.end());
  const Scope scope = scopes_.back();
  const auto& all = Population(node, *scope.entity, node.parts[1], per);
  const int64_t count = Eval(node.parts[0]).As<Decimal>()->units;
  const Ranked& self =
      *std::find_if(all.begin(), all.end(), [&](const Ranked& r) { return r.id == scope.id; });
  if (self.by.is_null()) return false;
  int64_t before = 0;
  for (const Ranked& other : all) {
    if (other.by.is_null()) continue;
    bool same_group = true;
    for (size_t i = 0; i < per.size(); ++i) {
      const NaiveValue &a = self.per[i], &b = other.per[i];
      same_group = same_group && (a.is_null() || b.is_null() ? a.is_null() == b.is_null()
                                                             : Equal(a, b, zone_) == Truth(true));
    }
    const int order = *Compare(other.by, self.by, zone_);
    if (same_group && (order > 0 || (order == 0 && other.id < self.id))) ++before;
  }
  return before < count;
}

// The share of those that have the value at or below this one's.
NaiveValue Naive::Percentile(const Node& node) {
  const Scope scope = scopes_.back();
  const auto& all = Population(node, *scope.entity, node.parts[0], {});
  const Ranked& self =
      *std::find_if(all.begin(), all.end(), [&](const Ranked& r) { return r.id == scope.id; });
  if (self.by.is_null()) return {};
  int64_t with = 0, below = 0;
  for (const Ranked& other : all) {
    if (other.by.is_null()) continue;
    ++with;
    if (*Compare(other.by, self.by, zone_) <= 0) ++below;
  }
  return static_cast<double>(below) / static_cast<double>(with);
}

}  // namespace relata::twin
