// This file writes what the sales people keep: the prospect list out of their spreadsheet (semicolons, UTF-8
// with a byte order mark, Dutch dates), and quotes, opportunities and leads out of the tool they tried for a
// while.
#include "examples/sample_company/codes.h"
#include "examples/sample_company/dirt.h"
#include "examples/sample_company/export.h"
#include "examples/sample_company/labels.h"

namespace sample_company {
namespace {

constexpr Dialect kSpreadsheet{.separator = ';', .byte_order_mark = true, .crlf = true};

std::string_view StatusOf(RelationKind kind) {
  switch (kind) {
    case RelationKind::kProspect:
      return "offerte gehad";
    case RelationKind::kSuspect:
      return "contact gehad";
    case RelationKind::kPartner:
      return "partner";
    case RelationKind::kCompetitor:
      return "concurrent";
    default:
      return "koud";
  }
}

CsvFile::Cells ProspectRow(const Exporter& exporter, const Relation& relation, const std::string& code,
                           const std::string& name, Dirt& dirt) {
  const Person contact = exporter.company.PersonAt(exporter.company.PersonsOf(relation.index).first);
  CsvFile::Cells row{code, name, dirt.Phone(relation.phone), dirt.Email(relation.email), relation.website};
  row.push_back(relation.visiting.street + " " + relation.visiting.number);
  row.push_back(dirt.Postcode(relation.visiting.postcode));
  row.push_back(dirt.City(relation.visiting.city));
  row.push_back(std::string(relation.visiting.country));
  row.push_back(std::string(relation.sbi_code));
  std::string full_name(contact.first_name);
  if (!contact.particle.empty()) full_name += " " + std::string(contact.particle);
  row.push_back(full_name + " " + std::string(contact.last_name));
  row.push_back(UserCode(relation.account_manager));
  row.push_back(std::string(relation.acquisition_source.text));
  row.push_back(Dutch(relation.acquired_on));
  row.push_back(std::string(StatusOf(relation.kind)));
  return row;
}

void Prospects(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(
      exporter.folder, "sales_prospects.csv", kSpreadsheet,
      {"prospect_code", "bedrijf", "telefoon", "email", "website", "adres", "postcode", "plaats", "land",
       "sbi_code", "contactpersoon", "verkoper", "bron", "eerste_contact", "status", "opmerking"},
      exporter.truth);
  if (exporter.dirt) {
    CsvFile::Cells bad(16);
    bad[0] = "P-99001";
    bad[1] = "Bistro Onbekend";
    bad[13] = "00-00-2024";
    bad[14] = "koud";
    file.PlantReject(60, bad, "eerste_contact", "impossible date");
  }
  std::vector<std::pair<int64_t, std::string>> known;
  for (int64_t i = 0; i < company.relations(); ++i) {
    const Generator::Traits traits = company.TraitsOf(i);
    // The twelfth of every hundred is a debtor whom the sales people list as a prospect all the same.
    const bool twice = exporter.dirt && traits.rank == 12;
    if ((traits.kind == RelationKind::kDebtor || traits.kind == RelationKind::kSupplier) && !twice) continue;
    Relation relation = company.RelationAt(i);
    const int64_t code = twice ? company.relations() + i / 100 : i;
    Dirt dirt(company.seed(), Dirt::kProspects, code, exporter.dirt);
    const std::string name = twice ? dirt.OtherSpelling(relation.name) : dirt.Name(relation.name);
    if (twice) relation.kind = RelationKind::kSuspect;
    CsvFile::Cells row = ProspectRow(exporter, relation, ProspectCode(code), name, dirt);
    row.push_back(i % 7 == 0 ? "let op: \"oude\" adres; nog nabellen" : "");
    file.Row(std::move(row));
    if (twice) {
      exporter.truth->duplicates.push_back(
          {"relation", "sales_prospects.csv", ProspectCode(code), "erp_debtors.csv", DebtorNumber(i)});
    }
  }
}

void Affiliations(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "sales_affiliations.csv", {},
               {"kind", "from_debtor", "from_prospect", "from_creditor", "to_debtor", "to_prospect",
                "to_creditor", "from_contact", "to_contact", "since", "until"},
               exporter.truth);
  std::vector<Affiliation> affiliations;
  for (int64_t i = 0; i < company.relations(); ++i) {
    company.AffiliationsOf(i, &affiliations);
    for (const Affiliation& affiliation : affiliations) {
      CsvFile::Cells row{std::string(affiliation.kind)};
      if (affiliation.from_relation >= 0) {
        exporter.AppendParty(affiliation.from_relation, &row);
        exporter.AppendParty(affiliation.to_relation, &row);
      } else {
        row.resize(7);
      }
      row.push_back(affiliation.from_person >= 0 ? ContactId(affiliation.from_person) : "");
      row.push_back(affiliation.to_person >= 0 ? ContactId(affiliation.to_person) : "");
      row.push_back(Iso(affiliation.since));
      row.push_back(Iso(affiliation.until));
      file.Row(std::move(row));
    }
  }
}

void Interests(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "sales_interests.csv", {},
               {"debtor_number", "prospect_code", "product_code", "theme", "level", "since"}, exporter.truth);
  std::vector<Interest> interests;
  for (int64_t i = 0; i < company.relations(); ++i) {
    company.InterestsOf(i, &interests);
    for (const Interest& interest : interests) {
      CsvFile::Cells row;
      exporter.AppendParty(i, &row);
      row.pop_back();  // no creditor is asked
      row.push_back(interest.product >= 0 ? std::string(company.ProductAt(interest.product).code) : "");
      row.push_back(std::string(interest.theme));
      row.push_back(std::string(interest.level));
      row.push_back(Iso(interest.since));
      file.Row(std::move(row));
    }
  }
}

