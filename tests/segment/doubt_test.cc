// What the file has of segments' members and cannot be trusted: chunks that are damaged, and members that
// were computed with another ICU or other time-zone data. Readers are told the truth all the same, and the
// next commits make the file true again.
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "relata/engine/database.h"
#include "relata/engine/maintenance.h"
#include "relata/engine/segment_events.h"
#include "relata/engine/segments.h"
#include "src/base/coding.h"
#include "src/kv/environment.h"
#include "src/segment/checkpoint.h"
#include "src/store/store.h"
#include "tests/store/fixture.h"

namespace relata {
namespace {

using store::test::Ok;

constexpr int kManyCommits = 1'100;  // more than a checkpoint waits for

class SegmentDoubtTest : public testing::Test {
 protected:
  SegmentDoubtTest() {
    Open();
    EXPECT_TRUE(Ok(db_->AddEntity({.name = "party", .fields = {{.name = "name"}}})));
    EXPECT_TRUE(Ok(DefineSegment(&*db_, "even", "party", "name = 'even'")));
    EXPECT_TRUE(Ok(DefineSegment(&*db_, "odd", "party", "name <> 'even'")));
    EXPECT_TRUE(Ok(DefineSegment(&*db_, "uses even", "party", "in segment 'even' and id > 1000")));
    for (int i = 1; i <= kManyCommits; ++i) Insert(i % 2 == 0 ? "even" : "odd");
  }

  void Open() {
    db_.reset();
    db_.emplace(Database::Open(folder_.File(), store::test::SmallStore(clock_)).value());
  }
  void Insert(std::string_view name) {
    Record record("party");
    record.Set("name", std::string(name));
    EXPECT_TRUE(Ok(db_->Update([&](Transaction& tx) { return tx.Insert(record); })));
  }
  // Changes the tree of members behind the segments' back, and opens the store anew.
  void Tamper(const std::function<Status(kv::WriteTransaction&, kv::Tree)>& change) {
    {
      StatusOr<kv::WriteTransaction> txn = db_->store()->environment()->BeginWrite();
      ASSERT_TRUE(Ok(txn));
      ASSERT_TRUE(Ok(change(*txn, db_->store()->trees().segments)));
      ASSERT_TRUE(Ok(txn->Commit()));
    }
    Open();
  }
  // Of the first segment, whose members are all in one chunk.
  void Damage() {
    Tamper([](kv::WriteTransaction& txn, kv::Tree tree) -> Status {
      std::string key(12, '\0');
      StoreBE32(key.data(), 1);
      std::string_view value;
      if (!txn.Find(tree, key, &value)) return absl::NotFoundError("no checkpoint was written");
      std::string damaged(value);
      damaged[damaged.size() / 2] ^= 1;
      return txn.Put(tree, key, damaged);
    });
  }

