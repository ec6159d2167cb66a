// Evaluates segments for records, by rank, and follows flips to those that use the segment.
#include "src/segment/agenda.h"

#include <algorithm>
#include <utility>

#include "src/expr/evaluate.h"
#include "src/segment/path.h"

namespace relata::segment {

namespace {

// What must be true of the record itself for it to be a member: cheaper to ask than the whole condition.
const std::vector<uint32_t>& GuardsOf(const Analysis& analysis) {
  static const auto* const none = new std::vector<uint32_t>();
  for (const Dependency& dependency : analysis.dependencies) {
    const bool root = dependency.path.empty() && dependency.slot == kExistence;
    if (root && dependency.type == analysis.entity) return dependency.guards;
  }
  return *none;
}

}  // namespace

Agenda::Item& Agenda::At(Place place) {
  const auto [at, fresh] = items_.try_emplace(place);
  if (fresh) places_.push(place);
  return at->second;
}

void Agenda::Add(Place place, RecordId id) { At(place).ids.push_back(id); }

void Agenda::AddRange(Place place, RecordId from, RecordId to) {
  Item& item = At(place);
  if (item.from < item.to) from = std::min(from, item.from), to = std::max(to, item.to);
  item.from = from;
  item.to = to;
}

Status Agenda::Run(Timestamp at, Cause cause, size_t fan_out) {
  const UseMembership within(&workspace_->tx(), workspace_);
  rows_.clear();
  while (!places_.empty()) {
    const Place place = places_.top();
    places_.pop();
    // What uses a segment has a higher rank, so nothing is added to this one any more.
    auto item = items_.extract(place);
    RELATA_RETURN_IF_ERROR(RunPlace(place, std::move(item.mapped()), at, cause, fan_out));
  }
  return absl::OkStatus();
}

Status Agenda::RunPlace(Place place, Item item, Timestamp at, Cause cause, size_t fan_out) {
  const CompiledSegment& segment = workspace_->compiled().at(place);
  if (segment.kind == Kind::kComputed) return absl::OkStatus();
  store::Transaction& tx = workspace_->tx();
  const store::TypeRuntime& type = *tx.schema().Find(segment.entity);
  RELATA_ASSIGN_OR_RETURN(Workspace::Track* const track, workspace_->At(place));
  const Analysis& analysis = *segment.analysis;
  const std::vector<uint32_t>& guards = GuardsOf(analysis);
  std::optional<expr::RowEvaluator> evaluator;  // made where the first record gets so far
  const auto look = [&](RecordId id, const RowView* row) -> Status {
    bool member = row != nullptr && std::all_of(guards.begin(), guards.end(), [&](uint32_t guard) {
                    return analysis.leaves[guard].IsTrue(row->Get(analysis.leaves[guard].slot));
                  });
    if (member) {
      if (!evaluator) evaluator.emplace(*segment.program, tx, at);
      RELATA_ASSIGN_OR_RETURN(member, evaluator->Matches(id, *row));
    }
    if (member == track->Contains(id)) return absl::OkStatus();
    workspace_->Flip(place, id, member, at, cause);
    // To what a deleted record led, its deletion leads as well.
    return row == nullptr ? absl::OkStatus() : Follow(segment, id, fan_out);
  };
  if (item.from < item.to) {
    std::vector<RecordId> gone;
    RELATA_RETURN_IF_ERROR(track->ForEachIn(item.from, item.to, [&](RecordId id) { gone.push_back(id); }));
    size_t passed = 0;
    store::RowCursor row(tx, type, item.from);
    for (; row.Valid() && row.id() < item.to; row.Next()) {
      for (; passed < gone.size() && gone[passed] < row.id(); ++passed) {
        if (track->Keeps(gone[passed])) RELATA_RETURN_IF_ERROR(look(gone[passed], nullptr));
      }
      if (passed < gone.size() && gone[passed] == row.id()) ++passed;
      if (track->Keeps(row.id())) RELATA_RETURN_IF_ERROR(look(row.id(), &row.row()));
    }
    RELATA_RETURN_IF_ERROR(row.status());
    for (; passed < gone.size(); ++passed) {
      if (track->Keeps(gone[passed])) RELATA_RETURN_IF_ERROR(look(gone[passed], nullptr));
    }
  }
  std::sort(item.ids.begin(), item.ids.end());
  item.ids.erase(std::unique(item.ids.begin(), item.ids.end()), item.ids.end());
  for (const RecordId id : item.ids) {
    if (!track->Keeps(id)) continue;
    RELATA_ASSIGN_OR_RETURN(const std::optional<RowView> row, RowOf(type, id));
    RELATA_RETURN_IF_ERROR(look(id, row ? &*row : nullptr));
  }
  return absl::OkStatus();
}

StatusOr<std::optional<RowView>> Agenda::RowOf(const store::TypeRuntime& type, RecordId id) {
  const auto [at, fresh] = rows_.try_emplace(RecordRef{type.type->id, id});
  if (fresh) {
    RowView row;
    bool found = false;
    RELATA_RETURN_IF_ERROR(workspace_->tx().Find(type, id, &row, &found));
    if (found) at->second = row;
  }
  return at->second;
}

Status Agenda::Follow(const CompiledSegment& segment, RecordId id, size_t fan_out) {
  for (const CompiledSegment::User& user : segment.users) {
    const CompiledSegment& other = workspace_->compiled().at(user.place);
    if (other.kind == Kind::kComputed) continue;
    const SegmentUse& use = other.analysis->uses[user.use];
    if (use.path.empty()) {
      Add(user.place, id);
      continue;
    }
    std::vector<RecordId> roots;
    bool too_many = false;
    RELATA_RETURN_IF_ERROR(
        RootsOf(workspace_->tx(), use.path, segment.entity, id, fan_out, &roots, &too_many));
    if (too_many) {
      RELATA_RETURN_IF_ERROR(workspace_->SetPending(user.place, 1, Cause::kImport));
    }
    for (const RecordId root : roots) Add(user.place, root);
  }
  return absl::OkStatus();
}

}  // namespace relata::segment
