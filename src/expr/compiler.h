// Defines Compiler, which makes one program: the checker behind compile.h, its rules parted by subject over
// the files compile_*.cc.
//
// Each rule takes a tree or steps and gives the index of the step that holds the value. Rules make steps
// freely, and fold conversions of constants into new constants; Compact leaves out what nothing uses.
//
// Scopes: the record the expression is about, and within an aggregate, inside it, the related record. A
// hidden scope is one that the language does not show: no name is looked up there and `outer` passes over it.
//
// Thread safety: one thread, one use.
#ifndef RELATA_EXPR_COMPILER_H_
#define RELATA_EXPR_COMPILER_H_

#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/expr/tree.h"
#include "src/crm/definitions.h"
#include "src/expr/program.h"
#include "src/store/schema_runtime.h"

namespace relata::expr {

inline constexpr Type kCondition{Base::kBool};
inline constexpr size_t kMaxSteps = 50'000;  // of a program: a few trees say more than they are long
inline constexpr size_t kMaxPathNames = 32;  // references followed by one path

class Compiler {
 public:
  Compiler(const store::TypeRuntime& type, std::shared_ptr<const store::SchemaRuntime> schema,
           std::string_view text);

  StatusOr<Program> Run(const Expr& tree, bool must_be_condition);

 private:
  using Rule = StatusOr<StepIndex>;
  using Names = std::vector<std::string>;

  struct Scope {
    const EntityType* type;
    size_t depth = 0;          // how many scopes of the evaluator lie around it
    StepIndex record = kNone;  // a scope of names alone: those of the record that this step holds
    bool hidden = false;
    uint32_t serial = 0;  // tells it from every other
  };
  // Whose field a name is: a record that a step holds, or the record of a scope.
  struct Owner {
    StepIndex record = kNone;
    uint8_t scope = 0;
  };
  // Moments from a step up to another, which is of it or not.
  struct Window {
    StepIndex from = kNone;
    StepIndex to = kNone;
    Op until = Op::kLess;
  };
  // A percentile that was compiled already: several classes are told apart by one.
  struct Ranked {
    uint32_t scope;
    size_t depth;  // from which it was seen
    Expr by;
    StepIndex step;
  };
  // What a path to a collection names.
  struct Collection {
    const EntityType* type = nullptr;  // of the related records
    const Field* reference = nullptr;
    StepIndex parent = kNone;
    size_t value = 0;  // the first name behind it
  };

  // compile.cc: what a tree of each kind means, logic, and the making of steps.
  Rule Value(const Expr& tree);
  Rule ValueOf(const Expr& tree);
  Rule Condition(const Expr& tree);  // of kBool
  Status Conditions(const std::vector<Expr>& trees, std::vector<StepIndex>* steps);
  Rule Is(const Node& node);
  Rule Case(const Node& node);
  Rule Coalesce(const Node& node);
  Rule Call(const Node& node);

  const Step& step(StepIndex index) const { return program_.steps_[index]; }
  const Type& TypeOf(StepIndex index) const { return program_.steps_[index].type; }
  bool Has(StepIndex index, Base base) const { return TypeOf(index).base == base; }
  bool IsConstant(StepIndex index) const { return step(index).op == Op::kConstant; }
  bool IsKnown(StepIndex index) const { return IsConstant(index) && step(index).constant.present; }
  StepIndex Add(Step step);
  StepIndex Make(Op op, Type type, std::initializer_list<StepIndex> args);
  StepIndex Make(Op op, Type type, std::span<const StepIndex> args);
  StepIndex And(StepIndex a, StepIndex b);  // a constant true is left out
  StepIndex Not(StepIndex a) { return Make(Op::kNot, Type{Base::kBool}, {a}); }
  Status Compact(StepIndex root);

  // InvalidArgument or Unimplemented, with the place of what is being compiled.
  Status Refuse(std::string_view message) const;
  Status NotYet(std::string_view what) const;
  // "a record of relation": as NameOf, but with the names of types.
  std::string Describe(const Type& type) const;
  std::string Describe(StepIndex step) const { return Describe(TypeOf(step)); }

