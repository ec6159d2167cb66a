// Defines what may become a sale: Lead, Opportunity, and the Pipeline and Stages an opportunity passes
// through.
//
// Which stages an opportunity went through, and when, comes from its history: Opportunity::stage keeps one.
// Thread safety: plain values. An enumerator's number is part of stored rows: append, never renumber.
#ifndef RELATA_CRM_PIPELINE_H_
#define RELATA_CRM_PIPELINE_H_

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

enum class LeadStatus : uint8_t {
  kNew,
  kContacted,
  kQualified,
  kConverted,     // became an opportunity
  kDisqualified,  // afgevallen
};
BOOST_DESCRIBE_ENUM(LeadStatus, kNew, kContacted, kQualified, kConverted, kDisqualified)

// Someone who showed interest, not yet known well enough to be a relation with an opportunity.
struct Lead {
  Id<Lead> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string name;  // of the person
  std::string company;
  std::string email;
  std::string phone;
  LeadStatus status = LeadStatus::kNew;
  Date received_on;
  std::string source;  // herkomst, in the company's own terms: "website", "trade_fair"
  std::optional<Id<Campaign>> campaign;
  std::optional<Id<Product>> product;  // what it asks for
  std::optional<Id<User>> owner;
  std::optional<Id<Relation>> relation;        // whose it turned out to be
  std::optional<Id<Person>> person;            // who it turned out to be
  std::optional<Id<Opportunity>> opportunity;  // that it became
  std::string reason;                          // why it was disqualified
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Lead, (),
                      (id, created_at, updated_at, name, company, email, phone, status, received_on, source,
                       campaign, product, owner, relation, person, opportunity, reason, notes))
RELATA_CRM_ENTITY(Lead, "lead");

enum class OpportunityOutcome : uint8_t {
  kOpen,
  kWon,
  kLost,
};
BOOST_DESCRIBE_ENUM(OpportunityOutcome, kOpen, kWon, kLost)

// Verkoopkans.
struct Opportunity {
  Id<Opportunity> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string name;
  std::optional<Id<Relation>> relation;
  std::optional<Id<Person>> person;
  std::optional<Id<Pipeline>> pipeline;
  std::optional<Id<Stage>> stage;
  std::optional<Fixed<4>> probability;    // a fraction: 0.25 is 25 %; none: that of the stage
  std::optional<Money> expected_revenue;  // excluding VAT
  Currency currency;
  Date opened_on;
  std::optional<Date> expected_close_on;
  std::optional<Date> closed_on;
  std::optional<Id<User>> owner;
  std::string source;  // herkomst, in the company's own terms: "website", "trade_fair"
  std::optional<Id<Campaign>> campaign;
  std::optional<Id<Product>> product;
  std::optional<Id<Relation>> competitor;  // who offers against us, or won
  OpportunityOutcome outcome = OpportunityOutcome::kOpen;
  std::string reason;  // why it was won or lost, in the company's own terms
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Opportunity, (),
                      (id, created_at, updated_at, name, relation, person, pipeline, stage, probability,
                       expected_revenue, currency, opened_on, expected_close_on, closed_on, owner, source,
                       campaign, product, competitor, outcome, reason, notes))
RELATA_CRM_ENTITY(Opportunity, "opportunity");

// A way to sell, as a row of stages.
struct Pipeline {
  Id<Pipeline> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string name;
  std::string description;
};
BOOST_DESCRIBE_STRUCT(Pipeline, (), (id, created_at, updated_at, name, description))
RELATA_CRM_ENTITY(Pipeline, "pipeline");

// Fase. Deleted with its pipeline.
struct Stage {
  Id<Stage> id;
  Timestamp created_at;
  Timestamp updated_at;
  Id<Pipeline> pipeline;
  std::string name;
  int32_t position = 0;  // its place in the pipeline, from 1
  Fixed<4> probability;  // of winning from here, a fraction: 0.25 is 25 %
};
BOOST_DESCRIBE_STRUCT(Stage, (), (id, created_at, updated_at, pipeline, name, position, probability))
RELATA_CRM_ENTITY(Stage, "stage");

}  // namespace relata::crm

#endif  // RELATA_CRM_PIPELINE_H_
