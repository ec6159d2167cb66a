// Orders from text.
#include "relata/query/order_text.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include "relata/base/strings.h"
#include "relata/expr/text.h"

namespace relata::query {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string_view LastWord(std::string_view text) {
  const size_t blank = text.find_last_of(kBlanks);
  return blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
}

bool Same(std::string_view word, std::string_view lower) {
  return std::equal(word.begin(), word.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

// Drops the last word if it is this one; never the only one.
bool Drop(std::string_view* text, std::string_view word) {
  const std::string_view last = LastWord(*text);
  if (last.empty() || !Same(last, word)) return false;
  *text = Trimmed(text->substr(0, text->size() - last.size()));
  return true;
}

}  // namespace

std::vector<std::string_view> SplitAtCommas(std::string_view text) {
  std::vector<std::string_view> pieces;
  size_t begin = 0;
  int depth = 0;
  char quote = '\0';
  for (size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (i < text.size() && quote != '\0') {
      if (c == quote) quote = '\0';
      continue;
    }
    if (c == '\'' || c == '"') quote = c;
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c != ',' || (depth > 0 && i < text.size())) continue;
    pieces.push_back(Trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  if (pieces.size() == 1 && pieces.front().empty()) pieces.clear();
  return pieces;
}

StatusOr<std::vector<OrderTerm>> ParseOrder(std::string_view text) {
  std::vector<OrderTerm> order;
  for (std::string_view piece : SplitAtCommas(text)) {
    if (piece.empty()) {
      return absl::InvalidArgumentError(
          StrCat("order ", Quoted(text), ": there is nothing between two commas"));
    }
    const std::string_view whole = piece;
    OrderTerm term;
    std::string_view rest = piece;
    const bool first = Drop(&rest, "first");
    if ((first || Drop(&rest, "last")) && Drop(&rest, "nulls")) {
      term.nulls_first = first;
      piece = rest;
    }
    term.descending = Drop(&piece, "desc");
    if (!term.descending) Drop(&piece, "asc");
    rest = piece;
    const std::string_view collation = LastWord(rest);
    rest = Trimmed(rest.substr(0, rest.size() - collation.size()));
    if (!collation.empty() && Drop(&rest, "collate")) {
      term.collation = std::string(collation);
      piece = rest;
    }
    StatusOr<expr::Expr> by = expr::Parse(piece);
    if (!by.ok()) return Annotate(by.status(), StrCat("order by ", Quoted(whole)));
    term.by = *std::move(by);
    order.push_back(std::move(term));
  }
  return order;
}

}  // namespace relata::query
