// Tests former values: was, changed and held, what they compile to and what they say of a record's history.
#include <gmock/gmock.h>

#include "tests/expr/evaluate_fixture.h"

namespace relata::expr::test {
namespace {

using testing::HasSubstr;

class HistoryTest : public EvaluateTest {
 protected:
  HistoryTest() {
    const auto history = [](FieldSpec spec) {
      spec.options.history = true;
      return spec;
    };
    Add({.name = "deal",
         .fields = {history({.name = "stage",
                             .type = ValueType::kEnum,
                             .nullable = false,
                             .labels = {"new", "offer", "won", "lost"}}),
                    history({.name = "owner", .type = ValueType::kText}),
                    history({.name = "chance", .type = ValueType::kDecimal, .scale = 2}),
                    history({.name = "due", .type = ValueType::kDate}),
                    history({.name = "party", .type = ValueType::kReference, .targets = {"party"}}),
                    {.name = "note", .type = ValueType::kText}}});
  }

  void Set(RecordId id, std::string_view field, Value value) {
    const Status status = store_->Update({}, [&](store::Transaction& tx) -> Status {
      Record record("deal", id);
      record.Set(field, std::move(value));
      return tx.Update(record);
    });
    ASSERT_TRUE(status.ok()) << status;
  }
  void Wait(int64_t days) { clock_->Advance(Duration{days * kDay}); }
  std::string Deal(RecordId id, std::string_view text) { return Of("deal", id, text); }

