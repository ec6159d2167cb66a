// Walks over trees that were made: what is in them, and what smaller ones they hold.
#include "absl/strings/str_split.h"
#include "src/expr/words.h"
#include "tests/query/generate.h"

namespace relata::twin {

using expr::Expr;
using expr::Kind;

namespace {

std::string NameOf(const expr::Node& node) {
  switch (node.kind) {
    case Kind::kLiteral: {
      constexpr const char* kLiterals[] = {"null", "bool",      "integer",  "decimal", "double", "text",
                                           "date", "timestamp", "interval", "money",   "point",  "length"};
      return std::string("literal ") + kLiterals[node.literal().index()];
    }
    case Kind::kPath:
      return node.path().outer > 0 ? "outer path" : "path";
    case Kind::kRelated:
      return node.parts.empty() ? "related" : "related where";
    case Kind::kWithin:
      return "within";
    case Kind::kPeriod:
      return node.period().fiscal ? "fiscal period" : "period";
    case Kind::kNegate:
      return "negate";
    case Kind::kNot:
      return "not";
    case Kind::kAnd:
      return "and";
    case Kind::kOr:
      return "or";
    case Kind::kIs:
      return std::string("is ") + std::string(expr::WordOf(node.test()));
    case Kind::kBinary:
      return std::string(expr::WordOf(node.op()));
    case Kind::kBetween:
      return "between";
    case Kind::kInList:
      return "in list";
    case Kind::kHas:
      return std::string("has ") + std::string(expr::WordOf(node.set_test()));
    case Kind::kCase:
      return "case";
    case Kind::kCall:
      return std::string(expr::WordOf(node.function()).name) + "()";
    case Kind::kTop:
      return node.parts.size() > 2 ? "top per" : "top";
    case Kind::kSegment:
      return node.parts.size() > 1 ? "record in segment" : "in segment";
    case Kind::kSample:
      return "sample";
    default:
      return "other";
  }
}

}  // namespace

const std::vector<std::string>& Constructs() {
  static const auto* const kConstructs = new std::vector<std::string>(absl::StrSplit(
      "path|outer path|related|related where|within|period|negate|not|and|or|is null|is true|"
      "is false|is unknown|is empty|=|<>|<|<=|>|>=|is distinct from|+|-|*|/|like|ilike|"
      "starts_with|ends_with|contains|matches|in|between|in list|has any|has all|has none|"
      "has exactly|case|count()|sum()|avg()|min()|max()|first()|last()|distinct()|exists()|"
      "none()|any()|all()|trend()|followed_by()|first_time()|stopped()|restarted()|child_of()|"
      "descendant_of()|ancestor_of()|distance()|percentile()|today()|now()|fiscal_year_start()|"
      "year()|quarter()|month()|week()|day()|anniversary()|age()|fold()|search()|similar()|"
      "coalesce()|record()|top|top per",
      '|'));
  return *kConstructs;
}

void CountConstructs(const Expr& expr, std::map<std::string, int>* counts) {
  ++(*counts)[NameOf(*expr)];
  for (const Expr& part : expr->parts) CountConstructs(part, counts);
}

std::vector<Expr> Smaller(const Expr& expr) {
  std::vector<Expr> smaller;
  const expr::Node& node = *expr;
  const auto& parts = node.parts;
  for (size_t i = 0; i < parts.size(); ++i) {
    // A part in the place of the whole; what stands in related records has no meaning outside.
    const Kind kind = parts[i]->kind;
    const bool argument = kind == Kind::kRelated || kind == Kind::kWithin || kind == Kind::kPeriod;
    if (!argument && node.kind != Kind::kRelated) smaller.push_back(parts[i]);
  }
  const bool chain = node.kind == Kind::kAnd || node.kind == Kind::kOr;
  const bool list = node.kind == Kind::kInList || node.kind == Kind::kHas;
  for (size_t i = 0; i < parts.size(); ++i) {
    std::vector<Expr> rest = parts;
    rest.erase(rest.begin() + static_cast<ptrdiff_t>(i));
    const bool may_go = (chain && parts.size() > 2) || (list && i > 0 && parts.size() > 2) ||
                        node.kind == Kind::kRelated || (node.kind == Kind::kTop && i > 1);
    if (may_go) smaller.emplace_back(node.kind, node.detail, rest);
    if (node.kind == Kind::kPath || node.kind == Kind::kLiteral) continue;
    for (const Expr& part : Smaller(parts[i])) {
      std::vector<Expr> with = parts;
      with[i] = part;
      smaller.emplace_back(node.kind, node.detail, std::move(with));
    }
  }
  return smaller;
}

}  // namespace relata::twin
