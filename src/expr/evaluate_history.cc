// Steps that read the former values of a field, and membership of segments.
#include <algorithm>

#include "src/expr/datum.h"
#include "src/expr/row_state.h"
#include "src/store/membership.h"

namespace relata::expr {
namespace {

// How values of a field are compared: all that is not bytes or a double is alike in its bits.
Base BaseOfValues(const Field& field) {
  if (field.is_variable()) return Base::kText;
  return field.type == ValueType::kDouble ? Base::kDouble : Base::kExact;
}

bool Differ(Base base, const Datum& a, const Datum& b) {
  return a.present != b.present || (a.present && !Same(base, a, b));
}

}  // namespace

Datum RowEvaluator::State::InSegment(const Step& step) {
  NoteUnknown();  // what a segment was before is not asked here
  RecordId id = ScopeAt(step).id;
  if (!step.args.empty()) {
    const Datum x = Arg(step, 0);
    if (!x.present) return Null();
    id = x.bits;
    if (steps_[step.args[0]].type.target == 0) {
      if (id >> 48 != step.entity) return Bool(false);
      id &= kMaxRecordId;
    }
  }
  if (reader_->membership() == nullptr) {
    return Fail(absl::FailedPreconditionError(
        "this reader knows of no members of segments; open the store as a Database"));
  }
  const StatusOr<bool> member =
      reader_->membership()->Contains(static_cast<uint32_t>(step.constant.bits), id);
  return member.ok() ? Bool(*member) : Fail(member.status());
}

void RowEvaluator::State::ReadHistory(const Scope& scope, const relata::Field& field, bool zero_if_absent) {
  const Status status = store::ReadHistory(reader_->kv(), reader_->history_tree(), scope.type->type->id,
                                           scope.id, field, &history_);
  if (!status.ok()) {
    history_.clear();
    Fail(status);
    return;
  }
  while (!history_.empty() && history_.back().from > now_) history_.pop_back();
  if (!zero_if_absent) return;
  for (store::HistoryEntry& entry : history_) entry.cell.present = true;
}

Datum RowEvaluator::State::History(const Step& step, const Known& known) {
  const Datum x = Arg(step, 0);  // first: what looks at related records moves the scopes
  const Scope& scope = ScopeAt(step);
  const relata::Field& field = scope.type->type->fields[step.slot];
  const Base base = BaseOfValues(field);
  const auto created = [&] { return CellOf(scope, kCreatedAt).AsInt(); };

  if (step.op == Op::kChanged) {
    const Datum to = Arg(step, 1);
    if (!x.present || !to.present) return Bool(false);
    ReadHistory(scope, field, known.zero_if_absent);
    for (size_t i = 0; i < history_.size(); ++i) {
      const int64_t from = history_[i].from.micros;
      if (from < x.AsInt() || from >= to.AsInt()) continue;
      // Inserting a record that has a value makes an entry; of one without, the first comes later.
      const bool changed = i == 0 ? from > created() : Differ(base, history_[i - 1].cell, history_[i].cell);
      if (changed) return Bool(true);
    }
    return Bool(false);
  }

  if (!x.present) return Null();
  const Datum present = Field(step, known, scope);
  const bool is_now = present.present && Same(base, present, x);
  if (step.op == Op::kWas) {
    if (is_now) return Bool(true);
    ReadHistory(scope, field, known.zero_if_absent);
    return Bool(std::any_of(history_.begin(), history_.end(),
                            [&](const store::HistoryEntry& entry) { return !Differ(base, entry.cell, x); }));
  }

  if (!is_now) return Null();
  ReadHistory(scope, field, known.zero_if_absent);
  // Without an entry it is the value the record was made with, as far as anyone knows.
  int64_t since = history_.empty() ? created() : history_.back().from.micros;
  for (size_t i = history_.size(); i-- > 0 && !Differ(base, history_[i].cell, x);) {
    since = history_[i].from.micros;
  }
  return Datum::OfInt(std::max<int64_t>(0, now_.micros - since));
}

}  // namespace relata::expr
