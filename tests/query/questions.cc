// Asks a question five ways.
#include "tests/query/questions.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "relata/base/clock.h"
#include "relata/base/strings.h"
#include "relata/exchange/import.h"
#include "relata/expr/text.h"
#include "relata/query/results.h"
#include "src/exchange/byte_source.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "src/expr/sql.h"

namespace relata::twin {
namespace {

// The whole file; gzip is unpacked.
StatusOr<std::string> Slurp(const std::string& file) {
  RELATA_ASSIGN_OR_RETURN(auto source, exchange::ByteSource::OpenFile(file));
  std::string text;
  std::string buffer(1 << 16, '\0');
  while (true) {
    RELATA_ASSIGN_OR_RETURN(const size_t read, source->Read(buffer.data(), buffer.size()));
    if (read == 0) return text;
    text.append(buffer, 0, read);
  }
}

// The next record from `at` on: fields between commas, those with commas, quotes or line ends in quotes.
std::vector<std::string> NextRecord(std::string_view text, size_t* at) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (; *at < text.size(); ++*at) {
    const char c = text[*at];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (*at + 1 < text.size() && text[*at + 1] == '"') {
        fields.back() += text[++*at];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++*at;
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

// A value of a query in the form in which PrintSql's text gives it.
SqlValue InSql(const Value& value) {
  if (const auto* text = value.As<std::string>()) return *text;
  if (const auto* whole = value.As<int64_t>()) return *whole;
  if (const auto* real = value.As<double>()) return *real;
  if (const auto* money = value.As<Money>()) return money->minor;
  if (const auto* number = value.As<Decimal>()) return number->units;
  if (const auto* date = value.As<Date>()) return int64_t{date->days};
  EXPECT_TRUE(value.is_null()) << value.ToString();
  return {};
}

std::string Shown(const std::vector<std::vector<SqlValue>>& rows) {
  std::string text;
  for (const auto& row : rows) {
    for (const SqlValue& value : row) StrAppend(&text, ToString(value), "  ");
    text += '\n';
  }
  return text;
}

}  // namespace

StatusOr<std::unique_ptr<Questions>> Questions::Import(const std::string& mapping,
                                                       const std::vector<std::string>& files,
                                                       const std::string& name, Timestamp now) {
  // Tests run side by side: each process has a file of its own, which lasts as long as it is open.
  const std::string path = StrCat(name, ".", getpid());
  Options options;
  options.durability = Durability::kUnsafe;
  options.clock = std::make_shared<ManualClock>(now);
  RELATA_ASSIGN_OR_RETURN(Database db, Database::Open(path, options));
  std::filesystem::remove(path);
  std::filesystem::remove(path + "-lock");
  RELATA_ASSIGN_OR_RETURN(const auto loaded, exchange::ImportMapping::Load(mapping));
  RELATA_RETURN_IF_ERROR(exchange::Import(*db.store(), loaded, {.files = files}).status());
  std::unique_ptr<Questions> questions(new Questions(std::move(db)));
  RELATA_RETURN_IF_ERROR(questions->sqlite_.Load(questions->now_));
  return questions;
}

Status Questions::LoadFile(const std::string& table, const std::string& file) {
  RELATA_ASSIGN_OR_RETURN(const std::string text, Slurp(file));
  size_t at = 0;
  std::string columns;
  const std::vector<std::string> header = NextRecord(text, &at);
  for (const std::string& name : header) StrAppend(&columns, columns.empty() ? "" : ", ", name, " TEXT");
  RELATA_RETURN_IF_ERROR(sqlite_.Run(StrCat("BEGIN; CREATE TABLE ", table, " (", columns, ")")));
  RELATA_RETURN_IF_ERROR(sqlite_.Fill(table, header.size(), [&](std::vector<std::string>* row) {
    if (at == text.size()) return false;
    *row = NextRecord(text, &at);
    return true;
  }));
  return sqlite_.Run("COMMIT");
}

StatusOr<expr::Program> Questions::Compiled(const std::string& entity, const std::string& text) const {
  const auto& schema = now_.shared_schema();
  RELATA_ASSIGN_OR_RETURN(const expr::Expr tree, expr::Parse(text));
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, schema->Get(entity));
  return expr::Compile(tree, *type, schema, text);
}

StatusOr<Questions::Answer> Questions::ByRows(const std::string& entity,
                                              const std::vector<expr::Program>& shown,
                                              const expr::Program& condition) const {
  const store::Reader& reader = now_;
  expr::RowEvaluator matches(condition, reader);
  std::vector<expr::RowEvaluator> values;
  for (const expr::Program& program : shown) values.emplace_back(program, reader);
  Answer answer;
  store::RowCursor at(reader, *reader.schema().Find(entity));
  for (; at.Valid(); at.Next()) {
    RELATA_ASSIGN_OR_RETURN(const bool found, matches.Matches(at.id(), at.row()));
    if (!found) continue;
    std::vector<SqlValue>& row = answer.emplace_back();
    for (size_t i = 0; i < shown.size(); ++i) {
      RELATA_ASSIGN_OR_RETURN(const expr::Datum value, values[i].Evaluate(at.id(), at.row()));
      row.push_back(ToSqlValue(shown[i].type(), value, reader.schema().catalogue()));
    }
  }
  RELATA_RETURN_IF_ERROR(at.status());
  std::sort(answer.begin(), answer.end());
  return answer;
}

StatusOr<Questions::Answer> Questions::ByQuery(const std::string& entity,
                                               const std::vector<std::string>& shown,
                                               const std::string& condition,
                                               const query::Strategies& strategies) {
  query::QuerySpec spec;
  spec.entity = entity;
  spec.where_text = condition;
  spec.strategies = strategies;
  RELATA_ASSIGN_OR_RETURN(spec.where, expr::Parse(condition));
  for (const std::string& text : shown) {
    RELATA_ASSIGN_OR_RETURN(spec.select.emplace_back(), expr::Parse(text));
  }
  RELATA_ASSIGN_OR_RETURN(query::Results found, query::Find({&now_, &now_, &columns_}, spec));
  Answer answer;
  while (found.Next()) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<Value> values, found.Values());
    std::vector<SqlValue>& row = answer.emplace_back();
    for (const Value& value : values) row.push_back(InSql(value));
  }
  RELATA_RETURN_IF_ERROR(found.status());
  std::sort(answer.begin(), answer.end());
  return answer;
}

