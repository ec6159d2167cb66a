// Gives a world segments. Their members are told by the naive interpreter: whether segments are kept exactly
// is for the segment room's own tests.
#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "tests/query/lab.h"
#include "tests/store/told_members.h"

namespace relata::twin {

void Lab::DefineSegments(uint64_t seed) {
  Random random(seed);
  std::map<std::string, TwinSegment> segments;
  std::map<std::string, std::set<RecordId>> members;
  for (const TwinEntity& entity : world_.schema.entities) {
    for (int tries = 0; tries < 20; ++tries) {
      const expr::Expr made = Reread(Generator(world_, &random).Condition(entity.name, 1));
      if (!made) continue;
      Naive naive(world_.schema, world_.data, world_.now);
      std::set<RecordId> ids;
      bool makes_sense = true;
      for (const auto& [id, row] : world_.data.Of(entity.name)) {
        const NaiveResult result = naive.Evaluate(made, entity.name, id);
        makes_sense &= !result.error;
        if (const bool* member = result.value.As<bool>(); member != nullptr && *member) ids.insert(id);
      }
      if (!makes_sense) continue;
      const std::string name = StrCat("segment of ", entity.name);
      segments[name] = {entity.name, made};
      members[name] = std::move(ids);
      break;
    }
  }
  world_.schema.segments = std::move(segments);
  const Status defined = store_->ChangeSchema([&](schema::Catalogue& catalogue) {
    std::vector<SegmentSpec> specs;
    for (const auto& [name, segment] : world_.schema.segments) {
      specs.push_back(
          {.name = name, .entity = segment.entity, .expression = expr::Print(segment.expression)});
    }
    return catalogue.DefineSegments(specs);
  });
  RELATA_CHECK(defined.ok());
  snapshot_ = std::make_unique<store::Snapshot>(store_->Read().value());
  members_ = std::make_unique<store::test::ToldMembers>();
  for (auto& [name, ids] : members) {
    members_->of[snapshot_->schema().catalogue().FindSegment(name)->id] = std::move(ids);
  }
  snapshot_->set_membership(members_.get());
}

}  // namespace relata::twin
