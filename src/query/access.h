// Defines Access, a set of records that indexes can name without looking at rows, and FindAccesses, which
// lists what the indexes of a type can do for a condition.
//
// An access holds every record that meets the conjuncts it covers; where it covers a conjunct exactly, it
// holds no other. Accesses are parts of one index (a key, a prefix of the parts and then a range), what
// several have in common, and what several hold together. The members of a segment are one too: their set is
// kept, so it costs nothing to have and its size is known. `not in segment` only takes from what others hold.
//
// Thread safety: functions of their arguments. Cost: an estimate per index that fits.
#ifndef RELATA_QUERY_ACCESS_H_
#define RELATA_QUERY_ACCESS_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/query/plan.h"
#include "src/base/words.h"
#include "src/query/budget.h"
#include "src/query/field_test.h"
#include "src/query/id_set.h"
#include "src/query/prepare.h"
#include "src/store/membership.h"

namespace relata::query {

struct SemiJoin;  // semi_join.h

struct Access {
  Step step = Step::kNothing;
  const store::IndexRuntime* index = nullptr;  // kUnique, kIndexRange
  store::KeyRange range;
  bool ascending = false;  // the ids of the range ascend: all entries have one values key
  double rows = 0;         // expected
  std::string detail;
  FieldId field = 0;                                // kTextIndex
  std::vector<SearchWord> words;                    // the same
  std::shared_ptr<const store::MemberIds> members;  // kSegment
  // kSegment: instead the records that are no members; only among the later inputs of kIndexAnd.
  bool all_but = false;
  std::shared_ptr<const SemiJoin> join;  // kSemiJoin
  std::vector<Access> inputs;            // kIndexAnd, kIndexOr
  std::vector<expr::StepIndex> covered;  // conjuncts that every record in it may meet
  std::vector<expr::StepIndex> exact;    // of these, those that every record in it does meet
};

// The tests that a list of conjuncts is made of.
struct Tested {
  expr::StepIndex conjunct;
  FieldTest test;
};

// A conjunct that asks whether the record is a member of a segment, or is none.
struct SegmentTest {
  expr::StepIndex conjunct;
  uint32_t segment = 0;
  bool member = true;
  std::shared_ptr<const store::MemberIds> members;  // once FindAccesses found it worth having
};

// A condition as indexes see it.
struct IndexView {
  std::vector<Tested> tests;          // that all must hold
  std::vector<Access> alternatives;   // conjuncts answered by uniting ranges, or by words
  std::vector<SegmentTest> segments;  // the same
  bool never = false;                 // some conjunct can never be true
};

// What the indexes say about the conjuncts.
StatusOr<IndexView> ViewOf(const Prepared& query, std::span<const expr::StepIndex> conjuncts,
                           Constants* constants);

// All accesses with one index, the alternatives of the view, and the segments; these only where the others
// leave more than a few records, since to have the members of a segment that is being worked out costs what a
// query does.
StatusOr<std::vector<Access>> FindAccesses(const Prepared& query, IndexView* view);

// In query/segment_access.cc. Nothing where the conjunct does not ask for membership of the record itself.
std::optional<SegmentTest> SegmentTestOf(const expr::Program& program, expr::StepIndex conjunct);
// Appends an access per segment.
Status AddSegments(const Prepared& query, std::vector<SegmentTest>* segments, std::vector<Access>* accesses);

// The one with the fewest records; nothing if there is none that stands alone.
std::optional<Access> FewestRows(std::vector<Access> accesses);
// The same of those for these conjuncts.
StatusOr<std::optional<Access>> BestAccess(const Prepared& query, std::span<const expr::StepIndex> conjuncts,
                                           Constants* constants);

// The part of an index that the tests select: equal first parts, then a range of the next. `equal_parts` says
// how many. False if they select nothing.
struct IndexPortion {
  size_t equal_parts = 0;
  std::vector<OwnedDatum> prefix;  // values of the equal parts
  store::KeyRange range;
  bool narrows_next = false;  // the part behind the equal ones has a range
  std::optional<FieldTest::Bound> lower, upper;
  std::vector<expr::StepIndex> covered;
  std::vector<expr::StepIndex> exact;
  std::string detail;
};
StatusOr<bool> SelectPortion(const EntityType& type, const store::IndexRuntime& index,
                             std::span<const Tested> tests, IndexPortion* portion);

// The ids of an access. `node` is its place in the plan, with the same inputs.
StatusOr<IdSet> ReadIds(const Prepared& query, const Access& access, Budget* budget, PlanNode* node);

// Adds the ids of a range of an index, within the limits of the budget.
Status CollectIds(const Prepared& query, const store::IndexRuntime& index, const store::KeyRange& range,
                  Budget* budget, IdCollector* ids);

// How many records it holds, if that can be told without their ids; else nothing.
StatusOr<std::optional<uint64_t>> CountIds(const Prepared& query, const Access& access, Budget* budget);

}  // namespace relata::query

#endif  // RELATA_QUERY_ACCESS_H_
