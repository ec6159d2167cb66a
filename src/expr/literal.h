// Defines how literals are read and written: numbers, numbers with a unit, intervals.
//
// Errors are bare: the parser adds the place.
// Thread safety: functions of their arguments.
#ifndef RELATA_EXPR_LITERAL_H_
#define RELATA_EXPR_LITERAL_H_

#include <string>
#include <string_view>

#include "relata/base/status.h"
#include "relata/expr/tree.h"

namespace relata::expr {

// Digits, optionally with a fraction (a decimal) or an exponent (a double), optionally behind '-'.
// OutOfRange for what its type cannot hold.
StatusOr<Literal> ParseNumber(std::string_view number);

// A number of units: an interval or a length. InvalidArgument for what is no whole number of months,
// microseconds or millimetres, OutOfRange for what does not fit.
StatusOr<Literal> ParseQuantity(std::string_view number, Unit unit);

// Numbers with units of time: "3 months", "1 year -2 days 6 hours".
StatusOr<Interval> ParseInterval(std::string_view text);

// As Parse reads it back.
std::string PrintLiteral(const Literal& literal);

// `text` in single quotes, `name` in double quotes; quotes within are doubled.
std::string QuoteText(std::string_view text);
std::string QuoteName(std::string_view name);

}  // namespace relata::expr

#endif  // RELATA_EXPR_LITERAL_H_
