// Finds the simple conditions: one field of one record beside constants.
#include <algorithm>
#include <utility>

#include "src/expr/datum.h"
#include "src/expr/op_traits.h"
#include "src/segment/analyser.h"
#include "src/store/key_range.h"

namespace relata::segment {

using expr::Base;
using expr::Op;
using expr::SetTest;
using expr::Step;
using Form = Leaf::Form;

namespace {

Constant ConstantOf(const Step& step) {
  const expr::Datum& datum = step.constant;
  if (expr::IsBytes(step.type.base)) return {.bits = 0, .bytes = std::string(datum.bytes)};
  return {.bits = expr::KeyBits(step.type.base, datum), .bytes = {}};
}

// The leaf with its ends at the constant.
Leaf Below(Leaf leaf, Constant end, bool open) {
  leaf.form = Form::kRange;
  leaf.has_high = true;
  leaf.high_open = open;
  leaf.points = {std::move(end)};
  return leaf;
}
Leaf Above(Leaf leaf, Constant end, bool open) {
  leaf.form = Form::kRange;
  leaf.has_low = true;
  leaf.low_open = open;
  leaf.points = {std::move(end)};
  return leaf;
}
Leaf With(Leaf leaf, Form form, std::vector<Constant> points) {
  const auto before = [](const Constant& a, const Constant& b) {
    return a.bits != b.bits ? a.bits < b.bits : a.bytes < b.bytes;
  };
  std::sort(points.begin(), points.end(), before);
  points.erase(std::unique(points.begin(), points.end()), points.end());
  leaf.form = form;
  leaf.points = std::move(points);
  return leaf;
}
Leaf Negated(Leaf leaf) {
  leaf.negated = true;
  return leaf;
}

// How a comparison with a constant is true, and how it is false.
std::pair<Leaf, Leaf> Ordered(Op op, const Leaf& leaf, const Constant& end) {
  switch (op) {
    case Op::kLess:
      return {Below(leaf, end, true), Above(leaf, end, false)};
    case Op::kLessEqual:
      return {Below(leaf, end, false), Above(leaf, end, true)};
    case Op::kGreater:
      return {Above(leaf, end, true), Below(leaf, end, false)};
    default:
      return {Above(leaf, end, false), Below(leaf, end, true)};
  }
}

// The smaller, the fewer values meet it.
int Breadth(const Leaf& leaf) {
  if (leaf.negated || leaf.form == Form::kOutside) return 4;
  if (leaf.form == Form::kPoints) return leaf.points.size() == 1 ? 0 : 1;
  if (leaf.form == Form::kPresent) return 3;
  return 2;
}

}  // namespace

std::optional<std::vector<Leaf>> Analyser::LeavesOf(const Step& step, Ask ask, const Step** field) const {
  // The field, and the constants beside it.
  const Step* column = nullptr;
  std::vector<Constant> points;
  bool null = false;  // among the constants
  if (step.op == Op::kField) {
    column = &step;
  } else {
    const bool element = step.op == Op::kElementOf;
    const bool known = step.op == Op::kEqual || step.op == Op::kNotEqual || expr::IsOrdering(step.op) ||
                       step.op == Op::kIsDistinct || step.op == Op::kIn || step.op == Op::kIsNull ||
                       step.op == Op::kHas || step.op == Op::kStartsWith || element;
    if (!known) return std::nullopt;
    column = &steps_[step.args[element ? 1 : 0]];
    for (size_t i = element ? 0 : 1; i < (element ? 1 : step.args.size()); ++i) {
      const Step& arg = steps_[step.args[i]];
      if (arg.op != Op::kConstant) return std::nullopt;
      if (arg.constant.present) {
        points.push_back(ConstantOf(arg));
      } else {
        null = true;
      }
    }
  }
  // Every update moves updated_at, and no change tells what it was.
  if (column->op != Op::kField || column->slot == kUpdatedAt) return std::nullopt;
  *field = column;
  const relata::Field& declared = program_.schema().Find(column->entity)->type->fields[column->slot];
  Leaf leaf{.type = column->entity,
            .slot = column->slot,
            .base = column->type.base,
            .zero_if_absent = !declared.nullable && (!declared.is_reference() || declared.is_set())};
  Leaf yes;  // where the condition is true
  Leaf no;   // where it is false
  switch (step.op) {
    case Op::kField:
      yes = With(leaf, Form::kPoints, {{.bits = 1}});
      no = With(leaf, Form::kPoints, {{.bits = 0}});
      break;
    case Op::kIsNull:
      yes = Negated(leaf);
      no = leaf;
      break;
    case Op::kIsDistinct:
      if (null) {
        yes = leaf;
        no = Negated(leaf);
      } else {
        no = With(leaf, Form::kPoints, std::move(points));
        yes = Negated(no);
      }
      break;
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kIn:
    case Op::kElementOf:
    case Op::kHas: {
      const bool all = step.op == Op::kHas && (step.test == SetTest::kAll || step.test == SetTest::kExactly);
      if (all || (null && step.op != Op::kIn)) return std::nullopt;
      yes = With(leaf, Form::kPoints, points);
      no = With(leaf, Form::kOutside, std::move(points));
      const bool turned = step.op == Op::kNotEqual || (step.op == Op::kHas && step.test == SetTest::kNone);
      if (turned) std::swap(yes, no);
      break;
    }
    case Op::kStartsWith: {
      if (null) return std::nullopt;
      const std::string after = store::KeyAfter(points.front().bytes);
      yes = Above(leaf, points.front(), false);
      if (!after.empty()) {
        yes.has_high = yes.high_open = true;
        yes.points.push_back({.bits = 0, .bytes = after});
      }
      // False is what is there and has another beginning: it turns where one of the two does.
      if (ask == Ask::kTrue) return std::vector<Leaf>{yes};
      return std::vector<Leaf>{yes, leaf};
    }
    default:
      if (null) return std::nullopt;
      std::tie(yes, no) = Ordered(step.op, leaf, points.front());
  }
  if (ask == Ask::kTrue) return std::vector<Leaf>{yes};
  if (ask == Ask::kFalse) return std::vector<Leaf>{no};
  return std::vector<Leaf>{yes, no};
}

bool Analyser::Simple(const Step& step, Ask ask) {
  const Step* field = nullptr;
  const std::optional<std::vector<Leaf>> leaves = LeavesOf(step, ask, &field);
  if (!leaves) return false;
  const Scope& scope = ScopeAt(*field);
  for (const Leaf& leaf : *leaves) Depend(scope.type, field->slot, scope.paths, scope.guards, AddLeaf(leaf));
  return true;
}

uint32_t Analyser::AddLeaf(Leaf leaf) {
  std::vector<Leaf>& all = analysis_.leaves;
  const auto found = std::find(all.begin(), all.end(), leaf);
  if (found != all.end()) return static_cast<uint32_t>(found - all.begin());
  all.push_back(std::move(leaf));
  return static_cast<uint32_t>(all.size() - 1);
}

std::vector<uint32_t> Analyser::GuardsOf(StepIndex condition) {
  std::vector<uint32_t> guards;
  AddGuards(condition, &guards);
  const auto breadth = [&](uint32_t leaf) { return Breadth(analysis_.leaves[leaf]); };
  std::sort(guards.begin(), guards.end(), [&](uint32_t a, uint32_t b) {
    return breadth(a) != breadth(b) ? breadth(a) < breadth(b) : a < b;
  });
  guards.erase(std::unique(guards.begin(), guards.end()), guards.end());
  return guards;
}

void Analyser::AddGuards(StepIndex condition, std::vector<uint32_t>* guards) {
  const Step& step = steps_[condition];
  if (step.op == Op::kAnd) {
    for (const StepIndex arg : step.args) AddGuards(arg, guards);
    return;
  }
  if (step.op == Op::kIsTrue) return AddGuards(step.args[0], guards);
  const bool negated = step.op == Op::kNot;
  const Step& asked = negated ? steps_[step.args[0]] : step;
  const Step* field = nullptr;
  const std::optional<std::vector<Leaf>> leaves = LeavesOf(asked, negated ? Ask::kFalse : Ask::kTrue, &field);
  if (leaves && leaves->size() == 1 && field->scope == 0) guards->push_back(AddLeaf(leaves->front()));
}

}  // namespace relata::segment
