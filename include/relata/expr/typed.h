// Defines the typed form of the expression language: fields named by the compiler, joined by C++ operators.
//
//   using namespace relata::expr;
//   Expr quiet = field<&Relation::visiting, &Address::city> == "Utrecht" &&
//                sum(related<&Order::relation>()[field<&Order::total>]
//                        .where(field<&Order::ordered_on> >= today() - 365)) > Money::Eur(10'000);
//
// It builds the tree that Parse makes of the same text: here "visiting.city = 'Utrecht' and sum(orders.total
// where ordered_on >= today() - 365) > money 'EUR 10000.00'". Every function of the language has a function
// of its name here; what is an operator of words there is a function too: like(x, y), in(x, {…}), is_null(x).
// What is known only by name, a custom or derived field, is named("…"). A member that was renamed in the
// store is known there by its new name: use named("…") then.
//
// Thread safety: plain values. Cost: a node per operator; the name of a field is looked up in its struct.
#ifndef RELATA_EXPR_TYPED_H_
#define RELATA_EXPR_TYPED_H_

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "relata/export.h"
#include "relata/expr/tree.h"
#include "relata/schema/declare.h"
#include "relata/schema/path.h"

namespace relata::expr {

namespace internal {

template <class T>
inline constexpr bool kIsFieldPath = false;
template <auto... kMembers>
inline constexpr bool kIsFieldPath<FieldPath<kMembers...>> = true;

// A literal as Parse would make it: a decimal without decimals is an integer, a double that short decimals
// show exactly is a decimal, an amount without a currency is a bare number. REQUIRES of a double: finite.
RELATA_EXPORT Literal LiteralOf(double value);
RELATA_EXPORT Literal LiteralOf(const Decimal& value);
RELATA_EXPORT Literal LiteralOf(const Money& value);

RELATA_EXPORT Path PathOf(std::string_view dotted_name);
RELATA_EXPORT std::string NameOfMember(const EntityDeclaration& declaration, size_t offset);
// The name of the collection that a reference makes on its target.
RELATA_EXPORT std::string NameOfInverse(const EntityDeclaration& declaration, size_t offset);

template <class T>
concept Constant = std::same_as<T, std::nullptr_t> || std::is_arithmetic_v<T> || std::is_enum_v<T> ||
    std::convertible_to<const T&, std::string_view> || requires(const T& value) {
  Literal(value);
} || std::same_as<T, Duration> || std::same_as<T, Currency> || requires(const T& value) {
  value.ToDecimal();
} || requires(const T& value) {
  { Id(value) } -> std::same_as<T>;
};

template <class T>
Literal ToLiteral(const T& value) {
  if constexpr (std::same_as<T, std::nullptr_t>) {
    return Literal();
  } else if constexpr (std::same_as<T, bool>) {
    return value;
  } else if constexpr (std::integral<T>) {
    return static_cast<int64_t>(value);
  } else if constexpr (std::floating_point<T>) {
    return LiteralOf(static_cast<double>(value));
  } else if constexpr (std::is_enum_v<T>) {
    for (const Label& label : relata::internal::LabelsOf<T, 65535>()) {
      if (label.code == static_cast<uint16_t>(value)) return label.name;
    }
    return static_cast<int64_t>(value);  // not described: a number is no label, and is refused as one
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    return std::string(std::string_view(value));
  } else if constexpr (std::same_as<T, Decimal> || std::same_as<T, Money>) {
    return LiteralOf(value);
  } else if constexpr (std::same_as<T, Duration>) {
    return Interval{0, value.micros};
  } else if constexpr (std::same_as<T, Currency>) {
    return value.code();
  } else if constexpr (requires { value.ToDecimal(); }) {
    return LiteralOf(value.ToDecimal());
  } else if constexpr (requires { Literal(value); }) {
    return Literal(value);
  } else {
    return static_cast<int64_t>(value.value);  // Id<T>
  }
}

}  // namespace internal

// An expression in the making. Converts from fields and from what can be a literal, and to Expr.
class Term {
 public:
  Term(Expr expr) : expr_(std::move(expr)) {}
  Term(Kind kind, Detail detail, std::vector<Expr> parts)
      : expr_(kind, std::move(detail), std::move(parts)) {}
  template <auto kFirst, auto... kRest>
  Term(FieldPath<kFirst, kRest...>)
      : expr_(Kind::kPath,
              internal::PathOf(
                  internal::NameOfMember(DeclarationOf<typename FieldPath<kFirst, kRest...>::Entity>(),
                                         FieldPath<kFirst, kRest...>::Offset())),
              {}) {}
  template <internal::Constant T>
  Term(const T& value) : expr_(Kind::kLiteral, internal::ToLiteral(value), {}) {}

