// Defines what passes between us and a relation, and what is filed of it: Interaction, Task, Document,
// Project.
//
//   Interaction call{.channel = Channel::kPhone, .at = now, .duration = Duration::Minutes(12), .relation =
//   bakery};
//
// Thread safety: plain values. An enumerator's number is part of stored rows: append, never renumber.
#ifndef RELATA_CRM_CONTACT_H_
#define RELATA_CRM_CONTACT_H_

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

// By which way we are in touch; consent is given per channel too.
enum class Channel : uint8_t {
  kPhone,
  kEmail,
  kMeeting,  // afspraak: at our place, at theirs together with others, on line
  kVisit,    // bezoek: we go there
  kLetter,
  kChat,
  kSocial,  // social media
  kWeb,     // our own site: a form, a portal
};
BOOST_DESCRIBE_ENUM(Channel, kPhone, kEmail, kMeeting, kVisit, kLetter, kChat, kSocial, kWeb)

enum class Direction : uint8_t {
  kInbound,   // they came to us
  kOutbound,  // we went to them
};
BOOST_DESCRIBE_ENUM(Direction, kInbound, kOutbound)

// Contactmoment.
struct Interaction {
  Id<Interaction> id;
  Timestamp created_at;
  Timestamp updated_at;
  Channel channel = Channel::kPhone;
  std::optional<Direction> direction;
  Timestamp at;  // when it began
  std::optional<Duration> duration;
  std::optional<Id<Relation>> relation;
  Set<Id<Person>> persons;       // of theirs, who took part
  std::optional<Id<User>> user;  // of ours
  std::string subject;
  std::string notes;
  std::string outcome;                 // resultaat, in the company's own terms: "appointment", "no_answer"
  std::string next_action;             // vervolgactie
  std::optional<Date> next_action_on;  // when it is due
  std::optional<Id<Opportunity>> opportunity;
  std::optional<Id<Ticket>> ticket;
  std::optional<Id<Project>> project;
  std::optional<Id<Source>> source;
};
BOOST_DESCRIBE_STRUCT(Interaction, (),
                      (id, created_at, updated_at, channel, direction, at, duration, relation, persons, user,
                       subject, notes, outcome, next_action, next_action_on, opportunity, ticket, project,
                       source))
RELATA_CRM_ENTITY(Interaction, "interaction");

enum class Priority : uint8_t {
  kLow,
  kNormal,
  kHigh,
  kUrgent,
};
BOOST_DESCRIBE_ENUM(Priority, kLow, kNormal, kHigh, kUrgent)

// Taak: something to do, with or without a relation.
struct Task {
  Id<Task> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string title;
  std::string notes;
  Priority priority = Priority::kNormal;
  std::optional<Date> due_on;
  std::optional<Date> done_on;   // none: still to do
  std::optional<Id<User>> user;  // who is to do it
  std::optional<Id<Relation>> relation;
  std::optional<Id<Person>> person;
  std::optional<Id<Interaction>> interaction;  // that it follows from
  std::optional<Id<Opportunity>> opportunity;
  std::optional<Id<Project>> project;
};
BOOST_DESCRIBE_STRUCT(Task, (),
                      (id, created_at, updated_at, title, notes, priority, due_on, done_on, user, relation,
                       person, interaction, opportunity, project))
RELATA_CRM_ENTITY(Task, "task");

// An electronic document, found by its relation's number; the file itself lies elsewhere, by default in the
// folder that dossier.h names.
struct Document {
  Id<Document> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string title;
  std::string kind;     // soort: "quote", "contract", "letter"
  std::string address;  // where it lies: a path, or a URL
  std::string hash;     // of its bytes, as "sha256:" and hexadecimal digits
  std::optional<Date> dated_on;
  std::optional<Id<Relation>> relation;
  std::optional<Id<Project>> project;
  std::optional<Id<Person>> person;  // whom it is about or addressed to
};
BOOST_DESCRIBE_STRUCT(Document, (),
                      (id, created_at, updated_at, title, kind, address, hash, dated_on, relation, project,
                       person))
RELATA_CRM_ENTITY(Document, "document");

enum class ProjectStatus : uint8_t {
  kPlanned,
  kActive,
  kOnHold,
  kCompleted,
  kCancelled,
};
BOOST_DESCRIBE_ENUM(ProjectStatus, kPlanned, kActive, kOnHold, kCompleted, kCancelled)

struct Project {
  Id<Project> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string number;  // begins with the relation number: see ProjectNumber in dossier.h
  std::string name;
  std::string description;
  Id<Relation> relation;
  std::optional<Id<User>> manager;  // projectleider
  ProjectStatus status = ProjectStatus::kPlanned;
  std::optional<Date> starts_on;
  std::optional<Date> ends_on;
};
BOOST_DESCRIBE_STRUCT(Project, (),
                      (id, created_at, updated_at, number, name, description, relation, manager, status,
                       starts_on, ends_on))
RELATA_CRM_ENTITY(Project, "project");

}  // namespace relata::crm

#endif  // RELATA_CRM_CONTACT_H_
