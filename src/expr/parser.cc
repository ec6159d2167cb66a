// Operators: everything between `or` and the sign.
#include "src/expr/parser.h"

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/located.h"

namespace relata::expr {

StatusOr<Expr> Parse(std::string_view text, const TimeZone& zone) {
  RELATA_ASSIGN_OR_RETURN(std::vector<Token> tokens, Lex(text));
  return Parser(text, std::move(tokens), zone).Run();
}

StatusOr<Expr> Parser::Run() {
  if (Peek().type == Token::Type::kEnd) return Refuse(0, "the expression is empty");
  RELATA_ASSIGN_OR_RETURN(Expr expr, Expression());
  if (Peek().type != Token::Type::kEnd) return Unexpected("an operator or the end");
  return expr;
}

StatusOr<Expr> Parser::Expression() {
  const Level level(&nesting_);
  if (level.too_deep()) return TooDeep();
  return Chain(Kind::kOr, "or", &Parser::Conjunction);
}

StatusOr<Expr> Parser::Conjunction() { return Chain(Kind::kAnd, "and", &Parser::Negation); }

StatusOr<Expr> Parser::Chain(Kind kind, std::string_view word, Rule (Parser::*term)()) {
  const uint32_t position = Peek().position;
  RELATA_ASSIGN_OR_RETURN(Expr first, (this->*term)());
  if (!AtWord(word)) return first;
  std::vector<Expr> terms = {std::move(first)};
  while (TakeWord(word)) {
    RELATA_ASSIGN_OR_RETURN(terms.emplace_back(), (this->*term)());
  }
  return Make(kind, {}, std::move(terms), position);
}

StatusOr<Expr> Parser::Negation() {
  const uint32_t position = Peek().position;
  if (!TakeWord("not")) return Judgement();
  const Level level(&nesting_);
  if (level.too_deep()) return TooDeep();
  RELATA_ASSIGN_OR_RETURN(Expr denied, Negation());
  return Make(Kind::kNot, {}, {std::move(denied)}, position);
}

StatusOr<Expr> Parser::Judgement() {
  RELATA_ASSIGN_OR_RETURN(Expr expr, Comparison());
  for (uint32_t position = Peek().position; TakeWord("is"); position = Peek().position) {
    const bool denied = TakeWord("not");
    if (TakeWord("distinct")) {
      RELATA_RETURN_IF_ERROR(ExpectWord("from"));
      RELATA_ASSIGN_OR_RETURN(Expr right, Comparison());
      RELATA_ASSIGN_OR_RETURN(
          expr, Make(Kind::kBinary, Operator::kDistinct, {std::move(expr), std::move(right)}, position));
    } else {
      const Test tests[] = {Test::kNull, Test::kTrue, Test::kFalse, Test::kUnknown, Test::kEmpty};
      bool found = false;
      for (Test test : tests) {
        if (!TakeWord(WordOf(test))) continue;
        found = true;
        RELATA_ASSIGN_OR_RETURN(expr, Make(Kind::kIs, test, {std::move(expr)}, position));
        break;
      }
      if (!found) return Unexpected("null, true, false, unknown, empty or distinct from, behind 'is'");
    }
    if (denied) {
      RELATA_ASSIGN_OR_RETURN(expr, Make(Kind::kNot, {}, {std::move(expr)}, position));
    }
  }
  return expr;
}

StatusOr<Expr> Parser::Comparison() {
  RELATA_ASSIGN_OR_RETURN(Expr left, TestOf());
  for (Operator op : {Operator::kEqual, Operator::kNotEqual, Operator::kLess, Operator::kLessEqual,
                      Operator::kGreater, Operator::kGreaterEqual}) {
    const uint32_t position = Peek().position;
    if (!TakeSymbol(WordOf(op))) continue;
    RELATA_ASSIGN_OR_RETURN(Expr right, TestOf());
    return Make(Kind::kBinary, op, {std::move(left), std::move(right)}, position);
  }
  return left;
}

StatusOr<Expr> Parser::TestOf() {
  RELATA_ASSIGN_OR_RETURN(Expr expr, Sum());
  const uint32_t position = Peek().position;
  if (TakeWord("has")) {
    for (SetTest test : {SetTest::kAny, SetTest::kAll, SetTest::kNone, SetTest::kExactly}) {
      if (!TakeWord(WordOf(test))) continue;
      std::vector<Expr> parts = {std::move(expr)};
      RELATA_RETURN_IF_ERROR(List(&parts));
      return Make(Kind::kHas, test, std::move(parts), position);
    }
    return Unexpected("any, all, none or exactly, behind 'has'");
  }
  const bool denied = TakeWord("not");
  Operator op = Operator::kLike;
  if (TakeWord("between")) {
    RELATA_ASSIGN_OR_RETURN(Expr low, Sum());
    RELATA_RETURN_IF_ERROR(ExpectWord("and"));
    RELATA_ASSIGN_OR_RETURN(Expr high, Sum());
    RELATA_ASSIGN_OR_RETURN(
        expr, Make(Kind::kBetween, {}, {std::move(expr), std::move(low), std::move(high)}, position));
  } else if (TakeWord("in")) {
    RELATA_ASSIGN_OR_RETURN(expr, In(std::move(expr), position));
  } else if (Peek().type == Token::Type::kWord && FindTextOperator(Peek().text, &op)) {
    ++at_;
    RELATA_ASSIGN_OR_RETURN(Expr right, Sum());
    RELATA_ASSIGN_OR_RETURN(expr, Make(Kind::kBinary, op, {std::move(expr), std::move(right)}, position));
  } else if (denied) {
    return Unexpected("between, in, like or another test of a value, behind 'not'");
  }
  if (!denied) return expr;
  return Make(Kind::kNot, {}, {std::move(expr)}, position);
}

StatusOr<Expr> Parser::In(Expr left, uint32_t position) {
  if (AtSymbol("(")) {
    std::vector<Expr> parts = {std::move(left)};
    RELATA_RETURN_IF_ERROR(List(&parts));
    return Make(Kind::kInList, {}, std::move(parts), position);
  }
  if (AtWord("segment") && (Peek(1).type == Token::Type::kText || Peek(1).type == Token::Type::kParameter)) {
    ++at_;
    RELATA_ASSIGN_OR_RETURN(Expr name, Constant("a segment's name"));
    return Make(Kind::kSegment, {}, {std::move(name), std::move(left)}, position);
  }
  if (AtPeriod()) {
    RELATA_ASSIGN_OR_RETURN(Expr period, PeriodOfWords());
    return Make(Kind::kBinary, Operator::kIn, {std::move(left), std::move(period)}, position);
  }
  if (Peek().type != Token::Type::kQuotedName &&
      (Peek().type != Token::Type::kWord || IsReserved(Peek().text))) {
    return Unexpected("a list in brackets, a set, a period or a segment, behind 'in'");
  }
  RELATA_ASSIGN_OR_RETURN(Expr set, PathOfNames());
  return Make(Kind::kBinary, Operator::kIn, {std::move(left), std::move(set)}, position);
}

StatusOr<Expr> Parser::Sum() {
  RELATA_ASSIGN_OR_RETURN(Expr left, Product());
  for (;;) {
    const uint32_t position = Peek().position;
    const Operator op = AtSymbol("+") ? Operator::kAdd : Operator::kSubtract;
    if (!TakeSymbol("+") && !TakeSymbol("-")) return left;
    RELATA_ASSIGN_OR_RETURN(Expr right, Product());
    RELATA_ASSIGN_OR_RETURN(left, Make(Kind::kBinary, op, {std::move(left), std::move(right)}, position));
  }
}

StatusOr<Expr> Parser::Product() {
  RELATA_ASSIGN_OR_RETURN(Expr left, Signed());
  for (;;) {
    const uint32_t position = Peek().position;
    const Operator op = AtSymbol("*") ? Operator::kMultiply : Operator::kDivide;
    if (!TakeSymbol("*") && !TakeSymbol("/")) return left;
    RELATA_ASSIGN_OR_RETURN(Expr right, Signed());
    RELATA_ASSIGN_OR_RETURN(left, Make(Kind::kBinary, op, {std::move(left), std::move(right)}, position));
  }
}

StatusOr<Expr> Parser::Signed() {
  const uint32_t position = Peek().position;
  if (!TakeSymbol("-")) return Value();
  if (Peek().type == Token::Type::kNumber) return Number("-");
  const Level level(&nesting_);
  if (level.too_deep()) return TooDeep();
  RELATA_ASSIGN_OR_RETURN(Expr operand, Signed());
  return Make(Kind::kNegate, {}, {std::move(operand)}, position);
}

Status Parser::ExpectWord(std::string_view word) {
  return TakeWord(word) ? absl::OkStatus() : Unexpected(StrCat("'", word, "'"));
}

Status Parser::ExpectSymbol(std::string_view symbol) {
  return TakeSymbol(symbol) ? absl::OkStatus() : Unexpected(StrCat("'", symbol, "'"));
}

Status Parser::Unexpected(std::string_view expected) const {
  const Token& token = Peek();
  const std::string found = token.type == Token::Type::kEnd ? "the end" : Quoted(token.text);
  return Refuse(token.position, StrCat("expected ", expected, "; found ", found));
}

Status Parser::Refuse(uint32_t position, std::string_view message) const {
  return absl::InvalidArgumentError(Located(text_, position, message));
}

Status Parser::At(uint32_t position, const Status& status) const {
  return Refuse(position, ToStd(status.message()));
}

Status Parser::TooDeep() const {
  return absl::ResourceExhaustedError(Located(
      text_, Peek().position, StrCat("the expression nests more than ", kMaxNesting, " levels deep")));
}

StatusOr<Expr> Parser::Make(Kind kind, Detail detail, std::vector<Expr> parts, uint32_t position) const {
  Expr expr(kind, std::move(detail), std::move(parts), position);
  if (expr->depth <= kMaxDepth) return expr;
  return absl::ResourceExhaustedError(Located(
      text_, position, StrCat("the expression has more than ", kMaxDepth, " operators one upon another")));
}

}  // namespace relata::expr
