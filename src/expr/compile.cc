// What a tree of each kind means, logic, and how steps become a program.
#include "src/expr/compile.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/compiler.h"
#include "src/expr/located.h"
#include "src/expr/op_traits.h"
#include "src/expr/step_uses.h"

namespace relata::expr {

StatusOr<Program> Compile(const Expr& tree, const store::TypeRuntime& type,
                          std::shared_ptr<const store::SchemaRuntime> schema, std::string_view text) {
  return Compiler(type, std::move(schema), text).Run(tree, false);
}

StatusOr<Program> CompileCondition(const Expr& tree, const store::TypeRuntime& type,
                                   std::shared_ptr<const store::SchemaRuntime> schema,
                                   std::string_view text) {
  return Compiler(type, std::move(schema), text).Run(tree, true);
}

Compiler::Compiler(const store::TypeRuntime& type, std::shared_ptr<const store::SchemaRuntime> schema,
                   std::string_view text)
    : text_(text), scopes_{{type.type}} {
  program_.schema_ = std::move(schema);
  program_.entity_ = &type;
}

StatusOr<Program> Compiler::Run(const Expr& tree, bool must_be_condition) {
  if (tree->depth > kMaxDepth) {
    return absl::ResourceExhaustedError(
        StrCat("the expression has more than ", kMaxDepth, " operators one upon another"));
  }
  program_.tree_ = tree;
  if (text_.empty()) {
    // Of a tree that was never a text, the printed form is what messages point into.
    text_ = Print(tree);
    if (StatusOr<Expr> printed = Parse(text_); printed.ok() && *printed == tree) {
      program_.tree_ = *std::move(printed);
    }
  }
  const Expr whole = program_.tree_;
  RELATA_ASSIGN_OR_RETURN(StepIndex root, must_be_condition ? Condition(whole) : Value(whole));
  if (Has(root, Base::kNull)) root = Constant(Type{Base::kBool}, Datum::Absent());
  RELATA_RETURN_IF_ERROR(Compact(root));
  // A path that was compiled twice, as a trend's, is bound once.
  std::vector<BoundName>& names = program_.names_;
  const auto key = [](const BoundName& n) {
    return std::tuple(n.position, n.part, n.type, n.field, n.inverse);
  };
  std::sort(names.begin(), names.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  const auto same = [&](const auto& a, const auto& b) { return key(a) == key(b); };
  names.erase(std::unique(names.begin(), names.end(), same), names.end());
  return std::move(program_);
}

StatusOr<StepIndex> Compiler::Value(const Expr& tree) {
  if (program_.steps_.size() > kMaxSteps) {
    return absl::ResourceExhaustedError(
        Located(text_, at_, StrCat("the expression takes more than ", kMaxSteps, " steps")));
  }
  const uint32_t around = at_;
  if (tree->position != kNoPosition) at_ = tree->position;
  Rule value = ValueOf(tree);
  at_ = around;
  return value;
}

StatusOr<StepIndex> Compiler::ValueOf(const Expr& tree) {
  const Node& node = *tree;
  switch (node.kind) {
    case Kind::kLiteral:
      return LiteralOf(node.literal());
    case Kind::kParameter:
      return Refuse(StrCat("the parameter :", node.parameter().name, " has no value; bind one"));
    case Kind::kPath:
      return PathValue(node);
    case Kind::kNegate: {
      RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(node.parts[0]));
      return Negate(x);
    }
    case Kind::kNot: {
      RELATA_ASSIGN_OR_RETURN(const StepIndex x, Condition(node.parts[0]));
      return Not(x);
    }
    case Kind::kAnd:
    case Kind::kOr: {
      std::vector<StepIndex> steps;
      RELATA_RETURN_IF_ERROR(Conditions(node.parts, &steps));
      return Make(node.kind == Kind::kAnd ? Op::kAnd : Op::kOr, Type{Base::kBool}, steps);
    }
    case Kind::kIs:
      return Is(node);
    case Kind::kBinary:
      return Binary(node);
    case Kind::kBetween: {
      RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(node.parts[0]));
      RELATA_ASSIGN_OR_RETURN(const StepIndex low, Value(node.parts[1]));
      RELATA_ASSIGN_OR_RETURN(const StepIndex high, Value(node.parts[2]));
      RELATA_ASSIGN_OR_RETURN(const StepIndex from, Compare(Op::kGreaterEqual, x, low));
      RELATA_ASSIGN_OR_RETURN(const StepIndex to, Compare(Op::kLessEqual, x, high));
      return And(from, to);
    }
    case Kind::kInList:
      return In(node);
    case Kind::kHas:
      return HasElements(node);
    case Kind::kCase:
      return Case(node);
    case Kind::kCall:
      return Call(node);
    case Kind::kSegment:
      return Segment(node);
    case Kind::kTop:
      return Top(node);
    case Kind::kSample:
      return Sample(node);
    case Kind::kRelated:
    case Kind::kWithin:
    case Kind::kPeriod:
      break;
  }
  return Refuse("this stands only inside a construct that has it");
}

