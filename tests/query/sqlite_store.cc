// Makes and fills the tables of sql.h, and asks them.
#include "tests/query/sqlite_store.h"

#include <sqlite3.h>

#include <cmath>
#include <set>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "relata/record/record.h"

namespace relata::twin {
namespace {

std::string Name(std::string_view name) { return StrCat("\"", name, "\""); }

std::string_view Affinity(ValueType type) {
  switch (type) {
    case ValueType::kDouble:
      return "REAL";
    case ValueType::kText:
    case ValueType::kEnum:
    case ValueType::kCurrency:
      return "TEXT";
    case ValueType::kObject:
      return "BLOB";
    default:
      return "INTEGER";
  }
}

// The columns of a field, in the order in which they are filled.
std::vector<std::string> ColumnsOf(const Field& field) {
  if (field.type == ValueType::kPoint) return {field.name + ".lat", field.name + ".lon"};
  if (field.type == ValueType::kAnyReference) return {field.name, field.name + ".type"};
  return {field.name};
}

bool IsLive(const Field& field) { return !field.dropped; }

std::string SetTable(const EntityType& type, const Field& field) {
  return Name(StrCat(type.name, ".", field.name));
}

// A number as units at the field's scale. REQUIRES: it has no more decimals.
int64_t UnitsOf(const Value& value, uint8_t scale) {
  const Decimal number =
      value.As<Decimal>() != nullptr ? *value.As<Decimal>() : Decimal::FromInteger(*value.As<int64_t>());
  const Decimal rescaled = number.Rescale(scale).value();
  RELATA_CHECK(rescaled == number);
  return rescaled.units;
}

// What fits one integer column.
int64_t IntegerOf(const Field& field, const Value& value) {
  switch (field.type) {
    case ValueType::kBool:
      return *value.As<bool>() ? 1 : 0;
    case ValueType::kMoney:
      return value.As<Money>()->minor;
    case ValueType::kDate:
      return value.As<Date>()->days;
    case ValueType::kTimestamp:
      return value.As<Timestamp>()->micros;
    case ValueType::kDuration:
      return value.As<Duration>()->micros;
    case ValueType::kDecimal:
      return UnitsOf(value, field.scale);
    default:
      return *value.As<int64_t>();
  }
}

void BindText(sqlite3_stmt* statement, int column, std::string_view text) {
  sqlite3_bind_text(statement, column, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

}  // namespace

std::string ToString(const SqlValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return StrCat(*whole);
  if (const auto* real = std::get_if<double>(&value)) return StrCat(*real, " (real)");
  if (const auto* text = std::get_if<std::string>(&value)) return Quoted(*text);
  return "NULL";
}

bool Alike(const SqlValue& a, const SqlValue& b) {
  const auto* x = std::get_if<double>(&a);
  const auto* y = std::get_if<double>(&b);
  if (x == nullptr || y == nullptr) return a == b;
  return std::abs(*x - *y) <= 1e-12 * std::max(std::abs(*x), std::abs(*y));
}

SqlValue ToSqlValue(const expr::Type& type, const expr::Datum& datum, const schema::Catalogue& catalogue) {
  if (!datum.present) return {};
  switch (type.base) {
    case expr::Base::kDouble:
      return datum.AsDouble();
    case expr::Base::kText:
      return std::string(datum.bytes);
    case expr::Base::kEnum:
      return type.field->FindLabel(static_cast<uint16_t>(datum.bits))->name;
    case expr::Base::kCurrency:
      return std::string(Currency::FromPacked(static_cast<uint16_t>(datum.bits))->code());
    case expr::Base::kRecord: {
      if (type.target != 0) return datum.AsInt();
      const EntityType* target = catalogue.Find(static_cast<EntityTypeId>(datum.bits >> 48));
      return StrCat(target->name, ":", datum.bits & kMaxRecordId);
    }
    default:
      return datum.AsInt();
  }
}

void SqliteStore::Close::operator()(sqlite3* db) const { sqlite3_close(db); }
void SqliteStore::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

SqliteStore::SqliteStore() {
  sqlite3* db = nullptr;
  RELATA_CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
  db_.reset(db);
}

Status SqliteStore::Error(std::string_view what) const {
  return absl::InvalidArgumentError(StrCat(sqlite3_errmsg(db_.get()), ": ", what));
}

StatusOr<SqliteStore::Statement> SqliteStore::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK) {
    return Error(sql);
  }
  return Statement(statement);
}

Status SqliteStore::Run(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return absl::OkStatus();
  return Error(sql);
}

Status SqliteStore::Fill(const std::string& table, size_t columns,
                         const std::function<bool(std::vector<std::string>*)>& next) {
  std::string places = "?";
  for (size_t i = 1; i < columns; ++i) places.append(", ?");
  RELATA_ASSIGN_OR_RETURN(const Statement insert,
                          Prepare(StrCat("INSERT INTO ", table, " VALUES (", places, ")")));
  for (std::vector<std::string> row; next(&row);) {
    row.resize(columns);
    for (size_t i = 0; i < columns; ++i) BindText(insert.get(), static_cast<int>(i) + 1, row[i]);
    RELATA_RETURN_IF_ERROR(Step(insert.get()));
  }
  return absl::OkStatus();
}

Status SqliteStore::Step(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) return Error(sqlite3_sql(statement));
  sqlite3_reset(statement);
  return absl::OkStatus();
}