  static constexpr int64_t kDay = int64_t{86'400} * 1'000'000;
};

TEST_F(HistoryTest, WasAsksEveryValueUpToNow) {
  const RecordId id = Insert("deal", {{"owner", "anna"}});
  Wait(3);
  Set(id, "owner", "bert");
  Set(id, "stage", "offer");
  Wait(3);
  Set(id, "owner", Value());
  for (std::string_view owner : {"anna", "bert"}) {
    EXPECT_EQ(Deal(id, StrCat("was(owner, '", owner, "')")), "true") << owner;
  }
  EXPECT_EQ(Deal(id, "was(owner, 'carl')"), "false");
  EXPECT_EQ(Deal(id, "not was(owner, 'carl')"), "true");
  EXPECT_EQ(Deal(id, "was(owner, null)"), "null");
  EXPECT_EQ(Deal(id, "was(owner, note)"), "null");
  EXPECT_EQ(Deal(id, "was(stage, 'offer')"), "true");
  EXPECT_EQ(Deal(id, "was(stage, 'won')"), "false");
  // The present value counts where the history has none: nothing was ever written of it.
  const RecordId plain = Insert("deal", {});
  EXPECT_EQ(Deal(plain, "was(stage, 'new')"), "true");
  EXPECT_EQ(Deal(plain, "was(stage, 'offer')"), "false");
  EXPECT_EQ(Deal(plain, "was(owner, 'anna')"), "false");
}

// The value asked for may be that of related records.
TEST_F(HistoryTest, WasAsksForAValueOfOthers) {
  const Value party = Reference{Party()};
  const RecordId id = Insert("deal", {{"owner", "anna"}, {"party", party}});
  Insert("deal", {{"owner", "bert"}, {"party", party}});
  EXPECT_EQ(Deal(id, "was(owner, last(party.deals.owner))"), "false");
  Wait(1);
  Set(id, "owner", "bert");
  EXPECT_EQ(Deal(id, "was(owner, last(party.deals.owner))"), "true");
  EXPECT_EQ(Deal(id, "was(owner, min(party.deals.owner where owner < 'b'))"), "null");
}

TEST_F(HistoryTest, ValuesOfEveryKind) {
  const RecordId a = Party();
  const RecordId b = Party();
  const RecordId id = Insert(
      "deal", {{"chance", Decimal{50, 2}}, {"due", Day("2026-07-01")}, {"party", Value(Reference{a})}});
  Wait(1);
  Set(id, "chance", Decimal{75, 2});
  Set(id, "due", Day("2026-08-01"));
  Set(id, "party", Value(Reference{b}));
  EXPECT_EQ(Deal(id, "was(chance, 0.5)"), "true");
  EXPECT_EQ(Deal(id, "was(chance, 0.75)"), "true");
  EXPECT_EQ(Deal(id, "was(chance, 1)"), "false");
  EXPECT_EQ(Deal(id, "was(due, date '2026-07-01')"), "true");
  EXPECT_EQ(Deal(id, "was(due, '2026-07-02')"), "false");
  EXPECT_EQ(Deal(id, StrCat("was(party, ", a, ")")), "true");
  EXPECT_EQ(Deal(id, "was(party, party)"), "true");
  EXPECT_EQ(Deal(id, "was(party, 99)"), "false");
}

TEST_F(HistoryTest, ChangedAsksForAnotherValueInTheWindow) {
  const RecordId id = Insert("deal", {{"owner", "anna"}});
  EXPECT_EQ(Deal(id, "changed(owner, within 30 days)"), "false");  // what it was made with
  Wait(10);
  EXPECT_EQ(Deal(id, "changed(stage, within 30 days)"), "false");
  Set(id, "owner", "bert");
  Set(id, "stage", "offer");  // the first entry of this field, yet not what it was made with
  EXPECT_EQ(Deal(id, "changed(owner, within 30 days)"), "true");
  EXPECT_EQ(Deal(id, "changed(stage, within 30 days)"), "true");
  EXPECT_EQ(Deal(id, "changed(due, within 30 days)"), "false");
  // `within 30 days` begins with the day 30 days ago.
  Wait(30);
  EXPECT_EQ(Deal(id, "changed(owner, within 30 days)"), "true");
  Wait(1);
  EXPECT_EQ(Deal(id, "changed(owner, within 30 days)"), "false");
  EXPECT_EQ(Deal(id, "changed(owner, within 31 days)"), "true");
  EXPECT_EQ(Deal(id, "changed(owner, within last month)"), "true");
  EXPECT_EQ(Deal(id, "changed(owner, within this month)"), "false");
  // To nothing is another value too.
  Set(id, "owner", Value());
  EXPECT_EQ(Deal(id, "changed(owner, within 1 hour)"), "true");
  clock_->Advance(Duration{kDay / 24});
  EXPECT_EQ(Deal(id, "changed(owner, within 1 hour)"), "true");  // at its very edge
  clock_->Advance(Duration{1});
  EXPECT_EQ(Deal(id, "changed(owner, within 1 hour)"), "false");
}

TEST_F(HistoryTest, AValueForNoTimeIsNoChange) {
  const RecordId id = Insert("deal", {{"owner", "anna"}});
  Wait(1);
  Set(id, "owner", "bert");
  Set(id, "owner", "anna");  // at the same moment
  EXPECT_EQ(Deal(id, "changed(owner, within 30 days)"), "false");
  EXPECT_EQ(Deal(id, "was(owner, 'bert')"), "false");
  EXPECT_EQ(Deal(id, "held(owner, 'anna') = interval '1 day'"), "true");
}

TEST_F(HistoryTest, HeldIsSinceTheValueLastBegan) {
  const RecordId id = Insert("deal", {{"owner", "anna"}});
  Wait(2);
  EXPECT_EQ(Deal(id, "held(owner, 'anna') = interval '2 days'"), "true");
  EXPECT_EQ(Deal(id, "held(stage, 'new') = interval '2 days'"), "true");  // since it was made
  Set(id, "owner", "bert");
  Wait(3);
  EXPECT_EQ(Deal(id, "held(owner, 'anna')"), "null");
  EXPECT_EQ(Deal(id, "held(owner, 'bert') = interval '3 days'"), "true");
  EXPECT_EQ(Deal(id, "held(owner, null)"), "null");
  Set(id, "owner", "anna");
  Wait(4);
  EXPECT_EQ(Deal(id, "held(owner, 'anna') = interval '4 days'"), "true");
  EXPECT_EQ(Deal(id, "held(owner, 'anna') > interval '3 days'"), "true");
  EXPECT_EQ(Deal(id, "held(owner, 'anna') > interval '4 days'"), "false");
  Set(id, "note", "no matter");
  EXPECT_EQ(Deal(id, "held(owner, 'anna') = interval '4 days'"), "true");
}

TEST_F(HistoryTest, OfRelatedRecordsAndAtAnotherMoment) {
  const RecordId party = Party();
  const RecordId id = Insert("deal", {{"party", Value(Reference{party})}, {"owner", "anna"}});
  Wait(5);
  Set(id, "owner", "bert");
  EXPECT_EQ(Of(party, "exists(deals where was(owner, 'anna') and owner = 'bert')"), "true");
  EXPECT_EQ(Of(party, "exists(deals where changed(owner, within 7 days))"), "true");
  EXPECT_EQ(Of(party, "exists(deals where was(owner, 'carl'))"), "false");

  const store::Snapshot now = store_->Read().value();
  const store::TypeRuntime& type = *now.schema().Find("deal");
  const auto at = [&](std::string_view text, Timestamp moment) {
    const Program program = Compile(Parse(text).value(), type, now.shared_schema(), text).value();
    RowEvaluator evaluator(program, now, moment);
    return Show(program.type(), evaluator.Evaluate(id, now.Get(type, id).value()).value());
  };
  const Timestamp later{now.now().micros + 8 * kDay};
  EXPECT_EQ(at("changed(owner, within 7 days)", now.now()), "true");
  EXPECT_EQ(at("changed(owner, within 7 days)", later), "false");
  EXPECT_EQ(at("held(owner, 'bert') = interval '8 days'", later), "true");
  EXPECT_EQ(at("now()", later), later.ToString());
  EXPECT_EQ(at("today() - 8 = date '2026-07-05'", later), "true");
}

TEST_F(HistoryTest, WhatMakesNoSenseIsRefused) {
  const RecordId id = Insert("deal", {});
  EXPECT_THAT(Deal(id, "was(note, 'x')"), HasSubstr("'note' of deal keeps no former values"));
  EXPECT_THAT(Deal(id, "was(party.name, 'x')"), HasSubstr("asks a field of the record itself"));
  EXPECT_THAT(Deal(id, "was(owner, 5)"), HasSubstr("unlike types"));
  EXPECT_THAT(Deal(id, "was(stage, 'old')"), HasSubstr("unknown label 'old' of stage"));
  EXPECT_THAT(Deal(id, "was(chance, 0.555)"), HasSubstr("takes a value that 'chance' can have"));
  EXPECT_THAT(Deal(id, "was(due, now())"), HasSubstr("takes a value that 'due' can have"));
  EXPECT_THAT(Deal(id, "held(owner, 'x') > 5"), HasSubstr("unlike types"));
}

TEST_F(HistoryTest, ProgramsTellThatTheyAskTheHistory) {
  const store::Snapshot now = store_->Read().value();
  const store::TypeRuntime& type = *now.schema().Find("deal");
  const auto compiled = [&](std::string_view text) {
    return Compile(Parse(text).value(), type, now.shared_schema(), text).value();
  };
  EXPECT_TRUE(compiled("was(owner, 'x')").uses_history());
  EXPECT_FALSE(compiled("was(owner, 'x')").uses_clock());
  EXPECT_TRUE(compiled("changed(owner, within 7 days)").uses_clock());
  EXPECT_TRUE(compiled("held(owner, 'x') is null").uses_clock());
  EXPECT_FALSE(compiled("owner = 'x'").uses_history());
}

}  // namespace
}  // namespace relata::expr::test
