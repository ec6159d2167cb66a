// Lifecycle, revenue and open amount: the rules, at the edges of their periods.
#include "relata/crm/derived.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "relata/crm/service.h"

namespace relata::crm {
namespace {

Date Day(const char* text) { return Date::Parse(text).value(); }
Money Euro(const char* amount) { return Money::ParseAmount(amount, Currency::Eur()).value(); }

Lifecycle After(const char* purchase, const char* today, LifecycleRule rule = {}) {
  RelationFacts facts;
  facts.AddPaidPurchase(Day(purchase));
  return DeriveLifecycle(facts, Day(today), rule);
}

TEST(MonthsUntil, IsHalfOpenWithTodayInIt) {
  const Period year = MonthsUntil(Day("2026-03-15"), 12);
  EXPECT_EQ(year, (Period{Day("2025-03-15"), Day("2026-03-16")}));
  EXPECT_TRUE(year.Contains(Day("2025-03-15")));
  EXPECT_FALSE(year.Contains(Day("2025-03-14")));
  EXPECT_TRUE(year.Contains(Day("2026-03-15")));
  EXPECT_FALSE(year.Contains(Day("2026-03-16")));
}

TEST(MonthsUntil, ClipsToTheEndOfTheMonth) {
  EXPECT_EQ(MonthsUntil(Day("2026-03-31"), 1).from, Day("2026-02-28"));
  EXPECT_EQ(MonthsUntil(Day("2024-03-31"), 1).from, Day("2024-02-29"));
  EXPECT_EQ(MonthsUntil(Day("2024-02-29"), 12).from, Day("2023-02-28"));
  EXPECT_EQ(MonthsUntil(Day("2025-02-28"), 12).from, Day("2024-02-28"));
}

TEST(MonthsUntil, StaysWithinTheCalendar) {
  EXPECT_EQ(MonthsUntil(Day("0001-02-03"), 12).from, Date::Min());
  EXPECT_EQ(MonthsUntil(Date::Max(), 12).to, Date::Max());
}

TEST(Lifecycle, ACustomerStaysOneForTwelveCalendarMonths) {
  EXPECT_EQ(After("2025-03-15", "2025-03-15"), Lifecycle::kCustomer);
  EXPECT_EQ(After("2025-03-15", "2026-03-15"), Lifecycle::kCustomer);
  EXPECT_EQ(After("2025-03-15", "2026-03-16"), Lifecycle::kInactive);
}

TEST(Lifecycle, LeapDays) {
  EXPECT_EQ(After("2024-02-29", "2025-02-28"), Lifecycle::kCustomer);
  EXPECT_EQ(After("2024-02-29", "2025-03-01"), Lifecycle::kInactive);
  EXPECT_EQ(After("2023-02-28", "2024-02-29"), Lifecycle::kCustomer);
  EXPECT_EQ(After("2023-02-28", "2024-03-01"), Lifecycle::kInactive);
}

TEST(Lifecycle, ThePeriodIsASetting) {
  EXPECT_EQ(After("2026-01-31", "2026-02-28", {.period_months = 1}), Lifecycle::kCustomer);
  EXPECT_EQ(After("2026-01-31", "2026-03-01", {.period_months = 1}), Lifecycle::kInactive);
  EXPECT_EQ(After("2024-01-31", "2026-01-31", {.period_months = 24}), Lifecycle::kCustomer);
}

TEST(Lifecycle, TheLatestPurchaseCounts) {
  RelationFacts facts;
  facts.AddPaidPurchase(Day("2025-06-01"));
  facts.AddPaidPurchase(Day("2019-01-01"));
  facts.AddPaidPurchase(Day("2024-01-01"));
  EXPECT_EQ(facts.first_paid_purchase, Day("2019-01-01"));
  EXPECT_EQ(facts.last_paid_purchase, Day("2025-06-01"));
  EXPECT_EQ(DeriveLifecycle(facts, Day("2026-01-01"), {}), Lifecycle::kCustomer);
}

TEST(Lifecycle, WithoutAPurchaseQuotesThenContactsDecide) {
  const Date today = Day("2026-01-01");
  EXPECT_EQ(DeriveLifecycle({}, today, {}), Lifecycle::kGeneral);
  EXPECT_EQ(DeriveLifecycle({.has_contact = true}, today, {}), Lifecycle::kSuspect);
  EXPECT_EQ(DeriveLifecycle({.has_quote = true}, today, {}), Lifecycle::kProspect);
  EXPECT_EQ(DeriveLifecycle({.has_quote = true, .has_contact = true}, today, {}), Lifecycle::kProspect);
  RelationFacts former{.has_quote = true, .has_contact = true};
  former.AddPaidPurchase(Day("2020-01-01"));
  EXPECT_EQ(DeriveLifecycle(former, today, {}), Lifecycle::kInactive);
}

TEST(Lifecycle, TheHostsOwnJudgementGoesFirst) {
  RelationFacts facts{.overridden = Lifecycle::kProspect};
  facts.AddPaidPurchase(Day("2026-01-01"));
  EXPECT_EQ(DeriveLifecycle(facts, Day("2026-01-01"), {}), Lifecycle::kProspect);
}

TEST(CountsAsPaid, WherePaymentsAreNotRecordedAnOrderIsEnough) {
  EXPECT_TRUE(CountsAsPaid(OrderStatus::kOpen, /*paid=*/false, /*source_records_payments=*/false, {}));
  EXPECT_FALSE(CountsAsPaid(OrderStatus::kOpen, false, true, {}));
  EXPECT_TRUE(CountsAsPaid(OrderStatus::kDelivered, true, true, {}));
  const LifecycleRule strict{.orders_without_payments_count = false};
  EXPECT_FALSE(CountsAsPaid(OrderStatus::kDelivered, false, false, strict));
  EXPECT_TRUE(CountsAsPaid(OrderStatus::kDelivered, true, false, strict));
  EXPECT_FALSE(CountsAsPaid(OrderStatus::kCancelled, true, true, {}));
  EXPECT_FALSE(CountsAsPaid(OrderStatus::kCancelled, false, false, {}));
}

// Against a rule said otherwise: the day after which the customer is inactive is found by trying days.
RC_GTEST_PROP(Lifecycle, TurnsOnceFromCustomerToInactive, ()) {
  const Date bought{*rc::gen::inRange(Day("1999-01-01").days, Day("2030-01-01").days)};
  const LifecycleRule rule{.period_months = *rc::gen::inRange(1, 30)};
  RelationFacts facts;
  facts.AddPaidPurchase(bought);
  bool was_customer = true;
  for (int32_t after = 0; after < 1000; ++after) {
    const Date today{bought.days + after};
    const bool customer = DeriveLifecycle(facts, today, rule) == Lifecycle::kCustomer;
    RC_ASSERT(was_customer || !customer);
    // Still a customer in the month in which the period ends, up to the day of purchase; and all of that
    // month after a purchase on the last day of its own, since later days are clipped to that.
    const CivilDate b = bought.Civil();
    const CivilDate t = today.Civil();
    const int32_t months = (t.year - b.year) * 12 + t.month - b.month;
    const bool on_last_day = b.day == DaysInMonth(b.year, b.month);
    RC_ASSERT(customer == (months < rule.period_months ||
                           (months == rule.period_months && (t.day <= b.day || on_last_day))));
    was_customer = customer;
  }
}

TEST(Revenue, IsThatOfThePeriodFromItsFirstDayToBeforeItsLast) {
  const std::vector<Sale> sales = {
      {.ordered_on = Day("2010-11-30"), .total = Euro("1000")},
      {.ordered_on = Day("2010-12-01"), .total = Euro("100.10")},
      {.ordered_on = Day("2011-12-09"), .total = Euro("20.02")},
      {.ordered_on = Day("2011-12-10"), .total = Euro("5000")},
      {.ordered_on = Day("2011-06-01"), .total = Euro("-0.12")},
      {.ordered_on = Day("2011-06-02"), .status = OrderStatus::kCancelled, .total = Euro("77")},
  };
  const Period year{Day("2010-12-01"), Day("2011-12-10")};
  EXPECT_EQ(Revenue(sales, year, Currency::Eur()).value(), Euro("120.00"));
  EXPECT_EQ(Revenue({}, year, Currency::Eur()).value(), Euro("0"));
  EXPECT_EQ(Revenue(sales, {year.to, year.from}, Currency::Eur()).value(), Euro("0"));
}

TEST(Revenue, IsExactOrAnError) {
  const Period always{Date::Min(), Date::Max()};
  const Sale most{.total = Money::Minor(INT64_MAX, Currency::Eur())};
  EXPECT_EQ(Revenue({most, most}, always, Currency::Eur()).status().code(), absl::StatusCode::kOutOfRange);
  const Sale dollars{.total = Money::Parse("USD 1.00").value()};
  EXPECT_EQ(Revenue({dollars}, always, Currency::Eur()).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(OpenAmount, IsWhatIsNotYetPaidVatIncluded) {
  EXPECT_EQ(OpenAmount({.total = Euro("100"), .vat = Euro("21"), .paid = Euro("50")}).value(), Euro("71"));
  EXPECT_EQ(OpenAmount({.total = Euro("100")}).value(), Euro("100"));
  EXPECT_EQ(OpenAmount({.total = Euro("100"), .paid = Euro("120")}).value(), Euro("-20"));
  EXPECT_EQ(OpenAmount({.total = Euro("-100"), .vat = Euro("-21")}).value(), Euro("-121"));
}

TEST(OpenAmount, IsNothingOnceSettled) {
  for (const InvoiceStatus status :
       {InvoiceStatus::kPaid, InvoiceStatus::kCredited, InvoiceStatus::kWrittenOff}) {
    EXPECT_EQ(OpenAmount({.status = status, .total = Euro("100")}).value(), Euro("0"));
  }
  EXPECT_EQ(
      OpenAmount({.status = InvoiceStatus::kPartlyPaid, .total = Euro("100"), .paid = Euro("1")}).value(),
      Euro("99"));
}

TEST(OpenAmount, DoesNotMixCurrencies) {
  EXPECT_EQ(OpenAmount({.total = Euro("100"), .paid = Money::Parse("USD 1.00").value()}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(DerivedFields, FollowTheRuleTheyAreMadeWith) {
  const auto derived = StandardDerivedFields({.period_months = 1, .orders_without_payments_count = false});
  RelationFacts facts;
  facts.AddPaidPurchase(Day("2026-01-01"));
  EXPECT_EQ(derived->LifecycleOf(facts, Day("2026-02-01")), Lifecycle::kCustomer);
  EXPECT_EQ(derived->LifecycleOf(facts, Day("2026-02-02")), Lifecycle::kInactive);
  EXPECT_FALSE(derived->CountsAsPaid(OrderStatus::kOpen, false, false));
  const Sale sale{.ordered_on = Day("2026-01-01"), .total = Euro("3")};
  EXPECT_EQ(derived->RevenueOf({sale}, {Day("2026-01-01"), Day("2026-01-02")}, Currency::Eur()).value(),
            Euro("3"));
  EXPECT_EQ(derived->OpenAmountOf({.total = Euro("100")}).value(), Euro("100"));
}

Fixed<3> Quantity(const char* text) { return Fixed<3>::Parse(text).value(); }
Fixed<4> Price(const char* text) { return Fixed<4>::Parse(text).value(); }

TEST(LineAmount, RoundsOnceHalfToEven) {
  const Currency eur = Currency::Eur();
  EXPECT_EQ(LineAmount(Quantity("12"), Price("14"), Price("0"), eur).value(), Euro("168"));
  EXPECT_EQ(LineAmount(Quantity("35"), Price("42.4"), Price("0.15"), eur).value(), Euro("1261.40"));
  EXPECT_EQ(LineAmount(Quantity("-6"), Price("2.55"), Price("0"), eur).value(), Euro("-15.30"));
  EXPECT_EQ(LineAmount(Quantity("5"), Price("0.001"), Price("0"), eur).value(),
            Euro("0.00"));  // 0.005: to even
  EXPECT_EQ(LineAmount(Quantity("15"), Price("0.001"), Price("0"), eur).value(),
            Euro("0.02"));  // 0.015: to even
  // 0.0249 x 0.9 x 1.1 … once: 1.1 x 0.0445 x 0.9 = 0.044055
  EXPECT_EQ(LineAmount(Quantity("1.1"), Price("0.0445"), Price("0.1"), eur).value(), Euro("0.04"));
  EXPECT_EQ(LineAmount(Quantity("3"), Price("1.5"), Price("0"), Currency::Parse("JPY").value()).value().minor,
            4);
  EXPECT_EQ(LineAmount(Fixed<3>{INT64_MAX}, Price("1000"), Price("0"), eur).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(Ticket, LeadTimesFollowFromItsMoments) {
  const Timestamp opened = Timestamp::Parse("2026-03-28T16:00:00Z").value();
  Ticket ticket{.opened_at = opened};
  EXPECT_EQ(TimeToFirstAnswer(ticket), std::nullopt);
  EXPECT_EQ(TimeToResolve(ticket), std::nullopt);
  ticket.first_answer_at = opened.Add(Duration::Minutes(90)).value();
  ticket.resolved_at = opened.Add(Duration::Days(2)).value();
  EXPECT_EQ(TimeToFirstAnswer(ticket), Duration::Minutes(90));
  EXPECT_EQ(TimeToResolve(ticket), Duration::Days(2));
  ticket.resolved_at = opened.Sub(Duration::Micros(1)).value();
  EXPECT_EQ(TimeToResolve(ticket), std::nullopt);
}

}  // namespace
}  // namespace relata::crm
