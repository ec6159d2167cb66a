// Random schemas and rows.
#include <algorithm>

#include "relata/base/strings.h"
#include "tests/query/generate.h"

namespace relata::twin {
namespace {

constexpr const char* kNames[] = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta"};
constexpr const char* kZones[] = {"Europe/Amsterdam", "Europe/Amsterdam", "America/New_York", "UTC"};

class Maker {
 public:
  Maker(Random* random, size_t most_rows) : random_(*random), most_rows_(most_rows) {}

  World Make() {
    world_.now = Timestamp::Parse(random_.Of(kMoments)).value();
    world_.schema.time_zone = random_.Of(kZones);
    today_ = TimeZone::Load(world_.schema.time_zone)->LocalDate(world_.now);
    const size_t entities = 3 + random_.Below(4);
    for (size_t i = 0; i < entities; ++i) world_.schema.entities.push_back({.name = kNames[i]});
    for (TwinEntity& entity : world_.schema.entities) AddFields(&entity);
    for (size_t i = 0; i < entities; ++i) {
      // A type without rows is a case of its own.
      ids_.push_back(random_.Chance(8) ? 0 : 1 + random_.Below(most_rows_));
    }
    for (size_t i = 0; i < entities; ++i) {
      for (const FieldSpec& field : world_.schema.entities[i].fields) {
        const bool needed = field.type == ValueType::kReference && !field.nullable;
        if (needed && ids_[world_.schema.NumberOf(field.targets[0]) - 1U] == 0) ids_[i] = 0;
      }
    }
    for (size_t i = 0; i < entities; ++i) AddRows(world_.schema.entities[i], ids_[i]);
    return std::move(world_);
  }

 private:
  FieldSpec Field(const std::string& name, ValueType type) {
    FieldSpec field{.name = name, .type = type, .nullable = random_.Chance(65)};
    if (type == ValueType::kDecimal) field.scale = static_cast<uint8_t>(1 + random_.Below(3));
    if (type == ValueType::kMoney && !name.starts_with("amount")) {
      constexpr const char* kCurrencies[] = {"EUR", "EUR", "USD", "JPY"};
      field.currency = Currency::Parse(random_.Of(kCurrencies)).value();
    }
    if (type == ValueType::kEnum || type == ValueType::kLabelSet) {
      field.labels = {"low", "middle", "high", "zero"};
      field.labels.resize(2 + random_.Below(3));
    }
    return field;
  }

  void AddFields(TwinEntity* entity) {
    auto& fields = entity->fields;
    const auto some = [&](const std::string& stem, ValueType type, size_t least, size_t most) {
      const size_t count = least + random_.Below(most - least + 1);
      // One in a group, as of a nested struct.
      for (size_t i = 1; i <= count; ++i)
        fields.push_back(Field(i == 3 ? "part." + stem : StrCat(stem, i), type));
    };
    some("flag", ValueType::kBool, 1, 2);
    some("int", ValueType::kInt64, 1, 3);
    some("huge", ValueType::kInt64, 0, 1);
    some("real", ValueType::kDouble, 0, 2);
    some("dec", ValueType::kDecimal, 1, 3);
    some("price", ValueType::kMoney, 1, 2);
    some("date", ValueType::kDate, 1, 2);
    some("at", ValueType::kTimestamp, 1, 2);
    some("length", ValueType::kDuration, 0, 2);
    some("place", ValueType::kPoint, 0, 2);
    some("level", ValueType::kEnum, 1, 2);
    some("labels", ValueType::kLabelSet, 0, 1);
    some("text", ValueType::kText, 1, 3);
    some("words", ValueType::kTextSet, 0, 1);
    if (random_.Chance(60)) {
      fields.push_back({.name = "currency", .type = ValueType::kCurrency, .nullable = false});
      some("amount", ValueType::kMoney, 1, 2);
    } else {
      some("money", ValueType::kCurrency, 0, 1);
    }
    if (random_.Chance(60)) AddReference(entity, "parent", ValueType::kReference, entity->name);
    some("ref", ValueType::kReference, 1, 2);
    for (FieldSpec& field : fields) {
      if (field.type == ValueType::kReference && field.targets.empty()) Target(entity, &field, "");
    }
    if (random_.Chance(30)) AddReference(entity, "any", ValueType::kAnyReference, "");
    if (random_.Chance(30)) AddReference(entity, "refs", ValueType::kReferenceSet, "");
    if (random_.Chance(80)) entity->moment = random_.Chance(50) ? "date1" : "at1";
    AddIndexes(entity);
  }

  void Target(const TwinEntity* entity, FieldSpec* field, const std::string& target) {
    const auto& entities = world_.schema.entities;
    field->targets = {target.empty() ? random_.Of(entities).name : target};
    if (field->type == ValueType::kAnyReference) {
      const std::string& other = random_.Of(entities).name;
      if (other != field->targets[0]) field->targets.push_back(other);
    }
    // What cannot be null must find its record when it is stored: an earlier type.
    const bool earlier = field->targets[0] != entity->name && field->targets.size() == 1 &&
                         world_.schema.NumberOf(field->targets[0]) < world_.schema.NumberOf(entity->name);
    if (!earlier) field->nullable = true;
    if (field->type == ValueType::kReferenceSet) field->nullable = false;
    field->inverse = StrCat("rel", ++inverses_);
  }

