// Gathers the facts of all relations, entity by entity rather than relation by relation.
#include "src/answers/facts.h"

#include <optional>

#include "src/answers/fact_rules.h"
#include "src/answers/slots.h"

namespace relata::answers {

namespace {

// Sources that record payments, by id.
StatusOr<std::vector<bool>> PaymentSources(const store::Reader& reader) {
  RELATA_ASSIGN_OR_RETURN(const Slots sources, Slots::Of(reader, "source"));
  RELATA_ASSIGN_OR_RETURN(const FieldId records, sources["records_payments"]);
  std::vector<bool> by_id;
  store::RowCursor at(reader, sources.type());
  for (; at.Valid(); at.Next()) {
    if (by_id.size() <= at.id()) by_id.resize(at.id() + 1);
    by_id[at.id()] = at.row().Get(records).present;
  }
  RELATA_RETURN_IF_ERROR(at.status());
  return by_id;
}

// Orders with an invoice that is paid or has a payment.
StatusOr<std::vector<bool>> PaidOrders(const store::Reader& reader, const FactRules& rules) {
  RELATA_ASSIGN_OR_RETURN(const Slots payments, Slots::Of(reader, "payment"));
  RELATA_ASSIGN_OR_RETURN(const FieldId invoice, payments["invoice"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId payment_on, payments["paid_on"]);
  std::vector<bool> paid_invoices;
  store::RowCursor payment(reader, payments.type());
  for (; payment.Valid(); payment.Next()) {
    const Cell of = payment.row().Get(invoice);
    if (!of.present || !rules.IsPaidBy(payment.row().Get(payment_on), /*nullable=*/false)) continue;
    if (paid_invoices.size() <= of.bits) paid_invoices.resize(of.bits + 1);
    paid_invoices[of.bits] = true;
  }
  RELATA_RETURN_IF_ERROR(payment.status());

  RELATA_ASSIGN_OR_RETURN(const Slots invoices, Slots::Of(reader, "invoice"));
  RELATA_ASSIGN_OR_RETURN(const FieldId order, invoices["order"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId paid_on, invoices["paid_on"]);
  std::vector<bool> paid_orders;
  store::RowCursor at(reader, invoices.type());
  for (; at.Valid(); at.Next()) {
    const Cell of = at.row().Get(order);
    if (!of.present) continue;
    const bool paid = rules.IsPaidBy(at.row().Get(paid_on), /*nullable=*/true) ||
                      (at.id() < paid_invoices.size() && paid_invoices[at.id()]);
    if (!paid) continue;
    if (paid_orders.size() <= of.bits) paid_orders.resize(of.bits + 1);
    paid_orders[of.bits] = true;
  }
  RELATA_RETURN_IF_ERROR(at.status());
  return paid_orders;
}

}  // namespace

StatusOr<AllFacts> GatherFacts(const store::Reader& reader, Date on, const crm::LifecycleRule& rule) {
  AllFacts all;
  std::vector<bool> records_payments;  // by relation
  {
    RELATA_ASSIGN_OR_RETURN(const std::vector<bool> sources, PaymentSources(reader));
    RELATA_ASSIGN_OR_RETURN(const Slots relations, Slots::Of(reader, "relation"));
    RELATA_ASSIGN_OR_RETURN(const FieldId source, relations["source"]);
    RELATA_ASSIGN_OR_RETURN(const FieldId overridden, relations["lifecycle_override"]);
    store::RowCursor at(reader, relations.type());
    for (; at.Valid(); at.Next()) {
      if (all.by_id.size() <= at.id()) {
        all.by_id.resize(at.id() + 1);
        records_payments.resize(at.id() + 1);
      }
      AllFacts::Entry& entry = all.by_id[at.id()];
      entry.exists = true;
      if (const Cell cell = at.row().Get(overridden); cell.present) {
        entry.facts.overridden = static_cast<crm::Lifecycle>(cell.bits);
      }
      const Cell cell = at.row().Get(source);
      records_payments[at.id()] = cell.present && cell.bits < sources.size() && sources[cell.bits];
    }
    RELATA_RETURN_IF_ERROR(at.status());
  }
  auto known = [&](const Cell& relation) { return relation.present && relation.bits < all.by_id.size(); };

  RELATA_ASSIGN_OR_RETURN(const FactRules rules, FactRules::On(reader, on, rule));
  RELATA_ASSIGN_OR_RETURN(const std::vector<bool> paid_orders, PaidOrders(reader, rules));
  RELATA_ASSIGN_OR_RETURN(const Slots orders, Slots::Of(reader, "order"));
  RELATA_ASSIGN_OR_RETURN(const FieldId order_relation, orders["relation"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId status, orders["status"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId ordered_on, orders["ordered_on"]);
  store::RowCursor order(reader, orders.type());
  for (; order.Valid(); order.Next()) {
    const Cell relation = order.row().Get(order_relation);
    const Date date{static_cast<int32_t>(order.row().Get(ordered_on).AsInt())};
    if (!known(relation) || !rules.HasCome(date)) continue;
    const bool paid = order.id() < paid_orders.size() && paid_orders[order.id()];
    const auto state = static_cast<crm::OrderStatus>(order.row().Get(status).bits);
    rules.AddOrder(date, state, paid, records_payments[relation.bits], &all.by_id[relation.bits].facts);
  }
  RELATA_RETURN_IF_ERROR(order.status());

  for (const FactRules::Contact& contact : FactRules::kContacts) {
    RELATA_ASSIGN_OR_RETURN(const Slots slots, Slots::Of(reader, contact.entity));
    RELATA_ASSIGN_OR_RETURN(const FieldId of, slots["relation"]);
    store::RowCursor at(reader, slots.type());
    for (; at.Valid(); at.Next()) {
      const Cell relation = at.row().Get(of);
      if (!known(relation) || !rules.Happened(*slots.type().type, at.row())) continue;
      all.by_id[relation.bits].facts.*contact.fact = true;
    }
    RELATA_RETURN_IF_ERROR(at.status());
  }
  return all;
}

}  // namespace relata::answers
