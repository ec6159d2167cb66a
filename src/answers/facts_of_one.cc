// Facts of one relation, found through the indexes on its references instead of a walk over all rows.
#include <algorithm>
#include <vector>

#include "src/answers/fact_rules.h"
#include "src/answers/facts.h"
#include "src/answers/slots.h"

namespace relata::answers {

namespace {

// Calls `visit` with each record of `entity` whose reference `field` points to `target`, until it returns
// false.
template <class Visit>
Status ForReferrers(const store::Reader& reader, std::string_view entity, std::string_view field,
                    RecordRef target, Visit visit) {
  RELATA_ASSIGN_OR_RETURN(const Slots slots, Slots::Of(reader, entity));
  RELATA_ASSIGN_OR_RETURN(const FieldId of, slots[field]);
  std::vector<RecordId> ids;
  RELATA_RETURN_IF_ERROR(reader.FindReferrers(slots.type(), slots.type().type->fields[of], target, &ids));
  for (const RecordId id : ids) {
    RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(slots.type(), id));
    RELATA_ASSIGN_OR_RETURN(const bool more, visit(slots, id, row));
    if (!more) break;
  }
  return absl::OkStatus();
}

StatusOr<bool> IsPaid(const store::Reader& reader, EntityTypeId order_type, RecordId order,
                      const FactRules& rules) {
  bool paid = false;
  RELATA_RETURN_IF_ERROR(
      ForReferrers(reader, "invoice", "order", {order_type, order},
                   [&](const Slots& invoices, RecordId invoice, const RowView& row) -> StatusOr<bool> {
                     RELATA_ASSIGN_OR_RETURN(const FieldId paid_on, invoices["paid_on"]);
                     paid = rules.IsPaidBy(row.Get(paid_on), /*nullable=*/true);
                     if (paid) return false;
                     RELATA_RETURN_IF_ERROR(ForReferrers(
                         reader, "payment", "invoice", {invoices.type().type->id, invoice},
                         [&](const Slots& payments, RecordId, const RowView& payment) -> StatusOr<bool> {
                           RELATA_ASSIGN_OR_RETURN(const FieldId date, payments["paid_on"]);
                           paid |= rules.IsPaidBy(payment.Get(date), /*nullable=*/false);
                           return !paid;
                         }));
                     return !paid;
                   }));
  return paid;
}

StatusOr<bool> RecordsPayments(const store::Reader& reader, const Slots& relations, const RowView& row) {
  RELATA_ASSIGN_OR_RETURN(const FieldId source, relations["source"]);
  const Cell cell = row.Get(source);
  if (!cell.present) return false;
  RELATA_ASSIGN_OR_RETURN(const Slots sources, Slots::Of(reader, "source"));
  RELATA_ASSIGN_OR_RETURN(const FieldId records, sources["records_payments"]);
  RELATA_ASSIGN_OR_RETURN(const RowView of, reader.Get(sources.type(), cell.bits));
  return of.Get(records).present;
}

}  // namespace

StatusOr<crm::RelationFacts> FactsOf(const store::Reader& reader, RecordId relation, Date on,
                                     const crm::LifecycleRule& rule) {
  RELATA_ASSIGN_OR_RETURN(const Slots relations, Slots::Of(reader, "relation"));
  RELATA_ASSIGN_OR_RETURN(const FieldId overridden, relations["lifecycle_override"]);
  RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(relations.type(), relation));
  const RecordRef self{relations.type().type->id, relation};
  crm::RelationFacts facts;
  if (const Cell cell = row.Get(overridden); cell.present)
    facts.overridden = static_cast<crm::Lifecycle>(cell.bits);
  RELATA_ASSIGN_OR_RETURN(const bool records_payments, RecordsPayments(reader, relations, row));

  RELATA_ASSIGN_OR_RETURN(const FactRules rules, FactRules::On(reader, on, rule));
  RELATA_RETURN_IF_ERROR(ForReferrers(
      reader, "order", "relation", self,
      [&](const Slots& orders, RecordId id, const RowView& order) -> StatusOr<bool> {
        RELATA_ASSIGN_OR_RETURN(const FieldId ordered_on, orders["ordered_on"]);
        RELATA_ASSIGN_OR_RETURN(const FieldId status, orders["status"]);
        const Date date{static_cast<int32_t>(order.Get(ordered_on).AsInt())};
        if (!rules.HasCome(date)) return true;
        const auto state = static_cast<crm::OrderStatus>(order.Get(status).bits);
        RELATA_ASSIGN_OR_RETURN(const bool paid, IsPaid(reader, orders.type().type->id, id, rules));
        rules.AddOrder(date, state, paid, records_payments, &facts);
        return true;
      }));

  for (const FactRules::Contact& contact : FactRules::kContacts) {
    bool& known = facts.*contact.fact;
    if (known) continue;
    RELATA_RETURN_IF_ERROR(
        ForReferrers(reader, contact.entity, "relation", self,
                     [&](const Slots& slots, RecordId, const RowView& record) -> StatusOr<bool> {
                       known = rules.Happened(*slots.type().type, record);
                       return !known;
                     }));
  }
  return facts;
}

}  // namespace relata::answers
