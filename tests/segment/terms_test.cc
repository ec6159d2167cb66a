// Conditions that were taken apart into terms are true where each program alone is, and which terms follow
// from a record's own row is told.
#include "src/segment/terms.h"

#include <deque>

#include "tests/expr/evaluate_fixture.h"

namespace relata::segment {
namespace {

using expr::Program;
using expr::test::At;
using expr::test::Day;

class TermsTest : public expr::test::EvaluateTest {
 protected:
  const Program& Compiled(std::string_view text) {
    const auto schema = store_->schema();
    return programs_.emplace_back(
        expr::CompileCondition(expr::Parse(text).value(), *schema->Find("party"), schema, text).value());
  }
  void Add(uint32_t owner, std::string_view text, Terms* terms) {
    const Program& program = Compiled(text);
    terms->Add(owner, program, Analyse(program));
  }
  // Whether each term of the condition but its leaves is the record's own, in the order they are asked in.
  std::vector<bool> OwnTerms(std::string_view text) {
    Terms terms;
    Add(0, text, &terms);
    terms.Finish();
    std::vector<bool> own;
    for (const TermId id : terms.Of(0)) {
      if (terms.term(id).leaf == kNoLeaf) own.push_back(terms.term(id).own);
    }
    return own;
  }

  std::deque<Program> programs_;  // they stay where they are
};

TEST_F(TermsTest, TellsWhatIsTheRecordsOwn) {
  using Own = std::vector<bool>;
  EXPECT_EQ(OwnTerms("name = 'a'"), Own({true}));
  EXPECT_EQ(OwnTerms("exists(sales) and name = 'a' and rating > 3"), Own({true, true, false}));
  EXPECT_EQ(OwnTerms("name = 'a' or exists(sales)"), Own({false}));
  EXPECT_EQ(OwnTerms("fold(name) = 'a' or rating is null"), Own({true}));
  EXPECT_EQ(OwnTerms("born >= today() - 30"), Own({false}));
  EXPECT_EQ(OwnTerms("age(born) > 30"), Own({false}));
  EXPECT_EQ(OwnTerms("seen < now()"), Own({false}));
  EXPECT_EQ(OwnTerms("born >= '2020-01-01'"), Own({true}));
  EXPECT_EQ(OwnTerms("parent.name = 'a'"), Own({false}));
  EXPECT_EQ(OwnTerms("parent = 1"), Own({true}));
}

TEST_F(TermsTest, HoldsATermOnceForAll) {
  Terms terms;
  Add(0, "name = 'a' and count(sales) > 1", &terms);
  Add(3, "count(sales) > 1 and rating = 2 and name = 'a'", &terms);  // none for 1 and 2
  Add(4, "count(sales) > 1", &terms);
  terms.Finish();
  EXPECT_EQ(terms.size(), 5u);  // name and rating as leaves too
  EXPECT_EQ(terms.leaves().size(), 2u);
  EXPECT_EQ(terms.Of(0).size(), 3u);
  EXPECT_TRUE(terms.Of(1).empty());
  EXPECT_TRUE(terms.Of(2).empty());
  EXPECT_EQ(terms.Of(3).size(), 5u);
  ASSERT_EQ(terms.Of(4).size(), 1u);
  EXPECT_EQ(terms.Of(4).front(), terms.Of(0).back());
}

TEST_F(TermsTest, AnswersAsEachProgramAtEveryMoment) {
  for (int i = 0; i < 10; ++i) {
    const RecordId id = Party({{"name", i % 2 == 0 ? "a" : "b"}, {"rating", i % 3}});
    for (int n = 0; n < i % 4; ++n) Sale(id, {{"sold_on", Day("2026-06-20")}, {"quantity", n}});
  }
  const std::vector<std::string_view> texts = {
      "name = 'a' and count(sales where sold_on >= today() - 30) > 1",
      "name = 'a' and count(sales where sold_on >= today() - 30) > 2",
      "rating is null or not exists(sales where sold_on >= today() - 30)",
      "rating > 1 and max(sales.sold_on) < today() - 7",
      "name = 'b'",
      "rating = 0",
      "rating = 1 and name = 'a'",
      "rating > 1",
      "rating < 1 and count(sales) > 0",
      "rating is not null and name = 'a'",
      "name in ('a', 'c') and rating < 2",
  };
  Terms terms;
  for (size_t i = 0; i < texts.size(); ++i) Add(static_cast<uint32_t>(i), texts[i], &terms);
  terms.Finish();
  TermValues values(terms);
  for (const Timestamp at : {At("2026-06-30T10:00:00Z"), At("2026-08-30T10:00:00Z")}) {
    const store::Snapshot now = store_->Read().value();  // another reader each time
    values.Restart(now, at);
    const store::TypeRuntime& party = *now.schema().Find("party");
    for (store::RowCursor row(now, party); row.Valid(); row.Next()) {
      values.TurnTo(party.type->id, row.id(), row.row());
      for (size_t i = 0; i < texts.size(); ++i) {
        const bool expected = expr::RowEvaluator(programs_[i], now, at).Matches(row.id(), row.row()).value();
        EXPECT_EQ(values.Ask(static_cast<uint32_t>(i)) == Truth::kTrue, expected)
            << texts[i] << " of " << row.id() << " at " << at.ToString();
      }
      const FieldId name = party.type->FindField("name")->id;
      EXPECT_EQ(values.Ask(4) == Truth::kNotByItself, row.row().Get(name).bytes != "b");
    }
    EXPECT_TRUE(values.status().ok());
  }
}

// What was true of those who were there before some sales came is what each program says of the snapshot
// before them; what a walk from another record than the one in question finds is not told.
TEST_F(TermsTest, TellsWhatWasTrueBeforeNewcomers) {
  const std::vector<std::string_view> texts = {
      "exists(sales)",
      "not exists(sales where quantity > 3)",
      "exists(sales where sold_on >= today() - 30)",
      "count(sales) = 3",
      "count(sales where quantity > 1) >= 2",
      "count(sales.remark) = 1",
      "sum(sales.quantity where sold_on >= today() - 30) > 5",
      "avg(sales.quantity) > 2 and min(sales.quantity) < 3",
      "max(sales.sold_on) < today() - 7 or max(sales.remark) = 'x'",
      "first(sales.quantity) = last(sales.quantity)",
      "last(sales.remark) = 'x' and name = 'a'",
      "distinct(sales.quantity) >= 2",
      "rating = 1 and count(sales) > 1 and not exists(sales where remark = 'x')",
      "parent.name = 'a'",
  };
  const std::vector<std::string_view> untold = {"exists(sales where exists(items where price > 5))",
                                                "exists(children where count(sales) > 1)"};
  const Timestamp at = At("2026-06-30T10:00:00Z");
  for (int i = 0; i < 24; ++i) {
    Fields fields = {{"name", i % 2 == 0 ? "a" : "b"}, {"rating", i % 3}};
    if (i > 4) fields.emplace_back("parent", Value(Reference{static_cast<RecordId>(i - 4)}));
    const RecordId id = Party(fields);
    for (int n = 0; n < i % 4; ++n) {
      Sale(id, {{"sold_on", Day(n == 1 ? "2026-02-01" : "2026-06-20")}, {"quantity", n + i % 3}});
    }
  }
  Terms terms;
  for (size_t i = 0; i < texts.size(); ++i) Add(static_cast<uint32_t>(i), texts[i], &terms);
  for (size_t i = 0; i < untold.size(); ++i) Add(static_cast<uint32_t>(texts.size() + i), untold[i], &terms);
  terms.Finish();
  const store::Snapshot before = store_->Read().value();
  std::vector<RecordRef> newcomers;
  for (RecordId party = 1; party <= 24; party += 3) {
    newcomers.push_back({TypeId("sale"), Sale(party, {{"sold_on", Day("2026-06-29")},
                                                      {"quantity", static_cast<int64_t>(party % 7)},
                                                      {"remark", party % 2 == 0 ? "x" : "y"}})});
  }
  const store::Snapshot after = store_->Read().value();
  const store::TypeRuntime& party = *after.schema().Find("party");
  TermValues values(terms);
  values.Restart(after, at, newcomers);
  int turned = 0;
  for (store::RowCursor row(after, party); row.Valid(); row.Next()) {
    values.TurnTo(party.type->id, row.id(), row.row());
    for (size_t i = 0; i < texts.size(); ++i) {
      const auto owner = static_cast<uint32_t>(i);
      const bool was = expr::RowEvaluator(programs_[i], before, at).Matches(row.id(), row.row()).value();
      const bool is = expr::RowEvaluator(programs_[i], after, at).Matches(row.id(), row.row()).value();
      EXPECT_EQ(values.Ask(owner) == Truth::kTrue, is) << texts[i] << " of " << row.id();
      EXPECT_EQ(values.Before(owner), std::optional<bool>(was)) << texts[i] << " of " << row.id();
      turned += was != is ? 1 : 0;
    }
    for (size_t i = texts.size(); i < programs_.size(); ++i) {
      const auto owner = static_cast<uint32_t>(i);
      const bool was = expr::RowEvaluator(programs_[i], before, at).Matches(row.id(), row.row()).value();
      values.Ask(owner);
      EXPECT_EQ(values.Before(owner).value_or(was), was) << untold[i - texts.size()] << " of " << row.id();
    }
  }
  EXPECT_TRUE(values.status().ok());
  EXPECT_GT(turned, 20);
}

}  // namespace
}  // namespace relata::segment
