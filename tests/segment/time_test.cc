// The moments at which time alone changes who is in a segment: windows that pass, months of unlike length,
// leap days, hours that come twice. What a reader sees then, and the events that tell of it afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "relata/engine/database.h"
#include "relata/engine/segment_events.h"
#include "relata/engine/segments.h"
#include "tests/store/fixture.h"

namespace relata {
namespace {

using store::test::Ok;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

Timestamp At(std::string_view text) { return Timestamp::Parse(text).value(); }
Value Day(std::string_view text) { return Date::Parse(text).value(); }

// Parties with their calls, in Amsterdam.
class SegmentTimeTest : public testing::Test {
 protected:
  SegmentTimeTest() {
    db_.emplace(Database::Open(folder_.File(), store::test::SmallStore(clock_)).value());
    EXPECT_TRUE(Ok(db_->AddEntity({.name = "party",
                                   .fields = {{.name = "name"},
                                              {.name = "born", .type = ValueType::kDate},
                                              {.name = "plan", .type = ValueType::kTimestamp},
                                              {.name = "seen", .type = ValueType::kTimestamp}}})));
    EXPECT_TRUE(Ok(db_->AddEntity({.name = "call",
                                   .fields = {{.name = "party",
                                               .type = ValueType::kReference,
                                               .targets = {"party"},
                                               .on_delete = OnDelete::kCascade,
                                               .inverse = "calls"},
                                              {.name = "on_day", .type = ValueType::kDate}},
                                   .moment = "on_day"})));
  }

  void GoTo(std::string_view moment) { clock_->Set(At(moment)); }
  void Define(std::string_view expression) {
    EXPECT_TRUE(Ok(DefineSegment(&*db_, "segment", "party", expression)));
  }
  RecordId Insert(std::string_view entity, const std::vector<std::pair<std::string, Value>>& fields) {
    Record record(entity);
    for (const auto& [name, value] : fields) record.Set(name, value);
    const StatusOr<RecordId> id = db_->Update([&](Transaction& tx) { return tx.Insert(record); });
    EXPECT_TRUE(Ok(id));
    return id.value_or(0);
  }
  void Set(std::string_view entity, RecordId id, std::string_view field, Value value) {
    Record record(entity, id);
    record.Set(field, std::move(value));
    EXPECT_TRUE(Ok(db_->Update([&](Transaction& tx) { return tx.Update(record); })));
  }
  void Delete(std::string_view entity, RecordId id) {
    EXPECT_TRUE(Ok(db_->Update([&](Transaction& tx) { return tx.Delete(entity, id); })));
  }
  void Advance() { EXPECT_TRUE(Ok(db_->Advance(clock_->Now()))); }

