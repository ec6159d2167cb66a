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
  // Whether each term of the condition is the record's own, in the order in which they are asked.
  std::vector<bool> OwnTerms(std::string_view text) {
    Terms terms;
    terms.Add(0, Compiled(text));
    terms.Finish();
    std::vector<bool> own;
    for (const TermId id : terms.Of(0)) own.push_back(terms.term(id).own);
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
  terms.Add(0, Compiled("name = 'a' and count(sales) > 1"));
  terms.Add(3, Compiled("count(sales) > 1 and rating = 2 and name = 'a'"));  // none for 1 and 2
  terms.Add(4, Compiled("count(sales) > 1"));
  terms.Finish();
  EXPECT_EQ(terms.size(), 3u);
  EXPECT_EQ(terms.Of(0).size(), 2u);
  EXPECT_TRUE(terms.Of(1).empty());
  EXPECT_TRUE(terms.Of(2).empty());
  EXPECT_EQ(terms.Of(3).size(), 3u);
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
  };
  Terms terms;
  for (size_t i = 0; i < texts.size(); ++i) terms.Add(static_cast<uint32_t>(i), Compiled(texts[i]));
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

}  // namespace
}  // namespace relata::segment
