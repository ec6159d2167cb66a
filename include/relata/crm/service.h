// Defines Ticket, what a relation asks us to put right or answer, and SurveyResponse, how content it is.
//
// Thread safety: plain values. An enumerator's number is part of stored rows: append, never renumber.
#ifndef RELATA_CRM_SERVICE_H_
#define RELATA_CRM_SERVICE_H_

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "relata/base/time.h"
#include "relata/crm/contact.h"
#include "relata/crm/entity.h"
#include "relata/crm/fwd.h"
#include "relata/export.h"
#include "relata/schema/ids.h"

namespace relata::crm {

enum class TicketKind : uint8_t {
  kComplaint,  // klacht
  kQuestion,   // vraag
  kReport,     // melding, storing
};
BOOST_DESCRIBE_ENUM(TicketKind, kComplaint, kQuestion, kReport)

enum class TicketStatus : uint8_t {
  kNew,
  kInProgress,
  kWaiting,   // for the customer
  kResolved,  // answered; may be opened again
  kClosed,
};
BOOST_DESCRIBE_ENUM(TicketStatus, kNew, kInProgress, kWaiting, kResolved, kClosed)

// Melding: a complaint, question or report.
struct Ticket {
  Id<Ticket> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string number;  // as the source numbers it
  TicketKind kind = TicketKind::kQuestion;
  Priority priority = Priority::kNormal;
  TicketStatus status = TicketStatus::kNew;
  std::optional<Channel> channel;  // by which it came in
  std::optional<Id<Relation>> relation;
  std::optional<Id<Person>> person;
  std::optional<Id<User>> user;  // behandelaar: who deals with it
  std::optional<Id<Product>> product;
  std::optional<Id<Contract>> contract;
  std::string sla;  // service level it falls under
  std::string subject;
  std::string description;
  Timestamp opened_at;
  std::optional<Timestamp> first_answer_at;
  std::optional<Timestamp> resolved_at;
  std::optional<Id<Source>> source;
};
BOOST_DESCRIBE_STRUCT(Ticket, (),
                      (id, created_at, updated_at, number, kind, priority, status, channel, relation, person,
                       user, product, contract, sla, subject, description, opened_at, first_answer_at,
                       resolved_at, source))
RELATA_CRM_ENTITY(Ticket, "ticket");

// Lead times (doorlooptijden), in elapsed time: from opening to the first answer, and to the solution. None
// while there is no answer or solution yet, or where it is dated before the opening.
RELATA_EXPORT std::optional<Duration> TimeToFirstAnswer(const Ticket& ticket);
RELATA_EXPORT std::optional<Duration> TimeToResolve(const Ticket& ticket);

// An answer to a satisfaction survey.
struct SurveyResponse {
  Id<SurveyResponse> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string survey;  // which one: "yearly 2026"
  std::optional<Id<Relation>> relation;
  std::optional<Id<Person>> person;
  std::optional<Id<Ticket>> ticket;  // that it judges
  Timestamp at;
  std::optional<int32_t> nps;   // likelihood to recommend us, 0 to 10
  std::optional<int32_t> csat;  // satisfaction, 1 to 5
  std::string comment;
};
BOOST_DESCRIBE_STRUCT(SurveyResponse, (),
                      (id, created_at, updated_at, survey, relation, person, ticket, at, nps, csat, comment))
RELATA_CRM_ENTITY(SurveyResponse, "survey_response");

}  // namespace relata::crm

#endif  // RELATA_CRM_SERVICE_H_