  // Who is in the segment when the clock shows this moment.
  std::vector<RecordId> MembersWhen(std::string_view moment) {
    GoTo(moment);
    return MembersNow();
  }
  std::vector<RecordId> MembersNow() {
    const StatusOr<Members> members = MembersOf(*db_->Read(), "segment");
    EXPECT_TRUE(Ok(members));
    return members.ok() ? members->ToVector() : std::vector<RecordId>{0};
  }
  // What came since it was last asked: "1 left 2026-03-31T22:00:00Z time".
  std::vector<std::string> News() {
    std::vector<std::string> news;
    const Snapshot now = db_->Read().value();
    const auto events = ReadSegmentEvents(now, {now.position().epoch, read_to_.sequence}, 1'000);
    EXPECT_TRUE(Ok(events));
    if (!events.ok()) return news;
    for (const SegmentEvent& event : *events) {
      news.push_back(StrCat(event.record, event.entered ? " entered " : " left ", event.at.ToString(), " ",
                            SegmentCauseName(event.cause)));
    }
    read_to_ = now.position();
    return news;
  }

  store::test::Folder folder_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>(At("2026-01-01T09:00:00Z"));
  std::optional<Database> db_;
  LogPosition read_to_;
};

TEST_F(SegmentTimeTest, EnteredAtTenLeftAtEleven) {
  Define("plan <= now() and plan > now() - interval '1 hours'");
  const RecordId id = Insert("party", {{"plan", At("2026-01-01T10:00:00Z")}});
  EXPECT_THAT(News(), ElementsAre());
  // It comes and goes while nobody looks; the write that would hide it tells of it first.
  GoTo("2026-01-01T12:00:00Z");
  Set("party", id, "plan", Value());
  EXPECT_THAT(News(), ElementsAre("1 entered 2026-01-01T10:00:00Z time", "1 left 2026-01-01T11:00:00Z time"));
}

TEST_F(SegmentTimeTest, AWriteAndTheTimeSinceAreToldApart) {
  Define("seen >= now() - interval '1 hours'");
  const RecordId id = Insert("party", {{"seen", At("2026-01-01T09:00:00Z")}});
  EXPECT_THAT(News(), ElementsAre("1 entered 2026-01-01T09:00:00Z write"));
  GoTo("2026-01-01T12:00:00Z");
  Set("party", id, "seen", At("2026-01-01T11:30:00Z"));
  EXPECT_THAT(News(),
              ElementsAre("1 left 2026-01-01T10:00:00.000001Z time", "1 entered 2026-01-01T12:00:00Z write"));
  GoTo("2026-01-01T12:15:00Z");
  Delete("party", id);
  EXPECT_THAT(News(), ElementsAre("1 left 2026-01-01T12:15:00Z write"));
}

TEST_F(SegmentTimeTest, ReadersSeeTimePassWithoutAnyoneWriting) {
  Define("plan <= now() and plan > now() - interval '1 hours'");
  Insert("party", {{"plan", At("2026-01-01T10:00:00Z")}});
  const LogPosition written = db_->Read()->position();
  const Snapshot before = db_->Read().value();
  EXPECT_THAT(MembersWhen("2026-01-01T09:59:59.999999Z"), ElementsAre());
  EXPECT_THAT(MembersWhen("2026-01-01T10:00:00Z"), ElementsAre(1));
  const Snapshot during = db_->Read().value();
  EXPECT_THAT(MembersWhen("2026-01-01T10:59:59.999999Z"), ElementsAre(1));
  EXPECT_THAT(MembersWhen("2026-01-01T11:00:00Z"), ElementsAre());
  EXPECT_EQ(db_->Read()->position(), written);
  EXPECT_THAT(News(), ElementsAre());
  // Each snapshot keeps its own now.
  EXPECT_EQ(MembersOf(before, "segment")->size(), 0U);
  EXPECT_EQ(MembersOf(during, "segment")->size(), 1U);
  EXPECT_TRUE(*IsMember(during, "segment", 1));
  Advance();
  EXPECT_THAT(News(), ElementsAre("1 entered 2026-01-01T10:00:00Z time", "1 left 2026-01-01T11:00:00Z time"));
  EXPECT_EQ(MembersOf(during, "segment")->size(), 1U);
  Advance();
  EXPECT_THAT(News(), ElementsAre());
}

// The last day of March is a month after the last of February, and so are the three days before it.
TEST_F(SegmentTimeTest, MonthsOfUnlikeLength) {
  Define("exists(calls where on_day >= today() - interval '1 month')");
  const RecordId id = Insert("party", {});
  GoTo("2026-02-28T09:00:00Z");
  Insert("call", {{"party", Value(Reference{id})}, {"on_day", Day("2026-02-28")}});
  EXPECT_THAT(News(), ElementsAre("1 entered 2026-02-28T09:00:00Z write"));
  EXPECT_THAT(MembersWhen("2026-03-28T12:00:00Z"), ElementsAre(1));
  EXPECT_THAT(MembersWhen("2026-03-31T21:59:59.999999Z"), ElementsAre(1));
  EXPECT_THAT(MembersWhen("2026-03-31T22:00:00Z"), ElementsAre());  // 1 April in Amsterdam
  GoTo("2026-04-20T12:00:00Z");
  Advance();
  EXPECT_THAT(News(), ElementsAre("1 left 2026-03-31T22:00:00Z time"));
}

// From 2:00 to 3:00 on 25 October the clocks of Amsterdam show each minute twice, so a month ago comes twice.
TEST_F(SegmentTimeTest, AnHourRepeatedInOctoberFlipsTwice) {
  GoTo("2026-10-01T09:00:00Z");
  Define("seen >= now() - interval '1 months'");
  Insert("party", {{"seen", At("2026-09-25T00:30:00Z")}});  // 2:30
  EXPECT_THAT(News(), ElementsAre("1 entered 2026-10-01T09:00:00Z write"));
  EXPECT_THAT(MembersWhen("2026-10-25T00:30:00Z"), ElementsAre(1));
  EXPECT_THAT(MembersWhen("2026-10-25T00:59:59.999999Z"), ElementsAre());
  EXPECT_THAT(MembersWhen("2026-10-25T01:00:00Z"), ElementsAre(1));
  EXPECT_THAT(MembersWhen("2026-10-25T01:30:00.000001Z"), ElementsAre());
  GoTo("2026-10-26T12:00:00Z");
  Advance();
  EXPECT_THAT(News(),
              ElementsAre("1 left 2026-10-25T00:30:00.000001Z time", "1 entered 2026-10-25T01:00:00Z time",
                          "1 left 2026-10-25T01:30:00.000001Z time"));
}

// On 29 March the clocks skip from 2:00 to 3:00: days begin at 23:00 in UTC before it and at 22:00 after.
TEST_F(SegmentTimeTest, DaysOfTwentyThreeHours) {
  Define("plan in this week");
  Insert("party", {{"plan", At("2026-03-29T21:59:59Z")}});  // the last second of that Sunday
  Insert("party", {{"plan", At("2026-03-29T22:00:00Z")}});
  GoTo("2026-04-10T12:00:00Z");
  Advance();
  EXPECT_THAT(News(), UnorderedElementsAre(
                          "1 entered 2026-03-22T23:00:00Z time", "1 left 2026-03-29T22:00:00Z time",
                          "2 entered 2026-03-29T22:00:00Z time", "2 left 2026-04-05T22:00:00Z time"));
}

TEST_F(SegmentTimeTest, LeapDays) {
  Define("anniversary(born, within 1 days)");
  Insert("party", {{"born", Day("2024-02-29")}});
  EXPECT_THAT(MembersWhen("2026-02-28T12:00:00Z"), ElementsAre(1));
  EXPECT_THAT(MembersWhen("2027-02-28T12:00:00Z"), ElementsAre(1));
  EXPECT_THAT(MembersWhen("2028-02-28T12:00:00Z"), ElementsAre());
  EXPECT_THAT(MembersWhen("2028-02-29T12:00:00Z"), ElementsAre(1));
  GoTo("2028-03-02T12:00:00Z");
  Advance();
  EXPECT_THAT(News(), ElementsAre("1 entered 2026-02-27T23:00:00Z time", "1 left 2026-02-28T23:00:00Z time",
                                  "1 entered 2027-02-27T23:00:00Z time", "1 left 2027-02-28T23:00:00Z time",
                                  "1 entered 2028-02-28T23:00:00Z time", "1 left 2028-02-29T23:00:00Z time"));
}

TEST_F(SegmentTimeTest, ComingOfAge) {
  Define("age(born) >= 18");
  Insert("party", {{"born", Day("2008-02-29")}});
  Insert("party", {{"born", Day("2008-07-01")}});
  EXPECT_THAT(MembersWhen("2026-02-27T22:59:59Z"), ElementsAre());
  EXPECT_THAT(MembersWhen("2026-02-27T23:00:00Z"), ElementsAre(1));
  EXPECT_THAT(MembersWhen("2026-06-30T22:00:00Z"), ElementsAre(1, 2));
  Advance();
  EXPECT_THAT(News(), UnorderedElementsAre("1 entered 2026-02-27T23:00:00Z time",
                                           "2 entered 2026-06-30T22:00:00Z time"));
}

TEST_F(SegmentTimeTest, NotCalledForSixtyDays) {
  Define("none(calls where on_day >= today() - 60)");
  const RecordId id = Insert("party", {});
  EXPECT_THAT(News(), ElementsAre("1 entered 2026-01-01T09:00:00Z write"));
  const RecordId call = Insert("call", {{"party", Value(Reference{id})}, {"on_day", Day("2026-01-01")}});
  EXPECT_THAT(News(), ElementsAre("1 left 2026-01-01T09:00:00Z write"));
  EXPECT_THAT(MembersWhen("2026-03-02T22:59:59Z"), ElementsAre());
  EXPECT_THAT(MembersWhen("2026-03-02T23:00:00Z"), ElementsAre(1));
  // A call on that very morning: the change that was due comes first.
  GoTo("2026-03-03T08:00:00Z");
  Set("call", call, "on_day", Day("2026-03-03"));
  EXPECT_THAT(News(),
              ElementsAre("1 entered 2026-03-02T23:00:00Z time", "1 left 2026-03-03T08:00:00Z write"));
  GoTo("2026-03-04T08:00:00Z");
  Delete("call", call);
  EXPECT_THAT(News(), ElementsAre("1 entered 2026-03-04T08:00:00Z write"));
}

// Years pass in one step; each anniversary is told.
TEST_F(SegmentTimeTest, YearsAtOnce) {
  Define("month(born) = month(today())");
  Insert("party", {{"born", Day("1990-05-05")}});
  GoTo("2029-01-01T09:00:00Z");
  EXPECT_THAT(MembersNow(), ElementsAre());
  Advance();
  EXPECT_THAT(News(), ElementsAre("1 entered 2026-04-30T22:00:00Z time", "1 left 2026-05-31T22:00:00Z time",
                                  "1 entered 2027-04-30T22:00:00Z time", "1 left 2027-05-31T22:00:00Z time",
                                  "1 entered 2028-04-30T22:00:00Z time", "1 left 2028-05-31T22:00:00Z time"));
}

}  // namespace
}  // namespace relata
