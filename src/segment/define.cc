// Brings segments up to date, in commits of bounded size.
#include "src/segment/define.h"

#include <optional>
#include <utility>

#include "src/segment/members.h"
#include "src/store/transaction.h"

namespace relata::segment {

namespace {

// Due records told, and rows evaluated, in one commit.
constexpr size_t kDuePerCommit = 50'000;
constexpr uint64_t kRowsPerCommit = 20'000;

// The members that a query finds at the transaction's moment, where a snapshot shows the same rows: nothing
// where it does not, as within a shared commit.
StatusOr<std::optional<MemberSet>> ByQuery(Upkeep* upkeep, column::ColumnCache* columns,
                                           store::Transaction* tx, const CompiledSegment& segment) {
  if (tx->changed() || tx->committed_sequence() != tx->position().sequence) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(store::Snapshot snapshot, upkeep->store().Read());
  if (snapshot.position() != tx->position() || snapshot.now() < tx->now()) return std::nullopt;
  Resolver resolver(upkeep, {.reader = &snapshot, .snapshot = &snapshot, .columns = columns});
  snapshot.set_membership(&resolver);
  RELATA_RETURN_IF_ERROR(tx->AdvanceTo(snapshot.now()));
  RELATA_ASSIGN_OR_RETURN(MemberSet members, resolver.Query(segment));
  return members;
}

void Replace(Workspace* workspace, Place place, const MemberSet& former, const MemberSet& members,
             Cause cause) {
  const Timestamp now = workspace->tx().now();
  former.AndNot(members).ForEach([&](RecordId id) { workspace->Flip(place, id, false, now, cause); });
  members.AndNot(former).ForEach([&](RecordId id) { workspace->Flip(place, id, true, now, cause); });
}

// Makes the first pending segment whole, or some more of it; sets how many are left.
Status SettleSome(Upkeep* upkeep, column::ColumnCache* columns, store::Transaction* tx, size_t* left) {
  RELATA_ASSIGN_OR_RETURN(UpkeepSession * session, UpkeepSession::Of(tx));
  Workspace& workspace = session->workspace();
  RELATA_ASSIGN_OR_RETURN(const CompiledSegment* segment, workspace.FirstPending(left));
  if (segment == nullptr) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const std::optional<MemberSet> members, ByQuery(upkeep, columns, tx, *segment));
  tx->Touch();
  if (!members) return session->fold().Piece(kRowsPerCommit).status();
  const Place place = workspace.compiled().PlaceOf(*segment);
  if (segment->kind != Kind::kStored)
    RELATA_RETURN_IF_ERROR(session->fold().Whole(segment->group, tx->now()));
  RELATA_ASSIGN_OR_RETURN(const Workspace::Track* track, workspace.At(place));
  Replace(&workspace, place, track->state.bits, *members, track->state.pending_cause);
  if (segment->kind != Kind::kStored) RELATA_RETURN_IF_ERROR(workspace.SetFolded(place, tx->now()));
  return workspace.SetPending(place, 0, track->state.pending_cause);
}

// Tells some of what is due; `*done` whether that was all.
Status FoldSome(store::Transaction* tx, bool* done) {
  *done = true;
  RELATA_ASSIGN_OR_RETURN(UpkeepSession * session, UpkeepSession::Of(tx));
  const std::vector<Compiled::Group>& groups = session->workspace().compiled().groups();
  for (uint32_t group = 0; group < groups.size() && *done; ++group) {
    if (groups[group].places.empty()) continue;
    RELATA_RETURN_IF_ERROR(session->fold().Some(group, tx->now(), kDuePerCommit, done));
  }
  if (!session->workspace().empty()) tx->Touch();
  return absl::OkStatus();
}

// The net changes of a segment that is computed when read.
Status TellComputed(Upkeep* upkeep, column::ColumnCache* columns, store::Transaction* tx, Place place,
                    bool* done) {
  RELATA_ASSIGN_OR_RETURN(UpkeepSession * session, UpkeepSession::Of(tx));
  Workspace& workspace = session->workspace();
  if (place >= workspace.compiled().segments().size()) return absl::OkStatus();
  const CompiledSegment& segment = workspace.compiled().at(place);
  if (segment.kind != Kind::kComputed) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const std::optional<MemberSet> members, ByQuery(upkeep, columns, tx, segment));
  *done = members.has_value();
  if (!*done) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const Workspace::Track* track, workspace.At(place));
  if (track->state.pending != 0) RELATA_RETURN_IF_ERROR(workspace.SetPending(place, 0, Cause::kTime));
  Replace(&workspace, place, track->state.bits, *members, Cause::kTime);
  if (!workspace.empty()) tx->Touch();
  return absl::OkStatus();
}

}  // namespace

Status Settle(Upkeep* upkeep, column::ColumnCache* columns, const store::Store::Progress& progress) {
  size_t most = 0;
  for (size_t left = 1; left != 0;) {
    RELATA_RETURN_IF_ERROR(upkeep->store().Update({.cause = "segments"}, [&](store::Transaction& tx) {
      return SettleSome(upkeep, columns, &tx, &left);
    }));
    most = std::max(most, left);
    if (progress != nullptr && most != 0) progress(most - left, most);
  }
  return absl::OkStatus();
}

Status Advance(Upkeep* upkeep, column::ColumnCache* columns, Timestamp now) {
  store::Store& store = upkeep->store();
  for (bool done = false; !done;) {
    RELATA_RETURN_IF_ERROR(store.Update({.cause = "advance"}, [&](store::Transaction& tx) -> Status {
      RELATA_RETURN_IF_ERROR(tx.AdvanceTo(now));
      return FoldSome(&tx, &done);
    }));
  }
  RELATA_RETURN_IF_ERROR(Settle(upkeep, columns));
  RELATA_ASSIGN_OR_RETURN(const store::Snapshot snapshot, store.Read());
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const Compiled> compiled, upkeep->CompiledFor(snapshot));
  for (Place place = 0; place < compiled->segments().size(); ++place) {
    if (compiled->at(place).kind != Kind::kComputed) continue;
    for (bool done = false; !done;) {
      done = true;
      RELATA_RETURN_IF_ERROR(store.Update({.cause = "advance"}, [&](store::Transaction& tx) {
        return TellComputed(upkeep, columns, &tx, place, &done);
      }));
    }
  }
  return absl::OkStatus();
}

}  // namespace relata::segment
