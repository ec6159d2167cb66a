// The members of segments as accesses.
#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "src/query/access.h"

namespace relata::query {

std::optional<SegmentTest> SegmentTestOf(const expr::Program& program, expr::StepIndex conjunct) {
  const expr::Step* step = &program.step(conjunct);
  const bool member = step->op != expr::Op::kNot;
  if (!member) step = &program.step(step->args.front());
  if (step->op != expr::Op::kInSegment || !step->args.empty() || step->scope != 0) return std::nullopt;
  return SegmentTest{conjunct, static_cast<uint32_t>(step->constant.bits), member, nullptr};
}

Status AddSegments(const Prepared& query, std::vector<SegmentTest>* segments, std::vector<Access>* accesses) {
  RELATA_ASSIGN_OR_RETURN(const uint64_t total, query.reader->CountRows(*query.type));
  for (SegmentTest& test : *segments) {
    RELATA_ASSIGN_OR_RETURN(test.members, query.reader->membership()->All(test.segment));
    const SegmentDefinition* definition = query.reader->schema().catalogue().FindSegment(test.segment);
    Access access;
    access.step = Step::kSegment;
    access.members = test.members;
    access.all_but = !test.member;
    const uint64_t size = test.members->size();
    access.rows = static_cast<double>(test.member ? size : total - std::min(total, size));
    access.detail = StrCat(test.member ? "" : "not in ", Quoted(definition->name));
    access.covered = {test.conjunct};
    access.exact = {test.conjunct};
    accesses->push_back(std::move(access));
  }
  return absl::OkStatus();
}

}  // namespace relata::query
