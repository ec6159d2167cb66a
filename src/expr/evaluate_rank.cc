// Steps that need all records of a type: ranks, made once per evaluator; and samples, which need none.
#include <string>
#include <utility>

#include "src/expr/datum.h"
#include "src/expr/row_state.h"
#include "src/expr/sample.h"

namespace relata::expr {

Datum RowEvaluator::State::Rank(const Step& step, Known* known) {
  const Scope scope = ScopeAt(step);
  if (step.op == Op::kSample) return Bool(InSample(step.constant.bytes, scope.id, step.rank->share));
  if (step.op == Op::kTop && step.rank->count == 0) return Bool(false);
  NoteUnknown();
  if (known->ranking == nullptr || known->ranked != restart_) {
    auto ranking =
        std::make_unique<Ranking>(BaseOf(step.rank->by), step.op == Op::kTop ? step.rank->count : 0);
    MakeRanking(step, scope, ranking.get());
    if (!status_.ok()) return Null();
    known->ranking = std::move(ranking);
    known->ranked = restart_;
  }
  if (step.op == Op::kTop) return Bool(known->ranking->HoldsTop(scope.id));

  std::vector<Scope> around;
  around.swap(scopes_);
  const size_t home = std::exchange(home_, 0);
  scopes_.push_back(scope);
  const Datum value = Eval(step.rank->by);
  const double share = value.present ? known->ranking->ShareUpTo(value) : 0;
  scopes_.swap(around);
  home_ = home;
  return value.present ? Datum::OfDouble(share) : Null();
}

void RowEvaluator::State::MakeRanking(const Step& step, const Scope& scope, Ranking* ranking) {
  std::vector<Scope> around;
  around.swap(scopes_);
  const size_t home = std::exchange(home_, 0);
  const size_t texts = texts_used_;
  std::string group;
  store::RowCursor at(*reader_, *scope.type);
  for (; at.Valid() && status_.ok(); at.Next()) {
    scopes_.assign(1, {scope.type, at.id(), at.row()});
    if (const Datum value = Eval(step.rank->by); value.present) {
      group.clear();
      for (StepIndex per : step.rank->per) AppendGroupKey(BaseOf(per), Eval(per), &group);
      ranking->Add(group, value, at.id());
    }
    texts_used_ = texts;
  }
  if (!at.status().ok()) Fail(at.status());
  ranking->Finish();
  scopes_.swap(around);
  home_ = home;
}

}  // namespace relata::expr
