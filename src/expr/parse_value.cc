// What operators stand between: literals, names, calls and the constructs that begin with a word.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "relata/base/strings.h"
#include "src/base/nearest.h"
#include "src/expr/literal.h"
#include "src/expr/parser.h"

namespace relata::expr {
namespace {

// The degrees of a literal number.
std::optional<double> DegreesOf(const Expr& expr) {
  if (expr->kind != Kind::kLiteral) return std::nullopt;
  if (const auto* whole = std::get_if<int64_t>(&expr->literal())) return static_cast<double>(*whole);
  if (const auto* decimal = std::get_if<Decimal>(&expr->literal())) return decimal->ToDouble();
  if (const auto* number = std::get_if<double>(&expr->literal())) return *number;
  return std::nullopt;
}

// Two numbers that are a place on earth make a literal; anything else is left to the checker.
std::optional<Point> LiteralPoint(const std::vector<Expr>& arguments) {
  const std::optional<double> lat = DegreesOf(arguments[0]);
  const std::optional<double> lon = DegreesOf(arguments[1]);
  if (!lat || !lon) return std::nullopt;
  const StatusOr<Point> point = Point::FromDegrees(*lat, *lon);
  if (!point.ok()) return std::nullopt;
  return *point;
}

}  // namespace

StatusOr<Expr> Parser::Value() {
  const Token& token = Peek();
  switch (token.type) {
    case Token::Type::kNumber:
      return Number("");
    case Token::Type::kText:
      ++at_;
      return Make(Kind::kLiteral, Literal(token.text), {}, token.position);
    case Token::Type::kParameter:
      return ParameterWithUnit();
    case Token::Type::kQuotedName:
      return PathOfNames();
    case Token::Type::kWord:
      return Word();
    case Token::Type::kSymbol:
      if (token.text == "(") return InBrackets();
      break;
    case Token::Type::kEnd:
      break;
  }
  return Unexpected("a value");
}

StatusOr<Expr> Parser::InBrackets() {
  RELATA_RETURN_IF_ERROR(ExpectSymbol("("));
  RELATA_ASSIGN_OR_RETURN(Expr expr, Expression());
  RELATA_RETURN_IF_ERROR(ExpectSymbol(")"));
  return expr;
}

Status Parser::List(std::vector<Expr>* items) {
  RELATA_RETURN_IF_ERROR(ExpectSymbol("("));
  do {
    RELATA_ASSIGN_OR_RETURN(items->emplace_back(), Expression());
  } while (TakeSymbol(","));
  return ExpectSymbol(")");
}

StatusOr<Expr> Parser::Word() {
  const Token& token = Peek();
  const Token& next = Peek(1);
  const std::string& word = token.text;
  if (word == "case") return Case();
  if (word == "null" || word == "true" || word == "false") {
    ++at_;
    return Make(Kind::kLiteral, word == "null" ? Literal() : Literal(word == "true"), {}, token.position);
  }
  if (IsReserved(word)) return Unexpected("a value");
  if (next.type == Token::Type::kText &&
      (word == "date" || word == "timestamp" || word == "interval" || word == "money")) {
    return DatedLiteral();
  }
  const bool count_follows = next.type == Token::Type::kNumber || next.type == Token::Type::kParameter;
  if (word == "top" && count_follows) return Rank();
  if (word == "in" && AtWord("segment", 1)) {
    at_ += 2;
    RELATA_ASSIGN_OR_RETURN(Expr name, Constant("a segment's name"));
    return Make(Kind::kSegment, {}, {std::move(name)}, token.position);
  }
  if (AtSymbol("(", 1)) return word == "sample" ? Sample() : Call();
  return PathOfNames();
}

StatusOr<Expr> Parser::Number(std::string_view sign) {
  const Token& token = Peek();
  ++at_;
  const std::string number = StrCat(sign, token.text);
  const UnitWord* unit = TakeUnit();
  StatusOr<Literal> literal = unit == nullptr ? ParseNumber(number) : ParseQuantity(number, unit->unit);
  if (!literal.ok()) return At(token.position, literal.status());
  return Make(Kind::kLiteral, *std::move(literal), {}, token.position);
}

StatusOr<Expr> Parser::DatedLiteral() {
  const Token& word = Peek();
  const Token& text = Peek(1);
  at_ += 2;
  const auto make = [&](auto value) -> Rule {
    if (!value.ok()) return At(text.position, value.status());
    return Make(Kind::kLiteral, Literal(*std::move(value)), {}, word.position);
  };
  if (word.text == "date") return make(Date::Parse(text.text));
  if (word.text == "timestamp") return make(Timestamp::Parse(text.text, zone_));
  if (word.text == "interval") return make(ParseInterval(text.text));
  return make(Money::Parse(text.text));
}

StatusOr<Expr> Parser::ParameterWithUnit() {
  const Token& token = Peek();
  ++at_;
  const UnitWord* unit = TakeUnit();
  return Make(Kind::kParameter, Parameter{token.text, unit == nullptr ? Unit::kNone : unit->unit}, {},
              token.position);
}

const UnitWord* Parser::TakeUnit() {
  if (Peek().type != Token::Type::kWord) return nullptr;
  const UnitWord* unit = FindUnit(Peek().text);
  if (unit != nullptr) ++at_;
  return unit;
}

StatusOr<Expr> Parser::PathOfNames() {
  const uint32_t position = Peek().position;
  Path path;
  while (path.outer < scopes_ && AtWord("outer") && AtSymbol(".", 1)) {
    at_ += 2;
    ++path.outer;
  }
  do {
    const Token& token = Peek();
    const bool plain = token.type == Token::Type::kWord && !IsReserved(token.text);
    if (!plain && token.type != Token::Type::kQuotedName) return Unexpected("a name");
    path.names.push_back(token.text);
    ++at_;
  } while (TakeSymbol("."));
  return Make(Kind::kPath, std::move(path), {}, position);
}

StatusOr<Expr> Parser::Case() {
  const uint32_t position = Peek().position;
  RELATA_RETURN_IF_ERROR(ExpectWord("case"));
  if (!AtWord("when")) return Unexpected("'when'; a field named case stands in double quotes");
  std::vector<Expr> parts;
  while (TakeWord("when")) {
    RELATA_ASSIGN_OR_RETURN(parts.emplace_back(), Expression());
    RELATA_RETURN_IF_ERROR(ExpectWord("then"));
    RELATA_ASSIGN_OR_RETURN(parts.emplace_back(), Expression());
  }
  if (TakeWord("else")) {
    RELATA_ASSIGN_OR_RETURN(parts.emplace_back(), Expression());
  }
  RELATA_RETURN_IF_ERROR(ExpectWord("end"));
  return Make(Kind::kCase, {}, std::move(parts), position);
}

StatusOr<Expr> Parser::Rank() {
  // It counts twice, since it may be printed in brackets that were not written.
  const Level level(&nesting_);
  const Level bracket(&nesting_);
  if (bracket.too_deep()) return TooDeep();
  const uint32_t position = Peek().position;
  RELATA_RETURN_IF_ERROR(ExpectWord("top"));
  std::vector<Expr> parts;
  const Token& count = Peek();
  if (count.type == Token::Type::kNumber) {
    RELATA_ASSIGN_OR_RETURN(parts.emplace_back(), Number(""));
    if (!std::holds_alternative<int64_t>(parts[0]->literal())) {
      return Refuse(count.position, "expected a whole number of records behind 'top'");
    }
  } else {
    ++at_;
    RELATA_ASSIGN_OR_RETURN(parts.emplace_back(),
                            Make(Kind::kParameter, Parameter{count.text}, {}, count.position));
  }
  RELATA_RETURN_IF_ERROR(ExpectWord("by"));
  RELATA_ASSIGN_OR_RETURN(parts.emplace_back(), Sum());
  if (TakeWord("per")) {
    const bool several = TakeSymbol("(");
    do {
      RELATA_ASSIGN_OR_RETURN(parts.emplace_back(), PathOfNames());
    } while (several && TakeSymbol(","));
    if (several) RELATA_RETURN_IF_ERROR(ExpectSymbol(")"));
  }
  return Make(Kind::kTop, {}, std::move(parts), position);
}

StatusOr<Expr> Parser::Sample() {
  const uint32_t position = Peek().position;
  RELATA_RETURN_IF_ERROR(ExpectWord("sample"));
  RELATA_RETURN_IF_ERROR(ExpectSymbol("("));
  std::vector<Expr> parts;
  const Token& share = Peek();
  if (share.type == Token::Type::kNumber) {
    RELATA_ASSIGN_OR_RETURN(parts.emplace_back(), Number(""));
  } else if (share.type == Token::Type::kParameter) {
    ++at_;
    RELATA_ASSIGN_OR_RETURN(parts.emplace_back(),
                            Make(Kind::kParameter, Parameter{share.text}, {}, share.position));
  } else {
    return Unexpected("a number or parameter, as in sample(10 percent, 'seed')");
  }
  RELATA_RETURN_IF_ERROR(ExpectWord("percent"));
  RELATA_RETURN_IF_ERROR(ExpectSymbol(","));
  RELATA_ASSIGN_OR_RETURN(parts.emplace_back(), Constant("a seed"));
  RELATA_RETURN_IF_ERROR(ExpectSymbol(")"));
  return Make(Kind::kSample, {}, std::move(parts), position);
}

StatusOr<Expr> Parser::Constant(std::string_view what) {
  const Token& token = Peek();
  if (token.type == Token::Type::kText) {
    ++at_;
    return Make(Kind::kLiteral, Literal(token.text), {}, token.position);
  }
  if (token.type == Token::Type::kParameter) {
    ++at_;
    return Make(Kind::kParameter, Parameter{token.text}, {}, token.position);
  }
  return Unexpected(StrCat(what, " in single quotes, or a parameter"));
}

StatusOr<Expr> Parser::Call() {
  const Token& name = Peek();
  Operator op = Operator::kLike;
  if (FindTextOperator(name.text, &op)) {
    return Refuse(name.position,
                  StrCat("'", name.text, "' stands between its texts, as in: name ", name.text, " 'Jan'"));
  }
  const FunctionWord* word = FindFunction(name.text);
  if (word == nullptr) {
    return Refuse(name.position,
                  StrCat("unknown function '", name.text, "'", DidYouMean(name.text, FunctionNames())));
  }
  ++at_;
  RELATA_RETURN_IF_ERROR(ExpectSymbol("("));
  std::vector<Expr> arguments;
  const uint32_t scopes = scopes_;
  for (size_t i = 0; i < word->arguments.size(); ++i) {
    const char letter = word->arguments[i];
    if (letter == '+') {
      while (TakeSymbol(",")) {
        RELATA_ASSIGN_OR_RETURN(arguments.emplace_back(), Expression());
      }
      continue;
    }
    if (letter == '?') continue;
    const bool optional = word->arguments.substr(i + 1, 1) == "?";
    if (optional && AtSymbol(")")) continue;
    if (i > 0) RELATA_RETURN_IF_ERROR(ExpectSymbol(","));
    // What all(c, p) asks is asked of each related record.
    if (word->function == Function::kAll && i == 1) ++scopes_;
    StatusOr<Expr> argument = Argument(letter);
    scopes_ = scopes;
    RELATA_ASSIGN_OR_RETURN(arguments.emplace_back(), std::move(argument));
  }
  RELATA_RETURN_IF_ERROR(ExpectSymbol(")"));
  if (word->function == Function::kPoint) {
    if (const std::optional<Point> point = LiteralPoint(arguments)) {
      return Make(Kind::kLiteral, Literal(*point), {}, name.position);
    }
  }
  return Make(Kind::kCall, word->function, std::move(arguments), name.position);
}

StatusOr<Expr> Parser::Argument(char letter) {
  if (letter == 'r') return Related();
  if (letter == 'w') return Within();
  return Expression();
}

StatusOr<Expr> Parser::Related() {
  const uint32_t position = Peek().position;
  RELATA_ASSIGN_OR_RETURN(const Expr path, PathOfNames());
  std::vector<Expr> condition;
  if (TakeWord("where")) {
    ++scopes_;
    StatusOr<Expr> where = Expression();
    --scopes_;
    RELATA_ASSIGN_OR_RETURN(condition.emplace_back(), std::move(where));
  }
  return Make(Kind::kRelated, path->path(), std::move(condition), position);
}

StatusOr<Expr> Parser::Within() {
  const Level level(&nesting_);
  if (level.too_deep()) return TooDeep();
  const uint32_t position = Peek().position;
  if (!AtWord("within")) return Unexpected("a window, as in: within 14 days");
  ++at_;
  Rule window = AtPeriod() ? PeriodOfWords() : Sum();
  RELATA_RETURN_IF_ERROR(window.status());
  return Make(Kind::kWithin, {}, {*std::move(window)}, position);
}

bool Parser::AtPeriod() const {
  if (!AtWord("this") && !AtWord("last") && !AtWord("next")) return false;
  const size_t unit = AtWord("fiscal", 1) ? 2 : 1;
  if (unit == 1 && AtWord("week", unit)) return true;
  if (unit == 1 && AtWord("month", unit)) return true;
  return AtWord("quarter", unit) || AtWord("year", unit);
}

StatusOr<Expr> Parser::PeriodOfWords() {
  const uint32_t position = Peek().position;
  Period period;
  period.offset = AtWord("last") ? -1 : AtWord("next") ? 1 : 0;
  ++at_;
  period.fiscal = TakeWord("fiscal");
  period.unit = FindUnit(Peek().text)->unit;
  ++at_;
  return Make(Kind::kPeriod, period, {}, position);
}

}  // namespace relata::expr
