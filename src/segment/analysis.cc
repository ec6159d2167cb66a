// Walks a program for what it depends on beside the clock: fields, related records, the hierarchy.
#include "src/segment/analysis.h"

#include <algorithm>
#include <utility>

#include "src/expr/op_traits.h"
#include "src/segment/analyser.h"

namespace relata::segment {

using expr::Base;
using expr::kNone;
using expr::Op;
using expr::Step;

namespace {

Path Join(const Move& first, const Path& rest) {
  Path path = {first};
  path.insert(path.end(), rest.begin(), rest.end());
  return path;
}

Ask Opposite(Ask ask) {
  return ask == Ask::kTrue ? Ask::kFalse : ask == Ask::kFalse ? Ask::kTrue : Ask::kAll;
}

}  // namespace

Analysis Analyse(const expr::Program& program) { return Analyser(program).Run(); }

Analysis Analyser::Run() {
  analysis_.entity = program_.entity().type->id;
  scopes_.push_back({.type = analysis_.entity, .paths = {Path()}});
  scopes_.back().guards = GuardsOf(program_.root());
  Depend(analysis_.entity, kExistence, scopes_.back().paths, scopes_.back().guards);
  Condition(program_.root(), Ask::kTrue);
  if (!analysis_.sweeps.empty()) AtLeast(Kind::kWindowed);
  return std::move(analysis_);
}

void Analyser::Depend(EntityTypeId type, FieldId slot, const Paths& paths,
                      const std::vector<uint32_t>& guards, uint32_t leaf) {
  for (const Path& path : paths) {
    Dependency dependency{.type = type, .slot = slot, .path = path, .leaf = leaf, .guards = guards};
    std::vector<Dependency>& all = analysis_.dependencies;
    if (std::find(all.begin(), all.end(), dependency) == all.end()) all.push_back(std::move(dependency));
  }
}

// What the truth of a condition hangs on.
void Analyser::Condition(StepIndex index, Ask ask) {
  const Step& step = steps_[index];
  switch (step.op) {
    case Op::kConstant:
      return;
    case Op::kAnd:
    case Op::kOr:
      for (const StepIndex arg : step.args) Condition(arg, ask);
      return;
    case Op::kNot:
      return Condition(step.args[0], Opposite(ask));
    case Op::kIsTrue:
      return Condition(step.args[0], Ask::kTrue);
    case Op::kIsFalse:
      return Condition(step.args[0], Ask::kFalse);
    case Op::kCase:
      for (size_t i = 0; i < step.args.size(); ++i) {
        const bool when = i % 2 == 0 && i + 1 < step.args.size();
        Condition(step.args[i], when ? Ask::kTrue : ask);
      }
      return;
    case Op::kCoalesce:
      for (const StepIndex arg : step.args) Condition(arg, Ask::kAll);
      return;
    default:
      if (!Simple(step, ask) && !Swept(step)) Value(index);
  }
}

void Analyser::Look(StepIndex index) {
  if (steps_[index].type.base == Base::kBool) {
    Condition(index, Ask::kAll);
  } else {
    Value(index);
  }
}

void Analyser::LookAtArguments(const Step& step) {
  for (const StepIndex arg : step.args) Look(arg);
}

// What a value hangs on; of a condition, one that Condition has no more to say about.
void Analyser::Value(StepIndex index) {
  const Step& step = steps_[index];
  if (expr::IsAggregate(step.op)) return Related(step);
  switch (step.op) {
    case Op::kConstant:
    case Op::kId:
    case Op::kSample:  // of seed and id alone
      return;
    case Op::kNow:
      return AtLeast(Kind::kComputed);
    case Op::kToday:
    case Op::kPeriodStart:
    case Op::kPeriodEnd:
      return AtLeast(Kind::kDaily);
    case Op::kFiscalYearStart:
      if (step.args.empty()) AtLeast(Kind::kDaily);
      return LookAtArguments(step);
    case Op::kAge:
      AtLeast(Kind::kDaily);
      return LookAtArguments(step);
    case Op::kField:
      return Field(step);
    case Op::kFieldOf:
      return FieldOf(step);
    case Op::kChildOf:
    case Op::kDescendantOf:
    case Op::kAncestorOf:
      return Hierarchy(step);
    case Op::kTop:
    case Op::kPercentile:
      return AtLeast(Kind::kComputed);
    case Op::kInSegment:
      return InSegment(step);
    case Op::kHeld:  // now() less the moment since when
      AtLeast(Kind::kComputed);
      [[fallthrough]];
    case Op::kWas:
    case Op::kChanged:
      Field(step);
      return LookAtArguments(step);
    case Op::kCase:
      for (size_t i = 0; i < step.args.size(); ++i) {
        const bool when = i % 2 == 0 && i + 1 < step.args.size();
        if (when) {
          Condition(step.args[i], Ask::kTrue);
        } else {
          Look(step.args[i]);
        }
      }
      return;
    default:
      return LookAtArguments(step);
  }
}

void Analyser::Field(const Step& step) {
  const Scope& scope = ScopeAt(step);
  Depend(scope.type, step.slot, scope.paths, scope.guards);
}

void Analyser::FieldOf(const Step& step) {
  Depend(step.entity, step.slot, PathsFrom(step.args[0], step.entity), {});
  Value(step.args[0]);
}

void Analyser::InSegment(const Step& step) {
  if (!step.args.empty()) Value(step.args[0]);
  const Paths paths = step.args.empty() ? ScopeAt(step).paths : PathsFrom(step.args[0], step.entity);
  for (const Path& path : paths) {
    SegmentUse use{.segment = static_cast<uint32_t>(step.constant.bits), .type = step.entity, .path = path};
    std::vector<SegmentUse>& all = analysis_.uses;
    if (std::find(all.begin(), all.end(), use) == all.end()) all.push_back(std::move(use));
  }
}

void Analyser::Related(const Step& step) {
  const expr::RelatedRecords& related = *step.related;
  Value(related.parent);
  EnterRelated(step);
  // A copy: further scopes move this one.
  const Scope scope = scopes_.back();
  Depend(related.type, kExistence, scope.paths, scope.guards);
  Depend(related.type, related.reference, scope.paths, scope.guards);
  const bool by_moment = step.op == Op::kFirst || step.op == Op::kLast;
  if (by_moment && related.has_moment) Depend(related.type, related.moment, scope.paths, scope.guards);
  if (related.condition != kNone) Condition(related.condition, Ask::kTrue);
  if (related.value != kNone && step.op != Op::kExists) Look(related.value);
  scopes_.pop_back();
}

void Analyser::EnterRelated(const Step& step) {
  const expr::RelatedRecords& related = *step.related;
  const relata::Field& reference = program_.schema().Find(related.type)->type->fields[related.reference];
  const EntityTypeId parent = steps_[related.parent].type.target;
  Scope scope{.type = related.type};
  for (const EntityTypeId target : reference.targets) {
    if (parent != 0 && target != parent) continue;
    const Move up{Move::Kind::kUp, related.type, target, related.reference};
    for (const Path& path : PathsFrom(related.parent, target)) scope.paths.push_back(Join(up, path));
  }
  scopes_.push_back(std::move(scope));
  if (related.condition != kNone) {
    std::vector<uint32_t> guards = GuardsOf(related.condition);
    scopes_.back().guards = std::move(guards);
  }
}

void Analyser::Hierarchy(const Step& step) {
  Value(step.args[0]);
  const Scope& scope = ScopeAt(step);
  if (step.op == Op::kChildOf) return Depend(scope.type, step.slot, scope.paths, scope.guards);
  const bool below = step.op == Op::kDescendantOf;
  const Move spread{below ? Move::Kind::kDescendants : Move::Kind::kAncestors, step.entity, step.entity,
                    step.slot};
  Paths paths;
  for (const Path& path : scope.paths) paths.push_back(Join(spread, path));
  Depend(step.entity, step.slot, paths, {});
  // Whom x lies below is lost with x.
  if (!below) Depend(step.entity, kExistence, paths, {});
}

Analyser::Paths Analyser::PathsFrom(StepIndex record, EntityTypeId type) {
  const Step& step = steps_[record];
  if (step.type.target != 0 && step.type.target != type) return {};
  Paths paths;
  const auto down = [&](const Paths& further) {
    const Move move{Move::Kind::kDown, type, step.entity, step.slot};
    for (const Path& path : further) paths.push_back(Join(move, path));
  };
  const auto also = [&](Paths more) { paths.insert(paths.end(), more.begin(), more.end()); };
  switch (step.op) {
    case Op::kId:
      return ScopeAt(step).paths;
    case Op::kField:
      down(ScopeAt(step).paths);
      return paths;
    case Op::kFieldOf:
      down(PathsFrom(step.args[0], step.entity));
      return paths;
    case Op::kAnyRecord:
      return PathsFrom(step.args[0], type);
    case Op::kCoalesce:
      for (const StepIndex arg : step.args) also(PathsFrom(arg, type));
      return paths;
    case Op::kCase:
      for (size_t i = 0; i < step.args.size(); ++i) {
        if (i % 2 == 1 || i + 1 == step.args.size()) also(PathsFrom(step.args[i], type));
      }
      return paths;
    case Op::kFirst:
    case Op::kLast:
      EnterRelated(step);
      also(PathsFrom(step.related->value, type));
      scopes_.pop_back();
      return paths;
    default:
      // A constant, or what no expression makes: there is no telling whose answer hangs on it.
      if (step.op != Op::kConstant || step.constant.present) AtLeast(Kind::kComputed);
      return paths;
  }
}

}  // namespace relata::segment
