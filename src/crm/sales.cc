// The declarations of Quote, Order, OrderLine, Invoice and Payment, and the arithmetic of an order line.
//
// A relation with any of these is not deleted: books are kept. What merely points at a person or employee is
// cleared.
#include "relata/crm/sales.h"

#include "relata/crm/contact.h"
#include "relata/crm/contract.h"
#include "relata/crm/organisation.h"
#include "relata/crm/person.h"
#include "relata/crm/pipeline.h"
#include "relata/crm/product.h"
#include "relata/crm/relation.h"
#include "relata/crm/sources.h"
#include "relata/schema/declare.h"

namespace relata::crm {

RELATA_CRM_DECLARATION(Quote, description("What was offered at a price (offerte)"), moment<&Quote::quoted_on>,
                       inverse<&Quote::relation>("quotes", OnDelete::kRestrict),
                       inverse<&Quote::person>("quotes"), inverse<&Quote::user>("quotes"),
                       inverse<&Quote::opportunity>("quotes"), inverse<&Quote::project>("quotes"),
                       inverse<&Quote::source>("quotes"), ordered<&Quote::number>, ordered<&Quote::quoted_on>)

RELATA_CRM_DECLARATION(Order, description("A purchase, or with negative amounts a return"),
                       moment<&Order::ordered_on>, inverse<&Order::relation>("orders", OnDelete::kRestrict),
                       inverse<&Order::person>("orders"), inverse<&Order::user>("orders"),
                       inverse<&Order::quote>("orders"), inverse<&Order::project>("orders"),
                       inverse<&Order::carrier>("carried_orders"), inverse<&Order::source>("orders"),
                       ordered<&Order::number>, ordered<&Order::ordered_on>,
                       ordered<&Order::relation, &Order::ordered_on>)

RELATA_CRM_DECLARATION(OrderLine, description("One product of an order (orderregel)"),
                       moment<&OrderLine::ordered_on>,
                       inverse<&OrderLine::order>("lines", OnDelete::kCascade),
                       inverse<&OrderLine::product>("order_lines", OnDelete::kRestrict))

RELATA_CRM_DECLARATION(Invoice, description("An invoice (factuur)"), moment<&Invoice::invoiced_on>,
                       inverse<&Invoice::relation>("invoices", OnDelete::kRestrict),
                       inverse<&Invoice::order>("invoices", OnDelete::kRestrict),
                       inverse<&Invoice::contract>("invoices", OnDelete::kRestrict),
                       inverse<&Invoice::source>("invoices"), ordered<&Invoice::number>,
                       ordered<&Invoice::invoiced_on>)

RELATA_CRM_DECLARATION(Payment, description("Money received or paid back (betaling)"),
                       moment<&Payment::paid_on>,
                       inverse<&Payment::relation>("payments", OnDelete::kRestrict),
                       inverse<&Payment::invoice>("payments", OnDelete::kRestrict),
                       inverse<&Payment::source>("payments"), ordered<&Payment::paid_on>)

StatusOr<Money> LineAmount(Fixed<3> quantity, Fixed<4> unit_price, Fixed<4> discount, Currency currency) {
  // The scale of the exact product is named, so that one too large to be exact is an error and never rounded
  // twice.
  RELATA_ASSIGN_OR_RETURN(const Decimal gross, quantity.ToDecimal().Mul(unit_price.ToDecimal(), 3 + 4));
  RELATA_ASSIGN_OR_RETURN(const Decimal share, Decimal::FromInteger(1).Sub(discount.ToDecimal()));
  RELATA_ASSIGN_OR_RETURN(const Decimal net, gross.Mul(share, static_cast<uint8_t>(currency.exponent())));
  return Money::FromDecimal(net, currency);
}

}  // namespace relata::crm
