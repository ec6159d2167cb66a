// The declarations of Ticket and SurveyResponse, and a ticket's lead times.
#include "relata/crm/service.h"

#include "relata/crm/contract.h"
#include "relata/crm/organisation.h"
#include "relata/crm/person.h"
#include "relata/crm/product.h"
#include "relata/crm/relation.h"
#include "relata/crm/sources.h"
#include "relata/schema/declare.h"

namespace relata::crm {
namespace {

std::optional<Duration> Between(Timestamp from, std::optional<Timestamp> to) {
  if (!to || *to < from) return std::nullopt;
  return TimeBetween(from, *to);
}

}  // namespace

RELATA_CRM_DECLARATION(Ticket, description("A complaint, question or report (melding)"),
                       moment<&Ticket::opened_at>,
                       with<&Ticket::kind>(FieldOptions{.default_value = Value("question")}),
                       with<&Ticket::priority>(FieldOptions{.default_value = Value("normal")}),
                       inverse<&Ticket::relation>("tickets", OnDelete::kRestrict),
                       inverse<&Ticket::person>("tickets"), inverse<&Ticket::user>("tickets"),
                       inverse<&Ticket::product>("tickets"), inverse<&Ticket::contract>("tickets"),
                       inverse<&Ticket::source>("tickets"), ordered<&Ticket::number>,
                       ordered<&Ticket::opened_at>)

RELATA_CRM_DECLARATION(
    SurveyResponse, description("An answer to a satisfaction survey"), moment<&SurveyResponse::at>,
    with<&SurveyResponse::nps>(FieldOptions{.min_value = Value(0), .max_value = Value(10)}),
    with<&SurveyResponse::csat>(FieldOptions{.min_value = Value(1), .max_value = Value(5)}),
    inverse<&SurveyResponse::relation>("survey_responses"),
    inverse<&SurveyResponse::person>("survey_responses"),
    inverse<&SurveyResponse::ticket>("survey_responses"), ordered<&SurveyResponse::at>)

std::optional<Duration> TimeToFirstAnswer(const Ticket& ticket) {
  return Between(ticket.opened_at, ticket.first_answer_at);
}

std::optional<Duration> TimeToResolve(const Ticket& ticket) {
  return Between(ticket.opened_at, ticket.resolved_at);
}

}  // namespace relata::crm
