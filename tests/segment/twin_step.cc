// Makes steps: what happens next, when, and to which segment. See twin_take.cc for how they are taken.
#include "tests/segment/twin_step.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "relata/base/strings.h"

namespace relata::twin {
namespace {

constexpr size_t kMostSegments = 9;

// Further on by anything from nothing to years, and often to a moment at which something may change: a
// midnight, a change of clocks, an edge of a window, or just before or behind it.
Timestamp Later(const World& world, Random* random) {
  const TimeZone zone = TimeZone::Load(world.schema.time_zone).value();
  const auto by = [&](int64_t micros) { return Timestamp{world.now.micros + micros}; };
  switch (random->Below(16)) {
    case 0:
    case 1:
      return world.now;
    case 2:
      return by(1);
    case 3:
      return by(random->Between(1, 90) * kSecond);
    case 4:
    case 5:
    case 6:
      return by(random->Between(1, 30) * kHour);
    case 7:
      return by(random->Between(1, 10) * kDay);
    case 8:
      return by(random->Between(10, 100) * kDay + random->Between(0, kDay));
    case 9:
      return by(random->Chance(25) ? random->Between(1, 3) * 365 * kDay : kDay);
    case 10:
    case 11: {
      const Date day = zone.LocalDate(world.now);
      const Timestamp midnight =
          zone.StartOfDay(Date{day.days + static_cast<int32_t>(random->Between(1, 3))});
      return Timestamp{midnight.micros - random->Between(0, 1)};
    }
    default: {
      // An edge: a moment that some row has, some days or hours on.
      const TwinEntity& entity = random->Of(world.schema.entities);
      const auto& rows = world.data.Of(entity.name);
      if (rows.empty()) return by(kHour);
      auto row = rows.begin();
      std::advance(row, static_cast<ptrdiff_t>(random->Below(rows.size())));
      const FieldSpec& field = random->Of(entity.fields);
      const Value& value = row->second.at(field.name);
      Timestamp edge;
      if (const Timestamp* at = value.As<Timestamp>()) {
        constexpr int64_t kHours[] = {0, 1, 3, 36, 24, 7 * 24, 72};
        edge = Timestamp{at->micros + random->Of(kHours) * kHour};
      } else if (const Date* date = value.As<Date>()) {
        constexpr int32_t kDays[] = {0, 1, 2, 7, 10, 30, 60, 90, 365};
        edge = zone.StartOfDay(Date{date->days + random->Of(kDays)});
      } else {
        return by(random->Between(1, 50) * kHour);
      }
      edge.micros += random->Between(-1, 1);
      const bool near = edge > world.now && edge.micros < world.now.micros + 200 * kDay;
      return near ? edge : by(random->Between(1, 50) * kHour);
    }
  }
}

std::vector<Action> Actions(Random* random) {
  std::vector<Action> actions;
  size_t open = 0;
  for (size_t count = 1 + random->Below(5); count > 0; --count) {
    if (random->Chance(12)) {
      actions.push_back({Action::Kind::kSavepoint});
      ++open;
    }
    actions.push_back({Action::Kind::kWrite, random->Below(1'000'000)});
    if (open > 0 && random->Chance(40)) {
      actions.push_back({random->Chance(50) ? Action::Kind::kRelease : Action::Kind::kRollBack});
      --open;
    }
  }
  for (; open > 0; --open) {
    actions.push_back({random->Chance(50) ? Action::Kind::kRelease : Action::Kind::kRollBack});
  }
  return actions;
}

std::string SomeSegmentName(const World& world, Random* random) {
  auto segment = world.schema.segments.begin();
  std::advance(segment, static_cast<ptrdiff_t>(random->Below(world.schema.segments.size())));
  return segment->first;
}

// To before the last commit, where it has no effect, or to some moment since.
Timestamp SetBack(const SegmentWorld& world, Random* random) {
  if (random->Chance(30)) return Timestamp{world.committed.micros - random->Between(1, 400 * kDay)};
  return Timestamp{random->Between(world.committed.micros, world.now.micros)};
}

StepKind SomeKind(const SegmentWorld& world, Random* random) {
  const size_t segments = world.schema.segments.size();
  const size_t choice = random->Below(100);
  if (segments < 3 || (segments < kMostSegments && choice < 8)) return StepKind::kDefine;
  if (choice < 10) return StepKind::kRedefine;
  if (choice < 11) return StepKind::kRename;
  if (choice < 14) return StepKind::kDrop;
  if (choice < 17) return StepKind::kReopen;
  if (choice < 22) return StepKind::kHold;
  if (choice < 35) return StepKind::kWait;
  if (choice < 39) return StepKind::kSetBack;
  if (choice < 54) return StepKind::kAdvance;
  if (choice < 55) return StepKind::kBusy;
  if (choice < 58) return StepKind::kBulkLoad;
  return choice < 62 && world.unchanged != nullptr ? StepKind::kUndo : StepKind::kWrite;
}

}  // namespace

std::string_view NameOf(StepKind kind) {
  constexpr std::string_view kNames[kStepKinds] = {"write",    "bulk load", "busy",   "undo", "wait",
                                                   "set back", "advance",   "reopen", "hold", "define",
                                                   "redefine", "rename",    "drop"};
  return kNames[static_cast<size_t>(kind)];
}

SegmentWorld BeginWorld(uint64_t seed, std::optional<Wanted> wanted) {
  SegmentWorld world{MakeSegmentWorld(seed)};
  world.committed = world.now;
  world.wanted = std::move(wanted);
  return world;
}

Step MakeStep(const SegmentWorld& world, uint64_t seed, uint64_t number) {
  Random random(seed * 1'000'003 + number);
  for (int i = 0; i < 3; ++i) random.Below(2);  // neighbouring seeds begin alike
  Step step;
  step.kind = SomeKind(world, &random);
  step.clock = step.kind == StepKind::kSetBack ? SetBack(world, &random) : Later(world, &random);
  step.now = std::max(step.clock, world.committed);
  step.seed = random.Below(UINT64_MAX);
  step.probe = random.Chance(15);
  step.abort = random.Chance(5);
  World then = world;
  then.now = step.now;
  // All constructs have their turn, some seven in each world; after all, all again below a `not`.
  const std::vector<std::string>& constructs = SegmentConstructs();
  const uint64_t turn = seed * 7 + world.definitions;
  const Wanted wanted =
      world.wanted.value_or(Wanted{constructs[turn % constructs.size()], turn / constructs.size() % 2 == 1});
  switch (step.kind) {
    case StepKind::kWrite:
      step.actions = Actions(&random);
      break;
    case StepKind::kDefine:
      step.segment = StrCat("s", number);
      step.definition = SomeSegment(then, &random, wanted);
      break;
    case StepKind::kRedefine: {
      step.segment = SomeSegmentName(world, &random);
      const std::string entity = world.schema.segments.at(step.segment).entity;
      step.definition = SomeSegment(WithoutUsersOf(then, step.segment), &random, wanted, entity);
      break;
    }
    case StepKind::kRename:
      step.segment = SomeSegmentName(world, &random);
      step.to = StrCat("r", number);
      break;
    case StepKind::kDrop:
      step.segment = SomeSegmentName(world, &random);
      break;
    default:
      break;
  }
  const bool writes = step.kind == StepKind::kWrite || step.kind == StepKind::kAdvance ||
                      step.kind == StepKind::kBulkLoad || step.kind == StepKind::kUndo ||
                      step.kind >= StepKind::kDefine;
  step.elsewhere = writes && random.Chance(20);
  return step;
}

}  // namespace relata::twin
