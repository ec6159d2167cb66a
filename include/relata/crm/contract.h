// Defines Contract, an agreement with a relation that runs for a time.
//
// Thread safety: plain values. An enumerator's number is part of stored rows: append, never renumber.
#ifndef RELATA_CRM_CONTRACT_H_
#define RELATA_CRM_CONTRACT_H_

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "relata/base/money.h"
#include "relata/base/time.h"
#include "relata/crm/entity.h"
#include "relata/crm/fwd.h"
#include "relata/schema/ids.h"

namespace relata::crm {

enum class ContractStatus : uint8_t {
  kDraft,
  kActive,
  kEnded,
  kCancelled,  // opgezegd
};
BOOST_DESCRIBE_ENUM(ContractStatus, kDraft, kActive, kEnded, kCancelled)

struct Contract {
  Id<Contract> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string number;  // as the source numbers it
  Id<Relation> relation;
  std::optional<Id<Person>> person;  // who signed
  std::optional<Id<User>> user;      // who looks after it
  std::optional<Id<Product>> product;
  std::string kind;  // soort, in the company's own terms: "maintenance", "subscription"
  std::string sla;   // service level agreed: "gold", "next business day"
  ContractStatus status = ContractStatus::kDraft;
  Date starts_on;
  std::optional<Date> ends_on;                // the last day it holds; none: until further notice
  std::optional<Date> renews_on;              // verlengmoment: when it runs on for another term
  std::optional<int32_t> notice_period_days;  // opzegtermijn: days before renews_on or ends_on
  std::optional<Money> value;                 // per year, excluding VAT
  Currency currency;
  std::optional<Id<Source>> source;
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Contract, (),
                      (id, created_at, updated_at, number, relation, person, user, product, kind, sla, status,
                       starts_on, ends_on, renews_on, notice_period_days, value, currency, source, notes))
RELATA_CRM_ENTITY(Contract, "contract");

}  // namespace relata::crm

#endif  // RELATA_CRM_CONTRACT_H_
