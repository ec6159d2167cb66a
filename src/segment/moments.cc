// Finds candidates through indexes, the moments of each on the threshold's course, and the way to the roots.
#include "src/segment/moments.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "relata/record/row_view.h"
#include "src/segment/course.h"
#include "src/store/index_tree.h"

namespace relata::segment {
namespace {

// A record of the swept type, and what of it is compared with the threshold.
struct Entry {
  int64_t value = 0;
  RecordId id = 0;
};

// Reads the dates that one sweep compares.
class Sweeper {
 public:
  Sweeper(const store::Reader& reader, const TimeZone& zone, const Analysis& analysis, const Sweep& sweep)
      : reader_(reader),
        zone_(zone),
        analysis_(analysis),
        sweep_(sweep),
        type_(sweep.type == 0 ? nullptr : reader.schema().Find(sweep.type)) {}

  // Adds the records whose compared value lies in the range, at most limit + 1 of them.
  Status Collect(ValueRange range, size_t limit, std::vector<Entry>* entries) const;
  // Adds the record, if it has a value and its guards are true.
  Status Add(RecordId id, std::vector<Entry>* entries) const;
  // Calls `visit` with the records whose value may lie in the range, by ascending date where `*ordered`,
  // until it returns false.
  Status Visit(ValueRange range, bool* ordered, absl::FunctionRef<bool(const Entry&)> visit) const;

 private:
  std::optional<int64_t> ValueOf(const RowView& row) const;

  const store::Reader& reader_;
  const TimeZone& zone_;
  const Analysis& analysis_;
  const Sweep& sweep_;
  const store::TypeRuntime* type_;
};

std::optional<int64_t> Sweeper::ValueOf(const RowView& row) const {
  const Cell cell = row.Get(sweep_.slot);
  if (!cell.present && type_->type->fields[sweep_.slot].nullable) return std::nullopt;
  for (const uint32_t guard : sweep_.guards) {
    const Leaf& leaf = analysis_.leaves[guard];
    if (!leaf.IsTrue(row.Get(leaf.slot))) return std::nullopt;
  }
  return Apply(sweep_.shifts, cell.AsInt(), zone_);
}

Status Sweeper::Add(RecordId id, std::vector<Entry>* entries) const {
  RowView row;
  bool found = false;
  RELATA_RETURN_IF_ERROR(reader_.Find(*type_, id, &row, &found));
  if (!found) return absl::OkStatus();
  if (const std::optional<int64_t> value = ValueOf(row)) entries->push_back({*value, id});
  return absl::OkStatus();
}

Status Sweeper::Visit(ValueRange range, bool* ordered, absl::FunctionRef<bool(const Entry&)> visit) const {
  const ValueRange before = Before(sweep_.shifts, range);
  const int64_t least = sweep_.timestamp ? Timestamp::Min().micros : Date::Min().days;
  const int64_t greatest = sweep_.timestamp ? Timestamp::Max().micros : Date::Max().days;
  const int64_t low = std::clamp(before.low, least, greatest);
  const int64_t high = std::clamp(before.high, least, greatest);
  const store::IndexRuntime* index = OrderedIndexOn(*type_, sweep_.slot);
  *ordered = index != nullptr;
  if (index == nullptr) {
    store::RowCursor at(reader_, *type_);
    for (; at.Valid(); at.Next()) {
      const std::optional<int64_t> value = ValueOf(at.row());
      if (value && !visit({*value, at.id()})) break;
    }
    return at.status();
  }
  const store::KeyRange keys =
      index->coder.Between({}, store::CellBound{Cell::OfInt(low)}, store::CellBound{Cell::OfInt(high)});
  const bool descending = index->index->parts.front().descending;
  store::IndexCursor at(reader_.kv(), index->tree, keys,
                        descending ? store::Direction::kBackward : store::Direction::kForward);
  for (; at.Valid(); at.Next()) {
    RowView row;
    bool found = false;
    RELATA_RETURN_IF_ERROR(reader_.Find(*type_, at.id(), &row, &found));
    if (!found) continue;
    const std::optional<int64_t> value = ValueOf(row);
    if (value && !visit({*value, at.id()})) break;
  }
  return at.status();
}

Status Sweeper::Collect(ValueRange range, size_t limit, std::vector<Entry>* entries) const {
  bool ordered = false;
  return Visit(range, &ordered, [&](const Entry& entry) {
    if (range.low <= entry.value && entry.value <= range.high) entries->push_back(entry);
    return entries->size() <= limit;
  });
}

// Gathers what is due, up to a limit.
class Gathering {
 public:
  Gathering(const store::Reader& reader, const TimeZone& zone, const Analysis& analysis, Timestamp after,
            Timestamp until, size_t limit)
      : reader_(reader), zone_(zone), analysis_(analysis), after_(after), until_(until), limit_(limit) {}

