// Trees: how they are made and compared.
#include "relata/expr/tree.h"

#include <algorithm>

namespace relata::expr {

Expr::Expr(Kind kind, Detail detail, std::vector<Expr> parts, uint32_t position) {
  uint32_t depth = 0;
  for (const Expr& part : parts) depth = std::max(depth, part->depth);
  node_ = std::make_shared<const Node>(Node{kind, std::move(detail), std::move(parts), position, depth + 1});
}

bool operator==(const Expr& a, const Expr& b) {
  if (a.node_ == b.node_) return true;
  if (!a || !b) return false;
  return a->kind == b->kind && a->depth == b->depth && a->detail == b->detail && a->parts == b->parts;
}

}  // namespace relata::expr
