// Evaluates segments for records, level by level, and follows flips to those that use the segment.
#include "src/segment/agenda.h"

#include <algorithm>
#include <utility>

#include "src/segment/path.h"

namespace relata::segment {

namespace {

constexpr size_t kFewFlips = 256;

// Each once, ascending. Most come so: what is out of order is the tail.
template <class T>
void SortTail(std::vector<T>* items) {
  const auto tail = std::is_sorted_until(items->begin(), items->end());
  std::sort(tail, items->end());
  std::inplace_merge(items->begin(), tail, items->end());
  items->erase(std::unique(items->begin(), items->end()), items->end());
}

}  // namespace

void Agenda::AddRange(Place place, RecordId from, RecordId to) {
  const Standing& standing = workspace_->compiled().standing(place);
  if (!standing.kept || from >= to) return;
  Range& range = levels_[standing.level].ranges.try_emplace(place, Range{from, to}).first->second;
  range = {std::min(from, range.from), std::max(to, range.to)};
}

Status Agenda::Run(Timestamp at, Cause cause, size_t fan_out) {
  const bool idle = std::all_of(levels_.begin(), levels_.end(), [](const Level& level) {
    return level.items.empty() && level.ranges.empty();
  });
  if (idle) return absl::OkStatus();
  const UseMembership within(&workspace_->tx(), workspace_);
  const Occasion occasion{at, cause, fan_out};
  const std::span<const RecordRef> newcomers =
      written_ == nullptr ? std::span<const RecordRef>() : written_->newcomers;
  workspace_->values().Restart(workspace_->tx(), at, newcomers);
  // What uses a segment is of a higher level, so nothing is added to this one any more.
  for (Level& level : levels_) {
    RELATA_RETURN_IF_ERROR(RunItems(std::exchange(level.items, {}), occasion));
    for (const auto& [place, range] : std::exchange(level.ranges, {})) {
      RELATA_RETURN_IF_ERROR(RunRange(place, range, occasion));
    }
  }
  return absl::OkStatus();
}

Status Agenda::RunItems(std::vector<Item> items, const Occasion& occasion) {
  SortTail(&items);
  changes_.clear();
  for (size_t begin = 0, end = 0; begin < items.size(); begin = end) {
    while (end < items.size() && items[end].record == items[begin].record) ++end;
    RELATA_RETURN_IF_ERROR(LookAt(std::span(items).subspan(begin, end - begin)));
  }
  // Told by segment.
  SortTail(&changes_);
  for (const Change& change : changes_) RELATA_RETURN_IF_ERROR(Make(change, occasion));
  return absl::OkStatus();
}

Status Agenda::LookAt(std::span<const Item> items) {
  const auto [entity, id] = items.front().ref();
  store::Transaction& tx = workspace_->tx();
  RowView row;
  bool exists = false;
  RELATA_RETURN_IF_ERROR(tx.Find(*tx.schema().Find(entity), id, &row, &exists));
  const bool untouched = exists && written_ != nullptr && !written_->records.contains(RecordRef{entity, id});
  const bool compares = untouched && !written_->newcomers.empty();
  TermValues& values = workspace_->values();
  if (exists) values.TurnTo(entity, id, row);
  seen_.clear();
  seen_.reserve(items.size());
  for (const Item& item : items) {
    const Truth truth = exists ? values.Ask(item.place) : Truth::kNot;
    if (untouched && truth == Truth::kNotByItself) continue;
    if (compares && values.Before(item.place) == (truth == Truth::kTrue)) continue;
    seen_.push_back({.place = item.place, .is = truth == Truth::kTrue});
  }
  RELATA_RETURN_IF_ERROR(values.status());
  RELATA_RETURN_IF_ERROR(workspace_->Look(id, seen_));
  if (changes_.empty()) changes_.reserve(items.size());
  for (const Workspace::Seen& seen : seen_) {
    if (seen.keeps && seen.is != seen.was) changes_.push_back({seen.place, id, seen.is, exists});
  }
  return absl::OkStatus();
}

Status Agenda::RunRange(Place place, Range range, const Occasion& occasion) {
  const EntityTypeId entity = workspace_->compiled().standing(place).entity;
  store::Transaction& tx = workspace_->tx();
  TermValues& values = workspace_->values();
  RELATA_ASSIGN_OR_RETURN(Workspace::Track* const track, workspace_->At(place));
  const auto look = [&](RecordId id, const RowView* row) -> Status {
    if (!track->Keeps(id)) return absl::OkStatus();
    bool is = false;
    if (row != nullptr) {
      values.TurnTo(entity, id, *row);
      is = values.Ask(place) == Truth::kTrue;
      RELATA_RETURN_IF_ERROR(values.status());
    }
    return is == track->Contains(id) ? absl::OkStatus() : Make({place, id, is, row != nullptr}, occasion);
  };
  std::vector<RecordId> members;
  RELATA_RETURN_IF_ERROR(track->ForEachIn(range.from, range.to, [&](RecordId id) { members.push_back(id); }));
  auto member = members.begin();
  store::RowCursor row(tx, *tx.schema().Find(entity), range.from);
  for (; row.Valid() && row.id() < range.to; row.Next()) {
    for (; member != members.end() && *member < row.id(); ++member) {
      RELATA_RETURN_IF_ERROR(look(*member, nullptr));
    }
    if (member != members.end() && *member == row.id()) ++member;
    RELATA_RETURN_IF_ERROR(look(row.id(), &row.row()));
  }
  RELATA_RETURN_IF_ERROR(row.status());
  for (; member != members.end(); ++member) RELATA_RETURN_IF_ERROR(look(*member, nullptr));
  return absl::OkStatus();
}

Status Agenda::Make(const Change& change, const Occasion& occasion) {
  // Who asks for a segment with flips looks through all of these: where there are many, it is taken up now.
  if (workspace_->flips() > kFewFlips) RELATA_RETURN_IF_ERROR(workspace_->At(change.place).status());
  workspace_->Flip(change.place, change.id, change.enters, occasion.at, occasion.cause);
  // To what a deleted record led, its deletion leads as well.
  if (!change.exists || !workspace_->compiled().standing(change.place).used) return absl::OkStatus();
  return Follow(workspace_->compiled().at(change.place), change.id, occasion.fan_out);
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