  uint64_t Size(const Reader& reader, std::string_view segment) {
    const StatusOr<Members> members = MembersOf(reader, segment);
    EXPECT_TRUE(Ok(members));
    return members.ok() ? members->size() : 0;
  }
  // The names of those whose members are kept.
  std::vector<std::string> Ready() {
    std::vector<std::string> ready;
    const std::vector<Segment> segments = Segments(*db_->Read()).value();
    for (const Segment& segment : segments) {
      if (segment.ready) ready.push_back(segment.name);
    }
    return ready;
  }
  // The members that events from the beginning on lead to.
  std::set<RecordId> Replayed(std::string_view segment) {
    const Snapshot now = db_->Read().value();
    std::set<RecordId> members;
    const LogPosition first{now.position().epoch, 0};
    const std::vector<SegmentEvent> events = ReadSegmentEvents(now, first, 100'000, segment).value();
    for (const SegmentEvent& event : events) {
      event.entered ? (void)members.insert(event.record) : (void)members.erase(event.record);
    }
    return members;
  }

  store::test::Folder folder_;
  std::shared_ptr<ManualClock> clock_ = store::test::StandingClock();
  std::optional<Database> db_;
};

TEST_F(SegmentDoubtTest, DamagedMembersAreComputedUntilACommitHasThemAnew) {
  const Timestamp before = clock_->Now();
  clock_->Advance(Duration{3'600'000'000});
  Damage();
  auto first = std::make_unique<Snapshot>(db_->Read().value());
  EXPECT_EQ(Size(*first, "even"), 550U);
  EXPECT_EQ(Size(*first, "odd"), 550U);
  EXPECT_EQ(Size(*first, "uses even"), 50U);
  EXPECT_EQ(Ready(), (std::vector<std::string>{"odd", "uses even"}));
  EXPECT_EQ(CheckDatabase(*db_)->total_findings, 1U);

  // What uses a segment is not told of its changes while it is pending: it is pending too.
  Insert("even");
  EXPECT_EQ(Size(*db_->Read(), "even"), 551U);
  EXPECT_EQ(Size(*db_->Read(), "uses even"), 51U);
  EXPECT_EQ(Size(*first, "even"), 550U);
  EXPECT_EQ(Ready(), (std::vector<std::string>{"odd"}));
  first.reset();
  Open();
  Insert("even");
  EXPECT_EQ(Size(*db_->Read(), "even"), 552U);

  ASSERT_TRUE(Ok(db_->Advance(clock_->Now())));
  EXPECT_EQ(Ready().size(), 3U);
  Open();
  EXPECT_EQ(Ready().size(), 3U);
  EXPECT_EQ(Size(*db_->Read(), "even"), 552U);
  EXPECT_EQ(Size(*db_->Read(), "uses even"), 52U);
  EXPECT_TRUE(CheckDatabase(*db_)->findings.empty());
  EXPECT_EQ(Replayed("even").size(), 552U);
  // Who was a member before is not known any more, of the others it is.
  EXPECT_TRUE(absl::IsOutOfRange(MembersAt(*db_->Read(), "even", before).status()));
  EXPECT_EQ(MembersAt(*db_->Read(), "odd", before)->size(), 550U);
}

TEST_F(SegmentDoubtTest, AStoreThatIsOnlyReadComputesDamagedMembersEachTime) {
  Damage();
  db_.reset();
  Options options = store::test::SmallStore(clock_);
  options.read_only = true;
  const Database reading = Database::Open(folder_.File(), options).value();
  EXPECT_EQ(Size(*reading.Read(), "even"), 550U);
  EXPECT_EQ(Size(*reading.Read(), "uses even"), 50U);
}

TEST_F(SegmentDoubtTest, OtherVersionsOfIcuOrTimeZonesMakeAllPending) {
  // As another version might have computed it: one is missing, one is too many.
  Tamper([](kv::WriteTransaction& txn, kv::Tree tree) -> Status {
    segment::SegmentState state;
    RELATA_RETURN_IF_ERROR(segment::ReadState(txn, tree, 1, &state));
    state.bits.Set(2, false);
    state.bits.Set(3, true);
    size_t bytes = 0;
    RELATA_RETURN_IF_ERROR(segment::WriteChunk(&txn, tree, 1, state.bits, 0, &bytes));
    RELATA_ASSIGN_OR_RETURN(const std::string versions, segment::ReadVersions(txn, tree));
    EXPECT_EQ(versions, segment::OwnVersions());
    return segment::WriteVersions(&txn, tree, "71.1 2019a");
  });
  const auto is_true = [&](uint64_t more) {
    const Snapshot now = db_->Read().value();
    EXPECT_EQ(Size(now, "even"), 550U + more);
    EXPECT_FALSE(*IsMember(now, "even", 3));
    EXPECT_TRUE(*IsMember(now, "even", 2));
  };
  is_true(0);
  EXPECT_TRUE(Ready().empty());
  Insert("even");
  is_true(1);
  ASSERT_TRUE(Ok(db_->Advance(clock_->Now())));
  is_true(1);
  EXPECT_EQ(Ready().size(), 3U);
  Open();
  EXPECT_EQ(Ready().size(), 3U);
  is_true(1);
  EXPECT_TRUE(CheckDatabase(*db_)->findings.empty());
  // The events tell of the two that are different, of the new one, and of no other.
  int different = 0;
  const Snapshot now = db_->Read().value();
  const LogPosition before{now.position().epoch, kManyCommits};
  const std::vector<SegmentEvent> events = ReadSegmentEvents(now, before, 10'000, "even").value();
  for (const SegmentEvent& event : events) {
    if (event.cause == SegmentCause::kDefinition) ++different;
  }
  EXPECT_EQ(different, 3);
}

}  // namespace
}  // namespace relata
