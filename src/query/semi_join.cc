// Finds conditions that the indexes of another type answer, and follows the references from there.
#include "src/query/semi_join.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "relata/base/strings.h"
#include "src/expr/op_traits.h"
#include "src/query/candidate.h"

namespace relata::query {

namespace {

using expr::Op;
using expr::Program;
using expr::StepIndex;

// Whether a step, seen from `depth` records within the one that matters, looks at records around that.
bool LooksOut(const Program& program, StepIndex index, int depth) {
  const expr::Step& step = program.step(index);
  if (step.rank != nullptr) return true;  // not worth telling apart
  if (step.scope > depth) return true;
  if (step.related != nullptr) {
    const expr::RelatedRecords& related = *step.related;
    return LooksOut(program, related.parent, depth) ||
           (related.value != expr::kNone && LooksOut(program, related.value, depth + 1)) ||
           (related.condition != expr::kNone && LooksOut(program, related.condition, depth + 1));
  }
  return std::any_of(step.args.begin(), step.args.end(),
                     [&](StepIndex arg) { return LooksOut(program, arg, depth); });
}

// The reference of the record whose target the step looks at, if it looks at one.
std::optional<FieldId> ReferenceIn(const Program& program, StepIndex index) {
  const expr::Step& step = program.step(index);
  if (step.op == Op::kFieldOf || (step.op == Op::kInSegment && !step.args.empty())) {
    const expr::Step& from = program.step(step.args.front());
    const bool own = from.op == Op::kField && from.scope == 0 && from.type.target != 0;
    return own ? std::optional(from.slot) : std::nullopt;
  }
  if (expr::LooksAtRecords(step.op)) return std::nullopt;
  for (const StepIndex arg : step.args) {
    if (const std::optional<FieldId> found = ReferenceIn(program, arg)) return found;
  }
  return std::nullopt;
}

// An aggregate bare or converted; kNone if it is none.
StepIndex AggregateIn(const Program& program, StepIndex index) {
  const expr::Step& step = program.step(index);
  if (step.op == Op::kRescale || step.op == Op::kToDouble) return AggregateIn(program, step.args.front());
  return expr::IsAggregate(step.op) ? index : expr::kNone;
}

// Whether `0 op value` is false.
bool FalseOfZero(Op op, const expr::Type& type, const OwnedDatum& value) {
  const bool real = type.base == expr::Base::kDouble;
  if (!real && type.base != expr::Base::kExact && type.base != expr::Base::kMoney) return false;
  const auto sign = [](auto number) { return number > 0 ? 1 : number < 0 ? -1 : 0; };
  const int side = real ? sign(value.view().AsDouble()) : sign(value.view().AsInt());
  switch (op) {
    case Op::kEqual:
      return side != 0;
    case Op::kLess:
      return side <= 0;
    case Op::kLessEqual:
      return side < 0;
    case Op::kGreater:
      return side >= 0;
    case Op::kGreaterEqual:
      return side > 0;
    default:
      return false;
  }
}

Access Joined(SemiJoin join, std::string_view name, double rows) {
  Access access;
  access.step = Step::kSemiJoin;
  access.rows = rows;
  access.detail = StrCat(join.way == SemiJoin::Way::kToReferred ? "named by " : "by ", name);
  access.join = std::make_shared<const SemiJoin>(std::move(join));
  return access;
}

}  // namespace

Prepared SemiJoins::Other(const store::TypeRuntime& type) const {
  Prepared other;
  other.reader = query_.reader;
  other.snapshot = query_.snapshot;
  other.type = &type;
  other.limits = query_.limits;
  other.strategies = query_.strategies;
  return other;
}

StatusOr<std::optional<StepIndex>> SemiJoins::AggregateNeeded(StepIndex conjunct) {
  const Program& program = constants_->program();
  const expr::Step& step = program.step(conjunct);
  if (step.op == Op::kExists) return conjunct;
  if (step.op != Op::kEqual && !expr::IsOrdering(step.op)) return std::nullopt;
  Op op = step.op;
  StepIndex aggregate = AggregateIn(program, step.args[0]);
  StepIndex constant = step.args[1];
  if (aggregate == expr::kNone) {
    aggregate = AggregateIn(program, step.args[1]);
    constant = step.args[0];
    op = expr::Mirrored(op);
  }
  if (aggregate == expr::kNone || !constants_->IsConstant(constant)) return std::nullopt;
  const Op of = program.step(aggregate).op;
  if (of != Op::kCount && of != Op::kCountDistinct && of != Op::kSum) return aggregate;  // of nothing: null
  RELATA_ASSIGN_OR_RETURN(const OwnedDatum value, constants_->Compute(constant));
  if (!value.present || !FalseOfZero(op, program.step(constant).type, value)) return std::nullopt;
  return aggregate;
}

StatusOr<std::optional<Access>> SemiJoins::ToReferred(StepIndex conjunct) {
  const Program& program = constants_->program();
  RELATA_ASSIGN_OR_RETURN(const std::optional<StepIndex> aggregate, AggregateNeeded(conjunct));
  if (!aggregate) return std::nullopt;
  const expr::RelatedRecords& related = *program.step(*aggregate).related;
  const expr::Step& parent = program.step(related.parent);
  if (related.condition == expr::kNone || parent.op != Op::kId || parent.scope != 0) return std::nullopt;
  const store::TypeRuntime& type = *query_.reader->schema().Find(related.type);
  if (type.type->fields[related.reference].type != ValueType::kReference) return std::nullopt;

  SemiJoin join;
  join.other = Other(type);
  join.reference = related.reference;
  std::vector<StepIndex> conjuncts;
  AppendConjuncts(program, related.condition, &conjuncts);
  RELATA_ASSIGN_OR_RETURN(std::optional<Access> found, BestAccess(join.other, conjuncts, constants_));
  if (!found) return std::nullopt;
  join.access = *std::move(found);
  bool exact = *aggregate == conjunct;
  for (const StepIndex own : conjuncts) {
    const auto& settled = join.access.exact;
    if (std::find(settled.begin(), settled.end(), own) != settled.end()) continue;
    if (LooksOut(program, own, 0)) {
      exact = false;
    } else {
      join.residual.push_back(own);
    }
  }
  const double rows = join.access.rows;
  Access access = Joined(std::move(join), type.type->name, rows);
  access.covered = {conjunct};
  if (exact) access.exact = {conjunct};
  return access;
}

StatusOr<std::optional<Access>> SemiJoins::ToReferrers(FieldId reference, IndexView* view) {
  const store::IndexRuntime* index = query_.type->reference_index[reference];
  if (index == nullptr || !index->ready()) return std::nullopt;
  const Field& field = query_.type->type->fields[reference];
  const store::TypeRuntime& type = *query_.reader->schema().Find(field.targets.front());
  SemiJoin join;
  join.way = SemiJoin::Way::kToReferrers;
  join.other = Other(type);
  join.reference = reference;
  RELATA_ASSIGN_OR_RETURN(std::vector<Access> accesses, FindAccesses(join.other, view));
  std::optional<Access> found = FewestRows(std::move(accesses));
  if (!found) return std::nullopt;
  join.access = *std::move(found);
  RELATA_ASSIGN_OR_RETURN(const uint64_t others, query_.reader->CountRows(type));
  RELATA_ASSIGN_OR_RETURN(const uint64_t own, query_.reader->CountRows(*query_.type));
  const double each = others == 0 ? 0 : static_cast<double>(own) / static_cast<double>(others);
  const double rows = std::min(static_cast<double>(own), join.access.rows * each);
  std::vector<StepIndex> covered = join.access.covered;
  std::vector<StepIndex> exact = join.access.exact;
  Access access = Joined(std::move(join), field.name, rows);
  access.covered = std::move(covered);
  access.exact = std::move(exact);
  return access;
}

Status SemiJoins::Look(StepIndex conjunct, std::vector<Access>* accesses) {
  const Program& program = constants_->program();
  RELATA_ASSIGN_OR_RETURN(std::optional<Access> referred, ToReferred(conjunct));
  if (referred) {
    accesses->push_back(*std::move(referred));
    return absl::OkStatus();
  }
  const std::optional<FieldId> reference = ReferenceIn(program, conjunct);
  if (!reference) return absl::OkStatus();
  const EntityTypeId target = query_.type->type->fields[*reference].targets.front();
  const expr::Step& step = program.step(conjunct);
  if (step.op == Op::kInSegment && step.entity == target) {
    const bool kept = query_.snapshot != nullptr && query_.reader->membership() != nullptr;
    if (kept && query_.strategies.segment_set) {
      through_[*reference].segments.push_back(
          {conjunct, static_cast<uint32_t>(step.constant.bits), true, nullptr});
    }
    return absl::OkStatus();
  }
  Constants through = constants_->Through(*reference);
  RELATA_ASSIGN_OR_RETURN(std::optional<FieldTests> found,
                          Recognise(conjunct, *query_.reader->schema().Find(target)->type, &through));
  // Any of several is left to the rows: one conjunct in many pieces would have to be united there.
  if (!found || (found->any && found->tests.size() > 1)) return absl::OkStatus();
  for (FieldTest& test : found->tests) {
    if (test.kind == FieldTest::Kind::kNever) return absl::OkStatus();
    test.exact &= found->tests.size() == 1;
    through_[*reference].tests.push_back({conjunct, std::move(test)});
  }
  return absl::OkStatus();
}

Status SemiJoins::Finish(std::vector<Access>* accesses) {
  for (auto& [reference, view] : through_) {
    RELATA_ASSIGN_OR_RETURN(std::optional<Access> access, ToReferrers(reference, &view));
    if (access) accesses->push_back(*std::move(access));
  }
  return absl::OkStatus();
}

namespace {

StatusOr<IdSet> ReadReferred(const Prepared& query, const SemiJoin& join, const IdSet& others,
                             Budget* budget) {
  const store::TypeRuntime& type = *join.other.type;
  const store::Reader& reader = *query.reader;
  // The same steps, seen from the other type.
  expr::Merged steps{.schema = &reader.schema(), .entity = &type, .steps = {}};
  if (!join.residual.empty()) steps.steps = query.where->steps();
  expr::RowEvaluator evaluator(steps, reader, reader.now());
  IdCollector ids;
  for (const uint64_t id : others) {
    RELATA_RETURN_IF_ERROR(budget->Tick());
    Candidate other{.id = id};
    RELATA_RETURN_IF_ERROR(LoadRow(join.other, &other, budget));
    bool meets = true;
    for (const StepIndex conjunct : join.residual) {
      RELATA_ASSIGN_OR_RETURN(const expr::Datum value, evaluator.Evaluate(conjunct, id, other.row));
      meets = value.present && value.bits != 0;
      if (!meets) break;
    }
    const Cell referred = other.row.Get(join.reference);
    if (meets && referred.present) ids.Add(std::span(&referred.bits, 1));
  }
  return ids.Take();
}

StatusOr<IdSet> ReadReferrers(const Prepared& query, const SemiJoin& join, const IdSet& others,
                              Budget* budget) {
  const store::IndexRuntime& index = *query.type->reference_index[join.reference];
  IdCollector ids;
  for (const uint64_t id : others) {
    const Cell referred = Cell::OfBits(id);
    RELATA_RETURN_IF_ERROR(
        CollectIds(query, index, index.coder.Equal(absl::MakeConstSpan(&referred, 1)), budget, &ids));
  }
  return ids.Take();
}

}  // namespace

StatusOr<IdSet> ReadSemiJoin(const Prepared& query, const SemiJoin& join, Budget* budget, PlanNode* node) {
  RELATA_ASSIGN_OR_RETURN(const IdSet others,
                          ReadIds(join.other, join.access, budget, &node->inputs.front()));
  return join.way == SemiJoin::Way::kToReferred ? ReadReferred(query, join, others, budget)
                                                : ReadReferrers(query, join, others, budget);
}

}  // namespace relata::query
