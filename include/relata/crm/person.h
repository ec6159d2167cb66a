// Defines Person, someone at one or more relations. How a name is split, shown and sorted stands in name.h.
//
//   Person buyer{.relations = {bakery}, .first_name = "Anna", .particle = "van den", .last_name = "Berg"};
//
// Thread safety: plain values. An enumerator's number is part of stored rows: append, never renumber.
#ifndef RELATA_CRM_PERSON_H_
#define RELATA_CRM_PERSON_H_

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "relata/base/time.h"
#include "relata/crm/entity.h"
#include "relata/crm/fwd.h"
#include "relata/schema/ids.h"
#include "relata/schema/set.h"

namespace relata::crm {

// Which part someone has in a decision to buy (decision-making unit).
enum class DmuRole : uint8_t {
  kDecider,       // beslisser
  kInfluencer,    // beïnvloeder
  kUser,          // gebruiker
  kBuyer,         // inkoper
  kBudgetHolder,  // budgethouder
  kGatekeeper,    // poortwachter
  kInitiator,     // initiatiefnemer
};
BOOST_DESCRIBE_ENUM(DmuRole, kDecider, kInfluencer, kUser, kBuyer, kBudgetHolder, kGatekeeper, kInitiator)

// Contactpersoon.
struct Person {
  Id<Person> id;
  Timestamp created_at;
  Timestamp updated_at;
  Set<Id<Relation>> relations;  // where the person works, or on whose behalf; relation.contacts from there
  std::string salutation;       // aanhef: "Dhr.", "Mevr.", "Dr."
  std::string initials;         // voorletters: "J.P."
  std::string first_name;       // roepnaam
  std::string particle;         // tussenvoegsel: "van den"
  std::string last_name;        // achternaam without its particle: "Berg"
  std::string job_title;        // functie
  std::optional<DmuRole> dmu_role;
  std::optional<Date> birth_date;
  std::string phone;  // the number to try first
  std::string mobile;
  Set<std::string> other_phones;
  std::string email;  // the address to try first
  Set<std::string> other_emails;
  std::string language;         // ISO 639-1: "nl"
  std::optional<Date> left_on;  // the first day on which the person is no longer there
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Person, (),
                      (id, created_at, updated_at, relations, salutation, initials, first_name, particle,
                       last_name, job_title, dmu_role, birth_date, phone, mobile, other_phones, email,
                       other_emails, language, left_on, notes))
RELATA_CRM_ENTITY(Person, "person");

}  // namespace relata::crm

#endif  // RELATA_CRM_PERSON_H_