StatusOr<std::vector<std::vector<SqlValue>>> SqliteStore::Rows(const std::string& sql) {
  RELATA_ASSIGN_OR_RETURN(const Statement statement, Prepare(sql));
  std::vector<std::vector<SqlValue>> rows;
  int result = sqlite3_step(statement.get());
  for (; result == SQLITE_ROW; result = sqlite3_step(statement.get())) {
    std::vector<SqlValue>& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
      switch (sqlite3_column_type(statement.get(), i)) {
        case SQLITE_INTEGER:
          row.emplace_back(static_cast<int64_t>(sqlite3_column_int64(statement.get(), i)));
          break;
        case SQLITE_FLOAT:
          row.emplace_back(sqlite3_column_double(statement.get(), i));
          break;
        case SQLITE_NULL:
          row.emplace_back();
          break;
        default: {
          const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement.get(), i));
          const auto size = static_cast<size_t>(sqlite3_column_bytes(statement.get(), i));
          row.emplace_back(size == 0 ? std::string() : std::string(bytes, size));
        }
      }
    }
  }
  if (result != SQLITE_DONE) return Error(sql);
  return rows;
}

StatusOr<SqlValue> SqliteStore::One(const std::string& sql) {
  RELATA_ASSIGN_OR_RETURN(const auto rows, Rows(sql));
  if (rows.empty()) return absl::NotFoundError(sql);
  return rows[0][0];
}

StatusOr<std::map<RecordId, SqlValue>> SqliteStore::Answers(std::string_view entity, std::string_view sql) {
  RELATA_ASSIGN_OR_RETURN(const auto rows,
                          Rows(StrCat("SELECT r.\"id\", ", sql, " FROM ", Name(entity), " AS r")));
  std::map<RecordId, SqlValue> answers;
  for (const auto& row : rows) answers.emplace(static_cast<RecordId>(std::get<int64_t>(row[0])), row[1]);
  return answers;
}

