// The expressions of the model's derived fields.
#include "src/crm/definitions.h"

#include <array>
#include <string>

#include "relata/base/strings.h"
#include "src/crm/rules.h"

namespace relata::crm {
namespace {

constexpr std::string_view kToday = "today()";
constexpr std::string_view kYearAgo = "today() - 12 months";

std::string LifecycleText() {
  std::string text = "coalesce(lifecycle_override, case";
  for (const LifecycleStep& step : LifecycleSteps("is_purchase", kToday, 12)) {
    StrAppend(&text, " when ");
    for (size_t i = 0; i < step.any_of.size(); ++i) StrAppend(&text, i == 0 ? "" : " or ", step.any_of[i]);
    StrAppend(&text, " then '", step.label, "'");
  }
  StrAppend(&text, " else 'general' end)");
  return text;
}

// What they are made of, for as long as the program runs.
struct Texts {
  const std::string is_paid = PaidOn(kToday);
  const std::string is_purchase = PurchaseIf("is_paid");
  const std::string lifecycle = LifecycleText();
  const std::string revenue = StrCat("sum(orders.total where ", RevenueOrders(kYearAgo, kToday), ")");
};

}  // namespace

std::string PaidOn(std::string_view day) {
  return StrCat("exists(invoices where paid_on <= ", day, " or exists(payments where paid_on <= ", day, "))");
}

std::string PurchaseIf(std::string_view paid, bool without_payments) {
  if (!without_payments) return StrCat("status <> 'cancelled' and ", paid);
  return StrCat("status <> 'cancelled' and (", paid,
                " or not coalesce(relation.source.records_payments, false))");
}

std::string RevenueOrders(std::string_view first, std::string_view last) {
  return StrCat("status <> 'cancelled' and ordered_on >= ", first, " and ordered_on <= ", last);
}

std::vector<LifecycleStep> LifecycleSteps(std::string_view purchase, std::string_view day, int32_t months) {
  const std::string purchases = StrCat("exists(orders where ", purchase, " and ordered_on ");
  return {
      {"customer", {StrCat(purchases, ">= ", day, " - ", months, " months and ordered_on <= ", day, ")")}},
      {"inactive", {StrCat(purchases, "<= ", day, ")")}},
      {"prospect", {StrCat("exists(quotes where quoted_on <= ", day, ")")}},
      {"suspect",
       {StrCat("exists(interactions where at < ", day, " + 1)"),
        StrCat("exists(tickets where opened_at < ", day, " + 1)"),
        StrCat("exists(orders where ordered_on <= ", day, ")")}}};
}

std::span<const Definition> ModelDefinitions() {
  static const Texts texts;
  static const std::array<Definition, 7> definitions = {{
      {"order", "is_paid", texts.is_paid, "Whether an invoice of it is paid, or a payment of one is known"},
      {"order", "is_purchase", texts.is_purchase,
       "Whether it makes a customer: paid, or from a source that records no payments"},
      {"invoice", "open_amount",
       "case when status in ('open', 'partly_paid') then total + coalesce(vat, 0) - paid else 0 end",
       "What it still asks for, VAT included"},
      {"relation", "lifecycle", texts.lifecycle,
       "customer, inactive, prospect, suspect or general: where it stands today"},
      {"relation", "revenue", texts.revenue, "Turnover of the last twelve months, excluding VAT"},
      {"relation", "open_amount", "sum(invoices.open_amount)", "What its invoices still ask for"},
      {"relation", "tier",
       "case when percentile(case when revenue > 0 then revenue end) > 0.99 then 'top'"
       " when percentile(case when revenue > 0 then revenue end) > 0.95 then 'large'"
       " when percentile(case when revenue > 0 then revenue end) > 0.8 then 'medium'"
       " when revenue > 0 then 'small' end",
       "top, large, medium or small: its class in the customer pyramid; none without revenue"},
  }};
  return definitions;
}

const Definition* FindDefinition(std::string_view entity, std::string_view name) {
  for (const Definition& definition : ModelDefinitions()) {
    if (definition.entity == entity && definition.name == name) return &definition;
  }
  return nullptr;
}

}  // namespace relata::crm
