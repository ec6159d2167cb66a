// Gathers what is due in a span of time, and evaluates it moment by moment.
#include "src/segment/fold.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "src/segment/agenda.h"
#include "src/segment/course.h"

namespace relata::segment {

namespace {

constexpr size_t kSpanTasks = 65'536;
constexpr size_t kTasksTogether = 1 << 20;
constexpr size_t kNoLimit = kMaxRecordId;
constexpr int64_t kLongestDay = 26 * int64_t{3'600'000'000};

}  // namespace

Status Fold::Whole(uint32_t group, Timestamp to) {
  for (bool done = false; !done;) RELATA_RETURN_IF_ERROR(Some(group, to, kSpanTasks, &done));
  return absl::OkStatus();
}

Status Fold::Whole(const Compiled::Concerned& concerned, Timestamp to) {
  if (!told_->DatedReach(concerned, LastDateChange(to))) {
    RELATA_RETURN_IF_ERROR(Together(concerned.dated, to));
  }
  return Together(concerned.timed, to);
}

Status Fold::Together(const std::vector<uint32_t>& groups, Timestamp to) {
  std::vector<uint32_t> gathered;
  std::vector<Task> tasks;
  const auto tell = [&]() -> Status {
    RELATA_RETURN_IF_ERROR(Tell(&tasks));
    for (const uint32_t group : gathered) RELATA_RETURN_IF_ERROR(SetTold(group, to));
    gathered.clear();
    tasks.clear();
    return absl::OkStatus();
  };
  for (const uint32_t group : groups) {
    Timestamp folded;
    RELATA_ASSIGN_OR_RETURN(const bool told, IsTold(group, to, &folded));
    if (told) continue;
    std::vector<Task> own;
    RELATA_ASSIGN_OR_RETURN(const bool all, Gather(group, to, kSpanTasks, &own));
    if (!all) {
      RELATA_RETURN_IF_ERROR(Whole(group, to));
      continue;
    }
    gathered.push_back(group);
    tasks.insert(tasks.end(), own.begin(), own.end());
    if (tasks.size() > kTasksTogether) RELATA_RETURN_IF_ERROR(tell());
  }
  return tell();
}

StatusOr<bool> Fold::IsTold(uint32_t group, Timestamp to, Timestamp* folded) {
  // Where only dates count, a segment told at noon is as good as one told at midnight.
  const Timestamp enough = workspace_->compiled().groups()[group].dated ? LastDateChange(to) : to;
  if (told_->Reaches(group, enough)) return true;
  RELATA_ASSIGN_OR_RETURN(*folded, FoldedTo(group));
  // What this commit itself has told, or one that it shares its fate with, may yet come to nothing.
  const store::Transaction& tx = workspace_->tx();
  const bool sure = workspace_->empty() && tx.committed_sequence() == tx.position().sequence;
  if (sure && *folded != Timestamp::Max()) told_->Reach(group, *folded);
  return *folded >= enough;
}

Status Fold::Some(uint32_t group, Timestamp to, size_t limit, bool* done) {
  *done = true;
  Timestamp folded;
  RELATA_ASSIGN_OR_RETURN(const bool told, IsTold(group, to, &folded));
  if (told) return absl::OkStatus();
  std::vector<Task> tasks;
  Timestamp until = to;
  for (;;) {
    RELATA_ASSIGN_OR_RETURN(const bool all, Gather(group, until, limit, &tasks));
    if (all) break;
    const int64_t span = until.micros - folded.micros;
    if (span <= 1) limit = kNoLimit;  // of one moment all or nothing
    until = Timestamp{folded.micros + std::max<int64_t>(span / 2, 1)};
    *done = false;
  }
  RELATA_RETURN_IF_ERROR(Tell(&tasks));
  return SetTold(group, until);
}

Status Fold::SetTold(uint32_t group, Timestamp to) {
  for (const Place place : workspace_->compiled().groups()[group].places) {
    RELATA_ASSIGN_OR_RETURN(const Workspace::Track* track, workspace_->At(place));
    if (track->state.pending != 1) RELATA_RETURN_IF_ERROR(workspace_->SetFolded(place, to));
  }
  return absl::OkStatus();
}

StatusOr<Timestamp> Fold::FoldedTo(uint32_t group) {
  Timestamp folded = Timestamp::Max();
  for (const Place place : workspace_->compiled().groups()[group].places) {
    RELATA_ASSIGN_OR_RETURN(const Workspace::Track* track, workspace_->At(place));
    if (track->state.pending != 1) folded = std::min(folded, track->state.folded);
  }
  return folded;
}

Timestamp Fold::LastDateChange(Timestamp to) {
  if (date_of_ == to) return date_began_;
  Timestamp at{std::max(to.micros - kLongestDay, Timestamp::Min().micros)};
  for (Timestamp next = NextLocalDate(at, zone_); next <= to; next = NextLocalDate(at, zone_)) at = next;
  date_of_ = to;
  date_began_ = at;
  return at;
}

StatusOr<bool> Fold::Gather(uint32_t group, Timestamp to, size_t limit, std::vector<Task>* tasks) {
  tasks->clear();
  for (const Place place : workspace_->compiled().groups()[group].places) {
    RELATA_ASSIGN_OR_RETURN(const Workspace::Track* track, workspace_->At(place));
    if (track->state.pending == 1 || track->state.folded >= to) continue;
    RELATA_ASSIGN_OR_RETURN(const DueRecords due,
                            DueIn(workspace_->tx(), zone_, *workspace_->compiled().at(place).analysis,
                                  track->state.folded, to, limit));
    if (due.too_many || due.records.size() + due.of_all.size() > limit - std::min(limit, tasks->size())) {
      return false;
    }
    for (const Due& one : due.records) tasks->push_back({one.at, place, one.id});
    for (const Timestamp at : due.of_all) tasks->push_back({at, place, 0});
  }
  return true;
}

Status Fold::Tell(std::vector<Task>* tasks) {
  std::sort(tasks->begin(), tasks->end());
  Agenda agenda(workspace_);
  for (size_t i = 0; i < tasks->size();) {
    const Timestamp at = (*tasks)[i].at;
    for (; i < tasks->size() && (*tasks)[i].at == at; ++i) {
      const Task& task = (*tasks)[i];
      if (task.id == 0) {
        agenda.AddRange(task.place, 1, kMaxRecordId + 1);
      } else {
        agenda.Add(task.place, task.id);
      }
    }
    RELATA_RETURN_IF_ERROR(agenda.Run(at, Cause::kTime, kNoLimit));
  }
  return absl::OkStatus();
}

StatusOr<bool> Fold::Piece(uint64_t rows) {
  const Compiled& compiled = workspace_->compiled();
  RELATA_ASSIGN_OR_RETURN(const CompiledSegment* const first, workspace_->FirstPending());
  if (first == nullptr) return false;
  store::Transaction& tx = workspace_->tx();
  const Place place = compiled.PlaceOf(*first);
  // From here on its records are exact as of now, which they stay only if its group is.
  if (!compiled.groups()[first->group].places.empty()) {
    RELATA_RETURN_IF_ERROR(Whole(first->group, tx.now()));
  }
  RELATA_ASSIGN_OR_RETURN(Workspace::Track* const track, workspace_->At(place));
  const RecordId from = track->state.pending;
  const Cause cause = track->state.pending_cause;
  RecordId to = kMaxRecordId + 1;
  uint64_t passed = 0;
  store::RowCursor row(tx, *tx.schema().Find(first->entity), from);
  for (; row.Valid(); row.Next()) {
    if (passed++ < rows) continue;
    to = row.id();
    break;
  }
  RELATA_RETURN_IF_ERROR(row.status());
  RELATA_RETURN_IF_ERROR(workspace_->SetPending(place, to > kMaxRecordId ? 0 : to, cause));
  if (from == 1 && first->kind != Kind::kStored) {
    RELATA_RETURN_IF_ERROR(workspace_->SetFolded(place, tx.now()));
  }
  Agenda agenda(workspace_);
  agenda.AddRange(place, from, to);
  RELATA_RETURN_IF_ERROR(agenda.Run(tx.now(), cause, kNoLimit));
  return true;
}

}  // namespace relata::segment
