// Defines TwinSchema and TwinData: a schema and its rows held as plainly as can be, in maps by name, beside
// the store that has the same. The naive interpreter (naive.h), SQLite and the store are all filled from
// here, so that none of them gets its rows through another.
//
//   TwinSchema schema{.entities = {{.name = "client", .fields = {{.name = "city"}}}}};
//   TwinData data;
//   data.Add("client", {{"city", "Utrecht"}});
//   StatusOr<std::shared_ptr<store::Store>> store = MakeStore(schema, data, now, path);
//
// Thread safety: plain values. Cost: nothing here is fast.
#ifndef RELATA_TESTS_QUERY_MODEL_H_
#define RELATA_TESTS_QUERY_MODEL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/expr/tree.h"
#include "relata/schema/spec.h"
#include "relata/schema/value.h"
#include "relata/store/options.h"

namespace relata::store {
class SchemaRuntime;
class Store;
}  // namespace relata::store

namespace relata::twin {

struct TwinEntity {
  std::string name;
  std::vector<FieldSpec> fields;
  std::vector<IndexSpec> indexes = {};
  std::string moment = {};

  const FieldSpec* Find(std::string_view field) const;
  // The reference that makes the type a hierarchy: the first that points at the type itself. nullptr: none.
  const FieldSpec* Parent() const;
};

// A collection: the records of `entity` whose reference `field` points at the record that has it.
struct TwinCollection {
  const TwinEntity* entity = nullptr;
  const FieldSpec* field = nullptr;
};

struct TwinSegment {
  std::string entity;
  expr::Expr expression;
};

struct TwinSchema {
  std::vector<TwinEntity> entities;
  std::map<std::string, TwinSegment> segments = {};  // by name
  Currency base = Currency::Eur();
  std::string time_zone = "Europe/Amsterdam";

  // REQUIRES of At: there is one.
  const TwinEntity* Find(std::string_view entity) const;
  const TwinEntity& At(std::string_view entity) const;
  // The number by which a RecordRef in TwinData names an entity: its place, from 1.
  EntityTypeId NumberOf(std::string_view entity) const;
  const TwinEntity& ByNumber(EntityTypeId number) const;
  // All collections of an entity, by name, and the one of this name; its entity is nullptr if there is none.
  std::map<std::string, TwinCollection> CollectionsOf(const TwinEntity& entity) const;
  TwinCollection FindCollection(const TwinEntity& entity, std::string_view name) const;
};

// The units of the base currency for one unit of another, whatever the date. The same for twin and store.
Decimal RateOf(Currency currency);

// An amount in the base currency, at RateOf, rounded half to even: computed here with 128 bits, not by Money.
Money InBaseCurrency(const Money& amount, Currency base);

using TwinRow = std::map<std::string, Value>;  // every field; a null one has the null value

struct FormerValue {
  Timestamp from;
  Value value;
};

struct TwinData {
  std::map<std::string, std::map<RecordId, TwinRow>> rows;  // by entity
  // The values that fields with history have had, oldest first, and when records were made, where not now: by
  // entity, then by record and field. Inserting a record may leave out the entry of a field that is null or a
  // zero; a write at the moment of the last entry replaces that.
  std::map<std::string, std::map<std::pair<RecordId, std::string>, std::vector<FormerValue>>> history = {};
  std::map<std::string, std::map<RecordId, Timestamp>> created = {};
  // How many ids were given out. An id below it without a row was inserted and deleted again.
  std::map<std::string, RecordId> ids;

  RecordId Add(const std::string& entity, TwinRow row);
  const std::map<RecordId, TwinRow>& Of(const std::string& entity) const;
  // Remembers that from this moment on the record's fields with history have the values that they have.
  void Remember(const TwinEntity& entity, RecordId id, Timestamp from);
};

// The value a field has where a row does not name it: null or, where the field cannot be null, its zero.
Value ZeroOf(const FieldSpec& field);
// Names every field of every row.
void Complete(const TwinSchema& schema, TwinData* data);

// Options of a store for the schema: small, kept by no disk, with RateOf for its rates.
Options TwinOptions(const TwinSchema& schema, std::shared_ptr<Clock> clock);

// The twin names entities by their place, the store by its own numbers.
Value ForStore(const TwinSchema& schema, const store::SchemaRuntime& runtime, const Value& value);

// A store at `path` with this schema and these rows under these ids, whose `now` stands still. A record may
// refer to any other: references that can be null are set when all records are there.
StatusOr<std::shared_ptr<store::Store>> MakeStore(const TwinSchema& schema, const TwinData& data,
                                                  Timestamp now, const std::string& path);

}  // namespace relata::twin

#endif  // RELATA_TESTS_QUERY_MODEL_H_
