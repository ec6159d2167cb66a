// This file writes what comes out of the service desk: tickets with descriptions of several lines, contracts,
// installed products, survey responses.
#include "examples/sample_company/codes.h"
#include "examples/sample_company/export.h"

namespace sample_company {
namespace {

void Tickets(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "desk_tickets.csv", {},
               {"ticket_number", "debtor_number", "contact_id", "kind", "priority", "status", "subject",
                "description", "product_code", "sla", "opened_at", "first_answer_at", "resolved_at", "agent"},
               exporter.truth);
  if (exporter.dirt) {
    file.PlantReject(70,
                     {"SD990001", "99999", "", "complaint", "high", "closed", "Koffiemachine lekt",
                      "Onbekende klant", "", "brons", "2025-01-14T09:00:00Z", "", "", "M002"},
                     "debtor_number", "unknown debtor");
    file.PlantReject(140,
                     {"SD990002", DebtorNumber(0), "", "question", "low", "new", "Vraag over reiniging", "",
                      "", "brons", "2025-02-29T25:10:00Z", "", "", "M002"},
                     "opened_at", "impossible date");
  }
  for (int64_t t = 0; t < company.tickets(); ++t) {
    const Ticket ticket = company.TicketAt(t);
    file.Row({TicketNumber(t), DebtorNumber(ticket.relation), ContactId(ticket.person),
              std::string(ticket.kind.text), std::string(ticket.priority.text),
              std::string(ticket.status.text), std::string(ticket.subject), ticket.description,
              ticket.product >= 0 ? std::string(company.ProductAt(ticket.product).code) : "",
              std::string(ticket.sla), Iso(ticket.opened_at), Iso(ticket.first_answer_at),
              Iso(ticket.resolved_at), UserCode(ticket.agent)});
  }
}

void Contracts(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "desk_contracts.csv", {},
               {"contract_number", "debtor_number", "kind", "sla", "product_code", "starts_on", "ends_on",
                "notice_days", "renewal_on", "value_per_year", "currency", "status"},
               exporter.truth);
  std::vector<Contract> contracts;
  for (int64_t i = 0; i < company.relations(); ++i) {
    company.ContractsOf(i, &contracts);
    for (const Contract& contract : contracts) {
      file.Row({ContractNumber(contract), DebtorNumber(i), std::string(contract.kind),
                std::string(contract.sla), std::string(company.ProductAt(contract.product).code),
                Iso(contract.starts_on), Iso(contract.ends_on), std::to_string(contract.notice_days),
                Iso(contract.renewal_on), Decimal(contract.value_per_year), "EUR",
                std::string(contract.status.text)});
    }
  }
}

void Installed(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "desk_installed.csv", {},
               {"serial", "debtor_number", "product_code", "in_use_since", "in_use_until", "quantity"},
               exporter.truth);
  std::vector<InstalledProduct> installed;
  for (int64_t i = 0; i < company.relations(); ++i) {
    company.InstalledOf(i, &installed);
    for (const InstalledProduct& product : installed) {
      file.Row({product.serial, DebtorNumber(i), std::string(company.ProductAt(product.product).code),
                Iso(product.since), Iso(product.until), std::to_string(product.quantity)});
    }
  }
}

void Surveys(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "desk_surveys.csv", {},
               {"survey_id", "debtor_number", "contact_id", "ticket_number", "at", "nps", "csat", "comment"},
               exporter.truth);
  if (exporter.dirt) {
    file.PlantReject(50, {"NPS99001", DebtorNumber(0), "", "", "2025-06-03T10:00:00Z", "11", "5", ""}, "nps",
                     "outside 0 to 10");
  }
  for (int64_t s = 0; s < company.surveys(); ++s) {
    const SurveyResponse response = company.SurveyAt(s);
    file.Row({SurveyId(s), DebtorNumber(response.relation), ContactId(response.person),
              response.ticket >= 0 ? TicketNumber(response.ticket) : "", Iso(response.at),
              std::to_string(response.nps), std::to_string(response.csat), std::string(response.comment)});
  }
}

}  // namespace

void Exporter::Desk() const {
  Tickets(*this);
  Contracts(*this);
  Installed(*this);
  Surveys(*this);
}

}  // namespace sample_company
