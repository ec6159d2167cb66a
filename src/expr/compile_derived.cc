// Derived fields: compiled anew wherever they are named, as if their text stood there, but with their own
// record for the innermost scope and nothing around it.
#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/compiler.h"
#include "src/expr/op_traits.h"

namespace relata::expr {
namespace {

// Of the trees of derived fields that use one another, one below another: evaluators descend as deep.
constexpr uint32_t kMaxInlinedDepth = 500;

}  // namespace

std::optional<crm::Definition> Compiler::DerivedAt(const EntityType& type, std::string_view name) const {
  if (const DerivedField* own = schema().catalogue().FindDerived(type.id, name)) {
    return crm::Definition{type.name, own->name, own->expression, own->description};
  }
  if (const crm::Definition* model = crm::FindDefinition(type.name, name)) return *model;
  return std::nullopt;
}

StatusOr<StepIndex> Compiler::Inline(const crm::Definition& field, const EntityType& type, Owner owner) {
  for (const crm::Definition& around : inlined_) {
    if (around.entity != field.entity || around.name != field.name) continue;
    std::string chain;
    for (const crm::Definition& used : inlined_) StrAppend(&chain, used.name, " uses ");
    return Refuse(StrCat("a derived field cannot follow from itself: ", chain, field.name));
  }
  RELATA_ASSIGN_OR_RETURN(const TimeZone zone, Zone());
  const std::string name = StrCat("the derived field ", type.name, ".", field.name);
  const StatusOr<Expr> tree = Parse(field.expression, zone);
  if (!tree.ok()) return Annotate(tree.status(), name);
  if (inlined_depth_ + (*tree)->depth > kMaxInlinedDepth) {
    return Refuse(StrCat(name, " lies too deep in others that use it"));
  }

  const std::vector<Scope> around = scopes_;
  for (Scope& scope : scopes_) scope.hidden = true;
  if (owner.record != kNone) {
    scopes_.push_back({.type = &type, .depth = depth_, .record = owner.record, .serial = ++serial_});
  } else {
    const size_t depth = depth_ - 1 - owner.scope;
    const auto own = std::find_if(scopes_.begin(), scopes_.end(), [&](const Scope& scope) {
      return scope.record == kNone && scope.depth == depth;
    });
    own->hidden = false;
  }
  inlined_.push_back(field);
  inlined_depth_ += (*tree)->depth;
  const std::string text = std::exchange(text_, std::string(field.expression));
  const uint32_t at = std::exchange(at_, kNoPosition);
  Rule value = Value(*tree);
  at_ = at;
  text_ = text;
  inlined_depth_ -= (*tree)->depth;
  inlined_.pop_back();
  scopes_ = around;
  if (!value.ok()) return Annotate(value.status(), name);
  return value;
}

StepIndex Compiler::SeenFrom(StepIndex x, size_t levels, size_t bound) {
  if (levels == 0 || x == kNone) return x;
  Step moved = step(x);
  const bool of_scope = moved.op == Op::kField || moved.op == Op::kId || moved.op == Op::kChildOf ||
                        moved.op == Op::kDescendantOf || moved.op == Op::kAncestorOf ||
                        moved.rank != nullptr || moved.op == Op::kInSegment || IsHistory(moved.op);
  if (of_scope && moved.scope >= bound) moved.scope = static_cast<uint8_t>(moved.scope + levels);
  for (StepIndex& arg : moved.args) arg = SeenFrom(arg, levels, bound);
  if (moved.related != nullptr) {
    auto related = std::make_shared<RelatedRecords>(*moved.related);
    related->parent = SeenFrom(related->parent, levels, bound);
    related->value = SeenFrom(related->value, levels, bound + 1);
    related->condition = SeenFrom(related->condition, levels, bound + 1);
    moved.related = std::move(related);
  }
  return Add(std::move(moved));
}

}  // namespace relata::expr
