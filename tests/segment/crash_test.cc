// Kills a process at random moments while it writes, lets time pass, and defines and drops segments, again
// and again on the same store. What it does is known beforehand, so after each kill the members must be those
// of the rows, and the events all that came of the commits that are there: none lost, none twice.
#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "relata/engine/database.h"
#include "relata/engine/segment_events.h"
#include "relata/engine/segments.h"
#include "src/base/time_text.h"
#include "tests/kv/child.h"
#include "tests/store/fixture.h"

namespace relata {
namespace {

using kv::Child;
using kv::Wire;
using store::test::Ok;

constexpr int64_t kKept = 12;  // hours until a visit is deleted
constexpr int64_t kFresh = 5;  // hours that a visit is in the window

Timestamp HourOf(int64_t n) {
  return Timestamp{Timestamp::Parse("2026-03-20T00:00:00Z")->micros + n * kMicrosPerHour};
}
// When time passes after commit n.
Timestamp HalfPast(int64_t n) { return Timestamp{HourOf(n).micros + kMicrosPerHour / 2}; }

Options CrashOptions(std::shared_ptr<Clock> clock) {
  Options options = store::test::SmallStore(std::move(clock));
  options.durability = Durability::kRelaxed;
  return options;
}

// Hour n: visit n comes, visit n - kKept goes, and record 1 counts.
Status CommitHour(Transaction& tx, int64_t n) {
  Record visit("visit");
  visit.Set("at", HourOf(n)).Set("number", n);
  RELATA_ASSIGN_OR_RETURN(const RecordId id, tx.Insert(visit));
  if (id != static_cast<RecordId>(n) + 1) return absl::InternalError(StrCat("visit ", n, " became ", id));
  if (n > kKept) RELATA_RETURN_IF_ERROR(tx.Delete("visit", static_cast<RecordId>(n - kKept) + 1));
  return tx.Update(Record("visit", 1).Set("number", n));
}

Status Prepare(Database* db) {
  RELATA_RETURN_IF_ERROR(db->AddEntity({.name = "visit",
                                        .fields = {{.name = "at", .type = ValueType::kTimestamp},
                                                   {.name = "number", .type = ValueType::kInt64}}}));
  RELATA_RETURN_IF_ERROR(
      DefineSegment(db, "fresh", "visit", StrCat("at > now() - interval '", kFresh, " hours'")));
  RELATA_RETURN_IF_ERROR(DefineSegment(db, "third", "visit", "at is not null and number / 3 * 3 = number"));
  RELATA_RETURN_IF_ERROR(
      DefineSegment(db, "fresh third", "visit", "in segment 'fresh' and in segment 'third'"));
  return db->Update([](Transaction& tx) { return tx.Insert(Record("visit").Set("number", 0)).status(); });
}

int64_t Hours(const Database& db) {
  const StatusOr<Record> count = db.Read()->Get("visit", 1);
  return count.ok() ? *count->Find("number")->As<int64_t>() : -1;
}

KV_ROLE(SegmentsUntilKilled) {
  const auto clock = std::make_shared<ManualClock>(HourOf(0));
  StatusOr<Database> db = Database::Open(path, CrashOptions(clock));
  if (!db.ok()) return 1;
  int64_t n = Hours(*db);
  if (n < 0) return 2;
  clock->Set(HalfPast(n));
  parent.Tell("ready");
  for (++n;; ++n) {
    clock->Set(HourOf(n));
    if (!db->Update([&](Transaction& tx) { return CommitHour(tx, n); }).ok()) return 3;
    parent.Tell(StrCat(n));
    clock->Set(HalfPast(n));
    if (n % 3 == 0 && !db->Advance(HalfPast(n)).ok()) return 4;
    if (n % 7 == 0) {
      const Status defined = DefineSegment(&*db, "some", "visit", StrCat("number > ", n - 6));
      if (!defined.ok()) return 5;
    } else if (n % 7 == 3) {
      const Status dropped = DropSegment(&*db, "some");
      if (!dropped.ok() && !absl::IsNotFound(dropped)) return 6;
    }
  }
}

using Heard = std::tuple<int64_t, RecordId, bool>;  // moment, record, entered

// The events of "fresh" and of "third" up to half past hour n, worked out by hand.
std::set<Heard> FreshEvents(int64_t n) {
  std::set<Heard> events;
  for (int64_t k = 1; k <= n; ++k) {
    const RecordId id = static_cast<RecordId>(k) + 1;
    events.emplace(HourOf(k).micros, id, true);
    if (k + kFresh <= n) events.emplace(HourOf(k + kFresh).micros, id, false);
  }
  return events;
}
std::set<Heard> ThirdEvents(int64_t n) {
  std::set<Heard> events;
  for (int64_t k = 3; k <= n; k += 3) {
    events.emplace(HourOf(k).micros, static_cast<RecordId>(k) + 1, true);
    if (k + kKept <= n) events.emplace(HourOf(k + kKept).micros, static_cast<RecordId>(k) + 1, false);
  }
  return events;
}
std::set<Heard> FreshThirdEvents(int64_t n) {
  std::set<Heard> events;
  for (const Heard& event : FreshEvents(n)) {
    if ((std::get<1>(event) - 1) % 3 == 0) events.insert(event);
  }
  return events;
}

std::set<RecordId> After(const std::set<Heard>& events) {
  std::set<RecordId> members;
  for (const auto& [at, id, entered] : events) {
    if (entered) members.insert(id);
  }
  for (const auto& [at, id, entered] : events) {
    if (!entered) members.erase(id);
  }
  return members;
}

std::set<RecordId> MembersNow(const Snapshot& now, std::string_view segment) {
  const StatusOr<Members> members = MembersOf(now, segment);
  EXPECT_TRUE(Ok(members)) << segment;
  std::set<RecordId> ids;
  if (members.ok()) members->ForEach([&](RecordId id) { ids.insert(id); });
  return ids;
}

void ExpectWhole(const Snapshot& now, std::string_view segment, const std::set<Heard>& expected) {
  EXPECT_EQ(MembersNow(now, segment), After(expected)) << segment;
  const auto events = ReadSegmentEvents(now, {now.position().epoch, 0}, 1'000'000, segment);
  ASSERT_TRUE(Ok(events));
  std::set<Heard> told;
  for (const SegmentEvent& event : *events) {
    const bool entered = event.entered;
    EXPECT_TRUE(told.emplace(event.at.micros, event.record, entered).second)
        << segment << ": " << event.record << " twice at " << event.at.ToString();
  }
  EXPECT_EQ(told, expected) << segment;
}

TEST(SegmentCrashTest, AKilledProcessLosesNoEventAndTellsNoneTwice) {
  const store::test::Folder folder;
  std::mt19937 random(20260320);
  {
    StatusOr<Database> db =
        Database::Open(folder.File(), CrashOptions(std::make_shared<ManualClock>(HourOf(0))));
    ASSERT_TRUE(Ok(db));
    ASSERT_TRUE(Ok(Prepare(&*db)));
  }
  int64_t acknowledged = 0, reached = 0;
  int advanced = 0;
  const int kills = store::test::FullRun() ? 400 : 25;
  for (int kill = 0; kill < kills && !testing::Test::HasFailure(); ++kill) {
    SCOPED_TRACE(StrCat("kill ", kill));
    {
      Child child("SegmentsUntilKilled", folder.File());
      const auto hear = [&] {
        const std::string line = child.Hear();
        if (!line.empty() && line != "ready") acknowledged = std::stoll(line);
        return !line.empty();
      };
      const uint32_t lines = 1 + random() % 16;
      for (uint32_t i = 0; i < lines; ++i) ASSERT_TRUE(hear()) << "it ended by itself: " << child.Wait();
      const timespec moment{0, static_cast<long>(random() % 4'000'000)};
      nanosleep(&moment, nullptr);
      child.Kill();
      while (hear()) {
      }
    }
    const auto clock = std::make_shared<ManualClock>(HourOf(0));
    StatusOr<Database> db = Database::Open(folder.File(), CrashOptions(clock));
    ASSERT_TRUE(Ok(db));
    reached = Hours(*db);
    ASSERT_GE(reached, acknowledged);
    ASSERT_LE(reached, acknowledged + 1);
    clock->Set(HalfPast(reached));
    // Members are right before anything is folded in.
    {
      const Snapshot now = db->Read().value();
      EXPECT_EQ(MembersNow(now, "fresh"), After(FreshEvents(reached)));
      EXPECT_EQ(MembersNow(now, "third"), After(ThirdEvents(reached)));
      EXPECT_EQ(MembersNow(now, "fresh third"), After(FreshThirdEvents(reached)));
      const StatusOr<std::vector<Segment>> segments = Segments(now);
      ASSERT_TRUE(Ok(segments));
      for (const Segment& segment : *segments) {
        if (segment.name != "some") continue;
        const int64_t above = std::stoll(segment.expression.substr(segment.expression.find('>') + 1));
        std::set<RecordId> expected;
        if (reached > above) expected.insert(1);  // the counting one
        for (int64_t k = std::max<int64_t>(above, reached - kKept) + 1; k <= reached; ++k)
          expected.insert(static_cast<RecordId>(k) + 1);
        EXPECT_EQ(MembersNow(now, "some"), expected) << segment.expression;
      }
    }
    const bool advance = random() % 2 == 0;
    if (!advance) continue;  // left as the kill left it
    ++advanced;
    ASSERT_TRUE(Ok(db->Advance(HalfPast(reached))));
    const Snapshot now = db->Read().value();
    ExpectWhole(now, "fresh", FreshEvents(reached));
    ExpectWhole(now, "third", ThirdEvents(reached));
    ExpectWhole(now, "fresh third", FreshThirdEvents(reached));
    EXPECT_EQ(store::test::Findings(db->store().get()), "");
  }
  std::printf("%lld hours, %d kills, %d times advanced\n", static_cast<long long>(reached), kills, advanced);
  EXPECT_GT(advanced, 0);
}

}  // namespace
}  // namespace relata
