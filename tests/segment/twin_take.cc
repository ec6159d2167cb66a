// Takes steps in a store and in the twin, or follows in the twin what another process took.
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "relata/base/strings.h"
#include "relata/engine/bulk_load.h"
#include "relata/engine/change_log.h"
#include "relata/engine/segments.h"
#include "relata/expr/text.h"
#include "src/store/store.h"
#include "tests/segment/twin_step.h"

namespace relata::twin {
namespace {

// Writes inside one transaction, to the world and, unless it is only followed, to the store. Savepoints of
// the world are copies of it.
class Play {
 public:
  Play(const Step& step, World* world) : step_(step), world_(*world) {}

  Status InStore(Transaction& tx, Verdicts* verdicts, const Probe& probe) {
    std::vector<Savepoint> savepoints;
    for (const Action& action : step_.actions) {
      switch (action.kind) {
        case Action::Kind::kSavepoint: {
          RELATA_ASSIGN_OR_RETURN(Savepoint savepoint, tx.BeginSavepoint());
          savepoints.push_back(std::move(savepoint));
          break;
        }
        case Action::Kind::kRelease:
          RELATA_RETURN_IF_ERROR(savepoints.back().Release());
          savepoints.pop_back();
          break;
        case Action::Kind::kRollBack:
          savepoints.back().RollBack();
          savepoints.pop_back();
          break;
        case Action::Kind::kWrite: {
          Random random(step_.seed ^ action.choice);
          const std::optional<Write> write = SomeWrite(world_, &random);
          if (!write) continue;
          const Status status = Execute(*write, world_.schema, tx);
          const Refusal refusal = RefusalOf(*write, world_);
          const bool expected = status.ok()
                                    ? refusal != Refusal::kMust
                                    : refusal != Refusal::kMustNot && absl::IsFailedPrecondition(status);
          if (!expected) {
            return absl::InternalError(StrCat(ToString(*write), ": not so expected: ", status.ToString()));
          }
          verdicts->push_back(status.ok() ? 'y' : 'n');
          break;
        }
      }
      InWorld(action, verdicts->empty() ? 'n' : verdicts->back());
      if (probe != nullptr && step_.probe) probe(tx, world_);
    }
    return absl::OkStatus();
  }

  void Alone(const Verdicts& verdicts) {
    size_t next = 0;
    for (const Action& action : step_.actions) {
      char verdict = 'n';
      if (action.kind == Action::Kind::kWrite) {
        Random random(step_.seed ^ action.choice);
        if (!SomeWrite(world_, &random)) continue;
        verdict = verdicts.at(next++);
      }
      InWorld(action, verdict);
    }
  }

  World& world() { return world_; }

 private:
  void InWorld(const Action& action, char verdict) {
    switch (action.kind) {
      case Action::Kind::kSavepoint:
        saved_.push_back(world_);
        break;
      case Action::Kind::kRelease:
        saved_.pop_back();
        break;
      case Action::Kind::kRollBack:
        world_ = std::move(saved_.back());
        saved_.pop_back();
        break;
      case Action::Kind::kWrite: {
        Random random(step_.seed ^ action.choice);
        if (verdict == 'y') Apply(*SomeWrite(world_, &random), &world_);
        break;
      }
    }
  }

