// Defines Relation, the establishment one does business with, and Affiliation, how two relations or two
// people belong together.
//
//   Relation bakery{.name = "Bakkerij Jansen", .visiting = {.city = "Utrecht"}};
//   bakery.roles.insert(RelationRole::kSupplier);
//
// Whether a relation is a customer is not a field: it follows from what was bought and paid (derived.h).
// Thread safety: plain values. An enumerator's number is part of stored rows: append, never renumber.
#ifndef RELATA_CRM_RELATION_H_
#define RELATA_CRM_RELATION_H_

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "relata/base/money.h"
#include "relata/base/point.h"
#include "relata/base/time.h"
#include "relata/crm/address.h"
#include "relata/crm/entity.h"
#include "relata/crm/fwd.h"
#include "relata/schema/ids.h"
#include "relata/schema/set.h"

namespace relata::crm {

// What a relation is to us besides being a customer or becoming one; several may hold at once.
enum class RelationRole : uint8_t {
  kSupplier,      // leverancier
  kIntermediary,  // tussenpersoon: brings business, buys nothing
  kPartner,
  kCompetitor,  // concurrent
  kReseller,    // wederverkoper
  kAdviser,     // adviseur: accountant, architect, consultant
  kCarrier,     // vervoerder
  kAuthority,   // overheid, toezichthouder
  kPress,
  kShareholder,
};
BOOST_DESCRIBE_ENUM(RelationRole, kSupplier, kIntermediary, kPartner, kCompetitor, kReseller, kAdviser,
                    kCarrier, kAuthority, kPress, kShareholder)

// Where a relation stands on its way to becoming, being and no longer being a customer. Derived, never
// stored, except as a host's own judgement in Relation::lifecycle_override. In ascending order of commitment.
enum class Lifecycle : uint8_t {
  kGeneral,   // algemene relatie: known, not yet in touch
  kSuspect,   // has been in touch
  kProspect,  // has received a quote
  kInactive,  // inactieve klant: bought and paid, but before the period
  kCustomer,  // klant: bought and paid within the period
};
BOOST_DESCRIBE_ENUM(Lifecycle, kGeneral, kSuspect, kProspect, kInactive, kCustomer)

// How far we trust a relation to pay.
enum class CreditStatus : uint8_t {
  kGood,
  kWatch,    // letten op: pays late
  kPrepaid,  // delivers only after payment
  kBlocked,  // no further deliveries
};
BOOST_DESCRIBE_ENUM(CreditStatus, kGood, kWatch, kPrepaid, kBlocked)

// How a relation came to us (acquisitie).
struct Acquisition {
  std::string source;               // herkomst, in the company's own terms: "trade_fair", "recommendation"
  std::optional<Date> acquired_on;  // since when it is known to us
};
BOOST_DESCRIBE_STRUCT(Acquisition, (), (source, acquired_on))

// Relatie: an establishment (vestiging), not the legal entity that may own several.
struct Relation {
  Id<Relation> id;
  Timestamp created_at;
  Timestamp updated_at;

  // Relatienummer, with its check digit, as relation_number.h makes and prints it. Our own sequence, never a
  // debtor number: those are external keys (sources.h). 0 at insert draws the next; it never changes after.
  int64_t number = 0;
  std::string name;              // required
  Set<std::string> trade_names;  // handelsnamen, as far as they differ from the name
  std::string legal_form;        // rechtsvorm: "B.V.", "eenmanszaak"

  std::string kvk_number;  // Chamber of Commerce, 8 digits: shared by all establishments of an owner
  std::string establishment_number;  // vestigingsnummer, 12 digits: this establishment's own
  std::string vat_number;            // btw-nummer: "NL001234567B01"
  std::string iban;

  Address visiting;  // bezoekadres
  Address postal;    // postadres; empty: as visiting
  Address billing;   // factuuradres; empty: as postal
  std::string phone;
  std::string email;
  std::string website;
  std::string language;           // ISO 639-1: "nl"
  std::optional<Point> location;  // position on the map

  std::string industry_code;                // SBI code of Statistics Netherlands, without dots: "62010"
  std::string industry;                     // its text
  std::optional<Id<Relation>> parent;       // the relation it belongs to: head office, holding
  std::optional<Id<User>> account_manager;  // accountmanager
  Acquisition acquisition;
  Set<RelationRole> roles;
  Set<std::string> tags;

  std::optional<CreditStatus> credit_status;
  std::optional<Money> credit_limit;         // kredietlimiet, in `currency`; none: no limit was set
  std::optional<int32_t> payment_term_days;  // betalingstermijn: days from invoice date to due date
  Currency currency;                         // of credit_limit; none: that of the store

  // A host's own judgement in place of the derived lifecycle, and why. The reason is for whoever wonders
  // later.
  std::optional<Lifecycle> lifecycle_override;
  std::string lifecycle_override_reason;

  // The information source that leads for this relation; says whether its payments are known.
  std::optional<Id<Source>> source;
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Relation, (),
                      (id, created_at, updated_at, number, name, trade_names, legal_form, kvk_number,
                       establishment_number, vat_number, iban, visiting, postal, billing, phone, email,
                       website, language, location, industry_code, industry, parent, account_manager,
                       acquisition, roles, tags, credit_status, credit_limit, payment_term_days, currency,
                       lifecycle_override, lifecycle_override_reason, source, notes))
RELATA_CRM_ENTITY(Relation, "relation");

// Read as "`from` is the … of `to`", or as it says.
enum class AffiliationKind : uint8_t {
  kParent,      // moedermaatschappij
  kBranch,      // filiaal
  kFranchise,   // franchise(nemer)
  kReseller,    // wederverkoper
  kAdviser,     // adviseur
  kCompetitor,  // concurrent
  kSupplier,
  kCustomer,
  kPartner,  // business partner, or partner in life
  kShareholder,
  kPredecessor,  // rechtsvoorganger, or who held the job before
  kReportsTo,    // valt onder
  kAssistant,
  kColleague,
  kFormerColleague,
  kRelative,  // familie
  kFriend,
  kOther,  // see notes
};
BOOST_DESCRIBE_ENUM(AffiliationKind, kParent, kBranch, kFranchise, kReseller, kAdviser, kCompetitor,
                    kSupplier, kCustomer, kPartner, kShareholder, kPredecessor, kReportsTo, kAssistant,
                    kColleague, kFormerColleague, kRelative, kFriend, kOther)

// Verband: relation to relation or person to person, typed and dated. Both ends are of one type.
struct Affiliation {
  Id<Affiliation> id;
  Timestamp created_at;
  Timestamp updated_at;
  AnyRef<Relation, Person> from;
  AffiliationKind kind = AffiliationKind::kParent;
  AnyRef<Relation, Person> to;
  std::optional<Date> since;
  std::optional<Date> until;  // the first day on which it no longer holds
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Affiliation, (), (id, created_at, updated_at, from, kind, to, since, until, notes))
RELATA_CRM_ENTITY(Affiliation, "affiliation");

}  // namespace relata::crm

#endif  // RELATA_CRM_RELATION_H_
