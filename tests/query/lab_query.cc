// Asks queries: which records, in what order, page by page, by every way that a planner may take.
#include <algorithm>
#include <optional>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "relata/query/results.h"
#include "src/base/text.h"
#include "tests/query/lab.h"

namespace relata::twin {
namespace {

using query::Strategies;

// All allowed, none, and each one forbidden.
std::vector<Strategies> Ways() {
  std::vector<Strategies> ways = {Strategies(), Strategies::None()};
  for (bool Strategies::*one :
       {&Strategies::index_range, &Strategies::index_and, &Strategies::index_or, &Strategies::ordered_walk,
        &Strategies::top_k, &Strategies::column_scan, &Strategies::text_index, &Strategies::segment_set,
        &Strategies::grouped_walk, &Strategies::semi_join}) {
    ways.emplace_back().*one = false;
  }
  return ways;
}

std::string Show(const query::QuerySpec& spec) {
  std::string shown;
  for (const query::OrderTerm& term : spec.order) {
    StrAppend(&shown, shown.empty() ? " order by " : ", ", expr::Print(term.by),
              term.descending ? " desc" : "",
              term.nulls_first ? (*term.nulls_first ? " nulls first" : " nulls last") : "",
              term.collation.empty() ? "" : " folded");
  }
  return shown;
}

void Collect(const query::PlanNode& node, std::set<query::Step>* steps) {
  steps->insert(node.step);
  for (const query::PlanNode& input : node.inputs) Collect(input, steps);
}

}  // namespace

// By the terms, a null greater than any value unless it says otherwise; then by id.
std::vector<RecordId> Lab::Ordered(const std::string& entity, std::vector<RecordId> ids,
                                   const std::vector<query::OrderTerm>& order) const {
  Naive naive(world_.schema, world_.data, world_.now);
  std::map<RecordId, std::vector<NaiveValue>> keys;
  for (const RecordId id : ids) {
    for (const query::OrderTerm& term : order) {
      NaiveValue key = naive.Evaluate(term.by, entity, id).value;
      const std::string* text = key.As<std::string>();
      if (text != nullptr && term.collation == "fold") key = Fold(*text);
      const RecordOf* record = key.As<RecordOf>();
      if (record != nullptr) key = Decimal{static_cast<int64_t>(record->id), 0};
      keys[id].push_back(std::move(key));
    }
  }
  std::sort(ids.begin(), ids.end(), [&](RecordId a, RecordId b) {
    for (size_t i = 0; i < order.size(); ++i) {
      const NaiveValue &x = keys[a][i], &y = keys[b][i];
      if (x.is_null() && y.is_null()) continue;
      if (x.is_null() || y.is_null()) {
        return x.is_null() == order[i].nulls_first.value_or(order[i].descending);
      }
      const int compared = *twin::Compare(x, y, zone_);
      if (compared != 0) return order[i].descending ? compared > 0 : compared < 0;
    }
    return a < b;
  });
  return ids;
}

std::vector<query::OrderTerm> Lab::SomeOrder(const std::string& entity, Random* random) const {
  std::vector<query::OrderTerm> order;
  std::vector<const FieldSpec*> fields;
  for (const FieldSpec& field : world_.schema.At(entity).fields) {
    const ValueType type = field.type;
    if (type <= ValueType::kDecimal || type == ValueType::kEnum || type == ValueType::kText)
      fields.push_back(&field);
  }
  const auto& indexes = world_.schema.At(entity).indexes;
  while (order.size() < 2 && random->Chance(60)) {
    const FieldSpec* chosen = random->Of(fields);
    // Often what an index begins with.
    if (!indexes.empty() && random->Chance(30)) {
      std::string first = random->Of(indexes).parts[0];
      if (first[0] == '-') first.erase(0, 1);
      const FieldSpec* indexed = world_.schema.At(entity).Find(first);
      if (std::find(fields.begin(), fields.end(), indexed) != fields.end()) chosen = indexed;
    }
    const FieldSpec& field = *chosen;
    query::OrderTerm term{.by = expr::Parse(field.name).value(), .descending = random->Chance(40)};
    if (random->Chance(30)) term.nulls_first = random->Chance(50);
    if (field.type == ValueType::kText && random->Chance(30)) term.collation = "fold";
    order.push_back(std::move(term));
  }
  return order;
}

Verdict Lab::CompareQuery(const std::string& entity, const expr::Expr& expr, uint64_t seed,
                          std::set<query::Step>* steps) {
  Random random(seed);
  query::QuerySpec spec{.entity = entity, .where = expr, .order = SomeOrder(entity, &random)};
  const uint64_t page = 1 + random.Below(40);
  constexpr size_t kPages = 5;  // that are turned, at most
  if (columns_ == nullptr) columns_ = std::make_unique<column::ColumnCache>();
  const query::Source source{snapshot_.get(), snapshot_.get(), columns_.get()};
  const std::vector<RecordId> expected = Ordered(entity, Found(entity, expr), spec.order);
  Verdict verdict;
  const auto differs = [&](std::string_view what, size_t way) {
    return Verdict{Outcome::kDiffers,
                   StrCat(what, " by way ", way, Show(spec), " (", expected.size(), " expected)")};
  };
  const std::vector<Strategies> ways = Ways();
  for (size_t way = 0; way < ways.size(); ++way) {
    spec.strategies = ways[way];
    spec.limit.reset();
    spec.after.clear();
    const StatusOr<uint64_t> count = query::Count(source, spec);
    if (!count.ok())
      return absl::IsInvalidArgument(count.status()) ? Verdict{Outcome::kRefused, count.status().ToString()}
                                                     : differs(count.status().ToString(), way);
    if (*count != expected.size()) return differs(StrCat("count ", *count), way);
    const StatusOr<bool> exists = query::Exists(source, spec);
    if (!exists.ok() || *exists == expected.empty()) return differs("exists", way);
    // At once, and page by page.
    for (const bool paged : {false, true}) {
      if (paged) spec.limit = page;
      std::vector<RecordId> ids;
      size_t pages = 0;
      for (bool more = true; more;) {
        StatusOr<query::Results> found = query::Find(source, spec);
        if (!found.ok()) return differs(found.status().ToString(), way);
        size_t given = 0;
        for (; found->Next(); ++given) ids.push_back(found->id());
        if (!found->status().ok()) return differs(found->status().ToString(), way);
        Collect(found->plan().root, steps);
        more = paged && given == page && ++pages < kPages;
        if (!more) break;
        const StatusOr<std::string> cursor = found->NextCursor();
        if (!cursor.ok()) return differs(cursor.status().ToString(), way);
        spec.after = *cursor;
      }
      verdict.values += ids.size() + 1;
      std::vector<RecordId> wanted = expected;
      if (pages == kPages) wanted.resize(std::min<size_t>(wanted.size(), kPages * page));
      if (ids != wanted) {
        size_t at = 0;
        while (at < ids.size() && at < wanted.size() && ids[at] == wanted[at]) ++at;
        return differs(StrCat(paged ? "pages of " : "records, limit ", page, ": ", ids.size(),
                              " found, unlike at place ", at),
                       way);
      }
    }
  }
  return verdict;
}

}  // namespace relata::twin
