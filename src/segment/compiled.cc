// Compiles definitions, puts them in order of use, and turns their dependencies round.
#include "src/segment/compiled.h"

#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/segment/leaf_index.h"

namespace relata::segment {

namespace {

bool DatedAlone(const Analysis& analysis) {
  return std::all_of(analysis.sweeps.begin(), analysis.sweeps.end(),
                     [](const Sweep& sweep) { return sweep.threshold.daily(); });
}

StatusOr<CompiledSegment> Compile(const SegmentDefinition& definition,
                                  const std::shared_ptr<const store::SchemaRuntime>& schema,
                                  const TimeZone& zone) {
  const std::string name = StrCat("the segment ", Quoted(definition.name));
  StatusOr<expr::Expr> tree = expr::Parse(definition.expression, zone);
  if (!tree.ok()) return Annotate(tree.status(), name);
  const store::TypeRuntime* type = schema->Find(definition.entity);
  StatusOr<expr::Program> program = expr::CompileCondition(*tree, *type, schema, definition.expression);
  if (!program.ok()) return Annotate(program.status(), name);
  CompiledSegment segment{.id = definition.id, .version = definition.version, .entity = definition.entity};
  segment.program = std::make_shared<const expr::Program>(*std::move(program));
  segment.analysis = std::make_shared<const Analysis>(Analyse(*segment.program));
  return segment;
}

}  // namespace

StatusOr<std::shared_ptr<const Compiled>> Compiled::Make(
    const std::shared_ptr<const store::SchemaRuntime>& schema,
    const std::shared_ptr<const Compiled>& previous) {
  const schema::Catalogue& catalogue = schema->catalogue();
  RELATA_ASSIGN_OR_RETURN(const TimeZone zone, TimeZone::Load(catalogue.settings().time_zone));
  // A program stays good while nothing but segments changes.
  const bool lends =
      previous != nullptr && previous->schema_->catalogue().schema_version() == catalogue.schema_version();
  std::shared_ptr<Compiled> compiled(new Compiled());
  compiled->schema_ = schema;
  std::vector<CompiledSegment> unordered;
  for (const SegmentDefinition* definition : catalogue.segments()) {
    const CompiledSegment* known = lends ? previous->Find(definition->id) : nullptr;
    if (known != nullptr && known->version == definition->version) {
      unordered.push_back({.id = known->id,
                           .version = known->version,
                           .entity = known->entity,
                           .program = known->program,
                           .analysis = known->analysis});
      continue;
    }
    RELATA_ASSIGN_OR_RETURN(CompiledSegment segment, Compile(*definition, schema, zone));
    unordered.push_back(std::move(segment));
  }
  RELATA_RETURN_IF_ERROR(compiled->Rank(std::move(unordered)));
  compiled->Link();
  compiled->MakeGroups();
  compiled->IndexDependencies();
  return std::shared_ptr<const Compiled>(std::move(compiled));
}

// Those used first, otherwise by id.
Status Compiled::Rank(std::vector<CompiledSegment> unordered) {
  absl::flat_hash_map<uint32_t, size_t> by_id;
  for (size_t i = 0; i < unordered.size(); ++i) by_id[unordered[i].id] = i;
  std::vector<std::vector<size_t>> users(unordered.size());
  std::vector<size_t> waits(unordered.size(), 0);  // for how many others
  for (size_t i = 0; i < unordered.size(); ++i) {
    for (const uint32_t used : unordered[i].program->segments()) {
      const auto at = by_id.find(used);
      if (at == by_id.end()) {
        return absl::DataLossError(StrCat("segment ", unordered[i].id, " uses segment ", used,
                                          ", which is not in the catalogue; restore a backup"));
      }
      users[at->second].push_back(i);
      ++waits[i];
    }
  }
  std::vector<size_t> ready;
  for (size_t i = unordered.size(); i > 0; --i) {
    if (waits[i - 1] == 0) ready.push_back(i - 1);
  }
  segments_.reserve(unordered.size());
  while (!ready.empty()) {
    const size_t next = ready.back();
    ready.pop_back();
    places_[unordered[next].id] = static_cast<Place>(segments_.size());
    segments_.push_back(std::move(unordered[next]));
    for (const size_t user : users[next]) {
      if (--waits[user] == 0) ready.push_back(user);
    }
  }
  if (segments_.size() == unordered.size()) return absl::OkStatus();
  return absl::DataLossError("segments of the catalogue use each other in a ring; restore a backup");
}

void Compiled::Link() {
  for (Place place = 0; place < segments_.size(); ++place) {
    CompiledSegment& segment = segments_[place];
    segment.kind = segment.analysis->kind;
    segment.dated = DatedAlone(*segment.analysis);
    segment.uses_clock = segment.program->uses_clock() || segment.program->uses_history();
    for (const uint32_t used : segment.program->segments()) {
      segment.kind = std::max(segment.kind, segments_[places_[used]].kind);
      segment.dated = segment.dated && segments_[places_[used]].dated;
      segment.uses_clock = segment.uses_clock || segments_[places_[used]].uses_clock;
    }
    for (uint32_t use = 0; use < segment.analysis->uses.size(); ++use) {
      const Place used = places_[segment.analysis->uses[use].segment];
      segments_[used].users.push_back({place, use});
      standings_[used].used = true;
    }
    of_[segment.entity].push_back(place);
    Standing standing{.id = segment.id, .entity = segment.entity, .kept = segment.kind != Kind::kComputed};
    for (const uint32_t used : segment.program->segments()) {
      standing.level = std::max(standing.level, standings_[places_[used]].level + 1);
    }
    levels_ = std::max(levels_, standing.level + 1);
    standings_.push_back(standing);
  }
}

void Compiled::MakeGroups() {
  // By rank, what is used has its group already; a user joins the groups of all it uses into one.
  const auto timed = [&](const CompiledSegment& segment) {
    return segment.kind == Kind::kWindowed || segment.kind == Kind::kDaily;
  };
  std::vector<uint32_t> root(segments_.size());
  for (Place place = 0; place < segments_.size(); ++place) root[place] = place;
  const auto find = [&](uint32_t at) {
    while (root[at] != at) at = root[at] = root[root[at]];
    return at;
  };
  for (Place place = 0; place < segments_.size(); ++place) {
    if (!timed(segments_[place])) continue;
    for (const uint32_t used : segments_[place].program->segments()) {
      if (timed(segments_[places_[used]])) root[find(places_[used])] = find(place);
    }
  }
  absl::flat_hash_map<uint32_t, uint32_t> numbers;
  for (Place place = 0; place < segments_.size(); ++place) {
    const auto [at, fresh] = numbers.try_emplace(find(place), static_cast<uint32_t>(groups_.size()));
    if (fresh) groups_.emplace_back();
    segments_[place].group = at->second;
    if (!timed(segments_[place])) continue;
    Group& group = groups_[at->second];
    group.places.push_back(place);
    group.dated = group.dated && segments_[place].dated;
  }
}

void Compiled::IndexDependencies() {
  // The groups that a flip of a segment may reach: its own, and those of its users.
  std::vector<std::vector<uint32_t>> reached(segments_.size());
  for (Place place = static_cast<Place>(segments_.size()); place-- > 0;) {
    const CompiledSegment& segment = segments_[place];
    std::vector<uint32_t>& groups = reached[place];
    if (!groups_[segment.group].places.empty()) groups.push_back(segment.group);
    for (const CompiledSegment::User& user : segment.users) {
      groups.insert(groups.end(), reached[user.place].begin(), reached[user.place].end());
    }
    std::sort(groups.begin(), groups.end());
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  }
  absl::flat_hash_map<uint32_t, std::vector<uint32_t>> groups_on;
  const auto concerns = [&](EntityTypeId type, FieldId slot, Place place) {
    if (reached[place].empty()) return;
    std::vector<uint32_t>& groups = groups_on[SlotKey(type, slot)];
    groups.insert(groups.end(), reached[place].begin(), reached[place].end());
  };
  for (Place place = 0; place < segments_.size(); ++place) {
    const CompiledSegment& segment = segments_[place];
    if (segment.kind == Kind::kComputed) continue;
    concerns(segment.entity, kExistence, place);
    dependents_.Add(place, *segment.analysis);
    for (const Dependency& dependency : segment.analysis->dependencies) {
      concerns(dependency.type, dependency.slot, place);
    }
  }
  dependents_.Finish();
  for (auto& [key, groups] : groups_on) {
    std::sort(groups.begin(), groups.end());
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    Concerned concerned{.number = static_cast<uint32_t>(groups_on_.size())};
    for (const uint32_t group : groups) {
      (groups_[group].dated ? concerned.dated : concerned.timed).push_back(group);
    }
    groups_on_.emplace(key, std::move(concerned));
  }
}

const Terms& Compiled::terms() const {
  absl::call_once(terms_once_, [this] {
    for (Place place = 0; place < segments_.size(); ++place) {
      if (standings_[place].kept) terms_.Add(place, *segments_[place].program, *segments_[place].analysis);
    }
    terms_.Finish();
  });
  return terms_;
}

const CompiledSegment* Compiled::Find(uint32_t id) const {
  const auto at = places_.find(id);
  return at == places_.end() ? nullptr : &segments_[at->second];
}

std::span<const Place> Compiled::Of(EntityTypeId type) const {
  const auto at = of_.find(type);
  return at == of_.end() ? std::span<const Place>() : at->second;
}

const Compiled::Concerned* Compiled::GroupsOn(EntityTypeId type, FieldId slot) const {
  const auto at = groups_on_.find(SlotKey(type, slot));
  return at == groups_on_.end() ? nullptr : &at->second;
}

}  // namespace relata::segment
