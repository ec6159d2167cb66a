// The expressions of the model's derived fields.
#include "src/crm/definitions.h"

namespace relata::crm {
namespace {

constexpr Definition kDefinitions[] = {
    {"order", "is_paid",
     "exists(invoices where paid_on <= today() or exists(payments where paid_on <= today()))",
     "Whether an invoice of it is paid, or a payment of one is known"},
    {"order", "is_purchase",
     "status <> 'cancelled' and (is_paid or not coalesce(relation.source.records_payments, false))",
     "Whether it makes a customer: paid, or from a source that records no payments"},
    {"invoice", "open_amount",
     "case when status in ('open', 'partly_paid') then total + coalesce(vat, 0) - paid else 0 end",
     "What it still asks for, VAT included"},
    {"relation", "lifecycle",
     "coalesce(lifecycle_override, case"
     " when exists(orders where is_purchase and ordered_on >= today() - 12 months and ordered_on <= today())"
     " then 'customer'"
     " when exists(orders where is_purchase and ordered_on <= today()) then 'inactive'"
     " when exists(quotes where quoted_on <= today()) then 'prospect'"
     " when exists(interactions where at < today() + 1) or exists(tickets where opened_at < today() + 1)"
     " or exists(orders where ordered_on <= today()) then 'suspect'"
     " else 'general' end)",
     "customer, inactive, prospect, suspect or general: where it stands today"},
    {"relation", "revenue",
     "sum(orders.total where status <> 'cancelled' and ordered_on >= today() - 12 months"
     " and ordered_on <= today())",
     "Turnover of the last twelve months, excluding VAT"},
    {"relation", "open_amount", "sum(invoices.open_amount)", "What its invoices still ask for"},
    {"relation", "tier",
     "case when percentile(case when revenue > 0 then revenue end) > 0.99 then 'top'"
     " when percentile(case when revenue > 0 then revenue end) > 0.95 then 'large'"
     " when percentile(case when revenue > 0 then revenue end) > 0.8 then 'medium'"
     " when revenue > 0 then 'small' end",
     "top, large, medium or small: its class in the customer pyramid; none without revenue"},
};

}  // namespace

std::span<const Definition> ModelDefinitions() { return kDefinitions; }

const Definition* FindDefinition(std::string_view entity, std::string_view name) {
  for (const Definition& definition : kDefinitions) {
    if (definition.entity == entity && definition.name == name) return &definition;
  }
  return nullptr;
}

}  // namespace relata::crm
