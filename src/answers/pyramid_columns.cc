// What the pyramid is made of, on columns: the model's rules (crm/rules.h) asked of all records.
#include <algorithm>
#include <bit>
#include <string>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/answers/pyramid_parts.h"
#include "src/answers/slots.h"
#include "src/column/grouping.h"
#include "src/column/kernels.h"
#include "src/column/scan.h"
#include "src/column/values.h"
#include "src/crm/rules.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"

namespace relata::answers {

namespace {

// What sums without keys may take.
constexpr uint64_t kMemory = uint64_t{1} << 20;

std::string Literal(Date date) { return StrCat("date '", date, "'"); }

StatusOr<expr::Program> Compiled(const query::Source& source, const store::TypeRuntime& type,
                                 const std::string& text) {
  RELATA_ASSIGN_OR_RETURN(const expr::Expr tree, expr::Parse(text));
  return expr::Compile(tree, type, source.reader->shared_schema(), text);
}

// So much dearer is a relation asked by its rows than one in columns, or more.
constexpr uint64_t kRowsForColumns = 2'000;

// As TakeStage, asking the rows of each relation.
StatusOr<uint64_t> TakeStageOnRows(const query::Source& source, const store::TypeRuntime& relations,
                                   const expr::Program& condition, Bits* open) {
  expr::RowEvaluator rows(condition, *source.snapshot);
  uint64_t count = 0;
  for (size_t i = 0; i < open->size(); ++i) {
    for (uint64_t word = (*open)[i]; word != 0; word &= word - 1) {
      const RecordId id = i * 64 + static_cast<uint64_t>(std::countr_zero(word));
      RELATA_ASSIGN_OR_RETURN(const RowView row, source.snapshot->Get(relations, id));
      RELATA_ASSIGN_OR_RETURN(const bool holds, rows.Matches(id, row));
      if (!holds) continue;
      ++count;
      (*open)[i] &= ~(uint64_t{1} << (id % 64));
    }
  }
  return count;
}

// Counts the relations of `open` that a stage's condition finds, and takes them out.
StatusOr<uint64_t> TakeStage(const query::Source& source, const store::TypeRuntime& relations,
                             const std::string& condition, Bits* open) {
  RELATA_ASSIGN_OR_RETURN(const expr::Program program, Compiled(source, relations, condition));
  if (column::CountBits(*open) * kRowsForColumns < open->size() * 64) {
    return TakeStageOnRows(source, relations, program, open);
  }
  if (!column::Scan::Supports(program)) {
    return absl::UnavailableError("columns cannot tell the stages of relations; the rows answer");
  }
  RELATA_ASSIGN_OR_RETURN(column::Scan scan, column::Scan::Open(program, *source.snapshot, source.columns));
  uint64_t count = 0;
  RELATA_RETURN_IF_ERROR(scan.Run([&](RecordId first, std::span<const uint64_t> words) {
    if (first / 64 >= open->size()) return false;
    const std::span<uint64_t> left = std::span(*open).subspan(first / 64);
    const uint64_t before = column::CountBits(left.first(words.size()));
    for (size_t i = 0; i < words.size(); ++i) left[i] &= ~words[i];
    count += before - column::CountBits(left.first(words.size()));
    return true;
  }));
  return count;
}

// The place of a stage in crm::Lifecycle. REQUIRES: there is one.
size_t StageOf(std::string_view label) {
  constexpr std::string_view kStages[] = {"general", "suspect", "prospect", "inactive", "customer"};
  return static_cast<size_t>(std::find(std::begin(kStages), std::end(kStages), label) - std::begin(kStages));
}

Status DaysOutOfRange() { return absl::UnavailableError("days that no date holds; the rows answer"); }

// The condition on orders of a period.
StatusOr<std::string> OrdersOf(crm::Period period) {
  const Date last{period.to.days - 1};
  if (period.from < Date::Min() || last > Date::Max()) return DaysOutOfRange();
  return crm::RevenueOrders(Literal(period.from), Literal(last));
}

// Counts relations that the condition finds and that are not active.
StatusOr<uint64_t> CountInactive(const query::Source& source, const expr::Program& condition,
                                 const Bits& active) {
  RELATA_ASSIGN_OR_RETURN(column::Scan scan, column::Scan::Open(condition, *source.snapshot, source.columns));
  uint64_t count = 0;
  RELATA_RETURN_IF_ERROR(scan.Run([&](RecordId first, std::span<const uint64_t> words) {
    column::Mask inactive;
    for (size_t i = 0; i < words.size(); ++i) {
      const size_t at = first / 64 + i;
      inactive.words[i] = words[i] & ~(at < active.size() ? active[at] : 0);
    }
    count += column::CountBits(inactive.words);
    return true;
  }));
  return count;
}

}  // namespace

bool HasColumns(const query::Source& source) {
  return source.snapshot != nullptr && source.columns != nullptr;
}

StatusOr<std::vector<PyramidMember>> ActiveOnColumns(const query::Source& source, PyramidMeasure measure,
                                                     crm::Period period) {
  RELATA_ASSIGN_OR_RETURN(const std::string orders, OrdersOf(period));
  RELATA_ASSIGN_OR_RETURN(const Slots relations, Slots::Of(*source.reader, "relation"));
  std::string text = StrCat("sum(orders.total where ", orders, ")");
  if (measure == PyramidMeasure::kMargin) StrAppend(&text, " - sum(orders.cost where ", orders, ")");
  RELATA_ASSIGN_OR_RETURN(const expr::Program program, Compiled(source, relations.type(), text));
  RELATA_ASSIGN_OR_RETURN(column::Values values,
                          column::Values::Open(program, *source.snapshot, source.columns));
  // Once to know how many there are: they take more than all else.
  uint64_t count = 0;
  RELATA_RETURN_IF_ERROR(values.Run([&](RecordId, const column::Block& block, const uint64_t* records) {
    for (size_t i = 0; i < column::Block::kRecords; ++i) {
      count += records[i / 64] >> (i % 64) & (block.values[i] > 0 ? 1 : 0);
    }
    return absl::OkStatus();
  }));
  std::vector<PyramidMember> active(count + 1);  // one more: what turns out not to count is written over
  size_t at = 0;
  RELATA_RETURN_IF_ERROR(values.Run([&](RecordId first, const column::Block& block, const uint64_t* records) {
    for (size_t i = 0; i < column::Block::kWords; ++i) {
      if ((records[i] & ~block.present[i]) != 0) {
        return absl::UnavailableError("a sum that 64 bits do not hold; the rows answer");
      }
    }
    for (size_t i = 0; i < column::Block::kRecords; ++i) {
      active[at] = {.relation = first + i, .class_index = 0, .minor = block.values[i]};
      at += records[i / 64] >> (i % 64) & (block.values[i] > 0 ? 1 : 0);
    }
    return absl::OkStatus();
  }));
  active.pop_back();
  return active;
}

StatusOr<Trade> TradeOnColumns(const query::Source& source, PyramidMeasure measure, crm::Period period) {
  Trade trade;
  RELATA_ASSIGN_OR_RETURN(trade.active, ActiveOnColumns(source, measure, period));
  RELATA_ASSIGN_OR_RETURN(const std::string orders, OrdersOf(period));
  RELATA_ASSIGN_OR_RETURN(const Slots relations, Slots::Of(*source.reader, "relation"));
  // Whose revenue is not above zero has an order whose total is not: few have, and zones tell most of it.
  const std::string_view some = measure == PyramidMeasure::kRevenue ? " and total <= 0" : "";
  RELATA_ASSIGN_OR_RETURN(
      const expr::Program bought,
      Compiled(source, relations.type(), StrCat("exists(orders where ", orders, some, ")")));
  RELATA_ASSIGN_OR_RETURN(trade.without_measure, CountInactive(source, bought, BitsOf(trade.active)));

  RELATA_ASSIGN_OR_RETURN(const Slots order, Slots::Of(*source.reader, "order"));
  const store::TypeRuntime& type = order.type();
  RELATA_ASSIGN_OR_RETURN(const expr::Program where,
                          Compiled(source, type, StrCat("relation is null and ", orders)));
  RELATA_ASSIGN_OR_RETURN(const expr::Program total, Compiled(source, type, "total"));
  RELATA_ASSIGN_OR_RETURN(const expr::Program cost, Compiled(source, type, "cost"));
  const column::GroupTerm terms[] = {
      {.op = expr::Op::kCount}, {.op = expr::Op::kSum, .of = &total}, {.op = expr::Op::kSum, .of = &cost}};
  RELATA_ASSIGN_OR_RETURN(
      column::Grouping anonymous,
      column::Grouping::Open(type, &where, {}, terms, *source.snapshot, kMemory, source.columns));
  RELATA_RETURN_IF_ERROR(anonymous.Run([](uint64_t) { return absl::OkStatus(); }));
  trade.anonymous_orders = anonymous.TotalOf(0, 0).count;
  Wide sum = anonymous.TotalOf(0, 1).sum;
  if (measure == PyramidMeasure::kMargin) sum -= anonymous.TotalOf(0, 2).sum;
  RELATA_ASSIGN_OR_RETURN(trade.anonymous, ToMinor(sum));
  return trade;
}

StatusOr<StageCounts> CountStagesOnColumns(const query::Source& source, Date on,
                                           const crm::LifecycleRule& rule, const Bits& active) {
  if (rule.period_months < 0 || !on.AddMonths(-int64_t{rule.period_months}).ok() || !on.AddDays(1).ok()) {
    return DaysOutOfRange();
  }
  RELATA_ASSIGN_OR_RETURN(const Slots relations, Slots::Of(*source.reader, "relation"));
  RELATA_ASSIGN_OR_RETURN(const FieldId overridden, relations["lifecycle_override"]);
  const FieldId slots[] = {overridden};
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const column::Table> table,
                          source.columns->Get(*source.snapshot, relations.type(), slots));
  StageCounts counts = {};
  Bits open(table->chunks() * column::kMaskWords);
  for (size_t chunk = 0; chunk < table->chunks(); ++chunk) {
    if (table->presence[chunk] == nullptr) continue;
    column::Mask mask = *table->presence[chunk];
    const size_t first = chunk * column::kMaskWords;
    for (size_t i = 0; i < column::kMaskWords && first + i < active.size(); ++i) {
      mask.words[i] &= ~active[first + i];
    }
    if (const column::Chunk* judged = table->column(overridden).chunks[chunk].get()) {
      column::Mask decided = mask;
      decided &= judged->present();
      decided.ForEach([&](size_t at) { ++counts[static_cast<size_t>(judged->Int(at))]; });
      mask -= decided;
    }
    std::copy(mask.words.begin(), mask.words.end(), open.begin() + static_cast<std::ptrdiff_t>(first));
  }

  const std::string day = Literal(on);
  const std::string purchase = crm::PurchaseIf(crm::PaidOn(day), rule.orders_without_payments_count);
  for (const crm::LifecycleStep& step : crm::LifecycleSteps(purchase, day, rule.period_months)) {
    for (const std::string& condition : step.any_of) {
      if (column::CountBits(open) == 0) return counts;
      RELATA_ASSIGN_OR_RETURN(const uint64_t count, TakeStage(source, relations.type(), condition, &open));
      counts[StageOf(step.label)] += count;
    }
  }
  counts[static_cast<size_t>(crm::Lifecycle::kGeneral)] += column::CountBits(open);
  return counts;
}

}  // namespace relata::answers
