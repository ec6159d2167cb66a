// Defines what follows from other records and is therefore never stored: lifecycle, revenue and open amount.
//
//   std::unique_ptr<DerivedFields> derived = StandardDerivedFields({.period_months = 24});
//   Lifecycle now = derived->LifecycleOf(facts, today);
//
// DerivedFields is what the rooms above ask, so that a named expression of a host's own can answer in its
// place. The functions here know nothing of a store: whoever has one gathers the facts. Thread safety: const
// calls from any thread. Cost: O(what is given); nothing allocates but errors.
#ifndef RELATA_CRM_DERIVED_H_
#define RELATA_CRM_DERIVED_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/types/span.h"
#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/crm/relation.h"
#include "relata/crm/sales.h"
#include "relata/export.h"

namespace relata::crm {

// The days from `from` up to but not including `to`.
struct Period {
  Date from;
  Date to;
  constexpr bool Contains(Date date) const { return from <= date && date < to; }
  friend bool operator==(const Period&, const Period&) = default;
};

// The calendar months up to and including today: from the same day that many months ago, or that month's last
// day where it has no such day. Twelve months at 2025-02-28 begin on 2024-02-28; at 2024-02-29 on 2023-02-28.
RELATA_EXPORT Period MonthsUntil(Date today, int32_t months);

// The settings of the lifecycle.
struct LifecycleRule {
  int32_t period_months = 12;  // for how long a purchase makes a customer
  // Whether an order counts as paid where its source records no payments at all.
  bool orders_without_payments_count = true;
};

// Whether an order makes a customer: it was not cancelled, and it is paid or counts as paid.
// `source_records_payments` is Source::records_payments of the relation's source, false where it has none.
RELATA_EXPORT bool CountsAsPaid(OrderStatus status, bool paid, bool source_records_payments,
                                const LifecycleRule& rule);

// What the lifecycle of one relation depends on, as far as it is known on the day asked about.
struct RelationFacts {
  std::optional<Date> first_paid_purchase;  // ordered_on of the earliest order that CountsAsPaid
  std::optional<Date> last_paid_purchase;   // and of the latest
  bool has_quote = false;                   // has received one, whatever came of it
  bool has_contact = false;             // has been in touch: an interaction, a ticket, an order not yet paid
  std::optional<Lifecycle> overridden;  // Relation::lifecycle_override

  void AddPaidPurchase(Date ordered_on);
};

// The host's own judgement if there is one; else by purchases, quotes and contacts, in that order.
RELATA_EXPORT Lifecycle DeriveLifecycle(const RelationFacts& facts, Date today, const LifecycleRule& rule);

// One order as revenue sees it: Order::total in the currency that the sum is asked in.
struct Sale {
  Date ordered_on;
  OrderStatus status = OrderStatus::kOpen;
  Money total;
};

// Turnover: what was ordered in the period and not cancelled, excluding VAT; returns lower it. Zero of
// `currency` for no sale. InvalidArgument for a sale in another currency, OutOfRange for a sum that does not
// fit.
RELATA_EXPORT StatusOr<Money> Revenue(absl::Span<const Sale> sales, Period period, Currency currency);

// What an invoice still asks for, VAT included: total + vat - paid; zero once it is paid, credited or written
// off. Negative where too much was paid, and on a credit note not yet paid out. An amount without a currency
// is in the total's. InvalidArgument for amounts of different currencies, OutOfRange for a result that does
// not fit.
RELATA_EXPORT StatusOr<Money> OpenAmount(InvoiceStatus status, Money total, std::optional<Money> vat,
                                         Money paid);
inline StatusOr<Money> OpenAmount(const Invoice& invoice) {
  return OpenAmount(invoice.status, invoice.total, invoice.vat, invoice.paid);
}

// The derived fields as the rooms above use them.
class RELATA_EXPORT DerivedFields {
 public:
  virtual ~DerivedFields() = default;
  virtual bool CountsAsPaid(OrderStatus status, bool paid, bool source_records_payments) const = 0;
  virtual Lifecycle LifecycleOf(const RelationFacts& facts, Date today) const = 0;
  virtual StatusOr<Money> RevenueOf(absl::Span<const Sale> sales, Period period, Currency currency) const = 0;
  virtual StatusOr<Money> OpenAmountOf(const Invoice& invoice) const = 0;
};

// The rules above.
RELATA_EXPORT std::unique_ptr<DerivedFields> StandardDerivedFields(LifecycleRule rule = {});

}  // namespace relata::crm

#endif  // RELATA_CRM_DERIVED_H_
