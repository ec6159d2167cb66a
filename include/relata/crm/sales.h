// Defines what is sold: Quote, Order, OrderLine, Invoice and Payment. What leads there stands in pipeline.h.
//
//   Order order{.number = "VO26-000017", .relation = bakery, .ordered_on = today, .total =
//   Money::Eur(1'250)};
//
// Amounts of a record are in its `currency`; where a host gives none, that is the store's base currency. The
// store keeps the amount in its base currency beside each. A return or credit note has negative amounts.
// Thread safety: plain values. An enumerator's number is part of stored rows: append, never renumber.
#ifndef RELATA_CRM_SALES_H_
#define RELATA_CRM_SALES_H_

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "relata/base/decimal.h"
#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/crm/address.h"
#include "relata/crm/entity.h"
#include "relata/crm/fwd.h"
#include "relata/export.h"
#include "relata/schema/ids.h"

namespace relata::crm {

enum class QuoteStatus : uint8_t {
  kOpen,
  kAccepted,
  kRejected,
  kExpired,
};
BOOST_DESCRIBE_ENUM(QuoteStatus, kOpen, kAccepted, kRejected, kExpired)

// Offerte.
struct Quote {
  Id<Quote> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string number;  // as the source numbers it
  std::optional<Id<Relation>> relation;
  std::optional<Id<Person>> person;  // to whom it was addressed
  std::optional<Id<User>> user;      // who made it
  std::optional<Id<Opportunity>> opportunity;
  std::optional<Id<Project>> project;
  QuoteStatus status = QuoteStatus::kOpen;
  Date quoted_on;
  std::optional<Date> valid_until;  // the last day on which it binds
  Money total;                      // excluding VAT
  std::optional<Money> vat;
  Currency currency;
  std::optional<Id<Source>> source;
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Quote, (),
                      (id, created_at, updated_at, number, relation, person, user, opportunity, project,
                       status, quoted_on, valid_until, total, vat, currency, source, notes))
RELATA_CRM_ENTITY(Quote, "quote");

enum class OrderStatus : uint8_t {
  kOpen,
  kConfirmed,
  kDelivered,
  kCancelled,  // counts nowhere: not as purchase, not as revenue
};
BOOST_DESCRIBE_ENUM(OrderStatus, kOpen, kConfirmed, kDelivered, kCancelled)

// Order: a purchase, or with negative amounts a return.
struct Order {
  Id<Order> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string number;                    // as the source numbers it
  std::optional<Id<Relation>> relation;  // none: sold over the counter, to nobody by name
  std::optional<Id<Person>> person;      // who ordered
  std::optional<Id<User>> user;          // who sold
  std::optional<Id<Quote>> quote;        // that it accepts
  std::optional<Id<Project>> project;
  OrderStatus status = OrderStatus::kOpen;
  Date ordered_on;
  std::optional<Date> requested_on;  // when the customer wants it
  std::optional<Date> delivered_on;
  std::string delivery_name;  // at the delivery address, where it differs from the relation's
  Address delivery;
  std::optional<Id<Relation>> carrier;  // vervoerder
  Money total;                          // of its lines: excluding VAT and freight
  std::optional<Money> vat;
  std::optional<Money> freight;  // vrachtkosten charged, excluding VAT
  std::optional<Money> cost;     // kostprijs of what was sold; total less cost is the margin
  Currency currency;
  std::string reference;  // the customer's own: "uw kenmerk"
  std::optional<Id<Source>> source;
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Order, (),
                      (id, created_at, updated_at, number, relation, person, user, quote, project, status,
                       ordered_on, requested_on, delivered_on, delivery_name, delivery, carrier, total, vat,
                       freight, cost, currency, reference, source, notes))
RELATA_CRM_ENTITY(Order, "order");

// Orderregel. Deleted with its order.
struct OrderLine {
  Id<OrderLine> id;
  Timestamp created_at;
  Timestamp updated_at;
  Id<Order> order;
  int32_t line = 0;  // its number within the order, from 1
  std::optional<Id<Product>> product;
  std::string description;           // as printed on the order
  Fixed<3> quantity;                 // in `unit`; negative for a return
  std::string unit;                  // "piece", "hour", "kg"
  Fixed<4> unit_price;               // in `currency`, excluding VAT: prices of 0.001 and 2.085 exist
  Fixed<4> discount;                 // korting, a fraction: 0.15 is 15 %
  Money amount;                      // net, excluding VAT: see LineAmount
  std::optional<Money> cost;         // kostprijs of the line
  std::optional<Fixed<4>> vat_rate;  // a fraction: 0.21 is 21 %
  Currency currency;                 // that of the order
  Date ordered_on;                   // that of the order, or the day this line was added to it
};
BOOST_DESCRIBE_STRUCT(OrderLine, (),
                      (id, created_at, updated_at, order, line, product, description, quantity, unit,
                       unit_price, discount, amount, cost, vat_rate, currency, ordered_on))
RELATA_CRM_ENTITY(OrderLine, "order_line");

// quantity x unit_price x (1 - discount), computed exactly and then rounded once, half to even, to minor
// units of `currency`. OutOfRange where that does not fit.
RELATA_EXPORT StatusOr<Money> LineAmount(Fixed<3> quantity, Fixed<4> unit_price, Fixed<4> discount,
                                         Currency currency);

enum class InvoiceStatus : uint8_t {
  kOpen,
  kPartlyPaid,
  kPaid,
  kCredited,    // taken back by a credit note
  kWrittenOff,  // afgeboekt
};
BOOST_DESCRIBE_ENUM(InvoiceStatus, kOpen, kPartlyPaid, kPaid, kCredited, kWrittenOff)

// Factuur. The open amount is derived: total + vat - paid (derived.h).
struct Invoice {
  Id<Invoice> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string number;  // as the source numbers it
  std::optional<Id<Relation>> relation;
  std::optional<Id<Order>> order;
  std::optional<Id<Contract>> contract;
  InvoiceStatus status = InvoiceStatus::kOpen;
  Date invoiced_on;
  std::optional<Date> due_on;   // vervaldatum
  std::optional<Date> paid_on;  // when the last of it came in
  Money total;                  // excluding VAT
  std::optional<Money> vat;
  Money paid;  // received so far, VAT included
  Currency currency;
  std::optional<Id<Source>> source;
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Invoice, (),
                      (id, created_at, updated_at, number, relation, order, contract, status, invoiced_on,
                       due_on, paid_on, total, vat, paid, currency, source, notes))
RELATA_CRM_ENTITY(Invoice, "invoice");

enum class PaymentMethod : uint8_t {
  kBank,         // overboeking
  kDirectDebit,  // incasso
  kCard,
  kOnline,  // iDEAL, PayPal and the like
  kCash,
  kSettlement,  // verrekening
};
BOOST_DESCRIBE_ENUM(PaymentMethod, kBank, kDirectDebit, kCard, kOnline, kCash, kSettlement)

// Betaling: money received, or with a negative amount paid back.
struct Payment {
  Id<Payment> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string number;  // as the source numbers it
  std::optional<Id<Relation>> relation;
  std::optional<Id<Invoice>> invoice;
  Date paid_on;
  Money amount;  // VAT included
  Currency currency;
  std::optional<PaymentMethod> method;
  std::string reference;  // betalingskenmerk
  std::optional<Id<Source>> source;
};
BOOST_DESCRIBE_STRUCT(Payment, (),
                      (id, created_at, updated_at, number, relation, invoice, paid_on, amount, currency,
                       method, reference, source))
RELATA_CRM_ENTITY(Payment, "payment");

}  // namespace relata::crm

#endif  // RELATA_CRM_SALES_H_
