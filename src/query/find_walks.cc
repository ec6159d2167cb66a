// Finds the indexes that are in the order asked for, or in that of its first terms.
#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "src/query/ordered_walk.h"
#include "src/query/planner.h"
#include "src/store/index_tree.h"

namespace relata::query {

namespace {

bool SameText(const IndexPart& part, const OrderCode& code, std::string_view store_locale) {
  switch (part.folding) {
    case Folding::kExact:
      return code.text() == OrderCode::Text::kExact;
    case Folding::kFolded:
      return code.text() == OrderCode::Text::kFolded;
    case Folding::kCollated:
      return code.text() == OrderCode::Text::kCollated &&
             (part.locale.empty() ? store_locale : std::string_view(part.locale)) == code.locale();
    default:
      return false;
  }
}

bool HasText(const EntityType& type, const Index& index) {
  return std::any_of(index.parts.begin(), index.parts.end(),
                     [&](const IndexPart& part) { return type.fields[part.field].type == ValueType::kText; });
}

bool HasSet(const EntityType& type, const Index& index) {
  return std::any_of(index.parts.begin(), index.parts.end(),
                     [&](const IndexPart& part) { return type.fields[part.field].is_set(); });
}

bool HasNulls(const EntityType& type, const Index& index) {
  return std::any_of(index.parts.begin(), index.parts.end(),
                     [&](const IndexPart& part) { return type.fields[part.field].nullable; });
}

// Entries of a unique index do not stand in the order of their values alone: behind nulls stands the id,
// behind a text that was cut a hash. With one part the walk can tell them apart.
bool InOrder(const EntityType& type, const Index& index) {
  return !index.unique || index.parts.size() == 1 || (!HasNulls(type, index) && !HasText(type, index));
}

// How many of the terms, from the first one on, are the index parts from `first` on, walked forward or
// backward; the nulls of the first one aside.
size_t Followed(const Prepared& query, const Index& index, size_t first,
                const std::vector<const OrderColumn*>& terms, bool* backward) {
  const EntityType& type = *query.type->type;
  const std::string& locale = query.reader->schema().catalogue().settings().locale;
  const size_t most = std::min(index.parts.size() - first, terms.size());
  for (size_t i = 0; i < most; ++i) {
    const IndexPart& part = index.parts[first + i];
    const OrderColumn& term = *terms[i];
    if (term.column.slot != part.field || !SameText(part, term.code, locale)) return i;
    const bool against = part.descending != term.code.descending();
    if (i == 0) *backward = against;
    if (against != *backward) return i;
    const bool nulls_first = part.nulls_last == *backward;
    if (i > 0 && type.fields[part.field].nullable && nulls_first != term.code.nulls_first()) return i;
  }
  return most;
}

// Whether a walk of the index is the whole order, of whose terms the parts from `first` on are `followed`.
bool IsWhole(const EntityType& type, const Index& index, size_t first, size_t followed, size_t terms) {
  if (first + followed != index.parts.size() || !InOrder(type, index)) return false;
  // Past all parts of a unique index nothing is left to order, but among nulls.
  return followed == terms || (index.unique && !HasNulls(type, index));
}

// Where nulls of the first term stand at the other end than the index has them, values and nulls are walked
// one after the other.
std::vector<Walk::Segment> SegmentsOf(const EntityType& type, const store::IndexRuntime& index,
                                      const IndexPortion& portion, const OrderColumn& first) {
  if (portion.narrows_next) return {{.range = portion.range}};
  std::vector<Cell> prefix;
  for (const OwnedDatum& value : portion.prefix) prefix.push_back(value.view());
  if (!type.fields[*first.column.slot].nullable) return {{.range = index.coder.Equal(prefix)}};
  const Walk::Segment values{.range = index.coder.Between(prefix, std::nullopt, std::nullopt)};
  prefix.push_back(Cell::Absent());
  const Walk::Segment nulls{.range = index.coder.Equal(prefix), .nulls = true};
  if (first.code.nulls_first()) return {nulls, values};
  return {values, nulls};
}

// About how many records the walk begins with that it must sort together. Others may have more or fewer.
StatusOr<double> RowsOfFirstGroup(const Prepared& query, const Walk& walk) {
  for (const Walk::Segment& segment : walk.segments) {
    const store::IndexCursor at(query.reader->kv(), walk.index->tree, segment.range,
                                walk.backward ? store::Direction::kBackward : store::Direction::kForward);
    RELATA_RETURN_IF_ERROR(at.status());
    if (!at.Valid()) continue;
    RELATA_ASSIGN_OR_RETURN(const RowView row, query.reader->Get(*query.type, at.id()));
    std::vector<Cell> cells;
    for (const IndexPart& part : walk.index->index->parts) cells.push_back(row.Get(part.field));
    const std::string prefix = GroupOf(walk, cells).value_or("");
    RELATA_ASSIGN_OR_RETURN(
        const uint64_t rows,
        walk.index->tree.EstimateCount(query.reader->kv(), {.low = prefix, .high = store::KeyAfter(prefix)}));
    return static_cast<double>(rows);
  }
  return 0;
}

}  // namespace

bool IsFixed(const OrderColumn& term, const IndexView& view) {
  return term.column.slot && std::any_of(view.tests.begin(), view.tests.end(), [&](const Tested& tested) {
           const FieldTest& test = tested.test;
           return test.slot == *term.column.slot && test.exact && !test.folded && !test.element &&
                  (test.kind == FieldTest::Kind::kEqual || test.kind == FieldTest::Kind::kNull);
         });
}

StatusOr<std::vector<Walk>> FindWalks(const Prepared& query, const IndexView& view, double total) {
  const EntityType& type = *query.type->type;
  std::vector<const OrderColumn*> terms;
  for (const OrderColumn& term : query.order) {
    if (!IsFixed(term, view)) terms.push_back(&term);
  }
  std::vector<Walk> walks;
  for (const store::IndexRuntime& index : query.type->indexes) {
    if (terms.empty() || !index.ready() || HasSet(type, *index.index)) continue;
    IndexPortion portion;
    RELATA_RETURN_IF_ERROR(SelectPortion(type, index, view.tests, &portion).status());
    Walk walk;
    const size_t followed = Followed(query, *index.index, portion.equal_parts, terms, &walk.backward);
    if (followed == 0) continue;
    const bool whole = IsWhole(type, *index.index, portion.equal_parts, followed, terms.size());
    if (!(whole ? query.strategies.ordered_walk : query.strategies.grouped_walk)) continue;
    walk.index = &index;
    walk.grouped = whole ? 0 : followed;
    walk.segments = SegmentsOf(type, index, portion, *terms.front());
    walk.rows = total;
    if (portion.narrows_next || portion.equal_parts > 0) {
      walk.rows = 0;
      for (const Walk::Segment& segment : walk.segments) {
        RELATA_ASSIGN_OR_RETURN(const uint64_t rows,
                                index.tree.EstimateCount(query.reader->kv(), segment.range));
        walk.rows += static_cast<double>(rows);
      }
    }
    walk.prefix = std::move(portion.prefix);
    walk.covered = std::move(portion.covered);
    if (std::all_of(walk.segments.begin(), walk.segments.end(),
                    [](const Walk::Segment& segment) { return segment.range.exact; })) {
      walk.exact = std::move(portion.exact);
    }
    walk.detail = StrCat(index.index->name, walk.backward ? " backward" : "",
                         portion.detail.empty() ? "" : ": ", portion.detail);
    if (!whole) {
      RELATA_ASSIGN_OR_RETURN(walk.group_rows, RowsOfFirstGroup(query, walk));
    }
    walks.push_back(std::move(walk));
  }
  return walks;
}

}  // namespace relata::query
