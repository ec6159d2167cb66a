// Defines Questions, a store imported from public files with the same files, as they stand, in SQLite: so
// that a question in the expression language has its answer confirmed by way of neither our import nor our
// rows.
//
//   questions.Same("relation", {"name", "sum(orders.total)"}, "visiting.country = 'Germany'",
//                  "SELECT company_name, … FROM customers …");
//
// Each question is asked five times: of the row evaluator, of planned queries with columns and all strategies
// and with none, of SQLite over our rows through PrintSql, and of SQLite over the files, in SQL written by
// hand.
//
// Thread safety: one thread.
#ifndef RELATA_TESTS_QUERY_QUESTIONS_H_
#define RELATA_TESTS_QUERY_QUESTIONS_H_

#include <memory>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/engine/database.h"
#include "relata/query/spec.h"
#include "src/column/columns.h"
#include "src/store/store.h"
#include "tests/query/sqlite_store.h"

namespace relata::twin {

class Questions {
 public:
  // Imports the files by a mapping of examples/ into a new store at `name` and the process id, whose clock
  // stands at `now`.
  static StatusOr<std::unique_ptr<Questions>> Import(const std::string& mapping,
                                                     const std::vector<std::string>& files,
                                                     const std::string& name, Timestamp now);

  // Makes a table of a file of comma-separated values, with the columns of its first line, all of them text.
  Status LoadFile(const std::string& table, const std::string& file);
  SqliteStore& sqlite() { return sqlite_; }

  // Expects all five to show the same of the records for which the condition is true, in any order, and at
  // least one such record.
  void Same(const std::string& entity, const std::vector<std::string>& shown, const std::string& condition,
            const std::string& raw_sql);

 private:
  using Answer = std::vector<std::vector<SqlValue>>;

  explicit Questions(Database db) : db_(std::move(db)), now_(db_.store()->Read().value()) {}
  StatusOr<expr::Program> Compiled(const std::string& entity, const std::string& text) const;
  StatusOr<Answer> ByRows(const std::string& entity, const std::vector<expr::Program>& shown,
                          const expr::Program& condition) const;
  StatusOr<Answer> ByQuery(const std::string& entity, const std::vector<std::string>& shown,
                           const std::string& condition, const query::Strategies& strategies);
  StatusOr<Answer> BySql(const std::string& entity, const std::vector<expr::Program>& shown,
                         const expr::Program& condition);

  Database db_;
  store::Snapshot now_;
  column::ColumnCache columns_;
  SqliteStore sqlite_;
};

}  // namespace relata::twin

#endif  // RELATA_TESTS_QUERY_QUESTIONS_H_
