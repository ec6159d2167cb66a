// Follows the changes of a commit to the records whose answers may follow from them.
#include "src/segment/upkeep.h"

#include <algorithm>
#include <utility>

#include "src/segment/same_meaning.h"

namespace relata::segment {

namespace {

// Records that one change may lead to before the segment becomes pending instead.
constexpr size_t kMaxFanOut = 20'000;
// What a commit does of what others left, beside its own.
constexpr uint64_t kPieceRows = 256;
constexpr size_t kDueRecords = 256;
// New records that a commit may have brought for what they changed to be told by leaving them out again.
constexpr size_t kMaxNewcomers = 16;

// The net change of one record in a transaction.
struct NetChange {
  RecordRef record;
  bool inserted = false;
  bool deleted = false;
  std::vector<store::FormerCell> former = {};  // as they were before the transaction
  std::string_view former_row = {};
};

std::vector<NetChange> NetOf(const std::vector<store::RawChange>& changes) {
  std::vector<NetChange> net;
  absl::flat_hash_map<RecordRef, size_t> known;
  for (const store::RawChange& change : changes) {
    const RecordRef record{change.type, change.id};
    const auto [at, fresh] = known.try_emplace(record, net.size());
    if (fresh) net.push_back({.record = record});
    NetChange& one = net[at->second];
    switch (change.kind) {
      case ChangeKind::kInsert:
        one.inserted = true;
        one.deleted = false;
        break;
      case ChangeKind::kUpdate:
        for (const store::FormerCell& cell : change.former) {
          const bool told = std::any_of(one.former.begin(), one.former.end(),
                                        [&](const auto& other) { return other.slot == cell.slot; });
          if (!told) one.former.push_back(cell);
        }
        break;
      case ChangeKind::kDelete:
        one.deleted = true;
        if (one.former_row.empty()) one.former_row = change.former_row;
        break;
    }
  }
  return net;
}

}  // namespace

StatusOr<std::shared_ptr<const Compiled>> Upkeep::CompiledFor(const store::Reader& reader) {
  std::shared_ptr<const Compiled> known;
  {
    absl::MutexLock lock(&mutex_);
    known = compiled_;
  }
  if (known != nullptr && known->schema() == reader.shared_schema()) return known;
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const Compiled> compiled,
                          Compiled::Make(reader.shared_schema(), known));
  absl::MutexLock lock(&mutex_);
  // A snapshot that is held may be of an older version: the newest stays.
  if (compiled_ == nullptr || compiled_->schema()->version() <= compiled->schema()->version()) {
    compiled_ = compiled;
  }
  return compiled;
}

StatusOr<std::unique_ptr<store::CommitHook::Session>> Upkeep::Begin(store::Transaction* tx) {
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const Compiled> compiled, CompiledFor(*tx));
  std::shared_ptr<Told> told = ToldOf(compiled);
  auto session = std::make_unique<UpkeepSession>(this, std::move(compiled), std::move(told), tx);
  RELATA_RETURN_IF_ERROR(session->TakeUpDoubts());
  return session;
}

std::shared_ptr<Told> Upkeep::ToldOf(const std::shared_ptr<const Compiled>& compiled) {
  absl::MutexLock lock(&mutex_);
  if (told_of_ != compiled) {
    told_of_ = compiled;
    told_ = std::make_shared<Told>(compiled->groups().size(), compiled->concerned_count());
  }
  return told_;
}

std::unique_ptr<TermValues> Upkeep::TakeValues(const std::shared_ptr<const Compiled>& compiled) {
  absl::MutexLock lock(&mutex_);
  return values_of_ == compiled ? std::move(values_) : nullptr;
}

void Upkeep::KeepValues(const std::shared_ptr<const Compiled>& compiled, std::unique_ptr<TermValues> values) {
  if (values == nullptr) return;
  absl::MutexLock lock(&mutex_);
  if (compiled_ != compiled) return;  // of a catalogue that is gone
  values_of_ = compiled;
  values_ = std::move(values);
}

UpkeepSession::UpkeepSession(Upkeep* upkeep, std::shared_ptr<const Compiled> compiled,
                             std::shared_ptr<Told> told, store::Transaction* tx)
    : upkeep_(upkeep),
      workspace_(std::move(compiled), &upkeep->live(), tx),
      fold_(&workspace_, upkeep->store().time_zone(), std::move(told)) {
  workspace_.SetValues(upkeep_->TakeValues(workspace_.shared_compiled()));
}

UpkeepSession::~UpkeepSession() {
  upkeep_->KeepValues(workspace_.shared_compiled(), workspace_.TakeValues());
}