  void AddReference(TwinEntity* entity, const std::string& name, ValueType type, const std::string& target) {
    FieldSpec field{.name = name, .type = type};
    Target(entity, &field, target);
    entity->fields.push_back(std::move(field));
  }

  // Indexes for planners to choose from.
  void AddIndexes(TwinEntity* entity) {
    std::vector<std::string> plain;
    for (const FieldSpec& field : entity->fields) {
      switch (field.type) {
        case ValueType::kInt64:
        case ValueType::kDecimal:
        case ValueType::kMoney:
        case ValueType::kDate:
        case ValueType::kTimestamp:
        case ValueType::kText:
        case ValueType::kEnum:
          plain.push_back(field.name);
          break;
        default:
          break;
      }
    }
    for (size_t i = 0; i < plain.size(); ++i) std::swap(plain[i], plain[random_.Below(plain.size())]);
    for (size_t i = 0; i + 1 < plain.size() && i < 4; ++i) {
      IndexSpec index{.parts = {random_.Chance(30) ? "-" + plain[i] : plain[i]}};
      if (random_.Chance(40)) index.parts.push_back(plain[i + 1]);
      entity->indexes.push_back(std::move(index));
    }
    if (entity->moment.empty()) return;
    for (const FieldSpec& field : entity->fields) {
      if (field.type == ValueType::kReference)
        entity->indexes.push_back({.parts = {field.name, entity->moment}});
    }
  }

  void AddRows(const TwinEntity& entity, size_t count) {
    const ValueMaker values(
        world_.schema, today_, &random_,
        [&](const FieldSpec& field, const std::string& target) { return Refer(entity, field, target); });
    for (size_t i = 0; i < count; ++i) {
      TwinRow row;
      if (const FieldSpec* currency = entity.Find("currency")) {
        row[currency->name] = values.AnyCurrency();
      }
      for (const FieldSpec& field : entity.fields) {
        if (field.name == "currency") continue;
        const bool null = field.nullable && random_.Chance(20);
        row[field.name] = null ? Value() : values.Any(field, row);
      }
      world_.data.Add(entity.name, std::move(row));
    }
    // Ids without a record, as deleted ones leave them; never the last record of those that must be found.
    auto& rows = world_.data.rows[entity.name];
    if (rows.size() > 3 && random_.Chance(50)) Erase(entity, 1 + random_.Below(rows.size()));
  }

  // Nothing refers to what is gone: later rows are made after this.
  void Erase(const TwinEntity& entity, RecordId id) {
    world_.data.rows[entity.name].erase(id);
    gone_[entity.name] = id;
    for (auto& [name, rows] : world_.data.rows) {
      for (auto& [row_id, row] : rows) {
        for (const FieldSpec& field : world_.schema.At(name).fields)
          Forget(field, entity, id, &row[field.name]);
      }
    }
  }

  void Forget(const FieldSpec& field, const TwinEntity& entity, RecordId id, Value* value) {
    if (std::find(field.targets.begin(), field.targets.end(), entity.name) == field.targets.end()) return;
    const Reference* ref = value->As<Reference>();
    const RecordRef* any = value->As<RecordRef>();
    const bool gone = (ref != nullptr && ref->id == id) ||
                      (any != nullptr && *any == RecordRef{world_.schema.NumberOf(entity.name), id});
    if (gone) *value = Value();
    if (const ReferenceSet* set = value->As<ReferenceSet>()) {
      ReferenceSet kept = *set;
      kept.erase(std::remove(kept.begin(), kept.end(), id), kept.end());
      *value = kept;
    }
  }

  // A record of the entity that is there, or will be; 0 if there is none.
  RecordId Some(const std::string& entity) {
    const size_t count = ids_[world_.schema.NumberOf(entity) - 1U];
    if (count == 0) return 0;
    const RecordId id = 1 + random_.Below(count);
    const auto gone = gone_.find(entity);
    return gone != gone_.end() && gone->second == id ? 0 : id;
  }

  RecordId FirstOf(const std::string& entity) {
    const auto& rows = world_.data.Of(entity);
    return rows.empty() ? 0 : rows.begin()->first;
  }

  RecordId Refer(const TwinEntity& entity, const FieldSpec& field, const std::string& target) {
    if (field.name == "parent") {
      // Upwards only, so that there are no rings.
      const auto& rows = world_.data.Of(entity.name);
      if (rows.empty()) return 0;
      auto above = rows.begin();
      std::advance(above, static_cast<ptrdiff_t>(random_.Below(rows.size())));
      return above->first;
    }
    const RecordId id = Some(target);
    // Where it must not be null, any other record of the type will do.
    return id == 0 && field.type == ValueType::kReference && !field.nullable ? FirstOf(target) : id;
  }

  Random& random_;
  size_t most_rows_;
  World world_;
  Date today_;
  int inverses_ = 0;
  std::vector<size_t> ids_;
  std::map<std::string, RecordId> gone_;
};

}  // namespace

World MakeWorld(Random* random, size_t most_rows) { return Maker(random, most_rows).Make(); }

}  // namespace relata::twin
