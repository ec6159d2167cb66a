// The rules of lifecycle, revenue and open amount.
#include "relata/crm/derived.h"

#include "relata/base/strings.h"

namespace relata::crm {
namespace {

Money InCurrencyOf(const Money& total, const Money& amount) {
  return amount.currency.is_none() ? Money::Minor(amount.minor, total.currency) : amount;
}

class StandardFields final : public DerivedFields {
 public:
  explicit StandardFields(LifecycleRule rule) : rule_(rule) {}

  bool CountsAsPaid(OrderStatus status, bool paid, bool source_records_payments) const override {
    return crm::CountsAsPaid(status, paid, source_records_payments, rule_);
  }
  Lifecycle LifecycleOf(const RelationFacts& facts, Date today) const override {
    return DeriveLifecycle(facts, today, rule_);
  }
  StatusOr<Money> RevenueOf(absl::Span<const Sale> sales, Period period, Currency currency) const override {
    return Revenue(sales, period, currency);
  }
  StatusOr<Money> OpenAmountOf(const Invoice& invoice) const override { return OpenAmount(invoice); }

 private:
  LifecycleRule rule_;
};

}  // namespace

Period MonthsUntil(Date today, int32_t months) {
  const StatusOr<Date> from = today.AddMonths(-int64_t{months});
  const StatusOr<Date> to = today.AddDays(1);
  return {from.ok() ? *from : Date::Min(), to.ok() ? *to : Date::Max()};
}

bool CountsAsPaid(OrderStatus status, bool paid, bool source_records_payments, const LifecycleRule& rule) {
  if (status == OrderStatus::kCancelled) return false;
  return paid || (!source_records_payments && rule.orders_without_payments_count);
}

void RelationFacts::AddPaidPurchase(Date ordered_on) {
  if (!first_paid_purchase || ordered_on < *first_paid_purchase) first_paid_purchase = ordered_on;
  if (!last_paid_purchase || ordered_on > *last_paid_purchase) last_paid_purchase = ordered_on;
}

Lifecycle DeriveLifecycle(const RelationFacts& facts, Date today, const LifecycleRule& rule) {
  if (facts.overridden) return *facts.overridden;
  if (facts.last_paid_purchase) {
    const bool recent = *facts.last_paid_purchase >= MonthsUntil(today, rule.period_months).from;
    return recent ? Lifecycle::kCustomer : Lifecycle::kInactive;
  }
  if (facts.has_quote) return Lifecycle::kProspect;
  return facts.has_contact ? Lifecycle::kSuspect : Lifecycle::kGeneral;
}

StatusOr<Money> Revenue(absl::Span<const Sale> sales, Period period, Currency currency) {
  Money sum = Money::Minor(0, currency);
  for (const Sale& sale : sales) {
    if (sale.status == OrderStatus::kCancelled || !period.Contains(sale.ordered_on)) continue;
    RELATA_ASSIGN_OR_RETURN(sum, sum.Add(sale.total));
  }
  return sum;
}

StatusOr<Money> OpenAmount(InvoiceStatus status, Money total, std::optional<Money> vat, Money paid) {
  switch (status) {
    case InvoiceStatus::kPaid:
    case InvoiceStatus::kCredited:
    case InvoiceStatus::kWrittenOff:
      return Money::Minor(0, total.currency);
    case InvoiceStatus::kOpen:
    case InvoiceStatus::kPartlyPaid:
      break;
  }
  Money gross = total;
  if (vat) {
    RELATA_ASSIGN_OR_RETURN(gross, gross.Add(InCurrencyOf(total, *vat)));
  }
  return gross.Sub(InCurrencyOf(total, paid));
}

std::unique_ptr<DerivedFields> StandardDerivedFields(LifecycleRule rule) {
  return std::make_unique<StandardFields>(rule);
}

}  // namespace relata::crm
