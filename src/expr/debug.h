// Defines DebugString, which writes a program as nested lists, for tests and for people who look into one:
//
//   (and (= visiting.city 'Utrecht') (> credit_limit 'EUR 100.00'))
//   (sum order.relation total (>= ordered_on (add_days today -365)))
//
// A field of a scope further out has a ^ for each; a field of a record stands as (. record entity.field).
//
// Thread safety: a function of its argument.
#ifndef RELATA_EXPR_DEBUG_H_
#define RELATA_EXPR_DEBUG_H_

#include <string>

#include "src/expr/program.h"

namespace relata::expr {

std::string DebugString(const Program& program);
std::string DebugString(const Program& program, StepIndex step);

}  // namespace relata::expr

#endif  // RELATA_EXPR_DEBUG_H_
