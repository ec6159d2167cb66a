// Ranks over all records of a type, samples, the hierarchy of a type, and places.
#include <utility>

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/expr/compiler.h"

namespace relata::expr {

StatusOr<StepIndex> Compiler::RankStep(Op op, const Type& type, Rank rank) {
  const Scope& scope = Innermost();
  if (scope.record != kNone) return NotYet("a rank of a record behind a reference");
  Step step;
  step.op = op;
  step.type = type;
  step.scope = LevelOf(scope);
  step.entity = scope.type->id;
  step.rank = std::make_shared<const Rank>(std::move(rank));
  return Add(std::move(step));
}

StatusOr<StepIndex> Compiler::OfEach(const Expr& tree) {
  std::vector<Scope> around = {{.type = Innermost().type, .serial = ++serial_}};
  around.swap(scopes_);
  const size_t depth = std::exchange(depth_, 1);
  Rule value = Value(tree);
  depth_ = depth;
  around.swap(scopes_);
  return value;
}

StatusOr<StepIndex> Compiler::ForRanking(StepIndex by, std::string_view what) const {
  switch (TypeOf(by).base) {
    case Base::kExact:
    case Base::kDouble:
    case Base::kMoney:
    case Base::kText:
    case Base::kDate:
    case Base::kTimestamp:
    case Base::kInterval:
    case Base::kEnum:
      return by;
    default:
      return Refuse(StrCat(what, " needs a value that records can be ranked by; found ", Describe(by)));
  }
}

StatusOr<StepIndex> Compiler::Top(const Node& node) {
  Rank rank;
  RELATA_ASSIGN_OR_RETURN(const StepIndex count, Value(node.parts[0]));
  if (!IsConstant(count) || TypeOf(count) != ExactType(0) || step(count).constant.AsInt() < 0) {
    return Refuse("expected a whole number of records behind 'top'");
  }
  rank.count = step(count).constant.bits;
  RELATA_ASSIGN_OR_RETURN(const StepIndex by, OfEach(node.parts[1]));
  RELATA_ASSIGN_OR_RETURN(rank.by, ForRanking(by, "top … by"));
  for (size_t i = 2; i < node.parts.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const StepIndex per, OfEach(node.parts[i]));
    const Base base = TypeOf(per).base;
    if (base == Base::kTextSet || base == Base::kLabelSet || base == Base::kRecordSet ||
        base == Base::kObject) {
      return Refuse(StrCat("top … per needs a single value; found ", Describe(per)));
    }
    rank.per.push_back(per);
  }
  return RankStep(Op::kTop, Type{Base::kBool}, std::move(rank));
}

StatusOr<StepIndex> Compiler::Percentile(const Node& node) {
  const uint32_t scope = Innermost().serial;
  for (const Ranked& ranked : ranked_) {
    const bool same = ranked.scope == scope && ranked.depth == depth_ && ranked.by == node.parts[0];
    if (same) return ranked.step;
  }
  Rank rank;
  RELATA_ASSIGN_OR_RETURN(const StepIndex by, OfEach(node.parts[0]));
  RELATA_ASSIGN_OR_RETURN(rank.by, ForRanking(by, "percentile(…)"));
  RELATA_ASSIGN_OR_RETURN(const StepIndex step,
                          RankStep(Op::kPercentile, Type{Base::kDouble}, std::move(rank)));
  ranked_.push_back({scope, depth_, node.parts[0], step});
  return step;
}

StatusOr<StepIndex> Compiler::Sample(const Node& node) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex percent, Value(node.parts[0]));
  RELATA_ASSIGN_OR_RETURN(const std::string_view seed, ConstantText(node.parts[1], "a seed"));
  double share = -1;
  if (IsConstant(percent) && Has(percent, Base::kExact)) {
    share = Decimal{step(percent).constant.AsInt(), TypeOf(percent).scale}.ToDouble() / 100;
  } else if (IsConstant(percent) && Has(percent, Base::kDouble)) {
    share = step(percent).constant.AsDouble() / 100;
  }
  if (!(share >= 0 && share <= 1)) return Refuse("expected a number of percents from 0 to 100");
  RELATA_ASSIGN_OR_RETURN(const StepIndex made,
                          RankStep(Op::kSample, Type{Base::kBool}, Rank{.share = share}));
  program_.steps_[made].constant = Datum::OfBytes(seed);
  return made;
}