  // Of every record.
  Status AddSweep(const Sweep& sweep);
  // Of one root.
  Status AddSweepOf(const Sweep& sweep, RecordId root);
  void AddLocalDates();
  bool full() const { return due_.too_many; }
  DueRecords Take();

 private:
  // Values of the entries meet the course. `root`: whose they are; 0: follow the path of each.
  Status Cross(const Sweep& sweep, const Course& course, std::vector<Entry> entries, RecordId root);
  void AddConstant(const Sweep& sweep, const Course& course);
  void CheckLimit() { due_.too_many |= due_.records.size() + due_.of_all.size() > limit_; }

  const store::Reader& reader_;
  const TimeZone& zone_;
  const Analysis& analysis_;
  const Timestamp after_;
  const Timestamp until_;
  const size_t limit_;
  DueRecords due_;
};

void Gathering::AddConstant(const Sweep& sweep, const Course& course) {
  const std::optional<int64_t> value = Apply(sweep.shifts, sweep.constant, zone_);
  if (!value) return;
  course.ForEachCrossing(std::span(&*value, 1), [&](size_t, Timestamp at) { due_.of_all.push_back(at); });
}

Status Gathering::AddSweep(const Sweep& sweep) {
  const Course course(sweep.threshold, zone_, after_, until_);
  due_.of_all.insert(due_.of_all.end(), course.turns().begin(), course.turns().end());
  if (!course.range()) return absl::OkStatus();
  if (sweep.type == 0) {
    AddConstant(sweep, course);
    CheckLimit();
    return absl::OkStatus();
  }
  if (course.range()->low == course.range()->high) return absl::OkStatus();
  std::vector<Entry> entries;
  RELATA_RETURN_IF_ERROR(
      Sweeper(reader_, zone_, analysis_, sweep).Collect(*course.range(), limit_, &entries));
  if (entries.size() > limit_) {
    due_.too_many = true;
    return absl::OkStatus();
  }
  return Cross(sweep, course, std::move(entries), 0);
}

Status Gathering::AddSweepOf(const Sweep& sweep, RecordId root) {
  const Course course(sweep.threshold, zone_, after_, until_);
  due_.of_all.insert(due_.of_all.end(), course.turns().begin(), course.turns().end());
  if (sweep.type == 0) {
    AddConstant(sweep, course);
    CheckLimit();
    return absl::OkStatus();
  }
  std::vector<RecordId> ids;
  bool too_many = false;
  RELATA_RETURN_IF_ERROR(
      RootsOf(reader_, Reversed(sweep.path), analysis_.entity, root, limit_, &ids, &too_many));
  if (too_many) {
    due_.too_many = true;
    return absl::OkStatus();
  }
  const Sweeper sweeper(reader_, zone_, analysis_, sweep);
  std::vector<Entry> entries;
  for (const RecordId id : ids) RELATA_RETURN_IF_ERROR(sweeper.Add(id, &entries));
  return Cross(sweep, course, std::move(entries), root);
}

Status Gathering::Cross(const Sweep& sweep, const Course& course, std::vector<Entry> entries, RecordId root) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.value != b.value ? a.value < b.value : a.id < b.id;
  });
  std::vector<int64_t> values;
  values.reserve(entries.size());
  for (const Entry& entry : entries) values.push_back(entry.value);
  std::vector<std::pair<size_t, Timestamp>> crossings;
  course.ForEachCrossing(values, [&](size_t index, Timestamp at) { crossings.emplace_back(index, at); });
  std::sort(crossings.begin(), crossings.end());
  // A way is walked once for all moments of an entry.
  std::vector<RecordId> roots;
  for (size_t i = 0; i < crossings.size() && !full(); ++i) {
    const auto& [index, at] = crossings[i];
    if (i == 0 || crossings[i - 1].first != index) {
      roots.clear();
      if (root != 0) roots.push_back(root);
      bool too_many = false;
      if (root == 0) {
        RELATA_RETURN_IF_ERROR(
            RootsOf(reader_, sweep.path, sweep.type, entries[index].id, limit_, &roots, &too_many));
      }
      due_.too_many |= too_many;
    }
    for (const RecordId id : roots) due_.records.push_back({at, id});
    CheckLimit();
  }
  return absl::OkStatus();
}

