// Threads that share commits, a second process that writes too, and readers beside them: every snapshot has
// the members of its own rows and its own now, and the events of all tell one story.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "relata/engine/database.h"
#include "relata/engine/segment_events.h"
#include "relata/engine/segments.h"
#include "tests/kv/child.h"
#include "tests/store/fixture.h"

namespace relata {
namespace {

using store::test::Ok;

constexpr int kThreads = 4;
constexpr int kCommits = 60;        // of each thread, and of the other process
constexpr int64_t kShort = 50'000;  // microseconds

Options SharedOptions() { return store::test::SmallStore(SystemClock()); }

// Commit n: a chore of this writer comes, one of its chores is done, and a few are dropped.
Status Write(Database* db, int writer, int n, std::vector<RecordId>* chores) {
  RecordId inserted = 0;
  const bool drops = n % 5 == 4;
  const Status status = db->Update([&](Transaction& tx) -> Status {
    RELATA_ASSIGN_OR_RETURN(inserted, tx.Insert(Record("chore")
                                                    .Set("owner", int64_t{writer})
                                                    .Set("done", false)
                                                    .Set("at", Timestamp{tx.now().micros + n % 3 * kShort})));
    if (drops) RELATA_RETURN_IF_ERROR(tx.Delete("chore", chores->front()));
    if (n % 2 == 1) RELATA_RETURN_IF_ERROR(tx.Update(Record("chore", chores->back()).Set("done", true)));
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  if (drops) chores->erase(chores->begin());
  chores->push_back(inserted);
  return absl::OkStatus();
}

Status WriteAll(Database* db, int writer) {
  std::vector<RecordId> chores;
  for (int n = 0; n < kCommits; ++n) RELATA_RETURN_IF_ERROR(Write(db, writer, n, &chores));
  return absl::OkStatus();
}

KV_ROLE(WriteSegmentsBeside) {
  StatusOr<Database> db = Database::Open(path, SharedOptions());
  if (!db.ok()) return 1;
  parent.Tell("ready");
  parent.Hear();
  if (!WriteAll(&*db, kThreads).ok()) return 2;
  parent.Tell("done");
  return 0;
}

using MembersByName = std::map<std::string, std::set<RecordId>>;

// From the rows, by hand.
MembersByName Expected(const Snapshot& now, RecordId last) {
  MembersByName members{{"open", {}}, {"due", {}}, {"open of the first", {}}};
  for (RecordId id = 1; id <= last; ++id) {
    const StatusOr<Record> chore = now.Get("chore", id);
    if (!chore.ok()) continue;
    const bool open = !*chore->Find("done")->As<bool>();
    if (open) members["open"].insert(id);
    if (open && *chore->Find("owner")->As<int64_t>() == 0) members["open of the first"].insert(id);
    const Timestamp at = *chore->Find("at")->As<Timestamp>();
    if (at <= now.now() && at.micros > now.now().micros - 1'000'000) members["due"].insert(id);
  }
  return members;
}

MembersByName Found(const Snapshot& now) {
  MembersByName found;
  for (const char* name : {"open", "due", "open of the first"}) {
    const StatusOr<Members> members = MembersOf(now, name);
    EXPECT_TRUE(Ok(members)) << name;
    found[name];
    if (members.ok()) members->ForEach([&](RecordId id) { found[name].insert(id); });
  }
  return found;
}

TEST(SegmentThreadsTest, WritersReadersAndASecondProcessAgree) {
  const store::test::Folder folder;
  StatusOr<Database> db = Database::Open(folder.File(), SharedOptions());
  ASSERT_TRUE(Ok(db));
  ASSERT_TRUE(Ok(db->AddEntity({.name = "chore",
                                .fields = {{.name = "owner", .type = ValueType::kInt64},
                                           {.name = "done", .type = ValueType::kBool},
                                           {.name = "at", .type = ValueType::kTimestamp}}})));
  ASSERT_TRUE(Ok(DefineSegment(&*db, "open", "chore", "done = false")));
  ASSERT_TRUE(Ok(DefineSegment(&*db, "due", "chore", "at <= now() and at > now() - interval '1 seconds'")));
  ASSERT_TRUE(Ok(DefineSegment(&*db, "open of the first", "chore", "owner = 0 and in segment 'open'")));
  kv::Child other("WriteSegmentsBeside", folder.File());
  ASSERT_EQ(other.Hear(), "ready");
  constexpr RecordId kMost = RecordId{kThreads + 1} * kCommits;

  std::atomic<int> writing = kThreads;
  std::vector<std::thread> threads;
  other.Tell("go");
  for (int writer = 0; writer < kThreads; ++writer) {
    threads.emplace_back([&, writer] {
      EXPECT_TRUE(Ok(WriteAll(&*db, writer)));
      --writing;
    });
  }
  int looks = 0;
  for (bool last = false; !last; ++looks) {
    last = writing == 0;
    const StatusOr<Snapshot> now = db->Read();
    ASSERT_TRUE(Ok(now));
    EXPECT_EQ(Found(*now), Expected(*now, kMost)) << "at commit " << now->position().sequence;
    if (looks % 8 == 0) {
      EXPECT_TRUE(Ok(db->Advance(now->now())));
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(other.Hear(), "done");
  EXPECT_EQ(other.Wait(), 0);
  EXPECT_GT(looks, 1);

  ASSERT_TRUE(Ok(db->Advance(db->Read()->now())));
  const Snapshot now = db->Read().value();
  const auto events = ReadSegmentEvents(now, {now.position().epoch, 0}, 1'000'000);
  ASSERT_TRUE(Ok(events));
  MembersByName replayed{{"open", {}}, {"due", {}}, {"open of the first", {}}};
  std::map<std::pair<std::string, RecordId>, Timestamp> last;
  for (const SegmentEvent& event : *events) {
    Timestamp& before = last.try_emplace({event.segment, event.record}, Timestamp::Min()).first->second;
    EXPECT_LE(before, event.at) << event.segment << " " << event.record;
    before = event.at;
    std::set<RecordId>& members = replayed[event.segment];
    const bool changed =
        event.entered ? members.insert(event.record).second : members.erase(event.record) > 0;
    EXPECT_TRUE(changed) << event.segment << " " << event.record << " at " << event.at.ToString();
  }
  const MembersByName expected = Expected(now, kMost);
  EXPECT_EQ(replayed["open"], expected.at("open"));
  EXPECT_EQ(replayed["open of the first"], expected.at("open of the first"));
  EXPECT_EQ(Found(now), expected);
  EXPECT_EQ(store::test::Findings(db->store().get()), "");
}

}  // namespace
}  // namespace relata
