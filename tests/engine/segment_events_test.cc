// Tests what a host reads of segments' events, and what segments were at earlier moments and days.
#include "relata/engine/segment_events.h"

#include <string>
#include <vector>

#include "relata/engine/change_log.h"
#include "tests/engine/fixture.h"

namespace relata {
namespace {

using crm::Order;
using crm::Relation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SegmentEventsTest : public EngineTest {
 protected:
  SegmentEventsTest() : EngineTest("2026-01-10T10:00:00Z") {
    Define("utrecht", "visiting.city = 'Utrecht'");
    Define("recent", "ordered_on > today() - 3", "order");
  }

  static Timestamp Moment(std::string_view at) { return Timestamp::Parse(at).value(); }
  Id<Relation> AddRelation(std::string_view city) {
    return database_
        ->Update([&](Transaction& tx) {
          tx.SetPrincipal("kim");
          tx.SetCause("call");
          return tx.Insert(Relation{.name = "Jansen", .visiting = {.city = std::string(city)}});
        })
        .value();
  }
  void Move(Id<Relation> id, std::string_view city) {
    ASSERT_TRUE(database_
                    ->Update([&](Transaction& tx) -> Status {
                      RELATA_ASSIGN_OR_RETURN(Relation moved, tx.Load(id));
                      moved.visiting.city = city;
                      return tx.Update(moved);
                    })
                    .ok());
  }
  // "+1 2026-01-10T10:00:00Z write", a line per event.
  std::vector<std::string> Events(std::string_view segment) {
    const Snapshot now = database_->Read().value();
    const auto events = ReadSegmentEvents(now, FirstSegmentEvents(now).value(), 1, segment);
    EXPECT_TRUE(events.ok()) << events.status();
    std::vector<std::string> lines;
    LogPosition after = FirstSegmentEvents(now).value();
    for (;;) {
      const std::vector<SegmentEvent> piece = ReadSegmentEvents(now, after, 1, segment).value();
      if (piece.empty()) return lines;
      for (const SegmentEvent& event : piece) {
        EXPECT_EQ(event.segment, segment);
        lines.push_back(event.entered ? "+" : "-");
        lines.back() += std::to_string(event.record) + " " + event.at.ToString() + " " +
                        std::string(SegmentCauseName(event.cause));
        if (!event.principal.empty()) lines.back() += " by " + event.principal + ", " + event.cause_text;
      }
      after = piece.back().position;
    }
  }
  std::vector<RecordId> MembersThen(std::string_view segment, std::string_view at) {
    const Snapshot now = database_->Read().value();
    const StatusOr<Members> members = MembersAt(now, segment, Moment(at));
    EXPECT_TRUE(members.ok()) << members.status();
    return members.ok() ? members->ToVector() : std::vector<RecordId>();
  }
};

TEST_F(SegmentEventsTest, TellWhoCameAndWentAndWhy) {
  const Id<Relation> first = AddRelation("Utrecht");
  SetClock("2026-01-11T10:00:00Z");
  const Id<Relation> second = AddRelation("Delft");
  Move(second, "Utrecht");
  SetClock("2026-01-12T10:00:00Z");
  Move(first, "Delft");
  EXPECT_THAT(Events("utrecht"),
              ElementsAre("+1 2026-01-10T10:00:00Z write by kim, call", "+2 2026-01-11T10:00:00Z write",
                          "-1 2026-01-12T10:00:00Z write"));
  EXPECT_THAT(MembersThen("utrecht", "2026-01-10T09:00:00Z"), IsEmpty());
  EXPECT_THAT(MembersThen("utrecht", "2026-01-10T10:00:00Z"), ElementsAre(1));
  EXPECT_THAT(MembersThen("utrecht", "2026-01-12T09:59:59Z"), ElementsAre(1, 2));
  EXPECT_THAT(MembersThen("utrecht", "2026-01-12T10:00:00Z"), ElementsAre(2));
  const Snapshot now = database_->Read().value();
  const auto sizes = SizeHistory(now, "utrecht", *Date::FromCivil(2026, 1, 9), *Date::FromCivil(2026, 1, 12));
  ASSERT_TRUE(sizes.ok()) << sizes.status();
  std::vector<uint64_t> counts;
  for (const DaySize& size : *sizes) counts.push_back(size.size);
  EXPECT_THAT(counts, ElementsAre(0, 1, 2, 1));
  EXPECT_EQ(sizes->front().day, *Date::FromCivil(2026, 1, 9));
}

TEST_F(SegmentEventsTest, TellWhatTimeDidWithItsMoment) {
  const Id<Relation> relation = AddRelation("Utrecht");
  ASSERT_TRUE(database_
                  ->Update([&](Transaction& tx) {
                    return tx.Insert(Order{.relation = relation,
                                           .ordered_on = *Date::FromCivil(2026, 1, 10),
                                           .total = Money::Eur(5)});
                  })
                  .ok());
  SetClock("2026-01-20T10:00:00Z");
  {
    const Snapshot now = database_->Read().value();
    EXPECT_TRUE(MembersOf(now, "recent")->ToVector().empty());
    const auto then = MembersAt(now, "recent", Moment("2026-01-18T10:00:00Z"));
    EXPECT_TRUE(absl::IsFailedPrecondition(then.status())) << then.status();
    EXPECT_THAT(std::string(then.status().message()), HasSubstr("call Advance first"));
    EXPECT_TRUE(absl::IsInvalidArgument(MembersAt(now, "recent", Moment("2026-01-21T10:00:00Z")).status()));
    EXPECT_TRUE(absl::IsNotFound(MembersAt(now, "recnt", now.now()).status()));
  }
  ASSERT_TRUE(database_->Advance(clock_->Now()).ok());
  // In Amsterdam the 13th begins an hour before it does in Greenwich.
  EXPECT_THAT(Events("recent"), ElementsAre("+1 2026-01-10T10:00:00Z write", "-1 2026-01-12T23:00:00Z time"));
  EXPECT_THAT(MembersThen("recent", "2026-01-12T22:59:59Z"), ElementsAre(1));
  EXPECT_THAT(MembersThen("recent", "2026-01-12T23:00:00Z"), IsEmpty());
  const Snapshot now = database_->Read().value();
  const auto sizes = SizeHistory(now, "recent", *Date::FromCivil(2026, 1, 11), *Date::FromCivil(2026, 1, 14));
  ASSERT_TRUE(sizes.ok()) << sizes.status();
  std::vector<uint64_t> counts;
  for (const DaySize& size : *sizes) counts.push_back(size.size);
  EXPECT_THAT(counts, ElementsAre(1, 1, 0, 0));
  EXPECT_TRUE(absl::IsInvalidArgument(
      SizeHistory(now, "recent", *Date::FromCivil(2026, 1, 11), *Date::FromCivil(2026, 1, 21)).status()));
}

TEST_F(SegmentEventsTest, AConsumerResumesWhereItWas) {
  ASSERT_TRUE(RegisterConsumer(database_.get(), "mail").ok());
  AddRelation("Utrecht");
  AddRelation("Utrecht");
  const auto read = [&] {
    const Snapshot now = database_->Read().value();
    return ReadSegmentEvents(now, FindConsumer(now, "mail")->position, 1).value();
  };
  std::vector<SegmentEvent> events = read();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events.front().record, 1u);
  EXPECT_EQ(read().front().record, 1u) << "not acknowledged: told again";
  ASSERT_TRUE(Acknowledge(database_.get(), "mail", events.back().position).ok());
  EXPECT_EQ(read().front().record, 2u);
}

}  // namespace
}  // namespace relata
