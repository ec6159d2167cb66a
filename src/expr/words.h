// Defines the words of the language: functions and what they take, operators, units, and the few words that
// are reserved everywhere.
//
// Thread safety: constant tables.
#ifndef RELATA_EXPR_WORDS_H_
#define RELATA_EXPR_WORDS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "relata/expr/tree.h"

namespace relata::expr {

struct FunctionWord {
  Function function;
  std::string_view name;
  // One letter per argument: e an expression, r related records (`orders.total where …`), w a window
  // (`within 7 days`). A + behind the last: one or more of it; a ?: it may be left out.
  std::string_view arguments;
};

const FunctionWord& WordOf(Function function);
// nullptr if there is none.
const FunctionWord* FindFunction(std::string_view name);
std::vector<std::string_view> FunctionNames();

struct UnitWord {
  Unit unit;
  std::string_view one;
  std::string_view many;
  int64_t months;       // of one; 0 where it is none of the calendar's
  int64_t micros;       // of one
  int64_t millimetres;  // of one
};

const UnitWord& WordOf(Unit unit);
// By either form; nullptr if there is none.
const UnitWord* FindUnit(std::string_view word);

// "=", "like", …
std::string_view WordOf(Operator op);
// The operators between texts that are words; false if this is none.
bool FindTextOperator(std::string_view word, Operator* op);

std::string_view WordOf(SetTest test);
std::string_view WordOf(Test test);

// Words that are no name anywhere unless in double quotes. Every other keyword is one only where its
// construct has it.
bool IsReserved(std::string_view word);

// What the lexer takes for a plain word, folded: [a-z_][a-z0-9_]*.
bool IsPlainWord(std::string_view word);

}  // namespace relata::expr

#endif  // RELATA_EXPR_WORDS_H_
