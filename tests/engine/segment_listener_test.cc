// Tests calls for records that enter and leave segments: when they come, in which order, and when they end.
#include "relata/engine/segment_listener.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "src/segment/upkeep.h"
#include "tests/engine/fixture.h"

namespace relata {
namespace {

using crm::Relation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SegmentListenerTest : public EngineTest {
 protected:
  SegmentListenerTest() {
    Define("utrecht", "visiting.city = 'Utrecht'");
    Define("new", "acquisition.acquired_on >= today() - 7");
  }

  static Id<Relation> Add(Database* database, std::string_view city) {
    return database
        ->Update([&](Transaction& tx) {
          return tx.Insert(Relation{.name = "Jansen",
                                    .visiting = {.city = std::string(city)},
                                    .acquisition = {.acquired_on = Date::Parse("2026-01-15").value()}});
        })
        .value();
  }
  // "+1 utrecht" for each call.
  std::function<void(const SegmentEvent&)> Note() {
    return [this](const SegmentEvent& event) {
      calls_.push_back((event.entered ? "+" : "-") + std::to_string(event.record) + " " + event.segment);
    };
  }

  std::vector<std::string> calls_;
};

TEST_F(SegmentListenerTest, IsCalledAfterTheCommit) {
  StatusOr<SegmentListener> all = OnSegmentEvents(database_.get(), Note());
  ASSERT_TRUE(all.ok()) << all.status();
  Add(database_.get(), "Utrecht");
  EXPECT_THAT(calls_, testing::UnorderedElementsAre("+1 utrecht", "+1 new"));
  calls_.clear();
  Add(database_.get(), "Zeist");
  EXPECT_THAT(calls_, ElementsAre("+2 new"));
  calls_.clear();
  const Status refused = database_->Update([](Transaction& tx) -> Status {
    RELATA_RETURN_IF_ERROR(tx.Delete("relation", 1));
    return absl::CancelledError("not today");
  });
  EXPECT_FALSE(refused.ok());
  EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(SegmentListenerTest, HearsOfOneSegmentAsLongAsItLives) {
  {
    const StatusOr<SegmentListener> one = OnSegmentEvents(database_.get(), Note(), "utrecht");
    ASSERT_TRUE(one.ok()) << one.status();
    Add(database_.get(), "Utrecht");
  }
  Add(database_.get(), "Utrecht");
  EXPECT_THAT(calls_, ElementsAre("+1 utrecht"));
  EXPECT_THAT(OnSegmentEvents(database_.get(), Note(), "utrehct").status().message(), HasSubstr("'utrecht'"));
}

TEST_F(SegmentListenerTest, HearsWhatTimeChanges) {
  Add(database_.get(), "Zeist");
  const StatusOr<SegmentListener> one = OnSegmentEvents(database_.get(), Note(), "new");
  ASSERT_TRUE(one.ok()) << one.status();
  SetClock("2026-01-23T10:00:00Z");
  EXPECT_THAT(calls_, IsEmpty());
  ASSERT_TRUE(database_->Advance(clock_->Now()).ok());
  EXPECT_THAT(calls_, ElementsAre("-1 new"));
}

TEST_F(SegmentListenerTest, MayWrite) {
  StatusOr<SegmentListener> one = OnSegmentEvents(
      database_.get(),
      [&](const SegmentEvent& event) {
        Note()(event);
        if (event.record < 3) Add(database_.get(), "Utrecht");
      },
      "utrecht");
  ASSERT_TRUE(one.ok()) << one.status();
  Add(database_.get(), "Utrecht");
  EXPECT_THAT(calls_, ElementsAre("+1 utrecht", "+2 utrecht", "+3 utrecht"));
}

TEST_F(SegmentListenerTest, HearsOfAnotherOpenStoreWhenAsked) {
  const StatusOr<SegmentListener> one = OnSegmentEvents(database_.get(), Note(), "utrecht");
  ASSERT_TRUE(one.ok()) << one.status();
  {
    const std::unique_ptr<Database> other = Open();
    Add(other.get(), "Utrecht");
  }
  EXPECT_THAT(calls_, IsEmpty());
  ASSERT_TRUE(TellSegmentEvents(database_.get()).ok());
  EXPECT_THAT(calls_, ElementsAre("+1 utrecht"));
}

TEST_F(SegmentListenerTest, IsCalledWhenABulkLoadIsFinished) {
  const StatusOr<SegmentListener> one = OnSegmentEvents(database_.get(), Note(), "utrecht");
  ASSERT_TRUE(one.ok()) << one.status();
  BulkLoad load = BulkLoad::Begin(database_.get(), {"relation"}, {.chunk_rows = 2}).value();
  for (std::string_view city : {"Utrecht", "Delft", "Utrecht", "Utrecht", "Delft"}) {
    ASSERT_TRUE(load.Insert(Relation{.name = "Smit", .visiting = {.city = std::string(city)}}).ok());
  }
  EXPECT_THAT(calls_, IsEmpty());
  ASSERT_TRUE(load.Finish().ok());
  EXPECT_THAT(calls_, ElementsAre("+1 utrecht", "+3 utrecht", "+4 utrecht"));
}

// A listener is added with the position that its snapshot had, and others may have heard more by then.
TEST_F(SegmentListenerTest, WhoComesLaterRepeatsNothingForOthers) {
  const LogPosition before = database_->Read()->position();
  const StatusOr<SegmentListener> one = OnSegmentEvents(database_.get(), Note(), "utrecht");
  ASSERT_TRUE(one.ok()) << one.status();
  Add(database_.get(), "Utrecht");
  std::vector<RecordId> late;
  segment::Listeners& listeners = database_->upkeep()->listeners();
  const uint64_t id = listeners.Add(
      0, before, [&](const store::Reader&, const segment::ToldCommit&, const segment::Flip& flip) {
        late.push_back(flip.record);
      });
  Add(database_.get(), "Utrecht");
  listeners.Remove(id);
  EXPECT_THAT(calls_, ElementsAre("+1 utrecht", "+2 utrecht"));
  EXPECT_THAT(late, ElementsAre(1, 1, 2, 2));
}

TEST_F(SegmentListenerTest, WhoComesAmidTheTellingMissesNothing) {
  const LogPosition before = database_->Read()->position();
  for (int i = 0; i < 3; ++i) Add(database_.get(), "Zeist");
  segment::Listeners& listeners = database_->upkeep()->listeners();
  std::vector<RecordId> first;
  std::vector<RecordId> late;
  const auto hear_late = [&](const store::Reader&, const segment::ToldCommit&, const segment::Flip& flip) {
    late.push_back(flip.record);
  };
  const auto hear = [&](const store::Reader&, const segment::ToldCommit&, const segment::Flip& flip) {
    first.push_back(flip.record);
    if (flip.record == 2) listeners.Add(0, before, hear_late);
  };
  listeners.Add(0, before, hear);
  ASSERT_TRUE(listeners.Tell().ok());
  EXPECT_THAT(first, ElementsAre(1, 2, 3));
  EXPECT_THAT(late, ElementsAre(1, 2, 3));
}

TEST_F(SegmentListenerTest, HearsEveryCommitOfManyThreadsOnce) {
  constexpr int kThreads = 4;
  constexpr int kEach = 25;
  std::multiset<RecordId> heard;
  StatusOr<SegmentListener> one = OnSegmentEvents(
      database_.get(), [&](const SegmentEvent& event) { heard.insert(event.record); }, "utrecht");
  ASSERT_TRUE(one.ok()) << one.status();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < kEach; ++k) Add(database_.get(), "Utrecht");
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::multiset<RecordId> expected;
  for (RecordId id = 1; id <= kThreads * kEach; ++id) expected.insert(id);
  EXPECT_EQ(heard, expected);
}

}  // namespace
}  // namespace relata
