// What the pyramid is made of, on columns: the model's rules (crm/rules.h) asked of all records.
#include <algorithm>
#include <bit>
#include <string>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/answers/pyramid_parts.h"
#include "src/answers/slots.h"
#include "src/column/grouping.h"
#include "src/column/scan.h"
#include "src/crm/rules.h"
#include "src/expr/compile.h"

namespace relata::answers {

namespace {

// What the sums by relation may take. They are as many as relations that bought.
constexpr uint64_t kMemory = uint64_t{1} << 30;

std::string Literal(Date date) { return StrCat("date '", date, "'"); }

StatusOr<expr::Program> Compiled(const query::Source& source, const store::TypeRuntime& type,
                                 const std::string& text) {
  RELATA_ASSIGN_OR_RETURN(const expr::Expr tree, expr::Parse(text));
  return expr::Compile(tree, type, source.reader->shared_schema(), text);
}

// How many orders that a condition finds name no relation.
StatusOr<uint64_t> CountAnonymous(const query::Source& source, const store::TypeRuntime& orders,
                                  const std::string& condition) {
  RELATA_ASSIGN_OR_RETURN(const expr::Program program,
                          Compiled(source, orders, StrCat(condition, " and relation is null")));
  RELATA_ASSIGN_OR_RETURN(column::Scan scan, column::Scan::Open(program, *source.snapshot, source.columns));
  return scan.Count();
}

// Counts the relations of `open` that a stage's condition finds, and takes them out.
StatusOr<uint64_t> TakeStage(const query::Source& source, const store::TypeRuntime& relations,
                             const std::string& condition, Bits* open) {
  RELATA_ASSIGN_OR_RETURN(const expr::Program program, Compiled(source, relations, condition));
  if (!column::Scan::Supports(program)) {
    return absl::UnavailableError("columns cannot tell the stages of relations; the rows answer");
  }
  RELATA_ASSIGN_OR_RETURN(column::Scan scan, column::Scan::Open(program, *source.snapshot, source.columns));
  uint64_t count = 0;
  RELATA_RETURN_IF_ERROR(scan.Run([&](RecordId first, std::span<const uint64_t> words) {
    for (size_t i = 0; i < words.size() && first / 64 + i < open->size(); ++i) {
      uint64_t& left = (*open)[first / 64 + i];
      count += static_cast<uint64_t>(std::popcount(left & words[i]));
      left &= ~words[i];
    }
    return true;
  }));
  return count;
}

bool IsEmpty(const Bits& bits) {
  return std::all_of(bits.begin(), bits.end(), [](uint64_t word) { return word == 0; });
}

// The place of a stage in crm::Lifecycle. REQUIRES: there is one.
size_t StageOf(std::string_view label) {
  constexpr std::string_view kStages[] = {"general", "suspect", "prospect", "inactive", "customer"};
  return static_cast<size_t>(std::find(std::begin(kStages), std::end(kStages), label) - std::begin(kStages));
}

Status DaysOutOfRange() { return absl::UnavailableError("days that no date holds; the rows answer"); }

}  // namespace

bool HasColumns(const query::Source& source) {
  return source.snapshot != nullptr && source.columns != nullptr;
}

StatusOr<Sums> SumOnColumns(const query::Source& source, PyramidMeasure measure, crm::Period period) {
  const Date last{period.to.days - 1};
  if (period.from < Date::Min() || last > Date::Max()) return DaysOutOfRange();
  RELATA_ASSIGN_OR_RETURN(const Slots orders, Slots::Of(*source.reader, "order"));
  const store::TypeRuntime& type = orders.type();
  const std::string condition = crm::RevenueOrders(Literal(period.from), Literal(last));
  RELATA_ASSIGN_OR_RETURN(const expr::Program where, Compiled(source, type, condition));
  RELATA_ASSIGN_OR_RETURN(const expr::Program relation, Compiled(source, type, "relation"));
  RELATA_ASSIGN_OR_RETURN(const expr::Program total, Compiled(source, type, "total"));
  RELATA_ASSIGN_OR_RETURN(const expr::Program cost, Compiled(source, type, "cost"));
  std::vector<column::GroupTerm> terms = {{.op = expr::Op::kSum, .of = &total}};
  const bool margin = measure == PyramidMeasure::kMargin;
  if (margin) terms.push_back({.op = expr::Op::kSum, .of = &cost});
  const expr::Program* const keys[] = {&relation};
  RELATA_ASSIGN_OR_RETURN(
      column::Grouping groups,
      column::Grouping::Open(type, &where, keys, terms, *source.snapshot, kMemory, source.columns));
  RELATA_RETURN_IF_ERROR(groups.Run([](uint64_t) { return absl::OkStatus(); }));

  Sums sums;
  for (size_t group = 0; group < groups.size(); ++group) {
    Wide sum = groups.TotalOf(group, 0).sum;
    if (margin) sum -= groups.TotalOf(group, 1).sum;
    RELATA_ASSIGN_OR_RETURN(const int64_t minor, ToMinor(sum));
    const expr::Datum of = groups.KeyValue(0, groups.KeyCode(group, 0));
    if (!of.present) {
      sums.anonymous = minor;
      RELATA_ASSIGN_OR_RETURN(sums.anonymous_orders, CountAnonymous(source, type, condition));
      continue;
    }
    if (sums.minor.size() <= of.bits) {
      sums.minor.resize(std::max<size_t>(of.bits + 1, 2 * sums.minor.size()));
      sums.bought.resize(sums.minor.size());
    }
    sums.minor[of.bits] = minor;
    sums.bought[of.bits] = true;
  }
  return sums;
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
      if (IsEmpty(open)) return counts;
      RELATA_ASSIGN_OR_RETURN(const uint64_t count, TakeStage(source, relations.type(), condition, &open));
      counts[StageOf(step.label)] += count;
    }
  }
  for (const uint64_t word : open) {
    counts[static_cast<size_t>(crm::Lifecycle::kGeneral)] += static_cast<uint64_t>(std::popcount(word));
  }
  return counts;
}

}  // namespace relata::answers
