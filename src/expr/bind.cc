// Values in the place of parameters.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/nearest.h"
#include "src/expr/compile.h"
#include "src/expr/literal.h"

namespace relata::expr {
namespace {

StatusOr<Literal> LiteralOf(const std::string& name, const Value& value) {
  if (value.is_null()) return Literal();
  if (const auto* x = value.As<bool>()) return Literal(*x);
  if (const auto* x = value.As<int64_t>()) return Literal(*x);
  if (const auto* x = value.As<double>()) {
    if (!std::isfinite(*x)) return absl::InvalidArgumentError(StrCat("parameter :", name, " is no number"));
    return Literal(*x);
  }
  if (const auto* x = value.As<Decimal>()) return Literal(*x);
  if (const auto* x = value.As<Money>()) {
    return x->currency.is_none() ? Literal(x->minor) : Literal(*x);
  }
  if (const auto* x = value.As<Date>()) return Literal(*x);
  if (const auto* x = value.As<Timestamp>()) return Literal(*x);
  if (const auto* x = value.As<Duration>()) return Literal(Interval{0, x->micros});
  if (const auto* x = value.As<Point>()) return Literal(*x);
  if (const auto* x = value.As<Currency>()) return Literal(x->code());
  if (const auto* x = value.As<std::string>()) return Literal(*x);
  if (const auto* x = value.As<Reference>()) return Literal(static_cast<int64_t>(x->id));
  if (value.As<TextSet>() != nullptr || value.As<ReferenceSet>() != nullptr) {
    return absl::InvalidArgumentError(
        StrCat("parameter :", name, " holds a list: it stands in a list of brackets, as in (:", name, ")"));
  }
  return absl::InvalidArgumentError(
      StrCat("parameter :", name, " holds a value that no literal can stand for: ", value.ToString()));
}

// The value counted in the parameter's unit.
StatusOr<Literal> InUnit(const Parameter& parameter, const Literal& literal) {
  if (parameter.unit == Unit::kNone) return literal;
  if (std::holds_alternative<std::monostate>(literal)) return literal;
  if (!std::holds_alternative<int64_t>(literal) && !std::holds_alternative<Decimal>(literal)) {
    return absl::InvalidArgumentError(
        StrCat("parameter :", parameter.name, " is counted in a unit: give it an exact number"));
  }
  StatusOr<Literal> quantity = ParseQuantity(PrintLiteral(literal), parameter.unit);
  if (!quantity.ok()) return Annotate(quantity.status(), StrCat("parameter :", parameter.name));
  return quantity;
}

class Binder {
 public:
  explicit Binder(const Parameters& parameters) : parameters_(parameters) {}

  StatusOr<Expr> Bind(const Expr& tree) {
    if (tree->kind == Kind::kParameter) return BindOne(tree);
    if (tree->parts.empty()) return tree;
    const bool list = tree->kind == Kind::kInList || tree->kind == Kind::kHas;
    std::vector<Expr> parts;
    bool changed = false;
    for (size_t i = 0; i < tree->parts.size(); ++i) {
      const Expr& part = tree->parts[i];
      if (list && i > 0 && part->kind == Kind::kParameter) {
        RELATA_ASSIGN_OR_RETURN(const bool expanded, Expand(part, &parts));
        if (expanded) {
          changed = true;
          continue;
        }
      }
      RELATA_ASSIGN_OR_RETURN(Expr bound, Bind(part));
      changed = changed || &*bound != &*part;
      parts.push_back(std::move(bound));
    }
    if (!changed) return tree;
    if (list && parts.size() == 1) {
      // What lies in a list of nothing? Nothing does.
      if (tree->kind == Kind::kInList) return Expr(Kind::kLiteral, Literal(false), {}, tree->position);
      return absl::InvalidArgumentError(
          "a list behind 'has' is empty: ask 'is empty', or leave the test out");
    }
    return Expr(tree->kind, tree->detail, std::move(parts), tree->position);
  }

  // InvalidArgument for a value that nothing asked for.
  Status CheckAllUsed() const {
    std::vector<std::string_view> names(used_.begin(), used_.end());
    for (const auto& [name, value] : parameters_) {
      if (std::find(used_.begin(), used_.end(), name) != used_.end()) continue;
      return absl::InvalidArgumentError(
          StrCat("the expression has no parameter :", name, DidYouMean(name, names)));
    }
    return absl::OkStatus();
  }

 private:
  StatusOr<const Value*> Find(const Parameter& parameter) {
    const auto found = parameters_.find(parameter.name);
    if (found == parameters_.end()) {
      return absl::InvalidArgumentError(StrCat("parameter :", parameter.name, " has no value"));
    }
    if (std::find(used_.begin(), used_.end(), parameter.name) == used_.end()) used_.push_back(parameter.name);
    return &found->second;
  }

  StatusOr<Expr> BindOne(const Expr& tree) {
    const Parameter& parameter = tree->parameter();
    RELATA_ASSIGN_OR_RETURN(const Value* value, Find(parameter));
    RELATA_ASSIGN_OR_RETURN(const Literal plain, LiteralOf(parameter.name, *value));
    RELATA_ASSIGN_OR_RETURN(Literal literal, InUnit(parameter, plain));
    return Expr(Kind::kLiteral, std::move(literal), {}, tree->position);
  }

  // The elements of a list in its place; false where the value is no list.
  StatusOr<bool> Expand(const Expr& tree, std::vector<Expr>* parts) {
    RELATA_ASSIGN_OR_RETURN(const Value* value, Find(tree->parameter()));
    if (const auto* texts = value->As<TextSet>()) {
      for (const std::string& text : *texts) {
        parts->emplace_back(Kind::kLiteral, Literal(text), std::vector<Expr>(), tree->position);
      }
      return true;
    }
    if (const auto* ids = value->As<ReferenceSet>()) {
      for (RecordId id : *ids) {
        parts->emplace_back(Kind::kLiteral, Literal(static_cast<int64_t>(id)), std::vector<Expr>(),
                            tree->position);
      }
      return true;
    }
    return false;
  }

  const Parameters& parameters_;
  std::vector<std::string> used_;
};

}  // namespace

StatusOr<Expr> Bind(const Expr& tree, const Parameters& parameters) {
  Binder binder(parameters);
  RELATA_ASSIGN_OR_RETURN(Expr bound, binder.Bind(tree));
  RELATA_RETURN_IF_ERROR(binder.CheckAllUsed());
  return bound;
}

}  // namespace relata::expr
