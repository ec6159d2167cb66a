// What related records did over time, said with their moments: trend, followed_by, first_time, stopped and
// restarted become aggregates with conditions on the moment, so that evaluators know nothing of them.
//
// `within 30 days`, looking back, is from 30 days before today up to and with today; a window that is no
// whole number of days is counted back from now. A trend compares whole windows: both end before today.
#include <utility>

#include "relata/base/strings.h"
#include "src/expr/calendar.h"
#include "src/expr/compiler.h"
#include "src/expr/words.h"

namespace relata::expr {
namespace {

bool IsWholeDays(const Interval& interval) { return interval.micros % kMicrosPerDay == 0; }

}  // namespace

StatusOr<Compiler::Window> Compiler::WindowBack(const Expr& window) {
  const Expr& extent = window->parts[0];
  if (extent->kind == Kind::kPeriod) {
    return Window{PeriodEdge(Op::kPeriodStart, extent->period()),
                  PeriodEdge(Op::kPeriodEnd, extent->period()), Op::kLess};
  }
  RELATA_ASSIGN_OR_RETURN(const Interval length, ConstantInterval(extent, "a window"));
  const bool days = IsWholeDays(length);
  const StepIndex end = days ? Today() : Now();
  Window result;
  RELATA_ASSIGN_OR_RETURN(result.from, AddInterval(end, IntervalConstant(length), -1));
  result.to = end;
  result.until = Op::kLessEqual;
  if (days) {
    RELATA_ASSIGN_OR_RETURN(result.to, AddDays(end, WholeNumber(1), 1));
    result.until = Op::kLess;
  }
  return result;
}

StatusOr<StepIndex> Compiler::MomentOf(const EntityType& type, std::string_view what) {
  if (!type.moment) {
    return Refuse(StrCat(what, " asks when a record happened, but ", type.name, " has no moment"));
  }
  return FieldStep(type, type.fields[*type.moment], Owner{});
}

StatusOr<StepIndex> Compiler::InWindow(StepIndex moment, const Window& window) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex from, Compare(Op::kGreaterEqual, moment, window.from));
  RELATA_ASSIGN_OR_RETURN(const StepIndex to, Compare(window.until, moment, window.to));
  return And(from, to);
}

StatusOr<Compiler::Collection> Compiler::Enter(const Expr& related, StepIndex* condition) {
  RELATA_ASSIGN_OR_RETURN(const Collection collection, CollectionOf(related->path()));
  if (collection.value < related->path().names.size()) {
    return Refuse("expected a collection of related records, not a field of them");
  }
  EnterScope(*collection.type);
  if (related->parts.empty()) {
    *condition = Constant(Type{Base::kBool}, Datum::OfInt(1));
  } else {
    RELATA_ASSIGN_OR_RETURN(*condition, Condition(related->parts[0]));
  }
  return collection;
}

StepIndex Compiler::Leave(const Collection& collection, StepIndex condition) {
  LeaveScope();
  return Related(Op::kExists, Type{Base::kBool}, collection, kNone, condition);
}

StatusOr<StepIndex> Compiler::Trend(const Node& node) {
  const Node& aggregate = *node.parts[0];
  const bool sensible = aggregate.kind == Kind::kCall && aggregate.function() <= Function::kDistinct;
  if (!sensible) return Refuse("trend(…) compares an aggregate: trend(sum(orders.total), 90 days)");
  RELATA_ASSIGN_OR_RETURN(const Interval span, ConstantInterval(node.parts[1], "a span of time"));
  Interval twice;
  if (__builtin_mul_overflow(span.months, 2, &twice.months) ||
      __builtin_mul_overflow(span.micros, 2, &twice.micros)) {
    return Refuse("the span is too long");
  }
  Window late;
  late.to = IsWholeDays(span) ? Today() : Now();
  RELATA_ASSIGN_OR_RETURN(late.from, AddInterval(late.to, IntervalConstant(span), -1));
  Window early;
  early.to = late.from;
  RELATA_ASSIGN_OR_RETURN(early.from, AddInterval(late.to, IntervalConstant(twice), -1));
  RELATA_ASSIGN_OR_RETURN(const StepIndex now, Aggregate(aggregate, &late));
  RELATA_ASSIGN_OR_RETURN(const StepIndex before, Aggregate(aggregate, &early));
  return Minus(now, before);
}