StatusOr<SqliteStore::Filler> SqliteStore::MakeTables(const EntityType& type) {
  std::string columns = "\"id\" INTEGER PRIMARY KEY";
  std::string places = "?";
  Filler filler{&type, nullptr, {}};
  for (const Field& field : type.fields) {
    if (!IsLive(field)) continue;
    for (const std::string& column : ColumnsOf(field)) {
      const bool names_type = field.type == ValueType::kAnyReference && column != field.name;
      StrAppend(&columns, ", ", Name(column), " ", names_type ? "TEXT" : Affinity(field.type));
      places.append(", ?");
    }
    if (!field.is_set()) continue;
    const std::string table = SetTable(type, field);
    const std::string_view element = field.type == ValueType::kReferenceSet ? "INTEGER" : "TEXT";
    RELATA_RETURN_IF_ERROR(
        Run(StrCat("CREATE TABLE ", table, " (\"id\" INTEGER, \"element\" ", element, ")")));
    RELATA_ASSIGN_OR_RETURN(filler.sets[field.id], Prepare(StrCat("INSERT INTO ", table, " VALUES (?, ?)")));
  }
  RELATA_RETURN_IF_ERROR(Run(StrCat("CREATE TABLE ", Name(type.name), " (", columns, ")")));
  RELATA_ASSIGN_OR_RETURN(filler.row,
                          Prepare(StrCat("INSERT INTO ", Name(type.name), " VALUES (", places, ")")));
  return filler;
}

// As any host would have them: without, following a reference walks the table.
Status SqliteStore::MakeIndexes(const EntityType& type) {
  int count = 0;
  for (const Field& field : type.fields) {
    if (!IsLive(field) || !(field.is_reference() || field.is_set())) continue;
    const std::string index = Name(StrCat("index.", type.name, ".", ++count));
    const std::string on = field.is_set() ? StrCat(SetTable(type, field), " (\"id\", \"element\")")
                                          : StrCat(Name(type.name), " (", Name(field.name), ")");
    RELATA_RETURN_IF_ERROR(Run(StrCat("CREATE INDEX ", index, " ON ", on)));
  }
  return absl::OkStatus();
}

