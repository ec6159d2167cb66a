// Takes steps, and asks everyone about it.
#include "tests/segment/twin_lab.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "relata/engine/change_log.h"
#include "relata/engine/segment_events.h"
#include "relata/engine/segments.h"
#include "relata/expr/text.h"
#include "tests/segment/twin_moments.h"

namespace relata::twin {
namespace {

std::string NewFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "relata-segment-XXXXXX").string();
  RELATA_CHECK(mkdtemp(name.data()) != nullptr);
  return name;
}

std::string Listed(const std::set<RecordId>& ids) {
  std::string text;
  for (const RecordId id : ids) StrAppend(&text, text.empty() ? "" : " ", id);
  return StrCat("{", text, "}");
}

std::string Describe(const World& world, const std::string& segment) {
  const TwinSegment& definition = world.schema.segments.at(segment);
  return StrCat(segment, " of ", definition.entity, ": ", expr::Print(definition.expression));
}

// The second process: hears of every step, and takes those that it is told to.
KV_ROLE(TakeSegmentSteps) {
  std::istringstream first(parent.Hear());
  uint64_t seed = 0;
  size_t construct = 0;
  bool negated = false;
  first >> seed;
  std::optional<Wanted> wanted;
  if (first >> construct >> negated) wanted = Wanted{SegmentConstructs().at(construct), negated, true};
  SegmentWorld world = BeginWorld(seed, wanted);
  const auto clock = std::make_shared<ManualClock>(world.now);
  std::optional<Database> db;
  for (;;) {
    std::istringstream line(parent.Hear());
    uint64_t number = 0;
    std::string what, verdicts;
    if (!(line >> number >> what)) return 0;
    line >> verdicts;
    const Step step = MakeStep(world, seed, number);
    if (what == "follow") {
      Follow(step, verdicts, &world);
      continue;
    }
    clock->Set(step.clock);
    if (!db) {
      StatusOr<Database> opened = OpenLab(world, path, clock);
      if (!opened.ok()) {
        parent.Tell(StrCat("! ", opened.status().ToString()));
        return 1;
      }
      db.emplace(*std::move(opened));
    }
    // It reads what the other process wrote before it writes.
    World now = world;
    now.now = step.now;
    std::string differs = Differences(db->Read().value(), now);
    StatusOr<Verdicts> taken = Take(step, &*db, &world);
    if (differs.empty() && taken.ok()) differs = Differences(db->Read().value(), world);
    if (!taken.ok()) differs = taken.status().ToString();
    std::string told = differs.empty() ? StrCat("ok ", *taken) : StrCat("! ", differs);
    for (char& letter : told) letter = letter == '\n' ? ' ' : letter;
    parent.Tell(told);
  }
}

}  // namespace

StatusOr<Database> OpenLab(const World& world, const std::string& folder, std::shared_ptr<Clock> clock) {
  Options options = TwinOptions(world.schema, std::move(clock));
  options.map_size = 256 << 20;  // so that it need not grow while snapshots are held
  options.max_trees = 1024;
  return Database::Open(folder + "/store.relata", options);
}

std::string Differences(const Reader& reader, const World& world) {
  if (reader.now() != world.now) {
    return StrCat("now is ", reader.now().ToString(), ", not ", world.now.ToString());
  }
  for (const auto& [name, definition] : world.schema.segments) {
    const std::set<RecordId> expected = NaiveMembers(world, name, world.now);
    const StatusOr<Members> members = MembersOf(reader, name);
    if (!members.ok()) return StrCat(Describe(world, name), "\n  ", members.status().ToString());
    const std::set<RecordId> found = ToSet(*members);
    if (found != expected) {
      return StrCat(Describe(world, name), "\n  at ", world.now.ToString(), " has ", Listed(found),
                    ", expected ", Listed(expected));
    }
    const StatusOr<uint64_t> count = CountMembers(reader, name);
    if (!count.ok() || *count != expected.size()) {
      return StrCat(Describe(world, name), "\n  ",
                    count.ok() ? StrCat("counts ", *count) : count.status().ToString());
    }
    const RecordId last =
        world.data.ids.count(definition.entity) > 0 ? world.data.ids.at(definition.entity) : 0;
    for (RecordId id = 1; id <= last + 1; ++id) {
      const StatusOr<bool> is_member = IsMember(reader, name, id);
      if (!is_member.ok()) return StrCat(Describe(world, name), "\n  ", is_member.status().ToString());
      if (*is_member != (expected.count(id) > 0)) {
        return StrCat(Describe(world, name), "\n  is ", id, " a member: ", *is_member ? "yes" : "no");
      }
    }
  }
  return {};
}