StatusOr<StepIndex> Compiler::Hierarchy(Op op, const Node& node) {
  const Scope scope = Innermost();
  if (scope.record != kNone) return NotYet("the hierarchy of a record behind a reference");
  const EntityType& type = *scope.type;
  const Field* parent = nullptr;
  for (const Field& field : type.fields) {
    const bool own = !field.dropped && field.type == ValueType::kReference && field.targets[0] == type.id;
    if (own && parent == nullptr) parent = &field;
  }
  if (parent == nullptr) {
    return Refuse(StrCat(NameOf(op), "(…): ", type.name, " has no reference to its own type to go up by"));
  }
  RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(node.parts[0]));
  RELATA_ASSIGN_OR_RETURN(const StepIndex record,
                          ElementFor(x, Type{.base = Base::kRecordSet, .target = type.id}));
  Step step;
  step.op = op;
  step.type = Type{Base::kBool};
  step.scope = LevelOf(scope);
  step.entity = type.id;
  step.slot = parent->id;
  step.args = {record};
  return Add(std::move(step));
}

StatusOr<StepIndex> Compiler::RecordOf(const Node& node) {
  RELATA_ASSIGN_OR_RETURN(const std::string_view name, ConstantText(node.parts[0], "the name of a type"));
  const StatusOr<const store::TypeRuntime*> type = schema().Get(name);
  if (!type.ok()) return Refuse(ToStd(type.status().message()));
  RELATA_ASSIGN_OR_RETURN(const StepIndex id, Value(node.parts[1]));
  if (!IsConstant(id) || TypeOf(id) != ExactType(0)) {
    return Refuse(StrCat("expected the id of a record, a whole number; found ", Describe(id)));
  }
  return ConvertNumber(id, Type{.base = Base::kRecord, .target = (*type)->type->id});
}

StatusOr<StepIndex> Compiler::Distance(const Node& node) {
  std::vector<StepIndex> points;
  for (const Expr& part : node.parts) {
    RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(part));
    if (!Has(x, Base::kPoint) && !Has(x, Base::kNull)) {
      return Refuse(StrCat("distance(…) lies between two points; found ", Describe(x)));
    }
    RELATA_ASSIGN_OR_RETURN(points.emplace_back(), Convert(x, Type{Base::kPoint}));
  }
  return Make(Op::kDistance, Type{Base::kDouble}, points);
}

StatusOr<StepIndex> Compiler::PointOf(const Node& node) {
  std::vector<StepIndex> degrees;
  for (const Expr& part : node.parts) {
    RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(part));
    if (!Has(x, Base::kExact) && !Has(x, Base::kDouble) && !Has(x, Base::kNull)) {
      return Refuse(StrCat("point(…) takes degrees of latitude and longitude; found ", Describe(x)));
    }
    RELATA_ASSIGN_OR_RETURN(degrees.emplace_back(), Convert(x, Type{Base::kDouble}));
  }
  const Datum& lat = step(degrees[0]).constant;
  const Datum& lon = step(degrees[1]).constant;
  if (IsConstant(degrees[0]) && IsConstant(degrees[1]) && lat.present && lon.present) {
    const StatusOr<Point> point = Point::FromDegrees(lat.AsDouble(), lon.AsDouble());
    if (!point.ok()) return Refuse(ToStd(point.status().message()));
    return Constant(Type{Base::kPoint}, Datum::OfInt(MemberTraits<Point>::ToBits(*point)));
  }
  return Make(Op::kPoint, Type{Base::kPoint}, degrees);
}

}  // namespace relata::expr