Status SqliteStore::BindField(Filler* filler, const Field& field, const Value& value, RecordId id,
                              const NameOf& name_of, int* column) {
  sqlite3_stmt* row = filler->row.get();
  const int first = *column;
  *column += static_cast<int>(ColumnsOf(field).size());
  for (int i = first; i < *column; ++i) sqlite3_bind_null(row, i);
  if (value.is_null()) return absl::OkStatus();
  switch (field.type) {
    case ValueType::kDouble:
      sqlite3_bind_double(
          row, first,
          value.As<double>() != nullptr ? *value.As<double>() : static_cast<double>(*value.As<int64_t>()));
      break;
    case ValueType::kText:
    case ValueType::kEnum:
      BindText(row, first, *value.As<std::string>());
      break;
    case ValueType::kCurrency:
      BindText(row, first, value.As<Currency>()->code());
      break;
    case ValueType::kPoint:
      sqlite3_bind_int64(row, first, value.As<Point>()->lat_e7);
      sqlite3_bind_int64(row, first + 1, value.As<Point>()->lon_e7);
      break;
    case ValueType::kReference: {
      const auto* number = value.As<int64_t>();
      const RecordId target = number != nullptr ? static_cast<RecordId>(*number) : value.As<Reference>()->id;
      if (target != 0) sqlite3_bind_int64(row, first, static_cast<int64_t>(target));
      break;
    }
    case ValueType::kAnyReference:
      if (const RecordRef& target = *value.As<RecordRef>(); target.id != 0) {
        sqlite3_bind_int64(row, first, static_cast<int64_t>(target.id));
        BindText(row, first + 1, name_of(target.type));
      }
      break;
    case ValueType::kLabelSet:
    case ValueType::kTextSet: {
      const std::set<std::string> elements(value.As<TextSet>()->begin(), value.As<TextSet>()->end());
      sqlite3_bind_int64(row, first, static_cast<int64_t>(elements.size()));
      sqlite3_stmt* set = filler->sets[field.id].get();
      for (const std::string& element : elements) {
        sqlite3_bind_int64(set, 1, static_cast<int64_t>(id));
        BindText(set, 2, element);
        RELATA_RETURN_IF_ERROR(Step(set));
      }
      break;
    }
    case ValueType::kReferenceSet: {
      const std::set<RecordId> elements(value.As<ReferenceSet>()->begin(), value.As<ReferenceSet>()->end());
      sqlite3_bind_int64(row, first, static_cast<int64_t>(elements.size()));
      sqlite3_stmt* set = filler->sets[field.id].get();
      for (const RecordId element : elements) {
        sqlite3_bind_int64(set, 1, static_cast<int64_t>(id));
        sqlite3_bind_int64(set, 2, static_cast<int64_t>(element));
        RELATA_RETURN_IF_ERROR(Step(set));
      }
      break;
    }
    case ValueType::kObject: {
      const std::string& bytes = value.As<ObjectBytes>()->bytes;
      sqlite3_bind_blob(row, first, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
      break;
    }
    default:
      sqlite3_bind_int64(row, first, IntegerOf(field, value));
  }
  return absl::OkStatus();
}

Status SqliteStore::Insert(Filler* filler, RecordId id, const FindValue& find, const NameOf& name_of) {
  static const Value kNull;
  sqlite3_bind_int64(filler->row.get(), 1, static_cast<int64_t>(id));
  int column = 2;
  for (const Field& field : filler->type->fields) {
    if (!IsLive(field)) continue;
    const Value* value = find(field);
    RELATA_RETURN_IF_ERROR(BindField(filler, field, value == nullptr ? kNull : *value, id, name_of, &column));
  }
  return Step(filler->row.get());
}

Status SqliteStore::Load(const store::Reader& reader) {
  const auto name_of = [&](EntityTypeId type) { return reader.schema().catalogue().Find(type)->name; };
  RELATA_RETURN_IF_ERROR(Run("BEGIN"));
  for (const store::TypeRuntime* type : reader.schema().types()) {
    RELATA_ASSIGN_OR_RETURN(Filler filler, MakeTables(*type->type));
    store::RowCursor at(reader, *type);
    for (; at.Valid(); at.Next()) {
      RELATA_ASSIGN_OR_RETURN(const Record record, reader.ToRecord(*type, at.id(), at.row()));
      const auto find = [&](const Field& field) { return record.Find(field.name); };
      RELATA_RETURN_IF_ERROR(Insert(&filler, at.id(), find, name_of));
    }
    RELATA_RETURN_IF_ERROR(at.status());
    RELATA_RETURN_IF_ERROR(MakeIndexes(*type->type));
  }
  return Run("COMMIT");
}

Status SqliteStore::Load(const TwinSchema& schema, const TwinData& data, const schema::Catalogue& catalogue,
                         Timestamp written) {
  const auto name_of = [&](EntityTypeId type) { return schema.ByNumber(type).name; };
  RELATA_RETURN_IF_ERROR(Run("BEGIN"));
  for (const TwinEntity& entity : schema.entities) {
    RELATA_ASSIGN_OR_RETURN(const EntityType* type, catalogue.Get(entity.name));
    RELATA_ASSIGN_OR_RETURN(Filler filler, MakeTables(*type));
    for (const auto& [id, row] : data.Of(entity.name)) {
      Value made;  // what the store writes by itself
      const auto find = [&, &row = row](const Field& field) -> const Value* {
        if (const auto found = row.find(field.name); found != row.end()) return &found->second;
        made = Value();
        if (field.id == kCreatedAt || field.id == kUpdatedAt) made = Value(written);
        for (const Field& amount : type->fields) {
          const auto given = row.find(amount.name);
          if (amount.base_amount != field.id || given == row.end()) continue;
          if (const auto* money = given->second.As<Money>()) made = InBaseCurrency(*money, schema.base);
        }
        return &made;
      };
      RELATA_RETURN_IF_ERROR(Insert(&filler, id, find, name_of));
    }
    RELATA_RETURN_IF_ERROR(MakeIndexes(*type));
  }
  return Run("COMMIT");
}

}  // namespace relata::twin