  // compile_constant.cc
  StepIndex Constant(const Type& type, Datum datum);
  StepIndex TextConstant(std::string_view text);
  StepIndex WholeNumber(int64_t value);
  StepIndex IntervalConstant(const Interval& interval);
  Rule LiteralOf(const Literal& literal);
  // The text of a constant; Refuse says that `what` must be one.
  StatusOr<std::string_view> ConstantText(const Expr& tree, std::string_view what);
  StatusOr<Interval> ConstantInterval(const Expr& tree, std::string_view what);

  // compile_convert.cc
  // The one type that all of them can have, and they made so.
  StatusOr<Type> Common(std::span<const StepIndex> steps) const;
  StatusOr<Type> Join(const Type& a, const Type& b) const;
  Status CheckFits(StepIndex constant, const Type& type) const;
  StatusOr<Type> Unify(std::vector<StepIndex>* steps);
  Rule Convert(StepIndex from, const Type& to);
  Rule ConvertText(std::string_view text, const Type& to);
  Rule ConvertNumber(StepIndex from, const Type& to);
  // Whether it has no type of its own: a bare text or number, or a choice among such.
  bool IsWritten(StepIndex x) const;
  StatusOr<TimeZone> Zone() const;
  Rule ToDate(StepIndex x, std::string_view what);  // a date, of a timestamp the local one
  Rule ToText(StepIndex x, std::string_view what);

  // compile_compare.cc
  Rule Binary(const Node& node);
  Rule Compare(Op op, StepIndex a, StepIndex b);
  Rule CompareWithNumber(Op op, StepIndex x, const Decimal& number);
  bool HaveUnlikeScales(StepIndex a, StepIndex b) const;
  StepIndex CompareScales(Op op, StepIndex a, StepIndex b);
  Rule Never(StepIndex x);  // false, null where x is null
  Rule In(const Node& node);
  Rule ElementOf(StepIndex x, StepIndex set);
  Rule ElementFor(StepIndex element, const Type& set);
  Rule HasElements(const Node& node);
  Rule TextTest(Op op, StepIndex x, StepIndex y);

  // compile_arithmetic.cc
  Rule Negate(StepIndex x);
  Rule Plus(StepIndex a, StepIndex b);
  Rule Minus(StepIndex a, StepIndex b);
  Rule Times(StepIndex a, StepIndex b);
  Rule Over(StepIndex a, StepIndex b);
  Rule Sum(Op op, StepIndex a, StepIndex b);
  Rule AddDays(StepIndex date, StepIndex days, int sign);
  Rule AddInterval(StepIndex moment, StepIndex interval, int sign);
  Rule Unlike(std::string_view operation, StepIndex a, StepIndex b) const;

  // compile_dates.cc
  StepIndex Today();
  StepIndex Now();
  StepIndex PeriodEdge(Op op, const Period& period);
  Rule InPeriod(StepIndex x, const Period& period);
  Rule DatePart(Op op, const Expr& x);
  Rule FiscalYearStart(const Node& node);
  Rule Anniversary(const Node& node);

  // compile_path.cc
  Rule PathValue(const Node& node);
  Rule Walk(const EntityType& type, Owner owner, const Names& names, size_t at);
  Rule WalkAny(const Field& reference, StepIndex record, const Names& names, size_t at);
  StepIndex FieldStep(const EntityType& type, const Field& field, Owner owner);
  StepIndex IdStep(const EntityType& type, Owner owner);
  // The field that begins at a name, the longest where several do, and how many names it takes.
  const Field* FieldAt(const EntityType& type, const Names& names, size_t at, size_t* taken) const;
  bool Begins(const EntityType& type, const Names& names) const;
  const store::SchemaRuntime& schema() const { return *program_.schema_; }
  const schema::Catalogue::Referrer* CollectionAt(const EntityType& type, std::string_view name) const;
  Status UnknownField(const EntityType& type, std::string_view name) const;
  void Bound(size_t part, const EntityType& type, FieldId field, bool inverse);
  // The scope a path begins in: the first from there outwards that has its first name.
  template <class Predicate>
  StatusOr<size_t> ScopeOf(const Path& path, Predicate has) const;
  Owner OwnerOf(const Scope& scope);
  uint8_t LevelOf(const Scope& scope) const { return static_cast<uint8_t>(depth_ - 1 - scope.depth); }
  const Scope& Innermost() const;  // that is not hidden
  void EnterScope(const EntityType& type);
  void LeaveScope();

