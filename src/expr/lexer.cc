// Words, literals and symbols. Letters are ASCII; anything else stands between quotes.
#include "src/expr/lexer.h"

#include <utility>

#include "relata/base/strings.h"
#include "relata/expr/tree.h"
#include "src/base/text.h"
#include "src/expr/located.h"

namespace relata::expr {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  StatusOr<std::vector<Token>> Run() {
    for (;;) {
      while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
      Token token;
      token.position = static_cast<uint32_t>(at_);
      RELATA_RETURN_IF_ERROR(Next(&token));
      tokens_.push_back(std::move(token));
      if (tokens_.back().type == Token::Type::kEnd) return std::move(tokens_);
    }
  }

 private:
  char Peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  Status Refuse(size_t position, std::string_view message) const {
    return absl::InvalidArgumentError(Located(text_, static_cast<uint32_t>(position), message));
  }

  Status Next(Token* token) {
    if (at_ == text_.size()) return absl::OkStatus();
    const char c = text_[at_];
    if (IsLetter(c)) {
      token->type = Token::Type::kWord;
      while (IsLetter(Peek()) || IsDigit(Peek())) token->text += Lower(text_[at_++]);
      return absl::OkStatus();
    }
    if (IsDigit(c)) return Number(token);
    if (c == '\'' || c == '"') return Between(c, token);
    if (c == ':') return Parameter(token);
    return Symbol(token);
  }

  Status Number(Token* token) {
    token->type = Token::Type::kNumber;
    const size_t begin = at_;
    while (IsDigit(Peek())) ++at_;
    if (Peek() == '.') {
      ++at_;
      if (!IsDigit(Peek())) return Refuse(begin, "a number has digits on both sides of its point");
      while (IsDigit(Peek())) ++at_;
    }
    if (Lower(Peek()) == 'e') {
      const size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
      if (IsDigit(Peek(1 + sign))) {
        at_ += 1 + sign;
        while (IsDigit(Peek())) ++at_;
      }
    }
    if (IsLetter(Peek()) || Peek() == '.') {
      return Refuse(begin, "a number runs into what follows; put a space between");
    }
    for (char digit : text_.substr(begin, at_ - begin)) {
      if (digit != '+') token->text += Lower(digit);
    }
    return absl::OkStatus();
  }

  Status Between(char quote, Token* token) {
    token->type = quote == '"' ? Token::Type::kQuotedName : Token::Type::kText;
    const size_t begin = at_++;
    for (;;) {
      if (at_ == text_.size()) {
        return Refuse(begin, StrCat("the closing quote ", quote, " is missing; a quote within is doubled"));
      }
      const char c = text_[at_++];
      if (c == quote && Peek() != quote) break;
      if (c == quote) ++at_;
      token->text += c;
    }
    if (quote == '"' && token->text.empty()) return Refuse(begin, "a name in quotes is not empty");
    return absl::OkStatus();
  }

  Status Parameter(Token* token) {
    token->type = Token::Type::kParameter;
    const size_t begin = at_++;
    if (!IsLetter(Peek())) return Refuse(begin, "expected a parameter's name behind ':', as in :name");
    while (IsLetter(Peek()) || IsDigit(Peek())) token->text += text_[at_++];
    return absl::OkStatus();
  }

  Status Symbol(Token* token) {
    token->type = Token::Type::kSymbol;
    const std::string_view two = text_.substr(at_, 2);
    if (two == "--") {
      return Refuse(at_, "there are no comments here; put a space between two minus signs");
    }
    if (two == "<>" || two == "<=" || two == ">=" || two == "!=") {
      token->text = two == "!=" ? "<>" : std::string(two);
      at_ += 2;
      return absl::OkStatus();
    }
    if (std::string_view("()=<>+-*/,.").find(text_[at_]) == std::string_view::npos) {
      size_t length = 1;
      while (at_ + length < text_.size() &&
             (static_cast<unsigned char>(text_[at_ + length]) & 0xC0) == 0x80) {
        ++length;
      }
      return Refuse(at_, StrCat("the character ", Quoted(text_.substr(at_, length)), " has no meaning here"));
    }
    token->text = text_[at_++];
    return absl::OkStatus();
  }

  std::string_view text_;
  size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

StatusOr<std::vector<Token>> Lex(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return absl::ResourceExhaustedError(
        StrCat("the expression is ", text.size(), " bytes long; at most ", kMaxTextBytes));
  }
  if (!IsValidUtf8(text)) return absl::InvalidArgumentError("the expression is not valid UTF-8");
  return Lexer(text).Run();
}

}  // namespace relata::expr
