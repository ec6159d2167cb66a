// Steps that look at other records: rows referred to, aggregates over related ones, the hierarchy.
#include <algorithm>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "relata/base/strings.h"
#include "src/expr/arithmetic.h"
#include "src/expr/datum.h"
#include "src/expr/row_state.h"

namespace relata::expr {
void RowEvaluator::State::Kept::Set(Base base, const Datum& datum) {
  found = true;
  bits = datum.bits;
  if (IsBytes(base)) text.assign(datum.bytes);
}

Datum RowEvaluator::State::Kept::Get(Base base) const {
  if (!found) return Null();
  return IsBytes(base) ? Datum::OfBytes(text) : Datum::OfBits(bits);
}

Datum RowEvaluator::State::Copied(Base base, const Kept& kept) {
  if (!kept.found || !IsBytes(base)) return kept.Get(base);
  std::string* text = NewText();
  text->assign(kept.text);
  return Datum::OfBytes(*text);
}

bool RowEvaluator::State::FindRow(const store::TypeRuntime& type, RecordId id, RowView* row) {
  for (size_t i = scopes_.size(); i-- > 0;) {
    if (scopes_[i].id == id && scopes_[i].type == &type) {
      *row = RowOf(scopes_[i]);
      return row->valid();
    }
  }
  CachedRow& cached = rows_[(id + type.type->id) % rows_.size()];
  if (cached.turn == turn_ && cached.id == id && cached.type == &type) {
    *row = cached.row;
    return true;
  }
  bool found = false;
  if (const Status status = reader_->Find(type, id, row, &found); !status.ok()) {
    Fail(status);
    return false;
  }
  if (found) cached = {&type, id, turn_, *row};
  return found;
}

bool RowEvaluator::State::FindReferred(const store::TypeRuntime& type, RecordId id, RowView* row) {
  if (IsNewcomer(type, id)) NoteUnknown();
  return FindRow(type, id, row);
}

bool RowEvaluator::State::FindReferrer(const store::TypeRuntime& type, RecordId id, RowView* row) {
  if (!FindRow(type, id, row)) {
    Fail(absl::DataLossError(
        StrCat("there is no ", type.type->name, " ", id, ", but an index names it; run `relata check`")));
  }
  return status_.ok();
}

std::optional<RecordRef> RowEvaluator::State::ParentOf(const RelatedRecords& related) {
  const Datum parent = Eval(related.parent);
  if (!parent.present) return std::nullopt;
  const EntityTypeId target = steps_[related.parent].type.target;
  if (target != 0) return RecordRef{target, parent.bits};
  return RecordRef{static_cast<EntityTypeId>(parent.bits >> 48), parent.bits & kMaxRecordId};
}

std::optional<uint64_t> RowEvaluator::State::CountByIndex(const RelatedRecords& related, uint64_t limit) {
  const store::TypeRuntime& type = *schema_.Find(related.type);
  const store::IndexRuntime* index = type.reference_index[related.reference];
  if (index == nullptr || !index->ready()) return std::nullopt;
  const std::optional<RecordRef> parent = ParentOf(related);
  if (!parent) return 0;
  if (!newcomers_.empty() && scopes_.size() == home_) {
    const RelatedList* const list = ListOf(type, related.reference, *parent);
    return list == nullptr ? 0 : CountOf(*list);
  }
  NoteUnknown();
  const bool any = type.type->fields[related.reference].type == ValueType::kAnyReference;
  const Datum key = Datum::OfBits(any ? uint64_t{parent->type} << 48 | parent->id : parent->id);
  const store::KeyRange range = index->coder.Equal(absl::MakeConstSpan(&key, 1));
  if (limit == 1) {
    const store::IndexCursor at(reader_->kv(), index->tree, range);
    if (!at.status().ok()) Fail(at.status());
    return at.Valid() ? 1 : 0;
  }
  const StatusOr<uint64_t> count = index->tree.Count(reader_->kv(), range);
  if (!count.ok()) Fail(count.status());
  return count.value_or(0);
}

bool RowEvaluator::State::VisitOne(std::span<const StepIndex> conditions, Scope scope,
                                   absl::FunctionRef<bool()> visit) {
  const size_t texts = texts_used_;
  const bool newcomer = IsNewcomer(*scope.type, scope.id);
  scopes_.push_back(std::move(scope));
  const bool holds = std::all_of(conditions.begin(), conditions.end(),
                                 [&](StepIndex condition) { return IsTrue(Eval(condition)); });
  if (holds && newcomer) Note(NewcomersShare::kSome);
  at_newcomer_ = newcomer;
  const bool more = !holds || visit();
  scopes_.pop_back();
  texts_used_ = texts;
  return more && status_.ok();
}

void RowEvaluator::State::VisitRelated(const RelatedRecords& related, absl::FunctionRef<bool()> visit) {
  const std::optional<RecordRef> parent = ParentOf(related);
  if (!parent || !status_.ok()) return;
  const store::TypeRuntime& type = *schema_.Find(related.type);
  if (scopes_.size() == home_) {
    if (RelatedList* const list = ListOf(type, related.reference, *parent); list != nullptr) {
      VisitList(related, list, visit);
    }
    return;
  }
  // Where newcomers have a part in what is seen from another record, that is not told apart.
  NoteUnknown();
  if (loops_ == ids_.size()) ids_.emplace_back();
  std::vector<RecordId>& ids = ids_[loops_];  // a deque's elements stay where they are
  if (const Status status = reader_->FindReferrers(type, type.type->fields[related.reference], *parent, &ids);
      !status.ok()) {
    Fail(status);
    return;
  }
  ++loops_;
  const std::span<const StepIndex> conditions(&related.condition, related.condition == kNone ? 0 : 1);
  for (const RecordId id : ids) {
    RowView row;
    if (!FindReferrer(type, id, &row) || !VisitOne(conditions, {&type, id, row}, visit)) break;
  }
  --loops_;
}

Datum RowEvaluator::State::Related(const Step& step) {
  const RelatedRecords& related = *step.related;
  switch (step.op) {
    case Op::kExists: {
      if (related.condition == kNone) {
        if (const auto count = CountByIndex(related, 1)) return Bool(*count != 0);
      }
      bool found = false;
      bool older = false;
      VisitRelated(related, [&] {
        found = true;
        older = !at_newcomer_;
        return at_newcomer_;
      });
      aside_ = Bool(older);
      return Bool(found);
    }
    case Op::kCount: {
      if (related.condition == kNone && related.value == kNone) {
        if (const auto count = CountByIndex(related, UINT64_MAX)) return Datum::OfBits(*count);
      }
      uint64_t count = 0;
      uint64_t newcomers = 0;
      VisitRelated(related, [&] {
        const bool newcomer = at_newcomer_;
        if (related.value != kNone && !Eval(related.value).present) return true;
        ++count;
        newcomers += newcomer ? 1 : 0;
        return true;
      });
      aside_ = Datum::OfBits(count - newcomers);
      return Datum::OfBits(count);
    }
    case Op::kSum:
    case Op::kAvg:
      return Summed(step);
    case Op::kMin:
    case Op::kMax:
      return Extreme(step);
    case Op::kFirst:
    case Op::kLast:
      return FirstOrLast(step);
    default:
      return CountDistinct(step);
  }
}

Datum RowEvaluator::State::Summed(const Step& step) {
  const RelatedRecords& related = *step.related;
  const bool in_doubles = steps_[related.value].type.base == Base::kDouble;
  Sum all;
  Sum older;
  VisitRelated(related, [&] {
    const bool newcomer = at_newcomer_;
    const Datum value = Eval(related.value);
    if (!value.present) return true;
    all.Add(value, in_doubles);
    if (!newcomer) older.Add(value, in_doubles);
    return true;
  });
  aside_ = ValueOf(step, older);
  return ValueOf(step, all);
}

Datum RowEvaluator::State::ValueOf(const Step& step, const Sum& sum) const {
  const Type& type = steps_[step.related->value].type;
  if (step.op == Op::kAvg && sum.count == 0) return Null();
  int64_t result = 0;
  double finite = 0;
  if (step.type.base == Base::kDouble) {
    double doubles = sum.doubles;
    if (step.op == Op::kAvg) {
      doubles = type.base == Base::kDouble ? doubles / static_cast<double>(sum.count)
                                           : MeanAsDouble(sum.exact, type.scale, sum.count);
    }
    return Finite(doubles, &finite) ? Datum::OfDouble(finite) : Null();
  }
  const bool fits = step.op == Op::kSum ? Narrow(sum.exact, &result) : Mean(sum.exact, sum.count, &result);
  return fits ? Datum::OfInt(result) : Null();
}

Datum RowEvaluator::State::Extreme(const Step& step) {
  const RelatedRecords& related = *step.related;
  const Base base = BaseOf(related.value);
  Kept best;
  Kept older;
  bool apart = false;
  const auto take = [&](const Datum& value, Kept* kept) {
    const int order = kept->found ? Compare(base, value, kept->Get(base)) : 0;
    if (!kept->found || (step.op == Op::kMin ? order < 0 : order > 0)) kept->Set(base, value);
  };
  VisitRelated(related, [&] {
    const bool newcomer = at_newcomer_;
    const Datum value = Eval(related.value);
    if (!value.present) return true;
    // Without a newcomer so far, both are the same.
    if (newcomer && !apart) older = best;
    apart = apart || newcomer;
    take(value, &best);
    if (apart && !newcomer) take(value, &older);
    return true;
  });
  aside_ = Copied(base, apart ? older : best);
  return Copied(base, best);
}

Datum RowEvaluator::State::FirstOrLast(const Step& step) {
  const RelatedRecords& related = *step.related;
  const Base base = BaseOf(related.value);
  const bool nullable =
      related.has_moment && schema_.Find(related.type)->type->fields[related.moment].nullable;
  Kept kept;
  // Records come by ascending id. Without a moment: before all that have one.
  Datum kept_moment;
  VisitRelated(related, [&] {
    Datum moment;
    if (related.has_moment) {
      moment = CellOf(scopes_.back(), related.moment);
      if (!nullable) moment.present = true;
    }
    if (kept.found) {
      const int order = moment.present != kept_moment.present ? (moment.present ? 1 : -1)
                        : moment.present                      ? Compare(Base::kDate, moment, kept_moment)
                                                              : 0;
      if (step.op == Op::kFirst ? order >= 0 : order < 0) return true;
    }
    const Datum value = Eval(related.value);
    if (!value.present) return true;
    kept.Set(base, value);
    kept_moment = moment;
    return true;
  });
  aside_.reset();
  return Copied(base, kept);
}

Datum RowEvaluator::State::CountDistinct(const Step& step) {
  const RelatedRecords& related = *step.related;
  const Base base = BaseOf(related.value);
  absl::flat_hash_set<uint64_t> bits;
  absl::flat_hash_set<std::string> texts;
  VisitRelated(related, [&] {
    const Datum value = Eval(related.value);
    if (!value.present) return true;
    if (IsBytes(base)) {
      texts.emplace(value.bytes);
    } else {
      bits.insert(KeyBits(base, value));
    }
    return true;
  });
  aside_.reset();
  return Datum::OfBits(bits.size() + texts.size());
}

Datum RowEvaluator::State::Hierarchy(const Step& step) {
  const Datum x = Arg(step, 0);
  if (!x.present) return Null();
  const Scope& self = ScopeAt(step);
  switch (step.op) {
    case Op::kChildOf: {
      const Datum parent = CellOf(self, step.slot);
      return Bool(parent.present && parent.bits == x.bits);
    }
    case Op::kDescendantOf:
      return Bool(LiesBelow(*self.type, step.slot, self.id, x.bits));
    default:  // kAncestorOf
      return Bool(LiesBelow(*self.type, step.slot, x.bits, self.id));
  }
}

bool RowEvaluator::State::LiesBelow(const store::TypeRuntime& type, FieldId parent, RecordId from,
                                    RecordId above) {
  // References other than `parent` may form rings: `slow` goes half as fast and meets who walks in one.
  RecordId slow = from;
  RecordId at = from;
  const auto up = [&](RecordId id) -> RecordId {
    RowView row;
    if (!FindReferred(type, id, &row)) return 0;
    const Datum reference = row.Get(parent);
    return reference.present ? reference.bits : 0;
  };
  for (uint64_t steps = 1;; ++steps) {
    at = up(at);
    if (at == 0) return false;
    if (at == above) return true;
    if (steps % 2 == 0) slow = up(slow);
    if (at == slow) return false;
  }
}

}  // namespace relata::expr