SegmentLab::SegmentLab(uint64_t seed, SegmentTally* tally, const std::optional<Wanted>& wanted)
    : seed_(seed),
      tally_(*tally),
      world_(BeginWorld(seed, wanted)),
      folder_(NewFolder()),
      clock_(std::make_shared<ManualClock>(world_.now)) {
  // The twin's rows, without the rooms above.
  RELATA_CHECK(MakeStore(world_.schema, world_.data, world_.now, folder_ + "/store.relata").ok());
  db_.emplace(OpenLab(world_, folder_, clock_).value());
}

SegmentLab::~SegmentLab() {
  held_.clear();
  child_.reset();
  db_.reset();
  std::filesystem::remove_all(folder_);
}

void SegmentLab::Report(const Step& step, const std::string& what) {
  problem_ = StrCat("seed ", seed_, " step ", number_, " (", NameOf(step.kind),
                    step.elsewhere ? " elsewhere" : "", ", now ", step.now.ToString(), "): ", what);
}

Verdicts SegmentLab::TakeElsewhere() {
  if (child_ == nullptr) {
    child_ = std::make_unique<kv::Child>("TakeSegmentSteps", folder_);
    std::string first = StrCat(seed_);
    if (world_.wanted) {
      const std::vector<std::string>& all = SegmentConstructs();
      const auto place = std::find(all.begin(), all.end(), world_.wanted->construct) - all.begin();
      StrAppend(&first, " ", place, " ", world_.wanted->negated ? 1 : 0);
    }
    child_->Tell(first);
  }
  for (const std::string& line : unheard_) child_->Tell(line);
  unheard_.clear();
  child_->Tell(StrCat(number_, " take"));
  return child_->Hear();
}

void SegmentLab::TakeStep() {
  ++number_;
  const Step step = MakeStep(world_, seed_, number_);
  ++tally_.steps[std::string(NameOf(step.kind))];
  clock_->Set(step.clock);
  const World before = world_;
  if (step.elsewhere) {
    ++tally_.elsewhere[std::string(NameOf(step.kind))];
    const std::string told = TakeElsewhere();
    if (!told.starts_with("ok")) return Report(step, StrCat("the second process: ", told));
    Follow(step, told.size() > 3 ? told.substr(3) : "", &world_);
  } else {
    std::string differs;
    const Probe probe = [&](const Reader& tx, const World& world) {
      if (differs.empty()) differs = Differences(tx, world);
    };
    const StatusOr<Verdicts> taken = Take(step, &*db_, &world_, probe);
    if (!taken.ok()) return Report(step, taken.status().ToString());
    if (!differs.empty()) return Report(step, StrCat("inside the transaction, ", differs));
    if (step.kind >= StepKind::kDefine && taken->starts_with('n')) ++tally_.refused;
    unheard_.push_back(StrCat(number_, " follow ", *taken));
    if (step.kind == StepKind::kReopen) {
      held_.clear();
      db_.reset();
      db_.emplace(OpenLab(world_, folder_, clock_).value());
    }
  }
  const std::string what = Ask(step, before);
  if (!what.empty()) Report(step, what);
}

std::string SegmentLab::Ask(const Step& step, const World& before) {
  const Snapshot now = db_->Read().value();
  std::string what = Differences(now, world_);
  tally_.compared += world_.schema.segments.size();
  if (what.empty()) what = AskEvents(step, before, now);
  if (!what.empty()) return what;
  for (const auto& [name, definition] : world_.schema.segments) {
    if (step.kind >= StepKind::kDefine || number_ % 8 == 0) Count(name, ToSet(*MembersOf(now, name)));
  }
  // Snapshots of before see what they saw.
  for (size_t i = 0; i < held_.size(); ++i) {
    if ((number_ + i) % 4 != 0) continue;
    ++tally_.held;
    what = Differences(*held_[i].snapshot, held_[i].world);
    if (!what.empty()) return StrCat("an older snapshot: ", what);
  }
  if (step.kind == StepKind::kHold) {
    if (held_.size() == 3) held_.erase(held_.begin());
    held_.push_back({std::make_unique<Snapshot>(db_->Read().value()), world_});
  }
  return {};
}

