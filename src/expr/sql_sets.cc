// Prints what is asked of sets. A set is the rows of a table "type.field" (id, element), and the column of
// its name in the type's table says how many there are.
//
// As in SQL, whether null is an element is not known, but of the empty set; and nothing is known of a set
// that is null.
#include "relata/base/strings.h"
#include "src/expr/sql_printer.h"

namespace relata::expr {

SqlPrinter::SetRows SqlPrinter::RowsOf(const Step& set) {
  const bool through = set.op == Op::kFieldOf;
  if (set.op != Op::kField && !through) {
    Fail(set, "a set is a field there");
    return {};
  }
  const Field& field = *FindField(set.entity, set.slot);
  const std::string type = TypeName(set.entity);
  const std::string owner = through ? Within(set.args[0], Binding::kArithmetic) : At(set).alias + ".\"id\"";
  const std::string alias = NewAlias();
  std::string id = alias + ".\"id\"";
  if (through && Arg(set, 0).type.target == 0) id = StrCat(Quote(type + ":"), " || ", id);
  SetRows rows;
  rows.elements = StrCat("SELECT ", alias, ".\"element\" FROM ", Name(StrCat(type, ".", field.name)), " AS ",
                         alias, " WHERE ", id, " = ", owner);
  rows.element = alias + ".\"element\"";
  rows.count = through ? FieldThroughReference(set).text : FieldOf(At(set).alias, field).text;
  rows.nullable = field.nullable || through;
  return rows;
}

SqlPrinter::Sql SqlPrinter::Sets(const Step& step) {
  if (step.op == Op::kIsEmpty) {
    const std::string_view nothing = Holds(Arg(step, 0), Base::kText) ? "''" : "0";
    return {StrCat(Within(step.args[0], Binding::kArithmetic), " = ", nothing), Binding::kComparison};
  }
  const bool has = step.op == Op::kHas;
  const SetRows rows = RowsOf(Arg(step, has ? 0 : 1));
  const Sql found = has ? Has(step, rows)
                        : Sql{StrCat(Within(step.args[0], Binding::kArithmetic), " IN (", rows.elements, ")"),
                              Binding::kComparison};
  if (!rows.nullable) return found;
  return {StrCat("CASE WHEN ", rows.count, " IS NOT NULL THEN ", found.text, " END")};
}

SqlPrinter::Sql SqlPrinter::Has(const Step& step, const SetRows& rows) {
  const bool one_is_enough = step.test == SetTest::kAny || step.test == SetTest::kNone;
  std::string list;
  std::string found;
  for (size_t i = 1; i < step.args.size(); ++i) {
    const std::string element = Within(step.args[i], Binding::kArithmetic);
    StrAppend(&list, i == 1 ? "" : ", ", element);
    StrAppend(&found, i == 1 ? "" : one_is_enough ? " OR " : " AND ", element, " IN (", rows.elements, ")");
  }
  if (step.test == SetTest::kNone) found = StrCat("NOT (", found, ")");
  if (step.test == SetTest::kExactly) {
    StrAppend(&found, " AND NOT EXISTS (", rows.elements, " AND ", rows.element, " NOT IN (", list, "))");
  }
  return {found, Binding::kLogic};
}

}  // namespace relata::expr