// exists(a where p and exists(b where q and b's moment in (a's moment, a's moment + window])), where b and q
// know nothing of a.
StatusOr<StepIndex> Compiler::FollowedBy(const Node& node) {
  const Expr& extent = node.parts[2]->parts[0];
  if (extent->kind == Kind::kPeriod) {
    return Refuse("followed_by(…) takes a length of time, as in: within 14 days");
  }
  RELATA_ASSIGN_OR_RETURN(const Interval length, ConstantInterval(extent, "a window"));
  StepIndex p = kNone;
  RELATA_ASSIGN_OR_RETURN(const Collection a, Enter(node.parts[0], &p));
  scopes_.back().hidden = true;
  StepIndex q = kNone;
  RELATA_ASSIGN_OR_RETURN(const Collection b, Enter(node.parts[1], &q));
  RELATA_ASSIGN_OR_RETURN(const StepIndex then, MomentOf(*b.type, "followed_by(…)"));
  RELATA_RETURN_IF_ERROR(MomentOf(*a.type, "followed_by(…)").status());
  const StepIndex first = FieldStep(*a.type, a.type->fields[*a.type->moment], Owner{.scope = 1});
  RELATA_ASSIGN_OR_RETURN(const StepIndex last, AddInterval(first, IntervalConstant(length), 1));
  RELATA_ASSIGN_OR_RETURN(const StepIndex after, Compare(Op::kGreater, then, first));
  RELATA_ASSIGN_OR_RETURN(const StepIndex near, Compare(Op::kLessEqual, then, last));
  const StepIndex follows = Leave(b, And(q, And(after, near)));
  return Leave(a, And(p, follows));
}

StatusOr<StepIndex> Compiler::FirstTime(const Node& node) {
  RELATA_ASSIGN_OR_RETURN(const Window window, WindowBack(node.parts[1]));
  StepIndex p = kNone;
  RELATA_ASSIGN_OR_RETURN(const Collection c, Enter(node.parts[0], &p));
  RELATA_ASSIGN_OR_RETURN(const StepIndex moment, MomentOf(*c.type, "first_time(…)"));
  RELATA_ASSIGN_OR_RETURN(const StepIndex inside, InWindow(moment, window));
  RELATA_ASSIGN_OR_RETURN(const StepIndex before, Compare(Op::kLess, moment, window.from));
  const StepIndex now = Leave(c, And(p, inside));
  return And(now, Not(Related(Op::kExists, Type{Base::kBool}, c, kNone, And(p, before))));
}

StatusOr<StepIndex> Compiler::Stopped(const Node& node) {
  const Expr within(Kind::kWithin, {}, {node.parts[1]}, node.parts[1]->position);
  RELATA_ASSIGN_OR_RETURN(const Window window, WindowBack(within));
  StepIndex p = kNone;
  RELATA_ASSIGN_OR_RETURN(const Collection c, Enter(node.parts[0], &p));
  RELATA_ASSIGN_OR_RETURN(const StepIndex moment, MomentOf(*c.type, "stopped(…)"));
  RELATA_ASSIGN_OR_RETURN(const StepIndex inside, InWindow(moment, window));
  RELATA_ASSIGN_OR_RETURN(const StepIndex before, Compare(Op::kLess, moment, window.from));
  const StepIndex once = Leave(c, And(p, before));
  return And(once, Not(Related(Op::kExists, Type{Base::kBool}, c, kNone, And(p, inside))));
}

// exists(c where p and its moment in the window, none in the span before that moment, one earlier still).
StatusOr<StepIndex> Compiler::Restarted(const Node& node) {
  RELATA_ASSIGN_OR_RETURN(const Interval span, ConstantInterval(node.parts[1], "a span of time"));
  RELATA_ASSIGN_OR_RETURN(const Window window, WindowBack(node.parts[2]));
  StepIndex p = kNone;
  RELATA_ASSIGN_OR_RETURN(const Collection c, Enter(node.parts[0], &p));
  RELATA_ASSIGN_OR_RETURN(const StepIndex moment, MomentOf(*c.type, "restarted(…)"));
  RELATA_ASSIGN_OR_RETURN(const StepIndex inside, InWindow(moment, window));
  scopes_.back().hidden = true;
  StepIndex q = kNone;
  RELATA_ASSIGN_OR_RETURN(const Collection earlier, Enter(node.parts[0], &q));
  RELATA_ASSIGN_OR_RETURN(const StepIndex then, MomentOf(*earlier.type, "restarted(…)"));
  const StepIndex start = FieldStep(*c.type, c.type->fields[*c.type->moment], Owner{.scope = 1});
  RELATA_ASSIGN_OR_RETURN(const StepIndex edge, AddInterval(start, IntervalConstant(span), -1));
  RELATA_ASSIGN_OR_RETURN(const StepIndex pause, InWindow(then, Window{edge, start, Op::kLess}));
  RELATA_ASSIGN_OR_RETURN(const StepIndex before, Compare(Op::kLess, then, edge));
  const StepIndex once = Leave(earlier, And(q, before));
  const StepIndex meanwhile = Related(Op::kExists, Type{Base::kBool}, earlier, kNone, And(q, pause));
  return Leave(c, And(And(p, inside), And(once, Not(meanwhile))));
}

}  // namespace relata::expr
