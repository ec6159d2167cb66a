// Fits tests to the parts of indexes.
#include "src/query/access.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "relata/base/strings.h"
#include "src/query/semi_join.h"
#include "src/query/text_search.h"

namespace relata::query {

namespace {

using expr::StepIndex;
using Kind = FieldTest::Kind;

bool HasSetPart(const EntityType& type, const Index& index) {
  return std::any_of(index.parts.begin(), index.parts.end(),
                     [&](const IndexPart& part) { return type.fields[part.field].is_set(); });
}

// Notes that the portion answers the test.
void Cover(const EntityType& type, const Tested& tested, bool exact, IndexPortion* portion) {
  portion->covered.push_back(tested.conjunct);
  if (exact) portion->exact.push_back(tested.conjunct);
  StrAppend(&portion->detail, portion->detail.empty() ? "" : ", ", Describe(type, tested.test));
}

std::optional<store::CellBound> BoundOf(const std::optional<FieldTest::Bound>& bound) {
  if (!bound) return std::nullopt;
  return store::CellBound{.cell = bound->value.view(), .inclusive = bound->inclusive};
}

// Gives the part behind the equal ones a range, if some test asks for one.
StatusOr<bool> NarrowNext(const EntityType& type, const store::IndexRuntime& index,
                          std::span<const Tested> tests, absl::Span<const Cell> prefix,
                          IndexPortion* portion) {
  const IndexPart& part = index.index->parts[portion->equal_parts];
  const Field& field = type.fields[part.field];
  bool ranged = false;
  for (const Tested& tested : tests) {
    const Fit fit = FitOf(part, field, tested.test);
    if (!fit.usable || tested.test.kind != Kind::kRange) continue;
    if ((tested.test.lower && portion->lower) || (tested.test.upper && portion->upper)) continue;
    if (tested.test.lower) portion->lower = tested.test.lower;
    if (tested.test.upper) portion->upper = tested.test.upper;
    Cover(type, tested, fit.exact, portion);
    ranged = true;
  }
  if (ranged) {
    portion->range = index.coder.Between(prefix, BoundOf(portion->lower), BoundOf(portion->upper));
    return true;
  }
  for (const Tested& tested : tests) {
    const Fit fit = FitOf(part, field, tested.test);
    if (!fit.usable) continue;
    if (tested.test.kind == Kind::kPrefix) {
      RELATA_ASSIGN_OR_RETURN(portion->range, index.coder.StartsWith(prefix, tested.test.value.bytes));
      Cover(type, tested, fit.exact, portion);
      return true;
    }
    if (tested.test.kind == Kind::kNotNull) {
      portion->range = index.coder.Between(prefix, std::nullopt, std::nullopt);
      Cover(type, tested, fit.exact, portion);
      return true;
    }
  }
  return false;
}

StatusOr<std::optional<Access>> AccessOf(const Prepared& query, const store::IndexRuntime& index,
                                         std::span<const Tested> tests) {
  const EntityType& type = *query.type->type;
  if (!index.ready()) return std::nullopt;
  IndexPortion portion;
  RELATA_ASSIGN_OR_RETURN(const bool selects, SelectPortion(type, index, tests, &portion));
  if (!selects) return std::nullopt;
  const bool whole_key = portion.equal_parts == index.index->parts.size();
  // A record has an entry per element: only where one element is asked for, it is found once.
  if (HasSetPart(type, *index.index)) {
    const auto& parts = index.index->parts;
    const auto set = std::find_if(parts.begin(), parts.end(),
                                  [&](const IndexPart& p) { return type.fields[p.field].is_set(); });
    if (static_cast<size_t>(set - parts.begin()) >= portion.equal_parts) return std::nullopt;
  }
  Access access;
  access.index = &index;
  access.ascending = whole_key;
  access.covered = std::move(portion.covered);
  if (portion.range.exact) access.exact = std::move(portion.exact);
  access.detail = StrCat(index.index->name, ": ", portion.detail);
  const bool null_key = std::any_of(portion.prefix.begin(), portion.prefix.end(),
                                    [](const OwnedDatum& value) { return !value.present; });
  access.step = index.index->unique && whole_key && !null_key ? Step::kUnique : Step::kIndexRange;
  access.range = std::move(portion.range);
  if (access.step == Step::kUnique) {
    access.rows = 1;
  } else {
    RELATA_ASSIGN_OR_RETURN(const uint64_t count, index.tree.EstimateCount(query.reader->kv(), access.range));
    access.rows = static_cast<double>(count);
  }
  return access;
}

// Where the best access has no more records than this, the rows are asked for the rest.
constexpr double kFew = 64;

double LeastRows(const std::vector<Access>& accesses) {
  double least = std::numeric_limits<double>::infinity();
  for (const Access& access : accesses) least = std::min(least, access.rows);
  return least;
}

// Unites the inputs; exact for `conjunct` if each input is for all of its own.
Access Unite(StepIndex conjunct, std::vector<Access> inputs, bool exact) {
  Access access;
  access.step = Step::kIndexOr;
  for (const Access& input : inputs) access.rows += input.rows;
  access.inputs = std::move(inputs);
  access.covered = {conjunct};
  if (exact) access.exact = {conjunct};
  return access;
}

// `a or b`, where each side has an access of its own.
StatusOr<std::optional<Access>> Alternatives(const Prepared& query, StepIndex conjunct,
                                             Constants* constants) {
  std::vector<Access> inputs;
  bool exact = true;
  for (const StepIndex side : constants->program().step(conjunct).args) {
    std::vector<StepIndex> own = {side};
    if (constants->program().step(side).op == expr::Op::kAnd) {
      const auto& args = constants->program().step(side).args;
      own.assign(args.begin(), args.end());
    }
    RELATA_ASSIGN_OR_RETURN(std::optional<Access> access, BestAccess(query, own, constants));
    if (!access) return std::nullopt;
    exact &= access->exact.size() == own.size();
    inputs.push_back(*std::move(access));
  }
  return Unite(conjunct, std::move(inputs), exact);
}

// Any of several tests of one conjunct, each with an index.
StatusOr<std::optional<Access>> AnyOf(const Prepared& query, StepIndex conjunct,
                                      const std::vector<FieldTest>& tests) {
  std::vector<Access> inputs;
  bool exact = true;
  for (const FieldTest& test : tests) {
    const Tested one{conjunct, test};
    std::optional<Access> best;
    for (const store::IndexRuntime& index : query.type->indexes) {
      if (FitOf(index.index->parts.front(), query.type->type->fields[test.slot], test).usable) {
        RELATA_ASSIGN_OR_RETURN(std::optional<Access> access, AccessOf(query, index, std::span(&one, 1)));
        if (access && (!best || (best->exact.empty() && !access->exact.empty()))) best = std::move(access);
      }
      if (best && !best->exact.empty()) break;
    }
    if (!best) return std::nullopt;
    exact &= !best->exact.empty();
    inputs.push_back(*std::move(best));
  }
  return Unite(conjunct, std::move(inputs), exact);
}

// search(field, '…'), where the field's words are indexed.
StatusOr<std::optional<Access>> Search(const Prepared& query, StepIndex conjunct,
                                       const Constants& constants) {
  const expr::Step& step = constants.program().step(conjunct);
  const expr::Step& field = constants.program().step(step.args.front());
  if (field.op != expr::Op::kField || field.scope != 0) return std::nullopt;
  Access access;
  access.step = Step::kTextIndex;
  access.field = field.slot;
  access.words = ParseSearch(step.constant.bytes);
  RELATA_ASSIGN_OR_RETURN(const std::optional<uint64_t> rows,
                          EstimateIds(*query.reader, *query.type, access.field, access.words));
  if (!rows) return std::nullopt;
  access.rows = static_cast<double>(*rows);
  access.detail =
      StrCat("words of ", query.type->type->fields[access.field].name, ": ", Quoted(step.constant.bytes));
  access.covered = {conjunct};
  access.exact = {conjunct};
  return access;
}

}  // namespace

std::optional<Access> FewestRows(std::vector<Access> accesses) {
  std::erase_if(accesses, [](const Access& access) { return access.all_but; });
  if (accesses.empty()) return std::nullopt;
  return std::move(*std::min_element(accesses.begin(), accesses.end(),
                                     [](const Access& a, const Access& b) { return a.rows < b.rows; }));
}

StatusOr<std::optional<Access>> BestAccess(const Prepared& query, std::span<const StepIndex> conjuncts,
                                           Constants* constants) {
  RELATA_ASSIGN_OR_RETURN(IndexView view, ViewOf(query, conjuncts, constants));
  if (view.never) {
    Access nothing;
    nothing.detail = "a comparison with null";
    nothing.covered.assign(conjuncts.begin(), conjuncts.end());
    nothing.exact = nothing.covered;
    return nothing;
  }
  RELATA_ASSIGN_OR_RETURN(std::vector<Access> accesses, FindAccesses(query, &view));
  return FewestRows(std::move(accesses));
}

StatusOr<bool> SelectPortion(const EntityType& type, const store::IndexRuntime& index,
                             std::span<const Tested> tests, IndexPortion* portion) {
  const std::vector<IndexPart>& parts = index.index->parts;
  for (; portion->equal_parts < parts.size(); ++portion->equal_parts) {
    const IndexPart& part = parts[portion->equal_parts];
    const Tested* found = nullptr;
    Fit found_fit;
    for (const Tested& tested : tests) {
      if (tested.test.kind != Kind::kEqual && tested.test.kind != Kind::kNull) continue;
      const Fit fit = FitOf(part, type.fields[part.field], tested.test);
      if (!fit.usable || (found != nullptr && (found_fit.exact || !fit.exact))) continue;
      found = &tested;
      found_fit = fit;
    }
    if (found == nullptr) break;
    portion->prefix.push_back(found->test.kind == Kind::kNull ? OwnedDatum() : found->test.value);
    Cover(type, *found, found_fit.exact, portion);
  }
  std::vector<Cell> prefix;
  for (const OwnedDatum& value : portion->prefix) prefix.push_back(value.view());
  if (portion->equal_parts < parts.size()) {
    RELATA_ASSIGN_OR_RETURN(portion->narrows_next, NarrowNext(type, index, tests, prefix, portion));
  }
  if (!portion->narrows_next) portion->range = index.coder.Equal(prefix);
  return portion->narrows_next || portion->equal_parts > 0;
}

StatusOr<IndexView> ViewOf(const Prepared& query, std::span<const StepIndex> conjuncts,
                           Constants* constants) {
  IndexView view;
  SemiJoins joins(query, constants);
  for (const StepIndex conjunct : conjuncts) {
    const expr::Op op = constants->program().step(conjunct).op;
    if (op == expr::Op::kSearch) {
      if (!query.strategies.text_index) continue;
      RELATA_ASSIGN_OR_RETURN(std::optional<Access> access, Search(query, conjunct, *constants));
      if (access) view.alternatives.push_back(*std::move(access));
      continue;
    }
    if (std::optional<SegmentTest> test = SegmentTestOf(constants->program(), conjunct)) {
      // A transaction's members change with its writes: there each record is asked about.
      const bool kept = query.snapshot != nullptr && query.reader->membership() != nullptr;
      if (query.strategies.segment_set && kept) view.segments.push_back(*std::move(test));
      continue;
    }
    if (!query.strategies.index_range) continue;
    if (op == expr::Op::kOr) {
      if (!query.strategies.index_or) continue;
      RELATA_ASSIGN_OR_RETURN(std::optional<Access> access, Alternatives(query, conjunct, constants));
      if (access) view.alternatives.push_back(*std::move(access));
      continue;
    }
    RELATA_ASSIGN_OR_RETURN(std::optional<FieldTests> found,
                            Recognise(conjunct, *query.type->type, constants));
    if (!found) {
      if (query.strategies.semi_join) RELATA_RETURN_IF_ERROR(joins.Look(conjunct, &view.alternatives));
      continue;
    }
    if (found->any && found->tests.size() > 1) {
      if (!query.strategies.index_or) continue;
      RELATA_ASSIGN_OR_RETURN(std::optional<Access> access, AnyOf(query, conjunct, found->tests));
      if (access) view.alternatives.push_back(*std::move(access));
      continue;
    }
    for (FieldTest& test : found->tests) {
      view.never |= test.kind == Kind::kNever;
      test.exact &= found->tests.size() == 1;
      view.tests.push_back({conjunct, std::move(test)});
    }
  }
  RELATA_RETURN_IF_ERROR(joins.Finish(&view.alternatives));
  return view;
}

StatusOr<std::vector<Access>> FindAccesses(const Prepared& query, IndexView* view) {
  std::vector<Access> accesses;
  for (const store::IndexRuntime& index : query.type->indexes) {
    RELATA_ASSIGN_OR_RETURN(std::optional<Access> access, AccessOf(query, index, view->tests));
    if (access) accesses.push_back(*std::move(access));
  }
  for (const Access& access : view->alternatives) accesses.push_back(access);
  if (!view->segments.empty() && LeastRows(accesses) > kFew) {
    RELATA_RETURN_IF_ERROR(AddSegments(query, &view->segments, &accesses));
  }
  return accesses;
}

}  // namespace relata::query
