// Defines Parser, which makes a tree of tokens by recursive descent: one function per rule of grammar.ebnf.
//
// Thread safety: one thread. Lifetime: the text outlives the parser. Cost: O(tokens); the stack it takes is
// bounded by kMaxNesting.
#ifndef RELATA_EXPR_PARSER_H_
#define RELATA_EXPR_PARSER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/expr/tree.h"
#include "src/expr/lexer.h"
#include "src/expr/words.h"

namespace relata::expr {

class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens, const TimeZone& zone)
      : text_(text), tokens_(std::move(tokens)), zone_(zone) {}

  // The whole text as one expression.
  StatusOr<Expr> Run();

 private:
  using Rule = StatusOr<Expr>;

  // parser.cc: from the loosest operator to the tightest.
  Rule Expression();
  Rule Chain(Kind kind, std::string_view word, Rule (Parser::*term)());
  Rule Conjunction();
  Rule Negation();
  Rule Judgement();
  Rule Comparison();
  Rule TestOf();
  Rule In(Expr left, uint32_t position);
  Rule Sum();
  Rule Product();
  Rule Signed();

  // parse_value.cc: what operators stand between.
  Rule Value();
  Rule Word();
  Rule Number(std::string_view sign);
  Rule DatedLiteral();
  Rule ParameterWithUnit();
  Rule PathOfNames();
  Rule Case();
  Rule Rank();
  Rule Sample();
  Rule Constant(std::string_view what);
  Rule Call();
  Rule Argument(char letter);
  Rule Related();
  Rule Within();
  Rule InBrackets();
  Status List(std::vector<Expr>* items);
  bool AtPeriod() const;
  Rule PeriodOfWords();
  const UnitWord* TakeUnit();

  const Token& Peek(size_t ahead = 0) const {
    return tokens_[at_ + ahead < tokens_.size() ? at_ + ahead : tokens_.size() - 1];
  }
  bool AtWord(std::string_view word, size_t ahead = 0) const {
    return Peek(ahead).Is(Token::Type::kWord, word);
  }
  bool AtSymbol(std::string_view symbol, size_t ahead = 0) const {
    return Peek(ahead).Is(Token::Type::kSymbol, symbol);
  }
  bool TakeWord(std::string_view word) { return AtWord(word) && (++at_, true); }
  bool TakeSymbol(std::string_view symbol) { return AtSymbol(symbol) && (++at_, true); }
  Status ExpectWord(std::string_view word);
  Status ExpectSymbol(std::string_view symbol);

  // "expected …, found …" at the next token.
  Status Unexpected(std::string_view expected) const;
  Status Refuse(uint32_t position, std::string_view message) const;
  // The error of a literal, with its place.
  Status At(uint32_t position, const Status& status) const;
  // A node, if it does not become too deep.
  Rule Make(Kind kind, Detail detail, std::vector<Expr> parts, uint32_t position) const;

  // One more level of brackets, calls or prefixes, while it lives.
  class Level {
   public:
    explicit Level(uint32_t* depth) : depth_(depth) { ++*depth_; }
    ~Level() { --*depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    bool too_deep() const { return *depth_ > kMaxNesting; }

   private:
    uint32_t* depth_;
  };
  Status TooDeep() const;

  std::string_view text_;
  std::vector<Token> tokens_;
  const TimeZone& zone_;
  size_t at_ = 0;
  uint32_t nesting_ = 0;
  uint32_t scopes_ = 0;  // conditions over related records around here, which `outer` reaches out of
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_PARSER_H_
