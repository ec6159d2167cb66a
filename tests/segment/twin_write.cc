// Writes to a twin world, by plain loops over all rows.
#include "tests/segment/twin_write.h"

#include <algorithm>
#include <set>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/store/transaction.h"

namespace relata::twin {
namespace {

using Key = std::pair<std::string, RecordId>;

bool PointsAt(const TwinSchema& schema, const FieldSpec& field, const Value& value, const Key& key) {
  if (std::find(field.targets.begin(), field.targets.end(), key.first) == field.targets.end()) return false;
  if (const Reference* ref = value.As<Reference>()) return ref->id == key.second;
  if (const RecordRef* ref = value.As<RecordRef>()) {
    return *ref == RecordRef{schema.NumberOf(key.first), key.second};
  }
  const ReferenceSet* set = value.As<ReferenceSet>();
  return set != nullptr && std::find(set->begin(), set->end(), key.second) != set->end();
}

// Calls `visit` for each field of each row that points at the record.
template <class F>
void ForReferrers(const TwinSchema& schema, TwinData* data, const Key& key, F visit) {
  for (const TwinEntity& entity : schema.entities) {
    for (const FieldSpec& field : entity.fields) {
      if (field.targets.empty()) continue;
      for (auto& [id, row] : data->rows[entity.name]) {
        Value& value = row.at(field.name);
        if (PointsAt(schema, field, value, key)) visit(entity, id, field, &value);
      }
    }
  }
}

OnDelete OnDeleteOf(const FieldSpec& field) {
  if (field.on_delete) return *field.on_delete;
  const bool may_be_empty = field.nullable || field.type == ValueType::kReferenceSet;
  return may_be_empty ? OnDelete::kClear : OnDelete::kRestrict;
}

// The record and all that its delete takes with it.
std::set<Key> Closure(const TwinSchema& schema, TwinData* data, const Key& first) {
  std::set<Key> gone = {first};
  for (std::vector<Key> next = {first}; !next.empty();) {
    const Key key = next.back();
    next.pop_back();
    ForReferrers(schema, data, key,
                 [&](const TwinEntity& entity, RecordId id, const FieldSpec& field, Value*) {
                   if (OnDeleteOf(field) != OnDelete::kCascade) return;
                   if (gone.insert({entity.name, id}).second) next.emplace_back(entity.name, id);
                 });
  }
  return gone;
}

void Delete(const Key& first, World* world) {
  const std::set<Key> gone = Closure(world->schema, &world->data, first);
  std::set<Key> cleared;
  for (const Key& key : gone) {
    ForReferrers(world->schema, &world->data, key,
                 [&](const TwinEntity& entity, RecordId id, const FieldSpec&, Value* value) {
                   if (gone.count({entity.name, id}) > 0) return;
                   if (const ReferenceSet* set = value->As<ReferenceSet>()) {
                     ReferenceSet kept = *set;
                     std::erase(kept, key.second);
                     *value = kept;
                   } else {
                     *value = Value();
                   }
                   cleared.insert({entity.name, id});
                 });
  }
  // What its fields were is remembered: an undo may bring it back.
  for (const Key& key : gone) world->data.rows[key.first].erase(key.second);
  for (const auto& [entity, id] : cleared) world->data.Remember(world->schema.At(entity), id, world->now);
}

RecordId SomeRecord(const World& world, const std::string& entity, Random* random, RecordId below = 0) {
  const auto& rows = world.data.Of(entity);
  std::vector<RecordId> ids;
  for (const auto& [id, row] : rows) {
    if (below == 0 || id < below) ids.push_back(id);
  }
  return ids.empty() ? 0 : random->Of(ids);
}

}  // namespace

std::optional<Write> SomeInsert(const World& world, const TwinEntity& entity, Random* random) {
  const auto given = world.data.ids.find(entity.name);
  Write write{ChangeKind::kInsert, entity.name, given == world.data.ids.end() ? 1 : given->second + 1, {}};
  const ValueMaker values(
      world.schema, TimeZone::Load(world.schema.time_zone)->LocalDate(world.now), random,
      [&](const FieldSpec&, const std::string& target) { return SomeRecord(world, target, random); });
  if (entity.Find("currency") != nullptr) write.row["currency"] = values.AnyCurrency();
  for (const FieldSpec& field : entity.fields) {
    if (field.name == "currency") continue;
    Value value = field.nullable && random->Chance(20) ? Value() : values.Any(field, write.row);
    if (value.is_null() && !field.nullable) return std::nullopt;
    write.row[field.name] = std::move(value);
  }
  return write;
}

std::optional<Write> SomeWrite(const World& world, Random* random) {
  const TwinEntity& entity = random->Of(world.schema.entities);
  const auto& rows = world.data.Of(entity.name);
  const size_t choice = random->Below(100);
  // A world neither dies out nor grows for ever.
  if (rows.empty() || choice < (rows.size() > 12 ? 5U : 25U)) return SomeInsert(world, entity, random);
  const RecordId id = SomeRecord(world, entity.name, random);
  if (choice >= (rows.size() > 12 ? 75U : 85U)) return Write{ChangeKind::kDelete, entity.name, id, {}};
  Write write{ChangeKind::kUpdate, entity.name, id, {}};
  // Upwards only, so that there are no rings.
  const ValueMaker values(world.schema, TimeZone::Load(world.schema.time_zone)->LocalDate(world.now), random,
                          [&](const FieldSpec& field, const std::string& target) {
                            return SomeRecord(world, target, random, field.name == "parent" ? id : 0);
                          });
  TwinRow row = rows.at(id);
  const auto set = [&](const FieldSpec& field) {
    Value value = field.nullable && random->Chance(20) ? Value() : values.Any(field, row);
    if (value.is_null() && !field.nullable) return;
    row[field.name] = write.row[field.name] = std::move(value);
  };
  for (size_t count = 1 + random->Below(3); count > 0; --count) {
    const FieldSpec& field = random->Of(entity.fields);
    if (field.name != "currency") {
      set(field);
      continue;
    }
    row[field.name] = write.row[field.name] = values.AnyCurrency();
    for (const FieldSpec& other : entity.fields) {
      if (other.type == ValueType::kMoney && other.currency.is_none()) set(other);
    }
  }
  return write.row.empty() ? std::nullopt : std::optional<Write>(std::move(write));
}

Record ToRecord(const Write& write, const TwinSchema& schema, const Reader& reader) {
  Record record(write.entity, write.kind == ChangeKind::kInsert ? 0 : write.id);
  for (const auto& [name, value] : write.row) {
    record.Set(name, ForStore(schema, reader.store_reader().schema(), value));
  }
  return record;
}

Status Execute(const Write& write, const TwinSchema& schema, Transaction& tx) {
  switch (write.kind) {
    case ChangeKind::kInsert: {
      RELATA_ASSIGN_OR_RETURN(const RecordId id, tx.Insert(ToRecord(write, schema, tx)));
      return id == write.id ? absl::OkStatus() : absl::InternalError(StrCat("id ", id));
    }
    case ChangeKind::kUpdate:
      return tx.Update(ToRecord(write, schema, tx));
    case ChangeKind::kDelete:
      return tx.Delete(write.entity, write.id);
  }
  return absl::InternalError("an unknown kind of write");
}

void Apply(const Write& write, World* world) {
  const TwinEntity& entity = world->schema.At(write.entity);
  switch (write.kind) {
    case ChangeKind::kInsert:
      RELATA_CHECK(world->data.Add(write.entity, write.row) == write.id);
      break;
    case ChangeKind::kUpdate:
      for (const auto& [name, value] : write.row) world->data.rows[write.entity].at(write.id)[name] = value;
      break;
    case ChangeKind::kDelete:
      Delete({write.entity, write.id}, world);
      return;
  }
  world->data.Remember(entity, write.id, world->now);
}

void PutBack(const TwinData& former, World* world) {
  for (const TwinEntity& entity : world->schema.entities) {
    auto& rows = world->data.rows[entity.name];
    const auto& as_they_were = former.Of(entity.name);
    std::erase_if(rows, [&](const auto& row) { return as_they_were.count(row.first) == 0; });
    for (const auto& [id, row] : as_they_were) {
      rows[id] = row;
      world->data.Remember(entity, id, world->now);
    }
  }
}

Refusal RefusalOf(const Write& write, const World& world) {
  if (write.kind != ChangeKind::kDelete) return Refusal::kMustNot;
  TwinData data = world.data;
  const std::set<Key> gone = Closure(world.schema, &data, {write.entity, write.id});
  Refusal refusal = Refusal::kMustNot;
  for (const Key& key : gone) {
    ForReferrers(world.schema, &data, key,
                 [&](const TwinEntity& entity, RecordId id, const FieldSpec& field, Value*) {
                   if (OnDeleteOf(field) != OnDelete::kRestrict || refusal == Refusal::kMust) return;
                   refusal = gone.count({entity.name, id}) > 0 ? Refusal::kMay : Refusal::kMust;
                 });
  }
  return refusal;
}

std::string ToString(const Write& write) {
  std::string text = StrCat(write.kind == ChangeKind::kInsert   ? "insert "
                            : write.kind == ChangeKind::kUpdate ? "update "
                                                                : "delete ",
                            write.entity, " ", write.id);
  for (const auto& [name, value] : write.row) StrAppend(&text, " ", name, "=", value.ToString());
  return text;
}

}  // namespace relata::twin
