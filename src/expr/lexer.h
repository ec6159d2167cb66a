// Defines Token and Lex, which cuts a text of the expression language into words, literals and symbols.
//
// Thread safety: functions of their arguments. Cost: O(length).
#ifndef RELATA_EXPR_LEXER_H_
#define RELATA_EXPR_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"

namespace relata::expr {

struct Token {
  enum class Type : uint8_t {
    kEnd,
    kWord,        // keyword or name, in lower case
    kQuotedName,  // "…", without its quotes
    kText,        // '…', without its quotes
    kNumber,      // digits, fraction, exponent; without sign
    kParameter,   // :name, without its colon
    kSymbol,
  };
  Type type = Type::kEnd;
  std::string text;
  uint32_t position = 0;  // byte in the text

  bool Is(Type t, std::string_view what) const { return type == t && text == what; }
};

// The tokens, the last of which is kEnd. Errors tell their place.
StatusOr<std::vector<Token>> Lex(std::string_view text);

}  // namespace relata::expr

#endif  // RELATA_EXPR_LEXER_H_