void Quotes(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "sales_quotes.csv", {},
               {"quote_number", "debtor_number", "prospect_code", "quoted_on", "valid_until", "net_amount",
                "currency", "status", "seller", "opportunity_code"},
               exporter.truth);
  if (exporter.dirt) {
    file.PlantReject(
        100, {"OF25-99001", "", "P-88888", "2025-04-02", "2025-05-02", "1500.00", "EUR", "open", "M001"},
        "prospect_code", "unknown prospect");
    file.PlantReject(
        200, {"OF25-99002", DebtorNumber(0), "", "2025-09-31", "2025-10-31", "980.00", "EUR", "open", "M001"},
        "quoted_on", "impossible date");
  }
  for (int64_t q = 0; q < company.quotes(); ++q) {
    const Quote quote = company.QuoteAt(q);
    CsvFile::Cells row{QuoteNumber(quote)};
    exporter.AppendParty(quote.relation, &row);
    row.pop_back();  // no creditor gets a quote
    row.push_back(Iso(quote.quoted_on));
    row.push_back(Iso(quote.valid_until));
    row.push_back(Decimal(quote.net));
    row.push_back("EUR");
    row.push_back(std::string(quote.status.text));
    row.push_back(UserCode(quote.seller));
    row.push_back(quote.opportunity >= 0 ? OpportunityCode(quote.opportunity) : "");
    file.Row(std::move(row));
  }
}

void Opportunities(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "sales_opportunities.csv", {},
               {"opportunity_code", "debtor_number", "prospect_code", "title", "pipeline", "stage",
                "probability_pct", "expected_revenue", "currency", "opened_on", "expected_close_on",
                "closed_on", "owner", "source", "competitor_code", "outcome", "reason"},
               exporter.truth);
  if (exporter.dirt) {
    file.PlantReject(130,
                     {"OPP-99001", DebtorNumber(0), "", "Nieuwe keuken", "Verkoop", "Offerte", "60", "veel",
                      "EUR", "2025-10-01", "2025-12-01", "", "M001", "website", "", "open"},
                     "expected_revenue", "not a number");
  }
  for (int64_t o = 0; o < company.opportunities(); ++o) {
    const Opportunity opportunity = company.OpportunityAt(o);
    CsvFile::Cells row{OpportunityCode(o)};
    exporter.AppendParty(opportunity.relation, &row);
    row.pop_back();
    row.push_back(std::string(opportunity.title));
    row.push_back(std::string(kStages[opportunity.stage.index].pipeline));
    row.push_back(std::string(opportunity.stage.text));
    row.push_back(std::to_string(opportunity.probability_percent));
    row.push_back(Decimal(opportunity.expected_revenue));
    row.push_back("EUR");
    row.push_back(Iso(opportunity.opened_on));
    row.push_back(Iso(opportunity.expected_close_on));
    row.push_back(Iso(opportunity.closed_on));
    row.push_back(UserCode(opportunity.owner));
    row.push_back(std::string(opportunity.source.text));
    row.push_back(opportunity.competitor >= 0 ? ProspectCode(opportunity.competitor) : "");
    row.push_back(std::string(opportunity.outcome.text));
    row.push_back(std::string(opportunity.reason));
    file.Row(std::move(row));
  }
}

void Leads(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "sales_leads.csv", {.quote_all = true},
               {"lead_code", "received_on", "name", "company", "email", "phone", "source", "status", "owner",
                "opportunity_code", "product_code"},
               exporter.truth);
  for (int64_t l = 0; l < company.leads(); ++l) {
    const Lead lead = company.LeadAt(l);
    Dirt dirt(company.seed(), Dirt::kLeads, l, exporter.dirt);
    CsvFile::Cells row{LeadCode(l), Iso(lead.received_on), dirt.Name(lead.name), lead.company,
                       dirt.Email(lead.email)};
    row.push_back(dirt.Phone(lead.phone));
    row.push_back(std::string(lead.source.text));
    row.push_back(std::string(lead.status.text));
    row.push_back(UserCode(lead.owner));
    row.push_back(lead.opportunity >= 0 ? OpportunityCode(lead.opportunity) : "");
    row.push_back(std::string(company.ProductAt(lead.interest).code));
    file.Row(std::move(row));
  }
}

}  // namespace

void Exporter::SalesList() const {
  Prospects(*this);
  Affiliations(*this);
  Interests(*this);
}

void Exporter::SalesFunnel() const {
  Quotes(*this);
  Opportunities(*this);
  CsvFile stages(folder, "sales_stages.csv", {}, {"pipeline", "stage", "position", "probability_pct"}, truth);
  for (const Stage& stage : kStages) {
    stages.Row({std::string(stage.pipeline), std::string(stage.name), std::to_string(stage.position),
                std::to_string(stage.probability_percent)});
  }
  Leads(*this);
}

}  // namespace sample_company
