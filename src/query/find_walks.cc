// Finds the indexes that are in the order asked for.
#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "src/query/planner.h"

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

// Entries of a unique index do not stand in the order of their values alone: behind nulls stands the id,
// behind a text that was cut a hash. With one part the walk can tell them apart.
bool InOrder(const EntityType& type, const Index& index) {
  for (const IndexPart& part : index.parts) {
    if (type.fields[part.field].is_set()) return false;
    if (index.unique && index.parts.size() > 1 &&
        (type.fields[part.field].nullable || HasText(type, index))) {
      return false;
    }
  }
  return true;
}

// Whether the index parts from `first` on are the terms, walked forward or backward; the nulls of the first
// one aside.
bool Follows(const Prepared& query, const Index& index, size_t first,
             const std::vector<const OrderColumn*>& terms, bool* backward) {
  const EntityType& type = *query.type->type;
  const std::string& locale = query.reader->schema().catalogue().settings().locale;
  // Past all parts of a unique index nothing is left to order.
  const size_t parts = index.parts.size() - first;
  if (parts != terms.size() && !(index.unique && parts < terms.size())) return false;
  for (size_t i = 0; i < parts; ++i) {
    const IndexPart& part = index.parts[first + i];
    const OrderColumn& term = *terms[i];
    if (term.column.slot != part.field || !SameText(part, term.code, locale)) return false;
    const bool against = part.descending != term.code.descending();
    if (i == 0) *backward = against;
    if (against != *backward) return false;
    const bool nulls_first = part.nulls_last == *backward;
    if (i > 0 && type.fields[part.field].nullable && nulls_first != term.code.nulls_first()) return false;
  }
  return true;
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
    if (terms.empty() || !index.ready() || !InOrder(type, *index.index)) continue;
    IndexPortion portion;
    RELATA_RETURN_IF_ERROR(SelectPortion(type, index, view.tests, &portion).status());
    Walk walk;
    if (portion.equal_parts == index.index->parts.size() ||
        !Follows(query, *index.index, portion.equal_parts, terms, &walk.backward)) {
      continue;
    }
    walk.index = &index;
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
    walks.push_back(std::move(walk));
  }
  return walks;
}

}  // namespace relata::query