StatusOr<UpkeepSession*> UpkeepSession::Of(store::Transaction* tx) {
  RELATA_ASSIGN_OR_RETURN(store::CommitHook::Session * session, tx->HookSession());
  return static_cast<UpkeepSession*>(session);
}

Status UpkeepSession::BeforeWrite(store::Transaction* tx, const store::TypeRuntime& type, ChangeKind kind,
                                  RecordId, std::span<const store::FormerCell> former) {
  const Compiled& compiled = workspace_.compiled();
  if (compiled.empty()) return absl::OkStatus();
  const auto fold = [&](FieldId slot) -> Status {
    const Compiled::Concerned* const concerned = compiled.GroupsOn(type.type->id, slot);
    return concerned == nullptr ? absl::OkStatus() : fold_.Whole(*concerned, tx->now());
  };
  if (kind != ChangeKind::kUpdate) return fold(kExistence);
  for (const store::FormerCell& cell : former) RELATA_RETURN_IF_ERROR(fold(cell.slot));
  return fold(kUpdatedAt);
}

StatusOr<std::string> UpkeepSession::BeforeCommit(store::Transaction* tx) {
  if (tx->written_catalogue() != nullptr) RELATA_RETURN_IF_ERROR(FollowSchema(*tx->written_catalogue()));
  if (!workspace_.compiled().empty()) {
    RELATA_ASSIGN_OR_RETURN(const std::vector<store::RawChange> changes, tx->LoggedChanges());
    if (tx->bulk()) {
      RELATA_RETURN_IF_ERROR(FollowBulk(changes));
    } else {
      RELATA_RETURN_IF_ERROR(FollowChanges(changes));
      if (!changes.empty()) RELATA_RETURN_IF_ERROR(FoldAnother());
    }
  }
  std::string told = workspace_.Encode();
  Live& live = upkeep_->live();
  for (const uint32_t segment : workspace_.resets()) RELATA_RETURN_IF_ERROR(live.Erase(tx, segment));
  RELATA_RETURN_IF_ERROR(live.MaybeCheckpoint(tx));
  if (names_versions_) RELATA_RETURN_IF_ERROR(live.NameVersions(tx));
  return told;
}

Status UpkeepSession::TakeUpDoubts() {
  const Compiled& compiled = workspace_.compiled();
  if (compiled.empty()) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const Live::Doubts doubts, upkeep_->live().DoubtsOf(workspace_.tx()));
  for (const uint32_t id : doubts.damaged) {
    const CompiledSegment* const segment = compiled.Find(id);
    if (segment != nullptr) RELATA_RETURN_IF_ERROR(workspace_.Reset(compiled.PlaceOf(*segment)));
  }
  names_versions_ = doubts.unnamed || doubts.outdated;
  if (!doubts.outdated) return absl::OkStatus();
  for (const CompiledSegment& segment : compiled.segments()) {
    if (segment.kind == Kind::kComputed) continue;
    RELATA_RETURN_IF_ERROR(workspace_.SetPending(compiled.PlaceOf(segment), 1, Cause::kDefinition));
  }
  return absl::OkStatus();
}

Status UpkeepSession::FoldAnother() {
  RELATA_RETURN_IF_ERROR(fold_.Piece(kPieceRows).status());
  const std::vector<Compiled::Group>& groups = workspace_.compiled().groups();
  if (groups.empty()) return absl::OkStatus();
  // What this transaction concerns was told before it wrote, and of any other group the rows are unchanged.
  const auto group = static_cast<uint32_t>(upkeep_->TakeTurn() % groups.size());
  bool done = false;
  if (!groups[group].dated) return absl::OkStatus();
  return fold_.Some(group, workspace_.tx().now(), kDueRecords, &done);
}

Status UpkeepSession::FollowSchema(const schema::Catalogue& catalogue) {
  if (catalogue.segments().empty()) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(
      const std::shared_ptr<const store::SchemaRuntime> runtime,
      store::SchemaRuntime::Make(catalogue, [](std::string_view) { return StatusOr<kv::Tree>(kv::Tree()); }));
  const Compiled& before = workspace_.compiled();
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const Compiled> after, Compiled::Make(runtime, nullptr));
  // By rank, so that what uses a segment that became unknown is met after it.
  absl::flat_hash_map<uint32_t, bool> unknown;
  for (const CompiledSegment& segment : after->segments()) {
    const CompiledSegment* const old = before.Find(segment.id);
    bool anew = old == nullptr || !SameMeaning(*old->program, *segment.program);
    // One that was computed when read has members as of the last Advance only.
    if (old != nullptr) anew |= old->kind == Kind::kComputed && segment.kind != Kind::kComputed;
    for (const uint32_t used : segment.program->segments()) anew |= unknown[used];
    unknown[segment.id] = anew;
    if (!anew || segment.kind == Kind::kComputed) continue;
    // What time did under the old definition is told first.
    if (old != nullptr && old->kind != Kind::kComputed) {
      RELATA_RETURN_IF_ERROR(fold_.Whole(old->group, workspace_.tx().now()));
    }
    workspace_.TellUnknown(segment.id, Cause::kDefinition);
  }
  return absl::OkStatus();
}