  const Step& step_;
  World world_;
  std::vector<World> saved_;
};

// What a bulk load inserts.
std::vector<Write> Loaded(const Step& step, World* world) {
  Random random(step.seed);
  const TwinEntity& entity = random.Of(world->schema.entities);
  std::vector<Write> writes;
  for (size_t count = 1 + random.Below(6); count > 0; --count) {
    if (std::optional<Write> write = SomeInsert(*world, entity, &random)) {
      Apply(*write, world);
      writes.push_back(*std::move(write));
    }
  }
  return writes;
}

Status BulkLoadInto(Database* db, const Step& step, World* world) {
  const TwinSchema schema = world->schema;
  const std::vector<Write> writes = Loaded(step, world);
  if (writes.empty()) return absl::OkStatus();
  // One that is not finished leaves segments that are not ready.
  const bool finish = step.seed % 3 != 0;
  const BulkLoadOptions options{.chunk_rows = finish ? 3U : 1U};
  RELATA_ASSIGN_OR_RETURN(BulkLoad load, BulkLoad::Begin(db, {writes[0].entity}, options));
  for (const Write& write : writes) {
    Record record(write.entity);
    for (const auto& [name, value] : write.row)
      record.Set(name, ForStore(schema, *db->store()->schema(), value));
    RELATA_ASSIGN_OR_RETURN(const RecordId id, load.Insert(record));
    if (id != write.id) return absl::InternalError(StrCat("loaded as ", id, ", not ", write.id));
  }
  return finish ? load.Finish() : absl::OkStatus();
}

// Two writes to change a record back and forth; none where there is no record.
std::optional<std::pair<Write, Write>> BackAndForth(const Step& step, const World& world) {
  Random random(step.seed);
  for (int tries = 0; tries < 40; ++tries) {
    std::optional<Write> forth = SomeWrite(world, &random);
    if (!forth || forth->kind != ChangeKind::kUpdate) continue;
    Write back = *forth;
    for (auto& [name, value] : back.row) value = world.data.Of(back.entity).at(back.id).at(name);
    return std::pair(std::move(back), *std::move(forth));
  }
  return std::nullopt;
}

Status BeBusy(Database* db, const Step& step, World* world) {
  const auto writes = BackAndForth(step, *world);
  if (!writes) return absl::OkStatus();
  constexpr int kCommits = 1'101;  // ends with the second
  for (int i = 0; i < kCommits; ++i) {
    const Write& write = i % 2 == 0 ? writes->second : writes->first;
    RELATA_RETURN_IF_ERROR(db->Update([&](Transaction& tx) { return Execute(write, world->schema, tx); }));
  }
  Apply(writes->second, world);
  return absl::OkStatus();
}

// The commits since as the end of a verdict.
StatusOr<Verdicts> CommittedSince(const Database& db, LogPosition position) {
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, db.Read());
  RELATA_ASSIGN_OR_RETURN(const std::vector<Commit> commits, ReadChanges(now, position, 10'000));
  if (commits.empty()) return Verdicts();
  const auto last = std::find_if(commits.rbegin(), commits.rend(),
                                 [](const Commit& commit) { return !commit.changes.empty(); });
  return last == commits.rend() ? Verdicts("*") : StrCat("*", last->position.sequence);
}

// Keeps what may be come back to. `before` is the data before the step.
void Settle(const Step& step, const Verdicts& verdicts, TwinData before, SegmentWorld* world) {
  if (step.kind == StepKind::kDefine || step.kind == StepKind::kRedefine) ++world->definitions;
  const size_t commits = verdicts.find('*');
  if (commits == Verdicts::npos) return;
  world->committed = step.now;
  if (commits + 1 == verdicts.size()) return;
  world->changed = std::strtoull(verdicts.c_str() + commits + 1, nullptr, 10);
  // The last of many changes back what those before it had changed; a bulk load is several commits.
  world->unchanged =
      step.kind == StepKind::kBulkLoad ? nullptr : std::make_shared<const TwinData>(std::move(before));
}

void DefineInWorld(const Step& step, World* world) {
  switch (step.kind) {
    case StepKind::kDefine:
    case StepKind::kRedefine:
      world->schema.segments[step.segment] = step.definition;
      break;
    case StepKind::kRename:
      RenameSegment(step.segment, step.to, &world->schema);
      break;
    default:
      world->schema.segments.erase(step.segment);
      break;
  }
}

StatusOr<Verdicts> TakeDefinition(const Step& step, Database* db, World* world) {
  const std::string text = step.definition.expression ? expr::Print(step.definition.expression) : "";
  Status status;
  if (step.kind == StepKind::kRename) {
    status = relata::RenameSegment(db, step.segment, step.to);
  } else if (step.kind == StepKind::kDrop) {
    status = DropSegment(db, step.segment);
  } else {
    status = DefineSegment(db, step.segment, step.definition.entity, text);
  }
  // What the generator makes may make no sense; what is used stays.
  const bool used = step.kind == StepKind::kDrop && IsUsed(*world, step.segment);
  if (status.ok() && !used) {
    DefineInWorld(step, world);
    return Verdicts("y");
  }
  const bool refused = used ? absl::IsFailedPrecondition(status)
                            : step.kind != StepKind::kDrop && absl::IsInvalidArgument(status);
  if (refused) return Verdicts("n");
  return Annotate(status, StrCat(step.segment, " ", text));
}

StatusOr<Verdicts> TakeIn(const Step& step, Database* db, SegmentWorld* world, const Probe& probe) {
  switch (step.kind) {
    case StepKind::kWrite: {
      Verdicts verdicts;
      World after;
      const Status status = db->Update([&](Transaction& tx) -> Status {
        if (tx.now() != step.now) return absl::InternalError("another now");
        verdicts.clear();
        Play play(step, world);
        RELATA_RETURN_IF_ERROR(play.InStore(tx, &verdicts, probe));
        after = std::move(play.world());
        return step.abort ? absl::CancelledError("given up") : absl::OkStatus();
      });
      if (step.abort && absl::IsCancelled(status)) return verdicts;
      RELATA_RETURN_IF_ERROR(status);
      static_cast<World&>(*world) = std::move(after);
      return verdicts;
    }
    case StepKind::kBulkLoad:
      RELATA_RETURN_IF_ERROR(BulkLoadInto(db, step, world));
      return Verdicts("y");
    case StepKind::kBusy:
      RELATA_RETURN_IF_ERROR(BeBusy(db, step, world));
      return Verdicts("y");
    case StepKind::kUndo:
      RELATA_RETURN_IF_ERROR(Undo(db, world->changed));
      PutBack(*world->unchanged, world);
      return Verdicts("y");
    case StepKind::kAdvance:
      RELATA_RETURN_IF_ERROR(db->Advance(step.now));
      return Verdicts();
    case StepKind::kDefine:
    case StepKind::kRedefine:
    case StepKind::kRename:
    case StepKind::kDrop:
      return TakeDefinition(step, db, world);
    case StepKind::kWait:
    case StepKind::kSetBack:
    case StepKind::kReopen:
    case StepKind::kHold:
      break;
  }
  return Verdicts();
}

}  // namespace

StatusOr<Verdicts> Take(const Step& step, Database* db, SegmentWorld* world, const Probe& probe) {
  world->now = step.now;
  TwinData before = world->data;
  const LogPosition position = db->Read()->position();
  RELATA_ASSIGN_OR_RETURN(Verdicts verdicts, TakeIn(step, db, world, probe));
  RELATA_ASSIGN_OR_RETURN(const Verdicts committed, CommittedSince(*db, position));
  verdicts += committed;
  Settle(step, verdicts, std::move(before), world);
  return verdicts;
}

void Follow(const Step& step, const Verdicts& verdicts, SegmentWorld* world) {
  world->now = step.now;
  TwinData before = world->data;
  if (step.kind == StepKind::kWrite) {
    Play play(step, world);
    play.Alone(verdicts);
    if (!step.abort) static_cast<World&>(*world) = std::move(play.world());
  } else if (step.kind == StepKind::kBulkLoad) {
    Loaded(step, world);
  } else if (step.kind == StepKind::kBusy) {
    if (const auto writes = BackAndForth(step, *world)) Apply(writes->second, world);
  } else if (step.kind == StepKind::kUndo) {
    PutBack(*world->unchanged, world);
  } else if (step.kind >= StepKind::kDefine && verdicts.starts_with('y')) {
    DefineInWorld(step, world);
  }
  Settle(step, verdicts, std::move(before), world);
}

}  // namespace relata::twin