  operator const Expr&() const { return expr_; }
  const Expr& expr() const { return expr_; }

 private:
  Expr expr_;
};

// What operators of this header apply to: at least one side is a field or a term.
template <class A, class B = A>
concept Typed =
    (std::same_as<A, Term> || internal::kIsFieldPath<A> || std::same_as<B, Term> ||
     internal::kIsFieldPath<B>)&&std::convertible_to<const A&, Term>&& std::convertible_to<const B&, Term>;

inline Term Join(Operator op, const Term& a, const Term& b) {
  return Term(Kind::kBinary, op, {a.expr(), b.expr()});
}
// A chain grows at its left end, as a text's does.
inline Term Join(Kind kind, const Term& a, const Term& b) {
  std::vector<Expr> terms;
  if (a.expr()->kind == kind) {
    terms = a.expr()->parts;
  } else {
    terms.push_back(a.expr());
  }
  terms.push_back(b.expr());
  return Term(kind, {}, std::move(terms));
}

#define RELATA_EXPR_OPERATOR(symbol, what) \
  template <class A, class B>              \
  requires Typed<A, B> Term operator symbol(const A& a, const B& b) { return Join(what, Term(a), Term(b)); }
RELATA_EXPR_OPERATOR(==, Operator::kEqual)
RELATA_EXPR_OPERATOR(!=, Operator::kNotEqual)
RELATA_EXPR_OPERATOR(<, Operator::kLess)
RELATA_EXPR_OPERATOR(<=, Operator::kLessEqual)
RELATA_EXPR_OPERATOR(>, Operator::kGreater)
RELATA_EXPR_OPERATOR(>=, Operator::kGreaterEqual)
RELATA_EXPR_OPERATOR(+, Operator::kAdd)
RELATA_EXPR_OPERATOR(-, Operator::kSubtract)
RELATA_EXPR_OPERATOR(*, Operator::kMultiply)
RELATA_EXPR_OPERATOR(/, Operator::kDivide)
RELATA_EXPR_OPERATOR(&&, Kind::kAnd)
RELATA_EXPR_OPERATOR(||, Kind::kOr)
#undef RELATA_EXPR_OPERATOR

template <class A>
requires Typed<A> Term operator!(const A& a) { return Term(Kind::kNot, {}, {Term(a).expr()}); }
template <class A>
requires Typed<A> Term operator-(const A& a) { return Term(Kind::kNegate, {}, {Term(a).expr()}); }

// Names and parameters.
inline Term named(std::string_view dotted_name) {
  return Term(Kind::kPath, internal::PathOf(dotted_name), {});
}
inline Term param(std::string name, Unit unit = Unit::kNone) {
  return Term(Kind::kParameter, Parameter{std::move(name), unit}, {});
}
// via(field<&Order::relation>, field<&Relation::name>) is relation.name. REQUIRES: both are paths.
inline Term via(const Term& reference, const Term& then) {
  Path path = reference.expr()->path();
  for (const std::string& name : then.expr()->path().names) path.names.push_back(name);
  return Term(Kind::kPath, std::move(path), {});
}
// outer.x. REQUIRES: a path.
inline Term outer(const Term& of) {
  Path path = of.expr()->path();
  ++path.outer;
  return Term(Kind::kPath, std::move(path), {});
}

// Tests of a value.
inline Term is(const Term& x, Test test) { return Term(Kind::kIs, test, {x.expr()}); }
inline Term is_null(const Term& x) { return is(x, Test::kNull); }
inline Term is_empty(const Term& x) { return is(x, Test::kEmpty); }
inline Term is_distinct(const Term& a, const Term& b) { return Join(Operator::kDistinct, a, b); }
inline Term between(const Term& x, const Term& low, const Term& high) {
  return Term(Kind::kBetween, {}, {x.expr(), low.expr(), high.expr()});
}
inline Term in(const Term& x, std::initializer_list<Term> items) {
  std::vector<Expr> parts = {x.expr()};
  for (const Term& item : items) parts.push_back(item.expr());
  return Term(Kind::kInList, {}, std::move(parts));
}
inline Term in(const Term& x, const Term& set) { return Join(Operator::kIn, x, set); }
inline Term in(const Term& x, Period period) {
  return Term(Kind::kBinary, Operator::kIn, {x.expr(), Expr(Kind::kPeriod, period, {})});
}
inline Term has(const Term& set, SetTest test, std::initializer_list<Term> items) {
  std::vector<Expr> parts = {set.expr()};
  for (const Term& item : items) parts.push_back(item.expr());
  return Term(Kind::kHas, test, std::move(parts));
}
inline Term like(const Term& x, const Term& y) { return Join(Operator::kLike, x, y); }
inline Term ilike(const Term& x, const Term& y) { return Join(Operator::kILike, x, y); }
inline Term starts_with(const Term& x, const Term& y) { return Join(Operator::kStartsWith, x, y); }
inline Term ends_with(const Term& x, const Term& y) { return Join(Operator::kEndsWith, x, y); }
inline Term contains(const Term& x, const Term& y) { return Join(Operator::kContains, x, y); }
inline Term matches(const Term& x, const Term& y) { return Join(Operator::kMatches, x, y); }

// case_when({{a, b}, {c, d}}, e): when a then b when c then d else e.
struct When {
  Term condition;
  Term then;
};
inline Term case_when(std::initializer_list<When> arms) {
  std::vector<Expr> parts;
  for (const When& arm : arms) parts.insert(parts.end(), {arm.condition.expr(), arm.then.expr()});
  return Term(Kind::kCase, {}, std::move(parts));
}
inline Term case_when(std::initializer_list<When> arms, const Term& otherwise) {
  std::vector<Expr> parts = case_when(arms).expr()->parts;
  parts.push_back(otherwise.expr());
  return Term(Kind::kCase, {}, std::move(parts));
}

// Related records: a collection, one field of its records, a condition on them.
class Related {
 public:
  explicit Related(std::string_view dotted_name) : path_(internal::PathOf(dotted_name)) {}