  // compile_derived.cc: a derived field is compiled where it is named, in the scope of its own record.
  // The catalogue's own, else the model's.
  std::optional<crm::Definition> DerivedAt(const EntityType& type, std::string_view name) const;
  Rule Inline(const crm::Definition& field, const EntityType& type, Owner owner);
  // The same value as seen from `levels` more scopes within.
  StepIndex SeenFrom(StepIndex x, size_t levels, size_t bound = 0);

  // compile_related.cc
  StatusOr<Collection> CollectionOf(const Path& path);
  // With a window, over the related records whose moment lies in it.
  Rule Aggregate(const Node& node, const Window* window = nullptr);
  Rule All(const Node& node);
  // An aggregate over a collection: `condition` (kNone: all) and `value` are steps made inside its scope.
  StepIndex Related(Op op, const Type& type, const Collection& collection, StepIndex value,
                    StepIndex condition);
  StatusOr<Type> AggregateType(Op op, std::string_view name, StepIndex value) const;

  // compile_activity.cc: what a relation did, and when.
  StatusOr<Window> WindowBack(const Expr& window);
  Rule MomentOf(const EntityType& type, std::string_view what);
  Rule InWindow(StepIndex moment, const Window& window);
  // The records of an argument `c where p`: the scope is entered, and `condition` is p, or true.
  StatusOr<Collection> Enter(const Expr& related, StepIndex* condition);
  StepIndex Leave(const Collection& collection, StepIndex condition);  // whether there is one
  Rule Trend(const Node& node);
  Rule FollowedBy(const Node& node);
  Rule FirstTime(const Node& node);
  Rule Stopped(const Node& node);
  Rule Restarted(const Node& node);

  // compile_text.cc
  Rule Matches(StepIndex x, const Expr& pattern);
  Rule Fold(const Node& node);
  Rule Search(const Node& node);
  Rule Similar(const Node& node);

  // compile_rank.cc: what depends on all records of a type, on places and on the hierarchy.
  Rule Top(const Node& node);
  Rule Percentile(const Node& node);
  Rule Sample(const Node& node);
  Rule RankStep(Op op, const Type& type, Rank rank);
  // Seen from each record of the innermost scope's type, so that no name reaches out of it.
  Rule OfEach(const Expr& tree);
  Rule ForRanking(StepIndex by, std::string_view what) const;
  Rule Hierarchy(Op op, const Node& node);
  Rule RecordOf(const Node& node);
  Rule Distance(const Node& node);
  Rule PointOf(const Node& node);

  // compile_provided.cc: what more than fields and related records tell.
  Rule Segment(const Node& node);
  Rule Score(const Node& node);
  Rule Consent(const Node& node);

  // compile_history.cc
  Rule History(const Node& node);

  std::string text_;
  uint32_t at_ = kNoPosition;  // of what is being compiled
  std::vector<Scope> scopes_;  // the innermost last
  size_t depth_ = 1;           // of them, those of the evaluator
  uint32_t serial_ = 0;
  std::vector<crm::Definition> inlined_;  // the one being compiled last
  uint32_t inlined_depth_ = 0;            // of their trees together
  std::vector<Ranked> ranked_;
  Program program_;
};

// What a step of this type is.
Type TypeOfField(const Field& field);
constexpr Type ExactType(uint8_t scale) { return Type{.base = Base::kExact, .scale = scale}; }

}  // namespace relata::expr

#endif  // RELATA_EXPR_COMPILER_H_
