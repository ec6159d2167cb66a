// Defines what can be said of an operator alone, whatever it is applied to.
//
// Thread safety: functions of their arguments.
#ifndef RELATA_EXPR_OP_TRAITS_H_
#define RELATA_EXPR_OP_TRAITS_H_

#include "src/expr/program.h"

namespace relata::expr {

// The comparison with its sides exchanged: x op y as y op x.
constexpr Op Mirrored(Op op) {
  switch (op) {
    case Op::kLess:
      return Op::kGreater;
    case Op::kLessEqual:
      return Op::kGreaterEqual;
    case Op::kGreater:
      return Op::kLess;
    case Op::kGreaterEqual:
      return Op::kLessEqual;
    default:
      return op;
  }
}

constexpr bool IsOrdering(Op op) { return op >= Op::kLess && op <= Op::kGreaterEqual; }

// Of two values: `in` is none.
constexpr bool IsComparison(Op op) { return op >= Op::kEqual && op <= Op::kIsDistinct; }

// Over related records.
constexpr bool IsAggregate(Op op) { return op >= Op::kCount && op <= Op::kExists; }

// Whether it reads the former values of a slot.
constexpr bool IsHistory(Op op) { return op == Op::kWas || op == Op::kChanged || op == Op::kHeld; }

// Whether it asks for today's date.
constexpr bool ReadsToday(Op op) {
  return op == Op::kToday || op == Op::kAge || op == Op::kPeriodStart || op == Op::kPeriodEnd;
}

// Whether it asks for today's date or the moment of evaluation.
constexpr bool ReadsClock(Op op) { return op == Op::kNow || op == Op::kHeld || ReadsToday(op); }

// Whether the operator looks at records, so that its value may differ between them even where that of its
// arguments does not.
constexpr bool LooksAtRecords(Op op) {
  if (IsAggregate(op) || IsHistory(op)) return true;
  switch (op) {
    case Op::kField:
    case Op::kId:
    case Op::kFieldOf:
    case Op::kChildOf:
    case Op::kDescendantOf:
    case Op::kAncestorOf:
    case Op::kTop:
    case Op::kPercentile:
    case Op::kSample:
    case Op::kInSegment:
      return true;
    default:
      return false;
  }
}

}  // namespace relata::expr

#endif  // RELATA_EXPR_OP_TRAITS_H_