  Related operator[](const Term& of) const {
    Related related = *this;
    for (const std::string& name : of.expr()->path().names) related.path_.names.push_back(name);
    return related;
  }
  Related where(const Term& condition) const {
    Related related = *this;
    related.condition_ = {condition.expr()};
    return related;
  }
  Expr expr() const { return Expr(Kind::kRelated, path_, condition_); }

 private:
  Path path_;
  std::vector<Expr> condition_;
};
template <auto kReference>
Related related() {
  using Reference = FieldPath<kReference>;
  return Related(internal::NameOfInverse(DeclarationOf<typename Reference::Entity>(), Reference::Offset()));
}

inline Expr within(const Term& interval) { return Expr(Kind::kWithin, {}, {interval.expr()}); }
inline Expr within(Period period) { return Expr(Kind::kWithin, {}, {Expr(Kind::kPeriod, period, {})}); }

inline Term call(Function function, std::vector<Expr> arguments) {
  return Term(Kind::kCall, function, std::move(arguments));
}
inline Term count(const Related& r) { return call(Function::kCount, {r.expr()}); }
inline Term sum(const Related& r) { return call(Function::kSum, {r.expr()}); }
inline Term avg(const Related& r) { return call(Function::kAvg, {r.expr()}); }
inline Term min(const Related& r) { return call(Function::kMin, {r.expr()}); }
inline Term max(const Related& r) { return call(Function::kMax, {r.expr()}); }
inline Term first(const Related& r) { return call(Function::kFirst, {r.expr()}); }
inline Term last(const Related& r) { return call(Function::kLast, {r.expr()}); }
inline Term distinct(const Related& r) { return call(Function::kDistinct, {r.expr()}); }
inline Term exists(const Related& r) { return call(Function::kExists, {r.expr()}); }
inline Term none(const Related& r) { return call(Function::kNone, {r.expr()}); }
inline Term any(const Related& r) { return call(Function::kAny, {r.expr()}); }
inline Term all(const Related& r, const Term& p) { return call(Function::kAll, {r.expr(), p.expr()}); }
inline Term trend(const Term& e, const Term& span) { return call(Function::kTrend, {e.expr(), span.expr()}); }
inline Term followed_by(const Related& a, const Related& b, Expr window) {
  return call(Function::kFollowedBy, {a.expr(), b.expr(), std::move(window)});
}
inline Term first_time(const Related& r, Expr window) {
  return call(Function::kFirstTime, {r.expr(), std::move(window)});
}
inline Term stopped(const Related& r, const Term& span) {
  return call(Function::kStopped, {r.expr(), span.expr()});
}
inline Term restarted(const Related& r, const Term& span, Expr window) {
  return call(Function::kRestarted, {r.expr(), span.expr(), std::move(window)});
}
inline Term was(const Term& x, const Term& value) { return call(Function::kWas, {x.expr(), value.expr()}); }
inline Term changed(const Term& x, Expr window) {
  return call(Function::kChanged, {x.expr(), std::move(window)});
}
inline Term held(const Term& x, const Term& value) { return call(Function::kHeld, {x.expr(), value.expr()}); }
inline Term child_of(const Term& x) { return call(Function::kChildOf, {x.expr()}); }
inline Term descendant_of(const Term& x) { return call(Function::kDescendantOf, {x.expr()}); }
inline Term ancestor_of(const Term& x) { return call(Function::kAncestorOf, {x.expr()}); }
inline Term in_segment(const Term& name) { return Term(Kind::kSegment, {}, {name.expr()}); }
inline Term in_segment(const Term& record, const Term& name) {
  return Term(Kind::kSegment, {}, {name.expr(), record.expr()});
}
inline Term score(const Term& name) { return call(Function::kScore, {name.expr()}); }
inline Term consent(const Term& a, const Term& b) { return call(Function::kConsent, {a.expr(), b.expr()}); }
inline Term distance(const Term& a, const Term& b) { return call(Function::kDistance, {a.expr(), b.expr()}); }
inline Term point(const Term& a, const Term& b) { return call(Function::kPoint, {a.expr(), b.expr()}); }
inline Term percentile(const Term& x) { return call(Function::kPercentile, {x.expr()}); }
inline Term today() { return call(Function::kToday, {}); }
inline Term now() { return call(Function::kNow, {}); }
inline Term fiscal_year_start() { return call(Function::kFiscalYearStart, {}); }
inline Term fiscal_year_start(const Term& x) { return call(Function::kFiscalYearStart, {x.expr()}); }
inline Term year(const Term& x) { return call(Function::kYear, {x.expr()}); }
inline Term quarter(const Term& x) { return call(Function::kQuarter, {x.expr()}); }
inline Term month(const Term& x) { return call(Function::kMonth, {x.expr()}); }
inline Term week(const Term& x) { return call(Function::kWeek, {x.expr()}); }
inline Term day(const Term& x) { return call(Function::kDay, {x.expr()}); }
inline Term anniversary(const Term& x, Expr window) {
  return call(Function::kAnniversary, {x.expr(), std::move(window)});
}
inline Term age(const Term& x) { return call(Function::kAge, {x.expr()}); }
inline Term fold(const Term& x) { return call(Function::kFold, {x.expr()}); }
inline Term search(const Term& x, const Term& words) {
  return call(Function::kSearch, {x.expr(), words.expr()});
}
inline Term similar(const Term& x, const Term& y) { return call(Function::kSimilar, {x.expr(), y.expr()}); }
inline Term coalesce(std::initializer_list<Term> terms) {
  std::vector<Expr> arguments;
  for (const Term& term : terms) arguments.push_back(term.expr());
  return call(Function::kCoalesce, std::move(arguments));
}
inline Term record(const Term& type, const Term& id) {
  return call(Function::kRecord, {type.expr(), id.expr()});
}
inline Term top(const Term& count, const Term& by, std::initializer_list<Term> per = {}) {
  std::vector<Expr> parts = {count.expr(), by.expr()};
  for (const Term& path : per) parts.push_back(path.expr());
  return Term(Kind::kTop, {}, std::move(parts));
}
inline Term sample(const Term& percent, const Term& seed) {
  return Term(Kind::kSample, {}, {percent.expr(), seed.expr()});
}

}  // namespace relata::expr

// Where the compiler looks for operators of field<…>.
namespace relata {
using expr::operator==;
using expr::operator!=;
using expr::operator<;
using expr::operator<=;
using expr::operator>;
using expr::operator>=;
using expr::operator+;
using expr::operator-;
using expr::operator*;
using expr::operator/;
using expr::operator&&;
using expr::operator||;
using expr::operator!;
}  // namespace relata

#endif  // RELATA_EXPR_TYPED_H_
