// Defines SqlPrinter, which prints the steps of one program as SQL, over several files by subject: sql.cc,
// sql_arithmetic.cc, sql_dates.cc, sql_text.cc, sql_sets.cc, sql_related.cc.
//
// Each record that is looked at has an alias: `r` the program's own, then r1, r2, … as they come. What a
// formula needs more than once is computed by a subquery and named: (SELECT v + v FROM (SELECT … AS v)).
//
// Thread safety: one thread, for one program. Lifetime: within the program's.
#ifndef RELATA_EXPR_SQL_PRINTER_H_
#define RELATA_EXPR_SQL_PRINTER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "src/expr/program.h"

namespace relata::expr {

class SqlPrinter {
 public:
  SqlPrinter(const Program& program, Timestamp now, TimeZone zone, std::string_view alias);

  StatusOr<std::string> PrintRoot();

 private:
  // How loosely a text binds: brackets go where something tighter is asked for.
  enum class Binding { kAtom, kArithmetic, kComparison, kLogic };
  struct Sql {
    std::string text;
    Binding binding = Binding::kAtom;
    std::optional<int64_t> literal;  // an integer, date or instant that is known: today() - 60
  };
  struct Scope {
    std::string alias;
    const store::TypeRuntime* type;
  };
  // What an aggregate or rank computes on, and where from.
  struct Source {
    std::string value;
    std::string from;  // "FROM … WHERE …"
  };
  // The elements of a set: rows of its table.
  struct SetRows {
    std::string elements;  // SELECT r1."element" FROM "relation.tags" AS r1 WHERE r1."id" = r."id"
    std::string element;   // r1."element"
    std::string count;     // how many; null where the set is
    bool nullable = true;
  };

  // The first failure is what PrintRoot returns; the text does not matter then.
  Sql Fail(const Step& step, std::string_view why);

  Sql Print(StepIndex index);
  std::string Bare(StepIndex index) { return Print(index).text; }
  std::string Within(StepIndex index, Binding loosest) { return Bracketed(Print(index), loosest); }
  std::string Operand(StepIndex index) { return Within(index, Binding::kAtom); }
  static std::string Bracketed(Sql sql, Binding loosest);
  static Sql Number(int64_t value);
  static std::string Quote(std::string_view text);
  static std::string Name(std::string_view name);
  // (SELECT body FROM (SELECT value AS v)).
  static std::string Let(std::string_view value, std::string_view body);
  const Step& Arg(const Step& step, size_t i) const { return program_.step(step.args[i]); }
  // The record `scope` levels out.
  const Scope& At(const Step& step) const { return scopes_[scopes_.size() - 1 - step.scope]; }
  static bool Holds(const Step& step, Base base) { return step.type.base == base; }

  // Leaves, comparison and logic.
  Sql Constant(const Step& step);
  Sql ConstantRecord(const Step& step);
  static std::string Text(std::string_view text);
  Sql FieldOf(std::string_view alias, const Field& field) const;
  Sql FieldThroughReference(const Step& step);
  Sql Compare(const Step& step, std::string_view op);
  Sql CompareOrdered(const Step& step, std::string_view op);
  Sql Join(const Step& step, std::string_view word);
  Sql Case(const Step& step);
  Sql List(std::string_view function, const Step& step);
  const Field* FindField(EntityTypeId type, FieldId slot) const;
  std::string TypeName(EntityTypeId type) const;
  std::string NewAlias();
  // An enum where its order counts: the code of the label, and the way back.
  static std::string CodeOf(std::string_view label, const Field& field);
  static std::string LabelOf(std::string_view code, const Field& field);
  std::string Ordered(StepIndex index);

  // Arithmetic (sql_arithmetic.cc).
  Sql Arithmetic(const Step& step);
  static std::string WholeOnly(std::string_view sum);
  static std::string FiniteOnly(std::string_view sum);
  // An integer without its last decimals, rounded half to even.
  static std::string Rounded(std::string_view value, int lost);
  // n / d of the columns n and d of `from`, rounded half to even.
  static std::string HalfEven(std::string_view from);
  Sql Order(const Step& step);
  std::string AsDouble(StepIndex index);
  int LostDecimals(const Step& step) const;
  // A value that may have overflowed, and shows it.
  std::string Unchecked(StepIndex index);
  std::string Formula(const Step& step);

  // Dates (sql_dates.cc).
  Sql Dates(const Step& step);
  Sql StartOfDay(const Sql& date) const;
  Sql LocalDate(const Sql& at) const;
  static Sql AddDays(const Sql& date, const Sql& days);
  static Sql AddMonths(const Sql& date, int64_t months);
  static Sql AddMicros(const Sql& at, const Sql& micros);
  Sql AddInterval(const Step& step);
  Sql Age(const Step& step);
  Sql Anniversary(const Step& step);
  Sql PeriodBound(const Step& step, int offset) const;
  // Of the column v: the local time of an instant, and the first instant of a local time.
  std::string ToLocal() const;
  std::string FromLocal() const;

  // Texts and places (sql_text.cc).
  Sql Texts(const Step& step);
  Sql Like(const Step& step);
  Sql Distance(const Step& step);
  // The angle of a point's latitude or longitude, in radians.
  std::string Radians(StepIndex point, bool latitude);

  // Sets (sql_sets.cc).
  Sql Sets(const Step& step);
  SetRows RowsOf(const Step& set);
  Sql Has(const Step& step, const SetRows& rows);

  // Other records (sql_related.cc).
  Sql Related(const Step& step);
  std::string FromRelated(const RelatedRecords& related, std::string_view alias);
  Source SourceOf(const RelatedRecords& related);
  static std::string SumAndCount(const Source& source);
  Sql FirstOrLast(const Step& step);
  Sql Hierarchy(const Step& step);
  Sql Ranked(const Step& step);

  const Program& program_;
  const Timestamp now_;
  const TimeZone zone_;
  const Date today_;
  const std::string alias_;
  std::vector<Scope> scopes_;  // the innermost last
  int aliases_ = 0;
  Status status_;
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_SQL_PRINTER_H_
