// Defines SqliteStore, a SQLite database in memory with the tables that PrintSql speaks of (src/expr/sql.h),
// so that another engine can be asked what we were asked.
//
//   SqliteStore sqlite;
//   ASSERT_TRUE(sqlite.Load(reader).ok());                                       // or from the twin's rows
//   sqlite.Rows("SELECT count(*) FROM relation AS r WHERE " + *PrintSql(program, now));
//
// Rows come here as named values, not through programs or evaluators: from the twin's own maps, or from the
// store's dynamic records. No function of ours is registered: what SQLite answers is its own.
//
// Thread safety: one thread. Lifetime: owns the database.
#ifndef RELATA_TESTS_QUERY_SQLITE_STORE_H_
#define RELATA_TESTS_QUERY_SQLITE_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/schema/entity.h"
#include "relata/schema/value.h"
#include "src/expr/program.h"
#include "src/store/reader.h"
#include "tests/query/model.h"

struct sqlite3;
struct sqlite3_stmt;

namespace relata::twin {

// What SQLite returns; std::monostate is NULL.
using SqlValue = std::variant<std::monostate, int64_t, double, std::string>;
std::string ToString(const SqlValue& value);
// Equal, or doubles that differ by less than some 1e-12 of their size.
bool Alike(const SqlValue& a, const SqlValue& b);

// A value that one of our evaluators computed, in the form in which PrintSql's text gives it.
SqlValue ToSqlValue(const expr::Type& type, const expr::Datum& datum, const schema::Catalogue& catalogue);

class SqliteStore {
 public:
  SqliteStore();

  // All live entity types and their records.
  Status Load(const store::Reader& reader);
  // The twin's rows, in tables for the same schema as a catalogue has it. Both stamps of each record are
  // `written`.
  Status Load(const TwinSchema& schema, const TwinData& data, const schema::Catalogue& catalogue,
              Timestamp written);

  Status Run(const std::string& sql);
  // Inserts the rows of texts that `next` gives until it is false; what a row lacks is ''.
  Status Fill(const std::string& table, size_t columns,
              const std::function<bool(std::vector<std::string>*)>& next);
  // InvalidArgument with SQLite's message for what it does not take.
  StatusOr<std::vector<std::vector<SqlValue>>> Rows(const std::string& sql);
  // The first value of the first row.
  StatusOr<SqlValue> One(const std::string& sql);
  // What PrintSql's text gives for each record of the type, named `r`, by id.
  StatusOr<std::map<RecordId, SqlValue>> Answers(std::string_view entity, std::string_view sql);

 private:
  struct Close {
    void operator()(sqlite3* db) const;
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;
  using FindValue = std::function<const Value*(const Field&)>;  // nullptr or null: the field's zero or NULL
  using NameOf = std::function<std::string(EntityTypeId)>;      // of the type that a RecordRef names

  // The statements that fill the tables of one type.
  struct Filler {
    const EntityType* type;
    Statement row;
    std::map<FieldId, Statement> sets;
  };

  StatusOr<Statement> Prepare(const std::string& sql);
  StatusOr<Filler> MakeTables(const EntityType& type);
  Status MakeIndexes(const EntityType& type);
  Status Insert(Filler* filler, RecordId id, const FindValue& find, const NameOf& name_of);
  Status BindField(Filler* filler, const Field& field, const Value& value, RecordId id, const NameOf& name_of,
                   int* column);
  Status Step(sqlite3_stmt* statement);
  Status Error(std::string_view what) const;

  std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace relata::twin

#endif  // RELATA_TESTS_QUERY_SQLITE_STORE_H_
