// Defines where data comes from: Source, one information source of the company, and ExternalKey, by which
// code a source knows a record of ours.
//
//   ExternalKey{.source = erp, .entity_type = "relation", .code = "10001", .record = bakery}
//
// Thread safety: plain values.
#ifndef RELATA_CRM_SOURCES_H_
#define RELATA_CRM_SOURCES_H_

#include <boost/describe/class.hpp>
#include <optional>
#include <string>

#include "relata/base/time.h"
#include "relata/crm/entity.h"
#include "relata/crm/fwd.h"
#include "relata/schema/ids.h"

namespace relata::crm {

// Informatiebron: an entry in the inventory of where the company keeps what it knows.
struct Source {
  Id<Source> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string code;                      // short and unique: "erp"
  std::string name;                      // "Exact"
  std::string location;                  // where it is: a system, a desk, a cupboard
  std::string storage;                   // how it is stored: "database", "spreadsheet", "card index"
  std::optional<Id<User>> responsible;   // who answers for it
  std::string code_used;                 // by which code it knows its records: "debtor number"
  bool records_payments = false;         // whether its payments are known; if not, its orders count as paid
  std::optional<Timestamp> imported_at;  // when it was last imported from
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Source, (),
                      (id, created_at, updated_at, code, name, location, storage, responsible, code_used,
                       records_payments, imported_at, notes))
RELATA_CRM_ENTITY(Source, "source");

// A record of any type of the model but ExternalKey itself.
using AnyRecord =
    AnyRef<Relation, Person, Affiliation, User, Team, DataSteward, Interaction, Task, Document, Project, Lead,
           Opportunity, Pipeline, Stage, Quote, Order, OrderLine, Invoice, Payment, Product, InstalledProduct,
           Interest, Contract, Ticket, SurveyResponse, Campaign, CampaignTouch, Consent, Preference, Source>;

// Externe sleutel: a debtor number finds its relation by it. One record may have several, one per source and
// more; (source, entity_type, code) names one record. Deleted with the record.
struct ExternalKey {
  Id<ExternalKey> id;
  Timestamp created_at;
  Timestamp updated_at;
  Id<Source> source;
  std::string entity_type;  // name of the record's type: "relation"
  std::string code;  // as the source has it; the parts of a composite code, in order, separated by U+001F
  AnyRecord record;
};
BOOST_DESCRIBE_STRUCT(ExternalKey, (), (id, created_at, updated_at, source, entity_type, code, record))
RELATA_CRM_ENTITY(ExternalKey, "external_key");

}  // namespace relata::crm

#endif  // RELATA_CRM_SOURCES_H_