std::string SegmentLab::AskEvents(const Step& step, const World& before, const Snapshot& now) {
  const StatusOr<std::vector<Segment>> segments = Segments(now);
  if (!segments.ok()) return segments.status().ToString();
  if (segments->size() != world_.schema.segments.size()) return "another number of segments";
  EventTwin::Kinds kinds;
  for (const Segment& segment : *segments) kinds[segment.name] = segment.kind;
  if (read_to_ == LogPosition()) read_to_.epoch = now.position().epoch;
  const StatusOr<std::vector<SegmentEvent>> news = ReadSegmentEvents(now, read_to_, 1'000'000);
  if (!news.ok()) return news.status().ToString();
  read_to_ = now.position();
  std::string what = events_.Add(*news, step, before, world_, kinds);
  if (!what.empty()) return what;
  for (const SegmentEvent& event : *news) {
    ++tally_.causes[std::string(SegmentCauseName(event.cause))];
  }
  for (const Segment& segment : *segments) {
    // What only time changed is told when it is folded in.
    const bool told =
        step.kind == StepKind::kAdvance || (segment.kind == SegmentKind::kStored && segment.ready);
    if (!told) continue;
    const std::set<RecordId> expected = NaiveMembers(world_, segment.name, world_.now);
    const std::set<RecordId> replayed = events_.Members(segment.name);
    if (replayed != expected) {
      return StrCat(Describe(world_, segment.name), "\n  events give ", Listed(replayed), ", expected ",
                    Listed(expected));
    }
  }
  if (step.kind == StepKind::kAdvance) what = AskEarlier(before);
  ready_.clear();
  for (const Segment& segment : *segments) {
    if (segment.ready && segment.kind != SegmentKind::kComputed) ready_.insert(segment.name);
  }
  if (what.empty() && number_ % 16 == 0) what = ReadAllAgain(now);
  return what.empty() ? AskMoments(step, now, *segments) : what;
}

// Between the last step and this one only time passed: who was a member at moments between?
std::string SegmentLab::AskEarlier(const World& before) const {
  if (before.now >= world_.now) return {};
  Random random(seed_ ^ (number_ * 77));
  for (int i = 0; i < 2; ++i) {
    const Timestamp moment{random.Between(before.now.micros, world_.now.micros)};
    for (const std::string& name : ready_) {
      if (before.schema.segments.count(name) == 0) continue;
      const std::set<RecordId> expected = NaiveMembers(before, name, moment);
      const std::set<RecordId> replayed = events_.MembersAt(name, moment);
      if (replayed == expected) continue;
      return StrCat(Describe(world_, name), "\n  up to ", moment.ToString(), " events give ",
                    Listed(replayed), ", expected ", Listed(expected));
    }
  }
  return {};
}

// What was, and what will be, in one segment.
std::string SegmentLab::AskMoments(const Step& step, const Snapshot& now,
                                   const std::vector<Segment>& segments) {
  if (segments.empty()) return {};
  Random random(seed_ ^ (number_ * 131));
  const Segment& segment = random.Of(segments);
  std::string what;
  if (step.kind == StepKind::kAdvance || random.Chance(25)) {
    ++tally_.earlier;
    what = EarlierDiffers(now, world_, events_, segment, step.kind == StepKind::kAdvance, &random);
  }
  const auto& rows = world_.data.Of(segment.entity);
  if (what.empty() && !rows.empty() && random.Chance(30)) {
    ++tally_.explained;
    auto row = rows.begin();
    std::advance(row, static_cast<ptrdiff_t>(random.Below(rows.size())));
    what = WhyDiffers(now, world_, segment.name, row->first, &random, &tally_.ends);
  }
  return what.empty() ? "" : StrCat(Describe(world_, segment.name), "\n  ", what);
}

// The stream from the beginning, of one segment and in small pieces, is the stream as it came.
std::string SegmentLab::ReadAllAgain(const Snapshot& now) {
  for (const auto& [name, definition] : world_.schema.segments) {
    std::vector<SegmentEvent> all;
    for (LogPosition after{now.position().epoch, 0};;) {
      const StatusOr<std::vector<SegmentEvent>> piece = ReadSegmentEvents(now, after, 3, name);
      if (!piece.ok()) return piece.status().ToString();
      if (piece->empty()) break;
      all.insert(all.end(), piece->begin(), piece->end());
      after = piece->back().position;
    }
    const std::vector<SegmentEvent>& known = events_.EventsOf(name);
    const auto same = [](const SegmentEvent& a, const SegmentEvent& b) {
      return a.position == b.position && a.record == b.record && a.at == b.at && a.entered == b.entered;
    };
    if (!std::equal(all.begin(), all.end(), known.begin(), known.end(), same)) {
      return StrCat(Describe(world_, name), "\n  read again, another stream: ", all.size(), " events, not ",
                    known.size());
    }
  }
  return {};
}

void SegmentLab::Count(const std::string& segment, const std::set<RecordId>& members) {
  const TwinSegment& definition = world_.schema.segments.at(segment);
  if (members.empty() || members.size() == world_.data.Of(definition.entity).size()) return;
  CountConstructs(definition.expression, &tally_.constructs);
  CountNegated(definition.expression, &tally_.negated);
}

}  // namespace relata::twin
