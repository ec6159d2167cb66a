// What is not in the rows of now: former values, membership of segments, samples; and consents, read by hand.
#include <algorithm>

#include "src/base/coding.h"
#include "src/base/hash.h"
#include "tests/query/naive.h"

namespace relata::twin {

using expr::Function;

namespace {

std::string FieldOf(const expr::Expr& path) {
  std::string field;
  for (const std::string& name : path->path().names) field += (field.empty() ? "" : ".") + name;
  return field;
}

}  // namespace

// The values since when each began, up to now; where the twin was told none, the present one since the
// beginning.
std::vector<Naive::Former> Naive::FormerValues(const Scope& scope, const FieldSpec& field) const {
  std::vector<Former> former;
  const auto of_entity = data_.history.find(scope.entity->name);
  if (of_entity == data_.history.end()) return former;
  const auto found = of_entity->second.find({scope.id, field.name});
  if (found == of_entity->second.end()) return former;
  for (const FormerValue& value : found->second) {
    if (value.from <= now_) former.push_back({value.from, OfField(field, value.value)});
  }
  return former;
}

Timestamp Naive::CreatedAt(const Scope& scope) const {
  const auto of_entity = data_.created.find(scope.entity->name);
  if (of_entity == data_.created.end()) return now_;
  const auto found = of_entity->second.find(scope.id);
  return found == of_entity->second.end() ? now_ : found->second;
}

NaiveValue Naive::History(Function function, const expr::Node& call) {
  const Scope scope = scopes_.back();
  const std::string name = FieldOf(call.parts[0]);
  const FieldSpec* field = scope.entity->Find(name);
  if (field == nullptr || !field->options.history) throw TypeError{name + " keeps no former values"};
  const std::vector<Former> former = FormerValues(scope, *field);
  const NaiveValue present = FieldValue(*scope.entity, scope.id, name);
  const auto same = [&](const NaiveValue& a, const NaiveValue& b) {
    if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
    return Equal(a, b, zone_) == Truth(true);
  };

  if (function == Function::kChanged) {
    const Window window = WindowBack(call.parts[1]->parts[0]);
    NaiveValue before = present;
    bool known = false;
    for (const Former& entry : former) {
      const bool changed = known ? !same(before, entry.value) : entry.from > CreatedAt(scope);
      if (changed && Lies(entry.from, window)) return true;
      before = entry.value;
      known = true;
    }
    return false;
  }

  const NaiveValue value = Eval(call.parts[1]);
  if (value.is_null()) return {};
  if (function == Function::kWas) {
    return same(present, value) || std::any_of(former.begin(), former.end(),
                                               [&](const Former& entry) { return same(entry.value, value); });
  }
  if (!same(present, value)) return {};
  Timestamp since = CreatedAt(scope);
  bool holds = former.empty();
  for (const Former& entry : former) {
    const bool is_value = same(entry.value, value);
    if (!is_value || !holds) since = entry.from;
    holds = is_value;
  }
  return expr::Interval{0, std::max<int64_t>(0, now_.micros - since.micros)};
}

NaiveValue Naive::Segment(const expr::Node& node) {
  const NaiveValue name = Eval(node.parts[0]);
  const auto segment = schema_.segments.find(*name.As<std::string>());
  if (segment == schema_.segments.end()) throw TypeError{"no segment " + name.ToString()};
  RecordOf record{scopes_.back().entity->name, scopes_.back().id};
  if (node.parts.size() > 1) {
    const NaiveValue x = Eval(node.parts[1]);
    if (x.is_null()) return {};
    record = *x.As<RecordOf>();
  }
  if (record.entity != segment->second.entity) {
    if (node.parts.size() == 1) throw TypeError{record.entity + " in a segment of another type"};
    return false;
  }
  if (data_.Of(record.entity).count(record.id) == 0) return false;
  const auto key = std::pair(segment->first, record.id);
  if (const auto known = members_.find(key); known != members_.end()) return known->second;
  // The other expression is asked as if by itself: it sees nothing of where it is named.
  std::vector<Scope> around = std::move(scopes_);
  scopes_ = {{&schema_.At(record.entity), record.id}};
  const bool member = Condition(segment->second.expression) == Truth(true);
  scopes_ = std::move(around);
  return members_[key] = member;
}

// As src/expr/sample.h tells: a place in [0, 1) for each record, by the hash of its id and the seed.
NaiveValue Naive::Sample(const expr::Node& node) {
  const NaiveValue percent = Eval(node.parts[0]), seed = Eval(node.parts[1]);
  const double share =
      (percent.As<double>() ? *percent.As<double>() : ToDouble(*percent.As<Decimal>())) / 100;
  std::string id(8, 0);
  StoreLE64(id.data(), scopes_.back().id);
  const uint64_t hash = Hash64(id, Hash64(*seed.As<std::string>()));
  return static_cast<double>(hash / 2048) / 9007199254740992.0 < share;
}

// A consent, or another legal basis, that was given and is not withdrawn.
NaiveValue Naive::Consent(const expr::Node& call) {
  const std::string purpose = *Eval(call.parts[0]).As<std::string>();
  const std::string channel = *Eval(call.parts[1]).As<std::string>();
  const std::optional<Collected> consents = Collect(scopes_.back(), {"consents"});
  if (!consents) throw TypeError{scopes_.back().entity->name + " has no consents"};
  for (const RecordId id : consents->ids) {
    const auto& row = data_.Of(consents->entity->name).at(id);
    const Value& by = row.at("channel");
    const Value& withdrawn = row.at("withdrawn_at");
    const bool holds = *row.at("purpose").As<std::string>() == purpose &&
                       (by.is_null() || *by.As<std::string>() == channel) &&
                       *row.at("given_at").As<Timestamp>() <= now_ &&
                       (withdrawn.is_null() || *withdrawn.As<Timestamp>() > now_);
    if (holds) return true;
  }
  return false;
}

}  // namespace relata::twin
