// Defines our own side: User, Team, and DataSteward, who answers for the quality of which data.
//
// Thread safety: plain values.
#ifndef RELATA_CRM_ORGANISATION_H_
#define RELATA_CRM_ORGANISATION_H_

#include <boost/describe/class.hpp>
#include <optional>
#include <string>

#include "relata/base/time.h"
#include "relata/crm/entity.h"
#include "relata/crm/fwd.h"
#include "relata/schema/ids.h"

namespace relata::crm {

// Medewerker: someone who works for us.
struct User {
  Id<User> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string name;  // as colleagues know it: "Anna van den Berg"
  std::string email;
  std::string phone;
  std::string job_title;  // functie
  std::optional<Id<Team>> team;
  std::optional<Id<User>> manager;  // leidinggevende
  std::optional<Date> started_on;
  std::optional<Date> left_on;  // the first day on which the user is no longer with us
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, created_at, updated_at, name, email, phone, job_title, team, manager, started_on,
                       left_on))
RELATA_CRM_ENTITY(User, "user");

struct Team {
  Id<Team> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string name;
  std::string description;
  std::optional<Id<User>> lead;  // teamleider
};
BOOST_DESCRIBE_STRUCT(Team, (), (id, created_at, updated_at, name, description, lead))
RELATA_CRM_ENTITY(Team, "team");

// Gegevensbeheerder: who answers for the data of an entity type, of a source, or of that type from that
// source.
struct DataSteward {
  Id<DataSteward> id;
  Timestamp created_at;
  Timestamp updated_at;
  Id<User> user;
  std::string entity_type;           // "relation"; empty: all
  std::optional<Id<Source>> source;  // none: all
  std::optional<Date> since;
  std::optional<Date> until;  // the first day on which it is someone else's
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(DataSteward, (),
                      (id, created_at, updated_at, user, entity_type, source, since, until, notes))
RELATA_CRM_ENTITY(DataSteward, "data_steward");

}  // namespace relata::crm

#endif  // RELATA_CRM_ORGANISATION_H_
