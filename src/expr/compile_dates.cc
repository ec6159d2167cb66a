// The clock, parts of dates and periods of the calendar.
#include <utility>

#include "relata/base/strings.h"
#include "src/expr/compiler.h"

namespace relata::expr {

StepIndex Compiler::Today() { return Make(Op::kToday, Type{Base::kDate}, {}); }
StepIndex Compiler::Now() { return Make(Op::kNow, Type{Base::kTimestamp}, {}); }

StepIndex Compiler::PeriodEdge(Op op, const Period& period) {
  Step step;
  step.op = op;
  step.type = Type{Base::kDate};
  step.period = period;
  return Add(std::move(step));
}

// Half-open: from the first day of the period to the first behind it.
StatusOr<StepIndex> Compiler::InPeriod(StepIndex x, const Period& period) {
  if (!Has(x, Base::kDate) && !Has(x, Base::kTimestamp)) {
    return Refuse(StrCat("a date or timestamp lies in a period; found ", Describe(x)));
  }
  RELATA_ASSIGN_OR_RETURN(const StepIndex from,
                          Compare(Op::kGreaterEqual, x, PeriodEdge(Op::kPeriodStart, period)));
  RELATA_ASSIGN_OR_RETURN(const StepIndex to, Compare(Op::kLess, x, PeriodEdge(Op::kPeriodEnd, period)));
  return And(from, to);
}

StatusOr<StepIndex> Compiler::DatePart(Op op, const Expr& x) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex value, Value(x));
  RELATA_ASSIGN_OR_RETURN(const StepIndex date, ToDate(value, StrCat(NameOf(op), "(…)")));
  return Make(op, ExactType(0), {date});
}

StatusOr<StepIndex> Compiler::FiscalYearStart(const Node& node) {
  StepIndex date = Today();
  if (!node.parts.empty()) {
    RELATA_ASSIGN_OR_RETURN(const StepIndex value, Value(node.parts[0]));
    RELATA_ASSIGN_OR_RETURN(date, ToDate(value, "fiscal_year_start(…)"));
  }
  return Make(Op::kFiscalYearStart, Type{Base::kDate}, {date});
}

// Within 7 days: from today on, the seventh day from today excluded.
StatusOr<StepIndex> Compiler::Anniversary(const Node& node) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex value, Value(node.parts[0]));
  RELATA_ASSIGN_OR_RETURN(const StepIndex date, ToDate(value, "anniversary(…)"));
  const Expr& window = node.parts[1]->parts[0];
  StepIndex from = kNone;
  StepIndex to = kNone;
  if (window->kind == Kind::kPeriod) {
    from = PeriodEdge(Op::kPeriodStart, window->period());
    to = PeriodEdge(Op::kPeriodEnd, window->period());
  } else {
    RELATA_ASSIGN_OR_RETURN(const Interval length, ConstantInterval(window, "a window"));
    from = Today();
    RELATA_ASSIGN_OR_RETURN(to, AddInterval(from, IntervalConstant(length), 1));
    if (!Has(to, Base::kDate)) return Refuse("the window of an anniversary is in whole days");
  }
  return Make(Op::kAnniversary, Type{Base::kBool}, {date, from, to});
}

}  // namespace relata::expr
