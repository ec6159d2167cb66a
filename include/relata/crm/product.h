// Defines Product, and what relations have or want of it: InstalledProduct and Interest.
//
// Thread safety: plain values. An enumerator's number is part of stored rows: append, never renumber.
#ifndef RELATA_CRM_PRODUCT_H_
#define RELATA_CRM_PRODUCT_H_

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "relata/base/decimal.h"
#include "relata/base/money.h"
#include "relata/base/time.h"
#include "relata/crm/entity.h"
#include "relata/crm/fwd.h"
#include "relata/schema/ids.h"

namespace relata::crm {

enum class ProductKind : uint8_t {
  kProduct,
  kService,  // dienst
  kModule,   // part of a larger product, sold by itself
  kPackage,  // several products sold as one
};
BOOST_DESCRIBE_ENUM(ProductKind, kProduct, kService, kModule, kPackage)

// Product or service. Its four groupings are the company's own terms.
struct Product {
  Id<Product> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string code;  // artikelnummer, as the source has it
  std::string name;
  std::string description;
  ProductKind kind = ProductKind::kProduct;
  std::string category;                  // productgroep
  std::string module;                    // of which larger product it is a module
  std::string package;                   // in which package it is sold
  std::string theme;                     // thema: the need it answers
  std::optional<Id<Product>> parent;     // the product or package it is part of
  std::optional<Id<Relation>> supplier;  // leverancier
  std::string unit;                      // in which it is sold: "piece", "hour", "10 boxes x 20 bags"
  std::optional<Fixed<4>> unit_price;    // verkoopprijs in `currency` per unit, excluding VAT
  std::optional<Fixed<4>> unit_cost;     // kostprijs in `currency` per unit
  std::optional<Fixed<4>> vat_rate;      // a fraction: 0.21 is 21 %
  Currency currency;                     // none: that of the store
  std::optional<Date> introduced_on;
  bool discontinued = false;  // no longer sold
};
BOOST_DESCRIBE_STRUCT(Product, (),
                      (id, created_at, updated_at, code, name, description, kind, category, module, package,
                       theme, parent, supplier, unit, unit_price, unit_cost, vat_rate, currency,
                       introduced_on, discontinued))
RELATA_CRM_ENTITY(Product, "product");

// What a relation has in use of our products, or of another's.
struct InstalledProduct {
  Id<InstalledProduct> id;
  Timestamp created_at;
  Timestamp updated_at;
  Id<Relation> relation;
  Id<Product> product;
  std::string serial_number;
  Fixed<3> quantity{1'000};   // in the product's unit
  std::optional<Date> since;  // in use since
  std::optional<Date> until;  // the first day on which it is no longer in use
  std::optional<Id<Contract>> contract;
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(InstalledProduct, (),
                      (id, created_at, updated_at, relation, product, serial_number, quantity, since, until,
                       contract, notes))
RELATA_CRM_ENTITY(InstalledProduct, "installed_product");

enum class InterestLevel : uint8_t {
  kLow,
  kMedium,
  kHigh,
};
BOOST_DESCRIBE_ENUM(InterestLevel, kLow, kMedium, kHigh)

// Interesse of a relation or person, in a product or, where no product is meant yet, a theme.
struct Interest {
  Id<Interest> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Id<Relation>> relation;
  std::optional<Id<Person>> person;
  std::optional<Id<Product>> product;
  std::string theme;
  std::optional<InterestLevel> level;
  std::optional<Date> since;
  std::optional<Date> until;  // the first day on which it is over
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Interest, (),
                      (id, created_at, updated_at, relation, person, product, theme, level, since, until,
                       notes))
RELATA_CRM_ENTITY(Interest, "interest");

}  // namespace relata::crm

#endif  // RELATA_CRM_PRODUCT_H_
