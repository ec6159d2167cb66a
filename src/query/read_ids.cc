// Reads the ids of accesses.
#include <algorithm>
#include <chrono>
#include <utility>

#include "relata/base/strings.h"
#include "src/query/access.h"
#include "src/query/semi_join.h"
#include "src/query/text_search.h"

namespace relata::query {

namespace {

IdSet ReadMembers(const store::MemberIds& members) {
  constexpr size_t kSome = 4'096;
  IdCollector ids;
  std::vector<RecordId> some;
  members.ForEach([&](RecordId id) {
    some.push_back(id);
    if (some.size() < kSome) return;
    ids.Add(some);
    some.clear();
  });
  ids.Add(some);
  return ids.Take();
}

// Those that are members, or are none.
IdSet Keep(const IdSet& ids, const store::MemberIds& members, bool member) {
  IdSet kept;
  for (const uint64_t id : ids) {
    if (members.Contains(id) == member) kept.add(id);
  }
  return kept;
}

StatusOr<IdSet> ReadAnd(const Prepared& query, const Access& access, Budget* budget, PlanNode* node) {
  IdSet ids;
  for (size_t i = 0; i < access.inputs.size(); ++i) {
    if (i > 0 && access.inputs[i].step == Step::kSegment) {
      ids = Keep(ids, *access.inputs[i].members, !access.inputs[i].all_but);
      node->inputs[i].actual_rows = ids.cardinality();
      continue;
    }
    RELATA_ASSIGN_OR_RETURN(IdSet input, ReadIds(query, access.inputs[i], budget, &node->inputs[i]));
    if (i == 0) {
      ids = std::move(input);
    } else {
      ids &= input;
    }
    if (ids.isEmpty()) break;
  }
  return ids;
}

StatusOr<IdSet> ReadOr(const Prepared& query, const Access& access, Budget* budget, PlanNode* node) {
  IdSet ids;
  for (size_t i = 0; i < access.inputs.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const IdSet input, ReadIds(query, access.inputs[i], budget, &node->inputs[i]));
    ids |= input;
  }
  return ids;
}

StatusOr<IdSet> Read(const Prepared& query, const Access& access, Budget* budget, PlanNode* node) {
  switch (access.step) {
    case Step::kUnique:
    case Step::kIndexRange: {
      IdCollector ids;
      RELATA_RETURN_IF_ERROR(CollectIds(query, *access.index, access.range, budget, &ids));
      return ids.Take();
    }
    case Step::kTextIndex: {
      IdSet ids;
      RELATA_RETURN_IF_ERROR(FindIds(*query.reader, *query.type, access.field, access.words, &ids).status());
      return ids;
    }
    case Step::kSegment:
      return ReadMembers(*access.members);
    case Step::kSemiJoin:
      return ReadSemiJoin(query, *access.join, budget, node);
    case Step::kIndexAnd:
      return ReadAnd(query, access, budget, node);
    case Step::kIndexOr:
      return ReadOr(query, access, budget, node);
    default:
      return IdSet();  // nothing
  }
}

}  // namespace

Status CollectIds(const Prepared& query, const store::IndexRuntime& index, const store::KeyRange& range,
                  Budget* budget, IdCollector* ids) {
  Status limits;
  const auto add = [&](std::span<const RecordId> some) {
    if (!limits.ok()) return;
    budget->work().index_entries += some.size();
    limits = budget->Tick();
    ids->Add(some);
  };
  RELATA_RETURN_IF_ERROR(index.tree.VisitIds(query.reader->kv(), range, add));
  return limits;
}

StatusOr<IdSet> ReadIds(const Prepared& query, const Access& access, Budget* budget, PlanNode* node) {
  const auto begin = std::chrono::steady_clock::now();
  RELATA_RETURN_IF_ERROR(budget->Tick());
  RELATA_ASSIGN_OR_RETURN(IdSet ids, Read(query, access, budget, node));
  RELATA_RETURN_IF_ERROR(budget->Hold(ids.getSizeInBytes(), "sets of ids"));
  node->actual_rows = ids.cardinality();
  node->actual_micros = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin)
          .count());
  return ids;
}

StatusOr<std::optional<uint64_t>> CountIds(const Prepared& query, const Access& access, Budget* budget) {
  if (access.step == Step::kNothing) return 0;
  if (access.step == Step::kSegment) return access.members->size();
  if (access.step != Step::kUnique && access.step != Step::kIndexRange) return std::nullopt;
  RELATA_RETURN_IF_ERROR(budget->Tick());
  RELATA_ASSIGN_OR_RETURN(const uint64_t count, access.index->tree.Count(query.reader->kv(), access.range));
  return count;
}

}  // namespace relata::query