void Gathering::AddLocalDates() {
  for (Timestamp at = NextLocalDate(after_, zone_); at <= until_ && !full(); at = NextLocalDate(at, zone_)) {
    due_.of_all.push_back(at);
    CheckLimit();
    if (at == Timestamp::Max()) break;
  }
}

DueRecords Gathering::Take() {
  if (due_.too_many) return {.records = {}, .of_all = {}, .too_many = true};
  std::sort(due_.records.begin(), due_.records.end());
  due_.records.erase(std::unique(due_.records.begin(), due_.records.end()), due_.records.end());
  std::sort(due_.of_all.begin(), due_.of_all.end());
  due_.of_all.erase(std::unique(due_.of_all.begin(), due_.of_all.end()), due_.of_all.end());
  return std::move(due_);
}

// Whether the threshold moves with the clock, microsecond by microsecond.
bool IsSteady(const Threshold& threshold) {
  if (threshold.daily()) return false;
  return std::all_of(threshold.shifts.begin(), threshold.shifts.end(), [](const Shift& shift) {
    return shift.kind == Shift::Kind::kPlain ||
           (shift.kind == Shift::Kind::kTimestampInterval && shift.interval.months == 0);
  });
}

// Whether an earlier date never becomes a later value.
bool KeepsOrder(const std::vector<Shift>& shifts) {
  return std::none_of(shifts.begin(), shifts.end(), [](const Shift& shift) {
    return shift.kind == Shift::Kind::kLocalDate ||
           (shift.kind == Shift::Kind::kTimestampInterval && shift.interval.months != 0);
  });
}

// The first value that the threshold, which moves steadily, has not passed yet.
StatusOr<std::optional<int64_t>> NextValue(const Sweeper& sweeper, const Sweep& sweep, int64_t from) {
  const bool keeps_order = KeepsOrder(sweep.shifts);
  std::optional<int64_t> next;
  bool ordered = false;
  RELATA_RETURN_IF_ERROR(
      sweeper.Visit({from, std::numeric_limits<int64_t>::max()}, &ordered, [&](const Entry& entry) {
        if (entry.value < from) return true;
        if (!next || entry.value < *next) next = entry.value;
        return !(ordered && keeps_order);
      }));
  return next;
}

// When a steady threshold comes to its next value, or leaves the one it is at.
StatusOr<Timestamp> NextOfSteady(const store::Reader& reader, const TimeZone& zone, const Analysis& analysis,
                                 const Sweep& sweep, Timestamp after) {
  const std::optional<int64_t> from = sweep.threshold.At(after, zone);
  if (!from) return Timestamp{after.micros + 1};  // outside the years 1 to 9999
  std::optional<int64_t> next;
  if (sweep.type == 0) {
    next = Apply(sweep.shifts, sweep.constant, zone);
    if (next && *next < *from) next.reset();
  } else {
    RELATA_ASSIGN_OR_RETURN(next, NextValue(Sweeper(reader, zone, analysis, sweep), sweep, *from));
  }
  if (!next) return Timestamp::Max();
  int64_t moment = 0;
  const bool far = __builtin_add_overflow(after.micros, std::max<int64_t>(1, *next - *from), &moment);
  return far ? Timestamp::Max() : std::min(Timestamp{moment}, Timestamp::Max());
}

