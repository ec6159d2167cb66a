// What names lead to: fields, records behind references, collections.
#include <algorithm>

#include "relata/base/strings.h"
#include "tests/query/naive.h"

namespace relata::twin {
namespace {

std::string Joined(const std::vector<std::string>& names, size_t from, size_t count) {
  std::string joined = names[from];
  for (size_t i = 1; i < count; ++i) joined += "." + names[from + i];
  return joined;
}

bool PointsAt(const TwinSchema& schema, const Value& value, const TwinEntity& entity, RecordId id) {
  if (const Reference* ref = value.As<Reference>()) return ref->id == id;
  if (const RecordRef* ref = value.As<RecordRef>()) {
    return ref->id == id && ref->type == schema.NumberOf(entity.name);
  }
  if (const ReferenceSet* set = value.As<ReferenceSet>()) {
    return std::find(set->begin(), set->end(), id) != set->end();
  }
  return false;
}

}  // namespace

NaiveValue Naive::FieldValue(const TwinEntity& entity, RecordId id, const std::string& field) const {
  if (field == "id") return RecordOf{entity.name, id};
  return OfField(*entity.Find(field), data_.Of(entity.name).at(id).at(field));
}

NaiveValue Naive::OfField(const FieldSpec& spec, const Value& value) const {
  if (value.is_null()) return {};
  switch (spec.type) {
    case ValueType::kBool:
      return *value.As<bool>();
    case ValueType::kInt64:
      return Decimal{*value.As<int64_t>(), 0};
    case ValueType::kDouble:
      return *value.As<double>();
    case ValueType::kMoney:
      // An amount in the record's currency means that in the store's.
      return spec.currency.is_none() ? InBaseCurrency(*value.As<Money>(), schema_.base) : *value.As<Money>();
    case ValueType::kDate:
      return *value.As<Date>();
    case ValueType::kTimestamp:
      return *value.As<Timestamp>();
    case ValueType::kDuration:
      return expr::Interval{0, value.As<Duration>()->micros};
    case ValueType::kDecimal:
      return *value.As<Decimal>();
    case ValueType::kPoint:
      return *value.As<Point>();
    case ValueType::kCurrency:
      return *value.As<Currency>();
    case ValueType::kEnum: {
      const auto at = std::find(spec.labels.begin(), spec.labels.end(), *value.As<std::string>());
      return EnumLabel{&spec, static_cast<size_t>(at - spec.labels.begin())};
    }
    case ValueType::kLabelSet:
      return LabelSet{&spec, *value.As<TextSet>()};
    case ValueType::kReference:
      return RecordOf{spec.targets[0], value.As<Reference>()->id};
    case ValueType::kAnyReference:
      return RecordOf{schema_.ByNumber(value.As<RecordRef>()->type).name, value.As<RecordRef>()->id};
    case ValueType::kText:
      return *value.As<std::string>();
    case ValueType::kTextSet:
      return *value.As<TextSet>();
    case ValueType::kReferenceSet:
      return RecordSetOf{spec.targets[0], *value.As<ReferenceSet>()};
    case ValueType::kObject:
      break;
  }
  throw TypeError{spec.name + " is an object"};
}

size_t Naive::LongestField(const TwinEntity& entity, const std::vector<std::string>& names, size_t from) {
  for (size_t count = names.size() - from; count > 0; --count) {
    const std::string name = Joined(names, from, count);
    if (name == "id" || entity.Find(name) != nullptr) return count;
  }
  return 0;
}

std::optional<NaiveValue> Naive::Follow(const TwinEntity& entity, RecordId id,
                                        const std::vector<std::string>& names) const {
  const TwinEntity* at = &entity;
  for (size_t i = 0;;) {
    const size_t taken = LongestField(*at, names, i);
    if (taken == 0) {
      if (i == 0) return std::nullopt;
      // Of the targets of an any-reference, another one may have it.
      return NaiveValue();
    }
    NaiveValue value = FieldValue(*at, id, Joined(names, i, taken));
    i += taken;
    if (i == names.size() || value.is_null()) return value;
    const RecordOf* record = value.As<RecordOf>();
    if (record == nullptr) throw TypeError{Joined(names, 0, i) + " is no record"};
    at = &schema_.At(record->entity);
    id = record->id;
  }
}

NaiveValue Naive::PathValue(const expr::Path& path) const {
  if (path.outer >= scopes_.size()) throw TypeError{"outer reaches out of the expression"};
  for (size_t i = scopes_.size() - path.outer; i > 0; --i) {
    const Scope& scope = scopes_[i - 1];
    if (std::optional<NaiveValue> value = Follow(*scope.entity, scope.id, path.names)) return *value;
  }
  throw TypeError{"unknown name " + Joined(path.names, 0, path.names.size())};
}

const FieldSpec* Naive::EndOf(const TwinEntity& entity, const std::vector<std::string>& names) const {
  const size_t taken = LongestField(entity, names, 0);
  if (taken == 0) throw TypeError{entity.name + " has no " + Joined(names, 0, names.size())};
  const FieldSpec* field = entity.Find(Joined(names, 0, taken));
  if (taken == names.size() || field == nullptr) return field;
  const std::vector<std::string> rest(names.begin() + static_cast<ptrdiff_t>(taken), names.end());
  // Of the targets of an any-reference those that have the field agree on what it is.
  for (const std::string& target : field->targets) {
    if (LongestField(schema_.At(target), rest, 0) > 0) return EndOf(schema_.At(target), rest);
  }
  throw TypeError{field->name + " has no " + Joined(rest, 0, rest.size())};
}

// The collection that names lead to, perhaps behind references; its records, whatever the condition.
std::optional<Naive::Collected> Naive::Collect(const Scope& scope,
                                               const std::vector<std::string>& names) const {
  const TwinEntity* at = scope.entity;
  NaiveValue record = RecordOf{at->name, scope.id};
  for (size_t i = 0; i < names.size();) {
    if (const TwinCollection collection = schema_.FindCollection(*at, names[i]);
        collection.entity != nullptr) {
      Collected collected{
          collection.entity, {}, {names.begin() + static_cast<ptrdiff_t>(i) + 1, names.end()}};
      if (record.is_null()) return collected;
      for (const auto& [id, row] : data_.Of(collection.entity->name)) {
        if (PointsAt(schema_, row.at(collection.field->name), *at, record.As<RecordOf>()->id)) {
          collected.ids.push_back(id);
        }
      }
      return collected;
    }
    const size_t taken = LongestField(*at, names, i);
    if (taken == 0) break;
    const FieldSpec* field = at->Find(Joined(names, i, taken));
    if (field == nullptr || field->type != ValueType::kReference) break;
    if (!record.is_null()) record = FieldValue(*at, record.As<RecordOf>()->id, field->name);
    at = &schema_.At(field->targets[0]);
    i += taken;
  }
  return std::nullopt;
}

Naive::Collected Naive::Related(const expr::Expr& related, const std::optional<Window>& window) {
  const expr::Path& path = related->path();
  if (path.outer >= scopes_.size()) throw TypeError{"outer reaches out of the expression"};
  std::optional<Collected> all;
  for (size_t i = scopes_.size() - path.outer; i > 0 && !all; --i) all = Collect(scopes_[i - 1], path.names);
  if (!all) throw TypeError{"unknown collection " + Joined(path.names, 0, path.names.size())};
  std::vector<RecordId> kept;
  for (const RecordId id : all->ids) {
    if (window && !Lies(MomentOf(*all->entity, id), *window)) continue;
    if (!related->parts.empty()) {
      if (ToTruth(EvalIn(*all->entity, id, related->parts[0])) != true) continue;
    }
    kept.push_back(id);
  }
  all->ids = std::move(kept);
  return *std::move(all);
}

}  // namespace relata::twin
