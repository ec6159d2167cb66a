// Takes conditions apart at their `and`s, and merges what is left.
#include "src/segment/terms.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "src/expr/op_traits.h"
#include "src/expr/step_uses.h"

namespace relata::segment {

using expr::Merger;
using expr::Op;
using expr::Program;
using expr::Step;
using expr::StepIndex;

namespace {

// Leaves that are asked one by one before all that are true are looked up.
constexpr size_t kFewLeaves = 4;

// What must be true of the record itself for it to be a member.
const std::vector<uint32_t>& GuardsOf(const Analysis& analysis) {
  static const auto* const none = new std::vector<uint32_t>();
  for (const Dependency& dependency : analysis.dependencies) {
    const bool root = dependency.path.empty() && dependency.slot == kExistence;
    if (root && dependency.type == analysis.entity) return dependency.guards;
  }
  return *none;
}

// The parts that are all true where the condition is.
void Split(const Program& program, StepIndex condition, std::vector<StepIndex>* parts) {
  const Step& step = program.step(condition);
  if (step.op != Op::kAnd && step.op != Op::kIsTrue) return parts->push_back(condition);
  for (const StepIndex arg : step.args) Split(program, arg, parts);
}

bool IsOwn(const Merger& merger, StepIndex index) {
  const Step& step = merger.step(index);
  const bool of_record = step.op == Op::kField || step.op == Op::kId || step.op == Op::kSample;
  if (expr::ReadsClock(step.op) || (expr::LooksAtRecords(step.op) && !of_record)) return false;
  bool own = true;
  expr::ForEachUsed(step, [&](StepIndex used) { own = own && IsOwn(merger, used); });
  return own;
}

}  // namespace

struct Terms::OfType {
  Merger merger;
  const Program* like = nullptr;
  absl::flat_hash_map<StepIndex, TermId> by_step;
  expr::Merged merged;
};

Terms::Terms() = default;
Terms::Terms(Terms&&) noexcept = default;
Terms& Terms::operator=(Terms&&) noexcept = default;
Terms::~Terms() = default;

void Terms::Add(uint32_t owner, const Program& program, const Analysis& analysis) {
  std::unique_ptr<OfType>& type = types_[program.entity().type->id];
  if (type == nullptr) type = std::make_unique<OfType>();
  type->like = &program;
  std::vector<StepIndex> parts;
  Split(program, program.root(), &parts);
  std::vector<TermId> list;
  for (const StepIndex part : parts) {
    const StepIndex step = type->merger.Add(program, part);
    const auto [at, fresh] = type->by_step.try_emplace(step, static_cast<TermId>(terms_.size()));
    if (fresh) terms_.push_back({.step = step, .own = IsOwn(type->merger, step)});
    list.push_back(at->second);
  }
  const auto rank = [&](TermId id) {
    const Term& term = terms_[id];
    return std::make_tuple(!term.own, type->merger.CostOf(term.step), id);
  };
  std::sort(list.begin(), list.end(), [&](TermId a, TermId b) { return rank(a) < rank(b); });
  list.erase(std::unique(list.begin(), list.end()), list.end());
  starts_.resize(owner + 1, static_cast<uint32_t>(lists_.size()));
  for (const uint32_t guard : GuardsOf(analysis)) {
    const LeafId leaf = leaves_.Add(analysis.leaves[guard]);
    if (leaf == by_leaf_.size()) {
      by_leaf_.push_back(static_cast<TermId>(terms_.size()));
      terms_.push_back({.leaf = leaf, .own = true});
    }
    lists_.push_back(by_leaf_[leaf]);
  }
  lists_.insert(lists_.end(), list.begin(), list.end());
}

void Terms::Finish() {
  starts_.push_back(static_cast<uint32_t>(lists_.size()));
  leaves_.Finish();
  for (auto& [id, type] : types_) type->merged = std::move(type->merger).Finish(*type->like);
}

const expr::Merged& Terms::merged(EntityTypeId type) const { return types_.find(type)->second->merged; }

void TermValues::Restart(const store::Reader& reader, Timestamp at, std::span<const RecordRef> newcomers) {
  reader_ = &reader;
  at_ = at;
  newcomers_ = newcomers;
  ++restarts_;
  status_ = absl::OkStatus();
}

void TermValues::TurnTo(EntityTypeId type, RecordId id, const RowView& row) {
  ++turn_;
  std::unique_ptr<Evaluator>& evaluator = evaluators_[type];
  if (evaluator == nullptr) {
    evaluator =
        std::make_unique<Evaluator>(Evaluator{expr::RowEvaluator(terms_.merged(type), *reader_, at_)});
  }
  if (evaluator->restarted != restarts_) {
    evaluator->rows.Restart(*reader_, at_, newcomers_);
    evaluator->restarted = restarts_;
  }
  type_ = type;
  row_ = row;
  leaves_asked_ = 0;
  current_ = evaluator.get();
  current_->rows.TurnTo(id, row);
}

Truth TermValues::Compute(TermId id) {
  const Terms::Term& term = terms_.term(id);
  if (term.leaf != kNoLeaf) return ComputeLeaf(id);
  const StatusOr<expr::Datum> value = current_->rows.Ask(term.step);
  if (!value.ok()) {
    if (status_.ok()) status_ = value.status();
    return Truth::kNot;
  }
  const bool is_true = value->present && value->bits != 0;
  const Truth truth = is_true ? Truth::kTrue : term.own ? Truth::kNotByItself : Truth::kNot;
  known_[id] = turn_ << 2 | static_cast<uint64_t>(truth);
  Past past = is_true ? Past::kTrue : Past::kFalse;
  if (!newcomers_.empty() && !term.own && current_->rows.share() != expr::NewcomersShare::kNone) {
    past = Past::kUnknown;
    if (current_->rows.share() == expr::NewcomersShare::kSome) {
      const StatusOr<expr::Datum> was = current_->rows.AskWithout(term.step);
      const bool told = was.ok() && current_->rows.share() != expr::NewcomersShare::kUnknown;
      if (told) past = was->present && was->bits != 0 ? Past::kTrue : Past::kFalse;
    }
  }
  before_[id] = turn_ << 2 | static_cast<uint64_t>(past);
  return truth;
}

TermValues::Past TermValues::PastOf(TermId id) {
  const Truth truth = TruthOf(id);
  if (terms_.term(id).own) return truth == Truth::kTrue ? Past::kTrue : Past::kFalse;
  return before_[id] >> 2 == turn_ ? static_cast<Past>(before_[id] & 3) : Past::kUnknown;
}

std::optional<bool> TermValues::Before(uint32_t owner) {
  bool unknown = false;
  for (const TermId term : terms_.Of(owner)) {
    const Past past = PastOf(term);
    if (past == Past::kFalse) return false;
    unknown = unknown || past == Past::kUnknown;
  }
  return unknown ? std::nullopt : std::optional<bool>(true);
}

Truth TermValues::ComputeLeaf(TermId id) {
  const auto is_true = turn_ << 2 | static_cast<uint64_t>(Truth::kTrue);
  if (leaves_asked_++ < kFewLeaves) {
    const Leaf& leaf = terms_.leaves().leaf(terms_.term(id).leaf);
    if (leaf.IsTrue(row_.Get(leaf.slot))) known_[id] = is_true;
  } else if (leaves_asked_ == kFewLeaves + 1) {
    terms_.leaves().True(
        type_, [&](FieldId slot) { return row_.Get(slot); },
        [&](LeafId leaf) { known_[terms_.TermOf(leaf)] = is_true; });
  }
  return known_[id] == is_true ? Truth::kTrue : Truth::kNotByItself;
}

}  // namespace relata::segment
