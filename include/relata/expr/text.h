// Defines Parse and Print, which turn a text of the expression language into a tree and back.
//
//   StatusOr<Expr> expr = Parse("visiting.city = 'Utrecht' and credit_limit > 10000");
//   Print(*expr)                          // the same text: Parse(Print(tree)) == tree, whatever the tree
//
// Both are for people: a text is at most kMaxTextBytes long and nests at most kMaxNesting deep, and what does
// not parse is told with line, column, the line itself and a caret under the place.
//
// Thread safety: functions of their arguments. Cost: O(length).
#ifndef RELATA_EXPR_TEXT_H_
#define RELATA_EXPR_TEXT_H_

#include <string>
#include <string_view>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/export.h"
#include "relata/expr/tree.h"

namespace relata::expr {

// The tree of a text in UTF-8. A timestamp without an offset is local time in `zone`. InvalidArgument for
// what is no expression, ResourceExhausted for one that is too long or too deep.
RELATA_EXPORT StatusOr<Expr> Parse(std::string_view text, const TimeZone& zone = TimeZone());

// The text of a tree: brackets where they are needed, words in lower case, names in double quotes where a
// plain word would not do, timestamps in UTC. REQUIRES: expr is not none.
RELATA_EXPORT std::string Print(const Expr& expr);

}  // namespace relata::expr

#endif  // RELATA_EXPR_TEXT_H_
