// Binds parameters, compiles expressions, and reads the cursor.
#include "src/query/prepare.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/base/hash.h"
#include "src/base/text.h"
#include "src/expr/compile.h"

namespace relata::query {

namespace {

using expr::Expr;
using expr::Op;
using expr::Program;
using expr::StepIndex;

void CollectParameters(const Expr& tree, absl::flat_hash_set<std::string>* names) {
  if (!tree) return;
  if (tree->kind == expr::Kind::kParameter) names->insert(tree->parameter().name);
  for (const Expr& part : tree->parts) CollectParameters(part, names);
}

// The tree with its own parameters bound; Bind refuses those of others.
StatusOr<Expr> BindOwn(const Expr& tree, const Parameters& parameters) {
  absl::flat_hash_set<std::string> names;
  CollectParameters(tree, &names);
  if (names.empty()) return tree;
  Parameters own;
  for (const std::string& name : names) {
    const auto found = parameters.find(name);
    if (found != parameters.end()) own.insert(*found);
  }
  return expr::Bind(tree, own);
}

// What must be the same from page to page. A locale's order is that of its ICU version.
uint64_t FingerprintOf(const Prepared& query) {
  std::string text = StrCat(query.type->type->id, "\n", query.where_text, "\n");
  for (const OrderColumn& term : query.order) {
    StrAppend(&text, term.column.text, term.code.descending() ? " desc" : " asc",
              term.code.nulls_first() ? " first " : " last ", static_cast<int>(term.code.text()),
              term.code.locale(), term.code.uses_icu() ? IcuVersion() : "", "\n");
  }
  return Hash64(text);
}

// InvalidArgument names a parameter that none of the expressions has.
Status CheckParameters(const std::vector<Expr>& trees, const Parameters& parameters) {
  absl::flat_hash_set<std::string> names;
  for (const Expr& tree : trees) CollectParameters(tree, &names);
  for (const auto& [name, value] : parameters) {
    if (names.contains(name)) continue;
    return absl::InvalidArgumentError(
        StrCat("a value was given for the parameter :", name, ", which no expression of the query has"));
  }
  return absl::OkStatus();
}

}  // namespace

void AppendConjuncts(const Program& program, StepIndex index, std::vector<StepIndex>* conjuncts) {
  const expr::Step& step = program.step(index);
  if (step.op == Op::kAnd) {
    for (const StepIndex arg : step.args) AppendConjuncts(program, arg, conjuncts);
  } else if (step.op != Op::kConstant || !step.constant.present || step.constant.bits == 0) {
    conjuncts->push_back(index);  // all but the literal true
  }
}

StatusOr<Column> PrepareColumn(const Prepared& query, const Expr& tree, const Parameters& parameters) {
  if (!tree) return absl::InvalidArgumentError("an order, selection or group key has no expression");
  RELATA_ASSIGN_OR_RETURN(const Expr bound, BindOwn(tree, parameters));
  Column column;
  column.text = expr::Print(bound);
  RELATA_ASSIGN_OR_RETURN(column.program, expr::Compile(bound, *query.type, query.reader->shared_schema()));
  const expr::Step& root = column.program.step(column.program.root());
  if (root.op == Op::kField && root.scope == 0) {
    column.slot = root.slot;
    column.nullable = query.type->type->fields[root.slot].nullable;
  }
  return column;
}

StatusOr<Prepared> Prepare(const Source& source, const QuerySpec& spec) {
  Prepared query;
  query.reader = source.reader;
  query.snapshot = source.snapshot;
  query.columns = source.columns;
  query.limit = spec.limit;
  query.limits = spec.limits;
  query.strategies = spec.strategies;
  RELATA_ASSIGN_OR_RETURN(query.type, source.reader->schema().Get(spec.entity));

  if (spec.where) {
    RELATA_ASSIGN_OR_RETURN(const Expr bound, BindOwn(spec.where, spec.parameters));
    query.where_text = expr::Print(bound);
    RELATA_ASSIGN_OR_RETURN(
        query.where,
        expr::CompileCondition(bound, *query.type, source.reader->shared_schema(), spec.where_text));
    AppendConjuncts(*query.where, query.where->root(), &query.conjuncts);
  }

  const std::string& locale = source.reader->schema().catalogue().settings().locale;
  std::vector<Expr> trees = {spec.where};
  for (const OrderTerm& term : spec.order) {
    trees.push_back(term.by);
    OrderColumn order;
    RELATA_ASSIGN_OR_RETURN(order.column, PrepareColumn(query, term.by, spec.parameters));
    StatusOr<OrderCode> code = OrderCode::Make(order.column.program.type(), term.descending, term.nulls_first,
                                               term.collation, locale);
    if (!code.ok()) return Annotate(code.status(), StrCat("order by ", order.column.text));
    order.code = *std::move(code);
    query.order.push_back(std::move(order));
  }
  for (const Expr& tree : spec.select) {
    trees.push_back(tree);
    RELATA_ASSIGN_OR_RETURN(Column column, PrepareColumn(query, tree, spec.parameters));
    query.select.push_back(std::move(column));
  }
  RELATA_RETURN_IF_ERROR(CheckParameters(trees, spec.parameters));

  query.fingerprint = FingerprintOf(query);
  if (!spec.after.empty()) {
    RELATA_ASSIGN_OR_RETURN(query.after, DecodeCursor(spec.after, query.fingerprint, query.order.size()));
  }
  return query;
}

}  // namespace relata::query