StatusOr<StepIndex> Compiler::Condition(const Expr& tree) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(tree));
  if (Has(x, Base::kBool)) return x;
  if (Has(x, Base::kNull)) return Constant(Type{Base::kBool}, Datum::Absent());
  const uint32_t place = tree->position == kNoPosition ? at_ : tree->position;
  return absl::InvalidArgumentError(
      Located(text_, place, StrCat("expected a condition, which is true or false; found ", Describe(x))));
}

Status Compiler::Conditions(const std::vector<Expr>& trees, std::vector<StepIndex>* steps) {
  for (const Expr& tree : trees) {
    RELATA_ASSIGN_OR_RETURN(steps->emplace_back(), Condition(tree));
  }
  return absl::OkStatus();
}

StatusOr<StepIndex> Compiler::Is(const Node& node) {
  const Type condition{Base::kBool};
  if (node.test() == Test::kNull || node.test() == Test::kEmpty) {
    RELATA_ASSIGN_OR_RETURN(StepIndex x, Value(node.parts[0]));
    if (node.test() == Test::kNull) return Make(Op::kIsNull, condition, {x});
    const Base base = TypeOf(x).base;
    if (base != Base::kText && base != Base::kTextSet && base != Base::kLabelSet &&
        base != Base::kRecordSet) {
      return Refuse(StrCat("'is empty' asks a set or a text; found ", Describe(x)));
    }
    return Make(Op::kIsEmpty, condition, {x});
  }
  RELATA_ASSIGN_OR_RETURN(const StepIndex x, Condition(node.parts[0]));
  if (node.test() == Test::kTrue) return Make(Op::kIsTrue, condition, {x});
  if (node.test() == Test::kFalse) return Make(Op::kIsFalse, condition, {x});
  return Make(Op::kIsNull, condition, {x});
}

StatusOr<StepIndex> Compiler::Case(const Node& node) {
  std::vector<StepIndex> conditions;
  std::vector<StepIndex> values;
  const size_t arms = node.parts.size() / 2;
  for (size_t i = 0; i < arms; ++i) {
    RELATA_ASSIGN_OR_RETURN(conditions.emplace_back(), Condition(node.parts[2 * i]));
    RELATA_ASSIGN_OR_RETURN(values.emplace_back(), Value(node.parts[2 * i + 1]));
  }
  if (node.parts.size() % 2 != 0) {
    RELATA_ASSIGN_OR_RETURN(values.emplace_back(), Value(node.parts.back()));
  } else {
    values.push_back(Constant(Type{Base::kNull}, Datum::Absent()));
  }
  RELATA_ASSIGN_OR_RETURN(const Type type, Unify(&values));
  std::vector<StepIndex> args;
  for (size_t i = 0; i < arms; ++i) args.insert(args.end(), {conditions[i], values[i]});
  args.push_back(values.back());
  return Make(Op::kCase, type, args);
}

StatusOr<StepIndex> Compiler::Coalesce(const Node& node) {
  std::vector<StepIndex> values;
  for (const Expr& part : node.parts) {
    RELATA_ASSIGN_OR_RETURN(values.emplace_back(), Value(part));
  }
  RELATA_ASSIGN_OR_RETURN(const Type type, Unify(&values));
  return Make(Op::kCoalesce, type, values);
}

