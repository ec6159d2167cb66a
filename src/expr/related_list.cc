// Records that refer to the one the evaluator is turned to: found once, and asked one by one.
#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "relata/base/strings.h"
#include "src/expr/datum.h"
#include "src/expr/op_traits.h"
#include "src/expr/row_state.h"
#include "src/store/index_entry.h"
#include "src/store/ordered_bytes.h"

namespace relata::expr {
namespace {

// Rows of related records that are kept while one record is looked at.
constexpr size_t kMostRowsKept = 4'096;

// The index on the reference with the type's moment behind it; nullptr if there is none.
const store::IndexRuntime* MomentIndex(const store::TypeRuntime& type, FieldId reference) {
  const EntityType& entity = *type.type;
  if (!entity.moment || entity.fields[reference].type != ValueType::kReference) return nullptr;
  for (const store::IndexRuntime& index : type.indexes) {
    const std::vector<IndexPart>& parts = index.index->parts;
    if (parts.size() != 2 || parts[0].field != reference || parts[1].field != *entity.moment) continue;
    const bool plain = !parts[0].descending && !parts[1].descending && !index.index->unique;
    if (plain && index.ready()) return &index;
  }
  return nullptr;
}

// The moment that a values key has behind `start` bytes, absent where it is null; false if it has none there.
bool ReadMoment(std::string_view key, size_t start, Cell* moment) {
  if (key.size() < start) return false;
  key.remove_prefix(start);
  *moment = Cell::Absent();
  if (key == std::string_view("\0\0", 2) || key == "\xff\xff") return true;
  const std::optional<int64_t> value = store::TakeOrderedInt(&key);
  if (value) *moment = Cell::OfInt(*value);
  return value && key.empty();
}

bool Fulfils(Op op, int64_t a, int64_t b) {
  switch (op) {
    case Op::kEqual:
      return a == b;
    case Op::kNotEqual:
      return a != b;
    case Op::kLess:
      return a < b;
    case Op::kLessEqual:
      return a <= b;
    case Op::kGreater:
      return a > b;
    default:  // kGreaterEqual
      return a >= b;
  }
}

// Whether values of the base are compared as whole numbers.
bool IsWhole(Base base) { return !IsBytes(base) && base != Base::kDouble && base != Base::kLabelSet; }

}  // namespace

const RowView& RowEvaluator::State::RowOf(const Scope& scope) {
  if (scope.list == nullptr) return scope.row;
  RowView& row = scope.list->rows[scope.place];
  if (row.valid()) return row;
  bool found = false;
  if (const Status status = reader_->Find(*scope.type, scope.id, &row, &found); !status.ok()) {
    Fail(status);
  } else if (!found) {
    Fail(absl::DataLossError(StrCat("there is no ", scope.type->type->name, " ", scope.id,
                                    ", but an index names it; run `relata check`")));
  }
  return row;
}

Cell RowEvaluator::State::CellOf(const Scope& scope, FieldId slot) {
  if (scope.list == nullptr) return scope.row.Get(slot);
  return CellAt(scope.list, ColumnOf(scope.list, slot), scope.place);
}

size_t RowEvaluator::State::ColumnOf(RelatedList* list, FieldId slot) {
  size_t i = 0;
  while (i < list->columns_used && list->columns[i].slot != slot) ++i;
  if (i < list->columns_used) return i;
  if (list->columns.size() == i) list->columns.emplace_back();
  ++list->columns_used;
  RelatedList::Column& column = list->columns[i];
  column.slot = slot;
  column.cells.resize(list->ids.size());
  column.read.assign(list->ids.size(), 0);
  return i;
}

const Cell& RowEvaluator::State::CellAt(RelatedList* list, size_t column, size_t place) {
  RelatedList::Column& of = list->columns[column];
  if (of.read[place] == 0) {
    const RowView& row = RowOf({list->type, list->ids[place], {}, list, place});
    of.cells[place] = row.valid() ? row.Get(of.slot) : Cell::Absent();
    of.read[place] = 1;
  }
  return of.cells[place];
}

RowEvaluator::State::RelatedList* RowEvaluator::State::ListOf(const store::TypeRuntime& type,
                                                              FieldId reference, RecordRef parent) {
  for (size_t i = 0; i < lists_used_; ++i) {
    RelatedList& list = lists_[i];
    if (list.type == &type && list.reference == reference && list.parent == parent) return &list;
  }
  if (lists_used_ == lists_.size()) lists_.emplace_back();
  RelatedList& list = lists_[lists_used_];  // a deque's elements stay where they are
  list.type = &type;
  list.reference = reference;
  list.parent = parent;
  if (const Status status = FillList(&list); !status.ok()) {
    Fail(status);
    return nullptr;
  }
  ++lists_used_;
  return &list;
}

Status RowEvaluator::State::FillList(RelatedList* list) {
  const store::TypeRuntime& type = *list->type;
  list->ids.clear();
  list->rows.clear();
  list->columns_used = 0;
  const store::IndexRuntime* const index = MomentIndex(type, list->reference);
  if (index == nullptr) {
    RELATA_RETURN_IF_ERROR(
        reader_->FindReferrers(type, type.type->fields[list->reference], list->parent, &list->ids));
    if (list->ids.size() <= kMostRowsKept) list->rows.resize(list->ids.size());
    return absl::OkStatus();
  }
  const Cell parent = Cell::OfBits(list->parent.id);
  const store::KeyRange range = index->coder.Equal(absl::MakeConstSpan(&parent, 1));
  found_.clear();
  const auto take = [&](const store::IndexEntry& entry) {
    Cell moment;
    if (!ReadMoment(entry.values, range.low.size(), &moment)) return false;
    list->ids.clear();
    if (!store::DecodeBlock(entry.id, entry.gaps, &list->ids)) return false;
    for (const RecordId id : list->ids) found_.emplace_back(id, moment);
    return true;
  };
  RELATA_RETURN_IF_ERROR(store::WalkEntries(reader_->kv(), index->tree, range, take));
  const auto by_id = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (!std::is_sorted(found_.begin(), found_.end(), by_id)) std::sort(found_.begin(), found_.end(), by_id);
  list->ids.clear();
  for (const auto& [id, moment] : found_) list->ids.push_back(id);
  if (found_.size() > kMostRowsKept) return absl::OkStatus();
  list->rows.resize(found_.size());
  RelatedList::Column& moments = list->columns[ColumnOf(list, *type.type->moment)];
  for (size_t i = 0; i < found_.size(); ++i) moments.cells[i] = found_[i].second;
  std::fill(moments.read.begin(), moments.read.end(), uint8_t{1});
  return absl::OkStatus();
}

uint64_t RowEvaluator::State::CountOf(const RelatedList& list) {
  uint64_t newcomers = 0;
  for (const RecordRef& newcomer : newcomers_) {
    if (newcomer.type != list.type->type->id) continue;
    if (std::binary_search(list.ids.begin(), list.ids.end(), newcomer.id)) ++newcomers;
  }
  if (newcomers > 0) Note(NewcomersShare::kSome);
  aside_.reset();
  return list.ids.size() - (without_ ? newcomers : 0);
}

std::unique_ptr<RowEvaluator::State::Filter> RowEvaluator::State::FilterOf(
    const RelatedRecords& related) const {
  auto filter = std::make_unique<Filter>();
  AddToFilter(related.type, related.condition, filter.get());
  const std::optional<FieldId> moment = schema_.Find(related.type)->type->moment;
  std::stable_partition(filter->tests.begin(), filter->tests.end(),
                        [&](const Filter::Test& test) { return test.slot == moment; });
  return filter;
}

void RowEvaluator::State::AddToFilter(EntityTypeId type, StepIndex condition, Filter* filter) const {
  const Step& step = steps_[condition];
  if (step.op == Op::kAnd || step.op == Op::kIsTrue) {
    for (const StepIndex arg : step.args) AddToFilter(type, arg, filter);
    return;
  }
  const auto is_field = [&](StepIndex index) {
    const Step& field = steps_[index];
    return field.op == Op::kField && field.scope == 0 && field.entity == type && IsWhole(field.type.base);
  };
  if (IsComparison(step.op) && step.op != Op::kIsDistinct) {
    const bool mirrored = !is_field(step.args[0]);
    const StepIndex field = step.args[mirrored ? 1 : 0];
    const StepIndex value = step.args[mirrored ? 0 : 1];
    if (is_field(field) && known_[value].holds >= Holds::kAtRestart) {
      filter->tests.push_back({.op = mirrored ? Mirrored(step.op) : step.op,
                               .slot = steps_[field].slot,
                               .zero_if_absent = known_[field].zero_if_absent,
                               .value = value});
      return;
    }
  }
  filter->rest.push_back(condition);
}

void RowEvaluator::State::VisitList(const RelatedRecords& related, RelatedList* list,
                                    absl::FunctionRef<bool()> visit) {
  const store::TypeRuntime& type = *list->type;
  const auto passed_over = [&](RecordId id) { return without_ && IsNewcomer(type, id); };
  if (list->rows.size() != list->ids.size()) {
    const std::span<const StepIndex> conditions(&related.condition, related.condition == kNone ? 0 : 1);
    for (const RecordId id : list->ids) {
      if (passed_over(id)) continue;
      RowView row;
      if (!FindReferrer(type, id, &row) || !VisitOne(conditions, {&type, id, row}, visit)) return;
    }
    return;
  }
  struct Test {
    size_t column;
    Op op;
    bool zero_if_absent;
    int64_t value;
  };
  absl::InlinedVector<Test, 4> tests;
  std::span<const StepIndex> rest;
  if (related.condition != kNone) {
    const Filter& filter = *known_[related.condition].filter;
    rest = filter.rest;
    for (const Filter::Test& test : filter.tests) {
      const Datum value = Eval(test.value);
      if (!value.present) return;
      tests.push_back({ColumnOf(list, test.slot), test.op, test.zero_if_absent, value.AsInt()});
    }
  }
  for (size_t i = 0; i < list->ids.size(); ++i) {
    const bool holds = std::all_of(tests.begin(), tests.end(), [&](const Test& test) {
      const Cell& cell = CellAt(list, test.column, i);
      return (cell.present || test.zero_if_absent) && Fulfils(test.op, cell.AsInt(), test.value);
    });
    if (!status_.ok()) return;
    if (!holds || passed_over(list->ids[i])) continue;
    if (!VisitOne(rest, {&type, list->ids[i], {}, list, i}, visit)) return;
  }
}

}  // namespace relata::expr
