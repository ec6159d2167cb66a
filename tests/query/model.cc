// Fills a store with what the twin has.
#include "tests/query/model.h"

#include <algorithm>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/clock.h"
#include "relata/base/strings.h"
#include "relata/record/record.h"
#include "src/store/store.h"

namespace relata::twin {
namespace {

bool IsReference(ValueType type) {
  return type == ValueType::kReference || type == ValueType::kAnyReference ||
         type == ValueType::kReferenceSet;
}

// Whether a record can be stored first and refer later.
bool CanWait(const FieldSpec& field) {
  return field.type == ValueType::kReferenceSet || (IsReference(field.type) && field.nullable);
}

// One entity's rows: those with everything that cannot wait, then, in a second pass, what could.
Status InsertRows(const TwinSchema& schema, const TwinEntity& entity, const TwinData& data,
                  store::Transaction& tx) {
  const auto& rows = data.Of(entity.name);
  const auto last = data.ids.find(entity.name);
  if (last == data.ids.end() || rows.empty()) return absl::OkStatus();
  for (RecordId id = 1; id <= last->second; ++id) {
    const auto row = rows.find(id);
    Record record(entity.name);
    // A row that is deleted again is a copy of another: it must satisfy what the fields ask.
    const TwinRow& values = row == rows.end() ? rows.begin()->second : row->second;
    for (const FieldSpec& field : entity.fields) {
      if (CanWait(field)) continue;
      record.Set(field.name, ForStore(schema, tx.schema(), values.at(field.name)));
    }
    RELATA_ASSIGN_OR_RETURN(const RecordId given, tx.Insert(record));
    RELATA_CHECK(given == id);
    if (row != rows.end()) continue;
    RELATA_RETURN_IF_ERROR(tx.Delete(*tx.schema().Find(entity.name), id));
  }
  return absl::OkStatus();
}

Status SetReferences(const TwinSchema& schema, const TwinEntity& entity, const TwinData& data,
                     store::Transaction& tx) {
  for (const auto& [id, row] : data.Of(entity.name)) {
    Record record(entity.name, id);
    for (const FieldSpec& field : entity.fields) {
      const Value& value = row.at(field.name);
      if (CanWait(field) && !value.is_null()) record.Set(field.name, ForStore(schema, tx.schema(), value));
    }
    if (!record.fields().empty()) RELATA_RETURN_IF_ERROR(tx.Update(record));
  }
  return absl::OkStatus();
}

}  // namespace

Value ForStore(const TwinSchema& schema, const store::SchemaRuntime& runtime, const Value& value) {
  const RecordRef* ref = value.As<RecordRef>();
  if (ref == nullptr) return value;
  const store::TypeRuntime* type = runtime.Find(schema.ByNumber(ref->type).name);
  RELATA_CHECK(type != nullptr);
  return RecordRef{type->type->id, ref->id};
}

const FieldSpec* TwinEntity::Find(std::string_view field) const {
  for (const FieldSpec& spec : fields) {
    if (spec.name == field) return &spec;
  }
  return nullptr;
}

const FieldSpec* TwinEntity::Parent() const {
  for (const FieldSpec& spec : fields) {
    if (spec.type == ValueType::kReference && spec.targets[0] == name) return &spec;
  }
  return nullptr;
}

const TwinEntity* TwinSchema::Find(std::string_view entity) const {
  for (const TwinEntity& candidate : entities) {
    if (candidate.name == entity) return &candidate;
  }
  return nullptr;
}

const TwinEntity& TwinSchema::At(std::string_view entity) const {
  const TwinEntity* found = Find(entity);
  RELATA_CHECK(found != nullptr);
  return *found;
}

EntityTypeId TwinSchema::NumberOf(std::string_view entity) const {
  return static_cast<EntityTypeId>(&At(entity) - entities.data() + 1);
}

const TwinEntity& TwinSchema::ByNumber(EntityTypeId number) const {
  RELATA_CHECK(1 <= number && number <= entities.size());
  return entities[number - 1U];
}

std::map<std::string, TwinCollection> TwinSchema::CollectionsOf(const TwinEntity& entity) const {
  std::map<std::string, TwinCollection> collections;
  for (const TwinEntity& referrer : entities) {
    for (const FieldSpec& field : referrer.fields) {
      if (std::find(field.targets.begin(), field.targets.end(), entity.name) == field.targets.end()) continue;
      const std::string name = field.inverse.empty() ? referrer.name + "s" : field.inverse;
      collections[name] = {&referrer, &field};
    }
  }
  return collections;
}

TwinCollection TwinSchema::FindCollection(const TwinEntity& entity, std::string_view name) const {
  TwinCollection found;
  for (const TwinEntity& referrer : entities) {
    for (const FieldSpec& field : referrer.fields) {
      if (std::find(field.targets.begin(), field.targets.end(), entity.name) == field.targets.end()) continue;
      const bool same = field.inverse.empty()
                            ? name.ends_with('s') && name.substr(0, name.size() - 1) == referrer.name
                            : name == field.inverse;
      if (same) found = {&referrer, &field};
    }
  }
  return found;
}

Decimal RateOf(Currency currency) {
  // Any will do, as long as it rounds: 1.1731, 0.0061, … by the letters of the code.
  return Decimal{int64_t{currency.packed()} % 17'000 + 61, 4};
}

Money InBaseCurrency(const Money& amount, Currency base) {
  if (amount.currency == base) return amount;
  const Decimal rate = RateOf(amount.currency);
  // minor / 10^from * rate / 10^4 * 10^to, as one fraction.
  __int128 above = static_cast<__int128>(amount.minor) * rate.units;
  __int128 below = 1;
  for (int i = 0; i < base.exponent(); ++i) above *= 10;
  for (int i = 0; i < amount.currency.exponent() + rate.scale; ++i) below *= 10;
  __int128 whole = above / below;
  const __int128 rest = above % below;
  const __int128 twice = (rest < 0 ? -rest : rest) * 2;
  if (twice > below || (twice == below && whole % 2 != 0)) whole += above < 0 ? -1 : 1;
  return Money::Minor(static_cast<int64_t>(whole), base);
}

RecordId TwinData::Add(const std::string& entity, TwinRow row) {
  const RecordId id = ++ids[entity];
  rows[entity][id] = std::move(row);
  return id;
}

const std::map<RecordId, TwinRow>& TwinData::Of(const std::string& entity) const {
  static const std::map<RecordId, TwinRow> kNone;
  const auto found = rows.find(entity);
  return found == rows.end() ? kNone : found->second;
}

void TwinData::Remember(const TwinEntity& entity, RecordId id, Timestamp from) {
  created[entity.name].try_emplace(id, from);
  for (const FieldSpec& field : entity.fields) {
    if (!field.options.history) continue;
    const Value& value = rows[entity.name].at(id).at(field.name);
    std::vector<FormerValue>& list = history[entity.name][{id, field.name}];
    // What lasted no time was not.
    if (!list.empty() && list.back().from == from) list.pop_back();
    if (list.empty() || !(list.back().value == value)) list.push_back({from, value});
  }
}

Value ZeroOf(const FieldSpec& field) {
  if (field.nullable) return Value();
  switch (field.type) {
    case ValueType::kBool:
      return Value(false);
    case ValueType::kInt64:
      return Value(0);
    case ValueType::kDouble:
      return Value(0.0);
    case ValueType::kMoney:
      return Value(Money::Minor(0, field.currency));
    case ValueType::kDate:
      return Value(Date{});
    case ValueType::kTimestamp:
      return Value(Timestamp{});
    case ValueType::kDuration:
      return Value(Duration{});
    case ValueType::kDecimal:
      return Value(Decimal{0, field.scale});
    case ValueType::kPoint:
      return Value(Point{});
    case ValueType::kCurrency:
      return Value(Currency());
    case ValueType::kEnum:
      return Value(field.labels[0]);
    case ValueType::kText:
      return Value("");
    case ValueType::kLabelSet:
    case ValueType::kTextSet:
      return Value(TextSet());
    case ValueType::kReferenceSet:
      return Value(ReferenceSet());
    case ValueType::kReference:
    case ValueType::kAnyReference:
    case ValueType::kObject:
      break;
  }
  return Value();
}

void Complete(const TwinSchema& schema, TwinData* data) {
  for (const TwinEntity& entity : schema.entities) {
    for (auto& [id, row] : data->rows[entity.name]) {
      for (const FieldSpec& field : entity.fields) {
        Value zero = ZeroOf(field);
        // An amount of nothing is so in the record's currency.
        const auto currency = row.find("currency");
        if (zero.As<Money>() != nullptr && field.currency.is_none() && currency != row.end()) {
          zero = Money::Minor(0, *currency->second.As<Currency>());
        }
        row.try_emplace(field.name, std::move(zero));
      }
    }
  }
}

Options TwinOptions(const TwinSchema& schema, std::shared_ptr<Clock> clock) {
  Options options;
  options.map_size = 32 << 20;
  options.max_trees = 512;
  options.durability = Durability::kUnsafe;
  options.clock = std::move(clock);
  options.time_zone = schema.time_zone;
  options.base_currency = schema.base.code();
  options.exchange_rate = [](Currency from, Currency, Date) { return RateOf(from); };
  return options;
}

StatusOr<std::shared_ptr<store::Store>> MakeStore(const TwinSchema& schema, const TwinData& data,
                                                  Timestamp now, const std::string& path) {
  const Options options = TwinOptions(schema, std::make_shared<ManualClock>(now));
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<store::Store> store, store::Store::Open(path, options));
  // Entities first, without what refers to others that may not be there yet.
  for (const TwinEntity& entity : schema.entities) {
    EntitySpec spec{.name = entity.name};
    for (const FieldSpec& field : entity.fields) {
      if (!IsReference(field.type)) spec.fields.push_back(field);
    }
    if (entity.Find(entity.moment) != nullptr) spec.moment = entity.moment;
    RELATA_RETURN_IF_ERROR(
        store->ChangeSchema([&](schema::Catalogue& catalogue) { return catalogue.AddEntity(spec); }));
  }
  for (const TwinEntity& entity : schema.entities) {
    for (const FieldSpec& field : entity.fields) {
      if (!IsReference(field.type)) continue;
      RELATA_RETURN_IF_ERROR(store->ChangeSchema(
          [&](schema::Catalogue& catalogue) { return catalogue.AddField(entity.name, field); }));
    }
    for (const IndexSpec& index : entity.indexes) {
      RELATA_RETURN_IF_ERROR(store->ChangeSchema(
          [&](schema::Catalogue& catalogue) { return catalogue.AddIndex(entity.name, index); }));
    }
  }
  RELATA_RETURN_IF_ERROR(store->Update({}, [&](store::Transaction& tx) -> Status {
    for (const TwinEntity& entity : schema.entities) {
      RELATA_RETURN_IF_ERROR(InsertRows(schema, entity, data, tx));
    }
    for (const TwinEntity& entity : schema.entities) {
      RELATA_RETURN_IF_ERROR(SetReferences(schema, entity, data, tx));
    }
    return absl::OkStatus();
  }));
  return store;
}

}  // namespace relata::twin