// When any other sweep is next due, looked for a little ahead and then further.
StatusOr<Timestamp> NextOfOther(const store::Reader& reader, const TimeZone& zone, const Analysis& analysis,
                                const Sweep& sweep, Timestamp after) {
  constexpr int64_t kMicrosPerMinute = 60'000'000;
  constexpr size_t kLimit = 1'000;
  const Timestamp midnight = NextLocalDate(after, zone);
  for (const int64_t ahead : {kMicrosPerMinute, 60 * kMicrosPerMinute, 50 * 60 * kMicrosPerMinute}) {
    const Timestamp until = std::min(Timestamp{after.micros + ahead}, midnight);
    Gathering gathering(reader, zone, analysis, after, until, kLimit);
    RELATA_RETURN_IF_ERROR(gathering.AddSweep(sweep));
    if (gathering.full()) return Timestamp{after.micros + 1};
    const DueRecords due = gathering.Take();
    Timestamp first = Timestamp::Max();
    if (!due.records.empty()) first = due.records.front().at;
    if (!due.of_all.empty()) first = std::min(first, due.of_all.front());
    if (first < Timestamp::Max()) return first;
    if (until == midnight) break;
  }
  return midnight;
}

}  // namespace

StatusOr<DueRecords> DueIn(const store::Reader& reader, const TimeZone& zone, const Analysis& analysis,
                           Timestamp after, Timestamp until, size_t limit) {
  Gathering gathering(reader, zone, analysis, after, until, limit);
  for (const Sweep& sweep : analysis.sweeps) {
    RELATA_RETURN_IF_ERROR(gathering.AddSweep(sweep));
    if (gathering.full()) break;
  }
  if (analysis.kind == Kind::kDaily) gathering.AddLocalDates();
  return gathering.Take();
}

StatusOr<DueRecords> DueOf(const store::Reader& reader, const TimeZone& zone, const Analysis& analysis,
                           RecordId root, Timestamp after, Timestamp until, size_t limit) {
  Gathering gathering(reader, zone, analysis, after, until, limit);
  for (const Sweep& sweep : analysis.sweeps) {
    RELATA_RETURN_IF_ERROR(gathering.AddSweepOf(sweep, root));
    if (gathering.full()) break;
  }
  if (analysis.kind == Kind::kDaily) gathering.AddLocalDates();
  return gathering.Take();
}

StatusOr<Timestamp> NextDue(const store::Reader& reader, const TimeZone& zone, const Analysis& analysis,
                            Timestamp after) {
  Timestamp next = Timestamp::Max();
  const bool daily = analysis.kind == Kind::kDaily ||
                     std::any_of(analysis.sweeps.begin(), analysis.sweeps.end(),
                                 [](const Sweep& sweep) { return sweep.threshold.daily(); });
  if (daily) next = NextLocalDate(after, zone);
  for (const Sweep& sweep : analysis.sweeps) {
    if (sweep.threshold.daily()) continue;
    RELATA_ASSIGN_OR_RETURN(const Timestamp at, IsSteady(sweep.threshold)
                                                    ? NextOfSteady(reader, zone, analysis, sweep, after)
                                                    : NextOfOther(reader, zone, analysis, sweep, after));
    next = std::min(next, at);
  }
  return next;
}

const store::IndexRuntime* OrderedIndexOn(const store::TypeRuntime& type, FieldId slot) {
  const auto holds_all = [&](const store::IndexRuntime& index) {  // an empty set has no entry
    return std::none_of(index.index->parts.begin(), index.index->parts.end(),
                        [&](const IndexPart& part) { return type.type->fields[part.field].is_set(); });
  };
  for (const store::IndexRuntime& index : type.indexes) {
    if (!index.ready() || index.coder.words() || index.index->parts.front().field != slot) continue;
    if (holds_all(index)) return &index;
  }
  return nullptr;
}

}  // namespace relata::segment
