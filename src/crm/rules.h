// Defines the rules behind the model's derived fields, as texts to be put together: for another day than
// today, another rule, or another record.
//
//   RevenueOrders("today() - 12 months", "today()")       // a condition on orders
//
// `day`, `first` and `last` are expressions of a date, the last one included. Thread safety: functions of
// their arguments.
#ifndef RELATA_CRM_RULES_H_
#define RELATA_CRM_RULES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relata::crm {

// Of an order: whether an invoice of it was paid by the end of that day.
std::string PaidOn(std::string_view day);
// Of an order: whether it makes a customer. `paid` is a condition; `without_payments`: an order counts as
// paid where its source records no payments.
std::string PurchaseIf(std::string_view paid, bool without_payments = true);
// Of an order: whether it counts in the revenue of these days.
std::string RevenueOrders(std::string_view first, std::string_view last);

// Of a relation: it is the first of these of which any condition holds, else general; whatever the host
// judged goes before. `purchase` is a condition on an order, `months` for how long one makes a customer.
struct LifecycleStep {
  std::string_view label;
  std::vector<std::string> any_of;
};
std::vector<LifecycleStep> LifecycleSteps(std::string_view purchase, std::string_view day, int32_t months);

}  // namespace relata::crm

#endif  // RELATA_CRM_RULES_H_
