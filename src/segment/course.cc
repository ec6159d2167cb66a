// Cuts time into pieces, then finds crossings within each by bisection.
#include "src/segment/course.h"

#include <algorithm>
#include <utility>

#include "src/expr/calendar.h"
#include "src/expr/zone_changes.h"

namespace relata::segment {
namespace {

using ShiftKind = Shift::Kind;

// The first change of offset after the instant.
const expr::ZoneChange* NextChange(const expr::ZoneChanges& changes, int64_t at) {
  const auto found =
      std::upper_bound(changes.changes.begin(), changes.changes.end(), at,
                       [](int64_t t, const expr::ZoneChange& change) { return t < change.at; });
  return found == changes.changes.end() ? nullptr : &*found;
}

// Whether local dates matter to what the shift makes of a timestamp, so that it may go back.
bool FollowsZone(const Shift& shift) {
  return shift.kind == ShiftKind::kLocalDate ||
         (shift.kind == ShiftKind::kTimestampInterval && shift.interval.months != 0);
}

}  // namespace

Timestamp NextLocalDate(Timestamp at, const TimeZone& zone) {
  const expr::ZoneChanges& changes = expr::ChangesOf(zone);
  const Date today = zone.LocalDate(at);
  while (at < Timestamp::Max()) {
    const int64_t offset = int64_t{zone.UtcOffset(at)} * 1'000'000;
    int64_t next = (expr::FloorDays(at.micros + offset) + 1) * expr::kMicrosPerDay - offset;
    const expr::ZoneChange* change = NextChange(changes, at.micros);
    if (change != nullptr) next = std::min(next, change->at);
    at = std::min(Timestamp{next}, Timestamp::Max());
    if (zone.LocalDate(at) != today) break;
  }
  return at;
}

Course::Course(const Threshold& threshold, const TimeZone& zone, Timestamp after, Timestamp until)
    : threshold_(threshold), zone_(zone), after_(after.micros), at_start_(threshold.At(after, zone)) {
  if (until > after) pieces_.push_back({.first = after.micros + 1, .last = until.micros});
  Cut();
  CutWhereNull();
  std::optional<int64_t> before = at_start_;
  const auto hold = [&](const std::optional<int64_t>& value) {
    if (!value) return;
    if (!range_) range_ = ValueRange{*value, *value};
    range_ = ValueRange{std::min(range_->low, *value), std::max(range_->high, *value)};
  };
  hold(before);
  for (const Piece& piece : pieces_) {
    if (before.has_value() != piece.at_first.has_value()) turns_.push_back(Timestamp{piece.first});
    hold(piece.at_first);
    hold(piece.at_last);
    before = piece.at_last;
  }
}

std::optional<int64_t> Course::Stage(size_t shifts, int64_t at) const {
  Threshold stage;
  stage.clock = threshold_.clock;
  stage.shifts.assign(threshold_.shifts.begin(), threshold_.shifts.begin() + static_cast<ptrdiff_t>(shifts));
  return stage.At(Timestamp{at}, zone_);
}

void Course::Cut() {
  if (threshold_.clock == Threshold::Clock::kToday) {
    CutAtLocalDates();
  } else {
    for (size_t i = 0; i < threshold_.shifts.size(); ++i) {
      if (FollowsZone(threshold_.shifts[i])) CutUnder(i);
    }
  }
  for (Piece& piece : pieces_) {
    piece.at_first = At(piece.first);
    piece.at_last = threshold_.daily() ? piece.at_first : At(piece.last);
  }
}

void Course::CutAtLocalDates() {
  if (pieces_.empty()) return;
  const int64_t last = pieces_.front().last;
  // What holds at `after` holds up to the first change of date.
  pieces_.clear();
  for (int64_t at = NextLocalDate(Timestamp{after_}, zone_).micros; at <= last;) {
    const int64_t next = NextLocalDate(Timestamp{at}, zone_).micros;
    pieces_.push_back({.first = at, .last = std::min(last, next - 1)});
    if (next <= at) break;
    at = next;
  }
}

// Cuts where what the first `shifts` make of the clock comes to another local date or offset.
void Course::CutUnder(size_t shifts) {
  const expr::ZoneChanges& changes = expr::ChangesOf(zone_);
  std::vector<Piece> finer;
  for (const Piece& piece : pieces_) {
    const std::optional<int64_t> low = Stage(shifts, piece.first);
    const std::optional<int64_t> high = Stage(shifts, piece.last);
    Piece rest = piece;
    if (low && high) {
      int64_t at = *low;
      while (at < *high) {
        int64_t next = NextLocalDate(Timestamp{at}, zone_).micros;
        const expr::ZoneChange* change = NextChange(changes, at);
        if (change != nullptr) next = std::min(next, change->at);
        if (next <= at || next > *high) break;
        at = next;
        const int64_t cut = FirstIn(rest, [&](int64_t t) { return Stage(shifts, t).value_or(at) >= at; });
        if (cut > rest.first) finer.push_back({.first = rest.first, .last = cut - 1});
        rest.first = cut;
      }
    }
    finer.push_back(rest);
  }
  pieces_ = std::move(finer);
}

// Outside the years 1 to 9999 there is no threshold.
void Course::CutWhereNull() {
  std::vector<Piece> finer;
  for (const Piece& piece : pieces_) {
    if (piece.at_first.has_value() == piece.at_last.has_value()) {
      finer.push_back(piece);
      continue;
    }
    const bool later = piece.at_last.has_value();
    const int64_t cut = FirstIn(piece, [&](int64_t at) { return At(at).has_value() == later; });
    finer.push_back({piece.first, cut - 1, piece.at_first, At(cut - 1)});
    finer.push_back({cut, piece.last, At(cut), piece.at_last});
  }
  pieces_ = std::move(finer);
}

int64_t Course::FirstIn(const Piece& piece, absl::FunctionRef<bool(int64_t at)> reached) {
  int64_t low = piece.first;
  int64_t high = piece.last;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (reached(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

void Course::ForEachCrossing(std::span<const int64_t> sorted_values,
                             absl::FunctionRef<void(size_t index, Timestamp at)> on_crossing) const {
  const auto visit = [&](int64_t low, int64_t high, auto use) {
    const auto from = std::lower_bound(sorted_values.begin(), sorted_values.end(), low);
    for (auto at = from; at != sorted_values.end() && *at <= high; ++at) {
      use(static_cast<size_t>(at - sorted_values.begin()), *at);
    }
  };
  std::optional<int64_t> before = at_start_;
  for (const Piece& piece : pieces_) {
    if (before && piece.at_first && *before != *piece.at_first) {
      visit(std::min(*before, *piece.at_first), std::max(*before, *piece.at_first),
            [&](size_t index, int64_t) { on_crossing(index, Timestamp{piece.first}); });
    }
    before = piece.at_last;
    if (!piece.at_first || !piece.at_last || *piece.at_first == *piece.at_last) continue;
    visit(*piece.at_first, *piece.at_last, [&](size_t index, int64_t value) {
      if (*piece.at_first < value) {
        on_crossing(index,
                    Timestamp{FirstIn(piece, [&](int64_t at) { return At(at).value_or(value) >= value; })});
      }
      if (value < *piece.at_last) {
        on_crossing(index,
                    Timestamp{FirstIn(piece, [&](int64_t at) { return At(at).value_or(value) > value; })});
      }
    });
  }
}

}  // namespace relata::segment
