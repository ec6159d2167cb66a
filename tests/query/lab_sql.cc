// Asks SQLite, through the printed SQL and rows that came from the twin.
#include <cmath>

#include "relata/base/strings.h"
#include "src/expr/compile.h"
#include "src/expr/sql.h"
#include "tests/query/lab.h"
#include "tests/query/sqlite_store.h"

namespace relata::twin {
namespace {

using expr::Base;
using expr::Type;

// The naive value as SQL holds one of this type.
SqlValue InSql(const NaiveValue& value, const Type& type) {
  if (value.is_null()) return {};
  if (const bool* truth = value.As<bool>()) return int64_t{*truth ? 1 : 0};
  if (const double* real = value.As<double>()) return *real;
  if (const Money* money = value.As<Money>()) return money->minor;
  if (const Date* date = value.As<Date>()) return int64_t{date->days};
  if (const Timestamp* at = value.As<Timestamp>()) return at->micros;
  if (const auto* interval = value.As<expr::Interval>()) return interval->micros;
  if (const auto* text = value.As<std::string>()) return *text;
  if (const EnumLabel* label = value.As<EnumLabel>()) return label->field->labels[label->order];
  if (const Currency* currency = value.As<Currency>()) return currency->code();
  if (const RecordOf* record = value.As<RecordOf>()) {
    if (type.target != 0) return static_cast<int64_t>(record->id);
    return StrCat(record->entity, ":", record->id);
  }
  if (const Point* point = value.As<Point>()) {
    return int64_t{point->lat_e7} * (int64_t{1} << 32) + static_cast<uint32_t>(point->lon_e7);
  }
  if (const Decimal* exact = value.As<Decimal>()) {
    if (type.base == Base::kDouble) return ToDouble(*exact);
    const auto units = RoundedQuotient(exact->units * PowerOfTen(type.scale), PowerOfTen(exact->scale));
    return units ? SqlValue(*units) : SqlValue();
  }
  return {};
}

bool Same(const SqlValue& a, const SqlValue& b) {
  const auto number = [](const SqlValue& v) {
    if (const int64_t* whole = std::get_if<int64_t>(&v)) return static_cast<double>(*whole);
    return std::get<double>(v);
  };
  const bool real =
      std::holds_alternative<double>(a) && b.index() != 0 && !std::holds_alternative<std::string>(b);
  if (!real) return Alike(a, b);
  const double x = number(a), y = number(b);
  return x == y || std::fabs(x - y) <= 1e-9 * std::max(std::fabs(x), std::fabs(y));
}

}  // namespace

Verdict Lab::CompareSql(const std::string& entity, const expr::Expr& expr) {
  const store::SchemaRuntime& schema = snapshot_->schema();
  const StatusOr<expr::Program> program =
      expr::Compile(expr, *schema.Find(entity), snapshot_->shared_schema());
  if (!program.ok()) return {Outcome::kRefused, program.status().ToString()};
  const Base base = program->type().base;
  if (base == Base::kTextSet || base == Base::kLabelSet || base == Base::kRecordSet) {
    return {Outcome::kRefused, "a set is no answer to compare"};
  }
  const StatusOr<std::string> sql = expr::PrintSql(*program, world_.now);
  if (!sql.ok()) {
    return {absl::IsUnimplemented(sql.status()) ? Outcome::kNotYet : Outcome::kDiffers,
            sql.status().ToString()};
  }
  // The offsets of a time zone are 20 kB, and several times over take SQLite seconds to read.
  if (sql->size() > 28'000) return {Outcome::kNotYet, "long SQL"};
  if (sqlite_ == nullptr) {
    sqlite_ = std::make_unique<SqliteStore>();
    const Status loaded = sqlite_->Load(world_.schema, world_.data, schema.catalogue(), world_.now);
    if (!loaded.ok()) return {Outcome::kDiffers, loaded.ToString()};
  }
  const StatusOr<std::map<RecordId, SqlValue>> answers = sqlite_->Answers(entity, *sql);
  if (!answers.ok()) {
    // SQLite nests to a depth of its own.
    const std::string why = answers.status().ToString().substr(0, 300);
    const bool too_deep = why.find("parser stack overflow") != why.npos ||
                          why.find("too large") != why.npos || why.find("at most 64 tables") != why.npos;
    return {too_deep ? Outcome::kNotYet : Outcome::kDiffers, why};
  }
  const auto& rows = world_.data.Of(entity);
  if (answers->size() != rows.size()) return {Outcome::kDiffers, "SQLite has another number of records"};
  Verdict verdict;
  for (const auto& [id, result] : Expected(entity, expr)) {
    ++verdict.values;
    const SqlValue& answer = answers->at(id);
    if (!result.error && Same(InSql(result.value, program->type()), answer)) continue;
    verdict.outcome = Outcome::kDiffers;
    verdict.what = StrCat(entity, " ", id, ": naive ",
                          result.error ? "error: " + *result.error : result.value.ToString(), ", SQLite ",
                          ToString(answer), "\n  ", sql->size() < 1'500 ? *sql : "(long SQL)");
    return verdict;
  }
  return verdict;
}

}  // namespace relata::twin
