// Defines what find, count and group have in common: the condition, its parameters, and how columns are
// named.
//
//   relata find crm.relata order "relation = :r and total > :least" --param r=@100000-7 --param least=500
//
// Several conditions all hold. A parameter's value is a literal of the language (12, 3.5, date '2026-01-31',
// 'text'), or else a text as it stands; @ and what `relata show` takes for a relation means its id.
#ifndef RELATA_CLI_QUERY_ARGUMENTS_H_
#define RELATA_CLI_QUERY_ARGUMENTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/engine/find.h"
#include "relata/schema/entity.h"
#include "src/cli/table.h"

namespace relata::cli {

// The query with its conditions and parameters. InvalidArgument also explains where a condition is written as
// field=value, which it once was.
StatusOr<RecordQuery> MakeQuery(const Reader& reader, const std::string& entity,
                                const std::vector<std::string>& conditions,
                                const std::vector<std::string>& parameters);

// Without the blanks at both ends.
std::string_view Trimmed(std::string_view text);

// A literal of the language as a value; any other text as it stands.
StatusOr<Value> LiteralValue(std::string_view text);

// The status, with a hint where one of the conditions looks like field=value.
Status ExplainOldForm(Status status, const std::vector<std::string>& conditions);

// The fields of the record that the conditions name.
std::vector<std::string> FieldsIn(const expr::Expr& condition, const EntityType& type);

// A value in a table, and on which side it stands.
std::string Shown(const Value& value);
Align AlignmentOf(const Value& value);

}  // namespace relata::cli

#endif  // RELATA_CLI_QUERY_ARGUMENTS_H_
