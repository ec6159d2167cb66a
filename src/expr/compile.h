// Defines Compile, which checks a tree against an entity type and makes a Program of it, and Bind, which puts
// values in the place of parameters.
//
//   StatusOr<Program> program = Compile(Parse(text).value(), *schema->Get("relation").value(), schema, text);
//
// A program whose expression is a condition has type kBool. Names are looked up in the innermost scope first,
// then outwards: a field, a derived field of the type, a collection (the inverse of a reference).
//
// What the checker settles, so that evaluators need not:
// - A field of money in the record's currency means its amount in the store's base currency (the slot beside
//   it).
// - A bare number beside money is an amount in that money's currency; a text beside an enum is one of its
//   labels, beside a date or timestamp a literal of it, beside a currency its code; a number beside a record
//   is its id; a date beside a timestamp is local midnight. A choice (case, coalesce) among bare texts or
//   numbers takes the type beside it too.
// - A number with more decimals than the field it is compared with becomes the nearest the field can hold,
//   with the operator that keeps the answer exact. A product of more than 18 decimals, and a quotient but of
//   whole numbers, is a double; amounts never are, but for the ratio of two.
// - A whole number beside a date counts days. An interval of days and months moves a date on the calendar, a
//   shorter one makes a timestamp of it.
// - `within 30 days`, looking back, is from 30 days before today up to and with today. A trend compares two
//   spans that end before today.
// - Unlike types or currencies are InvalidArgument. So is everything else that language.md says is an error.
//
// Thread safety: functions of their arguments. Cost: O(nodes) but for the names, which cost a look-up each.
#ifndef RELATA_EXPR_COMPILE_H_
#define RELATA_EXPR_COMPILE_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "relata/base/status.h"
#include "relata/expr/tree.h"
#include "relata/schema/value.h"
#include "src/expr/program.h"
#include "src/store/schema_runtime.h"

namespace relata::expr {

// `text` is what the tree was parsed from, for messages that point into it; empty: they show the printed
// tree. InvalidArgument for what makes no sense, with line, column, caret and the nearest name; Unimplemented
// where the language has it and this library not yet. Parameters are InvalidArgument: bind them first.
StatusOr<Program> Compile(const Expr& tree, const store::TypeRuntime& type,
                          std::shared_ptr<const store::SchemaRuntime> schema, std::string_view text = {});

// The same, and the result must be a condition (type kBool).
StatusOr<Program> CompileCondition(const Expr& tree, const store::TypeRuntime& type,
                                   std::shared_ptr<const store::SchemaRuntime> schema,
                                   std::string_view text = {});

using Parameters = absl::flat_hash_map<std::string, Value>;

// The tree with each parameter as a literal. InvalidArgument names a parameter without a value, a value
// without a parameter, and a value that no literal can stand for.
StatusOr<Expr> Bind(const Expr& tree, const Parameters& parameters);

}  // namespace relata::expr

#endif  // RELATA_EXPR_COMPILE_H_