Status UpkeepSession::FollowBulk(const std::vector<store::RawChange>& changes) {
  const Compiled& compiled = workspace_.compiled();
  std::vector<EntityTypeId> types;
  for (const store::RawChange& change : changes) {
    if (std::find(types.begin(), types.end(), change.type) == types.end()) types.push_back(change.type);
  }
  for (const EntityTypeId type : types) {
    for (const CompiledSegment& segment : compiled.segments()) {
      if (segment.kind == Kind::kComputed) continue;
      const std::vector<Dependency>& dependencies = segment.analysis->dependencies;
      const bool concerned =
          segment.entity == type || std::any_of(dependencies.begin(), dependencies.end(),
                                                [&](const Dependency& one) { return one.type == type; });
      if (!concerned) continue;
      RELATA_RETURN_IF_ERROR(workspace_.SetPending(compiled.PlaceOf(segment), 1, Cause::kImport));
    }
  }
  return absl::OkStatus();
}

Status UpkeepSession::FollowChanges(const std::vector<store::RawChange>& changes) {
  store::Transaction& tx = workspace_.tx();
  const std::vector<NetChange> net = NetOf(changes);
  Agenda::Written written;
  for (const NetChange& change : net) {
    written.records.insert(change.record);
    if (change.inserted && !change.deleted) written.newcomers.push_back(change.record);
  }
  const bool only_newcomers = std::all_of(net.begin(), net.end(), [](const NetChange& change) {
    return change.inserted && change.former_row.empty();
  });
  if (!only_newcomers || written.newcomers.size() > kMaxNewcomers) written.newcomers.clear();
  Agenda agenda(&workspace_, &written);
  for (const NetChange& change : net) {
    if (change.inserted && change.deleted) continue;
    const store::TypeRuntime* type = tx.schema().Find(change.record.type);
    if (type == nullptr) continue;
    ChangedRecord changed{.type = change.record.type, .id = change.record.id, .former = change.former};
    Dependents::Guards guards(workspace_.compiled().dependents());
    RowView row;
    if (change.deleted) {
      RELATA_ASSIGN_OR_RETURN(
          row, RowView::Open(type->format, change.former_row, change.record.id, tx.verifies()));
      changed.former_row = &row;
      for (const Place place : workspace_.compiled().Of(type->type->id)) agenda.Add(place, changed.id);
    } else {
      RELATA_ASSIGN_OR_RETURN(row, tx.Get(*type, change.record.id));
      changed.row = &row;
    }
    if (change.inserted || change.deleted) {
      if (change.inserted) changed.former = {};
      RELATA_RETURN_IF_ERROR(FollowSlot(changed, kExistence, &guards, &agenda));
    }
    if (change.inserted) continue;
    for (const store::FormerCell& cell : change.former) {
      RELATA_RETURN_IF_ERROR(FollowSlot(changed, cell.slot, &guards, &agenda));
    }
    if (!change.deleted) RELATA_RETURN_IF_ERROR(FollowSlot(changed, kUpdatedAt, &guards, &agenda));
  }
  return agenda.Run(tx.now(), Cause::kWrite, kMaxFanOut);
}

Status UpkeepSession::FollowSlot(const ChangedRecord& changed, FieldId slot, Dependents::Guards* guards,
                                 Agenda* agenda) {
  const Dependents& dependents = workspace_.compiled().dependents();
  // Many segments look along the same way: it is walked once.
  struct Walked {
    bool done = false;
    bool too_many = false;
    std::vector<RecordId> roots = {};
  };
  std::vector<Walked> walked(dependents.path_count());
  Status status;
  dependents.Meet(changed, slot, guards, [&](Place place, uint32_t, PathId path) {
    if (path == 0) return agenda->Add(place, changed.id);
    Walked& way = walked[path];
    if (!way.done) {
      way.done = true;
      status.Update(
          RootsOf(workspace_.tx(), dependents.path(path), changed, kMaxFanOut, &way.roots, &way.too_many));
    }
    if (way.too_many) status.Update(workspace_.SetPending(place, 1, Cause::kImport));
    for (const RecordId root : way.roots) agenda->Add(place, root);
  });
  return status;
}

}  // namespace relata::segment
