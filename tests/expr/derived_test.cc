// The model's derived fields: what they compile to wherever they are named.
#include <gtest/gtest.h>

#include "src/crm/definitions.h"
#include "tests/expr/model.h"

namespace relata::expr::test {
namespace {

constexpr std::string_view kRevenue =
    "total_base where (and (<> status cancelled) (>= ordered_on (add_interval - 12 months (today))) "
    "(<= ordered_on (today))))";

TEST(DerivedTest, AllMakeSense) {
  for (const crm::Definition& definition : crm::ModelDefinitions()) {
    const StatusOr<Program> program = CompileText(definition.expression, definition.entity);
    EXPECT_TRUE(program.ok()) << definition.name << ": " << program.status();
    EXPECT_EQ(Crm()->Find(definition.entity)->type->FindField(definition.name), nullptr) << definition.name;
  }
}

TEST(DerivedTest, AreWhatTheirTextsAreInTheirOwnScope) {
  EXPECT_EQ(Steps("revenue > 5"), StrCat("(> (sum order.relation ", kRevenue, " 'EUR 5.00')"));
  EXPECT_EQ(Steps("sum(invoices.open_amount) > 0"), Steps("open_amount > 0"));
  EXPECT_EQ(Steps("count(orders where is_paid)"),
            "(count order.relation where (exists invoice.order where (or (<= paid_on (today)) "
            "(exists payment.invoice where (<= paid_on (today))))))");
  // From within another scope, and behind a reference.
  EXPECT_EQ(Steps("exists(quotes where total > revenue)"),
            StrCat("(exists quote.relation where (> total_base (sum order.relation of ^id ", kRevenue, "))"));
  EXPECT_EQ(Steps("relation.revenue > 5", "order"),
            StrCat("(> (sum order.relation of relation ", kRevenue, " 'EUR 5.00')"));
  EXPECT_EQ(
      Steps("exists(quotes where outer.parent.revenue > 5)"),
      StrCat("(exists quote.relation where (> (sum order.relation of ^parent ", kRevenue, " 'EUR 5.00'))"));
  EXPECT_EQ(Wrong("revenu > 5"),
            "line 1, column 1: unknown field 'revenu' of relation; did you mean 'revenue'?");
}

// An order's is_purchase looks at its relation's source from where it stands.
TEST(DerivedTest, RecordsBehindReferencesAreSeenFromWithin) {
  EXPECT_EQ(Steps("invoice.order.is_paid", "payment"),
            "(exists invoice.order of (. invoice invoice.order) where (or (<= paid_on (today)) "
            "(exists payment.invoice where (<= paid_on (today)))))");
  EXPECT_EQ(Steps("exists(lines where order.is_paid)", "order"),
            "(exists order_line.order where (exists invoice.order of order where (or (<= paid_on (today)) "
            "(exists payment.invoice where (<= paid_on (today))))))");
}

TEST(DerivedTest, LifecycleIsTheModelsEnum) {
  const Program program = CompileText("lifecycle").value();
  EXPECT_EQ(program.type().base, Base::kEnum);
  EXPECT_EQ(Steps("lifecycle = 'custmer'").substr(0, 92),
            "INVALID_ARGUMENT: line 1, column 11: unknown label 'custmer' of lifecycle_override; did you ");
  EXPECT_TRUE(program.uses_clock());
  EXPECT_TRUE(program.uses_other_records());
}

TEST(DerivedTest, OneRankingTellsTheTiersApart) {
  const Program tier = CompileText("tier in ('top', 'large') or tier = 'small'").value();
  int rankings = 0;
  for (const Step& step : tier.steps()) rankings += step.op == Op::kPercentile ? 1 : 0;
  EXPECT_EQ(rankings, 1);
  EXPECT_TRUE(tier.uses_population());
  EXPECT_EQ(CompileText("parent.tier = 'top'").status().code(), absl::StatusCode::kUnimplemented);
}

TEST(DerivedTest, ChoicesAmongBareTextsTakeTheTypeBesideThem) {
  EXPECT_EQ(Steps("coalesce(loyalty, case when number > 1 then 'gold' else null end)"),
            "(coalesce loyalty (case (> number 1) gold null))");
  EXPECT_EQ(Steps("case when number > 1 then 'gold' end = loyalty"),
            "(= (case (> number 1) gold null) loyalty)");
  EXPECT_EQ(Steps("dollars > case when number > 1 then 10 else 20 end"),
            "(> dollars (case (> number 1) 'USD 10.00' 'USD 20.00'))");
}

TEST(CompileTest, UnknownNumbersStayUnknown) {
  EXPECT_EQ(Steps("number > null / 2"), "(> number null)");
  EXPECT_EQ(Steps("-(null / 2)"), "(negate null)");
  EXPECT_EQ(Steps("(null / 2) * 3"), "(* null 3)");
}

}  // namespace
}  // namespace relata::expr::test
