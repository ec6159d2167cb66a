// Programs that were merged answer as each one alone does, and what they share is there once.
#include "src/expr/merge.h"

#include <algorithm>
#include <deque>

#include "tests/expr/evaluate_fixture.h"

namespace relata::expr::test {
namespace {

class MergeTest : public EvaluateTest {
 protected:
  MergeTest() {
    const RecordId top = Party({{"name", "top"}, {"code", "t"}, {"rating", 9}});
    for (int i = 0; i < 12; ++i) {
      const RecordId id = Party({{"name", i % 2 == 0 ? "even" : "odd"},
                                 {"rating", i % 4},
                                 {"parent", Value(Reference{i % 3 == 0 ? top : RecordId{1}})},
                                 {"seen", At("2026-06-29T22:30:00Z")}});
      for (int n = 0; n < i % 5; ++n) {
        Sale(id, {{"sold_on", Day("2026-06-01")},
                  {"total", Value(Money::Minor(100 * (n + i), Currency::Eur()))},
                  {"quantity", n},
                  {"remark", n % 2 == 0 ? "even" : "odd"}});
      }
    }
  }

  const Program& Compiled(std::string_view text) {
    const auto schema = store_->schema();
    return programs_.emplace_back(Compile(Parse(text).value(), *schema->Find("party"), schema, text).value());
  }

  std::deque<Program> programs_;  // they stay where they are
};

TEST_F(MergeTest, AnswersAsEachAlone) {
  const std::vector<std::string_view> texts = {
      "sum(sales.total) > 5",
      "sum(sales.total) > 9 and name = 'even'",
      "name = 'even' and sum(sales.total) > 9",
      "max(sales.remark)",
      "max(sales.remark) = fold('EVEN')",
      "count(sales where total > avg(sales.total))",
      "exists(sales where remark = party.name)",
      "exists(sales where remark = party.name and party.parent.rating > 1)",
      "parent.rating > 3 or name = 'odd' or rating is null",
      "sum(sales.total where sold_on >= today() - 30) > 5",
      "count(sales where sold_on >= today() - 30) >= 3",
      "month(seen) = 6 and seen >= today()",
      "rating > 2 and not exists(sales where quantity = 2)",
      "top 3 by sum(sales.total)",
      "percentile(sum(sales.total)) > 0.5",
      "case when rating = 0 then name else parent.name end",
      "first(sales.remark)",
  };
  Merger merger;
  std::vector<StepIndex> roots;
  for (const std::string_view text : texts) {
    const Program& program = Compiled(text);
    roots.push_back(merger.Add(program, program.root()));
  }
  const Merged merged = std::move(merger).Finish(programs_.front());
  const store::Snapshot now = store_->Read().value();
  const store::TypeRuntime& party = *now.schema().Find("party");
  RowEvaluator together(merged, now, now.now());
  for (const Timestamp at : {now.now(), At("2026-08-01T00:00:00Z"), At("2026-06-29T12:00:00Z")}) {
    together.Restart(now, at);
    for (store::RowCursor row(now, party); row.Valid(); row.Next()) {
      together.TurnTo(row.id(), row.row());
      for (size_t i = 0; i < texts.size(); ++i) {
        const Type& type = programs_[i].type();
        const std::string expected =
            Show(type, RowEvaluator(programs_[i], now, at).Evaluate(row.id(), row.row()).value());
        EXPECT_EQ(Show(type, together.Ask(roots[i]).value()), expected) << texts[i] << " of " << row.id();
      }
    }
  }
}

TEST_F(MergeTest, KeepsWhatIsSharedOnce) {
  Merger merger;
  const auto add = [&](std::string_view text) {
    const Program& program = Compiled(text);
    return merger.Add(program, program.root());
  };
  const StepIndex over_100 = add("sum(sales.total where sold_on >= today() - 30) > 100");
  const StepIndex over_250 = add("sum(sales.total where sold_on >= today() - 30) > 250");
  EXPECT_NE(over_100, over_250);
  EXPECT_EQ(merger.step(over_100).args[0], merger.step(over_250).args[0]);
  EXPECT_EQ(add("sum(sales.total where sold_on >= today() - 30) > 100"), over_100);
  EXPECT_NE(add("sum(sales.total where sold_on > today() - 30) > 100"), over_100);
  EXPECT_NE(add("name matches 'a.*'"), add("name matches 'b.*'"));
  EXPECT_EQ(add("name matches 'a.*'"), add("name matches 'a.*'"));
  const StepIndex both = add("exists(sales) and name = 'even'");
  EXPECT_EQ(both, add("name = 'even' and exists(sales)"));
  EXPECT_EQ(merger.step(merger.step(both).args[0]).op, Op::kEqual);  // the cheap one first
}

}  // namespace
}  // namespace relata::expr::test