StatusOr<StepIndex> Compiler::Call(const Node& node) {
  switch (node.function()) {
    case Function::kCount:
    case Function::kSum:
    case Function::kAvg:
    case Function::kMin:
    case Function::kMax:
    case Function::kFirst:
    case Function::kLast:
    case Function::kDistinct:
    case Function::kExists:
    case Function::kNone:
    case Function::kAny:
      return Aggregate(node);
    case Function::kAll:
      return All(node);
    case Function::kToday:
      return Today();
    case Function::kNow:
      return Now();
    case Function::kFiscalYearStart:
      return FiscalYearStart(node);
    case Function::kYear:
      return DatePart(Op::kYear, node.parts[0]);
    case Function::kQuarter:
      return DatePart(Op::kQuarter, node.parts[0]);
    case Function::kMonth:
      return DatePart(Op::kMonth, node.parts[0]);
    case Function::kWeek:
      return DatePart(Op::kWeek, node.parts[0]);
    case Function::kDay:
      return DatePart(Op::kDay, node.parts[0]);
    case Function::kAge:
      return DatePart(Op::kAge, node.parts[0]);
    case Function::kAnniversary:
      return Anniversary(node);
    case Function::kCoalesce:
      return Coalesce(node);
    case Function::kTrend:
      return Trend(node);
    case Function::kFollowedBy:
      return FollowedBy(node);
    case Function::kFirstTime:
      return FirstTime(node);
    case Function::kStopped:
      return Stopped(node);
    case Function::kRestarted:
      return Restarted(node);
    case Function::kWas:
    case Function::kChanged:
    case Function::kHeld:
      return History(node);
    case Function::kChildOf:
      return Hierarchy(Op::kChildOf, node);
    case Function::kDescendantOf:
      return Hierarchy(Op::kDescendantOf, node);
    case Function::kAncestorOf:
      return Hierarchy(Op::kAncestorOf, node);
    case Function::kScore:
      return Score(node);
    case Function::kConsent:
      return Consent(node);
    case Function::kDistance:
      return Distance(node);
    case Function::kPoint:
      return PointOf(node);
    case Function::kPercentile:
      return Percentile(node);
    case Function::kFold:
      return Fold(node);
    case Function::kSearch:
      return Search(node);
    case Function::kSimilar:
      return Similar(node);
    case Function::kRecord:
      return RecordOf(node);
  }
  return Refuse("this function is not known");
}

StepIndex Compiler::Add(Step step) {
  if (step.position == kNoPosition) step.position = at_;
  program_.steps_.push_back(std::move(step));
  return program_.root();
}

StepIndex Compiler::Make(Op op, Type type, std::span<const StepIndex> args) {
  Step step;
  step.op = op;
  step.type = type;
  step.args.assign(args.begin(), args.end());
  return Add(std::move(step));
}

StepIndex Compiler::Make(Op op, Type type, std::initializer_list<StepIndex> args) {
  return Make(op, type, std::span<const StepIndex>(args.begin(), args.size()));
}

StepIndex Compiler::And(StepIndex a, StepIndex b) {
  const auto is_true = [&](StepIndex x) { return IsConstant(x) && step(x).constant.bits == 1; };
  if (is_true(a)) return b;
  if (is_true(b)) return a;
  return Make(Op::kAnd, Type{Base::kBool}, {a, b});
}

// Leaves the steps that the root needs, in the order they have, and settles what the whole depends on.
Status Compiler::Compact(StepIndex root) {
  std::vector<Step>& steps = program_.steps_;
  std::vector<bool> used(steps.size(), false);
  used[root] = true;
  for (StepIndex i = root + 1; i-- > 0;) {
    if (used[i]) ForEachUsed(steps[i], [&](StepIndex index) { used[index] = true; });
  }
  std::vector<StepIndex> moved(steps.size(), kNone);
  StepIndex kept = 0;
  for (StepIndex i = 0; i <= root; ++i) {
    if (!used[i]) continue;
    Step& step = steps[i];
    RenumberUsed(moved, &step);
    if (step.op == Op::kConstant && step.type.base == Base::kInterval && step.interval.months != 0) {
      at_ = step.position;
      return Refuse("an interval with months has no fixed length: it stands beside a date or timestamp");
    }
    program_.uses_clock_ |= ReadsClock(step.op);
    program_.uses_others_ |= step.op == Op::kFieldOf || step.related != nullptr || step.rank != nullptr ||
                             step.op == Op::kDescendantOf || step.op == Op::kAncestorOf;
    program_.uses_population_ |= step.op == Op::kTop || step.op == Op::kPercentile;
    program_.uses_history_ |= IsHistory(step.op);
    if (step.op == Op::kInSegment) program_.segments_.push_back(static_cast<uint32_t>(step.constant.bits));
    moved[i] = kept;
    if (kept != i) steps[kept] = std::move(step);
    ++kept;
  }
  steps.resize(kept);
  std::vector<uint32_t>& segments = program_.segments_;
  std::sort(segments.begin(), segments.end());
  segments.erase(std::unique(segments.begin(), segments.end()), segments.end());
  return absl::OkStatus();
}

Status Compiler::Refuse(std::string_view message) const {
  return absl::InvalidArgumentError(Located(text_, at_, message));
}

Status Compiler::NotYet(std::string_view what) const {
  return absl::UnimplementedError(Located(text_, at_, StrCat(what, " is not answered yet")));
}

std::string Compiler::Describe(const Type& type) const {
  if (type.base != Base::kRecord && type.base != Base::kRecordSet) return NameOf(type);
  const std::string_view one = type.base == Base::kRecord ? "a record" : "a set of records";
  const store::TypeRuntime* target = type.target == 0 ? nullptr : schema().Find(type.target);
  return target == nullptr ? std::string(one) : StrCat(one, " of ", target->type->name);
}

}  // namespace relata::expr