StatusOr<Questions::Answer> Questions::BySql(const std::string& entity,
                                             const std::vector<expr::Program>& shown,
                                             const expr::Program& condition) {
  const Timestamp now = now_.now();
  std::string list;
  for (const expr::Program& program : shown) {
    RELATA_ASSIGN_OR_RETURN(const std::string sql, expr::PrintSql(program, now));
    StrAppend(&list, list.empty() ? "" : ", ", sql);
  }
  RELATA_ASSIGN_OR_RETURN(const std::string where, expr::PrintSql(condition, now));
  RELATA_ASSIGN_OR_RETURN(Answer answer,
                          sqlite_.Rows(StrCat("SELECT ", list, " FROM \"", entity, "\" AS r WHERE ", where)));
  std::sort(answer.begin(), answer.end());
  return answer;
}

void Questions::Same(const std::string& entity, const std::vector<std::string>& shown,
                     const std::string& condition, const std::string& raw_sql) {
  SCOPED_TRACE(condition);
  std::vector<expr::Program> programs;
  for (const std::string& text : shown) {
    StatusOr<expr::Program> program = Compiled(entity, text);
    ASSERT_TRUE(program.ok()) << program.status();
    programs.push_back(*std::move(program));
  }
  const StatusOr<expr::Program> where = Compiled(entity, condition);
  ASSERT_TRUE(where.ok()) << where.status();
  const StatusOr<Answer> by_rows = ByRows(entity, programs, *where);
  ASSERT_TRUE(by_rows.ok()) << by_rows.status();
  const StatusOr<Answer> by_sql = BySql(entity, programs, *where);
  ASSERT_TRUE(by_sql.ok()) << by_sql.status();
  StatusOr<Answer> raw = sqlite_.Rows(raw_sql);
  ASSERT_TRUE(raw.ok()) << raw.status();
  std::sort(raw->begin(), raw->end());
  EXPECT_FALSE(raw->empty());
  EXPECT_EQ(Shown(*by_rows), Shown(*raw));
  EXPECT_EQ(Shown(*by_sql), Shown(*raw));
  for (const query::Strategies& strategies : {query::Strategies(), query::Strategies::None()}) {
    const StatusOr<Answer> by_query = ByQuery(entity, shown, condition, strategies);
    ASSERT_TRUE(by_query.ok()) << by_query.status();
    EXPECT_EQ(Shown(*by_query), Shown(*raw)) << "planned, columns: " << strategies.column_scan;
  }
}

}  // namespace relata::twin
